//! Holdings.

pub mod close;
pub mod close_all;
pub mod list;
pub mod resume;
pub mod show;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{gate, rate::Class, state::App};

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    let reads = OpenApiRouter::new()
        .routes(routes!(list::list_positions))
        .routes(routes!(show::show_position));
    let writes = OpenApiRouter::new()
        .routes(routes!(close_all::close_all_positions))
        .routes(routes!(close::close_position))
        .routes(routes!(resume::resume_position));
    gate::private(Class::Std, reads).merge(gate::private(Class::Ord, writes))
}
