//! Which venues are enabled and where they are.

use std::time::Duration;

use ordercast_model::{ports::broker::Dedupe, secret::Secret};

use ordercast_adapters::{
    alpaca::{APP_BASE, AlpacaAuthority, AlpacaConfig, DATA_BASE, LIVE_BASE, PAPER_BASE},
    oauth::{Registration, RegistrationError},
};

use super::{
    fault::Fault,
    hidden::Hidden,
    reader::Reader,
    server::Server,
    setting::{self, Setting},
    value,
};

/// Code of the paper venue.
pub const PAPER: &str = "paper";
/// Code of Alpaca.
pub const ALPACA: &str = "alpaca";
/// Every venue there is.
const KNOWN: [&str; 2] = [PAPER, ALPACA];

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
    /// Alpaca's addresses and its key for market data.
    pub alpaca: Alpaca,
}

/// Alpaca's part of the section.
#[derive(Debug, Clone, PartialEq)]
pub struct Alpaca {
    paper_base: String,
    live_base: String,
    data_base: String,
    data_key: Option<(Hidden<String>, Hidden<String>)>,
    app_base: String,
    oauth: Option<(String, Hidden<String>)>,
}

/// Where brokers send people back to, below the address users see.
pub const CALLBACK: &str = "/api/v1/connections/oauth/callback";

impl Alpaca {
    /// Alpaca's page for people who connect there, where the program is registered for it.
    ///
    /// # Errors
    /// When an address is none.
    pub fn authority(
        &self,
        public_url: &str,
        http: reqwest::Client,
    ) -> Result<Option<AlpacaAuthority>, RegistrationError> {
        let Some((client_id, client_secret)) = &self.oauth else {
            return Ok(None);
        };
        let registration = Registration {
            client_id: client_id.clone(),
            client_secret: client_secret.secret().clone(),
            redirect_uri: format!("{public_url}{CALLBACK}"),
        };
        AlpacaAuthority::new(&self.app_base, &self.live_base, registration, http).map(Some)
    }

    /// Whether people may connect on Alpaca's page.
    #[must_use]
    pub const fn has_oauth(&self) -> bool {
        self.oauth.is_some()
    }

    /// As the adapter takes it.
    #[must_use]
    pub fn settings(&self) -> AlpacaConfig {
        AlpacaConfig {
            paper_base: self.paper_base.clone(),
            live_base: self.live_base.clone(),
            data_base: self.data_base.clone(),
            data_key: self
                .data_key
                .as_ref()
                .map(|(id, secret)| (id.secret().clone(), secret.secret().clone())),
            ..AlpacaConfig::default()
        }
    }
}

fn enabled(given: &str) -> Result<Vec<String>, String> {
    let mut all = value::list(&given.to_ascii_lowercase());
    all.sort_unstable();
    all.dedup();
    match all.iter().find(|code| !KNOWN.contains(&code.as_str())) {
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

/// How the program is registered with Alpaca; half of it is a fault.
fn oauth(reader: &mut Reader<'_>) -> Option<(String, Hidden<String>)> {
    let id = reader.value(setting::ALPACA_OAUTH_CLIENT_ID, value::text);
    let secret = reader.value(setting::ALPACA_OAUTH_CLIENT_SECRET, value::hidden);
    let (setting, other) = match (id, secret) {
        (Some(id), Some(secret)) => return Some((id, secret)),
        (None, None) => return None,
        (None, Some(_)) => (setting::ALPACA_OAUTH_CLIENT_ID, "ALPACA_OAUTH_CLIENT_SECRET"),
        (Some(_), None) => (setting::ALPACA_OAUTH_CLIENT_SECRET, "ALPACA_OAUTH_CLIENT_ID"),
    };
    reader.fault(setting, format!("not set; expected both it and {other}"));
    None
}

/// Alpaca as it is configured; half a key is a fault.
fn alpaca(reader: &mut Reader<'_>) -> Alpaca {
    let mut out = Alpaca {
        paper_base: PAPER_BASE.to_owned(),
        live_base: LIVE_BASE.to_owned(),
        data_base: DATA_BASE.to_owned(),
        data_key: None,
        app_base: APP_BASE.to_owned(),
        oauth: None,
    };
    for (setting, base) in [
        (setting::ALPACA_PAPER_BASE, &mut out.paper_base),
        (setting::ALPACA_LIVE_BASE, &mut out.live_base),
        (setting::ALPACA_DATA_BASE, &mut out.data_base),
        (setting::ALPACA_APP_BASE, &mut out.app_base),
    ] {
        if let Some(given) = reader.value(setting, value::base::<false>) {
            *base = given;
        }
    }
    out.oauth = oauth(reader);
    let id = reader.value(setting::ALPACA_DATA_KEY_ID, value::hidden);
    let secret = reader.value(setting::ALPACA_DATA_SECRET_KEY, value::hidden);
    match (id, secret) {
        (Some(id), Some(secret)) => out.data_key = Some((id, secret)),
        (None, None) => {}
        (None, Some(_)) => reader.fault(
            setting::ALPACA_DATA_KEY_ID,
            "not set; expected both it and ALPACA_DATA_SECRET_KEY".to_owned(),
        ),
        (Some(_), None) => reader.fault(
            setting::ALPACA_DATA_SECRET_KEY,
            "not set; expected both it and ALPACA_DATA_KEY_ID".to_owned(),
        ),
    }
    out
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
            alpaca: alpaca(reader),
        }
    }

    /// Whether a venue is enabled.
    #[must_use]
    pub fn has(&self, code: &str) -> bool {
        self.enabled.iter().any(|enabled| enabled == code)
    }

    pub(super) fn check(&self, reader: &mut Reader<'_>, server: &Server) {
        self.check_alpaca(reader, server);
        if let Some(base) = &self.paper_venue_base
            && !server.takes_custom_hosts()
        {
            let message = format!(
                "production asks vendors' own hosts only, got {base:?}; ORDERCAST_ALLOW_CUSTOM_HOSTS=on takes others"
            );
            reader.fault(setting::PAPER_VENUE_BASE, message);
        }
    }

    /// Alpaca's own hosts in production, and never one host for simulated and real money (PRODUCT BR-20).
    fn check_alpaca(&self, reader: &mut Reader<'_>, server: &Server) {
        let alpaca = &self.alpaca;
        let bases: [(&Setting, &str, &str); 4] = [
            (setting::ALPACA_PAPER_BASE, &alpaca.paper_base, PAPER_BASE),
            (setting::ALPACA_LIVE_BASE, &alpaca.live_base, LIVE_BASE),
            (setting::ALPACA_DATA_BASE, &alpaca.data_base, DATA_BASE),
            (setting::ALPACA_APP_BASE, &alpaca.app_base, APP_BASE),
        ];
        for (setting, given, vendor) in bases {
            if given != vendor && !server.takes_custom_hosts() {
                let message = format!(
                    "production asks vendors' own hosts only, got {given:?}; ORDERCAST_ALLOW_CUSTOM_HOSTS=on takes others"
                );
                reader.fault(setting, message);
            }
        }
        if alpaca.paper_base == alpaca.live_base {
            let message = "paper and live are the same host; expected different ones".to_owned();
            reader.fault(setting::ALPACA_PAPER_BASE, message);
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
