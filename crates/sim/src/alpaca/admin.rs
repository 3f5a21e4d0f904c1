//! Decides what the operator of a test may do: trouble, accounts, the truth behind the answers, taking back access.
//! Refuses everybody without the admin key.

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::alpaca::{
    config::{AlpacaAccount, account_faults},
    door::Host,
    fault::{Fault, Trouble},
    problem::Problem,
    show,
};

type Answer = Result<(StatusCode, Json<Value>), Problem>;

/// `/sim/*`, the same at every host.
pub fn routes() -> Router<Host> {
    Router::new()
        .route("/sim/faults", get(faults).post(trouble).delete(clear))
        .route("/sim/accounts", get(accounts).post(open))
        .route("/sim/orders", get(orders))
        .route("/sim/oauth/revoke", post(revoke))
}

fn body<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(body).map_err(|e| Problem::new(400, 40_010_000, e.to_string()))
}

async fn faults(State(host): State<Host>, headers: HeaderMap) -> Answer {
    host.house.admin(&headers)?;
    let list = json!({"faults": host.house.faults().list()});
    Ok((StatusCode::OK, Json(list)))
}

async fn clear(State(host): State<Host>, headers: HeaderMap) -> Answer {
    host.house.admin(&headers)?;
    host.house.faults().clear();
    host.house.cleared.notify_waiters();
    Ok((StatusCode::OK, Json(json!({"faults": []}))))
}

async fn trouble(State(host): State<Host>, headers: HeaderMap, bytes: axum::body::Bytes) -> Answer {
    host.house.admin(&headers)?;
    let fault: Fault = body(&bytes)?;
    let now = host.house.now();
    let mut floor = host.house.floor();
    match &fault.trouble {
        Trouble::Halt { symbol } | Trouble::Resume { symbol } => {
            let halted = matches!(fault.trouble, Trouble::Halt { .. });
            let symbol = floor.resolve(symbol)?;
            floor.desk.act(now, |e| e.halt(&symbol, halted))?;
        }
        Trouble::DoneForDay { order } => floor.rest(order, now)?,
        Trouble::DuplicateEvents => floor.twice = fault.count,
        Trouble::SuppressEvents => floor.never = fault.count,
        Trouble::DisconnectStreams => {
            let of = fault.key_id.as_deref();
            let account = floor
                .customers
                .values()
                .find(|c| Some(c.described.key_id.as_str()) == of);
            floor.hang_up(account.map(|c| c.account.clone()));
        }
        _ => {
            let waiting = host.house.faults().add(fault);
            let waiting = waiting.ok_or_else(|| Problem::unprocessable("too many faults wait already"))?;
            return Ok((StatusCode::CREATED, Json(json!(waiting))));
        }
    }
    Ok((StatusCode::CREATED, Json(json!({"id": 0}))))
}

async fn accounts(State(host): State<Host>, headers: HeaderMap) -> Answer {
    host.house.admin(&headers)?;
    let floor = host.house.floor();
    let list: Vec<Value> = floor
        .customers
        .values()
        .map(|c| {
            let kept = floor.desk.engine().state().accounts.get(&c.account);
            json!({
                "id": c.id, "name": c.described.name, "environment": c.described.environment,
                "key_id": c.described.key_id, "cash": kept.map(|a| a.cash.to_string()),
                "fees": kept.map(|a| a.fees.to_string()),
            })
        })
        .collect();
    Ok((StatusCode::OK, Json(json!({"accounts": list}))))
}

async fn open(State(host): State<Host>, headers: HeaderMap, bytes: axum::body::Bytes) -> Answer {
    host.house.admin(&headers)?;
    let described: AlpacaAccount = body(&bytes)?;
    if let Some(fault) = account_faults(&described).into_iter().next() {
        return Err(Problem::invalid(fault));
    }
    let now = host.house.now();
    let customer = host.house.floor().open_account(&described, now)?;
    let shown = json!({"id": customer.id, "key_id": described.key_id, "environment": described.environment});
    Ok((StatusCode::CREATED, Json(shown)))
}

/// Every order there ever was, of all accounts, oldest first: what really happened, whatever was answered.
async fn orders(State(host): State<Host>, headers: HeaderMap) -> Answer {
    host.house.admin(&headers)?;
    let floor = host.house.floor();
    let list: Vec<Value> = floor.book.iter().map(|t| show::order(&floor, t, false)).collect();
    Ok((StatusCode::OK, Json(json!({"orders": list}))))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Revocation {
    name: String,
    client_id: Option<String>,
}

/// What a person does on their own page there.
async fn revoke(State(host): State<Host>, headers: HeaderMap, bytes: axum::body::Bytes) -> Answer {
    host.house.admin(&headers)?;
    let asked: Revocation = body(&bytes)?;
    let ended = host
        .house
        .grants()
        .revoke(&asked.name, asked.client_id.as_deref());
    Ok((StatusCode::OK, Json(json!({"revoked": ended}))))
}
