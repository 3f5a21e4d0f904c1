//! Steps of an order's life. A step the table of PRODUCT 4.1 does not allow is not taken.

use std::time::Duration;

use ordercast_model::{
    account::Account,
    connection::{Connection, Health},
    ids::{CommunityId, OrderId},
    journal::{entry::Actor, kind::Kind},
    money::{Price, Quantity},
    order::{
        intent::{CancelledBy, Intent, Order},
        shape::{OrderRequest, OrderType},
        state::OrderState,
    },
    planted::{Bug, planted},
    ports::{
        broker::VenueOrder,
        store::{Batch, CommitError, Query, StoreError, find, get},
    },
    tenant::TenantScope,
    time::Timestamp,
};
use ordercast_rules::books;
use serde_json::json;

use crate::{context::Context, decide::exit::LIMIT_SPAN, execute::JobError, narrate};

/// Tries against other writers of the same rows before giving up for now.
const ATTEMPTS_MAX: u32 = 50;

/// Where the answers of one connection are written down.
#[derive(Clone, Copy)]
pub struct Post<'a> {
    /// Ports.
    pub ctx: &'a Context,
    /// The user's rows.
    pub scope: &'a TenantScope,
    /// The connection as read at the start of the job.
    pub connection: &'a Connection,
}

/// What becomes of what an order holds back.
enum Hold {
    /// It stays.
    Keep,
    /// It is given back.
    Release,
    /// It is what the order now asks for, at this price.
    Anew(Price),
}

/// How an order ends.
#[derive(Debug, Clone)]
pub struct Ending {
    state: OrderState,
    code: String,
    message: String,
    by: Option<CancelledBy>,
    sent_at: Option<Timestamp>,
}

impl Ending {
    /// An end with its stable code and its sentence.
    #[must_use]
    pub fn new(state: OrderState, code: &str, message: &str) -> Self {
        Self {
            state,
            code: code.to_owned(),
            message: message.to_owned(),
            by: None,
            sent_at: None,
        }
    }
    /// Says who ended it.
    #[must_use]
    pub const fn by(mut self, who: CancelledBy) -> Self {
        self.by = Some(who);
        self
    }
    /// Says when it was sent.
    #[must_use]
    pub const fn sent(mut self, at: Timestamp) -> Self {
        self.sent_at = Some(at);
        self
    }
}

