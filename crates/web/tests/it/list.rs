//! Pages: every row once, in order, however they are cut.

use std::time::Duration;

use axum::http::StatusCode;
use ordercast_model::{
    ports::store::Batch,
    tenant::{SystemScope, TenantScope},
};
use ordercast_testkit::sample::{person, record, trade};

use crate::house::{Ask, House};

#[tokio::test]
async fn pages_hold_every_row_once_newest_first() {
    let house = House::new().await;
    let own = house.login(1).await;
    let user = person::user(1);
    let connection = trade::connection(1, user.id);
    let mut batch = Batch::new();
    for n in 10..34 {
        let order = trade::order(n, &connection);
        batch.insert(trade::intent(&order));
        batch.insert(order);
    }
    house
        .ctx
        .commit(TenantScope::of_user(&user), batch)
        .await
        .unwrap();
    for limit in [1, 7, 25, 200] {
        let mut seen: Vec<String> = Vec::new();
        let mut cursor = String::new();
        loop {
            let path = format!("/api/v1/orders?limit={limit}{cursor}");
            let page = house.get(&own, &path).await;
            assert_eq!(page.status, StatusCode::OK, "{}", page.text);
            let page = page.json();
            let items = page["items"].as_array().unwrap();
            assert!(items.len() <= limit);
            seen.extend(items.iter().map(|o| o["id"].as_str().unwrap().to_owned()));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        let mut sorted = seen.clone();
        sorted.sort_unstable();
        sorted.dedup();
        sorted.reverse();
        assert_eq!(seen.len(), 25, "limit {limit}");
        assert_eq!(seen, sorted, "limit {limit}");
    }
}

#[tokio::test]
async fn the_journal_pages_by_its_own_places() {
    let house = House::new().await;
    let mut last = None;
    for _ in 0..5 {
        last = Some(house.login(1).await);
    }
    let own = last.unwrap();
    house.chain().await;
    let first = house
        .get(&own, "/api/v1/journal?kind=login.ok&limit=3")
        .await
        .json();
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = house
        .get(
            &own,
            &format!("/api/v1/journal?kind=login.ok&limit=3&cursor={cursor}"),
        )
        .await
        .json();
    let places = |page: &serde_json::Value| -> Vec<u64> {
        page["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| e["seq"].as_u64().unwrap())
            .collect()
    };
    assert_eq!([places(&first), places(&second)].concat(), [5, 4, 3, 2, 1]);
    assert!(second["next_cursor"].is_null());
    let id = first["items"][0]["id"].as_str().unwrap();
    let one = house.get(&own, &format!("/api/v1/journal/{id}")).await.json();
    assert_eq!(one["hash"], first["items"][0]["hash"]);
    assert!(one.get("origin").is_none(), "sealed fields stay inside");
}

/// Every list takes `limit` and `cursor`, and refuses what is none.
#[tokio::test]
async fn every_list_obeys_the_one_paging_rule() {
    let house = House::new().await;
    let own = house.login(1).await;
    for _ in 0..4 {
        house.login(1).await;
    }
    house.chain().await;
    for list in [
        "approvals",
        "auth/sessions",
        "brokers",
        "connections",
        "fills",
        "follows",
        "journal",
        "market/instruments",
        "orders",
        "positions",
        "providers",
        "signals",
    ] {
        // Another minute, another quota.
        house.clock.advance(Duration::from_secs(60)).await;
        let whole = house.get(&own, &format!("/api/v1/{list}?limit=200")).await;
        assert_eq!(whole.status, StatusCode::OK, "{list}: {}", whole.text);
        let whole = whole.json();
        assert!(whole["next_cursor"].is_null(), "{list}: {whole}");
        let mut seen = Vec::new();
        let mut cursor = String::new();
        loop {
            let path = format!("/api/v1/{list}?limit=1{cursor}");
            let page = house.get(&own, &path).await.json();
            seen.extend(page["items"].as_array().unwrap().iter().cloned());
            assert!(page["items"].as_array().unwrap().len() <= 1, "{list}");
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(&seen, whole["items"].as_array().unwrap(), "{list}");
        for (query, field) in [
            ("limit=0", "limit"),
            ("limit=201", "limit"),
            ("limit=x", "limit"),
            ("cursor=%20", "cursor"),
        ] {
            let refused = house.get(&own, &format!("/api/v1/{list}?{query}")).await;
            assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{list} {query}");
            assert_eq!(refused.json()["errors"][0]["field"], field, "{list} {query}");
        }
    }
    let sessions = house.get(&own, "/api/v1/auth/sessions?limit=2").await.json();
    assert_eq!(sessions["items"].as_array().unwrap().len(), 2);
    assert!(sessions["next_cursor"].is_string());
}

/// Anybody may keep what was signed; a journal without entry 0 names no key.
#[tokio::test]
async fn checkpoints_are_open_to_everybody() {
    let house = House::new().await;
    let mut batch = Batch::new();
    for n in 1..=3 {
        batch.insert(record::checkpoint(n));
    }
    let scope = SystemScope::housekeeping("a test");
    house.ctx.commit(scope, batch).await.unwrap();
    let ask = async |path: &str| house.ask(None, Ask::get(path)).await;
    let page = ask("/api/v1/journal/checkpoints?limit=2").await.json();
    let sizes = |page: &serde_json::Value| -> Vec<u64> {
        let items = page["items"].as_array().unwrap();
        items.iter().map(|one| one["size"].as_u64().unwrap()).collect()
    };
    assert_eq!(sizes(&page), [3, 2]);
    let cursor = page["next_cursor"].as_str().unwrap();
    let rest = ask(&format!("/api/v1/journal/checkpoints?limit=2&cursor={cursor}"))
        .await
        .json();
    assert_eq!(sizes(&rest), [1]);
    let key = ask("/api/v1/journal/key").await;
    assert_eq!(key.status, StatusCode::NOT_FOUND, "{}", key.text);
}

/// Own entries are proven, others' are missing, and what is not signed yet is said.
#[tokio::test]
async fn an_own_entry_is_proven() {
    let house = House::new().await;
    let (own, other) = (house.login(1).await, house.login(2).await);
    house.chain().await;
    let entries = house.get(&own, "/api/v1/journal").await.json();
    let entry = entries["items"][0].clone();
    let path = format!("/api/v1/journal/{}/proof", entry["id"].as_str().unwrap());
    let early = house.get(&own, &path).await;
    assert_eq!(early.status, StatusCode::CONFLICT, "{}", early.text);
    let head = house.ctx.store.head().await.unwrap().unwrap();
    let mut batch = Batch::new();
    batch.insert(record::checkpoint(head.seq + 1));
    let scope = SystemScope::housekeeping("a test");
    house.ctx.commit(scope, batch).await.unwrap();
    let proof = house.get(&own, &path).await;
    assert_eq!(proof.status, StatusCode::OK, "{}", proof.text);
    let proof = proof.json();
    assert_eq!(proof["entry"]["hash"], entry["hash"]);
    assert!(
        proof["entry"]["origin"].is_object(),
        "every hashed field is there: {proof}"
    );
    assert_eq!(proof["checkpoint"]["size"], head.seq + 1);
    assert_eq!(house.get(&other, &path).await.status, StatusCode::NOT_FOUND);
    let grown = |query: String| {
        let (house, own) = (&house, &own);
        async move {
            house
                .get(own, &format!("/api/v1/journal/consistency?{query}"))
                .await
        }
    };
    let answer = grown(format!("first=1&second={}", head.seq + 1)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert!(!answer.json()["path"].as_array().unwrap().is_empty());
    for (query, field) in [
        (format!("first=1&second={}", head.seq + 2), "second"),
        ("first=0&second=1".to_owned(), "first"),
        ("first=2&second=1".to_owned(), "first"),
    ] {
        let refused = grown(query.clone()).await;
        assert_eq!(
            refused.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{query}: {}",
            refused.text
        );
        assert_eq!(refused.json()["errors"][0]["field"], field, "{query}");
    }
    assert_eq!(grown("first=1".to_owned()).await.status, StatusCode::BAD_REQUEST);
    let stranger = house
        .ask(None, Ask::get("/api/v1/journal/consistency?first=1&second=1"))
        .await;
    assert_eq!(stranger.status, StatusCode::UNAUTHORIZED);
}
