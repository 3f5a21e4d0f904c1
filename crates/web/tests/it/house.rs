//! The ground the tests stand on: two users in two communities, a fake venue, and a browser for each.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use ordercast_app::{
    context::{Context, Ports},
    identity,
    lane::Jobs,
    publish::Sequencer,
};
use ordercast_model::{
    gate::{Breach, Finding, Proposal, Rule, RuleId, RuleSet, Snapshot},
    journal::{entry::Actor, kind::Kind},
    limits::Caps,
    money::{MoneyError, Quantity},
    ports::{
        BoxFuture,
        broker::{Broker, Dedupe},
        chat::Inlet,
        clock::Clock,
        market::Market,
        store::Batch,
    },
    secret::Secret,
    tenant::{SystemScope, TenantScope},
    user::User,
};
use ordercast_testkit::{
    broker::{FakeBroker, capabilities},
    bus::FakeBus,
    clock::SteerableClock,
    market::FakeMarket,
    random::SeededRandom,
    sample::{self, person, tenant, trade},
    store::MemoryStore,
    vault::FakeVault,
};
use ordercast_web::{Demo, Deps, Part, PartState, Readiness, SocketHandle, Tasks, WebConfig};
use rust_decimal::Decimal;
use serde_json::Value;
use tokio::sync::Notify;
use tower::ServiceExt;

/// The origin of our pages.
pub const ORIGIN: &str = "http://127.0.0.1:8000";
/// More than this the rule of the tests refuses.
pub const QUANTITY_MAX: u32 = 50;

/// Every rule passes, but the position size refuses more than `QUANTITY_MAX`.
struct Simple(RuleId);

impl Rule for Simple {
    fn id(&self) -> RuleId {
        self.0
    }
    fn check(&self, proposal: &Proposal, _: &Snapshot<'_>) -> Result<Finding, MoneyError> {
        let most = Quantity::new(Decimal::from(QUANTITY_MAX))?;
        if self.0 != RuleId::PositionSize || proposal.quantity <= most {
            return Ok(Finding::Pass);
        }
        Ok(Finding::Deny(Breach {
            rule: self.0,
            message: format!("{} is more than {most}", proposal.quantity),
            limit: Some(most.to_string()),
            actual: Some(proposal.quantity.to_string()),
            whose: None,
            skip: None,
        }))
    }
}

static RULES: LazyLock<Vec<Simple>> = LazyLock::new(|| RuleId::ALL.iter().copied().map(Simple).collect());

/// Says what it was told to say.
struct Parts(Vec<Part>);

impl Readiness for Parts {
    fn parts(&self) -> BoxFuture<'_, Vec<Part>> {
        Box::pin(std::future::ready(self.0.clone()))
    }
}

/// A running HTTP side.
pub struct House {
    pub router: Router,
    pub ctx: Context,
    pub clock: SteerableClock,
    pub store: Arc<MemoryStore>,
    pub market: Arc<FakeMarket>,
    pub bus: FakeBus,
    pub sockets: SocketHandle,
    pub tasks: Option<Tasks>,
    /// Kept, so that the lanes' queue stays open.
    _jobs: Jobs,
    sequencer: tokio::sync::Mutex<Sequencer>,
}

/// One browser: its cookie and its CSRF token.
#[derive(Clone)]
pub struct Browser {
    pub user: User,
    pub cookie: String,
    pub csrf: String,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("{e}: {}", self.text))
    }
    /// The stable code of a refusal.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }
}

pub fn config() -> WebConfig {
    WebConfig {
        origins: vec![ORIGIN.to_owned()],
        secure: false,
        trusted_proxies: Vec::new(),
        csrf_keys: vec![Secret::new(vec![7; 32])],
        socket_keys: vec![("s1".to_owned(), Secret::new(vec![8; 32]))],
        socket_token_life: Duration::from_secs(3_600),
        request_timeout: Duration::from_secs(30),
        demo: Some(Demo),
        loopback_unlimited: true,
        version: Default::default(),
    }
}

impl House {
    pub async fn new() -> Self {
        Self::with(config(), Vec::new()).await
    }

    pub async fn with(config: WebConfig, parts: Vec<Part>) -> Self {
        Self::posted(config, parts, None).await
    }

