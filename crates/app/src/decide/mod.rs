//! From what is wanted to what is approved: puts an order before the gate with fresh numbers and makes the rows that
//! an approval leads to.

pub mod again;
pub mod exit;
pub(crate) mod hours;
pub mod open;
pub mod outcome;
pub mod view;

pub use again::{Again, again};
