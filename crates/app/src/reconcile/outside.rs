//! What changed at the broker without us (PRODUCT EX-20): cash moved, positions opened, changed or closed by hand. Taken
//! over, told and never fought; what no execution explains is believed once it has lasted.

use std::{collections::BTreeMap, time::Duration};

use ordercast_model::{
    account::Account,
    ids::PositionId,
    journal::{
        entry::{Entry, Links},
        kind::Kind,
    },
    money::Quantity,
    ports::{
        broker::{Access, Broker, VenueAccount},
        store::{Batch, CommitError, Query, find},
    },
    position::{Lot, Position},
    signal::instruction::PositionSide,
    time::Timestamp,
};
use ordercast_rules::books::external::{self, Difference};

use crate::{
    execute::JobError,
    lane::{Follow, Job},
    narrate,
    record::Post,
};

/// Least time for which a holding must differ in the same way: a list of executions may come a moment later.
const LASTS: Duration = Duration::from_secs(5);

/// Compares cash and holdings when every execution is booked. False when the account changed since `before`, or when the
/// holdings could not be read: to be asked again soon. Safe to repeat.
pub(super) async fn compare(
    post: &Post<'_>,
    broker: &dyn Broker,
    access: &Access,
    venue: &VenueAccount,
    before: Option<u64>,
    follow: &mut Follow,
) -> Result<bool, JobError> {
    let positions = match broker.positions(access).await {
        Ok(positions) => positions,
        Err(error) => {
            tracing::warn!(connection = %post.connection.id, %error, "holdings not read");
            return Ok(false);
        }
    };
    let Some(account) = post.account().await?.filter(|a| Some(a.version) == before) else {
        return Ok(false);
    };
    let now = post.ctx.now();
    let found = external::differences(&account, &positions)?;
    let explained = Account {
        unexplained: BTreeMap::new(),
        ..account.clone()
    };
    if found.is_empty() {
        let mut batch = Batch::new();
        cash(post, &explained, venue, None, &mut batch)?;
        return write(post, batch).await;
    }
    let remembered = external::remembered(&account, &found, now)?;
    let window = broker.capabilities().visibility_window.max(LASTS);
    let since = remembered.values().map(|u| u.since).max().unwrap_or(now);
    if now.since(since) >= window {
        return taken_over(post, explained, venue, &found, now, follow).await;
    }
    follow.later.push((since.plus(window), Job::Sync));
    if remembered == account.unexplained {
        return Ok(true);
    }
    let mut next = account;
    next.unexplained = remembered;
    next.version += 1;
    let mut batch = Batch::new();
    batch.update(next);
    write(post, batch).await
}

/// The venue's holdings become ours, in one transaction with lots, positions, cash and what is told of it.
async fn taken_over(
    post: &Post<'_>,
    mut next: Account,
    venue: &VenueAccount,
    found: &[Difference],
    now: Timestamp,
    follow: &mut Follow,
) -> Result<bool, JobError> {
    let store = post.ctx.store.as_ref();
    let lots = find::<Lot>(store, post.scope, Query::LotsOpen(None)).await?;
    let (mut rows, mut jobs) = (Batch::new(), Vec::new());
    for difference in found {
        let of: Vec<Lot> = lots
            .iter()
            .filter(|l| l.connection_id == post.connection.id && l.instrument == difference.instrument)
            .cloned()
            .collect();
        let changed = fitted(&of, difference, now);
        let gone = changed.iter().filter(|l| l.open.is_zero()).count();
        let held = of.iter().filter(|l| !l.open.is_zero()).count();
        let left = u32::try_from(held.saturating_sub(gone)).unwrap_or(u32::MAX);
        next = external::holding(&next, difference, left)?;
        for lot in changed {
            jobs.push(if lot.open.is_zero() {
                Job::Tidy(lot.id)
            } else {
                Job::Protect(lot.id)
            });
            rows.update(lot);
        }
        let query = Query::PositionOpen(post.connection.id, difference.instrument.clone());
        let open = find::<Position>(store, post.scope, query)
            .await?
            .into_iter()
            .next();
        let id = post.ctx.id::<PositionId>();
        let (changed, fresh) = external::position(open.as_ref(), difference, &next, id, now);
        for row in changed.iter().chain(&fresh) {
            rows.note(told(post, row, difference));
        }
        if let Some(changed) = changed {
            rows.update(changed);
        }
        if let Some(fresh) = fresh {
            rows.insert(fresh);
        }
    }
    cash(post, &next, venue, Some("trade_outside"), &mut rows)?;
    let written = write(post, rows).await?;
    if written {
        follow.now.extend(jobs);
    }
    Ok(written)
}

/// Lots that no longer fit what the venue holds, made to fit, side by side.
fn fitted(lots: &[Lot], difference: &Difference, now: Timestamp) -> Vec<Lot> {
    let quantity = Quantity::new(difference.theirs.abs()).unwrap_or(Quantity::ZERO);
    let mut changed = Vec::new();
    for side in [PositionSide::Long, PositionSide::Short] {
        let is_short = side == PositionSide::Short;
        let held = if difference.theirs.is_sign_negative() == is_short {
            quantity
        } else {
            Quantity::ZERO
        };
        let own: Vec<Lot> = lots.iter().filter(|l| l.side == side).cloned().collect();
        changed.extend(external::shrink(&own, held, now));
    }
    changed
}

fn told(post: &Post<'_>, position: &Position, difference: &Difference) -> Entry {
    let links = Links::default();
    let kind = Kind::PositionExternalChange;
    let mut entry = narrate::position(post.ctx, post.connection, position, kind, &links);
    let message = format!(
        "{} was changed at the broker, not by Ordercast: {} held before, {} now",
        difference.instrument, difference.ours, difference.theirs
    );
    if let Some(after) = entry.after.as_mut().and_then(|after| after.as_object_mut()) {
        after.insert("message".to_owned(), message.into());
        after.insert("managed".to_owned(), position.managed.into());
    }
    entry.reason = Some("external".to_owned());
    entry
}

/// Equity, buying power and cash as the venue says; cash that no fill explains is told, as a transfer unless `why` says
/// what it was.
fn cash(
    post: &Post<'_>,
    account: &Account,
    venue: &VenueAccount,
    why: Option<&str>,
    batch: &mut Batch,
) -> Result<(), JobError> {
    let synced = external::sync(account, venue, post.ctx.now())?;
    let mut next = synced.account;
    next.version = account.version + 1;
    if !synced.cash_change.is_zero() {
        let transfer = if synced.cash_change.is_sign_positive() {
            "deposit"
        } else {
            "withdrawal"
        };
        let change = (account.cash, next.cash);
        let reason = why.unwrap_or(transfer);
        batch.note(narrate::cash(
            post.ctx,
            post.connection,
            change,
            reason,
            &Links::default(),
        ));
    }
    batch.update(next);
    Ok(())
}

async fn write(post: &Post<'_>, batch: Batch) -> Result<bool, JobError> {
    match post.ctx.commit(post.scope.clone(), batch).await {
        Ok(()) => Ok(true),
        Err(CommitError::Conflict { .. }) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
