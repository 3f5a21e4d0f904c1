//! Who gives signals.

pub mod list;
pub mod show;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{gate, rate::Class, state::App};

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    let all = OpenApiRouter::new()
        .routes(routes!(list::list_providers))
        .routes(routes!(show::show_provider));
    gate::private(Class::Std, all)
}
