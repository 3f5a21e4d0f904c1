//! Removing a connection: asked about while something works there, by name then; what is left of it.

use axum::http::{Method, StatusCode};
use ordercast_model::{
    connection::{Connection, Health, SealedField},
    ids::{ConnectionId, OrderId},
    order::{intent::Order, state::OrderState},
    ports::store::{Batch, commit, get},
    tenant::{SystemScope, TenantScope},
};
use ordercast_testkit::sample;
use serde_json::json;

use crate::house::{Ask, House};

const SYSTEM: SystemScope = SystemScope::housekeeping("test");

#[tokio::test]
async fn a_connection_in_use_is_removed_by_its_name_and_leaves_its_history() {
    let house = House::new().await;
    let own = house.login(1).await;
    let id = sample::id::<ConnectionId>(1).to_string();
    let path = format!("/api/v1/connections/{id}");
    let scope = TenantScope::of_user(&own.user);
    let stored = async || {
        get::<Connection>(house.store.as_ref(), &scope, &id)
            .await
            .unwrap()
            .unwrap()
    };
    let mut row = stored().await;
    row.version += 1;
    row.credential = vec![SealedField {
        name: "token".to_owned(),
        master_version: 1,
        sealed: "c2VhbGVk".to_owned(),
    }];
    let label = row.label.clone();
    let order = sample::id::<OrderId>(1).to_string();
    let order = get::<Order>(house.store.as_ref(), &scope, &order)
        .await
        .unwrap()
        .unwrap();
    let mut batch = Batch::new();
    batch.update(row);
    batch.update(Order {
        version: order.version + 1,
        state: OrderState::Cancelled,
        ..order
    });
    commit(house.store.as_ref(), SYSTEM, batch).await.unwrap();
    let delete = async |path: &str| house.ask(Some(&own), Ask::new(Method::DELETE, path, None)).await;
    for asked in [path.clone(), format!("{path}?confirm=another")] {
        let refused = delete(&asked).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{asked}: {}", refused.text);
        assert!(refused.text.contains("open positions"), "{}", refused.text);
    }
    assert_eq!(stored().await.health, Health::Ok);
    let other = sample::id::<ConnectionId>(2);
    let foreign = delete(&format!("/api/v1/connections/{other}?confirm=x")).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    let name: String = label.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let removed = delete(&format!("{path}?confirm={name}")).await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT, "{}", removed.text);
    let left = stored().await;
    assert!(left.credential.is_empty() && left.health == Health::Disabled);
    assert_eq!(house.get(&own, &path).await.status, StatusCode::NOT_FOUND);
    let listed = house.get(&own, "/api/v1/connections").await.json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 0, "{listed}");
    assert_eq!(delete(&path).await.status, StatusCode::NOT_FOUND);
    let orders = house.get(&own, "/api/v1/orders").await.json();
    assert_eq!(orders["items"].as_array().unwrap().len(), 1, "history stays");
    house.chain().await;
    let journal = house.get(&own, "/api/v1/journal").await.text;
    assert!(journal.contains("connection.removed") && journal.contains("credential.revoked"));
}

/// The venue of the house gives everybody the same account.
#[tokio::test]
async fn an_account_whose_connection_was_removed_is_connected_again() {
    let house = House::new().await;
    let own = house.login(1).await;
    let connect = async |n: u32| {
        let body = json!({"broker": "paper", "mode": "paper", "label": format!("Again {n}")});
        let key = format!("connect-{n}");
        let ask = Ask::post("/api/v1/connections", body).with("idempotency-key", &key);
        house.ask(Some(&own), ask).await
    };
    let first = connect(1).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text);
    let id = first.json()["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/connections/{id}");
    let removed = house.ask(Some(&own), Ask::new(Method::DELETE, &path, None)).await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT, "{}", removed.text);
    let second = connect(2).await;
    assert_eq!(second.status, StatusCode::CREATED, "{}", second.text);
    let again = second.json()["id"].as_str().unwrap().to_owned();
    assert_ne!(again, id);
    let equity = house.get(&own, &format!("/api/v1/connections/{again}")).await;
    assert_eq!(equity.status, StatusCode::OK, "{}", equity.text);
}
