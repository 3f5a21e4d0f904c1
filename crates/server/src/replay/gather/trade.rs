//! Trades as they came out: one for each lot, which is what one signal led to.

use anyhow::Result;
use ordercast_model::{
    money,
    order::{
        intent::{Fill, Intent, Order},
        shape::OrderSide,
    },
    ports::store::{Query, find},
    position::Lot,
    signal::instruction::PositionSide,
    tenant::TenantScope,
    time::Timestamp,
};
use ordercast_rules::stats::{outcome::percent, slippage};
use rust_decimal::Decimal;

use super::{Left, cents, line, text};
use crate::replay::report::{Exit, Open, Trade, Unfilled};

/// A trade with the figures that are added up.
pub struct Told {
    pub told: Trade,
    pub closed: bool,
    pub result: Decimal,
    pub entry_slip: Option<Decimal>,
    pub achievable_slip: Option<Decimal>,
}

fn side_of(side: PositionSide) -> &'static str {
    match side {
        PositionSide::Long => "long",
        PositionSide::Short => "short",
    }
}

/// Units, mean price, first and last time, fees of some fills.
struct Sum {
    units: Decimal,
    price: Decimal,
    first: Timestamp,
    last: Timestamp,
    fees: Decimal,
}

fn sum<'a>(fills: impl Iterator<Item = &'a Fill>) -> Option<Sum> {
    let mut all: Option<Sum> = None;
    let mut value = Decimal::ZERO;
    for fill in fills {
        let units = fill.quantity.value();
        value = value.checked_add(units.checked_mul(fill.price.value())?)?;
        let sum = all.get_or_insert(Sum {
            units: Decimal::ZERO,
            price: Decimal::ZERO,
            first: fill.at,
            last: fill.at,
            fees: Decimal::ZERO,
        });
        sum.units = sum.units.checked_add(units)?;
        sum.last = fill.at;
        sum.fees = sum.fees.checked_add(fill.fee.amount)?;
    }
    let mut all = all?;
    all.price = value.checked_div(all.units)?.round_dp(8);
    Some(all)
}

fn fills_of<'a>(left: &'a Left<'_>, order: &Order) -> impl Iterator<Item = &'a Fill> + use<'a> {
    left.fills.get(&order.id).into_iter().flatten()
}

/// Every lot that was entered, in order of its signal.
///
/// # Errors
/// When the store does not answer.
pub async fn trades(left: &Left<'_>) -> Result<Vec<Told>> {
    let mut all = Vec::new();
    for lot in left.lots.iter().filter(|l| !l.entered.is_zero()) {
        all.extend(one(left, lot).await?);
    }
    Ok(all)
}

async fn alert(left: &Left<'_>, entries: &[&Order]) -> Result<Option<Decimal>> {
    let own = TenantScope::of_user(&left.stage.user);
    for order in entries {
        let store = left.stage.ctx.store.as_ref();
        let intents = find::<Intent>(store, &own, Query::IntentOfOrder(order.id)).await?;
        if let Some(price) = intents.first().and_then(|i| i.alert_price) {
            return Ok(Some(price.value()));
        }
    }
    Ok(None)
}

