//! rules
pub mod parse;
pub mod books;
pub mod protect;
pub mod risk;
pub mod route;
pub mod sizing;
