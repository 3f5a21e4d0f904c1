//! Decides where Discord is and what is refused before anybody is asked. Refuses to know what the messages are for.

use ordercast_model::secret::Secret;
use reqwest::Url;

use super::token::{self, TokenError};

/// Host of Discord's own REST calls.
const DISCORD_HOST: &str = "discord.com";

/// How Discord is reached.
#[derive(Debug, Clone)]
pub struct DiscordConfig {
    /// Token of the bot.
    pub token: Secret<String>,
    /// Base of the REST calls (`http://host:port/api/v10`); none = Discord's own.
    pub api_base: Option<String>,
    /// Address of the gateway (`ws://host:port/gw`); none = Discord's own, or what the REST base names.
    pub gateway_base: Option<String>,
}

impl DiscordConfig {
    /// A bot at Discord itself.
    #[must_use]
    pub const fn new(token: Secret<String>) -> Self {
        Self {
            token,
            api_base: None,
            gateway_base: None,
        }
    }
}

/// Why the source cannot be built.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DiscordConfigError {
    /// The token is refused.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The REST base does not read.
    #[error("Discord api_base: expected an address such as https://discord.com/api/v10, got {0:?}")]
    ApiBase(String),
    /// The gateway address does not read.
    #[error("Discord gateway_base: expected an address such as wss://gateway.discord.gg, got {0:?}")]
    GatewayBase(String),
}

/// Where REST calls go instead of Discord.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Detour {
    /// `host:port`.
    pub(super) host: String,
    /// Without TLS.
    pub(super) plain: bool,
}

/// A configuration that was looked at.
#[derive(Debug, Clone)]
pub(super) struct Endpoint {
    pub(super) token: Secret<String>,
    pub(super) detour: Option<Detour>,
    pub(super) gateway: Option<String>,
}

impl Endpoint {
    pub(super) fn read(config: &DiscordConfig) -> Result<Self, DiscordConfigError> {
        let token = token::bot(&config.token)?;
        let given = |text: &Option<String>| text.clone().filter(|t| !t.trim().is_empty());
        let detour = given(&config.api_base)
            .map(|base| detour(&base))
            .transpose()?
            .flatten();
        let gateway = given(&config.gateway_base)
            .map(|base| gateway(&base))
            .transpose()?;
        Ok(Self {
            token,
            detour,
            gateway,
        })
    }
}

fn short(text: &str) -> String {
    text.chars().take(80).collect()
}

fn detour(base: &str) -> Result<Option<Detour>, DiscordConfigError> {
    let wrong = || DiscordConfigError::ApiBase(short(base));
    let url: Url = base.trim().parse().map_err(|_| wrong())?;
    let host = url.host_str().ok_or_else(wrong)?;
    let plain = match url.scheme() {
        "http" => true,
        "https" => false,
        _ => return Err(wrong()),
    };
    let path = url.path().trim_end_matches('/');
    if !matches!(path, "" | "/api" | "/api/v10") || !url.username().is_empty() || url.query().is_some() {
        return Err(wrong());
    }
    if host == DISCORD_HOST && !plain && url.port().is_none() {
        return Ok(None);
    }
    let host = url
        .port()
        .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    Ok(Some(Detour { host, plain }))
}

/// The library adds `/?v=10...` itself.
pub(super) fn gateway(base: &str) -> Result<String, DiscordConfigError> {
    let wrong = || DiscordConfigError::GatewayBase(short(base));
    let url: Url = base.trim().parse().map_err(|_| wrong())?;
    let good = matches!(url.scheme(), "ws" | "wss") && url.has_host() && url.query().is_none();
    if good {
        Ok(url.as_str().trim_end_matches('/').to_owned())
    } else {
        Err(wrong())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn bases_are_read_or_refused_by_name() {
        let local = |host: &str, plain| {
            Some(Detour {
                host: host.to_owned(),
                plain,
            })
        };
        assert_eq!(detour("https://discord.com/api/v10").unwrap(), None);
        assert_eq!(
            detour("http://127.0.0.1:7790/api/v10").unwrap(),
            local("127.0.0.1:7790", true)
        );
        assert_eq!(
            detour("https://proxy.example/").unwrap(),
            local("proxy.example", false)
        );
        for text in ["", "discord.com", "ftp://x", "http://x/other", "http://x/?a=b"] {
            assert!(
                detour(text).unwrap_err().to_string().contains("api_base"),
                "{text}"
            );
        }
        assert_eq!(
            gateway("ws://127.0.0.1:7790/gw/").unwrap(),
            "ws://127.0.0.1:7790/gw"
        );
        assert!(
            gateway("http://x")
                .unwrap_err()
                .to_string()
                .contains("gateway_base")
        );
    }
}
