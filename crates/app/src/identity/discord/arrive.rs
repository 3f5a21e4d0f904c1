//! Out to Discord's page and back: decides who is let in, finds or makes their account, and brings them into the
//! communities of the servers they are in.

use ordercast_model::{
    community::{Community, Membership, Role},
    journal::{
        entry::{Actor, Outcome},
        kind::Kind,
    },
    oauth::{DiscordGrant, Errand},
    plan::Plan,
    ports::{
        oauth::{Leave, Profile, Tokens},
        store::{Batch, SystemQuery, find_any, get},
    },
    secret::Secret,
    tenant::{SystemScope, TenantScope},
    user::{Session, User},
};
use serde_json::json;

use super::grant;
use crate::{
    chat::link::user_of,
    context::Context,
    identity::{Caller, IdentityError, Login, login::begin, session, token_hash},
    oauth::{self, Return, Turned},
};

/// Length of a cookie value of ours.
const TOKEN_LEN: usize = 64;
/// Longest name, in characters.
const NAME_MAX: usize = 64;
/// How often a login is tried again when somebody else of the same name was faster.
const TRIES: u32 = 3;

const ARRIVING: SystemScope = SystemScope::housekeeping("a login begins before anybody is known");

/// Where a browser is sent, and the cookie it is known by when it comes back.
#[derive(Debug)]
pub struct Leaving {
    /// Discord's page.
    pub page: String,
    /// The cookie value.
    pub browser: Secret<String>,
}

/// Somebody who was let in.
#[derive(Debug)]
pub struct Arrival {
    /// Their session.
    pub login: Login,
    /// The page of ours they wanted.
    pub next: String,
}

/// Sends a browser to Discord's page. `browser` is the cookie it was given when it left before, so that two pages of one
/// browser may log in side by side; `next` must be a page of ours.
///
/// # Errors
/// `Off` where no login is set up.
pub async fn leave(ctx: &Context, browser: Option<&str>, next: &str) -> Result<Leaving, Turned> {
    let portal = ctx.authorities.portal.as_ref().ok_or(Turned::Off)?;
    let known = browser.filter(|t| t.len() == TOKEN_LEN && t.bytes().all(|b| b.is_ascii_hexdigit()));
    let browser = known.map_or_else(
        || crate::identity::fresh_token(ctx),
        |t| Secret::new(t.to_owned()),
    );
    let errand = Errand::Login {
        browser: token_hash(browser.expose()),
        next: next.to_owned(),
    };
    let ticket = oauth::depart(ctx, errand).await?;
    let page = portal.page(Leave {
        state: ticket.state.expose(),
        verifier: &ticket.verifier,
        mode: None,
    })?;
    Ok(Leaving { page, browser })
}

/// Lets somebody in who comes back from Discord's page. `earlier` is the session this browser has, which ends. Not safe to
/// repeat: a state and a code work once.
///
/// # Errors
/// Says why nobody was let in; journaled where the state was one of ours.
pub async fn arrive(
    ctx: &Context,
    back: Return,
    browser: Option<&str>,
    earlier: Option<Session>,
    caller: &Caller,
) -> Result<Arrival, Turned> {
    let portal = ctx.authorities.portal.clone().ok_or(Turned::Off)?;
    let ticket = oauth::recognise(ctx, &back.state).await?;
    let Errand::Login { browser: left, next } = &ticket.row.errand else {
        return Err(Turned::Unknown);
    };
    let came = async {
        // Whoever reloads the page has lost the cookie with the login.
        if ticket.row.used_at.is_some() {
            return Err(Turned::Used);
        }
        if browser.map(token_hash).as_ref() != Some(left) {
            return Err(Turned::Stranger);
        }
        oauth::spend(ctx, &ticket.row).await?;
        let code = back.code.ok_or(Turned::Declined)?;
        let tokens = portal.exchange(code.expose(), &ticket.verifier).await?;
        let profile = portal.profile(&tokens.access).await?;
        Ok((tokens, profile))
    };
    let (tokens, profile) = match came.await {
        Ok(come) => come,
        Err(turned) => {
            note_turned(ctx, &turned, caller).await?;
            return Err(turned);
        }
    };
    let login = enter(ctx, &profile, &tokens, caller).await?;
    if let Some(earlier) = earlier {
        session::end_session(ctx, earlier, "replaced_by_login", caller).await?;
    }
    Ok(Arrival {
        login,
        next: next.clone(),
    })
}

