//! The bot that reads Discord. Refuses a user's token and says why (PRODUCT SEC-12).

use ordercast_adapters::{
    discord::{self, PublicKey},
    oauth::Registration,
};
use reqwest::Url;

use super::{hidden::Hidden, reader::Reader, server::Server, setting, value};

/// Where Discord sends people back to, below the address users see.
pub const CALLBACK: &str = "/api/v1/auth/discord/callback";
/// Discord's own host.
const HOST: &str = "discord.com";

/// Section `discord`.
#[derive(Debug, Clone, PartialEq)]
pub struct Discord {
    /// Token of the bot; none = Discord is not read.
    pub bot_token: Option<Hidden<String>>,
    /// Key of the interactions that Discord posts; none = it posts none.
    pub public_key: Option<PublicKey>,
    /// Base of the REST calls.
    pub api_base: String,
    /// How the program is registered for logins; none = nobody logs in with Discord.
    pub login: Option<Login>,
}

/// The registration for logins.
#[derive(Debug, Clone, PartialEq)]
pub struct Login {
    client_id: String,
    client_secret: Hidden<String>,
    /// Where Discord sends people back to.
    pub redirect_uri: String,
}

impl Login {
    /// As the adapter takes it.
    #[must_use]
    pub fn registration(&self) -> Registration {
        Registration {
            client_id: self.client_id.clone(),
            client_secret: self.client_secret.secret().clone(),
            redirect_uri: self.redirect_uri.clone(),
        }
    }
}

fn token(given: &str) -> Result<Hidden<String>, String> {
    let token = Hidden::new(given.to_owned());
    match discord::check_token(token.secret()) {
        Ok(()) => Ok(token),
        Err(error) => Err(error.to_string()),
    }
}

fn public_key(given: &str) -> Result<PublicKey, String> {
    PublicKey::parse(given).map_err(|error| error.to_string())
}

fn client_id(given: &str) -> Result<String, String> {
    let good = (1..=20).contains(&given.len()) && given.bytes().all(|b| b.is_ascii_digit());
    if good {
        Ok(given.to_owned())
    } else {
        Err(String::new())
    }
}

/// The registration; half of it is a fault.
fn login(reader: &mut Reader<'_>, server: &Server) -> Option<Login> {
    let id = reader.value(setting::DISCORD_CLIENT_ID, client_id);
    let secret = reader.value(setting::DISCORD_CLIENT_SECRET, value::hidden);
    let given = reader.value(setting::DISCORD_REDIRECT_URI, value::text);
    let (setting, other) = match (id, secret) {
        (Some(client_id), Some(client_secret)) => {
            let redirect_uri = given.unwrap_or_else(|| {
                let own = format!("{}{CALLBACK}", server.public_url);
                reader.derive(setting::DISCORD_REDIRECT_URI, &own);
                own
            });
            return Some(Login {
                client_id,
                client_secret,
                redirect_uri,
            });
        }
        (None, None) => return None,
        (None, Some(_)) => (setting::DISCORD_CLIENT_ID, "DISCORD_CLIENT_SECRET"),
        (Some(_), None) => (setting::DISCORD_CLIENT_SECRET, "DISCORD_CLIENT_ID"),
    };
    reader.fault(setting, format!("not set; expected both it and {other}"));
    None
}

impl Discord {
    pub(super) fn read(reader: &mut Reader<'_>, server: &Server) -> Self {
        Self {
            login: login(reader, server),
            bot_token: reader.value(setting::DISCORD_BOT_TOKEN, token),
            public_key: reader.value(setting::DISCORD_PUBLIC_KEY, public_key),
            api_base: reader
                .value(setting::DISCORD_API_BASE, value::base::<false>)
                .unwrap_or_default(),
        }
    }

    pub(super) fn check(&self, reader: &mut Reader<'_>, server: &Server) {
        if self.public_key.is_some() && self.bot_token.is_none() {
            let message =
                "given without DISCORD_BOT_TOKEN: late answers go out as the bot; expected both".to_owned();
            reader.fault(setting::DISCORD_PUBLIC_KEY, message);
        }
        if let Some(login) = &self.login {
            let origin = login.redirect_uri.strip_suffix(CALLBACK);
            let ours = origin.is_some_and(|origin| server.allowed_origins.iter().any(|own| own == origin));
            if !ours {
                let message = format!(
                    "expected ORDERCAST_PUBLIC_URL (or another allowed origin) with {CALLBACK} behind it, got {:?}",
                    login.redirect_uri
                );
                reader.fault(setting::DISCORD_REDIRECT_URI, message);
            }
        }
        if !self.is_vendor() && !server.takes_custom_hosts() {
            let message = format!(
                "production asks Discord's own host only, got {:?}; ORDERCAST_ALLOW_CUSTOM_HOSTS=on takes others",
                self.api_base
            );
            reader.fault(setting::DISCORD_API_BASE, message);
        }
    }

    /// Whether this is Discord itself.
    #[must_use]
    pub fn is_vendor(&self) -> bool {
        Url::parse(&self.api_base)
            .is_ok_and(|url| url.scheme() == "https" && url.host_str() == Some(HOST) && url.port().is_none())
    }
}
