//! The live connection: who may open one, and what is sent over it. Refuses to know what an event means.

mod client;
mod envelope;
mod feed;
mod handle;
mod handshake;
mod hub;
mod keeper;
mod state_sync;
mod ticker;
pub mod token;
mod wanted;

pub(crate) use handle::layer;
pub use handle::{SocketHandle, Tasks};
