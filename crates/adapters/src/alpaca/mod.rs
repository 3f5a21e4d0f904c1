//! Alpaca (trading API v2): orders through [`AlpacaBroker`], quotes through [`AlpacaMarket`].
//! Knows the vendor's protocol only; refuses to know who trades and why.
//!
//! Sources: the vendor's OpenAPI documents of the trading and market data APIs (2026-06); its pages on WebSocket streaming,
//! orders and fractional trading (docs.alpaca.markets, read 2026-11-23). What the adapter relies on, and the table of
//! errors, stand in `docs/brokers.md`.

mod authority;
mod broker;
mod client;
mod config;
mod error;
mod fill;
mod listing;
mod map;
mod market;
mod protect;
mod request;
mod stream;
mod symbol;
mod tag;
mod wire;

pub use authority::{APP_BASE, AlpacaAuthority};
pub use broker::AlpacaBroker;
pub use config::{AlpacaConfig, ConfigError, DATA_BASE, LIVE_BASE, PAPER_BASE, allowance};
pub use market::AlpacaMarket;
