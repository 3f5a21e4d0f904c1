//! Which stored message is carried next: one at a time of a channel and of a provider, oldest first, and nobody else
//! waits for them. Knows the messages, not what becomes of them.

use std::collections::{BTreeSet, VecDeque};

use ordercast_model::{
    ids::{ChannelId, MessageId, ProviderId},
    signal::record::Message,
    time::Timestamp,
};

/// Messages carried at the same time.
const ABREAST_MAX: usize = 64;

/// What waits and what is under way.
#[derive(Debug, Default)]
pub(super) struct Desk {
    /// Known to wait, oldest first.
    pub(super) waiting: VecDeque<Message>,
    /// Whether the store holds more that waits.
    pub(super) more: bool,
    /// Under way.
    pub(super) working: BTreeSet<MessageId>,
    /// After trouble, until when.
    resting: VecDeque<(Timestamp, Message)>,
    channels: BTreeSet<ChannelId>,
    providers: BTreeSet<ProviderId>,
}

impl Desk {
    /// The oldest message that nothing before it holds up, with what waits of the same posting behind it.
    pub(super) fn next(&mut self) -> Option<(Message, Vec<Message>)> {
        if self.working.len() >= ABREAST_MAX {
            return None;
        }
        let (mut channels, mut providers) = (self.channels.clone(), self.providers.clone());
        let unhindered = |message: &Message| {
            let first = channels.insert(message.channel_id);
            let own = message.provider_id.is_none_or(|id| providers.insert(id));
            first && own
        };
        let at = self.waiting.iter().position(unhindered)?;
        let message = self.waiting.remove(at)?;
        self.working.insert(message.id);
        self.channels.insert(message.channel_id);
        self.providers.extend(message.provider_id);
        let same = |m: &&Message| m.source == message.source && m.source_id == message.source_id;
        let later = self.waiting.iter().filter(same).cloned().collect();
        Some((message, later))
    }

    /// A message is no longer under way; tells whether the store is to be asked for more at once.
    pub(super) fn dealt(&mut self, message: &Message) -> bool {
        self.working.remove(&message.id);
        self.free(message);
        self.more && self.waiting.is_empty()
    }

    /// A message could not be dealt with: its channel and its provider rest until an instant, so that nothing
    /// overtakes it.
    pub(super) fn rest(&mut self, message: Message, until: Timestamp) {
        self.working.remove(&message.id);
        self.resting.push_back((until, message));
    }

    /// Ends the rest of what has rested long enough; tells whether there was any.
    pub(super) fn rise(&mut self, now: Timestamp) -> bool {
        let mut any = false;
        while let Some((_, message)) = self.resting.pop_front_if(|(until, _)| *until <= now) {
            self.free(&message);
            any = true;
        }
        any
    }

    /// When the next rest ends.
    pub(super) fn next_rise(&self) -> Option<Timestamp> {
        self.resting.front().map(|(until, _)| *until)
    }

    fn free(&mut self, message: &Message) {
        self.channels.remove(&message.channel_id);
        if let Some(provider) = message.provider_id {
            self.providers.remove(&provider);
        }
    }
}
