//! Levels, quotes and what they ask for, as tables.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]
use ordercast_model::{
    ids::{ConnectionId, Id, LotId, SignalId, UserId},
    order::identity::Origin,
    signal::instruction::{StopLevel, Target, TargetLevel, TrailBy, Trailing},
};
use proptest::prelude::*;

use super::*;

const NOW: Timestamp = Timestamp::from_seconds(1_000);

fn p(text: &str) -> Price {
    text.parse().unwrap()
}
fn cents(n: i64) -> Price {
    Price::new(Decimal::new(n, 2)).unwrap()
}
fn tick() -> Decimal {
    Decimal::new(1, 2)
}

/// 10 units bought at 100, stop at 95, targets at 110 and 120 for half each.
fn lot(side: PositionSide) -> Lot {
    let signal = SignalId::new(NOW, [4; 10]);
    let (stop, targets) = match side {
        PositionSide::Long => ("95", ["110", "120"]),
        PositionSide::Short => ("105", ["90", "80"]),
    };
    Lot {
        id: LotId::new(NOW, [1; 10]),
        version: 1,
        position_id: None,
        user_id: UserId::new(NOW, [2; 10]),
        connection_id: ConnectionId::new(NOW, [3; 10]),
        origin: Origin::Signal(signal),
        signal_id: Some(signal),
        provider_id: None,
        instrument: "AAPL".parse().unwrap(),
        side,
        entered: "10".parse().unwrap(),
        open: "10".parse().unwrap(),
        average_price: Some(p("100")),
        entries: Vec::new(),
        realised: Decimal::ZERO,
        protection: ProtectionPlan {
            stop: Some(StopLevel::At(p(stop))),
            targets: targets
                .map(|at| Target {
                    level: TargetLevel::At(p(at)),
                    split_pct: None,
                })
                .into(),
            ..ProtectionPlan::default()
        },
        group_version: 1,
        covered: "10".parse().unwrap(),
        replanned: false,
        stop_price: Some(p(stop)),
        target_prices: Vec::new(),
        targets_filled: 0,
        watch: Some(Watch {
            emulated: true,
            ..Watch::default()
        }),
        closed: false,
        created_at: NOW,
        updated_at: NOW,
    }
}

fn quote(price: Price, last: Price, age: u64) -> Quote {
    Quote {
        instrument: "AAPL".parse().unwrap(),
        bid: price,
        ask: price,
        last,
        volume: Decimal::ONE,
        change_pct: Decimal::ZERO,
        at: NOW.minus(Duration::from_secs(age)),
    }
}

fn trailing(mut lot: Lot, from: Option<&str>) -> Lot {
    lot.protection.trailing = Some(Trailing {
        by: TrailBy::Percent(Decimal::from(5)),
        from: from.map(p),
    });
    lot
}

fn check(lot: &Lot, at: &str, last: &str, age: u64, before: Option<&str>, want: &Look) {
    let quote = quote(p(at), p(last), age);
    let look = look(lot, Some(&quote), before.map(p), NOW, tick()).unwrap();
    assert_eq!(&look, want, "{at} after {before:?}");
}

#[test]
fn levels_are_touched_from_their_own_side() {
    use PositionSide::{Long, Short};
    let stop = Look::Touched(Touch::Stop);
    let targets = |k: &[u32]| Look::Touched(Touch::Targets(k.to_vec()));
    for (side, at, want) in [
        (Long, "95.01", Look::Nothing),
        (Long, "95", stop.clone()),
        (Long, "80", stop.clone()),
        (Long, "109.99", Look::Nothing),
        (Long, "110", targets(&[1])),
        (Long, "125", targets(&[1, 2])),
        (Short, "104.99", Look::Nothing),
        (Short, "105", stop),
        (Short, "90", targets(&[1])),
        (Short, "79", targets(&[1, 2])),
    ] {
        check(&lot(side), at, at, 0, None, &want);
    }
}

#[test]
fn what_is_not_known_triggers_nothing() {
    let own = lot(PositionSide::Long);
    check(&own, "50", "50", 6, None, &Look::Stale);
    assert_eq!(look(&own, None, None, NOW, tick()), Ok(Look::Stale));
    let native = Lot {
        watch: None,
        ..own.clone()
    };
    check(&native, "50", "50", 0, None, &Look::Nothing);
    // A fall by more than 30 % needs a trade there; a slower one does not.
    let jump = Look::Jump {
        from: p("100"),
        to: p("69"),
    };
    check(&own, "69", "100", 0, Some("100"), &jump);
    check(&own, "69", "69.5", 0, Some("100"), &Look::Touched(Touch::Stop));
    check(&own, "70", "100", 0, Some("100"), &Look::Touched(Touch::Stop));
    let mut held = own;
    held.watch.as_mut().unwrap().suspended = true;
    held.watch.as_mut().unwrap().seen = Some(p("100"));
    check(&held, "69", "69", 0, Some("69"), &Look::Nothing);
    check(&held, "94", "94", 0, Some("69"), &Look::Back);
}

