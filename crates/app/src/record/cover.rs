//! Protection that ended at the venue without us (PRODUCT EX-20): the lot no longer counts as covered and its follower is
//! told, so that it is protected anew.

use ordercast_model::{
    ids::LotId,
    journal::kind::Kind,
    money::Quantity,
    order::{
        identity::Leg,
        intent::{CancelledBy, Order},
        state::OrderState,
    },
    ports::store::{Batch, CommitError, Query, find, get},
    position::Lot,
};

use super::order::Post;
use crate::{execute::JobError, narrate, protect::closing};

impl Post<'_> {
    /// Takes in that an order ended: a stop that nobody here ended leaves its lot uncovered.
    pub async fn uncovered(&self, ended: &Order) -> Result<(), JobError> {
        let by_venue = match ended.state {
            OrderState::Cancelled => ended.cancelled_by == Some(CancelledBy::Broker),
            OrderState::Expired | OrderState::Rejected => true,
            _ => false,
        };
        match ended.lot_id {
            Some(lot) if by_venue && matches!(ended.leg, Leg::Stop(_)) => self.recount(lot).await.map(drop),
            _ => Ok(()),
        }
    }

    /// Counts what works as the stops of a lot. What they no longer cover is told and no longer counts; true then. Safe to
    /// repeat.
    pub async fn recount(&self, id: LotId) -> Result<bool, JobError> {
        loop {
            let (store, key) = (self.ctx.store.as_ref(), id.to_string());
            let (lot, orders) = futures::try_join!(
                get::<Lot>(store, self.scope, &key),
                find::<Order>(store, self.scope, Query::OrdersOfLot(id)),
            )?;
            let Some(lot) = lot.filter(|lot| lot.stop_price.is_some()) else {
                return Ok(false);
            };
            let mut works = Quantity::ZERO;
            let stops = orders.iter().filter(|o| matches!(o.leg, Leg::Stop(_)));
            for stop in stops.filter(|o| !o.state.is_final()) {
                works = works.plus(stop.remaining())?;
            }
            if works >= lot.covered {
                return Ok(false);
            }
            // What is leaving gave its protection up.
            let leaving = closing(&orders)?;
            let naked = works < lot.open.minus_to_zero(leaving);
            let mut next = lot.clone();
            next.covered = works;
            next.version += 1;
            next.updated_at = self.ctx.now();
            let why = "The stop was ended at the broker; it is placed anew";
            let kind = Kind::ProtectionMissing;
            let mut batch = Batch::new();
            if naked {
                batch.note(narrate::protection(
                    self.ctx,
                    self.connection,
                    &next,
                    kind,
                    Some(why),
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
