//! Master keys through the real program: made, brought into force beside a running `serve`, missed, dropped too early;
//! and credentials taken away from many at once.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ordercast_adapters::vault::{LocalVault, MasterKeys};
use ordercast_model::{
    connection::Connection,
    ports::{
        store::{Batch, Page, SystemQuery, commit, find_any},
        vault::Vault as _,
    },
    secret::Secret,
    tenant::SystemScope,
};
use ordercast_store::{Options, inspect, open};
use ordercast_testkit::{clock::SteerableClock, random::SeededRandom, sample};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::program::{Bench, MASTER, Ran, Running, free_port, get};

const SCOPE: SystemScope = SystemScope::housekeeping("test");
/// What is sealed, searched for everywhere.
const CANARY: &str = "canary-9d41-of-a-credential-nobody-may-read";
const USERS: u64 = 40;

fn entry(version: u8) -> String {
    let key: Vec<u8> = (0..32_u8).map(|i| i.wrapping_mul(3) ^ version).collect();
    format!("{version}:{}", STANDARD.encode(key))
}

fn block<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

fn url(bench: &Bench) -> String {
    format!("sqlite://{}", bench.path("data/ordercast.db").display())
}

/// Users with connections at the venue, sealed under these keys, as a program before this one would have left them.
fn populate(bench: &Bench, keys: &str) {
    block(async {
        std::fs::create_dir_all(bench.path("data")).unwrap();
        let opened = open(&url(bench), &Options::default()).await.unwrap();
        let stop = CancellationToken::new();
        let worker = tokio::spawn(opened.worker.run(stop.clone()));
        let keys = MasterKeys::parse(&Secret::new(keys.to_owned())).unwrap();
        let clock = Arc::new(SteerableClock::at(sample::at(0)));
        let vault = LocalVault::new(keys, opened.store.clone(), clock, Arc::new(SeededRandom::new(7)));
        for n in 1..=USERS {
            let user = sample::person::user(n);
            let mut connection = sample::trade::connection(n, user.id);
            let value = Secret::new(CANARY.to_owned());
            for field in ["key", "secret"] {
                let sealed = vault.seal(user.id, connection.id, &connection.broker, field, &value);
                connection.credential.push(sealed.await.unwrap());
            }
            let mut batch = Batch::new();
            batch.insert(user);
            batch.insert(sample::trade::account(&connection));
            batch.insert(connection);
            commit(opened.store.as_ref(), SCOPE, batch).await.unwrap();
        }
        stop.cancel();
        worker.await.unwrap();
    });
}

fn stored(bench: &Bench) -> Vec<Connection> {
    block(async {
        let inspected = inspect(&url(bench)).await.unwrap();
        let query = SystemQuery::ConnectionsAll(Page::first(1_000));
        find_any::<Connection>(inspected.store.as_ref(), SCOPE, query)
            .await
            .unwrap()
    })
}

/// How many credentials these keys open.
fn openable(bench: &Bench, keys: &str) -> usize {
    block(async {
        let inspected = inspect(&url(bench)).await.unwrap();
        let keys = MasterKeys::parse(&Secret::new(keys.to_owned())).unwrap();
        let clock = Arc::new(SteerableClock::at(sample::at(0)));
        let store = inspected.store.clone();
        let vault = LocalVault::new(keys, store.clone(), clock, Arc::new(SeededRandom::new(8)));
        let query = SystemQuery::ConnectionsAll(Page::first(1_000));
        let mut count = 0;
        for row in find_any::<Connection>(store.as_ref(), SCOPE, query)
            .await
            .unwrap()
        {
            if let Ok(access) = vault.open(&row).await {
                assert!(access.fields.values().all(|field| field.expose() == CANARY));
                count += usize::from(access.fields.len() == 2);
            }
        }
        count
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test waits for a process of its own in real time"
)]
fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + Duration::from_secs(120);
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < end, "{what}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn serving(bench: &Bench, port: u16, log: &str) -> Running {
    let mut running = bench.start_logged(&["serve"], log);
    until("serve gets ready", || {
        let over = running.is_over();
        let shown = || std::fs::read_to_string(bench.path(log)).unwrap();
        assert!(!over, "serve ended: {}", shown());
        get(port, "/readyz").filter(|(code, _)| *code == 200)
    });
    running
}

