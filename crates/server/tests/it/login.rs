//! Login with Discord through the whole way: the HTTP side on a socket, the production adapter, and the simulated Discord,
//! on one clock that is set by hand.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use ordercast_adapters::{discord::DiscordPortal, oauth::Registration};
use ordercast_app::{
    context::{Context, Ports},
    identity::discord,
    oauth::Authorities,
};
use ordercast_model::{
    limits::Caps,
    oauth::{DiscordGrant, GrantState},
    ports::{
        BoxFuture,
        clock::Clock,
        store::{Batch, SystemQuery, find_any},
    },
    secret::Secret,
    tenant::SystemScope,
    user::User,
};
use ordercast_sim::{
    cast::{self, OWNER, VISITOR},
    discord::{Discord, DiscordConfig, Fault, OauthApp, Snowflake},
};
use ordercast_testkit::{
    bus::FakeBus,
    chat::FakeChat,
    clock::SteerableClock,
    random::SeededRandom,
    sample::{at, tenant},
    store::MemoryStore,
    vault::FakeVault,
};
use ordercast_web::{Deps, Part, Readiness, WebConfig};
use reqwest::{Method, Response, StatusCode, Url, header};
use serde_json::Value;
use tokio::net::TcpListener;

use crate::authorise::{Pit, trading};

const CLIENT: &str = "1175000000000000009";
pub(crate) const SECRET: &str = "the secret of the program";
const CALLBACK: &str = "/api/v1/auth/discord/callback";
const SCOPE: SystemScope = SystemScope::housekeeping("a test looks");

async fn pause(span: Duration) {
    tokio::time::timeout(span, std::future::pending::<()>())
        .await
        .unwrap_err();
}

struct Quiet;

impl Readiness for Quiet {
    fn parts(&self) -> BoxFuture<'_, Vec<Part>> {
        Box::pin(std::future::ready(Vec::new()))
    }
}

pub(crate) struct House {
    pub(crate) base: String,
    discord: Discord,
    ctx: Context,
    pub(crate) clock: SteerableClock,
    pub(crate) http: reqwest::Client,
    pub(crate) alpaca: Option<Pit>,
}

/// One browser: its cookies.
#[derive(Default)]
pub(crate) struct Browser(BTreeMap<String, String>);

impl Browser {
    fn line(&self) -> String {
        let pairs: Vec<String> = self.0.iter().map(|(k, v)| format!("{k}={v}")).collect();
        pairs.join("; ")
    }
    /// Takes the cookies of an answer over; gives the lines.
    fn take(&mut self, answer: &Response) -> Vec<String> {
        let lines = answer.headers().get_all(header::SET_COOKIE).iter();
        let lines: Vec<String> = lines.map(|line| line.to_str().unwrap().to_owned()).collect();
        for line in &lines {
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            if value.is_empty() {
                self.0.remove(name);
            } else {
                self.0.insert(name.to_owned(), value.to_owned());
            }
        }
        lines
    }
}

#[expect(clippy::disallowed_methods, reason = "a browser of the tests")]
fn client() -> reqwest::Client {
    let _already_installed = rustls::crypto::ring::default_provider().install_default();
    let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    builder.no_proxy().build().unwrap()
}

impl House {
    async fn new() -> Self {
        Self::with(SECRET).await
    }

    /// `secret` is what the program believes its secret to be.
    async fn with(secret: &str) -> Self {
        Self::build(secret, false).await
    }

