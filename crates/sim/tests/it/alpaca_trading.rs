//! Orders by Alpaca's protocol: who may come in, what is refused and how, what becomes of what is accepted.

use ordercast_sim::market::calendar::Calendar;
use reqwest::Method;
use serde_json::{Value, json};

use crate::alpaca_fixture::{Alp, LIVE, PAPER, config, until};

fn order(changes: Value) -> Value {
    let mut order =
        json!({"symbol": "AAPL", "qty": "1", "side": "buy", "type": "market", "time_in_force": "day"});
    let map = order.as_object_mut().unwrap();
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            map.remove(name);
        } else {
            map.insert(name.clone(), value.clone());
        }
    }
    order
}

#[tokio::test]
async fn keys_open_their_own_host_only() {
    let alp = Alp::open().await;
    let (paper, live, data) = (
        alp.server.paper_url(),
        alp.server.live_url(),
        alp.server.data_url(),
    );
    for (base, path, keys, status) in [
        (&paper, "/v2/account", PAPER, 200),
        (&live, "/v2/account", LIVE, 200),
        (&paper, "/v2/account", LIVE, 401),
        (&live, "/v2/account", PAPER, 401),
        (&paper, "/v2/account", (PAPER.0, LIVE.1), 401),
        (&data, "/v2/stocks/quotes/latest?symbols=AAPL", PAPER, 200),
        (&data, "/v2/stocks/quotes/latest?symbols=AAPL", LIVE, 200),
        (
            &data,
            "/v2/stocks/quotes/latest?symbols=AAPL",
            ("nobody", "nothing"),
            401,
        ),
    ] {
        let request = alp.http.get(format!("{base}{path}"));
        let request = request
            .header("APCA-API-KEY-ID", keys.0)
            .header("APCA-API-SECRET-KEY", keys.1);
        assert_eq!(
            request.send().await.unwrap().status(),
            status,
            "{base}{path} {keys:?}"
        );
    }
    let none = alp.http.get(format!("{paper}/v2/orders")).send().await.unwrap();
    assert_eq!(none.status(), 401);
}

#[tokio::test]
async fn an_order_fills_and_shows_everywhere() {
    let alp = Alp::open().await;
    let sent = alp
        .placed(order(json!({"qty": 2, "client_order_id": "first"})))
        .await;
    assert_eq!(
        (&sent["status"], &sent["filled_qty"]),
        (&json!("pending_new"), &json!("0"))
    );
    let done = alp.reaches(&sent, "filled").await;
    assert_eq!((&done["qty"], &done["filled_qty"]), (&json!("2"), &json!("2")));
    let by_client = alp
        .get("/v2/orders:by_client_order_id?client_order_id=first")
        .await;
    assert_eq!(by_client["id"], sent["id"]);
    let fills = alp.get("/v2/account/activities/FILL").await;
    assert_eq!(fills[0]["order_id"], sent["id"]);
    assert_eq!(
        (&fills[0]["cum_qty"], &fills[0]["leaves_qty"]),
        (&json!("2"), &json!("0"))
    );
    assert_eq!(fills[0]["price"], done["filled_avg_price"]);
    let held = alp.get("/v2/positions").await;
    assert_eq!(
        (&held[0]["symbol"], &held[0]["qty"], &held[0]["qty_available"]),
        (&json!("AAPL"), &json!("2"), &json!("2"))
    );
    let account = alp.get("/v2/account").await;
    let cash: f64 = account["cash"].as_str().unwrap().parse().unwrap();
    let paid: f64 = done["filled_avg_price"].as_str().unwrap().parse::<f64>().unwrap() * 2.0;
    assert!((cash + paid - 100_000.0).abs() < 0.001, "{cash} {paid}");
    assert_eq!(alp.get("/v2/orders").await, json!([]));
    assert_eq!(
        alp.get("/v2/orders?status=closed&symbols=AAPL").await[0]["id"],
        sent["id"]
    );
}

