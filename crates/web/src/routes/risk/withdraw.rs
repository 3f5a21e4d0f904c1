//! DELETE /risk/limits/pending/{limit}: takes back what was asked of a limit.

use axum::{
    Json,
    extract::{Path, State},
};
use ordercast_app::desk::loosening;

use crate::{
    errors::ApiError,
    openapi::Writing,
    session::{From, Login},
    state::App,
    view::risk::UserLimitsView,
};

/// Takes back that a limit is to be loosened. Needs nothing, since it tightens.
#[utoipa::path(delete, path = "/risk/limits/pending/{limit}", tag = "risk",
    params(("limit" = String, Path, description = "Name of the limit, as `position_pct` or `drift_pct.equity`")),
    responses((status = 200, body = UserLimitsView), Writing))]
pub async fn withdraw_limit(
    State(app): State<App>,
    login: Login,
    From(caller): From,
    Path(limit): Path<String>,
) -> Result<Json<UserLimitsView>, ApiError> {
    let limits = loosening::withdraw(&app.ctx, &login.user, &limit, &caller).await?;
    Ok(Json(limits.into()))
}