/// A login that failed after somebody left for it. Nobody is known yet, so there is nobody whose address it could hold.
async fn note_turned(ctx: &Context, turned: &Turned, caller: &Caller) -> Result<(), IdentityError> {
    let mut entry = ctx.entry(
        Kind::LoginFailed,
        Actor::system("login"),
        ("login", "discord".to_owned()),
    );
    entry.result = Outcome::Failed;
    entry.reason = Some(turned.code().to_owned());
    entry.origin.request_id = Some(caller.request_id.clone());
    let mut batch = Batch::new();
    batch.note(entry);
    ctx.commit(ARRIVING, batch).await?;
    Ok(())
}

/// Begins the session; the account, its places in communities and the tokens are written with it.
async fn enter(
    ctx: &Context,
    profile: &Profile,
    tokens: &Tokens,
    caller: &Caller,
) -> Result<Login, IdentityError> {
    let mut tries = 0;
    loop {
        tries += 1;
        let mut batch = Batch::new();
        let user = match user_of(ctx, &profile.id).await? {
            Some(user) => user,
            None => newcomer(ctx, profile, &mut batch),
        };
        join(ctx, &user, profile, &mut batch).await?;
        let kept = find_any::<DiscordGrant>(ctx.store.as_ref(), ARRIVING, SystemQuery::DiscordGrant(user.id))
            .await?;
        grant::put(ctx, &user, kept.into_iter().next(), tokens, &mut batch).await?;
        match begin(ctx, user, "discord", caller, batch).await {
            // Another browser of the same person was faster: look again.
            Err(IdentityError::Conflict) if tries < TRIES => {}
            other => return other,
        }
    }
}

fn newcomer(ctx: &Context, profile: &Profile, batch: &mut Batch) -> User {
    let shown: String = profile
        .name
        .chars()
        .filter(|c| !c.is_control())
        .take(NAME_MAX)
        .collect();
    let shown = shown.trim();
    let user = User {
        id: ctx.id(),
        version: 1,
        discord_id: Some(profile.id.clone()),
        name: if shown.is_empty() {
            "Trader".to_owned()
        } else {
            shown.to_owned()
        },
        plan: Plan::Free,
        platform_admin: false,
        demo: false,
        created_at: ctx.now(),
    };
    let mut entry = ctx.entry(
        Kind::UserCreated,
        Actor::user(user.id),
        ("user", user.id.to_string()),
    );
    entry.user = Some(user.id);
    entry.after = Some(json!({ "name": user.name, "plan": user.plan, "via": "discord" }));
    batch.note(entry);
    batch.insert(user.clone());
    user
}

/// A place in each community whose server they are in. Nobody is taken out of one here: who may trade is asked of Discord
/// with each signal.
async fn join(ctx: &Context, user: &User, profile: &Profile, batch: &mut Batch) -> Result<(), IdentityError> {
    for guild in &profile.guilds {
        let query = SystemQuery::CommunityByGuild(guild.id.clone());
        let Some(community) = find_any::<Community>(ctx.store.as_ref(), ARRIVING, query)
            .await?
            .pop()
        else {
            continue;
        };
        let scope = TenantScope::of_community(&community);
        let key = format!("{} {}", community.id, user.id);
        if get::<Membership>(ctx.store.as_ref(), &scope, &key)
            .await?
            .is_some()
        {
            continue;
        }
        let place = Membership {
            community_id: community.id,
            user_id: user.id,
            version: 1,
            role: Role::Trader,
            created_at: ctx.now(),
        };
        let mut entry = ctx.entry(
            Kind::RoleChanged,
            Actor::user(user.id),
            ("community", community.id.to_string()),
        );
        entry.community = Some(community.id);
        entry.after = Some(json!({ "role": place.role, "user_id": user.id }));
        batch.note(entry);
        batch.insert(place);
    }
    Ok(())
}
