//! Messages of Discord channels, pushed over the gateway and read up on over REST after an outage (PRODUCT SG-01,
//! SG-34); and the people who type commands and press buttons, answered. Knows Discord; refuses to know which channel or
//! author matters, and what an answer says.

mod answer;
mod ask;
mod backfill;
mod bot;
mod breaker;
mod call;
mod card;
mod client;
mod config;
mod delivery;
mod error;
mod history;
mod inlet;
mod limit;
mod map;
mod member;
mod portal;
mod reader;
mod source;
mod speak;
mod status;
mod token;
mod watch;
mod wire;

pub use bot::DiscordBot;
pub use config::{DiscordConfig, DiscordConfigError};
pub use error::DiscordFault;
pub use inlet::{Desk, DiscordInlet, PublicKey, PublicKeyError};
pub use portal::DiscordPortal;
pub use source::{DiscordSource, examine};
pub use token::{TokenError, check_token, looks_like_user_token};
