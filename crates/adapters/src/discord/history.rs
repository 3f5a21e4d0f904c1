//! One channel's history after a gap: what was posted, edited and deleted meanwhile. Decides what counts as deleted: only
//! a message of ours that Discord itself says does not exist; refuses to hand anything on.

use std::{
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
    time::Duration,
};

use ordercast_model::time::Timestamp;
use twilight_model::{
    channel::{Channel, Message},
    id::{Id, marker::ChannelMarker},
};

use super::{
    client::PAGE,
    delivery::Delivery,
    error::Trouble,
    map::{self, Place},
};

/// Messages read up on per channel: the newest of those missed.
pub(super) const MESSAGES_MAX: usize = 500;
/// Older messages looked through for edits and deletions, per channel and per thread.
const OLDER_MAX: usize = 500;
/// Missing messages asked about one by one, per channel: the newest.
const ASKED_MAX: usize = 100;
/// An edit this much older than the gap is offered as well: a connection is dead before it is known to be.
const EDIT_SLACK: Duration = Duration::from_secs(60);

/// What is looked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    /// Everything posted after this id.
    pub(super) from: u64,
    /// Nothing older than this id.
    pub(super) floor: u64,
    /// Since when edits and deletions were not heard either; none when they were.
    pub(super) deaf: Option<Timestamp>,
}

/// What was missed in one channel.
pub(super) struct Missed {
    pub(super) place: Place,
    /// Oldest first.
    pub(super) messages: Vec<(Place, Message)>,
    /// Older ones that we hold and that were edited meanwhile, oldest first.
    pub(super) edited: Vec<(Place, Message)>,
    /// Those that we hold and that are gone, newest first.
    pub(super) deleted: Vec<(Place, u64)>,
    /// More messages were missed than are read.
    pub(super) cut: bool,
    /// Missing messages nobody was asked about.
    pub(super) unasked: usize,
}

/// Threads of each guild that was asked about.
pub(super) type Threads = BTreeMap<u64, Vec<Channel>>;
/// Ids of the messages we hold, by thread.
type Holdings = BTreeMap<Option<u64>, BTreeSet<u64>>;

/// What one channel or thread shows.
#[derive(Default)]
struct Walk {
    fresh: Vec<Message>,
    edited: Vec<Message>,
    /// Every id that was shown.
    seen: BTreeSet<u64>,
    /// From this id on everything was shown.
    down_to: u64,
    cut: bool,
}

impl Delivery {
    /// What was missed in a channel and its threads; none when another shard has the channel.
    pub(super) async fn missed(
        &self,
        channel: Id<ChannelMarker>,
        window: Window,
        threads: &mut Threads,
    ) -> Result<Option<Missed>, Trouble> {
        let place = self.rest.place(channel).await?;
        let (number, total) = self.shard;
        if (place.guild >> 22) % u64::from(total.max(1)) != u64::from(number) {
            return Ok(None);
        }
        let held = self.held(channel, window).await?;
        let mut missed = Missed {
            place,
            messages: Vec::new(),
            edited: Vec::new(),
            deleted: Vec::new(),
            cut: false,
            unasked: 0,
        };
        let mut missing = Vec::new();
        for (inside, id) in self.rooms(place, (window, &held), threads).await? {
            let own = held.get(&inside.thread).cloned().unwrap_or_default();
            let walk = match self.walk(id, window, &own).await {
                // A thread that is deleted takes its messages with it without a word, as it does when it is heard.
                Err(Trouble::Gone) if inside.thread.is_some() => continue,
                walk => walk?,
            };
            missing.extend(
                own.difference(&walk.seen)
                    .filter(|id| **id >= walk.down_to)
                    .map(|id| (inside, *id)),
            );
            missed
                .messages
                .extend(walk.fresh.into_iter().map(|m| (inside, m)));
            missed.edited.extend(walk.edited.into_iter().map(|m| (inside, m)));
            missed.cut |= walk.cut;
        }
        missed.messages.sort_by_key(|(_, message)| message.id);
        missed.edited.sort_by_key(|(_, message)| message.id);
        if missed.messages.len() > MESSAGES_MAX {
            missed.messages.drain(..missed.messages.len() - MESSAGES_MAX);
            missed.cut = true;
        }
        self.confirm(missing, &mut missed).await?;
        Ok(Some(missed))
    }