fn status(bench: &Bench) -> (Option<i32>, Value) {
    let ran = bench.run(&["keys", "status", "--json"]);
    (ran.code, ran.json())
}

fn good(ran: &Ran) {
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
}

/// Neither the credential nor a master key stands there, in any form a dump would show.
fn clean(what: &str, bytes: &[u8]) {
    let key = |version| {
        entry(version)
            .split_once(':')
            .map(|(_, key)| key.to_owned())
            .unwrap()
    };
    let mut needles = vec![CANARY.as_bytes().to_vec(), STANDARD.encode(CANARY).into_bytes()];
    for version in [1, 2] {
        let text = key(version);
        needles.push(STANDARD.decode(&text).unwrap());
        needles.push(hex::encode(STANDARD.decode(&text).unwrap()).into_bytes());
        needles.push(text.into_bytes());
    }
    for needle in &mut needles {
        while needle.last() == Some(&b'=') {
            needle.pop();
        }
    }
    let first: std::collections::BTreeSet<u8> = needles.iter().map(|needle| needle[0]).collect();
    for (at, byte) in bytes.iter().enumerate() {
        if first.contains(byte) {
            let shown = needles.iter().any(|needle| bytes[at..].starts_with(needle));
            assert!(!shown, "{what} shows a secret at byte {at}");
        }
    }
}

/// The database with its log and memory, as they lie on disk.
fn clean_data(bench: &Bench, what: &str) {
    for file in std::fs::read_dir(bench.path("data")).unwrap() {
        let path = file.unwrap().path();
        clean(
            &format!("{what}: {}", path.display()),
            &std::fs::read(&path).unwrap(),
        );
    }
}

/// A bench whose keys stand in a file.
fn with_file(port: u16, keys: &[u8]) -> Bench {
    let mut bench = Bench::complete(port);
    bench.unset("ORDERCAST_MASTER_KEYS");
    let path = write_keys(&bench, keys);
    bench.set("ORDERCAST_MASTER_KEYS_FILE", &path);
    bench
}

fn write_keys(bench: &Bench, versions: &[u8]) -> String {
    let text: Vec<String> = versions.iter().map(|version| entry(*version)).collect();
    let path = bench.write("keys", &text.join("\n"));
    path.to_str().unwrap().to_owned()
}

#[test]
fn a_new_key_is_printed_with_the_next_version() {
    let mut bench = Bench::new();
    for (keys, args, want) in [
        (None, &["keys", "generate"][..], "1:"),
        (Some(MASTER.to_owned()), &["keys", "generate"], "2:"),
        (
            Some(format!("{},{}", entry(7), entry(3))),
            &["keys", "generate"],
            "8:",
        ),
        (None, &["keys", "generate", "--key-version", "2027"], "2027:"),
    ] {
        bench.unset("ORDERCAST_MASTER_KEYS");
        if let Some(keys) = &keys {
            bench.set("ORDERCAST_MASTER_KEYS", keys);
        }
        let ran = bench.run(args);
        good(&ran);
        let line = ran.out.trim().to_owned();
        assert!(line.starts_with(want), "{line}");
        MasterKeys::parse(&Secret::new(line.clone())).unwrap();
        assert_ne!(line, bench.run(args).out.trim(), "a new one each time");
    }
}

