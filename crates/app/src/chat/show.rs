//! What commands show: holdings, orders, health, limits, a price, help. Changes nothing.

use ordercast_model::{
    chat::{Card, Control, Reply, Tone},
    connection::{Connection, Health, Mode},
    ids::ConnectionId,
    limits::SwitchKind,
    money,
    ports::store::Page,
    user::User,
};
use rust_decimal::Decimal;

use super::{Answer, Options, Trouble, catalogue::COMMANDS, say, trade::connection_of, word};
use crate::{
    context::Context,
    desk::{connection, market, order, portfolio, position, risk},
};

/// Positions shown.
const POSITIONS_MAX: u32 = 20;
/// Orders shown (PRODUCT SG-08).
const ORDERS_MAX: usize = 10;
/// Orders looked through for those of one connection.
const ORDERS_READ: u32 = 200;

async fn wanted(ctx: &Context, user: &User, options: &Options) -> Result<Option<ConnectionId>, Trouble> {
    match options.get("connection") {
        Some(text) => Ok(Some(connection_of(ctx, user, text).await?)),
        None => Ok(None),
    }
}

fn signed(value: Decimal) -> String {
    let sign = if value > Decimal::ZERO { "+" } else { "" };
    format!("{sign}{}", money::show(value))
}

/// An average for people: four places, or eight below 1.
fn average(value: Decimal) -> Decimal {
    let places = if value < Decimal::ONE { 8 } else { 4 };
    value.round_dp(places).normalize()
}

/// `/positions`.
pub(super) async fn positions(ctx: &Context, user: &User, options: &Options) -> Answer {
    let only = wanted(ctx, user, options).await?;
    let all = position::list(ctx, user, true, Page::first(POSITIONS_MAX)).await?;
    let mut card = Card::new(Tone::Plain, "Positions", "");
    let mut lines = Vec::new();
    for held in all
        .iter()
        .filter(|m| only.is_none_or(|id| id == m.position.connection_id))
    {
        let p = &held.position;
        let now = match (held.mark, held.unrealised) {
            (Some(mark), Some(result)) => format!(", now {mark}, {}", signed(result)),
            _ => String::new(),
        };
        let side = match p.side {
            ordercast_model::signal::instruction::PositionSide::Long => "long",
            ordercast_model::signal::instruction::PositionSide::Short => "short",
        };
        let stops: Vec<String> = held
            .lots
            .iter()
            .filter_map(|lot| lot.stop_price.map(|s| s.to_string()))
            .collect();
        let stop = if stops.is_empty() {
            "no stop".to_owned()
        } else {
            format!("stop {}", stops.join(", "))
        };
        lines.push(format!(
            "**{} {}** {side} at {}{now} · {stop}",
            p.quantity,
            p.instrument,
            average(p.average_price.value())
        ));
    }
    card.text = if lines.is_empty() {
        "No position is open.".to_owned()
    } else {
        lines.join("\n")
    };
    Ok(Reply::Say(card))
}

/// `/orders`.
pub(super) async fn orders(ctx: &Context, user: &User, options: &Options) -> Answer {
    let only = wanted(ctx, user, options).await?;
    let all = order::list(ctx, user, None, Page::first(ORDERS_READ)).await?;
    let shown = all.iter().filter(|o| only.is_none_or(|id| id == o.connection_id));
    let lines: Vec<String> = shown.take(ORDERS_MAX).map(word::order).collect();
    let text = if lines.is_empty() {
        "No orders yet.".to_owned()
    } else {
        lines.join("\n")
    };
    Ok(Reply::Say(Card::new(Tone::Plain, "Your last orders", text)))
}

fn health(connection: &Connection) -> String {
    let mode = match connection.mode {
        Mode::Paper => "paper",
        Mode::Live => "live",
    };
    let state = match connection.health {
        Health::Ok => "works".to_owned(),
        other => {
            let code = serde_json::to_value(other).ok();
            let code = code
                .as_ref()
                .and_then(|v| v.as_str())
                .unwrap_or("trouble")
                .to_owned();
            let why = connection.health_reason.as_deref().unwrap_or("no reason given");
            format!("{code}: {why}")
        }
    };
    format!("{} ({mode}): {state}", connection.label)
}

