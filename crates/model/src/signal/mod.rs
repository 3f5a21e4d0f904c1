//! What a provider wrote and what it means. Refuses to know how the meaning is found.

pub mod instruction;
pub mod profile;
pub mod raw;
pub mod reading;
pub mod record;
