//! Puts the whole HTTP side together: the routes, the pages, the live connection, and the layers around them.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::{from_fn, from_fn_with_state},
    routing::get,
};
use tower_http::catch_panic::CatchPanicLayer;

use crate::{
    assets,
    config::{Deps, WebConfig},
    layer, openapi,
    routes::{
        self,
        auth::{connect, link},
    },
    socket::{self, SocketHandle, Tasks},
    state::App,
};

/// Largest body that is taken.
const BODY_MAX: usize = 256 * 1_024;

/// The HTTP side of a running program.
pub struct Web {
    /// Answers every request. Serve it with `into_make_service_with_connect_info::<SocketAddr>()`, so that callers have
    /// addresses.
    pub router: Router,
    /// Closes the live connections.
    pub sockets: SocketHandle,
    /// Tasks to be spawned by the owner.
    pub tasks: Tasks,
}

/// Why the HTTP side cannot be put together.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// A setting is missing or too weak.
    #[error("{0}")]
    Config(String),
    /// The API document cannot be written.
    #[error("the API document cannot be written: {0}")]
    Document(#[from] serde_json::Error),
}

/// Puts the HTTP side together. Binds nothing and spawns nothing.
///
/// # Errors
/// When a key is missing or shorter than 32 bytes, or no origin is allowed.
pub fn serve(config: WebConfig, deps: Deps) -> Result<Web, ServeError> {
    check(&config)?;
    let demo = config.demo;
    let app = App::new(config, deps);
    let (api, document) = routes::api(demo).split_for_parts();
    let document = openapi::Bytes(openapi::finish(document).to_json()?.into());
    let pages = Router::new()
        .route("/api/v1/openapi.json", get(openapi::serve))
        .with_state(document);
    let mut router = api.merge(pages);
    router = router.route("/link", get(connect::show).post(connect::confirm));
    if demo.is_some() {
        router = router.route("/demo/login", get(link::follow));
    }
    let (live, sockets, tasks) = socket::layer(&app);
    let router = router
        .fallback(assets::serve)
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(from_fn_with_state(app.clone(), layer::time_out))
        .layer(CatchPanicLayer::custom(layer::panicked))
        .layer(from_fn(layer::no_store))
        .layer(live)
        .layer(from_fn_with_state(app.clone(), layer::frame))
        .with_state(app);
    Ok(Web {
        router,
        sockets,
        tasks,
    })
}

fn check(config: &WebConfig) -> Result<(), ServeError> {
    let short = |key: &[u8]| key.len() < 32;
    if config.csrf_keys.is_empty() || config.csrf_keys.iter().any(|key| short(key.expose())) {
        return Err(ServeError::Config(
            "there must be a CSRF key, and each must have at least 32 bytes".to_owned(),
        ));
    }
    if config.socket_keys.is_empty() || config.socket_keys.iter().any(|(_, key)| short(key.expose())) {
        return Err(ServeError::Config(
            "there must be a socket key, and each must have at least 32 bytes".to_owned(),
        ));
    }
    if config.origins.is_empty() {
        return Err(ServeError::Config(
            "there must be at least one allowed origin".to_owned(),
        ));
    }
    Ok(())
}
