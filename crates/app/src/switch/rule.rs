//! Switches that no person sets: stops, pauses and locks by rule. Decides nothing: whoever found the reason did.

use ordercast_model::{
    connection::Connection,
    journal::{
        entry::{Actor, Entry},
        kind::Kind,
    },
    limits::{CapOf, Switch, SwitchKind, SwitchScope},
    ports::store::{Batch, CommitError, StoreError, SystemQuery, find_any},
    tenant::SystemScope,
};

use super::{Also, SwitchError, Wish, announce, facts, put};
use crate::{context::Context, unlock::platform::Hand};

/// Stops an account by rule: nothing opens there until a person has looked. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub(crate) async fn lock(ctx: &Context, connection: &Connection, reason: &str) -> Result<(), CommitError> {
    let scope = SwitchScope::Connection(connection.id);
    by_rule(ctx, SwitchKind::Lock, scope, Some(connection), reason).await
}

/// Pauses by rule until the user resumes. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub(crate) async fn pause_by_rule(
    ctx: &Context,
    scope: SwitchScope,
    connection: &Connection,
    reason: &str,
) -> Result<(), CommitError> {
    by_rule(ctx, SwitchKind::Pause, scope, Some(connection), reason).await
}

/// Stops every opening of everybody by rule, until a platform admin has looked and lifts the kill. Exits and protection
/// go on (PRODUCT AU-06). Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub async fn stop_opens(ctx: &Context, reason: &str) -> Result<(), CommitError> {
    by_rule(ctx, SwitchKind::Kill, SwitchScope::Platform, None, reason).await
}

/// Only compares and opens nothing, until every connection was compared and a platform admin lifts it: the store holds an
/// older state (PRODUCT EX-23). Exits and protection go on. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub async fn reconcile_only(ctx: &Context, why: &str) -> Result<(), CommitError> {
    let reason = format!("reconcile_only: {why}");
    by_rule(ctx, SwitchKind::Lock, SwitchScope::Platform, None, &reason).await
}

async fn by_rule(
    ctx: &Context,
    kind: SwitchKind,
    scope: SwitchScope,
    connection: Option<&Connection>,
    reason: &str,
) -> Result<(), CommitError> {
    let key = Switch::key_of(kind, &scope);
    let system = SystemScope::housekeeping("a safety stop is set by rule");
    loop {
        let found = find_any::<Switch>(ctx.store.as_ref(), system, SystemQuery::Switch(key.clone()))
            .await?
            .pop();
        if let Some(there) = found.as_ref().filter(|s| s.on) {
            ctx.switchboard.apply(there);
            return Ok(());
        }
        let wish = Wish::on(ctx, reason.to_owned(), Also::default());
        let user_id = connection.map(|c| c.user_id);
        let switch = wish.applied(ctx, found.as_ref(), (kind, &scope, user_id), (Switch::RULE, None));
        let mut batch = Batch::new();
        batch.note(by_rule_entry(ctx, &switch, connection));
        put(&mut batch, found.is_some(), switch.clone());
        match ctx.commit(system, batch).await {
            Ok(()) => {
                announce(ctx, &switch);
                return Ok(());
            }
            Err(CommitError::Conflict { .. } | CommitError::Duplicate { .. }) => {}
            Err(error) => return Err(error),
        }
    }
}

/// The lock of an account by the breaker, as rows of the batch that marks it: the account is locked in the same
/// transaction that finds it so (PRODUCT RK-06). None when it is locked already.
///
/// # Errors
/// When the store does not answer.
pub(crate) async fn breaker(
    ctx: &Context,
    connection: &Connection,
    (reason, cap): (&str, Option<CapOf>),
    batch: &mut Batch,
) -> Result<Option<Switch>, StoreError> {
    let scope = SwitchScope::Connection(connection.id);
    let key = Switch::key_of(SwitchKind::Lock, &scope);
    let system = SystemScope::housekeeping("the breaker locks an account");
    let found = find_any::<Switch>(ctx.store.as_ref(), system, SystemQuery::Switch(key)).await?;
    let found = found.into_iter().next();
    if found.as_ref().is_some_and(|s| s.on && s.flatten.is_some()) {
        return Ok(None);
    }
    let also = Also {
        flatten: true,
        freeze: false,
    };
    let wish = Wish::on(ctx, reason.to_owned(), also);
    let what = (SwitchKind::Lock, &scope, Some(connection.user_id));
    let mut switch = wish.applied(ctx, found.as_ref(), what, (Switch::RULE, None));
    if let Some(there) = found
        .as_ref()
        .filter(|there| there.on && there.by != Switch::RULE)
    {
        // What a platform admin locked, only a platform admin unlocks.
        (switch.by, switch.set_by) = (there.by.clone(), there.set_by);
    }
    switch.cap = cap;
    batch.note(by_rule_entry(ctx, &switch, Some(connection)));
    put(batch, found.is_some(), switch.clone());
    Ok(Some(switch))
}

/// Locks an account for the platform: only a platform admin unlocks it, whatever locked it before. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub(crate) async fn lock_by_hand(
    ctx: &Context,
    connection: &Connection,
    reason: &str,
    hand: Hand<'_>,
) -> Result<Switch, SwitchError> {
    let scope = SwitchScope::Connection(connection.id);
    let key = Switch::key_of(SwitchKind::Lock, &scope);
    let system = SystemScope::housekeeping("an account is locked for the platform");
    loop {
        let found = find_any::<Switch>(ctx.store.as_ref(), system, SystemQuery::Switch(key.clone()))
            .await?
            .pop();
        if let Some(there) = found.as_ref().filter(|s| s.on && s.by != Switch::RULE) {
            ctx.switchboard.apply(there);
            return Ok(there.clone());
        }
        let wish = Wish::on(ctx, reason.to_owned(), Also::default());
        let what = (SwitchKind::Lock, &scope, Some(connection.user_id));
        let mut switch = wish.applied(ctx, found.as_ref(), what, (&hand.name(), hand.id()));
        switch.cap = None;
        let mut batch = Batch::new();
        let mut entry = by_rule_entry(ctx, &switch, Some(connection));
        entry.actor = hand.actor();
        batch.note(entry);
        put(&mut batch, found.is_some(), switch.clone());
        match ctx.commit(system, batch).await {
            Ok(()) => {
                announce(ctx, &switch);
                return Ok(switch);
            }
            Err(CommitError::Conflict { .. } | CommitError::Duplicate { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

fn by_rule_entry(ctx: &Context, switch: &Switch, connection: Option<&Connection>) -> Entry {
    let what = match switch.kind {
        SwitchKind::Lock => Kind::RiskLocked,
        SwitchKind::Kill => Kind::KillSet,
        SwitchKind::Pause => Kind::PauseSet,
    };
    let mut entry = ctx.entry(what, Actor::system("risk"), ("switch", switch.key.clone()));
    entry.user = switch.user_id;
    entry.links.connection = connection.map(|c| c.id);
    entry.reason = Some(switch.reason.clone());
    entry.after = Some(facts(switch));
    entry
}
