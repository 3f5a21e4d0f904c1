//! Logins and sessions.

pub mod connect;
pub mod csrf;
pub mod demo;
pub mod end_session;
pub mod link;
pub mod logout;
pub mod logout_all;
pub mod me;
pub mod sessions;
pub mod socket_token;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{config::Demo, gate, rate::Class, state::App};

/// The routes of this noun. The demo's login is there in demo mode only.
pub fn routes(demo: Option<Demo>) -> OpenApiRouter<App> {
    let own = OpenApiRouter::new()
        .routes(routes!(me::show_me))
        .routes(routes!(sessions::list_sessions))
        .routes(routes!(end_session::end_session))
        .routes(routes!(logout::logout))
        .routes(routes!(logout_all::logout_all))
        .routes(routes!(csrf::csrf_token))
        .routes(routes!(socket_token::socket_token));
    let routes = gate::private(Class::Std, own);
    if demo.is_some() {
        let open = OpenApiRouter::new().routes(routes!(demo::demo_login));
        routes.merge(gate::public(Class::Auth, open))
    } else {
        routes
    }
}
