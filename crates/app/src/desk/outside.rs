//! Orders that the user placed at a broker by hand and that work there: to look at, never to touch.

use ordercast_model::{
    account::Account,
    ids::ConnectionId,
    outside::OutsideOrder,
    ports::store::{Query, find},
    tenant::TenantScope,
    user::User,
};
use ordercast_rules::risk;
use rust_decimal::Decimal;

use super::DeskError;
use crate::context::Context;

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Where it works.
    pub connection_id: ConnectionId,
    /// The order.
    pub order: OutsideOrder,
    /// What limits count it with; nothing when it only takes off a holding.
    pub counted: Decimal,
}

/// Every one of the user, as the last comparison with each broker found them, those seen last first. Safe to repeat.
///
/// # Errors
/// When the store does not answer, or a figure does not fit.
pub async fn list(ctx: &Context, user: &User) -> Result<Vec<Line>, DeskError> {
    let scope = TenantScope::of_user(user);
    let mut lines = Vec::new();
    for account in find::<Account>(ctx.store.as_ref(), &scope, Query::Accounts).await? {
        let counted = risk::counted(&account)?;
        for (id, order) in account.outside {
            lines.push(Line {
                connection_id: account.connection_id,
                counted: counted.get(&id).copied().unwrap_or_default(),
                order,
            });
        }
    }
    lines.sort_by_key(|line| std::cmp::Reverse((line.order.since, line.connection_id)));
    Ok(lines)
}
