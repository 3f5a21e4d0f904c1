//! How a session is recognised, kept alive and ended.

use std::time::Duration;

use ordercast_model::{
    ids::{SessionId, UserId},
    journal::{entry::Actor, kind::Kind},
    ports::{
        bus::Hint,
        store::{Batch, CommitError, Query, SystemQuery, find, find_any, get},
    },
    secret::Secret,
    tenant::{SystemScope, TenantScope},
    time::Timestamp,
    user::{Previous, Session, User},
};
use sha2::{Digest, Sha256};

use super::{Caller, IdentityError, fresh_token};
use crate::context::Context;

/// Longest life of a session.
pub const SESSION_LIFE: Duration = Duration::from_secs(30 * 24 * 3_600);
/// A session unused for this long has ended.
const IDLE: Duration = Duration::from_secs(7 * 24 * 3_600);
/// Families that tell a browser.
const BROWSERS: [&str; 5] = ["Edge", "Opera", "Firefox", "Chrome", "Safari"];
/// A cookie value that was replaced works on for requests that are on their way.
const GRACE: Duration = Duration::from_secs(60);
/// How often a session is read again that changes meanwhile.
const TRIES: u32 = 4;
/// The last use is written down this often.
const SEEN_STEP: Duration = Duration::from_secs(60);

