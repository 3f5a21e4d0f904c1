//! Writes down what a venue answered: order, account, lot, position, cash and the journal entries that tell it, in one
//! transaction. Whatever the caller believed, the stored row decides; a conflict is read and judged again.

mod cover;
mod fill;
mod order;

pub use order::{Ending, Post};
