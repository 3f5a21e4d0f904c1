//! Chain: the journal's order and its proof. Links for new entries, verification, each user's feed, orders' life cycles.

mod feed;
mod genesis;
pub mod lifecycle;
mod link;
pub mod merkle;
pub mod proof;
mod verify;

#[cfg(test)]
mod tests;

pub use self::{
    feed::feed,
    genesis::genesis,
    link::next,
    verify::{Fault, FaultKind, Verified, verify},
};
