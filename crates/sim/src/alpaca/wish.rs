//! Decides whether the body of an order makes sense by Alpaca's rules for its asset class. Refuses to look at money.

use ordercast_model::{
    instrument::{AssetClass, Instrument},
    money,
};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::Value;

use crate::{
    alpaca::{
        check,
        problem::Problem,
        ticket::{Class, Force, Terms},
    },
    venue::order::{Kind, Side, Trail},
};

/// Longest client order id.
pub const CLIENT_ID_LENGTH_MAX: usize = 128;
/// Most places of a quantity or an amount.
const PLACES_MAX: u32 = 9;

/// The body of `POST /v2/orders`. Amounts may be strings or JSON numbers; what is not known is passed over.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct OrderBody {
    pub symbol: Option<String>,
    pub qty: Option<Value>,
    pub notional: Option<Value>,
    pub side: Option<String>,
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub time_in_force: Option<String>,
    pub limit_price: Option<Value>,
    pub stop_price: Option<Value>,
    pub trail_price: Option<Value>,
    pub trail_percent: Option<Value>,
    pub extended_hours: Option<bool>,
    pub client_order_id: Option<String>,
    pub order_class: Option<String>,
    pub take_profit: Option<LegBody>,
    pub stop_loss: Option<LegBody>,
    pub position_intent: Option<String>,
    pub legs: Option<Value>,
    pub advanced_instructions: Option<Value>,
}

/// `take_profit` or `stop_loss`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct LegBody {
    pub limit_price: Option<Value>,
    pub stop_price: Option<Value>,
}

/// The body of `PATCH /v2/orders/{id}`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct PatchBody {
    pub qty: Option<Value>,
    pub notional: Option<Value>,
    pub time_in_force: Option<String>,
    pub limit_price: Option<Value>,
    pub stop_price: Option<Value>,
    pub trail: Option<Value>,
    pub client_order_id: Option<String>,
}

/// One order, or one with legs: the first is the order itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// Theirs.
    pub client_order_id: Option<String>,
    /// How they go together.
    pub class: Class,
    /// The order.
    pub main: Terms,
    /// Target and stop, as far as there are any.
    pub legs: Vec<Terms>,
}

/// A positive amount, as a string or a JSON number.
///
/// # Errors
/// 422.
pub fn amount(field: &str, value: Option<&Value>) -> Result<Option<Decimal>, Problem> {
    let text = match value {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) if text.is_empty() => return Ok(None),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        Some(_) => return Err(Problem::invalid(format!("{field} must be a number"))),
    };
    let number = money::parse(&text).map_err(|_| Problem::invalid(format!("{field} must be a number")))?;
    if number <= Decimal::ZERO {
        return Err(Problem::invalid(format!("{field} must be > 0")));
    }
    Ok(Some(number))
}

/// A client order id that can be kept.
///
/// # Errors
/// 422.
pub fn client_id(id: Option<&str>) -> Result<Option<String>, Problem> {
    match id.filter(|id| !id.is_empty()) {
        Some(id) if id.chars().count() > CLIENT_ID_LENGTH_MAX => Err(Problem::invalid(format!(
            "client_order_id must be no more than {CLIENT_ID_LENGTH_MAX} characters"
        ))),
        id => Ok(id.map(str::to_owned)),
    }
}

/// Refuses prices between the steps: whole cents from one dollar on, and for coins the step of the pair.
///
/// # Errors
/// 422.
pub fn priced(field: &str, price: Option<Decimal>, symbol: &Instrument) -> Result<(), Problem> {
    let Some(price) = price else { return Ok(()) };
    if symbol.class() != AssetClass::Crypto && price.normalize().scale() > 2 {
        return Err(Problem::unprocessable(format!(
            "invalid {field} {price}. sub-penny increment does not fulfill minimum pricing criteria"
        )));
    }
    Ok(())
}

