//! The report as one file for a browser: no script, nothing from elsewhere, light and dark. What messages say is shown as
//! text only.

use std::fmt::Write;

use super::{
    plot,
    report::{Report, Trade},
    text::{minute, or_dash},
};

const STYLE: &str = include_str!("report.css");
/// Size of the picture of the curve, in its own units.
const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 260.0;
const LEFT: f64 = 78.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 30.0;

type Done = std::fmt::Result;

/// Text as HTML shows it.
fn safe(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// The class of a figure by its sign.
fn sign(text: &str) -> &'static str {
    if text.starts_with('-') {
        "down"
    } else if text.trim_start_matches(['0', '.']).is_empty() {
        ""
    } else {
        "up"
    }
}

/// Writes the report.
#[must_use]
pub fn write(report: &Report) -> String {
    let mut out = String::new();
    // Writing to a text cannot fail.
    let _ = page(&mut out, report);
    out
}

fn page(out: &mut String, report: &Report) -> Done {
    let h = &report.history;
    let title = safe(&format!("#{} of {}", h.channel, h.guild));
    write!(
        out,
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>Replay of {title}</title><style>{STYLE}</style></head>\n\
         <body><main><header><p class=\"kicker\">Ordercast replay</p><h1>{title}</h1>\
         <p class=\"sub\">{} to {} UTC · {} messages · account {} USD · risk profile <b>{}</b></p></header>\
         <p class=\"caution\">{}</p>",
        minute(h.from),
        minute(h.to),
        h.messages,
        safe(&report.settings.account),
        safe(&report.settings.risk),
        safe(report.caution)
    )?;
    tiles(out, report)?;
    chart(out, report)?;
    trades(out, report)?;
    open(out, report)?;
    refusals(out, report)?;
    unread(out, report)?;
    prices(out, report)?;
    writeln!(out, "<section><h2>How it was reckoned</h2><ul class=\"notes\">")?;
    for a in &report.assumptions {
        writeln!(out, "<li>{}</li>", safe(a))?;
    }
    writeln!(out, "</ul></section></main></body></html>")
}

fn tile(out: &mut String, name: &str, value: &str, class: &str, below: &str) -> Done {
    writeln!(
        out,
        "<div class=\"tile\"><span class=\"name\">{name}</span><span class=\"value {class}\">{}</span>\
         <span class=\"below\">{}</span></div>",
        safe(value),
        safe(below)
    )
}

fn tiles(out: &mut String, report: &Report) -> Done {
    let r = &report.result;
    writeln!(out, "<section class=\"tiles\">")?;
    let pct = or_dash(r.change_pct.as_deref(), " %");
    tile(
        out,
        "Result",
        &r.change,
        sign(&r.change),
        &format!("{pct} · fees {}", r.fees),
    )?;
    let equity = format!("from {}", r.equity_start);
    tile(out, "Equity at the end", &r.equity_end, "", &equity)?;
    let counts = format!("{} won, {} lost of {} closed", r.won, r.lost, r.closed_trades);
    tile(
        out,
        "Win rate",
        &or_dash(r.win_rate_pct.as_deref(), " %"),
        "",
        &counts,
    )?;
    let means = format!(
        "average win {}, loss {}",
        or_dash(r.average_win.as_deref(), ""),
        or_dash(r.average_loss.as_deref(), "")
    );
    tile(
        out,
        "Profit factor",
        &or_dash(r.profit_factor.as_deref(), ""),
        "",
        &means,
    )?;
    match &r.drawdown {
        Some(d) => {
            let when = d.recovered_at.map_or_else(
                || "not recovered".to_owned(),
                |at| format!("recovered {}", minute(at)),
            );
            tile(
                out,
                "Deepest drawdown",
                &format!("{} %", d.pct),
                "down",
                &format!("{} USD · {when}", d.amount),
            )?;
        }
        None => tile(out, "Deepest drawdown", "none", "", "equity never fell")?,
    }
    let s = &report.slippage;
    let below = format!(
        "own entries {} · {} alerts; + is worse",
        or_dash(s.entry_median_pct.as_deref(), " %"),
        s.alerts_with_price
    );
    let slip = or_dash(s.achievable_median_pct.as_deref(), " %");
    tile(out, "Slippage, median", &slip, "", &below)?;
    writeln!(out, "</section>")
}

