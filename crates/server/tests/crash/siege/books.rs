//! Our rows against the venue's ledger and against what was posted. Says in words what differs.

use std::collections::{BTreeMap, BTreeSet};

use ordercast_model::{
    account::Account,
    connection::Connection,
    decision::{Decision, DecisionStatus},
    order::{
        identity::Leg,
        intent::{Fill, Order},
        state::OrderState,
    },
    ports::store::{Page, Query, Store, Stored, SystemQuery, find, find_any},
    position::Lot,
    signal::record::{Message, Signal, SignalStatus},
    tenant::{SystemScope, TenantScope},
};
use ordercast_testkit::sample::tenant;
use rust_decimal::Decimal;
use serde_json::Value;

use super::{
    load::Posted,
    scene::{Follower, provider_of},
};

const AUDIT: SystemScope = SystemScope::housekeeping("a test holds the books to the ledger");
const PAGE: u32 = 1_000;

/// Everything of one follower.
struct Own {
    connection: Connection,
    account: Account,
    orders: Vec<Order>,
    fills: Vec<Fill>,
    decisions: Vec<Decision>,
    lots: Vec<Lot>,
}

/// All followers' rows.
pub(crate) struct Books {
    own: Vec<Own>,
    signals: BTreeMap<String, Signal>,
    messages: BTreeMap<String, Vec<Message>>,
}

/// All pages of a list.
async fn all<T: Stored>(
    store: &dyn Store,
    scope: &TenantScope,
    query: impl Fn(Page) -> Query,
    key: impl Fn(&T) -> String,
) -> Vec<T> {
    let (mut found, mut page) = (Vec::new(), Page::first(PAGE));
    loop {
        let part: Vec<T> = find(store, scope, query(page)).await.expect("rows read");
        let Some(last) = part.last().map(&key) else {
            return found;
        };
        found.extend(part);
        page = Page {
            after: Some(last),
            limit: PAGE,
        };
    }
}

impl Books {
    pub(crate) async fn read(store: &dyn Store, posted: &BTreeMap<String, Posted>) -> Self {
        let query = SystemQuery::Connections(Page::first(PAGE));
        let connections = find_any::<Connection>(store, AUDIT, query)
            .await
            .expect("connections");
        let mut own = Vec::new();
        for connection in connections {
            let scope = TenantScope::of_user(&connection);
            let accounts = find::<Account>(store, &scope, Query::Accounts)
                .await
                .expect("accounts");
            own.push(Own {
                account: accounts.into_iter().next().expect("an account"),
                orders: all(
                    store,
                    &scope,
                    |p| Query::Orders(None, p),
                    |o: &Order| o.id.to_string(),
                )
                .await,
                fills: all(store, &scope, Query::Fills, |f: &Fill| f.id.to_string()).await,
                decisions: all(store, &scope, Query::Decisions, |d: &Decision| d.id.to_string()).await,
                lots: find(store, &scope, Query::LotsOpen(None)).await.expect("lots"),
                connection,
            });
        }
        let community = TenantScope::of_community(&tenant::channel(1, tenant::community(1).id));
        let signals = all(store, &community, Query::Signals, |s: &Signal| s.id.to_string()).await;
        let mut messages = BTreeMap::new();
        for (id, posted) in posted {
            let source = format!(
                "discord:{}",
                ordercast_sim::cast::PROVIDERS[posted.channel].channel
            );
            let query = Query::MessageRevisions(source, id.clone());
            messages.insert(
                id.clone(),
                find(store, &community, query).await.expect("messages"),
            );
        }
        Self {
            own,
            signals: signals.into_iter().map(|s| (s.source_id.clone(), s)).collect(),
            messages,
        }
    }

    /// Orders, fills, decisions in all.
    pub(crate) fn counts(&self) -> (usize, usize, usize) {
        let sum = |of: fn(&Own) -> usize| self.own.iter().map(of).sum();
        (
            sum(|o| o.orders.len()),
            sum(|o| o.fills.len()),
            sum(|o| o.decisions.len()),
        )
    }

    /// Entries that still work, by the message that called them.
    pub(crate) fn working(&self) -> BTreeSet<String> {
        let by_id: BTreeMap<_, &str> = self
            .signals
            .values()
            .map(|s| (s.id, s.source_id.as_str()))
            .collect();
        let orders = self.own.iter().flat_map(|own| &own.orders);
        let entries = orders.filter(|o| !o.state.is_final() && o.leg.opens());
        entries
            .filter_map(|o| Some((*by_id.get(&o.signal_id?)?).to_owned()))
            .collect()
    }

