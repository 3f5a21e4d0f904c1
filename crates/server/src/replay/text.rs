//! The report for a terminal.

use std::fmt::Write;

use ordercast_model::time::Timestamp;
use ordercast_rules::parse::explain::visible;

use super::{
    plot,
    report::{Report, Trade},
};

const WIDTH: usize = 72;
const HEIGHT: usize = 9;
/// Rows of a list that are shown; the others are in the JSON and HTML forms.
const ROWS: usize = 25;

/// A time to the minute, UTC.
pub fn minute(at: Timestamp) -> String {
    at.utc().format("%Y-%m-%d %H:%M").to_string()
}

/// A figure, or a dash.
pub fn or_dash(text: Option<&str>, unit: &str) -> String {
    text.map_or_else(|| "–".to_owned(), |t| format!("{t}{unit}"))
}

/// A text cut to some characters.
pub fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// Writes the report.
#[must_use]
pub fn write(report: &Report) -> String {
    let mut out = String::new();
    // Writing to a text cannot fail.
    let _ = head(&mut out, report);
    let _ = figures(&mut out, report);
    let _ = trades(&mut out, report);
    let _ = refusals(&mut out, report);
    let _ = rest(&mut out, report);
    visible(&out)
}

type Done = std::fmt::Result;

fn head(out: &mut String, report: &Report) -> Done {
    let h = &report.history;
    writeln!(
        out,
        "{} #{}  {} to {} UTC",
        h.guild,
        h.channel,
        minute(h.from),
        minute(h.to)
    )?;
    writeln!(
        out,
        "{} messages, {} read as signals; account {} USD, risk {}\n",
        h.messages, report.reading.signals, report.settings.account, report.settings.risk
    )?;
    let Some(shape) = plot::shape(&report.equity) else {
        return Ok(());
    };
    let rows = plot::rows(&shape, WIDTH, HEIGHT);
    for (index, row) in rows.iter().enumerate() {
        let label = match index {
            0 => format!("{:.2}", shape.high),
            i if i + 1 == HEIGHT => format!("{:.2}", shape.low),
            _ => String::new(),
        };
        writeln!(out, "{label:>12} │{row}")?;
    }
    let (first, last) = (report.equity.first(), report.equity.last());
    let day = |p: Option<&super::report::Point>| p.map(|p| minute(p.at)).unwrap_or_default();
    let (first, last) = (day(first), day(last));
    let gap = WIDTH.saturating_sub(first.len() + last.len());
    writeln!(
        out,
        "{:>12} └{}\n{:>14}{first}{}{last}\n",
        "",
        "─".repeat(WIDTH),
        "",
        " ".repeat(gap)
    )
}

fn figures(out: &mut String, report: &Report) -> Done {
    let r = &report.result;
    writeln!(
        out,
        "Equity      {} → {} USD  ({} {}; fees {})",
        r.equity_start,
        r.equity_end,
        r.change,
        or_dash(r.change_pct.as_deref(), " %"),
        r.fees
    )?;
    match &r.drawdown {
        Some(d) => writeln!(
            out,
            "Drawdown    {} USD ({} %) from {} to {}, {}",
            d.amount,
            d.pct,
            minute(d.peak_at),
            minute(d.trough_at),
            d.recovered_at.map_or_else(
                || "not recovered".to_owned(),
                |at| format!("recovered {}", minute(at))
            )
        )?,
        None => writeln!(out, "Drawdown    none")?,
    }
    writeln!(
        out,
        "Trades      {} closed: {} won, {} lost, win rate {}; profit factor {}",
        r.closed_trades,
        r.won,
        r.lost,
        or_dash(r.win_rate_pct.as_deref(), " %"),
        or_dash(r.profit_factor.as_deref(), "")
    )?;
    writeln!(
        out,
        "            average {}, win {}, loss {}; best {}, worst {}",
        or_dash(r.average.as_deref(), ""),
        or_dash(r.average_win.as_deref(), ""),
        or_dash(r.average_loss.as_deref(), ""),
        or_dash(r.best.as_deref(), ""),
        or_dash(r.worst.as_deref(), "")
    )?;
    let s = &report.slippage;
    writeln!(
        out,
        "Slippage    next price after the alert: median {}, mean {}; own entries: median {} (of {} alerts; + is worse)\n",
        or_dash(s.achievable_median_pct.as_deref(), " %"),
        or_dash(s.achievable_mean_pct.as_deref(), " %"),
        or_dash(s.entry_median_pct.as_deref(), " %"),
        s.alerts_with_price
    )
}

