//! Cards that ask.

pub mod approve;
pub mod decline;
pub mod list;
pub mod show;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{gate, rate::Class, state::App};

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    let reads = OpenApiRouter::new()
        .routes(routes!(list::list_approvals))
        .routes(routes!(show::show_approval));
    let writes = OpenApiRouter::new()
        .routes(routes!(approve::approve))
        .routes(routes!(decline::decline));
    gate::private(Class::Std, reads).merge(gate::private(Class::Ord, writes))
}
