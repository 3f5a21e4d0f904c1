//! The configuration as operators write it: every fault at once, by name.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;

use super::{Config, Looked, Mode, Sources, setting, source::Origin};

const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const OTHER: &str = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=";
const THIRD: &str = "QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8=";

fn environment(pairs: &[(&str, &str)]) -> Sources {
    Sources::of_environment(
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
    )
}

fn file(text: &str) -> Sources {
    let mut sources = Sources::default();
    sources.take_file(Path::new("ordercast.toml"), text);
    sources
}

fn messages(looked: &Looked) -> Vec<String> {
    looked
        .faults
        .iter()
        .chain(&looked.missing)
        .map(ToString::to_string)
        .collect()
}

/// The lines of a file that a shell would read.
fn variables(text: &str) -> Vec<(String, String)> {
    let lines = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            line.split_once('=')
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .unwrap()
        })
        .collect()
}

#[test]
fn the_example_environment_is_the_defaults_and_complete() {
    let text = include_str!("../../../../.env.example");
    let pairs = variables(text);
    let names: Vec<&str> = pairs.iter().map(|(name, _)| name.as_str()).collect();
    let all: Vec<&str> = setting::ALL.iter().map(|setting| setting.name).collect();
    assert_eq!(names, all, "every setting stands in .env.example, in order");
    for (name, value) in &pairs {
        let setting = setting::ALL.iter().find(|setting| setting.name == name).unwrap();
        assert_eq!(value, setting.default, "{name}");
    }
    let looked = Looked::at(&Sources::of_environment(pairs.into_iter()));
    assert_eq!(looked.faults, []);
    assert_eq!(looked.config, Config::default());
}

#[test]
fn the_example_file_is_the_defaults_and_complete() {
    let text = include_str!("../../../../ordercast.example.toml");
    let table: toml::Table = text.parse().unwrap();
    for setting in setting::ALL {
        let value = table
            .get(setting.section)
            .and_then(|section| section.get(setting.key));
        assert!(value.is_some(), "{}.{} is missing", setting.section, setting.key);
    }
    let keys: usize = table
        .values()
        .map(|section| section.as_table().unwrap().len())
        .sum();
    assert_eq!(keys, setting::ALL.len());
    let looked = Looked::at(&file(text));
    assert_eq!(looked.faults, []);
    assert_eq!(looked.config, Config::default());
}

#[test]
fn every_default_reads() {
    let looked = Looked::at(&Sources::default());
    assert_eq!(looked.faults, []);
    assert_eq!(looked.effective.len(), setting::ALL.len());
    assert!(looked.effective.iter().all(|one| one.origin == Origin::Default));
    let config = looked.config;
    assert_eq!(config.server.mode, Mode::Production);
    assert_eq!(config.server.public_url, "http://127.0.0.1:8080");
    assert_eq!(config.server.allowed_origins, ["http://127.0.0.1:8080"]);
    assert_eq!(config.database.address(), "sqlite://data/ordercast.db");
    assert!(config.discord.is_vendor());
}

#[test]
fn the_environment_stands_over_the_file_and_the_file_over_the_defaults() {
    let mut sources = environment(&[("PORT", "9001")]);
    sources.take_file(
        Path::new("my.toml"),
        "[server]\nport = 9000\nbind = \"0.0.0.0\"\nallow_custom_hosts = true\n",
    );
    let looked = Looked::at(&sources);
    assert_eq!(
        messages(&looked)
            .iter()
            .filter(|m| !m.contains("not set"))
            .count(),
        0
    );
    assert_eq!(
        (
            looked.config.server.port,
            looked.config.server.bind.to_string().as_str()
        ),
        (9001, "0.0.0.0")
    );
    assert!(looked.config.server.allow_custom_hosts);
    assert_eq!(looked.config.server.public_url, "http://127.0.0.1:9001");
    let origin = |name: &str| {
        looked
            .effective
            .iter()
            .find(|e| e.setting.name == name)
            .map(|e| e.origin.clone())
            .unwrap()
    };
    assert_eq!(origin("PORT"), Origin::Environment);
    assert_eq!(origin("ORDERCAST_BIND"), Origin::File("my.toml".into()));
    assert_eq!(origin("ORDERCAST_LOG"), Origin::Default);
}

