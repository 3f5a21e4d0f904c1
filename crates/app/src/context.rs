//! Everything a use case may touch, passed in once: ports, rules, the switches in force, and the way to the lanes.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicI64, Ordering},
    },
};

use ordercast_model::{
    community::Provider,
    connection::Connection,
    gate::RuleSet,
    ids::{CommunityId, Id, ProviderId},
    journal::{
        entry::{Actor, Entry},
        kind::Kind,
    },
    limits::Caps,
    ports::{
        broker::Broker,
        bus::{Bus, Hint},
        chat::Chat,
        clock::{Clock, Random, new_id},
        market::Market,
        store::{Batch, CommitError, Scope, Store, StoreError, SystemQuery, find_any},
        vault::Vault,
    },
    tenant::SystemScope,
    time::Timestamp,
};

use crate::{
    backlog::Backlog,
    helm::Helmsman,
    hook::overflow::Overflow,
    lane::{Jobs, Lanes},
    oauth::Authorities,
    pulse::Pulse,
    quota::Plans,
    switchboard::Switchboard,
    teach::Teachings,
    wire::Wire,
};

/// The outside, as the program sees it.
pub struct Ports {
    /// Durable state.
    pub store: Arc<dyn Store>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
    /// Sealed credentials.
    pub vault: Arc<dyn Vault>,
    /// Venues by code.
    pub brokers: BTreeMap<String, Arc<dyn Broker>>,
    /// Quotes, rules and sessions by venue code.
    pub markets: BTreeMap<String, Arc<dyn Market>>,
    /// Hints to other tasks and processes.
    pub bus: Arc<dyn Bus>,
    /// Words to people, and their roles in servers.
    pub chat: Arc<dyn Chat>,
    /// The complete set of risk rules.
    pub rules: RuleSet,
    /// Caps of the platform.
    pub platform_caps: Caps,
    /// Whether real money may be traded at all.
    pub live_trading: bool,
}

/// The ports and settings of one running program. Cheap to clone.
#[derive(Clone)]
pub struct Context {
    /// Durable state.
    pub store: Arc<dyn Store>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
    /// Sealed credentials.
    pub vault: Arc<dyn Vault>,
    /// Venues by code.
    pub brokers: Arc<BTreeMap<String, Arc<dyn Broker>>>,
    /// Quotes, rules and sessions by venue code.
    pub markets: Arc<BTreeMap<String, Arc<dyn Market>>>,
    /// Hints to other tasks and processes.
    pub bus: Arc<dyn Bus>,
    /// Words to people, and their roles in servers.
    pub chat: Arc<dyn Chat>,
    /// The complete set of risk rules.
    pub rules: Arc<RuleSet>,
    /// Caps of the platform.
    pub platform_caps: Arc<Caps>,
    /// Whether real money may be traded at all (PRODUCT BR-20).
    pub live_trading: bool,
    /// The switches in force.
    pub switchboard: Arc<Switchboard>,
    /// The way to each connection's lane.
    pub lanes: Lanes,
    /// Sends of this process that are not written down.
    pub wire: Arc<Wire>,
    /// Whether this process decides and sends.
    pub helmsman: Arc<Helmsman>,
    /// How connections' venues answered lately.
    pub pulse: Arc<Pulse>,
    /// Plans read a moment ago.
    pub plans: Arc<Plans>,
    /// Webhooks that were sent too much lately.
    pub overflow: Arc<Overflow>,
    /// What providers taught, ready to read with.
    pub teachings: Arc<Teachings>,
    /// Messages that wait for the pipeline.
    pub backlog: Arc<Backlog>,
    /// Vendors whose users allow us something on a page of the vendor's.
    pub authorities: Arc<Authorities>,
    communities: Arc<RwLock<BTreeMap<ProviderId, CommunityId>>>,
    /// The latest instant anything of ours bears, microseconds.
    latest: Arc<AtomicI64>,
}