    /// With Alpaca's protocol and its page, where `alpaca` is true.
    pub(crate) async fn build(secret: &str, alpaca: bool) -> Self {
        let clock = SteerableClock::at(at(1_000_000_000));
        let face = clock.clone();
        let discord = Discord::start(
            DiscordConfig::new(cast::world(7)),
            Arc::new(move || face.now().micros()),
        )
        .await
        .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let registration = Registration {
            client_id: CLIENT.to_owned(),
            client_secret: Secret::new(secret.to_owned()),
            redirect_uri: format!("{base}{CALLBACK}"),
        };
        discord.register(OauthApp {
            client_id: CLIENT.to_owned(),
            client_secret: SECRET.to_owned(),
            redirect_uris: vec![registration.redirect_uri.clone()],
        });
        let http = client();
        let portal = DiscordPortal::new(&discord.rest_url(), registration, http.clone()).unwrap();
        let mut alpaca = if alpaca {
            Some(trading(&base, &clock).await)
        } else {
            None
        };
        let (brokers, authorities) = alpaca
            .as_mut()
            .map(|pit| pit.parts(&base, &clock, &http))
            .unwrap_or_default();
        let (ctx, _) = Context::new(Ports {
            store: Arc::new(MemoryStore::new()),
            clock: Arc::new(clock.clone()),
            random: Arc::new(SeededRandom::new(3)),
            vault: Arc::new(FakeVault),
            brokers,
            markets: BTreeMap::new(),
            bus: Arc::new(FakeBus::new()),
            chat: Arc::new(FakeChat::default()),
            rules: ordercast_rules::risk::rule_set().unwrap(),
            platform_caps: Caps::default(),
            live_trading: true,
        });
        let ctx = ctx.sending(Authorities {
            portal: Some(Arc::new(portal)),
            brokers: authorities,
        });
        let mut community = tenant::community(1);
        community.guild_id = cast::GUILD.to_string();
        let mut batch = Batch::new();
        batch.insert(community);
        ctx.commit(SCOPE, batch).await.unwrap();
        let config = WebConfig {
            origins: vec![base.clone()],
            secure: true,
            trusted_proxies: Vec::new(),
            csrf_keys: vec![Secret::new(vec![7; 32])],
            socket_keys: vec![("s1".to_owned(), Secret::new(vec![8; 32]))],
            socket_token_life: Duration::from_secs(3_600),
            request_timeout: Duration::from_secs(30),
            demo: None,
            loopback_unlimited: true,
            version: Default::default(),
        };
        let deps = Deps {
            ctx: ctx.clone(),
            readiness: Arc::new(Quiet),
            inlet: None,
        };
        let web = ordercast_web::serve(config, deps).unwrap();
        let service = web
            .router
            .into_make_service_with_connect_info::<std::net::SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
        Self {
            base,
            discord,
            ctx,
            clock,
            http,
            alpaca,
        }
    }

    async fn ask(&self, browser: &Browser, method: Method, path: &str) -> Response {
        let mut ask = self.http.request(method.clone(), format!("{}{path}", self.base));
        if method != Method::GET {
            let told = self.http.get(format!("{}/api/v1/auth/csrf", self.base));
            let told = told.header(header::COOKIE, browser.line()).send().await.unwrap();
            let told: Value = told.json().await.unwrap();
            ask = ask.header("x-csrf-token", told["token"].as_str().unwrap_or("none"));
            ask = ask.header(header::ORIGIN, &self.base);
        }
        ask.header(header::COOKIE, browser.line()).send().await.unwrap()
    }

    pub(crate) async fn get(&self, browser: &Browser, path: &str) -> Response {
        self.ask(browser, Method::GET, path).await
    }

    /// Leaves for Discord's page; gives its address.
    async fn leave(&self, browser: &mut Browser, next: &str) -> Url {
        let answer = self.get(browser, &format!("/api/v1/auth/discord{next}")).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        browser.take(&answer);
        answer.headers()[header::LOCATION]
            .to_str()
            .unwrap()
            .parse()
            .unwrap()
    }

