//! Which change of a limit loosens it, and what of the limits holds at an instant (PRODUCT section 3: tightening at once,
//! loosening after ten minutes). Refuses to know who asks.

use std::time::Duration;

use ordercast_model::{
    limits::{Bound, Caps, Limits, Loosening, Tighter, UserLimits},
    time::Timestamp,
    window::Window,
};
use rust_decimal::Decimal;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// Time between the wish to loosen a limit and its being in force.
pub const WAIT: Duration = Duration::from_secs(10 * 60);

/// Which way a limit becomes looser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// A higher value.
    Up,
    /// A lower value.
    Down,
    /// A higher value; none or 0 is without end.
    Endless,
    /// A lower value; none is no floor at all.
    Floor,
    /// Switched on.
    On,
    /// Switched off.
    Off,
    /// Fewer symbols.
    Fewer,
    /// Hours beyond those there are; none is without end.
    Hours,
    /// This word.
    Word(&'static str),
}

/// Every limit by name, with the way in which it becomes looser.
const WAYS: &[(&str, Way)] = &[
    ("min_balance", Way::Down),
    ("daily_loss_pct", Way::Up),
    ("daily_loss_amount", Way::Endless),
    ("daily_loss_trip_pct", Way::Up),
    ("daily_loss_action", Way::Word("block_only")),
    ("breaker_pct", Way::Up),
    ("trading_windows", Way::Hours),
    ("extended_hours", Way::On),
    ("same_instrument_seconds", Way::Down),
    ("deny_symbols", Way::Fewer),
    ("allow_short", Way::On),
    ("allow_equity", Way::On),
    ("allow_option", Way::On),
    ("allow_crypto", Way::On),
    ("leverage_max", Way::Up),
    ("drift_pct.equity", Way::Up),
    ("drift_pct.option", Way::Up),
    ("drift_pct.crypto", Way::Up),
    ("implausible_pct.equity", Way::Up),
    ("implausible_pct.option", Way::Up),
    ("implausible_pct.crypto", Way::Up),
    ("quote_age_seconds", Way::Up),
    ("option_spread_pct", Way::Up),
    ("option_price_min", Way::Down),
    ("option_contracts_max", Way::Up),
    ("position_pct", Way::Up),
    ("order_value_max", Way::Endless),
    ("buying_power_pct", Way::Up),
    ("exposure_pct", Way::Up),
    ("positions_max", Way::Up),
    ("per_symbol_max", Way::Up),
    ("risk_per_trade_pct", Way::Endless),
    ("stop_required", Way::Off),
    ("auto_stop_pct.equity", Way::Up),
    ("auto_stop_pct.option", Way::Up),
    ("auto_stop_pct.crypto", Way::Up),
    ("orders_per_minute", Way::Up),
    ("orders_per_day", Way::Up),
    ("opens_per_minute_per_provider", Way::Up),
    ("open_age_seconds", Way::Up),
    ("exit_age_seconds", Way::Up),
    ("approval_seconds", Way::Up),
    ("remainder_seconds", Way::Endless),
    ("enforce_stops", Way::Off),
];

/// Every cap by name: one that is none binds nobody.
fn cap_ways() -> Vec<(&'static str, Way)> {
    let numbers = Bound::ALL.iter().map(|bound| {
        let way = match bound.tighter() {
            Tighter::Lower => Way::Endless,
            Tighter::Higher => Way::Floor,
        };
        (bound.name(), way)
    });
    numbers.chain([("deny_symbols", Way::Fewer)]).collect()
}

fn pointer(name: &str) -> String {
    format!("/{}", name.replace('.', "/"))
}

fn number(value: &Value) -> Option<Decimal> {
    match value {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => number.as_u64().map(Decimal::from),
        _ => None,
    }
}

/// A bound without end is none.
fn bound(value: &Value) -> Option<Decimal> {
    number(value).filter(|n| !n.is_zero())
}