#[tokio::test]
async fn what_is_refused_has_their_status_and_code() {
    let alp = Alp::open().await;
    alp.placed(order(
        json!({"type": "limit", "limit_price": "1", "client_order_id": "taken"}),
    ))
    .await;
    alp.bought("MSFT", "3").await;
    alp.placed(order(
        json!({"symbol": "MSFT", "qty": "2", "side": "sell", "type": "limit", "limit_price": "9000"}),
    ))
    .await;
    for (changes, status, code, words) in [
        (
            json!({"client_order_id": "taken"}),
            422,
            40_010_001,
            "client_order_id must be unique",
        ),
        (
            json!({"client_order_id": "x".repeat(129)}),
            422,
            40_010_001,
            "no more than 128",
        ),
        (
            json!({"symbol": "XYZQ"}),
            422,
            42_210_000,
            "asset \"XYZQ\" not found",
        ),
        (json!({"symbol": "BTC"}), 422, 42_210_000, "not found"),
        (
            json!({"qty": "100000"}),
            403,
            40_310_000,
            "insufficient buying power",
        ),
        (json!({"qty": "0"}), 422, 40_010_001, "qty must be > 0"),
        (
            json!({"qty": null}),
            422,
            40_010_001,
            "qty or notional is required",
        ),
        (
            json!({"notional": "5"}),
            422,
            40_010_001,
            "only one of qty or notional",
        ),
        (
            json!({"type": "limit"}),
            422,
            40_010_001,
            "limit orders require limit price",
        ),
        (
            json!({"type": "limit", "limit_price": "1.001"}),
            422,
            42_210_000,
            "sub-penny",
        ),
        (
            json!({"qty": "1.5", "time_in_force": "gtc"}),
            422,
            42_210_000,
            "fractional orders must be DAY",
        ),
        (
            json!({"qty": "1.5", "type": "limit", "limit_price": "1"}),
            422,
            42_210_000,
            "must be market",
        ),
        (json!({"extended_hours": true}), 422, 42_210_000, "extended hours"),
        (
            json!({"side": "sell", "symbol": "TSLA"}),
            403,
            40_310_000,
            "not allowed to short",
        ),
        (
            json!({"side": "sell", "symbol": "MSFT", "qty": "2"}),
            403,
            40_310_000,
            "(requested: 2, available: 1)",
        ),
        (
            json!({"side": "buy", "symbol": "MSFT"}),
            403,
            40_310_000,
            "potential wash trade",
        ),
        (
            json!({"symbol": "BTC/USD", "qty": "0.1"}),
            422,
            42_210_000,
            "crypto time_in_force",
        ),
        (
            json!({"symbol": "BTC/USD", "qty": "1", "side": "sell", "time_in_force": "gtc"}),
            403,
            40_310_000,
            "insufficient balance for BTC",
        ),
        (
            json!({"order_class": "bracket"}),
            422,
            40_010_001,
            "bracket orders require",
        ),
        (json!({"symbol": "SPX"}), 422, 42_210_000, "not tradable"),
    ] {
        let (got, body) = alp.post(order(changes.clone())).await;
        assert_eq!(
            (got.as_u16(), body["code"].as_u64()),
            (status, Some(code)),
            "{changes}: {body}"
        );
        assert!(
            body["message"].as_str().unwrap().contains(words),
            "{changes}: {body}"
        );
    }
    let (status, body) = alp.paper(Method::GET, "/v2/orders/none", None).await;
    assert_eq!((status.as_u16(), &body["code"]), (404, &json!(40_410_000)));
}

#[tokio::test]
async fn an_order_is_cancelled_once() {
    let alp = Alp::open().await;
    let resting = alp
        .placed(order(json!({"type": "limit", "limit_price": "1"})))
        .await;
    alp.reaches(&resting, "new").await;
    let path = format!("/v2/orders/{}", resting["id"].as_str().unwrap());
    let (status, _) = alp.paper(Method::DELETE, &path, None).await;
    assert_eq!(status, 204);
    let done = alp.reaches(&resting, "canceled").await;
    assert!(done["canceled_at"].is_string());
    let (status, body) = alp.paper(Method::DELETE, &path, None).await;
    assert_eq!((status.as_u16(), &body["code"]), (422, &json!(42_210_000)));
}

#[tokio::test]
async fn a_replacement_is_another_order() {
    let alp = Alp::open().await;
    // Of a market that does not trade an order stays `accepted`, and cannot be replaced.
    alp.fault(json!({"kind": "halt", "symbol": "AAPL"})).await;
    let old = alp
        .placed(order(json!({"type": "limit", "limit_price": "1", "qty": "5"})))
        .await;
    let path = format!("/v2/orders/{}", old["id"].as_str().unwrap());
    let (status, body) = alp.paper(Method::PATCH, &path, Some(json!({"qty": "3"}))).await;
    assert_eq!(
        (status.as_u16(), &old["status"]),
        (422, &json!("accepted")),
        "{body}"
    );
    alp.fault(json!({"kind": "resume", "symbol": "AAPL"})).await;
    alp.reaches(&old, "new").await;
    let body = json!({"limit_price": "2", "qty": "3", "client_order_id": "second"});
    let (status, new) = alp.paper(Method::PATCH, &path, Some(body)).await;
    assert_eq!(status, 200, "{new}");
    assert_eq!(
        (&new["replaces"], &new["client_order_id"]),
        (&old["id"], &json!("second"))
    );
    let gone = alp.reaches(&old, "replaced").await;
    assert_eq!(gone["replaced_by"], new["id"]);
    let new = alp.reaches(&new, "new").await;
    assert_eq!((&new["qty"], &new["limit_price"]), (&json!("3"), &json!("2")));
    assert_eq!(
        alp.get("/v2/orders?status=open").await.as_array().unwrap().len(),
        1
    );
}

