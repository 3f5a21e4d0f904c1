//! The user's limits, what is used of them, and the switches that bind the user.

use ordercast_model::{
    account::Account,
    community::Membership,
    ids::ConnectionId,
    journal::entry::{Actor, Entry, Provenance},
    limits::{Limits, LossAction, Switch, SwitchScope, UserLimits},
    ports::store::{Batch, Query, SystemQuery, find, find_any, get},
    tenant::{SystemScope, TenantScope},
    time::Timestamp,
    user::{Session, User},
};
pub use ordercast_rules::risk::status::{Unit, Used};
use ordercast_rules::risk::{self, loosen};

use super::{DeskError, follow, loosening, range};
use crate::{
    context::Context,
    decide::again::limits_by_hand,
    identity::{Caller, factor},
    unlock,
};

/// What one account uses of the limits.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub struct AccountRisk {
    pub connection_id: ConnectionId,
    pub daily_loss_tripped: bool,
    pub usage: Vec<Used>,
}

/// Everything that may stop an order of the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// When.
    pub as_of: Timestamp,
    /// No new position is opened anywhere.
    pub stopped: bool,
    /// Switches that are on and cover the user in whole or part.
    pub switches: Vec<Switch>,
    /// Accounts, by connection.
    pub accounts: Vec<AccountRisk>,
}

/// The user's limits as they hold now, with what waits to be looser; the defaults at version 0 when they were never
/// changed. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub async fn limits(ctx: &Context, user: &User) -> Result<UserLimits, DeskError> {
    Ok(loosening::settled(stored(ctx, user).await?, ctx.now()).row)
}

/// The limits as they were written down last.
pub(super) async fn stored(ctx: &Context, user: &User) -> Result<UserLimits, DeskError> {
    let scope = TenantScope::of_user(user);
    let row = get::<UserLimits>(ctx.store.as_ref(), &scope, &user.id.to_string()).await?;
    Ok(row.unwrap_or_else(|| UserLimits {
        user_id: user.id,
        version: 0,
        limits: Limits::default(),
        updated_at: ctx.now(),
        pending: Vec::new(),
    }))
}

/// Sets all limits at the version the caller knows. What tightens holds at once and voids what was pending for that limit;
/// what loosens needs a session that was stepped up, and holds ten minutes later.
///
/// # Errors
/// `Version`, `Invalid` with the first limit that is out of its range, `Identity` without a step-up where one is needed;
/// then nothing is changed at all.
pub async fn set_limits(
    ctx: &Context,
    user: &User,
    session: &Session,
    version: u64,
    mut wanted: Limits,
    caller: &Caller,
) -> Result<UserLimits, DeskError> {
    wanted.deny_symbols = follow::symbols("deny_symbols", wanted.deny_symbols)?;
    wanted.trading_windows = range::windows(wanted.trading_windows)?;
    range::check(&wanted)?;
    let stored = stored(ctx, user).await?;
    if stored.version != version {
        return Err(DeskError::Version {
            given: version,
            newest: stored.version,
        });
    }
    let Change {
        fresh,
        mut entry,
        loosens,
    } = match change(ctx, stored, &wanted)? {
        Changed::To(change) => *change,
        Changed::Nothing(row) => return Ok(*row),
    };
    if loosens {
        factor::proven(ctx, user, session).await?;
    }
    entry.origin = caller.sealed(ctx, user.id).await?;
    let mut batch = Batch::new();
    put(&mut batch, fresh.clone());
    batch.note(entry);
    ctx.commit(TenantScope::of_user(user), batch).await?;
    Ok(fresh)
}

/// What becomes of limits by a wish.
enum Changed {
    /// They stand as they are.
    Nothing(Box<UserLimits>),
    /// They change.
    To(Box<Change>),
}

/// A change of limits, with what tells it.
struct Change {
    fresh: UserLimits,
    entry: Entry,
    /// Something of it loosens, and waits.
    loosens: bool,
}

