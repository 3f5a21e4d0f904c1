//! Login with Discord: its page, its tokens, and who somebody is there. Refuses accounts that are bots.
//!
//! Sources: Discord's page on OAuth2 (docs.discord.com/developers/topics/oauth2) and its metadata
//! (discord.com/.well-known/oauth-authorization-server), read 2026-11-23.

use ordercast_model::{
    ports::{
        BoxFuture,
        oauth::{Authority, Guild, Leave, OauthError, Portal, Profile, Tokens},
    },
    secret::Secret,
};
use reqwest::Url;
use serde::{Deserialize, de::DeserializeOwned};

use crate::{
    http,
    oauth::{Oauth, Registration, RegistrationError, Vendor},
};

/// What is asked for: who they are, and in which servers (PRODUCT ID-01).
const SCOPES: [&str; 3] = ["identify", "email", "guilds"];

/// Discord as it says who a person is.
pub struct DiscordPortal {
    oauth: Oauth,
    base: Url,
}

#[derive(Debug, Deserialize)]
struct User {
    id: String,
    username: String,
    #[serde(default)]
    global_name: Option<String>,
    #[serde(default)]
    bot: bool,
}

#[derive(Debug, Deserialize)]
struct Server {
    id: String,
    #[serde(default)]
    owner: bool,
}

impl DiscordPortal {
    /// A portal at a base of REST calls (`https://discord.com/api/v10`); the page is at the same host. Asks nobody.
    ///
    /// # Errors
    /// When an address is none.
    pub fn new(
        api_base: &str,
        registration: Registration,
        http: reqwest::Client,
    ) -> Result<Self, RegistrationError> {
        let base = http::base(api_base).ok_or_else(|| RegistrationError::Address(api_base.to_owned()))?;
        let mut host = base.clone();
        host.set_path("/");
        let vendor = Vendor {
            authorize: http::under(&host, &["oauth2", "authorize"]),
            token: http::under(&base, &["oauth2", "token"]),
            revoke: Some(http::under(&base, &["oauth2", "token", "revoke"])),
            scopes: SCOPES.map(str::to_owned).to_vec(),
            pkce: true,
        };
        Ok(Self {
            oauth: Oauth::new(vendor, registration, http)?,
            base,
        })
    }

    async fn read<T: DeserializeOwned>(
        &self,
        segments: &[&str],
        access: &Secret<String>,
    ) -> Result<T, OauthError> {
        let answer = self.oauth.get(http::under(&self.base, segments), access).await?;
        serde_json::from_slice(&answer.body)
            .map_err(|_| OauthError::Away("the answer does not read".to_owned()))
    }

    async fn look(&self, access: &Secret<String>) -> Result<Profile, OauthError> {
        let user: User = self.read(&["users", "@me"], access).await?;
        let is_id = (1..=20).contains(&user.id.len()) && user.id.bytes().all(|b| b.is_ascii_digit());
        if user.bot || !is_id {
            return Err(OauthError::Refused("not a person".to_owned()));
        }
        // One page holds 200 servers, which is as many as anybody can be in.
        let servers: Vec<Server> = self.read(&["users", "@me", "guilds"], access).await?;
        Ok(Profile {
            id: user.id,
            name: user.global_name.unwrap_or(user.username),
            guilds: servers
                .into_iter()
                .map(|server| Guild {
                    id: server.id,
                    owner: server.owner,
                })
                .collect(),
        })
    }
}

impl Authority for DiscordPortal {
    fn name(&self) -> &str {
        "Discord"
    }
    fn page(&self, leave: Leave<'_>) -> Result<String, OauthError> {
        // Who allowed it before is not asked again.
        Ok(self.oauth.page(leave, &[("prompt", "none".to_owned())]))
    }
    fn exchange<'a>(
        &'a self,
        code: &'a str,
        verifier: &'a Secret<String>,
    ) -> BoxFuture<'a, Result<Tokens, OauthError>> {
        Box::pin(self.oauth.exchange(code, verifier))
    }
    fn renew<'a>(&'a self, refresh: &'a Secret<String>) -> BoxFuture<'a, Result<Tokens, OauthError>> {
        Box::pin(self.oauth.renew(refresh))
    }
    fn revoke<'a>(&'a self, token: &'a Secret<String>) -> BoxFuture<'a, Result<(), OauthError>> {
        Box::pin(self.oauth.revoke(token))
    }
}

impl Portal for DiscordPortal {
    fn profile<'a>(&'a self, access: &'a Secret<String>) -> BoxFuture<'a, Result<Profile, OauthError>> {
        Box::pin(self.look(access))
    }
}
