//! Pages and the state of the program.

use axum::http::{StatusCode, header};
use ordercast_web::PartState;

use crate::house::{Ask, House, config, part};

#[tokio::test]
async fn readiness_names_the_part_that_is_out() {
    for (parts, status, overall) in [
        (vec![part("store", PartState::Ok)], StatusCode::OK, "ok"),
        (
            vec![part("store", PartState::Ok), part("discord", PartState::Degraded)],
            StatusCode::OK,
            "degraded",
        ),
        (
            vec![part("store", PartState::Down)],
            StatusCode::SERVICE_UNAVAILABLE,
            "down",
        ),
    ] {
        let house = House::with(config(), parts.clone()).await;
        let answer = house.ask(None, Ask::get("/readyz")).await;
        assert_eq!(answer.status, status);
        let json = answer.json();
        assert_eq!(json["status"], overall);
        for (shown, part) in json["parts"].as_array().unwrap().iter().zip(&parts) {
            assert_eq!(shown["name"], part.name);
            assert_eq!(shown["reason"].as_str(), part.reason.as_deref());
        }
        assert_eq!(house.ask(None, Ask::get("/healthz")).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn every_page_carries_the_security_headers() {
    let house = House::new().await;
    for path in [
        "/",
        "/orders/anything",
        "/api/v1/docs",
        "/api/v1/docs/docs.js",
        "/api/v1/openapi.json",
        "/healthz",
    ] {
        let answer = house.ask(None, Ask::get(path)).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        let policy = answer.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.contains("script-src 'self';"), "{policy}");
        assert_eq!(
            answer.headers[header::X_CONTENT_TYPE_OPTIONS],
            "nosniff",
            "{path}"
        );
        assert_eq!(answer.headers[header::X_FRAME_OPTIONS], "DENY", "{path}");
        assert_eq!(answer.headers[header::REFERRER_POLICY], "same-origin", "{path}");
    }
    for path in ["/assets/none.js", "/favicon.none"] {
        assert_eq!(
            house.ask(None, Ask::get(path)).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_page_of_the_document_loads_nothing_from_elsewhere() {
    let house = House::new().await;
    for path in [
        "/api/v1/docs",
        "/api/v1/docs/docs.js",
        "/api/v1/docs/docs.css",
        "/plain.css",
    ] {
        let text = house.ask(None, Ask::get(path)).await.text;
        assert!(
            !text.contains("//cdn") && !text.contains("https://") && !text.contains("onclick"),
            "{path}"
        );
        assert!(!text.contains("<script>") && !text.contains("<style"), "{path}");
    }
}