fn change(ctx: &Context, stored: UserLimits, wanted: &Limits) -> Result<Changed, DeskError> {
    let before = stored.limits.clone();
    let now = ctx.now();
    let standing = loosening::settled(stored, now);
    let unreadable = |e| DeskError::Unavailable(format!("limits cannot be written: {e}"));
    let parted = loosen::part(&standing.row.limits, wanted).map_err(unreadable)?;
    let (pending, asked) = loosening::pending(&standing.row.pending, &parted, now);
    let same = parted.now == standing.row.limits && pending == standing.row.pending;
    if same && standing.applied.is_empty() {
        return Ok(Changed::Nothing(Box::new(standing.row)));
    }
    let fresh = UserLimits {
        user_id: standing.row.user_id,
        version: standing.row.version + 1,
        limits: parted.now,
        updated_at: now,
        pending,
    };
    let actor = Actor::user(fresh.user_id);
    let entry = loosening::entry(ctx, actor, &before, &fresh, ("asked", &asked)).map_err(unreadable)?;
    Ok(Changed::To(Box::new(Change {
        fresh,
        entry,
        loosens: !asked.is_empty(),
    })))
}

fn put(batch: &mut Batch, row: UserLimits) {
    if row.version == 1 {
        batch.insert(row);
    } else {
        batch.update(row);
    }
}

/// What a tripped daily loss does, as it is answered while real money is connected (PRODUCT RK-05): written with the
/// connection. The caller has asked for the second factor; what loosens waits as every limit does.
pub(super) async fn choose_loss_action(
    ctx: &Context,
    user: &User,
    action: Option<LossAction>,
    batch: &mut Batch,
    origin: &Provenance,
) -> Result<(), DeskError> {
    let Some(action) = action else { return Ok(()) };
    let stored = stored(ctx, user).await?;
    let wanted = Limits {
        daily_loss_action: action,
        ..loosening::settled(stored.clone(), ctx.now()).row.limits
    };
    if let Changed::To(change) = change(ctx, stored, &wanted)? {
        let Change { fresh, mut entry, .. } = *change;
        entry.origin.clone_from(origin);
        batch.note(entry);
        put(batch, fresh);
    }
    Ok(())
}

/// Switches, and what each account uses of the limits. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub async fn status(ctx: &Context, user: &User) -> Result<Status, DeskError> {
    let scope = TenantScope::of_user(user);
    let store = ctx.store.as_ref();
    let switches = switches(ctx, user).await?;
    let limits = limits_by_hand(ctx, &scope).await?;
    let mut accounts = Vec::new();
    for account in find::<Account>(store, &scope, Query::Accounts).await? {
        accounts.push(AccountRisk {
            connection_id: account.connection_id,
            daily_loss_tripped: account.daily_loss_tripped,
            usage: risk::status::status(&account, &limits, ctx.now())?,
        });
    }
    accounts.sort_by_key(|a| a.connection_id);
    let stopped = switches
        .iter()
        .any(|s| matches!(s.scope, SwitchScope::Platform | SwitchScope::User(_)));
    Ok(Status {
        as_of: ctx.now(),
        stopped,
        switches,
        accounts,
    })
}

/// Switches that are on and cover the user, a community, a provider, a follow or a connection of the user.
async fn switches(ctx: &Context, user: &User) -> Result<Vec<Switch>, DeskError> {
    let store = ctx.store.as_ref();
    let scope = SystemScope::housekeeping("switches of the platform and of communities bind their members");
    let on = find_any::<Switch>(store, scope, SystemQuery::SwitchesOn).await?;
    let memberships = find::<Membership>(store, &TenantScope::of_user(user), Query::Memberships).await?;
    let follows = follow::list(ctx, user).await?;
    let connections = super::connection::list(ctx, user).await?;
    let covers = |switch: &Switch| match &switch.scope {
        SwitchScope::Platform => true,
        SwitchScope::User(id) => *id == user.id,
        SwitchScope::Community(id) => memberships.iter().any(|m| m.community_id == *id),
        SwitchScope::Provider(id) => follows.iter().any(|f| f.provider_id == *id),
        SwitchScope::Follow(id) => follows.iter().any(|f| f.id == *id),
        SwitchScope::Connection(id) => connections.iter().any(|c| c.id == *id),
    };
    let mut covering: Vec<Switch> = on.into_iter().filter(covers).collect();
    for switch in &mut covering {
        if let Some(cap) = switch.cap.as_mut().filter(|cap| cap.staff) {
            cap.staff = unlock::demands(ctx, cap.id, user).await?;
        }
    }
    Ok(covering)
}
