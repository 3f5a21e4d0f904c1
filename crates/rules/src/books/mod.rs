//! Books: what a fill does to order, lot, position and account; what an order holds back; what changes outside.

#[cfg(test)]
mod conserve;
pub mod external;
mod fifo;
mod fill;
mod reserve;

pub use self::{
    fill::{BookError, Booked, Books, PositionChange, apply_fill},
    reserve::{release, reserve},
};
