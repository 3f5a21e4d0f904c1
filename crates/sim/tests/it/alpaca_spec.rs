//! Every answer against the published specification, read where it lies; skipped with a message when it is absent.

use std::{env, fs, path::PathBuf};

use reqwest::Method;
use serde_json::{Value, json};

use crate::alpaca_fixture::{Alp, PAPER};

fn folder() -> PathBuf {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/specs");
    env::var_os("ORDERCAST_SPECS").map_or_else(|| PathBuf::from(beside), PathBuf::from)
}

fn spec(name: &str) -> Option<Value> {
    let text = fs::read_to_string(folder().join("alpaca").join(name)).ok()?;
    Some(serde_json::from_str(&text).unwrap())
}

fn follow<'a>(spec: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(at) => follow(spec, spec.pointer(at.trim_start_matches('#')).unwrap()),
        None => schema,
    }
}

/// What is wrong with a value: types, enumerations, required fields, `null` where it may be; deep.
fn check(spec: &Value, schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
    let schema = follow(spec, schema);
    for all in schema["allOf"].as_array().into_iter().flatten() {
        check(spec, all, value, at, faults);
    }
    for any in ["anyOf", "oneOf"] {
        let Some(choices) = schema[any].as_array() else {
            continue;
        };
        let fits = choices.iter().any(|choice| {
            let mut own = Vec::new();
            check(spec, choice, value, at, &mut own);
            own.is_empty()
        });
        if !fits {
            faults.push(format!("{at}: fits none of {any}: {value}"));
        }
    }
    let kind = schema["type"].as_str().or_else(|| schema["type"][0].as_str());
    if value.is_null() {
        let list = schema["type"]
            .as_array()
            .is_some_and(|t| t.contains(&json!("null")));
        if kind.is_some() && schema["nullable"] != true && !list {
            faults.push(format!("{at}: null"));
        }
        return;
    }
    let good = match kind {
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("number") => value.is_number(),
        Some("boolean") => value.is_boolean(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        _ => true,
    };
    if !good {
        faults.push(format!("{at}: expected {}, got {value}", schema["type"]));
        return;
    }
    if schema["enum"]
        .as_array()
        .is_some_and(|list| !list.contains(value))
    {
        faults.push(format!("{at}: {value} is none of {}", schema["enum"]));
    }
    for name in schema["required"].as_array().into_iter().flatten() {
        let name = name.as_str().unwrap();
        if value.is_object() && value.get(name).is_none() {
            faults.push(format!("{at}: {name} is missing"));
        }
    }
    for (name, inner) in value.as_object().into_iter().flatten() {
        let own = &schema["properties"][name];
        let rest = &schema["additionalProperties"];
        if own.is_object() {
            check(spec, own, inner, &format!("{at}.{name}"), faults);
        } else if rest.is_object() {
            check(spec, rest, inner, &format!("{at}.{name}"), faults);
        }
    }
    if schema["items"].is_object() {
        for (index, inner) in value.as_array().into_iter().flatten().enumerate() {
            check(spec, &schema["items"], inner, &format!("{at}[{index}]"), faults);
        }
    }
}

/// What the document leaves out and its server answers: coins trade at `CRYPTO`, absent values of an order are `null`,
/// a leg is told with its intent when there is one.
fn known(fault: &str) -> bool {
    (fault.contains(".exchange: \"CRYPTO\""))
        || [".replaced_by: null", ".replaces: null", ".position_intent: null"]
            .iter()
            .any(|end| fault.ends_with(end))
}

#[tokio::test]
async fn answers_are_as_published() {
    let (Some(trading), Some(data)) = (spec("trading-api.json"), spec("market-data-api.json")) else {
        println!("skipped: {} is not there (ORDERCAST_SPECS)", folder().display());
        return;
    };
    let alp = Alp::open().await;
    alp.bought("AAPL", "2").await;
    alp.bought("BTC/USD", "0.01").await;
    let (up, down) = (alp.price("MSFT", 130.0).await, alp.price("MSFT", 70.0).await);
    let bracket = json!({"symbol": "MSFT", "qty": "1", "side": "buy", "type": "market", "time_in_force": "gtc", "order_class": "bracket", "take_profit": {"limit_price": up}, "stop_loss": {"stop_price": down}});
    let entry = alp.placed(bracket).await;
    alp.reaches(&entry, "filled").await;
    let listed = alp
        .get("/v2/options/contracts?underlying_symbols=AAPL&limit=4")
        .await;
    let contract = listed["option_contracts"][0]["symbol"]
        .as_str()
        .unwrap()
        .to_owned();
    alp.bought(&contract, "1").await;
    let resting = json!({"symbol": "F", "qty": "2", "side": "buy", "type": "limit", "limit_price": "1", "time_in_force": "day"});
    let resting = alp.placed(resting).await;
    alp.reaches(&resting, "new").await;
    let id = resting["id"].as_str().unwrap();
    let mut faults = Vec::new();
    let mut judge = |spec: &Value, method: &str, template: &str, asked: &str, value: &Value| {
        let content = &spec["paths"][template][method]["responses"]["200"]["content"]["application/json"];
        assert!(content["schema"].is_object(), "{method} {template}");
        let mut own = Vec::new();
        check(spec, &content["schema"], value, "$", &mut own);
        faults.extend(
            own.into_iter()
                .filter(|f| !known(f))
                .map(|f| format!("{method} {asked}: {f}")),
        );
    };
    judge(&trading, "post", "/v2/orders", "bracket", &entry);
    for (template, path) in [
        ("/v2/account", "/v2/account".to_owned()),
        (
            "/v2/account/activities/{activity_type}",
            "/v2/account/activities/FILL".to_owned(),
        ),
        ("/v2/account/activities", "/v2/account/activities".to_owned()),
        ("/v2/positions", "/v2/positions".to_owned()),
        (
            "/v2/positions/{symbol_or_asset_id}",
            "/v2/positions/AAPL".to_owned(),
        ),
        ("/v2/orders", "/v2/orders?status=all&nested=true".to_owned()),
        ("/v2/orders/{order_id}", format!("/v2/orders/{id}")),
        (
            "/v2/orders:by_client_order_id",
            format!(
                "/v2/orders:by_client_order_id?client_order_id={}",
                resting["client_order_id"].as_str().unwrap()
            ),
        ),
        ("/v2/clock", "/v2/clock".to_owned()),
        (
            "/v2/calendar",
            "/v2/calendar?start=2026-11-23&end=2026-12-31".to_owned(),
        ),
        ("/v2/assets", "/v2/assets".to_owned()),
        (
            "/v2/assets/{symbol_or_asset_id}",
            "/v2/assets/BTC%2FUSD".to_owned(),
        ),
        (
            "/v2/options/contracts",
            "/v2/options/contracts?underlying_symbols=AAPL&limit=20".to_owned(),
        ),
        (
            "/v2/options/contracts/{symbol_or_id}",
            format!("/v2/options/contracts/{contract}"),
        ),
    ] {
        judge(&trading, "get", template, &path, &alp.get(&path).await);
    }
    for (template, path) in [
        (
            "/v2/stocks/quotes/latest",
            "/v2/stocks/quotes/latest?symbols=AAPL,F".to_owned(),
        ),
        (
            "/v2/stocks/trades/latest",
            "/v2/stocks/trades/latest?symbols=AAPL".to_owned(),
        ),
        (
            "/v2/stocks/snapshots",
            "/v2/stocks/snapshots?symbols=AAPL".to_owned(),
        ),
        (
            "/v2/stocks/bars",
            "/v2/stocks/bars?symbols=AAPL&timeframe=1Min".to_owned(),
        ),
        (
            "/v1beta3/crypto/{loc}/latest/quotes",
            "/v1beta3/crypto/us/latest/quotes?symbols=BTC/USD".to_owned(),
        ),
        (
            "/v1beta3/crypto/{loc}/latest/trades",
            "/v1beta3/crypto/us/latest/trades?symbols=BTC/USD".to_owned(),
        ),
        (
            "/v1beta3/crypto/{loc}/snapshots",
            "/v1beta3/crypto/us/snapshots?symbols=BTC/USD".to_owned(),
        ),
        (
            "/v1beta3/crypto/{loc}/bars",
            "/v1beta3/crypto/us/bars?symbols=BTC/USD&timeframe=1Min".to_owned(),
        ),
        (
            "/v1beta1/options/quotes/latest",
            format!("/v1beta1/options/quotes/latest?symbols={contract}"),
        ),
        (
            "/v1beta1/options/snapshots",
            format!("/v1beta1/options/snapshots?symbols={contract}"),
        ),
    ] {
        let value = alp.data(&path).await;
        let inner = value.as_object().unwrap().values().find(|v| v.is_object());
        assert!(
            inner.is_some_and(|map| !map.as_object().unwrap().is_empty()),
            "{path}: {value}"
        );
        judge(&data, "get", template, &path, &value);
    }
    let (_, new) = alp
        .paper(
            Method::PATCH,
            &format!("/v2/orders/{id}"),
            Some(json!({"limit_price": "2"})),
        )
        .await;
    judge(&trading, "patch", "/v2/orders/{order_id}", "replacement", &new);
    assert_eq!(faults, Vec::<String>::new(), "account {}", PAPER.0);
}