fn symbols(value: &Value) -> Vec<&str> {
    let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(Value::as_str).collect()
}

fn windows(value: &Value) -> Vec<Window> {
    serde_json::from_value(value.clone()).unwrap_or_default()
}

/// Whether there are hours in the second list that are not seen to be in the first.
fn more_hours(from: &[Window], to: &[Window]) -> bool {
    match (from.is_empty(), to.is_empty()) {
        (true, _) => false,
        (false, true) => true,
        (false, false) => !to.iter().all(|new| from.iter().any(|old| new.lies_in(old))),
    }
}

impl Way {
    /// Whether `to` is looser than `from`, which differs. What cannot be compared counts as looser.
    fn loosens(self, from: &Value, to: &Value) -> bool {
        let compared = number(from).zip(number(to));
        match self {
            Self::Up => compared.is_none_or(|(a, b)| b > a),
            Self::Down => compared.is_none_or(|(a, b)| b < a),
            Self::Endless => match (bound(from), bound(to)) {
                (None, _) => false,
                (Some(_), None) => true,
                (Some(a), Some(b)) => b > a,
            },
            Self::Floor => match (number(from), number(to)) {
                (None, _) => false,
                (Some(_), None) => true,
                (Some(a), Some(b)) => b < a,
            },
            Self::On => *to != Value::Bool(false),
            Self::Off => *to != Value::Bool(true),
            Self::Fewer => {
                let kept = symbols(to);
                symbols(from).iter().any(|symbol| !kept.contains(symbol))
            }
            Self::Hours => more_hours(&windows(from), &windows(to)),
            Self::Word(word) => to.as_str() == Some(word),
        }
    }
}

/// A limit that is to become looser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looser {
    /// Its name.
    pub limit: &'static str,
    /// What is in force.
    pub from: Value,
    /// What is wanted.
    pub to: Value,
}

/// A wish, parted into what holds at once and what waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parted<T = Limits> {
    /// The limits with everything that tightens.
    pub now: T,
    /// Limits that were tightened: what was pending for them is void.
    pub tightened: Vec<&'static str>,
    /// Limits that would be looser.
    pub later: Vec<Looser>,
}

/// Parts a wish. Symbols that are denied from now on are so at once, even if others are to be allowed.
///
/// # Errors
/// Never for limits of this program; the signature is serde's.
pub fn part(in_force: &Limits, wanted: &Limits) -> Result<Parted, serde_json::Error> {
    part_by(WAYS, in_force, wanted)
}

/// The same for the caps of a community or a Follow.
///
/// # Errors
/// As [`part`].
pub fn part_caps(in_force: &Caps, wanted: &Caps) -> Result<Parted<Caps>, serde_json::Error> {
    part_by(&cap_ways(), in_force, wanted)
}

