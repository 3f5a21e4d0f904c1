//! What a killed demo leaves on disk holds no key, no credential, no session and no token in clear (invariant 9).

use std::{fs, path::Path, sync::Arc, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ordercast_adapters::vault::{LocalVault, MasterKeys};
use ordercast_model::{
    connection::Connection,
    ports::{
        store::{Page, SystemQuery, find_any},
        vault::Vault as _,
    },
    secret::Secret,
    tenant::SystemScope,
};
use ordercast_store::inspect;
use ordercast_testkit::{clock::SteerableClock, random::SeededRandom, sample::at};
use serde_json::Value;

use super::{
    program::{Program, pause},
    stranger::client,
};

const LOOKING: SystemScope = SystemScope::housekeeping("a test looks for secrets");
/// The stand-in for the environment, readable by its owner only. It is where the keys are.
const KEYS: &str = "demo.json";

/// A secret in every form it could lie about.
struct Canary {
    name: String,
    forms: Vec<Vec<u8>>,
}

impl Canary {
    fn text(name: &str, text: &str) -> Self {
        let mut forms = vec![text.as_bytes().to_vec(), STANDARD.encode(text).into_bytes()];
        if let Ok(bytes) = hex::decode(text) {
            forms.push(STANDARD.encode(&bytes).trim_end_matches('=').as_bytes().to_vec());
            forms.push(bytes);
        }
        Self {
            name: name.to_owned(),
            forms,
        }
    }
    fn lies_in(&self, bytes: &[u8]) -> bool {
        self.forms.iter().any(|form| {
            let mut from = 0;
            while let Some(at) = bytes[from..].iter().position(|b| *b == form[0]) {
                from += at;
                if bytes[from..].starts_with(form) {
                    return true;
                }
                from += 1;
            }
            false
        })
    }
}

fn keys(folder: &Path) -> (Vec<Canary>, Secret<[u8; 32]>) {
    let keys: Value = serde_json::from_slice(&fs::read(folder.join(KEYS)).unwrap()).unwrap();
    let names = ["venue_admin", "master", "csrf", "socket", "journal"];
    let canaries = names.map(|name| Canary::text(name, keys[name].as_str().unwrap()));
    let master = hex::decode(keys["master"].as_str().unwrap()).unwrap();
    (canaries.into(), Secret::new(master.try_into().unwrap()))
}

/// The credential of every connection, opened with the demo's own key.
async fn credentials(folder: &Path, master: Secret<[u8; 32]>) -> Vec<Canary> {
    let url = format!("sqlite://{}", folder.join("ordercast.db").display());
    let store = inspect(&url).await.unwrap().store;
    let connections: Vec<Connection> = find_any(
        store.as_ref(),
        LOOKING,
        SystemQuery::Connections(Page::first(1_000)),
    )
    .await
    .unwrap();
    let vault = LocalVault::new(
        MasterKeys::single(master),
        store,
        Arc::new(SteerableClock::at(at(0))),
        Arc::new(SeededRandom::new(1)),
    );
    let mut canaries = Vec::new();
    for connection in connections {
        for (name, value) in vault.open(&connection).await.unwrap().fields {
            canaries.push(Canary::text(&format!("credential {name}"), value.expose()));
        }
    }
    canaries
}

/// Logs in by the printed link; gives the session's cookie and the link's ticket.
async fn log_in(program: &mut Program) -> Vec<Canary> {
    let link = loop {
        assert!(program.is_alive(), "the demo ended: {:?}", program.lines());
        let lines = program.lines();
        let ticket = lines
            .iter()
            .find_map(|l| l.split_whitespace().find(|w| w.contains("/demo/login?ticket=")));
        if let Some(link) = ticket {
            break link.to_owned();
        }
        pause(Duration::from_millis(100)).await;
    };
    let (base, ticket) = link.split_once("/demo/login?ticket=").unwrap();
    let http = client();
    let landed = http.get(&link).send().await.unwrap();
    let cookie = landed.headers()["set-cookie"].to_str().unwrap();
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let me = http
        .get(format!("{base}/api/v1/me"))
        .header("cookie", &cookie)
        .send()
        .await
        .unwrap();
    assert!(me.status().is_success(), "the session works: {}", me.status());
    let (_, session) = cookie.split_once('=').unwrap();
    vec![Canary::text("ticket", ticket), Canary::text("session", session)]
}

#[tokio::test]
async fn invariant_09_a_killed_demo_leaves_no_secret_in_clear() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = Program::start(folder.path(), &["--seed", "21", "--speed", "2"]);
    let mut canaries = log_in(&mut program).await;
    pause(Duration::from_secs(3)).await;
    program.kill().await;
    let (keys, master) = keys(folder.path());
    canaries.extend(keys);
    let opened = credentials(folder.path(), master).await;
    assert!(opened.len() >= 25, "each follower has one: {}", opened.len());
    canaries.extend(opened);
    let mut looked = 0;
    for entry in fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        // The folders beside belong to the venue and to Discord.
        if path.is_dir() || path.ends_with(KEYS) {
            continue;
        }
        let bytes = fs::read(&path).unwrap();
        for canary in &canaries {
            let (file, name) = (path.display(), &canary.name);
            assert!(!canary.lies_in(&bytes), "{file} holds the {name} in clear");
        }
        looked += bytes.len();
    }
    assert!(looked > 100_000, "only {looked} bytes were looked at");
    only_its_owner_reads(&folder.path().join(KEYS));
    only_its_owner_reads(&folder.path().join("ordercast.db"));
}

#[cfg(unix)]
fn only_its_owner_reads(file: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = fs::metadata(file).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o600, "{} has mode {mode:o}", file.display());
}
#[cfg(not(unix))]
fn only_its_owner_reads(_: &Path) {}
