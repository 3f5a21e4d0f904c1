//! Accounts at venues.

pub mod create;
pub mod list;
pub mod remove;
pub mod show;
pub mod update;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{gate, rate::Class, state::App};

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    let all = OpenApiRouter::new()
        .routes(routes!(list::list_connections, create::create_connection))
        .routes(routes!(
            show::show_connection,
            update::update_connection,
            remove::remove_connection
        ));
    gate::private(Class::Std, all)
}
