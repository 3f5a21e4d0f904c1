//! The page where a person allows a program to know them, and where the program takes the code. Refuses redirects nobody
//! registered with a page, and everything else as RFC 6749 says.

use super::{Call, answer};
use crate::discord::oauth::{Given, Grant, SCOPES};
use crate::discord::refusal::Refusal;
use crate::discord::server::Shared;
use crate::discord::snowflake::Snowflake;
use axum::extract::{Form, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;

/// Length of the SHA-256 of a proof key, base64url.
const CHALLENGE_LEN: usize = 43;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::discord) struct Wish {
    response_type: String,
    client_id: String,
    redirect_uri: String,
    state: String,
    scope: String,
    code_challenge: Option<String>,
    code_challenge_method: Option<String>,
    /// With the form: who allows it, by id.
    user: String,
    /// With the form: `allow` or anything else.
    decision: String,
}

/// Why somebody cannot be sent back to the program: a page for them.
fn page(text: &str) -> Response {
    let body = format!("<!doctype html><html><body><p>{text}</p></body></html>");
    (StatusCode::BAD_REQUEST, Html(body)).into_response()
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

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// Sends somebody back to the program.
fn back(wish: &Wish, name: &str, value: &str) -> Response {
    let sign = if wish.redirect_uri.contains('?') { '&' } else { '?' };
    let mut target = format!("{}{sign}{name}={}", wish.redirect_uri, encoded(value));
    if !wish.state.is_empty() {
        target = format!("{target}&state={}", encoded(&wish.state));
    }
    (StatusCode::FOUND, [(header::LOCATION, target)]).into_response()
}

fn check(shared: &Shared, wish: &Wish) -> Result<(), Box<Response>> {
    let core = shared.core();
    let Some(app) = core.oauth.app(&wish.client_id) else {
        return Err(page("client_id: no such program").into());
    };
    if !app.redirect_uris.contains(&wish.redirect_uri) {
        return Err(page("redirect_uri: not one this program registered").into());
    }
    if wish.response_type != "code" {
        return Err(back(wish, "error", "unsupported_response_type").into());
    }
    let mut asked = wish.scope.split_whitespace().peekable();
    if asked.peek().is_none() || asked.any(|scope| !SCOPES.contains(&scope)) {
        return Err(back(wish, "error", "invalid_scope").into());
    }
    let hashed = wish.code_challenge_method.as_deref() == Some("S256");
    let whole = wish
        .code_challenge
        .as_ref()
        .map(|c| c.len() == CHALLENGE_LEN && hashed);
    if whole == Some(false) {
        return Err(back(wish, "error", "invalid_request").into());
    }
    Ok(())
}

pub(in crate::discord) async fn ask(State(shared): State<Arc<Shared>>, Query(wish): Query<Wish>) -> Response {
    if let Err(refused) = check(&shared, &wish) {
        return *refused;
    }
    let hidden: String = [
        ("response_type", Some(&wish.response_type)),
        ("client_id", Some(&wish.client_id)),
        ("redirect_uri", Some(&wish.redirect_uri)),
        ("state", Some(&wish.state)),
        ("scope", Some(&wish.scope)),
        ("code_challenge", wish.code_challenge.as_ref()),
        ("code_challenge_method", wish.code_challenge_method.as_ref()),
    ]
    .into_iter()
    .filter_map(|(name, value)| {
        let value = escaped(value?);
        Some(format!(
            "<input type=\"hidden\" name=\"{name}\" value=\"{value}\">"
        ))
    })
    .collect();
    let people: String = {
        let core = shared.core();
        let people = core.state.world.users.iter().filter(|user| !user.bot);
        people
            .map(|user| {
                let name = escaped(user.display_name.as_deref().unwrap_or(&user.username));
                format!("<option value=\"{}\">{name}</option>", user.id)
            })
            .collect()
    };
    let (program, scope) = (escaped(&wish.client_id), escaped(&wish.scope));
    Html(format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Simulated Discord</title></head><body>\
         <h1>Simulated Discord</h1><p>The program {program} wants to know: {scope}.</p>\
         <form method=\"post\" action=\"/oauth2/authorize\">{hidden}<label>You are <select name=\"user\">{people}</select></label> \
         <button id=\"allow\" name=\"decision\" value=\"allow\">Allow</button> \
         <button id=\"deny\" name=\"decision\" value=\"deny\">Cancel</button></form></body></html>"
    ))
    .into_response()
}

