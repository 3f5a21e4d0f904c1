//! What one fan-out step knows: some followers of one provider and, of each, what deciding needs. Read once per
//! instruction, since the instruction before may have changed the accounts.

use std::collections::{BTreeMap, BTreeSet};

use ordercast_model::{
    account::Account,
    community::{Membership, Provider, Role},
    connection::Connection,
    decision::{Decision, DecisionStatus},
    follow::Follow,
    gate::Effective,
    ids::{ConnectionId, DecisionId, OrderId, UserId},
    limits::{Caps, Limits, UserLimits},
    ports::store::{Batch, Page, Query, StoreError, SystemQuery, find, find_any},
    position::Lot,
    signal::record::Signal,
    tenant::{SystemScope, TenantScope},
};
use ordercast_rules::risk;
use sha2::{Digest, Sha256};

use crate::{context::Context, lane::Job, quota};

/// Followers decided in one transaction.
pub(super) const CHUNK: usize = 200;
/// Rows read at once.
const PAGE: u32 = 1_000;

/// Followers of one fan-out step with their rows.
pub(super) struct Chunk {
    /// Reach of the step.
    pub(super) scope: TenantScope,
    /// The follows, in fan-out order.
    pub(super) follows: Vec<Follow>,
    /// All connections of these users.
    pub(super) connections: Vec<Connection>,
    /// Their accounts.
    pub(super) accounts: BTreeMap<ConnectionId, Account>,
    limits: BTreeMap<UserId, Limits>,
    decided: BTreeSet<(UserId, u32, u32)>,
    exhausted: BTreeMap<UserId, String>,
}

impl Chunk {
    /// Reads the rows of some follows.
    pub(super) async fn read(
        ctx: &Context,
        signal: &Signal,
        follows: Vec<Follow>,
    ) -> Result<Self, StoreError> {
        let scope = TenantScope::chunk(signal, &follows);
        let store = ctx.store.as_ref();
        let (connections, accounts, limits, decisions) = futures::try_join!(
            find::<Connection>(store, &scope, Query::Connections),
            find::<Account>(store, &scope, Query::Accounts),
            find::<UserLimits>(store, &scope, Query::UserLimits),
            find::<Decision>(store, &scope, Query::DecisionsOfSignal(signal.id)),
        )?;
        Ok(Self {
            scope,
            follows,
            connections,
            accounts: accounts.into_iter().map(|a| (a.connection_id, a)).collect(),
            limits: limits.into_iter().map(|l| (l.user_id, l.limits)).collect(),
            decided: decisions
                .into_iter()
                .map(|d| (d.user_id, d.revision, d.instruction))
                .collect(),
            exhausted: BTreeMap::new(),
        })
    }
    /// Finds out whose plan allows no further signal today.
    pub(super) async fn count_signals(&mut self, ctx: &Context, signal: &Signal) -> Result<(), StoreError> {
        for follow in &self.follows {
            if let Some(message) = quota::exhausted(ctx, follow, signal.id).await? {
                self.exhausted.insert(follow.user_id, message);
            }
        }
        Ok(())
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
    pub(super) fn limits(&self, ctx: &Context, follow: &Follow) -> Effective {
        let own = self.limits.get(&follow.user_id).cloned().unwrap_or_default();
        risk::effective(&ctx.platform_caps, &Caps::default(), &own, &follow.caps)
    }
    /// Open and closed lots of these followers from one provider.
    pub(super) async fn lots(&self, ctx: &Context, provider: &Provider) -> Result<Vec<Lot>, StoreError> {
        find::<Lot>(
            ctx.store.as_ref(),
            &self.scope,
            Query::LotsOpen(Some(provider.id)),
        )
        .await
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
        let query = SystemQuery::Followers(provider.id, page);
        let found = find_any::<Follow>(ctx.store.as_ref(), system, query).await?;
        let Some(last) = found.last().map(|f| f.id.to_string()) else {
            break;
        };
        all.extend(found);
        page = Page {
            after: Some(last),
            limit: PAGE,
        };
    }
    all.sort_by_cached_key(|f| {
        let digest: [u8; 32] = Sha256::digest(format!("{} {}", signal.id, f.id).as_bytes()).into();
        digest
    });
    Ok(all)
}

/// Members of the signal's community who may trade.
pub(super) async fn traders(ctx: &Context, signal: &Signal) -> Result<BTreeSet<UserId>, StoreError> {
    let scope = TenantScope::of_community(signal);
    let mut traders = BTreeSet::new();
    let mut page = Page::first(PAGE);
    loop {
        let found = find::<Membership>(ctx.store.as_ref(), &scope, Query::Members(page)).await?;
        let Some(last) = found.last().map(ordercast_model::ports::store::Keyed::key) else {
            break;
        };
        traders.extend(found.iter().filter(|m| m.role >= Role::Trader).map(|m| m.user_id));
        page = Page {
            after: Some(last),
            limit: PAGE,
        };
    }
    Ok(traders)
}
