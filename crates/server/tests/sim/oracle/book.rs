//! Our books at the end against the venue's ledger: cash, holdings, orders one by one, and what an order may never have done.

use std::collections::{BTreeMap, BTreeSet};

use ordercast_model::{
    account::Account,
    ids::LotId,
    order::{
        identity::{ClientOrderId, Leg, Origin},
        intent::Order,
        state::OrderState,
    },
    ports::store::{Page, Query},
    position::{Lot, Position},
    signal::instruction::PositionSide,
    time::Timestamp,
};
use rust_decimal::Decimal;

use crate::{
    ask::rows,
    market,
    sea::Sea,
    venue::{Held, Ledger},
    world::World,
};

/// An order may be so long on its way, with repeats, microseconds.
const WAY: i64 = 30_000_000;

/// The part an order plays: what the venue may hold once at a time. What a kill or a touched level closes is closed again as
/// more of the lot fills: there each try is a part of its own, and together they take what is held
/// (`invariant_02_takes_what_is_held`).
type Part = (Origin, u32, Leg, Option<LotId>, Option<ClientOrderId>);

fn part_of(order: &Order) -> Part {
    let lot = order.lot_id.filter(|_| !order.leg.opens());
    let killed = order.leg == Leg::Flatten && matches!(order.origin, Origin::Kill(_));
    let tried = killed || order.leg.triggered();
    let own = tried.then(|| order.client_order_id().clone());
    (order.origin, order.instruction, order.leg, lot, own)
}

pub async fn check(world: &World) {
    for n in 0..world.sea.people.len() {
        let orders: Vec<Order> = rows(world, n, Query::Orders(None, Page::first(1_000)));
        let Some(ledger) = world.sea.ledgers().get(n).cloned() else {
            continue;
        };
        let found = Found {
            n,
            sea: &world.sea,
            orders: orders.iter().map(|o| (o.client_order_id().clone(), o)).collect(),
            ledger: &ledger,
        };
        let mut breaches = Vec::new();
        found.invariant_02_nothing_is_doubled(&mut breaches);
        found.invariant_03_what_ended_has_ended(&mut breaches);
        found.invariant_06_money_is_the_venues(world, &mut breaches);
        found.invariant_07_nothing_arrives_out_of_hours(&mut breaches);
        found.invariant_10_everything_has_ended(&mut breaches);
        found.invariant_10_all_that_is_held_is_protected(world, &mut breaches);
        for (invariant, text) in breaches {
            world
                .sea
                .watch()
                .breach(invariant, format!("follower {n}: {text}"));
        }
    }
}

struct Found<'a> {
    n: usize,
    sea: &'a Sea,
    orders: BTreeMap<ClientOrderId, &'a Order>,
    ledger: &'a Ledger,
}

type Breaches = Vec<(u32, String)>;

