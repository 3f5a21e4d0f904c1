//! How each part is looked at. A look changes nothing but the proof of writing, and takes no longer than its part.

use std::{path::Path, sync::Arc, time::Duration};

use ordercast_adapters::discord::DiscordSource;
use ordercast_app::switchboard::Switchboard;
use ordercast_model::{
    connection::Connection,
    limits::{Switch, SwitchKind, SwitchScope},
    ports::{
        broker::{Broker, BrokerError},
        source::SourceStatus,
        store::{Page, Store, StoreError, SystemQuery, find_any},
        vault::{Vault, VaultError},
    },
    tenant::SystemScope,
    time::Timestamp,
};

use super::board::{Finding, Trouble};

/// Entries may wait this long for the sequencer.
const LAG_NOTED: Duration = Duration::from_secs(2);
/// Entries that wait longer have no sequencer.
const LAG_MAX: Duration = Duration::from_secs(10);
/// The wall clock may differ from the steady one by this much between two looks.
const JUMP_MAX: Duration = Duration::from_secs(2);
/// How long a jump is told of.
const JUMP_TOLD: Duration = Duration::from_secs(30);
/// Free space that is enough.
pub const SPACE_ENOUGH: u64 = 1 << 30;
/// Free space without which nothing is taken on.
pub const SPACE_LEAST: u64 = 100 << 20;

const LOOKING: SystemScope = SystemScope::housekeeping("readiness looks at every part");

/// Proves that a write reaches the disk.
pub async fn database(store: &dyn Store) -> Finding {
    store
        .probe()
        .await
        .map_err(|error| Trouble::Broken(error.to_string()))
}

/// Whether the sequencer keeps up.
pub async fn journal(store: &dyn Store, now: Timestamp) -> Finding {
    let pending = store
        .pending(1)
        .await
        .map_err(|error| Trouble::Broken(error.to_string()))?;
    let waits = pending
        .first()
        .map_or(Duration::ZERO, |entry| now.since(entry.at));
    let words = || format!("entries have waited {} s to be chained", waits.as_secs());
    match waits {
        waits if waits > LAG_MAX => Err(Trouble::Broken(words())),
        waits if waits > LAG_NOTED => Err(Trouble::Limping(words())),
        _ => Ok(()),
    }
}

/// Whether the platform lets positions be opened. Why it was stopped by a person is not told here.
pub fn opening(board: &Switchboard) -> Finding {
    let stops = |s: &Switch| s.scope == SwitchScope::Platform;
    let Some(stop) = board.all().into_iter().find(stops) else {
        return Ok(());
    };
    let words = match stop.kind {
        SwitchKind::Lock => {
            "reconcile_only: nothing opens until every connection was compared and a platform admin lifts it"
        }
        SwitchKind::Kill | SwitchKind::Pause => "stopped for everybody: nothing opens",
    };
    Err(Trouble::Limping(format!("{words}; since {}", stop.since)))
}

async fn first_connection(store: &dyn Store, broker: Option<&str>) -> Result<Option<Connection>, StoreError> {
    let query = SystemQuery::Connections(Page::first(100));
    let found = find_any::<Connection>(store, LOOKING, query).await?;
    Ok(found
        .into_iter()
        .find(|connection| broker.is_none_or(|code| connection.broker == code)))
}

/// Whether the keys open what they sealed; true while nothing is sealed.
pub async fn keys(store: &dyn Store, vault: &dyn Vault) -> Finding {
    let away = |error: StoreError| Trouble::Limping(error.to_string());
    let Some(connection) = first_connection(store, None).await.map_err(away)? else {
        return Ok(());
    };
    match vault.open(&connection).await {
        Ok(_) => Ok(()),
        Err(VaultError::Store(why)) => Err(Trouble::Limping(why)),
        Err(error) => Err(Trouble::Broken(format!(
            "{error}: is ORDERCAST_MASTER_KEYS the one it was sealed with?"
        ))),
    }
}

/// Compares the wall clock with the steady one.
#[derive(Debug, Default)]
pub struct ClockWatch {
    last: Option<(Timestamp, Duration)>,
    jumped: Option<(Duration, String)>,
}

