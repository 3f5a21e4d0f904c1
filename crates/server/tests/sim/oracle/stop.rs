//! Switches as those who set them know them: what an acknowledged one keeps from leaving, and what a kill that closes must
//! have closed once nothing goes wrong any more.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use ordercast_app::switch::Also;
use ordercast_model::{
    account::Account,
    ids::{ConnectionId, LotId},
    limits::{Switch, SwitchKind, SwitchScope},
    order::{intent::Order, state::OrderState},
    ports::store::{Page, Query},
    position::Lot,
    time::Timestamp,
};
use rust_decimal::Decimal;

use super::watch::Known;
use crate::{ask::rows, world::World};

/// A lock by rule is in force everywhere so long after it is durable.
const LOCK_LAG: Duration = Duration::from_secs(3);

/// One switch.
#[derive(Debug, Clone)]
struct Stop {
    kind: SwitchKind,
    scope: SwitchScope,
    /// Rises with every attempt to lift it, at its beginning and at its end.
    lifts: u64,
    /// Attempts to lift it that have not come back.
    lifting: u32,
    /// Acknowledged, and not asked to be lifted since; from the instant its setting began.
    on: Option<Timestamp>,
    freezes: bool,
    /// As it stands on disk it freezes: also one whose setter died before the answer.
    frozen: bool,
    /// It closes what it covers: what was there at this instant.
    leaves: Option<Timestamp>,
}

/// Every switch that was ever set.
#[derive(Debug, Default)]
pub struct Stops(BTreeMap<String, Stop>);

impl Stop {
    fn covers(&self, known: &Known) -> bool {
        match &self.scope {
            SwitchScope::Platform => true,
            SwitchScope::Community(_) | SwitchScope::Provider(_) => known.provider.is_some(),
            SwitchScope::User(id) => *id == known.user,
            SwitchScope::Connection(id) => *id == known.connection,
            SwitchScope::Follow(_) => false,
        }
    }
}

impl Stops {
    fn of(&mut self, kind: SwitchKind, scope: &SwitchScope) -> &mut Stop {
        let key = Switch::key_of(kind, scope);
        self.0.entry(key).or_insert_with(|| Stop {
            kind,
            scope: scope.clone(),
            lifts: 0,
            lifting: 0,
            on: None,
            freezes: false,
            frozen: false,
            leaves: None,
        })
    }
    /// One is being set; gives what [`Self::acknowledged`] wants to know.
    pub fn asked(&mut self, kind: SwitchKind, scope: &SwitchScope) -> u64 {
        self.of(kind, scope).lifts
    }
    /// It was acknowledged; its setting began at that true instant.
    pub fn acknowledged(
        &mut self,
        kind: SwitchKind,
        scope: &SwitchScope,
        asked: u64,
        (also, began): (Also, Timestamp),
    ) {
        let stop = self.of(kind, scope);
        if stop.lifts != asked || stop.lifting > 0 {
            return;
        }
        stop.on = stop.on.or(Some(began));
        stop.freezes |= also.freeze;
        stop.leaves = stop.leaves.or(also.flatten.then_some(began));
    }
    /// Somebody begins to lift it.
    pub fn lifts(&mut self, kind: SwitchKind, scope: &SwitchScope) {
        let stop = self.of(kind, scope);
        stop.lifts += 1;
        stop.lifting += 1;
        (stop.on, stop.freezes, stop.leaves) = (None, false, None);
    }
    /// The attempt came back; whatever was acknowledged meanwhile may have been lifted by it.
    pub fn lifted(&mut self, kind: SwitchKind, scope: &SwitchScope) {
        let stop = self.of(kind, scope);
        stop.lifts += 1;
        stop.lifting = stop.lifting.saturating_sub(1);
        (stop.on, stop.freezes, stop.leaves) = (None, false, None);
    }
    /// The process is gone, and with it whoever waited for an answer.
    pub fn forget_lifts(&mut self) {
        for stop in self.0.values_mut() {
            stop.lifting = 0;
        }
    }
    /// A switch became durable, or its end.
    pub fn written(&mut self, switch: &Switch, now: Timestamp) {
        let stop = self.of(switch.kind, &switch.scope);
        stop.frozen = switch.on && switch.freeze;
        if switch.kind != SwitchKind::Lock {
            return;
        }
        stop.on = switch.on.then(|| stop.on.unwrap_or(now));
        stop.leaves = switch.flatten.map(|_| stop.leaves.unwrap_or(now));
    }
    /// Whether a kill stands that closes what it covers and freezes nothing.
    pub fn flattens(&self, scope: &SwitchScope) -> bool {
        let stop = self.0.get(&Switch::key_of(SwitchKind::Kill, scope));
        stop.is_some_and(|s| s.leaves.is_some() && !s.freezes && !s.frozen)
    }
    /// By what nothing leaves at all.
    pub fn frozen(&self) -> Option<&str> {
        let mut on = self.0.iter().filter(|(_, stop)| stop.on.is_some());
        on.find(|(_, stop)| stop.freezes).map(|(key, _)| key.as_str())
    }
    /// By what an order that opens may not leave now.
    pub fn stopping(&self, known: &Known, now: Timestamp) -> Option<&str> {
        let in_force = |stop: &Stop| match stop.kind {
            SwitchKind::Lock => stop.on.is_some_and(|since| now.since(since) > LOCK_LAG),
            SwitchKind::Kill | SwitchKind::Pause => stop.on.is_some(),
        };
        let mut on = self.0.iter().filter(|(_, stop)| in_force(stop));
        on.find(|(_, stop)| stop.covers(known))
            .map(|(key, _)| key.as_str())
    }
    /// Those that cancel what they cover, and those that close it.
    fn ending(&self) -> impl Iterator<Item = (&str, &Stop)> {
        let ends = |stop: &Stop| stop.on.is_some() && stop.kind != SwitchKind::Pause;
        let on = self.0.iter().filter(move |(_, stop)| ends(stop));
        on.map(|(key, stop)| (key.as_str(), stop))
    }
}

