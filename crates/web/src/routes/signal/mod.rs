//! Signals and the decisions on them.

pub mod decisions;
pub mod list;
pub mod parse;
pub mod show;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{gate, rate::Class, state::App};

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    let reads = OpenApiRouter::new()
        .routes(routes!(list::list_signals))
        .routes(routes!(show::show_signal))
        .routes(routes!(decisions::list_decisions));
    let heavy = OpenApiRouter::new().routes(routes!(parse::parse_text));
    gate::private(Class::Std, reads).merge(gate::private(Class::Heavy, heavy))
}
