//! `ordercast doctor` and `migrate`: healthy and broken machines.

use serde_json::Value;

use crate::program::{Bench, Ran, free_port};

fn finding(ran: &Ran, name: &str) -> (String, String) {
    let told = ran.json();
    let findings = told["findings"].as_array().unwrap();
    let worst = |one: &&Value| one["verdict"] != "ok";
    let of = || findings.iter().filter(|one| one["name"] == name);
    let found = of()
        .find(worst)
        .or_else(|| of().next())
        .unwrap_or_else(|| panic!("{name}: {told}"));
    (
        found["verdict"].as_str().unwrap().to_owned(),
        found["found"].as_str().unwrap().to_owned(),
    )
}

#[test]
fn a_healthy_machine_is_said_to_be_one_and_left_as_it_was() {
    let mut bench = Bench::complete(free_port());
    let _venue = bench.venue();
    let ran = bench.run(&["doctor", "--json"]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    assert_eq!(ran.json()["healthy"], true);
    assert_eq!(finding(&ran, "configuration").0, "ok");
    assert_eq!(finding(&ran, "broker paper").0, "ok");
    assert_eq!(finding(&ran, "discord").0, "warning");
    let (verdict, found) = finding(&ran, "discord interactions");
    assert_eq!(verdict, "ok");
    assert!(found.contains("answers 404"), "{found}");
    assert!(!bench.path("data").exists(), "doctor changes nothing");
    std::fs::create_dir(bench.path("data")).unwrap();
    assert_eq!(bench.run(&["migrate"]).code, Some(0));
    let migrated = bench.run(&["migrate", "--check"]);
    assert_eq!(migrated.code, Some(0), "{}{}", migrated.out, migrated.err);
    let ran = bench.run(&["doctor", "--json"]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    assert_eq!(finding(&ran, "database").0, "ok");
    assert_eq!(finding(&ran, "journal"), ("ok".to_owned(), "empty".to_owned()));
    assert!(bench.run(&["doctor"]).out.contains("nothing is at fault"));
}

#[test]
fn what_is_broken_is_named() {
    let mut bench = Bench::complete(free_port());
    bench.set("ORDERCAST_DB_POOL", "0");
    bench.set("REDIS_URL", "redis://127.0.0.1:1");
    std::fs::create_dir(bench.path("data")).unwrap();
    std::fs::write(
        bench.path("data/ordercast.db"),
        "this is no database, and never was one",
    )
    .unwrap();
    let ran = bench.run(&["doctor", "--json"]);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    for (name, words) in [
        ("configuration", "ORDERCAST_DB_POOL"),
        ("database", "damaged or not a database"),
        ("redis", "does not answer"),
        ("broker paper", "does not answer"),
    ] {
        let (verdict, found) = finding(&ran, name);
        assert_eq!(verdict, "fault", "{name}: {found}");
        assert!(found.contains(words), "{name}: {found}");
    }
    let every = ran.json()["findings"].as_array().unwrap().clone();
    assert!(
        every
            .iter()
            .all(|one| one["verdict"] == "ok" || one["do"].is_string()),
        "each says what to do"
    );
}

#[test]
fn a_public_key_needs_the_bot() {
    let mut bench = Bench::complete(free_port());
    for (key, words) in [
        ("abc", "64 hex digits"),
        (
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "given without DISCORD_BOT_TOKEN",
        ),
    ] {
        bench.set("DISCORD_PUBLIC_KEY", key);
        let said = bench.run(&["doctor", "--json"]);
        let (verdict, found) = finding(&said, "configuration");
        assert_eq!(verdict, "fault", "{key}");
        assert!(found.contains(words), "{key}: {found}");
        let named = said.out.matches("DISCORD_PUBLIC_KEY").count();
        assert_eq!(named, 1, "{key}: a key at fault is named once");
    }
}

#[test]
fn a_wrong_admin_key_is_told_from_a_venue_that_is_away() {
    let mut bench = Bench::complete(free_port());
    let _venue = bench.venue();
    bench.set("PAPER_VENUE_ADMIN_KEY", "another-admin-key-altogether");
    let (verdict, found) = finding(&bench.run(&["doctor", "--json"]), "broker paper");
    assert_eq!(verdict, "fault");
    assert!(found.contains("refuses the admin key"), "{found}");
}
