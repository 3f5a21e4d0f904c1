//! GET /positions: the own holdings.

use axum::{Json, extract::State};
use ordercast_app::desk::position;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::{
    errors::ApiError,
    openapi::Reading,
    request::Query,
    session::Login,
    state::App,
    view::{
        page::{Page, PageQuery},
        position::PositionView,
    },
};

/// Which holdings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Held {
    /// Held now.
    #[default]
    Open,
    /// Held now or before.
    All,
}

/// Which holdings.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PositionsQuery {
    /// `open` when left out.
    #[serde(default)]
    #[param(inline, required = false)]
    pub status: Held,
    /// Rows of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// The own holdings, newest first, marked at the newest quote.
#[utoipa::path(get, path = "/positions", tag = "positions", params(PositionsQuery),
    responses((status = 200, body = Page<PositionView>), Reading))]
pub async fn list_positions(
    State(app): State<App>,
    login: Login,
    Query(query): Query<PositionsQuery>,
) -> Result<Json<Page<PositionView>>, ApiError> {
    let page = PageQuery {
        limit: query.limit,
        cursor: query.cursor,
    };
    let cut = page.checked()?;
    let rows = position::list(&app.ctx, &login.user, query.status == Held::Open, cut.store()).await?;
    Ok(Json(cut.page(
        rows,
        |row| row.position.id.to_string(),
        PositionView::from,
    )))
}
