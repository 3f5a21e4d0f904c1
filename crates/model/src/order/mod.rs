//! An order from decision to end: its identity, its shape, its states.

pub mod identity;
pub mod intent;
pub mod shape;
pub mod state;
