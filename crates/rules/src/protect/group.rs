//! Decides the protection group of a lot: one slice per remaining target with its stop, or one stop for all that is
//! open. Together the slices are what is open, never more (PRODUCT EX-13).
#![deny(clippy::arithmetic_side_effects)]

use ordercast_model::{
    market::InstrumentRules,
    money::{self, Price, Quantity},
    order::{
        identity::{ClientOrderId, Leg},
        shape::{OrderRequest, OrderSide, OrderType, ProtectionGroup, ProtectionSlice},
    },
    planted::{Bug, planted},
    position::Lot,
    signal::instruction::{Target, TimeInForce},
    time::Timestamp,
};
use rust_decimal::Decimal;

use super::level::{Entry, ProtectError, planned_levels};
use crate::route::split;

/// A group with the figures that the lot will carry once the venue has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// What is asked of the venue.
    pub group: ProtectionGroup,
    /// Where the stop stands; for a trailing stop where it starts.
    pub stop_price: Option<Price>,
    /// Where the remaining targets stand, in order.
    pub target_prices: Vec<Price>,
    /// Quantity the group answers for: all that is open. What is less than a lot step cannot be in a slice, and is not
    /// asked for again.
    pub covered: Quantity,
}

/// Builds the requests of one version of a group.
pub(super) struct Builder<'a> {
    pub(super) lot: &'a Lot,
    pub(super) instruction: u32,
    pub(super) version: u32,
    pub(super) stop: Option<OrderType>,
}

impl Builder<'_> {
    pub(super) fn request(&self, leg: Leg, quantity: Quantity, order_type: OrderType) -> OrderRequest {
        let lot = self.lot;
        OrderRequest {
            client_order_id: ClientOrderId::derive(
                lot.origin,
                self.instruction,
                lot.connection_id,
                leg,
                self.version,
            ),
            instrument: lot.instrument.clone(),
            side: OrderSide::closing(lot.side),
            quantity,
            order_type,
            time_in_force: TimeInForce::Gtc,
            extended_hours: false,
            reduce_only: true,
        }
    }
    fn slice(&self, k: u32, quantity: Quantity, target: Option<Price>) -> ProtectionSlice {
        ProtectionSlice {
            stop: self.stop.map(|stop| self.request(Leg::Stop(k), quantity, stop)),
            target: target.map(|limit| self.request(Leg::Target(k), quantity, OrderType::Limit { limit })),
        }
    }
}

/// The next version of a lot's protection group, from its plan, its average entry and what is open. Targets that have
/// filled are gone; the others share what is open by their splits. A trailing stop that starts at a price is guarded
/// by the plain stop until then. None when nothing is open or nothing protects.
///
/// # Errors
/// `NoEntry`, `Pips`, `Money`.
pub fn group(lot: &Lot, instruction: u32, rules: &InstrumentRules) -> Result<Option<Planned>, ProtectError> {
    let mut open = Quantity::new(money::floor_to(lot.open.value(), rules.lot)?)?;
    if planted(Bug::ProtectTheOrdered) {
        open = lot.entered;
    }
    if open.is_zero() {
        return Ok(None);
    }
    let entry = lot.average_price.ok_or(ProtectError::NoEntry)?;
    let plan = &lot.protection;
    let levels = planned_levels(plan, lot.side, entry, rules.tick)?;
    let trailing = plan.trailing.filter(|t| t.from.is_none());
    let stop = match (trailing, levels.stop) {
        (Some(trailing), _) => Some(OrderType::Trailing { by: trailing.by }),
        (None, Some(stop)) => Some(OrderType::Stop { stop }),
        (None, None) => None,
    };
    let version = lot.group_version.saturating_add(1);
    let builder = Builder {
        lot,
        instruction,
        version,
        stop,
    };
    let at = Entry {
        side: lot.side,
        entry,
        tick: rules.tick,
    };
    let remaining = remaining(lot);
    let mut slices = Vec::new();
    let mut target_prices = Vec::new();
    for ((k, target), quantity) in remaining.iter().zip(shares(&remaining, open, rules.lot)?) {
        if quantity.is_zero() {
            continue;
        }
        let price = at.target(target)?;
        target_prices.push(price);
        slices.push(builder.slice(*k, quantity, Some(price)));
    }
    if slices.is_empty() {
        if stop.is_none() {
            return Ok(None);
        }
        slices.push(builder.slice(1, open, None));
    }
    Ok(Some(Planned {
        group: ProtectionGroup {
            group_id: lot.id.to_string(),
            version,
            slices,
        },
        stop_price: levels.stop,
        target_prices,
        covered: lot.open,
    }))
}

