//! Takes credentials away from many at once (PRODUCT SEC-08): first they are switched off, so that nothing opens them any
//! more, and then, on confirmation, destroyed. Their users are told; what stands at the venue is left as it is.

use std::collections::BTreeSet;

use ordercast_model::{
    community::{Community, Membership},
    connection::{Connection, Health},
    ids::{CommunityId, UserId},
    journal::{
        entry::{Actor, Entry},
        kind::Kind,
    },
    ports::store::{Batch, CommitError, Page, Query, Scope, SystemQuery, find, find_any},
    tenant::{SystemScope, TenantScope},
};
use serde_json::json;

use super::{
    ATTEMPTS_MAX, Keyholder, KeyringError,
    survey::{PAGE, connections},
};

const SCOPE: SystemScope = SystemScope::housekeeping("credentials are revoked");
/// Rows written in one transaction.
const AT_ONCE: usize = 100;

/// Whose credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// Everybody's.
    All,
    /// Those of one venue, by its code.
    Venue(String),
    /// Those of a community's members.
    Community(CommunityId),
}

/// What is done to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Nothing opens them from here on.
    Disable,
    /// They are gone, of connections that are disabled.
    Destroy,
}

/// How many connections it took in, and whose.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Revoked {
    /// Connections changed.
    pub connections: u64,
    /// Those that were changed before.
    pub already: u64,
}

/// Takes the step for every connection in question. Safe to repeat: what is done stays done.
///
/// # Errors
/// When the store does not answer; what was changed stays changed.
pub async fn revoke(
    holder: &Keyholder,
    whose: &Whose,
    step: Step,
    actor: &Actor,
    reason: &str,
) -> Result<Revoked, KeyringError> {
    let members = match whose {
        Whose::Community(id) => Some(members(holder, *id).await?),
        Whose::All | Whose::Venue(_) => None,
    };
    let asked = |one: &Connection| match (whose, &members) {
        (Whose::Venue(venue), _) => one.broker == *venue,
        (_, Some(members)) => members.contains(&one.user_id),
        (_, None) => true,
    };
    let mut revoked = Revoked::default();
    for attempt in 0..ATTEMPTS_MAX {
        let (mut left, mut already) = (0_u64, 0_u64);
        let mut page = Page::first(PAGE);
        while let Some(rows) = connections(holder.store.as_ref(), &mut page).await? {
            let mut batches = Vec::new();
            for row in rows.iter().filter(|row| asked(row)) {
                match changed(holder, row, step, actor, reason) {
                    Some(batch) => batches.push((Scope::from(SCOPE), batch)),
                    None => already += 1,
                }
            }
            for some in batches.chunks(AT_ONCE) {
                for answer in holder.commit_all(some.to_vec()).await? {
                    match answer {
                        Ok(()) => revoked.connections += 1,
                        Err(CommitError::Conflict { .. }) => left += 1,
                        Err(error) => return Err(error.into()),
                    }
                }
            }
        }
        if attempt == 0 {
            revoked.already = already;
        }
        if left == 0 {
            return Ok(revoked);
        }
    }
    Err(KeyringError::Contended)
}

async fn members(holder: &Keyholder, id: CommunityId) -> Result<BTreeSet<UserId>, KeyringError> {
    let all = find_any::<Community>(holder.store.as_ref(), SCOPE, SystemQuery::Communities).await?;
    let community = all.into_iter().find(|one| one.id == id);
    let community = community.ok_or_else(|| KeyringError::NoCommunity(id.to_string()))?;
    let scope = TenantScope::of_community(&community);
    let mut members = BTreeSet::new();
    let mut page = Page::first(PAGE);
    loop {
        let rows = find::<Membership>(holder.store.as_ref(), &scope, Query::Members(page.clone())).await?;
        let Some(last) = rows.last() else {
            return Ok(members);
        };
        page.after = Some(format!("{} {}", last.community_id, last.user_id));
        members.extend(rows.iter().map(|row| row.user_id));
    }
}

/// The change of one connection; none when it is made already.
fn changed(holder: &Keyholder, row: &Connection, step: Step, actor: &Actor, reason: &str) -> Option<Batch> {
    let mut fresh = row.clone();
    fresh.version += 1;
    let mut batch = Batch::new();
    let entry = |kind: Kind| -> Entry {
        let mut entry = holder.entry(kind, ("connection", row.id.to_string()));
        entry.actor = actor.clone();
        entry.user = Some(row.user_id);
        entry.links.connection = Some(row.id);
        entry.reason = Some(reason.to_owned());
        entry
    };
    match step {
        Step::Disable if row.health == Health::Disabled => return None,
        Step::Disable => {
            fresh.health = Health::Disabled;
            fresh.health_reason = Some(reason.to_owned());
            let mut told = entry(Kind::ConnectionDisabled);
            told.before = Some(json!({ "state": row.health }));
            told.after = Some(json!({
                "state": Health::Disabled, "reason": reason,
                "message": format!(
                    "{}: {reason}. Ordercast places, moves and closes nothing there any more; orders and positions at the \
                     venue stay as they are, look after them there",
                    row.label
                ),
            }));
            batch.note(told);
        }
        Step::Destroy if row.credential.is_empty() || row.health != Health::Disabled => return None,
        Step::Destroy => {
            let names: Vec<&str> = row.credential.iter().map(|f| f.name.as_str()).collect();
            let mut told = entry(Kind::CredentialRevoked);
            told.after = Some(json!({ "fields": names }));
            batch.note(told);
            fresh.credential.clear();
        }
    }
    batch.update(fresh);
    Some(batch)
}