fn chart(out: &mut String, report: &Report) -> Done {
    let Some(shape) = plot::shape(&report.equity) else {
        return Ok(());
    };
    let (right, floor) = (WIDTH - 10.0, HEIGHT - BOTTOM);
    let x = |t: f64| LEFT + t * (right - LEFT);
    let y = |v: f64| floor - v * (floor - TOP);
    let mut line = String::new();
    let mut last = None;
    for (t, v) in &shape.points {
        // Equity stays until it changes.
        if let Some(before) = last {
            write!(line, " {:.1},{:.1}", x(*t), y(before))?;
        }
        write!(line, " {:.1},{:.1}", x(*t), y(*v))?;
        last = Some(*v);
    }
    let line = line.trim_start();
    writeln!(
        out,
        "<section><h2>Equity</h2><svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"Equity curve from {} to \
         {} USD\"><defs><linearGradient id=\"fade\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"1\"><stop offset=\"0\" \
         class=\"fade-top\"/><stop offset=\"1\" class=\"fade-end\"/></linearGradient></defs>",
        report.result.equity_start, report.result.equity_end
    )?;
    for step in 0..=4 {
        let share = f64::from(step) / 4.0;
        let value = shape.low + (shape.high - shape.low) * share;
        writeln!(
            out,
            "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{right}\" y1=\"{0:.1}\" y2=\"{0:.1}\"/>\
             <text class=\"tick\" x=\"{1}\" y=\"{2:.1}\" text-anchor=\"end\">{value:.0}</text>",
            y(share),
            LEFT - 8.0,
            y(share) + 4.0
        )?;
    }
    let (first, end) = (report.equity.first(), report.equity.last());
    for (point, place, anchor) in [(first, LEFT, "start"), (end, right, "end")] {
        let at = point.map(|p| minute(p.at)).unwrap_or_default();
        writeln!(
            out,
            "<text class=\"tick\" x=\"{place}\" y=\"{}\" text-anchor=\"{anchor}\">{at}</text>",
            HEIGHT - 8.0
        )?;
    }
    writeln!(
        out,
        "<polygon class=\"area\" points=\"{:.1},{floor} {line} {right},{floor}\"/><polyline class=\"curve\" \
         points=\"{line}\"/></svg></section>",
        LEFT
    )
}

fn ways(trade: &Trade) -> String {
    let exits = trade.exits.iter().map(|e| {
        format!(
            "<span class=\"way\" title=\"{}\">{} · {} @ {}</span>",
            minute(e.at),
            safe(&e.by),
            safe(&e.quantity),
            safe(&e.price)
        )
    });
    let mut all: Vec<String> = exits.collect();
    if trade.open_quantity != "0" {
        all.push(format!(
            "<span class=\"way still\">{} open</span>",
            safe(&trade.open_quantity)
        ));
    }
    all.join(" ")
}

fn trades(out: &mut String, report: &Report) -> Done {
    writeln!(out, "<section><h2>Trades</h2>")?;
    if report.trades.is_empty() {
        return writeln!(out, "<p class=\"none\">No trade was made.</p></section>");
    }
    writeln!(
        out,
        "<div class=\"wide\"><table><thead><tr><th>Signal</th><th>Instrument</th><th class=\"n\">Alert</th><th class=\"n\">\
         Could be had</th><th class=\"n\">Entry</th><th>Exits</th><th class=\"n\">Result</th></tr></thead><tbody>"
    )?;
    for t in &report.trades {
        writeln!(
            out,
            "<tr><td><time>{}</time><span class=\"said\">{}</span></td><td><b>{}</b><br><span class=\"soft\">{} {}</span></td>\
             <td class=\"n\">{}</td><td class=\"n\">{}<br><span class=\"soft\">{}</span></td><td class=\"n\">{}<br>\
             <span class=\"soft\">{}</span></td><td>{}</td><td class=\"n {}\">{}<br><span class=\"soft\">{}</span></td></tr>",
            minute(t.posted_at),
            safe(&t.text),
            safe(&t.instrument),
            t.side,
            safe(&t.quantity),
            or_dash(t.alert_price.as_deref(), ""),
            or_dash(t.achievable_price.as_deref(), ""),
            or_dash(t.achievable_slippage_pct.as_deref(), " %"),
            safe(&t.entry_price),
            or_dash(t.entry_slippage_pct.as_deref(), " %"),
            ways(t),
            sign(&t.result),
            safe(&t.result),
            or_dash(t.result_pct.as_deref(), " %")
        )?;
    }
    writeln!(out, "</tbody></table></div></section>")
}

