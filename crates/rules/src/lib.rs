//! Every decision as a plain function of its arguments: what a message means, whether an order may pass, how big it is,
//! what a fill does to the books, whether the journal holds. Refuses to know stores, venues, time and chance.

pub mod books;
pub mod chain;
pub mod factor;
pub mod parse;
pub mod profile;
pub mod protect;
pub mod risk;
pub mod route;
pub mod sizing;
pub mod stats;
