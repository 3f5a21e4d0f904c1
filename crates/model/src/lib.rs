//! The words everybody shares, the gate that seals an order, the questions we ask the outside.
//! Refuses to know tokio, I/O, the clock and randomness.

pub mod account;
pub mod calendar;
pub mod chat;
pub mod community;
pub mod connection;
pub mod decision;
pub mod factor;
pub mod follow;
pub mod gate;
pub mod hook;
pub mod ids;
pub mod instrument;
pub mod journal;
pub mod keyring;
pub mod limits;
pub mod market;
pub mod money;
pub mod notice;
pub mod oauth;
pub mod order;
pub mod plan;
pub mod planted;
pub mod ports;
pub mod position;
pub mod secret;
pub mod signal;
pub mod tenant;
pub mod time;
pub mod user;
pub mod window;
