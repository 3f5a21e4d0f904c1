//! What the accounts are worth.

pub mod history;
pub mod show;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{gate, rate::Class, state::App};

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    let all = OpenApiRouter::new()
        .routes(routes!(show::show_portfolio))
        .routes(routes!(history::portfolio_history));
    gate::private(Class::Std, all)
}
