//! The record of everything.

pub mod list;
pub mod show;
pub mod verify;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{gate, rate::Class, state::App};

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    let reads = OpenApiRouter::new()
        .routes(routes!(list::list_journal))
        .routes(routes!(show::show_entry));
    let heavy = OpenApiRouter::new().routes(routes!(verify::verify_journal));
    gate::private(Class::Std, reads).merge(gate::private(Class::Heavy, heavy))
}
