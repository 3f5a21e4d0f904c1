//! Decides how big a structured order is: quantity, money, per cent of account or position.

use ordercast_model::signal::instruction::{Action, SizeHint};
use rust_decimal::Decimal;
use serde_json::Value;

use super::{
    action::Share,
    exact::decimal,
    field::{Fields, fold},
};
use crate::parse::draft::Fault;

const QUANTITY: &[&str] = &[
    "quantity",
    "qty",
    "contracts",
    "ordercontracts",
    "shares",
    "units",
    "lots",
    "vollots",
    "volume",
    "lotsize",
    "amount",
    "size",
    "orderamount",
    "orderquantity",
    "orderqty",
    "amountpertrade",
    "q",
    "positionqty",
    "strategyordercontracts",
];
const KIND: &[&str] = &[
    "quantitytype",
    "qtytype",
    "amountpertradetype",
    "amounttype",
    "sizetype",
    "ordercurrencytype",
    "currencytype",
    "volumetype",
];

const PERCENT: &[&str] = &[
    "percent",
    "sizepercent",
    "pct",
    "percentofposition",
    "quantitypercent",
    "closepercent",
    "volpct",
    "portfoliopercent",
    "sizepct",
    "balancepercent",
];
const MONEY: &[&str] = &[
    "notional",
    "quoteamount",
    "quote",
    "cash",
    "usd",
    "dollaramount",
    "amountusd",
    "orderamountusd",
    "quoteorderqty",
];

/// Reads the size.
///
/// # Errors
/// A number that is none, or not above zero.
pub(super) fn size(fields: &Fields, action: Action) -> Result<SizeHint, Fault> {
    let mut size = SizeHint {
        risk_pct: percent(fields, "risk", &["riskpercent", "riskpct", "risk"])?,
        ..SizeHint::default()
    };
    if let Some(value) = percent(fields, "size", PERCENT)? {
        place(&mut size, action, value);
    }
    size.notional = fields.number("notional", MONEY)?;
    let Some(stated) = fields.any("quantity", QUANTITY) else {
        return checked(size);
    };
    let kind = fields
        .text("quantity", KIND)
        .map(|k| fold(&k))
        .unwrap_or_default();
    let (value, sign) = match stated {
        Value::String(text) if text.trim().ends_with('%') => (
            decimal("quantity", &Value::from(text.trim().trim_end_matches('%').trim()))?,
            "%",
        ),
        Value::String(text) if text.trim().starts_with('$') => (decimal("quantity", stated)?, "$"),
        Value::String(text) if text.trim().is_empty() => return checked(size),
        other => (decimal("quantity", other)?, ""),
    };
    if value <= Decimal::ZERO {
        return Err(Fault::new("quantity", format!("must be above 0, got {value}")));
    }
    match (sign, kind.as_str()) {
        ("%", _) => place(&mut size, action, value),
        ("$", _) => size.notional = Some(value),
        (_, k) if k.contains("risk") && k.contains("percent") => size.risk_pct = Some(value),
        (_, k) if k.contains("percent") => place(&mut size, action, value),
        (_, k)
            if k.contains("quote")
                || k.contains("dollar")
                || k.contains("usd")
                || k == "cash"
                || k == "notional" =>
        {
            size.notional = Some(value)
        }
        _ => size.quantity = Some(value),
    }
    checked(size)
}

/// Reads how much of a position a bridge's partial close means: its risk field holds per cent or lots.
///
/// # Errors
/// The size is missing, no number, or out of range.
pub(super) fn part(fields: &Fields, share: Share) -> Result<SizeHint, Fault> {
    let mut size = size(fields, Action::Reduce)?;
    let stated = size.risk_pct.take();
    match share {
        Share::Percent => size.position_pct = size.position_pct.or(stated),
        Share::Volume => size.quantity = size.quantity.or(stated),
    }
    if size.position_pct.is_none() && size.quantity.is_none() {
        return Err(Fault::new("size", "missing: expected how much is closed"));
    }
    Ok(size)
}

fn place(size: &mut SizeHint, action: Action, value: Decimal) {
    if matches!(action, Action::Reduce | Action::Close) {
        size.position_pct = Some(value);
    } else {
        size.account_pct = Some(value);
    }
}

fn percent(fields: &Fields, field: &'static str, names: &[&str]) -> Result<Option<Decimal>, Fault> {
    match fields.any(field, names) {
        None => Ok(None),
        Some(Value::String(text)) => {
            decimal(field, &Value::from(text.trim().trim_end_matches('%').trim())).map(Some)
        }
        Some(value) => decimal(field, value).map(Some),
    }
}

fn checked(size: SizeHint) -> Result<SizeHint, Fault> {
    let range = |v: Option<Decimal>| v.is_none_or(|v| v > Decimal::ZERO && v <= Decimal::ONE_HUNDRED);
    if !(range(size.account_pct) && range(size.position_pct) && range(size.risk_pct)) {
        return Err(Fault::new("size", "must be above 0 and at most 100 per cent"));
    }
    if size.notional.is_some_and(|n| n <= Decimal::ZERO) {
        return Err(Fault::new("notional", "must be above 0"));
    }
    Ok(size)
}
