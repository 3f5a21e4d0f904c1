//! Talking with people where signals come from: the counter that answers them, and the chat that carries words out.

use serde_json::Value;

use super::BoxFuture;
use crate::chat::{Ask, Card, CommandSpec, Posted, Reply, Server};

/// Answers people. Implemented by the use cases, called by the chat's adapter.
pub trait Counter: Send + Sync {
    /// The commands that can be typed.
    fn commands(&self) -> &'static [CommandSpec];
    /// Answers one deed. Safe to repeat with the same ask: nothing is done twice.
    fn take(&self, ask: Ask) -> BoxFuture<'_, Reply>;
    /// The program is in this server, now or again. Safe to repeat.
    fn joined(&self, server: Server) -> BoxFuture<'_, ()>;
}

/// What a chat posts by HTTP, as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    /// Signature over timestamp and body, as text.
    pub signature: String,
    /// When it was signed, as text.
    pub timestamp: String,
    /// The raw body.
    pub body: Vec<u8>,
}

/// Why a posting is not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InletError {
    /// It is not the chat's, too old, or nothing that is answered. Which of these is not told.
    #[error("not accepted")]
    Refused,
    /// Too many wait; nothing was done.
    #[error("too much to do at the moment")]
    Busy,
}

/// Takes what a chat posts by HTTP: proves where it comes from, and answers it as if it had come any other way.
pub trait Inlet: Send + Sync {
    /// Answers a posting with the JSON the chat expects. Safe to repeat: nothing is done twice.
    fn post(&self, posting: Posting) -> BoxFuture<'_, Result<Value, InletError>>;
}

/// Why words did not reach anybody.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChatError {
    /// The chat is not reached, or says to wait. Try later.
    #[error("the chat is not reached: {0}")]
    Away(String),
    /// This person or channel takes no words from us.
    #[error("not taken: {0}")]
    Refused(String),
}

/// Carries words to people and says who they are in a server.
pub trait Chat: Send + Sync {
    /// Sends a private message. The same `key` within minutes sends it once.
    fn tell<'a>(
        &'a self,
        person: &'a str,
        key: &'a str,
        card: &'a Card,
    ) -> BoxFuture<'a, Result<Posted, ChatError>>;
    /// Posts in a channel. The same `key` within minutes posts once.
    fn post<'a>(
        &'a self,
        channel: &'a str,
        key: &'a str,
        card: &'a Card,
    ) -> BoxFuture<'a, Result<Posted, ChatError>>;
    /// Changes a message sent before. Safe to repeat.
    fn change<'a>(&'a self, posted: &'a Posted, card: &'a Card) -> BoxFuture<'a, Result<(), ChatError>>;
    /// Roles of a member, at most 60 s old; none for somebody who is not there. Safe to repeat.
    fn roles<'a>(
        &'a self,
        guild: &'a str,
        person: &'a str,
    ) -> BoxFuture<'a, Result<Option<Vec<String>>, ChatError>>;
}

/// No chat: nobody is reached, and nobody's roles are known.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoChat;

fn none() -> ChatError {
    ChatError::Away("no bot is set up".to_owned())
}

impl Chat for NoChat {
    fn tell<'a>(&'a self, _: &'a str, _: &'a str, _: &'a Card) -> BoxFuture<'a, Result<Posted, ChatError>> {
        Box::pin(std::future::ready(Err(none())))
    }
    fn post<'a>(&'a self, _: &'a str, _: &'a str, _: &'a Card) -> BoxFuture<'a, Result<Posted, ChatError>> {
        Box::pin(std::future::ready(Err(none())))
    }
    fn change<'a>(&'a self, _: &'a Posted, _: &'a Card) -> BoxFuture<'a, Result<(), ChatError>> {
        Box::pin(std::future::ready(Err(none())))
    }
    fn roles<'a>(&'a self, _: &'a str, _: &'a str) -> BoxFuture<'a, Result<Option<Vec<String>>, ChatError>> {
        Box::pin(std::future::ready(Err(none())))
    }
}