impl OrderBody {
    /// The order this body asks for, `symbol` being what its name was found to mean.
    ///
    /// # Errors
    /// 422, one fault at a time as theirs.
    pub fn read(&self, symbol: Instrument) -> Result<Wish, Problem> {
        if self.advanced_instructions.as_ref().is_some_and(|v| !v.is_null()) {
            return Err(Problem::unprocessable(
                "advanced_instructions are not enabled for this account",
            ));
        }
        if self.legs.as_ref().is_some_and(|v| !v.is_null()) {
            return Err(Problem::unprocessable(
                "multi-leg orders are not enabled for this account",
            ));
        }
        let class = self.class(&symbol)?;
        let main = self.terms(symbol, class)?;
        check::class(&main, class)?;
        match main.symbol.class() {
            AssetClass::Option => check::option(&main)?,
            AssetClass::Crypto => check::coin(&main)?,
            _ => check::share(&main, class)?,
        }
        let legs = if class.is_complex() {
            self.attached(&main, class)?
        } else {
            Vec::new()
        };
        Ok(Wish {
            client_order_id: client_id(self.client_order_id.as_deref())?,
            class,
            main,
            legs,
        })
    }

    fn class(&self, symbol: &Instrument) -> Result<Class, Problem> {
        let class = match self.order_class.as_deref().unwrap_or_default() {
            "" if symbol.class() == AssetClass::Option => Class::Simple,
            "" => Class::Plain,
            "simple" => Class::Simple,
            "bracket" => Class::Bracket,
            "oco" => Class::Oco,
            "oto" => Class::Oto,
            "mleg" => {
                return Err(Problem::unprocessable(
                    "multi-leg orders are not enabled for this account",
                ));
            }
            other => return Err(Problem::invalid(format!("invalid order_class: {other}"))),
        };
        if class.is_complex() && symbol.class() != AssetClass::Equity {
            let what = if symbol.class() == AssetClass::Crypto {
                "crypto"
            } else {
                "options trading"
            };
            return Err(Problem::unprocessable(format!(
                "complex orders not supported for {what}"
            )));
        }
        if !class.is_complex() && (self.take_profit.is_some() || self.stop_loss.is_some()) {
            return Err(Problem::invalid(
                "take_profit and stop_loss are only for bracket, oco and oto orders",
            ));
        }
        Ok(class)
    }

    fn terms(&self, symbol: Instrument, class: Class) -> Result<Terms, Problem> {
        let side = match self.side.as_deref() {
            Some("buy") => Side::Buy,
            Some("sell") => Side::Sell,
            _ => return Err(Problem::invalid("side must be buy or sell")),
        };
        let kind = kind(self.kind.as_deref())?;
        let force = force(self.time_in_force.as_deref())?;
        let mut limit = amount("limit_price", self.limit_price.as_ref())?;
        if class == Class::Oco {
            let target = self.take_profit.as_ref().and_then(|t| t.limit_price.as_ref());
            limit = amount("take_profit.limit_price", target)?.or(limit);
        }
        let stop = amount("stop_price", self.stop_price.as_ref())?;
        let trail = match (
            amount("trail_price", self.trail_price.as_ref())?,
            amount("trail_percent", self.trail_percent.as_ref())?,
        ) {
            (None, None) => None,
            (Some(price), None) => Some(Trail::Amount(price)),
            (None, Some(percent)) => Some(Trail::Percent(percent)),
            _ => {
                return Err(Problem::invalid(
                    "only one of trail_price and trail_percent is allowed",
                ));
            }
        };
        check::needs(kind, limit, stop, trail)?;
        priced("limit_price", limit, &symbol)?;
        priced("stop_price", stop, &symbol)?;
        let quantity = amount("qty", self.qty.as_ref())?;
        let notional = amount("notional", self.notional.as_ref())?;
        let quantity = match (quantity, notional) {
            (Some(_), Some(_)) => return Err(Problem::invalid("only one of qty or notional is accepted")),
            (None, None) => return Err(Problem::invalid("qty or notional is required")),
            (Some(quantity), None) => quantity,
            (None, Some(_)) => Decimal::ZERO,
        };
        if [Some(quantity), notional]
            .iter()
            .flatten()
            .any(|n| n.scale() > PLACES_MAX)
        {
            return Err(Problem::invalid("qty and notional take at most 9 decimal places"));
        }
        Ok(Terms {
            symbol,
            side,
            kind,
            force,
            quantity,
            notional,
            limit,
            stop,
            trail,
            extended: self.extended_hours.unwrap_or(false),
            intent: self.position_intent.clone(),
        })
    }

