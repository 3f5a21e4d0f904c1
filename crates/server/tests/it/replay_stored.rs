//! `ordercast replay --provider`: a history that stands in the database is replayed as the same history in a file is,
//! edits and deletions at the time they were received, and the database stays as it was.

use std::{fs, path::PathBuf};

use ordercast_model::{
    ids::{Entropy, Id, MessageId},
    ports::store::{Batch, Scope, commit},
    signal::{
        raw::{Author, Content, RevisionKind, Source},
        record::Message,
    },
    tenant::SystemScope,
    time::Timestamp,
};
use ordercast_store::{Options, open};
use ordercast_testkit::sample::tenant;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::program::{Bench, Ran};

const AUTHOR: &str = "310000000000000001";
const FILLING: SystemScope = SystemScope::housekeeping("a test fills its database");

fn samples() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples"))
}

fn text(of: &Value, name: &str) -> String {
    of[name].as_str().unwrap().to_owned()
}

/// A message of the sample as it would stand in the database.
fn row(n: usize, raw: &Value) -> Message {
    let community = tenant::community(1);
    let time = |name: &str| raw[name].as_str().map(|t| t.parse::<Timestamp>().unwrap());
    let posted = time("timestamp").unwrap();
    let received = time("timestampEdited").unwrap_or(posted);
    let mut entropy = Entropy::default();
    entropy[8..].copy_from_slice(&u16::try_from(n).unwrap().to_be_bytes());
    Message {
        id: MessageId::new(received, entropy),
        version: 1,
        community_id: community.id,
        channel_id: tenant::channel(1, community.id).id,
        provider_id: Some(tenant::provider(1, community.id, "Harbour").id),
        source: Source::Discord {
            guild: "310000000000000000".to_owned(),
            channel: "310000000000000010".to_owned(),
        },
        source_id: text(raw, "id"),
        revision: 1,
        kind: RevisionKind::New,
        content_hash: n.to_string(),
        author: Author {
            id: text(&raw["author"], "id"),
            name: text(&raw["author"], "nickname"),
            ..Author::default()
        },
        content: Content {
            text: text(raw, "content"),
            ..Content::default()
        },
        reply_to: raw["reference"]["messageId"].as_str().map(str::to_owned),
        thread_of: None,
        posted_at: posted,
        edited_at: None,
        received_at: received,
        processed: true,
    }
}

/// A database with one provider, and the sample's messages changed by `change`.
fn filled(change: impl FnOnce(&mut Vec<Message>)) -> Bench {
    let bench = Bench::new();
    let sample = fs::read_to_string(samples().join("harbour-line.json")).unwrap();
    let sample: Value = serde_json::from_str(&sample).unwrap();
    let own = sample["messages"].as_array().unwrap().iter();
    let own = own.filter(|m| m["author"]["id"] == AUTHOR).enumerate();
    let mut messages: Vec<Message> = own.map(|(n, raw)| row(n, raw)).collect();
    change(&mut messages);
    let url = format!("sqlite:{}", bench.path("ordercast.db").display());
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let opened = open(&url, &Options::default()).await.unwrap();
        let stop = CancellationToken::new();
        let worker = tokio::spawn(opened.worker.run(stop.clone()));
        let mut batch = Batch::new();
        let community = tenant::community(1);
        batch.insert(tenant::channel(1, community.id));
        batch.insert(tenant::provider(1, community.id, "Harbour"));
        batch.insert(tenant::provider(2, community.id, "Twin"));
        batch.insert(tenant::provider(3, community.id, "twin"));
        batch.insert(community);
        for message in messages {
            batch.insert(message);
        }
        commit(opened.store.as_ref(), Scope::System(FILLING), batch)
            .await
            .unwrap();
        stop.cancel();
        worker.await.unwrap();
    });
    bench
}

