//! Takes what people typed and pressed to the counter and brings its answers back in Discord's time. Decides when an
//! answer is put off; refuses to know what it says.

use std::{
    collections::{BTreeSet, VecDeque},
    sync::Arc,
    time::Duration,
};

use futures::{StreamExt, stream::FuturesUnordered};
use ordercast_model::{
    chat::{Card, Reply, Server, Tone},
    ports::{
        chat::Counter,
        clock::{Clock, Random},
    },
};
use serde_json::Value;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use twilight_model::id::{Id, marker::ApplicationMarker};

use super::{ask::Interaction, card, client::Rest, error::Trouble, speak::First};
use crate::backoff::Backoff;

/// Interactions that wait to be looked at. When full a new one is dropped: Discord tells the person that nobody
/// answered, and nothing was done.
pub(super) const ASKS_MAX: usize = 256;
/// Interactions looked at at the same time.
const AT_ONCE_MAX: usize = 64;
/// After this an answer is put off: Discord waits three seconds, and the way there takes a part of them.
const PATIENCE: Duration = Duration::from_millis(1_500);
/// Ids remembered, so that an interaction delivered twice is taken to the counter once.
const SEEN_MAX: usize = 10_000;
/// Tries of a call that Discord did not take.
const TRIES: u32 = 4;

/// What is taken to the counter.
#[derive(Debug)]
pub(super) enum Asked {
    /// Somebody typed or pressed something.
    Interaction(Box<Interaction>, Way),
    /// The bot is in this server.
    Joined(Box<Server>),
}

/// How the first answer gets to Discord; later ones are calls.
#[derive(Debug)]
pub(super) enum Way {
    /// By a call: the interaction came over the gateway.
    Call,
    /// As the answer to the request that brought the interaction.
    Post(oneshot::Sender<Value>),
}

/// Answers people.
#[derive(Clone)]
pub(super) struct Answerer {
    pub(super) rest: Arc<Rest>,
    pub(super) counter: Arc<dyn Counter>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) random: Arc<dyn Random>,
    pub(super) token: CancellationToken,
}

/// One call in answer to an interaction.
enum Call {
    First(Value),
    Amend(Value),
    FollowUp(Value),
}

/// Ids seen lately.
#[derive(Default)]
struct Seen {
    ids: BTreeSet<u64>,
    order: VecDeque<u64>,
}

impl Seen {
    fn is_new(&mut self, id: u64) -> bool {
        if !self.ids.insert(id) {
            return false;
        }
        self.order.push_back(id);
        if self.order.len() > SEEN_MAX
            && let Some(oldest) = self.order.pop_front()
        {
            self.ids.remove(&oldest);
        }
        true
    }
}

impl Answerer {
    /// Runs until cancelled or nobody asks any more.
    pub(super) async fn run(self, mut asks: mpsc::Receiver<Asked>) {
        let mut seen = Seen::default();
        let mut work = FuturesUnordered::new();
        loop {
            tokio::select! {
                biased;
                () = self.token.cancelled() => return,
                Some(()) = work.next(), if !work.is_empty() => {}
                next = asks.recv(), if work.len() < AT_ONCE_MAX => {
                    let Some(asked) = next else { return };
                    match asked {
                        // Who posted it went away before it was looked at: the person was told that nobody answered.
                        Asked::Interaction(_, Way::Post(to)) if to.is_closed() => {}
                        Asked::Interaction(it, way) if !seen.is_new(it.id.get()) => again(&it, way),
                        asked => work.push(self.one(asked)),
                    }
                }
            }
        }
    }

    /// Sets the commands; tried until Discord takes them. Safe to repeat.
    pub(super) async fn register(&self, app: Id<ApplicationMarker>) {
        let commands = card::commands(self.counter.commands());
        let mut backoff = Backoff::new(self.clock.clone(), self.random.clone());
        loop {
            match self.rest.register(app, &commands).await {
                Ok(()) => return,
                Err(why @ (Trouble::Gone | Trouble::NoMessage | Trouble::Fault(_))) => {
                    return tracing::error!(%why, "Discord refuses the commands");
                }
                Err(why) => tracing::warn!(%why, "the commands cannot be set yet"),
            }
            tokio::select! {
                biased;
                () = self.token.cancelled() => return,
                () = backoff.pause() => {}
            }
        }
    }

