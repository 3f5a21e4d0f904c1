//! The tokens Discord gave: sealed, renewed before they end, revoked when nobody of theirs is logged in any more. Decides
//! when; of those who want to renew at once one does.

use std::time::Duration;

use ordercast_model::{
    journal::{
        entry::{Actor, Outcome},
        kind::Kind,
    },
    oauth::{DiscordGrant, GrantState},
    ports::{
        oauth::{OauthError, Portal, Tokens},
        store::{Batch, CommitError, SystemQuery, find_any},
        vault::VaultError,
    },
    secret::Secret,
    tenant::SystemScope,
    time::Timestamp,
    user::{Session, User},
};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use crate::{
    context::Context,
    identity::{Caller, IdentityError, session},
};

/// How often what is due is looked for.
pub const KEEP_EVERY: Duration = Duration::from_secs(60);
/// Tokens are renewed this long before they end (PRODUCT ID-01).
const AHEAD: Duration = Duration::from_secs(5 * 60);
/// One that does not say how long it lives is renewed after this long.
const LIFE: Duration = Duration::from_secs(3_600);
/// Who asks Discord keeps others from asking for this long, and what Discord did not answer is tried again after it.
const TURN: Duration = Duration::from_secs(60);
/// What the tokens are sealed for.
const SEALED_FOR: &str = "discord tokens";

const KEEPING: SystemScope = SystemScope::housekeeping("tokens are renewed while nobody asks");

/// What is sealed.
#[derive(Serialize)]
struct Pair<'a> {
    access: &'a str,
    refresh: Option<&'a str>,
}

/// The same, opened.
#[derive(Deserialize)]
struct Opened {
    access: String,
    refresh: Option<String>,
}

fn broken(row: &DiscordGrant) -> VaultError {
    VaultError::Sealed(format!("the Discord tokens of {}", row.user_id))
}

async fn seal(ctx: &Context, row: &DiscordGrant, tokens: &Tokens) -> Result<String, IdentityError> {
    let pair = Pair {
        access: tokens.access.expose(),
        refresh: tokens.refresh.as_ref().map(|token| token.expose().as_str()),
    };
    let text = Secret::new(serde_json::to_string(&pair).map_err(|_| broken(row))?);
    Ok(ctx.vault.seal_secret(row.user_id, SEALED_FOR, &text).await?)
}

async fn open(
    ctx: &Context,
    row: &DiscordGrant,
) -> Result<(Secret<String>, Option<Secret<String>>), IdentityError> {
    let text = ctx
        .vault
        .open_secret(row.user_id, SEALED_FOR, &row.sealed)
        .await?;
    let pair: Opened = serde_json::from_str(text.expose()).map_err(|_| broken(row))?;
    Ok((Secret::new(pair.access), pair.refresh.map(Secret::new)))
}

/// Puts fresh tokens in a row.
async fn fill(ctx: &Context, row: &mut DiscordGrant, tokens: &Tokens) -> Result<(), IdentityError> {
    row.sealed = seal(ctx, row, tokens).await?;
    let now = ctx.now();
    let life = tokens.life.unwrap_or(LIFE);
    row.expires_at = now.plus(life);
    row.due_at = Some(now.plus(life.saturating_sub(AHEAD)));
    row.state = GrantState::Live;
    row.since = now;
    Ok(())
}

/// The tokens of a login, in place of those before it.
pub(super) async fn put(
    ctx: &Context,
    user: &User,
    kept: Option<DiscordGrant>,
    tokens: &Tokens,
    batch: &mut Batch,
) -> Result<(), IdentityError> {
    let is_new = kept.is_none();
    let mut row = kept.unwrap_or_else(|| DiscordGrant {
        user_id: user.id,
        version: 0,
        state: GrantState::Live,
        sealed: String::new(),
        expires_at: Timestamp::default(),
        due_at: None,
        since: ctx.now(),
    });
    row.version += 1;
    fill(ctx, &mut row, tokens).await?;
    if is_new {
        batch.insert(row);
    } else {
        batch.update(row);
    }
    Ok(())
}

