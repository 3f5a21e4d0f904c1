//! Decides what the orders' owners see of what the matching did, and what follows from it: legs begin to work, orders
//! end with the session, what was asked for takes effect. Refuses to take requests.

use ordercast_model::time::Timestamp;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::{
    alpaca::{
        floor::{self, Floor, Later, Told, plain},
        id, show,
        ticket::{Class, Execution, State, Ticket},
    },
    venue::{
        order::{Event, EventKind, Fill, Kind, Order, Side},
        refusal::Refusal,
    },
};

/// Events taken in at once.
const EVENTS_MAX: usize = 1_024;

impl Floor {
    /// Moves the market to a wall time and everything that is due with it.
    ///
    /// # Errors
    /// `unavailable`, `internal` of the matching.
    pub fn tick(&mut self, now: Timestamp) -> Result<(), Refusal> {
        let stepped = self.desk.step(now);
        self.absorb(now);
        let (due, later) = std::mem::take(&mut self.later)
            .into_iter()
            .partition(|(at, _)| *at <= now);
        self.later = later;
        let due: Vec<(Timestamp, Later)> = due;
        for (_, what) in due {
            match what {
                Later::Confirm(id) => self.confirm(&id, now),
                Later::Cancel(id) => self.end(&id, State::PendingCancel, now),
                Later::Replace(id) => self.swap(&id, now),
            }
            self.absorb(now);
        }
        self.follow_sessions(now);
        self.absorb(now);
        stepped
    }

    /// Orders that waited for the open begin; orders whose time is over end.
    fn follow_sessions(&mut self, now: Timestamp) {
        let (mut opening, mut ending) = (Vec::new(), Vec::new());
        for ticket in self.book.open() {
            let asleep = ticket.state == State::Held && ticket.working.is_none();
            if ticket.at.expires <= now && !asleep {
                ending.push(ticket.id.clone());
            } else if ticket.state == State::Accepted && self.desk.engine().trading(&ticket.terms.symbol) {
                opening.push(ticket.id.clone());
            }
        }
        for id in opening {
            self.confirm(&id, now);
        }
        for id in &ending {
            if let Some(ticket) = self.book.get_mut(id) {
                ticket.expiring = true;
            }
        }
        for id in ending {
            let state = self.book.get(&id).map_or(State::Expired, |t| t.state);
            self.end(&id, state, now);
        }
    }

    fn confirm(&mut self, id: &str, now: Timestamp) {
        let waits = |t: &&Ticket| matches!(t.state, State::PendingNew | State::Accepted | State::Held);
        if self.book.get(id).filter(waits).is_some() {
            self.book.turn(id, State::New, now);
            self.tell(id, "new", now, json!({}));
        }
    }

    /// Ends an order that still stands in a state.
    fn end(&mut self, id: &str, state: State, now: Timestamp) {
        let Some(ticket) = self.book.get(id).filter(|t| t.state == state) else {
            return;
        };
        match (ticket.working, ticket.account.clone()) {
            (Some(number), account) => {
                // What it was asked for may have been overtaken by a fill: then the fill is what is told.
                let _ = self.desk.act(now, |e| e.cancel(&account, number));
            }
            (None, _) => self.closed(id, now),
        }
    }

    /// An order is over that never reached the matching, or left it; its legs that wait go with it, and so does its pair.
    fn closed(&mut self, id: &str, now: Timestamp) {
        let Some(ticket) = self.book.get(id).filter(|t| !t.state.is_final()) else {
            return;
        };
        let (expiring, legs) = (ticket.expiring, ticket.legs.clone());
        let pair = match (&ticket.parent, ticket.working) {
            (Some(parent), None) => self.waiting_pair(parent, id),
            _ => Vec::new(),
        };
        let (state, word) = if expiring {
            (State::Expired, "expired")
        } else {
            (State::Canceled, "canceled")
        };
        self.book.turn(id, state, now);
        self.tell(id, word, now, json!({}));
        for leg in legs.into_iter().chain(pair) {
            let waiting = self.book.get(&leg).is_some_and(|t| t.working.is_none());
            if waiting {
                if let Some(leg) = self.book.get_mut(&leg) {
                    leg.expiring = expiring;
                }
                self.closed(&leg, now);
            }
        }
    }

    fn waiting_pair(&self, parent: &str, except: &str) -> Vec<String> {
        let legs = self.book.get(parent).map(|p| p.legs.clone()).unwrap_or_default();
        legs.into_iter().filter(|leg| leg != except).collect()
    }

