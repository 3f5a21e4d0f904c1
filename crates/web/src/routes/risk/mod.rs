//! Limits and switches.

pub mod body;
pub mod kill;
pub mod lift_kill;
pub mod limits;
pub mod pause;
pub mod resume;
pub mod set_limits;
pub mod status;
pub mod unlock;
pub mod withdraw;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{gate, rate::Class, state::App};

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    let plain = OpenApiRouter::new()
        .routes(routes!(limits::show_limits, set_limits::set_limits))
        .routes(routes!(withdraw::withdraw_limit))
        .routes(routes!(status::risk_status));
    let switches = OpenApiRouter::new()
        .routes(routes!(pause::pause))
        .routes(routes!(resume::resume))
        .routes(routes!(kill::kill, lift_kill::lift_kill))
        .routes(routes!(unlock::unlock));
    gate::private(Class::Std, plain).merge(gate::private(Class::Ord, switches))
}
