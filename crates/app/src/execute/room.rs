//! Room for a close: what protects the lot gives its part up first and what it has filled is booked, so that a close never
//! asks for more than is held (PRODUCT EX-13, EX-17), also at a venue that would let it turn the position around.

use ordercast_model::{
    ids::LotId,
    money::Quantity,
    order::{
        identity::Leg,
        intent::{CancelledBy, Order},
        state::OrderState,
    },
    ports::{
        broker::Broker,
        store::{Query, find, get},
    },
    position::Lot,
};

use super::{JobError, access, after_end};
use crate::{
    lane::{Follow, Job},
    protect, reconcile,
    record::{Ending, Post},
};

/// Tries at once; what is held may change while room is made.
const TRIES: u32 = 3;
/// Wait before room is asked for again while the venue does not answer.
const AGAIN: std::time::Duration = std::time::Duration::from_secs(1);

/// A lot with its orders.
struct Ground {
    lot: Lot,
    orders: Vec<Order>,
}

impl Ground {
    async fn read(post: &Post<'_>, id: LotId) -> Result<Option<Self>, JobError> {
        let (store, key) = (post.ctx.store.as_ref(), id.to_string());
        let (lot, orders) = futures::try_join!(
            get::<Lot>(store, post.scope, &key),
            find::<Order>(store, post.scope, Query::OrdersOfLot(id)),
        )?;
        Ok(lot.map(|lot| Self { lot, orders }))
    }
    /// What the venue holds as protection; what is watched here takes nothing there.
    fn covered(&self) -> Quantity {
        protect::covered(&self.lot, &self.orders)
    }
    fn has_legs(&self) -> bool {
        self.orders
            .iter()
            .any(|o| o.leg.protects() && !o.state.is_final())
    }
    /// What closes other than this one will take.
    fn others(&self, own: &Order) -> Result<Quantity, JobError> {
        protect::working(self.orders.iter().filter(|o| o.id != own.id), Leg::leaves)
    }
}

/// Whether a close may leave.
pub(super) enum Room {
    /// As it is; with what is to be done besides.
    Made(Follow),
    /// Not now: this is to be done instead.
    None(Follow),
}

/// Makes room for a close that is about to leave. Anything else needs none. Safe to repeat.
pub(super) async fn make(post: &Post<'_>, broker: &dyn Broker, order: &Order) -> Result<Room, JobError> {
    let Some(id) = order.lot_id.filter(|_| order.leg == Leg::Flatten) else {
        return Ok(Room::Made(Follow::nothing()));
    };
    let mut follow = Follow::nothing();
    for _ in 0..TRIES {
        let Some(mut ground) = Ground::read(post, id).await? else {
            return Ok(Room::Made(follow));
        };
        if !ground.covered().is_zero() || ground.has_legs() {
            follow.add(protect::run(post, broker, id).await?);
            let access = access(post).await?;
            if reconcile::book_fills(post, broker, &access, &mut follow)
                .await?
                .is_none()
            {
                break;
            }
            match Ground::read(post, id).await? {
                Some(now) => ground = now,
                None => return Ok(Room::Made(follow)),
            }
        }
        // Watched here from now on: what the venue still holds of it goes first.
        if ground.lot.emulated() && ground.has_legs() {
            break;
        }
        let others = ground.others(order)?;
        let held = protect::held(&ground.lot);
        let free = held.minus_to_zero(others);
        if free.is_zero() {
            let words = "Nothing is left to close: its protection filled first";
            let ending = Ending::new(OrderState::Cancelled, "nothing_to_close", words);
            post.finish(order.id, ending.by(CancelledBy::System)).await?;
            follow.add(after_end(order));
            return Ok(Room::None(follow));
        }
        if free < order.remaining() {
            post.amend(order.id, |o| o.request.quantity = free).await?;
            follow.now.push(Job::Rejudge(order.id));
            return Ok(Room::None(follow));
        }
        let taken = ground.covered().plus(others)?.plus(order.remaining())?;
        if taken <= held {
            return Ok(Room::Made(follow));
        }
    }
    let at = post.ctx.now().plus(AGAIN);
    follow.later.push((at, Job::Rejudge(order.id)));
    Ok(Room::None(follow))
}
