//! Interactions that Discord posts: what it signed lately is answered as over the gateway, once; anything else gets one
//! answer that tells nothing.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use ed25519_dalek::{Signer, SigningKey};
use ordercast_adapters::discord::{DiscordBot, DiscordConfig, DiscordInlet, PublicKey, PublicKeyError};
use ordercast_model::{
    chat::{Ask, Card, CommandSpec, Deed, Reply, Server, Tone},
    ports::{
        BoxFuture,
        chat::{Counter, Inlet, InletError, Posting},
        clock::Clock,
    },
    secret::Secret,
};
use ordercast_sim::discord::{Snowflake, bot_token};
use ordercast_testkit::{clock::SteerableClock, random::SeededRandom, sample};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::world::{http, provider};

/// Counts what is taken to it, and never answers to `/slow`.
#[derive(Default)]
struct Till(AtomicU64);

impl Counter for Till {
    fn commands(&self) -> &'static [CommandSpec] {
        &[]
    }
    fn take(&self, ask: Ask) -> BoxFuture<'_, Reply> {
        Box::pin(async move {
            self.0.fetch_add(1, Ordering::SeqCst);
            match ask.deed {
                Deed::Command { name, .. } if name == "slow" => std::future::pending().await,
                Deed::Command { options, .. } => {
                    Reply::Say(Card::new(Tone::Plain, "Bought", &options["symbol"]))
                }
                Deed::Press { .. } => Reply::Change(Card::new(Tone::Good, "Sent", "done")),
                Deed::Typing { .. } => Reply::Suggest(Vec::new()),
            }
        })
    }
    fn joined(&self, _: Server) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }
}

struct Scene {
    inlet: Arc<DiscordInlet>,
    till: Arc<Till>,
    clock: SteerableClock,
    key: SigningKey,
    stop: CancellationToken,
}

impl Scene {
    /// Begins at second 1000 and has run for `ran` seconds.
    fn new(ran: u64) -> Self {
        provider();
        let clock = SteerableClock::at(sample::at(1_000));
        let key = SigningKey::from_bytes(&[5; 32]);
        let config = DiscordConfig {
            token: Secret::new(bot_token(Snowflake(900_000_000_000_000_021), 7)),
            // Nothing is called before an answer is late.
            api_base: Some("http://127.0.0.1:1".to_owned()),
            gateway_base: None,
        };
        let bot = DiscordBot::new(&config, http(), Arc::new(clock.clone())).unwrap();
        let public = PublicKey::parse(&hex::encode(key.verifying_key().as_bytes())).unwrap();
        let (inlet, desk) = DiscordInlet::new(&bot, public);
        let (till, stop) = (Arc::new(Till::default()), CancellationToken::new());
        tokio::spawn(desk.run(till.clone(), Arc::new(SeededRandom::new(1)), stop.clone()));
        clock.jump_to(sample::at(1_000 + ran));
        Self {
            inlet,
            till,
            clock,
            key,
            stop,
        }
    }

    fn signed(&self, off: i64, body: &Value) -> Posting {
        let timestamp = (self.clock.now().seconds() + off).to_string();
        let body = body.to_string().into_bytes();
        let signature = self.key.sign(&[timestamp.as_bytes(), &body].concat());
        Posting {
            signature: hex::encode(signature.to_bytes()),
            timestamp,
            body,
        }
    }
}

fn interaction(id: u64, kind: u8, data: &Value) -> Value {
    json!({
        "id": (1_175_000_000_000_000_000 + id).to_string(), "application_id": "9", "token": "tok", "type": kind,
        "user": {"id": "5", "username": "ana"}, "channel_id": "2", "version": 1, "data": data,
    })
}

fn buy(id: u64) -> Value {
    let options = json!([{"name": "symbol", "type": 3, "value": "AAPL"}]);
    interaction(id, 2, &json!({"name": "buy", "options": options}))
}

