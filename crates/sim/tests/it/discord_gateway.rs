//! The gateway as a client that others wrote sees it.

use crate::discord_fixture::*;
use futures::{SinkExt, StreamExt};
use ordercast_sim::discord::{Channel, Discord, Fault, Member, MessageDraft, MessageEdit, Snowflake};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use twilight_gateway::{Event, EventTypeFlags, Intents, StreamExt as _};

fn id(message: &Value) -> Snowflake {
    message["id"].as_str().unwrap().parse().unwrap()
}

fn say(discord: &Discord, text: &str) -> Snowflake {
    id(&discord.post(PROVIDER, SIGNALS, MessageDraft::text(text)).unwrap())
}

#[tokio::test]
async fn a_client_sees_ready_guild_and_the_life_of_a_message() {
    let discord = start(config()).await;
    let mut client = Client::new(shard_config(&discord, LISTENER, message_intents()).build());
    let seen = client.seen_until(|e| matches!(e, Event::GuildCreate(_))).await;
    let ready = seen.iter().find_map(|e| match e {
        Event::Ready(ready) => Some(ready),
        _ => None,
    });
    let ready = ready.unwrap();
    assert_eq!(ready.user.id.get(), LISTENER.0);
    assert_eq!(ready.guilds.len(), 1);
    assert!(ready.resume_gateway_url.starts_with(&discord.gateway_url()));
    let Some(Event::GuildCreate(guild)) = seen.last() else {
        panic!("no guild");
    };
    let twilight_model::gateway::payload::incoming::GuildCreate::Available(guild) = &**guild else {
        panic!("the guild is not available");
    };
    let names: Vec<_> = guild.channels.iter().filter_map(|c| c.name.as_deref()).collect();
    assert_eq!(names, ["signals", "other", "read-only"], "secret cannot be seen");
    assert_eq!(guild.member_count, Some(5));

    let first = say(&discord, "BTO AAPL @ 190");
    let Event::MessageCreate(created) = client.until(|e| matches!(e, Event::MessageCreate(_))).await else {
        panic!("no message");
    };
    assert_eq!(created.id.get(), first.0);
    assert_eq!(created.content, "BTO AAPL @ 190");
    assert_eq!(created.guild_id.map(|g| g.get()), Some(GUILD.0));
    assert_eq!(created.author.id.get(), PROVIDER.0);
    assert!(created.member.is_some());

    discord
        .edit(PROVIDER, SIGNALS, first, MessageEdit::text("BTO AAPL @ 191"))
        .unwrap();
    let Event::MessageUpdate(updated) = client.until(|e| matches!(e, Event::MessageUpdate(_))).await else {
        panic!("no update");
    };
    assert_eq!(updated.content, "BTO AAPL @ 191");
    assert!(updated.edited_timestamp.is_some());

    let reply = MessageDraft::text("half out").reply_to(first);
    discord.post(PROVIDER, SIGNALS, reply).unwrap();
    let Event::MessageCreate(reply) = client.until(|e| matches!(e, Event::MessageCreate(_))).await else {
        panic!("no reply");
    };
    let reference = reply.reference.as_ref().unwrap();
    assert_eq!(reference.message_id.map(|m| m.get()), Some(first.0));
    assert_eq!(
        reply.referenced_message.as_ref().unwrap().content,
        "BTO AAPL @ 191"
    );

    discord.delete(PROVIDER, SIGNALS, first).unwrap();
    let Event::MessageDelete(deleted) = client.until(|e| matches!(e, Event::MessageDelete(_))).await else {
        panic!("no delete");
    };
    assert_eq!(deleted.id.get(), first.0);

    let ids = [say(&discord, "a"), say(&discord, "b")];
    let path = format!("/channels/{SIGNALS}/messages/bulk-delete");
    let bulk = as_bot(&discord, MODERATOR, "POST", &path, Some(json!({"messages": ids}))).await;
    assert_eq!(bulk.status, 204);
    let Event::MessageDeleteBulk(gone) = client.until(|e| matches!(e, Event::MessageDeleteBulk(_))).await
    else {
        panic!("no bulk delete");
    };
    assert_eq!(gone.ids.len(), 2);
    discord.shutdown().await;
}

