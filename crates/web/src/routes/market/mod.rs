//! Quotes, bars, instruments, sessions.

pub mod bars;
pub mod calendar;
pub mod instruments;
pub mod quotes;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{gate, rate::Class, state::App};

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    let all = OpenApiRouter::new()
        .routes(routes!(quotes::list_quotes))
        .routes(routes!(bars::list_bars))
        .routes(routes!(instruments::list_instruments))
        .routes(routes!(calendar::show_calendar));
    gate::private(Class::Std, all)
}
