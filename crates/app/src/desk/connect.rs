//! How a connection comes into being: a new account at the built-in venue, or a credential to one at a broker. Decides that
//! the credential works, is of the mode that was asked for, and may not move money out, before anything is stored.

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
    limits::LossAction,
    ports::{
        broker::{Access, Broker, BrokerError, Capabilities, VenueAccount},
        store::{Batch, CommitError, get},
    },
    secret::Secret,
    tenant::TenantScope,
    time::SessionZone,
    user::{Session, User},
};
use rust_decimal::Decimal;

use super::{
    DeskError,
    allowed::{allow_live, loss_action, permit},
    connection, risk,
};
use crate::{context::Context, identity::Caller};

/// The built-in venue.
const PAPER: &str = "paper";
/// Field of a paper credential that names the account.
const ACCOUNT: &str = "account";
/// Field of a credential that holds the token a broker gave for a code.
const TOKEN: &str = "access_token";
/// Cash of a new paper account.
const PAPER_CASH: Decimal = Decimal::from_parts(100_000, 0, 0, false, 0);
/// Longest credential field, in characters.
const FIELD_MAX: usize = 512;

/// A credential as it was given, by field.
pub type Credential = BTreeMap<String, Secret<String>>;

/// A connection to be made.
#[derive(Debug, Clone)]
pub struct NewConnection {
    /// Venue code.
    pub broker: String,
    /// Paper or live.
    pub mode: Mode,
    /// Name the user gives.
    pub label: String,
    /// Cash of the new account at the built-in venue; 1 to 10,000,000.
    pub cash: Option<Decimal>,
    /// The credential, for every venue but the built-in one.
    pub credential: Option<Credential>,
    /// Classes for which it becomes the default; none = those that have no default yet.
    pub default_for: Option<Vec<AssetClass>>,
    /// `LIVE`, typed, when real money is to be traded.
    pub confirm: Option<String>,
    /// The user knows that the venue does not tell what else the key may do.
    pub rights_unread: bool,
    /// What a tripped daily loss does; to be answered with the first account of real money (PRODUCT RK-05).
    pub daily_loss_action: Option<LossAction>,
}

/// What a credential opens, as the venue says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// The account.
    pub account: VenueAccount,
    /// Whether the venue tells what else the key may do.
    pub rights_readable: bool,
}

/// Tries a credential without keeping anything of it. Safe to repeat.
///
/// # Errors
/// `Invalid` names the field; `Unavailable` when the venue does not answer.
pub async fn test(
    ctx: &Context,
    broker: &str,
    mode: Mode,
    credential: Credential,
) -> Result<Tried, DeskError> {
    let venue = at(ctx, broker)?;
    let can = venue.capabilities();
    offered(can, mode)?;
    let credential = complete(can, credential)?;
    let (_, account) = proven(venue.as_ref(), ctx.id(), mode, credential).await?;
    Ok(Tried {
        account,
        rights_readable: can.withdraw_permission_readable,
    })
}

/// Connects: opens an account at the built-in venue, or tries and seals a credential to one at a broker. Nothing is stored
/// before the venue has answered.
///
/// # Errors
/// `Invalid` when a field is out of range or the venue refuses the credential, `Plan` when the plan allows no more,
/// `Identity` without a step-up where real money is to be traded, `Conflict` when the account is connected already.
pub async fn create(
    ctx: &Context,
    user: &User,
    session: &Session,
    new: NewConnection,
    caller: &Caller,
) -> Result<Connection, DeskError> {
    make(ctx, user, session, (new, None), caller).await
}

/// Connects with a token that the broker gave for a code: as [`create`].
pub(super) async fn granted(
    ctx: &Context,
    user: &User,
    session: &Session,
    new: NewConnection,
    token: Secret<String>,
    caller: &Caller,
) -> Result<Connection, DeskError> {
    make(ctx, user, session, (new, Some(token)), caller).await
}

/// Whether such a connection may be made, as far as it can be told without a credential.
pub(super) async fn may(
    ctx: &Context,
    user: &User,
    session: &Session,
    new: &NewConnection,
) -> Result<Vec<Connection>, DeskError> {
    connection::label(&new.label)?;
    let can = at(ctx, &new.broker)?.capabilities();
    offered(can, new.mode)?;
    let own = connection::list(ctx, user).await?;
    permit(user, &own, new.mode)?;
    loss_action(new, &own)?;
    if new.mode == Mode::Live {
        allow_live(ctx, user, session, new, can).await?;
    }
    Ok(own)
}

