//! Hints between tasks ([`LocalBus`]) and between processes ([`RedisBus`]).

mod local;
mod redis;
mod wire;

pub use local::LocalBus;
pub use redis::{BusError, RedisBus};