/// SHA-256 of a cookie value or ticket, hex: what is stored in its place.
#[must_use]
pub fn token_hash(token: &str) -> String {
    use std::fmt::Write;
    Sha256::digest(token.as_bytes())
        .iter()
        .fold(String::with_capacity(64), |mut text, byte| {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

fn is_live(session: &Session, now: Timestamp) -> bool {
    session.revoked_at.is_none() && now < session.expires_at && now < session.seen_at.plus(IDLE)
}

/// Whether a session went from one browser to another. A program that is no browser is not told from a browser by
/// what it says of itself, so it counts as no change.
fn moved(from: &str, to: &str) -> bool {
    let browser = |family: &str| {
        let name = family.split(" on ").next().unwrap_or("");
        BROWSERS.iter().find(|known| **known == name).copied()
    };
    matches!((browser(from), browser(to)), (Some(a), Some(b)) if a != b)
}

fn scope() -> SystemScope {
    SystemScope::housekeeping("a session is looked up before anybody is known")
}

/// The user and session behind a cookie value. A cookie that comes from another browser than it was given to ends its
/// session. Safe to repeat.
///
/// # Errors
/// `NoSession` when it is unknown, revoked, idle, too old, or was carried to another browser.
pub async fn authenticate(
    ctx: &Context,
    token: &str,
    caller: &Caller,
) -> Result<(User, Session), IdentityError> {
    let hash = token_hash(token);
    let query = SystemQuery::SessionByToken(hash.clone());
    let session = find_any::<Session>(ctx.store.as_ref(), scope(), query)
        .await?
        .pop()
        .filter(|session| is_live(session, ctx.now()))
        .ok_or(IdentityError::NoSession)?;
    let user = owner(ctx, &session).await?;
    if moved(&session.agent, &caller.family()) {
        end(
            ctx,
            session,
            Kind::SessionTheftSuspected,
            "browser_changed",
            caller,
        )
        .await?;
        return Err(IdentityError::NoSession);
    }
    if rotated_out(&session, &hash, ctx.now()) {
        theft(ctx, &user, caller).await?;
        return Err(IdentityError::NoSession);
    }
    let session = seen(ctx, session).await?;
    Ok((user, session))
}

/// Whether a session was asked for by a cookie value that was replaced, and whose grace is over.
fn rotated_out(session: &Session, hash: &str, now: Timestamp) -> bool {
    let old = session.previous.as_ref().filter(|old| old.token_hash == hash);
    old.is_some_and(|old| now >= old.until)
}

/// A copy of an old cookie is about: every session of the user ends (PRODUCT ID-03).
async fn theft(ctx: &Context, user: &User, caller: &Caller) -> Result<(), IdentityError> {
    for session in sessions(ctx, user).await? {
        end(
            ctx,
            session,
            Kind::SessionTheftSuspected,
            "old_cookie_used",
            caller,
        )
        .await?;
    }
    Ok(())
}

async fn owner(ctx: &Context, session: &Session) -> Result<User, IdentityError> {
    find_any::<User>(ctx.store.as_ref(), scope(), SystemQuery::User(session.user_id))
        .await?
        .pop()
        .ok_or(IdentityError::NoSession)
}

/// Writes the last use down, at most once a minute.
async fn seen(ctx: &Context, session: Session) -> Result<Session, IdentityError> {
    let now = ctx.now();
    if now.since(session.seen_at) < SEEN_STEP {
        return Ok(session);
    }
    let mut fresh = session.clone();
    fresh.version += 1;
    fresh.seen_at = now;
    let mut batch = Batch::new();
    batch.update(fresh.clone());
    match ctx.commit(TenantScope::of_user(&session), batch).await {
        Ok(()) => Ok(fresh),
        // A request beside this one wrote it, or ended the session; the next request will see.
        Err(CommitError::Conflict { .. }) => Ok(session),
        Err(error) => Err(error.into()),
    }
}

/// The session with a new cookie value; the old one works on for a minute.
pub(super) fn rotated(ctx: &Context, mut session: Session) -> (Session, Secret<String>) {
    let token = fresh_token(ctx);
    let old = std::mem::replace(&mut session.token_hash, token_hash(token.expose()));
    session.previous = Some(Previous {
        token_hash: old,
        until: ctx.now().plus(GRACE),
    });
    session.version += 1;
    (session, token)
}

/// Gives a session a new cookie value; the old one works on for a minute. Its end does not move.
///
/// # Errors
/// `NoSession` when it has ended, `Conflict` when it changes all the time.
pub async fn refresh(
    ctx: &Context,
    owner: &User,
    id: SessionId,
) -> Result<(Session, Secret<String>), IdentityError> {
    let mut tries = 0;
    loop {
        tries += 1;
        let current = live_session(ctx, owner, id)
            .await?
            .ok_or(IdentityError::NoSession)?;
        let (fresh, token) = rotated(ctx, current);
        let mut batch = Batch::new();
        batch.update(fresh.clone());
        match ctx.commit(TenantScope::of_user(owner), batch).await {
            Ok(()) => return Ok((fresh, token)),
            Err(CommitError::Conflict { .. }) if tries < TRIES => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// A session of a known owner, while it lives. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub async fn live_session(
    ctx: &Context,
    owner: &User,
    id: SessionId,
) -> Result<Option<Session>, IdentityError> {
    let scope = TenantScope::of_user(owner);
    let session = get::<Session>(ctx.store.as_ref(), &scope, &id.to_string()).await?;
    Ok(session.filter(|session| is_live(session, ctx.now())))
}

/// The user and session a signed token names, while the session lives. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub async fn behind(
    ctx: &Context,
    user: UserId,
    session: SessionId,
) -> Result<Option<(User, Session)>, IdentityError> {
    let found = find_any::<User>(ctx.store.as_ref(), scope(), SystemQuery::User(user)).await?;
    let Some(user) = found.into_iter().next() else {
        return Ok(None);
    };
    let session = live_session(ctx, &user, session).await?;
    Ok(session.map(|session| (user, session)))
}

/// The live sessions of a user, newest first. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub async fn sessions(ctx: &Context, user: &User) -> Result<Vec<Session>, IdentityError> {
    let now = ctx.now();
    let rows = find::<Session>(ctx.store.as_ref(), &TenantScope::of_user(user), Query::Sessions).await?;
    Ok(rows.into_iter().filter(|session| is_live(session, now)).collect())
}

/// Ends the session that asks. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub async fn logout(ctx: &Context, session: &Session, caller: &Caller) -> Result<(), IdentityError> {
    end(ctx, session.clone(), Kind::Logout, "logout", caller).await
}

/// Ends one of the user's own sessions. Safe to repeat.
///
/// # Errors
/// `NotFound` when it is not the user's or has ended.
pub async fn end_own(
    ctx: &Context,
    user: &User,
    id: SessionId,
    caller: &Caller,
) -> Result<(), IdentityError> {
    let session = live_session(ctx, user, id)
        .await?
        .ok_or(IdentityError::NotFound)?;
    end(ctx, session, Kind::SessionRevoked, "ended_by_user", caller).await
}

/// Ends a session for a reason of the program's own. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub async fn end_session(
    ctx: &Context,
    session: Session,
    reason: &str,
    caller: &Caller,
) -> Result<(), IdentityError> {
    end(ctx, session, Kind::SessionRevoked, reason, caller).await
}

/// Ends every session of a user; gives their number. Safe to repeat.
///
/// # Errors
/// When the store does not answer; sessions ended so far stay ended.
pub async fn end_all(ctx: &Context, user: &User, caller: &Caller) -> Result<u32, IdentityError> {
    let mut ended = 0;
    for session in sessions(ctx, user).await? {
        end(ctx, session, Kind::SessionRevoked, "logout_all", caller).await?;
        ended += 1;
    }
    Ok(ended)
}

async fn end(
    ctx: &Context,
    session: Session,
    kind: Kind,
    reason: &str,
    caller: &Caller,
) -> Result<(), IdentityError> {
    let scope = TenantScope::of_user(&session);
    let mut current = session;
    loop {
        if current.revoked_at.is_some() {
            return Ok(());
        }
        let mut fresh = current.clone();
        fresh.version += 1;
        fresh.revoked_at = Some(ctx.now());
        let mut entry = ctx.entry(
            kind,
            Actor::user(fresh.user_id),
            ("session", fresh.id.to_string()),
        );
        entry.user = Some(fresh.user_id);
        entry.reason = Some(reason.to_owned());
        entry.origin = caller.sealed(ctx, fresh.user_id).await?;
        let id = fresh.id;
        let mut batch = Batch::new();
        batch.update(fresh);
        batch.note(entry);
        match ctx.commit(scope.clone(), batch).await {
            Ok(()) => {
                ctx.bus.tell(Hint::SessionEnded { session: id });
                return Ok(());
            }
            // Its last use was written down meanwhile: read and end what is there now.
            Err(CommitError::Conflict { .. }) => {
                current = get::<Session>(ctx.store.as_ref(), &scope, &id.to_string())
                    .await?
                    .ok_or(IdentityError::NotFound)?;
            }
            Err(error) => return Err(error.into()),
        }
    }
}