    /// The messages of a channel that we hold and that nobody told us are deleted.
    async fn held(&self, channel: Id<ChannelMarker>, window: Window) -> Result<Holdings, Trouble> {
        let mut holdings = Holdings::new();
        if window.deaf.is_none() {
            return Ok(holdings);
        }
        let found = self
            .cursors
            .held(&channel.to_string(), &window.floor.to_string())
            .await
            .map_err(|why| Trouble::Later(format!("the stored messages cannot be read: {why}")))?;
        for message in found {
            let thread = message.thread.as_deref().map(str::parse).transpose();
            if let (Ok(id), Ok(thread)) = (message.id.parse::<u64>(), thread) {
                holdings.entry(thread).or_default().insert(id);
            }
        }
        Ok(holdings)
    }

    /// The channel and its threads in which anything was posted, or in which we hold anything.
    async fn rooms(
        &self,
        place: Place,
        (window, held): (Window, &Holdings),
        threads: &mut Threads,
    ) -> Result<Vec<(Place, Id<ChannelMarker>)>, Trouble> {
        if let Entry::Vacant(unknown) = threads.entry(place.guild) {
            unknown.insert(match self.rest.threads(place.guild).await {
                Ok(found) => found,
                Err(Trouble::Gone) => Vec::new(),
                Err(why) => return Err(why),
            });
        }
        let own = threads.get(&place.guild).into_iter().flatten();
        let touched = own
            .filter(|t| t.parent_id.map(Id::get) == Some(place.channel))
            .filter(|t| t.last_message_id.is_none_or(|last| last.get() > window.from))
            .map(|t| t.id.get());
        let rooms: BTreeSet<Option<u64>> = touched
            .map(Some)
            .chain(held.keys().copied())
            .chain([None])
            .collect();
        let room = |thread: Option<u64>| {
            let id = Id::new_checked(thread.unwrap_or(place.channel))?;
            Some((Place { thread, ..place }, id))
        };
        Ok(rooms.into_iter().filter_map(room).collect())
    }

    /// Reads one channel or thread from its end back to what was posted before the window, and to the oldest message we
    /// hold of it.
    async fn walk(
        &self,
        channel: Id<ChannelMarker>,
        window: Window,
        held: &BTreeSet<u64>,
    ) -> Result<Walk, Trouble> {
        let wanted = window.from.saturating_add(1);
        let lowest = held.first().copied().unwrap_or(wanted).min(wanted);
        let since = window.deaf.map(|deaf| deaf.minus(EDIT_SLACK));
        let late = |m: &Message| {
            map::edited_at(m)
                .zip(since)
                .is_some_and(|(at, since)| at >= since)
        };
        let mut walk = Walk::default();
        let mut before = None;
        loop {
            let page = self.rest.page(channel, before).await?;
            let full = page.ids.len() >= usize::from(PAGE);
            let oldest = page.ids.iter().min().copied().filter(|_| full);
            walk.seen.extend(&page.ids);
            for message in page.messages {
                let id = message.id.get();
                if id >= wanted {
                    walk.fresh.push(message);
                } else if held.contains(&id) && late(&message) {
                    walk.edited.push(message);
                }
            }
            walk.down_to = oldest.unwrap_or(0);
            let newer = walk.seen.range(wanted..).count();
            walk.cut = walk.down_to > wanted && newer >= MESSAGES_MAX;
            if walk.down_to <= lowest || walk.cut || walk.seen.len() - newer >= OLDER_MAX {
                return Ok(walk);
            }
            before = oldest.and_then(Id::new_checked);
        }
    }

    /// Asks about each message that its channel does not show: that a page lacks it proves nothing.
    async fn confirm(&self, mut missing: Vec<(Place, u64)>, missed: &mut Missed) -> Result<(), Trouble> {
        missing.sort_by_key(|(_, id)| std::cmp::Reverse(*id));
        missed.unasked = missing.len().saturating_sub(ASKED_MAX);
        missing.truncate(ASKED_MAX);
        let mut closed = BTreeSet::new();
        for (place, id) in missing {
            let channel = Id::new_checked(place.thread.unwrap_or(place.channel));
            let Some((channel, message)) = channel.zip(Id::new_checked(id)) else {
                continue;
            };
            if closed.contains(&channel) {
                continue;
            }
            match self.rest.is_there(channel, message).await {
                Ok(true) => {}
                Ok(false) => missed.deleted.push((place, id)),
                Err(Trouble::Gone) => {
                    tracing::warn!(%channel, "what is missing in a channel cannot be told from what may not be read");
                    closed.insert(channel);
                }
                Err(why) => return Err(why),
            }
        }
        Ok(())
    }
}
