//! Interactions that Discord posts by HTTP: proves the signature and the time, then hands them to the same answerer as
//! the gateway's. Refuses to say what was wrong, and to know what an answer says.

use std::{sync::Arc, time::Duration};

use ed25519_dalek::{Signature, VerifyingKey};
use ordercast_model::ports::{
    BoxFuture,
    chat::{Counter, Inlet, InletError, Posting},
    clock::{Clock, Random},
};
use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::{
    answer::{ASKS_MAX, Answerer, Asked, Way},
    ask,
    bot::DiscordBot,
    client::Rest,
};

/// How far the time of a signature may be off.
const AGE_MAX: Duration = Duration::from_secs(300);
/// The answer to a ping.
const PONG: u8 = 1;

/// The key an application's interactions are signed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

/// Why a public key is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PublicKeyError {
    /// Not 64 hex digits.
    #[error(
        "expected the 64 hex digits that the developer portal shows under General Information, Public Key"
    )]
    Shape,
    /// No key that anybody could keep secret.
    #[error("these 64 hex digits are no public key: copy it again from the developer portal")]
    Weak,
}

impl PublicKey {
    /// Reads a key as the developer portal shows it.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(text: &str) -> Result<Self, PublicKeyError> {
        let mut bytes = [0_u8; 32];
        hex::decode_to_slice(text.trim(), &mut bytes).map_err(|_| PublicKeyError::Shape)?;
        match VerifyingKey::from_bytes(&bytes) {
            Ok(key) if !key.is_weak() => Ok(Self(key)),
            _ => Err(PublicKeyError::Weak),
        }
    }
}

/// Where Discord posts. Cheap to share.
pub struct DiscordInlet {
    key: PublicKey,
    clock: Arc<dyn Clock>,
    /// Unix seconds of the start: what was signed before it may have been carried out by the process before.
    since: i64,
    asks: mpsc::Sender<Asked>,
}

/// Where what was posted is answered.
pub struct Desk {
    rest: Arc<Rest>,
    clock: Arc<dyn Clock>,
    asked: mpsc::Receiver<Asked>,
}

impl DiscordInlet {
    /// An inlet and its desk. Until the desk runs, what is posted waits.
    #[must_use]
    pub fn new(bot: &DiscordBot, key: PublicKey) -> (Arc<Self>, Desk) {
        let (asks, asked) = mpsc::channel(ASKS_MAX);
        let inlet = Self {
            key,
            clock: bot.clock.clone(),
            since: seconds(bot.clock.as_ref()),
            asks,
        };
        let desk = Desk {
            rest: bot.rest.clone(),
            clock: bot.clock.clone(),
            asked,
        };
        (Arc::new(inlet), desk)
    }

    /// Whether Discord posted this, and lately.
    fn proves(&self, posting: &Posting) -> bool {
        let now = seconds(self.clock.as_ref());
        let age = i64::try_from(AGE_MAX.as_secs()).unwrap_or(i64::MAX);
        let in_time = posting
            .timestamp
            .parse::<i64>()
            .is_ok_and(|at| at >= self.since.max(now.saturating_sub(age)) && at <= now.saturating_add(age));
        let mut bytes = [0_u8; Signature::BYTE_SIZE];
        if !in_time || hex::decode_to_slice(&posting.signature, &mut bytes).is_err() {
            return false;
        }
        let signed = [posting.timestamp.as_bytes(), &posting.body].concat();
        self.key
            .0
            .verify_strict(&signed, &Signature::from_bytes(&bytes))
            .is_ok()
    }

    async fn take(&self, posting: Posting) -> Result<Value, InletError> {
        if !self.proves(&posting) {
            return Err(InletError::Refused);
        }
        let interaction = ask::posted(&posting.body).ok_or(InletError::Refused)?;
        if interaction.is_ping() {
            return Ok(json!({"type": PONG}));
        }
        let (to, answer) = oneshot::channel();
        self.asks
            .try_send(Asked::Interaction(Box::new(interaction), Way::Post(to)))
            .map_err(|_| InletError::Busy)?;
        // Dropped without an answer: a kind that is not answered, or the program ends.
        answer.await.map_err(|_| InletError::Refused)
    }
}

fn seconds(clock: &dyn Clock) -> i64 {
    clock.now().seconds()
}

impl Inlet for DiscordInlet {
    fn post(&self, posting: Posting) -> BoxFuture<'_, Result<Value, InletError>> {
        Box::pin(self.take(posting))
    }
}

impl Desk {
    /// Answers what was posted, until cancelled.
    pub async fn run(self, counter: Arc<dyn Counter>, random: Arc<dyn Random>, token: CancellationToken) {
        let answerer = Answerer {
            rest: self.rest,
            counter,
            clock: self.clock,
            random,
            token,
        };
        answerer.run(self.asked).await;
    }
}
