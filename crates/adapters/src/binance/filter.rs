//! The rules of a symbol (`filters` of `exchangeInfo`). Decides before sending whether an order keeps them, and names the filter,
//! the value and what was expected when it does not. `PERCENT_PRICE` and counts of orders are left to the venue: they depend on
//! what only it knows.

use ordercast_model::{
    instrument::Instrument,
    market::InstrumentRules,
    order::shape::{OrderRequest, OrderType},
    ports::broker::{ErrorKind, Refusal},
};
use rust_decimal::Decimal;

use super::wire::{Filter, Symbol};

/// Eight places, which is the finest that Binance writes.
const FINEST: Decimal = Decimal::from_parts(1, 0, 0, false, 8);

/// A broken rule, as the venue would refuse it.
fn broken(filter: &str, why: String) -> Refusal {
    Refusal {
        kind: ErrorKind::InvalidOrder,
        code: "-1013".to_owned(),
        message: format!("Filter failure: {filter}: {why}"),
    }
}

fn set(value: Option<Decimal>) -> Option<Decimal> {
    value.filter(|v| !v.is_zero())
}

impl Symbol {
    fn filter(&self, kind: &str) -> Option<&Filter> {
        self.filters.iter().find(|f| f.filter_type == kind)
    }

    /// Whether orders are taken now.
    pub(super) fn trades(&self) -> bool {
        self.status.as_deref() == Some("TRADING") && self.is_spot_trading_allowed.unwrap_or(true)
    }

    /// Whether it takes a type of order.
    pub(super) fn takes(&self, kind: &str) -> bool {
        self.order_types.iter().any(|t| t == kind)
    }

    fn check_quantity(&self, name: &str, quantity: Decimal) -> Result<(), Refusal> {
        let Some(filter) = self.filter(name) else {
            return Ok(());
        };
        let what = &self.symbol;
        if let Some(least) = set(filter.min_qty).filter(|least| quantity < *least) {
            return Err(broken(
                name,
                format!("{what} expects at least {least}, got {quantity}"),
            ));
        }
        if let Some(most) = set(filter.max_qty).filter(|most| quantity > *most) {
            return Err(broken(
                name,
                format!("{what} expects at most {most}, got {quantity}"),
            ));
        }
        match set(filter.step_size) {
            Some(step) if quantity.checked_rem(step) != Some(Decimal::ZERO) => Err(broken(
                name,
                format!("{what} expects quantities in steps of {step}, got {quantity}"),
            )),
            _ => Ok(()),
        }
    }

    fn check_price(&self, field: &str, price: Decimal) -> Result<(), Refusal> {
        const NAME: &str = "PRICE_FILTER";
        let Some(filter) = self.filter(NAME) else {
            return Ok(());
        };
        let what = &self.symbol;
        if let Some(least) = set(filter.min_price).filter(|least| price < *least) {
            return Err(broken(
                NAME,
                format!("{what} expects a {field} of at least {least}, got {price}"),
            ));
        }
        if let Some(most) = set(filter.max_price).filter(|most| price > *most) {
            return Err(broken(
                NAME,
                format!("{what} expects a {field} of at most {most}, got {price}"),
            ));
        }
        match set(filter.tick_size) {
            Some(tick) if price.checked_rem(tick) != Some(Decimal::ZERO) => Err(broken(
                NAME,
                format!("{what} expects a {field} in steps of {tick}, got {price}"),
            )),
            _ => Ok(()),
        }
    }

    fn check_value(&self, price: Decimal, quantity: Decimal) -> Result<(), Refusal> {
        let Some(value) = price.checked_mul(quantity).map(|v| v.normalize()) else {
            return Err(broken("NOTIONAL", "price and quantity are too large".to_owned()));
        };
        let what = &self.symbol;
        for filter in &self.filters {
            let name = filter.filter_type.as_str();
            if !matches!(name, "MIN_NOTIONAL" | "NOTIONAL") {
                continue;
            }
            if let Some(least) = set(filter.min_notional).filter(|least| value < *least) {
                return Err(broken(
                    name,
                    format!("{what} expects a value of at least {least}, got {value}"),
                ));
            }
            if let Some(most) = set(filter.max_notional).filter(|most| value > *most) {
                return Err(broken(
                    name,
                    format!("{what} expects a value of at most {most}, got {value}"),
                ));
            }
        }
        Ok(())
    }

    /// Whether an order keeps the rules.
    ///
    /// # Errors
    /// The refusal that the venue would give, naming the filter.
    pub(super) fn check(&self, order: &OrderRequest) -> Result<(), Refusal> {
        if !self.trades() {
            return Err(Refusal {
                kind: ErrorKind::Restricted,
                code: "-1013".to_owned(),
                message: format!(
                    "{} does not trade now, its status is {}",
                    self.symbol,
                    self.status.as_deref().unwrap_or("not told")
                ),
            });
        }
        let quantity = order.quantity.value().normalize();
        self.check_quantity("LOT_SIZE", quantity)?;
        let (limit, stop) = match order.order_type {
            OrderType::Market | OrderType::Trailing { .. } => (None, None),
            OrderType::Limit { limit } => (Some(limit), None),
            OrderType::Stop { stop } => (None, Some(stop)),
            OrderType::StopLimit { stop, limit } => (Some(limit), Some(stop)),
        };
        if limit.is_none() {
            self.check_quantity("MARKET_LOT_SIZE", quantity)?;
        }
        if let Some(limit) = limit {
            self.check_price("limit price", limit.value())?;
        }
        if let Some(stop) = stop {
            self.check_price("stop price", stop.value())?;
        }
        match limit.or(stop) {
            Some(price) => self.check_value(price.value(), quantity),
            None => Ok(()),
        }
    }

