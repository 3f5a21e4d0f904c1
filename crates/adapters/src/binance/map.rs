//! Decides what Binance's words mean here. Refuses to guess: a word it does not know is an error that names the field.

use ordercast_model::{
    connection::Mode,
    instrument::Instrument,
    market::Quote,
    money::{self, Currency, Price, Quantity},
    order::{identity::ClientOrderId, shape::OrderSide},
    outside::{Size, Terms},
    ports::{
        broker::{ShownOrder, VenueAccount, VenueOrder, VenueState},
        market::Bar,
    },
    time::Timestamp,
};
use rust_decimal::Decimal;

use super::{symbol, wire};

/// Something of the venue that has no word here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Binance's {field} {got:?} is not understood")]
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

/// Milliseconds since 1970.
pub(super) const fn instant(millis: i64) -> Timestamp {
    Timestamp::from_micros(millis.saturating_mul(1_000))
}

pub(super) fn quantity(field: &'static str, value: Option<Decimal>) -> Result<Quantity, Strange> {
    let value = value.unwrap_or_default();
    Quantity::new(value).map_err(|_| strange(field, value))
}

pub(super) fn price(value: Option<Decimal>) -> Option<Price> {
    value.and_then(|p| Price::new(p).ok())
}

pub(super) fn side(text: &str) -> Result<OrderSide, Strange> {
    match text {
        "BUY" => Ok(OrderSide::Buy),
        "SELL" => Ok(OrderSide::Sell),
        other => Err(strange("side", other)),
    }
}

/// What of is traded.
pub(super) fn instrument(text: &str, quote: &str) -> Result<Instrument, Strange> {
    symbol::ours(text, quote).ok_or_else(|| strange("symbol", text))
}

/// How it stands, and why it ended. A leg of a pair that the vendor ends itself ended because of the other leg.
fn state(status: &str, filled: Quantity, paired: bool) -> Result<(VenueState, Option<String>), Strange> {
    let because = |reason: &str| Some(reason.to_owned());
    Ok(match status {
        "NEW" | "PENDING_NEW" | "PARTIALLY_FILLED" | "PENDING_CANCEL" => {
            let state = if filled.is_zero() {
                VenueState::Working
            } else {
                VenueState::PartiallyFilled
            };
            (state, None)
        }
        "FILLED" => (VenueState::Filled, None),
        "CANCELED" => (VenueState::Cancelled, None),
        "EXPIRED" if paired => (VenueState::Cancelled, because("oco_filled")),
        "EXPIRED" | "EXPIRED_IN_MATCH" => (VenueState::Expired, because(status)),
        "REJECTED" => (VenueState::Rejected, because(status)),
        other => return Err(strange("status", other)),
    })
}

/// Average price of what is filled.
fn average(spent: Option<Decimal>, filled: Quantity) -> Option<Price> {
    let spent = spent.filter(|s| s.is_sign_positive() && !s.is_zero())?;
    let average = money::div(spent, filled.value())
        .ok()
        .filter(|_| !filled.is_zero());
    price(average.map(|a| a.round_dp(8)))
}

/// An order under one of our ids.
pub(super) fn order_as(id: ClientOrderId, order: &wire::Order, quote: &str) -> Result<VenueOrder, Strange> {
    let shown = ShownOrder {
        client_order_id: Some(id),
        ..shown(order, quote)?
    };
    shown.ours().ok_or_else(|| strange("origQty", "(none)"))
}

