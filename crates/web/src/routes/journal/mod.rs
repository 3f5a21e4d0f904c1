//! The record of everything.

pub mod checkpoints;
pub mod key;
pub mod list;
pub mod proof;
pub mod show;
pub mod verify;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{gate, rate::Class, state::App};

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    let reads = OpenApiRouter::new()
        .routes(routes!(list::list_journal))
        .routes(routes!(show::show_entry));
    let heavy = OpenApiRouter::new()
        .routes(routes!(verify::verify_journal))
        .routes(routes!(proof::prove_entry))
        .routes(routes!(proof::prove_growth));
    let open = OpenApiRouter::new()
        .routes(routes!(checkpoints::list_checkpoints))
        .routes(routes!(key::journal_key));
    gate::public(Class::Pub, open)
        .merge(gate::private(Class::Std, reads))
        .merge(gate::private(Class::Heavy, heavy))
}
