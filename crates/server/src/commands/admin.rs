//! `ordercast admin`: what the operator does at the server when nobody can log in to do it. Each is journaled and told to whom
//! it concerns; with SQLite the program must be stopped meanwhile.

use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use ordercast_app::{context::Context, identity::factor};
use ordercast_model::{
    ids::UserId,
    ports::{
        clock::{Clock, Random},
        store::{SystemQuery, find_any},
    },
    tenant::SystemScope,
    user::User,
};
use ordercast_store::{FolderLock, Options, open};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::out::Out;
use crate::{
    clock::{OsRandom, SystemClock},
    config::{Looked, Sources},
    serve::edge,
};

/// Longest reason, in characters.
const REASON_MAX: usize = 200;

/// What is done.
#[derive(Debug, Clone, clap::Subcommand)]
pub enum AdminCommand {
    /// Take away the second factor of a user who lost the authenticator and the recovery codes; the user is told.
    ResetFactor {
        /// Whose: the id (`usr_...`), or the id at Discord.
        user: String,
        /// Why, for the journal; at most 200 characters.
        #[arg(long)]
        reason: String,
    },
}

/// Runs a command.
///
/// # Errors
/// When the configuration is faulty, the database is in use or cannot be reached, or nobody has that id.
pub async fn run(command: AdminCommand, sources: &Sources) -> Result<u8> {
    let AdminCommand::ResetFactor { user, reason } = command;
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > REASON_MAX || reason.chars().any(char::is_control) {
        bail!("--reason: expected why, in at most {REASON_MAX} characters");
    }
    let config = Looked::at(sources).complete()?;
    let _lock = match config.database.file() {
        Some(file) => Some(
            FolderLock::take(&super::folder_of(&file), "ordercast admin")
                .context("with SQLite the program must be stopped for this")?,
        ),
        None => None,
    };
    let options = Options {
        connections_max: 2,
        ..Options::default()
    };
    let opened = open(config.database.address(), &options).await?;
    let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
    tasks.spawn(opened.worker.run(stop.clone()));
    tasks.close();
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let random: Arc<dyn Random> = Arc::new(OsRandom);
    let built = edge::build(&config, opened.store, &clock, &random)?;
    let done = reset(&built.ctx, &user, reason).await;
    drop(built);
    stop.cancel();
    tasks.wait().await;
    let mut out = Out::new();
    out.line(&done?)?;
    out.flush()?;
    Ok(0)
}

async fn reset(ctx: &Context, wanted: &str, reason: &str) -> Result<String> {
    let query = match wanted.parse::<UserId>() {
        Ok(id) => SystemQuery::User(id),
        Err(_) => SystemQuery::UserByDiscord(wanted.to_owned()),
    };
    let system = SystemScope::housekeeping("the operator resets a lost second factor");
    let found = find_any::<User>(ctx.store.as_ref(), system, query).await?;
    let Some(user) = found.into_iter().next() else {
        bail!("no user has the id {wanted:?}: expected usr_... or the id at Discord");
    };
    Ok(if factor::reset(ctx, &user, reason).await? {
        format!(
            "{} ({}) has no second factor any more; it is set up anew under Settings",
            user.name, user.id
        )
    } else {
        format!("{} ({}) had no second factor", user.name, user.id)
    })
}