fn replay(bench: &Bench, more: &[&str]) -> Ran {
    let bars = samples().join("bars");
    let mut args = vec!["replay", "--bars", bars.to_str().unwrap(), "--json"];
    args.extend_from_slice(more);
    bench.run(&args)
}

fn stored(bench: &Bench) -> Value {
    let folder = bench.path("");
    let ran = replay(
        bench,
        &["--provider", "harbour", "--data-dir", folder.to_str().unwrap()],
    );
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    ran.json()
}

fn of_file(bench: &Bench) -> Value {
    let file = samples().join("harbour-line.json");
    replay(bench, &["--file", file.to_str().unwrap(), "--author", AUTHOR]).json()
}

#[test]
fn what_is_stored_gives_the_report_of_the_same_history_in_a_file() {
    let bench = filled(|_| {});
    let before = fs::read(bench.path("ordercast.db")).unwrap();
    let (is, expected) = (stored(&bench), of_file(&bench));
    assert!(!expected["trades"].as_array().unwrap().is_empty());
    for field in [
        "settings",
        "result",
        "slippage",
        "decisions",
        "trades",
        "unread",
        "equity",
    ] {
        assert_eq!(is[field], expected[field], "{field}");
    }
    assert_eq!(is["history"]["channel"], "Harbour");
    assert!(
        before == fs::read(bench.path("ordercast.db")).unwrap(),
        "the database was changed"
    );
}

#[test]
fn a_deletion_counts_from_the_moment_it_was_received() {
    let whole = stored(&filled(|_| {}));
    let first = text(&whole["trades"][0], "message_id");
    let gone = |after: u64| {
        let bench = filled(|messages| {
            let mut last = messages.iter().find(|m| m.source_id == first).unwrap().clone();
            last.received_at = last.received_at.plus(std::time::Duration::from_secs(after));
            last.id = MessageId::new(last.received_at, Entropy::default());
            (last.revision, last.kind, last.content) = (2, RevisionKind::Deleted, Content::default());
            messages.push(last);
        });
        let trades = stored(&bench)["trades"].as_array().unwrap().clone();
        trades
            .iter()
            .filter(|t| t["message_id"] == first.as_str())
            .count()
    };
    let trades = whole["trades"].as_array().unwrap();
    let had = trades
        .iter()
        .filter(|t| t["message_id"] == first.as_str())
        .count();
    // The entry waits for a bar that begins after its message: deleted before, it never fills.
    assert_eq!((gone(1), gone(40 * 86_400)), (0, had));
}

#[test]
fn what_does_not_name_one_provider_is_refused() {
    let bench = filled(|_| {});
    let folder = bench.path("");
    let folder = folder.to_str().unwrap();
    for (args, part) in [
        (
            vec!["--provider", "Nobody", "--data-dir", folder],
            "expected the name or id of a provider (Harbour",
        ),
        (
            vec!["--provider", "twin", "--data-dir", folder],
            "give one of the ids prv_",
        ),
        (
            vec!["--provider", "harbour", "--data-dir", folder, "--author", "x"],
            "author with the id or name \"x\"",
        ),
        (
            vec!["--provider", "harbour", "--data-dir", "/nowhere"],
            "there is no such file",
        ),
        (
            vec!["--provider", "harbour", "--file", "x.json"],
            "cannot be used with",
        ),
        (
            vec!["--file", "x.json", "--data-dir", folder],
            "cannot be used with",
        ),
        (vec![], "--file <FILE>"),
    ] {
        let ran = replay(&bench, &args);
        assert_ne!(ran.code, Some(0), "{args:?}");
        assert!(ran.err.contains(part), "{args:?}: {part:?} is not in {}", ran.err);
    }
    // By id, in the configured database.
    let mut bench = bench;
    let url = format!("sqlite:{}", bench.path("ordercast.db").display());
    bench.set("DATABASE_URL", &url);
    let id = tenant::provider(1, tenant::community(1).id, "Harbour")
        .id
        .to_string();
    let ran = replay(&bench, &["--provider", &id]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
}
