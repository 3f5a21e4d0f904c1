//! What is checked as it happens: the step an order takes, and what may leave for a venue at this instant.

use std::collections::{BTreeMap, BTreeSet};

use ordercast_model::{
    connection::Connection,
    ids::{ConnectionId, DecisionId, LotId, OrderId, ProviderId, SignalId, UserId},
    instrument::Instrument,
    journal::kind::Kind,
    limits::{Caps, Limits, Loosening, UserLimits},
    order::{
        identity::{ClientOrderId, Leg},
        intent::Order,
        shape::{OrderRequest, ProtectionGroup},
        state::OrderState,
    },
    ports::{
        broker::Access,
        clock::Clock,
        store::{Batch, Change, Row},
    },
    time::Timestamp,
};
use ordercast_rules::risk::loosen;
use rust_decimal::Decimal;

use super::{Violation, age::Card, stop::Stops};
use crate::{
    sea::{Person, Sea},
    venue::Held,
};

/// A change of limits binds what is decided after it; what was being decided may still go by the ones before.
const LIMITS_LAG: i64 = 5_000_000;
/// The share by which figures of equity may differ between the venue's instant and the decision's, per cent.
const EQUITY_SLACK: u32 = 108;
/// A decision may be so old when it becomes durable, microseconds: it waits for the disk and asks the venue before.
const HOURS_LAG: i64 = 15_000_000;
/// Hand trades happen in this instrument; the program does not know of them until it compares.
pub const BY_HAND: usize = 3;

/// The session day of an instant, counted.
fn day_of(at: Timestamp) -> i64 {
    (at.seconds() - 5 * 3_600).div_euclid(86_400)
}

/// An order as it became durable.
#[derive(Debug, Clone)]
pub struct Known {
    pub connection: ConnectionId,
    pub user: UserId,
    pub provider: Option<ProviderId>,
    pub(super) signal: Option<SignalId>,
    pub leg: Leg,
    pub lot: Option<LotId>,
    instrument: Instrument,
    quantity: Decimal,
    pub(super) queued: bool,
    created_at: Timestamp,
    /// The true instant at which it was written.
    pub durable_at: Timestamp,
    /// And at which its end was.
    pub ended_at: Option<Timestamp>,
}

/// What the oracle has seen of one seed.
#[derive(Default)]
pub struct Watch {
    pub violations: Vec<Violation>,
    states: BTreeMap<OrderId, OrderState>,
    known: BTreeMap<ClientOrderId, Known>,
    intents: BTreeMap<OrderId, Option<DecisionId>>,
    orders: BTreeMap<OrderId, ClientOrderId>,
    limits: BTreeMap<UserId, Vec<(Timestamp, UserLimits)>>,
    /// What the community capped and asked to have loosened, and from when on.
    caps: Vec<(Timestamp, Caps, Vec<Loosening>)>,
    pub(super) signals: BTreeMap<SignalId, String>,
    pub(super) posted: BTreeMap<String, Timestamp>,
    pub stops: Stops,
    lots: BTreeMap<LotId, Timestamp>,
    /// Accounts whose loss of the day has tripped, with the day.
    tripped: BTreeMap<ConnectionId, i64>,
    /// Cards by the decision that waits for them.
    pub(super) cards: BTreeMap<DecisionId, Card>,
    /// Every order that left, with the true instant and whether it opens.
    pub sent: Vec<(usize, ClientOrderId, Timestamp)>,
}

