//! Decides whose rows a store call may touch. A scope is made from a row that already belongs to somebody, never from
//! a bare id, so that no code can widen its own reach.

use crate::{
    community::{Channel, Community, Membership, Provider},
    connection::Connection,
    follow::Follow,
    ids::{CommunityId, SignalId, UserId},
    order::intent::{Intent, Order},
    signal::record::Signal,
    user::{Session, User},
};

/// Whose rows a call may touch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantScope(Reach);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Reach {
    User(UserId),
    Community(CommunityId),
    Chunk(SignalId, Vec<UserId>),
}

/// A row that belongs to one user.
pub trait OwnedByUser {
    /// Its owner.
    fn owner(&self) -> UserId;
}

/// A row that belongs to one community.
pub trait OwnedByCommunity {
    /// Its community.
    fn community(&self) -> CommunityId;
}

macro_rules! owned {
    ($($user:ty),+; $($community:ty),+) => {
        $(impl OwnedByUser for $user { fn owner(&self) -> UserId { self.user_id } })+
        $(impl OwnedByCommunity for $community { fn community(&self) -> CommunityId { self.community_id } })+
    };
}
owned!(Session, Connection, Follow, Intent, Order, crate::account::Account, crate::decision::Approval,
    crate::decision::Decision, crate::position::Lot, crate::position::Position;
    Channel, Provider, Membership, Signal, crate::signal::record::Message, crate::hook::Hook,
    crate::signal::profile::ProfileVersion);

impl OwnedByUser for User {
    fn owner(&self) -> UserId {
        self.id
    }
}
impl OwnedByCommunity for Community {
    fn community(&self) -> CommunityId {
        self.id
    }
}

impl TenantScope {
    /// The rows of the user that owns `row`, usually the session or the order at hand.
    pub fn of_user(row: &impl OwnedByUser) -> Self {
        Self(Reach::User(row.owner()))
    }
    /// The rows of the community that owns `row`.
    pub fn of_community(row: &impl OwnedByCommunity) -> Self {
        Self(Reach::Community(row.community()))
    }
    /// The rows of the followers that one fan-out step decides for; made by the pipeline only.
    #[must_use]
    pub fn chunk(signal: &Signal, follows: &[Follow]) -> Self {
        let mut users: Vec<UserId> = follows.iter().map(|f| f.user_id).collect();
        users.sort_unstable();
        users.dedup();
        Self(Reach::Chunk(signal.id, users))
    }
    /// Whether rows of this user may be touched.
    #[must_use]
    pub fn permits_user(&self, user: UserId) -> bool {
        match &self.0 {
            Reach::User(own) => *own == user,
            Reach::Community(_) => false,
            Reach::Chunk(_, users) => users.binary_search(&user).is_ok(),
        }
    }
    /// Whether rows of this community may be touched. Users reach community rows through queries that name their membership.
    #[must_use]
    pub fn permits_community(&self, community: CommunityId) -> bool {
        matches!(&self.0, Reach::Community(own) if *own == community)
    }
    /// The users in reach, in order.
    #[must_use]
    pub fn users(&self) -> &[UserId] {
        match &self.0 {
            Reach::User(user) => std::slice::from_ref(user),
            Reach::Community(_) => &[],
            Reach::Chunk(_, users) => users,
        }
    }
    /// The community in reach.
    #[must_use]
    pub const fn community(&self) -> Option<CommunityId> {
        match &self.0 {
            Reach::Community(id) => Some(*id),
            Reach::User(_) | Reach::Chunk(..) => None,
        }
    }
}

/// Leave to work across tenants: intake's look-ups, timers, recovery, the sequencer. Carries the reason for the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SystemScope(&'static str);

impl SystemScope {
    /// Asks for it, saying why.
    #[must_use]
    pub const fn housekeeping(reason: &'static str) -> Self {
        Self(reason)
    }
    /// Why it was asked for.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        self.0
    }
}
