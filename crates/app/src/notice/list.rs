//! What a user was told, or would have been: the own journal read through the same lines as private messages, whatever
//! is switched off there. Keeps nothing of its own.

use ordercast_model::{
    chat::Tone,
    ids::{OrderId, SignalId},
    ports::store::StoreError,
    tenant::TenantScope,
    time::Timestamp,
    user::User,
};

use super::line;
pub use super::line::Sort;
use crate::context::Context;

/// Entries of the journal read at once.
const ENTRIES: u32 = 500;
/// Entries looked at for one page; a page may end early here and says where to go on.
const LOOKED_MAX: usize = 5_000;

/// One notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Place of its entry in the journal.
    pub seq: u64,
    /// What it is about.
    pub sort: Sort,
    /// How it looks.
    pub tone: Tone,
    /// One or two words.
    pub title: &'static str,
    /// One sentence.
    pub text: String,
    /// When.
    pub at: Timestamp,
    /// Order it is about.
    pub order: Option<OrderId>,
    /// Signal it goes back to.
    pub signal: Option<SignalId>,
}

/// A page of notices.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Notices {
    /// Newest first.
    pub items: Vec<Notice>,
    /// Place to go on before; none at the end.
    pub next: Option<u64>,
}

/// Own notices before a place, newest first. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub async fn list(
    ctx: &Context,
    user: &User,
    before: Option<u64>,
    limit: usize,
) -> Result<Notices, StoreError> {
    let scope = TenantScope::of_user(user);
    let (mut page, mut place, mut looked) = (Notices::default(), before, 0);
    loop {
        let entries = ctx.store.of_user(&scope, place, None, ENTRIES).await?;
        let full = entries.len() == ENTRIES as usize;
        for chained in &entries {
            place = Some(chained.seq);
            looked += 1;
            let Some(line) = line::of(&chained.entry) else {
                continue;
            };
            page.items.push(Notice {
                seq: chained.seq,
                sort: line.sort,
                tone: line.tone,
                title: line.title,
                text: line.text,
                at: line.at,
                order: chained.entry.links.order,
                signal: chained.entry.links.signal,
            });
            if page.items.len() >= limit {
                page.next = place;
                return Ok(page);
            }
        }
        if !full || looked >= LOOKED_MAX {
            page.next = place.filter(|_| full);
            return Ok(page);
        }
    }
}