async fn of(ctx: &Context, user: &User) -> Result<Option<DiscordGrant>, IdentityError> {
    let rows =
        find_any::<DiscordGrant>(ctx.store.as_ref(), KEEPING, SystemQuery::DiscordGrant(user.id)).await?;
    Ok(rows.into_iter().next())
}

/// Whether a session may do what depends on the servers its user is in: renews the tokens when they end within five
/// minutes, and ends a session that began before Discord refused to. Somebody who did not come by Discord may. While
/// Discord does not answer, everybody may: who may trade is asked of it elsewhere.
///
/// # Errors
/// `NoSession` when the session has ended now.
pub async fn stand(
    ctx: &Context,
    user: &User,
    session: &Session,
    caller: &Caller,
) -> Result<(), IdentityError> {
    let Some(portal) = ctx.authorities.portal.clone() else {
        return Ok(());
    };
    let Some(mut row) = of(ctx, user).await? else {
        return Ok(());
    };
    if row.state == GrantState::Live && row.due_at.is_some_and(|at| at <= ctx.now()) {
        row = renew(ctx, portal.as_ref(), row).await?;
    }
    if row.state == GrantState::Refused && session.created_at <= row.since {
        session::end_session(ctx, session.clone(), "discord_refused", caller).await?;
        return Err(IdentityError::NoSession);
    }
    Ok(())
}

/// Takes the turn: nobody else asks Discord about this row until it is given back or over.
async fn take(ctx: &Context, row: DiscordGrant) -> Result<Option<DiscordGrant>, IdentityError> {
    let mut taken = row;
    taken.version += 1;
    taken.due_at = Some(ctx.now().plus(TURN));
    write(ctx, taken, None).await
}

