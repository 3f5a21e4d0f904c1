//! `ordercast serve`: starts, tells the truth about itself, drains; or says in one line why it cannot.

use std::{
    io::Write as _,
    net::TcpListener,
    time::{Duration, Instant},
};

use serde_json::Value;
use sqlx::Connection as _;

use crate::program::{Bench, Running, free_port, get};

/// Waits until the program says it is ready.
#[expect(
    clippy::disallowed_methods,
    reason = "a test waits for a process of its own in real time"
)]
fn ready(port: u16, running: &mut Running) -> Value {
    let until = Instant::now() + Duration::from_secs(60);
    loop {
        let answer = get(port, "/readyz");
        if let Some((200, told)) = &answer {
            return told.clone();
        }
        if running.is_over() || Instant::now() > until {
            let (code, log) = running.ended();
            panic!("not ready: {answer:?}, exit {code:?}, log {log}");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Waits until Discord is connected, or some seconds have shown that it will not be.
#[expect(
    clippy::disallowed_methods,
    reason = "a test waits for a process of its own in real time"
)]
pub(crate) fn connected(port: u16) -> Value {
    for _ in 0..600 {
        if let Some((200, told)) = get(port, "/readyz")
            && state(&told, "discord") == "ok"
        {
            return told;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    get(port, "/readyz").map_or(Value::Null, |(_, told)| told)
}

pub(crate) fn state(told: &Value, name: &str) -> String {
    let parts = told["parts"].as_array().unwrap();
    let part = parts
        .iter()
        .find(|part| part["name"] == name)
        .unwrap_or_else(|| panic!("{name}: {told}"));
    part["state"].as_str().unwrap().to_owned()
}

#[test]
fn it_gets_ready_and_drains_on_sigterm() {
    let port = free_port();
    let mut bench = Bench::complete(port);
    let venue = bench.venue();
    let mut serving = bench.start(&["serve"]);
    let told = ready(port, &mut serving);
    for name in ["recovery", "database", "journal", "keys", "clock", "disk", "bus"] {
        assert_eq!(state(&told, name), "ok", "{told}");
    }
    assert_eq!(state(&told, "discord"), "degraded", "no token: {told}");
    assert_eq!(get(port, "/healthz").unwrap().0, 200);
    let second = bench.run(&["serve"]);
    assert_eq!(second.code, Some(1));
    assert!(second.err.contains("is in use by"), "{}", second.err);
    let beside = bench.run(&["journal", "verify"]);
    assert_eq!(
        beside.code,
        Some(0),
        "while it runs: {}{}",
        beside.out,
        beside.err
    );
    let (code, log) = serving.terminate();
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("\"stopped\""), "{log}");
    let after = bench.run(&["journal", "verify", "--json"]);
    assert_eq!(after.code, Some(0), "{}", after.err);
    assert!(
        after.json()["entries"].as_u64().unwrap() >= 3,
        "begin, start and stop are on record: {}",
        after.out
    );
    let (code, _) = venue.terminate();
    assert_eq!(code, Some(0));
}

/// Over a backup nothing opens; readiness says so, also after a restart without the flag. The operator's commands want the
/// program stopped, and name whom they do not know.
#[test]
fn over_a_backup_it_starts_in_reconcile_only_and_stays_so() {
    let port = free_port();
    let bench = Bench::complete(port);
    for arguments in [&["serve", "--reconcile-only"][..], &["serve"][..]] {
        let mut serving = bench.start(arguments);
        ready(port, &mut serving);
        let told = reconcile_only(port);
        assert_eq!(state(&told, "opening"), "degraded", "{told}");
        assert!(
            told.to_string().contains("reconcile_only: nothing opens"),
            "{told}"
        );
        let beside = bench.run(&["admin", "reset-factor", "usr_x", "--reason", "phone lost"]);
        assert_eq!(beside.code, Some(1));
        assert!(beside.err.contains("must be stopped"), "{}", beside.err);
        let (code, log) = serving.terminate();
        assert_eq!(code, Some(0), "{log}");
    }
    let unknown = bench.run(&["admin", "reset-factor", "1234", "--reason", "phone lost"]);
    assert_eq!(unknown.code, Some(1));
    assert!(unknown.err.contains("no user has the id"), "{}", unknown.err);
    let bare = bench.run(&["admin", "reset-factor", "1234", "--reason", " "]);
    assert!(bare.err.contains("--reason: expected why"), "{}", bare.err);
}

/// What readiness says once it has looked at the switches.
#[expect(
    clippy::disallowed_methods,
    reason = "a test waits for a process of its own in real time"
)]
fn reconcile_only(port: u16) -> Value {
    for _ in 0..100 {
        if let Some((200, told)) = get(port, "/readyz")
            && told.to_string().contains("reconcile_only")
        {
            return told;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    get(port, "/readyz").map_or(Value::Null, |(_, told)| told)
}

/// A schema of its own on the test server; none, said once, when there is no server.
fn postgres_schema(name: &str) -> Option<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "where the test server is comes from outside"
    )]
    let url = std::env::var("ORDERCAST_TEST_POSTGRES_URL")
        .ok()
        .filter(|url| !url.is_empty());
    let Some(url) = url else {
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED on PostgreSQL: ORDERCAST_TEST_POSTGRES_URL is not set"
        );
        return None;
    };
    let sql = format!("CREATE SCHEMA {name}");
    let made = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(async {
            let mut connection = sqlx::PgConnection::connect(&url).await?;
            sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
                .execute(&mut connection)
                .await
        });
    made.unwrap();
    let mark = if url.contains('?') { '&' } else { '?' };
    Some(format!("{url}{mark}options=-csearch_path%3D{name}"))
}

