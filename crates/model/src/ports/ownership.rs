//! Decides whose each row is, and so which scope may read or write it. Refuses to know how rows are kept.

use super::store::{Batch, Change, CommitError, Row, Scope};
use crate::{
    ids::{CommunityId, UserId},
    journal::entry::Entry,
    limits::SwitchScope,
    tenant::TenantScope,
};

/// Whose a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    /// One user's.
    User(UserId),
    /// One community's.
    Community(CommunityId),
    /// A member's place in a community: both may read it, the community writes it.
    Member(CommunityId, UserId),
    /// The platform's: out of every tenant's reach.
    Platform,
}

impl Owner {
    /// Whether the scope may read the row.
    #[must_use]
    pub fn readable_by(self, scope: &TenantScope) -> bool {
        match self {
            Self::User(user) => scope.permits_user(user),
            Self::Community(community) => scope.permits_community(community),
            Self::Member(community, user) => scope.permits_community(community) || scope.permits_user(user),
            Self::Platform => false,
        }
    }
    /// Whether the scope may write the row.
    #[must_use]
    pub fn writable_by(self, scope: &TenantScope) -> bool {
        match self {
            Self::Member(community, _) => scope.permits_community(community),
            Self::User(_) | Self::Community(_) | Self::Platform => self.readable_by(scope),
        }
    }
}

impl Row {
    /// Whose it is. Never changes in the life of a row.
    #[must_use]
    pub fn owner(&self) -> Owner {
        match self {
            Self::User(row) => Owner::User(row.id),
            Self::Session(row) => Owner::User(row.user_id),
            Self::LoginTicket(row) => Owner::User(row.user_id),
            Self::LinkTicket(_)
            | Self::Bookmark(_)
            | Self::Checkpoint(_)
            | Self::Keyring(_)
            | Self::Departure(_) => Owner::Platform,
            Self::DiscordGrant(row) => Owner::User(row.user_id),
            Self::DataKey(row) => Owner::User(row.user_id),
            Self::Idempotency(row) => Owner::User(row.user_id),
            Self::Community(row) => Owner::Community(row.id),
            Self::Membership(row) => Owner::Member(row.community_id, row.user_id),
            Self::Channel(row) => Owner::Community(row.community_id),
            Self::Provider(row) => Owner::Community(row.community_id),
            Self::Hook(row) => Owner::Community(row.community_id),
            Self::HookLedger(row) => Owner::Community(row.community_id),
            Self::Delivery(row) => Owner::Community(row.community_id),
            Self::ProfileVersion(row) => Owner::Community(row.community_id),
            Self::Message(row) => Owner::Community(row.community_id),
            Self::Signal(row) => Owner::Community(row.community_id),
            Self::Follow(row) => Owner::User(row.user_id),
            Self::Connection(row) => Owner::User(row.user_id),
            Self::Account(row) => Owner::User(row.user_id),
            Self::Decision(row) => Owner::User(row.user_id),
            Self::Approval(row) => Owner::User(row.user_id),
            Self::Intent(row) => Owner::User(row.user_id),
            Self::Order(row) => Owner::User(row.user_id),
            Self::Fill(row) => Owner::User(row.user_id),
            Self::Lot(row) => Owner::User(row.user_id),
            Self::Position(row) => Owner::User(row.user_id),
            Self::UserLimits(row) => Owner::User(row.user_id),
            Self::Switch(row) => match (&row.scope, row.user_id) {
                (SwitchScope::User(user), _) => Owner::User(*user),
                (SwitchScope::Follow(_) | SwitchScope::Connection(_), Some(user)) => Owner::User(user),
                (SwitchScope::Community(community), _) => Owner::Community(*community),
                _ => Owner::Platform,
            },
            Self::EquityPoint(row) => Owner::User(row.user_id),
            Self::SecondFactor(row) => Owner::User(row.user_id),
            Self::NoticeSettings(row) => Owner::User(row.user_id),
            Self::SentCard(row) => Owner::User(row.user_id),
        }
    }
}

/// Whether a journal entry may be written under the scope: its user, else its community, must be in reach; entries of
/// nobody are open to all.
fn may_note(scope: &TenantScope, entry: &Entry) -> bool {
    let community = entry.community.is_some_and(|c| scope.permits_community(c));
    match entry.user {
        Some(user) => scope.permits_user(user) || community,
        None => community || entry.community.is_none(),
    }
}

impl Scope {
    /// Checks that every row and entry of a batch is in reach.
    ///
    /// # Errors
    /// `OutOfScope`, naming the first that is not.
    pub fn check(&self, batch: &Batch) -> Result<(), CommitError> {
        let Self::Tenant(scope) = self else {
            return Ok(());
        };
        let outside = |table, id| Err(CommitError::OutOfScope { table, id });
        for Change::Insert(row) | Change::Update(row) in &batch.changes {
            if !row.owner().writable_by(scope) {
                return outside(row.table().name(), row.key());
            }
        }
        match batch.journal.iter().find(|entry| !may_note(scope, entry)) {
            Some(entry) => outside("journal", entry.id.to_string()),
            None => Ok(()),
        }
    }
}