    /// A replacement takes its order's place, unless that one ended meanwhile.
    fn swap(&mut self, id: &str, now: Timestamp) {
        let Some(new) = self.book.get(id).cloned() else {
            return;
        };
        let Some(old) = new.replaces.as_deref().and_then(|o| self.book.get(o)).cloned() else {
            return;
        };
        if old.state != State::PendingReplace {
            self.turned_down(&new, &old, now);
            return;
        }
        let made = match old.working {
            None => Ok(None),
            Some(number) if new.terms.trail == old.terms.trail => {
                let filled = old.base.checked_add(old.filled).unwrap_or(old.filled);
                let wish = floor::amendment(&new, filled);
                if let Some(ticket) = self.book.get_mut(id) {
                    ticket.base = filled;
                }
                self.desk
                    .act(now, |e| e.replace(&old.account, number, wish))
                    .map(|_| Some(number))
            }
            Some(number) => self
                .desk
                .act(now, |e| e.cancel(&old.account, number))
                .map(|_| None),
        };
        let Ok(number) = made else {
            self.turned_down(&new, &old, now);
            return;
        };
        self.adopt(&new, &old);
        if let Some(number) = number {
            self.book.link(number, id);
        } else if old.working.is_some() {
            self.unlink_events(&old.account);
            match self.work(&old.account, id, &new.terms, None, now) {
                Ok(number) => self.book.link(number, id),
                Err(_) => self.book.turn(id, State::Rejected, now),
            }
        }
        self.book.turn(&old.id, State::Replaced, now);
        self.tell(&old.id, "replaced", now, json!({}));
        let state = if new.former == State::Held {
            State::Held
        } else {
            State::New
        };
        if self.book.get(id).is_some_and(|t| t.state == State::PendingNew) {
            self.book.turn(id, state, now);
            self.tell(id, "new", now, json!({}));
        }
    }

    /// Passes over what the matching just said of an order that is on its way to another one.
    fn unlink_events(&mut self, account: &str) {
        let last = self.desk.engine().state().accounts.get(account).map(|a| a.event);
        if let Some(last) = last {
            self.taken.insert(account.to_owned(), last);
        }
    }

    fn adopt(&mut self, new: &Ticket, old: &Ticket) {
        for leg in &old.legs {
            if let Some(leg) = self.book.get_mut(leg) {
                leg.parent = Some(new.id.clone());
            }
        }
        if let Some(parent) = old.parent.as_deref().and_then(|p| self.book.get_mut(p)) {
            for leg in parent.legs.iter_mut().filter(|leg| **leg == old.id) {
                leg.clone_from(&new.id);
            }
        }
    }

    fn turned_down(&mut self, new: &Ticket, old: &Ticket, now: Timestamp) {
        self.book.turn(&new.id, State::Rejected, now);
        self.tell(&new.id, "rejected", now, json!({}));
        if let Some(ticket) = self.book.get_mut(&old.id) {
            ticket.replaced_by = None;
        }
        if old.state == State::PendingReplace {
            self.book.turn(&old.id, old.former, now);
        }
        self.tell(&old.id, "order_replace_rejected", now, json!({}));
    }

    /// Takes in what the matching reported since the last time.
    pub(super) fn absorb(&mut self, now: Timestamp) {
        loop {
            let mut fresh: Vec<Event> = Vec::new();
            let state = self.desk.engine().state();
            for account in self.customers.keys() {
                let from = self.taken.get(account).copied().unwrap_or(0);
                // Taken in after every piece of work: never further behind than what is kept.
                fresh.extend(state.events_after(account, from, EVENTS_MAX).unwrap_or_default());
            }
            if fresh.is_empty() {
                return;
            }
            for event in fresh {
                self.taken.insert(event.account.clone(), event.number);
                self.heard(&event, now);
            }
        }
    }

    fn heard(&mut self, event: &Event, now: Timestamp) {
        let Some(order) = &event.order else { return };
        let Some(ticket) = self.book.of_working(order.number) else {
            return;
        };
        let id = ticket.id.clone();
        match event.kind {
            EventKind::New => {}
            EventKind::Triggered => self.confirm(&id, event.at),
            EventKind::PartialFill | EventKind::Fill => {
                if let Some(fill) = &event.fill {
                    self.filled(&id, order, fill, now);
                }
            }
            EventKind::Cancelled | EventKind::Expired => self.closed(&id, event.at),
            EventKind::Rejected => {
                self.book.turn(&id, State::Rejected, event.at);
                self.tell(&id, "rejected", event.at, json!({}));
                for leg in self.book.get(&id).map(|t| t.legs.clone()).unwrap_or_default() {
                    self.closed(&leg, event.at);
                }
            }
            EventKind::Replaced => {
                // The other half of a pair filled in part; an amendment of ours keeps the sum as it is.
                if let Some(ticket) = self.book.get_mut(&id) {
                    let total = order.quantity.checked_sub(ticket.base);
                    if ticket.class.is_complex() {
                        ticket.terms.quantity = total.unwrap_or(ticket.terms.quantity);
                    }
                }
            }
        }
    }

