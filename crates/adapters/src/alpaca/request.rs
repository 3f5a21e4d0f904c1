//! Decides how an order of ours is put to Alpaca, and refuses by name what Alpaca cannot take: nothing turns into another
//! kind of order (PRODUCT BR-03, BR-11).

use ordercast_model::{
    instrument::{AssetClass, Instrument},
    order::shape::{OrderRequest, OrderSide, OrderType, ProtectionSlice},
    signal::instruction::{TimeInForce, TrailBy},
};
use rust_decimal::Decimal;

use super::{
    symbol,
    tag::Tag,
    wire::{PlaceOrder, StopLoss, TakeProfit},
};

/// Why Alpaca cannot take a request of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Alpaca cannot do {0}")]
pub(super) struct Unsupported(pub(super) &'static str);

/// A number as Alpaca reads it.
fn plain(value: Decimal) -> String {
    value.normalize().to_string()
}

fn is_whole(order: &OrderRequest) -> bool {
    order.quantity.value().fract().is_zero()
}

fn time_in_force(order: &OrderRequest) -> Result<&'static str, Unsupported> {
    use TimeInForce::{Day, Fok, Gtc, Ioc};
    Ok(match (order.instrument.class(), order.time_in_force) {
        // Coins have no trading day: what is meant for the day ends when Ordercast ends it.
        (AssetClass::Crypto, Day | Gtc) => "gtc",
        (AssetClass::Crypto, Ioc) | (AssetClass::Equity, Ioc) => "ioc",
        (AssetClass::Crypto, Fok) => return Err(Unsupported("fill-or-kill of coins")),
        (AssetClass::Option, Day) | (AssetClass::Equity, Day) => "day",
        (AssetClass::Option, _) => return Err(Unsupported("options beyond the day")),
        (_, Gtc) => "gtc",
        (_, Fok) => "fok",
        (_, Ioc | Day) => return Err(Unsupported("this time in force")),
    })
}

/// Whether the class takes the type at all, and in parts of a share.
fn check(order: &OrderRequest) -> Result<(), Unsupported> {
    use OrderType::{Limit, Market, Stop, StopLimit, Trailing};
    match (order.instrument.class(), order.order_type) {
        (AssetClass::Equity, Market) if is_whole(order) || order.time_in_force == TimeInForce::Day => {}
        (AssetClass::Equity, Market) => return Err(Unsupported("parts of a share beyond the day")),
        (AssetClass::Equity, _) if !is_whole(order) => {
            return Err(Unsupported("parts of a share other than at the market"));
        }
        (AssetClass::Equity, _)
        | (AssetClass::Option, Market | Limit { .. })
        | (AssetClass::Crypto, Market | Limit { .. } | StopLimit { .. }) => {}
        (AssetClass::Option, Stop { .. } | StopLimit { .. } | Trailing { .. }) => {
            return Err(Unsupported("stop orders of options"));
        }
        (AssetClass::Crypto, Stop { .. } | Trailing { .. }) => {
            return Err(Unsupported("stop-market and trailing orders of coins"));
        }
        (AssetClass::Fx | AssetClass::Future, _) => return Err(Unsupported("this kind of instrument")),
    }
    let hours = order.extended_hours;
    let limit = matches!(order.order_type, Limit { .. });
    let stays = matches!(order.time_in_force, TimeInForce::Day | TimeInForce::Gtc);
    if hours && !(limit && stays && order.instrument.class() == AssetClass::Equity) {
        return Err(Unsupported(
            "extended hours other than with a limit order of shares for the day",
        ));
    }
    Ok(())
}

/// What an option order does to a position: Alpaca refuses a sale that is meant to close and would open.
fn intent(order: &OrderRequest) -> Option<&'static str> {
    matches!(order.instrument, Instrument::Option { .. }).then_some(match (order.side, order.reduce_only) {
        (OrderSide::Buy, true) => "buy_to_close",
        (OrderSide::Buy, false) => "buy_to_open",
        (OrderSide::Sell, true) => "sell_to_close",
        (OrderSide::Sell, false) => "sell_to_open",
    })
}