#[test]
fn it_serves_from_postgresql_and_goes_on_there() {
    let schema = format!("served_{}_{}", std::process::id(), free_port());
    let Some(url) = postgres_schema(&schema) else {
        return;
    };
    let port = free_port();
    let mut bench = Bench::complete(port);
    bench.set("DATABASE_URL", &url);
    let mut entries = 0;
    for _ in 0..2 {
        let mut serving = bench.start(&["serve"]);
        let told = ready(port, &mut serving);
        for name in ["recovery", "database", "journal", "keys"] {
            assert_eq!(state(&told, name), "ok", "{told}");
        }
        let (code, log) = serving.terminate();
        assert_eq!(code, Some(0), "{log}");
        let verified = bench.run(&["journal", "verify", "--json"]);
        assert_eq!(verified.code, Some(0), "{}", verified.err);
        let now = verified.json()["entries"].as_u64().unwrap();
        assert!(
            now >= entries + 2,
            "start and stop are on record: {}",
            verified.out
        );
        entries = now;
    }
}

#[test]
fn a_venue_that_is_away_is_degraded_and_does_not_stop_the_program() {
    let port = free_port();
    let bench = Bench::complete(port);
    let mut serving = bench.start(&["serve"]);
    let told = ready(port, &mut serving);
    assert_eq!(state(&told, "market_paper"), "degraded", "{told}");
    assert_eq!(serving.terminate().0, Some(0));
}

/// One line on standard error, exit code 1.
fn refused(bench: &Bench, words: &[&str]) {
    let ran = bench.run(&["serve"]);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert_eq!(ran.err.trim().lines().count(), 1, "{}", ran.err);
    for word in words {
        assert!(ran.err.contains(word), "{word}: {}", ran.err);
    }
}

#[test]
fn a_port_in_use_is_said() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    refused(
        &Bench::complete(port),
        &[&format!("127.0.0.1:{port} is in use"), "PORT"],
    );
}

#[test]
fn a_folder_that_cannot_be_written_is_said() {
    let mut bench = Bench::complete(free_port());
    bench.write("occupied", "a file where a folder should be");
    bench.set("ORDERCAST_DATA_DIR", "occupied/data");
    refused(&bench, &["data folder occupied/data"]);
}

#[test]
fn a_corrupt_database_is_said() {
    let bench = Bench::complete(free_port());
    std::fs::create_dir(bench.path("data")).unwrap();
    bench.write(
        "data/ordercast.db",
        &"this is no database, and never was one. ".repeat(200),
    );
    refused(
        &bench,
        &[
            "data/ordercast.db is damaged or not a database",
            "Restore a backup",
        ],
    );
}

#[test]
fn a_simulated_discord_runs_on_its_own() {
    let bench = Bench::new();
    let path = bench.write(
        "discord.json",
        r#"{"world": {"guilds": [], "users": [], "bots": []}}"#,
    );
    let mut running = bench.start(&["sim", "discord", "--config", path.to_str().unwrap()]);
    let told: Value = serde_json::from_str(&running.line()).unwrap();
    assert!(told["api"].as_str().unwrap().ends_with("/api/v10"), "{told}");
    assert!(
        told["gateway"].as_str().unwrap().starts_with("ws://127.0.0.1:"),
        "{told}"
    );
    assert_eq!(running.terminate().0, Some(0));
    let odd = bench.write("odd.json", r#"{"wrold": {}}"#);
    let ran = bench.run(&["sim", "discord", "--config", odd.to_str().unwrap()]);
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.err.contains("odd.json is not as expected") && ran.err.contains("wrold"),
        "{}",
        ran.err
    );
}
