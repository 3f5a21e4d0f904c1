//! The communities that cap what an account may lose, read once a round: which limits bind an account, and who of the staff is
//! told. Refuses to judge.

use std::collections::{BTreeMap, btree_map::Entry};

use ordercast_model::{
    community::{Community, Membership, Role},
    connection::Connection,
    gate::Effective,
    ids::{CommunityId, UserId},
    limits::{Bound, CapOf},
    ports::store::{Query, StoreError, SystemQuery, find, find_any},
    tenant::{SystemScope, TenantScope},
    user::User,
};

use crate::{alert, context::Context, decide::again, pages::Pages};

/// Members read at once.
const PAGE: u32 = 500;
/// The limits by which an account is stopped.
const STOPPING: [Bound; 2] = [Bound::DailyLoss, Bound::Breaker];

/// Communities with such caps.
pub(super) struct Capping {
    all: Vec<Community>,
    /// Owner and admins of those that were asked for.
    staff: BTreeMap<CommunityId, Vec<UserId>>,
}

impl Capping {
    pub(super) async fn read(ctx: &Context) -> Result<Self, StoreError> {
        let system = SystemScope::housekeeping("caps of communities bind the accounts of their traders");
        let all = find_any::<Community>(ctx.store.as_ref(), system, SystemQuery::Communities).await?;
        let caps = |community: &Community| {
            let caps = again::caps_of(community, ctx.now()).caps;
            STOPPING.iter().any(|bound| bound.of(&caps).is_some())
        };
        Ok(Self {
            all: all.into_iter().filter(caps).collect(),
            staff: BTreeMap::new(),
        })
    }

    /// The limits of an account: the user's own, and those of every community the user trades in.
    pub(super) async fn limits(&self, ctx: &Context, scope: &TenantScope) -> Result<Effective, StoreError> {
        if self.all.is_empty() {
            again::limits(ctx, scope, None).await
        } else {
            again::limits_by_hand(ctx, scope).await
        }
    }

    /// What a lock says of the community whose cap it was.
    pub(super) fn cap_of(&self, id: CommunityId, name: &str) -> CapOf {
        CapOf {
            id,
            name: name.to_owned(),
            staff: self.all.iter().any(|one| one.id == id && one.staff_unlocks),
        }
    }

    /// Tells the owner and the admins of a community that its cap stopped an account.
    pub(super) async fn tell(
        &mut self,
        ctx: &Context,
        connection: &Connection,
        id: CommunityId,
        what: &str,
    ) -> Result<(), StoreError> {
        let Some(community) = self.all.iter().find(|one| one.id == id) else {
            return Ok(());
        };
        let of_staff = match self.staff.entry(id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(free) => free.insert(staff(ctx, community).await?),
        };
        let scope = TenantScope::of_user(connection);
        let people = find::<User>(ctx.store.as_ref(), &scope, Query::Users).await?;
        let who = people.first().map_or("A member", |user| user.name.as_str());
        let todo = if community.staff_unlocks && what == super::LOCKED {
            "; unlock under Risk, Your communities"
        } else {
            ""
        };
        let message = format!("{who} was {what} of {}{todo}", community.name);
        alert::staff(ctx, of_staff, community, &message).await
    }
}

/// Owner and admins of a community.
async fn staff(ctx: &Context, community: &Community) -> Result<Vec<UserId>, StoreError> {
    let scope = TenantScope::of_community(community);
    let mut staff = Vec::new();
    let mut pages = Pages::of(PAGE);
    while let Some(page) = pages.next() {
        let rows = find::<Membership>(ctx.store.as_ref(), &scope, Query::Members(page)).await?;
        pages.read(&rows, |last| format!("{} {}", last.community_id, last.user_id));
        let of_staff = rows.iter().filter(|row| row.role >= Role::Admin);
        staff.extend(of_staff.map(|row| row.user_id));
    }
    Ok(staff)
}
