//! How a simulated Discord is set up: address, folder, world, and the limits it holds clients to.

use super::oauth::OauthApp;
use super::world::World;
use serde::{Deserialize, Serialize};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

/// The moment, in Unix microseconds. Decides ids and time stamps; timers follow the runtime's own clock.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// Everything a simulated Discord is told at start. Unknown fields are refused.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DiscordConfig {
    /// Where to listen; port 0 takes a free one.
    #[serde(default = "default_bind")]
    pub bind: SocketAddr,
    /// Folder of the durable ledger; without it everything is forgotten at the end.
    #[serde(default)]
    pub data_dir: Option<PathBuf>,
    /// Guilds, people, bots.
    pub world: World,
    /// Limits and timings.
    #[serde(default)]
    pub limits: Limits,
    /// Programs that people may let in.
    #[serde(default)]
    pub oauth_apps: Vec<OauthApp>,
    /// Whether the `/sim/` endpoints answer. They hand out tokens: keep them on loopback.
    #[serde(default = "yes")]
    pub control: bool,
}

impl DiscordConfig {
    /// A free port on loopback, nothing kept, Discord's own limits.
    pub fn new(world: World) -> Self {
        Self {
            bind: default_bind(),
            data_dir: None,
            world,
            limits: Limits::default(),
            oauth_apps: Vec::new(),
            control: true,
        }
    }
}

/// Limits as Discord has them by default; tests make them small.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Interval in HELLO, milliseconds. A client silent for one and a half of it is dropped.
    pub heartbeat_interval_ms: u64,
    /// Dispatches kept for each session's replay.
    pub replay_max: usize,
    /// How long a session without connection can be resumed, milliseconds.
    pub session_ttl_ms: u64,
    /// Shards a bot is told to run.
    pub shards: u32,
    /// Identifies a bot may make in 24 hours.
    pub session_starts_max: u32,
    /// Identifies a bot may make in 5 seconds.
    pub identify_concurrency: u32,
    /// Messages a client may send in 60 seconds on one connection.
    pub gateway_sends_max: u32,
    /// REST calls a bot may make in a second, all routes together.
    pub global_per_second: u32,
    /// Posting, for each channel.
    pub post: Window,
    /// Editing, for each channel.
    pub edit: Window,
    /// Deleting, for each channel.
    pub delete: Window,
    /// Listing and reading messages, for each channel.
    pub read: Window,
    /// Everything else, for each route.
    pub other: Window,
    /// How long a person's token works, seconds.
    pub token_life_seconds: u64,
    /// Executing a webhook, for each webhook.
    pub webhook: Window,
}

/// So many requests in so many milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    pub count: u32,
    pub millis: u64,
}

impl Window {
    const fn new(count: u32, millis: u64) -> Self {
        Self { count, millis }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            heartbeat_interval_ms: 41_250,
            replay_max: 1_000,
            session_ttl_ms: 180_000,
            shards: 1,
            session_starts_max: 1_000,
            identify_concurrency: 16,
            gateway_sends_max: 120,
            global_per_second: 50,
            post: Window::new(5, 5_000),
            edit: Window::new(5, 5_000),
            delete: Window::new(5, 1_000),
            read: Window::new(5, 1_000),
            other: Window::new(20, 1_000),
            token_life_seconds: 604_800,
            webhook: Window::new(5, 2_000),
        }
    }
}

fn default_bind() -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, 0))
}

fn yes() -> bool {
    true
}
