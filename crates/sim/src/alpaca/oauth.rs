//! Decides who may act for whom: a page where a person allows a program, a code that is good once, a token bound to
//! scopes and hosts. Refuses redirects nobody registered.

use std::collections::BTreeMap;

use axum::{
    Form, Json, Router,
    extract::{Query, State},
    http::{StatusCode, header::LOCATION},
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};
use ordercast_model::time::Timestamp;
use serde::Deserialize;
use serde_json::json;

use crate::alpaca::{
    config::{Environment, OauthApp},
    door::Host,
    id,
};

/// How long a code is good.
const CODE_MICROS: i64 = 600_000_000;
const SCOPES: [&str; 3] = ["account:write", "trading", "data"];

/// What a person allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Name of the accounts.
    pub name: String,
    /// Which program.
    pub client_id: String,
    /// What it may do beside reading.
    pub scopes: Vec<String>,
    /// Where.
    pub environments: Vec<Environment>,
}

#[derive(Debug)]
struct Code {
    grant: Grant,
    redirect_uri: String,
    until: Timestamp,
}

/// Programs, codes and tokens.
#[derive(Debug)]
pub struct Grants {
    apps: Vec<OauthApp>,
    codes: BTreeMap<String, Code>,
    tokens: BTreeMap<String, Grant>,
    made: u64,
    seed: String,
}

impl Grants {
    /// No codes and no tokens yet. What is made follows from the secret seed.
    #[must_use]
    pub fn new(apps: Vec<OauthApp>, seed: String) -> Self {
        Self {
            apps,
            codes: BTreeMap::new(),
            tokens: BTreeMap::new(),
            made: 0,
            seed,
        }
    }
    /// What a token stands for.
    #[must_use]
    pub fn grant(&self, token: &str) -> Option<&Grant> {
        self.tokens.get(token)
    }
    /// Takes back what a person allowed a program, or everything they allowed; how many tokens that ended.
    pub fn revoke(&mut self, name: &str, client_id: Option<&str>) -> usize {
        let before = self.tokens.len();
        self.tokens
            .retain(|_, g| g.name != name || client_id.is_some_and(|c| c != g.client_id));
        before - self.tokens.len()
    }
    fn fresh(&mut self, what: &str) -> String {
        self.made += 1;
        id::token(&format!("{}/{what}/{}", self.seed, self.made))
    }
    fn app(&self, client_id: &str) -> Option<&OauthApp> {
        self.apps.iter().find(|a| a.client_id == client_id)
    }
}

/// `/oauth/authorize` and `/oauth/token`.
pub fn routes() -> Router<Host> {
    Router::new()
        .route("/oauth/authorize", get(ask).post(decide))
        .route("/oauth/token", post(exchange))
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Request {
    response_type: String,
    client_id: String,
    redirect_uri: String,
    state: String,
    scope: String,
    env: String,
    /// With the form: whose accounts.
    name: String,
    /// With the form: `allow` or anything else.
    decision: String,
}

/// Why a request cannot be sent back to the program: a page for the person.
fn page(text: &str) -> Response {
    (
        StatusCode::BAD_REQUEST,
        Html(format!("<html><body><p>{text}</p></body></html>")),
    )
        .into_response()
}

fn check(host: &Host, request: &Request) -> Result<(), Box<Response>> {
    let grants = host.house.grants();
    let Some(app) = grants.app(&request.client_id) else {
        return Err(page("client_id: no such program").into());
    };
    if !app.redirect_uris.contains(&request.redirect_uri) {
        return Err(page("redirect_uri: not one this program registered").into());
    }
    if request.response_type != "code" {
        return Err(back(request, &[("error", "unsupported_response_type")]).into());
    }
    if request.scope.split_whitespace().any(|s| !SCOPES.contains(&s)) {
        return Err(back(request, &[("error", "invalid_scope")]).into());
    }
    if !["", "live", "paper"].contains(&request.env.as_str()) {
        return Err(back(request, &[("error", "invalid_request")]).into());
    }
    Ok(())
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    out
}

fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |out, b| {
        if b.is_ascii_alphanumeric() || b"-_.~".contains(&b) {
            out + &char::from(b).to_string()
        } else {
            format!("{out}%{b:02X}")
        }
    })
}

/// Sends the person back to the program.
fn back(request: &Request, fields: &[(&str, &str)]) -> Response {
    let sign = if request.redirect_uri.contains('?') {
        '&'
    } else {
        '?'
    };
    let mut pairs: Vec<String> = fields
        .iter()
        .map(|(n, v)| format!("{n}={}", encoded(v)))
        .collect();
    if !request.state.is_empty() {
        pairs.push(format!("state={}", encoded(&request.state)));
    }
    let target = format!("{}{sign}{}", request.redirect_uri, pairs.join("&"));
    (StatusCode::FOUND, [(LOCATION, target)]).into_response()
}

