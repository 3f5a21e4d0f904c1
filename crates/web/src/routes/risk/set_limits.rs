//! PUT /risk/limits: sets the own limits.

use axum::extract::State;
use ordercast_app::desk::risk;

use crate::{
    errors::ApiError,
    openapi::Writing,
    request::{IfMatch, Json},
    session::{From, Login},
    state::App,
    view::risk::{LimitsView, UserLimitsView},
};

/// Sets all own limits. Each must be within its range; the first that is not is named. What tightens holds at once. What
/// loosens needs a step-up and holds ten minutes later; until then it stands under `pending`. A limit that is sent as it
/// stands keeps what is pending for it. Without the step-up nothing is changed at all.
#[utoipa::path(put, path = "/risk/limits", tag = "risk", request_body = LimitsView,
    params(("If-Match" = String, Header, description = "Version that is changed; 0 for the defaults")),
    responses((status = 200, body = UserLimitsView), Writing))]
pub async fn set_limits(
    State(app): State<App>,
    login: Login,
    From(caller): From,
    IfMatch(version): IfMatch,
    Json(body): Json<LimitsView>,
) -> Result<axum::Json<UserLimitsView>, ApiError> {
    let limits = body
        .read()
        .map_err(|field| ApiError::invalid(field, expected(field)))?;
    let set = risk::set_limits(&app.ctx, &login.user, &login.session, version, limits, &caller).await?;
    Ok(axum::Json(set.into()))
}

fn expected(field: &str) -> &'static str {
    match field {
        "trading_windows" => {
            "expected days, hours such as 09:30 and 16:00, and a zone such as America/New_York"
        }
        _ => "expected a decimal number such as 12.5, as text",
    }
}