async fn make(
    ctx: &Context,
    user: &User,
    session: &Session,
    (new, token): (NewConnection, Option<Secret<String>>),
    caller: &Caller,
) -> Result<Connection, DeskError> {
    let own = may(ctx, user, session, &new).await?;
    let label = connection::label(&new.label)?;
    let venue = at(ctx, &new.broker)?;
    let can = venue.capabilities();
    let default_for = match &new.default_for {
        Some(classes) => connection::check_classes(can, classes.clone())?,
        None => connection::without_default(can, &own),
    };
    let id = ctx.id();
    let (access, account) = match (new.credential, new.broker == PAPER) {
        (None, false) if token.is_some() => {
            let fields = token.map(|token| (TOKEN.to_owned(), token)).into_iter().collect();
            proven(venue.as_ref(), id, new.mode, fields).await?
        }
        (None, true) => open(venue.as_ref(), id, &label, cash(new.cash)?).await?,
        (Some(_), true) => {
            let expected = "the built-in venue opens an account of its own; leave it out";
            return Err(DeskError::invalid("credential", expected));
        }
        (None, false) => return Err(DeskError::invalid("credential", expected(can))),
        (Some(given), false) => {
            let given = complete(can, given)?;
            proven(venue.as_ref(), id, new.mode, given).await?
        }
    };
    // What happened in the account before is not ours.
    let fills_cursor = match new.broker == PAPER {
        true => None,
        false => venue.fills_end(&access).await.map_err(refused)?,
    };
    let mut sealed = Vec::with_capacity(access.fields.len());
    for (name, value) in &access.fields {
        sealed.push(ctx.vault.seal(user.id, id, &new.broker, name, value).await?);
    }
    let made = Connection {
        id,
        user_id: user.id,
        version: 1,
        broker: new.broker,
        mode: new.mode,
        label,
        account_id: account.account_id.clone(),
        credential: sealed,
        default_for,
        zone: zone(can),
        health: Health::Ok,
        health_reason: None,
        fills_cursor,
        created_at: ctx.now(),
    };
    let books = Account::opened(&made, &account, ctx.now());
    let origin = caller.sealed(ctx, user.id).await?;
    let mut batch = Batch::new();
    connection::yield_defaults(ctx, &mut batch, &own, &made, &origin);
    note(ctx, &mut batch, &made, &books, &origin);
    risk::choose_loss_action(ctx, user, new.daily_loss_action, &mut batch, &origin).await?;
    batch.insert(made.clone());
    keep(ctx, user, &mut batch, books).await?;
    match ctx.commit(TenantScope::of_user(user), batch).await {
        Ok(()) => Ok(made),
        Err(CommitError::Duplicate { .. }) => {
            let why = "this account is connected already; an account has one connection";
            Err(DeskError::Conflict(why.to_owned()))
        }
        Err(error) => Err(error.into()),
    }
}

/// Puts the books of an account in the batch. Those of an account whose connection the user has removed go on under the new
/// one; those of one that is connected are a duplicate.
async fn keep(ctx: &Context, user: &User, batch: &mut Batch, books: Account) -> Result<(), DeskError> {
    let (store, scope) = (ctx.store.as_ref(), TenantScope::of_user(user));
    let before = get::<Account>(store, &scope, &books.key).await?;
    let under = match &before {
        Some(before) => get::<Connection>(store, &scope, &before.connection_id.to_string()).await?,
        None => None,
    };
    let is_removed = under.is_none_or(|c| c.health == Health::Disabled && c.credential.is_empty());
    match before.filter(|_| is_removed) {
        Some(before) => batch.update(Account {
            version: before.version + 1,
            ..books
        }),
        None => batch.insert(books),
    }
    Ok(())
}

fn zone(can: &Capabilities) -> SessionZone {
    match can.classes.as_slice() {
        [AssetClass::Crypto] => SessionZone::Utc,
        _ => SessionZone::NewYork,
    }
}

fn at<'a>(ctx: &'a Context, broker: &str) -> Result<&'a std::sync::Arc<dyn Broker>, DeskError> {
    ctx.brokers.get(broker).ok_or_else(|| {
        let known: Vec<&str> = ctx.brokers.keys().map(String::as_str).collect();
        DeskError::invalid("broker", format!("expected one of: {}", known.join(", ")))
    })
}

