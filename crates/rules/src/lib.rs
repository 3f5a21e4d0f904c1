//! rules
pub mod parse;
pub mod protect;
pub mod risk;
pub mod route;
pub mod sizing;
