//! Stand-ins for every port, a steerable clock, a seeded source of randomness, and the contract suites that the real
//! implementations pass too. A development dependency only.

pub mod broker;
pub mod bus;
pub mod chat;
pub mod clock;
pub mod contract;
pub mod helm;
pub mod intake;
pub mod lease;
pub mod market;
pub mod random;
pub mod sample;
pub mod store;
pub mod vault;
