//! What one fan-out step knows: some followers of one provider and, of each, what deciding needs. Read once per
//! instruction, since the instruction before may have changed the accounts.

use std::collections::{BTreeMap, BTreeSet};

use ordercast_model::{
    account::Account,
    community::{Community, Membership, Provider, Role},
    connection::Connection,
    decision::{Decision, DecisionStatus},
    follow::Follow,
    gate::Effective,
    ids::{ConnectionId, DecisionId, OrderId, UserId},
    limits::{Limits, UserLimits},
    ports::store::{Batch, Page, Query, StoreError, SystemQuery, find, find_any, get},
    position::Lot,
    signal::record::Signal,
    tenant::{SystemScope, TenantScope},
};
use ordercast_rules::risk::{self, CommunityCaps, loosen};
use sha2::{Digest, Sha256};

use crate::{context::Context, decide::again::caps_of, lane::Job, quota};

/// Followers decided in one transaction.
pub(super) const CHUNK: usize = 200;
/// Rows read at once.
const PAGE: u32 = 1_000;

/// Followers of one fan-out step with their rows.
pub(crate) struct Chunk {
    /// Reach of the step.
    pub(super) scope: TenantScope,
    /// The follows, in fan-out order.
    pub(super) follows: Vec<Follow>,
    /// All connections of these users.
    pub(crate) connections: Vec<Connection>,
    /// Their accounts.
    pub(crate) accounts: BTreeMap<ConnectionId, Account>,
    limits: BTreeMap<UserId, Limits>,
    community: Option<CommunityCaps>,
    traders: BTreeSet<UserId>,
    decided: BTreeSet<(UserId, u32, u32)>,
    exhausted: BTreeMap<UserId, String>,
    lots: Vec<Lot>,
}

impl Chunk {
    /// Reads the rows of some follows.
    pub(crate) async fn read(
        ctx: &Context,
        signal: &Signal,
        follows: Vec<Follow>,
    ) -> Result<Self, StoreError> {
        let scope = TenantScope::chunk(signal, &follows);
        let store = ctx.store.as_ref();
        let community = TenantScope::of_community(signal);
        let community_id = signal.community_id.to_string();
        let (connections, accounts, limits, decisions, members, community) = futures::try_join!(
            find::<Connection>(store, &scope, Query::Connections),
            find::<Account>(store, &scope, Query::Accounts),
            find::<UserLimits>(store, &scope, Query::UserLimits),
            find::<Decision>(store, &scope, Query::DecisionsOfSignal(signal.id)),
            find::<Membership>(store, &scope, Query::Memberships),
            get::<Community>(store, &community, &community_id),
        )?;
        let trades = |m: &&Membership| m.community_id == signal.community_id && m.role >= Role::Trader;
        Ok(Self {
            scope,
            follows,
            connections,
            accounts: accounts.into_iter().map(|a| (a.connection_id, a)).collect(),
            limits: limits
                .iter()
                .map(|l| (l.user_id, loosen::in_force(l, ctx.now())))
                .collect(),
            community: community.map(|c| caps_of(&c, ctx.now())),
            traders: members.iter().filter(trades).map(|m| m.user_id).collect(),
            decided: decisions
                .into_iter()
                .map(|d| (d.user_id, d.revision, d.instruction))
                .collect(),
            exhausted: BTreeMap::new(),
            lots: Vec::new(),
        })
    }
    /// Finds out whose plan allows no further signal today.
    pub(super) async fn count_signals(&mut self, ctx: &Context, signal: &Signal) -> Result<(), StoreError> {
        self.exhausted = quota::exhausted_among(ctx, &self.scope, &self.follows, signal.id).await?;
        Ok(())
    }
    /// Whether this follower may trade in the signal's community.
    pub(super) fn may_trade(&self, user: UserId) -> bool {
        self.traders.contains(&user)
    }
    /// Why this follower's plan allows no further signal today.
    pub(super) fn exhausted(&self, user: UserId) -> Option<&str> {
        self.exhausted.get(&user).map(String::as_str)
    }
    /// Whether this follower has a decision on the instruction already.
    pub(super) fn is_decided(&self, user: UserId, revision: u32, instruction: u32) -> bool {
        self.decided.contains(&(user, revision, instruction))
    }
    /// The limits of one follow.
    pub(crate) fn limits(&self, ctx: &Context, follow: &Follow) -> Effective {
        let own = self.limits.get(&follow.user_id).cloned().unwrap_or_default();
        let caps = loosen::caps_in_force(&follow.caps, &follow.pending, ctx.now());
        risk::effective(&ctx.platform_caps, self.community.as_slice(), &own, &caps)
    }
    /// Reads what these followers hold from one provider.
    pub(crate) async fn read_lots(&mut self, ctx: &Context, provider: &Provider) -> Result<(), StoreError> {
        let query = Query::LotsOpen(Some(provider.id));
        self.lots = find::<Lot>(ctx.store.as_ref(), &self.scope, query).await?;
        Ok(())
    }
    /// What one follower holds from the provider; read for follow-ups only.
    pub(crate) fn lots(&self, user: UserId) -> Vec<Lot> {
        let own = self.lots.iter().filter(|l| l.user_id == user);
        own.cloned().collect()
    }
}

/// What is to be written for one follower, and done afterwards.
pub(super) struct Verdict {
    /// The decision, already in the batch.
    pub(super) user: UserId,
    /// Rows and entries.
    pub(super) batch: Batch,
    /// It shows a card.
    pub(super) asks: bool,
    /// Work for the lane, in order.
    pub(super) jobs: Vec<(ConnectionId, Job)>,
}

/// A decision row with what is the same for all of its kinds.
pub(super) fn decision(
    ctx: &Context,
    signal: &Signal,
    instruction: u32,
    follow: &Follow,
    connection: Option<ConnectionId>,
) -> Decision {
    let now = ctx.now();
    Decision {
        id: ctx.id::<DecisionId>(),
        version: 1,
        signal_id: signal.id,
        revision: signal.revision,
        instruction,
        user_id: follow.user_id,
        follow_id: Some(follow.id),
        provider_id: signal.provider_id,
        connection_id: connection,
        status: DecisionStatus::Placed,
        breaches: Vec::new(),
        message: String::new(),
        orders: Vec::<OrderId>::new(),
        created_at: now,
        updated_at: now,
    }
}

/// Enabled followers of a provider, in the order drawn for this signal: random, the same for every plan, and
/// repeatable from the signal's id (PRODUCT SG-16).
pub(super) async fn followers(
    ctx: &Context,
    signal: &Signal,
    provider: &Provider,
) -> Result<Vec<Follow>, StoreError> {
    let system = SystemScope::housekeeping("a signal goes to the followers of its provider");
    let mut all = Vec::new();
    let mut page = Page::first(PAGE);
    loop {
        let query = SystemQuery::Followers(provider.id, page.clone());
        let found = find_any::<Follow>(ctx.store.as_ref(), system, query).await?;
        let more = found.len() == PAGE as usize;
        page.after = found.last().map(|f| f.id.to_string());
        all.extend(found);
        if !more {
            break;
        }
    }
    all.sort_by_cached_key(|f| {
        let digest: [u8; 32] = Sha256::digest(format!("{} {}", signal.id, f.id).as_bytes()).into();
        digest
    });
    Ok(all)
}
