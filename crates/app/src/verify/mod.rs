//! Verifies the journal: all of it against what was signed of it, or the end of it that is not signed yet; and does so
//! by itself, for as long as the program runs.

pub mod signed;
pub mod walk;
pub mod watch;