/// An order that stands for itself.
pub(super) fn place(order: &OrderRequest) -> Result<PlaceOrder, Unsupported> {
    check(order)?;
    let mut out = PlaceOrder {
        client_order_id: order.client_order_id.to_string(),
        symbol: symbol::theirs(&order.instrument),
        qty: order.quantity.value(),
        side: order.side.code(),
        kind: order.order_type.code(),
        time_in_force: time_in_force(order)?,
        extended_hours: order.extended_hours.then_some(true),
        position_intent: intent(order),
        ..PlaceOrder::default()
    };
    match order.order_type {
        OrderType::Market => {}
        OrderType::Limit { limit } => out.limit_price = Some(plain(limit.value())),
        OrderType::Stop { stop } => out.stop_price = Some(plain(stop.value())),
        OrderType::StopLimit { stop, limit } => {
            out.stop_price = Some(plain(stop.value()));
            out.limit_price = Some(plain(limit.value()));
        }
        OrderType::Trailing { by } => {
            out.kind = "trailing_stop";
            match by {
                TrailBy::Percent(pct) => out.trail_percent = Some(plain(pct)),
                TrailBy::Amount(amount) => out.trail_price = Some(plain(amount)),
            }
        }
    }
    Ok(out)
}

/// One slice of protection: a pair of which one cancels the other, or the one that there is. None for an empty slice.
pub(super) fn slice(group: &str, slice: &ProtectionSlice) -> Result<Option<PlaceOrder>, Unsupported> {
    let tag = |own: &OrderRequest, other: Option<&OrderRequest>| {
        Tag {
            own: own.client_order_id.clone(),
            other: other.map(|o| o.client_order_id.clone()),
            group: group.to_owned(),
        }
        .text()
    };
    let (stop, target) = match (&slice.stop, &slice.target) {
        (None, None) => return Ok(None),
        (Some(one), None) | (None, Some(one)) => {
            let mut out = place(one)?;
            out.client_order_id = tag(one, None);
            return Ok(Some(out));
        }
        (Some(stop), Some(target)) => (stop, target),
    };
    let mut out = place(target)?;
    place(stop)?;
    if target.instrument.class() != AssetClass::Equity {
        return Err(Unsupported("one-cancels-other pairs of options and coins"));
    }
    if stop.quantity != target.quantity {
        return Err(Unsupported("a stop and a target of different quantities"));
    }
    let (Some(limit), stop_loss) = (out.limit_price.take(), stop_loss(stop)?) else {
        return Err(Unsupported("a target other than a limit order"));
    };
    out.client_order_id = tag(target, Some(stop));
    out.order_class = Some("oco");
    out.take_profit = Some(TakeProfit { limit_price: limit });
    out.stop_loss = Some(stop_loss);
    Ok(Some(out))
}