fn part_by<T: Serialize + DeserializeOwned>(
    ways: &[(&'static str, Way)],
    in_force: &T,
    wanted: &T,
) -> Result<Parted<T>, serde_json::Error> {
    let (from, to) = (serde_json::to_value(in_force)?, serde_json::to_value(wanted)?);
    let mut now = from.clone();
    let (mut tightened, mut later) = (Vec::new(), Vec::new());
    for (limit, way) in ways {
        let place = pointer(limit);
        let (Some(a), Some(b)) = (from.pointer(&place), to.pointer(&place)) else {
            continue;
        };
        if same(a, b) {
            continue;
        }
        let mut at_once = b.clone();
        if way.loosens(a, b) {
            later.push(Looser {
                limit,
                from: a.clone(),
                to: b.clone(),
            });
            if *way != Way::Fewer {
                continue;
            }
            let mut all = [symbols(a), symbols(b)].concat();
            all.sort_unstable();
            all.dedup();
            at_once = Value::from(all);
        } else {
            tightened.push(*limit);
        }
        if let Some(slot) = now.pointer_mut(&place) {
            *slot = at_once;
        }
    }
    Ok(Parted {
        now: serde_json::from_value(now)?,
        tightened,
        later,
    })
}

/// `10` and `10.0` are one value.
fn same(a: &Value, b: &Value) -> bool {
    a == b || number(a).zip(number(b)).is_some_and(|(a, b)| a == b)
}

/// The limits that hold at an instant: those written down, and what was asked long enough ago. What cannot be read stays
/// as strict as it was.
#[must_use]
pub fn in_force(row: &UserLimits, now: Timestamp) -> Limits {
    held(&row.limits, &row.pending, now)
}

/// The caps that hold at an instant, as [`in_force`].
#[must_use]
pub fn caps_in_force(caps: &Caps, pending: &[Loosening], now: Timestamp) -> Caps {
    held(caps, pending, now)
}

fn held<T: Clone + Serialize + DeserializeOwned>(written: &T, pending: &[Loosening], now: Timestamp) -> T {
    if pending.iter().all(|one| now < one.due_at) {
        return written.clone();
    }
    let applied = serde_json::to_value(written).and_then(|mut all| {
        for one in pending.iter().filter(|one| one.due_at <= now) {
            if let Some(slot) = all.pointer_mut(&pointer(&one.limit)) {
                slot.clone_from(&one.to);
            }
        }
        serde_json::from_value(all)
    });
    applied.unwrap_or_else(|_| written.clone())
}

/// What was asked and is not in force at an instant.
#[must_use]
pub fn waiting(pending: &[Loosening], now: Timestamp) -> Vec<Loosening> {
    pending.iter().filter(|one| now < one.due_at).cloned().collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed expectation fails the test")]
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::*;

    /// Names of all values, those of a class after a dot.
    fn names(limits: &Value) -> BTreeSet<String> {
        let mut all = BTreeSet::new();
        for (name, value) in limits.as_object().unwrap() {
            match value.as_object() {
                Some(classes) => all.extend(classes.keys().map(|class| format!("{name}.{class}"))),
                None => {
                    all.insert(name.clone());
                }
            }
        }
        all
    }

    #[test]
    fn every_limit_has_a_way() {
        let all = names(&serde_json::to_value(Limits::default()).unwrap());
        let known: BTreeSet<String> = WAYS.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(all, known);
        assert_eq!(WAYS.len(), known.len());
    }

    fn hours(from: &str, to: &str) -> Value {
        json!([{ "days": ["mon", "tue"], "from": from, "to": to, "zone": "America/New_York" }])
    }

    #[test]
    fn caps_have_their_ways_and_a_cap_that_goes_waits() {
        let all = names(&serde_json::to_value(Caps::default()).unwrap());
        let known: BTreeSet<String> = cap_ways().iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(all, known);
        let tight = Caps {
            position_pct: Some(Decimal::from(5)),
            positions_max: Some(3),
            ..Caps::default()
        };
        let wish = Caps {
            positions_max: Some(2),
            exposure_pct: Some(Decimal::from(50)),
            ..Caps::default()
        };
        let parted = part_caps(&tight, &wish).unwrap();
        let later: Vec<&str> = parted.later.iter().map(|one| one.limit).collect();
        assert_eq!(
            (later, parted.tightened),
            (vec!["position_pct"], vec!["exposure_pct", "positions_max"])
        );
        assert_eq!(parted.now.position_pct, tight.position_pct);
        assert_eq!(parted.now.positions_max, Some(2));
    }

    fn set(limits: &Limits, name: &str, value: &Value) -> Limits {
        let mut all = serde_json::to_value(limits).unwrap();
        *all.pointer_mut(&pointer(name)).unwrap() = value.clone();
        serde_json::from_value(all).unwrap()
    }

    #[test]
    fn loosening_waits_and_tightening_holds_at_once() {
        for (name, from, to, waits) in [
            ("min_balance", json!("100"), json!("50"), true),
            ("min_balance", json!("100"), json!("500"), false),
            ("daily_loss_pct", json!("5"), json!("6"), true),
            ("daily_loss_pct", json!("5"), json!("4"), false),
            ("daily_loss_amount", json!("500"), json!(null), true),
            ("daily_loss_amount", json!(null), json!("500"), false),
            ("order_value_max", json!("500"), json!("501"), true),
            ("order_value_max", json!("500"), json!("499"), false),
            ("daily_loss_action", json!("flatten"), json!("block_only"), true),
            ("daily_loss_action", json!("block_only"), json!("flatten"), false),
            ("same_instrument_seconds", json!(5), json!(4), true),
            ("allow_short", json!(false), json!(true), true),
            ("allow_crypto", json!(true), json!(false), false),
            ("stop_required", json!(true), json!(false), true),
            ("stop_required", json!(false), json!(true), false),
            ("drift_pct.option", json!("10"), json!("11"), true),
            ("auto_stop_pct.equity", json!("2"), json!("1"), false),
            ("positions_max", json!(10), json!(11), true),
            ("remainder_seconds", json!(300), json!(0), true),
            ("remainder_seconds", json!(0), json!(300), false),
            ("extended_hours", json!(false), json!(true), true),
            ("extended_hours", json!(true), json!(false), false),
            ("enforce_stops", json!(true), json!(false), true),
            ("enforce_stops", json!(false), json!(true), false),
            ("trading_windows", json!([]), hours("10:00", "12:00"), false),
            ("trading_windows", hours("10:00", "12:00"), json!([]), true),
            (
                "trading_windows",
                hours("10:00", "12:00"),
                hours("10:30", "11:00"),
                false,
            ),
            (
                "trading_windows",
                hours("10:00", "12:00"),
                hours("10:30", "12:01"),
                true,
            ),
            ("deny_symbols", json!(["GME"]), json!([]), true),
            ("deny_symbols", json!(["GME"]), json!(["AMC", "GME"]), false),
        ] {
            let before = set(&Limits::default(), name, &from);
            let wanted = set(&before, name, &to);
            let parted = part(&before, &wanted).unwrap();
            let what = format!("{name} {from} {to}");
            assert_eq!(parted.later.len(), usize::from(waits), "{what}");
            assert_eq!(parted.tightened.len(), usize::from(!waits), "{what}");
            assert_eq!(parted.now, if waits { before } else { wanted }, "{what}");
        }
    }

    #[test]
    fn symbols_that_come_are_denied_at_once_and_those_that_go_wait() {
        let list = |names: &[&str]| Limits {
            deny_symbols: names.iter().map(ToString::to_string).collect(),
            ..Limits::default()
        };
        let parted = part(&list(&["AMC", "GME"]), &list(&["BBBY", "GME"])).unwrap();
        assert_eq!(parted.now, list(&["AMC", "BBBY", "GME"]));
        assert_eq!(parted.later.len(), 1);
    }

    #[test]
    fn what_is_asked_holds_from_its_instant_on() {
        let at = |n: i64| Timestamp::from_seconds(1_800_000_000 + n);
        let row = UserLimits {
            user_id: ordercast_model::ids::Id::new(at(0), [1; 10]),
            version: 1,
            limits: Limits::default(),
            updated_at: at(0),
            pending: vec![Loosening {
                limit: "drift_pct.equity".to_owned(),
                from: json!("1"),
                to: json!("3"),
                asked_at: at(0),
                due_at: at(600),
            }],
        };
        for (when, drift, waits) in [(0, 1, 1), (599, 1, 1), (600, 3, 0), (10_000, 3, 0)] {
            assert_eq!(
                in_force(&row, at(when)).drift_pct.equity,
                Decimal::from(drift),
                "{when}"
            );
            assert_eq!(waiting(&row.pending, at(when)).len(), waits, "{when}");
        }
        let mut broken = row;
        broken.pending.iter_mut().for_each(|one| one.to = json!({}));
        assert_eq!(
            in_force(&broken, at(600)),
            Limits::default(),
            "never looser by a fault"
        );
    }
}
