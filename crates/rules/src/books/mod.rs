//! Books: what a fill does to order, lot, position and account; what an order holds back; what changes outside.

mod cover;
pub mod external;
mod fifo;
mod fill;
mod reserve;
#[cfg(test)]
mod tests;

pub use self::{
    cover::in_force,
    fill::{BookError, Booked, Books, PositionChange, apply_fill},
    reserve::{release, reserve},
};