fn stop_loss(stop: &OrderRequest) -> Result<StopLoss, Unsupported> {
    match stop.order_type {
        OrderType::Stop { stop } => Ok(StopLoss {
            stop_price: plain(stop.value()),
            limit_price: None,
        }),
        OrderType::StopLimit { stop, limit } => Ok(StopLoss {
            stop_price: plain(stop.value()),
            limit_price: Some(plain(limit.value())),
        }),
        OrderType::Trailing { .. } => Err(Unsupported("a trailing stop beside a target")),
        OrderType::Market | OrderType::Limit { .. } => {
            Err(Unsupported("a protective stop without a trigger"))
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::too_many_lines)]
    use ordercast_model::money::{Price, Quantity};

    use super::*;

    fn price(text: &str) -> Price {
        text.parse().unwrap()
    }

    fn order(instrument: &str, quantity: &str, order_type: OrderType, tif: TimeInForce) -> OrderRequest {
        OrderRequest {
            client_order_id: "oc-00000000000000000000000001".parse().unwrap(),
            instrument: instrument.parse().unwrap(),
            side: OrderSide::Sell,
            quantity: quantity.parse::<Quantity>().unwrap(),
            order_type,
            time_in_force: tif,
            extended_hours: false,
            reduce_only: true,
        }
    }

    fn text(order: &OrderRequest) -> Result<String, String> {
        place(order)
            .map(|o| serde_json::to_string(&o).unwrap())
            .map_err(|e| e.to_string())
    }

    #[test]
    fn each_class_takes_what_the_vendor_documents_and_nothing_turns_into_another_order() {
        let limit = OrderType::Limit { limit: price("2.10") };
        let stop = OrderType::Stop { stop: price("1.5") };
        let stop_limit = OrderType::StopLimit {
            stop: price("1.5"),
            limit: price("1.4"),
        };
        let trail = OrderType::Trailing {
            by: TrailBy::Percent(Decimal::TWO),
        };
        const OPTION: &str = "AAPL 2026-12-18 150 C";
        for (instrument, quantity, kind, tif, want) in [
            (
                "AAPL",
                "10",
                OrderType::Market,
                TimeInForce::Day,
                r#""type":"market""#,
            ),
            (
                "AAPL",
                "0.5",
                OrderType::Market,
                TimeInForce::Day,
                r#""qty":"0.5""#,
            ),
            (
                "AAPL",
                "0.5",
                limit,
                TimeInForce::Day,
                "cannot do parts of a share",
            ),
            (
                "AAPL",
                "0.5",
                OrderType::Market,
                TimeInForce::Gtc,
                "cannot do parts of a share",
            ),
            ("AAPL", "10", trail, TimeInForce::Gtc, r#""trail_percent":"2""#),
            (
                "AAPL",
                "10",
                stop_limit,
                TimeInForce::Gtc,
                r#""limit_price":"1.4","stop_price":"1.5""#,
            ),
            (
                OPTION,
                "2",
                limit,
                TimeInForce::Day,
                r#""position_intent":"sell_to_close""#,
            ),
            (
                OPTION,
                "2",
                limit,
                TimeInForce::Gtc,
                "cannot do options beyond the day",
            ),
            (
                OPTION,
                "2",
                stop,
                TimeInForce::Day,
                "cannot do stop orders of options",
            ),
            (
                "BTC/USD",
                "0.015",
                limit,
                TimeInForce::Day,
                r#""time_in_force":"gtc""#,
            ),
            (
                "BTC/USD",
                "0.015",
                stop_limit,
                TimeInForce::Gtc,
                r#""symbol":"BTC/USD""#,
            ),
            (
                "BTC/USD",
                "0.015",
                stop,
                TimeInForce::Gtc,
                "cannot do stop-market",
            ),
            (
                "BTC/USD",
                "0.015",
                limit,
                TimeInForce::Fok,
                "cannot do fill-or-kill",
            ),
        ] {
            let got = text(&order(instrument, quantity, kind, tif)).unwrap_or_else(|e| e);
            assert!(got.contains(want), "{instrument} {kind:?} {tif:?}: {got}");
        }
        let mut early = order("AAPL", "10", OrderType::Market, TimeInForce::Day);
        early.extended_hours = true;
        assert!(text(&early).unwrap_err().contains("extended hours"));
        early.order_type = limit;
        assert!(text(&early).unwrap().contains(r#""extended_hours":true"#));
    }

    #[test]
    fn a_slice_is_one_pair_that_names_both_legs() {
        let mut target = order(
            "AAPL",
            "10",
            OrderType::Limit { limit: price("260") },
            TimeInForce::Gtc,
        );
        target.client_order_id = "oc-00000000000000000000000002".parse().unwrap();
        let stop = order(
            "AAPL",
            "10",
            OrderType::Stop { stop: price("240") },
            TimeInForce::Gtc,
        );
        let both = ProtectionSlice {
            stop: Some(stop.clone()),
            target: Some(target.clone()),
        };
        let sent = serde_json::to_string(&slice("lot_1", &both).unwrap().unwrap()).unwrap();
        for part in [
            r#""client_order_id":"oc-00000000000000000000000002.oc-00000000000000000000000001.lot_1""#,
            r#""order_class":"oco""#,
            r#""type":"limit""#,
            r#""take_profit":{"limit_price":"260"}"#,
            r#""stop_loss":{"stop_price":"240"}"#,
        ] {
            assert!(sent.contains(part), "{part} in {sent}");
        }
        let alone = ProtectionSlice {
            stop: Some(stop),
            target: None,
        };
        let sent = slice("lot_1", &alone).unwrap().unwrap();
        assert_eq!(sent.client_order_id, "oc-00000000000000000000000001.-.lot_1");
        assert_eq!(sent.order_class, None);
    }
}