#[tokio::test]
async fn what_discord_signed_is_answered_and_carried_out_once() {
    let scene = Scene::new(1_000);
    let press = json!({"custom_id": "go:1", "component_type": 2});
    for (what, off, body, kind, words, taken) in [
        ("a ping", 0, interaction(1, 1, &Value::Null), 1, "", 0),
        ("a command", 0, buy(2), 4, "AAPL", 1),
        ("the same again", -1, buy(2), 4, "taken before", 1),
        ("a press", 0, interaction(3, 3, &press), 7, "done", 2),
        ("the same press", 0, interaction(3, 3, &press), 6, "", 2),
        ("as late as may be", -300, buy(4), 4, "AAPL", 3),
        ("their clock ahead", 300, buy(5), 4, "AAPL", 4),
    ] {
        let answer = scene.inlet.post(scene.signed(off, &body)).await.unwrap();
        assert_eq!(answer["type"], kind, "{what}: {answer}");
        assert!(answer.to_string().contains(words), "{what}: {answer}");
        assert_eq!(scene.till.0.load(Ordering::SeqCst), taken, "{what}");
    }
    scene.stop.cancel();
}

#[tokio::test]
async fn anything_else_is_refused_without_a_word() {
    let scene = Scene::new(1_000);
    let stranger = SigningKey::from_bytes(&[6; 32]);
    let good = || scene.signed(0, &buy(1));
    let foreign = stranger.sign(&[good().timestamp.as_bytes(), &good().body].concat());
    let changed = |change: &dyn Fn(&mut Posting)| {
        let mut posting = good();
        change(&mut posting);
        posting
    };
    for (what, posting) in [
        ("too old", scene.signed(-301, &buy(1))),
        ("of the future", scene.signed(301, &buy(1))),
        (
            "another key",
            changed(&|p| p.signature = hex::encode(foreign.to_bytes())),
        ),
        ("another body", changed(&|p| p.body.push(b' '))),
        ("another time", changed(&|p| p.timestamp.insert(0, '0'))),
        ("no hex", changed(&|p| p.signature.replace_range(..1, "x"))),
        ("too short", changed(&|p| p.signature.truncate(127))),
        ("no time", changed(&|p| p.timestamp.clear())),
        ("no interaction", scene.signed(0, &json!({"type": 2}))),
        (
            "a kind nobody answers",
            scene.signed(0, &interaction(1, 5, &Value::Null)),
        ),
    ] {
        let refused = scene.inlet.post(posting).await;
        assert_eq!(refused, Err(InletError::Refused), "{what}");
    }
    assert_eq!(scene.till.0.load(Ordering::SeqCst), 0);
    assert!(scene.inlet.post(good()).await.is_ok(), "the good one is one");
    scene.stop.cancel();
}

#[tokio::test]
async fn what_was_signed_before_the_start_is_refused() {
    let scene = Scene::new(10);
    let before = scene.inlet.post(scene.signed(-11, &buy(1))).await;
    assert_eq!(
        before,
        Err(InletError::Refused),
        "the process before may have taken it"
    );
    assert!(scene.inlet.post(scene.signed(-10, &buy(1))).await.is_ok());
    scene.stop.cancel();
}

#[tokio::test]
async fn a_slow_answer_is_put_off() {
    let scene = Scene::new(1_000);
    let slow = interaction(1, 2, &json!({"name": "slow"}));
    let waiting = scene.inlet.post(scene.signed(0, &slow));
    let passing = async {
        while scene.till.0.load(Ordering::SeqCst) == 0 {
            tokio::task::yield_now().await;
        }
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        scene.clock.jump_to(sample::at(2_002));
    };
    let (answer, ()) = tokio::join!(waiting, passing);
    assert_eq!(answer.unwrap()["type"], 5);
    scene.stop.cancel();
}

#[test]
fn a_public_key_is_read_or_refused() {
    for (text, why) in [
        ("", PublicKeyError::Shape),
        ("abc", PublicKeyError::Shape),
        (&"0".repeat(63), PublicKeyError::Shape),
        (&"0".repeat(64), PublicKeyError::Weak),
    ] {
        assert_eq!(PublicKey::parse(text), Err(why), "{text}");
    }
}