fn table(out: &mut String, title: &str, heads: &[&str], rows: &[Vec<String>]) -> Done {
    if rows.is_empty() {
        return Ok(());
    }
    write!(
        out,
        "<section><h2>{title}</h2><div class=\"wide\"><table><thead><tr>"
    )?;
    for head in heads {
        write!(out, "<th>{head}</th>")?;
    }
    writeln!(out, "</tr></thead><tbody>")?;
    for row in rows {
        write!(out, "<tr>")?;
        for cell in row {
            write!(out, "<td>{}</td>", safe(cell))?;
        }
        writeln!(out, "</tr>")?;
    }
    writeln!(out, "</tbody></table></div></section>")
}

fn open(out: &mut String, report: &Report) -> Done {
    let rows: Vec<Vec<String>> = report
        .open
        .iter()
        .map(|o| {
            vec![
                o.instrument.clone(),
                format!("{} {}", o.side, o.quantity),
                o.entry_price.clone(),
                or_dash(o.last_price.as_deref(), ""),
                or_dash(o.unrealised.as_deref(), ""),
                or_dash(o.stop_price.as_deref(), ""),
            ]
        })
        .collect();
    table(
        out,
        "Open at the end",
        &[
            "Instrument",
            "Held",
            "Entry",
            "Newest price",
            "Unrealised",
            "Stop",
        ],
        &rows,
    )?;
    let rows: Vec<Vec<String>> = report
        .unfilled
        .iter()
        .map(|o| {
            vec![
                minute(o.posted_at),
                o.instrument.clone(),
                o.order.clone(),
                or_dash(o.price.as_deref(), ""),
                o.state.clone(),
                o.why.clone(),
            ]
        })
        .collect();
    table(
        out,
        "Placed, not filled",
        &["Signal", "Instrument", "Order", "Price", "Ended", "Why"],
        &rows,
    )
}

fn refusals(out: &mut String, report: &Report) -> Done {
    let rows: Vec<Vec<String>> = report
        .refusals
        .iter()
        .map(|r| {
            vec![
                r.count.to_string(),
                r.code.clone(),
                r.title.clone(),
                r.example.clone(),
            ]
        })
        .collect();
    table(
        out,
        "Not done, by rule",
        &["Times", "Rule", "What it guards", "For example"],
        &rows,
    )
}

fn unread(out: &mut String, report: &Report) -> Done {
    let rows: Vec<Vec<String>> = report
        .unread
        .iter()
        .map(|u| {
            vec![
                minute(u.posted_at),
                u.author.clone(),
                u.text.clone(),
                u.reason.clone(),
                u.why.clone(),
            ]
        })
        .collect();
    let heads = ["Posted", "Author", "Message", "Read as", "Because"];
    table(out, "Not read, and perhaps worth teaching", &heads, &rows)?;
    let counts = &report.reading;
    let talk: Vec<String> = counts
        .not_a_trade
        .iter()
        .map(|(why, n)| format!("{n} {why}"))
        .collect();
    writeln!(
        out,
        "<p class=\"soft\">Read as signals: {} ({} openings, {} follow-ups, {} impossible). Not a trade: {}.</p>",
        counts.signals,
        counts.openings,
        counts.follow_ups,
        counts.impossible,
        safe(&if talk.is_empty() {
            "none".to_owned()
        } else {
            talk.join(", ")
        })
    )
}

fn prices(out: &mut String, report: &Report) -> Done {
    let rows: Vec<Vec<String>> = report
        .missing
        .iter()
        .map(|m| vec![m.symbol.clone(), m.signals.to_string(), m.why.clone()])
        .collect();
    table(out, "Without prices", &["Symbol", "Signals", "Why"], &rows)?;
    let rows: Vec<Vec<String>> = report
        .symbols
        .iter()
        .map(|s| {
            vec![
                s.instrument.clone(),
                s.bars.to_string(),
                format!("{} s", s.bar_seconds),
                minute(s.from),
                minute(s.to),
                s.signals.to_string(),
            ]
        })
        .collect();
    table(
        out,
        "Recorded prices",
        &["Instrument", "Bars", "Length", "From", "To", "Trades"],
        &rows,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_text_only() {
        assert_eq!(
            safe("<script>alert('x')&\"</script>"),
            "&lt;script&gt;alert(&#39;x&#39;)&amp;&quot;&lt;/script&gt;"
        );
        assert_eq!((sign("-3"), sign("0.00"), sign("12.5")), ("down", "", "up"));
    }
}
