//! Who operates the platform: named at the server only, never over HTTP or in a chat.

use ordercast_model::{
    journal::{entry::Actor, kind::Kind},
    ports::store::{Batch, CommitError, SystemQuery, find_any},
    tenant::SystemScope,
    user::User,
};
use serde_json::json;

use crate::context::Context;

/// Makes a user a platform admin, or takes it back; true when that changed something. The user is told. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub async fn set_admin(ctx: &Context, user: &User, on: bool, why: &str) -> Result<bool, CommitError> {
    let system = SystemScope::housekeeping("the operator says who operates the platform");
    loop {
        let found = find_any::<User>(ctx.store.as_ref(), system, SystemQuery::User(user.id)).await?;
        let Some(mut user) = found.into_iter().next().filter(|user| user.platform_admin != on) else {
            return Ok(false);
        };
        let mut entry = ctx.entry(
            Kind::RoleChanged,
            Actor::system("operator"),
            ("user", user.id.to_string()),
        );
        entry.user = Some(user.id);
        entry.reason = Some(why.to_owned());
        entry.before = Some(json!({ "platform_admin": user.platform_admin }));
        entry.after = Some(json!({ "platform_admin": on }));
        user.platform_admin = on;
        user.version += 1;
        let mut batch = Batch::new();
        batch.note(entry);
        batch.update(user);
        match ctx.commit(system, batch).await {
            Ok(()) => return Ok(true),
            Err(CommitError::Conflict { .. }) => {}
            Err(error) => return Err(error),
        }
    }
}
