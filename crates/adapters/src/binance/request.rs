//! Decides how an order of ours is put to Binance, and refuses by name what Binance cannot take: nothing turns into another
//! kind of order (PRODUCT BR-03).

use ordercast_model::{
    order::shape::{OrderRequest, OrderSide, OrderType, ProtectionSlice},
    ports::broker::{ErrorKind, Refusal},
    signal::instruction::TimeInForce,
};
use rust_decimal::Decimal;
use sha2::{Digest, Sha256};

use super::{client::Params, wire::Symbol};

/// Where a single order is put.
pub(super) const ORDER: &str = "api/v3/order";
/// Where a pair is put of which one cancels the other.
const OCO: &str = "api/v3/orderList/oco";

/// Why Binance cannot take a request of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Binance cannot do {0}")]
pub(super) struct Unsupported(pub(super) String);

impl Unsupported {
    pub(super) fn refusal(&self) -> Refusal {
        Refusal {
            kind: ErrorKind::Unsupported,
            code: "unsupported_order".to_owned(),
            message: self.to_string(),
        }
    }
}

/// A number as Binance reads it.
fn plain(value: Decimal) -> String {
    value.normalize().to_string()
}

const fn side(order: &OrderRequest) -> &'static str {
    match order.side {
        OrderSide::Buy => "BUY",
        OrderSide::Sell => "SELL",
    }
}

/// Coins have no trading day: what is meant for the day ends when Ordercast ends it.
const fn time_in_force(order: &OrderRequest) -> &'static str {
    match order.time_in_force {
        TimeInForce::Day | TimeInForce::Gtc => "GTC",
        TimeInForce::Ioc => "IOC",
        TimeInForce::Fok => "FOK",
    }
}

/// The vendor's type, when the symbol takes it.
fn kind(order: &OrderRequest, symbol: &Symbol) -> Result<&'static str, Unsupported> {
    let kind = match order.order_type {
        OrderType::Market => "MARKET",
        OrderType::Limit { .. } => "LIMIT",
        OrderType::Stop { .. } => "STOP_LOSS",
        OrderType::StopLimit { .. } => "STOP_LOSS_LIMIT",
        OrderType::Trailing { .. } => return Err(Unsupported("trailing stops".to_owned())),
    };
    if symbol.takes(kind) {
        Ok(kind)
    } else {
        Err(Unsupported(format!("{kind} orders of {}", symbol.symbol)))
    }
}

/// A mark of the group an order protects; Binance keeps it as `strategyId` and shows it with the order.
pub(super) fn mark(group: &str) -> i64 {
    let digest = Sha256::digest(group.as_bytes());
    let number = digest
        .iter()
        .take(6)
        .fold(0_i64, |sum, byte| (sum << 8) | i64::from(*byte));
    number.max(1)
}

/// An order that stands for itself; `group` when it protects one.
pub(super) fn place(
    order: &OrderRequest,
    symbol: &Symbol,
    group: Option<&str>,
) -> Result<Params, Unsupported> {
    if order.extended_hours {
        return Err(Unsupported("extended hours".to_owned()));
    }
    let kind = kind(order, symbol)?;
    let mut out: Params = vec![
        ("symbol", symbol.symbol.clone()),
        ("side", side(order).to_owned()),
        ("type", kind.to_owned()),
    ];
    let (limit, stop) = match order.order_type {
        OrderType::Limit { limit } => (Some(limit), None),
        OrderType::Stop { stop } => (None, Some(stop)),
        OrderType::StopLimit { stop, limit } => (Some(limit), Some(stop)),
        OrderType::Market | OrderType::Trailing { .. } => (None, None),
    };
    if limit.is_some() {
        out.push(("timeInForce", time_in_force(order).to_owned()));
    }
    out.push(("quantity", plain(order.quantity.value())));
    if let Some(limit) = limit {
        out.push(("price", plain(limit.value())));
    }
    out.push(("newClientOrderId", order.client_order_id.to_string()));
    if let Some(group) = group {
        out.push(("strategyId", mark(group).to_string()));
    }
    if let Some(stop) = stop {
        out.push(("stopPrice", plain(stop.value())));
    }
    out.push(("newOrderRespType", "FULL".to_owned()));
    Ok(out)
}

