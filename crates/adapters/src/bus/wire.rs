//! A hint as it travels between processes.

use ordercast_model::ports::bus::Hint;
use serde::{Deserialize, Serialize};

/// A hint with the process that gave it, so that nobody hears itself twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Envelope {
    pub(super) from: String,
    pub(super) hint: Hint,
}
