//! `ordercast migrate`: brings the database's tables up to date, or says whether they are.

use anyhow::{Result, bail};
use ordercast_store::{FolderLock, Options, inspect, open};
use tokio_util::sync::CancellationToken;

use super::out::Out;
use crate::config::{Looked, Sources};

/// What `migrate` is told.
#[derive(Debug, Clone, clap::Args)]
pub struct MigrateArgs {
    /// Change nothing; exit code 1 when there is something to do.
    #[arg(long)]
    pub check: bool,
}

/// Migrates or checks.
///
/// # Errors
/// When the configuration is faulty or the database cannot be used.
pub async fn run(args: &MigrateArgs, sources: &Sources) -> Result<u8> {
    let config = Looked::at(sources).sound()?;
    let mut out = Out::new();
    let code = if args.check {
        check(config.database.address(), &mut out).await?
    } else {
        bring(&config, &mut out).await?
    };
    out.flush()?;
    Ok(code)
}

async fn check(url: &str, out: &mut Out) -> Result<u8> {
    let inspected = inspect(url).await?;
    let known = inspected.known;
    match inspected.schema {
        Some(found) if found == known => {
            out.line(&format!("schema {found}: up to date"))?;
            Ok(0)
        }
        Some(found) if found > known => {
            bail!("schema {found} is newer than this program, which knows {known}")
        }
        found => {
            out.line(&format!(
                "schema {}: {known} is to be reached; run `ordercast migrate`",
                found.unwrap_or(0)
            ))?;
            Ok(1)
        }
    }
}

async fn bring(config: &crate::config::Config, out: &mut Out) -> Result<u8> {
    let lock = match config.database.file() {
        Some(file) => Some(FolderLock::take(&super::folder_of(&file), "ordercast migrate")?),
        None => None,
    };
    let opened = open(
        config.database.address(),
        &Options {
            connections_max: 2,
            ..Options::default()
        },
    )
    .await?;
    let stop = CancellationToken::new();
    stop.cancel();
    opened.worker.run(stop).await;
    drop(lock);
    let inspected = inspect(config.database.address()).await?;
    out.line(&format!("schema {}: up to date", inspected.schema.unwrap_or(0)))?;
    Ok(0)
}
