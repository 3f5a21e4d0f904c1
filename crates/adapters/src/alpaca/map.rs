//! Decides what Alpaca's words mean here. Refuses to guess: a word it does not know is an error that names the field.

use chrono::DateTime;
use ordercast_model::instrument::Instrument;
use ordercast_model::{
    connection::Mode,
    market::{Quote, Session},
    money::{Currency, Price, Quantity},
    order::{identity::ClientOrderId, shape::OrderSide},
    outside::{Size, Terms},
    ports::{
        broker::{ShownOrder, VenueAccount, VenueOrder, VenuePosition, VenueState},
        market::Bar,
    },
    time::Timestamp,
};
use rust_decimal::Decimal;

use super::{
    symbol,
    tag::{self, Tag},
    wire,
};

/// Something of the venue that has no word here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Alpaca's {field} {got:?} is not understood")]
pub(super) struct Strange {
    field: &'static str,
    got: String,
}

pub(super) fn strange(field: &'static str, got: impl ToString) -> Strange {
    Strange {
        field,
        got: got.to_string().chars().take(60).collect(),
    }
}

/// An instant in RFC 3339, with any offset and any number of digits; microseconds are kept.
pub(super) fn instant(field: &'static str, text: &str) -> Result<Timestamp, Strange> {
    DateTime::parse_from_rfc3339(text)
        .map(|t| Timestamp::from_micros(t.timestamp_micros()))
        .map_err(|_| strange(field, text))
}

fn quantity(field: &'static str, value: Option<Decimal>) -> Result<Quantity, Strange> {
    let value = value.unwrap_or_default();
    Quantity::new(value).map_err(|_| strange(field, value))
}

fn price(value: Option<Decimal>) -> Option<Price> {
    value.and_then(|p| Price::new(p).ok())
}

pub(super) fn side(text: Option<&str>) -> Result<OrderSide, Strange> {
    match text {
        Some("buy" | "buy_minus") => Ok(OrderSide::Buy),
        Some("sell" | "sell_plus" | "sell_short" | "sell_short_exempt") => Ok(OrderSide::Sell),
        other => Err(strange("side", other.unwrap_or("(none)"))),
    }
}

fn state(status: &str, filled: Quantity) -> Result<VenueState, Strange> {
    Ok(match status {
        "filled" => VenueState::Filled,
        "canceled" | "replaced" => VenueState::Cancelled,
        "expired" => VenueState::Expired,
        "rejected" => VenueState::Rejected,
        "new"
        | "partially_filled"
        | "accepted"
        | "pending_new"
        | "accepted_for_bidding"
        | "held"
        | "pending_cancel"
        | "pending_replace"
        | "stopped"
        | "suspended"
        | "done_for_day"
        | "calculated" => {
            if filled.is_zero() {
                VenueState::Working
            } else {
                VenueState::PartiallyFilled
            }
        }
        other => return Err(strange("status", other)),
    })
}

/// What of is traded.
pub(super) fn instrument(text: Option<&str>, class: Option<&str>) -> Result<Instrument, Strange> {
    let text = text.unwrap_or_default();
    symbol::ours(text, class.and_then(symbol::class)).ok_or_else(|| strange("symbol", text))
}

/// An order under one of our ids.
pub(super) fn order_as(id: ClientOrderId, order: &wire::Order) -> Result<VenueOrder, Strange> {
    let filled = quantity("filled_qty", order.filled_qty)?;
    let state = state(&order.status, filled)?;
    let at = order.updated_at.as_ref().or(order.submitted_at.as_ref());
    Ok(VenueOrder {
        client_order_id: id,
        broker_order_id: order.id.clone(),
        instrument: instrument(order.symbol.as_deref(), order.asset_class.as_deref())?,
        side: side(order.side.as_deref())?,
        quantity: quantity("qty", order.qty)?,
        state,
        filled,
        average_price: price(order.filled_avg_price),
        reason: (state.is_final() && state != VenueState::Filled).then(|| ended(order)),
        at: at.map_or(Ok(Timestamp::default()), |text| instant("updated_at", text))?,
    })
}

/// Why an order ended, as far as the answer tells: the other leg of a pair took what it was for, or the venue's own word.
fn ended(order: &wire::Order) -> String {
    let taken = order.legs.iter().any(|leg| leg.status == "filled");
    match order.status.as_str() {
        "canceled" if taken => "oco_filled".to_owned(),
        status => status.to_owned(),
    }
}

/// The orders of ours that one answer holds: the order, and the leg that Alpaca named by itself. None for another's.
pub(super) fn orders(order: &wire::Order) -> Result<Vec<VenueOrder>, Strange> {
    let text = order.client_order_id.as_deref().unwrap_or_default();
    let Some(own) = tag::own(text) else {
        return Ok(Vec::new());
    };
    let mut all = vec![order_as(own, order)?];
    if let Some(other) = Tag::read(text).and_then(|tag| tag.other)
        && let Some(leg) = newest(&order.legs)
    {
        let mut leg = order_as(other, leg)?;
        if leg.state == VenueState::Cancelled && order.status == "filled" {
            leg.reason = Some("oco_filled".to_owned());
        }
        all.push(leg);
    }
    Ok(all)
}