impl Watch {
    pub fn new(people: &[Person]) -> Self {
        let mut watch = Self::default();
        for person in people {
            watch.limits.insert(person.user.id, Vec::new());
        }
        watch
    }
    pub fn breach(&mut self, invariant: u32, what: String) {
        if self.violations.len() < 8 {
            self.violations.push((invariant, what));
        }
    }
    /// The provider posted this at that instant.
    pub fn posts(&mut self, source_id: &str, at: Timestamp) {
        self.posted.entry(source_id.to_owned()).or_insert(at);
    }
    /// An order as it became durable.
    pub fn known(&self, id: &ClientOrderId) -> Option<&Known> {
        self.known.get(id)
    }
    /// Whether a lot was durable before an instant.
    pub fn began_before(&self, lot: LotId, at: Timestamp) -> bool {
        self.lots.get(&lot).is_some_and(|began| *began < at)
    }
    /// The greatest age of an opening that a user has ever allowed, seconds.
    pub(super) fn open_age_most(&self, user: UserId) -> u64 {
        let rows = self.limits.get(&user).into_iter().flatten();
        rows.map(|(_, row)| u64::from(row.limits.open_age_seconds))
            .max()
            .unwrap_or(60)
    }
    /// The limits an order may have been decided by, the loosest of each.
    pub(super) fn loosest(
        &self,
        known: &Known,
        now: Timestamp,
    ) -> Option<(u32, Option<Decimal>, Decimal, u32)> {
        let all = self.limits.get(&known.user)?;
        let from = known.created_at.micros() - LIMITS_LAG;
        let begin = all.iter().rposition(|(at, _)| at.micros() <= from).unwrap_or(0);
        let rows = all.get(begin..)?;
        // Each held until the next was written down; what was pending came into force meanwhile by the clock alone.
        let ends = rows.iter().skip(1).map(|(at, _)| *at).chain([now]);
        let held = rows.iter().zip(ends);
        let span: Vec<Limits> = held.map(|((_, row), end)| loosen::in_force(row, end)).collect();
        let free = span.iter().any(|l| l.order_value_max.is_none());
        let value = span.iter().filter_map(|l| l.order_value_max).max();
        let pct = span.iter().map(|l| l.position_pct).max()?;
        let age = span.iter().map(|l| l.open_age_seconds).max()?;
        let value = value.filter(|_| !free);
        // What the community caps binds its signals, whatever the user allows (PRODUCT RK-29).
        let caps = self.caps_of(known, now);
        let cap = |of: fn(&Caps) -> Option<Decimal>| cap_of(&caps, of);
        let positions = caps
            .iter()
            .map(|c| c.positions_max)
            .max_by_key(|c| c.unwrap_or(u32::MAX));
        let positions_max = positions.flatten().unwrap_or(u32::MAX);
        Some((
            span.iter().map(|l| l.positions_max).max()?.min(positions_max),
            value.into_iter().chain(cap(|c| c.order_value_max)).min(),
            cap(|c| c.position_pct).map_or(pct, |cap| cap.min(pct)),
            age,
        ))
    }
    /// Caps of the community that an order may have been decided by. What was to be loosened came into force by the clock
    /// alone, and an order that waited is judged anew by what holds then.
    fn caps_of(&self, known: &Known, now: Timestamp) -> Vec<Caps> {
        if known.provider.is_none() {
            return Vec::new();
        }
        let from = known.created_at.micros() - LIMITS_LAG;
        let begin = self.caps.iter().rposition(|(at, ..)| at.micros() <= from);
        let rows = self.caps.get(begin.unwrap_or(0)..).unwrap_or_default();
        let ends = rows.iter().skip(1).map(|(at, ..)| *at).chain([now]);
        let held = rows.iter().zip(ends);
        held.map(|((_, caps, pending), end)| loosen::caps_in_force(caps, pending, end))
            .collect()
    }
}

/// The loosest of what was capped; none when it was free at some time.
fn cap_of(caps: &[Caps], of: fn(&Caps) -> Option<Decimal>) -> Option<Decimal> {
    let all: Option<Vec<Decimal>> = caps.iter().map(of).collect();
    all?.into_iter().max()
}

