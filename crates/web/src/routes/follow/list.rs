//! GET /follows: the own follows.

use axum::{Json, extract::State};
use ordercast_app::desk::follow;

use crate::{
    errors::ApiError,
    openapi::Reading,
    session::Login,
    state::App,
    view::{page::List, signal::FollowView},
};

/// The own follows, newest first.
#[utoipa::path(get, path = "/follows", tag = "follows", responses((status = 200, body = List<FollowView>), Reading))]
pub async fn list_follows(State(app): State<App>, login: Login) -> Result<Json<List<FollowView>>, ApiError> {
    Ok(Json(List::of(follow::list(&app.ctx, &login.user).await?)))
}
