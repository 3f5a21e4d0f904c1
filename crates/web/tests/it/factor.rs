//! The second factor at the door: what is refused without it and how, what a step-up changes, and that the demo's code is
//! the demo's alone.

use std::time::Duration;

use axum::http::{Method, StatusCode, header};
use ordercast_model::{ports::store::Batch, tenant::SystemScope, user::User};
use ordercast_web::WebConfig;
use serde_json::{Value, json};

use crate::house::{Answer, Ask, Browser, House, config};

const LIMITS: &str = "/api/v1/risk/limits";
const STEP: &str = "/api/v1/auth/step-up";

async fn step(house: &House, who: &Browser, code: &str) -> Answer {
    house
        .ask(Some(who), Ask::post(STEP, json!({ "code": code })))
        .await
}

async fn put(house: &House, who: &Browser, change: impl FnOnce(&mut Value)) -> Answer {
    let shown = house.get(who, LIMITS).await;
    let version = shown.json()["version"].to_string();
    let mut body = shown.json()["limits"].clone();
    change(&mut body);
    let ask = Ask::new(Method::PUT, LIMITS, Some(body)).with("if-match", &version);
    house.ask(Some(who), ask).await
}

#[tokio::test]
async fn what_loosens_says_which_factor_it_needs() {
    let house = House::new().await;
    let mut own = house.login(1).await;
    let user = || User {
        demo: true,
        ..ordercast_testkit::sample::person::user(1)
    };
    for expected in ["not_enrolled", "step_up"] {
        let asks = [
            Ask::new(
                Method::DELETE,
                "/api/v1/risk/kill",
                Some(json!({ "confirm": "RESUME" })),
            ),
            Ask::new(Method::DELETE, "/api/v1/auth/totp", None),
            Ask::new(Method::POST, "/api/v1/auth/recovery-codes", None),
        ];
        let mut answers = Vec::new();
        for ask in asks {
            answers.push(house.ask(Some(&own), ask).await);
        }
        answers.push(put(&house, &own, |l| l["position_pct"] = json!("20")).await);
        for answer in answers {
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.text);
            assert_eq!(answer.code(), "step_up_required");
            assert_eq!(answer.json()["errors"][0]["code"], expected);
        }
        ordercast_app::identity::factor::enrol_demo(&house.ctx, &user())
            .await
            .unwrap();
    }
    let shown = house.get(&own, LIMITS).await.json();
    assert_eq!(shown["version"], 0, "nothing was changed");
    house.step_up(&mut own).await;
    let set = put(&house, &own, |l| l["position_pct"] = json!("20"))
        .await
        .json();
    assert_eq!(set["limits"]["position_pct"], "10");
    let pending = &set["pending"][0];
    assert_eq!(
        [&pending["limit"], &pending["from"], &pending["to"]],
        [&json!("position_pct"), &json!("10"), &json!("20")]
    );
    house.clock.advance(Duration::from_secs(600)).await;
    let later = house.get(&own, LIMITS).await.json();
    assert_eq!(
        (&later["limits"]["position_pct"], &later["pending"]),
        (&json!("20"), &json!([]))
    );
    let late = put(&house, &own, |l| l["position_pct"] = json!("30")).await;
    assert_eq!(late.code(), "step_up_required", "ten minutes are over");
}

