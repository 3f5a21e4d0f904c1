//! The questions Ordercast asks the outside: object-safe traits with boxed futures. Each says what is safe to repeat.

use std::{future::Future, pin::Pin};

pub mod allowance;
pub mod broker;
pub mod bus;
pub mod chat;
pub mod clock;
pub mod helm;
pub mod lease;
pub mod market;
pub mod notary;
pub mod oauth;
pub mod ownership;
mod refusal;
mod shown;
pub mod source;
pub mod store;
pub mod vault;

/// A future that may move between threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