/// A batch became durable.
pub fn written(sea: &Sea, batch: &Batch) {
    let mut watch = sea.watch();
    let mut edges = Vec::new();
    let now = sea.clock.truth();
    for change in &batch.changes {
        match change {
            Change::Insert(Row::Order(order)) => watch.began(sea, order),
            Change::Update(Row::Order(order)) => {
                let taken = batch
                    .journal
                    .iter()
                    .any(|e| e.kind == Kind::OrderAccepted && e.links.order == Some(order.id));
                edges.extend(watch.steps(sea, order, taken));
            }
            Change::Insert(Row::Lot(lot)) => {
                watch.lots.insert(lot.id, now);
            }
            Change::Insert(Row::Switch(switch)) | Change::Update(Row::Switch(switch)) => {
                watch.stops.written(switch, now);
            }
            Change::Insert(Row::Intent(intent)) => {
                watch.intents.insert(intent.order_id, intent.decision_id);
            }
            Change::Insert(Row::Approval(card)) => watch.asks(sea, card),
            Change::Insert(Row::Signal(signal)) => {
                watch.signals.insert(signal.id, signal.source_id.clone());
            }
            Change::Insert(Row::Community(community)) | Change::Update(Row::Community(community)) => {
                let at = sea.clock.now();
                let row = (at, community.caps.clone(), community.pending.clone());
                watch.caps.push(row);
            }
            Change::Insert(Row::UserLimits(limits)) | Change::Update(Row::UserLimits(limits)) => {
                let at = sea.clock.now();
                let history = watch.limits.entry(limits.user_id).or_default();
                history.push((at, limits.as_ref().clone()));
            }
            _ => {}
        }
    }
    for entry in &batch.journal {
        if entry.kind == Kind::RiskDailyLossTripped
            && let Some(connection) = entry.links.connection
        {
            watch.tripped.insert(connection, day_of(now));
        }
    }
    drop(watch);
    let mut mishap = sea.mishap();
    for edge in edges {
        *mishap.reached.edges.entry(edge).or_default() += 1;
    }
}

impl Watch {
    fn began(&mut self, sea: &Sea, order: &Order) {
        let now = sea.clock.truth();
        let waits = matches!(order.state, OrderState::Queued | OrderState::PendingApproval);
        if !waits && !order.leg.protects() {
            self.invariant_07_trades_in_hours(sea, order);
        }
        if order.leg.opens() && self.tripped.get(&order.connection_id) == Some(&day_of(now)) {
            let text = format!("{} was decided after the day's loss had tripped", order.id);
            self.breach(7, text);
        }
        self.states.insert(order.id, order.state);
        let id = order.client_order_id().clone();
        let known = Known {
            connection: order.connection_id,
            user: order.user_id,
            provider: order.provider_id,
            signal: order.signal_id,
            leg: order.leg,
            quantity: order.request.quantity.value(),
            instrument: order.request.instrument.clone(),
            lot: order.lot_id,
            queued: order.state == OrderState::Queued,
            created_at: order.created_at,
            durable_at: now,
            ended_at: None,
        };
        self.orders.insert(order.id, id.clone());
        if let Some(before) = self.known.insert(id.clone(), known) {
            self.breach(2, format!("{id} was given to a second order ({})", before.leg));
        }
    }
    /// What is not queued is decided while the venue trades, by its own hours (PRODUCT RK-07, EX-12).
    fn invariant_07_trades_in_hours(&mut self, sea: &Sea, order: &Order) {
        if sea.market.was_closed(HOURS_LAG) {
            let text = format!(
                "{} {} was decided in a closed market",
                order.leg,
                order.client_order_id()
            );
            self.breach(7, text);
        }
    }
    /// What ends with us works no more at the venue.
    fn invariant_03_ends_when_it_has_ended(&mut self, sea: &Sea, order: &Order) {
        let id = order.client_order_id();
        if let Some(known) = self.known.get_mut(id) {
            known.ended_at = Some(sea.clock.truth());
        }
        let ledgers = sea.ledgers();
        let ledger = ledgers.get(sea.account_of(order.connection_id));
        let works = |held: &&Held| held.client.as_ref() == Some(id) && held.works();
        if let Some(held) = ledger.and_then(|l| l.orders.iter().find(works)) {
            let text = format!(
                "{} {id} became {} ({:?}) while it works at the venue, {} of {} filled",
                order.leg,
                order.state.code(),
                order.reason,
                held.filled,
                held.quantity
            );
            self.breach(3, text);
        }
    }
    /// The steps an order takes with a write; a fill that comes before the answer takes two, and both are journaled.
    fn steps(&mut self, sea: &Sea, order: &Order, taken: bool) -> Vec<(OrderState, OrderState)> {
        let Some(mut before) = self.states.insert(order.id, order.state) else {
            return Vec::new();
        };
        let mut steps = Vec::new();
        if before == OrderState::Pending && taken && order.state != OrderState::Submitted {
            steps.push((before, OrderState::Submitted));
            before = OrderState::Submitted;
        }
        if before == order.state {
            return steps;
        }
        if !before.may_become(order.state) {
            let text = format!(
                "{} {} went from {before:?} to {:?}",
                order.leg,
                order.client_order_id(),
                order.state
            );
            self.breach(0, text);
        }
        if order.state.is_final() {
            self.invariant_03_ends_when_it_has_ended(sea, order);
        }
        if before == OrderState::Queued && order.state == OrderState::Pending {
            self.invariant_07_trades_in_hours(sea, order);
        }
        steps.push((before, order.state));
        steps
    }
}

