//! Reads up on what was missed (PRODUCT SG-34): from each channel's cursor, at most 500 messages and 24 hours, oldest
//! first. Decides what is missed; refuses to judge whether it is too old to act on.

use std::{
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
    time::Duration,
};

use ordercast_model::signal::raw::RevisionKind;
use twilight_model::{
    channel::{Channel, Message},
    id::{Id, marker::ChannelMarker},
};

use super::{
    client::PAGE,
    delivery::{BEHIND_WAIT, Delivery, Stopped},
    error::Trouble,
    map::{self, Place},
};

/// Messages read up on per channel: the newest of those missed.
const MESSAGES_MAX: usize = 500;
/// How far back.
const SPAN_MAX: Duration = Duration::from_secs(24 * 3_600);

/// What was missed in one channel.
struct Missed {
    place: Place,
    /// Oldest first.
    messages: Vec<(Place, Message)>,
    /// There was more than is read.
    cut: bool,
}

impl Delivery {
    /// Reads up on every enabled channel of this shard, or on those given.
    pub(super) async fn catch_up(&mut self, only: Option<BTreeSet<u64>>) -> Result<(), Stopped> {
        let channels = self.enabled().await?;
        let floor = map::first_id(self.clock.now().minus(SPAN_MAX));
        let mut threads = BTreeMap::new();
        for (channel, cursor) in channels {
            if only.as_ref().is_some_and(|only| !only.contains(&channel.get())) {
                continue;
            }
            let from = cursor.unwrap_or(self.since).max(floor);
            let missed = tokio::select! {
                biased;
                () = self.token.cancelled() => return Err(Stopped),
                missed = self.missed(channel, from, &mut threads) => missed,
            };
            match missed {
                Ok(Some(missed)) => self.hand_on(missed).await?,
                Ok(None) => {}
                Err(Trouble::Gone) => {
                    tracing::warn!(%channel, "an enabled channel is gone or may not be read");
                    self.board
                        .note(Some(format!("channel {channel} is gone or may not be read")));
                }
                Err(why) => {
                    tracing::warn!(%channel, %why, "the history of a channel cannot be read yet");
                    self.behind.insert(channel.get());
                }
            }
        }
        if self.behind.is_empty() {
            if only.is_some() {
                self.board.note(None);
            }
        } else {
            self.behind_until = self.clock.now().plus(BEHIND_WAIT);
            self.board.note(Some(format!(
                "the history of {} channels cannot be read yet",
                self.behind.len()
            )));
        }
        Ok(())
    }

    /// The enabled channels with their cursors; asked for until the store answers.
    async fn enabled(&self) -> Result<Vec<(Id<ChannelMarker>, Option<u64>)>, Stopped> {
        let mut backoff = self.backoff();
        loop {
            match self.cursors.channels().await {
                Ok(channels) => {
                    let read = channels.into_iter().filter_map(|(channel, cursor)| {
                        let id = channel.parse().ok().and_then(Id::new_checked);
                        if id.is_none() {
                            tracing::warn!(%channel, "an enabled channel has no id of Discord");
                        }
                        Some((id?, cursor.and_then(|c| c.parse().ok())))
                    });
                    return Ok(read.collect());
                }
                Err(why) => tracing::warn!(%why, "the cursors cannot be read"),
            }
            self.wait(&mut backoff).await?;
        }
    }

    /// What was posted in a channel and its threads after an id; none when another shard has the channel.
    async fn missed(
        &self,
        channel: Id<ChannelMarker>,
        from: u64,
        threads: &mut BTreeMap<u64, Vec<Channel>>,
    ) -> Result<Option<Missed>, Trouble> {
        let place = self.rest.place(channel).await?;
        let (number, total) = self.shard;
        if (place.guild >> 22) % u64::from(total.max(1)) != u64::from(number) {
            return Ok(None);
        }
        let (mut messages, mut cut) = self.history(place, channel, from).await?;
        if let Entry::Vacant(unknown) = threads.entry(place.guild) {
            unknown.insert(match self.rest.threads(place.guild).await {
                Ok(found) => found,
                Err(Trouble::Gone) => Vec::new(),
                Err(why) => return Err(why),
            });
        }
        let mine = |t: &&Channel| t.parent_id == Some(channel);
        let touched = |t: &&Channel| t.last_message_id.is_none_or(|last| last.get() > from);
        let own = threads.get(&place.guild).into_iter().flatten();
        for thread in own.filter(mine).filter(touched) {
            let inside = Place {
                thread: Some(thread.id.get()),
                ..place
            };
            let (more, more_cut) = self.history(inside, thread.id, from).await?;
            messages.extend(more);
            cut |= more_cut;
        }
        messages.sort_by_key(|(_, message)| message.id);
        if messages.len() > MESSAGES_MAX {
            messages.drain(..messages.len() - MESSAGES_MAX);
            cut = true;
        }
        Ok(Some(Missed { place, messages, cut }))
    }

    /// The newest messages after an id, in no order, and whether there were more.
    async fn history(
        &self,
        place: Place,
        channel: Id<ChannelMarker>,
        from: u64,
    ) -> Result<(Vec<(Place, Message)>, bool), Trouble> {
        let mut found = Vec::new();
        let mut before = None;
        loop {
            let page = self.rest.page(channel, before).await?;
            before = page.iter().map(|m| m.id).min();
            let full = page.len() >= usize::from(PAGE);
            let reached = before.is_none_or(|oldest| oldest.get() <= from);
            found.extend(page.into_iter().filter(|m| m.id.get() > from).map(|m| (place, m)));
            if reached || !full {
                return Ok((found, false));
            }
            if found.len() >= MESSAGES_MAX {
                return Ok((found, true));
            }
        }
    }

    async fn hand_on(&self, missed: Missed) -> Result<(), Stopped> {
        let count = missed.messages.len();
        if count > 0 {
            tracing::info!(
                channel = missed.place.channel,
                count,
                cut = missed.cut,
                "missed messages are read"
            );
        }
        if missed.cut {
            let text = format!(
                "channel {}: over {MESSAGES_MAX} messages were missed, the oldest are left out",
                missed.place.channel
            );
            self.board.note(Some(text));
        }
        for (place, message) in &missed.messages {
            if map::is_written(message.kind) {
                self.written(message, *place, RevisionKind::New, true).await?;
            }
            self.advance(*place, message.id.get()).await;
        }
        Ok(())
    }
}