/// `/status`.
pub(super) async fn status(ctx: &Context, user: &User, options: &Options) -> Answer {
    let only = wanted(ctx, user, options).await?;
    let status = risk::status(ctx, user).await?;
    let connections = connection::list(ctx, user).await?;
    let shown = |id: ConnectionId| only.is_none_or(|wanted| wanted == id);
    let lines: Vec<String> = connections.iter().filter(|c| shown(c.id)).map(health).collect();
    let mut card = Card::new(
        if status.switches.is_empty() {
            Tone::Good
        } else {
            Tone::Care
        },
        "Status",
        if lines.is_empty() {
            "No broker is connected.".to_owned()
        } else {
            lines.join("\n")
        },
    );
    for line in portfolio::show(ctx, user).await?.accounts {
        if shown(line.connection_id) {
            let value = format!(
                "{} {} · today {} ({} %)",
                line.currency,
                money::show(line.equity),
                signed(line.day_pnl),
                line.day_pnl_pct
            );
            card = card.field(line.label, value);
        }
    }
    for account in status.accounts.iter().filter(|a| shown(a.connection_id)) {
        let breached: Vec<&str> = account
            .usage
            .iter()
            .filter(|u| u.breached)
            .map(|u| u.title)
            .collect();
        if !breached.is_empty() {
            card = card.field("Limits reached", breached.join(", "));
        }
    }
    let stopped: Vec<String> = status
        .switches
        .iter()
        .map(|switch| {
            let kind = match switch.kind {
                SwitchKind::Kill => "killed",
                SwitchKind::Pause => "paused",
                SwitchKind::Lock => "locked",
            };
            format!("{kind} by {}", switch.by)
        })
        .collect();
    let stopped = if stopped.is_empty() {
        "nothing".to_owned()
    } else {
        stopped.join(", ")
    };
    Ok(Reply::Say(card.field("Stopped", stopped)))
}

/// `/risk`.
pub(super) async fn risk(ctx: &Context, user: &User) -> Answer {
    let status = risk::status(ctx, user).await?;
    let mut lines = Vec::new();
    for account in &status.accounts {
        for used in &account.usage {
            let unit = match used.unit {
                risk::Unit::Money => " USD",
                risk::Unit::Percent => " %",
                risk::Unit::Count => "",
                risk::Unit::Seconds => " s",
            };
            let mark = if used.breached { " **reached**" } else { "" };
            lines.push(format!(
                "{}: {} / {}{unit}{mark}",
                used.title,
                used.used.round_dp(2).normalize(),
                used.limit.round_dp(2).normalize()
            ));
        }
    }
    if lines.is_empty() {
        lines.push("No broker is connected.".to_owned());
    }
    Ok(Reply::Say(Card::new(
        Tone::Plain,
        "Used / limit",
        lines.join("\n"),
    )))
}

/// `/price`.
pub(super) async fn price(ctx: &Context, user: &User, options: &Options) -> Answer {
    let symbol = options
        .get("symbol")
        .ok_or_else(|| say("symbol: expected what to quote"))?;
    let (quotes, _) = market::quotes(ctx, user, None, &[symbol.to_ascii_uppercase()]).await?;
    let Some(quote) = quotes.first() else {
        return Err(say(format!("symbol: {symbol} is not known at your venue")));
    };
    let age = ctx.now().since(quote.at).as_secs();
    let card = Card::new(
        Tone::Plain,
        quote.instrument.to_string(),
        format!("As of {age} s ago."),
    )
    .field("Last", quote.last.to_string())
    .field("Bid", quote.bid.to_string())
    .field("Ask", quote.ask.to_string())
    .field(
        "Change",
        format!("{} %", quote.change_pct.round_dp(2).normalize()),
    );
    Ok(Reply::Say(card))
}

/// `/help`.
pub(super) fn help(dashboard: &str) -> Reply {
    let lines: Vec<String> = COMMANDS
        .iter()
        .map(|c| format!("`/{}` {}", c.name, c.about))
        .collect();
    let card = Card::new(Tone::Plain, "What you can type", lines.join("\n")).row(vec![Control::Link {
        label: "Open the dashboard".to_owned(),
        url: dashboard.to_owned(),
    }]);
    Reply::Say(card)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_average_is_shown_rounded() {
        for (price, shown) in [
            ("231.33333333333333", "231.3333"),
            ("100.50", "100.5"),
            ("0.000005123456789", "0.00000512"),
        ] {
            assert_eq!(average(price.parse().unwrap()).to_string(), shown);
        }
    }
}
