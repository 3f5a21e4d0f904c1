//! The outside that is never killed: a paper venue with its ledger and a simulated Discord, processes of their own, and
//! how the program is started against them.

use std::{
    net::TcpListener,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use reqwest::{Client, Method};
use serde_json::{Value, json};
use sqlx::Connection as _;
use tempfile::TempDir;
use tokio::process::Command;

use super::{
    draw::Draw,
    scene::{self, Follower},
};
use crate::{
    program::{Program, pause},
    snapshot::Snapshot,
    stranger::{Stranger, client},
};

pub(crate) const MASTER: &str = "1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const SESSION: &str = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=";
const SOCKET: &str = "QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8=";
const JOURNAL: &str = "YGFiY2RlZmdoaWprbG1ub3BxcnN0dXZ3eHl6e3x9fn8=";
const ADMIN: &str = "an-admin-key-of-the-siege";
/// What a venue does with a client order id it has seen before: each world has the next one.
const DEDUPES: [&str; 3] = ["always", "while_open", "never"];
/// Longer than the venue is ever made to sit on a request: what it takes late is there when a look-up counts.
const VISIBILITY: &str = "3s";
const READY_MAX: Duration = Duration::from_secs(60);

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Backend {
    Sqlite,
    Postgres,
}

/// Venue, Discord, and a place for the program.
pub(crate) struct World {
    pub(crate) seed: u64,
    pub(crate) backend: Backend,
    pub(crate) database: String,
    pub(crate) followers: Vec<Follower>,
    folder: TempDir,
    http: Client,
    venue: String,
    api: String,
    bot: String,
    /// Killed when dropped.
    _outside: [Program; 2],
}

/// What the venue of a world does with a client order id it has seen before.
pub(crate) fn dedupe(seed: u64) -> &'static str {
    DEDUPES[usize::try_from(seed).expect("a small seed") % DEDUPES.len()]
}

/// Numbers the schemas of one run.
static SCHEMA: AtomicU32 = AtomicU32::new(0);

/// A schema of its own on the test server; none, said once, when there is no server.
async fn schema() -> Option<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "where the test server is comes from outside"
    )]
    let url = std::env::var("ORDERCAST_TEST_POSTGRES_URL")
        .ok()
        .filter(|url| !url.is_empty());
    let Some(url) = url else {
        println!("SKIPPED on PostgreSQL: ORDERCAST_TEST_POSTGRES_URL is not set");
        return None;
    };
    let number = SCHEMA.fetch_add(1, Ordering::Relaxed);
    let name = format!("siege_{}_{number}", std::process::id());
    let mut connection = sqlx::PgConnection::connect(&url)
        .await
        .expect("the test server answers");
    let sql = sqlx::AssertSqlSafe(format!("CREATE SCHEMA {name}"));
    sqlx::raw_sql(sql)
        .execute(&mut connection)
        .await
        .expect("a schema is made");
    let mark = if url.contains('?') { '&' } else { '?' };
    Some(format!("{url}{mark}options=-csearch_path%3D{name}"))
}

async fn outside(folder: &TempDir, part: &str, settings: Value) -> (Program, Value) {
    let path = folder.path().join(format!("{part}.json"));
    std::fs::write(&path, settings.to_string()).expect("settings are written");
    let mut command = Command::new(env!("CARGO_BIN_EXE_ordercast"));
    command.args(["sim", part, "--config"]).arg(path).env_clear();
    let mut program = Program::of(command);
    let told = program.address().await;
    (program, told)
}

