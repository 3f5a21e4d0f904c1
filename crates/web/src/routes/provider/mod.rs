//! Who gives signals.

pub mod list;
pub mod profile;
pub mod profiles;
pub mod set_profile;
pub mod show;
pub mod try_profile;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{gate, rate::Class, state::App};

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    let all = OpenApiRouter::new()
        .routes(routes!(list::list_providers))
        .routes(routes!(show::show_provider))
        .routes(routes!(
            profile::show_provider_profile,
            set_profile::set_provider_profile
        ))
        .routes(routes!(profiles::list_provider_profiles));
    let heavy = OpenApiRouter::new().routes(routes!(try_profile::try_provider_profile));
    gate::private(Class::Std, all).merge(gate::private(Class::Heavy, heavy))
}