#[tokio::test]
async fn channels_and_members_change_before_the_clients_eyes() {
    let discord = start(config()).await;
    let intents = message_intents() | Intents::GUILD_MEMBERS;
    let mut client = Client::ready(&discord, LISTENER, intents).await;
    let mut channel = Channel {
        id: Snowflake(900_000_000_000_000_099),
        name: "swing".into(),
        topic: None,
        kind: 0,
        parent_id: None,
        overwrites: Vec::new(),
    };
    discord.set_channel(GUILD, channel.clone()).unwrap();
    client.until(|e| matches!(e, Event::ChannelCreate(_))).await;
    channel.name = "swings".into();
    discord.set_channel(GUILD, channel.clone()).unwrap();
    client
        .until(|e| matches!(e, Event::ChannelUpdate(c) if c.name.as_deref() == Some("swings")))
        .await;
    discord.remove_channel(channel.id).unwrap();
    client.until(|e| matches!(e, Event::ChannelDelete(_))).await;
    let member = Member {
        user_id: PROVIDER,
        roles: vec![MODERATORS],
        nick: Some("The Provider".into()),
    };
    discord.set_member(GUILD, member).unwrap();
    client
        .until(|e| matches!(e, Event::MemberUpdate(m) if m.nick.as_deref() == Some("The Provider")))
        .await;
    discord.shutdown().await;
}

/// Texts of the messages up to the one that ends the list.
async fn texts(client: &mut Client, last: &str) -> Vec<String> {
    let seen = client
        .seen_until(|e| matches!(e, Event::MessageCreate(m) if m.content == last))
        .await;
    let texts = seen.iter().filter_map(|e| match e {
        Event::MessageCreate(message) => Some(message.content.clone()),
        _ => None,
    });
    texts.collect()
}

