//! One folder per outside system, each an implementation of model's ports and nothing else.
//! Decides how bytes on a wire become the model's words; refuses to know any rule about them.

pub mod alpaca;
mod backoff;
pub mod bus;
pub mod discord;
mod http;
pub mod meter;
pub mod oauth;
pub mod paper;
mod socket;
pub mod vault;
