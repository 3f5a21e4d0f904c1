//! Where the program is reached and where it keeps its files.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
};

use reqwest::Url;

use super::{reader::Reader, setting, value};

/// How careful the program is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Simulated hosts and plain http are taken.
    Development,
    /// They are not.
    Production,
}

/// Section `server`.
#[derive(Debug, Clone, PartialEq)]
pub struct Server {
    /// How careful the program is.
    pub mode: Mode,
    /// Address to listen on.
    pub bind: IpAddr,
    /// Port to listen on.
    pub port: u16,
    /// Address users see: scheme, host and port.
    pub public_url: String,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Origins a browser may come from; the public address is the first.
    pub allowed_origins: Vec<String>,
    /// Folder for files.
    pub data_dir: PathBuf,
    /// Name of this process among its peers; none = the host's name.
    pub instance: Option<String>,
    /// Hosts other than the vendors' own are taken in production too.
    pub allow_custom_hosts: bool,
}

fn mode(given: &str) -> Result<Mode, String> {
    match given {
        "production" => Ok(Mode::Production),
        "development" => Ok(Mode::Development),
        _ => Err(String::new()),
    }
}

impl Server {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let mode = reader.value(setting::MODE, mode).unwrap_or(Mode::Production);
        let bind = reader
            .value(setting::BIND, value::address)
            .unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
        let port = reader.value(setting::PORT, value::port).unwrap_or(8_080);
        let mut public_url = reader
            .value(setting::PUBLIC_URL, value::origin)
            .unwrap_or_default();
        if !reader.is_given(setting::PUBLIC_URL) {
            public_url = format!("http://127.0.0.1:{port}");
            reader.derive(setting::PUBLIC_URL, &public_url);
        }
        let trusted_proxies = reader
            .value(setting::TRUSTED_PROXIES, value::addresses)
            .unwrap_or_default();
        let mut allowed_origins = vec![public_url.clone()];
        let more = reader
            .value(setting::ALLOWED_ORIGINS, value::origins)
            .unwrap_or_default();
        allowed_origins.extend(more.into_iter().filter(|origin| *origin != public_url));
        Self {
            mode,
            bind,
            port,
            public_url,
            trusted_proxies,
            allowed_origins,
            data_dir: reader
                .value(setting::DATA_DIR, value::text)
                .unwrap_or_else(|| "./data".to_owned())
                .into(),
            instance: reader.value(setting::INSTANCE, value::name),
            allow_custom_hosts: reader
                .value(setting::ALLOW_CUSTOM_HOSTS, value::switch)
                .unwrap_or(false),
        }
    }

    pub(super) fn check(&self, reader: &mut Reader<'_>) {
        let plain: Vec<&String> = self
            .allowed_origins
            .iter()
            .filter(|origin| !is_safe(origin))
            .collect();
        if self.mode == Mode::Development || plain.is_empty() {
            return;
        }
        if !is_safe(&self.public_url) {
            let message = format!(
                "production needs an https address, or one of this machine, got {:?}",
                self.public_url
            );
            reader.fault(setting::PUBLIC_URL, message);
        }
        for origin in plain.into_iter().filter(|origin| **origin != self.public_url) {
            let message = format!("production needs https origins, or ones of this machine, got {origin:?}");
            reader.fault(setting::ALLOWED_ORIGINS, message);
        }
    }

    /// Where to listen.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        SocketAddr::new(self.bind, self.port)
    }
    /// Whether users come over https.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }
    /// Whether hosts other than the vendors' own may be asked.
    #[must_use]
    pub const fn takes_custom_hosts(&self) -> bool {
        matches!(self.mode, Mode::Development) || self.allow_custom_hosts
    }
}

/// Whether what is sent there stays private: https, or this machine.
fn is_safe(origin: &str) -> bool {
    let Ok(url) = Url::parse(origin) else { return false };
    let local = url.host_str().is_some_and(|host| {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    });
    url.scheme() == "https" || local
}
