//! Whose signals are taken, and how.

pub mod body;
pub mod create;
pub mod delete;
pub mod list;
pub mod pause;
pub mod resume;
pub mod show;
pub mod update;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{gate, rate::Class, state::App};

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    let all = OpenApiRouter::new()
        .routes(routes!(list::list_follows, create::create_follow))
        .routes(routes!(
            show::show_follow,
            update::update_follow,
            delete::end_follow
        ))
        .routes(routes!(pause::pause_follow))
        .routes(routes!(resume::resume_follow));
    gate::private(Class::Std, all)
}