/// The working orders that one answer of the list holds: ours, or somebody else's with those of its legs that work. A leg
/// that is held back until its entry fills is no order of its own yet.
pub(super) fn working(order: &wire::Order) -> Result<Vec<ShownOrder>, Strange> {
    let ours = orders(order)?;
    let all = if ours.is_empty() {
        let active = order.legs.iter().filter(|leg| leg.status != "held");
        let each = std::iter::once(order).chain(active);
        // What is final needs no reading, and has less to read.
        let works = each.filter(|o| {
            !matches!(
                o.status.as_str(),
                "filled" | "canceled" | "replaced" | "expired" | "rejected"
            )
        });
        works.map(foreign).collect::<Result<_, _>>()?
    } else {
        ours.into_iter().map(ShownOrder::from).collect::<Vec<_>>()
    };
    Ok(all.into_iter().filter(|o| !o.state.is_final()).collect())
}

/// An order that carries no id of ours.
pub(super) fn foreign(order: &wire::Order) -> Result<ShownOrder, Strange> {
    let filled = quantity("filled_qty", order.filled_qty)?;
    let at = order.updated_at.as_ref().or(order.submitted_at.as_ref());
    Ok(ShownOrder {
        client_order_id: None,
        terms: Terms {
            broker_order_id: order.id.clone(),
            instrument: instrument(order.symbol.as_deref(), order.asset_class.as_deref())?,
            side: side(order.side.as_deref())?,
            size: match (order.qty, order.notional) {
                (None, Some(amount)) => Size::Amount(amount),
                (units, _) => Size::Units(quantity("qty", units)?),
            },
            filled,
            order_type: order.kind.as_deref().map(|kind| match kind {
                "trailing_stop" => "trailing".to_owned(),
                other => other.to_owned(),
            }),
            limit: price(order.limit_price),
            // The level of one that trails moves with the price.
            stop: price(order.stop_price).filter(|_| order.kind.as_deref() != Some("trailing_stop")),
        },
        state: state(&order.status, filled)?,
        average_price: price(order.filled_avg_price),
        reason: Some(order.status.clone()),
        at: at.map_or(Ok(Timestamp::default()), |text| instant("updated_at", text))?,
    })
}

/// Whether an order carries an id of ours.
pub(super) fn is_ours(order: &wire::Order) -> bool {
    order.client_order_id.as_deref().and_then(tag::own).is_some()
}

/// The leg that counts: one that works, else the last.
fn newest(legs: &[wire::Order]) -> Option<&wire::Order> {
    legs.iter()
        .find(|leg| leg.status != "replaced")
        .or_else(|| legs.last())
}

/// An account. Alpaca's simulated accounts have numbers that begin with `PA`; the vendor's own paper host shows no other.
pub(super) fn account(
    account: &wire::Account,
    host: Mode,
    vendor: bool,
    at: Timestamp,
) -> Result<VenueAccount, Strange> {
    let number = account.account_number.as_deref().unwrap_or(&account.id);
    let mode = match (host, number.starts_with("PA")) {
        (_, true) => Mode::Paper,
        (Mode::Paper, false) if !vendor => Mode::Paper,
        (_, false) => Mode::Live,
    };
    let code = account.currency.as_deref().unwrap_or("USD");
    let currency: Currency = code.parse().map_err(|_| strange("currency", code))?;
    let needed = |field, value: Option<Decimal>| value.ok_or_else(|| strange(field, "(none)"));
    Ok(VenueAccount {
        account_id: number.to_owned(),
        mode,
        currency,
        cash: needed("cash", account.cash)?,
        equity: needed("equity", account.equity)?,
        buying_power: needed("buying_power", account.buying_power)?,
        // A key of Alpaca does not say what it may do beyond trading.
        may_withdraw: None,
        at,
    })
}

/// Why an account cannot trade, in the vendor's words; none when it can.
pub(super) fn blocked(account: &wire::Account) -> Option<String> {
    let reasons = [
        (account.status != "ACTIVE").then(|| format!("its status is {}", account.status)),
        account
            .account_blocked
            .unwrap_or(false)
            .then(|| "the account is blocked".to_owned()),
        account
            .trading_blocked
            .unwrap_or(false)
            .then(|| "trading is blocked".to_owned()),
        account
            .trade_suspended_by_user
            .unwrap_or(false)
            .then(|| "its owner has suspended trading".to_owned()),
    ];
    reasons.into_iter().flatten().next()
}

/// A position, short ones below zero.
pub(super) fn position(position: &wire::Position) -> Result<VenuePosition, Strange> {
    let held = position
        .qty
        .ok_or_else(|| strange("position's qty", "(none)"))?
        .abs();
    let average = price(position.avg_entry_price);
    Ok(VenuePosition {
        instrument: instrument(Some(&position.symbol), position.asset_class.as_deref())?,
        quantity: match position.side.as_deref() {
            Some("short") => -held,
            Some("long") | None => held,
            Some(other) => return Err(strange("position's side", other)),
        },
        average_price: average.ok_or_else(|| strange("avg_entry_price", "(none)"))?,
    })
}

