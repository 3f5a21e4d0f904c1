//! Decides how public market data is answered: symbols with their rules, prices, bars. Refuses to know who asks.

use ordercast_model::instrument::Instrument;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::binance::{
    no::No,
    route::Asked,
    rule,
    show::{millis, plain},
};

pub(super) fn info(asked: &mut Asked<'_>) -> Result<Value, No> {
    let wanted = asked.symbols()?;
    let engine = asked.floor.desk.engine();
    let market = engine.market();
    let all: Vec<&Instrument> = match &wanted {
        Some(some) => some.iter().collect(),
        None => rule::listed(market).collect(),
    };
    let symbols: Vec<Value> = all
        .iter()
        .map(|i| rule::shown(market, i, engine.trading(i)))
        .collect();
    Ok(json!({
        "timezone": "UTC", "serverTime": asked.clock,
        "rateLimits": [
            {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": asked.weight_limit},
            {"rateLimitType": "ORDERS", "interval": "SECOND", "intervalNum": 10, "limit": asked.orders_limit},
            {"rateLimitType": "ORDERS", "interval": "DAY", "intervalNum": 1, "limit": 200_000},
        ],
        "exchangeFilters": [], "symbols": symbols,
    }))
}

pub(super) fn day(asked: &mut Asked<'_>) -> Result<Value, No> {
    let clock = asked.clock;
    asked.each(|i| {
        let q = asked.floor.quote(i)?;
        let hundred = Decimal::ONE_HUNDRED;
        let before = hundred.checked_add(q.change).and_then(|c| q.last.checked_mul(hundred)?.checked_div(c));
        let before = before.unwrap_or(q.last);
        Ok(json!({
            "symbol": rule::name(i), "priceChange": plain(q.last.checked_sub(before).unwrap_or_default()),
            "priceChangePercent": format!("{:.3}", q.change), "weightedAvgPrice": plain(q.last), "prevClosePrice": plain(before),
            "lastPrice": plain(q.last), "lastQty": plain(q.bid_size), "bidPrice": plain(q.bid), "bidQty": plain(q.bid_size),
            "askPrice": plain(q.ask), "askQty": plain(q.ask_size), "openPrice": plain(before), "highPrice": plain(q.ask),
            "lowPrice": plain(q.bid), "volume": plain(q.volume), "quoteVolume": plain(q.volume.checked_mul(q.last).unwrap_or_default()),
            "openTime": clock - 86_400_000, "closeTime": clock, "firstId": 1, "lastId": 1, "count": 1,
        }))
    })
}

pub(super) fn last(asked: &mut Asked<'_>) -> Result<Value, No> {
    asked.each(|i| {
        let quote = asked.floor.quote(i)?;
        Ok(json!({"symbol": rule::name(i), "price": plain(quote.last)}))
    })
}

pub(super) fn best(asked: &mut Asked<'_>) -> Result<Value, No> {
    asked.each(|i| {
        let q = asked.floor.quote(i)?;
        Ok(json!({
            "symbol": rule::name(i), "bidPrice": plain(q.bid), "bidQty": plain(q.bid_size),
            "askPrice": plain(q.ask), "askQty": plain(q.ask_size),
        }))
    })
}

pub(super) fn klines(asked: &mut Asked<'_>) -> Result<Value, No> {
    if asked.text("interval") != Some("1m") {
        return Err(No::bad(-1120, "Invalid interval."));
    }
    let limit = usize::try_from(asked.whole("limit")?.unwrap_or(500)).unwrap_or(500);
    let symbol = asked.symbol()?;
    let bars = asked.floor.desk.engine().market().bars(&symbol, limit.min(1_000));
    let line = |bar: &crate::market::bar::Bar| {
        let opened = millis(bar.time);
        json!([
            opened,
            plain(bar.open),
            plain(bar.high),
            plain(bar.low),
            plain(bar.close),
            plain(bar.volume),
            opened + 59_999,
            plain(Decimal::ZERO),
            0,
            plain(Decimal::ZERO),
            plain(Decimal::ZERO),
            "0",
        ])
    };
    Ok(Value::Array(bars.iter().map(line).collect()))
}