    /// Target and stop that go with the order; for a pair, the stop alone: the order itself is the target.
    fn attached(&self, main: &Terms, class: Class) -> Result<Vec<Terms>, Problem> {
        let name = class.word();
        let target = match &self.take_profit {
            Some(leg) => amount("take_profit.limit_price", leg.limit_price.as_ref())?,
            None => None,
        };
        let (stop, stop_limit) = match &self.stop_loss {
            Some(leg) => (
                amount("stop_loss.stop_price", leg.stop_price.as_ref())?,
                amount("stop_loss.limit_price", leg.limit_price.as_ref())?,
            ),
            None => (None, None),
        };
        priced("take_profit.limit_price", target, &main.symbol)?;
        priced("stop_loss.stop_price", stop, &main.symbol)?;
        priced("stop_loss.limit_price", stop_limit, &main.symbol)?;
        if stop_limit.is_some() && stop.is_none() {
            return Err(Problem::invalid("stop_loss.stop_price is required"));
        }
        let expected = match class {
            Class::Bracket => target.is_some() && stop.is_some(),
            Class::Oco => (target.is_some() || main.limit.is_some()) && stop.is_some(),
            _ => target.is_some() != stop.is_some(),
        };
        if !expected {
            let text = match class {
                Class::Bracket => "bracket orders require take_profit.limit_price and stop_loss.stop_price",
                Class::Oco => "oco orders require take_profit.limit_price and stop_loss.stop_price",
                _ => "oto orders require either take_profit.limit_price or stop_loss.stop_price",
            };
            return Err(Problem::invalid(text));
        }
        let side = if class == Class::Oco {
            main.side
        } else {
            main.side.opposite()
        };
        let leg = |kind, limit, stop| Terms {
            side,
            kind,
            limit,
            stop,
            trail: None,
            intent: None,
            ..main.clone()
        };
        if let (Some(target), Some(stop)) = (target.or(main.limit.filter(|_| class == Class::Oco)), stop) {
            let apart = match side {
                Side::Sell => target > stop,
                Side::Buy => target < stop,
            };
            if !apart {
                let word = if side == Side::Sell { "greater" } else { "less" };
                return Err(Problem::invalid(format!(
                    "{name}: take_profit.limit_price must be {word} than stop_loss.stop_price"
                )));
            }
        }
        let mut legs = Vec::new();
        if let (Some(target), false) = (target, class == Class::Oco) {
            legs.push(leg(Kind::Limit, Some(target), None));
        }
        if let Some(stop) = stop {
            let kind = if stop_limit.is_some() {
                Kind::StopLimit
            } else {
                Kind::Stop
            };
            legs.push(leg(kind, stop_limit, Some(stop)));
        }
        Ok(legs)
    }
}

fn kind(word: Option<&str>) -> Result<Kind, Problem> {
    match word {
        Some("market") => Ok(Kind::Market),
        Some("limit") => Ok(Kind::Limit),
        Some("stop") => Ok(Kind::Stop),
        Some("stop_limit") => Ok(Kind::StopLimit),
        Some("trailing_stop") => Ok(Kind::TrailingStop),
        Some(other) => Err(Problem::invalid(format!("invalid type: {other}"))),
        None => Err(Problem::invalid("type is required")),
    }
}

/// How long an order works.
///
/// # Errors
/// 422; also for the auctions, which this market does not have.
pub fn force(word: Option<&str>) -> Result<Force, Problem> {
    match word {
        Some("day") => Ok(Force::Day),
        Some("gtc") => Ok(Force::Gtc),
        Some("ioc") => Ok(Force::Ioc),
        Some("fok") => Ok(Force::Fok),
        Some(word @ ("opg" | "cls")) => Err(Problem::unprocessable(format!(
            "time_in_force {word}: this market has no auctions"
        ))),
        Some(other) => Err(Problem::invalid(format!("invalid time_in_force: {other}"))),
        None => Err(Problem::invalid("time_in_force is required")),
    }
}
