//! PUT /providers/{id}/profile: teaches a provider's way of writing.

use axum::extract::State;
use ordercast_app::teach;
use ordercast_model::ids::ProviderId;

use crate::{
    errors::ApiError,
    openapi::Writing,
    request::{Id, IfMatch, Json},
    session::{From, Login},
    state::App,
    view::profile::{LessonBody, LessonView},
};

/// Makes a new version of what a provider taught, which the next message is read with. What is left out is empty; what
/// is taught already makes no new version. Every fault is named by its field.
#[utoipa::path(put, path = "/providers/{id}/profile", tag = "providers", request_body = LessonBody,
    params(("id" = String, Path, description = "Provider"),
        ("If-Match" = String, Header, description = "Version that is changed; 0 when nothing was taught")),
    responses((status = 200, body = LessonView), Writing))]
pub async fn set_provider_profile(
    State(app): State<App>,
    login: Login,
    From(caller): From,
    Id(id): Id<ProviderId>,
    IfMatch(version): IfMatch,
    Json(body): Json<LessonBody>,
) -> Result<axum::Json<LessonView>, ApiError> {
    let row = teach::save(&app.ctx, &login.user, id, version, body.into(), &caller).await?;
    Ok(axum::Json(LessonView::of(login.user.id, id, Some(row))))
}