#[test]
fn invariant_09_a_rotation_beside_a_running_serve_shows_no_secret() {
    let port = free_port();
    let mut bench = with_file(port, &[1]);
    let venue = bench.venue();
    bench.set("ORDERCAST_LOG", "trace");
    populate(&bench, &entry(1));
    let running = serving(&bench, port, "log");
    let (_, before) = status(&bench);
    assert_eq!(before["active"], 1, "{before}");
    let ran = until("the first version is found complete", || {
        let ran = bench.run(&["keys", "rotate"]);
        (ran.code == Some(1)).then_some(ran)
    });
    assert!(ran.err.contains("there is no newer master key"), "{}", ran.err);
    write_keys(&bench, &[2, 1]);
    // The running program reads the file again; until then the command says who lacks the key.
    let ran = until("serve takes the new key in", || {
        let ran = bench.run(&["keys", "rotate"]);
        if ran.code != Some(0) {
            assert!(
                ran.err.contains("does not hold master key version 2"),
                "{}",
                ran.err
            );
        }
        (ran.code == Some(0)).then_some(ran)
    });
    assert!(ran.out.contains("version 2 is in force, after 1"), "{}", ran.out);
    assert!(ran.out.contains("complete:"), "{}", ran.out);
    let (code, told) = status(&bench);
    assert_eq!(told["active"], 2);
    assert_eq!(told["rotation"]["complete"], true, "{told}");
    let under = |version: usize, what: &str| told["versions"][version][what].as_u64().unwrap();
    assert_eq!(
        (under(0, "data_keys"), under(0, "sealed_fields")),
        (USERS, 2 * USERS)
    );
    assert_eq!((under(1, "data_keys"), under(1, "sealed_fields")), (0, 0));
    assert_eq!(told["processes"][0]["active"], 2, "{told}");
    assert!(
        code == Some(0) || told["to_do"].as_array().unwrap().len() == 1,
        "{told}"
    );
    assert_eq!(get(port, "/readyz").unwrap().0, 200, "it serves on");
    clean_data(&bench, "while it serves");
    assert_eq!(running.stop(), Some(0));
    clean("what rotate says", format!("{}{}", ran.out, ran.err).as_bytes());
    let log = std::fs::read(bench.path("log")).unwrap();
    assert!(log.windows(7).any(|part| part == b"\"TRACE\""), "the log talks");
    clean("the log", &log);
    // Both versions are no longer needed: the older may go.
    write_keys(&bench, &[2]);
    assert_eq!(openable(&bench, &entry(2)), usize::try_from(USERS).unwrap());
    let again = serving(&bench, port, "log2");
    assert_eq!(again.stop(), Some(0));
    clean_data(&bench, "after a rotation");
    good(&bench.run(&["journal", "verify"]));
    let journal = bench.run(&["journal", "export"]).out;
    clean("the journal", journal.as_bytes());
    assert!(journal.contains("\"key.rotated\"") && journal.contains("\"credential.rotated\""));
    drop(venue);
}

#[test]
fn a_key_that_is_needed_is_not_dropped() {
    let port = free_port();
    let mut bench = Bench::complete(port);
    populate(&bench, &entry(1));
    for (keys, words) in [
        (
            entry(2),
            format!("version 1 is in force and not configured: {USERS} data keys"),
        ),
        (format!("{},{}", entry(2), entry(1)), String::new()),
    ] {
        bench.set("ORDERCAST_MASTER_KEYS", &keys);
        if words.is_empty() {
            assert_eq!(serving(&bench, port, "log").stop(), Some(0));
        } else {
            let ran = bench.run(&["serve"]);
            assert_eq!(ran.code, Some(1), "{}", ran.err);
            assert!(ran.err.contains(&words), "{}", ran.err);
            let (code, told) = status(&bench);
            assert_eq!(code, Some(1));
            assert!(
                told["to_do"][0].as_str().unwrap().contains("put version 1 back"),
                "{told}"
            );
        }
    }
}

