//! Alpaca's page where somebody lets us trade for them. The token it gives has no end that the vendor documents, and no
//! way to renew it or take it back but at Alpaca itself: both are refused here.
//!
//! Source: docs.alpaca.markets/docs/using-oauth2-and-trading-api, read 2026-11-23.

use ordercast_model::{
    connection::Mode,
    ports::{
        BoxFuture,
        oauth::{Authority, Leave, OauthError, Tokens},
    },
    secret::Secret,
};

use crate::{
    http,
    oauth::{Oauth, Registration, RegistrationError, Vendor},
};

/// Alpaca's page.
pub const APP_BASE: &str = "https://app.alpaca.markets";
/// The least with which orders can be placed and quotes read. Reading the account needs none.
const SCOPES: [&str; 2] = ["trading", "data"];

/// Alpaca as it lets us trade for somebody.
pub struct AlpacaAuthority(Oauth);

impl AlpacaAuthority {
    /// With the page below `app_base` and the tokens below `live_base`, for paper accounts as well. Asks nobody.
    ///
    /// # Errors
    /// When an address is none.
    pub fn new(
        app_base: &str,
        live_base: &str,
        registration: Registration,
        http: reqwest::Client,
    ) -> Result<Self, RegistrationError> {
        let base = |text: &str| http::base(text).ok_or_else(|| RegistrationError::Address(text.to_owned()));
        let vendor = Vendor {
            authorize: http::under(&base(app_base)?, &["oauth", "authorize"]),
            token: http::under(&base(live_base)?, &["oauth", "token"]),
            revoke: None,
            scopes: SCOPES.map(str::to_owned).to_vec(),
            pkce: false,
        };
        Ok(Self(Oauth::new(vendor, registration, http)?))
    }
}

impl Authority for AlpacaAuthority {
    fn name(&self) -> &str {
        "Alpaca"
    }
    fn page(&self, leave: Leave<'_>) -> Result<String, OauthError> {
        let env = match leave.mode {
            Some(Mode::Live) => "live",
            Some(Mode::Paper) | None => "paper",
        };
        Ok(self.0.page(leave, &[("env", env.to_owned())]))
    }
    fn exchange<'a>(
        &'a self,
        code: &'a str,
        verifier: &'a Secret<String>,
    ) -> BoxFuture<'a, Result<Tokens, OauthError>> {
        Box::pin(async move {
            let tokens = self.0.exchange(code, verifier).await?;
            let may_trade = tokens.scopes.is_empty() || tokens.scopes.iter().any(|scope| scope == "trading");
            if may_trade {
                Ok(tokens)
            } else {
                Err(OauthError::Refused("trading was not allowed".to_owned()))
            }
        })
    }
    fn renew<'a>(&'a self, _: &'a Secret<String>) -> BoxFuture<'a, Result<Tokens, OauthError>> {
        let why = "Alpaca gives nothing to renew a token with".to_owned();
        Box::pin(std::future::ready(Err(OauthError::Refused(why))))
    }
    fn revoke<'a>(&'a self, token: &'a Secret<String>) -> BoxFuture<'a, Result<(), OauthError>> {
        Box::pin(self.0.revoke(token))
    }
}
