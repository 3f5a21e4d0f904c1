//! The bot as a speaker: private messages, cards, and who somebody is in a server. Decides what of Discord's refusals
//! is for good; refuses to know what is said.

use std::{str::FromStr, sync::Arc};

use ordercast_model::{
    chat::{Card, Posted},
    ports::{
        BoxFuture,
        chat::{Chat, ChatError},
        clock::Clock,
    },
};
use twilight_model::id::Id;

use super::{
    card,
    client::Rest,
    config::{DiscordConfig, DiscordConfigError, Endpoint},
    error::Trouble,
};

/// Longest nonce Discord takes.
const NONCE_MAX: usize = 25;

/// The bot. Cheap to share.
pub struct DiscordBot {
    pub(super) endpoint: Endpoint,
    pub(super) rest: Arc<Rest>,
    pub(super) clock: Arc<dyn Clock>,
}

impl DiscordBot {
    /// A bot. Nothing is sent yet.
    ///
    /// # Errors
    /// When the token cannot be a bot's, or an address does not read.
    pub fn new(
        config: &DiscordConfig,
        http: reqwest::Client,
        clock: Arc<dyn Clock>,
    ) -> Result<Arc<Self>, DiscordConfigError> {
        let endpoint = Endpoint::read(config)?;
        let rest = Arc::new(Rest::new(&endpoint, http, clock.clone()));
        Ok(Arc::new(Self {
            endpoint,
            rest,
            clock,
        }))
    }

    async fn say(&self, channel: u64, key: &str, shown: &Card) -> Result<Posted, ChatError> {
        let channel = Id::new_checked(channel).ok_or_else(|| ChatError::Refused("no channel".to_owned()))?;
        // The end of a key is what tells it from others.
        let tail = key.len().saturating_sub(NONCE_MAX);
        let nonce = key.get(tail..).unwrap_or(key);
        let message = self.rest.post(channel, nonce, card::message(shown)).await?;
        Ok(Posted {
            channel: channel.to_string(),
            message: message.to_string(),
        })
    }
}

fn id<T: FromStr>(what: &str, text: &str) -> Result<T, ChatError> {
    text.parse()
        .map_err(|_| ChatError::Refused(format!("{what} {text:?} has no id of Discord")))
}

impl From<Trouble> for ChatError {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Gone | Trouble::NoMessage => Self::Refused("Discord does not deliver it".to_owned()),
            Trouble::Fault(fault) => Self::Away(fault.to_string()),
            Trouble::Later(why) => Self::Away(why),
        }
    }
}

impl Chat for DiscordBot {
    fn tell<'a>(
        &'a self,
        person: &'a str,
        key: &'a str,
        shown: &'a Card,
    ) -> BoxFuture<'a, Result<Posted, ChatError>> {
        Box::pin(async move {
            let channel = self.rest.private(id("person", person)?).await?;
            self.say(channel.get(), key, shown).await
        })
    }

    fn post<'a>(
        &'a self,
        channel: &'a str,
        key: &'a str,
        shown: &'a Card,
    ) -> BoxFuture<'a, Result<Posted, ChatError>> {
        Box::pin(async move { self.say(id("channel", channel)?, key, shown).await })
    }

    fn change<'a>(&'a self, posted: &'a Posted, shown: &'a Card) -> BoxFuture<'a, Result<(), ChatError>> {
        Box::pin(async move {
            let (channel, message) = (id("channel", &posted.channel)?, id("message", &posted.message)?);
            Ok(self.rest.change(channel, message, &card::message(shown)).await?)
        })
    }

    fn roles<'a>(
        &'a self,
        guild: &'a str,
        person: &'a str,
    ) -> BoxFuture<'a, Result<Option<Vec<String>>, ChatError>> {
        Box::pin(async move {
            Ok(self
                .rest
                .member(id("server", guild)?, id("person", person)?)
                .await?)
        })
    }
}
