//! The user's connections: the catalogue, the list, and changes of one. How one comes into being is `desk/connect`.

use ordercast_model::{
    connection::{Connection, Health},
    ids::ConnectionId,
    instrument::AssetClass,
    journal::{
        entry::{Actor, Provenance},
        kind::Kind,
    },
    ports::{
        broker::Capabilities,
        store::{Batch, Query, find, get},
    },
    tenant::TenantScope,
    user::User,
};

use super::DeskError;
use crate::{context::Context, identity::Caller, lane::Job};

/// Why a removed connection is disabled.
pub(super) const REMOVED: &str = "removed";
/// Longest label, in characters.
const LABEL_MAX: usize = 40;

/// What is to be changed of a connection; what is none stays.
#[derive(Debug, Clone, Default)]
pub struct ConnectionChange {
    /// Name.
    pub label: Option<String>,
    /// Classes for which it becomes the default; another connection loses them.
    pub default_for: Option<Vec<AssetClass>>,
}

/// The venues that are enabled, by code.
#[must_use]
pub fn catalogue(ctx: &Context) -> Vec<&Capabilities> {
    ctx.brokers.values().map(|broker| broker.capabilities()).collect()
}

/// One venue.
///
/// # Errors
/// `NotFound`.
pub fn venue<'a>(ctx: &'a Context, kind: &str) -> Result<&'a Capabilities, DeskError> {
    ctx.brokers
        .get(kind)
        .map(|broker| broker.capabilities())
        .ok_or(DeskError::NotFound)
}

/// Connections of the user, newest first, without removed ones. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub async fn list(ctx: &Context, user: &User) -> Result<Vec<Connection>, DeskError> {
    let scope = TenantScope::of_user(user);
    let mut all = find::<Connection>(ctx.store.as_ref(), &scope, Query::Connections).await?;
    all.retain(|one| !is_removed(one));
    Ok(all)
}

/// Whether the user has removed it: it is kept for its history alone.
fn is_removed(one: &Connection) -> bool {
    one.health == Health::Disabled && one.health_reason.as_deref() == Some(REMOVED)
}

/// One connection. Safe to repeat.
///
/// # Errors
/// `NotFound`.
pub async fn one(ctx: &Context, user: &User, id: ConnectionId) -> Result<Connection, DeskError> {
    get::<Connection>(ctx.store.as_ref(), &TenantScope::of_user(user), &id.to_string())
        .await?
        .filter(|one| !is_removed(one))
        .ok_or(DeskError::NotFound)
}

pub(super) fn without_default(can: &Capabilities, own: &[Connection]) -> Vec<AssetClass> {
    let taken = |class: &AssetClass| own.iter().any(|c| c.default_for.contains(class));
    can.classes
        .iter()
        .copied()
        .filter(|class| !taken(class))
        .collect()
}

/// Asks the venue now, also where the credential was refused before: the comparison is done in the connection's lane. Safe to
/// repeat.
///
/// # Errors
/// `NotFound`; `Conflict` when the connection is disabled.
pub async fn sync(ctx: &Context, user: &User, id: ConnectionId) -> Result<Connection, DeskError> {
    let connection = one(ctx, user, id).await?;
    if connection.health == Health::Disabled {
        let why = connection
            .health_reason
            .as_deref()
            .unwrap_or("no reason was kept");
        return Err(DeskError::Conflict(format!("the connection is disabled: {why}")));
    }
    ctx.lanes.push_for(&connection, Job::Sync).await;
    Ok(connection)
}

/// Changes label and defaults at the version the caller knows.
///
/// # Errors
/// `NotFound`, `Version`, `Invalid`.
pub async fn change(
    ctx: &Context,
    user: &User,
    id: ConnectionId,
    version: u64,
    change: ConnectionChange,
    caller: &Caller,
) -> Result<Connection, DeskError> {
    let own = list(ctx, user).await?;
    let before = own.iter().find(|c| c.id == id).ok_or(DeskError::NotFound)?;
    if before.version != version {
        return Err(DeskError::Version {
            given: version,
            newest: before.version,
        });
    }
    let mut fresh = before.clone();
    fresh.version += 1;
    if let Some(text) = change.label {
        fresh.label = label(&text)?;
    }
    let origin = caller.sealed(ctx, user.id).await?;
    let mut batch = Batch::new();
    if let Some(classes) = change.default_for {
        fresh.default_for = check_classes(venue(ctx, &fresh.broker)?, classes)?;
        yield_defaults(ctx, &mut batch, &own, &fresh, &origin);
    }
    note_changed(ctx, &mut batch, before, &fresh, &origin);
    batch.update(fresh.clone());
    ctx.commit(TenantScope::of_user(user), batch).await?;
    Ok(fresh)
}

/// A class has one default connection: the others give it up.
pub(super) fn yield_defaults(
    ctx: &Context,
    batch: &mut Batch,
    own: &[Connection],
    to: &Connection,
    origin: &Provenance,
) {
    let classes = &to.default_for;
    let giving = |c: &&Connection| c.id != to.id && c.default_for.iter().any(|class| classes.contains(class));
    for before in own.iter().filter(giving) {
        let mut fresh = before.clone();
        fresh.version += 1;
        fresh.default_for.retain(|class| !classes.contains(class));
        note_changed(ctx, batch, before, &fresh, origin);
        batch.update(fresh);
    }
}

fn note_changed(
    ctx: &Context,
    batch: &mut Batch,
    before: &Connection,
    after: &Connection,
    origin: &Provenance,
) {
    let shown = |c: &Connection| serde_json::json!({ "label": c.label, "default_for": c.default_for });
    let mut entry = ctx.entry(
        Kind::ConnectionChanged,
        Actor::user(after.user_id),
        ("connection", after.id.to_string()),
    );
    entry.user = Some(after.user_id);
    entry.links.connection = Some(after.id);
    entry.before = Some(shown(before));
    entry.after = Some(shown(after));
    entry.origin.clone_from(origin);
    batch.note(entry);
}

pub(super) fn label(text: &str) -> Result<String, DeskError> {
    let text = text.trim();
    if (1..=LABEL_MAX).contains(&text.chars().count()) && !text.chars().any(char::is_control) {
        Ok(text.to_owned())
    } else {
        Err(DeskError::invalid(
            "label",
            format!("expected 1 to {LABEL_MAX} characters"),
        ))
    }
}

pub(super) fn check_classes(
    can: &Capabilities,
    mut classes: Vec<AssetClass>,
) -> Result<Vec<AssetClass>, DeskError> {
    classes.sort_unstable();
    classes.dedup();
    match classes.iter().find(|c| !can.classes.contains(c)) {
        Some(class) => Err(DeskError::invalid(
            "default_for",
            format!("{} does not trade {}", can.name, class.code()),
        )),
        None => Ok(classes),
    }
}
