//! What was asked of limits and waits: written down when it is asked, in force ten minutes later by the clock alone, and
//! told when it comes into force. A restart or a late timer neither loosens early nor forgets (PRODUCT section 3, RK-39).

use ordercast_model::{
    journal::{
        entry::{Actor, Entry},
        kind::Kind,
    },
    limits::{Caps, Limits, Loosening, UserLimits},
    ports::store::{Batch, CommitError, StoreError, SystemQuery, find_any},
    tenant::{SystemScope, TenantScope},
    time::Timestamp,
    user::User,
    window::Window,
};
use ordercast_rules::risk::loosen::{self, Looser, Parted};
use serde_json::{Value, json};

use super::{DeskError, risk};
use crate::{context::Context, identity::Caller};

/// Limits as they hold now, and what of them came into force since they were written down.
pub(super) struct Settled {
    /// The row with what is due applied; same version.
    pub(super) row: UserLimits,
    /// What came into force.
    pub(super) applied: Vec<Loosening>,
}

/// What holds at an instant.
pub(super) fn settled(stored: UserLimits, now: Timestamp) -> Settled {
    let (limits, pending) = (
        loosen::in_force(&stored, now),
        loosen::waiting(&stored.pending, now),
    );
    let applied = stored.pending.iter().filter(|one| one.due_at <= now);
    Settled {
        applied: applied.cloned().collect(),
        row: UserLimits {
            limits,
            pending,
            ..stored
        },
    }
}

/// The caps of a row of a community or a follow, and what waits for them, as they hold at an instant.
pub(super) fn settle_caps(caps: &mut Caps, waiting: &mut Vec<Loosening>, now: Timestamp) {
    *caps = loosen::caps_in_force(caps, waiting, now);
    *waiting = loosen::waiting(waiting, now);
}

/// What is pending after a wish, and which of it is new. A limit that stays as it is keeps what is pending for it; one
/// that is tightened loses it; the same wish twice keeps its first time.
pub(super) fn pending<T>(
    before: &[Loosening],
    parted: &Parted<T>,
    now: Timestamp,
) -> (Vec<Loosening>, Vec<Loosening>) {
    let wish = |limit: &str| parted.later.iter().find(|later| later.limit == limit);
    let kept = |one: &&Loosening| {
        !parted.tightened.contains(&one.limit.as_str()) && wish(&one.limit).is_none_or(|w| w.to == one.to)
    };
    let mut all: Vec<Loosening> = before.iter().filter(kept).cloned().collect();
    let is_new = |later: &&Looser| !all.iter().any(|one| one.limit == later.limit);
    let fresh: Vec<Loosening> = parted
        .later
        .iter()
        .filter(is_new)
        .map(|later| Loosening {
            limit: later.limit.to_owned(),
            from: later.from.clone(),
            to: later.to.clone(),
            asked_at: now,
            due_at: now.plus(loosen::WAIT),
        })
        .collect();
    all.extend(fresh.iter().cloned());
    (all, fresh)
}

/// The entry of a change: limits before and after, what is pending, and what happened to which limit.
pub(super) fn entry(
    ctx: &Context,
    actor: Actor,
    before: &Limits,
    after: &UserLimits,
    happened: (&str, &[Loosening]),
) -> Result<Entry, serde_json::Error> {
    let object = ("risk_limits", after.user_id.to_string());
    let mut entry = ctx.entry(Kind::RiskLimitChanged, actor, object);
    entry.user = Some(after.user_id);
    entry.before = Some(serde_json::to_value(before)?);
    let mut told = serde_json::to_value(&after.limits)?;
    if let Value::Object(told) = &mut told {
        told.insert("pending".to_owned(), lines(&after.pending));
        let (what, which) = happened;
        if !which.is_empty() {
            told.insert(what.to_owned(), lines(which));
        }
    }
    entry.after = Some(told);
    Ok(entry)
}

pub(super) fn lines(all: &[Loosening]) -> Value {
    let line =
        |one: &Loosening| json!({ "limit": one.limit, "from": one.from, "to": one.to, "due_at": one.due_at });
    all.iter().map(line).collect()
}

