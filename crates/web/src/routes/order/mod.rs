//! Orders and their lives.

pub mod body;
pub mod cancel;
pub mod cancel_all;
pub mod list;
pub mod outside;
pub mod place;
pub mod preview;
pub mod resolve;
pub mod show;
pub mod timeline;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{gate, rate::Class, state::App};

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    let plain = OpenApiRouter::new()
        .routes(routes!(list::list_orders))
        .routes(routes!(outside::list_outside_orders))
        .routes(routes!(show::show_order))
        .routes(routes!(timeline::order_timeline))
        .routes(routes!(resolve::resolve_order));
    let writes = OpenApiRouter::new()
        .routes(routes!(place::place_order))
        .routes(routes!(preview::preview_order))
        .routes(routes!(cancel_all::cancel_all_orders))
        .routes(routes!(cancel::cancel_order));
    gate::private(Class::Std, plain).merge(gate::private(Class::Ord, writes))
}
