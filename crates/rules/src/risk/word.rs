//! Decides how figures, moments and limits are put into a rule's sentence. Refuses to judge.
#![deny(clippy::arithmetic_side_effects)]

use chrono::{DateTime, TimeZone, Utc};
use ordercast_model::{
    gate::{Breach, Effective, Finding, Proposal, RuleId},
    instrument::{AssetClass, Instrument},
    limits::{Bound, LimitOwner, PerClass},
    money::{self, MoneyError, Quantity},
    time::{SessionZone, Timestamp},
};
use rust_decimal::{Decimal, RoundingStrategy};

/// Places a percentage is shown with before it would look equal to the limit it broke.
const PERCENT_PLACES: u32 = 2;

/// A breach with both numbers; the owner of the limit is named when it is not the user. Without a bound nobody can cap it.
pub(super) fn breach(
    rule: RuleId,
    bound: impl Into<Option<Bound>>,
    limits: &Effective,
    message: String,
    limit: impl ToString,
    actual: impl ToString,
) -> Breach {
    let bound = bound.into();
    let whose = bound.map_or(LimitOwner::User, |bound| limits.owner(bound));
    let message = match bound {
        Some(bound) => of_whom(message, bound, limits),
        None => message,
    };
    Breach {
        rule,
        message,
        limit: Some(limit.to_string()),
        actual: Some(actual.to_string()),
        whose: Some(whose),
        skip: None,
    }
}

/// A sentence with whose limit it is, unless it is the user's own.
pub(super) fn of_whom(message: String, bound: Bound, limits: &Effective) -> String {
    match whose(bound, limits) {
        None => message,
        Some(words) => format!("{message} ({words})"),
    }
}

/// Whose limit it is, in words; none for the user's own.
pub(super) fn whose(bound: Bound, limits: &Effective) -> Option<String> {
    match limits.owner(bound) {
        LimitOwner::User => None,
        LimitOwner::Community => Some(match limits.communities.get(&bound) {
            Some((_, name)) if !name.is_empty() => format!("limit of {name}"),
            _ => "community limit".to_owned(),
        }),
        other => Some(format!("{} limit", owner(other))),
    }
}

/// A breach that quotes no limit of anybody.
pub(super) fn plain(rule: RuleId, message: String) -> Breach {
    Breach {
        rule,
        message,
        limit: None,
        actual: None,
        whose: None,
        skip: None,
    }
}

/// Shorthand for a denial without a limit.
pub(super) fn deny(rule: RuleId, message: String) -> Finding {
    Finding::Deny(plain(rule, message))
}

/// Whose limit, as one word.
pub(super) const fn owner(owner: LimitOwner) -> &'static str {
    match owner {
        LimitOwner::Platform => "platform",
        LimitOwner::Community => "community",
        LimitOwner::User => "user",
        LimitOwner::Follow => "Follow",
    }
}

/// `part` of `whole` in per cent.
pub(super) fn percent_of(part: Decimal, whole: Decimal) -> Result<Decimal, MoneyError> {
    money::div(money::times(part, Decimal::ONE_HUNDRED)?, whole)
}

/// `percent` per cent of `whole`.
pub(super) fn share_of(percent: Decimal, whole: Decimal) -> Result<Decimal, MoneyError> {
    money::div(money::times(whole, percent)?, Decimal::ONE_HUNDRED)
}

/// A percentage for display: at most two places, without trailing zeros.
pub(super) fn pct(value: Decimal) -> String {
    rounded(value, PERCENT_PLACES).to_string()
}

/// A percentage beside the limit it broke: as many places as it takes to tell the two apart.
pub(super) fn pct_beside(value: Decimal, limit: Decimal) -> String {
    (PERCENT_PLACES..=10)
        .map(|places| rounded(value, places))
        .find(|shown| *shown != limit || value == limit)
        .unwrap_or(value)
        .normalize()
        .to_string()
}

fn rounded(value: Decimal, places: u32) -> Decimal {
    value
        .round_dp_with_strategy(places, RoundingStrategy::MidpointNearestEven)
        .normalize()
}

