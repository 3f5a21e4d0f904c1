//! GET /follows: the own follows.

use axum::{Json, extract::State};
use ordercast_app::desk::follow;

use crate::{
    errors::ApiError,
    openapi::Reading,
    request::Query,
    session::Login,
    state::App,
    view::{
        page::{Page, PageQuery},
        signal::FollowView,
    },
};

/// The own follows, newest first.
#[utoipa::path(get, path = "/follows", tag = "follows", params(PageQuery), responses((status = 200, body = Page<FollowView>), Reading))]
pub async fn list_follows(
    State(app): State<App>,
    login: Login,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<FollowView>>, ApiError> {
    let cut = query.checked()?;
    let rows = follow::list(&app.ctx, &login.user).await?;
    Ok(Json(cut.whole(rows, |row| row.id.to_string(), FollowView::from)))
}
