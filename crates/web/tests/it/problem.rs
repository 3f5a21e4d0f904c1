//! Refusals have one shape, a stable code, and say nothing of the inside.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use ordercast_web::WebConfig;
use serde_json::json;

use crate::house::{Ask, House, config};

#[tokio::test]
async fn every_refusal_has_the_shape_and_the_request_id() {
    let house = House::new().await;
    let own = house.login(1).await;
    let deep = format!("{}{}", "[".repeat(40), "]".repeat(40));
    let raw = |method: Method, path: &str, kind: &str, body: String| {
        Request::builder()
            .method(method)
            .uri(path)
            .header(header::COOKIE, &own.cookie)
            .header("x-csrf-token", &own.csrf)
            .header(header::CONTENT_TYPE, kind)
            .header("x-request-id", "req-1")
            .body(Body::from(body))
            .unwrap()
    };
    let json = "application/json";
    for (request, status, code) in [
        (
            raw(Method::GET, "/api/v1/nowhere", json, String::new()),
            404,
            "not_found",
        ),
        (
            raw(Method::PUT, "/api/v1/orders", json, String::new()),
            405,
            "method_not_allowed",
        ),
        (
            raw(Method::PATCH, "/api/v1/me", "text/plain", "{}".to_owned()),
            415,
            "media_type",
        ),
        (
            raw(Method::PATCH, "/api/v1/me", json, "{".to_owned()),
            400,
            "malformed",
        ),
        (raw(Method::PATCH, "/api/v1/me", json, deep), 400, "malformed"),
        (
            raw(Method::PATCH, "/api/v1/me", json, "{}".to_owned()),
            422,
            "validation",
        ),
        (
            raw(
                Method::PATCH,
                "/api/v1/me",
                json,
                r#"{"name":"a","x":1}"#.to_owned(),
            ),
            422,
            "validation",
        ),
        (
            raw(Method::PATCH, "/api/v1/me", json, r#"{"name":""}"#.to_owned()),
            422,
            "validation",
        ),
        (
            raw(
                Method::PATCH,
                "/api/v1/me",
                json,
                format!("\"{}\"", "a".repeat(300 << 10)),
            ),
            413,
            "too_large",
        ),
        (
            raw(Method::GET, "/api/v1/orders?limit=0", json, String::new()),
            400,
            "malformed",
        ),
        (
            raw(Method::GET, "/api/v1/orders?limit=201", json, String::new()),
            400,
            "malformed",
        ),
        (
            raw(Method::GET, "/api/v1/orders?state=gone", json, String::new()),
            400,
            "malformed",
        ),
        (
            raw(Method::GET, "/api/v1/orders?cursor=!", json, String::new()),
            400,
            "malformed",
        ),
        (
            raw(Method::GET, "/api/v1/orders/nonsense", json, String::new()),
            404,
            "not_found",
        ),
        (
            raw(Method::GET, "/api/v1/journal?kind=nonsense", json, String::new()),
            422,
            "validation",
        ),
        (
            raw(Method::PUT, "/api/v1/risk/limits", json, "{}".to_owned()),
            400,
            "malformed",
        ),
        (
            raw(Method::POST, "/api/v1/orders", json, "{}".to_owned()),
            400,
            "malformed",
        ),
    ] {
        let what = format!("{} {}", request.method(), request.uri());
        let answer = house.send(request).await;
        let problem = answer.json();
        assert_eq!(answer.status.as_u16(), status, "{what}: {}", answer.text);
        assert_eq!(
            answer.headers[header::CONTENT_TYPE],
            "application/problem+json",
            "{what}"
        );
        assert_eq!(answer.headers["x-request-id"], "req-1", "{what}");
        assert_eq!(problem["code"], code, "{what}: {}", answer.text);
        assert_eq!(problem["status"], status, "{what}");
        assert_eq!(problem["request_id"], "req-1", "{what}");
        for field in ["type", "title", "detail"] {
            assert!(
                problem[field].as_str().is_some_and(|t| !t.is_empty()),
                "{what}: {field}"
            );
        }
        assert!(problem["errors"].is_array(), "{what}");
        if status == 422 || status == 400 {
            assert!(
                problem["errors"][0]["field"].is_string(),
                "{what}: {}",
                answer.text
            );
        }
    }
}

#[tokio::test]
async fn a_store_that_is_away_is_503_without_its_words() {
    let house = House::new().await;
    let own = house.login(1).await;
    house.store.set_away(true);
    let answer = house.get(&own, "/api/v1/orders").await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (StatusCode::SERVICE_UNAVAILABLE, "not_ready")
    );
    assert!(answer.headers.contains_key(header::RETRY_AFTER));
    assert!(!answer.text.contains("away"), "{}", answer.text);
}

#[tokio::test]
async fn too_many_requests_wait() {
    let settings = WebConfig {
        loopback_unlimited: false,
        ..config()
    };
    let house = House::with(settings, Vec::new()).await;
    let own = house.login(1).await;
    let mut last = None;
    for _ in 0..60 {
        last = Some(house.get(&own, "/api/v1/me").await);
    }
    let refused = last.unwrap();
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (StatusCode::TOO_MANY_REQUESTS, "rate_limited")
    );
    assert_eq!(
        refused.headers[header::RETRY_AFTER],
        "1",
        "60 a minute: one a second"
    );
    assert_eq!(refused.headers["ratelimit-limit"], "60");
    assert_eq!(refused.headers["ratelimit-remaining"], "0");
    house.clock.advance(std::time::Duration::from_secs(1)).await;
    assert_eq!(house.get(&own, "/api/v1/me").await.status, StatusCode::OK);
    let orders = Ask::post("/api/v1/orders/preview", json!({}));
    assert_ne!(
        house.ask(Some(&own), orders).await.status,
        StatusCode::TOO_MANY_REQUESTS,
        "another class has its own bucket"
    );
}

#[tokio::test]
async fn request_ids_are_made_when_none_fit() {
    let house = House::new().await;
    for given in ["", "spaces in it", &"x".repeat(65)] {
        let answer = house
            .ask(None, Ask::get("/healthz").with("x-request-id", given))
            .await;
        let id = answer.headers["x-request-id"].to_str().unwrap();
        assert!(id.len() == 24 && id != given, "{given:?} -> {id}");
    }
}