/// A price for display: at least two places, all of them when it has more.
pub(super) fn price(value: impl Into<Shown>) -> String {
    let Shown(value) = value.into();
    if value.normalize().scale() <= 2 {
        money::show(value)
    } else {
        value.normalize().to_string()
    }
}

/// A price or a bare figure.
pub(super) struct Shown(Decimal);
impl From<Decimal> for Shown {
    fn from(value: Decimal) -> Self {
        Self(value)
    }
}
impl From<ordercast_model::money::Price> for Shown {
    fn from(value: ordercast_model::money::Price) -> Self {
        Self(value.value())
    }
}

/// What the units of an instrument are called.
pub(super) fn units(instrument: &Instrument) -> &str {
    match instrument {
        Instrument::Equity { .. } => "shares",
        Instrument::Option { .. } => "contracts",
        Instrument::Crypto { base, .. } => base,
    }
}

/// The figure of a limit that differs by asset class.
pub(super) const fn of_class(per: &PerClass, class: AssetClass) -> Decimal {
    match class {
        AssetClass::Option => per.option,
        AssetClass::Crypto => per.crypto,
        AssetClass::Equity | AssetClass::Fx | AssetClass::Future => per.equity,
    }
}

/// `price x multiplier` of one unit at the judged price.
pub(super) fn unit_value(proposal: &Proposal) -> Result<Decimal, MoneyError> {
    money::mul(proposal.price.value(), proposal.instrument.multiplier())
}

/// Value of a quantity at the judged price.
pub(super) fn value_of(proposal: &Proposal, quantity: Quantity) -> Result<Decimal, MoneyError> {
    money::mul(unit_value(proposal)?, quantity.value())
}

/// The most units whose value fits into `room`, on the lot step, never above what is wanted.
pub(super) fn fitting(
    room: Decimal,
    per_unit: Decimal,
    lot: Decimal,
    wanted: Quantity,
) -> Result<Quantity, MoneyError> {
    if room <= Decimal::ZERO {
        return Ok(Quantity::ZERO);
    }
    let whole = money::floor_to(money::div(room, per_unit)?, lot)?;
    Ok(Quantity::new(whole)?.min(wanted))
}

/// `Mon 2026-11-30 09:30 ET`.
#[must_use]
pub fn moment(at: Timestamp, zone: SessionZone) -> String {
    written(at, zone, "%a %Y-%m-%d %H:%M")
}

/// `Tue 00:00 ET`.
pub(super) fn weekday(at: Timestamp, zone: SessionZone) -> String {
    written(at, zone, "%a %H:%M")
}

fn written(at: Timestamp, zone: SessionZone, format: &str) -> String {
    let utc: DateTime<Utc> = at.utc();
    match zone {
        SessionZone::Utc => format!("{} UTC", utc.format(format)),
        SessionZone::NewYork => format!(
            "{} ET",
            chrono_tz::America::New_York
                .from_utc_datetime(&utc.naive_utc())
                .format(format)
        ),
    }
}

/// Whole and tenths of seconds: `1.8`.
pub(super) fn seconds(span: std::time::Duration) -> String {
    let tenths = span.as_millis().saturating_div(100);
    let (whole, rest) = (tenths.saturating_div(10), tenths.checked_rem(10).unwrap_or(0));
    if rest == 0 {
        whole.to_string()
    } else {
        format!("{whole}.{rest}")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn percentages_never_look_equal_to_the_limit_they_broke() {
        for (value, limit, text) in [
            ("11.904761", "10", "11.9"),
            ("1.00555", "1", "1.01"),
            ("1.004", "1", "1.004"),
            ("900", "20", "900"),
            ("10", "10", "10"),
        ] {
            assert_eq!(pct_beside(value.parse().unwrap(), limit.parse().unwrap()), text);
        }
    }

    #[test]
    fn moments_name_their_zone() {
        let at: Timestamp = "2026-11-30T14:30:00Z".parse().unwrap();
        assert_eq!(moment(at, SessionZone::NewYork), "Mon 2026-11-30 09:30 ET");
        assert_eq!(weekday(at, SessionZone::Utc), "Mon 14:30 UTC");
    }
}