/// Writes a row; none when somebody else was faster.
async fn write(
    ctx: &Context,
    row: DiscordGrant,
    noted: Option<(Kind, Outcome, Option<String>)>,
) -> Result<Option<DiscordGrant>, IdentityError> {
    let mut batch = Batch::new();
    if let Some((kind, result, reason)) = noted {
        let mut entry = ctx.entry(kind, Actor::system("discord"), ("user", row.user_id.to_string()));
        entry.user = Some(row.user_id);
        entry.result = result;
        entry.reason = reason;
        entry.after = Some(serde_json::json!({ "of": "discord", "state": row.state }));
        batch.note(entry);
    }
    batch.update(row.clone());
    match ctx.commit(KEEPING, batch).await {
        Ok(()) => Ok(Some(row)),
        Err(CommitError::Conflict { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Renews. The old tokens stay until the new ones are durable. Gives the row as it stands then.
async fn renew(ctx: &Context, portal: &dyn Portal, row: DiscordGrant) -> Result<DiscordGrant, IdentityError> {
    let Some(taken) = take(ctx, row.clone()).await? else {
        return Ok(row);
    };
    let (_, refresh) = open(ctx, &taken).await?;
    let answer = match &refresh {
        Some(refresh) => portal.renew(refresh).await,
        None => Err(OauthError::Refused("no refresh token".to_owned())),
    };
    let mut fresh = taken.clone();
    fresh.version += 1;
    let noted = match answer {
        Ok(mut tokens) => {
            tokens.refresh = tokens.refresh.or(refresh);
            fill(ctx, &mut fresh, &tokens).await?;
            (Kind::TokenRefreshed, Outcome::Ok, None)
        }
        Err(OauthError::Refused(why)) => {
            (fresh.state, fresh.due_at, fresh.since) = (GrantState::Refused, None, ctx.now());
            fresh.sealed.clear();
            (Kind::TokenRefreshFailed, Outcome::Failed, Some(why))
        }
        // The turn ends by itself; then it is tried again.
        Err(OauthError::Away(why)) => {
            tracing::warn!(%why, user = %taken.user_id, "Discord tokens are not renewed");
            return Ok(taken);
        }
    };
    // Who logged in meanwhile has newer ones.
    Ok(write(ctx, fresh, Some(noted)).await?.unwrap_or(taken))
}

/// What a logout leaves to do: when no session of the user lives any more, the tokens are revoked at Discord, now or, when
/// Discord does not answer, by [`keep`]. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub async fn release(ctx: &Context, user: &User) -> Result<(), IdentityError> {
    let Some(row) = of(ctx, user).await?.filter(|row| row.state == GrantState::Live) else {
        return Ok(());
    };
    if !session::sessions(ctx, user).await?.is_empty() {
        return Ok(());
    }
    let mut ending = row;
    ending.version += 1;
    (ending.state, ending.due_at, ending.since) = (GrantState::Ending, Some(ctx.now()), ctx.now());
    if let (Some(ending), Some(portal)) = (write(ctx, ending, None).await?, ctx.authorities.portal.clone()) {
        revoke(ctx, portal.as_ref(), ending).await?;
    }
    Ok(())
}

async fn revoke(ctx: &Context, portal: &dyn Portal, row: DiscordGrant) -> Result<(), IdentityError> {
    let Some(taken) = take(ctx, row).await? else {
        return Ok(());
    };
    let (access, refresh) = open(ctx, &taken).await?;
    match portal.revoke(refresh.as_ref().unwrap_or(&access)).await {
        // What Discord does not know any more is revoked as well.
        Ok(()) | Err(OauthError::Refused(_)) => {
            let mut gone = taken;
            gone.version += 1;
            (gone.state, gone.due_at, gone.since) = (GrantState::Gone, None, ctx.now());
            gone.sealed.clear();
            write(ctx, gone, None).await?;
        }
        Err(OauthError::Away(why)) => {
            tracing::warn!(%why, user = %taken.user_id, "Discord tokens are not revoked yet");
        }
    }
    Ok(())
}

/// Renews and revokes what is due, again and again; several processes may.
pub async fn keep(ctx: Context, stop: CancellationToken) {
    let Some(portal) = ctx.authorities.portal.clone() else {
        return;
    };
    loop {
        if let Err(error) = look(&ctx, portal.as_ref()).await {
            tracing::warn!(%error, "Discord tokens are not looked after");
        }
        let next = ctx.now().plus(KEEP_EVERY);
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            () = ctx.clock.sleep_until(next) => {}
        }
    }
}

/// Renews while somebody is logged in; what nobody uses any more is revoked, also when its sessions ended by themselves.
async fn renew_or_release(
    ctx: &Context,
    portal: &dyn Portal,
    row: DiscordGrant,
) -> Result<(), IdentityError> {
    let query = SystemQuery::User(row.user_id);
    let users = find_any::<User>(ctx.store.as_ref(), KEEPING, query).await?;
    let Some(user) = users.into_iter().next() else {
        return Ok(());
    };
    if session::sessions(ctx, &user).await?.is_empty() {
        return release(ctx, &user).await;
    }
    renew(ctx, portal, row).await.map(drop)
}

async fn look(ctx: &Context, portal: &dyn Portal) -> Result<(), IdentityError> {
    let query = SystemQuery::DiscordGrantsDue(ctx.now());
    for row in find_any::<DiscordGrant>(ctx.store.as_ref(), KEEPING, query).await? {
        let user = row.user_id;
        let done = match row.state {
            GrantState::Live => renew_or_release(ctx, portal, row).await,
            GrantState::Ending => revoke(ctx, portal, row).await,
            GrantState::Refused | GrantState::Gone => Ok(()),
        };
        if let Err(error) = done {
            tracing::warn!(%error, %user, "Discord tokens of a user are not looked after");
        }
    }
    Ok(())
}
