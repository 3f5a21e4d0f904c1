//! The user who asks.

pub mod notice_log;
pub mod notices;
pub mod show;
pub mod update;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{gate, rate::Class, state::App};

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    let all = OpenApiRouter::new()
        .routes(routes!(show::show_profile, update::update_profile))
        .routes(routes!(notices::show_notices, notices::set_notices))
        .routes(routes!(notice_log::list_notices));
    gate::private(Class::Std, all)
}
