//! `ordercast keys rotate`: brings the newest key into force, wraps and seals everything anew, and waits until every
//! running process seals with it.

use std::{io::Write as _, time::Duration};

use anyhow::{Result, bail};
use ordercast_app::keyring::{
    Keyholder, KeyringError, begin, read,
    rotate::{Progress, activate, finish, pass},
};

use super::{Opened, given, holder, sound};
use crate::{commands::out::Out, config::Sources};

/// Time between two passes.
const AGAIN_AFTER: Duration = Duration::from_secs(2);
/// Passes without an end before the command leaves the rest to the running program.
const PASSES_MAX: u32 = 60;

pub(super) async fn run(sources: &Sources) -> Result<u8> {
    let config = sound(sources)?;
    let keys = given(&config)?;
    let opened = Opened::at(&config, "rotate").await?;
    let outcome = rotate(&holder(keys, opened.store.clone())).await;
    opened.close().await?;
    outcome
}

async fn rotate(holder: &Keyholder) -> Result<u8> {
    let mut out = Out::new();
    let before = begin(holder).await?;
    let ring = match activate(holder, false).await {
        Ok(ring) => {
            out.line(&format!(
                "version {} is in force, after {}",
                ring.active, before.active
            ))?;
            ring
        }
        // An earlier one that is not finished is finished.
        Err(KeyringError::NothingNewer { .. }) if before.done_at.is_none() => before,
        Err(error) => return Err(error.into()),
    };
    out.flush()?;
    let mut whole = Progress::default();
    for _ in 0..PASSES_MAX {
        let mut told = |so_far: Progress| {
            let _ = writeln!(
                std::io::stderr(),
                "{} data keys wrapped anew, {} connections sealed anew",
                whole.data_keys + so_far.data_keys,
                whole.connections + so_far.connections
            );
        };
        let progress = pass(holder, &mut told).await?;
        whole.data_keys += progress.data_keys;
        whole.connections += progress.connections;
        if progress.broken > 0 && progress.left == 0 {
            bail!(
                "{} rows do not open and stay as they are; `ordercast keys status` counts them",
                progress.broken
            );
        }
        if finish(holder).await? {
            out.line(&format!(
                "complete: {} data keys and {} connections are under version {}",
                whole.data_keys, whole.connections, ring.active
            ))?;
            out.flush()?;
            return Ok(0);
        }
        holder
            .clock
            .sleep_until(holder.clock.now().plus(AGAIN_AFTER))
            .await;
    }
    let now = holder.clock.now();
    let late = read(holder.store.as_ref()).await?;
    let late = late.and_then(|ring| {
        let sealing = |process: &ordercast_model::keyring::Holder| process.active >= ring.active;
        let first = ring.running(now, sealing).next();
        first.map(|(name, _)| name.clone())
    });
    bail!(
        "not complete{}; run it again, nothing is lost",
        late.map(|name| format!(": {name} does not seal with the new version yet"))
            .unwrap_or_default()
    )
}
