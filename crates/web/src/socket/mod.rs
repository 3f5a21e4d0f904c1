//! The live connection: who may open one, and what is sent over it.

pub mod token;
