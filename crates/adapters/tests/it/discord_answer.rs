//! People who type and press at the simulated Discord, and a counter that answers them: each deed reaches it once, and
//! each answer comes back, whatever the connection does.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, Ordering},
};

use ordercast_model::{
    chat::{
        Ask, Card, Choice, CommandSpec, Control, Deed, Look, OptionKind, OptionSpec, Reply, Server, Tone,
    },
    ports::{
        BoxFuture,
        chat::{Chat, ChatError, Counter},
    },
};
use ordercast_sim::discord::{Discord, Fault, Member};
use serde_json::{Value, json};

use crate::{
    discord_fixture::{GUILD, LISTENER, PERSON, ROLE, Reading, SIGNALS, config, start},
    world::{http, nap, until},
};

/// Answers with what it was asked, after a while.
#[derive(Default)]
struct Echo {
    asks: Mutex<Vec<Ask>>,
    servers: Mutex<Vec<Server>>,
    slow_ms: AtomicU64,
}

const OPTIONS: &[OptionSpec] = &[OptionSpec {
    name: "word",
    about: "Any",
    required: false,
    kind: OptionKind::Suggested,
}];
const COMMANDS: &[CommandSpec] = &[CommandSpec {
    name: "say",
    about: "Says it back",
    options: OPTIONS,
}];

fn card(text: &str) -> Card {
    Card::new(Tone::Plain, "Echo", text).row(vec![Control::Button {
        id: "again:1".into(),
        label: "Again".into(),
        look: Look::Main,
    }])
}

impl Counter for Echo {
    fn commands(&self) -> &'static [CommandSpec] {
        COMMANDS
    }
    fn take(&self, ask: Ask) -> BoxFuture<'_, Reply> {
        Box::pin(async move {
            self.asks.lock().unwrap().push(ask.clone());
            let slow = self.slow_ms.load(Ordering::SeqCst);
            if slow > 0 {
                nap(slow).await;
            }
            match ask.deed {
                Deed::Command { options, .. } => {
                    Reply::Say(card(options.get("word").map_or("", String::as_str)))
                }
                Deed::Press { control, .. } if control == "again:1" => Reply::Change(card("changed")),
                Deed::Press { control, .. } => Reply::Say(card(&control)),
                Deed::Typing { text, .. } => Reply::Suggest(vec![Choice {
                    label: format!("{text}!"),
                    value: text,
                }]),
            }
        })
    }
    fn joined(&self, server: Server) -> BoxFuture<'_, ()> {
        Box::pin(async move { self.servers.lock().unwrap().push(server) })
    }
}

struct Scene {
    discord: Discord,
    echo: Arc<Echo>,
    reading: Reading,
}

impl Scene {
    async fn new() -> Self {
        let discord = start().await;
        let echo = Arc::new(Echo::default());
        let reading = Reading::with(&config(&discord, LISTENER), None, Some(echo.clone()));
        reading.connected().await;
        let scene = Self {
            discord,
            echo,
            reading,
        };
        until("the commands", async || {
            let names = scene.get("commands").await;
            names.as_array().is_some_and(|n| !n.is_empty()).then_some(())
        })
        .await;
        scene
    }
    fn url(&self, path: &str) -> String {
        format!("http://{}/sim/{path}", self.discord.addr())
    }
    async fn get(&self, path: &str) -> Value {
        http()
            .get(self.url(path))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap()
    }
    async fn post(&self, path: &str, body: &Value) -> Value {
        let sent = http().post(self.url(path)).json(body).send().await.unwrap();
        sent.json().await.unwrap()
    }
    async fn say(&self, text: &str) -> Value {
        self.post(
            "type",
            &json!({"user": "person", "channel": SIGNALS, "text": text}),
        )
        .await
    }
    async fn press(&self, answer: &Value, button: &str) -> Value {
        let body = json!({"user": "person", "message": answer["message"]["id"], "button": button});
        self.post("press", &body).await
    }
    fn asked(&self) -> usize {
        self.echo.asks.lock().unwrap().len()
    }
    async fn end(self) {
        self.reading.stop().await.unwrap();
        self.discord.shutdown().await;
    }
}

fn text_of(answer: &Value) -> &str {
    answer["message"]["embeds"][0]["description"]
        .as_str()
        .unwrap_or_default()
}

#[tokio::test]
async fn a_command_is_answered_for_the_one_who_typed_it_and_its_button_changes_the_card() {
    let scene = Scene::new().await;
    let answer = scene.say("/say word:hello").await;
    assert_eq!(
        (answer["state"].as_str(), text_of(&answer)),
        (Some("answered"), "hello"),
        "{answer}"
    );
    assert_eq!(
        answer["message"]["flags"].as_u64().map(|f| f & 64),
        Some(64),
        "for the asker alone"
    );
    let shown = scene.discord.messages(SIGNALS, 10);
    assert!(shown.is_empty(), "nothing stands in the channel: {shown:?}");
    let pressed = scene.press(&answer, "Again").await;
    assert_eq!(
        (pressed["state"].as_str(), text_of(&pressed)),
        (Some("updated"), "changed"),
        "{pressed}"
    );
    let ask = scene.echo.asks.lock().unwrap()[0].clone();
    assert_eq!(
        (ask.person.id, ask.spot.guild),
        (PERSON.to_string(), Some(GUILD.to_string()))
    );
    assert!(ask.spot.manages, "the owner manages");
    let typed = json!({"user": "person", "channel": SIGNALS, "text": "/say word:hel"});
    let suggested = scene.post("complete", &typed).await;
    assert_eq!(suggested["choices"], json!([{"name": "hel!", "value": "hel"}]));
    let servers = scene.echo.servers.lock().unwrap().clone();
    assert!(
        servers
            .iter()
            .any(|s| s.id == GUILD.to_string() && s.owner == PERSON.to_string()),
        "{servers:?}"
    );
    scene.end().await;
}

