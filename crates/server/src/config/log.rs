//! What is logged and in which form.

use super::{reader::Reader, setting};

/// Form of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One JSON object a line.
    Json,
    /// For people.
    Pretty,
}

/// Section `log`.
#[derive(Debug, Clone, PartialEq)]
pub struct Log {
    /// What is logged.
    pub filter: String,
    /// In which form.
    pub format: Format,
}

fn filter(given: &str) -> Result<String, String> {
    match tracing_subscriber::EnvFilter::try_new(given) {
        Ok(_) => Ok(given.to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

fn format(given: &str) -> Result<Format, String> {
    match given {
        "json" => Ok(Format::Json),
        "pretty" => Ok(Format::Pretty),
        _ => Err(String::new()),
    }
}

impl Log {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        Self {
            filter: reader
                .value(setting::LOG, filter)
                .unwrap_or_else(|| "info".to_owned()),
            format: reader.value(setting::LOG_FORMAT, format).unwrap_or(Format::Json),
        }
    }
}
