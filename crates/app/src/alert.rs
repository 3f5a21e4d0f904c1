//! Words of alarm: a journal entry that its reader is told of in private. Decides who hears it; what is done about it is
//! decided elsewhere.

use ordercast_model::{
    community::Community,
    connection::Connection,
    ids::UserId,
    journal::{
        entry::{Actor, Entry, Outcome},
        kind::Kind,
    },
    ports::store::{Batch, StoreError, SystemQuery, find_any},
    tenant::SystemScope,
    user::User,
};
use serde_json::json;

use crate::context::Context;

/// An alarm about a connection for one reader.
#[must_use]
pub fn entry(ctx: &Context, reader: UserId, connection: &Connection, message: &str) -> Entry {
    let object = ("connection", connection.id.to_string());
    let mut entry = ctx.entry(Kind::AlertRaised, Actor::system("risk"), object);
    entry.user = Some(reader);
    entry.links.connection = Some(connection.id);
    entry.result = Outcome::Failed;
    entry.after = Some(json!({ "message": message }));
    entry
}

/// Tells people that something of a community is so; names the member it is about, and nothing of the account.
///
/// # Errors
/// When the store does not answer.
pub(crate) async fn staff(
    ctx: &Context,
    staff: &[UserId],
    community: &Community,
    message: &str,
) -> Result<(), StoreError> {
    let mut batch = Batch::new();
    for reader in staff {
        let object = ("community", community.id.to_string());
        let mut entry = ctx.entry(Kind::AlertRaised, Actor::system("risk"), object);
        entry.user = Some(*reader);
        entry.community = Some(community.id);
        entry.after = Some(json!({ "message": message }));
        batch.note(entry);
    }
    send(ctx, batch).await
}

/// Tells every platform admin; names the connection, not whose it is. A second call tells it again.
///
/// # Errors
/// When the store does not answer.
pub async fn admins(ctx: &Context, connection: &Connection, message: &str) -> Result<(), StoreError> {
    let system = SystemScope::housekeeping("platform admins are told of a safety stop");
    let admins = find_any::<User>(ctx.store.as_ref(), system, SystemQuery::PlatformAdmins).await?;
    let mut batch = Batch::new();
    for admin in &admins {
        let message = format!("Connection {}: {message}", connection.id);
        batch.note(entry(ctx, admin.id, connection, &message));
    }
    send(ctx, batch).await
}

async fn send(ctx: &Context, batch: Batch) -> Result<(), StoreError> {
    if batch.journal.is_empty() {
        return Ok(());
    }
    let system = SystemScope::housekeeping("people are told of a safety stop");
    ctx.commit(system, batch)
        .await
        .map_err(|error| StoreError::Unavailable(error.to_string()))
}
