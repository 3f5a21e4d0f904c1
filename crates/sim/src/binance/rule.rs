//! Decides which symbols are listed and which rules they have, and whether an order keeps them, as Binance's filters say.
//! Refuses to look at an account.

use ordercast_model::instrument::{AssetClass, Instrument};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::{
    binance::{
        no::No,
        show::plain,
        ticket::{Kind, Wish},
    },
    market::exchange::Market,
    venue::order::Side,
};

/// What everything is paid in.
pub const QUOTE: &str = "USDT";
/// Smallest step of quantities.
const STEP: Decimal = Decimal::from_parts(1, 0, 0, false, 5);
/// Most units of one order.
const MOST: Decimal = Decimal::from_parts(9_000_000, 0, 0, false, 0);
/// Most units of one order at the market.
const MARKET_MOST: Decimal = Decimal::from_parts(100_000, 0, 0, false, 0);
/// Least and most value of an order.
const VALUE_LEAST: Decimal = Decimal::from_parts(5, 0, 0, false, 0);
const VALUE_MOST: Decimal = Decimal::from_parts(9_000_000, 0, 0, false, 0);
/// How far above and below the price a limit may be.
const UP: Decimal = Decimal::from_parts(5, 0, 0, false, 0);
const DOWN: Decimal = Decimal::from_parts(2, 0, 0, false, 1);

/// Their name of an instrument: `BTC/USD` is `BTCUSDT`.
#[must_use]
pub fn name(instrument: &Instrument) -> String {
    format!("{}{QUOTE}", instrument.underlying())
}

/// Everything that is listed: coins whose prices have eight places at most.
pub fn listed(market: &Market) -> impl Iterator<Item = &Instrument> {
    market
        .catalogue()
        .iter()
        .filter(|l| l.instrument.class() == AssetClass::Crypto && l.tick.scale() <= 8)
        .map(|l| &l.instrument)
}

/// What a symbol means.
///
/// # Errors
/// -1121.
pub fn resolve(market: &Market, symbol: &str) -> Result<Instrument, No> {
    listed(market)
        .find(|i| name(i) == symbol)
        .cloned()
        .ok_or_else(No::symbol)
}

fn tick(market: &Market, instrument: &Instrument) -> Decimal {
    market
        .catalogue()
        .get(instrument)
        .map_or(Decimal::new(1, 2), |l| l.tick)
}

/// A symbol as `exchangeInfo` shows it.
#[must_use]
pub fn shown(market: &Market, instrument: &Instrument, trading: bool) -> Value {
    let kinds: Vec<&str> = Kind::ALL.iter().map(|k| k.word()).collect();
    let tick = tick(market, instrument);
    json!({
        "symbol": name(instrument), "status": if trading { "TRADING" } else { "BREAK" },
        "baseAsset": instrument.underlying(), "baseAssetPrecision": 8, "quoteAsset": QUOTE,
        "quoteAssetPrecision": 8, "quotePrecision": 8, "baseCommissionPrecision": 8, "quoteCommissionPrecision": 8,
        "orderTypes": kinds, "icebergAllowed": false, "ocoAllowed": true, "otoAllowed": false,
        "quoteOrderQtyMarketAllowed": false, "allowTrailingStop": false, "cancelReplaceAllowed": false,
        "isSpotTradingAllowed": true, "isMarginTradingAllowed": false,
        "filters": [
            {"filterType": "PRICE_FILTER", "minPrice": plain(tick), "maxPrice": plain(Decimal::from(1_000_000)), "tickSize": plain(tick)},
            {"filterType": "LOT_SIZE", "minQty": plain(STEP), "maxQty": plain(MOST), "stepSize": plain(STEP)},
            {"filterType": "MARKET_LOT_SIZE", "minQty": plain(Decimal::ZERO), "maxQty": plain(MARKET_MOST), "stepSize": plain(Decimal::ZERO)},
            {"filterType": "PERCENT_PRICE_BY_SIDE", "bidMultiplierUp": UP.to_string(), "bidMultiplierDown": DOWN.to_string(),
             "askMultiplierUp": UP.to_string(), "askMultiplierDown": DOWN.to_string(), "avgPriceMins": 5},
            {"filterType": "NOTIONAL", "minNotional": plain(VALUE_LEAST), "applyMinToMarket": true,
             "maxNotional": plain(VALUE_MOST), "applyMaxToMarket": false, "avgPriceMins": 5},
        ],
        "permissions": [], "permissionSets": [["SPOT"]],
        "defaultSelfTradePreventionMode": "EXPIRE_MAKER", "allowedSelfTradePreventionModes": ["EXPIRE_MAKER"],
    })
}

fn on(value: Decimal, step: Decimal) -> bool {
    value.checked_rem(step) == Some(Decimal::ZERO)
}

/// Whether an order keeps the rules; `last` is the price of the last trade.
///
/// # Errors
/// -1013 with the name of the filter.
pub fn check(market: &Market, wish: &Wish, last: Decimal) -> Result<(), No> {
    let quantity = wish.quantity;
    if quantity < STEP || quantity > MOST || !on(quantity, STEP) {
        return Err(No::filter("LOT_SIZE"));
    }
    if !wish.kind.limited() && quantity > MARKET_MOST {
        return Err(No::filter("MARKET_LOT_SIZE"));
    }
    let tick = tick(market, &wish.symbol);
    for price in [wish.price, wish.stop].into_iter().flatten() {
        if price < tick || price > Decimal::from(1_000_000) || !on(price, tick) {
            return Err(No::filter("PRICE_FILTER"));
        }
    }
    if let Some(price) = wish.price {
        let bound = |factor: Decimal| last.checked_mul(factor).unwrap_or(last);
        if price > bound(UP) || price < bound(DOWN) {
            return Err(No::filter("PERCENT_PRICE_BY_SIDE"));
        }
    }
    let value = wish
        .price
        .unwrap_or(last)
        .checked_mul(quantity)
        .unwrap_or(VALUE_MOST);
    let limited = wish.kind.limited();
    if value < VALUE_LEAST || (limited && value > VALUE_MOST) {
        return Err(No::filter("NOTIONAL"));
    }
    Ok(())
}

/// Whether a level lies on the side from which it can be reached.
#[must_use]
pub fn waits(wish: &Wish, last: Decimal) -> bool {
    match (wish.stop, wish.side) {
        (Some(stop), Side::Sell) => stop < last,
        (Some(stop), Side::Buy) => stop > last,
        (None, _) => true,
    }
}
