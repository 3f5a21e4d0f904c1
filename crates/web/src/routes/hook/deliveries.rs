//! GET /hooks/{id}/deliveries: the log of a webhook.

use axum::{Json, extract::State};
use ordercast_app::hook;
use ordercast_model::ids::HookId;

use crate::{
    errors::ApiError,
    openapi::Reading,
    request::Id,
    session::Login,
    state::App,
    view::{hook::DeliveryView, page::List},
};

/// The last hundred deliveries of a webhook, newest first, each with what became of it. Knocks without the secret are not
/// deliveries.
#[utoipa::path(get, path = "/hooks/{id}/deliveries", tag = "hooks",
    params(("id" = String, Path, description = "Webhook")),
    responses((status = 200, body = List<DeliveryView>), Reading))]
pub async fn list_deliveries(
    State(app): State<App>,
    login: Login,
    Id(id): Id<HookId>,
) -> Result<Json<List<DeliveryView>>, ApiError> {
    Ok(Json(List::of(hook::deliveries(&app.ctx, &login.user, id).await?)))
}