/// Breaks the connection by `fault` amid a stream of messages; the client must see each exactly once.
async fn resumes_after(fault: Fault) {
    let discord = start(config()).await;
    let mut client = Client::ready(&discord, LISTENER, message_intents()).await;
    say(&discord, "one");
    assert_eq!(client.next_text().await, "one");
    discord.inject(&fault);
    for text in ["two", "three", "four", "five"] {
        say(&discord, text);
    }
    let seen = client
        .seen_until(|e| matches!(e, Event::MessageCreate(m) if m.content == "five"))
        .await;
    let texts: Vec<&str> = seen
        .iter()
        .filter_map(|e| match e {
            Event::MessageCreate(message) => Some(message.content.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(texts, ["two", "three", "four", "five"], "after {fault:?}");
    assert!(
        !seen.iter().any(|e| matches!(e, Event::Ready(_))),
        "no fresh session after {fault:?}"
    );
    client.until(|e| matches!(e, Event::Resumed)).await;
    say(&discord, "six");
    assert_eq!(client.next_text().await, "six");
    discord.shutdown().await;
}

#[tokio::test]
async fn a_reconnect_request_loses_nothing() {
    resumes_after(Fault::Reconnect).await;
}

#[tokio::test]
async fn a_closed_connection_loses_nothing() {
    resumes_after(Fault::Close { code: 4_000 }).await;
}

#[tokio::test]
async fn a_resumable_invalid_session_loses_nothing() {
    resumes_after(Fault::Invalidate { resumable: true }).await;
}

#[tokio::test]
async fn a_frame_cut_in_the_middle_loses_nothing() {
    resumes_after(Fault::Cut).await;
}

#[tokio::test]
async fn an_invalid_session_leads_to_a_fresh_one() {
    let discord = start(config()).await;
    let mut client = Client::ready(&discord, LISTENER, message_intents()).await;
    let old = client.shard.session().unwrap().id().to_owned();
    discord.inject(&Fault::Invalidate { resumable: false });
    client.until(|e| matches!(e, Event::Ready(_))).await;
    assert_ne!(client.shard.session().unwrap().id(), old);
    say(&discord, "after");
    assert_eq!(client.next_text().await, "after");
    discord.shutdown().await;
}

#[tokio::test]
async fn a_session_too_far_behind_cannot_be_resumed() {
    let mut small = config();
    small.limits.replay_max = 3;
    let discord = start(small).await;
    let mut client = Client::ready(&discord, LISTENER, message_intents()).await;
    discord.inject(&Fault::Close { code: 4_000 });
    for n in 0..20 {
        say(&discord, &format!("missed {n}"));
    }
    client.until(|e| matches!(e, Event::Ready(_))).await;
    discord.shutdown().await;
}

#[tokio::test]
async fn a_saved_session_resumes_in_a_new_client() {
    let discord = start(config()).await;
    let mut client = Client::ready(&discord, LISTENER, message_intents()).await;
    say(&discord, "seen");
    client.next_text().await;
    let session = client.shard.session().unwrap().clone();
    let url = client.shard.resume_url().unwrap().to_owned();
    drop(client);
    say(&discord, "missed");
    let config = shard_config(&discord, LISTENER, message_intents())
        .session(session)
        .resume_url(url);
    let mut again = Client::new(config.build());
    assert_eq!(texts(&mut again, "missed").await, ["missed"]);
    again.until(|e| matches!(e, Event::Resumed)).await;
    discord.shutdown().await;
}

#[tokio::test]
async fn dispatches_are_doubled_lost_and_delayed_on_request() {
    let discord = start(config()).await;
    let mut client = Client::ready(&discord, LISTENER, message_intents()).await;
    discord.inject(&Fault::Duplicate { count: 1 });
    say(&discord, "twice");
    say(&discord, "once");
    assert_eq!(texts(&mut client, "once").await, ["twice", "twice", "once"]);
    discord.inject(&Fault::Drop { count: 1 });
    say(&discord, "lost");
    say(&discord, "kept");
    assert_eq!(texts(&mut client, "kept").await, ["kept"]);
    discord.inject(&Fault::Delay { millis: 150 });
    let before = tokio::time::Instant::now();
    say(&discord, "late");
    assert_eq!(texts(&mut client, "late").await, ["late"]);
    assert!(before.elapsed() >= Duration::from_millis(150));
    discord.shutdown().await;
}

#[tokio::test]
async fn text_is_hidden_without_the_content_intent() {
    let discord = start(config()).await;
    let intents = Intents::GUILDS | Intents::GUILD_MESSAGES;
    let mut client = Client::ready(&discord, PLAIN, intents).await;
    let embed = json!({"title": "Open", "description": "AAPL"});
    let mut draft = MessageDraft::embed(embed);
    draft.content = "BTO AAPL".into();
    discord.post(PROVIDER, SIGNALS, draft).unwrap();
    let Event::MessageCreate(hidden) = client.until(|e| matches!(e, Event::MessageCreate(_))).await else {
        panic!("no message");
    };
    assert_eq!((hidden.content.as_str(), hidden.embeds.len()), ("", 0));
    say(&discord, &format!("<@{PLAIN}> look here"));
    assert!(
        client.next_text().await.ends_with("look here"),
        "mentions may be read"
    );
    discord
        .post(PLAIN, SIGNALS, MessageDraft::text("my own"))
        .unwrap();
    assert_eq!(client.next_text().await, "my own");
    discord.post(OWNER, SECRET, MessageDraft::text("nobody")).unwrap();
    discord.post(PLAIN, SIGNALS, MessageDraft::text("next")).unwrap();
    assert_eq!(client.next_text().await, "next", "unseen channels stay unseen");
    discord.shutdown().await;
}

#[tokio::test]
async fn guilds_go_to_their_shard_only() {
    use twilight_gateway::{Shard, ShardId};
    let discord = start(config()).await;
    let home = u32::try_from((GUILD.0 >> 22) % 2).unwrap();
    let mut counts = Vec::new();
    for index in [home, 1 - home] {
        let config = shard_config(&discord, LISTENER, message_intents()).build();
        let mut shard = Shard::with_config(ShardId::new(index, 2), config);
        let mut guilds = 0;
        let listen = async {
            while let Some(Ok(event)) = shard.next_event(EventTypeFlags::all()).await {
                guilds += usize::from(matches!(event, Event::GuildCreate(_)));
            }
        };
        let _silence = timeout(Duration::from_millis(400), listen).await;
        counts.push(guilds);
    }
    assert_eq!(counts, [1, 0]);
    discord.shutdown().await;
}

type Raw = tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<tokio::net::TcpStream>>;

async fn raw(discord: &Discord, query: &str) -> Raw {
    let url = format!("{}/?{query}", discord.gateway_url());
    tokio_tungstenite::connect_async(url).await.unwrap().0
}

async fn send(socket: &mut Raw, payload: &Value) {
    socket.send(Message::text(payload.to_string())).await.unwrap();
}

/// Reads until the close frame; its code.
async fn close_code(socket: &mut Raw) -> u16 {
    let read = async {
        loop {
            match socket.next().await {
                Some(Ok(Message::Close(Some(frame)))) => return frame.code.into(),
                Some(Ok(_)) => {}
                other => panic!("no close frame: {other:?}"),
            }
        }
    };
    timeout(WAIT, read).await.unwrap()
}

fn identify(token: &str, intents: u64) -> Value {
    json!({"op": 2, "d": {"token": token, "intents": intents, "properties": {"os": "linux"}}})
}

/// What must close the connection, and with which code.
#[tokio::test]
async fn broken_rules_close_with_their_codes() {
    let mut small = config();
    small.limits.gateway_sends_max = 10;
    small.limits.heartbeat_interval_ms = 60_000;
    let discord = start(small).await;
    let good = token(LISTENER);
    let beat = json!({"op": 1, "d": null});
    let resume_ahead = json!({"op": 6, "d": {"token": good, "session_id": "nobody", "seq": 1}});
    let rows: Vec<(&str, Vec<Value>, u16)> = vec![
        ("bad token", vec![identify("no.such.token", 513)], 4004),
        ("intent not allowed", vec![identify(&token(PLAIN), 1 << 15)], 4014),
        ("unknown intent", vec![identify(&good, 1 << 40)], 4013),
        ("not identified", vec![json!({"op": 3, "d": {}})], 4003),
        ("no operation", vec![json!({"hello": 1})], 4002),
        ("unknown operation", vec![json!({"op": 77, "d": {}})], 4001),
        (
            "identified twice",
            vec![identify(&good, 513), identify(&good, 513)],
            4005,
        ),
        (
            "bad shard",
            vec![json!({"op": 2, "d": {"token": good, "intents": 1,
            "properties": {}, "shard": [2, 2]}})],
            4010,
        ),
        ("too long", vec![json!({"op": 1, "d": "x".repeat(5_000)})], 4002),
        ("too often", std::iter::repeat_n(beat, 12).collect(), 4008),
        ("resume, then garbage", vec![resume_ahead, json!([1])], 4002),
    ];
    for (name, payloads, code) in rows {
        let mut socket = raw(&discord, "v=10&encoding=json").await;
        for payload in &payloads {
            send(&mut socket, payload).await;
        }
        assert_eq!(close_code(&mut socket).await, code, "{name}");
    }
    let mut socket = raw(&discord, "v=10&encoding=json").await;
    socket.send(Message::text("{not json")).await.unwrap();
    assert_eq!(close_code(&mut socket).await, 4002, "not JSON");
    let mut socket = raw(&discord, "v=6&encoding=json").await;
    assert_eq!(close_code(&mut socket).await, 4012, "version");
    discord.shutdown().await;
}

#[tokio::test]
async fn heartbeats_are_answered_and_silence_ends_the_connection() {
    let mut quick = config();
    quick.limits.heartbeat_interval_ms = 200;
    let discord = start(quick).await;
    let mut socket = raw(&discord, "v=10&encoding=json").await;
    let hello: Value = match socket.next().await {
        Some(Ok(Message::Text(text))) => serde_json::from_str(&text).unwrap(),
        other => panic!("no hello: {other:?}"),
    };
    assert_eq!(
        (&hello["op"], &hello["d"]["heartbeat_interval"]),
        (&json!(10), &json!(200))
    );
    send(&mut socket, &json!({"op": 1, "d": null})).await;
    let ack: Value = match socket.next().await {
        Some(Ok(Message::Text(text))) => serde_json::from_str(&text).unwrap(),
        other => panic!("no ack: {other:?}"),
    };
    assert_eq!(ack["op"], 11, "a heartbeat before identify is answered");
    assert_eq!(close_code(&mut socket).await, 4009);
    discord.shutdown().await;
}

#[tokio::test]
async fn zlib_stream_carries_the_same_words() {
    use flate2::{Decompress, FlushDecompress};
    let discord = start(config()).await;
    let mut socket = raw(&discord, "v=10&encoding=json&compress=zlib-stream").await;
    send(&mut socket, &identify(&token(LISTENER), message_intents().bits())).await;
    let mut inflate = Decompress::new(true);
    let mut names = Vec::new();
    while names.len() < 4 {
        let frame = timeout(WAIT, socket.next()).await.unwrap();
        let Some(Ok(Message::Binary(bytes))) = frame else {
            panic!("not a binary frame: {frame:?}");
        };
        assert_eq!(bytes[bytes.len() - 4..], [0, 0, 0xff, 0xff]);
        let mut text = Vec::with_capacity(1 << 18);
        inflate
            .decompress_vec(&bytes, &mut text, FlushDecompress::Sync)
            .unwrap();
        let payload: Value = serde_json::from_slice(&text).unwrap();
        let name = payload["t"].as_str().unwrap_or("HELLO").to_owned();
        if name == "GUILD_CREATE" {
            say(&discord, "compressed");
        }
        if name == "MESSAGE_CREATE" {
            assert_eq!(payload["d"]["content"], "compressed");
            assert_eq!(payload["s"], 3);
        }
        names.push(name);
    }
    assert_eq!(names, ["HELLO", "READY", "GUILD_CREATE", "MESSAGE_CREATE"]);
    discord.shutdown().await;
}

#[tokio::test]
async fn the_library_asks_for_zlib_and_reads_it() {
    // The library compiled with its zlib feature asks for compress=zlib-stream by itself.
    let discord = start(config()).await;
    let mut client = Client::ready(&discord, LISTENER, message_intents()).await;
    for n in 0..50 {
        say(&discord, &format!("{n} {}", "long text ".repeat(n)));
    }
    let last = format!("49 {}", "long text ".repeat(49));
    let seen = texts(&mut client, &last).await;
    assert_eq!(seen.len(), 50);
    discord.shutdown().await;
}

#[tokio::test]
async fn identifies_are_counted() {
    let mut few = config();
    few.limits.session_starts_max = 2;
    let discord = start(few).await;
    for expected in [2, 1] {
        let reply = as_bot(&discord, LISTENER, "GET", "/gateway/bot", None).await;
        assert_eq!(reply.body["session_start_limit"]["remaining"], expected);
        let mut socket = raw(&discord, "v=10&encoding=json").await;
        send(&mut socket, &identify(&token(LISTENER), 513)).await;
        let _hello = socket.next().await;
        let _ready = timeout(WAIT, socket.next()).await.unwrap();
    }
    let mut socket = raw(&discord, "v=10&encoding=json").await;
    send(&mut socket, &identify(&token(LISTENER), 513)).await;
    assert_eq!(close_code(&mut socket).await, 4004);
    discord.shutdown().await;
}
