//! Sizing: how big an order becomes before the limits cut it. One file per mode (PRODUCT 3.3).

mod ask;
mod fixed_notional;
mod fixed_quantity;
mod percent_of_equity;
#[cfg(test)]
mod property;
mod risk_percent;
mod signal;

pub use ask::{Ask, Size, SizeError, limit_or_touch, size};
