//! GET /hooks/{id}/deliveries: the log of a webhook.

use axum::{Json, extract::State};
use ordercast_app::hook;
use ordercast_model::ids::HookId;

use crate::{
    errors::ApiError,
    openapi::Reading,
    request::{Id, Query},
    session::Login,
    state::App,
    view::{
        hook::DeliveryView,
        page::{Page, PageQuery},
    },
};

/// The last hundred deliveries of a webhook, newest first, each with what became of it. Knocks without the secret are not
/// deliveries.
#[utoipa::path(get, path = "/hooks/{id}/deliveries", tag = "hooks",
    params(("id" = String, Path, description = "Webhook"), PageQuery),
    responses((status = 200, body = Page<DeliveryView>), Reading))]
pub async fn list_deliveries(
    State(app): State<App>,
    login: Login,
    Id(id): Id<HookId>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<DeliveryView>>, ApiError> {
    let cut = query.checked()?;
    let rows = hook::deliveries(&app.ctx, &login.user, id).await?;
    Ok(Json(cut.whole(
        rows,
        |row| format!("{:020}", row.number),
        DeliveryView::from,
    )))
}
