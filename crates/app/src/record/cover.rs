//! Protection that ended at the venue without us (PRODUCT EX-20): the lot no longer counts as covered and its follower is
//! told, so that it is protected anew.

use ordercast_model::{
    ids::LotId,
    journal::kind::Kind,
    money::Quantity,
    order::{
        identity::Leg,
        intent::{CancelledBy, Order, ProtectionPlan},
        state::OrderState,
    },
    ports::store::{Batch, CommitError, Query, find, get},
    position::Lot,
};

use ordercast_rules::books::in_force;

use super::order::Post;
use crate::{decide, execute::JobError, narrate, protect::closing};

/// What no longer covers a lot.
#[derive(PartialEq, Eq)]
enum Lost<'a> {
    /// Stops that the books still count.
    Stops,
    /// This target, which somebody took away at the venue.
    Target(&'a Order),
}

impl Post<'_> {
    /// Takes in that an order ended: a stop that nobody here ended, and a target that was taken away at the venue, leave
    /// their lot uncovered. Safe to repeat.
    pub async fn uncovered(&self, ended: &Order) -> Result<(), JobError> {
        let by_hand = ended.state == OrderState::Cancelled && ended.cancelled_by == Some(CancelledBy::Broker);
        let by_venue = by_hand || matches!(ended.state, OrderState::Expired | OrderState::Rejected);
        let lost = match ended.leg {
            Leg::Stop(_) if by_venue => Lost::Stops,
            Leg::Target(_) if by_hand => Lost::Target(ended),
            _ => return Ok(()),
        };
        match ended.lot_id {
            Some(lot) => self.count(lot, &lost).await.map(drop),
            None => Ok(()),
        }
    }

    /// Counts what works as the stops of a lot. What they no longer cover is told and no longer counts; true then. Safe to
    /// repeat.
    pub async fn recount(&self, id: LotId) -> Result<bool, JobError> {
        self.count(id, &Lost::Stops).await
    }

    /// Whether the user wants stops put back that were removed at the broker.
    async fn enforces(&self) -> Result<bool, JobError> {
        let own = decide::again::limits(self.ctx, self.scope, None).await?;
        Ok(own.limits.enforce_stops)
    }

    async fn count(&self, id: LotId, lost: &Lost<'_>) -> Result<bool, JobError> {
        loop {
            let (store, key) = (self.ctx.store.as_ref(), id.to_string());
            let (lot, orders) = futures::try_join!(
                get::<Lot>(store, self.scope, &key),
                find::<Order>(store, self.scope, Query::OrdersOfLot(id)),
            )?;
            // What is watched here is not counted by what works at the venue.
            let Some(lot) = lot.filter(|lot| !lot.emulated()) else {
                return Ok(false);
            };
            let (works, what) = match lost {
                Lost::Stops if lot.stop_price.is_none() => return Ok(false),
                Lost::Stops => (stops(&orders)?, "stop"),
                Lost::Target(target) if !in_force(&lot, target) => return Ok(false),
                Lost::Target(_) => (Quantity::ZERO, "target"),
            };
            if works >= lot.covered {
                return Ok(false);
            }
            // What is leaving gave its protection up.
            let naked = works < lot.open.minus_to_zero(closing(&orders)?);
            let mut next = lot.clone();
            next.covered = works;
            next.version += 1;
            next.updated_at = self.ctx.now();
            let given_up =
                *lost == Lost::Stops && removed(&orders) && works.is_zero() && !self.enforces().await?;
            let why = if given_up {
                // What somebody took away at the broker stays away, as the user set it.
                next.protection = ProtectionPlan {
                    stop: None,
                    stop_added: false,
                    trailing: None,
                    break_even_after_target: None,
                    ..next.protection
                };
                next.stop_price = None;
                format!(
                    "The {what} was removed at the broker and is not put back: enforce_stops is off in your limits. \
                     {} {} have no stop",
                    lot.open, lot.instrument
                )
            } else {
                format!("The {what} was ended at the broker; it is placed anew")
            };
            let kind = Kind::ProtectionMissing;
            let mut batch = Batch::new();
            if naked {
                batch.note(narrate::protection(
                    self.ctx,
                    self.connection,
                    &next,
                    kind,
                    Some(&why),
                ));
            }
            batch.update(next);
            match self.ctx.commit(self.scope.clone(), batch).await {
                Ok(()) => return Ok(true),
                Err(CommitError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

/// Whether the newest stop of a lot was cancelled at the broker, by somebody there.
fn removed(orders: &[Order]) -> bool {
    let stops = orders
        .iter()
        .filter(|o| matches!(o.leg, Leg::Stop(_)) && o.state.is_final());
    stops
        .max_by_key(|o| o.updated_at)
        .is_some_and(|o| o.state == OrderState::Cancelled && o.cancelled_by == Some(CancelledBy::Broker))
}

/// What works as the stops of a lot.
fn stops(orders: &[Order]) -> Result<Quantity, JobError> {
    let mut works = Quantity::ZERO;
    let stops = orders.iter().filter(|o| matches!(o.leg, Leg::Stop(_)));
    for stop in stops.filter(|o| !o.state.is_final()) {
        works = works.plus(stop.remaining())?;
    }
    Ok(works)
}
