//! Books a fill exactly once (PRODUCT EX-09): order, account, lot, position, cash and the entries that tell it, in one
//! transaction (invariant 6).

use std::time::Duration;

use ordercast_model::{
    ids::{FillId, PositionId},
    journal::{entry::Links, kind::Kind},
    order::{
        identity::Leg,
        intent::{Fill, Order},
        state::OrderState,
    },
    planted::{Bug, planted},
    ports::{
        broker::VenueFill,
        store::{Batch, CommitError, Query, StoreError, find, get},
    },
    position::{Lot, Position},
};
use ordercast_rules::{
    books::{self, Booked, Books, PositionChange},
    protect,
};

use super::order::Post;
use crate::{
    decide::again,
    execute::JobError,
    lane::{Follow, Job},
    narrate,
};

const ATTEMPTS_MAX: u32 = 50;

impl Post<'_> {
    /// Books one execution. Safe to repeat: the venue's fill id is booked once.
    pub async fn fill(&self, venue: &VenueFill) -> Result<Follow, JobError> {
        let Some(client) = &venue.client_order_id else {
            return Ok(Follow::at_once(Job::Sync));
        };
        for _ in 0..ATTEMPTS_MAX {
            let Some(order) = self.order_by_client_id(client.as_str()).await? else {
                tracing::warn!(connection = %self.connection.id, client = %client, "a fill of an order that is not ours");
                return Ok(Follow::nothing());
            };
            if venue.quantity < order.remaining() && planted(Bug::IgnorePartialFill) {
                return Ok(Follow::nothing());
            }
            if self.is_booked(&order, venue).await? {
                return Ok(Follow::nothing());
            }
            let Some(booked) = self.compute(&order, venue).await? else {
                return Ok(Follow::nothing());
            };
            let follow = self.next(&booked);
            let over = booked.order.state.is_final();
            match self
                .ctx
                .commit(self.scope.clone(), self.batch(&order, booked))
                .await
            {
                Ok(()) => {
                    if over {
                        self.ctx.wire.over(order.id);
                    }
                    return Ok(follow);
                }
                Err(CommitError::Duplicate { table: "fills", .. }) => return Ok(Follow::nothing()),
                Err(CommitError::Conflict { .. } | CommitError::Duplicate { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(StoreError::Unavailable(format!("fill {} is contended", venue.venue_fill_id)).into())
    }

    async fn is_booked(&self, order: &Order, venue: &VenueFill) -> Result<bool, StoreError> {
        let fills = find::<Fill>(self.ctx.store.as_ref(), self.scope, Query::FillsOfOrder(order.id)).await?;
        Ok(fills.iter().any(|f| f.venue_fill_id == venue.venue_fill_id))
    }

    async fn compute(&self, order: &Order, venue: &VenueFill) -> Result<Option<Booked>, JobError> {
        let store = self.ctx.store.as_ref();
        let Some(lot_id) = order.lot_id else {
            return Ok(None);
        };
        let instrument = order.request.instrument.clone();
        let key = lot_id.to_string();
        let (account, lot, positions, lots, orders) = futures::try_join!(
            self.account(),
            get::<Lot>(store, self.scope, &key),
            find::<Position>(
                store,
                self.scope,
                Query::PositionOpen(self.connection.id, instrument.clone())
            ),
            find::<Lot>(store, self.scope, Query::LotsOpen(None)),
            find::<Order>(store, self.scope, Query::OrdersOfLot(lot_id)),
        )?;
        let (Some(account), Some(lot)) = (account, lot) else {
            return Ok(None);
        };
        let position = positions.into_iter().next();
        let siblings: Vec<Lot> = lots
            .into_iter()
            .filter(|l| l.id != lot.id && l.connection_id == self.connection.id && l.instrument == instrument)
            .collect();
        let entries_working = orders
            .iter()
            .any(|o| o.id != order.id && o.leg.opens() && !o.state.is_final());
        let now = self.ctx.now();
        let fill = Fill {
            id: self.ctx.id::<FillId>(),
            venue_fill_id: venue.venue_fill_id.clone(),
            order_id: order.id,
            user_id: order.user_id,
            connection_id: self.connection.id,
            instrument,
            side: venue.side,
            quantity: venue.quantity,
            price: venue.price,
            fee: venue.fee,
            realised: rust_decimal::Decimal::ZERO,
            at: venue.at,
            booked_at: now,
        };
        let books = Books {
            account: &account,
            lot: &lot,
            siblings: &siblings,
            position: position.as_ref(),
            order,
            entries_working,
        };
        let mut booked = books::apply_fill(&books, fill, self.ctx.id::<PositionId>())
            .map_err(|e| JobError::Books(e.to_string()))?;
        if order.filled.is_zero() {
            self.limit_rest(&mut booked.order).await?;
        }
        Ok(Some(booked))
    }

    /// The rest of an entry that filled in part works for a while only (PRODUCT EX-08), never past its own end.
    async fn limit_rest(&self, order: &mut Order) -> Result<(), StoreError> {
        if !order.leg.opens() || order.state != OrderState::PartiallyFilled {
            return Ok(());
        }
        let limits = again::limits(self.ctx, self.scope, None).await?;
        let span = u64::from(limits.limits.remainder_seconds);
        if span > 0 {
            let end = self.ctx.now().plus(Duration::from_secs(span));
            order.due_at = Some(order.due_at.map_or(end, |due| due.min(end)));
        }
        Ok(())
    }

    fn batch(&self, before: &Order, booked: Booked) -> Batch {
        let Booked {
            account,
            lot,
            position,
            order,
            fill,
            change,
            cash_change,
            ..
        } = booked;
        let mut batch = Batch::new();
        if matches!(before.state, OrderState::Pending) {
            let mut taken = order.clone();
            taken.state = OrderState::Submitted;
            taken.filled = before.filled;
            batch.note(narrate::order(
                self.ctx,
                self.connection,
                &taken,
                Kind::OrderAccepted,
            ));
        }
        batch.note(narrate::fill(self.ctx, self.connection, &order, &fill));
        let cause = Links {
            signal: order.signal_id,
            intent: Some(order.intent_id),
            order: Some(order.id),
            fill: Some(fill.id),
            connection: Some(self.connection.id),
        };
        let kind = match change {
            PositionChange::Opened => Kind::PositionOpened,
            PositionChange::Changed => Kind::PositionChanged,
            PositionChange::Closed => Kind::PositionClosed,
        };
        batch.note(narrate::position(
            self.ctx,
            self.connection,
            &position,
            kind,
            &cause,
        ));
        let old = ordercast_model::money::sub(account.cash, cash_change).unwrap_or(account.cash);
        batch.note(narrate::cash(
            self.ctx,
            self.connection,
            (old, account.cash),
            "trade",
            &cause,
        ));
        batch.update(account);
        batch.update(lot);
        batch.update(order);
        if change == PositionChange::Opened {
            batch.insert(position);
        } else {
            batch.update(position);
        }
        batch.insert(fill);
        batch
    }

    /// Protection follows what is held; a first target moves the stop to break-even; a lot that is flat loses its
    /// working entries.
    fn next(&self, booked: &Booked) -> Follow {
        let mut follow = Follow::nothing();
        let entry = matches!(booked.order.leg, Leg::Entry | Leg::Ladder(_));
        let flat = booked.lot.open.is_zero();
        if flat && !entry {
            follow.now.push(Job::Tidy(booked.lot.id));
        }
        if let Some(target) = booked.target_filled.filter(|_| !flat) {
            follow.now.push(Job::AfterTarget(booked.lot.id, target));
        }
        if protect::needs_group(&booked.lot) {
            follow.now.push(Job::Protect(booked.lot.id));
        }
        follow
    }
}
