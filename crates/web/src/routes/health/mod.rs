//! How the program is doing: at the root, not under the API's base.

pub mod live;
pub mod ready;
pub mod version;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{gate, rate::Class, state::App};

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    let all = OpenApiRouter::new()
        .routes(routes!(live::alive))
        .routes(routes!(ready::ready))
        .routes(routes!(version::version));
    gate::public(Class::Pub, all)
}
