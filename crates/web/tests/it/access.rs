//! Who may see what: nobody, the owner, and somebody else, on every private route.

use axum::http::{Method, StatusCode};
use ordercast_model::{
    account::Account,
    ids::{
        CommunityId, ConnectionId, FillId, FollowId, HookId, OrderId, PositionId, ProviderId, SignalId,
        UserId,
    },
    order::shape::OrderSide,
    outside::{OutsideOrder, Size, Terms},
    ports::store::{Batch, Query, find},
    tenant::TenantScope,
    time::Timestamp,
};
use ordercast_testkit::sample;
use serde_json::{Value, json};

use crate::house::{Ask, House};

/// Every private route of the document, as (method, path with the ids of user `n` in it).
fn routes(n: u64) -> Vec<(Method, String)> {
    let document: Value = serde_json::from_str(&ordercast_web::openapi::pretty().unwrap()).unwrap();
    let mut routes = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let open = operation["security"].as_array().is_some_and(|list| {
                list.iter()
                    .any(|one| one.as_object().is_some_and(serde_json::Map::is_empty))
            });
            if !open {
                let method: Method = method.to_uppercase().parse().unwrap();
                routes.push((method, fill(path, n)));
            }
        }
    }
    assert!(routes.len() > 50, "{}", routes.len());
    routes
}

fn fill(path: &str, n: u64) -> String {
    let id = if path.contains("/orders/") {
        sample::id::<OrderId>(n).to_string()
    } else if path.contains("/positions/") {
        sample::id::<PositionId>(n).to_string()
    } else if path.contains("/connections/") {
        sample::id::<ConnectionId>(n).to_string()
    } else if path.contains("/signals/") {
        sample::id::<SignalId>(n).to_string()
    } else if path.contains("/providers/") {
        sample::id::<ProviderId>(n).to_string()
    } else if path.contains("/users/") {
        sample::id::<UserId>(n).to_string()
    } else if path.contains("/communities/") {
        sample::id::<CommunityId>(n).to_string()
    } else if path.contains("/hooks/") {
        sample::id::<HookId>(n).to_string()
    } else if path.contains("/follows/") {
        sample::id::<FollowId>(n).to_string()
    } else {
        sample::id::<FillId>(n).to_string()
    };
    path.replace("{id}", &id)
        .replace("{kind}", "paper")
        .replace("{number}", "1")
}

#[tokio::test]
async fn nobody_gets_nothing() {
    let house = House::new().await;
    for (method, path) in routes(1) {
        let body = (method != Method::GET).then(|| json!({}));
        let answer = house.ask(None, Ask::new(method.clone(), &path, body)).await;
        assert_eq!(
            answer.status,
            StatusCode::UNAUTHORIZED,
            "{method} {path}: {}",
            answer.text
        );
        assert_eq!(answer.code(), "no_login", "{method} {path}");
    }
}