#[test]
fn a_rotation_that_is_killed_goes_on_where_it_stopped() {
    let port = free_port();
    let mut bench = Bench::complete(port);
    populate(&bench, &entry(1));
    bench.set("ORDERCAST_MASTER_KEYS", &entry(1));
    assert_eq!(serving(&bench, port, "log").stop(), Some(0));
    let both = format!("{},{}", entry(2), entry(1));
    bench.set("ORDERCAST_MASTER_KEYS", &both);
    for delay in [5_u64, 15, 30, 60, 120] {
        let mut rotating = bench.start_logged(&["keys", "rotate"], "rotating");
        #[expect(
            clippy::disallowed_methods,
            reason = "a test kills a process of its own after some real time"
        )]
        std::thread::sleep(Duration::from_millis(delay));
        let _ = rotating.is_over();
        drop(rotating);
        assert_eq!(
            openable(&bench, &both),
            usize::try_from(USERS).unwrap(),
            "after {delay} ms"
        );
    }
    // The process that served is gone for a minute before its word no longer counts.
    let ran = until("the rotation ends", || {
        let ran = bench.run(&["keys", "rotate"]);
        (ran.code == Some(0) || ran.err.contains("no newer master key")).then_some(ran)
    });
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
    assert_eq!(openable(&bench, &entry(2)), usize::try_from(USERS).unwrap());
}

#[test]
fn the_keys_come_from_a_program() {
    let port = free_port();
    let mut bench = Bench::complete(port);
    bench.unset("ORDERCAST_MASTER_KEYS");
    let path = bench.write("printer", &entry(4));
    bench.set(
        "ORDERCAST_MASTER_KEYS_COMMAND",
        &format!("cat {}", path.display()),
    );
    assert_eq!(serving(&bench, port, "log").stop(), Some(0));
    assert_eq!(status(&bench).1["configured"], serde_json::json!([4]));
    bench.set("ORDERCAST_MASTER_KEYS_COMMAND", "cat /no/such/file");
    let ran = bench.run(&["serve"]);
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.err.contains("ORDERCAST_MASTER_KEYS_COMMAND: cat failed"),
        "{}",
        ran.err
    );
    bench.set("ORDERCAST_MASTER_KEYS", MASTER);
    let ran = bench.run(&["serve"]);
    assert_eq!(ran.code, Some(2), "given twice: {}", ran.err);
}

#[test]
fn credentials_of_a_venue_are_switched_off_and_then_destroyed() {
    let port = free_port();
    let mut bench = Bench::complete(port);
    let venue = bench.venue();
    populate(&bench, MASTER);
    let running = serving(&bench, port, "log");
    let ran = bench.run(&["keys", "revoke-all", "nowhere"]);
    assert_eq!(ran.code, Some(1), "{}", ran.out);
    let kept = bench.feed(
        &["keys", "revoke-all", "paper", "--reason", "the venue leaked"],
        "no\n",
    );
    good(&kept);
    assert!(
        kept.out.contains(&format!("{USERS} connections are disabled")),
        "{}",
        kept.out
    );
    assert_eq!(
        openable(&bench, MASTER),
        0,
        "what is disabled is opened for nobody"
    );
    assert!(stored(&bench).iter().all(|row| row.credential.len() == 2));
    let gone = bench.feed(&["keys", "revoke-all", "paper"], "paper\n");
    good(&gone);
    assert!(stored(&bench).iter().all(|row| row.credential.is_empty()));
    assert_eq!(running.stop(), Some(0));
    let journal = bench.run(&["journal", "export"]).out;
    let count = |kind: &str| journal.matches(&format!("\"{kind}\"")).count();
    let users = usize::try_from(USERS).unwrap();
    assert_eq!(
        (count("connection.disabled"), count("credential.revoked")),
        (users, users)
    );
    assert!(journal.contains("the venue leaked"));
    good(&bench.run(&["journal", "verify"]));
    drop(venue);
}

#[cfg(target_os = "linux")]
#[test]
fn serve_leaves_no_core() {
    let port = free_port();
    let bench = Bench::complete(port);
    let running = serving(&bench, port, "log");
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", running.id())).unwrap();
    let line = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"))
        .unwrap();
    let words: Vec<&str> = line.split_whitespace().collect();
    assert_eq!((words[4], words[5]), ("0", "0"), "{line}");
    assert_eq!(running.stop(), Some(0));
}
