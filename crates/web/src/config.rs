//! What the HTTP side is told at start: where it is reached, its keys, and whom to ask how the program is doing.

use std::{net::IpAddr, sync::Arc, time::Duration};

use hmac::{Hmac, KeyInit, Mac};
use ordercast_app::context::Context;
use ordercast_model::{ports::chat::Inlet, secret::Secret};
use sha2::Sha256;

/// The demo is on: its login exists. Made only by the demo command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Demo;

/// Settings of the HTTP side.
#[derive(Debug, Clone)]
pub struct WebConfig {
    /// Origins a browser may come from (`https://ordercast.example`, `http://127.0.0.1:8000`), without a trailing slash.
    /// The first is the address shown to users.
    pub origins: Vec<String>,
    /// Reached over https (by itself or behind a proxy): `__Host-` cookies and HSTS.
    pub secure: bool,
    /// Addresses of proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Keys of the CSRF tokens, newest first; at least 32 bytes each.
    pub csrf_keys: Vec<Secret<Vec<u8>>>,
    /// Keys of the socket tokens by id, newest first; at least 32 bytes each.
    pub socket_keys: Vec<(String, Secret<Vec<u8>>)>,
    /// Life of a socket token.
    pub socket_token_life: Duration,
    /// A request that takes longer is answered with 503.
    pub request_timeout: Duration,
    /// Present in demo mode only.
    pub demo: Option<Demo>,
    /// Loopback callers are not limited; never in production.
    pub loopback_unlimited: bool,
    /// Version and commit shown at `/version`.
    pub version: Version,
}

/// What is running.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Version {
    /// Version of the program.
    pub version: String,
    /// Commit it was built from.
    pub commit: Option<String>,
}

/// How a part of the program is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PartState {
    /// Works.
    Ok,
    /// Works with trouble; the program takes requests.
    Degraded,
    /// Does not work; the program takes no requests.
    Down,
}

/// One part of the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Name.
    pub name: &'static str,
    /// How it is doing.
    pub state: PartState,
    /// Why, in words, unless it works.
    pub reason: Option<String>,
}

/// Knows how every part is doing.
pub trait Readiness: Send + Sync {
    /// Every part, in stable order. Safe to repeat.
    fn parts(&self) -> ordercast_model::ports::BoxFuture<'_, Vec<Part>>;
}

/// What the HTTP side needs from outside.
#[derive(Clone)]
pub struct Deps {
    /// Ports and settings of the program.
    pub ctx: Context,
    /// How every part is doing.
    pub readiness: Arc<dyn Readiness>,
    /// Takes what Discord posts; none = the route answers 404.
    pub inlet: Option<Arc<dyn Inlet>>,
}

/// The name of a key in the tokens it signs: the same wherever the key is given; says nothing of the key.
#[must_use]
pub fn key_id(key: &Secret<Vec<u8>>) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.expose()) else {
        return String::new();
    };
    mac.update(b"ordercast key id v1");
    let bytes: [u8; 32] = mac.finalize().into_bytes().into();
    bytes.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}
