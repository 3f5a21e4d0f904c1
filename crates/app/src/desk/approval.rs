//! The cards that wait for the user's answer.

use ordercast_model::{
    decision::Approval,
    ids::ApprovalId,
    ports::store::{Query, find, get},
    tenant::TenantScope,
    user::User,
};

use super::DeskError;
use crate::context::Context;

/// Cards that are shown, newest first. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub async fn pending(ctx: &Context, user: &User) -> Result<Vec<Approval>, DeskError> {
    let now = ctx.now();
    let rows = find::<Approval>(
        ctx.store.as_ref(),
        &TenantScope::of_user(user),
        Query::ApprovalsPending,
    )
    .await?;
    Ok(rows.into_iter().filter(|card| now < card.expires_at).collect())
}

/// One card. Safe to repeat.
///
/// # Errors
/// `NotFound`.
pub async fn one(ctx: &Context, user: &User, id: ApprovalId) -> Result<Approval, DeskError> {
    get::<Approval>(ctx.store.as_ref(), &TenantScope::of_user(user), &id.to_string())
        .await?
        .ok_or(DeskError::NotFound)
}
