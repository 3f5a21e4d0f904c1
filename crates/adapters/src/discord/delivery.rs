//! Hands what a shard read to intake, one after the other. Decides that the cursor of a channel never passes a message
//! that intake has not dealt with; refuses to go on while intake is busy.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use ordercast_model::{
    ports::{
        clock::{Clock, Random},
        source::{Cursors, Intake, Taken},
    },
    signal::raw::{RawMessage, RevisionKind},
    time::Timestamp,
};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use twilight_model::{
    channel::Message,
    id::{
        Id,
        marker::{ChannelMarker, GuildMarker},
    },
};

use super::{
    client::Rest,
    error::Trouble,
    map::{self, Arrival, Place},
    reader::{Away, Item},
    status::StatusBoard,
    wire::Ids,
};
use crate::backoff::Backoff;

/// How often a look-up is tried before the message is handed on without it.
const LOOK_UPS: u32 = 3;
/// Wait before the history of a channel that could not be read is asked for again.
pub(super) const BEHIND_WAIT: Duration = Duration::from_secs(5);

/// The program is stopping.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stopped;

/// From where a channel is still to be read. Intake moves a channel's cursor with what it takes meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Behind {
    pub(super) from: u64,
    /// When it was not heard; none when only a single message is missing.
    pub(super) away: Option<Away>,
}

/// The way from one shard to intake.
pub(super) struct Delivery {
    pub(super) rest: Arc<Rest>,
    pub(super) intake: Arc<dyn Intake>,
    pub(super) cursors: Arc<dyn Cursors>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) random: Arc<dyn Random>,
    pub(super) board: Arc<StatusBoard>,
    pub(super) token: CancellationToken,
    /// Number of the shard, and how many there are.
    pub(super) shard: (u32, u32),
    /// Where a channel begins that was never read.
    pub(super) since: u64,
    /// Channels in which a message was not ours to read, and has not been read since.
    pub(super) forbidden: BTreeSet<u64>,
    /// Channels whose history could not be read yet.
    pub(super) behind: BTreeMap<u64, Behind>,
    pub(super) behind_until: Timestamp,
}

impl Delivery {
    /// Runs until the shard's reader has ended and everything it read is handed on.
    pub(super) async fn run(mut self, mut items: mpsc::Receiver<Item>) {
        loop {
            if !self.behind.is_empty() && self.clock.now() >= self.behind_until {
                let again = std::mem::take(&mut self.behind);
                if self.catch_up_again(again).await.is_err() {
                    return;
                }
            }
            let item = if self.behind.is_empty() {
                items.recv().await
            } else {
                let later = self.clock.sleep_until(self.behind_until);
                tokio::select! {
                    biased;
                    item = items.recv() => item,
                    () = later => continue,
                }
            };
            let Some(item) = item else {
                return;
            };
            if self.deal(item).await.is_err() {
                return;
            }
        }
    }

    async fn deal(&mut self, item: Item) -> Result<(), Stopped> {
        match item {
            Item::Fresh(away) => self.catch_up_all(away).await,
            Item::Message(message, revision) => self.message(&message, revision).await,
            Item::Fetch(ids, revision) => self.fetch(ids, revision).await,
            Item::Deleted { channel, guild, ids } => {
                let Some(place) = self.place(channel, guild).await else {
                    return Ok(());
                };
                for id in ids {
                    self.offer(map::deleted(id, place, (self.clock.now(), false)))
                        .await?;
                }
                Ok(())
            }
        }
    }

    async fn fetch(&mut self, ids: Ids, revision: RevisionKind) -> Result<(), Stopped> {
        let mut refused = false;
        let mut backoff = self.backoff();
        for _ in 0..LOOK_UPS {
            match self.rest.message(ids.channel, ids.id).await {
                Ok(mut message) => {
                    message.guild_id = message.guild_id.or(ids.guild);
                    return self.message(&message, revision).await;
                }
                // Deleted meanwhile: the deletion comes by itself.
                Err(Trouble::NoMessage) => return Ok(()),
                // It exists and is not ours to read now: kept as missing, and said.
                Err(Trouble::Gone) => {
                    refused = true;
                    break;
                }
                Err(why) => tracing::debug!(%why, id = %ids.id, "a message cannot be fetched"),
            }
            self.wait(&mut backoff).await?;
        }
        // Not dealt with: the cursor stands still until the history has been read.
        tracing::warn!(id = %ids.id, channel = %ids.channel, "a message could not be fetched");
        if let Some(place) = self.place(ids.channel, ids.guild).await {
            let from = ids.id.get().saturating_sub(1);
            let behind = self
                .behind
                .entry(place.channel)
                .or_insert(Behind { from, away: None });
            behind.from = behind.from.min(from);
            if refused {
                self.forbidden.insert(place.channel);
                self.board.note(Some(self.forbidden_words()));
            }
            self.behind_until = self.clock.now().plus(BEHIND_WAIT);
        }
        Ok(())
    }

