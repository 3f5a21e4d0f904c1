//! Faulty configurations: all faults at once, by name, without secrets, exit code 2.

use crate::program::Bench;

#[test]
fn every_fault_is_told_at_once_and_no_secret_is() {
    let mut bench = Bench::new();
    bench.set("PORT", "eighty");
    bench.set("ORDERCAST_BNID", "0.0.0.0");
    bench.set("ORDERCAST_SESSION_KEY", "hunter2hunter2");
    bench.set("DATABASE_URL", "postgres:/ada:hunter2@db/oc");
    bench.write("ordercast.toml", "[database]\npol = 3\n[log]\nformat = \"xml\"\n");
    let ran = bench.run(&["serve"]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    for name in [
        "PORT: expected a port from 1 to 65535, got \"eighty\" (environment)",
        "ORDERCAST_BNID: no such setting; did you mean ORDERCAST_BIND? (environment)",
        "ORDERCAST_SESSION_KEY: expected 32 bytes in base64",
        "DATABASE_URL: expected",
        "database.pol: no such setting; did you mean database.pool? (ordercast.toml)",
        "ORDERCAST_LOG_FORMAT: expected `json` or `pretty`, got \"xml\" (ordercast.toml)",
        "ORDERCAST_MASTER_KEYS: not set",
        "PAPER_VENUE_BASE: not set",
    ] {
        assert!(ran.err.contains(name), "{name} is not in {}", ran.err);
    }
    assert!(!ran.err.contains("hunter2"), "{}", ran.err);
    assert!(ran.out.is_empty());
}

#[test]
fn serve_refuses_to_start_without_keys() {
    let bench = Bench::new();
    let ran = bench.run(&["serve"]);
    assert_eq!(ran.code, Some(2));
    for name in ["MASTER_KEYS", "SESSION_KEY", "SOCKET_KEY", "JOURNAL_KEY"] {
        assert!(
            ran.err.contains(&format!("ORDERCAST_{name}: not set")),
            "{}",
            ran.err
        );
    }
    assert!(!bench.path("data").exists(), "nothing was touched");
}

/// AC-87.
#[test]
fn a_users_token_is_refused_with_the_reason() {
    let mut bench = Bench::complete(1);
    bench.set("DISCORD_BOT_TOKEN", "mfa.aaaabbbbccccddddeeee");
    let ran = bench.run(&["serve"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("DISCORD_BOT_TOKEN"), "{}", ran.err);
    assert!(
        ran.err.contains("user token") && ran.err.contains("breaks Discord's terms"),
        "{}",
        ran.err
    );
    assert!(!ran.err.contains("aaaabbbb"), "{}", ran.err);
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let ran = Bench::new().run(&["config", "--config", "nowhere.toml"]);
    assert_eq!(ran.code, Some(2));
    assert!(
        ran.err
            .contains("nowhere.toml: the configuration file cannot be read"),
        "{}",
        ran.err
    );
}

#[test]
fn an_unknown_command_is_refused() {
    let ran = Bench::new().run(&["serv"]);
    assert_eq!(ran.code, Some(2));
    assert!(
        ran.err.contains("serv") && ran.err.contains("serve"),
        "{}",
        ran.err
    );
}

#[test]
fn what_is_in_force_is_shown_masked_with_its_source() {
    let mut bench = Bench::complete(8099);
    bench.set("DATABASE_URL", "postgres://ada:hunter2@db/oc");
    bench.write("ordercast.toml", "[log]\nfilter = \"warn\"\n");
    let ran = bench.run(&["config", "--json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let settings = ran.json()["settings"].as_array().unwrap().clone();
    let of = |name: &str| {
        let found = settings.iter().find(|one| one["name"] == name).unwrap();
        (
            found["value"].as_str().unwrap().to_owned(),
            found["source"].as_str().unwrap().to_owned(),
        )
    };
    assert_eq!(of("PORT"), ("8099".to_owned(), "environment".to_owned()));
    assert_eq!(
        of("ORDERCAST_LOG"),
        ("warn".to_owned(), "ordercast.toml".to_owned())
    );
    assert_eq!(
        of("ORDERCAST_BIND"),
        ("127.0.0.1".to_owned(), "default".to_owned())
    );
    assert_eq!(of("ORDERCAST_MASTER_KEYS").0, "***");
    assert_eq!(of("DATABASE_URL").0, "postgres://ada:***@db/oc");
    assert!(!ran.out.contains("hunter2"));
    let plain = bench.run(&["config"]);
    assert!(
        plain.out.contains("[server]") && plain.out.contains("PORT"),
        "{}",
        plain.out
    );
}

#[test]
fn version_and_api_document_are_printed() {
    let bench = Bench::new();
    assert_eq!(
        bench.run(&["version", "--json"]).json()["version"],
        env!("CARGO_PKG_VERSION")
    );
    let document = bench.run(&["openapi"]).json();
    assert!(
        document["paths"]
            .as_object()
            .unwrap()
            .contains_key("/api/v1/orders")
    );
}
