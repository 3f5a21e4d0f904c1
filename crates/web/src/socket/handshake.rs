//! Who may open a live connection: a good token of a session that lives, from one of our pages, not too often.

use ordercast_app::identity;
use ordercast_model::{
    plan::Plan,
    time::Timestamp,
    user::{Session, User},
};
use serde::Deserialize;
use socketioxide::extract::{SocketRef, TryData};

use super::{envelope::Code, token};
use crate::{gate::is_loopback, rate::Class, session::From, state::App};

/// What the client says at the handshake.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Auth {
    #[serde(default)]
    token: Option<String>,
}

/// The one behind a connection; kept with the socket.
#[derive(Debug, Clone)]
pub(super) struct Guest {
    pub(super) user: User,
    pub(super) session: Session,
    pub(super) expires_at: Timestamp,
}

/// Lets a socket in or says why not.
pub(super) async fn admit(app: &App, socket: &SocketRef, auth: &Result<Auth, String>) -> Result<Guest, Code> {
    let parts = socket.req_parts();
    let address = parts
        .extensions
        .get::<From>()
        .and_then(|from| from.0.address.clone())
        .unwrap_or_default();
    let limited = !(app.config.loopback_unlimited && is_loopback(&address));
    let now = app.ctx.clock.monotonic();
    if limited {
        let bad = Class::HandshakeBad.quota(Plan::Free);
        let all = Class::HandshakeAddress.quota(Plan::Free);
        if !app.limiter.peek(Class::HandshakeBad, &address, bad, now).allowed
            || !app
                .limiter
                .take(Class::HandshakeAddress, &address, all, now)
                .allowed
        {
            return Err(Code::RateLimitExceeded);
        }
    }
    let admitted = check(app, socket, auth).await;
    match &admitted {
        Err(Code::AuthenticationFailed | Code::OriginRefused) if limited => {
            let bad = Class::HandshakeBad.quota(Plan::Free);
            app.limiter.take(Class::HandshakeBad, &address, bad, now);
        }
        Ok(guest) if limited => {
            let quota = Class::HandshakeUser.quota(Plan::Free);
            let key = guest.user.id.to_string();
            if !app.limiter.take(Class::HandshakeUser, &key, quota, now).allowed {
                return Err(Code::RateLimitExceeded);
            }
        }
        _ => {}
    }
    admitted
}

async fn check(app: &App, socket: &SocketRef, auth: &Result<Auth, String>) -> Result<Guest, Code> {
    let parts = socket.req_parts();
    let origin = parts.headers.get("origin").map(|v| v.to_str().unwrap_or("?"));
    if origin.is_some_and(|origin| !app.config.origins.iter().any(|own| own == origin)) {
        return Err(Code::OriginRefused);
    }
    let given = auth.as_ref().ok().and_then(|auth| auth.token.as_deref());
    let from_query = || {
        let pairs = parts.uri.query().unwrap_or("").split('&');
        pairs
            .filter_map(|pair| pair.split_once('='))
            .find(|(key, _)| *key == "token")
    };
    let token = given.or_else(|| from_query().map(|(_, value)| value));
    read(app, token.ok_or(Code::AuthenticationFailed)?).await
}

/// The one behind a token, whose session must live.
pub(super) async fn read(app: &App, text: &str) -> Result<Guest, Code> {
    let claims =
        token::verify(&app.config.socket_keys, text, app.ctx.now()).map_err(|error| match error {
            token::TokenError::Invalid => Code::AuthenticationFailed,
            token::TokenError::Expired => Code::TokenExpired,
        })?;
    let found = identity::behind(&app.ctx, claims.sub, claims.sid).await;
    match found {
        Ok(Some((user, session))) => Ok(Guest {
            user,
            session,
            expires_at: claims.expires_at(),
        }),
        Ok(None) => Err(Code::AuthenticationFailed),
        Err(error) => {
            tracing::error!(%error, "socket handshake");
            Err(Code::InternalError)
        }
    }
}

/// The auth payload, or why it cannot be read.
pub(super) fn payload(data: TryData<Auth>) -> Result<Auth, String> {
    data.0.map_err(|error| error.to_string())
}
