//! Which stored message is carried next: one at a time of a channel and of a provider, oldest first, and nobody else
//! waits for them. Knows the messages, not what becomes of them.

use std::collections::{BTreeSet, VecDeque};

use ordercast_model::{
    ids::{ChannelId, MessageId, ProviderId},
    signal::record::Message,
};

use super::PipelineError;

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
        let free = |message: &Message| {
            let first = channels.insert(message.channel_id);
            let own = message.provider_id.is_none_or(|id| providers.insert(id));
            first && own
        };
        let at = self.waiting.iter().position(free)?;
        let message = self.waiting.remove(at)?;
        self.working.insert(message.id);
        self.channels.insert(message.channel_id);
        self.providers.extend(message.provider_id);
        let same = |m: &&Message| m.source == message.source && m.source_id == message.source_id;
        let later = self.waiting.iter().filter(same).cloned().collect();
        Some((message, later))
    }

    /// A message is no longer under way; tells whether the store is to be asked for more at once. After trouble what
    /// stands behind the message is read anew, so that nothing overtakes it.
    pub(super) fn dealt(&mut self, message: &Message, end: Result<(), PipelineError>) -> bool {
        self.working.remove(&message.id);
        self.channels.remove(&message.channel_id);
        if let Some(provider) = message.provider_id {
            self.providers.remove(&provider);
        }
        if let Err(error) = end {
            tracing::error!(%error, message = %message.id, "pipeline: a message waits");
            self.hold_back(message);
            return false;
        }
        self.more && self.waiting.is_empty()
    }

    fn hold_back(&mut self, message: &Message) {
        let mut channels = BTreeSet::from([message.channel_id]);
        let mut providers: BTreeSet<ProviderId> = message.provider_id.into_iter().collect();
        self.waiting.retain(|behind| {
            let held = channels.contains(&behind.channel_id)
                || behind.provider_id.is_some_and(|id| providers.contains(&id));
            if held {
                channels.insert(behind.channel_id);
                providers.extend(behind.provider_id);
            }
            !held
        });
    }
}
