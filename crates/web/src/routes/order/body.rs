//! A manual order as it is sent, and what came of it.

use chrono::NaiveDate;
use ordercast_app::manual::{Given, ManualOrder, ManualOutcome};
use ordercast_model::{
    gate::OnCap,
    instrument::Right,
    money::{self, Price},
    order::{
        shape::{OrderSide, OrderType},
        state::OrderState,
    },
    signal::instruction::{Action, StopLevel, Target, TargetLevel, TimeInForce, TrailBy, Trailing},
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    errors::ApiError,
    view::{code, order::OrderView, risk::BreachView},
};

/// A stop or target level.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LevelBody {
    /// `price`, `percent` (of the entry), `offset` (in price; stops only) or `break_even` (stops only).
    pub kind: code::LevelKind,
    /// Price, per cent or distance; left out for break-even.
    pub value: Option<String>,
}

/// A target with its share.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TargetBody {
    /// Where: `price` or `percent`.
    pub level: LevelBody,
    /// Share of the position, per cent; left out = equal shares.
    pub split_pct: Option<String>,
}

/// A trailing stop.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TrailingBody {
    /// Distance: `percent` or `offset`.
    pub by: LevelBody,
    /// Price from which it trails.
    pub from: Option<String>,
}

/// How a filled entry is protected. Without a stop the automatic one of the limits is added.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ProtectionBody {
    /// Stop.
    pub stop: Option<LevelBody>,
    /// Up to six targets.
    pub targets: Vec<TargetBody>,
    /// Trailing stop.
    pub trailing: Option<TrailingBody>,
}

/// An option contract.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OptionBody {
    /// What it is an option on.
    #[schema(example = "AAPL", max_length = 16)]
    pub underlying: String,
    /// Last day.
    #[schema(value_type = String, format = Date, example = "2026-12-18")]
    pub expiry: NaiveDate,
    /// Strike price.
    #[schema(example = "150")]
    pub strike: String,
    /// `C` or `P`.
    #[schema(value_type = String, pattern = "^[CP]$", example = "C")]
    pub right: Right,
}

/// A manual order. Either `symbol` or `option`; exactly one of `quantity`, `notional` and `percent`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderBody {
    /// Where; left out = the default connection of the asset class.
    pub connection_id: Option<String>,
    /// Any spelling the venue takes: `AAPL`, `BTC/USD`, `AAPL 2026-12-18 150 C`.
    #[schema(example = "AAPL", max_length = 64)]
    pub symbol: Option<String>,
    /// An option contract instead of a symbol.
    pub option: Option<OptionBody>,
    /// Which way. Selling what is held closes it.
    #[schema(value_type = code::OrderSide)]
    pub side: OrderSide,
    /// What it is meant to do. When given, an order that would do something else is refused.
    pub action: Option<code::ManualAction>,
    /// How: `market`, `limit`, `stop` or `stop_limit`.
    pub order_type: code::OrderKind,
    /// Shares, contracts, coins.
    pub quantity: Option<String>,
    /// Money.
    pub notional: Option<String>,
    /// Per cent of equity.
    pub percent: Option<String>,
    /// Limit price.
    pub limit_price: Option<String>,
    /// Trigger price.
    pub stop_price: Option<String>,
    /// Protection of the filled entry.
    pub protection: Option<ProtectionBody>,
    /// How long it works.
    #[schema(value_type = Option<code::TimeInForce>)]
    pub time_in_force: Option<TimeInForce>,
    /// Outside regular hours, too, where the venue allows.
    #[serde(default)]
    pub extended_hours: bool,
    /// What a cap does; `reject` when left out.
    #[schema(value_type = Option<code::OnCap>)]
    pub on_cap: Option<OnCap>,
    /// Words of your own, kept and shown with the order: one line.
    #[schema(max_length = 200, example = "Breakout over the high of the day")]
    pub note: Option<String>,
}

