//! Decides what follows from the matching: executions, commissions, the end of the other leg, stops that are reached, and what
//! the streams are told of it. Refuses to take orders.

use ordercast_model::time::Timestamp;
use serde_json::json;

use crate::{
    binance::{
        floor::{Floor, Told, plus},
        rule::QUOTE,
        show,
        ticket::{State, Ticket, Trade},
    },
    venue::order::{Event, EventKind, Fill, Reason, Side},
};

/// Events taken in at once.
const EVENTS_MAX: usize = 1_024;

impl Floor {
    /// Moves the market to a wall time and everything that is due with it.
    pub fn tick(&mut self, now: Timestamp) {
        if let Err(error) = self.desk.step(now) {
            tracing::error!(%error, "simulated Binance step");
        }
        self.absorb(now);
        let reached = |t: &&Ticket| {
            let waits = t.state.open() && t.working.is_none() && t.list.is_some() && t.wish.kind.stops();
            waits
                && self.quote(&t.wish.symbol).is_ok_and(|quote| match t.wish.side {
                    Side::Sell => t.wish.stop.is_some_and(|stop| quote.bid <= stop),
                    Side::Buy => t.wish.stop.is_some_and(|stop| quote.ask >= stop),
                })
        };
        let due: Vec<i64> = self.book.iter().filter(reached).map(|t| t.id).collect();
        for id in due {
            if let Some(other) = self.book.sibling(id).map(|t| t.id) {
                self.end(other, State::Expired, now);
            }
            // The other leg was filled at the same moment: then this one is over.
            if self.book.get(id).is_some_and(|t| t.state.open())
                && let Err(no) = self.work(id, now)
            {
                tracing::debug!(id, message = no.message, "a stop was not taken");
            }
        }
    }

    /// Takes in what the matching reported since the last time.
    pub(super) fn absorb(&mut self, now: Timestamp) {
        loop {
            let mut fresh: Vec<Event> = Vec::new();
            let state = self.desk.engine().state();
            for account in self.customers.keys() {
                let from = self.heard.get(account).copied().unwrap_or(0);
                fresh.extend(state.events_after(account, from, EVENTS_MAX).unwrap_or_default());
            }
            if fresh.is_empty() {
                return;
            }
            for event in fresh {
                self.heard.insert(event.account.clone(), event.number);
                self.hear(&event, now);
            }
        }
    }

    fn hear(&mut self, event: &Event, now: Timestamp) {
        let Some(order) = &event.order else { return };
        // An order that trades as it is taken is heard of before its number is known.
        let named = || order.client_order_id.strip_prefix('b')?.parse().ok();
        let Some(id) = self.book.of_working(order.number).or_else(named) else {
            return;
        };
        match event.kind {
            EventKind::PartialFill | EventKind::Fill => {
                if let Some(fill) = &event.fill {
                    self.filled(id, fill, now);
                }
            }
            EventKind::Cancelled | EventKind::Expired | EventKind::Rejected => {
                if order.reason != Some(Reason::UserCancelled)
                    && let Some(ticket) = self.book.get_mut(id)
                {
                    ticket.ending = State::Expired;
                }
                self.closed(id, event.at);
            }
            EventKind::New | EventKind::Replaced | EventKind::Triggered => {}
        }
    }

    fn filled(&mut self, id: i64, fill: &Fill, now: Timestamp) {
        let (asset, base) = match fill.side {
            Side::Buy => (fill.symbol.underlying(), fill.quantity),
            Side::Sell => (QUOTE, fill.price.checked_mul(fill.quantity).unwrap_or_default()),
        };
        let commission = base.checked_mul(self.commission).unwrap_or_default().round_dp(8);
        if let Some(customer) = self.customers.get_mut(&fill.account) {
            let taken = customer.taken.entry(asset.to_owned()).or_default();
            *taken = plus(*taken, commission);
        }
        let trade = Trade {
            id: i64::try_from(fill.number).unwrap_or(i64::MAX),
            order: id,
            account: fill.account.clone(),
            symbol: fill.symbol.clone(),
            side: fill.side,
            price: fill.price,
            quantity: fill.quantity,
            commission,
            asset: asset.to_owned(),
            at: fill.at,
        };
        let Some(ticket) = self.book.get_mut(id) else {
            return;
        };
        ticket.executed = plus(ticket.executed, fill.quantity);
        let value = fill.price.checked_mul(fill.quantity).unwrap_or_default();
        ticket.spent = plus(ticket.spent, value);
        ticket.updated = fill.at;
        ticket.state = if ticket.remaining().is_zero() {
            State::Filled
        } else {
            State::PartiallyFilled
        };
        self.book.trades.push(trade.clone());
        self.tell(id, "TRADE", Some(&trade), fill.at);
        // The first execution of one leg ends the other.
        if let Some(other) = self.book.sibling(id).filter(|t| t.state.open()).map(|t| t.id) {
            self.end(other, State::Expired, now);
        }
    }

    /// Sends an event of an order to its account's streams.
    pub(super) fn tell(&mut self, id: i64, execution: &str, trade: Option<&Trade>, at: Timestamp) {
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
        let text = json!({"subscriptionId": 0, "event": show::report(ticket, execution, trade, at)});
        let told = Told::Event(ticket.account.as_str().into(), text.to_string().into(), copies);
        // Nobody listening is no error: what is told then is lost, as theirs.
        let _ = self.feed.send(told);
    }
}
