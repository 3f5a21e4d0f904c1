//! The demo's webhook over real HTTP: what is taken becomes orders, what is wrong is named, what is replayed or strange is not
//! acted on, and the secret stays off the disk.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::program::{Bench, free_port};

/// One POST as any sender writes it; gives status and body.
fn post(port: u16, path: &str, body: &[u8]) -> (u16, Value) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    // A body that is too large may be cut off while it is sent.
    let _ = stream.write_all(body);
    let mut text = String::new();
    let _ = stream.read_to_string(&mut text);
    let status = text.split(' ').nth(1).and_then(|s| s.parse().ok());
    let json = text
        .find('{')
        .and_then(|from| Some(text.get(from..=text.rfind('}')?)?.to_owned()))
        .and_then(|json| serde_json::from_str(&json).ok());
    (status.unwrap_or(0), json.unwrap_or(Value::Null))
}

/// The webhook of a demo that has just begun, as (id, secret).
#[expect(
    clippy::disallowed_methods,
    reason = "a test waits for a process of its own in real time"
)]
fn address(bench: &Bench) -> (String, String) {
    let until = Instant::now() + Duration::from_secs(60);
    loop {
        let text = std::fs::read_to_string(bench.path("demo/hook.json")).unwrap_or_default();
        if let Ok(told) = serde_json::from_str::<Value>(&text) {
            let field = |name: &str| told[name].as_str().unwrap().to_owned();
            return (field("hook"), field("secret"));
        }
        assert!(Instant::now() < until, "the demo made no webhook");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_strategy_posts_by_http_and_the_secret_stays_secret() {
    let bench = Bench::new();
    let port = free_port().to_string();
    let args = [
        "demo",
        "--data-dir",
        "demo",
        "--port",
        port.as_str(),
        "--headless",
        "--json",
        "--for",
        "19s",
    ];
    let demo = bench.start_logged(&args, "log");
    let (hook, secret) = address(&bench);
    let port: u16 = port.parse().unwrap();
    let path = format!("/api/v1/hooks/{hook}/{secret}");
    let buy = br#"{"ticker":"NASDAQ:AAPL","action":"buy","type":"market","sl":"3%","id":"t-1"}"#;
    let wrong = format!("/api/v1/hooks/{hook}/{}", "0".repeat(64));
    let unknown = format!("/api/v1/hooks/whk_{}/{secret}", "0".repeat(26));
    let bomb = format!("{}{}", "[".repeat(30_000), "]".repeat(30_000)).into_bytes();
    for (what, path, body, status, sign) in [
        ("a signal", &path, &buy[..], 202, "accepted"),
        ("the same id", &path, buy, 202, "duplicate"),
        ("plain words", &path, b"BUY MSFT SL 3%", 202, "accepted"),
        ("the same body", &path, b"BUY MSFT SL 3%", 202, "duplicate"),
        ("wrong secret", &wrong, buy, 401, "unauthorised"),
        ("unknown hook", &unknown, buy, 401, "unauthorised"),
        (
            "unrendered",
            &path,
            br#"{"ticker":"AAPL","action":"buy","price":"{{close}}"}"#,
            422,
            "placeholder",
        ),
        ("64 KiB and one", &path, &[b'x'; (64 << 10) + 1], 413, "too_large"),
        ("not UTF-8", &path, &[0xff, 0xfe], 422, "body"),
        ("a bomb", &path, &bomb, 422, "body"),
    ] {
        let (got, told) = post(port, path, body);
        assert_eq!(got, status, "{what}: {told}");
        let named = match status {
            202 => &told["outcome"],
            422 => &told["errors"][0]["field"],
            _ => &told["code"],
        };
        assert_eq!(named, sign, "{what}: {told}");
    }
    assert_eq!(demo.stop(), Some(0), "the demo audits itself");
    let log = std::fs::read_to_string(bench.path("log")).unwrap();
    assert!(!log.contains(&secret), "{log}");
    for file in ["demo/ordercast.db", "demo/ordercast.db-wal"] {
        let bytes = std::fs::read(bench.path(file)).unwrap_or_default();
        let shown = bytes.windows(secret.len()).any(|w| w == secret.as_bytes());
        assert!(!shown, "{file} shows the secret");
    }
    let told = bench.run(&["journal", "export", "--data-dir", "demo"]).out;
    assert!(!told.contains(&secret), "the journal shows the secret");
    let taken = told.matches(&format!("webhook:{hook}")).count();
    assert!(taken >= 2, "the two of ours: {taken}");
}
