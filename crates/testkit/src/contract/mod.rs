//! Contract suites: what every implementation of a port must do.

pub mod helm;
pub mod lease;
pub mod store;
