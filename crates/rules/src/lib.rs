//! rules
pub mod parse;
