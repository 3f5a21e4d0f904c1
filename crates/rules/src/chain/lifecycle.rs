//! Decides whether the state of each order follows from its journal entries by the table of PRODUCT 4.1.
//! Refuses to look anywhere but at the entries: what the store says is compared afterwards.
#![deny(clippy::arithmetic_side_effects)]

use std::collections::BTreeMap;

use ordercast_model::{
    ids::OrderId,
    journal::{
        entry::{Chained, Entry},
        kind::Kind,
    },
    money::Quantity,
    order::{intent::Order, state::OrderState},
};
use serde_json::Value;

/// An order as its entries tell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folded {
    /// Where it stands.
    pub state: OrderState,
    /// Sum of its booked fills.
    pub filled: Quantity,
    /// A fill was booked after the final state.
    pub late_fill: bool,
    /// Place of its last entry.
    pub last_seq: u64,
}

/// An entry that may not follow, or an order that is not what its entries tell.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("order {order} at entry {seq}: {message}")]
pub struct LifecycleFault {
    /// Which order.
    pub order: OrderId,
    /// Place of the entry, or of the order's last one.
    pub seq: u64,
    /// What is wrong.
    pub message: String,
}

/// The life cycles of all orders, read entry by entry in the order of the journal.
#[derive(Debug, Clone, Default)]
pub struct Lifecycles {
    orders: BTreeMap<OrderId, Folded>,
    faults: Vec<LifecycleFault>,
}

/// What an entry says about its order.
enum Says {
    /// It is in this state now.
    State(OrderState),
    /// Some of it filled; nothing of it remains when `true`.
    Fill(bool),
    /// Nothing about its state.
    Nothing,
}

impl Lifecycles {
    /// Reads the next entry. Entries that are about no order are passed over.
    pub fn observe(&mut self, seq: u64, entry: &Entry) {
        let Some(order) = entry.links.order else { return };
        let says = match says(entry) {
            Ok(says) => says,
            Err(message) => return self.fault(order, seq, message),
        };
        let Some(known) = self.orders.get(&order).cloned() else {
            return self.begin(order, seq, &says, entry.kind);
        };
        let mut next = Folded {
            last_seq: seq,
            ..known.clone()
        };
        match says {
            Says::Nothing => {}
            Says::State(state) => match step(known.state, state, entry.kind) {
                Ok(()) => next.state = state,
                Err(message) => self.fault(order, seq, message),
            },
            Says::Fill(all) => {
                let quantity = entry.trade.as_ref().map_or(Quantity::ZERO, |t| t.quantity);
                match known.filled.plus(quantity) {
                    Ok(sum) => next.filled = sum,
                    Err(error) => self.fault(order, seq, error.to_string()),
                }
                self.filled(order, seq, &mut next, all);
            }
        }
        self.orders.insert(order, next);
    }

    /// Reads a chained entry.
    pub fn observe_chained(&mut self, chained: &Chained) {
        self.observe(chained.seq, &chained.entry);
    }

    /// Steps that the table does not know, in journal order.
    #[must_use]
    pub fn faults(&self) -> &[LifecycleFault] {
        &self.faults
    }

    /// Every order met, as its entries tell it.
    #[must_use]
    pub const fn orders(&self) -> &BTreeMap<OrderId, Folded> {
        &self.orders
    }

    fn begin(&mut self, order: OrderId, seq: u64, says: &Says, kind: Kind) {
        let first = match says {
            Says::State(state) if matches!(kind, Kind::IntentCreated | Kind::OrderQueued) => *state,
            // An approval, a decision or a refusal may name an order that never came to be.
            Says::Nothing => return,
            Says::State(_) | Says::Fill(_) => {
                return self.fault(order, seq, format!("begins with {}", kind.code()));
            }
        };
        let beginning = matches!(
            first,
            OrderState::PendingApproval | OrderState::Queued | OrderState::Pending
        );
        if !beginning {
            self.fault(order, seq, format!("begins as {}", first.code()));
        }
        let folded = Folded {
            state: first,
            filled: Quantity::ZERO,
            late_fill: false,
            last_seq: seq,
        };
        self.orders.insert(order, folded);
    }

