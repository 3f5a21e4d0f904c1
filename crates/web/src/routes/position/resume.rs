//! POST /positions/{id}/resume: goes on watching levels that a jump of the price suspended.

use axum::{extract::State, http::StatusCode, response::Response};
use ordercast_app::manual;
use ordercast_model::ids::PositionId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    errors::ApiError,
    openapi::Writing,
    request::{Id, Keep, Once, value},
    session::Login,
    state::App,
};

/// With which stop it goes on.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ResumeBody {
    /// A new stop; the levels as they stand when left out: one that the price has passed leaves at once.
    pub stop_price: Option<String>,
}

/// What goes on.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResumedView {
    /// Lots whose levels had been suspended.
    pub resumed: usize,
}

/// Watches the stop and targets of a holding again, after its price had jumped without a trade (a split, a new symbol).
#[utoipa::path(post, path = "/positions/{id}/resume", tag = "positions", request_body = ResumeBody,
    params(("id" = String, Path, description = "Position"),
        ("Idempotency-Key" = String, Header, description = "1 to 64 visible characters; kept for 24 hours")),
    responses((status = 200, body = ResumedView, description = "Watched"), Writing))]
pub async fn resume_position(
    State(app): State<App>,
    login: Login,
    Id(id): Id<PositionId>,
    once: Once<ResumeBody>,
) -> Result<Response, ApiError> {
    let (ctx, user) = (&app.ctx, &login.user);
    once.run(&app, &login, Keep::Day, async |body| {
        let stop = body.stop_price.as_deref().map(str::parse).transpose();
        let stop = stop.map_err(|_| {
            ApiError::invalid("stop_price", "expected a price above 0, such as 91.50".to_owned())
        })?;
        let resumed = manual::resume(ctx, user, id, stop).await?;
        Ok((StatusCode::OK, value(&ResumedView { resumed })?))
    })
    .await
}