impl ClockWatch {
    /// Takes both clocks; tells of a jump for a while after it.
    pub fn look(&mut self, wall: Timestamp, steady: Duration) -> Finding {
        if let Some((wall_before, steady_before)) = self.last.replace((wall, steady)) {
            let expected = wall_before.plus(steady.saturating_sub(steady_before));
            let (ahead, behind) = (wall.since(expected), expected.since(wall));
            let jump = ahead.max(behind);
            if jump > JUMP_MAX {
                let way = if ahead > behind { "forward" } else { "back" };
                self.jumped = Some((
                    steady,
                    format!("the wall clock jumped {way} by {} s", jump.as_secs()),
                ));
            }
        }
        match &self.jumped {
            Some((at, why)) if steady.saturating_sub(*at) < JUMP_TOLD => Err(Trouble::Broken(why.clone())),
            _ => Ok(()),
        }
    }
}

/// How a source of messages is doing.
pub fn source(status: &SourceStatus) -> Finding {
    if let Some(code) = status.fatal {
        let why = status.reason.as_deref().unwrap_or("no reason given");
        return Err(Trouble::Broken(format!("{code}: {why}")));
    }
    if !status.connected {
        let why = status.reason.as_deref().unwrap_or("not connected");
        return Err(Trouble::Broken(format!("{why} (for {} s)", status.gap_seconds)));
    }
    status
        .reason
        .clone()
        .map_or(Ok(()), |why| Err(Trouble::Limping(why)))
}

/// How Discord is doing.
pub fn discord(source_: &Arc<DiscordSource>) -> Finding {
    source(&source_.status())
}

/// Whether a venue answers for one of its accounts; true while it has none here.
pub async fn broker(store: &dyn Store, vault: &dyn Vault, broker: &dyn Broker) -> Finding {
    let limping = Trouble::Limping;
    let code = broker.capabilities().broker.as_str();
    let found = first_connection(store, Some(code))
        .await
        .map_err(|e| limping(e.to_string()))?;
    let Some(connection) = found else {
        return Ok(());
    };
    let access = vault
        .open(&connection)
        .await
        .map_err(|e| limping(e.to_string()))?;
    match broker.account(&access).await {
        Ok(_) => Ok(()),
        Err(error @ BrokerError::Unavailable(_)) => Err(Trouble::Broken(error.to_string())),
        Err(error) => Err(limping(error.to_string())),
    }
}

/// Whether market data arrives.
pub fn market(is_fed: bool) -> Finding {
    if is_fed {
        Ok(())
    } else {
        Err(Trouble::Broken("no quotes arrive".to_owned()))
    }
}

/// Whether other processes are reached.
pub fn bus(is_up: bool) -> Finding {
    let why = "Redis is away: other processes hear of changes late";
    if is_up {
        Ok(())
    } else {
        Err(Trouble::Broken(why.to_owned()))
    }
}

/// Whether there is room for what must be written.
pub fn disk(folder: &Path) -> Finding {
    space(folder, crate::host::free_space(folder))
}

fn space(folder: &Path, free: std::io::Result<u64>) -> Finding {
    let folder = folder.display();
    let words = |free: u64| format!("{} MiB free in {folder}", free >> 20);
    match free {
        Err(error) => Err(Trouble::Broken(format!("{folder}: {error}"))),
        Ok(free) if free < SPACE_LEAST => Err(Trouble::Broken(words(free))),
        Ok(free) if free < SPACE_ENOUGH => Err(Trouble::Limping(words(free))),
        Ok(_) => Ok(()),
    }
}

/// Whether the dashboard is part of this program.
pub fn dashboard(is_built: bool) -> Finding {
    let why = "the dashboard was not built into this program: `cargo xtask dashboard`, then build again";
    if is_built {
        Ok(())
    } else {
        Err(Trouble::Limping(why.to_owned()))
    }
}

#[cfg(test)]
pub(super) fn space_of(folder: &Path, free: u64) -> Finding {
    space(folder, Ok(free))
}