/// An order is about to leave for a venue: what must be true at this instant.
pub fn sends(sea: &Sea, access: &Access, request: &OrderRequest) {
    let truth = sea.clock.truth();
    let account = sea.account_of(access.connection_id);
    let id = &request.client_order_id;
    let mut watch = sea.watch();
    watch.sent.push((account, id.clone(), truth));
    let Some(known) = watch.known.get(id).cloned() else {
        return watch.breach(4, format!("{id} left before it was durable"));
    };
    let own = watch.orders.iter().find(|(_, c)| *c == id).map(|(o, _)| *o);
    let intent = own.and_then(|order| watch.intents.get(&order).copied());
    if intent.is_none() {
        watch.breach(4, format!("{id} left before its intent was durable"));
    }
    watch.goes_to_its_own(sea, access, &known, id);
    if request.quantity.value() > known.quantity {
        let text = format!("{id}: {} left, {} was meant", request.quantity, known.quantity);
        watch.breach(2, text);
    }
    if let Some(key) = watch.stops.frozen().map(str::to_owned) {
        watch.breach(7, format!("{} {id} left although {key} freezes", known.leg));
    }
    if !known.leg.opens() {
        return watch.invariant_02_takes_what_is_held(sea, &known, account, request);
    }
    if let Some(key) = watch.stops.stopping(&known, truth).map(str::to_owned) {
        watch.breach(7, format!("{} {id} left after {key} was acknowledged", known.leg));
    }
    watch.invariant_12_is_young(sea, &known, id, intent.flatten());
    watch.invariant_07_is_within(sea, &known, account, request);
}

/// A protection group is about to leave.
pub fn protects(sea: &Sea, access: &Access, group: &ProtectionGroup) {
    let mut watch = sea.watch();
    if let Some(key) = watch.stops.frozen().map(str::to_owned) {
        watch.breach(7, format!("protection left although {key} freezes"));
    }
    for slice in &group.slices {
        for leg in [slice.stop.as_ref(), slice.target.as_ref()].into_iter().flatten() {
            let id = &leg.client_order_id;
            match watch.known.get(id).cloned() {
                None => watch.breach(4, format!("protection {id} left before it was durable")),
                Some(known) => watch.goes_to_its_own(sea, access, &known, id),
            }
        }
    }
}