    fn filled(&mut self, order: OrderId, seq: u64, next: &mut Folded, all: bool) {
        if next.state.is_final() {
            next.late_fill = true;
            return;
        }
        let state = if all {
            OrderState::Filled
        } else {
            OrderState::PartiallyFilled
        };
        let stays = next.state == state
            || (next.state == OrderState::Escalated && state == OrderState::PartiallyFilled);
        if stays {
            return;
        }
        if next.state.may_become(state) {
            next.state = state;
        } else {
            let message = format!("{} cannot become {}", next.state.code(), state.code());
            self.fault(order, seq, message);
        }
    }

    fn fault(&mut self, order: OrderId, seq: u64, message: String) {
        self.faults.push(LifecycleFault { order, seq, message });
    }
}

fn step(from: OrderState, to: OrderState, kind: Kind) -> Result<(), String> {
    // What a look-up found may confirm what was known; an intent may be told again when it leaves the queue.
    let told_again = from == to && matches!(kind, Kind::OrderResolved | Kind::OrderQueued);
    if told_again || from.may_become(to) {
        Ok(())
    } else {
        Err(format!(
            "{} cannot become {} by {}",
            from.code(),
            to.code(),
            kind.code()
        ))
    }
}

fn says(entry: &Entry) -> Result<Says, String> {
    let stated = || -> Result<Option<OrderState>, String> {
        let Some(text) = field(entry, "state") else {
            return Ok(None);
        };
        let found = OrderState::ALL.into_iter().find(|s| s.code() == text);
        found.map(Some).ok_or_else(|| format!("unknown state {text:?}"))
    };
    Ok(match entry.kind {
        Kind::IntentCreated => Says::State(stated()?.unwrap_or(OrderState::Pending)),
        Kind::OrderQueued => Says::State(OrderState::Queued),
        Kind::OrderAccepted => Says::State(OrderState::Submitted),
        Kind::OrderRejected => Says::State(OrderState::Rejected),
        Kind::OrderDenied => Says::State(OrderState::Denied),
        Kind::OrderUnknown => Says::State(OrderState::Unknown),
        Kind::OrderEscalated => Says::State(OrderState::Escalated),
        Kind::OrderCancelled => Says::State(OrderState::Cancelled),
        Kind::OrderExpired => Says::State(OrderState::Expired),
        Kind::OrderDeclined => Says::State(OrderState::Declined),
        Kind::OrderResolved => stated()?.map_or(Says::Nothing, Says::State),
        Kind::FillBooked => {
            let left = field(entry, "remaining").ok_or("the fill does not say what remains")?;
            Says::Fill(left == "0")
        }
        _ => Says::Nothing,
    })
}

fn field<'a>(entry: &'a Entry, name: &str) -> Option<&'a str> {
    entry.after.as_ref()?.get(name).and_then(Value::as_str)
}