    /// Presses a button of Discord's page; gives the path with which the browser comes back.
    async fn press(&self, page: &Url, person: Snowflake, decision: &str) -> String {
        let shown = self.http.get(page.clone()).send().await.unwrap();
        assert_eq!(shown.status(), StatusCode::OK, "{page}");
        let mut form: Vec<(String, String)> = page
            .query_pairs()
            .map(|(k, v)| (k.into_owned(), v.into_owned()))
            .collect();
        form.push(("user".to_owned(), person.to_string()));
        form.push(("decision".to_owned(), decision.to_owned()));
        let mut to = page.clone();
        to.set_query(None);
        let answer = self.http.post(to).form(&form).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::FOUND);
        let back = answer.headers()[header::LOCATION].to_str().unwrap().to_owned();
        back.strip_prefix(&self.base)
            .unwrap_or_else(|| panic!("{back}"))
            .to_owned()
    }

    /// Logs somebody in.
    pub(crate) async fn login(&self, browser: &mut Browser, person: Snowflake) {
        let page = self.leave(browser, "").await;
        let back = self.press(&page, person, "allow").await;
        let answer = self.get(browser, &back).await;
        assert_eq!(
            answer.status(),
            StatusCode::SEE_OTHER,
            "{}",
            answer.text().await.unwrap()
        );
        browser.take(&answer);
    }

    /// Comes back; gives the status and the page.
    async fn turned(&self, browser: &mut Browser, back: &str) -> (u16, String) {
        let answer = self.get(browser, back).await;
        assert!(
            !browser
                .take(&answer)
                .iter()
                .any(|line| line.contains("oc_session"))
        );
        assert_eq!(answer.headers()[header::CACHE_CONTROL], "no-store");
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    async fn grant(&self, person: Snowflake) -> DiscordGrant {
        let query = SystemQuery::UserByDiscord(person.to_string());
        let user = find_any::<User>(self.ctx.store.as_ref(), SCOPE, query)
            .await
            .unwrap()
            .remove(0);
        let query = SystemQuery::DiscordGrant(user.id);
        find_any::<DiscordGrant>(self.ctx.store.as_ref(), SCOPE, query)
            .await
            .unwrap()
            .remove(0)
    }

    /// The journal's kinds with their reasons, oldest first.
    pub(crate) async fn journal(&self) -> Vec<String> {
        let entries = self.ctx.store.pending(1_000).await.unwrap();
        entries
            .into_iter()
            .map(|entry| match entry.reason {
                Some(reason) => format!("{} {reason}", entry.kind.code()),
                None => entry.kind.code().to_owned(),
            })
            .collect()
    }
}

#[tokio::test]
async fn somebody_logs_in_with_discord_and_out_again() {
    let house = House::new().await;
    let mut browser = Browser::default();
    let ways: Value = house
        .get(&browser, "/api/v1/auth/ways")
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(ways, serde_json::json!({ "discord": true, "demo": false }));
    let answer = house
        .get(&browser, "/api/v1/auth/discord?next=/orders?state=filled")
        .await;
    let lines = browser.take(&answer);
    assert_eq!(lines.len(), 1);
    assert!(lines[0].starts_with("__Host-oc_leave="), "{lines:?}");
    assert!(
        lines[0].ends_with("; Path=/; HttpOnly; SameSite=Lax; Max-Age=300; Secure"),
        "{lines:?}"
    );
    let page: Url = answer.headers()[header::LOCATION]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    let asked: BTreeMap<_, _> = page.query_pairs().into_owned().collect();
    assert_eq!(asked["scope"], "identify email guilds");
    assert_eq!(asked["code_challenge_method"], "S256");
    assert_eq!(asked["redirect_uri"], format!("{}{CALLBACK}", house.base));
    assert_eq!(asked["state"].len(), 64);
    let back = house.press(&page, VISITOR, "allow").await;
    let answer = house.get(&browser, &back).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_eq!(answer.headers()[header::LOCATION], "/orders?state=filled");
    let lines = browser.take(&answer);
    let session = lines
        .iter()
        .find(|l| l.starts_with("__Host-oc_session="))
        .unwrap();
    assert!(
        session.contains("; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000; Secure"),
        "{session}"
    );
    assert!(!browser.0.contains_key("__Host-oc_leave"), "{lines:?}");
    let me: Value = house.get(&browser, "/api/v1/auth/me").await.json().await.unwrap();
    assert_eq!(me["user"]["name"], "Dana");
    assert_eq!(me["user"]["demo"], false);
    assert_eq!(me["memberships"][0]["role"], "trader", "{me}");
    assert_eq!(house.discord.tokens(VISITOR), 1);
    let sealed = house.grant(VISITOR).await;
    assert_eq!(sealed.state, GrantState::Live);
    // The same person again: the same account, and one place in the community.
    let mut other = Browser::default();
    house.login(&mut other, VISITOR).await;
    let again: Value = house.get(&other, "/api/v1/auth/me").await.json().await.unwrap();
    assert_eq!(again["user"]["id"], me["user"]["id"]);
    assert_eq!(again["memberships"].as_array().unwrap().len(), 1);
    // Discord revokes all tokens of a person together, so the first logout leaves them.
    assert_eq!(
        house
            .ask(&other, Method::POST, "/api/v1/auth/logout")
            .await
            .status(),
        204
    );
    assert_eq!(house.grant(VISITOR).await.state, GrantState::Live);
    assert_eq!(
        house
            .ask(&browser, Method::POST, "/api/v1/auth/logout")
            .await
            .status(),
        204
    );
    assert_eq!(house.discord.tokens(VISITOR), 0);
    let gone = house.grant(VISITOR).await;
    assert_eq!((gone.state, gone.sealed.as_str()), (GrantState::Gone, ""));
    assert_eq!(house.get(&browser, "/api/v1/auth/me").await.status(), 401);
    let told = house.journal().await;
    for kind in ["user.created", "role.changed", "login.ok", "logout logout"] {
        assert!(told.iter().any(|entry| entry == kind), "{kind}: {told:?}");
    }
}

