//! `/buy`, `/sell` and `/close`: a card with the checked size and price, then Confirm or Cancel within a minute; or at
//! once where the user wants that. Over-cap sizes are reduced and the card says so.

use std::fmt::Write;

use ordercast_model::{
    chat::{Card, Control, Look, Reply, Tone},
    gate::OnCap,
    ids::{ConnectionId, PositionId},
    money::Price,
    notice::NoticeSettings,
    order::shape::{OrderSide, OrderType},
    ports::store::{Page, get},
    signal::instruction::{StopLevel, Target, TargetLevel},
    tenant::TenantScope,
    user::User,
};
use rust_decimal::Decimal;
use serde_json::Value;

use super::{
    Answer, Known, Options, Trouble,
    pending::{self, LIFE, Plan},
    say, word,
};
use crate::{
    context::Context,
    desk::{connection, once, position},
    manual::{self, Given, ManualOrder, ManualOutcome},
};

/// Open positions looked through.
const POSITIONS_MAX: u32 = 200;

/// Reads what was typed as an order.
async fn read(
    ctx: &Context,
    user: &User,
    side: OrderSide,
    options: &Options,
) -> Result<ManualOrder, Trouble> {
    let price = |name: &str| -> Result<Option<Price>, Trouble> {
        let value = word::number(options, name)?;
        let above = |v: Decimal| Price::new(v).ok().filter(|_| v > Decimal::ZERO);
        value
            .map(|v| above(v).ok_or_else(|| say(format!("{name}: must be above 0, got {v}"))))
            .transpose()
    };
    let symbol = options
        .get("symbol")
        .ok_or_else(|| say("symbol: expected what to trade"))?;
    let at = price("price")?;
    let need = |p: Option<Price>, name: &str, kind: &str| {
        p.ok_or_else(|| say(format!("{name}: a {kind} order needs it")))
    };
    let order_type = match options
        .get("type")
        .unwrap_or(if at.is_some() { "limit" } else { "market" })
    {
        "market" => OrderType::Market,
        "limit" => OrderType::Limit {
            limit: need(at, "price", "limit")?,
        },
        "stop" => OrderType::Stop {
            stop: need(at, "price", "stop")?,
        },
        "stop_limit" => OrderType::StopLimit {
            stop: need(at, "price", "stop_limit")?,
            limit: need(price("limit")?, "limit", "stop_limit")?,
        },
        other => {
            return Err(say(format!(
                "type: expected market, limit, stop or stop_limit, got {other:?}"
            )));
        }
    };
    let target = price("target")?.map(|level| Target {
        level: TargetLevel::At(level),
        split_pct: None,
    });
    let connection_id = match options.get("connection") {
        Some(text) => Some(connection_of(ctx, user, text).await?),
        None => None,
    };
    Ok(ManualOrder {
        given: Given::Slash,
        connection_id,
        symbol: symbol.to_ascii_uppercase(),
        side,
        action: None,
        order_type,
        quantity: word::number(options, "quantity")?,
        notional: word::number(options, "notional")?,
        percent: word::number(options, "percent")?,
        stop: price("stop")?.map(StopLevel::At),
        targets: target.into_iter().collect(),
        trailing: None,
        time_in_force: None,
        extended_hours: false,
        on_cap: OnCap::Reduce,
        note: None,
    })
}

/// An own connection by id or label.
pub(super) async fn connection_of(ctx: &Context, user: &User, text: &str) -> Result<ConnectionId, Trouble> {
    let own = connection::list(ctx, user).await?;
    let meant = |label: &str, id: ConnectionId| id.to_string() == text || label.eq_ignore_ascii_case(text);
    own.into_iter()
        .find(|c| meant(&c.label, c.id))
        .map(|c| c.id)
        .ok_or_else(|| say(format!("connection: none of yours is called {text:?}")))
}

