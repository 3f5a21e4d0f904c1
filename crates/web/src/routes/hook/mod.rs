//! Webhooks: what their owners do with them, and the door through which signals come.

pub mod create;
pub mod deliver;
pub mod deliveries;
pub mod list;
pub mod preview;
pub mod remove;
pub mod replay;
pub mod rotate;
pub mod update;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{gate, rate::Class, state::App};

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    let own = OpenApiRouter::new()
        .routes(routes!(list::list_hooks, create::create_hook))
        .routes(routes!(update::update_hook, remove::remove_hook))
        .routes(routes!(rotate::rotate_hook))
        .routes(routes!(preview::preview_hook))
        .routes(routes!(deliveries::list_deliveries))
        .routes(routes!(replay::replay_delivery));
    // Its own checks: the secret, then the quota of the hook.
    let open = OpenApiRouter::new().routes(routes!(deliver::deliver_signal));
    gate::private(Class::Std, own).merge(open)
}
