//! Vendors whose users allow us something on a page of the vendor's (OAuth 2, RFC 6749), and the one that says who a person is.

use std::time::Duration;

use super::BoxFuture;
use crate::{connection::Mode, secret::Secret};

/// What a vendor gave for a code.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// Opens what was allowed.
    pub access: Secret<String>,
    /// Gets the next ones, where the vendor gives one.
    pub refresh: Option<Secret<String>>,
    /// How long the access token works, where the vendor says so.
    pub life: Option<Duration>,
    /// What was allowed, as the vendor words it.
    pub scopes: Vec<String>,
}

/// Why a vendor gave nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OauthError {
    /// It refused, for good: the code or token is of no use. The vendor's code of the error, never a secret.
    #[error("refused: {0}")]
    Refused(String),
    /// It did not answer, or not so that it can be read. Whether it did anything is unknown.
    #[error("no answer: {0}")]
    Away(String),
}

/// With what somebody is sent to a vendor's page.
#[derive(Debug, Clone, Copy)]
pub struct Leave<'a> {
    /// Handed back by the vendor as it is.
    pub state: &'a str,
    /// A secret of 43 to 128 unreserved characters; the vendor is shown its SHA-256, where it supports that.
    pub verifier: &'a Secret<String>,
    /// Which accounts are meant, where the vendor has paper and live ones.
    pub mode: Option<Mode>,
}

/// A vendor whose users allow us something.
pub trait Authority: Send + Sync {
    /// Its name, for people.
    fn name(&self) -> &str;
    /// The address of the page where somebody allows it.
    ///
    /// # Errors
    /// When the settings make no address.
    fn page(&self, leave: Leave<'_>) -> Result<String, OauthError>;
    /// Takes a code to the vendor. Not safe to repeat: a code works once.
    fn exchange<'a>(
        &'a self,
        code: &'a str,
        verifier: &'a Secret<String>,
    ) -> BoxFuture<'a, Result<Tokens, OauthError>>;
    /// Gets the next tokens. After `Away` nobody knows whether the old ones still work.
    fn renew<'a>(&'a self, refresh: &'a Secret<String>) -> BoxFuture<'a, Result<Tokens, OauthError>>;
    /// Takes back what was allowed. Safe to repeat. Vendors without a way to do so refuse.
    fn revoke<'a>(&'a self, token: &'a Secret<String>) -> BoxFuture<'a, Result<(), OauthError>>;
}

/// A server that somebody is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guild {
    /// Snowflake.
    pub id: String,
    /// Whether it is theirs.
    pub owner: bool,
}

/// Who somebody is at Discord.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Snowflake.
    pub id: String,
    /// Name shown.
    pub name: String,
    /// Servers they are in.
    pub guilds: Vec<Guild>,
}

/// An authority that says who a person is.
pub trait Portal: Authority {
    /// Who the token belongs to, and in which servers they are. Safe to repeat.
    fn profile<'a>(&'a self, access: &'a Secret<String>) -> BoxFuture<'a, Result<Profile, OauthError>>;
}
