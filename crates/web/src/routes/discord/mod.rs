//! Discord: where it posts what people typed and pressed.

pub mod interact;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::state::App;

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    // Its own check: the signature.
    OpenApiRouter::new().routes(routes!(interact::take_interaction))
}
