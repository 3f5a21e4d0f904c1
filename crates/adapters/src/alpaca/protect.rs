//! Puts a version of a lot's protection in force. Alpaca swaps nothing as one: what stands goes first, because the shares it
//! holds cannot be sold twice, and the new pairs follow once it is gone. Decides when that is certain; refuses to leave half
//! of a version behind.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use ordercast_model::{
    order::shape::ProtectionGroup,
    ports::{
        broker::{Access, ErrorKind, Protected, Refusal, VenueOrder, VenueState},
        clock::Clock,
    },
};
use rust_decimal::Decimal;

use super::{
    client::{Client, Who},
    error::{self, No},
    listing, map, request,
    tag::Tag,
    wire,
};

/// Waits between looks at an order that is being cancelled.
const LOOKS: [Duration; 6] = [
    Duration::from_millis(60),
    Duration::from_millis(120),
    Duration::from_millis(250),
    Duration::from_millis(500),
    Duration::from_millis(800),
    Duration::from_millis(1_200),
];

/// Orders of which it is remembered that a swap of ours ended them.
const ENDED_MAX: usize = 4_096;

/// What swaps of this process took back, so that its end is not taken for somebody's at the broker.
#[derive(Debug, Default)]
pub(super) struct Ended(Mutex<VecDeque<String>>);

impl Ended {
    fn note(&self, order: &wire::Order) {
        let mut ids = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for one in std::iter::once(order).chain(&order.legs) {
            ids.push_back(one.id.clone());
        }
        while ids.len() > ENDED_MAX {
            ids.pop_front();
        }
    }

    /// The order with the reason of its end, when that was a swap.
    pub(super) fn explained(&self, mut order: VenueOrder) -> VenueOrder {
        let ids = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if order.state == VenueState::Cancelled && ids.contains(&order.broker_order_id) {
            order.reason = Some("group_replaced".to_owned());
        }
        order
    }
}

/// One swap.
pub(super) struct Swap<'a> {
    pub(super) ended: &'a Ended,
    pub(super) client: &'a Client,
    pub(super) clock: &'a Arc<dyn Clock>,
    pub(super) access: &'a Access,
}

/// Why a swap stops, as the port says it.
fn stopped(no: No, changed: bool) -> Protected {
    match no {
        No::Refused(refusal) => Protected::Rejected(refusal),
        // The old protection is gone: the same version has to follow at once, not another one later.
        No::Limited(_, why) if changed => Protected::Unknown(why),
        No::Limited(after, why) => Protected::NotSent(error::retry(after, why)),
        No::Waiting(after) if changed => Protected::Unknown(format!(
            "waiting {} s for Alpaca's rate limit",
            after.as_secs().max(1)
        )),
        No::Waiting(after) => Protected::NotSent(error::wait(after)),
        No::Unauthorised(why) if changed => Protected::Unknown(why),
        No::Unauthorised(why) => {
            Protected::NotSent(ordercast_model::ports::broker::NotSent::Unauthorised(why))
        }
        No::Unclear(why) => Protected::Unknown(why),
    }
}

/// The lot is held by nothing at the venue, for certain.
fn unheld(why: String) -> Protected {
    Protected::Rejected(Refusal {
        kind: ErrorKind::RateLimited,
        code: "not_replaced".to_owned(),
        message: why,
    })
}

/// Nothing was changed by a question that failed.
fn asked(no: No) -> No {
    match no {
        No::Unclear(why) => No::Limited(Duration::from_secs(1), why),
        no => no,
    }
}

