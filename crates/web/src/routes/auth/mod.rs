//! Logins and sessions.

pub mod connect;
pub mod csrf;
pub mod demo;
pub mod demo_code;
pub mod discord;
pub mod end_session;
pub mod link;
pub mod logout;
pub mod logout_all;
pub mod me;
pub mod recovery_codes;
pub mod refresh;
pub mod sessions;
pub mod socket_token;
pub mod step_up;
pub mod totp;
pub mod ways;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{config::Demo, gate, rate::Class, state::App};

/// The routes of this noun. The demo's login and authenticator are there in demo mode only.
pub fn routes(demo: Option<Demo>) -> OpenApiRouter<App> {
    let own = OpenApiRouter::new()
        .routes(routes!(me::show_me))
        .routes(routes!(sessions::list_sessions))
        .routes(routes!(end_session::end_session))
        .routes(routes!(logout::logout))
        .routes(routes!(logout_all::logout_all))
        .routes(routes!(csrf::csrf_token))
        .routes(routes!(socket_token::socket_token));
    let factor = OpenApiRouter::new()
        .routes(routes!(step_up::step_up))
        .routes(routes!(totp::begin_totp, totp::remove_totp))
        .routes(routes!(totp::confirm_totp))
        .routes(routes!(recovery_codes::new_recovery_codes));
    let own = own.routes(routes!(totp::show_totp));
    let leave = OpenApiRouter::new().routes(routes!(discord::begin_discord_login));
    let arrive = OpenApiRouter::new().routes(routes!(discord::finish_discord_login));
    let ways = OpenApiRouter::new().routes(routes!(ways::show_ways));
    let refresh = OpenApiRouter::new().routes(routes!(refresh::refresh_session));
    let routes = gate::private(Class::Std, own)
        .merge(gate::private(Class::Auth, factor))
        .merge(gate::private(Class::Refresh, refresh))
        .merge(gate::public(Class::Auth, leave))
        .merge(gate::public(Class::Callback, arrive))
        .merge(gate::public(Class::Pub, ways));
    if demo.is_some() {
        let open = OpenApiRouter::new().routes(routes!(demo::demo_login));
        let code = OpenApiRouter::new().routes(routes!(demo_code::demo_code));
        routes
            .merge(gate::public(Class::Auth, open))
            .merge(gate::private(Class::Std, code))
    } else {
        routes
    }
}