pub(in crate::discord) async fn decide(
    State(shared): State<Arc<Shared>>,
    Form(wish): Form<Wish>,
) -> Response {
    if let Err(refused) = check(&shared, &wish) {
        return *refused;
    }
    if wish.decision != "allow" {
        return back(&wish, "error", "access_denied");
    }
    let now = shared.now();
    let mut core = shared.core();
    let id = wish.user.parse::<Snowflake>().ok();
    let person = core
        .state
        .world
        .users
        .iter()
        .find(|user| Some(user.id) == id && !user.bot);
    let Some(user) = person.map(|user| user.id) else {
        return page("user: nobody with this id");
    };
    let grant = Grant {
        user,
        client_id: wish.client_id.clone(),
        scopes: wish.scope.split_whitespace().map(str::to_owned).collect(),
    };
    let challenge = wish.code_challenge.clone();
    let code = core.oauth.allow(grant, &wish.redirect_uri, challenge, now);
    drop(core);
    back(&wish, "code", &code)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Paper {
    grant_type: String,
    code: String,
    redirect_uri: String,
    code_verifier: Option<String>,
    refresh_token: String,
    token: String,
    client_id: String,
    client_secret: String,
}

fn refuse(status: u16, error: &str) -> Response {
    answer(status, &json!({"error": error}))
}

/// Who asks: in the form, or as basic authorisation.
fn program(call: &Call, paper: &Paper) -> (String, String) {
    let basic = call.headers.get(header::AUTHORIZATION);
    let basic = basic.and_then(|value| value.to_str().ok()?.strip_prefix("Basic "));
    let basic = basic.and_then(|text| String::from_utf8(STANDARD.decode(text.trim()).ok()?).ok());
    match basic.as_ref().and_then(|pair| pair.split_once(':')) {
        Some((id, secret)) => (id.to_owned(), secret.to_owned()),
        None => (paper.client_id.clone(), paper.client_secret.clone()),
    }
}

fn given(given: &Given) -> Response {
    answer(
        200,
        &json!({
            "access_token": given.access, "token_type": "Bearer", "expires_in": given.life,
            "refresh_token": given.refresh, "scope": given.scope,
        }),
    )
}

pub(super) async fn token(call: Call, Form(paper): Form<Paper>) -> Response {
    let now = call.shared.now();
    let mut core = call.shared.core();
    if let Some(trouble) = call.trouble(&mut core) {
        return trouble;
    }
    let (id, secret) = program(&call, &paper);
    if !core.oauth.knows(&id, &secret) {
        return refuse(401, "invalid_client");
    }
    let times = (now, core.limits.token_life_seconds);
    let made = match paper.grant_type.as_str() {
        "authorization_code" => {
            let verifier = paper.code_verifier.as_deref();
            let to = (id.as_str(), paper.redirect_uri.as_str());
            core.oauth.exchange(to, &paper.code, verifier, times)
        }
        "refresh_token" => core.oauth.renew(&id, &paper.refresh_token, times),
        _ => Err("unsupported_grant_type"),
    };
    match made {
        Ok(made) => given(&made),
        Err(error) => refuse(400, error),
    }
}

pub(super) async fn revoke(call: Call, Form(paper): Form<Paper>) -> Response {
    let mut core = call.shared.core();
    if let Some(trouble) = call.trouble(&mut core) {
        return trouble;
    }
    let (id, secret) = program(&call, &paper);
    if !core.oauth.knows(&id, &secret) {
        return refuse(401, "invalid_client");
    }
    core.oauth.revoke(&id, &paper.token);
    answer(200, &json!({}))
}

impl Call {
    /// Whether a person's token is shown.
    pub(super) fn is_bearer(&self) -> bool {
        self.bearer().is_some()
    }

    fn bearer(&self) -> Option<&str> {
        let shown = self.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
        shown.strip_prefix("Bearer ").map(str::trim)
    }

    /// Runs a call of a program in a person's name: token, scope, then the action under the lock.
    pub(super) fn by_person(
        self,
        scope: &str,
        action: impl FnOnce(&crate::discord::core::Core, &Grant) -> super::Answer,
    ) -> Response {
        let now = self.shared.now();
        let mut core = self.shared.core();
        if let Some(trouble) = self.trouble(&mut core) {
            return trouble;
        }
        let grant = self
            .bearer()
            .and_then(|token| core.oauth.grant(token, now))
            .cloned();
        let Some(grant) = grant else {
            return super::refusal(&Refusal::unauthorized());
        };
        if !grant.scopes.iter().any(|allowed| allowed == scope) {
            return super::refusal(&Refusal::missing_access());
        }
        match action(&core, &grant) {
            Ok((status, body)) => answer(status, &body),
            Err(error) => super::refusal(&error),
        }
    }
}