    fn filled(&mut self, id: &str, order: &Order, fill: &Fill, now: Timestamp) {
        self.confirm(id, fill.at);
        let seed = self.seed;
        let last = |e: &&Execution| e.account == fill.account && e.symbol == fill.symbol;
        let before = self.book.executions.iter().rev().find(last).map(|e| e.position);
        let before = before.unwrap_or_default();
        let position = before
            .checked_add(fill.side.signed(fill.quantity))
            .unwrap_or(before);
        let Some(ticket) = self.book.get_mut(id) else {
            return;
        };
        ticket.filled = ticket.filled.checked_add(fill.quantity).unwrap_or(ticket.filled);
        let value = fill.price.checked_mul(fill.quantity).unwrap_or_default();
        ticket.value = ticket.value.checked_add(value).unwrap_or(ticket.value);
        let whole = order.remaining().is_zero();
        let execution = id::rising(fill.number, &format!("{seed}/fill"));
        let made = Execution {
            activity: format!("{}::{execution}", fill.at.utc().format("%Y%m%d%H%M%S%3f")),
            id: execution,
            account: fill.account.clone(),
            ticket: id.to_owned(),
            symbol: fill.symbol.clone(),
            side: fill.side,
            short: fill.side == Side::Sell && before <= Decimal::ZERO,
            quantity: fill.quantity,
            price: fill.price,
            cumulative: ticket.filled,
            leaves: ticket.remaining(),
            position,
            at: fill.at,
        };
        let pending = matches!(ticket.state, State::PendingCancel | State::PendingReplace);
        let (state, word) = match (whole, pending) {
            (true, _) => (State::Filled, "fill"),
            (false, false) => (State::PartiallyFilled, "partial_fill"),
            (false, true) => {
                ticket.former = State::PartiallyFilled;
                (ticket.state, "partial_fill")
            }
        };
        let (legs, class) = (ticket.legs.clone(), ticket.class);
        let extra = json!({
            "execution_id": made.id, "price": plain(made.price), "qty": plain(made.quantity),
            "position_qty": plain(made.position), "timestamp": made.at,
        });
        self.book.executions.push(made);
        self.book.turn(id, state, fill.at);
        self.tell(id, word, fill.at, extra);
        if whole && matches!(class, Class::Bracket | Class::Oto) {
            self.begin(id, &legs, now);
        }
    }

    /// The entry is filled: its legs begin to work. Of a pair the stop stays `held` until its level is reached.
    fn begin(&mut self, parent: &str, legs: &[String], now: Timestamp) {
        let family = (legs.len() > 1).then_some(parent);
        for id in legs {
            let Some(leg) = self.book.get(id).filter(|t| !t.state.is_final()).cloned() else {
                continue;
            };
            match self.work(&leg.account, id, &leg.terms, family, now) {
                Ok(number) => {
                    self.book.link(number, id);
                    if family.is_none() || leg.terms.kind == Kind::Limit {
                        self.confirm(id, now);
                    }
                }
                Err(problem) => {
                    tracing::debug!(%id, message = problem.message, "a leg was not taken");
                    self.book.turn(id, State::Rejected, now);
                    self.tell(id, "rejected", now, json!({}));
                }
            }
        }
    }

    /// Sends a message of an order to its account's streams.
    pub(super) fn tell(&mut self, id: &str, event: &str, at: Timestamp, extra: Value) {
        let copies = if self.never > 0 {
            self.never -= 1;
            return;
        } else if self.twice > 0 {
            self.twice -= 1;
            2
        } else {
            1
        };
        let Some(ticket) = self.book.get(id) else { return };
        let execution = format!("{}/{id}/{event}/{}", self.seed, at.micros());
        let mut data = json!({
            "event": event, "execution_id": id::uuid(&execution), "timestamp": at,
            "order": show::order(self, ticket, true),
        });
        if let (Some(data), Value::Object(extra)) = (data.as_object_mut(), extra) {
            data.extend(extra);
        }
        let text = json!({"stream": "trade_updates", "data": data}).to_string();
        // Nobody listening is no error: what is told then is lost, as theirs.
        let _ = self
            .feed
            .send(Told::Update(ticket.account.as_str().into(), text.into(), copies));
    }

    /// An order as it is answered; `null` when there is none.
    #[must_use]
    pub fn shown(&self, id: &str, nested: bool) -> Value {
        self.book
            .get(id)
            .map_or(Value::Null, |ticket| show::order(self, ticket, nested))
    }
}
