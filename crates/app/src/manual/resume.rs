//! Going on with levels that were suspended by a jump of the price (PRODUCT EX-21): as they stand, or with a new stop.

use ordercast_model::{
    connection::Connection,
    ids::PositionId,
    journal::kind::Kind,
    money::Price,
    ports::store::{Batch, CommitError, Query, find, get},
    position::{Lot, Position},
    signal::instruction::StopLevel,
    tenant::TenantScope,
    user::User,
};
use ordercast_rules::protect::update_stop;

use super::{ATTEMPTS_MAX, ManualError, invalid};
use crate::{context::Context, decide::view::view_of, lane::Job, narrate};

/// Watches the suspended levels of an own position again; gives how many lots were suspended. A new stop must not
/// trigger at once. Safe to repeat: what is watched stays so.
///
/// # Errors
/// When it is not the user's, is closed, the stop would trigger at once, or the store is away.
pub async fn resume(
    ctx: &Context,
    user: &User,
    id: PositionId,
    stop: Option<Price>,
) -> Result<usize, ManualError> {
    for _ in 0..ATTEMPTS_MAX {
        match try_resume(ctx, user, id, stop).await {
            Err(ManualError::Commit(CommitError::Conflict { .. })) => {}
            other => return other,
        }
    }
    Err(CommitError::Conflict {
        table: "lots",
        id: id.to_string(),
    }
    .into())
}

async fn try_resume(
    ctx: &Context,
    user: &User,
    id: PositionId,
    stop: Option<Price>,
) -> Result<usize, ManualError> {
    let (store, scope) = (ctx.store.as_ref(), TenantScope::of_user(user));
    let found = get::<Position>(store, &scope, &id.to_string()).await?;
    let position = found.ok_or(ManualError::NotFound)?;
    let found = get::<Connection>(store, &scope, &position.connection_id.to_string()).await?;
    let connection = found.ok_or(ManualError::NotFound)?;
    let lots = find::<Lot>(store, &scope, Query::LotsOpen(None)).await?;
    let held = lots
        .into_iter()
        .filter(|l| l.position_id == Some(position.id) && l.watch.as_ref().is_some_and(|w| w.suspended));
    let market = ctx.market(&connection).ok_or(ManualError::NotFound)?;
    let view = view_of(market.as_ref(), &position.instrument, ctx.now()).await;
    let view = view.map_err(|r| ManualError::Refused(r.reason, r.message))?;
    let (mut batch, mut resumed) = (Batch::new(), Vec::new());
    for lot in held {
        let mut next = match (stop, &view.quote) {
            (None, _) => lot.clone(),
            (Some(_), None) => {
                let message = format!("there is no quote for {} to compare it with", position.instrument);
                return Err(invalid("stop_price", message));
            }
            (Some(stop), Some(quote)) => update_stop(&lot, StopLevel::At(stop), None, quote, view.rules.tick)
                .map_err(|error| invalid("stop_price", error.to_string()))?,
        };
        if let Some(watch) = next.watch.as_mut() {
            (watch.suspended, watch.seen) = (false, None);
        }
        next.version = lot.version + 1;
        next.updated_at = ctx.now();
        batch.note(narrate::protection(
            ctx,
            &connection,
            &next,
            Kind::ProtectionEmulated,
            None,
        ));
        resumed.push(next.id);
        batch.update(next);
    }
    if resumed.is_empty() {
        return Ok(0);
    }
    ctx.commit(scope, batch).await?;
    for lot in &resumed {
        ctx.lanes.push_for(&connection, Job::Protect(*lot)).await;
    }
    Ok(resumed.len())
}
