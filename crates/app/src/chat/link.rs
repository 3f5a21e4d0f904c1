//! Binding somebody at Discord to an account here: a one-time link, asked for in the chat and confirmed in the dashboard
//! by somebody who is logged in there. Refuses to bind without that confirmation.

use std::time::Duration;

use ordercast_model::{
    journal::{entry::Actor, kind::Kind},
    ports::store::{Batch, CommitError, StoreError, SystemQuery, find_any},
    secret::Secret,
    tenant::SystemScope,
    user::{LinkTicket, User},
};

use crate::{
    context::Context,
    identity::{Caller, IdentityError, fresh_token, token_hash},
};

/// How long a link works.
pub const LINK_LIFE: Duration = Duration::from_secs(5 * 60);

const LINKING: SystemScope = SystemScope::housekeeping("a link is asked for before anybody is known here");

/// Makes a one-time link ticket for somebody at Discord.
///
/// # Errors
/// When the store does not answer.
pub async fn issue(ctx: &Context, person: &str, name: &str) -> Result<Secret<String>, CommitError> {
    let ticket = fresh_token(ctx);
    let mut batch = Batch::new();
    batch.insert(LinkTicket {
        token_hash: token_hash(ticket.expose()),
        version: 1,
        discord_id: person.to_owned(),
        name: name.to_owned(),
        expires_at: ctx.now().plus(LINK_LIFE),
        used_at: None,
    });
    ctx.commit(LINKING, batch).await?;
    Ok(ticket)
}

/// Whom a ticket would bind. Safe to repeat.
///
/// # Errors
/// Says whether the ticket is unknown, used or too old.
pub async fn look(ctx: &Context, ticket: &str) -> Result<LinkTicket, IdentityError> {
    let query = SystemQuery::LinkTicket(token_hash(ticket));
    let row = find_any::<LinkTicket>(ctx.store.as_ref(), LINKING, query).await?;
    let row = row.into_iter().next().ok_or(IdentityError::TicketUnknown)?;
    if row.used_at.is_some() {
        return Err(IdentityError::TicketUsed);
    }
    if ctx.now() >= row.expires_at {
        return Err(IdentityError::TicketExpired);
    }
    Ok(row)
}

/// Binds the ticket's person to the account that confirms. Not safe to repeat: a ticket works once.
///
/// # Errors
/// As [`look`]; `Taken` when that person is bound to another account.
pub async fn redeem(ctx: &Context, user: User, ticket: &str, caller: &Caller) -> Result<User, IdentityError> {
    let mut row = look(ctx, ticket).await?;
    if let Some(other) = user_of(ctx, &row.discord_id).await?
        && other.id != user.id
    {
        return Err(IdentityError::Taken);
    }
    row.version += 1;
    row.used_at = Some(ctx.now());
    let mut entry = ctx.entry(
        Kind::ProfileChanged,
        Actor::user(user.id),
        ("user", user.id.to_string()),
    );
    entry.user = Some(user.id);
    entry.before = Some(serde_json::json!({ "discord_linked": user.discord_id.is_some() }));
    entry.after = Some(serde_json::json!({ "discord_linked": true, "discord_name": row.name }));
    entry.origin = caller.sealed(ctx, user.id).await?;
    let mut bound = user;
    bound.version += 1;
    bound.discord_id = Some(row.discord_id.clone());
    let mut batch = Batch::new();
    batch.update(row);
    batch.update(bound.clone());
    batch.note(entry);
    ctx.commit(LINKING, batch).await?;
    Ok(bound)
}

/// The account of somebody at Discord. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub async fn user_of(ctx: &Context, person: &str) -> Result<Option<User>, StoreError> {
    let query = SystemQuery::UserByDiscord(person.to_owned());
    Ok(find_any::<User>(ctx.store.as_ref(), LINKING, query)
        .await?
        .into_iter()
        .next())
}
