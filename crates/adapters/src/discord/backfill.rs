//! Reads up on what was missed (PRODUCT SG-34): from each channel's cursor, at most 500 messages and 24 hours, oldest
//! first, and what was edited and deleted before it. Refuses to judge whether it is too old to act on.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use ordercast_model::{
    ports::source::{Gap, Taken},
    signal::raw::RevisionKind,
};
use twilight_model::{
    channel::Message,
    id::{Id, marker::ChannelMarker},
};

use super::{
    delivery::{BEHIND_WAIT, Behind, Delivery, Stopped},
    error::Trouble,
    history::{MESSAGES_MAX, Missed, Window},
    map::{self, Place},
    reader::Away,
};

/// How far back.
const SPAN_MAX: Duration = Duration::from_secs(24 * 3_600);

/// A shorter gap in which nothing was missed is not worth a word: a restart takes as long.
const GAP_MIN: Duration = Duration::from_secs(10);

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
            let since = |away: Away| away.since.unwrap_or_else(|| map::posted_at(stand.from));
            let window = Window {
                from: stand.from.max(floor),
                floor,
                deaf: stand.away.map(since),
            };
            let missed = tokio::select! {
                biased;
                () = self.token.cancelled() => return Err(Stopped),
                missed = self.missed(channel, window, &mut threads) => missed,
            };
            match missed {
                Ok(Some(missed)) => {
                    if missed.messages.is_empty() && self.forbidden.contains(&number) {
                        self.behind.insert(number, stand);
                    } else {
                        self.forbidden.remove(&number);
                    }
                    self.hand_on(missed, stand).await?;
                }
                Ok(None) => {}
                Err(Trouble::Gone | Trouble::NoMessage) => {
                    self.forbidden.remove(&number);
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
            self.board.note(Some(if self.forbidden.is_empty() {
                format!("the history of {} channels cannot be read yet", self.behind.len())
            } else {
                self.forbidden_words()
            }));
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

    /// Deletions and edits come first: what was posted meanwhile is read as if they had been heard.
    async fn hand_on(&mut self, missed: Missed, stand: Behind) -> Result<(), Stopped> {
        self.note(&missed);
        let mut deleted = 0_u32;
        for (place, id) in &missed.deleted {
            let gone = map::deleted(*id, *place, (self.clock.now(), true));
            if self.offer(gone).await? == Taken::Stored {
                deleted = deleted.saturating_add(1);
            }
        }
        let mut edited = 0_u32;
        for (place, message) in &missed.edited {
            if self.amended(message, *place).await? {
                edited = edited.saturating_add(1);
            }
        }
        let mut read = Vec::new();
        for (place, message) in &missed.messages {
            if map::is_written(message.kind) {
                match self.written(message, *place, RevisionKind::New, true).await? {
                    Taken::Stored => read.push(map::posted_at(message.id.get())),
                    Taken::Known if self.amended(message, *place).await? => edited = edited.saturating_add(1),
                    _ => {}
                }
            }
            self.advance(*place, message.id.get()).await;
        }
        let Some(away) = stand.away else {
            return Ok(());
        };
        let gap = Gap {
            channel: missed.place.channel.to_string(),
            since: away.since.unwrap_or_else(|| map::posted_at(stand.from)),
            until: away.until,
            read,
            edited,
            deleted,
            cut: missed.cut || missed.unasked > 0,
        };
        self.tell(gap, away).await
    }

    /// Offers the present text of a message that is known already; whether it was news.
    async fn amended(&self, message: &Message, place: Place) -> Result<bool, Stopped> {
        if message.edited_timestamp.is_none() || !map::is_written(message.kind) {
            return Ok(false);
        }
        let taken = self.written(message, place, RevisionKind::Edited, true).await?;
        Ok(taken == Taken::Stored)
    }

    fn note(&self, missed: &Missed) {
        let channel = missed.place.channel;
        let (count, edited, deleted) = (missed.messages.len(), missed.edited.len(), missed.deleted.len());
        if count + edited + deleted > 0 {
            tracing::info!(channel, count, edited, deleted, "what was missed is read");
        }
        if missed.cut {
            let text = format!(
                "channel {channel}: over {MESSAGES_MAX} messages were missed, the oldest are left out"
            );
            self.board.note(Some(text));
        } else if missed.unasked > 0 {
            let text = format!(
                "channel {channel}: {} missing messages may be deleted, and were not asked about",
                missed.unasked
            );
            self.board.note(Some(text));
        }
    }

    /// Tells of a gap that was long enough, or in which anything was missed; until it is taken.
    async fn tell(&self, mut gap: Gap, away: Away) -> Result<(), Stopped> {
        // What was posted since is read as well, but was not missed.
        gap.read.retain(|at| *at <= away.until);
        let anything = !gap.read.is_empty() || gap.edited + gap.deleted > 0 || gap.cut;
        let long = away.since.is_some_and(|since| away.until.since(since) >= GAP_MIN);
        if !anything && !long {
            return Ok(());
        }
        let mut backoff = self.backoff();
        while let Err(why) = self.cursors.gap(gap.clone()).await {
            tracing::warn!(%why, channel = gap.channel, "a gap is not told yet");
            self.wait(&mut backoff).await?;
        }
        Ok(())
    }
}
