//! A local server that speaks Alpaca's protocol over the matching, the ledger and the market of the simulated venue.
//! Decides what Alpaca decides (states, classes, refusals, limits); refuses to know who asks and why.

pub mod admin;
pub mod config;
pub mod data;
pub mod door;
pub mod fault;
pub mod floor;
pub mod follow;
pub mod id;
pub mod oauth;
pub mod problem;
pub mod reference;
pub mod server;
pub mod show;
pub mod stream;
pub mod ticket;
pub mod trading;
pub mod wish;