/// A quote; none when one side is missing: nobody can trade on half of it.
pub(super) fn quote(instrument: &Instrument, snapshot: &wire::Snapshot) -> Result<Option<Quote>, Strange> {
    let Some(best) = &snapshot.latest_quote else {
        return Ok(None);
    };
    let (Some(bid), Some(ask)) = (price(best.bp), price(best.ap)) else {
        return Ok(None);
    };
    let traded = snapshot.latest_trade.as_ref().and_then(|t| price(t.p));
    let before = snapshot.prev_daily_bar.as_ref().and_then(|b| price(b.c));
    let last = traded.unwrap_or(bid);
    let change = before.and_then(|before| {
        let moved = last.value().checked_sub(before.value())?;
        moved
            .checked_mul(Decimal::ONE_HUNDRED)?
            .checked_div(before.value())
    });
    Ok(Some(Quote {
        instrument: instrument.clone(),
        bid,
        ask,
        last,
        volume: snapshot.daily_bar.as_ref().and_then(|b| b.v).unwrap_or_default(),
        change_pct: change.unwrap_or_default().round_dp(2),
        at: instant("quote's time", &best.t)?,
    }))
}

/// The exchange's session.
pub(super) fn session(clock: &wire::Clock) -> Result<Session, Strange> {
    let read = |field, text: &Option<String>| text.as_ref().map(|t| instant(field, t)).transpose();
    Ok(Session {
        open: clock.is_open,
        next_open: read("next_open", &clock.next_open)?.filter(|_| !clock.is_open),
        next_close: read("next_close", &clock.next_close)?.filter(|_| clock.is_open),
    })
}

/// A bar; none when a figure is missing.
pub(super) fn bar(bar: &wire::Bar) -> Option<Bar> {
    Some(Bar {
        at: instant("bar's time", bar.t.as_ref()?).ok()?,
        open: price(bar.o)?,
        high: price(bar.h)?,
        low: price(bar.l)?,
        close: price(bar.c)?,
        volume: bar.v.unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const STOP: &str = "oc-00000000000000000000000001";
    const TARGET: &str = "oc-00000000000000000000000002";

    fn order(text: &str) -> wire::Order {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn a_pair_shows_as_two_orders_of_ours() {
        let pair = order(&format!(
            r#"{{"id":"a","client_order_id":"{TARGET}.{STOP}.lot_1","symbol":"AAPL","asset_class":"us_equity","side":"sell",
            "qty":"10","filled_qty":"4","filled_avg_price":"201.5","status":"partially_filled","updated_at":"2026-11-23T15:00:00.123456789Z",
            "legs":[{{"id":"b","client_order_id":"904837e3","symbol":"AAPL","asset_class":"us_equity","side":"sell","qty":6,
            "filled_qty":0,"status":"held","updated_at":"2026-11-23T10:00:00-05:00"}}]}}"#
        ));
        let all = orders(&pair).unwrap();
        let shown: Vec<_> = all
            .iter()
            .map(|o| {
                (
                    o.client_order_id.as_str(),
                    o.broker_order_id.as_str(),
                    o.state,
                    o.quantity.to_string(),
                )
            })
            .collect();
        assert_eq!(
            shown,
            [
                (TARGET, "a", VenueState::PartiallyFilled, "10".to_owned()),
                (STOP, "b", VenueState::Working, "6".to_owned())
            ]
        );
        assert_eq!(all[0].at.micros() % 1_000_000, 123_456);
        assert_eq!(all[1].at, instant("", "2026-11-23T15:00:00Z").unwrap());
    }

    #[test]
    fn anothers_order_is_nobodys_and_an_unknown_word_is_an_error() {
        assert!(
            orders(&order(r#"{"id":"a","client_order_id":"by-hand","status":"new"}"#))
                .unwrap()
                .is_empty()
        );
        let odd = format!(
            r#"{{"id":"a","client_order_id":"{STOP}","symbol":"AAPL","side":"sell","qty":"1","status":"melted"}}"#
        );
        assert!(
            orders(&order(&odd))
                .unwrap_err()
                .to_string()
                .contains("status \"melted\"")
        );
    }

    #[test]
    fn a_live_account_is_never_taken_for_paper_at_the_vendors_hosts() {
        let account_of = |number: &str, host, vendor| {
            let text = format!(
                r#"{{"id":"u","account_number":"{number}","status":"ACTIVE","cash":"1","equity":1,"buying_power":"1"}}"#
            );
            let read: wire::Account = serde_json::from_str(&text).unwrap();
            account(&read, host, vendor, Timestamp::default()).unwrap().mode
        };
        for (number, host, vendor, want) in [
            ("PA3X1", Mode::Paper, true, Mode::Paper),
            ("010203", Mode::Paper, true, Mode::Live),
            ("010203", Mode::Paper, false, Mode::Paper),
            ("PA3X1", Mode::Live, true, Mode::Paper),
            ("010203", Mode::Live, true, Mode::Live),
        ] {
            assert_eq!(
                account_of(number, host, vendor),
                want,
                "{number} {host:?} {vendor}"
            );
        }
    }
}