/// What the user wants to be told, and whether a card comes first.
pub(super) async fn settings(ctx: &Context, user: &User) -> Result<NoticeSettings, Trouble> {
    let scope = TenantScope::of_user(user);
    let row = get::<NoticeSettings>(ctx.store.as_ref(), &scope, &user.id.to_string()).await?;
    Ok(row.unwrap_or_else(|| NoticeSettings::new(user.id, ctx.now())))
}

/// `/buy` and `/sell`.
pub(super) async fn order(ctx: &Context, known: &Known, name: &str, options: &Options) -> Answer {
    let side = if name == "buy" {
        OrderSide::Buy
    } else {
        OrderSide::Sell
    };
    let order = read(ctx, &known.user, side, options).await?;
    if !settings(ctx, &known.user).await?.confirm_slash {
        return at_once(ctx, known, Plan::Order(Box::new(order))).await;
    }
    let preview = manual::preview(ctx, &known.user, &order).await?;
    let outcome = preview.get("outcome").and_then(Value::as_str).unwrap_or_default();
    let message = preview.get("message").and_then(Value::as_str).unwrap_or_default();
    if !matches!(outcome, "placed" | "queued") {
        let lines: Vec<String> = list(&preview, "breaches").map(|b| format!("• {b}")).collect();
        let text = if lines.is_empty() {
            word::sentence(message)
        } else {
            lines.join("\n")
        };
        return Ok(Reply::Say(Card::new(Tone::Bad, "Refused by your limits", text)));
    }
    let mut text = String::new();
    for line in preview
        .get("orders")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let field = |name: &str| line.get(name).and_then(Value::as_str).unwrap_or_default();
        let instrument = preview
            .get("instrument")
            .and_then(Value::as_str)
            .unwrap_or(&order.symbol);
        let price = line
            .get("price")
            .and_then(Value::as_str)
            .map_or_else(String::new, |p| format!(" at {p}"));
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "**{} {} {instrument}** {}{price}",
            field("side"),
            field("quantity"),
            field("type")
        );
    }
    for remark in list(&preview, "reductions") {
        let _ = writeln!(text, "Reduced: {remark}");
    }
    for remark in list(&preview, "notes") {
        let _ = writeln!(text, "Note: {remark}");
    }
    let mut card = Card::new(Tone::Care, "Confirm your order", text);
    if let Some(last) = preview.pointer("/quote/last").and_then(Value::as_str) {
        card = card.field("Last price", last);
    }
    card = card.field("Ends", format!("in {} seconds", LIFE.as_secs()));
    pending::put(ctx, &known.user, &known.ask_id, &Plan::Order(Box::new(order))).await?;
    Ok(Reply::Say(confirmable(card, known)))
}

fn list<'a>(of: &'a Value, name: &str) -> impl Iterator<Item = &'a str> {
    let all = of.get(name).and_then(Value::as_array).into_iter().flatten();
    all.filter_map(|b| b.get("message").and_then(Value::as_str))
}

/// The buttons name whose they are: a card of somebody else's is not in the presser's rows.
fn confirmable(card: Card, known: &Known) -> Card {
    let key = format!("{}:{}", known.ask_id, known.person.id);
    let button = |id: String, label: &str, look| Control::Button {
        id,
        label: label.to_owned(),
        look,
    };
    card.row(vec![
        button(format!("go:{key}"), "Confirm", Look::Main),
        button(format!("no:{key}"), "Cancel", Look::Quiet),
    ])
}

