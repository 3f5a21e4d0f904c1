//! The journal: one immutable entry per state change, chained by hashes. Everything live is read from it.

pub mod canonical;
pub mod checkpoint;
pub mod entry;
pub mod kind;
pub mod proof;
