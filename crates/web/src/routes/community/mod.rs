//! What a community sets for its members.

pub mod caps;
pub mod list;
pub mod locks;
pub mod set_caps;
pub mod set_staff_unlocks;
pub mod unlock;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{gate, rate::Class, state::App};

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    let all = OpenApiRouter::new()
        .routes(routes!(list::list_communities))
        .routes(routes!(caps::show_caps, set_caps::set_caps))
        .routes(routes!(set_staff_unlocks::set_staff_unlocks))
        .routes(routes!(locks::list_locks));
    let switches = OpenApiRouter::new().routes(routes!(unlock::unlock_member));
    gate::private(Class::Std, all).merge(gate::private(Class::Ord, switches))
}
