//! What platform admins look at and decide.

pub mod lift_reconcile_only;
pub mod lock;
pub mod reconcile_only;
pub mod unlock;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{gate, rate::Class, state::App};

/// The routes of this noun.
pub fn routes() -> OpenApiRouter<App> {
    let all = OpenApiRouter::new().routes(routes!(
        reconcile_only::show_reconcile_only,
        lift_reconcile_only::lift_reconcile_only
    ));
    let switches = OpenApiRouter::new()
        .routes(routes!(lock::lock_user))
        .routes(routes!(unlock::unlock_user));
    gate::private(Class::Std, all).merge(gate::private(Class::Ord, switches))
}
