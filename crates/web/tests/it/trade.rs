//! What a user may change: follows, limits, switches, connections, and what is verified.

use axum::http::{Method, StatusCode};
use ordercast_model::ids::{FollowId, ProviderId};
use ordercast_testkit::sample;
use serde_json::json;

use crate::house::{Ask, House};

#[tokio::test]
async fn a_follow_changes_by_version_ends_and_begins_again() {
    let house = House::new().await;
    let own = house.login(1).await;
    let id = sample::id::<FollowId>(1);
    let path = format!("/api/v1/follows/{id}");
    let patch =
        |version: &'static str, body| Ask::new(Method::PATCH, &path, Some(body)).with("if-match", version);
    let before = house.get(&own, &path).await.json();
    assert_eq!(before["version"], 1);
    for (body, field) in [
        (json!({ "min_confidence": "0.3" }), "min_confidence"),
        (
            json!({ "sizing": { "mode": "percent_of_equity", "value": "51" } }),
            "sizing.value",
        ),
        (json!({ "asset_classes": ["fx"] }), "asset_classes"),
        (json!({ "priority": 101 }), "priority"),
        (
            json!({ "connection_id": sample::id::<ordercast_model::ids::ConnectionId>(2).to_string() }),
            "connection_id",
        ),
        (json!({ "caps": { "position_pct": "90" } }), "caps.position_pct"),
    ] {
        let answer = house.ask(Some(&own), patch("1", body)).await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{field}: {}",
            answer.text
        );
        assert_eq!(answer.json()["errors"][0]["field"], field);
    }
    let body = json!({ "mode": "auto", "min_confidence": "0.85", "deny_symbols": ["tsla", "TSLA", "gme"] });
    let changed = house.ask(Some(&own), patch("1", body.clone())).await.json();
    assert_eq!(changed["version"], 2);
    assert_eq!(changed["min_confidence"], "0.850");
    assert_eq!(changed["deny_symbols"], json!(["GME", "TSLA"]));
    let stale = house.ask(Some(&own), patch("1", body)).await;
    assert_eq!(
        (stale.status, stale.code().as_str()),
        (StatusCode::CONFLICT, "version_mismatch")
    );
    let paused = house
        .ask(Some(&own), Ask::new(Method::POST, &format!("{path}/pause"), None))
        .await;
    assert_eq!(paused.json()["enabled"], false);
    let ended = house.ask(Some(&own), Ask::new(Method::DELETE, &path, None)).await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT);
    assert_eq!(house.get(&own, &path).await.status, StatusCode::NOT_FOUND);
    let create = |n: u64, key: &'static str| {
        let provider = sample::id::<ProviderId>(n).to_string();
        Ask::post("/api/v1/follows", json!({ "provider_id": provider })).with("idempotency-key", key)
    };
    let again = house.ask(Some(&own), create(1, "f1")).await;
    assert_eq!(again.status, StatusCode::CREATED, "{}", again.text);
    assert_eq!(again.json()["mode"], "approve", "the defaults, not what it was");
    let twice = house.ask(Some(&own), create(1, "f2")).await;
    assert_eq!(
        (twice.status, twice.code().as_str()),
        (StatusCode::CONFLICT, "conflict")
    );
    let foreign = house.ask(Some(&own), create(2, "f3")).await;
    assert_eq!(
        foreign.status,
        StatusCode::NOT_FOUND,
        "a provider of another community"
    );
}