async fn ask(State(host): State<Host>, Query(request): Query<Request>) -> Response {
    if let Err(refused) = check(&host, &request) {
        return *refused;
    }
    let fields = [
        ("response_type", &request.response_type),
        ("client_id", &request.client_id),
        ("redirect_uri", &request.redirect_uri),
        ("state", &request.state),
        ("scope", &request.scope),
        ("env", &request.env),
    ];
    let hidden = fields.iter().fold(String::new(), |text, (name, value)| {
        format!(
            "{text}<input type=\"hidden\" name=\"{name}\" value=\"{}\">",
            escaped(value)
        )
    });
    let names: std::collections::BTreeSet<String> = {
        let floor = host.house.floor();
        floor
            .customers
            .values()
            .map(|c| c.described.name.clone())
            .collect()
    };
    let names = names.iter().fold(String::new(), |text, name| {
        let name = escaped(name);
        format!("{text}<option value=\"{name}\">{name}</option>")
    });
    let (client, scope) = (escaped(&request.client_id), escaped(&request.scope));
    Html(format!(
        "<html><head><title>Allow access</title></head><body><h1>{client} asks for access</h1><p>Scopes: {scope}</p>\
         <form method=\"post\" action=\"/oauth/authorize\">{hidden}<label>Account <select name=\"name\">{names}</select></label>\
         <button id=\"allow\" name=\"decision\" value=\"allow\">Allow</button>\
         <button id=\"deny\" name=\"decision\" value=\"deny\">Deny</button></form></body></html>"
    ))
    .into_response()
}

async fn decide(State(host): State<Host>, Form(request): Form<Request>) -> Response {
    if let Err(refused) = check(&host, &request) {
        return *refused;
    }
    if request.decision != "allow" {
        return back(&request, &[("error", "access_denied")]);
    }
    let environments = match request.env.as_str() {
        "live" => vec![Environment::Live],
        "paper" => vec![Environment::Paper],
        _ => vec![Environment::Paper, Environment::Live],
    };
    let known = {
        let floor = host.house.floor();
        floor.customers.values().any(|c| c.described.name == request.name)
    };
    if !known {
        return page("name: no such account");
    }
    let now = host.house.now();
    let mut grants = host.house.grants();
    let code = grants.fresh("code");
    let made = Code {
        grant: Grant {
            name: request.name.clone(),
            client_id: request.client_id.clone(),
            scopes: request.scope.split_whitespace().map(str::to_owned).collect(),
            environments,
        },
        redirect_uri: request.redirect_uri.clone(),
        until: Timestamp::from_micros(now.micros().saturating_add(CODE_MICROS)),
    };
    grants.codes.insert(code.clone(), made);
    back(&request, &[("code", &code)])
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Exchange {
    grant_type: String,
    code: String,
    client_id: String,
    client_secret: String,
    redirect_uri: String,
}

async fn exchange(State(host): State<Host>, Form(asked): Form<Exchange>) -> Response {
    let refuse = |status: StatusCode, error: &str, text: &str| {
        (status, Json(json!({"error": error, "error_description": text}))).into_response()
    };
    if asked.grant_type != "authorization_code" {
        let text = "grant_type must be authorization_code";
        return refuse(StatusCode::BAD_REQUEST, "unsupported_grant_type", text);
    }
    let now = host.house.now();
    let mut grants = host.house.grants();
    let known = grants.app(&asked.client_id).map(|a| a.client_secret.clone());
    if known.as_ref() != Some(&asked.client_secret) {
        let text = "client_id or client_secret is wrong";
        return refuse(StatusCode::UNAUTHORIZED, "invalid_client", text);
    }
    // Whatever is wrong with it, a code that was shown is used up.
    let good = grants.codes.remove(&asked.code).filter(|c| {
        c.grant.client_id == asked.client_id && c.redirect_uri == asked.redirect_uri && c.until > now
    });
    let Some(code) = good else {
        let text = "the code is unknown, used, too old or for another redirect_uri";
        return refuse(StatusCode::BAD_REQUEST, "invalid_grant", text);
    };
    let token = grants.fresh("token");
    let scope = code.grant.scopes.join(" ");
    grants.tokens.insert(token.clone(), code.grant);
    Json(json!({"access_token": token, "token_type": "bearer", "scope": scope})).into_response()
}
