//! Decides what the operator of a test may do: trouble, and the truth behind the answers. Refuses everybody without the admin key.

use axum::{Json, Router, extract::State, http::HeaderMap, routing::get};
use serde_json::{Value, json};

use crate::binance::{
    door::Host,
    fault::{Fault, Trouble},
    no::No,
    rule, show,
};

type Answer = Result<Json<Value>, No>;

/// `/sim/*`, the same at both hosts.
pub fn routes() -> Router<Host> {
    Router::new()
        .route("/sim/faults", get(faults).post(trouble).delete(clear))
        .route("/sim/orders", get(orders))
}

fn admin(host: &Host, headers: &HeaderMap) -> Result<(), No> {
    let given = headers.get("authorization").and_then(|v| v.to_str().ok());
    let key = given.and_then(|text| text.strip_prefix("Bearer "));
    if key == Some(&*host.house.admin_key) {
        Ok(())
    } else {
        Err(No::new(
            401,
            -2015,
            "the admin key is not the one of the configuration",
        ))
    }
}

async fn faults(State(host): State<Host>, headers: HeaderMap) -> Answer {
    admin(&host, &headers)?;
    Ok(Json(json!({"faults": host.house.faults().list()})))
}

async fn clear(State(host): State<Host>, headers: HeaderMap) -> Answer {
    admin(&host, &headers)?;
    host.house.faults().clear();
    host.house.cleared.notify_waiters();
    Ok(Json(json!({"faults": []})))
}

async fn trouble(State(host): State<Host>, headers: HeaderMap, body: axum::body::Bytes) -> Answer {
    admin(&host, &headers)?;
    let fault: Fault = serde_json::from_slice(&body).map_err(|e| No::bad(-1135, e.to_string()))?;
    let now = host.house.now();
    match &fault.trouble {
        Trouble::Halt { symbol } | Trouble::Resume { symbol } => {
            let halted = matches!(fault.trouble, Trouble::Halt { .. });
            let mut floor = host.house.floor();
            let symbol = rule::resolve(floor.desk.engine().market(), symbol)?;
            floor.desk.act(now, |e| e.halt(&symbol, halted))?;
        }
        Trouble::Clock { ahead_millis } => host.house.set_ahead(*ahead_millis),
        Trouble::DuplicateEvents => host.house.floor().twice += fault.count,
        Trouble::SuppressEvents => host.house.floor().never += fault.count,
        Trouble::DisconnectStreams => host.house.floor().hang_up(),
        _ => {
            if !host.house.faults().add(fault.clone()) {
                return Err(No::bad(-1130, "too many faults wait already"));
            }
        }
    }
    Ok(Json(json!({"fault": fault})))
}

/// Every order there ever was, oldest first: what really happened, whatever was answered.
async fn orders(State(host): State<Host>, headers: HeaderMap) -> Answer {
    admin(&host, &headers)?;
    let floor = host.house.floor();
    let all: Vec<Value> = floor.book.iter().map(show::order).collect();
    Ok(Json(json!({"orders": all})))
}
