//! Connecting an account on Alpaca's page: the HTTP side on a socket, the production adapter, and a server that speaks
//! Alpaca's protocol.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use ordercast_adapters::{
    alpaca::{AlpacaAuthority, AlpacaBroker, AlpacaConfig},
    oauth::Registration,
};
use ordercast_model::{
    ports::{broker::Broker, clock::Clock, oauth::Authority},
    secret::Secret,
};
use ordercast_sim::{
    alpaca::{
        config::{AlpacaAccount, AlpacaConfig as Theirs, OauthApp},
        server::Alpaca,
    },
    cast::{OWNER, VISITOR},
    market::calendar::Calendar,
};
use ordercast_testkit::{clock::SteerableClock, random::SeededRandom};
use reqwest::{StatusCode, Url, header};
use serde_json::Value;

use crate::login::{Browser, House, SECRET};

const CLIENT: &str = "ordercast-of-the-tests";
const CALLBACK: &str = "/api/v1/connections/oauth/callback";
const START: &str = "/api/v1/connections/oauth/alpaca/start";

/// Alpaca, as it stands in for the vendor.
pub(crate) struct Pit(Alpaca);

type Parts = (
    BTreeMap<String, Arc<dyn Broker>>,
    BTreeMap<String, Arc<dyn Authority>>,
);

pub(crate) async fn trading(base: &str, clock: &SteerableClock) -> Pit {
    let face = clock.clone();
    let theirs = Theirs {
        admin_key: "admin-key-of-the-tests".to_owned(),
        calendar: Calendar::ALWAYS,
        warm_up_seconds: 5,
        accounts: vec![AlpacaAccount::paper(
            "alice",
            "PKTESTTESTTESTTEST01",
            "secret-of-the-paper-account",
        )],
        apps: vec![OauthApp {
            client_id: CLIENT.to_owned(),
            client_secret: SECRET.to_owned(),
            redirect_uris: vec![format!("{base}{CALLBACK}")],
        }],
        ..Theirs::default()
    };
    let now = Arc::new(move || face.now().micros());
    Pit(Alpaca::start(theirs, now).await.unwrap())
}

impl Pit {
    pub(crate) fn parts(&self, base: &str, clock: &SteerableClock, http: &reqwest::Client) -> Parts {
        let config = AlpacaConfig {
            paper_base: self.0.paper_url(),
            live_base: self.0.live_url(),
            data_base: self.0.data_url(),
            ..AlpacaConfig::default()
        };
        let registration = Registration {
            client_id: CLIENT.to_owned(),
            client_secret: Secret::new(SECRET.to_owned()),
            redirect_uri: format!("{base}{CALLBACK}"),
        };
        let page = self.0.live_url();
        let authority = AlpacaAuthority::new(&page, &page, registration, http.clone()).unwrap();
        let clock: Arc<dyn Clock> = Arc::new(clock.clone());
        let random = Arc::new(SeededRandom::new(5));
        let broker = AlpacaBroker::new(&config, http.clone(), clock, random).unwrap();
        (
            BTreeMap::from([("alpaca".to_owned(), Arc::new(broker) as Arc<dyn Broker>)]),
            BTreeMap::from([("alpaca".to_owned(), Arc::new(authority) as Arc<dyn Authority>)]),
        )
    }
}

