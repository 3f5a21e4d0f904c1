//! Nothing that was given in confidence is said again: not in the log at its most talkative, not in a refusal, not on
//! disk (invariant 9).

use std::{fs, path::Path, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::{
    program::{ADMIN, Bench, JOURNAL, MASTER, Ran, Running, SESSION, SOCKET, free_port},
    serve::{connected, state},
};

/// Built as a bot's token is.
const BOT: &str = "MTExMTExMTExMTExMTExMTEx.GcanaR.y-4f1c9e-this-is-the-canary-of-the-tests";
const PASSWORD: &str = "canary-of-the-database-7Qx";

/// Every form in which a secret could lie about: as given, and each key also as bytes and as hex digits.
fn canaries() -> Vec<(&'static str, Vec<u8>)> {
    let mut all = vec![
        ("bot token", BOT.as_bytes().to_vec()),
        ("venue's admin key", ADMIN.as_bytes().to_vec()),
        ("database password", PASSWORD.as_bytes().to_vec()),
    ];
    let master = MASTER.strip_prefix("1:").unwrap();
    for (name, text) in [
        ("master key", master),
        ("session key", SESSION),
        ("socket key", SOCKET),
        ("journal key", JOURNAL),
    ] {
        let bytes = STANDARD.decode(text).unwrap();
        all.push((name, text.trim_end_matches('=').as_bytes().to_vec()));
        all.push((name, hex::encode(&bytes).into_bytes()));
        all.push((name, bytes));
    }
    all
}

fn clean(place: &str, bytes: &[u8]) {
    let canaries = canaries();
    let mut wanted = [false; 256];
    canaries
        .iter()
        .for_each(|(_, c)| wanted[usize::from(c[0])] = true);
    for (at, byte) in bytes.iter().enumerate() {
        if wanted[usize::from(*byte)] {
            for (name, canary) in &canaries {
                assert!(!bytes[at..].starts_with(canary), "{place} shows the {name}");
            }
        }
    }
}

fn clean_folder(folder: &Path, given: &[&str]) -> usize {
    let mut seen = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            seen += clean_folder(&path, given);
        } else if !given.iter().any(|name| path.ends_with(name)) {
            clean(&path.display().to_string(), &fs::read(&path).unwrap());
            seen += 1;
        }
    }
    seen
}

fn clean_run(what: &str, ran: &Ran) {
    clean(what, ran.out.as_bytes());
    clean(what, ran.err.as_bytes());
}

/// The cast's Discord, and the token of the bot that listens there.
fn discord() -> (Value, String) {
    let world = ordercast_sim::cast::world(7);
    let bot = world.bots.iter().find(|b| b.listener).unwrap().token.clone();
    (json!({ "world": world }), bot)
}

#[test]
fn invariant_09_no_secret_is_said_or_kept_in_clear() {
    let port = free_port();
    let mut bench = Bench::complete(port);
    let venue = bench.venue();
    let (world, bot) = discord();
    let path = bench.write("discord.json", &world.to_string());
    let mut simulated = bench.start(&["sim", "discord", "--config", path.to_str().unwrap()]);
    let told: Value = serde_json::from_str(&simulated.line()).unwrap();
    bench.set("DISCORD_BOT_TOKEN", &bot);
    bench.set("DISCORD_API_BASE", told["api"].as_str().unwrap());
    bench.set("ORDERCAST_LOG", "trace");
    let serving = bench.start_logged(&["serve"], "log");
    let told = connected(port);
    assert_eq!(state(&told, "discord"), "ok", "{told}");
    assert_eq!(serving.stop(), Some(0));
    let log = fs::read_to_string(bench.path("log")).unwrap();
    assert!(log.contains("\"TRACE\""), "the log talks: {log}");
    clean("the log", log.as_bytes());
    assert!(!log.contains(&bot), "the log shows the bot token");
    for args in [
        &["config"][..],
        &["config", "--json"],
        &["doctor"],
        &["doctor", "--json"],
        &["journal", "export"],
    ] {
        let ran = bench.run(args);
        clean_run(&args.join(" "), &ran);
        assert!(
            !ran.out.contains(&bot) && !ran.err.contains(&bot),
            "{args:?} shows the bot token"
        );
    }
    assert!(clean_folder(&bench.path("data"), &[]) >= 2);
    drop((venue, simulated));
}

#[test]
fn invariant_09_a_refusal_does_not_quote_what_it_refuses() {
    let long = format!("1:{}", STANDARD.encode(ADMIN));
    for (name, value) in [
        (
            "DATABASE_URL",
            format!("postgres://app:{PASSWORD}@127.0.0.1:1/none"),
        ),
        ("DATABASE_URL", format!("mysql://app:{PASSWORD}@127.0.0.1/none")),
        ("REDIS_URL", format!("redis://:{PASSWORD}@127.0.0.1:1")),
        ("REDIS_URL", format!("http://:{PASSWORD}@127.0.0.1:1")),
        ("ORDERCAST_MASTER_KEYS", format!("1:{SESSION}{JOURNAL}")),
        ("ORDERCAST_MASTER_KEYS", long),
        ("ORDERCAST_SESSION_KEY", format!("{PASSWORD}{SESSION}")),
        ("ORDERCAST_SOCKET_KEY", SOCKET[..40].to_owned()),
        ("PAPER_VENUE_ADMIN_KEY", format!("{PASSWORD} with a space")),
        ("DISCORD_BOT_TOKEN", format!("mfa.{PASSWORD}{PASSWORD}{PASSWORD}")),
        ("DISCORD_BOT_TOKEN", format!("{BOT} {PASSWORD}")),
    ] {
        let mut bench = Bench::complete(free_port());
        bench.set(name, &value);
        for command in ["doctor", "config"] {
            clean_run(&format!("{command} with a faulty {name}"), &bench.run(&[command]));
        }
        let ended = ends_or_is_stopped(bench.start_logged(&["serve"], "log"));
        // A Redis that does not answer is a degraded bus, not a refusal.
        assert!(
            ended != Some(0) || value.starts_with("redis://"),
            "{name} is not refused"
        );
        let log = fs::read(bench.path("log")).unwrap();
        clean(&format!("serve with a faulty {name}"), &log);
    }
}

/// Its exit code; after some seconds it is told to stop.
#[expect(
    clippy::disallowed_methods,
    reason = "a test waits for a process of its own in real time"
)]
fn ends_or_is_stopped(mut serving: Running) -> Option<i32> {
    for _ in 0..60 {
        if serving.is_over() {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    serving.stop()
}