impl Post<'_> {
    /// An order of this user.
    pub async fn order(&self, id: OrderId) -> Result<Option<Order>, StoreError> {
        get(self.ctx.store.as_ref(), self.scope, &id.to_string()).await
    }
    /// The order that carries a client order id.
    pub async fn order_by_client_id(&self, id: &str) -> Result<Option<Order>, StoreError> {
        let found = find(
            self.ctx.store.as_ref(),
            self.scope,
            Query::OrderByClientId(id.to_owned()),
        )
        .await?;
        Ok(found
            .into_iter()
            .find(|o: &Order| o.connection_id == self.connection.id))
    }
    /// The intent of an order.
    pub async fn intent(&self, id: OrderId) -> Result<Option<Intent>, StoreError> {
        Ok(
            find(self.ctx.store.as_ref(), self.scope, Query::IntentOfOrder(id))
                .await?
                .into_iter()
                .next(),
        )
    }
    /// The account behind this connection.
    pub async fn account(&self) -> Result<Option<Account>, StoreError> {
        let accounts = find::<Account>(self.ctx.store.as_ref(), self.scope, Query::Accounts).await?;
        Ok(accounts
            .into_iter()
            .find(|a| a.connection_id == self.connection.id))
    }
    /// The community an order's provider belongs to.
    pub async fn community(&self, order: &Order) -> Result<Option<CommunityId>, StoreError> {
        match order.provider_id {
            Some(id) => self.ctx.community_of(id).await,
            None => Ok(None),
        }
    }

    /// Writes what `change` makes of the order as it is now, until no other writer is in between.
    async fn settle<F>(&self, id: OrderId, change: F) -> Result<Option<Order>, JobError>
    where
        F: Fn(Order) -> Option<(Order, Hold, Vec<Kind>)>,
    {
        self.settle_from(None, id, change).await
    }

    /// The same, beginning with the order as it was read a moment ago: its version tells whether it still is so.
    async fn settle_from<F>(
        &self,
        mut known: Option<&Order>,
        id: OrderId,
        change: F,
    ) -> Result<Option<Order>, JobError>
    where
        F: Fn(Order) -> Option<(Order, Hold, Vec<Kind>)>,
    {
        for _ in 0..ATTEMPTS_MAX {
            let order = match known.take() {
                Some(order) => order.clone(),
                None => match self.order(id).await? {
                    Some(order) => order,
                    None => return Ok(None),
                },
            };
            let Some((mut order, hold, kinds)) = change(order) else {
                return Ok(None);
            };
            let account = match hold {
                Hold::Keep => None,
                Hold::Release => self.account().await?.map(|a| books::release(&a, id)),
                Hold::Anew(price) => self
                    .account()
                    .await?
                    .map(|a| books::reserve(&books::release(&a, id), &order, price)),
            };
            order.version += 1;
            order.updated_at = self.ctx.now();
            let mut batch = Batch::new();
            let silent = planted(Bug::ForgetTheEntry);
            for kind in kinds
                .into_iter()
                .filter(|k| !silent || *k != Kind::OrderCancelled)
            {
                batch.note(narrate::order(self.ctx, self.connection, &order, kind));
            }
            batch.update(order.clone());
            if let Some(mut account) = account {
                account.version += 1;
                batch.update(account);
            }
            match self.ctx.commit(self.scope.clone(), batch).await {
                Ok(()) => {
                    if order.state.is_final() {
                        self.ctx.wire.over(id);
                    } else if order.state != OrderState::Pending {
                        self.ctx.wire.written(id);
                    }
                    return Ok(Some(order));
                }
                Err(CommitError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(StoreError::Unavailable(format!("order {id} is contended")).into())
    }

    /// What was queued for the open may be sent now, in the size that the limits allow now. Safe to repeat.
    pub async fn opened(
        &self,
        id: OrderId,
        request: &OrderRequest,
        intent: &Intent,
    ) -> Result<Option<Order>, JobError> {
        self.settle(id, |mut order| {
            if order.state != OrderState::Queued {
                return None;
            }
            let smaller = request.quantity < order.request.quantity;
            order.state = OrderState::Pending;
            let is_limit = matches!(request.order_type, OrderType::Limit { .. });
            // One that was to go at the market and goes at a limit has the guard of those.
            let bounded = is_limit && order.request.order_type == OrderType::Market;
            let limited = bounded || (is_limit && !order.leg.opens());
            let life = intent.works_seconds.map(Duration::from_secs);
            let span = if limited { Some(LIMIT_SPAN) } else { life };
            order.due_at = span.map(|span| self.ctx.now().plus(span));
            order.request = request.clone();
            let price = match request.order_type {
                OrderType::Limit { limit } if bounded => intent.reserved_price.map(|_| limit),
                _ => intent.reserved_price,
            };
            let hold = match price {
                Some(price) if smaller || bounded => Hold::Anew(price),
                _ => Hold::Keep,
            };
            Some((order, hold, vec![Kind::OrderResolved]))
        })
        .await
    }

    /// Changes an order without a step.
    pub async fn amend(&self, id: OrderId, also: impl Fn(&mut Order) + Send + Sync) -> Result<(), JobError> {
        self.settle(id, |mut order| {
            also(&mut order);
            Some((order, Hold::Keep, Vec::new()))
        })
        .await?;
        Ok(())
    }

    /// Less is left to close than was meant: the order that was not sent yet takes that much. Safe to repeat.
    pub async fn shrunk(&self, id: OrderId, most: Quantity) -> Result<(), JobError> {
        self.settle(id, |mut order| {
            if order.state != OrderState::Pending || order.request.quantity <= most {
                return None;
            }
            order.request.quantity = most;
            Some((order, Hold::Keep, vec![Kind::OrderReplaced]))
        })
        .await?;
        Ok(())
    }

    /// Counts an attempt that certainly had no effect.
    pub async fn attempted(&self, id: OrderId) -> Result<(), JobError> {
        self.amend(id, |o| o.attempts = o.attempts.saturating_add(1))
            .await?;
        self.ctx.wire.written(id);
        Ok(())
    }

    /// The venue holds the order; `sent` says when it was found durable and when its first byte left. Safe to repeat.
    pub async fn accepted(
        &self,
        known: &Order,
        venue: &VenueOrder,
        sent: Option<(Timestamp, Timestamp)>,
    ) -> Result<(), JobError> {
        let now = self.ctx.now();
        self.settle_from(Some(known), known.id, |mut order| {
            let kind = match order.state {
                OrderState::Pending => Kind::OrderAccepted,
                OrderState::Unknown => Kind::OrderResolved,
                _ => return None,
            };
            order.state = OrderState::Submitted;
            order.broker_order_id = Some(venue.broker_order_id.clone());
            order.stages.durable = order.stages.durable.or(sent.map(|(durable, _)| durable));
            order.stages.sent = order.stages.sent.or(sent.map(|(_, first_byte)| first_byte));
            order.stages.acknowledged = Some(now);
            order.attempts = order.attempts.saturating_add(1);
            Some((order, Hold::Keep, vec![kind]))
        })
        .await?;
        Ok(())
    }

    /// A pending order as it stands once the venue holds it, to be written with what it belongs to; none when it has
    /// moved on already.
    pub(crate) async fn taken(&self, venue: &VenueOrder) -> Result<Option<Order>, StoreError> {
        let found = self.order_by_client_id(venue.client_order_id.as_str()).await?;
        let now = self.ctx.now();
        Ok(found.filter(|o| o.state == OrderState::Pending).map(|mut order| {
            order.state = OrderState::Submitted;
            order.broker_order_id = Some(venue.broker_order_id.clone());
            order.stages.acknowledged = Some(now);
            order.attempts = order.attempts.saturating_add(1);
            order.version += 1;
            order.updated_at = now;
            order
        }))
    }

    /// Nobody knows what became of a send, or of a repeat of it. Safe to repeat.
    pub async fn unknown(&self, id: OrderId, sent_at: Timestamp, why: &str) -> Result<(), JobError> {
        self.settle(id, |mut order| {
            order.attempts = order.attempts.saturating_add(1);
            match order.state {
                OrderState::Pending => {}
                OrderState::Unknown => return Some((order, Hold::Keep, Vec::new())),
                _ => return None,
            }
            order.state = OrderState::Unknown;
            order.reason = Some("unknown_outcome".to_owned());
            order.message = Some(format!("Checking with the broker: {why}"));
            order.stages.sent = order.stages.sent.or(Some(sent_at));
            let hold = if planted(Bug::ReleaseUnknown) {
                Hold::Release
            } else {
                Hold::Keep
            };
            Some((order, hold, vec![Kind::OrderUnknown]))
        })
        .await?;
        Ok(())
    }

    /// Ends an order and gives back what it had reserved; one that is escalated keeps it. A partly filled order that the venue refuses the rest of
    /// ends as cancelled. Safe to repeat.
    pub async fn finish(&self, id: OrderId, ending: Ending) -> Result<Option<Order>, JobError> {
        self.settle(id, |mut order| {
            let state = match (order.state, ending.state) {
                (OrderState::PartiallyFilled, OrderState::Rejected | OrderState::Denied) => {
                    OrderState::Cancelled
                }
                (OrderState::Submitted, OrderState::Denied) => OrderState::Cancelled,
                (OrderState::Queued, OrderState::Rejected) => OrderState::Denied,
                (_, state) => state,
            };
            if !order.state.may_become(state) {
                return None;
            }
            order.state = state;
            order.reason = Some(ending.code.clone());
            order.message = Some(ending.message.clone());
            order.cancelled_by = (state == OrderState::Cancelled)
                .then(|| ending.by.or(order.cancelled_by).unwrap_or(CancelledBy::System));
            order.stages.sent = order.stages.sent.or(ending.sent_at);
            order.due_at = None;
            let kind = match state {
                OrderState::Rejected => Kind::OrderRejected,
                OrderState::Denied => Kind::OrderDenied,
                OrderState::Expired => Kind::OrderExpired,
                OrderState::Declined => Kind::OrderDeclined,
                OrderState::Escalated => Kind::OrderEscalated,
                _ => Kind::OrderCancelled,
            };
            // What nobody could look up may be there still: it counts as used (PRODUCT EX-05).
            let hold = if state == OrderState::Escalated {
                Hold::Keep
            } else {
                Hold::Release
            };
            Some((order, hold, vec![kind]))
        })
        .await
    }

    /// Notes that a cancel is on its way, so that a restart repeats it. Safe to repeat.
    pub async fn cancel_requested(&self, id: OrderId, by: CancelledBy) -> Result<(), JobError> {
        self.settle(id, |mut order| {
            if order.state.is_final() || order.cancel_requested {
                return None;
            }
            order.cancel_requested = true;
            order.cancelled_by = Some(by);
            order.due_at = None;
            Some((order, Hold::Keep, vec![Kind::OrderCancelRequested]))
        })
        .await?;
        Ok(())
    }

    /// The venue refuses the credential: nothing opens on this connection until the user acts. Safe to repeat.
    pub async fn unauthorised(&self, why: &str) -> Result<(), JobError> {
        self.health(Health::Unauthorised, Some(why)).await
    }

    /// Switches the connection off for good: what the venue says of it is not what was connected. Safe to repeat.
    pub async fn disable(&self, why: &str) -> Result<(), JobError> {
        tracing::warn!(connection = %self.connection.id, why, "the connection is disabled");
        self.health(Health::Disabled, Some(why)).await
    }

    /// Notes a change of health; nothing when it is as it was.
    pub async fn health(&self, health: Health, why: Option<&str>) -> Result<(), JobError> {
        for _ in 0..ATTEMPTS_MAX {
            let found = get::<Connection>(
                self.ctx.store.as_ref(),
                self.scope,
                &self.connection.id.to_string(),
            )
            .await?;
            let Some(mut connection) = found else {
                return Ok(());
            };
            // A refused credential is no better for a venue that is away: only its answer lifts that, or the user.
            let stays = connection.health == Health::Unauthorised
                && matches!(health, Health::Degraded | Health::Down);
            if connection.health == health || connection.health == Health::Disabled || stays {
                return Ok(());
            }
            let before = connection.health;
            connection.health = health;
            connection.health_reason = why.map(str::to_owned);
            connection.version += 1;
            let object = ("connection", connection.id.to_string());
            let kind = match health {
                Health::Disabled => Kind::ConnectionDisabled,
                _ => Kind::ConnectionHealthChanged,
            };
            let mut entry = self.ctx.entry(kind, Actor::system("health"), object);
            entry.user = Some(connection.user_id);
            entry.links.connection = Some(connection.id);
            entry.before = Some(json!({ "state": before }));
            entry.after = Some(json!({ "state": health, "reason": why }));
            let mut batch = Batch::new();
            batch.note(entry);
            batch.update(connection);
            match self.ctx.commit(self.scope.clone(), batch).await {
                Ok(()) => return Ok(()),
                Err(CommitError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}