/// An order as the list shows it, whoever placed it.
pub(super) fn shown(order: &wire::Order, quote: &str) -> Result<ShownOrder, Strange> {
    let filled = quantity("executedQty", order.executed_qty)?;
    let paired = order.order_list_id.is_some_and(|list| list >= 0);
    let (state, reason) = state(&order.status, filled, paired)?;
    let at = order.update_time.or(order.transact_time).or(order.time);
    // A price of zero is none.
    let price = |value: Option<Decimal>| price(value.filter(|v| !v.is_zero()));
    Ok(ShownOrder {
        client_order_id: order.client_order_id.parse().ok(),
        terms: Terms {
            broker_order_id: order.order_id.to_string(),
            instrument: instrument(&order.symbol, quote)?,
            side: side(order.side.as_deref().unwrap_or_default())?,
            size: Size::Units(quantity("origQty", order.orig_qty)?),
            filled,
            order_type: order.kind.as_deref().map(|kind| kind_of(kind).to_owned()),
            limit: price(order.price),
            stop: price(order.stop_price),
        },
        state,
        average_price: average(order.cummulative_quote_qty, filled),
        reason,
        at: instant(at.unwrap_or_default()),
    })
}

/// Binance's word for a type as ours; its own word where there is none.
fn kind_of(kind: &str) -> &str {
    match kind {
        "MARKET" => "market",
        "LIMIT" | "LIMIT_MAKER" => "limit",
        "STOP_LOSS" | "TAKE_PROFIT" => "stop",
        "STOP_LOSS_LIMIT" | "TAKE_PROFIT_LIMIT" => "stop_limit",
        other => other,
    }
}

/// An order as the stream tells it.
pub(super) fn report(
    id: ClientOrderId,
    report: &wire::Report,
    instrument: &Instrument,
) -> Result<VenueOrder, Strange> {
    let filled = quantity("z", report.z)?;
    let (state, reason) = state(&report.status, filled, report.g.is_some_and(|list| list >= 0))?;
    Ok(VenueOrder {
        client_order_id: id,
        broker_order_id: report.i.to_string(),
        instrument: instrument.clone(),
        side: side(&report.side)?,
        quantity: quantity("q", report.q)?,
        state,
        filled,
        average_price: average(report.spent, filled),
        reason,
        at: instant(report.at),
    })
}

/// What an account holds of one asset, free and locked.
pub(super) fn held(balance: &wire::Balance) -> Decimal {
    let part = |value: Option<Decimal>| value.unwrap_or_default();
    part(balance.free)
        .checked_add(part(balance.locked))
        .unwrap_or_default()
        .normalize()
}

/// An account: its cash is the dollar coin it is kept in, its equity everything that has a price in it.
pub(super) fn account(
    account: &wire::Account,
    prices: &[wire::Priced],
    (currency, quote): (Currency, &str),
    mode: Mode,
    may_withdraw: Option<bool>,
    at: Timestamp,
) -> Result<VenueAccount, Strange> {
    let uid = account.uid.ok_or_else(|| strange("uid", "(none)"))?;
    let own = account.balances.iter().find(|b| b.asset == quote);
    let cash = own.map(held).unwrap_or_default();
    let mut equity = cash;
    for balance in account.balances.iter().filter(|b| b.asset != quote) {
        let name = format!("{}{quote}", balance.asset);
        let found = prices.iter().find(|p| p.symbol == name).and_then(|p| p.price);
        let value = found
            .and_then(|p| held(balance).checked_mul(p))
            .unwrap_or_default();
        equity = equity
            .checked_add(value)
            .ok_or_else(|| strange("balance", &balance.asset))?;
    }
    Ok(VenueAccount {
        account_id: uid.to_string(),
        mode,
        currency,
        cash,
        equity: equity.round_dp(8).normalize(),
        buying_power: own.and_then(|b| b.free).unwrap_or_default(),
        may_withdraw,
        at: account.update_time.filter(|t| *t > 0).map_or(at, instant).max(at),
    })
}

/// A quote; none when one side is missing: nobody can trade on half of it.
pub(super) fn quote(instrument: &Instrument, ticker: &wire::Ticker, at: Timestamp) -> Option<Quote> {
    let (bid, ask) = (price(ticker.bid_price)?, price(ticker.ask_price)?);
    Some(Quote {
        instrument: instrument.clone(),
        bid,
        ask,
        last: price(ticker.last_price).unwrap_or(bid),
        volume: ticker.volume.unwrap_or_default(),
        change_pct: ticker.price_change_percent.unwrap_or_default().round_dp(2),
        at,
    })
}

