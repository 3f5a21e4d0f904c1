//! Executions.

pub mod list;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{gate, rate::Class, state::App};

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    gate::private(Class::Std, OpenApiRouter::new().routes(routes!(list::list_fills)))
}