impl Watch {
    fn goes_to_its_own(&mut self, sea: &Sea, access: &Access, known: &Known, id: &ClientOrderId) {
        let own = |c: &Connection| c.id == access.connection_id && c.account_id == access.account_id;
        let person = sea.people.iter().find(|p| own(&p.connection));
        let token = person.and_then(|p| {
            let given = access.fields.get("token")?;
            (given.expose() == &p.canary).then_some(p)
        });
        if known.connection != access.connection_id || token.is_none() {
            self.breach(8, format!("{id} left for an account that is not its own"));
        }
    }
    /// An order that leaves a lot asks for no more than the venue holds of it and nothing else takes already (PRODUCT EX-13,
    /// EX-17).
    fn invariant_02_takes_what_is_held(
        &mut self,
        sea: &Sea,
        known: &Known,
        account: usize,
        request: &OrderRequest,
    ) {
        let ledgers = sea.ledgers();
        let Some((ledger, lot)) = ledgers.get(account).zip(known.lot) else {
            return;
        };
        let (mut held, mut taken) = (Decimal::ZERO, Decimal::ZERO);
        let mut slices: BTreeMap<&(String, usize), Decimal> = BTreeMap::new();
        for order in &ledger.orders {
            let own = order.client.as_ref().and_then(|id| self.known.get(id));
            let Some(own) = own.filter(|own| own.lot == Some(lot)) else {
                continue;
            };
            // The same id once more takes what it took: whether a venue does it twice is looked at by its ledger.
            if order.client.as_ref() == Some(&request.client_order_id) {
                continue;
            }
            held += order.signed(order.filled);
            if own.leg.opens() || !order.works() {
                continue;
            }
            match &order.group {
                Some(slice) => {
                    let most = slices.entry(slice).or_default();
                    *most = (*most).max(order.left());
                }
                None => taken += order.left(),
            }
        }
        taken += slices.values().sum::<Decimal>();
        let asked = request.quantity.value();
        if asked + taken > held.abs() {
            let text = format!(
                "{} {} asks for {asked} of {lot}; {held} are held, {taken} are being taken",
                known.leg, request.client_order_id
            );
            self.breach(2, text);
        }
    }
    /// Nothing opens for a signal whose community denies the symbol (PRODUCT RK-08, RK-29).
    fn invariant_07_is_allowed(&mut self, known: &Known, now: Timestamp, request: &OrderRequest) {
        let (caps, symbol) = (self.caps_of(known, now), request.instrument.to_string());
        let denies = |caps: &Caps| caps.deny_symbols.contains(&symbol);
        if !caps.is_empty() && caps.iter().all(denies) {
            let text = format!(
                "{} opens {symbol}, which the community denies",
                request.client_order_id
            );
            self.breach(7, text);
        }
    }
    /// The account's limits hold with what is held, what works and what leaves now, by the venue's ledger.
    fn invariant_07_is_within(&mut self, sea: &Sea, known: &Known, account: usize, request: &OrderRequest) {
        let latest = sea.clock.truth().max(sea.clock.now());
        let Some((positions, value_max, pct, _)) = self.loosest(known, latest) else {
            return;
        };
        let ledgers = sea.ledgers();
        let Some(ledger) = ledgers.get(account) else {
            return;
        };
        // A repeat of what is there already takes nothing more; where it does, the ledger says so.
        if ledger.find(&request.client_order_id).is_some() {
            return;
        }
        let touch = |i: &Instrument| (sea.market.bid(i), sea.market.ask(i));
        let by_hand = crate::market::stock(BY_HAND);
        let opens = |o: &&Held| o.works() && !o.reduce_only && o.client.is_some();
        let mut taken: BTreeSet<&Instrument> = ledger.holdings.keys().collect();
        taken.extend(ledger.orders.iter().filter(opens).map(|o| &o.instrument));
        taken.remove(&by_hand);
        // More of what is held, or of what was on its way when this was decided, is no further position: RK-21 counts
        // openings in flight, and one of them may end unfilled meanwhile.
        let in_flight = |other: &Known| {
            let ended = other.ended_at.is_some_and(|ended| ended < known.durable_at);
            let own = other.connection == known.connection && other.instrument == request.instrument;
            own && other.leg.opens() && other.durable_at < known.durable_at && !ended
        };
        let more = request.instrument == by_hand || self.known.values().any(in_flight);
        let further = taken.insert(&request.instrument) && !more;
        if further && taken.len() > positions as usize {
            let text = format!(
                "{} would be position {} of {positions}",
                request.client_order_id,
                taken.len()
            );
            self.breach(7, text);
        }
        self.invariant_07_is_allowed(known, latest, request);
        let price = request
            .order_type
            .price()
            .unwrap_or_else(|| touch(&request.instrument).1);
        let worth = price.value() * request.quantity.value();
        if let Some(most) = value_max.filter(|most| worth > *most * Decimal::new(101, 2)) {
            let text = format!(
                "{}: {worth} is over the order limit {most}",
                request.client_order_id
            );
            self.breach(7, text);
        }
        let equity = ledger.equity(&touch).max(ledger.paid_in_most);
        let cap = equity * pct / Decimal::ONE_HUNDRED * Decimal::from(EQUITY_SLACK) / Decimal::ONE_HUNDRED;
        let held = ledger.held(&request.instrument).abs() * touch(&request.instrument).0.value();
        let held = if request.instrument == by_hand {
            Decimal::ZERO
        } else {
            held
        };
        let working = ledger
            .orders
            .iter()
            .filter(opens)
            .filter(|o| o.instrument == request.instrument);
        let working: Decimal = working.map(|o| o.left() * price.value()).sum();
        if held + working + worth > cap {
            let id = &request.client_order_id;
            let text =
                format!("{id}: {held} held, {working} working, {worth} more is over the position cap {cap}");
            self.breach(7, text);
        }
    }
}