#[tokio::test]
async fn the_owner_sees_the_own_objects() {
    let house = House::new().await;
    let own = house.login(1).await;
    for path in [
        "/api/v1/auth/me",
        "/api/v1/auth/sessions",
        "/api/v1/me",
        "/api/v1/brokers",
        "/api/v1/brokers/paper",
        "/api/v1/connections",
        "/api/v1/portfolio",
        "/api/v1/portfolio/history?range=1w",
        "/api/v1/positions",
        "/api/v1/orders",
        "/api/v1/orders?state=submitted",
        "/api/v1/fills",
        "/api/v1/approvals",
        "/api/v1/me/notices",
        "/api/v1/signals",
        "/api/v1/providers",
        "/api/v1/follows",
        "/api/v1/risk/limits",
        "/api/v1/risk/status",
        "/api/v1/market/quotes?symbols=AAPL,NOPE",
        "/api/v1/market/bars?symbol=AAPL",
        "/api/v1/market/instruments?q=AA",
        "/api/v1/market/calendar",
        "/api/v1/journal",
        "/api/v1/journal?kind=order.",
    ] {
        let answer = house.get(&own, path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
    }
    for (method, path) in routes(1) {
        if method == Method::GET
            && path.contains("000")
            && !path.contains("/approvals/")
            && !path.contains("/journal/")
            // Staff's alone.
            && !path.ends_with("/locks")
        {
            let answer = house.get(&own, &path).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        }
    }
}

/// Invariant 8: what belongs to somebody else cannot be told from what does not exist.
#[tokio::test]
async fn invariant_08_others_objects_look_like_missing_ones() {
    let house = House::new().await;
    let own = house.login(1).await;
    let without_id = |answer: &crate::house::Answer| {
        let mut json = answer.json();
        json["request_id"] = Value::Null;
        json
    };
    let pairs = routes(2).into_iter().zip(routes(999_999));
    for ((method, theirs), (_, missing)) in pairs.filter(|((_, path), _)| path.contains("000")) {
        // Some routes are nothing without a body that can be read.
        let said = if theirs.ends_with("/resolve") {
            json!({ "state": "cancelled", "reason": "not in the broker's list" })
        } else if theirs.ends_with("/staff-unlocks") {
            json!({ "on": true })
        } else if theirs.starts_with("/api/v1/admin/users/") {
            if theirs.ends_with("/unlock") {
                json!({ "reason": "lost", "confirm": "UNLOCK" })
            } else {
                json!({ "reason": "lost" })
            }
        } else if theirs.ends_with("/unlock") {
            json!({ "connection_id": sample::id::<ConnectionId>(2).to_string(), "confirm": "UNLOCK" })
        } else {
            json!({})
        };
        let body = (method != Method::GET && method != Method::DELETE).then_some(said);
        let with_key = |path| {
            Ask::new(method.clone(), path, body.clone())
                .with("idempotency-key", "k")
                .with("if-match", "1")
        };
        // A minute's quota is for sixty requests, and there are more routes.
        house.clock.advance(std::time::Duration::from_secs(5)).await;
        let answer = house.ask(Some(&own), with_key(&theirs)).await;
        let absent = house.ask(Some(&own), with_key(&missing)).await;
        assert_eq!(
            answer.status,
            StatusCode::NOT_FOUND,
            "{method} {theirs}: {}",
            answer.text
        );
        assert_eq!(without_id(&answer), without_id(&absent), "{method} {theirs}");
    }
}

/// Invariant 8: no list shows a row of somebody else.
#[tokio::test]
async fn invariant_08_lists_hold_own_rows_only() {
    let house = House::new().await;
    let (own, other) = (house.login(1).await, house.login(2).await);
    house.chain().await;
    let foreign = [
        sample::id::<OrderId>(2).to_string(),
        sample::id::<PositionId>(2).to_string(),
        sample::id::<ConnectionId>(2).to_string(),
        sample::id::<SignalId>(2).to_string(),
        sample::id::<ProviderId>(2).to_string(),
        sample::id::<FillId>(2).to_string(),
        other.user.id.to_string(),
    ];
    for (method, path) in routes(1) {
        if method == Method::GET {
            let answer = house.get(&own, &path).await;
            for id in &foreign {
                assert!(
                    !answer.text.contains(id.as_str()),
                    "{path} shows {id}: {}",
                    answer.text
                );
            }
        }
    }
    let mine = house.get(&own, "/api/v1/journal").await.json();
    assert_eq!(mine["items"][0]["kind"], "login.ok");
}

/// Invariant 8: what somebody placed at a broker by hand is shown to its owner alone, in full.
#[tokio::test]
async fn invariant_08_orders_placed_by_hand_are_their_owners() {
    let house = House::new().await;
    let (own, other) = (house.login(1).await, house.login(2).await);
    for (n, login) in [(1, &own), (2, &other)] {
        let scope = TenantScope::of_user(&login.user);
        let found: Vec<Account> = find(house.ctx.store.as_ref(), &scope, Query::Accounts)
            .await
            .unwrap();
        let mut account = found.into_iter().next().unwrap();
        let terms = Terms {
            broker_order_id: format!("by-hand-{n}"),
            instrument: "SPY".parse().unwrap(),
            side: OrderSide::Buy,
            size: Size::Units("10".parse().unwrap()),
            filled: "4".parse().unwrap(),
            order_type: Some("limit".to_owned()),
            limit: Some("180".parse().unwrap()),
            stop: None,
        };
        let order = OutsideOrder {
            price: terms.price(),
            terms,
            in_buying_power: true,
            since: Timestamp::from_seconds(1_000),
        };
        account.version += 1;
        account.outside.insert(order.terms.broker_order_id.clone(), order);
        let mut batch = Batch::new();
        batch.update(account);
        house.ctx.commit(scope, batch).await.unwrap();
    }
    let answer = house.get(&own, "/api/v1/orders/outside").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let told = answer.json();
    assert_eq!(told["items"].as_array().unwrap().len(), 1, "{}", answer.text);
    for (name, value) in [
        ("broker_order_id", json!("by-hand-1")),
        ("words", json!("buy 10 SPY limit 180.00")),
        ("quantity", json!("10")),
        ("amount", Value::Null),
        ("filled", json!("4")),
        ("limit_price", json!("180")),
        ("counted", json!("1080")),
    ] {
        assert_eq!(told["items"][0][name], value, "{name}");
    }
}
