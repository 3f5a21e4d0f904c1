//! The running program as Discord posts to it: signed commands are answered, others are turned away, and without a key
//! nobody is there.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use ed25519_dalek::{Signer, SigningKey};
use serde_json::{Value, json};

use crate::{
    program::{Bench, free_port},
    serve::connected,
};

/// One posting; gives status and body.
fn post(port: u16, key: &SigningKey, body: &str) -> (u16, Value) {
    #[expect(clippy::disallowed_methods, reason = "the program looks at the real clock")]
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let signature = key.sign(format!("{now}{body}").as_bytes());
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    write!(
        stream,
        "POST /api/v1/discord/interactions HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n\
         X-Signature-Ed25519: {}\r\nX-Signature-Timestamp: {now}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        hex::encode(signature.to_bytes()),
        body.len()
    )
    .unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let status = text.split(' ').nth(1).and_then(|s| s.parse().ok());
    let body = text
        .find('{')
        .and_then(|at| serde_json::from_str(&text[at..]).ok());
    (status.unwrap_or(0), body.unwrap_or(Value::Null))
}

#[test]
fn discord_posts_a_command_and_the_program_answers() {
    let port = free_port();
    let mut bench = Bench::complete(port);
    let _venue = bench.venue();
    let world = ordercast_sim::cast::world(7);
    let bot = world.bots.iter().find(|b| b.listener).unwrap().token.clone();
    let path = bench.write("discord.json", &json!({ "world": world }).to_string());
    let mut simulated = bench.start(&["sim", "discord", "--config", path.to_str().unwrap()]);
    let told: Value = serde_json::from_str(&simulated.line()).unwrap();
    let key = SigningKey::from_bytes(&[9; 32]);
    bench.set("DISCORD_BOT_TOKEN", &bot);
    bench.set("DISCORD_API_BASE", told["api"].as_str().unwrap());
    let ping =
        json!({"id": "1175000000000000001", "application_id": "9", "token": "t", "type": 1}).to_string();
    let serving = bench.start_logged(&["serve"], "log-1");
    connected(port);
    assert_eq!(post(port, &key, &ping).0, 404, "no key, no door");
    assert_eq!(serving.stop(), Some(0));
    bench.set("DISCORD_PUBLIC_KEY", &hex::encode(key.verifying_key().as_bytes()));
    let serving = bench.start_logged(&["serve"], "log-2");
    connected(port);
    assert_eq!(post(port, &key, &ping), (200, json!({"type": 1})));
    let options = json!([{"name": "symbol", "type": 3, "value": "AAPL"}, {"name": "quantity", "type": 3, "value": "1"}]);
    let buy = json!({
        "id": "1175000000000000002", "application_id": "9", "token": "t", "type": 2, "channel_id": "2",
        "user": {"id": "77", "username": "stranger"}, "data": {"name": "buy", "options": options},
    })
    .to_string();
    let (status, answer) = post(port, &SigningKey::from_bytes(&[8; 32]), &buy);
    assert_eq!((status, &answer["detail"]), (401, &json!("Not accepted.")));
    let (status, answer) = post(port, &key, &buy);
    assert_eq!((status, &answer["type"]), (200, &json!(4)), "{answer}");
    assert_eq!(
        answer["data"]["embeds"][0]["title"], "Link your account",
        "{answer}"
    );
    let (_, answer) = post(port, &key, &buy);
    assert_eq!(answer["data"]["embeds"][0]["title"], "Taken before", "{answer}");
    assert_eq!(serving.stop(), Some(0));
}
