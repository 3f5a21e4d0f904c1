//! GET /brokers: the venues that are enabled.

use axum::{Json, extract::State};
use ordercast_app::desk::connection;

use crate::{
    errors::ApiError,
    openapi::Reading,
    request::Query,
    session::Login,
    state::App,
    view::{
        account::BrokerView,
        page::{Page, PageQuery},
    },
};

/// The venues that are enabled, by code, with what they can do.
#[utoipa::path(get, path = "/brokers", tag = "brokers", params(PageQuery), responses((status = 200, body = Page<BrokerView>), Reading))]
pub async fn list_brokers(
    State(app): State<App>,
    _: Login,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<BrokerView>>, ApiError> {
    let cut = query.checked()?;
    let venues = connection::catalogue(&app.ctx);
    Ok(Json(cut.whole(
        venues,
        |venue| venue.broker.clone(),
        |venue| BrokerView::of(venue, app.ctx.authorities.brokers.contains_key(&venue.broker)),
    )))
}