#[tokio::test]
async fn limits_are_set_within_their_ranges_by_version() {
    let house = House::new().await;
    let own = house.login(1).await;
    let path = "/api/v1/risk/limits";
    let shown = house.get(&own, path).await;
    assert_eq!(shown.headers["etag"], "\"0\"");
    let defaults = shown.json()["limits"].clone();
    let put = |version: &'static str, body| Ask::new(Method::PUT, path, Some(body)).with("if-match", version);
    for (field, value) in [
        ("position_pct", json!("51")),
        ("daily_loss_pct", json!("0.4")),
        ("positions_max", json!(101)),
        ("order_value_max", json!("0.5")),
        ("position_pct", json!("ten")),
    ] {
        let mut body = defaults.clone();
        body[field] = value;
        let answer = house.ask(Some(&own), put("0", body)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
        assert_eq!(answer.json()["errors"][0]["field"], field);
    }
    let mut body = defaults.clone();
    body["position_pct"] = json!("5");
    body["order_value_max"] = json!("2500");
    let set = house.ask(Some(&own), put("0", body.clone())).await.json();
    assert_eq!(
        (&set["version"], &set["limits"]["position_pct"]),
        (&json!(1), &json!("5"))
    );
    assert_eq!(
        house.ask(Some(&own), put("0", defaults)).await.code(),
        "version_mismatch"
    );
    house.chain().await;
    let entry = house
        .get(&own, "/api/v1/journal?kind=risk.limit_changed")
        .await
        .json();
    assert_eq!(entry["items"][0]["before"]["position_pct"], "10");
    assert_eq!(entry["items"][0]["after"]["position_pct"], "5");
}

#[tokio::test]
async fn a_kill_needs_no_word_and_stops_opening() {
    let house = House::new().await;
    let own = house.login(1).await;
    let path = "/api/v1/risk/kill";
    let body = json!({ "reason": "enough for today" });
    let set = house.ask(Some(&own), Ask::post(path, body)).await.json();
    assert_eq!(
        (&set["on"], &set["scope"], &set["reason"]),
        (&json!(true), &json!("user"), &json!("enough for today"))
    );
    let status = house.get(&own, "/api/v1/risk/status").await.json();
    assert_eq!(status["stopped"], true);
    let other = house.login(2).await;
    assert_eq!(
        house.get(&other, "/api/v1/risk/status").await.json()["stopped"],
        false
    );
    let theirs = json!({ "confirm": "RESUME", "scope": "connection",
        "id": sample::id::<ordercast_model::ids::ConnectionId>(1).to_string() });
    let foreign = house
        .ask(Some(&other), Ask::new(Method::DELETE, path, Some(theirs)))
        .await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    let lift = || Ask::new(Method::DELETE, path, Some(json!({ "confirm": "RESUME" })));
    assert_eq!(house.ask(Some(&own), lift()).await.code(), "step_up_required");
    assert_eq!(
        house.get(&own, "/api/v1/risk/status").await.json()["stopped"],
        true
    );
    let mut own = own;
    house.step_up(&mut own).await;
    assert_eq!(house.ask(Some(&own), lift()).await.json()["on"], false);
    assert_eq!(
        house.get(&own, "/api/v1/risk/status").await.json()["stopped"],
        false
    );
}

#[tokio::test]
async fn a_paper_connection_is_opened_and_takes_the_defaults_asked_for() {
    let house = House::new().await;
    let own = house.login(1).await;
    let body = json!({ "broker": "paper", "mode": "paper", "label": "Second", "default_for": ["equity"] });
    let make =
        |key: &'static str| Ask::post("/api/v1/connections", body.clone()).with("idempotency-key", key);
    let made = house.ask(Some(&own), make("c1")).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    assert!(!made.text.contains("token of"), "a credential is never shown");
    let list = house.get(&own, "/api/v1/connections").await.json();
    let defaults: Vec<_> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c["default_for"].clone())
        .collect();
    assert_eq!(
        defaults.iter().filter(|d| **d == json!(["equity"])).count(),
        1,
        "{defaults:?}"
    );
    let third = house.ask(Some(&own), make("c2")).await;
    assert_eq!(
        (third.status, third.code().as_str()),
        (StatusCode::FORBIDDEN, "plan_required")
    );
    let live = json!({ "broker": "paper", "mode": "live", "label": "Real" });
    let live = house
        .ask(
            Some(&own),
            Ask::post("/api/v1/connections", live).with("idempotency-key", "c3"),
        )
        .await;
    assert_eq!(live.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn the_chain_is_verified_from_any_place() {
    let house = House::new().await;
    let own = house.login(1).await;
    house.login(2).await;
    house.login(1).await;
    house.chain().await;
    let verify = |body| Ask::post("/api/v1/journal/verify", body);
    for (body, entries, next) in [
        (json!({}), 4, json!(null)),
        (json!({ "from_seq": 1 }), 3, json!(null)),
        (json!({ "from_seq": 0, "limit": 1 }), 1, json!(1)),
        (json!({ "from_seq": 3, "limit": 1 }), 1, json!(4)),
        (json!({ "from_seq": 4, "limit": 1 }), 0, json!(null)),
    ] {
        let answer = house.ask(Some(&own), verify(body)).await.json();
        assert_eq!(
            (&answer["ok"], &answer["entries"], &answer["next_seq"]),
            (&json!(true), &json!(entries), &next),
            "{answer}"
        );
    }
    let wide = house.ask(Some(&own), verify(json!({ "limit": 100_001 }))).await;
    assert_eq!(wide.json()["errors"][0]["field"], "limit");
}

#[tokio::test]
async fn a_text_is_read_without_effect() {
    let house = House::new().await;
    let own = house.login(1).await;
    let body = json!({ "text": "BTO AAPL @ 190.50" });
    let answer = house
        .ask(Some(&own), Ask::post("/api/v1/signals/parse", body))
        .await
        .json();
    assert_eq!(answer["verdict"], "trade", "{answer}");
    assert_eq!(answer["instructions"][0]["symbol"], "AAPL");
    let long = json!({ "text": "a".repeat(8_001) });
    let refused = house
        .ask(Some(&own), Ask::post("/api/v1/signals/parse", long))
        .await;
    assert_eq!(refused.json()["errors"][0]["field"], "text");
}
