//! The demo: the real program on embedded parts. A simulated market with the paper venue, a simulated Discord with its
//! cast, SQLite in a data folder.

mod alert;
mod check;
pub mod door;
pub mod edge;
pub mod narrator;
pub mod people;
pub mod run;
pub mod stage;
pub mod summary;
pub mod world;
