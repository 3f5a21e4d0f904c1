//! Starts the log: standard error, one line an event, in the form the configuration says.

use std::io::IsTerminal;

use anyhow::{Result, anyhow};
use tracing::Level;
use tracing_subscriber::{
    EnvFilter, Layer as _, filter::filter_fn, fmt, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

use crate::config::log::{Format, Log};

/// Libraries that say what travels, credentials included, below INFO: whatever the filter asks for, they are not heard.
const WIRES: &[&str] = &["tungstenite", "tokio_tungstenite", "hyper", "h2", "rustls"];

/// Starts it; once per process.
///
/// # Errors
/// When the filter does not read or a log was started already.
pub fn start(log: &Log) -> Result<()> {
    let filter = EnvFilter::try_new(&log.filter)?;
    let discreet = filter_fn(|told| {
        *told.level() <= Level::INFO || !WIRES.iter().any(|wire| told.target().starts_with(wire))
    });
    let lines = fmt::layer().with_writer(std::io::stderr);
    let lines = match log.format {
        Format::Json => lines.json().flatten_event(true).with_current_span(false).boxed(),
        Format::Pretty => lines.with_ansi(std::io::stderr().is_terminal()).boxed(),
    };
    let started = tracing_subscriber::registry()
        .with(filter)
        .with(discreet)
        .with(lines)
        .try_init();
    started.map_err(|error| anyhow!("the log cannot be started: {error}"))
}