    /// What differs from the venue's ledger; empty when all is well.
    pub(crate) fn against(&self, ledger: &Value) -> Vec<String> {
        let mut found = Vec::new();
        for own in &self.own {
            let id = own.connection.account_id.as_str();
            let truth = ledger["accounts"].as_array().into_iter().flatten();
            let Some(truth) = truth.into_iter().find(|a| a["account"]["account"] == id) else {
                found.push(format!("the venue does not know {id}"));
                continue;
            };
            own.against(truth, &mut found);
        }
        found
    }

    /// Promises that were not kept: each call taken once, each follower decided once, each decision at its end.
    pub(crate) fn unkept(&self, posted: &BTreeMap<String, Posted>, followers: &[Follower]) -> Vec<String> {
        let mut found = Vec::new();
        for (id, posted) in posted {
            let revisions = self.messages.get(id).map_or(&[][..], Vec::as_slice);
            let numbers: BTreeSet<u32> = revisions.iter().map(|m| m.revision).collect();
            if numbers.len() != revisions.len() {
                found.push(format!("message {id} holds a revision twice"));
            }
            if !posted.edited && !posted.deleted && revisions.len() > 1 {
                found.push(format!("message {id} was taken {} times", revisions.len()));
            }
            if revisions.is_empty() && !posted.deleted {
                found.push(format!("message {id} was posted and is not there"));
            }
            if let Some(waits) = revisions.iter().find(|m| !m.processed) {
                found.push(format!("message {id} revision {} was never read", waits.revision));
            }
            if posted.opens && !posted.edited && !posted.deleted {
                self.decided(id, posted, followers, &mut found);
            }
        }
        for own in &self.own {
            own.ended(&mut found);
        }
        found
    }

    fn decided(&self, id: &str, posted: &Posted, followers: &[Follower], found: &mut Vec<String>) {
        let Some(signal) = self.signals.get(id) else {
            let said = self.messages.get(id).into_iter().flatten();
            let said: Vec<_> = said
                .map(|m| {
                    format!(
                        "{:?} of {}, received {}: {:?}",
                        m.kind, m.posted_at, m.received_at, m.content.text
                    )
                })
                .collect();
            found.push(format!("message {id} became no signal: {said:?}"));
            return;
        };
        if matches!(signal.status, SignalStatus::Stale | SignalStatus::Deleted) {
            return;
        }
        if signal.status != SignalStatus::Done {
            found.push(format!("signal {} is {:?}", signal.id, signal.status));
        }
        let provider = provider_of(posted.channel);
        for follower in followers.iter().filter(|f| f.providers.contains(&provider)) {
            let of_user = self.own.iter().filter(|o| o.connection.user_id == follower.user);
            let own = of_user.flat_map(|o| &o.decisions);
            let count = own.filter(|d| d.signal_id == signal.id).count();
            if count != 1 {
                found.push(format!("{} has {count} decisions on message {id}", follower.user));
            }
        }
    }
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_default()
}
fn number(value: &Value, field: &str) -> Decimal {
    text(value, field)
        .parse::<Decimal>()
        .unwrap_or_default()
        .normalize()
}
fn list<'a>(value: &'a Value, field: &str) -> impl Iterator<Item = &'a Value> {
    value[field].as_array().into_iter().flatten()
}

impl Own {
    fn against(&self, truth: &Value, found: &mut Vec<String>) {
        let mut differ = |what: &str, ours: String, theirs: String| {
            if ours != theirs {
                let who = &self.connection.account_id;
                found.push(format!("{who}: {what}: ours {ours}, the venue's {theirs}"));
            }
        };
        let cash = number(&truth["account"], "cash");
        differ(
            "cash",
            self.account.cash.normalize().to_string(),
            cash.to_string(),
        );
        let held: BTreeMap<String, Decimal> = self
            .account
            .holdings
            .iter()
            .filter(|(_, h)| !h.quantity.is_zero())
            .map(|(i, h)| (i.to_string(), h.quantity.normalize()))
            .collect();
        let signed = |p: &Value| match text(p, "side") {
            "short" => -number(p, "quantity"),
            _ => number(p, "quantity"),
        };
        let theirs: BTreeMap<String, Decimal> = list(truth, "positions")
            .map(|p| (text(p, "symbol").to_owned(), signed(p).normalize()))
            .collect();
        differ("positions", format!("{held:?}"), format!("{theirs:?}"));
        let ours: BTreeMap<String, (Decimal, Decimal)> = self
            .fills
            .iter()
            .map(|f| {
                (
                    f.venue_fill_id.clone(),
                    (f.quantity.value().normalize(), f.price.value().normalize()),
                )
            })
            .collect();
        differ(
            "fills booked twice",
            (self.fills.len() - ours.len()).to_string(),
            "0".to_owned(),
        );
        let fills: BTreeMap<String, (Decimal, Decimal)> = list(truth, "fills")
            .map(|f| {
                (
                    text(f, "fill_id").to_owned(),
                    (number(f, "quantity"), number(f, "price")),
                )
            })
            .collect();
        for id in ours.keys().chain(fills.keys()).collect::<BTreeSet<_>>() {
            differ(
                &format!("fill {id}"),
                format!("{:?}", ours.get(id)),
                format!("{:?}", fills.get(id)),
            );
        }
        for (symbol, quantity) in theirs.iter().filter(|(_, q)| q.is_sign_negative()) {
            let who = &self.connection.account_id;
            found.push(format!("{who}: {quantity} {symbol}: more was sold than was held"));
        }
        self.orders_against(truth, found);
        self.doubled(found);
    }

