//! Accounts at venues.

pub mod authorise;
pub mod create;
pub mod list;
pub mod remove;
pub mod show;
pub mod sync;
pub mod test;
pub mod update;

use std::collections::BTreeMap;

use ordercast_app::desk::connect::Credential;
use ordercast_model::secret::Secret;
use serde::Deserialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{gate, rate::Class, state::App};

/// A credential as it is given; prints nothing of it.
#[derive(Deserialize)]
#[serde(transparent)]
pub struct Given(BTreeMap<String, String>);

impl std::fmt::Debug for Given {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Given {
    /// Its fields, each hidden from here on.
    fn into_fields(self) -> Credential {
        let hidden = |(name, value)| (name, Secret::new(value));
        self.0.into_iter().map(hidden).collect()
    }
}

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    let all = OpenApiRouter::new()
        .routes(routes!(list::list_connections, create::create_connection))
        .routes(routes!(
            show::show_connection,
            update::update_connection,
            remove::remove_connection
        ));
    let heavy = OpenApiRouter::new()
        .routes(routes!(test::test_credential))
        .routes(routes!(sync::sync_connection));
    let leave = OpenApiRouter::new().routes(routes!(authorise::begin_authorisation));
    let arrive = OpenApiRouter::new().routes(routes!(authorise::finish_authorisation));
    gate::private(Class::Std, all)
        .merge(gate::private(Class::Heavy, heavy))
        .merge(gate::private(Class::Auth, leave))
        .merge(gate::private(Class::Callback, arrive))
}