/// Targets not yet filled, with their number in the plan.
pub(super) fn remaining(lot: &Lot) -> Vec<(u32, Target)> {
    (1_u32..)
        .zip(lot.protection.targets.iter().copied())
        .filter(|(k, _)| *k > lot.targets_filled)
        .collect()
}

pub(super) fn shares(
    targets: &[(u32, Target)],
    open: Quantity,
    lot: Decimal,
) -> Result<Vec<Quantity>, ProtectError> {
    let stated: Vec<Option<Decimal>> = targets.iter().map(|(_, t)| t.split_pct).collect();
    Ok(split(open, &crate::route::weights(&stated), lot)?)
}

/// The lot once the venue has the group: nothing of it is watched by us but where a trailing stop starts.
#[must_use]
pub fn apply(lot: &Lot, planned: &Planned, now: Timestamp) -> Lot {
    Lot {
        group_version: planned.group.version,
        covered: planned.covered,
        replanned: false,
        stop_price: planned.stop_price,
        target_prices: planned.target_prices.clone(),
        watch: super::emulate::watch_beside(lot),
        updated_at: now,
        ..lot.clone()
    }
}

/// Whether the venue must be given a (new) group because it does not cover exactly what is open, stands where the plan no
/// longer wants it, or still covers what is no longer held.
#[must_use]
pub fn needs_group(lot: &Lot) -> bool {
    let plan = &lot.protection;
    let protects = plan.stop.is_some() || plan.trailing.is_some() || !plan.targets.is_empty();
    if lot.open.is_zero() {
        !lot.covered.is_zero()
    } else {
        protects && (lot.replanned || lot.covered != lot.open)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::too_many_lines)]
    use ordercast_model::{
        gate,
        ids::{ConnectionId, Id, LotId, SignalId, UserId},
        limits::Limits,
        market::Quote,
        order::{identity::Origin, intent::ProtectionPlan},
        signal::instruction::{Action, Instruction, PositionSide, StopLevel, TargetLevel, TrailBy, Trailing},
    };

    use super::*;
    use crate::protect::{UpdateError, after_target, plan_for, update_stop, update_targets};

    fn p(text: &str) -> Price {
        text.parse().unwrap()
    }
    fn d(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn target(price: &str, split: Option<&str>) -> Target {
        Target {
            level: TargetLevel::At(p(price)),
            split_pct: split.map(d),
        }
    }

    fn lot(symbol: &str, side: PositionSide, open: &str, average: &str, plan: ProtectionPlan) -> Lot {
        let at = Timestamp::from_seconds(1);
        let signal = SignalId::new(at, [4; 10]);
        Lot {
            id: LotId::new(at, [1; 10]),
            version: 1,
            position_id: None,
            user_id: UserId::new(at, [2; 10]),
            connection_id: ConnectionId::new(at, [3; 10]),
            origin: Origin::Signal(signal),
            signal_id: Some(signal),
            provider_id: None,
            instrument: symbol.parse().unwrap(),
            side,
            entered: open.parse().unwrap(),
            open: open.parse().unwrap(),
            average_price: Some(p(average)),
            entries: Vec::new(),
            realised: Decimal::ZERO,
            protection: plan,
            group_version: 0,
            covered: Quantity::ZERO,
            replanned: false,
            stop_price: None,
            target_prices: Vec::new(),
            targets_filled: 0,
            watch: None,
            closed: false,
            created_at: at,
            updated_at: at,
        }
    }

    fn rules(lot: &Lot) -> InstrumentRules {
        InstrumentRules {
            instrument: lot.instrument.clone(),
            tick: d("0.01"),
            lot: d("1"),
            quantity_min: d("1"),
            notional_min: d("1"),
            tradable: true,
            shortable: true,
        }
    }

    fn text(lot: &Lot) -> String {
        let Some(planned) = group(lot, 0, &rules(lot)).unwrap() else {
            return "nothing".to_owned();
        };
        let leg = |request: &Option<OrderRequest>| {
            request.as_ref().map_or("-".to_owned(), |r| {
                format!(
                    "{} {} {}{}",
                    r.side.code(),
                    r.quantity,
                    r.order_type.code(),
                    r.order_type.price().map_or(String::new(), |p| format!(" {p}"))
                )
            })
        };
        let slices: Vec<String> = planned
            .group
            .slices
            .iter()
            .map(|s| format!("{} | {}", leg(&s.stop), leg(&s.target)))
            .collect();
        // Every group must pass the seal.
        gate::protect(planned.group, &lot.instrument, lot.side, lot.open).unwrap();
        slices.join("; ")
    }

    fn plan(stop: Option<StopLevel>, targets: Vec<Target>) -> ProtectionPlan {
        ProtectionPlan {
            stop,
            targets,
            ..ProtectionPlan::default()
        }
    }

    #[test]
    fn a_lot_that_is_flat_gives_its_protection_up() {
        let mut lot = lot("AAPL", PositionSide::Long, "10", "250", ProtectionPlan::default());
        lot.covered = lot.open;
        lot.open = Quantity::ZERO;
        assert!(needs_group(&lot));
        lot.covered = Quantity::ZERO;
        assert!(!needs_group(&lot));
    }

    #[test]
    fn groups_cover_what_is_open() {
        use PositionSide::{Long, Short};
        let auto = plan_for(
            &Instruction::new(Action::Open),
            &Limits::default(),
            None,
            ordercast_model::instrument::AssetClass::Equity,
        );
        assert!(auto.stop_added);
        let thirds = || {
            vec![
                target("2.50", Some("33")),
                target("3.00", Some("33")),
                target("4.00", Some("34")),
            ]
        };
        let option = "AAPL 2026-12-18 150 C";
        let stop = |price: &str| Some(StopLevel::At(p(price)));
        let trailing = |from: Option<&str>| ProtectionPlan {
            trailing: Some(Trailing {
                by: TrailBy::Percent(d("1.5")),
                from: from.map(p),
            }),
            ..plan(None, vec![])
        };
        let rows = [
            // AC-10
            (
                lot("AAPL", Long, "10", "250", auto.clone()),
                "sell 10 stop 245 | -",
            ),
            (lot("AAPL", Short, "10", "250", auto), "buy 10 stop 255 | -"),
            // AC-42
            (
                lot(option, Long, "10", "2.13", plan(stop("1.60"), thirds())),
                "sell 3 stop 1.6 | sell 3 limit 2.5; sell 3 stop 1.6 | sell 3 limit 3; sell 4 stop 1.6 | sell 4 limit 4",
            ),
            (
                lot(option, Long, "2", "2.13", plan(stop("1.60"), thirds())),
                "sell 1 stop 1.6 | sell 1 limit 2.5; sell 1 stop 1.6 | sell 1 limit 3",
            ),
            (lot("AAPL", Long, "5", "250", plan(None, vec![])), "nothing"),
            (
                lot("AAPL", Long, "5", "250", plan(None, vec![target("260", None)])),
                "- | sell 5 limit 260",
            ),
            // never further than asked, never less than asked
            (
                lot(
                    "AAPL",
                    Long,
                    "1",
                    "33.33",
                    plan(Some(StopLevel::Percent(d("2"))), vec![]),
                ),
                "sell 1 stop 32.67 | -",
            ),
            (
                lot(
                    "AAPL",
                    Short,
                    "1",
                    "33.33",
                    plan(Some(StopLevel::Offset(d("0.505"))), vec![]),
                ),
                "buy 1 stop 33.83 | -",
            ),
            (
                lot("AAPL", Long, "5", "250", trailing(None)),
                "sell 5 trailing | -",
            ),
            (
                lot("AAPL", Long, "5", "250", trailing(Some("260"))),
                "sell 5 stop 246.25 | -",
            ),
        ];
        for (lot, want) in rows {
            assert_eq!(text(&lot), want);
        }
    }

    #[test]
    fn ac_42_break_even_after_target_one() {
        let mut first = lot(
            "AAPL 2026-12-18 150 C",
            PositionSide::Long,
            "10",
            "2.1333",
            ProtectionPlan {
                break_even_after_target: Some(1),
                ..plan(
                    Some(StopLevel::At(p("1.60"))),
                    vec![
                        target("2.50", Some("33")),
                        target("3.00", Some("33")),
                        target("4.00", Some("34")),
                    ],
                )
            },
        );
        let planned = group(&first, 0, &rules(&first)).unwrap().unwrap();
        first = apply(&first, &planned, Timestamp::from_seconds(2));
        assert!(!needs_group(&first));
        first.open = "7".parse().unwrap();
        first.covered = "7".parse().unwrap();
        first.targets_filled = 1;
        let moved = after_target(&first, 1).unwrap();
        assert!(after_target(&moved, 1).is_none(), "once");
        assert_eq!(
            text(&moved),
            "sell 3 stop 2.13 | sell 3 limit 3; sell 4 stop 2.13 | sell 4 limit 4"
        );
        let next = group(&moved, 0, &rules(&moved)).unwrap().unwrap();
        assert_eq!(next.group.version, 2);
        let ids = |planned: &Planned| -> Vec<ClientOrderId> {
            let slices = planned.group.slices.iter();
            slices
                .flat_map(|s| [s.stop.clone(), s.target.clone()])
                .flatten()
                .map(|r| r.client_order_id)
                .collect()
        };
        let mut all = [ids(&planned), ids(&next)].concat();
        let count = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), count, "ids differ between versions");
    }

    #[test]
    fn updates_move_levels_unless_they_would_trigger_at_once() {
        let own = lot(
            "AAPL",
            PositionSide::Long,
            "2",
            "2.13",
            plan(Some(StopLevel::At(p("1.60"))), vec![target("3", None)]),
        );
        let quote = |bid: &str| Quote {
            instrument: own.instrument.clone(),
            bid: p(bid),
            ask: p("9"),
            last: p(bid),
            volume: d("1"),
            change_pct: d("0"),
            at: Timestamp::from_seconds(1),
        };
        // AC-27
        let moved = update_stop(&own, StopLevel::BreakEven, None, &quote("2.40"), d("0.01")).unwrap();
        assert_eq!(text(&moved), "sell 2 stop 2.13 | sell 2 limit 3");
        assert!(needs_group(&moved));
        assert_eq!(
            update_stop(&own, StopLevel::BreakEven, None, &quote("2.13"), d("0.01")),
            Err(UpdateError::WouldTrigger {
                stop: p("2.13"),
                price: p("2.13")
            })
        );
        let moved = update_targets(&own, &[target("4", None)]);
        assert_eq!(text(&moved), "sell 2 stop 1.6 | sell 2 limit 4");
        let nothing = Lot {
            open: Quantity::ZERO,
            average_price: None,
            ..own.clone()
        };
        assert_eq!(
            update_stop(&nothing, StopLevel::BreakEven, None, &quote("2.40"), d("0.01")),
            Err(UpdateError::Protect(ProtectError::NoEntry))
        );
        assert!(update_stop(&nothing, StopLevel::At(p("2")), None, &quote("2.40"), d("0.01")).is_ok());
    }
}
