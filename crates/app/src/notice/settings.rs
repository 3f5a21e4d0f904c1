//! What a user wants to be told: read and changed at the version the caller knows.

use ordercast_model::{
    journal::{entry::Actor, kind::Kind},
    notice::{NoticeSettings, QuietHours},
    ports::store::{Batch, StoreError, get},
    tenant::TenantScope,
    user::User,
};

use crate::{context::Context, desk::DeskError, identity::Caller};

/// What is to be changed; what is none stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "named after the fields of the settings")]
pub struct NoticeChange {
    pub enabled: Option<bool>,
    pub fills: Option<bool>,
    pub refusals: Option<bool>,
    pub limits: Option<bool>,
    pub outages: Option<bool>,
    pub confirm_slash: Option<bool>,
    /// `Some(None)` takes quiet hours away.
    pub quiet: Option<Option<QuietHours>>,
}

/// The settings; the defaults at version 0 when they were never changed. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub async fn read(ctx: &Context, user: &User) -> Result<NoticeSettings, StoreError> {
    let scope = TenantScope::of_user(user);
    let row = get::<NoticeSettings>(ctx.store.as_ref(), &scope, &user.id.to_string()).await?;
    Ok(row.unwrap_or_else(|| NoticeSettings::new(user.id, ctx.now())))
}

/// Changes them.
///
/// # Errors
/// `Version` when the caller knew another one.
pub async fn change(
    ctx: &Context,
    user: &User,
    version: u64,
    change: NoticeChange,
    caller: &Caller,
) -> Result<NoticeSettings, DeskError> {
    let before = read(ctx, user).await?;
    if before.version != version {
        return Err(DeskError::Version {
            given: version,
            newest: before.version,
        });
    }
    let mut after = before.clone();
    macro_rules! take {
        ($($field:ident),+) => { $(if let Some(value) = change.$field { after.$field = value; })+ };
    }
    take!(enabled, fills, refusals, limits, outages, confirm_slash, quiet);
    if after == before {
        return Ok(before);
    }
    after.version += 1;
    after.updated_at = ctx.now();
    let mut entry = ctx.entry(
        Kind::ProfileChanged,
        Actor::user(user.id),
        ("notices", user.id.to_string()),
    );
    entry.user = Some(user.id);
    entry.before = Some(serde_json::json!({ "notices": before }));
    entry.after = Some(serde_json::json!({ "notices": after }));
    entry.origin = caller.sealed(ctx, user.id).await?;
    let mut batch = Batch::new();
    if before.version == 0 {
        batch.insert(after.clone());
    } else {
        batch.update(after.clone());
    }
    batch.note(entry);
    ctx.commit(TenantScope::of_user(user), batch).await?;
    Ok(after)
}
