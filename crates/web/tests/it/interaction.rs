//! The door Discord posts to: closed without a key, one answer for all that is wrong, the raw body for who proves it.

use std::sync::Arc;

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use ordercast_model::ports::{
    BoxFuture,
    chat::{Inlet, InletError, Posting},
};
use serde_json::{Value, json};

use crate::house::{House, config};

/// Says back what came, unless the signature names another answer.
struct Mirror;

impl Inlet for Mirror {
    fn post(&self, posting: Posting) -> BoxFuture<'_, Result<Value, InletError>> {
        Box::pin(async move {
            match posting.signature.as_str() {
                "busy" => Err(InletError::Busy),
                "good" => Ok(json!([
                    posting.timestamp,
                    String::from_utf8(posting.body).unwrap()
                ])),
                _ => Err(InletError::Refused),
            }
        })
    }
}

fn post(signature: Option<&str>, body: String) -> Request<Body> {
    let mut request = Request::post("/api/v1/discord/interactions").header("x-signature-timestamp", "17");
    if let Some(signature) = signature {
        request = request.header("x-signature-ed25519", signature);
    }
    request.body(Body::from(body)).unwrap()
}

#[tokio::test]
async fn discord_posts_and_others_learn_nothing() {
    let house = House::posted(config(), Vec::new(), Some(Arc::new(Mirror))).await;
    let raw = "{ \"a\" : 1 }".to_owned();
    let answer = house.send(post(Some("good"), raw.clone())).await;
    assert_eq!(
        (answer.status, answer.json()),
        (StatusCode::OK, json!(["17", raw]))
    );
    let fits = house.send(post(Some("good"), "x".repeat(128 << 10))).await;
    assert_eq!(fits.status, StatusCode::OK);
    let mut told = Vec::new();
    for (signature, body) in [
        (Some("wrong"), raw.clone()),
        (None, raw.clone()),
        (Some("good"), "x".repeat((128 << 10) + 1)),
    ] {
        let answer = house.send(post(signature, body)).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{signature:?}");
        let mut problem = answer.json();
        problem["request_id"].take();
        told.push(problem);
    }
    assert!(told.iter().all(|one| *one == told[0]), "one answer: {told:?}");
    let busy = house.send(post(Some("busy"), raw.clone())).await;
    assert_eq!(busy.status, StatusCode::SERVICE_UNAVAILABLE);
    let house = House::new().await;
    let closed = house.send(post(Some("good"), raw)).await;
    assert_eq!(
        (closed.status, closed.code().as_str()),
        (StatusCode::NOT_FOUND, "not_found")
    );
}