fn number(field: &'static str, text: Option<&str>) -> Result<Option<Decimal>, ApiError> {
    text.map(money::parse)
        .transpose()
        .map_err(|e| ApiError::invalid(field, e.to_string()))
}

fn price(field: &'static str, text: Option<&str>) -> Result<Price, ApiError> {
    let text = text.ok_or_else(|| ApiError::invalid(field, "expected a price for this order type"))?;
    text.parse()
        .map_err(|e: money::MoneyError| ApiError::invalid(field, e.to_string()))
}

fn shape(body: &OrderBody) -> Result<OrderType, ApiError> {
    let limit = || price("limit_price", body.limit_price.as_deref());
    let stop = || price("stop_price", body.stop_price.as_deref());
    let (made, takes_limit, takes_stop) = match body.order_type {
        code::OrderKind::Market => (OrderType::Market, false, false),
        code::OrderKind::Limit => (OrderType::Limit { limit: limit()? }, true, false),
        code::OrderKind::Stop => (OrderType::Stop { stop: stop()? }, false, true),
        code::OrderKind::StopLimit => (
            OrderType::StopLimit {
                stop: stop()?,
                limit: limit()?,
            },
            true,
            true,
        ),
        code::OrderKind::Trailing => {
            return Err(ApiError::invalid(
                "order_type",
                "expected market, limit, stop or stop_limit; a trailing stop belongs in protection",
            ));
        }
    };
    if body.limit_price.is_some() && !takes_limit {
        return Err(ApiError::invalid(
            "limit_price",
            "this order type takes no limit price",
        ));
    }
    if body.stop_price.is_some() && !takes_stop {
        return Err(ApiError::invalid(
            "stop_price",
            "this order type takes no stop price",
        ));
    }
    Ok(made)
}

/// The one name of what is ordered.
fn symbol(text: Option<&str>, option: Option<&OptionBody>) -> Result<String, ApiError> {
    let given = match (text.map(str::trim), option) {
        (Some(_), Some(_)) => return Err(ApiError::invalid("option", "give either symbol or option")),
        (None | Some(""), None) => {
            return Err(ApiError::invalid(
                "symbol",
                "expected a symbol such as AAPL, or an option",
            ));
        }
        (Some(text), None) => return Ok(text.to_owned()),
        (None, Some(option)) => option,
    };
    let underlying = given.underlying.trim();
    if underlying.is_empty() || underlying.contains(char::is_whitespace) {
        return Err(ApiError::invalid(
            "option.underlying",
            "expected a symbol such as AAPL",
        ));
    }
    let strike = price("option.strike", Some(&given.strike))?;
    Ok(format!(
        "{underlying} {} {strike} {}",
        given.expiry,
        given.right.letter()
    ))
}

fn stop_level(level: &LevelBody) -> Result<StopLevel, ApiError> {
    let field = "protection.stop.value";
    let text = level.value.as_deref();
    let figure = || number(field, text)?.ok_or_else(|| ApiError::invalid(field, "expected a number"));
    Ok(match level.kind {
        code::LevelKind::Price => StopLevel::At(price(field, text)?),
        code::LevelKind::Percent => StopLevel::Percent(figure()?),
        code::LevelKind::Offset => StopLevel::Offset(figure()?),
        code::LevelKind::BreakEven => StopLevel::BreakEven,
        code::LevelKind::Pips => {
            return Err(ApiError::invalid(
                "protection.stop.kind",
                "expected price, percent, offset or break_even",
            ));
        }
    })
}

fn target(body: &TargetBody) -> Result<Target, ApiError> {
    let field = "protection.targets.level.value";
    let text = body.level.value.as_deref();
    let level = match body.level.kind {
        code::LevelKind::Price => TargetLevel::At(price(field, text)?),
        code::LevelKind::Percent => {
            let figure = number(field, text)?.ok_or_else(|| ApiError::invalid(field, "expected a number"))?;
            TargetLevel::Percent(figure)
        }
        _ => {
            return Err(ApiError::invalid(
                "protection.targets.level.kind",
                "expected price or percent",
            ));
        }
    };
    Ok(Target {
        level,
        split_pct: number("protection.targets.split_pct", body.split_pct.as_deref())?,
    })
}

