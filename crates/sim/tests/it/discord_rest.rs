//! The REST interface, by a library and by bare calls.

use crate::discord_fixture::*;
use ordercast_sim::discord::{Fault, MessageDraft, Snowflake, Window};
use serde_json::{Value, json};
use std::time::Duration;
use twilight_model::id::Id;

fn library(discord: &ordercast_sim::discord::Discord, bot: Snowflake) -> twilight_http::Client {
    twilight_http::Client::builder()
        .token(format!("Bot {}", token(bot)))
        .proxy(discord.addr().to_string(), true)
        .ratelimiter(None)
        .build()
}

#[tokio::test]
async fn the_library_posts_edits_lists_and_deletes() {
    let mut wide = config();
    wide.limits.post = Window {
        count: 100,
        millis: 1_000,
    };
    let discord = start(wide).await;
    let http = library(&discord, PROVIDER);
    let channel = Id::new(SIGNALS.0);
    let me = http.current_user().await.unwrap().model().await.unwrap();
    assert_eq!(me.id.get(), PROVIDER.0);
    let mut ids = Vec::new();
    for n in 0..7 {
        let text = format!("message {n}");
        let sent = http.create_message(channel).content(&text).await.unwrap();
        ids.push(sent.model().await.unwrap().id);
    }
    assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
    let edited = http
        .update_message(channel, ids[3])
        .content(Some("changed"))
        .await
        .unwrap();
    assert_eq!(edited.model().await.unwrap().content, "changed");
    let list = http
        .channel_messages(channel)
        .limit(3)
        .await
        .unwrap()
        .models()
        .await
        .unwrap();
    let newest: Vec<_> = list.iter().map(|m| m.id).collect();
    assert_eq!(newest, [ids[6], ids[5], ids[4]]);
    let before = http
        .channel_messages(channel)
        .before(ids[4])
        .limit(2)
        .await
        .unwrap();
    let before: Vec<_> = before.models().await.unwrap().iter().map(|m| m.id).collect();
    assert_eq!(before, [ids[3], ids[2]]);
    let after = http
        .channel_messages(channel)
        .after(ids[1])
        .limit(2)
        .await
        .unwrap();
    let after: Vec<_> = after.models().await.unwrap().iter().map(|m| m.id).collect();
    assert_eq!(after, [ids[3], ids[2]]);
    let around = http
        .channel_messages(channel)
        .around(ids[3])
        .limit(3)
        .await
        .unwrap();
    let around: Vec<_> = around.models().await.unwrap().iter().map(|m| m.id).collect();
    assert_eq!(around, [ids[4], ids[3], ids[2]]);
    let reply = http
        .create_message(channel)
        .reply(ids[0])
        .content("closing")
        .await
        .unwrap();
    let reply = reply.model().await.unwrap();
    assert_eq!(reply.referenced_message.unwrap().id, ids[0]);
    http.delete_message(channel, ids[0]).await.unwrap();
    assert!(http.message(channel, ids[0]).await.is_err());
    let guild = http.guild(Id::new(GUILD.0)).await.unwrap().model().await.unwrap();
    assert_eq!(guild.roles.len(), 2);
    let channels = http
        .guild_channels(Id::new(GUILD.0))
        .await
        .unwrap()
        .models()
        .await
        .unwrap();
    assert_eq!(channels.len(), 3);
    let application = http
        .current_user_application()
        .await
        .unwrap()
        .model()
        .await
        .unwrap();
    assert_eq!(application.flags.unwrap().bits() & (1 << 19), 1 << 19);
    let gateway = http.gateway().authed().await.unwrap().model().await.unwrap();
    assert_eq!(gateway.url, discord.gateway_url());
    let direct = http.create_private_channel(Id::new(LISTENER.0)).await.unwrap();
    let direct = direct.model().await.unwrap();
    http.create_message(direct.id).content("hello").await.unwrap();
    discord.shutdown().await;
}

