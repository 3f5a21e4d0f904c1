//! One folder per outside system, each an implementation of model's ports and nothing else.
//! Decides how bytes on a wire become the model's words; refuses to know any rule about them.

pub mod alpaca;
mod asked;
mod backoff;
pub mod binance;
pub mod bus;
pub mod discord;
mod http;
pub mod meter;
mod number;
pub mod oauth;
pub mod paper;
mod socket;
pub mod vault;