#[tokio::test]
async fn legs_wait_for_their_entry_and_for_each_other() {
    let alp = Alp::open().await;
    let (up, down) = (alp.price("AAPL", 130.0).await, alp.price("AAPL", 70.0).await);
    let bracket = json!({"order_class": "bracket", "qty": "4", "time_in_force": "gtc", "take_profit": {"limit_price": up}, "stop_loss": {"stop_price": down}});
    let entry = alp.placed(order(bracket)).await;
    assert_eq!(
        (&entry["legs"][0]["status"], &entry["legs"][1]["status"]),
        (&json!("held"), &json!("held"))
    );
    alp.reaches(&entry, "filled").await;
    alp.reaches(&entry["legs"][0], "new").await;
    assert_eq!(
        alp.order(entry["legs"][1]["id"].as_str().unwrap()).await["status"],
        "held"
    );
    // All of it is spoken for by the pair.
    let (status, body) = alp.post(order(json!({"side": "sell", "qty": "1"}))).await;
    assert_eq!((status.as_u16(), &body["available"]), (403, &json!("0")));
    let path = format!("/v2/orders/{}", entry["legs"][0]["id"].as_str().unwrap());
    assert_eq!(alp.paper(Method::DELETE, &path, None).await.0, 204);
    alp.reaches(&entry["legs"][0], "canceled").await;
    alp.reaches(&entry["legs"][1], "canceled").await;
    // A pair on what is held: its stop is reached at once, and the target goes with it.
    let above = alp.price("AAPL", 103.0).await;
    let oco = json!({"order_class": "oco", "side": "sell", "qty": "4", "type": "limit", "time_in_force": "gtc", "take_profit": {"limit_price": up}, "stop_loss": {"stop_price": above}});
    let pair = alp.placed(order(oco)).await;
    assert_eq!(
        (&pair["type"], &pair["legs"][0]["type"]),
        (&json!("limit"), &json!("stop"))
    );
    alp.reaches(&pair["legs"][0], "filled").await;
    alp.reaches(&pair, "canceled").await;
    assert_eq!(alp.get("/v2/positions").await, json!([]));
}

#[tokio::test]
async fn an_entry_that_is_cancelled_takes_its_legs_along() {
    let alp = Alp::open().await;
    let oto =
        json!({"order_class": "oto", "type": "limit", "limit_price": "10", "stop_loss": {"stop_price": "5"}});
    let entry = alp.placed(order(oto)).await;
    let path = format!("/v2/orders/{}", entry["id"].as_str().unwrap());
    assert_eq!(
        alp.get("/v2/orders?nested=true").await[0]["legs"][0]["status"],
        "held"
    );
    assert_eq!(alp.get("/v2/orders").await.as_array().unwrap().len(), 2);
    alp.paper(Method::DELETE, &path, None).await;
    alp.reaches(&entry, "canceled").await;
    alp.reaches(&entry["legs"][0], "canceled").await;
}

#[tokio::test]
async fn coins_options_and_amounts_trade_by_their_own_rules() {
    let alp = Alp::open().await;
    let coin = alp.bought("BTC/USD", "0.01").await;
    assert_eq!(
        (&coin["symbol"], &coin["asset_class"]),
        (&json!("BTC/USD"), &json!("crypto"))
    );
    assert_eq!(alp.get("/v2/positions/BTCUSD").await["symbol"], "BTCUSD");
    let listed = alp
        .get("/v2/options/contracts?underlying_symbols=AAPL&type=call&limit=3")
        .await;
    let contract = listed["option_contracts"][0]["symbol"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        alp.get(&format!("/v2/options/contracts/{contract}")).await["symbol"],
        json!(contract)
    );
    let option = alp.bought(&contract, "1").await;
    assert_eq!(
        (&option["symbol"], &option["order_class"]),
        (&json!(contract), &json!("simple"))
    );
    let (status, _) = alp
        .post(order(json!({"symbol": contract, "time_in_force": "gtc"})))
        .await;
    assert_eq!(status, 422);
    let amount = alp.placed(order(json!({"qty": null, "notional": "500"}))).await;
    assert_eq!(
        (&amount["qty"], &amount["notional"]),
        (&Value::Null, &json!("500"))
    );
    let done = alp.reaches(&amount, "filled").await;
    assert!(done["filled_qty"].as_str().unwrap().contains('.'), "{done}");
    for spelling in ["BTC/USD", "BTC%2FUSD", "BTCUSD"] {
        assert_eq!(
            alp.get(&format!("/v2/assets/{spelling}")).await["symbol"],
            "BTC/USD"
        );
    }
}