#[test]
fn all_faults_come_at_once_each_with_its_name_and_without_secrets() {
    let secret = "hunter2-hunter2-hunter2";
    let mut sources = environment(&[
        ("PORT", "eighty"),
        ("ORDERCAST_BNID", "127.0.0.1"),
        ("ORDERCAST_SESSION_KEY", secret),
        ("DATABASE_URL", "mysql://ada:hunter2@db/oc"),
        ("ORDERCAST_DB_POOL", "0"),
        ("ORDERCAST_SYNC_INTERVAL", "5s"),
        ("ORDERCAST_CAP_POSITION_PCT", "60"),
        ("ORDERCAST_PUBLIC_URL", "http://ordercast.example"),
        ("DISCORD_API_BASE", "http://127.0.0.1:7790/api/v10"),
        ("ORDERCAST_SOMETHING", "1"),
    ]);
    sources.take_file(
        Path::new("ordercast.toml"),
        "[serve]\nx = 1\n[log]\nformatt = \"json\"\nfilter = 1.5\n[caps]\nleverage_max = 2.5\n",
    );
    let all = messages(&Looked::at(&sources));
    for name in [
        "PORT: expected a port from 1 to 65535, got \"eighty\" (environment)",
        "ORDERCAST_BNID: no such setting; did you mean ORDERCAST_BIND?",
        "ORDERCAST_SESSION_KEY: expected 32 bytes in base64",
        "DATABASE_URL: expected sqlite://path or postgres://",
        "ORDERCAST_DB_POOL: expected a number of connections from 1 to 100, got \"0\"",
        "ORDERCAST_SYNC_INTERVAL:",
        "ORDERCAST_CAP_POSITION_PCT:",
        "ORDERCAST_PUBLIC_URL: production needs an https address",
        "DISCORD_API_BASE: production asks Discord's own host only",
        "ORDERCAST_SOMETHING: no such setting",
        "serve.x: no such setting",
        "log.formatt: no such setting; did you mean log.format? (ordercast.toml)",
        "ORDERCAST_LOG: expected a filter",
        "ORDERCAST_CAP_LEVERAGE_MAX: expected a factor from 1 to 5, as text in quotes, got float",
        "ORDERCAST_MASTER_KEYS: not set",
        "ORDERCAST_SOCKET_KEY: not set",
        "PAPER_VENUE_BASE: not set",
    ] {
        assert!(
            all.iter().any(|message| message.starts_with(name)),
            "{name} in {all:#?}"
        );
    }
    assert!(!all.iter().any(|message| message.contains("hunter2")), "{all:#?}");
    let session = all
        .iter()
        .filter(|message| message.starts_with("ORDERCAST_SESSION_KEY"))
        .count();
    assert_eq!(session, 1, "a refused key is not called missing too");
}

#[test]
fn a_users_token_is_refused_with_the_reason() {
    for text in ["mfa.abcdefghijklmnopqrstuvwxyz", "not-a-token"] {
        let all = messages(&Looked::at(&environment(&[("DISCORD_BOT_TOKEN", text)])));
        let found = all
            .iter()
            .find(|message| message.starts_with("DISCORD_BOT_TOKEN"))
            .unwrap();
        assert!(!found.contains(text), "{found}");
        if text.starts_with("mfa.") {
            assert!(
                found.contains("user token") && found.contains("breaks Discord's terms"),
                "{found}"
            );
        }
    }
}

#[test]
fn keys_are_different_and_may_stand_in_files() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("session");
    std::fs::write(&path, format!("{KEY}\n")).unwrap();
    let given = path.display().to_string();
    let master = format!("2:{KEY},1:{OTHER}");
    let base = [
        ("ORDERCAST_MODE", "development"),
        ("ORDERCAST_SESSION_KEY_FILE", given.as_str()),
        ("ORDERCAST_MASTER_KEYS", master.as_str()),
        ("ORDERCAST_JOURNAL_KEY", THIRD),
        ("PAPER_VENUE_BASE", "http://127.0.0.1:7791/"),
    ];
    let with = |pair| environment(&[base.as_slice(), &[pair]].concat());
    let looked = Looked::at(&with(("ORDERCAST_SOCKET_KEY", OTHER)));
    let origin = looked
        .effective
        .iter()
        .find(|e| e.setting == setting::SESSION_KEY)
        .unwrap();
    assert_eq!(
        (origin.value.as_str(), &origin.origin),
        ("***", &Origin::SecretFile(path.clone()))
    );
    let config = looked.complete().unwrap();
    assert_eq!(
        config.brokers.paper_venue_base.as_deref(),
        Some("http://127.0.0.1:7791")
    );
    let same = messages(&Looked::at(&with(("ORDERCAST_SOCKET_KEY", KEY))));
    assert_eq!(same.len(), 1, "{same:#?}");
    assert!(same[0].starts_with(
        "ORDERCAST_SOCKET_KEY: expected a key of its own, got the one of ORDERCAST_SESSION_KEY"
    ));
    let twice = environment(&[
        ("ORDERCAST_SESSION_KEY", KEY),
        ("ORDERCAST_SESSION_KEY_FILE", given.as_str()),
    ]);
    assert!(messages(&Looked::at(&twice))[0].contains("given twice"));
    let lost = environment(&[("ORDERCAST_SESSION_KEY_FILE", "/nowhere/at/all")]);
    assert!(
        messages(&Looked::at(&lost))[0].starts_with("ORDERCAST_SESSION_KEY_FILE: the file /nowhere/at/all")
    );
    let open = environment(&[("ORDERCAST_BIND_FILE", "/x")]);
    assert!(messages(&Looked::at(&open))[0].contains("ORDERCAST_BIND is no secret"));
}

#[test]
fn a_file_that_is_no_toml_is_named_with_its_line() {
    let all = messages(&Looked::at(&file("[server]\nport = = 1\n")));
    assert!(
        all[0].starts_with("ordercast.toml: line 2 is not TOML"),
        "{all:#?}"
    );
}

#[test]
fn nothing_secret_is_ever_shown() {
    let looked = Looked::at(&environment(&[
        ("ORDERCAST_SOCKET_KEY", KEY),
        ("DATABASE_URL", "postgres://ada:hunter2@db/oc"),
        ("REDIS_URL", "redis://:hunter2@cache:6379"),
        ("PAPER_VENUE_ADMIN_KEY", "hunter2hunter2hunter2"),
    ]));
    let shown = format!("{:?} {:?}", looked.config, looked.effective);
    assert!(!shown.contains("hunter2") && !shown.contains(KEY), "{shown}");
}
