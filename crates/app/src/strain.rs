//! Tells users that much of what may be asked of their broker is used (PRODUCT BR-21). Decides whom; refuses to know how it
//! is counted.

use ordercast_model::{
    connection::Connection,
    ids::ConnectionId,
    ports::{
        allowance::Strain,
        store::{Batch, Page, StoreError, SystemQuery, find_any},
    },
    tenant::{SystemScope, TenantScope},
};
use tokio::sync::mpsc;

use crate::{alert, context::Context};

/// Connections read at once.
const PAGE: u32 = 500;

/// Runs until nobody can tell of strain any more.
pub async fn run(ctx: Context, mut told: mpsc::Receiver<Strain>) {
    while let Some(strain) = told.recv().await {
        if let Err(error) = tell(&ctx, &strain).await {
            tracing::warn!(connection = %strain.connection, %error, "its user is not told of the rate limit");
        }
    }
}

/// Writes one alarm down for the owner of the connection.
///
/// # Errors
/// When the store does not answer.
pub async fn tell(ctx: &Context, strain: &Strain) -> Result<(), StoreError> {
    let Some(connection) = connection(ctx, strain.connection).await? else {
        return Ok(());
    };
    let message = format!(
        "{}: {} of the {} requests that {} may make in {} s are used. What opens may wait for its turn; exits go first",
        connection.label,
        strain.used,
        strain.ours,
        strain.venue,
        strain.window.as_secs()
    );
    let mut batch = Batch::new();
    batch.note(alert::entry(ctx, connection.user_id, &connection, &message));
    ctx.commit(TenantScope::of_user(&connection), batch)
        .await
        .map_err(|error| StoreError::Unavailable(error.to_string()))
}

async fn connection(ctx: &Context, id: ConnectionId) -> Result<Option<Connection>, StoreError> {
    let system = SystemScope::housekeeping("the owner of a connection is told of its rate limit");
    let mut page = Page::first(PAGE);
    loop {
        let found =
            find_any::<Connection>(ctx.store.as_ref(), system, SystemQuery::Connections(page)).await?;
        let Some(last) = found.last().map(|c| c.id.to_string()) else {
            return Ok(None);
        };
        if let Some(found) = found.into_iter().find(|c| c.id == id) {
            return Ok(Some(found));
        }
        page = Page {
            after: Some(last),
            limit: PAGE,
        };
    }
}
