//! The simulated Discord: a local server that speaks the gateway protocol and the REST calls a bot uses.
//! It knows nothing of trading, signals or who listens.

mod command;
mod component;
mod config;
mod control;
mod core;
mod diary;
mod draft;
mod fault;
mod gateway;
pub mod intent;
mod interaction;
mod ledger;
mod message;
mod oauth;
pub mod permission;
mod person;
mod rate;
mod refusal;
mod render;
mod reply;
mod rest;
mod server;
mod session;
mod snowflake;
mod state;
pub(crate) mod timer;
mod wire;
mod world;
mod zlib;

pub use config::{Clock, DiscordConfig, Limits, Window};
pub use diary::Deed;
pub use draft::{MessageDraft, MessageEdit, Reference, Ring};
pub use fault::Fault;
pub use ledger::{LEDGER_FILE, LedgerError};
pub use oauth::OauthApp;
pub use refusal::Refusal;
pub use server::{Discord, DiscordError, run};
pub use snowflake::{DISCORD_EPOCH_MILLIS, NotASnowflake, Snowflake};
pub use world::{
    Bot, Channel, Guild, Member, Overwrite, Role, User, Webhook, World, WorldFault, bot_token, webhook_token,
};