impl Found<'_> {
    /// What the venue holds of ours, with our own row.
    fn pairs(&self) -> impl Iterator<Item = (&Held, Option<&Order>)> {
        let ours = self.ledger.orders.iter().filter(|o| o.client.is_some());
        ours.map(|held| {
            let row = held.client.as_ref().and_then(|id| self.orders.get(id));
            (held, row.copied())
        })
    }
    fn invariant_02_nothing_is_doubled(&self, breaches: &mut Breaches) {
        breaches.extend(self.ledger.complaints.iter().cloned());
        let mut parts: BTreeMap<Part, Vec<&Held>> = BTreeMap::new();
        for (held, row) in self.pairs() {
            let Some(row) = row else {
                breaches.push((
                    2,
                    format!("the venue holds {:?}, which we never gave", held.client),
                ));
                continue;
            };
            parts.entry(part_of(row)).or_default().push(held);
        }
        for (part, mut held) in parts {
            held.sort_by_key(|h| h.received);
            for pair in held.windows(2) {
                let [before, after] = pair else { continue };
                if before.ended.is_none_or(|ended| ended > after.received) {
                    let text = format!("{} worked twice at a time: {:?} and {:?}", part.2, before, after);
                    breaches.push((2, text));
                }
            }
            let filled: Decimal = held.iter().map(|h| h.filled).sum();
            let meant = held.iter().map(|h| h.asked).max().unwrap_or_default();
            if part.2.opens() && filled > meant {
                breaches.push((2, format!("{}: {filled} filled, {meant} was meant", part.2)));
            }
        }
        self.exits_within_entries(breaches);
    }
    /// What left a lot never exceeds what entered it.
    fn exits_within_entries(&self, breaches: &mut Breaches) {
        let mut lots: BTreeMap<LotId, (Decimal, Decimal)> = BTreeMap::new();
        for (held, row) in self.pairs() {
            let Some((lot, row)) = row.and_then(|r| Some((r.lot_id?, r))) else {
                continue;
            };
            let (entered, left) = lots.entry(lot).or_default();
            if row.leg.opens() {
                *entered += held.filled;
            } else {
                *left += held.filled;
            }
        }
        for (lot, (entered, left)) in lots {
            if left > entered {
                breaches.push((2, format!("{lot}: {entered} entered, {left} left")));
            }
        }
    }
    /// What we say of an order's end is what the venue says of it.
    fn invariant_03_what_ended_has_ended(&self, breaches: &mut Breaches) {
        for (held, row) in self.pairs() {
            let Some(row) = row else { continue };
            let ours = (row.filled.value(), row.state);
            if held.filled != ours.0 {
                let text = format!(
                    "{} {} {:?}: {} filled with us, {} at the venue ({:?})",
                    row.leg,
                    row.client_order_id(),
                    row.reason,
                    ours.0,
                    held.filled,
                    held.state
                );
                breaches.push((if row.state.is_final() { 3 } else { 6 }, text));
            }
            let watch = self.sea.watch();
            let ended = held.client.as_ref().and_then(|id| watch.known(id)?.ended_at);
            // A version of protection that comes late meets a newer one: there the version decides.
            let late = |ended: &Timestamp| held.received_at > *ended && !row.leg.protects();
            if let Some(ended) = ended.filter(late) {
                let after = held.received_at.since(ended).as_millis();
                let text = format!(
                    "{} {} arrived {after} ms after it had become {} ({:?}) with us",
                    row.leg,
                    row.client_order_id(),
                    row.state.code(),
                    row.reason
                );
                breaches.push((3, text));
            }
            drop(watch);
            if row.state.is_final() && held.works() {
                let text = format!(
                    "{} {} is {} ({:?}) with us and works at the venue",
                    row.leg,
                    row.client_order_id(),
                    row.state.code(),
                    row.reason
                );
                breaches.push((3, text));
            }
        }
    }
    /// No order that opens or closes reached the venue out of the exchange's hours, whatever the machine's clock said, but
    /// for what was on its way when they ended. What protects works at any hour.
    fn invariant_07_nothing_arrives_out_of_hours(&self, breaches: &mut Breaches) {
        for (held, row) in self.pairs() {
            let Some(row) = row.filter(|row| !row.leg.protects()) else {
                continue;
            };
            let left = Timestamp::from_micros(held.received_at.micros() - WAY);
            if !market::in_hours(held.received_at) && !market::in_hours(left) {
                let (leg, id, at) = (row.leg, row.client_order_id(), held.received_at);
                breaches.push((7, format!("{leg} {id} reached a closed market at {at}")));
            }
        }
    }
    fn invariant_06_money_is_the_venues(&self, world: &World, breaches: &mut Breaches) {
        let ledger = self.ledger;
        let spent: Decimal = ledger.orders.iter().map(|o| o.signed(o.paid)).sum();
        let fees = Decimal::new(ledger.manner.fee_cents, 2) * Decimal::from(ledger.fills.len());
        if ledger.paid_in - spent - fees != ledger.cash {
            breaches.push((6, "the venue's own ledger does not add up".to_owned()));
        }
        for account in rows::<Account>(world, self.n, Query::Accounts) {
            if account.cash != ledger.cash {
                breaches.push((
                    6,
                    format!("cash {} with us, {} at the venue", account.cash, ledger.cash),
                ));
            }
            if !account.reservations.is_empty() {
                breaches.push((7, format!("still reserved: {:?}", account.reservations)));
            }
        }
        // What was traded by hand at the venue is taken over, too.
        let mut expected: BTreeMap<String, Decimal> = ledger
            .holdings
            .iter()
            .map(|(i, h)| (i.to_string(), h.0))
            .collect();
        expected.retain(|_, quantity| !quantity.is_zero());
        let mut ours: BTreeMap<String, Decimal> = BTreeMap::new();
        for position in rows::<Position>(world, self.n, Query::Positions(true, Page::first(100))) {
            let quantity = match position.side {
                PositionSide::Long => position.quantity.value(),
                PositionSide::Short => -position.quantity.value(),
            };
            *ours.entry(position.instrument.to_string()).or_default() += quantity;
        }
        ours.retain(|_, quantity| !quantity.is_zero());
        if ours != expected {
            breaches.push((6, format!("held {ours:?} with us, {expected:?} at the venue")));
        }
    }
    /// Every lot asks for a stop here: what works as stops is what is held, no more and no less, but for a close that nobody
    /// knows the outcome of.
    fn invariant_10_all_that_is_held_is_protected(&self, world: &World, breaches: &mut Breaches) {
        let mut stops: BTreeMap<String, Decimal> = BTreeMap::new();
        for (held, row) in self.pairs().filter(|(held, _)| held.works()) {
            if row.is_some_and(|row| matches!(row.leg, Leg::Stop(_))) {
                *stops.entry(held.instrument.to_string()).or_default() += held.left();
            }
        }
        let mut open: BTreeMap<String, Decimal> = BTreeMap::new();
        for lot in rows::<Lot>(world, self.n, Query::LotsOpen(None)) {
            if lot.emulated() {
                self.stands_before_its_stop(world, &lot, breaches);
                continue;
            }
            *open.entry(lot.instrument.to_string()).or_default() += lot.open.value();
        }
        open.retain(|_, quantity| !quantity.is_zero());
        // A close that a person has to look at may still be at the venue: protection leaves room for it meanwhile.
        let mut roomy = open.clone();
        let looked_at = |o: &&&Order| o.leg == Leg::Flatten && o.state == OrderState::Escalated;
        for close in self.orders.values().filter(looked_at) {
            if let Some(quantity) = roomy.get_mut(&close.request.instrument.to_string()) {
                *quantity -= close.remaining().value().min(*quantity);
            }
        }
        roomy.retain(|_, quantity| !quantity.is_zero());
        if stops != open && stops != roomy {
            breaches.push((10, format!("open {open:?}, stops at the venue {stops:?}")));
        }
    }
    /// What we watch ourselves is left once its stop is touched, unless nobody knows what became of a close.
    fn stands_before_its_stop(&self, world: &World, lot: &Lot, breaches: &mut Breaches) {
        let stuck = |o: &&&Order| o.lot_id == Some(lot.id) && o.state == OrderState::Escalated;
        let bid = world.sea.market.bid(&lot.instrument);
        if self.orders.values().find(stuck).is_some() || lot.open.is_zero() {
            return;
        }
        if lot.stop_price.is_none_or(|stop| stop >= bid) {
            let text = format!(
                "{} {} of {} are held at {bid}, stop {:?}",
                lot.id, lot.open, lot.instrument, lot.stop_price
            );
            breaches.push((10, text));
        }
    }
    fn invariant_10_everything_has_ended(&self, breaches: &mut Breaches) {
        let working: BTreeSet<&ClientOrderId> = self
            .ledger
            .orders
            .iter()
            .filter(|o| o.works())
            .filter_map(|o| o.client.as_ref())
            .collect();
        for (id, order) in &self.orders {
            if order.state.is_final() || order.state == OrderState::Escalated {
                continue;
            }
            let named = format!("{} {id} {} {:?}", order.leg, order.state.code(), order.request);
            if order.leg.opens() || order.leg == Leg::Flatten {
                breaches.push((10, format!("{named} has not come to its end")));
            } else if !working.contains(id) {
                breaches.push((10, format!("{named} works with us, not at the venue")));
            }
        }
    }
}