#[tokio::test]
async fn a_login_ends_the_session_before_it() {
    let house = House::new().await;
    let mut browser = Browser::default();
    house.login(&mut browser, VISITOR).await;
    let before = Browser(browser.0.clone());
    house.login(&mut browser, OWNER).await;
    assert_ne!(before.0["__Host-oc_session"], browser.0["__Host-oc_session"]);
    assert_eq!(house.get(&before, "/api/v1/auth/me").await.status(), 401);
    let me: Value = house.get(&browser, "/api/v1/auth/me").await.json().await.unwrap();
    assert_eq!(me["user"]["name"], "Harbour");
    let told = house.journal().await;
    assert!(
        told.contains(&"session.revoked replaced_by_login".to_owned()),
        "{told:?}"
    );
}

#[tokio::test]
async fn nobody_comes_back_but_who_left_once_and_in_time() {
    let house = House::new().await;
    let mut browser = Browser::default();
    // A state nobody left with.
    let (status, text) = house
        .turned(&mut browser, &format!("{CALLBACK}?code=x&state=none"))
        .await;
    assert_eq!(status, 404, "{text}");
    let (status, _) = house.turned(&mut browser, CALLBACK).await;
    assert_eq!(status, 404);
    // Another browser, also one that left itself.
    let page = house.leave(&mut browser, "").await;
    let back = house.press(&page, VISITOR, "allow").await;
    let mut stranger = Browser::default();
    assert_eq!(house.turned(&mut stranger, &back).await.0, 403);
    house.leave(&mut stranger, "").await;
    let (status, text) = house.turned(&mut stranger, &back).await;
    assert_eq!(status, 403);
    assert!(text.contains("begun in another browser"), "{text}");
    // It was not used up by that, and works once.
    let answer = house.get(&browser, &back).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_eq!(house.turned(&mut browser, &back).await.0, 410);
    // Two at once: one comes in.
    let page = house.leave(&mut browser, "").await;
    let back = house.press(&page, VISITOR, "allow").await;
    let (one, two) = tokio::join!(house.get(&browser, &back), house.get(&browser, &back));
    let mut both = [one.status().as_u16(), two.status().as_u16()];
    both.sort_unstable();
    assert_eq!(both, [303, 410]);
    // Too late.
    let mut late = Browser::default();
    let page = house.leave(&mut late, "").await;
    house.clock.advance(Duration::from_secs(299)).await;
    let back = house.press(&page, VISITOR, "allow").await;
    house.clock.advance(Duration::from_secs(1)).await;
    let (status, text) = house.turned(&mut late, &back).await;
    assert_eq!(status, 410);
    assert!(text.contains("longer than five minutes"), "{text}");
    // Not allowed.
    let page = house.leave(&mut browser, "").await;
    let back = house.press(&page, VISITOR, "deny").await;
    assert_eq!(house.turned(&mut browser, &back).await.0, 403);
    assert_eq!(
        house.turned(&mut browser, &back).await.0,
        410,
        "a refusal uses it up as well"
    );
    let told = house.journal().await;
    for reason in ["another_browser", "state_used", "state_expired", "declined"] {
        assert!(
            told.contains(&format!("login.failed {reason}")),
            "{reason}: {told:?}"
        );
    }
}