    pub async fn posted(config: WebConfig, parts: Vec<Part>, inlet: Option<Arc<dyn Inlet>>) -> Self {
        let clock = SteerableClock::at(sample::at(0));
        let store = Arc::new(MemoryStore::new());
        let market = Arc::new(FakeMarket::new());
        market.quote_at(&trade::apple(), trade::dollars(200), sample::at(0));
        market.set_bars(&trade::apple(), Vec::new());
        let broker = FakeBroker::new(
            capabilities(Dedupe::Always),
            Arc::new(clock.clone()) as Arc<dyn Clock>,
        );
        let bus = FakeBus::new();
        let rules = RULES.iter().map(|rule| rule as &'static dyn Rule).collect();
        let (ctx, jobs) = Context::new(Ports {
            store: store.clone(),
            clock: Arc::new(clock.clone()),
            random: Arc::new(SeededRandom::new(1)),
            vault: Arc::new(FakeVault),
            brokers: BTreeMap::from([("paper".to_owned(), Arc::new(broker) as Arc<dyn Broker>)]),
            markets: BTreeMap::from([("paper".to_owned(), market.clone() as Arc<dyn Market>)]),
            bus: Arc::new(bus.clone()),
            chat: Arc::new(ordercast_model::ports::chat::NoChat),
            rules: RuleSet::new(rules).unwrap(),
            platform_caps: Caps::default(),
            live_trading: true,
        });
        people(&ctx).await;
        let deps = Deps {
            ctx: ctx.clone(),
            readiness: Arc::new(Parts(parts)),
            inlet,
        };
        let web = ordercast_web::serve(config, deps).unwrap();
        Self {
            router: web.router,
            sequencer: tokio::sync::Mutex::new(Sequencer::new(ctx.clone(), Arc::new(Notify::new()))),
            ctx,
            clock,
            store,
            market,
            bus,
            sockets: web.sockets,
            tasks: Some(web.tasks),
            _jobs: jobs,
        }
    }

    /// Sends one request.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 4 << 20).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    /// Sends a request as a browser would: cookie, origin and token on writes.
    pub async fn ask(&self, who: Option<&Browser>, ask: Ask<'_>) -> Answer {
        let mut request = Request::builder().method(ask.method.clone()).uri(ask.path);
        if let Some(browser) = who {
            request = request.header(header::COOKIE, &browser.cookie);
            if ask.method != Method::GET {
                request = request
                    .header(header::ORIGIN, ORIGIN)
                    .header("x-csrf-token", &browser.csrf);
            }
        }
        for (name, value) in &ask.headers {
            request = request.header(*name, *value);
        }
        let body = match ask.body {
            Some(body) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        self.send(request.body(body).unwrap()).await
    }

    pub async fn get(&self, who: &Browser, path: &str) -> Answer {
        self.ask(Some(who), Ask::get(path)).await
    }

    /// Logs a demo user in by a ticket, as the demo does.
    pub async fn login(&self, n: u64) -> Browser {
        let user = person::user(n);
        let ticket = identity::issue_ticket(&self.ctx, user.id).await.unwrap();
        let body = serde_json::json!({ "ticket": ticket.expose() });
        let answer = self.ask(None, Ask::post("/api/v1/auth/demo", body)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let line = answer.headers[header::SET_COOKIE].to_str().unwrap();
        let mut browser = Browser {
            user,
            cookie: line.split(';').next().unwrap().to_owned(),
            csrf: String::new(),
        };
        let token = self.get(&browser, "/api/v1/auth/csrf").await;
        browser.csrf = token.json()["token"].as_str().unwrap().to_owned();
        browser
    }

    /// Shows the second factor of the demo, as its page does, and takes the new cookie.
    pub async fn step_up(&self, browser: &mut Browser) -> Answer {
        identity::factor::enrol_demo(
            &self.ctx,
            &User {
                demo: true,
                ..browser.user.clone()
            },
        )
        .await
        .unwrap();
        let shown = self.get(browser, "/api/v1/auth/demo/code").await.json();
        let body = serde_json::json!({ "code": shown["code"] });
        let answer = self
            .ask(Some(browser), Ask::post("/api/v1/auth/step-up", body))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let line = answer.headers[header::SET_COOKIE].to_str().unwrap();
        browser.cookie = line.split(';').next().unwrap().to_owned();
        answer
    }

    /// Chains everything pending, as the sequencer's task would.
    pub async fn chain(&self) {
        self.sequencer.lock().await.drain().await.unwrap();
    }
}

/// One request.
#[derive(Clone)]
pub struct Ask<'a> {
    pub method: Method,
    pub path: &'a str,
    pub body: Option<Value>,
    pub headers: Vec<(&'a str, &'a str)>,
}

impl<'a> Ask<'a> {
    pub fn new(method: Method, path: &'a str, body: Option<Value>) -> Self {
        Self {
            method,
            path,
            body,
            headers: Vec::new(),
        }
    }
    pub fn get(path: &'a str) -> Self {
        Self::new(Method::GET, path, None)
    }
    pub fn post(path: &'a str, body: Value) -> Self {
        Self::new(Method::POST, path, Some(body))
    }
    pub fn with(mut self, name: &'a str, value: &'a str) -> Self {
        self.headers.push((name, value));
        self
    }
}

/// Users 1 and 2, each with a community, a provider, a signal, a connection, an account, an order and a position.
async fn people(ctx: &Context) {
    let system = SystemScope::housekeeping("the ground of a test");
    let mut batch = Batch::new();
    batch.note(ctx.entry(
        Kind::JournalGenesis,
        Actor::system("test"),
        ("deployment", "test".to_owned()),
    ));
    ctx.commit(system, batch).await.unwrap();
    for n in [1, 2] {
        let user = User {
            demo: true,
            // The person who speaks for the provider of the same number.
            discord_id: Some(n.to_string()),
            ..person::user(n)
        };
        let community = tenant::community(n);
        let provider = tenant::provider(n, community.id, &format!("Provider {n}"));
        let mut batch = Batch::new();
        batch.insert(user.clone());
        batch.insert(community.clone());
        batch.insert(tenant::membership(community.id, user.id));
        batch.insert(tenant::channel(n, community.id));
        batch.insert(provider.clone());
        batch.insert(tenant::hook(n, community.id));
        batch.insert(tenant::ledger(sample::id(n), community.id, 0));
        batch.insert(tenant::signal(n, community.id, provider.id));
        ctx.commit(system, batch).await.unwrap();
        let mut connection = trade::connection(n, user.id);
        connection.default_for = vec![ordercast_model::instrument::AssetClass::Equity];
        let order = trade::order(n, &connection);
        let mut batch = Batch::new();
        batch.insert(trade::account(&connection));
        batch.insert(trade::intent(&order));
        batch.insert(trade::fill(n, &order));
        batch.insert(order);
        batch.insert(trade::position(n, &connection));
        batch.insert(tenant::follow(n, user.id, provider.id));
        batch.insert(connection);
        ctx.commit(TenantScope::of_user(&user), batch).await.unwrap();
    }
}

/// A part in a state.
pub fn part(name: &'static str, state: PartState) -> Part {
    Part {
        name,
        state,
        reason: (state != PartState::Ok).then(|| format!("{name} is out")),
    }
}
