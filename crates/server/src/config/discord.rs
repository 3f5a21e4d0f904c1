//! The bot that reads Discord. Refuses a user's token and says why (PRODUCT SEC-12).

use ordercast_adapters::discord::{self, PublicKey};
use reqwest::Url;

use super::{hidden::Hidden, reader::Reader, server::Server, setting, value};

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

impl Discord {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        Self {
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