/// Leaves for Alpaca's page and presses a button there; gives the path with which the browser comes back.
async fn press(house: &House, browser: &Browser, decision: &str) -> String {
    let asked = format!("{START}?mode=paper&label=Alpaca%20paper");
    let answer = house.get(browser, &asked).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let mut page: Url = answer.headers()[header::LOCATION]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    let mut form: Vec<(String, String)> = page
        .query_pairs()
        .map(|(k, v)| (k.into_owned(), v.into_owned()))
        .collect();
    let field = |name: &str| {
        form.iter()
            .find(|(k, _)| k == name)
            .map(|(_, v)| v.clone())
            .unwrap()
    };
    assert_eq!(
        (field("scope").as_str(), field("env").as_str()),
        ("trading data", "paper")
    );
    assert_eq!(house.http.get(page.clone()).send().await.unwrap().status(), 200);
    form.push(("name".to_owned(), "alice".to_owned()));
    form.push(("decision".to_owned(), decision.to_owned()));
    page.set_query(None);
    let answer = house.http.post(page).form(&form).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::FOUND);
    let back = answer.headers()[header::LOCATION].to_str().unwrap();
    back.strip_prefix(&house.base).unwrap().to_owned()
}

#[tokio::test]
async fn an_account_is_connected_on_the_brokers_page() {
    let house = House::build(SECRET, true).await;
    assert!(house.alpaca.is_some());
    let (mut browser, mut second, mut other) = (Browser::default(), Browser::default(), Browser::default());
    house.login(&mut browser, VISITOR).await;
    house.login(&mut second, VISITOR).await;
    house.login(&mut other, OWNER).await;
    let list: Value = house.get(&browser, "/api/v1/brokers").await.json().await.unwrap();
    assert_eq!(list["items"][0]["oauth"], true);
    let back = press(&house, &browser, "allow").await;
    // Another session of the same user, another user, and nobody.
    for (stranger, status) in [(&second, 403), (&other, 403), (&Browser::default(), 401)] {
        assert_eq!(house.get(stranger, &back).await.status(), status);
    }
    let answer = house.get(&browser, &back).await;
    assert_eq!(
        answer.status(),
        StatusCode::SEE_OTHER,
        "{}",
        answer.text().await.unwrap()
    );
    assert_eq!(answer.headers()[header::LOCATION], "/brokers");
    assert_eq!(house.get(&browser, &back).await.status(), 410);
    let list: Value = house
        .get(&browser, "/api/v1/connections")
        .await
        .json()
        .await
        .unwrap();
    let made = &list["items"][0];
    assert_eq!(
        (&made["broker"], &made["mode"], &made["label"]),
        (&"alpaca".into(), &"paper".into(), &"Alpaca paper".into())
    );
    // The same account again: refused by the check that every connection passes.
    let back = press(&house, &browser, "allow").await;
    let answer = house.get(&browser, &back).await;
    assert_eq!(answer.status(), 422);
    let told = answer.text().await.unwrap();
    assert!(told.contains("was not connected"), "{told}");
    let told = house.journal().await;
    assert_eq!(
        told.iter().filter(|e| *e == "connection.created").count(),
        1,
        "{told:?}"
    );
    assert!(told.contains(&"credential.sealed".to_owned()), "{told:?}");
}

#[tokio::test]
async fn nothing_is_connected_that_was_not_allowed_in_time() {
    let house = House::build(SECRET, true).await;
    let mut browser = Browser::default();
    house.login(&mut browser, VISITOR).await;
    let back = press(&house, &browser, "deny").await;
    assert_eq!(house.get(&browser, &back).await.status(), 403);
    let back = press(&house, &browser, "allow").await;
    house.clock.advance(Duration::from_secs(300)).await;
    assert_eq!(house.get(&browser, &back).await.status(), 410);
    // Whatever can be checked is checked before somebody leaves.
    for (asked, status) in [
        (
            format!("{START}?mode=live&label=Mine&confirm=LIVE&rights_unread=true"),
            403,
        ),
        (format!("{START}?mode=paper&label="), 422),
        (format!("{START}?mode=none&label=Mine"), 400),
        (
            "/api/v1/connections/oauth/paper/start?mode=paper&label=Mine".to_owned(),
            404,
        ),
    ] {
        assert_eq!(house.get(&browser, &asked).await.status(), status, "{asked}");
    }
    let list: Value = house
        .get(&browser, "/api/v1/connections")
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(list["items"].as_array().unwrap().len(), 0);
}
