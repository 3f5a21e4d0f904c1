//! The built-in paper venue: orders through [`PaperBroker`], quotes through [`PaperMarket`].
//! Knows the venue's protocol only; refuses to know who trades and why.

mod broker;
mod capability;
mod client;
mod config;
mod error;
mod map;
mod market;
mod stream;
mod wire;

pub use broker::PaperBroker;
pub use config::{ConfigError, PaperConfig};
pub use market::PaperMarket;
