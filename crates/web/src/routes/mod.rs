//! Table of contents of the API: one noun one folder, one endpoint one file.

pub mod admin;
pub mod approval;
pub mod auth;
pub mod broker;
pub mod community;
pub mod connection;
pub mod discord;
pub mod fill;
pub mod follow;
pub mod health;
pub mod hook;
pub mod journal;
pub mod market;
pub mod me;
pub mod order;
pub mod portfolio;
pub mod position;
pub mod provider;
pub mod risk;
pub mod signal;

use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::{config::Demo, openapi::Document, state::App};

/// Where the API begins.
pub const BASE: &str = "/api/v1";

/// Every route with its text, the API's under its base; the demo's login only when the demo is on.
pub fn api(demo: Option<Demo>) -> OpenApiRouter<App> {
    let nouns = OpenApiRouter::new()
        .merge(auth::routes(demo))
        .merge(me::routes())
        .merge(broker::routes())
        .merge(connection::routes())
        .merge(portfolio::routes())
        .merge(position::routes())
        .merge(order::routes())
        .merge(fill::routes())
        .merge(approval::routes())
        .merge(signal::routes())
        .merge(provider::routes())
        .merge(hook::routes())
        .merge(discord::routes())
        .merge(follow::routes())
        .merge(community::routes())
        .merge(risk::routes())
        .merge(admin::routes())
        .merge(market::routes())
        .merge(journal::routes());
    OpenApiRouter::with_openapi(Document::openapi())
        .nest(BASE, nouns)
        .merge(health::routes())
}