    pub(super) fn forbidden_words(&self) -> String {
        let channels: Vec<String> = self.forbidden.iter().map(ToString::to_string).collect();
        format!(
            "messages of these channels may not be read, give the bot Read Message History there: {}",
            channels.join(", ")
        )
    }

    async fn message(&self, message: &Message, revision: RevisionKind) -> Result<(), Stopped> {
        let Some(place) = self.place(message.channel_id, message.guild_id).await else {
            return Ok(());
        };
        // Discord tells of pins and of links it has unfolded as of edits; the author changed nothing.
        let pushed = map::is_written(message.kind)
            && (revision == RevisionKind::New || message.edited_timestamp.is_some());
        if pushed {
            let _stored_or_not = self.written(message, place, revision, false).await?;
        }
        if revision == RevisionKind::New && !self.behind.contains_key(&place.channel) {
            self.advance(place, message.id.get()).await;
        }
        Ok(())
    }

    pub(super) async fn written(
        &self,
        message: &Message,
        place: Place,
        revision: RevisionKind,
        backfilled: bool,
    ) -> Result<Taken, Stopped> {
        let roles = self.roles(message, place).await?;
        let arrival = Arrival {
            place,
            revision,
            received_at: self.clock.now(),
            backfilled,
        };
        self.offer(map::written(message, arrival, &roles)).await
    }

    pub(super) async fn advance(&self, place: Place, id: u64) {
        self.cursors
            .advance(&place.channel.to_string(), &id.to_string())
            .await;
    }

    /// Offers a message until intake takes it. Nothing else is offered meanwhile.
    pub(super) async fn offer(&self, message: RawMessage) -> Result<Taken, Stopped> {
        let mut backoff = self.backoff();
        loop {
            match self.intake.take(message.clone()).await {
                Taken::Busy => {}
                taken => return Ok(taken),
            }
            tracing::debug!(id = %message.source_id, "intake is busy");
            self.wait(&mut backoff).await?;
        }
    }

    /// The roles of an author whose message does not carry them: by then history, or a fetched message.
    async fn roles(&self, message: &Message, place: Place) -> Result<Vec<String>, Stopped> {
        if message.member.is_some() || message.webhook_id.is_some() {
            return Ok(Vec::new());
        }
        let mut backoff = self.backoff();
        for _ in 0..LOOK_UPS {
            match self.rest.roles(place.guild, message.author.id).await {
                Ok(roles) => return Ok(roles),
                Err(why) => tracing::debug!(%why, "the roles of an author cannot be read"),
            }
            self.wait(&mut backoff).await?;
        }
        Ok(Vec::new())
    }

    /// Where a message stands; none when it is in no guild.
    async fn place(&self, channel: Id<ChannelMarker>, guild: Option<Id<GuildMarker>>) -> Option<Place> {
        let mut backoff = self.backoff();
        for _ in 0..LOOK_UPS {
            match self.rest.place(channel).await {
                Ok(place) => return Some(place),
                Err(Trouble::Gone) => break,
                Err(why) => tracing::debug!(%why, %channel, "a channel cannot be looked up"),
            }
            if self.wait(&mut backoff).await.is_err() {
                break;
            }
        }
        // A channel nobody can look up any more: what the event says must do.
        guild.map(|guild| Place {
            guild: guild.get(),
            channel: channel.get(),
            thread: None,
        })
    }

    pub(super) fn backoff(&self) -> Backoff {
        Backoff::new(self.clock.clone(), self.random.clone())
    }

    pub(super) async fn wait(&self, backoff: &mut Backoff) -> Result<(), Stopped> {
        tokio::select! {
            biased;
            () = self.token.cancelled() => Err(Stopped),
            () = backoff.pause() => Ok(()),
        }
    }
}
