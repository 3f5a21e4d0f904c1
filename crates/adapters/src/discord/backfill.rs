//! Reads up on what was missed (PRODUCT SG-34): from each channel's cursor, at most 500 messages and 24 hours, oldest
//! first. Decides what is missed; refuses to judge whether it is too old to act on.

use std::{
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
    time::Duration,
};

use ordercast_model::{
    ports::source::{Gap, Taken},
    signal::raw::RevisionKind,
    time::Timestamp,
};
use twilight_model::{
    channel::{Channel, Message},
    id::{Id, marker::ChannelMarker},
};

use super::{
    client::PAGE,
    delivery::{BEHIND_WAIT, Behind, Delivery, Stopped},
    error::Trouble,
    map::{self, Place},
    reader::Away,
};

/// Messages read up on per channel: the newest of those missed.
const MESSAGES_MAX: usize = 500;
/// How far back.
const SPAN_MAX: Duration = Duration::from_secs(24 * 3_600);

/// A shorter gap in which nothing was missed is not worth a word: a restart takes as long.
const GAP_MIN: Duration = Duration::from_secs(10);

/// What was missed in one channel.
struct Missed {
    place: Place,
    /// Oldest first.
    messages: Vec<(Place, Message)>,
    /// There was more than is read.
    cut: bool,
}

impl Delivery {
    /// Reads up on every enabled channel of this shard: there was no session for a while.
    pub(super) async fn catch_up_all(&mut self, away: Away) -> Result<(), Stopped> {
        let channels = self.enabled().await?;
        let since = self.since;
        let mut behind: BTreeMap<_, _> = channels
            .into_iter()
            .map(|(channel, cursor)| {
                let from = cursor.unwrap_or(since);
                // What was never read was never heard, and was not missed.
                let known = cursor.is_some() || away.since.is_some();
                (
                    channel.get(),
                    Behind {
                        from,
                        away: known.then_some(away),
                    },
                )
            })
            .collect();
        // What could not be read the last time is still missing, and for longer.
        for (channel, earlier) in std::mem::take(&mut self.behind) {
            if let Some(now) = behind.get_mut(&channel) {
                now.from = now.from.min(earlier.from);
                if let (Some(now), Some(earlier)) = (&mut now.away, earlier.away) {
                    now.since = earlier.since.or(now.since);
                }
            }
        }
        self.catch_up(behind).await
    }

    /// Reads up on the channels whose history could not be read before.
    pub(super) async fn catch_up_again(&mut self, mut behind: BTreeMap<u64, Behind>) -> Result<(), Stopped> {
        let enabled: BTreeSet<u64> = self.enabled().await?.into_iter().map(|(c, _)| c.get()).collect();
        behind.retain(|channel, _| enabled.contains(channel));
        self.catch_up(behind).await?;
        if self.behind.is_empty() {
            self.board.note(None);
        }
        Ok(())
    }

    async fn catch_up(&mut self, behind: BTreeMap<u64, Behind>) -> Result<(), Stopped> {
        let floor = map::first_id(self.clock.now().minus(SPAN_MAX));
        let mut threads = BTreeMap::new();
        for (number, stand) in behind {
            let Some(channel) = Id::<ChannelMarker>::new_checked(number) else {
                continue;
            };
            let from = stand.from.max(floor);
            let missed = tokio::select! {
                biased;
                () = self.token.cancelled() => return Err(Stopped),
                missed = self.missed(channel, from, &mut threads) => missed,
            };
            match missed {
                Ok(Some(missed)) => self.hand_on(missed, stand).await?,
                Ok(None) => {}
                Err(Trouble::Gone) => {
                    tracing::warn!(%channel, "an enabled channel is gone or may not be read");
                    self.board
                        .note(Some(format!("channel {channel} is gone or may not be read")));
                }
                Err(why) => {
                    tracing::warn!(%channel, %why, "the history of a channel cannot be read yet");
                    self.behind.insert(number, stand);
                }
            }
        }
        if !self.behind.is_empty() {
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

    async fn hand_on(&self, missed: Missed, stand: Behind) -> Result<(), Stopped> {
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
        let mut read = Vec::new();
        for (place, message) in &missed.messages {
            if map::is_written(message.kind)
                && self.written(message, *place, RevisionKind::New, true).await? == Taken::Stored
            {
                read.push(map::posted_at(message.id.get()));
            }
            self.advance(*place, message.id.get()).await;
        }
        match stand.away {
            Some(away) => self.tell(&missed, (stand.from, away), read).await,
            None => Ok(()),
        }
    }

    /// Tells of a gap that was long enough, or in which anything was missed; until it is taken.
    async fn tell(
        &self,
        missed: &Missed,
        (from, away): (u64, Away),
        mut read: Vec<Timestamp>,
    ) -> Result<(), Stopped> {
        // What was posted since is read as well, but was not missed.
        read.retain(|at| *at <= away.until);
        let anything = !read.is_empty() || missed.cut;
        let long = away.since.is_some_and(|since| away.until.since(since) >= GAP_MIN);
        if !anything && !long {
            return Ok(());
        }
        let gap = Gap {
            channel: missed.place.channel.to_string(),
            since: away.since.unwrap_or_else(|| map::posted_at(from)),
            until: away.until,
            read,
            edited: 0,
            deleted: 0,
            cut: missed.cut,
        };
        let mut backoff = self.backoff();
        while let Err(why) = self.cursors.gap(gap.clone()).await {
            tracing::warn!(%why, channel = gap.channel, "a gap is not told yet");
            self.wait(&mut backoff).await?;
        }
        Ok(())
    }
}
