//! Pages: every row once, in order, however they are cut.

use axum::http::StatusCode;
use ordercast_model::{ports::store::Batch, tenant::TenantScope};
use ordercast_testkit::sample::{person, trade};

use crate::house::House;

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