/// Nothing has gone wrong for some minutes: what an acknowledged kill covers has ended, by the venue's ledger.
pub fn check(world: &World) {
    let mut breaches = Vec::new();
    for n in 0..world.sea.people.len() {
        invariant_07_what_was_stopped_has_ended(world, n, &mut breaches);
        invariant_07_a_loss_closes_what_it_is_to_close(world, n, &mut breaches);
    }
    for text in breaches {
        world.sea.watch().breach(7, text);
    }
}

/// Lots a person has to look at: nobody knows what became of a close of theirs.
fn looked_at(world: &World, n: usize) -> BTreeSet<LotId> {
    let orders: Vec<Order> = rows(world, n, Query::Orders(None, Page::first(1_000)));
    let stuck = orders.iter().filter(|o| o.state == OrderState::Escalated);
    stuck.filter_map(|o| o.lot_id).collect()
}

fn invariant_07_what_was_stopped_has_ended(world: &World, n: usize, breaches: &mut Vec<String>) {
    let excused = looked_at(world, n);
    let watch = world.sea.watch();
    let ledgers = world.sea.ledgers();
    let Some(ledger) = ledgers.get(n) else { return };
    for (key, stop) in watch.stops.ending() {
        let mut net: BTreeMap<LotId, Decimal> = BTreeMap::new();
        for held in &ledger.orders {
            let Some(known) = held.client.as_ref().and_then(|id| watch.known(id)) else {
                continue;
            };
            let since = stop.leaves.or(stop.on).unwrap_or_default();
            if !stop.covers(known) || known.lot.is_some_and(|lot| excused.contains(&lot)) {
                continue;
            }
            if known.leg.opens() && held.works() && known.durable_at < since {
                breaches.push(format!(
                    "follower {n}: {} {:?} works on under {key}, which was acknowledged",
                    known.leg, held.client
                ));
            }
            if let Some(lot) = known.lot.filter(|_| stop.leaves.is_some()) {
                let begun = watch.began_before(lot, since);
                *net.entry(lot).or_default() += if begun {
                    held.signed(held.filled)
                } else {
                    Decimal::ZERO
                };
            }
        }
        for (lot, held) in net.into_iter().filter(|(_, held)| !held.is_zero()) {
            breaches.push(format!(
                "follower {n}: {held} of {lot} are held under {key}, which closes"
            ));
        }
    }
}

fn invariant_07_a_loss_closes_what_it_is_to_close(world: &World, n: usize, breaches: &mut Vec<String>) {
    let excused = looked_at(world, n);
    let connection: Option<ConnectionId> = world.sea.people.get(n).map(|p| p.connection.id);
    for account in rows::<Account>(world, n, Query::Accounts) {
        let Some(flatten) = account
            .flatten
            .filter(|_| Some(account.connection_id) == connection)
        else {
            continue;
        };
        let lots = rows::<Lot>(world, n, Query::LotsOpen(None));
        let left =
            |lot: &&Lot| !lot.open.is_zero() && lot.created_at <= flatten.since && !excused.contains(&lot.id);
        if let Some(lot) = lots.iter().find(left) {
            breaches.push(format!(
                "follower {n}: {} of {} are held although the day's loss closes them",
                lot.open, lot.id
            ));
        }
    }
}
