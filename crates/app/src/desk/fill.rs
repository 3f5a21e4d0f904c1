//! Executions.

use ordercast_model::{
    order::intent::Fill,
    ports::store::{Page, Query, find},
    tenant::TenantScope,
    user::User,
};

use super::DeskError;
use crate::context::Context;

/// Executions of the user, newest first. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub async fn list(ctx: &Context, user: &User, page: Page) -> Result<Vec<Fill>, DeskError> {
    Ok(find::<Fill>(
        ctx.store.as_ref(),
        &TenantScope::of_user(user),
        Query::Fills(page),
    )
    .await?)
}
