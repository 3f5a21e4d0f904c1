//! rules
pub mod parse;
pub mod risk;
