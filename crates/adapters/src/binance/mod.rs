//! Binance spot and its test network: orders through [`BinanceBroker`], quotes through [`BinanceMarket`].
//! Knows the vendor's protocol only; refuses to know who trades and why.
//!
//! Sources: the vendor's OpenAPI document of spot (2024-10) and the pages of its API documentation on REST, errors, filters,
//! user data and the WebSocket API (github.com/binance/binance-spot-api-docs, a state of 2023): where they differ the document
//! counts. What the adapter relies on, and the table of errors, stand in `docs/binance.md`.

mod broker;
mod client;
mod config;
mod error;
mod fill;
mod filter;
mod listing;
mod map;
mod market;
mod memory;
mod protect;
mod request;
mod sign;
mod stream;
mod symbol;
mod wire;

pub use broker::BinanceBroker;
pub use config::{
    BinanceConfig, ConfigError, DATA_BASE, LIVE_BASE, LIVE_SOCKET_BASE, PAPER_BASE, PAPER_SOCKET_BASE, QUOTE,
    allowance,
};
pub use market::BinanceMarket;
pub use symbol::DOLLARS;
