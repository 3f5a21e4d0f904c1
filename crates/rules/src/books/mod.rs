//! Books: what a fill does to order, lot, position and account; what an order holds back; what changes outside.

pub mod external;
mod fifo;
mod fill;
mod reserve;
#[cfg(test)]
mod tests;

pub use self::{
    fill::{BookError, Booked, Books, PositionChange, apply_fill},
    reserve::{release, reserve},
};