#[tokio::test]
async fn what_is_pending_is_taken_back_without_a_factor() {
    let house = House::new().await;
    let mut own = house.login(1).await;
    house.step_up(&mut own).await;
    put(&house, &own, |l| {
        l["drift_pct"]["equity"] = json!("3");
        l["deny_symbols"] = json!(["GME"]);
    })
    .await;
    house.clock.advance(Duration::from_secs(599)).await;
    let back = |limit: &str| format!("{LIMITS}/pending/{limit}");
    let gone = house
        .ask(
            Some(&own),
            Ask::new(Method::DELETE, &back("drift_pct.equity"), None),
        )
        .await;
    assert_eq!(gone.json()["pending"], json!([]), "{}", gone.text);
    assert_eq!(gone.json()["limits"]["deny_symbols"], json!(["GME"]));
    let other = house.login(2).await;
    for (who, limit) in [
        (&own, "drift_pct.equity"),
        (&own, "x"),
        (&other, "drift_pct.equity"),
    ] {
        let answer = house
            .ask(Some(who), Ask::new(Method::DELETE, &back(limit), None))
            .await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn id_02_the_cookie_is_new_the_token_stays_and_the_old_one_works_for_a_minute() {
    let house = House::new().await;
    let mut own = house.login(1).await;
    let old = own.clone();
    let answer = house.step_up(&mut own).await;
    assert_ne!(own.cookie, old.cookie);
    assert!(
        !answer.text.contains(own.cookie.split('=').nth(1).unwrap()),
        "in the cookie alone"
    );
    assert_eq!(
        house.get(&own, "/api/v1/auth/csrf").await.json()["token"],
        old.csrf
    );
    assert_eq!(house.get(&old, "/api/v1/me").await.status, StatusCode::OK);
    let standing = house.get(&own, "/api/v1/auth/totp").await.json();
    assert_eq!(standing["enrolled"], true);
    assert!(standing["stepped_up_until"].is_string(), "{standing}");
    house.clock.advance(Duration::from_secs(60)).await;
    assert_eq!(
        house.get(&old, "/api/v1/me").await.status,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(
        house.get(&own, "/api/v1/me").await.status,
        StatusCode::UNAUTHORIZED,
        "a copy of the old one is about: all sessions end"
    );
}

#[tokio::test]
async fn five_wrong_codes_are_423_with_the_seconds_to_wait() {
    let house = House::new().await;
    let mut own = house.login(1).await;
    assert_eq!(
        step(&house, &own, "123456").await.code(),
        "step_up_required",
        "nothing is enrolled"
    );
    house.step_up(&mut own).await;
    for left in [4, 3, 2, 1] {
        let wrong = step(&house, &own, "no code").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wrong.text);
        assert_eq!(wrong.json()["errors"][0]["field"], "code");
        assert!(
            wrong.text.contains(&format!("{left} tries left")),
            "{}",
            wrong.text
        );
    }
    let locked = step(&house, &own, "no code").await;
    assert_eq!(
        (locked.status, locked.code().as_str()),
        (StatusCode::LOCKED, "locked")
    );
    assert_eq!(locked.headers[header::RETRY_AFTER], "900");
    house.chain().await;
    let all = house.get(&own, "/api/v1/journal?kind=stepup.failed").await.json();
    assert_eq!(all["items"].as_array().unwrap().len(), 5);
}

#[tokio::test]
async fn an_authenticator_is_offered_with_its_picture_and_needs_its_code() {
    let house = House::new().await;
    let own = house.login(1).await;
    let begin = || Ask::new(Method::POST, "/api/v1/auth/totp", None);
    let offer = house.ask(Some(&own), begin()).await;
    assert_eq!(offer.status, StatusCode::CREATED, "{}", offer.text);
    assert_eq!(offer.headers[header::CACHE_CONTROL], "no-store");
    let offer = offer.json();
    let secret = offer["secret"].as_str().unwrap();
    assert_eq!(secret.len(), 32, "160 bit in base 32");
    assert!(offer["uri"].as_str().unwrap().contains(secret));
    assert!(offer["qr"]["path"].as_str().unwrap().starts_with("M4 4h1v1h-1z"));
    let confirm = Ask::post("/api/v1/auth/totp/confirm", json!({ "code": "0" }));
    let wrong = house.ask(Some(&own), confirm).await;
    assert_eq!(wrong.json()["errors"][0]["field"], "code", "{}", wrong.text);
    let standing = house.get(&own, "/api/v1/auth/totp").await;
    assert_eq!(standing.json()["enrolled"], false);
    assert!(!standing.text.contains(secret));
    house.chain().await;
    let told = house.get(&own, "/api/v1/journal?kind=totp.changed").await;
    assert!(
        told.text.contains("offered") && !told.text.contains(secret),
        "{}",
        told.text
    );
}

#[tokio::test]
async fn the_demo_s_code_exists_in_the_demo_alone() {
    let path = "/api/v1/auth/demo/code";
    let house = House::new().await;
    let own = house.login(1).await;
    assert_eq!(
        house.get(&own, path).await.status,
        StatusCode::NOT_FOUND,
        "not enrolled"
    );
    let stranger = house.ask(None, Ask::get(path)).await;
    assert_eq!(stranger.status, StatusCode::UNAUTHORIZED);
    let settings = WebConfig {
        demo: None,
        ..config()
    };
    let real = House::with(settings, Vec::new()).await;
    let answer = real.ask(None, Ask::get(path)).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn rk_31_the_platform_is_stopped_and_started_with_a_factor_and_a_reason() {
    let house = House::new().await;
    let mut own = house.login(1).await;
    let admin = User {
        demo: true,
        platform_admin: true,
        discord_id: Some("1".to_owned()),
        version: 2,
        ..ordercast_testkit::sample::person::user(1)
    };
    let mut batch = Batch::new();
    batch.update(admin);
    let system = SystemScope::housekeeping("the ground of a test");
    house.ctx.commit(system, batch).await.unwrap();
    let body = |reason: &str| json!({ "scope": "platform", "confirm": "RESUME", "reason": reason });
    for path in ["/api/v1/risk/kill", "/api/v1/risk/pause"] {
        let bare = house.ask(Some(&own), Ask::post(path, body("x"))).await;
        assert_eq!(bare.code(), "step_up_required", "{path}");
    }
    house.step_up(&mut own).await;
    let kill = house
        .ask(Some(&own), Ask::post("/api/v1/risk/kill", body("drill")))
        .await;
    assert_eq!(kill.json()["on"], true, "{}", kill.text);
    let lift = |reason: &str| Ask::new(Method::DELETE, "/api/v1/risk/kill", Some(body(reason)));
    let silent = house.ask(Some(&own), lift("")).await;
    assert_eq!(silent.json()["errors"][0]["field"], "reason", "{}", silent.text);
    assert_eq!(house.ask(Some(&own), lift("over")).await.json()["on"], false);
}