/// Compares stored orders with what their entries tell: state, filled quantity, the late-fill flag, and that each has
/// entries at all. Faults met while reading come first.
#[must_use]
pub fn check(orders: &[Order], lifecycles: &Lifecycles) -> Vec<LifecycleFault> {
    let mut faults = lifecycles.faults.clone();
    for order in orders {
        let Some(told) = lifecycles.orders.get(&order.id) else {
            faults.push(LifecycleFault {
                order: order.id,
                seq: 0,
                message: "no journal entry tells of it".to_owned(),
            });
            continue;
        };
        let rows = [
            (
                "state",
                order.state.code().to_owned(),
                told.state.code().to_owned(),
            ),
            ("filled", order.filled.to_string(), told.filled.to_string()),
            (
                "late_fill",
                order.late_fill.to_string(),
                told.late_fill.to_string(),
            ),
        ];
        for (name, stored, journal) in rows {
            if stored != journal {
                faults.push(LifecycleFault {
                    order: order.id,
                    seq: told.last_seq,
                    message: format!("{name} is {stored}, its entries tell {journal}"),
                });
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::too_many_lines)]
    use ordercast_model::{
        ids::{Id, JournalId},
        journal::entry::{Actor, Trade},
        order::shape::OrderSide,
        time::Timestamp,
    };
    use serde_json::json;

    use super::*;

    fn order() -> OrderId {
        OrderId::new(Timestamp::from_seconds(1), [1; 10])
    }

    fn entry(kind: Kind, after: Option<Value>, quantity: Option<&str>) -> Entry {
        let at = Timestamp::from_seconds(1);
        let mut entry = Entry::new(
            JournalId::new(at, [0; 10]),
            at,
            kind,
            Actor::system("test"),
            ("order", order().to_string()),
        );
        entry.after = after;
        entry.links.order = Some(order());
        entry.trade = quantity.map(|quantity| Trade {
            broker: "paper".to_owned(),
            symbol: "AAPL".to_owned(),
            side: OrderSide::Buy,
            quantity: quantity.parse().unwrap(),
            price: None,
            broker_order_id: None,
        });
        entry
    }

    fn fill(quantity: &str, remaining: &str) -> Entry {
        entry(
            Kind::FillBooked,
            Some(json!({ "remaining": remaining })),
            Some(quantity),
        )
    }

    fn check(entries: &[Entry], want: &str) {
        let mut all = Lifecycles::default();
        for (seq, entry) in (0..).zip(entries) {
            all.observe(seq, entry);
        }
        let got = match (all.faults().first(), all.orders().get(&order())) {
            (Some(fault), _) => format!("{}: {}", fault.seq, fault.message),
            (None, Some(f)) => {
                let late = if f.late_fill { " late" } else { "" };
                format!("{} {}{late}", f.state.code(), f.filled)
            }
            (None, None) => "nothing".to_owned(),
        };
        assert_eq!(got, want);
    }

    #[test]
    fn states_follow_from_entries_by_the_table() {
        use Kind::{
            IntentCreated, OrderAccepted, OrderCancelRequested, OrderCancelled, OrderExpired, OrderQueued,
            OrderResolved, OrderSent, OrderUnknown,
        };
        let e = |kind| entry(kind, None, None);
        let resolved = |state: &str| entry(OrderResolved, Some(json!({ "state": state })), None);
        let queued = || entry(IntentCreated, Some(json!({ "state": "queued" })), None);
        check(
            &[
                e(IntentCreated),
                e(OrderSent),
                e(OrderAccepted),
                fill("4", "6"),
                fill("6", "0"),
            ],
            "filled 10",
        );
        check(
            &[
                e(IntentCreated),
                e(OrderAccepted),
                fill("4", "6"),
                e(OrderCancelRequested),
                e(OrderCancelled),
            ],
            "cancelled 4",
        );
        check(
            &[
                e(IntentCreated),
                e(OrderAccepted),
                e(OrderCancelled),
                fill("4", "6"),
            ],
            "cancelled 4 late",
        );
        check(
            &[
                e(IntentCreated),
                e(OrderUnknown),
                resolved("submitted"),
                fill("1", "0"),
            ],
            "filled 1",
        );
        check(&[e(IntentCreated), e(OrderUnknown), fill("1", "0")], "filled 1");
        check(&[queued(), e(OrderQueued), e(OrderExpired)], "expired 0");
        check(
            &[e(OrderQueued), e(IntentCreated), e(OrderAccepted)],
            "submitted 0",
        );
        check(&[e(Kind::SignalDecision)], "nothing");
        check(&[e(OrderAccepted)], "0: begins with order.accepted");
        check(
            &[e(IntentCreated), fill("1", "0")],
            "1: pending cannot become filled",
        );
        check(
            &[e(IntentCreated), e(OrderAccepted), e(OrderAccepted)],
            "2: submitted cannot become submitted by order.accepted",
        );
        check(
            &[e(IntentCreated), e(OrderCancelled), e(OrderAccepted)],
            "2: cancelled cannot become submitted by order.accepted",
        );
        check(
            &[e(IntentCreated), e(OrderAccepted), resolved("odd")],
            "2: unknown state \"odd\"",
        );
        check(
            &[
                e(IntentCreated),
                e(OrderAccepted),
                entry(Kind::FillBooked, None, Some("1")),
            ],
            "2: the fill does not say what remains",
        );
    }
}