    /// The step of quantities.
    pub(super) fn step(&self) -> Decimal {
        self.filter("LOT_SIZE")
            .and_then(|f| set(f.step_size))
            .unwrap_or(FINEST)
    }

    /// As the rest of the program knows the rules.
    pub(super) fn rules(&self, instrument: &Instrument) -> InstrumentRules {
        let lot = self.filter("LOT_SIZE");
        let least = self.filters.iter().filter_map(|f| set(f.min_notional)).max();
        InstrumentRules {
            instrument: instrument.clone(),
            tick: self
                .filter("PRICE_FILTER")
                .and_then(|f| set(f.tick_size))
                .unwrap_or(FINEST),
            lot: self.step(),
            quantity_min: lot.and_then(|f| set(f.min_qty)).unwrap_or(FINEST),
            notional_min: least.unwrap_or_default(),
            tradable: self.trades(),
            shortable: false,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::too_many_lines)]
    use ordercast_model::{order::shape::OrderSide, signal::instruction::TimeInForce};

    use super::*;

    const BTC: &str = r#"{"symbol":"BTCUSDT","status":"TRADING","baseAsset":"BTC","quoteAsset":"USDT",
        "orderTypes":["LIMIT","MARKET","STOP_LOSS_LIMIT"],"filters":[
        {"filterType":"PRICE_FILTER","minPrice":"0.01000000","maxPrice":"1000000.00000000","tickSize":"0.01000000"},
        {"filterType":"LOT_SIZE","minQty":"0.00001000","maxQty":"9000.00000000","stepSize":"0.00001000"},
        {"filterType":"MARKET_LOT_SIZE","minQty":"0.00000000","maxQty":"95.5","stepSize":"0.00000000"},
        {"filterType":"NOTIONAL","minNotional":"5.00000000","maxNotional":"9000000.00000000"}]}"#;

    #[test]
    fn a_broken_rule_is_named_with_what_was_given_and_expected() {
        let symbol: Symbol = serde_json::from_str(BTC).unwrap();
        let check = |quantity: &str, order_type: OrderType| {
            let order = OrderRequest {
                client_order_id: "oc-00000000000000000000000001".parse().unwrap(),
                instrument: "BTC/USDT".parse().unwrap(),
                side: OrderSide::Buy,
                quantity: quantity.parse().unwrap(),
                order_type,
                time_in_force: TimeInForce::Gtc,
                extended_hours: false,
                reduce_only: false,
            };
            symbol
                .check(&order)
                .map_err(|r| r.message)
                .err()
                .unwrap_or_default()
        };
        let limit = |price: &str| OrderType::Limit {
            limit: price.parse().unwrap(),
        };
        let stop_limit = OrderType::StopLimit {
            stop: "50000.001".parse().unwrap(),
            limit: "50000".parse().unwrap(),
        };
        for (quantity, kind, want) in [
            ("0.001", limit("50000"), ""),
            (
                "0.000015",
                limit("50000"),
                "LOT_SIZE: BTCUSDT expects quantities in steps of 0.00001, got 0.000015",
            ),
            (
                "0.000001",
                limit("50000"),
                "LOT_SIZE: BTCUSDT expects at least 0.00001, got 0.000001",
            ),
            ("9001", limit("50000"), "LOT_SIZE: BTCUSDT expects at most 9000"),
            (
                "96",
                OrderType::Market,
                "MARKET_LOT_SIZE: BTCUSDT expects at most 95.5, got 96",
            ),
            ("0.001", OrderType::Market, ""),
            (
                "0.001",
                limit("50000.001"),
                "PRICE_FILTER: BTCUSDT expects a limit price in steps of 0.01, got 50000.001",
            ),
            (
                "0.001",
                limit("2000000"),
                "PRICE_FILTER: BTCUSDT expects a limit price of at most 1000000",
            ),
            (
                "0.001",
                stop_limit,
                "PRICE_FILTER: BTCUSDT expects a stop price in steps of 0.01",
            ),
            (
                "0.0001",
                limit("49999"),
                "NOTIONAL: BTCUSDT expects a value of at least 5, got 4.9999",
            ),
        ] {
            let got = check(quantity, kind);
            assert!(
                got.contains(want) && got.is_empty() == want.is_empty(),
                "{quantity} {kind:?}: {got}"
            );
        }
        let rules = symbol.rules(&"BTC/USDT".parse().unwrap());
        assert_eq!(
            (rules.tick.to_string(), rules.lot.to_string()),
            ("0.01".to_owned(), "0.00001".to_owned())
        );
        assert_eq!(rules.notional_min, Decimal::from(5));
        let halted = Symbol {
            status: Some("BREAK".to_owned()),
            ..symbol
        };
        assert!(!halted.rules(&rules.instrument).tradable);
    }
}