impl World {
    /// Starts the outside and sets the people up; none when the database is not there.
    pub(crate) async fn new(seed: u64, backend: Backend) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let database = match backend {
            Backend::Sqlite => format!("sqlite://{}", folder.path().join("ordercast.db").display()),
            Backend::Postgres => schema().await?,
        };
        let dedupe = dedupe(seed);
        let venue = json!({
            "admin_key": ADMIN, "seed": seed, "warm_up_seconds": 5, "latency_millis": 120,
            "calendar": { "open_seconds": 3_600, "closed_seconds": 0 }, "dedupe": dedupe,
        });
        let (venue, at) = outside(&folder, "venue", venue).await;
        let venue_at = at["venue"].as_str().expect("an address").to_owned();
        let cast = ordercast_sim::cast::world(seed);
        let bot = cast
            .bots
            .iter()
            .find(|b| b.listener)
            .expect("a listener")
            .token
            .clone();
        let window = json!({ "count": 1_000, "millis": 1_000 });
        let discord = json!({
            "world": cast,
            "limits": { "global_per_second": 1_000, "post": window, "edit": window, "delete": window },
        });
        let (discord, at) = outside(&folder, "discord", discord).await;
        let api = at["api"].as_str().expect("an address").to_owned();
        let followers = scene::set(&database, &venue_at, ADMIN).await;
        Some(Self {
            seed,
            backend,
            database,
            followers,
            folder,
            http: client(),
            venue: venue_at,
            api,
            bot,
            _outside: [venue, discord],
        })
    }

    /// Somebody who posts and reads quotes.
    pub(crate) fn stranger(&self) -> Stranger {
        Stranger::of_cast(self.seed, self.api.clone(), format!("{}/v1/quotes", self.venue))
    }

    /// Starts the program with a data folder of its own, as on another machine, and more settings; gives its port.
    #[cfg(unix)]
    pub(crate) fn serve_apart(&self, name: &str, more: &[(&str, String)]) -> (Program, u16) {
        let mut settings = more.to_vec();
        settings.push(("ORDERCAST_DATA_DIR", name.to_owned()));
        self.serve_with(&[], &settings)
    }

    /// Starts the program, under another one when words are given; gives its port.
    pub(crate) fn serve(&self, under: &[String]) -> (Program, u16) {
        self.serve_with(under, &[])
    }

    fn serve_with(&self, under: &[String], more: &[(&str, String)]) -> (Program, u16) {
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|l| l.local_addr())
            .expect("a free port")
            .port();
        let program = env!("CARGO_BIN_EXE_ordercast");
        let mut command = match under.split_first() {
            None => Command::new(program),
            Some((first, rest)) => {
                let mut command = Command::new(first);
                command.args(rest).arg(program);
                command
            }
        };
        command.arg("serve").env_clear().current_dir(self.folder.path());
        command.envs([
            ("ORDERCAST_MODE", "development"),
            ("ORDERCAST_MASTER_KEYS", MASTER),
            ("ORDERCAST_SESSION_KEY", SESSION),
            ("ORDERCAST_SOCKET_KEY", SOCKET),
            ("ORDERCAST_JOURNAL_KEY", JOURNAL),
            ("PAPER_VENUE_BASE", &self.venue),
            ("PAPER_VENUE_ADMIN_KEY", ADMIN),
            ("DISCORD_BOT_TOKEN", &self.bot),
            ("DISCORD_API_BASE", &self.api),
            ("ORDERCAST_PAPER_DEDUPE", dedupe(self.seed)),
            ("ORDERCAST_PAPER_VISIBILITY", VISIBILITY),
            ("DATABASE_URL", &self.database),
            ("ORDERCAST_SYNC_INTERVAL", "15s"),
            ("ORDERCAST_LOG", "warn"),
            ("PORT", &port.to_string()),
        ]);
        command.envs(more.iter().map(|(name, value)| (name, value)));
        (Program::of(command), port)
    }

    /// Waits until the program on a port is ready.
    pub(crate) async fn ready(&self, program: &mut Program, port: u16) {
        let (step, mut waited) = (Duration::from_millis(50), Duration::ZERO);
        let url = format!("http://127.0.0.1:{port}/readyz");
        while !self
            .http
            .get(&url)
            .send()
            .await
            .is_ok_and(|a| a.status().is_success())
        {
            assert!(program.is_alive(), "it ended by itself: {}", program.said());
            assert!(waited < READY_MAX, "it is not ready: {}", program.said());
            pause(step).await;
            waited += step;
        }
    }

    /// What a program that was killed has left.
    pub(crate) async fn left(&self) -> Snapshot {
        match self.backend {
            Backend::Sqlite => Snapshot::of(self.folder.path()).await,
            Backend::Postgres => Snapshot::at(&self.database).await,
        }
    }

    async fn admin(&self, method: Method, path: &str, body: Option<Value>) -> Value {
        let mut request = self
            .http
            .request(method, format!("{}{path}", self.venue))
            .bearer_auth(ADMIN);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.expect("the venue answers");
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.json().await.expect("an answer as JSON")
    }

    /// The venue's own ledger.
    pub(crate) async fn ledger(&self) -> Value {
        self.admin(Method::GET, "/v1/ledger", None).await
    }

    /// The next requests meet late, lost and wrong answers, so that orders are under way for long.
    pub(crate) async fn trouble(&self, draw: &mut Draw) {
        self.calm().await;
        for _ in 0..12 {
            let fault = match draw.below(10) {
                0 => json!({ "kind": "drop_answer", "route": "submit" }),
                1 => json!({ "kind": "error_after", "route": "submit" }),
                2 => json!({ "kind": "error_before", "route": "submit" }),
                3 => {
                    json!({ "kind": "delay", "millis": 400 + draw.below(800), "route": "submit", "count": 2 })
                }
                4 => json!({ "kind": "drop_answer", "route": "group" }),
                5 => json!({ "kind": "delay_answer", "millis": 200 + draw.below(400), "route": "cancel" }),
                _ => {
                    json!({ "kind": "delay_answer", "millis": 300 + draw.below(900), "route": "submit", "count": 3 })
                }
            };
            self.admin(Method::POST, "/sim/faults", Some(fault)).await;
        }
    }

    /// No more trouble.
    pub(crate) async fn calm(&self) {
        self.admin(Method::DELETE, "/sim/faults", None).await;
    }
}
