//! The program over an older state of its store (PRODUCT EX-23, `reconcile_only`): nothing opens until every connection was
//! compared with its venue and a platform admin lifts it. Decides when that may be; refuses to know how a backup is made.

use ordercast_model::{
    account::Account,
    connection::{Connection, Health},
    journal::{entry::Actor, kind::Kind},
    limits::{Switch, SwitchKind, SwitchScope},
    ports::store::{Batch, CommitError, Page, Query, StoreError, SystemQuery, find, find_any},
    tenant::{SystemScope, TenantScope},
    time::Timestamp,
    user::{Session, User},
};
use ordercast_rules::risk::moment;
use serde_json::json;

use crate::{
    context::Context,
    identity::factor,
    switch::{self, SwitchError},
};

/// Connections read at once.
const PAGE: u32 = 500;
/// Connections named in a refusal.
const NAMED_MAX: usize = 5;
const SCOPE: SystemScope =
    SystemScope::housekeeping("every connection is compared after an older state was restored");

/// How far the comparison is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The stop, while it is on.
    pub lock: Option<Switch>,
    /// Connections in use.
    pub connections: usize,
    /// Those that were not compared since, by label.
    pub waiting: Vec<String>,
}

/// The stop of the platform by rule; none when it was never set.
async fn lock(ctx: &Context) -> Result<Option<Switch>, StoreError> {
    let key = Switch::key_of(SwitchKind::Lock, &SwitchScope::Platform);
    Ok(
        find_any::<Switch>(ctx.store.as_ref(), SCOPE, SystemQuery::Switch(key))
            .await?
            .pop(),
    )
}

/// How far it is. Safe to repeat.
///
/// # Errors
/// `Forbidden` for everybody but platform admins, or when the store is away.
pub async fn status(ctx: &Context, actor: &User) -> Result<Status, SwitchError> {
    if !actor.platform_admin {
        return Err(SwitchError::Forbidden);
    }
    let lock = lock(ctx).await?.filter(|lock| lock.on);
    let since = lock.as_ref().map_or_else(|| ctx.now(), |lock| lock.since);
    let (connections, waiting) = match &lock {
        Some(_) => compared(ctx, since).await?,
        None => (0, Vec::new()),
    };
    Ok(Status {
        lock,
        connections,
        waiting,
    })
}

/// Connections in use, and the labels of those that were not compared with their venue since. One that is switched off or
/// whose credential the venue refuses opens nothing anyway, and is compared before it does again.
async fn compared(ctx: &Context, since: Timestamp) -> Result<(usize, Vec<String>), StoreError> {
    let (mut count, mut waiting) = (0, Vec::new());
    let mut page = Page::first(PAGE);
    loop {
        let query = SystemQuery::Connections(page);
        let found = find_any::<Connection>(ctx.store.as_ref(), SCOPE, query).await?;
        let Some(last) = found.last().map(|c| c.id.to_string()) else {
            return Ok((count, waiting));
        };
        let used = |c: &&Connection| !matches!(c.health, Health::Disabled | Health::Unauthorised);
        for connection in found.iter().filter(used) {
            count += 1;
            let scope = TenantScope::of_user(connection);
            let accounts = find::<Account>(ctx.store.as_ref(), &scope, Query::Accounts).await?;
            let account = accounts.into_iter().find(|a| a.connection_id == connection.id);
            if !account.is_some_and(|a| a.synced_at > since && a.unexplained.is_empty()) {
                waiting.push(connection.label.clone());
            }
        }
        page = Page {
            after: Some(last),
            limit: PAGE,
        };
    }
}

/// Lets positions be opened again, for a platform admin whose session was stepped up. Safe to repeat: what is off stays off.
///
/// # Errors
/// `Forbidden` for everybody else, `Locked` while a connection was not compared since, `Invalid` without a reason, `Identity`
/// without a step-up.
pub async fn lift(
    ctx: &Context,
    actor: &User,
    session: &Session,
    reason: String,
) -> Result<Option<Switch>, SwitchError> {
    if !actor.platform_admin {
        return Err(SwitchError::Forbidden);
    }
    loop {
        let Some(there) = lock(ctx).await? else {
            return Ok(None);
        };
        if !there.on {
            return Ok(Some(there));
        }
        let (all, waiting) = compared(ctx, there.since).await?;
        if !waiting.is_empty() {
            return Err(SwitchError::Locked(not_yet(&there, all, &waiting)));
        }
        if reason.is_empty() {
            return Err(SwitchError::Invalid {
                field: "reason",
                message: "expected why opening may go on",
            });
        }
        factor::proven(ctx, actor, session).await?;
        let mut off = there.clone();
        (off.on, off.version) = (false, there.version + 1);
        (off.by, off.reason, off.since) = (actor.name.clone(), reason.clone(), ctx.now());
        let mut entry = ctx.entry(
            Kind::RiskUnlocked,
            Actor::user(actor.id),
            ("switch", there.key.clone()),
        );
        entry.user = Some(actor.id);
        entry.reason = Some(reason.clone());
        entry.before =
            Some(json!({ "mode": "reconcile_only", "since": there.since, "reason": there.reason }));
        entry.after = Some(json!({ "state": "off", "by": off.by, "compared": all }));
        let mut batch = Batch::new();
        batch.note(entry);
        batch.update(off.clone());
        match ctx.commit(SCOPE, batch).await {
            Ok(()) => {
                switch::announce(ctx, &off);
                return Ok(Some(off));
            }
            Err(CommitError::Conflict { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

fn not_yet(lock: &Switch, all: usize, waiting: &[String]) -> String {
    let named: Vec<&str> = waiting.iter().take(NAMED_MAX).map(String::as_str).collect();
    let more = waiting.len().saturating_sub(named.len());
    let rest = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    format!(
        "reconcile_only since {}: {} of {all} connections are not compared with their broker yet: {}{rest}",
        moment(lock.since, ordercast_model::time::SessionZone::Utc),
        waiting.len(),
        named.join(", "),
    )
}
