//! How processes hear of each other.

use super::{hidden::Hidden, reader::Reader, setting, value};

/// Section `bus`.
#[derive(Debug, Clone, PartialEq)]
pub struct Bus {
    /// Address of Redis; none = one process only.
    pub redis_url: Option<Hidden<String>>,
}

fn redis(given: &str) -> Result<Hidden<String>, String> {
    match given.strip_prefix("redis://") {
        Some(rest) if !rest.is_empty() => value::hidden(given),
        _ => Err(String::new()),
    }
}

impl Bus {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        Self {
            redis_url: reader.value(setting::REDIS_URL, redis),
        }
    }
}
