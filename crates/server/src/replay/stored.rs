//! Reads a provider's history from the database as it was received: every revision at its time, deletions too. Changes
//! nothing there; works beside a running program.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use ordercast_model::{
    community::{Community, Provider},
    ports::store::{Page, Query, Store, SystemQuery, find, find_any, get},
    signal::{
        profile::{Profile, ProfileVersion},
        raw::{RawMessage, RevisionKind, Source},
        record::Message,
    },
    tenant::{SystemScope, TenantScope},
};

use super::export::History;

const READING: SystemScope = SystemScope::housekeeping("a replay names its provider, not its tenant");
/// Rows read at once.
const PAGE: u32 = 1_000;
/// Names shown when none fits.
const SHOWN_MAX: usize = 20;

/// What the database holds of a provider.
pub struct Stored {
    /// Its messages.
    pub history: History,
    /// What it has taught by now, if anything.
    pub taught: Option<Profile>,
}

/// Reads the history of the provider with this name or id. With `of`, only messages of that author.
///
/// # Errors
/// When no provider or more than one is called that, when nothing of it is stored, or the database does not answer.
pub async fn read(store: &dyn Store, called: &str, of: Option<&str>) -> Result<Stored> {
    let provider = provider(store, called).await?;
    let scope = TenantScope::of_community(&provider);
    let community = get::<Community>(store, &scope, &provider.community_id.to_string()).await?;
    let mut messages = messages(store, &scope, &provider).await?;
    if let Some(of) = of {
        messages.retain(|m| m.author.id == of || m.author.name.eq_ignore_ascii_case(of));
    }
    if messages.is_empty() {
        let of = of.map_or_else(String::new, |of| {
            format!(" of an author with the id or name {of:?}")
        });
        bail!("--provider: no message of {} is stored{of}", provider.name);
    }
    let mut sources: Vec<Source> = Vec::new();
    let mut authors = BTreeMap::new();
    for message in &messages {
        if !sources.contains(&message.source) {
            sources.push(message.source.clone());
        }
        authors.insert(message.author.id.clone(), message.author.name.clone());
    }
    let query = Query::Profiles(provider.id, Page::first(1));
    let newest = find::<ProfileVersion>(store, &scope, query).await?.pop();
    let (guild, guild_id) = community.map_or_else(Default::default, |c| (c.name, c.guild_id));
    Ok(Stored {
        history: History {
            guild,
            guild_id,
            channel: provider.name.clone(),
            edited: messages
                .iter()
                .filter(|m| m.revision == RevisionKind::Edited)
                .count(),
            notices: 0,
            revisions: true,
            sell_opens_short: provider.sell_opens_short,
            sources,
            authors,
            messages,
        },
        taught: newest.map(|version| version.profile),
    })
}

async fn provider(store: &dyn Store, called: &str) -> Result<Provider> {
    let all = find_any::<Provider>(store, READING, SystemQuery::Providers).await?;
    let fits = |p: &&Provider| p.id.to_string() == called || p.name.eq_ignore_ascii_case(called);
    let found: Vec<&Provider> = all.iter().filter(fits).collect();
    match found.as_slice() {
        [one] => Ok((*one).clone()),
        [] if all.is_empty() => bail!("--provider: this database knows no provider"),
        [] => {
            let names: Vec<&str> = all.iter().take(SHOWN_MAX).map(|p| p.name.as_str()).collect();
            let more = if all.len() > SHOWN_MAX { ", ..." } else { "" };
            bail!(
                "--provider: expected the name or id of a provider ({}{more}), got {called:?}",
                names.join(", ")
            )
        }
        several => {
            let ids: Vec<String> = several.iter().map(|p| p.id.to_string()).collect();
            bail!(
                "--provider: {} providers are called {called:?}; give one of the ids {}",
                ids.len(),
                ids.join(", ")
            )
        }
    }
}

/// Every revision, in the order in which it was received.
async fn messages(store: &dyn Store, scope: &TenantScope, provider: &Provider) -> Result<Vec<RawMessage>> {
    let (mut rows, mut page) = (Vec::new(), Page::first(PAGE));
    loop {
        let query = Query::MessagesOfProvider(provider.id, page.clone());
        let found = find::<Message>(store, scope, query).await?;
        let full = found.len() == PAGE as usize;
        page.after = found.last().map(|m| m.id.to_string());
        rows.extend(found);
        if !full {
            break;
        }
    }
    rows.sort_by_key(|m| (m.received_at, m.id));
    Ok(rows.into_iter().map(raw).collect())
}

fn raw(row: Message) -> RawMessage {
    RawMessage {
        source: row.source,
        source_id: row.source_id,
        revision: row.kind,
        author: row.author,
        content: row.content,
        reply_to: row.reply_to,
        thread_of: row.thread_of,
        posted_at: row.posted_at,
        edited_at: row.edited_at,
        received_at: row.received_at,
        backfilled: false,
    }
}
