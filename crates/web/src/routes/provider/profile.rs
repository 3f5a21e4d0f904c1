//! GET /providers/{id}/profile: what a provider taught.

use axum::{Json, extract::State};
use ordercast_app::teach;
use ordercast_model::ids::ProviderId;

use crate::{
    errors::ApiError, openapi::Reading, request::Id, session::Login, state::App, view::profile::LessonView,
};

/// What a provider one manages taught of its own way of writing; version 0 when nothing was taught.
#[utoipa::path(get, path = "/providers/{id}/profile", tag = "providers",
    params(("id" = String, Path, description = "Provider")),
    responses((status = 200, body = LessonView), (status = 403, description = "forbidden"), Reading))]
pub async fn show_provider_profile(
    State(app): State<App>,
    login: Login,
    Id(id): Id<ProviderId>,
) -> Result<Json<LessonView>, ApiError> {
    let row = teach::show(&app.ctx, &login.user, id).await?;
    Ok(Json(LessonView::of(login.user.id, id, row)))
}
