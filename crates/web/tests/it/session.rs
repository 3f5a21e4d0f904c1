//! How a session begins, is kept from other sites, and ends.

use std::time::Duration;

use axum::http::{Method, StatusCode, header};
use ordercast_app::identity;
use ordercast_testkit::sample::person;
use ordercast_web::WebConfig;
use serde_json::json;

use crate::house::{Ask, House, ORIGIN, config};

const NAME: &str = "/api/v1/me";

#[tokio::test]
async fn writes_need_the_token_and_our_origin() {
    let house = House::new().await;
    let own = house.login(1).await;
    let other = house.login(2).await;
    let rename = || Ask::new(Method::PATCH, NAME, Some(json!({ "name": "Ada" })));
    let bare = |headers: Vec<(&'static str, String)>| {
        let mut request = axum::http::Request::builder()
            .method(Method::PATCH)
            .uri(NAME)
            .header(header::COOKIE, &own.cookie)
            .header(header::CONTENT_TYPE, "application/json");
        for (name, value) in headers {
            request = request.header(name, value);
        }
        house.send(request.body(r#"{"name":"Eve"}"#.into()).unwrap())
    };
    for (what, headers) in [
        ("no token", vec![("origin", ORIGIN.to_owned())]),
        (
            "another session's token",
            vec![
                ("origin", ORIGIN.to_owned()),
                ("x-csrf-token", other.csrf.clone()),
            ],
        ),
        (
            "another site",
            vec![
                ("origin", "https://evil.example".to_owned()),
                ("x-csrf-token", own.csrf.clone()),
            ],
        ),
        (
            "a page without origin",
            vec![
                ("sec-fetch-site", "cross-site".to_owned()),
                ("x-csrf-token", own.csrf.clone()),
            ],
        ),
    ] {
        let answer = bare(headers).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (StatusCode::FORBIDDEN, "csrf"),
            "{what}"
        );
    }
    let answer = house.ask(Some(&own), rename()).await;
    assert_eq!(answer.json()["user"]["name"], "Ada", "{}", answer.text);
}

#[tokio::test]
async fn the_cookie_is_out_of_reach_of_scripts() {
    for (secure, name) in [(false, "oc_session="), (true, "__Host-oc_session=")] {
        let settings = WebConfig { secure, ..config() };
        let house = House::with(settings, Vec::new()).await;
        let ticket = identity::issue_ticket(&house.ctx, person::user(1).id)
            .await
            .unwrap();
        let body = json!({ "ticket": ticket.expose() });
        let answer = house.ask(None, Ask::post("/api/v1/auth/demo", body)).await;
        let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap().to_owned();
        assert!(cookie.starts_with(name), "{cookie}");
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"));
        assert_eq!(cookie.contains("Secure"), secure);
        assert_eq!(
            answer.headers.contains_key(header::STRICT_TRANSPORT_SECURITY),
            secure
        );
    }
}

#[tokio::test]
async fn a_ticket_works_once_and_not_for_ever() {
    let house = House::new().await;
    let ticket = || identity::issue_ticket(&house.ctx, person::user(1).id);
    let used = ticket().await.unwrap();
    let path = format!("/demo/login?ticket={}", used.expose());
    let first = house.ask(None, Ask::get(&path)).await;
    assert_eq!(first.status, StatusCode::SEE_OTHER);
    assert_eq!(first.headers[header::LOCATION], "/");
    assert!(first.headers.contains_key(header::SET_COOKIE));
    let again = house.ask(None, Ask::get(&path)).await;
    assert_eq!(again.status, StatusCode::GONE);
    assert!(again.text.contains("used before"), "{}", again.text);
    let old = ticket().await.unwrap();
    house.clock.advance(identity::TICKET_LIFE).await;
    let late = house
        .ask(
            None,
            Ask::post("/api/v1/auth/demo", json!({ "ticket": old.expose() })),
        )
        .await;
    assert_eq!((late.status, late.code().as_str()), (StatusCode::GONE, "gone"));
    let unknown = house
        .ask(None, Ask::post("/api/v1/auth/demo", json!({ "ticket": "x" })))
        .await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn without_the_demo_its_login_does_not_exist() {
    let settings = WebConfig {
        demo: None,
        ..config()
    };
    let house = House::with(settings, Vec::new()).await;
    let ticket = identity::issue_ticket(&house.ctx, person::user(1).id)
        .await
        .unwrap();
    let answer = house
        .ask(
            None,
            Ask::post("/api/v1/auth/demo", json!({ "ticket": ticket.expose() })),
        )
        .await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    let link = house
        .ask(None, Ask::get(&format!("/demo/login?ticket={}", ticket.expose())))
        .await;
    assert!(!link.headers.contains_key(header::SET_COOKIE));
    let document = house.ask(None, Ask::get("/api/v1/openapi.json")).await.json();
    assert!(document["paths"].get("/api/v1/auth/demo").is_none());
}

#[tokio::test]
async fn a_session_ends_by_logout_by_idleness_and_by_age() {
    let house = House::new().await;
    let me = "/api/v1/auth/me";
    let (first, second) = (house.login(1).await, house.login(1).await);
    let sessions = house.get(&first, "/api/v1/auth/sessions").await.json();
    assert_eq!(sessions["items"].as_array().unwrap().len(), 2);
    let answer = house
        .ask(Some(&first), Ask::new(Method::POST, "/api/v1/auth/logout", None))
        .await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text);
    assert!(
        answer.headers[header::SET_COOKIE]
            .to_str()
            .unwrap()
            .contains("Max-Age=0")
    );
    assert_eq!(house.get(&first, me).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(house.get(&second, me).await.status, StatusCode::OK);
    let day = Duration::from_secs(86_400);
    house.clock.advance(6 * day).await;
    assert_eq!(
        house.get(&second, me).await.status,
        StatusCode::OK,
        "used within a week"
    );
    house.clock.advance(7 * day).await;
    assert_eq!(
        house.get(&second, me).await.status,
        StatusCode::UNAUTHORIZED,
        "a week unused"
    );
    let third = house.login(1).await;
    for _ in 0..6 {
        house.clock.advance(5 * day - Duration::from_secs(1)).await;
        assert_eq!(house.get(&third, me).await.status, StatusCode::OK);
    }
    house.clock.advance(Duration::from_secs(60)).await;
    assert_eq!(
        house.get(&third, me).await.status,
        StatusCode::UNAUTHORIZED,
        "thirty days old"
    );
}

#[tokio::test]
async fn ending_all_sessions_ends_every_one() {
    let house = House::new().await;
    let (first, second, other) = (house.login(1).await, house.login(1).await, house.login(2).await);
    let answer = house
        .ask(
            Some(&first),
            Ask::new(Method::POST, "/api/v1/auth/logout-all", None),
        )
        .await;
    assert_eq!(answer.json()["ended"], 2);
    for (browser, status) in [
        (&first, StatusCode::UNAUTHORIZED),
        (&second, StatusCode::UNAUTHORIZED),
        (&other, StatusCode::OK),
    ] {
        assert_eq!(house.get(browser, "/api/v1/auth/me").await.status, status);
    }
}

#[tokio::test]
async fn a_cookie_carried_to_another_browser_ends_its_session() {
    let house = House::new().await;
    let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    let chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36";
    let me = |agent| Ask::get("/api/v1/auth/me").with("user-agent", agent);
    let ticket = identity::issue_ticket(&house.ctx, person::user(1).id)
        .await
        .unwrap();
    let body = json!({ "ticket": ticket.expose() });
    let login = Ask::post("/api/v1/auth/demo", body).with("user-agent", firefox);
    let answer = house.ask(None, login).await;
    let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
    let browser = crate::house::Browser {
        user: person::user(1),
        cookie: cookie.split(';').next().unwrap().to_owned(),
        csrf: String::new(),
    };
    for (agent, status) in [
        (firefox, StatusCode::OK),
        ("node", StatusCode::OK),
        (chrome, StatusCode::UNAUTHORIZED),
        (firefox, StatusCode::UNAUTHORIZED),
    ] {
        assert_eq!(
            house.ask(Some(&browser), me(agent)).await.status,
            status,
            "{agent}"
        );
    }
}