fn more(out: &mut String, count: usize) -> Done {
    if count > ROWS {
        writeln!(out, "  … and {} more (see --json or --html)", count - ROWS)?;
    }
    Ok(())
}

fn trade(out: &mut String, trade: &Trade) -> Done {
    writeln!(
        out,
        "  {}  {:5} {:>8} {:22} {:>10} → {:30} {:>10}",
        minute(trade.entry_at),
        trade.side,
        trade.quantity,
        trade.instrument,
        trade.entry_price,
        trade
            .exits
            .iter()
            .map(|e| format!("{} @ {}", e.by, e.price))
            .chain((trade.open_quantity != "0").then(|| format!("{} open", trade.open_quantity)))
            .collect::<Vec<_>>()
            .join(", "),
        trade.result
    )?;
    writeln!(out, "      {}", cut(&trade.text, 100))
}

fn trades(out: &mut String, report: &Report) -> Done {
    if report.trades.is_empty() {
        writeln!(out, "No trade was made.\n")?;
    } else {
        writeln!(out, "TRADES")?;
        for one in report.trades.iter().take(ROWS) {
            trade(out, one)?;
        }
        more(out, report.trades.len())?;
        writeln!(out)?;
    }
    if !report.open.is_empty() {
        writeln!(out, "OPEN AT THE END")?;
        for open in &report.open {
            writeln!(
                out,
                "  {:5} {:>8} {:22} {:>10}, now {}, unrealised {}, stop {}",
                open.side,
                open.quantity,
                open.instrument,
                open.entry_price,
                or_dash(open.last_price.as_deref(), ""),
                or_dash(open.unrealised.as_deref(), ""),
                or_dash(open.stop_price.as_deref(), "")
            )?;
        }
        writeln!(out)?;
    }
    if !report.unfilled.is_empty() {
        writeln!(out, "PLACED, NOT FILLED")?;
        for order in report.unfilled.iter().take(ROWS) {
            writeln!(
                out,
                "  {}  {} {} at {}: {} ({})",
                minute(order.posted_at),
                order.order,
                order.instrument,
                or_dash(order.price.as_deref(), ""),
                order.state,
                cut(&order.why, 80)
            )?;
        }
        more(out, report.unfilled.len())?;
        writeln!(out)?;
    }
    Ok(())
}

fn refusals(out: &mut String, report: &Report) -> Done {
    if !report.refusals.is_empty() {
        writeln!(out, "NOT DONE, BY RULE")?;
        for r in &report.refusals {
            writeln!(
                out,
                "  {:>5} × {:22} {} — {}",
                r.count,
                r.code,
                r.title,
                cut(&r.example, 90)
            )?;
        }
        writeln!(out)?;
    }
    if !report.missing.is_empty() {
        writeln!(out, "WITHOUT PRICES")?;
        for m in &report.missing {
            writeln!(out, "  {:22} {} signals: {}", m.symbol, m.signals, m.why)?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn rest(out: &mut String, report: &Report) -> Done {
    if !report.unread.is_empty() {
        writeln!(out, "NOT READ, AND PERHAPS WORTH TEACHING")?;
        for u in report.unread.iter().take(ROWS) {
            writeln!(
                out,
                "  {}  {}  [{}] {}",
                minute(u.posted_at),
                cut(&u.text, 90),
                u.reason,
                cut(&u.why, 80)
            )?;
        }
        more(out, report.unread.len())?;
        writeln!(out)?;
    }
    writeln!(out, "HOW IT WAS RECKONED")?;
    for a in &report.assumptions {
        writeln!(out, "  - {a}")?;
    }
    writeln!(out, "\n{}", report.caution)
}