async fn one(left: &Left<'_>, lot: &Lot) -> Result<Option<Told>> {
    let Some(signal) = lot.signal_id.and_then(|id| left.signal(id)) else {
        return Ok(None);
    };
    let orders: Vec<&Order> = left.orders.iter().filter(|o| o.lot_id == Some(lot.id)).collect();
    let (entries, exits): (Vec<&Order>, Vec<&Order>) = orders.into_iter().partition(|o| o.leg.opens());
    let Some(entry) = sum(entries.iter().flat_map(|o| fills_of(left, o))) else {
        return Ok(None);
    };
    let alert = alert(left, &entries).await?;
    let buys = OrderSide::opening(lot.side) == OrderSide::Buy;
    let achievable = left
        .stage
        .venue
        .prices(|p| p.next_open(&lot.instrument, signal.received_at, buys));
    let mut fees = entry.fees;
    let mut ways = Vec::new();
    for order in exits {
        if let Some(out) = sum(fills_of(left, order)) {
            fees = money::add(fees, out.fees).unwrap_or(fees);
            ways.push(Exit {
                by: order.leg.to_string(),
                quantity: text(out.units),
                price: text(out.price),
                at: out.last,
            });
        }
    }
    ways.sort_by(|a, b| (a.at, &a.by).cmp(&(b.at, &b.by)));
    let result = money::sub(lot.realised, fees).unwrap_or(lot.realised);
    let spent = entry
        .price
        .checked_mul(entry.units)
        .and_then(|v| v.checked_mul(lot.instrument.multiplier()));
    let slip = |got: Decimal| alert.and_then(|alert| slippage::adverse_pct(buys, alert, got));
    let (entry_slip, achievable_slip) = (slip(entry.price), achievable.and_then(|(_, p)| slip(p)));
    let closed = lot.open.is_zero();
    let message = left.messages.get(signal.source_id.as_str());
    let told = Trade {
        message_id: signal.source_id.clone(),
        posted_at: signal.posted_at,
        text: message.map(|m| line(m)).unwrap_or_default(),
        instrument: lot.instrument.to_string(),
        side: side_of(lot.side),
        quantity: text(entry.units),
        alert_price: alert.map(text),
        achievable_price: achievable.map(|(_, p)| text(p)),
        achievable_at: achievable.map(|(at, _)| at),
        achievable_slippage_pct: achievable_slip.map(text),
        entry_price: text(entry.price),
        entry_at: entry.first,
        entry_slippage_pct: entry_slip.map(text),
        closed_at: ways.last().filter(|_| closed).map(|w| w.at),
        exits: ways,
        open_quantity: text(lot.open.value()),
        fees: cents(fees),
        result: cents(result),
        result_pct: spent.and_then(|s| percent(result, s)).map(text),
    };
    Ok(Some(Told {
        told,
        closed,
        result,
        entry_slip,
        achievable_slip,
    }))
}

/// What is still held, at the newest price.
pub fn open(left: &Left<'_>) -> Vec<Open> {
    let held = left.lots.iter().filter(|l| !l.open.is_zero());
    held.map(|lot| {
        let quote =
            ordercast_model::ports::market::Market::latest(left.stage.venue.as_ref(), &lot.instrument);
        let last = quote.map(|q| match lot.side {
            PositionSide::Long => q.bid.value(),
            PositionSide::Short => q.ask.value(),
        });
        let entry = lot
            .average_price
            .map(ordercast_model::money::Price::value)
            .unwrap_or_default();
        let gain = last.and_then(|last| {
            let way = match lot.side {
                PositionSide::Long => last.checked_sub(entry)?,
                PositionSide::Short => entry.checked_sub(last)?,
            };
            way.checked_mul(lot.open.value())?
                .checked_mul(lot.instrument.multiplier())
        });
        let signal = lot.signal_id.and_then(|id| left.signal(id));
        Open {
            message_id: signal.map(|s| s.source_id.clone()).unwrap_or_default(),
            instrument: lot.instrument.to_string(),
            side: side_of(lot.side),
            quantity: text(lot.open.value()),
            entry_price: text(entry.round_dp(8)),
            last_price: last.map(text),
            unrealised: gain.map(cents),
            stop_price: lot.stop_price.map(|p| text(p.value())),
        }
    })
    .collect()
}

/// Entries that were placed and never filled.
pub fn unfilled(left: &Left<'_>) -> Vec<Unfilled> {
    let entries = left.orders.iter().filter(|o| o.leg.opens() && o.filled.is_zero());
    entries
        .map(|order| {
            let signal = order.signal_id.and_then(|id| left.signal(id));
            Unfilled {
                message_id: signal.map(|s| s.source_id.clone()).unwrap_or_default(),
                posted_at: signal.map(|s| s.posted_at).unwrap_or_default(),
                instrument: order.request.instrument.to_string(),
                order: format!(
                    "{} {} {}",
                    order.request.side.code(),
                    order.request.quantity,
                    order.request.order_type.code()
                ),
                price: order.request.order_type.price().map(|p| text(p.value())),
                state: order.state.code().to_owned(),
                why: order
                    .message
                    .clone()
                    .or_else(|| order.reason.clone())
                    .unwrap_or_default(),
            }
        })
        .collect()
}