impl Context {
    /// A context over the ports, and the queue its lanes are fed from, which `lane::run` takes.
    #[must_use]
    pub fn new(ports: Ports) -> (Self, Jobs) {
        let wire = Arc::new(Wire::new(ports.clock.monotonic()));
        let helmsman = Helmsman::alone(ports.clock.clone(), ports.random.clone(), ports.bus.clone());
        let helmsman = Arc::new(helmsman);
        let (lanes, jobs) = Lanes::new(wire.clone(), helmsman.clone());
        let ctx = Self {
            store: ports.store,
            clock: ports.clock,
            random: ports.random,
            vault: ports.vault,
            brokers: Arc::new(ports.brokers),
            markets: Arc::new(ports.markets),
            bus: ports.bus,
            chat: ports.chat,
            rules: Arc::new(ports.rules),
            platform_caps: Arc::new(ports.platform_caps),
            live_trading: ports.live_trading,
            switchboard: Arc::new(Switchboard::default()),
            lanes,
            wire,
            helmsman,
            pulse: Arc::default(),
            plans: Arc::default(),
            overflow: Arc::default(),
            teachings: Arc::default(),
            backlog: Arc::default(),
            authorities: Arc::default(),
            communities: Arc::default(),
            latest: Arc::default(),
        };
        (ctx, jobs)
    }
    /// The same, with vendors that people can be sent to.
    #[must_use]
    pub fn sending(self, authorities: Authorities) -> Self {
        Self {
            authorities: Arc::new(authorities),
            ..self
        }
    }
    /// Now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let now = self.clock.now();
        self.saw(now);
        now
    }
    /// Something bears this instant.
    pub(crate) fn saw(&self, at: Timestamp) {
        self.latest.fetch_max(at.micros(), Ordering::Relaxed);
    }
    /// Not before anything that is there: now, or what the clock said before it was set back.
    #[must_use]
    pub fn latest(&self) -> Timestamp {
        self.now()
            .max(Timestamp::from_micros(self.latest.load(Ordering::Relaxed)))
    }
    /// A new identifier.
    #[must_use]
    pub fn id<I: Id>(&self) -> I {
        new_id(self.clock.as_ref(), self.random.as_ref())
    }
    /// The venue of a connection; none when the adapter is not enabled.
    #[must_use]
    pub fn broker(&self, connection: &Connection) -> Option<&Arc<dyn Broker>> {
        self.brokers.get(&connection.broker)
    }
    /// Market data of a connection's venue; none when the adapter is not enabled.
    #[must_use]
    pub fn market(&self, connection: &Connection) -> Option<&Arc<dyn Market>> {
        self.markets.get(&connection.broker)
    }
    /// The community of a provider. A provider never moves, so that the store is asked once.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn community_of(&self, id: ProviderId) -> Result<Option<CommunityId>, StoreError> {
        let known = |ctx: &Self| {
            let map = ctx.communities.read().unwrap_or_else(PoisonError::into_inner);
            map.get(&id).copied()
        };
        if let Some(found) = known(self) {
            return Ok(Some(found));
        }
        let system = SystemScope::housekeeping("a provider serves followers of every tenant");
        let all = find_any::<Provider>(self.store.as_ref(), system, SystemQuery::Providers).await?;
        let mut map = self.communities.write().unwrap_or_else(PoisonError::into_inner);
        *map = all.into_iter().map(|p| (p.id, p.community_id)).collect();
        Ok(map.get(&id).copied())
    }
    /// A journal entry stamped now.
    #[must_use]
    pub fn entry(&self, kind: Kind, actor: Actor, object: (&str, String)) -> Entry {
        Entry::new(self.id(), self.now(), kind, actor, object)
    }
    /// Commits one batch and wakes the sequencer when it carries journal entries.
    ///
    /// # Errors
    /// Why the batch was not applied; nothing of it was.
    pub async fn commit(&self, scope: impl Into<Scope>, batch: Batch) -> Result<(), CommitError> {
        let mut answers = self.commit_all(vec![(scope.into(), batch)]).await?;
        answers
            .pop()
            .unwrap_or_else(|| Err(StoreError::Unavailable("no answer".to_owned()).into()))
    }
    /// Commits batches, each all or nothing, and wakes the sequencer.
    ///
    /// # Errors
    /// When the store does not answer; then nothing is known to be written.
    pub async fn commit_all(
        &self,
        batches: Vec<(Scope, Batch)>,
    ) -> Result<Vec<Result<(), CommitError>>, StoreError> {
        let journaled = batches.iter().any(|(_, batch)| !batch.journal.is_empty());
        let answers = self.store.commit(batches).await?;
        if journaled && answers.iter().any(Result::is_ok) {
            self.bus.tell(Hint::JournalPending);
        }
        Ok(answers)
    }
}
