//! The adapters against the servers they are made for: the paper venue, Alpaca's and Binance's protocols, the simulated Discord, Redis.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod alpaca_fixture;
mod alpaca_order;
mod approve;
mod binance_fixture;
mod binance_order;
mod bus;
mod discord;
mod discord_answer;
mod discord_fixture;
mod discord_inlet;
mod discord_limit;
mod meter;
mod paper_fault;
mod paper_fixture;
mod paper_market;
mod paper_order;
mod paper_stream;
mod vault;
mod world;