#[tokio::test]
async fn a_slow_answer_is_put_off_and_comes_later() {
    let scene = Scene::new().await;
    scene.echo.slow_ms.store(3_500, Ordering::SeqCst);
    let answer = scene.say("/say word:late").await;
    assert_eq!(
        (answer["state"].as_str(), text_of(&answer)),
        (Some("answered"), "late"),
        "{answer}"
    );
    assert_eq!(answer["message"]["flags"].as_u64().map(|f| f & 64), Some(64));
    let pressed = scene.press(&answer, "Again").await;
    assert_eq!(
        (pressed["state"].as_str(), text_of(&pressed)),
        (Some("updated"), "changed"),
        "{pressed}"
    );
    scene.end().await;
}

#[tokio::test]
async fn a_deed_delivered_twice_or_cut_in_the_middle_is_taken_once() {
    let scene = Scene::new().await;
    scene.discord.inject(&Fault::Duplicate { count: 1 });
    let answer = scene.say("/say word:twice").await;
    assert_eq!(text_of(&answer), "twice");
    nap(300).await;
    assert_eq!(scene.asked(), 1);
    // The frame breaks in the middle; the session resumes and the deed is told again, within Discord's three seconds.
    scene.discord.inject(&Fault::Cut);
    let answer = scene.say("/say word:cut").await;
    assert_eq!(text_of(&answer), "cut", "{answer}");
    assert_eq!(scene.asked(), 2);
    scene.end().await;
}

#[tokio::test]
async fn an_outage_of_the_rest_side_is_tried_again() {
    for status in [500, 502, 503] {
        let scene = Scene::new().await;
        scene.discord.inject(&Fault::RestError { status, count: 1 });
        let answer = scene.say("/say word:again").await;
        assert_eq!(text_of(&answer), "again", "{status}: {answer}");
        assert_eq!(scene.asked(), 1, "{status}");
        scene.end().await;
    }
}

#[tokio::test]
async fn a_private_message_is_sent_once_for_one_key_and_can_be_changed() {
    let scene = Scene::new().await;
    let bot = scene.reading.bot.clone();
    let person = PERSON.to_string();
    let posted = bot.tell(&person, "key-1", &card("one")).await.unwrap();
    assert_eq!(bot.tell(&person, "key-1", &card("one")).await.unwrap(), posted);
    bot.tell(&person, "key-2", &card("two")).await.unwrap();
    bot.change(&posted, &card("one, changed")).await.unwrap();
    let inbox = scene.get("inbox?user=person").await;
    let texts: Vec<&str> = inbox
        .as_array()
        .unwrap()
        .iter()
        .map(|m| m["embeds"][0]["description"].as_str().unwrap())
        .collect();
    assert_eq!(texts, ["one, changed", "two"]);
    scene.discord.inject(&Fault::CloseDirects { on: true });
    assert!(matches!(
        bot.tell(&person, "key-3", &card("x")).await,
        Err(ChatError::Refused(_))
    ));
    scene.discord.inject(&Fault::CloseDirects { on: false });
    scene.discord.inject(&Fault::RestError {
        status: 503,
        count: 1,
    });
    assert!(matches!(
        bot.tell(&person, "key-4", &card("x")).await,
        Err(ChatError::Away(_))
    ));
    scene.end().await;
}

#[tokio::test]
async fn roles_are_told_by_the_gateway_and_nothing_is_believed_of_a_discord_that_is_away() {
    let scene = Scene::new().await;
    let bot = scene.reading.bot.clone();
    let (guild, person) = (GUILD.to_string(), PERSON.to_string());
    assert_eq!(bot.roles(&guild, &person).await.unwrap(), Some(vec![]));
    let member = Member {
        user_id: PERSON,
        roles: vec![ROLE],
        nick: None,
    };
    scene.discord.set_member(GUILD, member).unwrap();
    until("the new role", async || {
        (bot.roles(&guild, &person).await == Ok(Some(vec![ROLE.to_string()]))).then_some(())
    })
    .await;
    scene.discord.inject(&Fault::RestError {
        status: 500,
        count: 1_000,
    });
    assert!(
        bot.roles(&guild, &person).await.is_ok(),
        "known while changes are heard"
    );
    assert!(matches!(
        bot.roles(&guild, "900000000000000099").await,
        Err(ChatError::Away(_))
    ));
    scene.discord.inject(&Fault::RestError {
        status: 500,
        count: 0,
    });
    scene.end().await;
}
