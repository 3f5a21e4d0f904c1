//! What a provider taught, over HTTP: by who manages the provider, version by version, each fault by its field.

use axum::http::{Method, StatusCode};
use ordercast_model::ids::ProviderId;
use ordercast_testkit::sample;
use serde_json::{Value, json};

use crate::house::{Ask, Browser, House};

async fn put(house: &House, who: &Browser, path: &str, version: &str, body: Value) -> (StatusCode, Value) {
    let ask = Ask::new(Method::PUT, path, Some(body)).with("if-match", version);
    let answer = house.ask(Some(who), ask).await;
    (answer.status, answer.json())
}

#[tokio::test]
async fn a_profile_is_taught_tried_and_kept_in_versions() {
    let house = House::new().await;
    // Users 1 and 2 speak for the provider of their number.
    let (own, other) = (house.login(1).await, house.login(2).await);
    let id = sample::id::<ProviderId>(1).to_string();
    let path = format!("/api/v1/providers/{id}/profile");
    let none = house.get(&own, &path).await.json();
    assert_eq!((&none["version"], &none["created_at"]), (&json!(0), &Value::Null));
    let profile = json!({ "templates": [{ "name": "calls", "pattern": "^^ {symbol} ~ {action} ~ {price}" }],
        "verbs": { "hoovering": "buy" } });
    let body = json!({ "profile": profile, "note": "as posted since May" });
    let (status, first) = put(&house, &own, &path, "\"0\"", body.clone()).await;
    assert_eq!(
        (status, &first["version"]),
        (StatusCode::OK, &json!(1)),
        "{first}"
    );
    let (status, stale) = put(&house, &own, &path, "0", json!({ "profile": {} })).await;
    assert_eq!(
        (status, &stale["code"]),
        (StatusCode::CONFLICT, &json!("version_mismatch"))
    );
    let odd = json!({ "profile": { "templates": [{ "name": "", "pattern": "{action}" }], "verbs": { "x": "dance" } } });
    let (status, faults) = put(&house, &own, &path, "1", odd).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let fields: Vec<&str> = faults["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["field"].as_str().unwrap())
        .collect();
    assert_eq!(
        fields,
        ["templates[0].name", "verbs[\"x\"]", "templates[0].pattern"]
    );
    let (status, second) = put(&house, &own, &path, "1", json!({ "profile": {} })).await;
    assert_eq!((status, &second["version"]), (StatusCode::OK, &json!(2)));
    let all = house.get(&own, &format!("{path}/versions")).await.json();
    let versions: Vec<&Value> = all["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|v| &v["version"])
        .collect();
    assert_eq!(versions, [2, 1]);
    assert_eq!(all["items"][1]["templates"], profile["templates"]);
    // Another tenant's provider is as good as missing.
    assert_eq!(house.get(&other, &path).await.status, StatusCode::NOT_FOUND);

    let parse = json!({ "text": "^^ AAPL ~ hoovering ~ 200", "provider_id": id, "profile": profile });
    let parsed = house
        .ask(Some(&own), Ask::post("/api/v1/signals/parse", parse.clone()))
        .await;
    assert_eq!(parsed.status, StatusCode::OK, "{}", parsed.text);
    let parsed = parsed.json();
    assert_eq!(
        (&parsed["verdict"], &parsed["template"]),
        (&json!("trade"), &json!("calls"))
    );
    assert_eq!(parsed["profile"], 3, "the version it would become");
    assert_eq!(parsed["would"]["follows"], true);
    assert!(parsed["would"]["decisions"][0]["status"].is_string());
    let foreign = house
        .ask(Some(&other), Ask::post("/api/v1/signals/parse", parse))
        .await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    let trial = house
        .ask(Some(&own), Ask::post(&format!("{path}/trial"), profile))
        .await;
    assert_eq!(
        (trial.status, trial.json()["items"].as_array().map(Vec::len)),
        (StatusCode::OK, Some(0))
    );
}