/// `/close`.
pub(super) async fn close(ctx: &Context, known: &Known, options: &Options) -> Answer {
    let percent = word::number(options, "percent")?.unwrap_or(Decimal::ONE_HUNDRED);
    if percent <= Decimal::ZERO || percent > Decimal::ONE_HUNDRED {
        return Err(say(format!(
            "percent: must be above 0 and at most 100, got {percent}"
        )));
    }
    let wanted = options
        .get("symbol")
        .ok_or_else(|| say("symbol: expected what you hold, or all"))?;
    let open = position::list(ctx, &known.user, true, Page::first(POSITIONS_MAX)).await?;
    let (plan, text) = if wanted.eq_ignore_ascii_case("all") {
        if percent != Decimal::ONE_HUNDRED {
            return Err(say(
                "percent: all closes everything; name one symbol to close a part",
            ));
        }
        let lines: Vec<String> = open
            .iter()
            .map(|m| format!("{} {}", m.position.quantity, m.position.instrument))
            .collect();
        if lines.is_empty() {
            return Err(say("No position is open"));
        }
        (Plan::CloseAll, format!("Close everything:\n{}", lines.join("\n")))
    } else {
        let meant =
            |id: PositionId, name: &str| id.to_string() == wanted || name.eq_ignore_ascii_case(wanted);
        let held = open
            .iter()
            .find(|m| meant(m.position.id, &m.position.instrument.to_string()))
            .ok_or_else(|| say(format!("You hold no {wanted}")))?;
        let text = format!(
            "Close {} % of {} {}",
            percent.normalize(),
            held.position.quantity,
            held.position.instrument
        );
        (Plan::Close(held.position.id, percent), text)
    };
    if !settings(ctx, &known.user).await?.confirm_slash {
        return at_once(ctx, known, plan).await;
    }
    pending::put(ctx, &known.user, &known.ask_id, &plan).await?;
    let card = Card::new(Tone::Care, "Confirm", text);
    Ok(Reply::Say(confirmable(card, known)))
}

/// Somebody pressed Confirm or Cancel.
pub(super) async fn answered(ctx: &Context, known: &Known, yes: bool, key: &str) -> Answer {
    let (card, person) = key.split_once(':').unwrap_or((key, ""));
    if person != known.person.id {
        return Err(say("This is somebody else's card"));
    }
    match pending::take(ctx, &known.user, card).await? {
        None => Ok(Reply::Change(Card::new(
            Tone::Plain,
            "This card has ended",
            "It was answered before, or its minute is over. Nothing more was sent.",
        ))),
        Some(_) if !yes => Ok(Reply::Change(Card::new(
            Tone::Plain,
            "Cancelled",
            "Nothing was sent.",
        ))),
        Some(plan) => match carry_out(ctx, &known.user, plan).await {
            Ok(card) => Ok(Reply::Change(card)),
            Err(trouble) => Ok(Reply::Change(word::trouble(&trouble))),
        },
    }
}

/// Without a card: the ask's own id guards against doing it twice.
async fn at_once(ctx: &Context, known: &Known, plan: Plan) -> Answer {
    let key = format!("chat:{}", known.ask_id);
    match once::begin(ctx, &known.user, &key, &key, true).await? {
        once::Turn::First(row) => match carry_out(ctx, &known.user, plan).await {
            Ok(card) => {
                once::finish(ctx, &known.user, row, 200, Value::Null).await?;
                Ok(Reply::Say(card))
            }
            Err(trouble) => {
                once::release(ctx, &known.user, row).await?;
                Err(trouble)
            }
        },
        once::Turn::Done { .. } | once::Turn::Busy | once::Turn::Mismatch => Err(say(
            "This command was taken before; /orders shows what came of it",
        )),
    }
}

async fn carry_out(ctx: &Context, user: &User, plan: Plan) -> Result<Card, Trouble> {
    let outcome = match plan {
        Plan::Order(order) => manual::place(ctx, user, *order).await?,
        Plan::Close(id, percent) => manual::close_position(ctx, user, id, percent).await?,
        Plan::CloseAll => manual::close_all(ctx, user).await?,
    };
    Ok(done(&outcome))
}

fn done(outcome: &ManualOutcome) -> Card {
    let mut lines: Vec<String> = outcome.orders.iter().map(word::order).collect();
    lines.extend(
        outcome
            .reductions
            .iter()
            .map(|b| format!("Reduced: {}", b.message)),
    );
    lines.extend(outcome.notes.iter().map(|b| format!("Note: {}", b.message)));
    if lines.is_empty() {
        lines.push(word::sentence(&outcome.message));
    }
    Card::new(Tone::Good, "Sent", lines.join("\n"))
}