/// A bar; none when a figure is missing.
pub(super) fn bar(line: &wire::Kline) -> Option<Bar> {
    let at = |place: usize| line.0.get(place).and_then(|p| p.0);
    let opened: i64 = at(0)?.try_into().ok()?;
    Some(Bar {
        at: instant(opened),
        open: price(at(1))?,
        high: price(at(2))?,
        low: price(at(3))?,
        close: price(at(4))?,
        volume: at(5).unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const ID: &str = "oc-00000000000000000000000001";

    fn order_of(status: &str, list: i64, filled: &str) -> wire::Order {
        serde_json::from_str(&format!(
            r#"{{"symbol":"BTCUSDT","orderId":28,"orderListId":{list},"clientOrderId":"{ID}","side":"SELL","origQty":"2.00000000",
            "executedQty":"{filled}","cummulativeQuoteQty":"150.00000000","status":"{status}","updateTime":1507725176595}}"#
        ))
        .unwrap()
    }

    #[test]
    fn states_are_read_and_an_unknown_one_is_an_error() {
        for (status, list, filled, state, reason) in [
            ("NEW", -1, "0.0", VenueState::Working, None),
            ("PARTIALLY_FILLED", -1, "1.5", VenueState::PartiallyFilled, None),
            ("FILLED", -1, "2", VenueState::Filled, None),
            ("CANCELED", 7, "0", VenueState::Cancelled, None),
            ("EXPIRED", 7, "0", VenueState::Cancelled, Some("oco_filled")),
            ("EXPIRED", -1, "1", VenueState::Expired, Some("EXPIRED")),
            (
                "EXPIRED_IN_MATCH",
                -1,
                "0",
                VenueState::Expired,
                Some("EXPIRED_IN_MATCH"),
            ),
        ] {
            let read = shown(&order_of(status, list, filled), "USDT").unwrap();
            assert_eq!((read.state, read.reason.as_deref()), (state, reason), "{status}");
            assert_eq!(read.at.micros(), 1_507_725_176_595_000);
        }
        let half = shown(&order_of("PARTIALLY_FILLED", -1, "1.5"), "USDT").unwrap();
        assert_eq!(half.average_price.unwrap().to_string(), "100");
        let odd = shown(&order_of("MELTED", -1, "0"), "USDT").unwrap_err();
        assert!(odd.to_string().contains("MELTED"), "{odd}");
        let other = wire::Order {
            client_order_id: "web_1".to_owned(),
            ..order_of("NEW", -1, "0")
        };
        assert_eq!(shown(&other, "USDT").unwrap().client_order_id, None);
    }

    #[test]
    fn cash_is_the_accounts_dollar_coin_and_equity_all_that_has_a_price() {
        let account: wire::Account = serde_json::from_str(
            r#"{"uid":354937868,"balances":[{"asset":"USDT","free":"900.5","locked":"99.5"},{"asset":"BTC","free":"0.5","locked":"0.1"},
            {"asset":"GONE","free":"5","locked":"0"}]}"#,
        )
        .unwrap();
        let prices: Vec<wire::Priced> = serde_json::from_str(
            r#"[{"symbol":"BTCUSDT","price":"50000"},{"symbol":"BTCUSDC","price":"1"}]"#,
        )
        .unwrap();
        let usdt = ("USDT".parse().unwrap(), "USDT");
        let read = super::account(&account, &prices, usdt, Mode::Paper, None, Timestamp::default()).unwrap();
        assert_eq!(
            (
                read.account_id.as_str(),
                read.cash,
                read.buying_power.to_string(),
                read.equity
            ),
            (
                "354937868",
                Decimal::from(1_000),
                "900.5".to_owned(),
                Decimal::from(31_000)
            )
        );
    }
}
