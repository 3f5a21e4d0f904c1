//! How a provider's profile is shown and changed: by the provider and by admins of its community, version by version,
//! with every fault named. Refuses a profile that could not be read with.

use std::collections::BTreeMap;

use ordercast_model::{
    community::Provider,
    ids::{ProviderId, UserId},
    journal::{
        entry::{Actor, Entry},
        kind::Kind,
    },
    ports::store::{Batch, CommitError, Page, Query, SystemQuery, find, find_any, get},
    signal::profile::{Profile, ProfileVersion},
    tenant::{SystemScope, TenantScope},
    user::User,
};
use ordercast_rules::parse::template::Taught;

use crate::{
    context::Context,
    desk::{DeskError, provider::managed},
    identity::Caller,
};

/// How often a change is tried again when something else of the provider changed meanwhile.
const ATTEMPTS_MAX: u32 = 8;
/// Longest note on a change, in characters.
const NOTE_MAX: usize = 200;

/// What is to be taught.
#[derive(Debug, Clone, Default)]
pub struct Lesson {
    /// The profile; its version is given by the program.
    pub profile: Profile,
    /// What the change is for; may be empty.
    pub note: String,
}

/// A version with the name of who taught it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// The version.
    pub version: ProfileVersion,
    /// The teacher's name; empty when there is no such user any more.
    pub teacher: String,
}

/// The versions with the names of their teachers, each looked up once.
async fn signed(ctx: &Context, rows: Vec<ProfileVersion>) -> Result<Vec<Signed>, DeskError> {
    let system = SystemScope::housekeeping("who manages a provider sees who else taught it");
    let mut names: BTreeMap<UserId, String> = BTreeMap::new();
    let mut all = Vec::with_capacity(rows.len());
    for version in rows {
        let teacher = match names.get(&version.by) {
            Some(name) => name.clone(),
            None => {
                let query = SystemQuery::User(version.by);
                let found = find_any::<User>(ctx.store.as_ref(), system, query).await?;
                let name = found.into_iter().next().map(|user| user.name).unwrap_or_default();
                names.insert(version.by, name.clone());
                name
            }
        };
        all.push(Signed { version, teacher });
    }
    Ok(all)
}

/// The newest version of a provider's profile; none when nothing was taught. Safe to repeat.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn show(ctx: &Context, user: &User, id: ProviderId) -> Result<Option<Signed>, DeskError> {
    let provider = managed(ctx, user, id).await?;
    let row = newest(ctx, &provider).await?;
    Ok(signed(ctx, row.into_iter().collect()).await?.pop())
}

async fn newest(ctx: &Context, provider: &Provider) -> Result<Option<ProfileVersion>, DeskError> {
    let scope = TenantScope::of_community(provider);
    let key = ProfileVersion::place(provider.id, provider.profile);
    Ok(get(ctx.store.as_ref(), &scope, &key).await?)
}

/// Every version of a provider's profile, newest first. Safe to repeat.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn history(
    ctx: &Context,
    user: &User,
    id: ProviderId,
    page: Page,
) -> Result<Vec<Signed>, DeskError> {
    let provider = managed(ctx, user, id).await?;
    let scope = TenantScope::of_community(&provider);
    let rows = find(ctx.store.as_ref(), &scope, Query::Profiles(id, page)).await?;
    signed(ctx, rows).await
}

/// Makes a new version of a provider's profile, which the next message is read with. Safe to repeat: what is taught
/// already makes no new version.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Version` when another version is the newest, `Fields` with every fault.
pub async fn save(
    ctx: &Context,
    user: &User,
    id: ProviderId,
    version: u64,
    lesson: Lesson,
    caller: &Caller,
) -> Result<Signed, DeskError> {
    checked(&lesson)?;
    let row = change(ctx, user, id, version, lesson, caller).await?;
    signed(ctx, vec![row]).await?.pop().ok_or(DeskError::NotFound)
}

async fn change(
    ctx: &Context,
    user: &User,
    id: ProviderId,
    version: u64,
    lesson: Lesson,
    caller: &Caller,
) -> Result<ProfileVersion, DeskError> {
    for _ in 0..ATTEMPTS_MAX {
        let provider = managed(ctx, user, id).await?;
        let before = newest(ctx, &provider).await?;
        if let Some(kept) = before
            .as_ref()
            .filter(|kept| same(&kept.profile, &lesson.profile))
        {
            return Ok(kept.clone());
        }
        if u64::from(provider.profile) != version {
            return Err(DeskError::Version {
                given: version,
                newest: u64::from(provider.profile),
            });
        }
        let Some(number) = provider.profile.checked_add(1) else {
            return Err(DeskError::Conflict(
                "this profile has no further versions".to_owned(),
            ));
        };
        let row = ProfileVersion {
            community_id: provider.community_id,
            provider_id: id,
            profile: Profile {
                version: number,
                ..lesson.profile.clone()
            },
            by: user.id,
            note: lesson.note.trim().to_owned(),
            created_at: ctx.now(),
        };
        let mut fresh = provider.clone();
        fresh.version += 1;
        fresh.profile = number;
        let mut entry = told(ctx, user, &row, before.as_ref());
        entry.origin = caller.sealed(ctx, user.id).await?;
        let mut batch = Batch::new();
        batch.insert(row.clone());
        batch.update(fresh);
        batch.note(entry);
        match ctx.commit(TenantScope::of_community(&provider), batch).await {
            Ok(()) => return Ok(row),
            Err(CommitError::Conflict { .. } | CommitError::Duplicate { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(DeskError::Conflict("changed meanwhile; read it again".to_owned()))
}

fn checked(lesson: &Lesson) -> Result<(), DeskError> {
    let mut faults: Vec<(String, String)> = match Taught::new(&lesson.profile) {
        Ok(_) => Vec::new(),
        Err(faults) => faults.into_iter().map(|f| (f.field, f.message)).collect(),
    };
    let count = lesson.note.chars().count();
    if count > NOTE_MAX {
        let message = format!("expected at most {NOTE_MAX} characters, got {count}");
        faults.push(("note".to_owned(), message));
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(DeskError::Fields(faults))
    }
}

/// Whether two profiles teach the same.
fn same(a: &Profile, b: &Profile) -> bool {
    let plain = |profile: &Profile| Profile {
        version: 0,
        ..profile.clone()
    };
    plain(a) == plain(b)
}

fn told(ctx: &Context, user: &User, row: &ProfileVersion, before: Option<&ProfileVersion>) -> Entry {
    let mut entry = ctx.entry(
        Kind::ProfileChanged,
        Actor::user(user.id),
        ("provider", row.provider_id.to_string()),
    );
    entry.user = Some(user.id);
    entry.community = Some(row.community_id);
    let shown = |version: &ProfileVersion| serde_json::to_value(&version.profile).ok();
    entry.before = before.and_then(shown);
    entry.after = shown(row);
    entry.reason = Some(row.note.clone()).filter(|note| !note.is_empty());
    entry
}
