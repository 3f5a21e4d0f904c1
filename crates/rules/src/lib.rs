//! rules
pub mod parse;
pub mod risk;
pub mod route;
pub mod sizing;