fn offered(can: &Capabilities, mode: Mode) -> Result<(), DeskError> {
    if can.modes.contains(&mode) {
        return Ok(());
    }
    let message = match mode {
        Mode::Paper => format!(
            "{} has no paper accounts; the built-in venue \"{PAPER}\" is there for that",
            can.name
        ),
        Mode::Live => format!("{} trades no real money", can.name),
    };
    Err(DeskError::invalid("mode", message))
}

fn cash(given: Option<Decimal>) -> Result<Decimal, DeskError> {
    let cash = given.unwrap_or(PAPER_CASH);
    if (Decimal::ONE..=Decimal::from(10_000_000)).contains(&cash) {
        Ok(cash)
    } else {
        Err(DeskError::invalid("cash", "expected 1 to 10000000"))
    }
}

fn expected(can: &Capabilities) -> String {
    let names: Vec<&str> = can
        .credential_fields
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    format!("expected the fields {}", names.join(", "))
}

/// Exactly the fields that the venue asks for, each of visible characters; no value is ever quoted.
fn complete(can: &Capabilities, given: Credential) -> Result<Credential, DeskError> {
    let asked = |name: &String| can.credential_fields.iter().any(|(field, _)| field == name);
    let full = can
        .credential_fields
        .iter()
        .all(|(name, _)| given.contains_key(name));
    if !full || !given.keys().all(asked) {
        return Err(DeskError::invalid("credential", expected(can)));
    }
    let mut out = Credential::new();
    for (name, value) in given {
        let text = value.expose().trim();
        // A private key is pasted with its lines.
        let lines = text.starts_with("-----BEGIN ");
        let odd = |c: char| c.is_control() && !(lines && matches!(c, '\n' | '\r'));
        let good = (1..=FIELD_MAX).contains(&text.chars().count()) && !text.chars().any(odd);
        if !good {
            let message = format!("{name}: expected 1 to {FIELD_MAX} visible characters");
            return Err(DeskError::invalid("credential", message));
        }
        out.insert(name, Secret::new(text.to_owned()));
    }
    Ok(out)
}

/// Shows the credential to the venue: the account behind it must be of the mode that was asked for (PRODUCT BR-20) and the
/// key must not be able to move money out where the venue tells (SEC-07).
async fn proven(
    broker: &dyn Broker,
    id: ConnectionId,
    mode: Mode,
    fields: Credential,
) -> Result<(Access, VenueAccount), DeskError> {
    let mut access = Access {
        connection_id: id,
        account_id: String::new(),
        mode,
        fields,
    };
    let account = broker.account(&access).await.map_err(refused)?;
    if account.mode != mode {
        let (is, asked) = match account.mode {
            Mode::Paper => ("paper", "live"),
            Mode::Live => ("live", "paper"),
        };
        let message = format!("the account behind this credential is {is}, and {asked} was asked for");
        return Err(DeskError::invalid("mode", message));
    }
    if account.may_withdraw == Some(true) {
        let message = "this key may withdraw; make one that may only read and trade";
        return Err(DeskError::invalid("credential", message));
    }
    access.account_id.clone_from(&account.account_id);
    Ok((access, account))
}

/// Opens an account at the built-in venue and reads it back: what the venue says of it counts.
async fn open(
    broker: &dyn Broker,
    id: ConnectionId,
    label: &str,
    cash: Decimal,
) -> Result<(Access, VenueAccount), DeskError> {
    let fields = broker.open_account(label, cash).await.map_err(refused)?;
    let named = fields.get(ACCOUNT).map(|field| field.expose().clone());
    let access = Access {
        connection_id: id,
        account_id: named.unwrap_or_default(),
        mode: Mode::Paper,
        fields,
    };
    let account = broker.account(&access).await.map_err(refused)?;
    if account.mode != Mode::Paper {
        let why = "the paper venue opened an account that is not paper";
        return Err(DeskError::Unavailable(why.to_owned()));
    }
    Ok((access, account))
}

fn refused(error: BrokerError) -> DeskError {
    match error {
        BrokerError::Unsupported(why) => DeskError::invalid("broker", why),
        BrokerError::Unauthorised(why) => DeskError::invalid("credential", why),
        busy @ BrokerError::Busy { .. } => DeskError::Unavailable(busy.to_string()),
        BrokerError::Unavailable(why) => DeskError::Unavailable(why),
    }
}

fn note(ctx: &Context, batch: &mut Batch, connection: &Connection, books: &Account, origin: &Provenance) {
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