#[tokio::test]
async fn discord_refuses_what_does_not_fit() {
    let house = House::new().await;
    let mut browser = Browser::default();
    // A code that was used, under a fresh state: the proof key is another as well.
    let page = house.leave(&mut browser, "").await;
    let back = house.press(&page, VISITOR, "allow").await;
    let code = back
        .split("code=")
        .nth(1)
        .unwrap()
        .split('&')
        .next()
        .unwrap()
        .to_owned();
    let other = house.leave(&mut browser, "").await;
    let state = other
        .query_pairs()
        .find(|(k, _)| k == "state")
        .unwrap()
        .1
        .into_owned();
    let stolen = format!("{CALLBACK}?code={code}&state={state}");
    let (status, text) = house.turned(&mut browser, &stolen).await;
    assert_eq!(status, 403, "the proof key of another login");
    assert!(text.contains("did not accept"), "{text}");
    assert_eq!(
        house.turned(&mut browser, &back).await.0,
        403,
        "the code is used up"
    );
    // A redirect that is not registered, and a page that lacks a hashed proof key, are refused at the page.
    let mut page = house.leave(&mut browser, "").await;
    let text = page.as_str().replace("callback", "elsewhere");
    assert_eq!(house.http.get(text).send().await.unwrap().status(), 400);
    let query = page.query().unwrap().replace("S256", "plain");
    page.set_query(Some(&query));
    let answer = house.http.get(page).send().await.unwrap();
    assert!(
        answer.headers()[header::LOCATION]
            .to_str()
            .unwrap()
            .contains("error=invalid_request")
    );
    // The wrong secret.
    let house = House::with("another secret").await;
    let page = house.leave(&mut browser, "").await;
    let back = house.press(&page, VISITOR, "allow").await;
    assert_eq!(house.turned(&mut browser, &back).await.0, 403);
    assert_eq!(house.discord.tokens(VISITOR), 0);
    let told = house.journal().await;
    assert_eq!(told, ["login.failed refused"]);
}

#[tokio::test]
async fn nobody_is_sent_to_another_site() {
    let house = House::new().await;
    for next in [
        "//evil.example",
        "https://evil.example/",
        "/%5Cevil.example",
        "/%09/evil.example",
        "orders",
    ] {
        let answer = house
            .get(&Browser::default(), &format!("/api/v1/auth/discord?next={next}"))
            .await;
        assert_eq!(answer.status(), 422, "{next}");
        let told: Value = answer.json().await.unwrap();
        assert_eq!(told["errors"][0]["field"], "next");
    }
}

