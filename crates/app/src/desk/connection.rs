//! The user's connections: the catalogue, the list, and opening one on the built-in paper venue.

use std::collections::BTreeMap;

use ordercast_model::{
    account::Account,
    connection::{Connection, Health, Mode},
    ids::ConnectionId,
    instrument::AssetClass,
    journal::{
        entry::{Actor, Provenance},
        kind::Kind,
    },
    ports::{
        broker::{Access, Broker, BrokerError, Capabilities, VenueAccount},
        store::{Batch, Query, find, get},
    },
    secret::Secret,
    tenant::TenantScope,
    time::SessionZone,
    user::User,
};
use rust_decimal::Decimal;

use super::DeskError;
use crate::{context::Context, identity::Caller};

/// The built-in venue.
const PAPER: &str = "paper";
/// Field of a paper credential that names the account.
const ACCOUNT: &str = "account";
/// Cash of a new paper account.
const PAPER_CASH: Decimal = Decimal::from_parts(100_000, 0, 0, false, 0);
/// Why a removed connection is disabled.
pub(super) const REMOVED: &str = "removed";
/// Longest label, in characters.
const LABEL_MAX: usize = 40;

/// A connection to be made.
#[derive(Debug, Clone)]
pub struct NewConnection {
    /// Venue code.
    pub broker: String,
    /// Paper or live.
    pub mode: Mode,
    /// Name the user gives.
    pub label: String,
    /// Cash of the new paper account; 1 to 10,000,000.
    pub cash: Option<Decimal>,
    /// Classes for which it becomes the default; none = those that have no default yet.
    pub default_for: Option<Vec<AssetClass>>,
}

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

/// Opens an account at the built-in paper venue and connects to it.
///
/// # Errors
/// `Invalid` when a field is out of range or the venue is another, `Plan` when the plan allows no more.
pub async fn create(
    ctx: &Context,
    user: &User,
    new: NewConnection,
    caller: &Caller,
) -> Result<Connection, DeskError> {
    let (label, cash) = asked(&new)?;
    let own = list(ctx, user).await?;
    permit(user, &own)?;
    let broker = ctx.brokers.get(PAPER).ok_or(DeskError::NotFound)?;
    let default_for = match new.default_for {
        Some(classes) => check_classes(broker.capabilities(), classes)?,
        None => without_default(broker.capabilities(), &own),
    };
    let id = ctx.id();
    let (fields, account) = open(broker.as_ref(), id, &label, cash).await?;
    let mut credential = Vec::with_capacity(fields.len());
    for (name, value) in &fields {
        credential.push(ctx.vault.seal(user.id, id, PAPER, name, value).await?);
    }
    let zone = match broker.capabilities().classes.as_slice() {
        [AssetClass::Crypto] => SessionZone::Utc,
        _ => SessionZone::NewYork,
    };
    let connection = Connection {
        id,
        user_id: user.id,
        version: 1,
        broker: PAPER.to_owned(),
        mode: Mode::Paper,
        label,
        account_id: account.account_id.clone(),
        credential,
        default_for,
        zone,
        health: Health::Ok,
        health_reason: None,
        fills_cursor: None,
        created_at: ctx.now(),
    };
    let books = Account::opened(&connection, &account, ctx.now());
    let origin = caller.sealed(ctx, user.id).await?;
    let mut batch = Batch::new();
    yield_defaults(ctx, &mut batch, &own, &connection, &origin);
    note_created(ctx, &mut batch, &connection, &books, &origin);
    batch.insert(connection.clone());
    batch.insert(books);
    ctx.commit(TenantScope::of_user(user), batch).await?;
    Ok(connection)
}

/// Label and cash of the new account, checked.
fn asked(new: &NewConnection) -> Result<(String, Decimal), DeskError> {
    if new.broker != PAPER || new.mode != Mode::Paper {
        let expected = "only \"paper\" in mode \"paper\" can be connected yet";
        return Err(DeskError::invalid("broker", expected));
    }
    let cash = new.cash.unwrap_or(PAPER_CASH);
    if !(Decimal::ONE..=Decimal::from(10_000_000)).contains(&cash) {
        return Err(DeskError::invalid("cash", "expected 1 to 10000000"));
    }
    Ok((label(&new.label)?, cash))
}

/// The plan must allow one more.
fn permit(user: &User, own: &[Connection]) -> Result<(), DeskError> {
    let allowed = user.plan.entitlement().paper_connections_max.saturating_add(1);
    let count = own.iter().filter(|c| c.mode == Mode::Paper).count();
    if count < usize::try_from(allowed).unwrap_or(usize::MAX) {
        return Ok(());
    }
    Err(DeskError::Plan(format!(
        "your plan allows {allowed} paper connections, the built-in one included"
    )))
}

fn without_default(can: &Capabilities, own: &[Connection]) -> Vec<AssetClass> {
    let taken = |class: &AssetClass| own.iter().any(|c| c.default_for.contains(class));
    can.classes
        .iter()
        .copied()
        .filter(|class| !taken(class))
        .collect()
}

/// Opens the account at the venue and reads it back: what the venue says of it counts.
async fn open(
    broker: &dyn Broker,
    id: ConnectionId,
    label: &str,
    cash: Decimal,
) -> Result<(BTreeMap<String, Secret<String>>, VenueAccount), DeskError> {
    let fields = broker.open_account(label, cash).await.map_err(venue_error)?;
    let named = fields.get(ACCOUNT).map(|field| field.expose().clone());
    let access = Access {
        connection_id: id,
        account_id: named.unwrap_or_default(),
        mode: Mode::Paper,
        fields,
    };
    let account = broker.account(&access).await.map_err(venue_error)?;
    if account.mode != Mode::Paper {
        let why = "the paper venue opened an account that is not paper";
        return Err(DeskError::Unavailable(why.to_owned()));
    }
    Ok((access.fields, account))
}

fn note_created(
    ctx: &Context,
    batch: &mut Batch,
    connection: &Connection,
    books: &Account,
    origin: &Provenance,
) {
    let mut entry = ctx.entry(
        Kind::ConnectionCreated,
        Actor::user(connection.user_id),
        ("connection", connection.id.to_string()),
    );
    entry.user = Some(connection.user_id);
    entry.links.connection = Some(connection.id);
    entry.after = Some(serde_json::json!({
        "broker": connection.broker, "mode": connection.mode, "label": connection.label,
        "default_for": connection.default_for, "cash": books.cash.normalize().to_string(),
        "currency": books.currency,
    }));
    entry.origin.clone_from(origin);
    batch.note(entry);
    let names: Vec<&str> = connection.credential.iter().map(|f| f.name.as_str()).collect();
    let mut entry = ctx.entry(
        Kind::CredentialSealed,
        Actor::user(connection.user_id),
        ("connection", connection.id.to_string()),
    );
    entry.user = Some(connection.user_id);
    entry.links.connection = Some(connection.id);
    entry.after = Some(serde_json::json!({ "fields": names }));
    entry.origin.clone_from(origin);
    batch.note(entry);
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
fn yield_defaults(
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

fn label(text: &str) -> Result<String, DeskError> {
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

fn check_classes(can: &Capabilities, mut classes: Vec<AssetClass>) -> Result<Vec<AssetClass>, DeskError> {
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

fn venue_error(error: BrokerError) -> DeskError {
    match error {
        BrokerError::Unsupported(why) => DeskError::invalid("broker", why),
        BrokerError::Unavailable(why) | BrokerError::Unauthorised(why) => DeskError::Unavailable(why),
    }
}