impl Swap<'_> {
    /// Brings the group to this version. Safe to repeat with the same version.
    pub(super) async fn run(&self, group: &ProtectionGroup) -> Protected {
        let mut wanted = Vec::new();
        for slice in &group.slices {
            match request::slice(&group.group_id, slice) {
                Ok(Some(order)) => wanted.push(order),
                Ok(None) => {}
                // Ordercast watches what Alpaca cannot hold.
                Err(why) => {
                    return Protected::Rejected(Refusal {
                        kind: ErrorKind::Unsupported,
                        code: "unsupported_order".to_owned(),
                        message: why.to_string(),
                    });
                }
            }
        }
        let open = match listing::open(self.client, self.access).await {
            Ok(open) => open,
            Err(no) => return stopped(asked(no), false),
        };
        let stands: Vec<&wire::Order> = open
            .iter()
            .filter(|o| tag(o).is_some_and(|t| t.group == group.group_id))
            .collect();
        let is_wanted = |o: &&wire::Order| {
            let id = o.client_order_id.as_deref();
            wanted.iter().any(|w| Some(w.client_order_id.as_str()) == id)
        };
        let (kept, stale): (Vec<&wire::Order>, Vec<&wire::Order>) = stands.into_iter().partition(is_wanted);
        let changed = !stale.is_empty() || !kept.is_empty();
        if let Err(outcome) = self.take_back(&stale).await {
            return outcome;
        }
        let mut placed: Vec<wire::Order> = kept.into_iter().cloned().collect();
        for order in &wanted {
            if placed
                .iter()
                .any(|p| p.client_order_id.as_deref() == Some(&order.client_order_id))
            {
                continue;
            }
            match self.put(order).await {
                Ok(order) => placed.push(order),
                // What stood is gone, and nothing can follow now: whoever can watch must, until it can.
                Err(No::Limited(_, why) | No::Unauthorised(why)) if changed && placed.is_empty() => {
                    return unheld(why);
                }
                Err(No::Waiting(after)) if changed && placed.is_empty() => {
                    return unheld(format!("nothing may be asked for {} s", after.as_secs().max(1)));
                }
                Err(no) => return self.undo(no, &placed, changed).await,
            }
        }
        let shown: Result<Vec<Vec<VenueOrder>>, _> = placed.iter().map(map::orders).collect();
        match shown {
            Ok(all) => Protected::Placed(all.into_iter().flatten().collect()),
            Err(why) => Protected::Unknown(why.to_string()),
        }
    }

    /// Cancels what stands and waits until it is gone.
    async fn take_back(&self, stale: &[&wire::Order]) -> Result<(), Protected> {
        for order in stale {
            self.ended.note(order);
            match self.cancel(&order.id).await {
                Ok(()) => {}
                Err(no @ (No::Limited(..) | No::Waiting(_))) => return Err(stopped(no, true)),
                Err(No::Refused(refusal))
                    if matches!(refusal.kind, ErrorKind::AlreadyFinal | ErrorKind::OrderNotFound) => {}
                Err(No::Refused(refusal)) => return Err(Protected::Unknown(refusal.message)),
                Err(No::Unauthorised(why) | No::Unclear(why)) => return Err(Protected::Unknown(why)),
            }
        }
        for order in stale {
            self.gone(order).await?;
        }
        Ok(())
    }

    async fn cancel(&self, id: &str) -> Result<(), No> {
        let url = self.client.trading(self.access, &["v2", "orders", id]);
        self.client.delete(url, Who::of(self.access)?).await
    }

    /// Waits for the end of an order and of its leg. What was filled meanwhile has changed what there is to protect: this
    /// version no longer fits.
    async fn gone(&self, before: &wire::Order) -> Result<(), Protected> {
        for wait in LOOKS {
            let order = match listing::by_id(self.client, self.access, &before.id).await {
                Ok(Some(order)) => order,
                Ok(None) => return Ok(()),
                Err(no) => return Err(stopped(no, true)),
            };
            let all = || std::iter::once(&order).chain(&order.legs);
            if all().any(|o| o.status == "filled") || filled(&order) != filled(before) {
                return Err(Protected::Rejected(Refusal {
                    kind: ErrorKind::InvalidOrder,
                    code: "filled_meanwhile".to_owned(),
                    message: "the protection before it was filled while it was being replaced".to_owned(),
                }));
            }
            if all().all(|o| is_over(&o.status)) {
                return Ok(());
            }
            self.clock.sleep_until(self.clock.now().plus(wait)).await;
        }
        Err(Protected::Unknown(
            "the protection before it is still being cancelled".to_owned(),
        ))
    }

    /// Places one order of the version; an id that is taken is looked at: it is the one of an earlier asking.
    async fn put(&self, body: &wire::PlaceOrder) -> Result<wire::Order, No> {
        let url = self.client.trading(self.access, &["v2", "orders"]);
        let answer = self
            .client
            .post::<wire::Order>(url, Who::of(self.access)?, body)
            .await;
        let taken = match answer {
            Err(No::Refused(refusal)) if refusal.kind == ErrorKind::DuplicateClientId => refusal,
            Ok(order) if order.status == "rejected" => {
                return Err(No::Refused(Refusal {
                    kind: ErrorKind::InvalidOrder,
                    code: "rejected".to_owned(),
                    message: "the broker rejected it after taking it".to_owned(),
                }));
            }
            other => return other,
        };
        let Some(found) = listing::by_text(self.client, self.access, &body.client_order_id).await? else {
            return Err(No::Unclear(taken.message));
        };
        match listing::by_id(self.client, self.access, &found.id).await? {
            // Its id is used up: only another version can stand in for it.
            Some(order) if is_over(&order.status) && order.status != "filled" => Err(No::Refused(Refusal {
                kind: ErrorKind::InvalidOrder,
                code: "ended_before".to_owned(),
                message: format!("an earlier asking of this protection is {}", order.status),
            })),
            Some(order) => Ok(order),
            None => Err(No::Refused(taken)),
        }
    }

    /// A version is in force whole or not at all: what of it was placed goes again.
    async fn undo(&self, no: No, placed: &[wire::Order], changed: bool) -> Protected {
        let outcome = stopped(no, changed || !placed.is_empty());
        if matches!(outcome, Protected::Unknown(_)) {
            return outcome;
        }
        let placed: Vec<&wire::Order> = placed.iter().collect();
        match self.take_back(&placed).await {
            Ok(()) => outcome,
            Err(unsure) => unsure,
        }
    }
}

fn tag(order: &wire::Order) -> Option<Tag> {
    order.client_order_id.as_deref().and_then(Tag::read)
}

/// What an order and its legs have filled.
fn filled(order: &wire::Order) -> Decimal {
    let all = std::iter::once(order).chain(&order.legs);
    all.filter_map(|one| one.filled_qty).sum()
}

fn is_over(status: &str) -> bool {
    matches!(
        status,
        "canceled" | "expired" | "rejected" | "replaced" | "filled"
    )
}
