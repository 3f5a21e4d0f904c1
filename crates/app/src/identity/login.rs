//! How a session begins. The demo's one-time ticket is the first way in; every way ends in the same `begin`.

use std::time::Duration;

use ordercast_model::{
    ids::UserId,
    journal::{entry::Actor, kind::Kind},
    ports::store::{Batch, SystemQuery, find_any},
    secret::Secret,
    tenant::SystemScope,
    user::{LoginTicket, Session, User},
};

use super::{Caller, IdentityError, SESSION_LIFE, token_hash};
use crate::context::Context;

/// How long a ticket works.
pub const TICKET_LIFE: Duration = Duration::from_secs(15 * 60);
/// Bytes of a cookie value or ticket: 256 bit.
const TOKEN_BYTES: usize = 32;

/// A session that has just begun.
#[derive(Debug)]
pub struct Login {
    /// Whose.
    pub user: User,
    /// The session.
    pub session: Session,
    /// The cookie value; shown once, only its hash is stored.
    pub token: Secret<String>,
}

/// A value nobody can guess: 256 bits, hex.
pub(crate) fn fresh_token(ctx: &Context) -> Secret<String> {
    use std::fmt::Write;
    let mut bytes = [0_u8; TOKEN_BYTES];
    ctx.random.fill(&mut bytes);
    let mut text = String::with_capacity(TOKEN_BYTES * 2);
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    Secret::new(text)
}

fn scope() -> SystemScope {
    SystemScope::housekeeping("a login begins before anybody is known")
}

/// Makes a one-time login ticket for a demo user.
///
/// # Errors
/// `NotFound` when the user is not one of the demo's.
pub async fn issue_ticket(ctx: &Context, user: UserId) -> Result<Secret<String>, IdentityError> {
    demo_user(ctx, user).await?;
    let ticket = fresh_token(ctx);
    let mut batch = Batch::new();
    batch.insert(LoginTicket {
        token_hash: token_hash(ticket.expose()),
        version: 1,
        user_id: user,
        expires_at: ctx.now().plus(TICKET_LIFE),
        used_at: None,
    });
    ctx.commit(scope(), batch).await?;
    Ok(ticket)
}

async fn demo_user(ctx: &Context, id: UserId) -> Result<User, IdentityError> {
    find_any::<User>(ctx.store.as_ref(), scope(), SystemQuery::User(id))
        .await?
        .into_iter()
        .find(|user| user.demo)
        .ok_or(IdentityError::NotFound)
}

/// Takes a ticket and begins a session. Not safe to repeat: a ticket works once.
///
/// # Errors
/// Says whether the ticket is unknown, used or too old.
pub async fn demo_login(ctx: &Context, ticket: &str, caller: &Caller) -> Result<Login, IdentityError> {
    let query = SystemQuery::LoginTicket(token_hash(ticket));
    let mut row = find_any::<LoginTicket>(ctx.store.as_ref(), scope(), query)
        .await?
        .pop()
        .ok_or(IdentityError::TicketUnknown)?;
    if row.used_at.is_some() {
        return Err(IdentityError::TicketUsed);
    }
    if ctx.now() >= row.expires_at {
        return Err(IdentityError::TicketExpired);
    }
    let user = demo_user(ctx, row.user_id).await?;
    row.version += 1;
    row.used_at = Some(ctx.now());
    let mut batch = Batch::new();
    batch.update(row);
    match begin(ctx, user, "demo", caller, batch).await {
        // Somebody else took the ticket between our look and our write.
        Err(IdentityError::Conflict) => Err(IdentityError::TicketUsed),
        other => other,
    }
}

/// Begins a session, in one transaction with what led to it. `via` is the way in, for the journal.
pub(super) async fn begin(
    ctx: &Context,
    user: User,
    via: &str,
    caller: &Caller,
    mut batch: Batch,
) -> Result<Login, IdentityError> {
    let token = fresh_token(ctx);
    let now = ctx.now();
    let session = Session {
        id: ctx.id(),
        version: 1,
        user_id: user.id,
        token_hash: token_hash(token.expose()),
        agent: caller.family(),
        created_at: now,
        seen_at: now,
        expires_at: now.plus(SESSION_LIFE),
        revoked_at: None,
        previous: None,
        stepped_up_at: None,
    };
    let mut entry = ctx.entry(
        Kind::LoginOk,
        Actor::user(user.id),
        ("session", session.id.to_string()),
    );
    entry.user = Some(user.id);
    entry.after =
        Some(serde_json::json!({ "agent": session.agent, "expires_at": session.expires_at, "via": via }));
    entry.origin = caller.sealed(ctx, user.id).await?;
    batch.insert(session.clone());
    batch.note(entry);
    ctx.commit(scope(), batch).await?;
    Ok(Login { user, session, token })
}