/// One row: who asks what, and the status and code of the answer.
#[tokio::test]
async fn refusals_carry_discords_codes() {
    let mut wide = config();
    wide.limits.post = Window {
        count: 1_000,
        millis: 1_000,
    };
    wide.limits.other = wide.limits.post;
    wide.limits.read = wide.limits.post;
    wide.limits.delete = wide.limits.post;
    wide.limits.edit = wide.limits.post;
    wide.limits.global_per_second = 1_000;
    let discord = start(wide).await;
    let own = discord
        .post(LISTENER, SIGNALS, MessageDraft::text("mine"))
        .unwrap();
    let own = format!("/channels/{SIGNALS}/messages/{}", own["id"].as_str().unwrap());
    let signals = format!("/channels/{SIGNALS}/messages");
    let text = |n: usize| Some(json!({"content": "x".repeat(n)}));
    let rows: Vec<(&str, &str, String, Option<Value>, u16, u64)> = vec![
        ("post", "POST", signals.clone(), text(2_000), 200, 0),
        ("too long", "POST", signals.clone(), text(2_001), 400, 50035),
        (
            "empty",
            "POST",
            signals.clone(),
            Some(json!({"content": "  "})),
            400,
            50006,
        ),
        (
            "eleven embeds",
            "POST",
            signals.clone(),
            Some(json!({"embeds": vec![json!({"title": "x"}); 11]})),
            400,
            50035,
        ),
        (
            "embed title",
            "POST",
            signals.clone(),
            Some(json!({"embeds": [{"title": "x".repeat(257)}]})),
            400,
            50035,
        ),
        (
            "content is a list",
            "POST",
            signals.clone(),
            Some(json!({"content": []})),
            400,
            50035,
        ),
        (
            "reply to nothing",
            "POST",
            signals.clone(),
            Some(json!({"content": "x", "message_reference": {"message_id": "5"}})),
            400,
            50035,
        ),
        (
            "reply to nothing, allowed",
            "POST",
            signals.clone(),
            Some(json!({"content": "x", "message_reference":
                {"message_id": "5", "fail_if_not_exists": false}})),
            200,
            0,
        ),
        ("no body", "POST", signals.clone(), None, 400, 50035),
        (
            "unknown channel",
            "POST",
            "/channels/5/messages".into(),
            text(1),
            404,
            10003,
        ),
        (
            "bad id",
            "POST",
            "/channels/abc/messages".into(),
            text(1),
            400,
            50035,
        ),
        (
            "unseen channel",
            "GET",
            format!("/channels/{SECRET}/messages"),
            None,
            403,
            50001,
        ),
        (
            "may not post",
            "POST",
            format!("/channels/{READ_ONLY}/messages"),
            text(1),
            403,
            50013,
        ),
        ("unknown message", "GET", format!("{signals}/5"), None, 404, 10008),
        ("edit another's", "PATCH", own.clone(), text(1), 403, 50005),
        ("delete another's", "DELETE", own.clone(), None, 403, 50013),
        ("limit 0", "GET", format!("{signals}?limit=0"), None, 400, 50035),
        (
            "limit 101",
            "GET",
            format!("{signals}?limit=101"),
            None,
            400,
            50035,
        ),
        ("unknown guild", "GET", "/guilds/5".into(), None, 404, 10004),
        (
            "unknown member",
            "GET",
            format!("/guilds/{GUILD}/members/5"),
            None,
            404,
            10007,
        ),
        ("no such route", "GET", "/nothing".into(), None, 404, 0),
        ("no such method", "PUT", signals.clone(), None, 405, 0),
        (
            "bulk delete",
            "POST",
            format!("{signals}/bulk-delete"),
            Some(json!({"messages": ["5", "6"]})),
            403,
            50013,
        ),
    ];
    for (name, method, path, body, status, code) in rows {
        let reply = as_bot(&discord, PROVIDER, method, &path, body).await;
        assert_eq!(reply.status, status, "{name}: {}", reply.body);
        if status != 200 {
            assert_eq!(reply.body["code"], code, "{name}: {}", reply.body);
            assert!(reply.body["message"].is_string(), "{name}");
        }
        assert_eq!(reply.header("content-type"), "application/json", "{name}");
        assert_eq!(
            reply.body["errors"].is_object(),
            code == 50035,
            "{name}: {}",
            reply.body
        );
    }
    discord.shutdown().await;
}

