//! The scripted cast: providers who post into the simulated Discord as people really write.
//! Looks at quotes to name sensible prices; refuses to know who reads, follows or trades.

mod call;
mod follow_up;
mod level;
mod noise;
mod opening;
mod perform;
mod phrase;
mod quote;
mod script;
mod stage;
mod write;

pub use perform::{Cast, run};
pub use quote::Quotes;
pub use stage::{GUILD, LISTENER, Manner, OWNER, PROVIDERS, Provider, VISITOR, world};
