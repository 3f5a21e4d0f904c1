//! The same key and body are answered once; anything else under the key is refused.

use axum::http::{Method, StatusCode};
use ordercast_app::desk::once::{self, Turn};
use ordercast_testkit::sample::{self, person};
use serde_json::json;

use crate::house::{Ask, House, QUANTITY_MAX};

fn order(quantity: u32) -> serde_json::Value {
    json!({ "symbol": "AAPL", "side": "buy", "order_type": "market", "quantity": quantity.to_string() })
}

#[tokio::test]
async fn a_repeat_gets_the_first_answer_and_places_nothing() {
    let house = House::new().await;
    let own = house.login(1).await;
    let place = |body| Ask::post("/api/v1/orders", body).with("idempotency-key", "a-1");
    let first = house.ask(Some(&own), place(order(5))).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text);
    let again = house.ask(Some(&own), place(order(5))).await;
    assert_eq!((again.status, &again.text), (first.status, &first.text));
    let other = house.ask(Some(&own), place(order(6))).await;
    assert_eq!(
        (other.status, other.code().as_str()),
        (StatusCode::CONFLICT, "idempotency_mismatch")
    );
    let orders = house.get(&own, "/api/v1/orders").await.json();
    assert_eq!(
        orders["items"].as_array().unwrap().len(),
        2,
        "the one of the ground, and one more"
    );
    let neighbour = house.login(2).await;
    let theirs = house.ask(Some(&neighbour), place(order(6))).await;
    assert_eq!(
        theirs.status,
        StatusCode::CREATED,
        "keys are each user's own: {}",
        theirs.text
    );
}

#[tokio::test]
async fn a_refusal_frees_the_key() {
    let house = House::new().await;
    let own = house.login(1).await;
    let place = |body| Ask::post("/api/v1/orders", body).with("idempotency-key", "b-1");
    let refused = house.ask(Some(&own), place(order(QUANTITY_MAX + 1))).await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, "risk_denied")
    );
    let error = &refused.json()["errors"][0];
    assert_eq!(error["code"], "RK-17");
    assert_eq!(error["limit"], QUANTITY_MAX.to_string());
    let placed = house.ask(Some(&own), place(order(5))).await;
    assert_eq!(placed.status, StatusCode::CREATED, "{}", placed.text);
}

#[tokio::test]
async fn while_the_first_is_at_work_the_second_waits() {
    let house = House::new().await;
    let user = person::user(1);
    let begin = |hash: &'static str, for_ever| once::begin(&house.ctx, &user, "k", hash, for_ever);
    let Turn::First(row) = begin("h", false).await.unwrap() else {
        panic!("the first turn")
    };
    assert_eq!(begin("h", false).await.unwrap(), Turn::Busy);
    assert_eq!(begin("other", false).await.unwrap(), Turn::Mismatch);
    once::finish(&house.ctx, &user, row, 201, json!({ "a": 1 }))
        .await
        .unwrap();
    let done = Turn::Done {
        status: 201,
        body: json!({ "a": 1 }),
    };
    assert_eq!(begin("h", false).await.unwrap(), done);
    house.clock.jump_to(sample::at(90_000));
    assert_eq!(
        begin("h", true).await.unwrap(),
        done,
        "an order's answer is kept for ever"
    );
    assert!(
        matches!(begin("other", false).await.unwrap(), Turn::First(_)),
        "another's for a day"
    );
}

#[tokio::test]
async fn keys_that_cannot_be_keys_are_named() {
    let house = House::new().await;
    let own = house.login(1).await;
    for key in [
        None,
        Some("".to_owned()),
        Some("a b".to_owned()),
        Some("x".repeat(65)),
    ] {
        let ask = Ask::new(Method::POST, "/api/v1/orders", Some(order(1)));
        let ask = match &key {
            Some(key) => ask.with("idempotency-key", key),
            None => ask,
        };
        let answer = house.ask(Some(&own), ask).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{key:?}");
        assert_eq!(answer.json()["errors"][0]["field"], "Idempotency-Key");
    }
}