fn trailing(body: &TrailingBody) -> Result<Trailing, ApiError> {
    let field = "protection.trailing.by.value";
    let figure = number(field, body.by.value.as_deref())?
        .filter(|v| *v > Decimal::ZERO)
        .ok_or_else(|| ApiError::invalid(field, "expected a number above 0"))?;
    let by = match body.by.kind {
        code::LevelKind::Percent => TrailBy::Percent(figure),
        code::LevelKind::Offset => TrailBy::Amount(figure),
        _ => {
            return Err(ApiError::invalid(
                "protection.trailing.by.kind",
                "expected percent or offset",
            ));
        }
    };
    let from = match body.from.as_deref() {
        Some(text) => Some(price("protection.trailing.from", Some(text))?),
        None => None,
    };
    Ok(Trailing { by, from })
}

impl OrderBody {
    /// As the use case takes it.
    ///
    /// # Errors
    /// Names the first field that cannot be read.
    pub fn read(self) -> Result<ManualOrder, ApiError> {
        let order_type = shape(&self)?;
        let protection = self.protection.unwrap_or_default();
        if protection.targets.len() > 6 {
            return Err(ApiError::invalid(
                "protection.targets",
                "expected at most 6 targets",
            ));
        }
        let connection_id = match &self.connection_id {
            Some(text) => Some(text.parse().map_err(|_| ApiError::NotFound)?),
            None => None,
        };
        Ok(ManualOrder {
            given: Given::Hand,
            connection_id,
            symbol: symbol(self.symbol.as_deref(), self.option.as_ref())?,
            side: self.side,
            action: self.action.map(|action| match action {
                code::ManualAction::Open => Action::Open,
                code::ManualAction::Add => Action::Add,
                code::ManualAction::Reduce => Action::Reduce,
                code::ManualAction::Close => Action::Close,
            }),
            order_type,
            quantity: number("quantity", self.quantity.as_deref())?,
            notional: number("notional", self.notional.as_deref())?,
            percent: number("percent", self.percent.as_deref())?,
            stop: protection.stop.as_ref().map(stop_level).transpose()?,
            targets: protection.targets.iter().map(target).collect::<Result<_, _>>()?,
            trailing: protection.trailing.as_ref().map(trailing).transpose()?,
            time_in_force: self.time_in_force,
            extended_hours: self.extended_hours,
            on_cap: self.on_cap.unwrap_or(OnCap::Reject),
            note: self
                .note
                .map(|text| text.trim().to_owned())
                .filter(|text| !text.is_empty()),
        })
    }
}

/// What came of a manual order or a close.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OutcomeView {
    /// Orders as decided.
    pub orders: Vec<OrderView>,
    /// Why they are smaller than asked.
    pub reductions: Vec<BreachView>,
    /// Remarks.
    pub notes: Vec<BreachView>,
    /// One sentence.
    pub message: String,
}

impl From<ManualOutcome> for OutcomeView {
    fn from(outcome: ManualOutcome) -> Self {
        Self {
            orders: outcome.orders.into_iter().map(OrderView::from).collect(),
            reductions: outcome.reductions.into_iter().map(BreachView::from).collect(),
            notes: outcome.notes.into_iter().map(BreachView::from).collect(),
            message: outcome.message,
        }
    }
}

/// Whether something waits or is not known yet: then the answer is 202.
#[must_use]
pub fn waits(outcome: &ManualOutcome) -> bool {
    let waiting = [
        OrderState::Queued,
        OrderState::Unknown,
        OrderState::PendingApproval,
    ];
    outcome.orders.iter().any(|order| waiting.contains(&order.state))
}
