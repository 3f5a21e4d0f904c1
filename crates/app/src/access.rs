//! Who may trade by a community's signals now (PRODUCT ID-12): everybody, or holders of a role. Nothing known is no.
//! Refuses to know how roles are looked up.

use std::{collections::BTreeMap, time::Duration};

use futures::{StreamExt, stream};
use ordercast_model::{
    community::{AccessMode, Community},
    ids::UserId,
    journal::{
        entry::{Actor, Outcome},
        kind::Kind,
    },
    ports::{
        BoxFuture,
        store::{Batch, CommitError, StoreError, SystemQuery, find_any, get},
    },
    signal::record::Signal,
    tenant::{SystemScope, TenantScope},
    user::User,
};
use serde_json::json;

use crate::context::Context;

/// How long a look-up may take before it counts as unanswered.
const PATIENCE: Duration = Duration::from_secs(2);
/// Look-ups at the same time.
const AT_ONCE: usize = 32;

/// Why somebody is not let in: one sentence, the same everywhere.
fn words(community: &Community, known: bool) -> String {
    let name = &community.name;
    if !known {
        return format!("Your roles in {name} cannot be checked just now, so nothing new is opened");
    }
    let roles: Vec<&str> = community.access.roles.iter().map(|r| r.name.as_str()).collect();
    let how = community.access.how.trim();
    let how = if how.is_empty() {
        "Ask the server's staff how to get one.".to_owned()
    } else {
        how.to_owned()
    };
    format!("{name} is open to: {}. {how}", roles.join(", "))
}

/// Lets somebody in, or says why not. A role counts while it is known, at most 60 s; an unanswered question is no.
///
/// # Errors
/// The sentence for the one who asks.
pub async fn check(ctx: &Context, community: &Community, person: Option<&str>) -> Result<(), String> {
    if community.access.mode == AccessMode::Open {
        return Ok(());
    }
    let Some(person) = person else {
        return Err(format!(
            "{} Link your Discord account first: type /connect there.",
            words(community, true)
        ));
    };
    let asked = ctx.chat.roles(&community.guild_id, person);
    let roles = tokio::select! {
        biased;
        roles = asked => roles,
        () = ctx.clock.sleep_until(ctx.now().plus(PATIENCE)) => return Err(words(community, false)),
    };
    match roles {
        Err(why) => {
            tracing::debug!(%why, guild = community.guild_id, "roles unknown: not let in");
            Err(words(community, false))
        }
        Ok(held) => {
            let held = held.unwrap_or_default();
            let key = |role: &ordercast_model::community::Key| held.contains(&role.id);
            if community.access.roles.iter().any(key) {
                Ok(())
            } else {
                Err(words(community, true))
            }
        }
    }
}

/// The community of a signal.
///
/// # Errors
/// When the store does not answer.
pub(crate) async fn community_of(ctx: &Context, signal: &Signal) -> Result<Option<Community>, StoreError> {
    let scope = TenantScope::of_community(signal);
    get(ctx.store.as_ref(), &scope, &signal.community_id.to_string()).await
}

/// Who of these users is kept out, with the reason. Nobody's look-up waits for another's.
///
/// # Errors
/// When the store does not answer.
pub(crate) async fn kept_out(
    ctx: &Context,
    signal: &Signal,
    users: Vec<UserId>,
) -> Result<BTreeMap<UserId, String>, StoreError> {
    let Some(community) = community_of(ctx, signal).await? else {
        return Ok(BTreeMap::new());
    };
    if community.access.mode == AccessMode::Open {
        return Ok(BTreeMap::new());
    }
    let looks: Vec<_> = users.into_iter().map(|id| look(ctx, &community, id)).collect();
    let mut looks = stream::iter(looks).buffer_unordered(AT_ONCE);
    let mut out = BTreeMap::new();
    while let Some(found) = looks.next().await {
        if let (id, Some(refusal)) = found? {
            out.insert(id, refusal);
        }
    }
    Ok(out)
}

/// One user, and why the user is kept out, if so.
type Look = Result<(UserId, Option<String>), StoreError>;

fn look<'a>(ctx: &'a Context, community: &'a Community, id: UserId) -> BoxFuture<'a, Look> {
    Box::pin(async move {
        let person = person_of(ctx, id).await?;
        let refusal = check(ctx, community, person.as_deref()).await.err();
        Ok((id, refusal))
    })
}

/// Who a user is at Discord.
///
/// # Errors
/// When the store does not answer.
pub(crate) async fn person_of(ctx: &Context, id: UserId) -> Result<Option<String>, StoreError> {
    let system = SystemScope::housekeeping("a gate asks who a follower is at Discord");
    let found = find_any::<User>(ctx.store.as_ref(), system, SystemQuery::User(id)).await?;
    Ok(found.into_iter().next().and_then(|user| user.discord_id))
}

/// Counts a refusal.
///
/// # Errors
/// When the store does not answer.
pub(crate) async fn note_denial(
    ctx: &Context,
    user: &User,
    community: &Community,
    what: &str,
) -> Result<(), CommitError> {
    let mut entry = ctx.entry(
        Kind::AccessDenied,
        Actor::user(user.id),
        ("community", community.id.to_string()),
    );
    entry.user = Some(user.id);
    entry.result = Outcome::Denied;
    entry.reason = Some("no_access".to_owned());
    entry.after = Some(json!({ "what": what, "roles": community.access.roles }));
    let mut batch = Batch::new();
    batch.note(entry);
    ctx.commit(TenantScope::of_user(user), batch).await
}
