//! Lends credentials of connected accounts to market data that is shown to no stranger. Decides whose turn it is; refuses to
//! keep anything opened.

use std::sync::{Arc, Mutex, PoisonError};
use std::{collections::BTreeMap, time::Duration};

use ordercast_model::{
    connection::{Connection, Health},
    ports::{
        BoxFuture,
        broker::{Access, Lender},
        clock::Clock,
        store::{Page, Store, SystemQuery, find_any, get},
        vault::Vault,
    },
    tenant::{SystemScope, TenantScope},
};

/// How long the list of connections is believed.
const LIST_AGE_MAX: Duration = Duration::from_secs(30);
/// Connections of a venue that take turns; more are not needed.
const TURNS_MAX: usize = 64;
/// Connections read at a time.
const PAGE: u32 = 500;
/// Pages read while looking for some that work.
const PAGES_MAX: usize = 20;

#[derive(Default)]
struct Turn {
    listed_at: Option<Duration>,
    connections: Vec<Connection>,
    next: usize,
}

/// Credentials of connected accounts, in turn.
pub struct Accounts {
    store: Arc<dyn Store>,
    vault: Arc<dyn Vault>,
    clock: Arc<dyn Clock>,
    turns: Mutex<BTreeMap<String, Turn>>,
}

impl Accounts {
    /// Over the store and the vault.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, vault: Arc<dyn Vault>, clock: Arc<dyn Clock>) -> Self {
        Self {
            store,
            vault,
            clock,
            turns: Mutex::default(),
        }
    }

    fn next(&self, broker: &str) -> Option<Connection> {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = turns.get_mut(broker)?;
        let at = turn.next.checked_rem(turn.connections.len())?;
        turn.next = at + 1;
        turn.connections.get(at).cloned()
    }

    fn is_listed(&self, broker: &str) -> bool {
        let turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        let at = turns.get(broker).and_then(|turn| turn.listed_at);
        at.is_some_and(|at| self.clock.monotonic().saturating_sub(at) <= LIST_AGE_MAX)
    }

    /// Those of a venue that work.
    async fn list(&self, broker: &str) -> Vec<Connection> {
        let system = SystemScope::housekeeping("market data is asked with connected accounts in turn");
        let mut found = Vec::new();
        let mut after = None;
        for _ in 0..PAGES_MAX {
            let page = Page { after, limit: PAGE };
            let query = SystemQuery::Connections(page);
            let some = match find_any::<Connection>(self.store.as_ref(), system, query).await {
                Ok(some) => some,
                Err(error) => {
                    tracing::warn!(%error, broker, "connections not read for market data");
                    break;
                }
            };
            after = some.last().map(|c| c.id.to_string());
            let full = some.len() >= PAGE as usize;
            found.extend(
                some.into_iter()
                    .filter(|c| c.broker == broker && matches!(c.health, Health::Ok | Health::Degraded)),
            );
            if !full || found.len() >= TURNS_MAX {
                break;
            }
        }
        found.truncate(TURNS_MAX);
        found
    }
}

impl Lender for Accounts {
    fn lend<'a>(&'a self, broker: &'a str) -> BoxFuture<'a, Option<Access>> {
        Box::pin(async move {
            if !self.is_listed(broker) {
                let connections = self.list(broker).await;
                let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
                let turn = turns.entry(broker.to_owned()).or_default();
                // Nobody yet: looked for again at once, so that the first account connected has its quotes.
                turn.listed_at = (!connections.is_empty()).then(|| self.clock.monotonic());
                turn.connections = connections;
            }
            let listed = self.next(broker)?;
            // As it stands now: it may have been switched off since it was listed (PRODUCT SEC-08).
            let (scope, key) = (TenantScope::of_user(&listed), listed.id.to_string());
            let connection = match get::<Connection>(self.store.as_ref(), &scope, &key).await {
                Ok(found) => found?,
                Err(error) => {
                    tracing::warn!(connection = key, %error, "a connection could not be read to be lent");
                    return None;
                }
            };
            if !matches!(connection.health, Health::Ok | Health::Degraded) {
                return None;
            }
            match self.vault.open(&connection).await {
                Ok(access) => Some(access),
                Err(error) => {
                    tracing::warn!(connection = %connection.id, %error, "a credential does not open");
                    None
                }
            }
        })
    }
}
