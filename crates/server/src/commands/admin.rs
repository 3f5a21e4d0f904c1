//! `ordercast admin`: what the operator does at the server when nobody can log in to do it. Each is journaled and told to whom
//! it concerns; with SQLite the program must be stopped meanwhile.

use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use ordercast_app::{
    context::Context,
    identity::{factor, operator},
    unlock::platform::{self, Hand},
};
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
    /// Lock every account of a user: nothing opens until it is unlocked here or by a platform admin; what works at the broker
    /// stays, closing and protection go on. The user is told.
    Lock(Whom),
    /// Lift every lock of a user's accounts, whoever set it and the second of a day too; the user is told.
    Unlock(Whom),
    /// Make a user a platform admin, who may stop, lock and unlock everybody; what loosens asks for the second factor.
    Grant(Whom),
    /// Take it back.
    Revoke(Whom),
}

/// Whom a command is about.
#[derive(Debug, Clone, clap::Args)]
pub struct Whom {
    /// The id (`usr_...`), or the id at Discord.
    user: String,
    /// Why, for the journal; at most 200 characters.
    #[arg(long)]
    reason: String,
}

impl AdminCommand {
    fn whom(&self) -> (&str, &str) {
        match self {
            Self::ResetFactor { user, reason } => (user, reason.trim()),
            Self::Lock(whom) | Self::Unlock(whom) | Self::Grant(whom) | Self::Revoke(whom) => {
                (&whom.user, whom.reason.trim())
            }
        }
    }
}

/// Runs a command.
///
/// # Errors
/// When the configuration is faulty, the database is in use or cannot be reached, or nobody has that id.
pub async fn run(command: AdminCommand, sources: &Sources) -> Result<u8> {
    let (user, reason) = command.whom();
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
    let done = done(&built.ctx, &command, user, reason).await;
    drop(built);
    stop.cancel();
    tasks.wait().await;
    let mut out = Out::new();
    out.line(&done?)?;
    out.flush()?;
    Ok(0)
}

async fn done(ctx: &Context, command: &AdminCommand, wanted: &str, reason: &str) -> Result<String> {
    let query = match wanted.parse::<UserId>() {
        Ok(id) => SystemQuery::User(id),
        Err(_) => SystemQuery::UserByDiscord(wanted.to_owned()),
    };
    let system = SystemScope::housekeeping("the operator names a user");
    let found = find_any::<User>(ctx.store.as_ref(), system, query).await?;
    let Some(user) = found.into_iter().next() else {
        bail!("no user has the id {wanted:?}: expected usr_... or the id at Discord");
    };
    let who = format!("{} ({})", user.name, user.id);
    Ok(match command {
        AdminCommand::ResetFactor { .. } if factor::reset(ctx, &user, reason).await? => {
            format!("{who} has no second factor any more; it is set up anew under Settings")
        }
        AdminCommand::ResetFactor { .. } => format!("{who} had no second factor"),
        AdminCommand::Lock(_) => match platform::lock(ctx, Hand::Operator, &user, reason).await?.len() {
            0 => format!("{who} has no account to lock"),
            count => format!(
                "{who}: {count} accounts are locked until they are unlocked here or by a platform admin"
            ),
        },
        AdminCommand::Unlock(_) => match platform::unlock(ctx, Hand::Operator, &user, reason).await?.len() {
            0 => format!("{who} had no account that is locked"),
            count => format!("{who}: {count} accounts are unlocked"),
        },
        AdminCommand::Grant(_) if operator::set_admin(ctx, &user, true, reason).await? => {
            format!("{who} is a platform admin now")
        }
        AdminCommand::Grant(_) => format!("{who} was a platform admin already"),
        AdminCommand::Revoke(_) if operator::set_admin(ctx, &user, false, reason).await? => {
            format!("{who} is no platform admin any more")
        }
        AdminCommand::Revoke(_) => format!("{who} was no platform admin"),
    })
}