#[test]
fn a_trailing_stop_starts_where_it_was_told_to() {
    let waits = trailing(lot(PositionSide::Long), Some("105"));
    check(&waits, "104.99", "104.99", 0, None, &Look::Nothing);
    check(&waits, "105", "105", 0, None, &Look::Activated(p("105")));
    assert_eq!(stop_now(&waits, tick()), Ok(Some(p("95"))));
    let mut alone = waits.clone();
    alone.protection.stop = None;
    assert_eq!(
        stop_now(&alone, tick()),
        Ok(Some(p("95"))),
        "a plain one until then"
    );
    let started = activated(&waits, p("105"));
    assert_eq!(stop_now(&started, tick()), Ok(Some(p("99.75"))));
    assert!(
        started.replanned && super::super::needs_group(&started),
        "its group is made anew"
    );
}

#[test]
fn a_venue_holds_what_its_capabilities_say() {
    let can = |native: bool, types: &[&str]| Capabilities {
        broker: "x".to_owned(),
        name: "X".to_owned(),
        classes: Vec::new(),
        order_types: types.iter().map(|t| (*t).to_owned()).collect(),
        modes: Vec::new(),
        credential_fields: Vec::new(),
        client_id_dedupe: ordercast_model::ports::broker::Dedupe::Never,
        visibility_window: Duration::ZERO,
        native_protection: if native {
            vec![AssetClass::Equity]
        } else {
            Vec::new()
        },
        replace: false,
        requests_per_minute: None,
        allowances: Vec::new(),
        extended_hours: Vec::new(),
        reserves_working: false,
        withdraw_permission_readable: false,
    };
    let plain = lot(PositionSide::Long).protection;
    let trails = trailing(lot(PositionSide::Long), None).protection;
    let waits = trailing(lot(PositionSide::Long), Some("105")).protection;
    for (native, types, plan, want) in [
        (true, &["market", "stop", "trailing"][..], &plain, true),
        (true, &["market", "stop"], &trails, false),
        (true, &["market", "stop"], &waits, true),
        (true, &["market"], &plain, false),
        (false, &["market", "stop", "trailing"], &plain, false),
    ] {
        let holds = |class| is_native(&can(native, types), class, plan);
        assert_eq!(holds(AssetClass::Equity), want, "{native} {types:?}");
        assert!(!holds(AssetClass::Option), "{native} {types:?}");
    }
}

proptest! {
    /// The best price, and with it the stop, moves one way whatever the market does.
    #[test]
    fn a_trailing_stop_never_goes_back(long: bool, walk in prop::collection::vec(7_000_i64..14_000, 1..60)) {
        let side = if long { PositionSide::Long } else { PositionSide::Short };
        let mut own = trailing(lot(side), None);
        let mut at = stop_now(&own, tick()).unwrap().unwrap();
        for step in walk {
            own = raised(&own, cents(step), tick());
            let next = stop_now(&own, tick()).unwrap().unwrap();
            prop_assert_eq!(better(side, at, next), next);
            at = next;
        }
    }

    /// What is sent for one lot, with what works already, is never more than what is open, in lots of the venue.
    #[test]
    fn exits_never_total_more_than_is_open(open in 0_u32..40, filled in 0_u32..3, out in prop::collection::vec(1_u32..4, 0..3), stop: bool) {
        let mut view = lot(PositionSide::Long);
        view.open = Quantity::new(Decimal::from(open)).unwrap();
        view.targets_filled = filled;
        let rules = InstrumentRules {
            instrument: view.instrument.clone(),
            tick: tick(),
            lot: Decimal::ONE,
            quantity_min: Decimal::ONE,
            notional_min: Decimal::ONE,
            tradable: true,
            shortable: true,
        };
        let touch = if stop { Touch::Stop } else { Touch::Targets(vec![1, 2]) };
        let sent = exits(&view, 0, &rules, &touch, &out).unwrap();
        let total: Decimal = sent.iter().map(|(_, r)| r.quantity.value()).sum();
        prop_assert!(total <= view.open.value());
        prop_assert!(sent.iter().all(|(_, r)| r.reduce_only && !r.quantity.is_zero()));
        if stop && open > 0 {
            prop_assert_eq!(total, view.open.value());
        }
        for (leg, _) in &sent {
            if let Leg::TargetExit(k) = leg {
                prop_assert!(!out.contains(k) && *k > filled);
            }
        }
    }
}
