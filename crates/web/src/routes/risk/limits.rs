//! GET /risk/limits: the own limits.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderValue, header},
};
use ordercast_app::desk::risk;

use crate::{errors::ApiError, openapi::Reading, session::Login, state::App, view::risk::UserLimitsView};

/// The own limits; `ETag` carries the version.
#[utoipa::path(get, path = "/risk/limits", tag = "risk", responses((status = 200, body = UserLimitsView), Reading))]
pub async fn show_limits(
    State(app): State<App>,
    login: Login,
) -> Result<(HeaderMap, Json<UserLimitsView>), ApiError> {
    let limits = risk::limits(&app.ctx, &login.user).await?;
    let mut headers = HeaderMap::new();
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{}\"", limits.version)) {
        headers.insert(header::ETAG, tag);
    }
    Ok((headers, Json(limits.into())))
}
