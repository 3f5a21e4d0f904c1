//! GET /brokers: the venues that are enabled.

use axum::{Json, extract::State};
use ordercast_app::desk::connection;

use crate::{
    openapi::Reading,
    session::Login,
    state::App,
    view::{account::BrokerView, page::List},
};

/// The venues that are enabled, with what they can do.
#[utoipa::path(get, path = "/brokers", tag = "brokers", responses((status = 200, body = List<BrokerView>), Reading))]
pub async fn list_brokers(State(app): State<App>, _: Login) -> Json<List<BrokerView>> {
    Json(List::of(connection::catalogue(&app.ctx)))
}
