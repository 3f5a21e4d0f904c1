//! Decides what the paper adapters must be told, and refuses what cannot work, naming the field.

use std::time::Duration;

use ordercast_model::{ports::broker::Dedupe, secret::Secret};
use reqwest::Url;

use crate::http;

/// How the paper venue is reached.
#[derive(Debug, Clone)]
pub struct PaperConfig {
    /// `http://host:port` of the venue.
    pub base_url: String,
    /// Key that may open accounts; none = `open_account` is unsupported.
    pub admin_key: Option<Secret<String>>,
    /// What the venue does with a repeated client order id.
    pub dedupe: Dedupe,
    /// How long an accepted order may stay invisible to a look-up.
    pub visibility_window: Duration,
    /// Whether stop and targets are put at the venue; else Ordercast watches them itself, as with a venue that cannot.
    pub native_protection: bool,
    /// Whether accounts are opened with leave to sell short.
    pub shorting: bool,
    /// How long an order, a change or a cancel may take.
    pub submit_timeout: Duration,
    /// How long a read may take.
    pub read_timeout: Duration,
}

impl PaperConfig {
    /// The venue at an address, with the deadlines of PRODUCT BR-01; the venue remembers every client order id.
    #[must_use]
    pub fn new(base_url: impl Into<String>) -> Self {
        Self {
            base_url: base_url.into(),
            admin_key: None,
            dedupe: Dedupe::Always,
            visibility_window: Duration::ZERO,
            native_protection: true,
            shorting: false,
            submit_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(5),
        }
    }
}

/// Why the adapter cannot be built.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The address is not one of the venue.
    #[error("paper venue: expected an address such as http://127.0.0.1:7791, got {0:?}")]
    BaseUrl(String),
}

/// Reads the base address.
pub(super) fn base(config: &PaperConfig) -> Result<Url, ConfigError> {
    let wrong = || ConfigError::BaseUrl(config.base_url.chars().take(80).collect());
    http::base(&config.base_url)
        .filter(|url| url.scheme() == "http")
        .ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_base_must_be_a_plain_address() {
        for text in ["http://127.0.0.1:7791", "http://venue:80/", "http://[::1]:9"] {
            assert!(base(&PaperConfig::new(text)).is_ok(), "{text}");
        }
        for text in [
            "",
            "127.0.0.1:7791",
            "https://x",
            "http://user:pw@x",
            "http://x?y",
            "ftp://x",
        ] {
            let refused = base(&PaperConfig::new(text)).unwrap_err();
            assert!(refused.to_string().contains("http://127.0.0.1:7791"), "{text}");
        }
    }
}