    /// What opens for one instruction of one signal: one order that works, and no more filled than was meant. The venue
    /// refuses an id that it knows; only this finds a second order under another one.
    fn doubled(&self, found: &mut Vec<String>) {
        let mut of_instruction: BTreeMap<_, Vec<&Order>> = BTreeMap::new();
        for order in self.orders.iter().filter(|o| o.leg.opens()) {
            let key = (order.origin, order.instruction, order.leg);
            of_instruction.entry(key).or_default().push(order);
        }
        for ((origin, instruction, leg), orders) in of_instruction {
            let working = orders.iter().filter(|o| !o.state.is_final()).count();
            let filled: Decimal = orders.iter().map(|o| o.filled.value()).sum();
            let meant = orders.iter().map(|o| o.request.quantity.value()).max();
            if working > 1 || filled > meant.unwrap_or_default() {
                let who = &self.connection.account_id;
                found.push(format!(
                    "{who}: {leg} {instruction} of {origin:?} was done twice: {} orders, {working} working, {filled} filled"
                    , orders.len()
                ));
            }
        }
    }

    fn orders_against(&self, truth: &Value, found: &mut Vec<String>) {
        let who = &self.connection.account_id;
        let mut at_venue: BTreeMap<&str, &Value> = BTreeMap::new();
        for order in list(truth, "orders") {
            let id = text(order, "client_order_id");
            if at_venue.insert(id, order).is_some() {
                found.push(format!("{who}: {id} was placed twice"));
            }
        }
        for order in &self.orders {
            let (id, state) = (order.client_order_id().to_string(), order.state.code());
            let venue = at_venue.remove(id.as_str());
            let filled = venue.map(|o| number(o, "filled_quantity")).unwrap_or_default();
            if order.filled.value().normalize() != filled {
                found.push(format!(
                    "{who}: {id} {state}: filled {}, the venue's {filled}",
                    order.filled
                ));
            }
            let status = venue.map_or("nothing", |o| text(o, "status"));
            let agrees = match status {
                "new" => order.state == OrderState::Submitted,
                "nothing" => !order.state.may_be_at_venue(),
                status => status == state,
            };
            if !agrees {
                found.push(format!("{who}: {id}: ours {state}, the venue's {status}"));
            }
        }
        for id in at_venue.keys() {
            found.push(format!("{who}: {id} at the venue is none of ours"));
        }
    }

    /// Entries and closes have ended, decisions wait for nobody, positions are protected.
    fn ended(&self, found: &mut Vec<String>) {
        let who = &self.connection.account_id;
        for order in self
            .orders
            .iter()
            .filter(|o| !o.leg.protects() && !o.state.is_final())
        {
            found.push(format!(
                "{who}: {} {} is still {}",
                order.leg,
                order.client_order_id(),
                order.state.code()
            ));
        }
        let known: BTreeSet<_> = self.orders.iter().map(|o| o.id).collect();
        for decision in &self.decisions {
            if matches!(decision.status, DecisionStatus::AwaitingApproval) {
                found.push(format!("{who}: a decision waits: {}", decision.message));
            }
            if decision.orders.iter().any(|id| !known.contains(id)) {
                found.push(format!(
                    "{who}: an order of decision {} is not there",
                    decision.id
                ));
            }
        }
        for lot in &self.lots {
            let planned = lot.protection.stop.is_some() || lot.protection.trailing.is_some();
            let closes = self
                .orders
                .iter()
                .filter(|o| o.lot_id == Some(lot.id) && o.leg == Leg::Flatten);
            let closing: Decimal = closes
                .filter(|o| !o.state.is_final())
                .map(|o| o.remaining().value())
                .sum();
            if planned && lot.covered.value() + closing < lot.open.value() {
                found.push(format!(
                    "{who}: {} of {} held, {} protected",
                    lot.open, lot.instrument, lot.covered
                ));
            }
        }
    }
}
