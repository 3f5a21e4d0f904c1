//! Which venues are enabled and where they are.

use std::time::Duration;

use ordercast_model::{ports::broker::Dedupe, secret::Secret};

use super::{fault::Fault, hidden::Hidden, reader::Reader, server::Server, setting, value};

/// Code of the paper venue.
pub const PAPER: &str = "paper";

/// Section `brokers`.
#[derive(Debug, Clone, PartialEq)]
pub struct Brokers {
    /// Codes of the enabled venues.
    pub enabled: Vec<String>,
    /// Address of the paper venue.
    pub paper_venue_base: Option<String>,
    /// Its admin key; without it no accounts are opened there.
    pub paper_venue_admin_key: Option<Hidden<String>>,
    /// Whether the paper venue holds stop and targets itself.
    pub paper_protection_native: bool,
    /// What the paper venue does with a client order id it has seen before.
    pub paper_dedupe: Dedupe,
    /// How long an order that the paper venue took may stay invisible to a look-up.
    pub paper_visibility: Duration,
}

fn enabled(given: &str) -> Result<Vec<String>, String> {
    let mut all = value::list(&given.to_ascii_lowercase());
    all.sort_unstable();
    all.dedup();
    match all.iter().find(|code| *code != PAPER) {
        Some(code) => Err(format!("{code:?} is not known")),
        None if all.is_empty() => Err("none is named".to_owned()),
        None => Ok(all),
    }
}

fn protection(given: &str) -> Result<bool, String> {
    match given {
        "native" => Ok(true),
        "emulated" => Ok(false),
        _ => Err(String::new()),
    }
}

fn dedupe(given: &str) -> Result<Dedupe, String> {
    match given {
        "always" => Ok(Dedupe::Always),
        "while_open" => Ok(Dedupe::WhileOpen),
        "never" => Ok(Dedupe::Never),
        _ => Err(String::new()),
    }
}

fn admin_key(given: &str) -> Result<Hidden<String>, String> {
    let good = (16..=128).contains(&given.len()) && given.bytes().all(|b| b.is_ascii_graphic());
    if good {
        value::hidden(given)
    } else {
        Err(String::new())
    }
}

impl Brokers {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        Self {
            enabled: reader.value(setting::BROKERS, enabled).unwrap_or_default(),
            paper_venue_base: reader.value(setting::PAPER_VENUE_BASE, value::base::<true>),
            paper_venue_admin_key: reader.value(setting::PAPER_VENUE_ADMIN_KEY, admin_key),
            paper_protection_native: reader
                .value(setting::PAPER_PROTECTION, protection)
                .unwrap_or(true),
            paper_dedupe: reader
                .value(setting::PAPER_DEDUPE, dedupe)
                .unwrap_or(Dedupe::Always),
            paper_visibility: reader
                .value(setting::PAPER_VISIBILITY, value::duration_between::<0, 120>)
                .unwrap_or_default(),
        }
    }

    pub(super) fn check(&self, reader: &mut Reader<'_>, server: &Server) {
        if let Some(base) = &self.paper_venue_base
            && !server.takes_custom_hosts()
        {
            let message = format!(
                "production asks vendors' own hosts only, got {base:?}; ORDERCAST_ALLOW_CUSTOM_HOSTS=on takes others"
            );
            reader.fault(setting::PAPER_VENUE_BASE, message);
        }
    }

    pub(super) fn missing(&self, faults: &mut Vec<Fault>) {
        let name = setting::PAPER_VENUE_BASE.name;
        let wanted = self.enabled.iter().any(|code| code == PAPER);
        if wanted && self.paper_venue_base.is_none() && !faults.iter().any(|fault| fault.name == name) {
            let message = format!(
                "not set; expected {}, because ORDERCAST_BROKERS names paper (`ordercast sim venue` runs one)",
                setting::PAPER_VENUE_BASE.expected
            );
            faults.push(Fault::about(name, message));
        }
    }

    /// The admin key as the adapter takes it.
    #[must_use]
    pub fn admin_key(&self) -> Option<Secret<String>> {
        self.paper_venue_admin_key
            .as_ref()
            .map(|key| key.secret().clone())
    }
}