#[tokio::test]
async fn only_bot_tokens_are_let_in() {
    let discord = start(config()).await;
    let good = token(LISTENER);
    for (authorization, status) in [
        (Some(format!("Bot {good}")), 200),
        (Some(good.clone()), 401),
        (Some(format!("Bearer {good}")), 401),
        (Some("Bot nonsense".to_owned()), 401),
        (None, 401),
    ] {
        let reply = call(&discord, authorization.as_deref(), "GET", "/users/@me", None).await;
        assert_eq!(reply.status, status, "{authorization:?}");
        if status == 401 {
            assert_eq!(reply.body, json!({"message": "401: Unauthorized", "code": 0}));
        }
    }
    discord.shutdown().await;
}

#[tokio::test]
async fn posting_too_fast_is_answered_429_and_then_let_in() {
    let mut quick = config();
    quick.limits.post = Window {
        count: 3,
        millis: 3_000,
    };
    let discord = start(quick).await;
    let path = format!("/channels/{SIGNALS}/messages");
    let post = || as_bot(&discord, PROVIDER, "POST", &path, Some(json!({"content": "x"})));
    for left in ["2", "1", "0"] {
        let reply = post().await;
        assert_eq!((reply.status, reply.header("x-ratelimit-remaining")), (200, left));
        assert_eq!(reply.header("x-ratelimit-limit"), "3");
        assert!(!reply.header("x-ratelimit-bucket").is_empty());
        assert!(reply.header("x-ratelimit-reset").parse::<f64>().is_ok());
    }
    let refused = post().await;
    assert_eq!(refused.status, 429);
    assert_eq!(refused.body["global"], false);
    assert_eq!(refused.header("x-ratelimit-scope"), "user");
    let seconds: u32 = refused.header("retry-after").parse().unwrap();
    assert!((1..=3).contains(&seconds), "{seconds}");
    let wait = refused.body["retry_after"].as_f64().unwrap();
    assert!(wait > 0.0 && wait <= 3.001, "{wait}");
    let other = format!("/channels/{OTHER}/messages");
    let elsewhere = as_bot(&discord, PROVIDER, "POST", &other, Some(json!({"content": "x"}))).await;
    assert_eq!(elsewhere.status, 200, "another channel has its own bucket");
    let somebody = as_bot(&discord, LISTENER, "POST", &path, Some(json!({"content": "x"}))).await;
    assert_eq!(somebody.status, 200, "another bot has its own bucket");
    tokio::time::sleep(Duration::from_secs_f64(wait)).await;
    assert_eq!(post().await.status, 200);
    discord.shutdown().await;
}

#[tokio::test]
async fn all_routes_together_have_a_limit() {
    let mut narrow = config();
    narrow.limits.global_per_second = 4;
    let discord = start(narrow).await;
    let mut statuses = Vec::new();
    let mut last = None;
    for _ in 0..6 {
        let reply = as_bot(&discord, LISTENER, "GET", "/users/@me", None).await;
        statuses.push(reply.status);
        last = Some(reply);
    }
    assert_eq!(statuses, [200, 200, 200, 200, 429, 429]);
    let last = last.unwrap();
    assert_eq!(last.body["global"], true);
    assert_eq!(last.header("x-ratelimit-global"), "true");
    discord.shutdown().await;
}

