//! Venues and what they can do.

pub mod list;
pub mod show;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{gate, rate::Class, state::App};

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    let all = OpenApiRouter::new()
        .routes(routes!(list::list_brokers))
        .routes(routes!(show::show_broker));
    gate::private(Class::Std, all)
}
