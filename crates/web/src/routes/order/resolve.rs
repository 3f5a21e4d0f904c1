//! POST /orders/{id}/resolve: settles an order that nobody could look up.

use axum::{Json, extract::State};
use ordercast_app::settle::{self, Verdict};
use ordercast_model::ids::OrderId;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    errors::ApiError,
    openapi::Writing,
    request::{self, Id},
    session::{From, Login},
    state::App,
    view::order::OrderView,
};

/// How it ended at the broker.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Settled {
    /// It never was there.
    Rejected,
    /// It was there and was cancelled.
    Cancelled,
    /// It was there and ran out of time.
    Expired,
}

/// What a platform admin saw at the broker.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResolveBody {
    /// How it ended there. What filled is booked from the broker's own executions alone, never by this.
    pub state: Settled,
    /// What was seen, 1 to 200 characters; the trader reads it.
    #[schema(min_length = 1, max_length = 200)]
    pub reason: String,
}

/// Settles an escalated order of anybody and gives back what it had reserved. For platform admins; needs a step-up.
#[utoipa::path(post, path = "/orders/{id}/resolve", tag = "orders",
    params(("id" = String, Path, description = "Order")), request_body = ResolveBody,
    responses((status = 200, body = OrderView), Writing))]
pub async fn resolve_order(
    State(app): State<App>,
    login: Login,
    From(caller): From,
    Id(id): Id<OrderId>,
    request::Json(body): request::Json<ResolveBody>,
) -> Result<Json<OrderView>, ApiError> {
    let verdict = match body.state {
        Settled::Rejected => Verdict::Rejected,
        Settled::Cancelled => Verdict::Cancelled,
        Settled::Expired => Verdict::Expired,
    };
    let who = (&login.user, &login.session);
    let order = settle::settle(&app.ctx, who, id, (verdict, &body.reason), &caller).await?;
    Ok(Json(order.into()))
}
