//! The API document: generated from the routes, so that a route not in it does not exist.

use std::collections::BTreeMap;

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use utoipa::{
    IntoResponses, Modify, OpenApi,
    openapi::{
        ContentBuilder, Ref, RefOr, ResponseBuilder,
        schema::{ArrayItems, Schema},
        security::{ApiKey, ApiKeyValue, SecurityRequirement, SecurityScheme},
    },
};

use crate::{
    config::Demo,
    problem::{FieldProblem, Problem},
};

/// Head of the document.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Ordercast API",
        version = "1",
        description = "Signals in, orders out, each step journaled. Decimals and times are strings; lists are newest first \
            and paged by an opaque cursor. Writes need `X-CSRF-Token` (GET /auth/csrf). Refusals are \
            `application/problem+json` with a stable `code`.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    components(schemas(Problem, FieldProblem)),
    modifiers(&Security),
    tags(
        (name = "auth", description = "Logins and sessions"),
        (name = "me", description = "The user who asks"),
        (name = "brokers", description = "Venues and what they can do"),
        (name = "connections", description = "Accounts at venues"),
        (name = "portfolio", description = "What the accounts are worth"),
        (name = "positions", description = "Holdings"),
        (name = "orders", description = "Orders and their lives"),
        (name = "fills", description = "Executions"),
        (name = "approvals", description = "Cards that ask"),
        (name = "signals", description = "Signals and the decisions on them"),
        (name = "providers", description = "Who gives signals"),
        (name = "hooks", description = "Webhooks: signals in by HTTP"),
        (name = "follows", description = "Whose signals are taken, and how"),
        (name = "risk", description = "Limits and switches"),
        (name = "market", description = "Quotes, bars, instruments, sessions"),
        (name = "journal", description = "The record of everything"),
        (name = "admin", description = "What platform admins decide"),
        (name = "operations", description = "How the program is doing"),
    ),
)]
pub struct Document;

struct Security;

impl Modify for Security {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_with(Default::default);
        let cookie = ApiKeyValue::with_description(
            "__Host-oc_session",
            "Session cookie; `oc_session` over plain HTTP on loopback",
        );
        components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
        document.security = Some(vec![SecurityRequirement::new("session", Vec::<String>::new())]);
    }
}

fn problem(description: &str) -> RefOr<utoipa::openapi::Response> {
    let schema = RefOr::Ref(Ref::from_schema_name("Problem"));
    ResponseBuilder::new()
        .description(description)
        .content(
            "application/problem+json",
            ContentBuilder::new().schema(Some(schema)).build(),
        )
        .build()
        .into()
}

fn problems(list: &[(&str, &str)]) -> BTreeMap<String, RefOr<utoipa::openapi::Response>> {
    list.iter()
        .map(|(status, description)| ((*status).to_owned(), problem(description)))
        .collect()
}

/// Refusals of every read.
pub struct Reading;

impl IntoResponses for Reading {
    fn responses() -> BTreeMap<String, RefOr<utoipa::openapi::Response>> {
        problems(&[
            ("400", "malformed"),
            ("401", "no_login"),
            ("404", "not_found: missing, or somebody else's"),
            ("429", "rate_limited"),
            ("503", "not_ready or degraded"),
        ])
    }
}

/// Refusals of a read that is open to everybody.
pub struct Opening;

impl IntoResponses for Opening {
    fn responses() -> BTreeMap<String, RefOr<utoipa::openapi::Response>> {
        problems(&[
            ("400", "malformed"),
            ("404", "not_found: there is none yet"),
            ("429", "rate_limited"),
            ("503", "not_ready"),
        ])
    }
}

/// Refusals of every write.
pub struct Writing;

impl IntoResponses for Writing {
    fn responses() -> BTreeMap<String, RefOr<utoipa::openapi::Response>> {
        let mut all = Reading::responses();
        all.extend(problems(&[
            ("403", "csrf, forbidden, plan_required, step_up_required"),
            ("409", "conflict, version_mismatch, idempotency_mismatch"),
            ("413", "too_large"),
            ("415", "media_type"),
            ("422", "validation or risk_denied"),
            ("423", "killed or locked"),
        ]));
        all
    }
}

/// Refusals of a delivery to a webhook.
pub struct Delivering;

/// What a route that Discord posts to may refuse with.
pub struct Interacting;

impl IntoResponses for Interacting {
    fn responses() -> BTreeMap<String, RefOr<utoipa::openapi::Response>> {
        problems(&[
            (
                "401",
                "unauthorised: signature, time, size, or nothing that is answered; always the same",
            ),
            ("404", "not_found: no public key is configured"),
            ("503", "degraded: too much to do; nothing was done"),
        ])
    }
}

impl IntoResponses for Delivering {
    fn responses() -> BTreeMap<String, RefOr<utoipa::openapi::Response>> {
        problems(&[
            ("400", "malformed: the body ended early"),
            (
                "401",
                "unauthorised: unknown, wrong secret, signature, pass phrase or address; always the same",
            ),
            ("403", "forbidden: switched off; plan_required"),
            ("413", "too_large: more than 64 KiB"),
            ("422", "validation: it cannot be a signal, with the field"),
            ("429", "rate_limited"),
            (
                "503",
                "degraded or not_ready: nothing was taken, send it again after Retry-After",
            ),
        ])
    }
}

/// The finished document, held as bytes.
#[derive(Clone)]
pub struct Bytes(pub axum::body::Bytes);

/// Answers with the document.
pub async fn serve(State(document): State<Bytes>) -> Response {
    let mut response = document.0.into_response();
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// The document of the API as it is with the demo's login, pretty-printed: what the dashboard's types are made from.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn pretty() -> Result<String, serde_json::Error> {
    let (_, document) = crate::routes::api(Some(Demo)).split_for_parts();
    Ok(finish(document).to_pretty_json()? + "\n")
}

/// Lets pages and lists refer to their rows by name, where the generator writes them out in full.
#[must_use]
pub fn finish(mut document: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
    let Some(components) = document.components.as_mut() else {
        return document;
    };
    for (name, schema) in &mut components.schemas {
        let Some((_, row)) = name.split_once('_') else {
            continue;
        };
        if let RefOr::T(Schema::Object(object)) = schema
            && let Some(RefOr::T(Schema::Array(array))) = object.properties.get_mut("items")
        {
            array.items = ArrayItems::RefOrSchema(Box::new(RefOr::Ref(Ref::from_schema_name(row))));
        }
    }
    document
}
