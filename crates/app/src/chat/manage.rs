//! `/follow`, `/unfollow`, `/pause`, `/resume` and `/kill`: the same switches and follows as the dashboard's.

use ordercast_model::{
    chat::{Card, Reply, Tone},
    follow::{FollowMode, Sizing},
    limits::{SwitchKind, SwitchScope},
    user::User,
};

use super::{Answer, Known, Options, Trouble, community_of, say, word};
use crate::{
    context::Context,
    desk::{
        follow::{self, FollowChange},
        provider::{self, Listed},
    },
    identity::Caller,
    switch::{self, Also},
};

/// Where a deed came from, as the journal keeps it.
pub(super) fn caller(known: &Known) -> Caller {
    Caller {
        request_id: format!("discord-{}", known.ask_id),
        address: None,
        agent: Some("Discord".to_owned()),
    }
}

/// A provider the user may see, by id or name.
async fn provider_of(ctx: &Context, user: &User, text: &str) -> Result<Listed, Trouble> {
    let listed = provider::list(ctx, user).await?;
    let meant = |l: &&Listed| l.provider.id.to_string() == text || l.provider.name.eq_ignore_ascii_case(text);
    listed
        .iter()
        .find(meant)
        .cloned()
        .ok_or_else(|| say(format!("provider: none you can see is called {text:?}")))
}

fn named(options: &Options) -> Result<&str, Trouble> {
    options
        .get("provider")
        .ok_or_else(|| say("provider: expected whom"))
}

fn done(title: &str, text: impl Into<String>) -> Reply {
    Reply::Say(Card::new(Tone::Good, title, text))
}

/// `/follow`.
pub(super) async fn follow(ctx: &Context, known: &Known, options: &Options) -> Answer {
    let listed = provider_of(ctx, &known.user, named(options)?).await?;
    let mode = match options.get("mode") {
        None => None,
        Some("auto") => Some(FollowMode::Auto),
        Some("approve") => Some(FollowMode::Approve),
        Some(other) => return Err(say(format!("mode: expected approve or auto, got {other:?}"))),
    };
    let sizing = word::number(options, "percent")?.map(|percent| Sizing::PercentOfEquity { percent });
    let change = FollowChange {
        mode,
        sizing,
        ..FollowChange::default()
    };
    let made = follow::create(ctx, &known.user, listed.provider.id, change, &caller(known)).await?;
    let how = match made.mode {
        FollowMode::Auto => "Signals are acted on at once, within your limits.",
        FollowMode::Approve => "You are asked before anything is opened.",
    };
    Ok(done(&format!("You follow {}", listed.provider.name), how))
}

/// `/unfollow`.
pub(super) async fn unfollow(ctx: &Context, known: &Known, options: &Options) -> Answer {
    let listed = provider_of(ctx, &known.user, named(options)?).await?;
    let own = listed
        .follow
        .ok_or_else(|| say(format!("You do not follow {}", listed.provider.name)))?;
    follow::end(ctx, &known.user, own, &caller(known)).await?;
    let text = "What it opened stays open and protected.";
    Ok(done(
        &format!("You no longer follow {}", listed.provider.name),
        text,
    ))
}

/// The scope of a pause: one follow, or everything of one's own.
async fn own_scope(
    ctx: &Context,
    known: &Known,
    options: &Options,
) -> Result<(SwitchScope, String), Trouble> {
    let Some(text) = options.get("provider") else {
        return Ok((SwitchScope::User(known.user.id), "everything of yours".to_owned()));
    };
    let listed = provider_of(ctx, &known.user, text).await?;
    let own = listed
        .follow
        .ok_or_else(|| say(format!("You do not follow {}", listed.provider.name)))?;
    Ok((
        SwitchScope::Follow(own),
        format!("your follow of {}", listed.provider.name),
    ))
}

/// `/pause`.
pub(super) async fn pause(ctx: &Context, known: &Known, options: &Options) -> Answer {
    let (scope, what) = own_scope(ctx, known, options).await?;
    switch::set(
        ctx,
        &known.user,
        SwitchKind::Pause,
        scope,
        "paused in Discord".to_owned(),
    )
    .await?;
    Ok(done(
        "Paused",
        format!("Nothing new is opened for {what}. Stops and exits go on."),
    ))
}

/// `/resume`.
pub(super) async fn resume(ctx: &Context, known: &Known, options: &Options) -> Answer {
    let (scope, what) = own_scope(ctx, known, options).await?;
    switch::resume(ctx, &known.user, scope).await?;
    let killed = switch::active(&ctx.switchboard, &known.user);
    let note = if killed.iter().any(|s| s.kind != SwitchKind::Pause) {
        " A kill or lock is still in force; it is lifted in the dashboard."
    } else {
        ""
    };
    Ok(done(
        "Resumed",
        format!("Signals are acted on again for {what}.{note}"),
    ))
}

/// `/kill`. Nobody is asked twice before stopping.
pub(super) async fn kill(ctx: &Context, known: &Known, options: &Options) -> Answer {
    let flatten = options.get("flatten") == Some("true");
    let scope_name = options.get("scope").unwrap_or("me");
    let (scope, what) = match scope_name {
        "me" => (SwitchScope::User(known.user.id), "your account".to_owned()),
        "provider" => {
            let listed = provider_of(ctx, &known.user, named(options)?).await?;
            (SwitchScope::Provider(listed.provider.id), listed.provider.name)
        }
        "community" => {
            let guild = known.spot.guild.as_deref().ok_or_else(|| {
                say("scope: type /kill scope:community in the server that is to be stopped")
            })?;
            let community = community_of(ctx, guild).await?;
            let community = community.ok_or_else(|| say("This server is not set up"))?;
            (SwitchScope::Community(community.id), community.name)
        }
        other => {
            return Err(say(format!(
                "scope: expected me, provider or community, got {other:?}"
            )));
        }
    };
    let also = Also {
        flatten,
        freeze: false,
    };
    let reason = "killed in Discord".to_owned();
    let killed = switch::kill(ctx, &known.user, scope, reason, also).await?;
    let rest = if flatten {
        "what is held is closed, or queued for the open"
    } else {
        "stops and targets stay"
    };
    let entries = match killed.cancelling {
        Some(1) => "1 open entry is cancelled".to_owned(),
        Some(count) => format!("{count} open entries are cancelled"),
        None => "open entries are cancelled".to_owned(),
    };
    let text = format!("Nothing new is opened for {what}; {entries}, {rest}. It is lifted in the dashboard.");
    Ok(Reply::Say(Card::new(Tone::Care, "Stopped", text)))
}