#[tokio::test]
async fn a_session_is_given_a_new_cookie_and_tokens_are_renewed() {
    let house = House::new().await;
    let mut browser = Browser::default();
    house.login(&mut browser, VISITOR).await;
    let first = house.grant(VISITOR).await;
    let before = Browser(browser.0.clone());
    let answer = house.ask(&browser, Method::POST, "/api/v1/auth/refresh").await;
    assert_eq!(answer.status(), StatusCode::OK);
    browser.take(&answer);
    assert_ne!(before.0["__Host-oc_session"], browser.0["__Host-oc_session"]);
    assert_eq!(
        house.get(&before, "/api/v1/auth/me").await.status(),
        200,
        "a minute of grace"
    );
    assert_eq!(
        house.grant(VISITOR).await.sealed,
        first.sealed,
        "they live for a week"
    );
    // Inside the request, with less than five minutes left. The session is kept alive on the way.
    for _ in 0..7 {
        house.clock.advance(Duration::from_secs(86_400 - 30)).await;
        assert_eq!(house.get(&browser, "/api/v1/auth/me").await.status(), 200);
    }
    let answer = house.ask(&browser, Method::POST, "/api/v1/auth/refresh").await;
    assert_eq!(answer.status(), StatusCode::OK);
    browser.take(&answer);
    let second = house.grant(VISITOR).await;
    assert_ne!(second.sealed, first.sealed);
    assert_eq!(house.discord.tokens(VISITOR), 1, "the ones before have ended");
    // By the job, and not before it is due. A Discord that is away is asked again a minute later.
    house
        .clock
        .advance(second.due_at.unwrap().since(house.ctx.now()))
        .await;
    house.discord.inject(&Fault::RestError {
        status: 503,
        count: 1,
    });
    let stop = tokio_util::sync::CancellationToken::new();
    let job = tokio::spawn(discord::keep(house.ctx.clone(), stop.clone()));
    let renewed = async |known: &str| {
        for _ in 0..500 {
            if house.grant(VISITOR).await.sealed != known {
                return true;
            }
            pause(Duration::from_millis(5)).await;
        }
        false
    };
    pause(Duration::from_millis(100)).await;
    assert_eq!(house.grant(VISITOR).await.sealed, second.sealed);
    house.clock.advance(discord::KEEP_EVERY).await;
    assert!(renewed(&second.sealed).await);
    stop.cancel();
    job.await.unwrap();
    assert_eq!(house.discord.tokens(VISITOR), 1);
    let told = house.journal().await;
    assert_eq!(
        told.iter().filter(|e| *e == "token.refreshed").count(),
        2,
        "{told:?}"
    );
}

#[tokio::test]
async fn what_discord_takes_back_ends_the_session() {
    let house = House::new().await;
    let mut browser = Browser::default();
    house.login(&mut browser, VISITOR).await;
    assert_eq!(house.discord.forget(VISITOR, CLIENT), 1);
    let due = house.grant(VISITOR).await.due_at.unwrap();
    for _ in 0..6 {
        house.clock.advance(Duration::from_secs(86_400)).await;
        assert_eq!(
            house.get(&browser, "/api/v1/communities").await.status(),
            200,
            "nothing is due"
        );
    }
    house.clock.advance(due.since(house.ctx.now())).await;
    assert_eq!(house.get(&browser, "/api/v1/auth/me").await.status(), 200);
    assert_eq!(house.get(&browser, "/api/v1/communities").await.status(), 401);
    assert_eq!(house.get(&browser, "/api/v1/auth/me").await.status(), 401);
    let told = house.journal().await;
    assert!(
        told.contains(&"session.revoked discord_refused".to_owned()),
        "{told:?}"
    );
    assert!(
        told.contains(&"token.refresh_failed invalid_grant".to_owned()),
        "{told:?}"
    );
    // Whoever logs in again begins anew.
    house.login(&mut browser, VISITOR).await;
    assert_eq!(house.get(&browser, "/api/v1/communities").await.status(), 200);
}

#[tokio::test]
async fn tokens_nobody_uses_any_more_are_revoked() {
    let house = House::new().await;
    house.login(&mut Browser::default(), VISITOR).await;
    assert_eq!(house.discord.tokens(VISITOR), 1);
    // Seven days without a request end the session; five minutes before, the tokens are due.
    house.clock.advance(Duration::from_secs(7 * 86_400 - 60)).await;
    let seen = house.grant(VISITOR).await;
    house.clock.advance(Duration::from_secs(61)).await;
    let stop = tokio_util::sync::CancellationToken::new();
    let job = tokio::spawn(discord::keep(house.ctx.clone(), stop.clone()));
    for _ in 0..500 {
        if house.grant(VISITOR).await.state == GrantState::Gone {
            break;
        }
        pause(Duration::from_millis(5)).await;
    }
    stop.cancel();
    job.await.unwrap();
    let gone = house.grant(VISITOR).await;
    assert_eq!((seen.state, gone.state), (GrantState::Live, GrantState::Gone));
}
