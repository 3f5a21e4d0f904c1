//! Where reading of each Discord channel stands, and who is told when a channel was not heard for a while (PRODUCT
//! SG-34). Refuses to know how channels are read.

use std::{collections::BTreeSet, time::Duration};

use ordercast_model::{
    community::{Channel, Membership, Provider, Role},
    follow::Follow,
    ids::UserId,
    journal::{entry::Actor, entry::Entry, kind::Kind},
    limits::Limits,
    notice::Bookmark,
    ports::{
        BoxFuture,
        source::{ChannelCursor, Cursors, Gap, Held},
        store::{Batch, CommitError, Keyed, Page, Query, StoreError, SystemQuery, find, find_any},
    },
    signal::{raw::RevisionKind, record::Message},
    tenant::{SystemScope, TenantScope},
    time::Timestamp,
};
use serde_json::{Value, json};

use crate::{chat::COMMAND, context::Context, intake::newer};

/// How often a row is tried again when another task changed it meanwhile.
const ATTEMPTS_MAX: u32 = 8;
/// How the source key of a Discord channel begins; its snowflake follows.
const DISCORD: &str = "discord:";
/// Name of the bookmark of the last instant at which every channel was heard; it holds milliseconds.
const HEARD: &str = "discord.heard";
/// Members, followers, and entries of one transaction.
const PAGE: u32 = 500;
const READING: SystemScope = SystemScope::housekeeping("one bot reads the channels of every community");

/// Where reading of each enabled Discord channel stands, kept on the channel's own row.
pub struct Bookmarks(pub Context);

impl Bookmarks {
    async fn enabled(&self) -> Result<Vec<Channel>, StoreError> {
        find_any::<Channel>(self.0.store.as_ref(), READING, SystemQuery::ChannelsEnabled).await
    }

    async fn channel(&self, snowflake: &str) -> Result<Option<Channel>, StoreError> {
        let key = format!("{DISCORD}{snowflake}");
        Ok(self.enabled().await?.into_iter().find(|c| c.source_key == key))
    }

    async fn move_to(&self, channel: &str, id: &str) -> Result<(), CommitError> {
        let Some(mut row) = self.channel(channel).await? else {
            return Ok(());
        };
        if !newer(id, row.cursor.as_deref()) {
            return Ok(());
        }
        row.cursor = Some(id.to_owned());
        row.version += 1;
        let scope = TenantScope::of_community(&row);
        let mut batch = Batch::new();
        batch.update(row);
        self.0.commit(scope, batch).await
    }

    async fn mark(&self) -> Result<Option<Bookmark>, StoreError> {
        let query = SystemQuery::Bookmark(HEARD.to_owned());
        let found = find_any::<Bookmark>(self.0.store.as_ref(), READING, query).await?;
        Ok(found.into_iter().next())
    }

    async fn note_heard(&self, until: Timestamp) -> Result<(), CommitError> {
        let next = u64::try_from(until.millis()).unwrap_or(0);
        let mut batch = Batch::new();
        match self.mark().await? {
            Some(mark) if mark.next >= next => return Ok(()),
            Some(mark) => batch.update(Bookmark {
                version: mark.version + 1,
                next,
                ..mark
            }),
            None => batch.insert(Bookmark {
                name: HEARD.to_owned(),
                version: 1,
                next,
            }),
        }
        self.0.commit(READING, batch).await
    }

    async fn tell(&self, gap: &Gap) -> Result<(), StoreError> {
        let Some(channel) = self.channel(&gap.channel).await? else {
            return Ok(());
        };
        let told = facts(gap, &channel, self.0.now());
        let entry = |user: Option<UserId>| -> Entry {
            let mut entry = self.0.entry(
                Kind::SignalGap,
                Actor::system("discord"),
                ("channel", channel.id.to_string()),
            );
            // The community's own entry names nobody; each listener's copy names no community.
            entry.community = user.is_none().then_some(channel.community_id);
            entry.user = user;
            entry.after = Some(told.clone());
            entry
        };
        let listeners: Vec<UserId> = self.listeners(&channel).await?.into_iter().collect();
        let mut batch = Batch::new();
        batch.note(entry(None));
        for users in listeners.chunks(PAGE as usize) {
            users.iter().for_each(|user| batch.note(entry(Some(*user))));
            self.write(std::mem::take(&mut batch)).await?;
        }
        self.write(batch).await
    }

    async fn standing(&self, snowflake: &str, from: &str) -> Result<Vec<Held>, StoreError> {
        let Some(channel) = self.channel(snowflake).await? else {
            return Ok(Vec::new());
        };
        let scope = TenantScope::of_community(&channel);
        let query = Query::MessagesFrom(channel.source_key, from.to_owned());
        let found = find::<Message>(self.0.store.as_ref(), &scope, query).await?;
        let stands = |m: &Message| m.kind != RevisionKind::Deleted && !m.content.text.starts_with(COMMAND);
        Ok(found
            .into_iter()
            .filter(stands)
            .map(|m| Held {
                id: m.source_id,
                thread: m.thread_of,
            })
            .collect())
    }

