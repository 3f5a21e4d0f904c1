//! The simulated world through its real doors.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::too_many_lines,
    clippy::type_complexity,
    reason = "tests wait on real sockets, and tables of cases are long"
)]

mod alpaca_fixture;
mod alpaca_spec;
mod alpaca_stream;
mod alpaca_trading;
mod binance_spec;
mod cast;
mod discord_fixture;
mod discord_gateway;
mod discord_ledger;
mod discord_rest;
mod market_process;
mod venue_conservation;
mod venue_fixture;
mod venue_group;
mod venue_http;
mod venue_rule;