#[tokio::test]
async fn fills_are_paged_both_ways() {
    let alp = Alp::open().await;
    for _ in 0..5 {
        alp.bought("F", "1").await;
    }
    for direction in ["asc", "desc"] {
        let (mut seen, mut token) = (Vec::new(), String::new());
        loop {
            let path =
                format!("/v2/account/activities/FILL?direction={direction}&page_size=2&page_token={token}");
            let page = alp.get(&path).await;
            let Some(last) = page.as_array().unwrap().last() else {
                break;
            };
            last["id"].as_str().unwrap().clone_into(&mut token);
            seen.extend(
                page.as_array()
                    .unwrap()
                    .iter()
                    .map(|a| a["id"].as_str().unwrap().to_owned()),
            );
        }
        let mut sorted = seen.clone();
        sorted.sort();
        sorted.dedup();
        if direction == "desc" {
            sorted.reverse();
        }
        assert_eq!((seen.len(), &seen), (5, &sorted));
    }
    assert_eq!(
        alp.paper(Method::GET, "/v2/account/activities/FILL?page_size=101", None)
            .await
            .0,
        422
    );
}

#[tokio::test]
async fn an_account_has_so_many_requests_a_minute() {
    let mut few = config();
    few.rate_per_minute = 3;
    let alp = Alp::with(few).await;
    let mut last = None;
    // A minute may end in between: more than twice the allowance never fits.
    for _ in 0..8 {
        let request = alp.request(Method::GET, &alp.server.paper_url(), "/v2/clock");
        let answer = request.send().await.unwrap();
        assert_eq!(answer.headers()["X-RateLimit-Limit"], "3");
        if answer.status() == 429 {
            last = Some(answer);
            break;
        }
    }
    let answer = last.unwrap();
    assert_eq!(answer.headers()["X-RateLimit-Remaining"], "0");
    let wait: i64 = answer.headers()["Retry-After"].to_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait));
    assert_eq!(answer.json::<Value>().await.unwrap()["code"], 42_910_000);
}

#[tokio::test]
async fn a_session_ends_its_orders_and_those_of_a_closed_market_wait() {
    let mut short = config();
    short.calendar = Calendar {
        open_seconds: 20,
        closed_seconds: 20,
        exchange: false,
    };
    short.speed = 10.0;
    let alp = Alp::with(short).await;
    let resting = alp
        .placed(order(json!({"type": "limit", "limit_price": "1"})))
        .await;
    let lasting = json!({"type": "limit", "limit_price": "1", "time_in_force": "gtc"});
    let lasting = alp.placed(order(lasting)).await;
    let done = alp.reaches(&resting, "expired").await;
    assert!(done["expired_at"].is_string());
    until("the market is closed", async || {
        let clock = alp.get("/v2/clock").await;
        (clock["is_open"] == false).then_some(())
    })
    .await;
    let waiting = alp.placed(order(json!({}))).await;
    alp.reaches(&waiting, "filled").await;
    assert_eq!(alp.order(lasting["id"].as_str().unwrap()).await["status"], "new");
}

#[tokio::test]
async fn a_trailing_stop_follows_and_its_distance_can_be_replaced() {
    let alp = Alp::open().await;
    alp.bought("AAPL", "2").await;
    let trail = json!({"side": "sell", "qty": "2", "type": "trailing_stop", "trail_percent": "20", "time_in_force": "gtc"});
    let old = alp.placed(order(trail)).await;
    let old = alp.reaches(&old, "new").await;
    assert!(old["hwm"].is_string() && old["stop_price"].is_string(), "{old}");
    let path = format!("/v2/orders/{}", old["id"].as_str().unwrap());
    let (status, new) = alp
        .paper(Method::PATCH, &path, Some(json!({"trail": "30"})))
        .await;
    assert_eq!(status, 200, "{new}");
    alp.reaches(&old, "replaced").await;
    let new = alp.reaches(&new, "new").await;
    assert_eq!((&new["trail_percent"], &new["qty"]), (&json!("30"), &json!("2")));
    let held = alp.get("/v2/positions/AAPL").await;
    assert_eq!(held["qty_available"], "0");
}
