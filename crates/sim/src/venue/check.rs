//! Decides whether an order makes sense on its own: its fields, its steps, its levels. Refuses to look at money.

use ordercast_model::money;
use rust_decimal::Decimal;

use crate::venue::{
    engine::Rule,
    order::{Kind, OrderRequest, TimeInForce, Trail},
    refusal::{Code, Refusal},
};

/// Whether a text can be a client order id or a group's id.
#[must_use]
pub fn id_ok(id: &str) -> bool {
    (1..=64).contains(&id.len())
        && id
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_.:".contains(&b))
}

/// Checks an id by the field it came in.
///
/// # Errors
/// `invalid_order`.
pub fn id(field: &'static str, value: &str) -> Result<(), Refusal> {
    if id_ok(value) {
        Ok(())
    } else {
        Err(Refusal::field(field, "expected 1 to 64 of A-Z a-z 0-9 - _ . :"))
    }
}

fn on_step(value: Decimal, step: Decimal) -> bool {
    money::floor_to(value, step).is_ok_and(|floor| floor == value.normalize())
}

/// Checks a quantity against lot and bounds.
///
/// # Errors
/// `invalid_order` at `quantity`.
pub fn quantity(value: Decimal, rule: &Rule) -> Result<(), Refusal> {
    if value <= Decimal::ZERO {
        return Err(Refusal::field(
            "quantity",
            format!("expected above 0, got {value}"),
        ));
    }
    if value > rule.quantity_max {
        return Err(Refusal::field(
            "quantity",
            format!("expected at most {}, got {value}", rule.quantity_max),
        ));
    }
    if !on_step(value, rule.lot) {
        return Err(Refusal::field(
            "quantity",
            format!("expected a multiple of {}, got {value}", rule.lot),
        ));
    }
    Ok(())
}

/// Checks a price against the tick.
///
/// # Errors
/// `invalid_order` at the field.
pub fn price(field: &'static str, value: Decimal, rule: &Rule) -> Result<(), Refusal> {
    if value <= Decimal::ZERO || value > Decimal::from(100_000_000) {
        return Err(Refusal::field(
            field,
            format!("expected above 0 and at most 100000000, got {value}"),
        ));
    }
    if !on_step(value, rule.tick) {
        return Err(Refusal::field(
            field,
            format!("expected a multiple of the tick {}, got {value}", rule.tick),
        ));
    }
    Ok(())
}

/// Checks a trailing distance.
///
/// # Errors
/// `invalid_order` at `trail_percent` or `trail_amount`.
pub fn trail(value: Trail, rule: &Rule) -> Result<(), Refusal> {
    match value {
        Trail::Amount(amount) => price("trail_amount", amount, rule),
        Trail::Percent(percent) if percent <= Decimal::ZERO || percent >= Decimal::ONE_HUNDRED => {
            Err(Refusal::field(
                "trail_percent",
                format!("expected above 0 and below 100, got {percent}"),
            ))
        }
        Trail::Percent(_) => Ok(()),
    }
}

/// Checks everything that needs no account.
///
/// # Errors
/// `invalid_order` with its field; `not_permitted` for an index.
pub fn request(request: &OrderRequest, rule: &Rule) -> Result<(), Refusal> {
    id("client_order_id", &request.client_order_id)?;
    if rule.index {
        let text = format!("{} is an index: only its options trade", request.symbol);
        return Err(Refusal {
            field: Some("symbol"),
            ..Refusal::new(Code::NotPermitted, text)
        });
    }
    if let Some(name) = &request.oco_group {
        id("oco_group", name)?;
    }
    quantity(request.quantity, rule)?;
    let kind = request.kind;
    let immediate = matches!(request.time_in_force, TimeInForce::Ioc | TimeInForce::Fok);
    if immediate && kind.waits() {
        return Err(Refusal::field(
            "time_in_force",
            "expected day or gtc for an order that waits for a level",
        ));
    }
    if immediate && request.oco_group.is_some() {
        return Err(Refusal::field(
            "time_in_force",
            "expected day or gtc for an order of an OCO group",
        ));
    }
    let wants = |field: &'static str, wanted: bool, given: bool| match (wanted, given) {
        (true, false) => Err(Refusal::field(field, "expected for this type of order")),
        (false, true) => Err(Refusal::field(field, "not expected for this type of order")),
        _ => Ok(()),
    };
    wants(
        "limit_price",
        matches!(kind, Kind::Limit | Kind::StopLimit),
        request.limit_price.is_some(),
    )?;
    wants(
        "stop_price",
        matches!(kind, Kind::Stop | Kind::StopLimit),
        request.stop_price.is_some(),
    )?;
    wants(
        "trail_percent",
        kind == Kind::TrailingStop,
        request.trail.is_some(),
    )?;
    if let Some(value) = request.limit_price {
        price("limit_price", value, rule)?;
    }
    if let Some(value) = request.stop_price {
        price("stop_price", value, rule)?;
    }
    request.trail.map_or(Ok(()), |value| trail(value, rule))
}
