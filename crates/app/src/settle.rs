//! Settling an order that nobody could look up for a quarter of an hour (PRODUCT EX-05): a platform admin looked at the
//! broker and says how it ended, with a second factor and a reason. Refuses to invent a fill.

use ordercast_model::{
    account::Account,
    connection::Connection,
    ids::OrderId,
    journal::{entry::Actor, kind::Kind},
    order::{
        intent::{CancelledBy, Order},
        state::OrderState,
    },
    ports::store::{Batch, CommitError, Query, StoreError, SystemQuery, find, find_any, get},
    tenant::{SystemScope, TenantScope},
    user::{Session, User},
};
use ordercast_rules::books;
use serde_json::json;

use crate::{
    context::Context,
    desk::DeskError,
    execute::after_end,
    identity::{Caller, factor},
    narrate,
    pages::Pages,
};

/// Longest reason, in characters.
pub const REASON_MAX: usize = 200;
/// Open orders looked through at a time.
const PAGE: u32 = 500;

/// How it ended, as the admin saw it at the broker. What filled is booked from the broker's own executions alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It never was there.
    Rejected,
    /// It was there and was cancelled.
    Cancelled,
    /// It was there and ran out of time.
    Expired,
}

impl Verdict {
    const fn state(self) -> OrderState {
        match self {
            Self::Rejected => OrderState::Rejected,
            Self::Cancelled => OrderState::Cancelled,
            Self::Expired => OrderState::Expired,
        }
    }
}

/// Ends an escalated order and gives back what it had reserved. Not safe to repeat: the second time it has ended.
///
/// # Errors
/// `NotFound` for anybody but a platform admin and for an order that is not open, `Conflict` when it is not escalated,
/// `Invalid` without a reason, `Identity` while the session that asks was not stepped up.
pub async fn settle(
    ctx: &Context,
    (admin, session): (&User, &Session),
    id: OrderId,
    (verdict, reason): (Verdict, &str),
    caller: &Caller,
) -> Result<Order, DeskError> {
    if !admin.platform_admin {
        return Err(DeskError::NotFound);
    }
    let reason = reason.trim();
    let length = reason.chars().count();
    if length == 0 || length > REASON_MAX || reason.chars().any(char::is_control) {
        return Err(DeskError::Invalid {
            field: "reason",
            message: format!("expected 1 to {REASON_MAX} characters: what was seen at the broker"),
        });
    }
    factor::proven(ctx, admin, session).await?;
    loop {
        let order = open(ctx, id).await?.ok_or(DeskError::NotFound)?;
        if order.state != OrderState::Escalated {
            let why = format!(
                "The order is {}, not escalated; nothing is to be settled",
                order.state.code()
            );
            return Err(DeskError::Conflict(why));
        }
        let ended = ended(ctx, &order, verdict, admin, reason);
        let scope = TenantScope::of_user(&order);
        let store = ctx.store.as_ref();
        let key = order.connection_id.to_string();
        let connection = get::<Connection>(store, &scope, &key)
            .await?
            .ok_or(DeskError::NotFound)?;
        let accounts = find::<Account>(store, &scope, Query::Accounts).await?;
        let mut told = narrate::order(ctx, &connection, &ended, Kind::OrderResolved);
        told.actor = Actor::user(admin.id);
        told.reason = Some("settled_by_admin".to_owned());
        told.before = Some(json!({ "state": order.state.code() }));
        told.origin = caller.sealed(ctx, admin.id).await?;
        let mut batch = Batch::new();
        batch.note(told);
        batch.update(ended.clone());
        if let Some(account) = accounts.iter().find(|a| a.connection_id == order.connection_id) {
            let mut account = books::release(account, order.id);
            account.version += 1;
            batch.update(account);
        }
        match ctx.commit(scope, batch).await {
            Ok(()) => {
                ctx.wire.over(id);
                for job in after_end(&ended).now {
                    ctx.lanes.push_for(&ended, job).await;
                }
                return Ok(ended);
            }
            // Evidence came meanwhile, or another order of the account: judged anew.
            Err(CommitError::Conflict { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// An order of anybody that is not over.
async fn open(ctx: &Context, id: OrderId) -> Result<Option<Order>, StoreError> {
    let system = SystemScope::housekeeping("a platform admin settles an order that could not be looked up");
    let mut pages = Pages::of(PAGE);
    while let Some(page) = pages.next() {
        let found = find_any::<Order>(ctx.store.as_ref(), system, SystemQuery::OrdersOpen(page)).await?;
        pages.read(&found, |last| last.id.to_string());
        if let Some(order) = found.into_iter().find(|o| o.id == id) {
            return Ok(Some(order));
        }
    }
    Ok(None)
}

fn ended(ctx: &Context, order: &Order, verdict: Verdict, admin: &User, reason: &str) -> Order {
    // A part of it filled: the rest was cancelled, whatever became of it.
    let state = match verdict.state() {
        OrderState::Rejected if !order.filled.is_zero() => OrderState::Cancelled,
        state => state,
    };
    let mut ended = order.clone();
    ended.state = state;
    ended.reason = Some("settled_by_admin".to_owned());
    ended.message = Some(format!("Settled by {}: {reason}", admin.name));
    ended.cancelled_by = (state == OrderState::Cancelled).then_some(CancelledBy::Broker);
    ended.due_at = None;
    ended.version += 1;
    ended.updated_at = ctx.now();
    ended
}