    async fn write(&self, batch: Batch) -> Result<(), StoreError> {
        if batch.journal.is_empty() {
            return Ok(());
        }
        match self.0.commit(READING, batch).await {
            Err(CommitError::Store(error)) => Err(error),
            Err(error) => {
                tracing::error!(%error, "a gap is not journaled");
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }

    /// The staff of the channel's community, and who follows a provider that speaks in the channel.
    async fn listeners(&self, channel: &Channel) -> Result<BTreeSet<UserId>, StoreError> {
        let store = self.0.store.as_ref();
        let scope = TenantScope::of_community(channel);
        let mut listeners = BTreeSet::new();
        let mut page = Page::first(PAGE);
        loop {
            let members = find::<Membership>(store, &scope, Query::Members(page.clone())).await?;
            let staff = members.iter().filter(|m| m.role >= Role::Moderator);
            listeners.extend(staff.map(|m| m.user_id));
            match members.last() {
                Some(last) if members.len() >= PAGE as usize => {
                    page.after = Some(last.key());
                }
                _ => break,
            }
        }
        let providers = find::<Provider>(store, &scope, Query::Providers).await?;
        for provider in providers.iter().filter(|p| p.channels.contains(&channel.id)) {
            let mut page = Page::first(PAGE);
            loop {
                let query = SystemQuery::Followers(provider.id, page.clone());
                let follows = find_any::<Follow>(store, READING, query).await?;
                listeners.extend(follows.iter().map(|f| f.user_id));
                match follows.last() {
                    Some(last) if follows.len() >= PAGE as usize => page.after = Some(last.id.to_string()),
                    _ => break,
                }
            }
        }
        Ok(listeners)
    }
}

/// What a gap's entry says. Stale is what was too old to open anything when it was read, by the platform's default age;
/// each follower's own decisions say what came of it.
fn facts(gap: &Gap, channel: &Channel, now: Timestamp) -> Value {
    let limits = Limits::default();
    let older = |seconds: u32| {
        let age = Duration::from_secs(u64::from(seconds));
        gap.read.iter().filter(|at| now.since(**at) > age).count()
    };
    let (stale, stale_exits) = (older(limits.open_age_seconds), older(limits.exit_age_seconds));
    let seconds = gap.until.since(gap.since).as_secs();
    json!({
        "about": Kind::SignalGap.code(),
        "channel_id": channel.id,
        "channel": channel.name,
        "since": gap.since,
        "until": gap.until,
        "seconds": seconds,
        "read": gap.read.len(),
        "stale": stale,
        "stale_exits": stale_exits,
        "edited": gap.edited,
        "deleted": gap.deleted,
        "cut": gap.cut,
        "message": words(gap, &channel.name, seconds, stale),
    })
}

/// The same in a sentence.
fn words(gap: &Gap, channel: &str, seconds: u64, stale: usize) -> String {
    let length = match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7_199 => format!("{} min", seconds / 60),
        _ => format!("{} h", seconds / 3_600),
    };
    let mut found = match gap.read.len() {
        0 => "no signal was missed".to_owned(),
        1 => "1 missed message was read afterwards".to_owned(),
        n => format!("{n} missed messages were read afterwards"),
    };
    if stale > 0 {
        found.push_str(&format!(", {stale} too old to open anything"));
    }
    for (count, what) in [(gap.edited, "edited"), (gap.deleted, "deleted")] {
        if count > 0 {
            found.push_str(&format!(", {count} {what} meanwhile"));
        }
    }
    if gap.cut {
        found.push_str("; older ones were left out");
    }
    format!("#{channel} was not heard for {length}: {found}")
}

impl Cursors for Bookmarks {
    fn channels(&self) -> BoxFuture<'_, Result<Vec<ChannelCursor>, StoreError>> {
        Box::pin(async move {
            let channels = self.enabled().await?.into_iter();
            Ok(channels
                .filter_map(|c| Some((c.source_key.strip_prefix(DISCORD)?.to_owned(), c.cursor)))
                .collect())
        })
    }
    fn advance<'a>(&'a self, channel: &'a str, id: &'a str) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            for _ in 0..ATTEMPTS_MAX {
                match self.move_to(channel, id).await {
                    Err(CommitError::Conflict { .. }) => {}
                    Err(error) => return tracing::warn!(%error, channel, "reading position not kept"),
                    Ok(()) => return,
                }
            }
        })
    }
    fn heard(&self, until: Timestamp) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            if let Err(error) = self.note_heard(until).await {
                tracing::debug!(%error, "the last instant heard is not kept");
            }
        })
    }
    fn last_heard(&self) -> BoxFuture<'_, Result<Option<Timestamp>, StoreError>> {
        Box::pin(async move {
            let mark = self.mark().await?;
            Ok(mark.map(|m| Timestamp::from_millis(i64::try_from(m.next).unwrap_or(i64::MAX))))
        })
    }
    fn held<'a>(&'a self, channel: &'a str, from: &'a str) -> BoxFuture<'a, Result<Vec<Held>, StoreError>> {
        Box::pin(self.standing(channel, from))
    }
    fn gap(&self, gap: Gap) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move { self.tell(&gap).await })
    }
}
