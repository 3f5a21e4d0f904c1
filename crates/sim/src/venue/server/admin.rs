//! Decides what the admin key may do: open accounts, read the whole ledger, make trouble.

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::HeaderMap,
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::venue::{
    config::OPENING_CASH,
    desk::Told,
    fault::{FAULT_COUNT_MAX, Fault, Trouble},
    refusal::{Code, Refusal},
    server::{
        answer::{Answer, created, ok},
        door::House,
        wire,
    },
};

/// The admin's routes.
pub fn routes() -> Router<House> {
    Router::new()
        .route("/v1/accounts", post(open).get(list))
        .route("/v1/ledger", get(ledger))
        .route(
            "/sim/faults",
            post(add_fault).get(list_faults).delete(clear_faults),
        )
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AccountBody {
    name: String,
    cash: Option<String>,
    #[serde(default)]
    shorting: bool,
    key: Option<String>,
}

async fn open(State(house): State<House>, headers: HeaderMap, bytes: Bytes) -> Answer {
    house.admin(&headers)?;
    let body: AccountBody = wire::body(&bytes)?;
    let cash = body
        .cash
        .as_deref()
        .map_or(Ok(OPENING_CASH), |c| wire::decimal("cash", c))?;
    let now = house.now();
    let (account, key, fresh) =
        house
            .desk()
            .open_account(now, &body.name, cash, body.shorting, body.key.as_deref())?;
    let value = json!({
        "account": account.id,
        "key": key,
        "name": account.name,
        "cash": account.cash.normalize().to_string(),
        "currency": "USD",
    });
    if fresh { created(value) } else { ok(value) }
}

async fn list(State(house): State<House>, headers: HeaderMap) -> Answer {
    house.admin(&headers)?;
    let now = house.now();
    let rows = house.desk().act(now, |engine| {
        let accounts: Vec<_> = engine.state().accounts.values().cloned().collect();
        let rows = accounts
            .iter()
            .map(|a| Ok(wire::account(a, &engine.funds(&a.id)?, now)));
        rows.collect::<Result<Vec<Value>, Refusal>>()
    })?;
    ok(json!({"accounts": rows}))
}

async fn ledger(State(house): State<House>, headers: HeaderMap) -> Answer {
    house.admin(&headers)?;
    let now = house.now();
    let rows = house.desk().act(now, |engine| {
        let accounts: Vec<_> = engine.state().accounts.values().cloned().collect();
        let mut rows = Vec::new();
        for account in accounts {
            let funds = engine.funds(&account.id)?;
            let positions = wire::positions(&account, |symbol, long| engine.price_of(symbol, long));
            let state = engine.state();
            let orders = state.orders.values().filter(|o| o.account == account.id);
            let fills = state.fills_after(&account.id, 0, usize::MAX);
            rows.push(json!({
                "account": wire::account(&account, &funds, now),
                "opening_cash": account.opening_cash.normalize().to_string(),
                "positions": positions,
                "orders": orders.map(wire::order).collect::<Vec<_>>(),
                "fills": fills.iter().map(wire::fill).collect::<Vec<_>>(),
            }));
        }
        Ok(rows)
    })?;
    ok(json!({"at": now, "accounts": rows}))
}

async fn add_fault(State(house): State<House>, headers: HeaderMap, bytes: Bytes) -> Answer {
    house.admin(&headers)?;
    let fault: Fault = wire::body(&bytes)?;
    let now = house.now();
    match &fault.trouble {
        Trouble::Halt { symbol } | Trouble::Resume { symbol } => {
            let halted = matches!(fault.trouble, Trouble::Halt { .. });
            house.desk().act(now, |engine| {
                let symbol = engine.market().resolve(symbol)?;
                engine.halt(&symbol, halted)
            })?;
        }
        Trouble::DuplicateEvents => house.desk().distortion.twice = fault.count,
        Trouble::SuppressEvents => house.desk().distortion.never = fault.count,
        Trouble::DisconnectStreams => {
            // Nobody listening is no error.
            let _ = house.desk().feed().send(Told::HangUp(fault.account.clone()));
        }
        _ => {
            let text = format!("at most {FAULT_COUNT_MAX} faults wait at once");
            let waiting = house
                .faults()
                .add(fault)
                .ok_or_else(|| Refusal::new(Code::Malformed, text))?;
            return created(json!(waiting));
        }
    }
    created(json!({"id": 0, "done": true}))
}

async fn list_faults(State(house): State<House>, headers: HeaderMap) -> Answer {
    house.admin(&headers)?;
    ok(json!({"faults": house.faults().list()}))
}

async fn clear_faults(State(house): State<House>, headers: HeaderMap) -> Answer {
    house.admin(&headers)?;
    house.faults().clear();
    house.desk().distortion = crate::venue::desk::Distortion::default();
    house.cleared.notify_waiters();
    ok(json!({"faults": []}))
}
