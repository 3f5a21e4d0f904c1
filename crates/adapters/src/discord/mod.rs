//! Messages of Discord channels, pushed over the gateway and read up on over REST after an outage (PRODUCT SG-01,
//! SG-34). Knows Discord; refuses to know which channel or author matters.

mod backfill;
mod client;
mod config;
mod delivery;
mod error;
mod map;
mod reader;
mod source;
mod status;
mod token;
mod wire;

pub use config::{DiscordConfig, DiscordConfigError};
pub use error::DiscordFault;
pub use source::{DiscordSource, examine};
pub use token::{TokenError, check_token, looks_like_user_token};
