//! Decides what the account routes answer: account, positions, orders, fills, protection groups.

use axum::{
    Extension, Router,
    body::Bytes,
    extract::{Path, Query, State},
    http::HeaderMap,
    routing::get,
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::venue::{
    order::{Order, order_number},
    refusal::{Code, Refusal},
    server::{
        answer::{Answer, created, ok},
        door::{House, RejectAfter},
        wire::{self, AmendmentBody, GroupBody, OrderBody},
    },
};

/// Rows of a list, most and when nothing is said.
const LIST_MAX: usize = 1_000;
const LIST_USUAL: usize = 500;

/// The routes under `/v1/accounts/{account}`.
pub fn routes() -> Router<House> {
    Router::new()
        .route("/v1/accounts/{account}", get(account))
        .route("/v1/accounts/{account}/positions", get(positions))
        .route("/v1/accounts/{account}/orders", get(orders).post(submit))
        .route(
            "/v1/accounts/{account}/orders/{id}",
            get(order).delete(cancel).patch(replace),
        )
        .route(
            "/v1/accounts/{account}/orders/by-client-id/{id}",
            get(order_by_client).delete(cancel_by_client),
        )
        .route("/v1/accounts/{account}/fills", get(fills))
        .route("/v1/accounts/{account}/groups", get(groups))
        .route(
            "/v1/accounts/{account}/groups/{id}",
            get(group).put(put_group).delete(cancel_group),
        )
}

/// The page a list is asked for.
pub(super) fn limit(value: Option<&str>, most: usize, usual: usize) -> Result<usize, Refusal> {
    let Some(text) = value else { return Ok(usual) };
    let good = text.parse().ok().filter(|n| (1..=most).contains(n));
    good.ok_or_else(|| {
        Refusal::new(
            Code::Malformed,
            format!("limit: expected 1 to {most}, got {text:?}"),
        )
    })
}

async fn account(State(house): State<House>, headers: HeaderMap, Path(id): Path<String>) -> Answer {
    house.own(&headers, &id)?;
    let now = house.now();
    let value = house.desk().act(now, |engine| {
        let funds = engine.funds(&id)?;
        let account = engine.state().accounts.get(&id).ok_or_else(Refusal::no_account)?;
        Ok(wire::account(account, &funds, now))
    })?;
    ok(value)
}

async fn positions(State(house): State<House>, headers: HeaderMap, Path(id): Path<String>) -> Answer {
    house.own(&headers, &id)?;
    let rows = house.desk().act(house.now(), |engine| {
        let account = engine
            .state()
            .accounts
            .get(&id)
            .ok_or_else(Refusal::no_account)?
            .clone();
        Ok(wire::positions(&account, |symbol, long| {
            engine.price_of(symbol, long)
        }))
    })?;
    ok(json!({"positions": rows}))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OrderQuery {
    status: Option<String>,
    client_order_id: Option<String>,
    symbol: Option<String>,
    limit: Option<String>,
}

async fn orders(
    State(house): State<House>,
    headers: HeaderMap,
    Path(id): Path<String>,
    query: Result<Query<OrderQuery>, axum::extract::rejection::QueryRejection>,
) -> Answer {
    house.own(&headers, &id)?;
    let Query(query) = query.map_err(|e| Refusal::new(Code::Malformed, e.body_text()))?;
    let most = limit(query.limit.as_deref(), LIST_MAX, LIST_USUAL)?;
    let desk = house.desk();
    let symbol = query
        .symbol
        .as_deref()
        .map(|s| desk.board().resolve(s))
        .transpose()?;
    let fits = |o: &&Order| {
        o.account == id
            && symbol.as_ref().is_none_or(|s| *s == o.symbol)
            && query
                .client_order_id
                .as_ref()
                .is_none_or(|c| o.client_order_id == *c || o.former_ids.contains(c))
    };
    let state = desk.engine().state();
    let rows: Vec<Value> = match query.status.as_deref() {
        Some("open") => {
            let live = state.live.iter().rev().filter_map(|n| state.orders.get(n));
            live.filter(fits).take(most).map(wire::order).collect()
        }
        Some("closed") => state
            .orders
            .values()
            .rev()
            .filter(|o| !o.live())
            .filter(fits)
            .take(most)
            .map(wire::order)
            .collect(),
        None | Some("all") => state
            .orders
            .values()
            .rev()
            .filter(fits)
            .take(most)
            .map(wire::order)
            .collect(),
        Some(other) => {
            let text = format!("status: expected open, closed or all, got {other:?}");
            return Err(Refusal::new(Code::Malformed, text));
        }
    };
    ok(json!({"orders": rows}))
}

async fn submit(
    State(house): State<House>,
    headers: HeaderMap,
    Path(id): Path<String>,
    reject: Option<Extension<RejectAfter>>,
    bytes: Bytes,
) -> Answer {
    house.own(&headers, &id)?;
    let body: OrderBody = wire::body(&bytes)?;
    let order = house.desk().act(house.now(), |engine| {
        let request = body.read(engine.market())?;
        if reject.is_some() {
            let accepted = engine.accept(&id, request)?;
            engine.reject(&id, accepted.number)
        } else {
            engine.submit(&id, request)
        }
    })?;
    created(wire::order(&order))
}

fn number(id: &str) -> Result<u64, Refusal> {
    order_number(id).ok_or_else(|| Refusal::no_order(id))
}

async fn order(
    State(house): State<House>,
    headers: HeaderMap,
    Path((id, order)): Path<(String, String)>,
) -> Answer {
    house.own(&headers, &id)?;
    ok(wire::order(house.desk().engine().order(&id, number(&order)?)?))
}

async fn order_by_client(
    State(house): State<House>,
    headers: HeaderMap,
    Path((id, client)): Path<(String, String)>,
) -> Answer {
    house.own(&headers, &id)?;
    ok(wire::order(
        house.desk().engine().order_by_client_id(&id, &client)?,
    ))
}

async fn cancel(
    State(house): State<House>,
    headers: HeaderMap,
    Path((id, order)): Path<(String, String)>,
) -> Answer {
    house.own(&headers, &id)?;
    let number = number(&order)?;
    let order = house
        .desk()
        .act(house.now(), |engine| engine.cancel(&id, number))?;
    ok(wire::order(&order))
}

async fn cancel_by_client(
    State(house): State<House>,
    headers: HeaderMap,
    Path((id, client)): Path<(String, String)>,
) -> Answer {
    house.own(&headers, &id)?;
    let order = house.desk().act(house.now(), |engine| {
        let number = engine.order_by_client_id(&id, &client)?.number;
        engine.cancel(&id, number)
    })?;
    ok(wire::order(&order))
}

async fn replace(
    State(house): State<House>,
    headers: HeaderMap,
    Path((id, order)): Path<(String, String)>,
    bytes: Bytes,
) -> Answer {
    house.own(&headers, &id)?;
    let (number, wish) = (number(&order)?, wire::body::<AmendmentBody>(&bytes)?.read()?);
    let order = house
        .desk()
        .act(house.now(), |engine| engine.replace(&id, number, wish))?;
    ok(wire::order(&order))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FillQuery {
    after: Option<u64>,
    limit: Option<String>,
}

async fn fills(
    State(house): State<House>,
    headers: HeaderMap,
    Path(id): Path<String>,
    query: Result<Query<FillQuery>, axum::extract::rejection::QueryRejection>,
) -> Answer {
    house.own(&headers, &id)?;
    let Query(query) = query.map_err(|e| Refusal::new(Code::Malformed, e.body_text()))?;
    let most = limit(query.limit.as_deref(), LIST_MAX, LIST_USUAL)?;
    let after = query.after.unwrap_or(0);
    let rows = house.desk().engine().state().fills_after(&id, after, most);
    let next = rows.last().map_or(after, |f| f.number);
    ok(json!({"fills": rows.iter().map(wire::fill).collect::<Vec<_>>(), "next": next}))
}

async fn groups(State(house): State<House>, headers: HeaderMap, Path(id): Path<String>) -> Answer {
    house.own(&headers, &id)?;
    let desk = house.desk();
    let own = desk
        .engine()
        .state()
        .groups
        .keys()
        .filter(|(account, _)| *account == id);
    let rows: Result<Vec<Value>, Refusal> = own
        .map(|(_, name)| Ok(wire::group(&desk.engine().group(&id, name)?)))
        .collect();
    ok(json!({"groups": rows?}))
}

async fn group(
    State(house): State<House>,
    headers: HeaderMap,
    Path((id, name)): Path<(String, String)>,
) -> Answer {
    house.own(&headers, &id)?;
    ok(wire::group(&house.desk().engine().group(&id, &name)?))
}

async fn put_group(
    State(house): State<House>,
    headers: HeaderMap,
    Path((id, name)): Path<(String, String)>,
    bytes: Bytes,
) -> Answer {
    house.own(&headers, &id)?;
    let body: GroupBody = wire::body(&bytes)?;
    let state = house.desk().act(house.now(), |engine| {
        let request = body.read(engine.market())?;
        engine.put_group(&id, &name, request)
    })?;
    ok(wire::group(&state))
}

async fn cancel_group(
    State(house): State<House>,
    headers: HeaderMap,
    Path((id, name)): Path<(String, String)>,
) -> Answer {
    house.own(&headers, &id)?;
    let state = house
        .desk()
        .act(house.now(), |engine| engine.cancel_group(&id, &name))?;
    ok(wire::group(&state))
}
