//! Use cases: who does what in which order. Asks `rules` for a decision and a port for an effect; knows no SQL, no
//! wire, no clock of its own.

pub mod context;