#[tokio::test]
async fn a_webhook_posts_by_its_address_alone() {
    let discord = start(config()).await;
    let hook = ordercast_sim::discord::webhook_token(HOOK, 7);
    let path = format!("/webhooks/{HOOK}/{hook}");
    let body = json!({"content": "", "embeds": [{"title": "Open", "fields":
        [{"name": "Entry", "value": "190"}]}], "username": "Momentum"});
    let posted = call(&discord, None, "POST", &format!("{path}?wait=true"), Some(body)).await;
    assert_eq!(posted.status, 200, "{}", posted.body);
    assert_eq!(posted.body["webhook_id"], json!(HOOK));
    assert_eq!(posted.body["author"]["username"], "Momentum");
    assert_eq!(posted.body["embeds"][0]["fields"][0]["inline"], false);
    assert_eq!(posted.body["embeds"][0]["type"], "rich");
    let silent = call(&discord, None, "POST", &path, Some(json!({"content": "x"}))).await;
    assert_eq!((silent.status, silent.body), (204, Value::Null));
    let message = format!("{path}/messages/{}", posted.id());
    let edited = call(&discord, None, "PATCH", &message, Some(json!({"content": "y"}))).await;
    assert_eq!(edited.body["content"], "y");
    assert_eq!(call(&discord, None, "DELETE", &message, None).await.status, 204);
    let wrong = format!("/webhooks/{HOOK}/wrong");
    let refused = call(&discord, None, "POST", &wrong, Some(json!({"content": "x"}))).await;
    assert_eq!((refused.status, &refused.body["code"]), (401, &json!(50027)));
    let unknown = call(
        &discord,
        None,
        "POST",
        "/webhooks/5/x",
        Some(json!({"content": "x"})),
    )
    .await;
    assert_eq!((unknown.status, &unknown.body["code"]), (404, &json!(10015)));
    discord.shutdown().await;
}

#[tokio::test]
async fn a_forward_carries_the_message_inside() {
    let discord = start(config()).await;
    let first = discord
        .post(PROVIDER, SIGNALS, MessageDraft::text("BTO AAPL @ 190"))
        .unwrap();
    let body = json!({"message_reference":
        {"type": 1, "message_id": first["id"], "channel_id": SIGNALS}});
    let path = format!("/channels/{OTHER}/messages");
    let forward = as_bot(&discord, PROVIDER, "POST", &path, Some(body)).await;
    assert_eq!(forward.status, 200, "{}", forward.body);
    assert_eq!(forward.body["content"], "");
    assert_eq!(
        forward.body["message_snapshots"][0]["message"]["content"],
        "BTO AAPL @ 190"
    );
    discord.shutdown().await;
}

#[tokio::test]
async fn control_calls_steer_and_look_in() {
    let discord = start(config()).await;
    let base = format!("http://{}/sim", discord.addr());
    let client = reqwest::Client::new();
    let get = async |path: &str| -> Value {
        let text = client.get(format!("{base}{path}")).send().await.unwrap();
        serde_json::from_str(&text.text().await.unwrap()).unwrap()
    };
    let world = get("/world").await;
    assert_eq!(world["bots"][1]["token"], token(PROVIDER));
    assert_eq!(world["guilds"][0]["channels"][0]["name"], "signals");
    discord
        .post(PROVIDER, SIGNALS, MessageDraft::text("one"))
        .unwrap();
    let messages = get(&format!("/messages?channel={SIGNALS}")).await;
    assert_eq!(messages[0]["content"], "one");
    let fault = serde_json::to_value(Fault::RestError {
        status: 503,
        count: 1,
    })
    .unwrap();
    let sent = client
        .post(format!("{base}/faults"))
        .json(&fault)
        .send()
        .await
        .unwrap();
    assert_eq!(sent.status(), 200);
    let down = as_bot(&discord, LISTENER, "GET", "/users/@me", None).await;
    let up = as_bot(&discord, LISTENER, "GET", "/users/@me", None).await;
    assert_eq!((down.status, up.status), (503, 200));
    let bad = client
        .post(format!("{base}/faults"))
        .json(&json!({"kind": "flood"}));
    assert_eq!(bad.send().await.unwrap().status(), 400);
    discord.shutdown().await;
}