/// A value of a limit in words.
#[must_use]
pub fn word(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::Bool(on) => if *on { "on" } else { "off" }.to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(list) if list.is_empty() => "none".to_owned(),
        Value::Array(list) => list.iter().map(word).collect::<Vec<_>>().join(", "),
        Value::Object(_) => match serde_json::from_value::<Window>(value.clone()) {
            Ok(window) => window.to_string(),
            Err(_) => value.to_string(),
        },
        Value::Number(number) => number.to_string(),
    }
}

/// Caps as they hold now, what waits to be looser, and what of that was asked just now.
pub(super) struct CapsWish {
    /// What is written down.
    pub(super) caps: Caps,
    /// What waits.
    pub(super) pending: Vec<Loosening>,
    /// What of it is new.
    pub(super) asked: Vec<Loosening>,
}

/// Parts a wish for caps as one for the own limits: what tightens holds at once, what loosens ten minutes later.
///
/// # Errors
/// Never for caps of this program.
pub(super) fn caps(
    (written, waiting): (&Caps, &[Loosening]),
    wanted: &Caps,
    now: Timestamp,
) -> Result<CapsWish, DeskError> {
    let standing = loosen::caps_in_force(written, waiting, now);
    let unreadable = |e| DeskError::Unavailable(format!("caps cannot be written: {e}"));
    let parted = loosen::part_caps(&standing, wanted).map_err(unreadable)?;
    let (pending, asked) = pending(&loosen::waiting(waiting, now), &parted, now);
    Ok(CapsWish {
        caps: parted.now,
        pending,
        asked,
    })
}

/// Takes back what was asked of one limit; that tightens, so that it needs nothing.
///
/// # Errors
/// `NotFound` when nothing is pending for it any more.
pub async fn withdraw(
    ctx: &Context,
    user: &User,
    limit: &str,
    caller: &Caller,
) -> Result<UserLimits, DeskError> {
    let stored = risk::stored(ctx, user).await?;
    let before = stored.limits.clone();
    let mut now = settled(stored, ctx.now());
    let (gone, kept): (Vec<_>, Vec<_>) = now.row.pending.into_iter().partition(|one| one.limit == limit);
    if gone.is_empty() {
        return Err(DeskError::NotFound);
    }
    now.row.pending = kept;
    now.row.version += 1;
    now.row.updated_at = ctx.now();
    let unreadable = |e| DeskError::Unavailable(format!("limits cannot be written: {e}"));
    let mut batch = Batch::new();
    let actor = Actor::user(user.id);
    let mut told = entry(ctx, actor, &before, &now.row, ("withdrawn", &gone)).map_err(unreadable)?;
    told.origin = caller.sealed(ctx, user.id).await?;
    batch.note(told);
    batch.update(now.row.clone());
    ctx.commit(TenantScope::of_user(user), batch).await?;
    Ok(now.row)
}

/// Writes down what came into force. Safe to repeat: what was written down already is left alone.
///
/// # Errors
/// When the store is away.
pub(crate) async fn due(ctx: &Context) -> Result<(), StoreError> {
    let system = SystemScope::housekeeping("limits whose time has come");
    let now = ctx.now();
    for stored in find_any::<UserLimits>(ctx.store.as_ref(), system, SystemQuery::LimitsDue(now)).await? {
        let (before, user) = (stored.limits.clone(), stored.user_id);
        let Settled { mut row, applied } = settled(stored, now);
        row.version += 1;
        row.updated_at = now;
        let actor = Actor::system("risk");
        let told = match entry(ctx, actor, &before, &row, ("applied", &applied)) {
            Ok(told) => told,
            Err(error) => {
                tracing::error!(%user, %error, "limits cannot be written down");
                continue;
            }
        };
        let mut batch = Batch::new();
        batch.note(told);
        batch.update(row);
        match ctx.commit(system, batch).await {
            // The user changed them meanwhile, and with that wrote down what was due.
            Ok(()) | Err(CommitError::Conflict { .. }) => {}
            Err(error) => {
                tracing::warn!(%user, %error, "loosened limits not written down, to be tried again")
            }
        }
    }
    Ok(())
}
