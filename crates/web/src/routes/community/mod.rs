//! What a community sets for its members.

pub mod caps;
pub mod list;
pub mod set_caps;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{gate, rate::Class, state::App};

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    let all = OpenApiRouter::new()
        .routes(routes!(list::list_communities))
        .routes(routes!(caps::show_caps, set_caps::set_caps));
    gate::private(Class::Std, all)
}