/// One slice of protection as it is put: the path, the parameters, how many orders it is.
pub(super) struct Put {
    pub(super) path: &'static str,
    pub(super) params: Params,
    pub(super) orders: u32,
}

/// One slice of protection: a pair of which one cancels the other, or the one that there is. None for an empty slice.
pub(super) fn slice(
    group: &str,
    slice: &ProtectionSlice,
    symbol: &Symbol,
) -> Result<Option<Put>, Unsupported> {
    let (stop, target) = match (&slice.stop, &slice.target) {
        (None, None) => return Ok(None),
        (Some(one), None) | (None, Some(one)) => {
            return Ok(Some(Put {
                path: ORDER,
                params: place(one, symbol, Some(group))?,
                orders: 1,
            }));
        }
        (Some(stop), Some(target)) => (stop, target),
    };
    if symbol.oco_allowed == Some(false) {
        return Err(Unsupported(format!(
            "one-cancels-other pairs of {}",
            symbol.symbol
        )));
    }
    if stop.quantity != target.quantity {
        return Err(Unsupported(
            "a stop and a target of different quantities".to_owned(),
        ));
    }
    let OrderType::Limit { limit } = target.order_type else {
        return Err(Unsupported("a target other than a limit order".to_owned()));
    };
    let stop_kind = kind(stop, symbol)?;
    let (trigger, floor) = match stop.order_type {
        OrderType::Stop { stop } => (stop, None),
        OrderType::StopLimit { stop, limit } => (stop, Some(limit)),
        _ => return Err(Unsupported("a protective stop without a trigger".to_owned())),
    };
    // The target of a sale lies above the market and its stop below; of a purchase the other way round.
    let sells = stop.side == OrderSide::Sell;
    let names = |above: bool| if above { ABOVE } else { BELOW };
    let (of_target, of_stop) = (names(sells), names(!sells));
    let mark = mark(group).to_string();
    let mut params: Params = vec![
        ("symbol", symbol.symbol.clone()),
        ("side", side(stop).to_owned()),
        ("quantity", plain(stop.quantity.value())),
        (of_target.kind, "LIMIT_MAKER".to_owned()),
        (of_target.id, target.client_order_id.to_string()),
        (of_target.price, plain(limit.value())),
        (of_target.strategy, mark.clone()),
        (of_stop.kind, stop_kind.to_owned()),
        (of_stop.id, stop.client_order_id.to_string()),
        (of_stop.stop, plain(trigger.value())),
        (of_stop.strategy, mark),
        ("newOrderRespType", "FULL".to_owned()),
    ];
    if let Some(floor) = floor {
        params.push((of_stop.price, plain(floor.value())));
        params.push((of_stop.force, "GTC".to_owned()));
    }
    Ok(Some(Put {
        path: OCO,
        params,
        orders: 2,
    }))
}

/// The parameters of one leg of a pair.
struct Names {
    kind: &'static str,
    id: &'static str,
    price: &'static str,
    stop: &'static str,
    force: &'static str,
    strategy: &'static str,
}

const ABOVE: Names = Names {
    kind: "aboveType",
    id: "aboveClientOrderId",
    price: "abovePrice",
    stop: "aboveStopPrice",
    force: "aboveTimeInForce",
    strategy: "aboveStrategyId",
};
const BELOW: Names = Names {
    kind: "belowType",
    id: "belowClientOrderId",
    price: "belowPrice",
    stop: "belowStopPrice",
    force: "belowTimeInForce",
    strategy: "belowStrategyId",
};