    async fn one(&self, asked: Asked) {
        match asked {
            Asked::Interaction(interaction, way) => self.answer(*interaction, way).await,
            Asked::Joined(server) => self.counter.joined(*server).await,
        }
    }

    async fn answer(&self, interaction: Interaction, way: Way) {
        let Some(ask) = interaction.ask() else {
            return;
        };
        let mut reply = self.counter.take(ask);
        let patience = self.clock.sleep_until(self.clock.now().plus(PATIENCE));
        let in_time = tokio::select! {
            biased;
            reply = &mut reply => Some(reply),
            () = patience, if !interaction.is_typing() => None,
        };
        if let Some(reply) = in_time {
            return self.open(&interaction, way, first(&interaction, &reply)).await;
        }
        let later = if interaction.is_press() {
            First::LaterChange.body(Value::Null)
        } else {
            First::Later.body(card::thinking())
        };
        self.open(&interaction, way, later).await;
        let late = match reply.await {
            // A pressed card stays; the word goes to the one who pressed.
            Reply::Say(shown) if interaction.is_press() => Call::FollowUp(card::whisper(&shown)),
            Reply::Say(shown) => Call::Amend(card::whisper(&shown)),
            Reply::Change(shown) => Call::Amend(card::message(&shown)),
            Reply::Suggest(_) => return,
        };
        self.tell(&interaction, late).await;
    }

    /// Gives the first answer.
    async fn open(&self, interaction: &Interaction, way: Way, body: Value) {
        match way {
            Way::Call => self.tell(interaction, Call::First(body)).await,
            Way::Post(to) => {
                if to.send(body).is_err() {
                    tracing::info!(id = %interaction.id, "nobody waits for an answer any more");
                }
            }
        }
    }

    /// Tries a call a few times; what Discord refuses for good is left.
    async fn tell(&self, interaction: &Interaction, call: Call) {
        let mut backoff = Backoff::new(self.clock.clone(), self.random.clone());
        for _ in 0..TRIES {
            let taken = match &call {
                Call::First(body) => self.rest.answer(interaction, body).await,
                Call::Amend(body) => self.rest.amend(interaction, body).await,
                Call::FollowUp(body) => self.rest.follow_up(interaction, body).await,
            };
            match taken {
                Ok(()) => return,
                // Answered already, too late, or gone: nobody is helped by another try.
                Err(why @ (Trouble::Gone | Trouble::NoMessage | Trouble::Fault(_))) => {
                    tracing::info!(id = %interaction.id, %why, "an answer is not taken by Discord");
                    return;
                }
                Err(why) => tracing::debug!(id = %interaction.id, %why, "an answer is tried again"),
            }
            backoff.pause().await;
        }
        tracing::warn!(id = %interaction.id, "Discord did not take an answer");
    }
}

fn first(interaction: &Interaction, reply: &Reply) -> Value {
    match reply {
        Reply::Say(shown) => First::Message.body(card::whisper(shown)),
        Reply::Change(shown) if interaction.is_press() => First::Change.body(card::message(shown)),
        Reply::Change(shown) => First::Message.body(card::whisper(shown)),
        Reply::Suggest(choices) => First::Choices.body(card::suggestions(choices)),
    }
}

/// An interaction that came before is not taken to the counter again. Who posted it is told in Discord's form.
fn again(interaction: &Interaction, way: Way) {
    tracing::debug!(id = %interaction.id, "an interaction came twice");
    if let Way::Post(to) = way {
        let body = if interaction.is_press() {
            First::LaterChange.body(Value::Null)
        } else if interaction.is_typing() {
            First::Choices.body(card::suggestions(&[]))
        } else {
            let text = "This command was taken before, and is not carried out again.";
            First::Message.body(card::whisper(&Card::new(Tone::Plain, "Taken before", text)))
        };
        // Nobody to tell: nothing was done either.
        let _ = to.send(body);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_remembered_up_to_a_limit() {
        let mut seen = Seen::default();
        assert!(seen.is_new(1) && !seen.is_new(1));
        for id in 2..=u64::try_from(SEEN_MAX).unwrap_or(0) + 1 {
            assert!(seen.is_new(id));
        }
        assert!(seen.is_new(1), "the oldest was forgotten");
    }
}
