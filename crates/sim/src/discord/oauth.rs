//! Who allowed which program what: codes that are good once and for a few minutes, bound to redirect and proof key, and
//! tokens that end, are renewed once each, and are revoked together. Refuses to know HTTP.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::distr::{Alphanumeric, SampleString};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::snowflake::Snowflake;

/// How long a code is good, microseconds.
const CODE_LIFE: i64 = 60_000_000;
/// Scopes that can be asked for here.
pub(crate) const SCOPES: [&str; 3] = ["identify", "email", "guilds"];

/// A program that people may let in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OauthApp {
    /// Public.
    pub client_id: String,
    /// Kept by the program.
    pub client_secret: String,
    /// Where people may be sent back to; compared letter by letter.
    pub redirect_uris: Vec<String>,
}

impl std::fmt::Debug for OauthApp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OauthApp")
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

/// What a person allowed a program.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    pub(crate) user: Snowflake,
    pub(crate) client_id: String,
    pub(crate) scopes: Vec<String>,
}

struct Code {
    grant: Grant,
    redirect_uri: String,
    /// SHA-256 of the proof key, base64url; none when the program showed none.
    challenge: Option<String>,
    until: i64,
}

struct Token {
    grant: Grant,
    until: i64,
}

/// What a program is given.
#[derive(Debug)]
pub(crate) struct Given {
    pub(crate) access: String,
    pub(crate) refresh: String,
    /// Seconds.
    pub(crate) life: u64,
    pub(crate) scope: String,
}

/// Programs, codes and tokens; not kept over a restart.
#[derive(Default)]
pub(crate) struct Oauth {
    apps: Vec<OauthApp>,
    codes: BTreeMap<String, Code>,
    access: BTreeMap<String, Token>,
    refresh: BTreeMap<String, Grant>,
    made: u64,
}

/// The error of RFC 6749 that a program is told.
pub(crate) type Refused = &'static str;

impl Oauth {
    pub(crate) fn register(&mut self, app: OauthApp) {
        self.apps.retain(|known| known.client_id != app.client_id);
        self.apps.push(app);
    }

    pub(crate) fn app(&self, client_id: &str) -> Option<&OauthApp> {
        self.apps.iter().find(|app| app.client_id == client_id)
    }

    fn fresh(&mut self, now: i64) -> String {
        self.made += 1;
        let mut random = ChaCha8Rng::seed_from_u64(now.unsigned_abs() ^ self.made.rotate_left(40));
        Alphanumeric.sample_string(&mut random, 30)
    }

    /// A person allows it.
    pub(crate) fn allow(
        &mut self,
        grant: Grant,
        redirect_uri: &str,
        challenge: Option<String>,
        now: i64,
    ) -> String {
        let code = self.fresh(now);
        let made = Code {
            grant,
            redirect_uri: redirect_uri.to_owned(),
            challenge,
            until: now.saturating_add(CODE_LIFE),
        };
        self.codes.insert(code.clone(), made);
        code
    }

    /// Whether a program is who it says.
    pub(crate) fn knows(&self, client_id: &str, client_secret: &str) -> bool {
        self.app(client_id)
            .is_some_and(|app| app.client_secret == client_secret)
    }

    /// Tokens for a code. Whatever is wrong with it, a code that was shown is used up.
    pub(crate) fn exchange(
        &mut self,
        (client_id, redirect_uri): (&str, &str),
        code: &str,
        verifier: Option<&str>,
        (now, life): (i64, u64),
    ) -> Result<Given, Refused> {
        let shown = verifier.map(|text| URL_SAFE_NO_PAD.encode(Sha256::digest(text)));
        let good = self.codes.remove(code).filter(|code| {
            code.grant.client_id == client_id
                && code.redirect_uri == redirect_uri
                && code.challenge == shown
                && now < code.until
        });
        let code = good.ok_or("invalid_grant")?;
        Ok(self.give(code.grant, now, life))
    }

    /// The next tokens; the ones before end.
    pub(crate) fn renew(
        &mut self,
        client_id: &str,
        refresh: &str,
        (now, life): (i64, u64),
    ) -> Result<Given, Refused> {
        let known = self
            .refresh
            .get(refresh)
            .is_some_and(|g| g.client_id == client_id);
        let grant = self
            .refresh
            .remove(refresh)
            .filter(|_| known)
            .ok_or("invalid_grant")?;
        let of = |one: &Grant| one.user == grant.user && one.client_id == grant.client_id;
        self.access.retain(|_, token| !of(&token.grant));
        Ok(self.give(grant, now, life))
    }

    fn give(&mut self, grant: Grant, now: i64, life: u64) -> Given {
        let (access, refresh) = (self.fresh(now), self.fresh(now));
        let scope = grant.scopes.join(" ");
        let micros = i64::try_from(life.saturating_mul(1_000_000)).unwrap_or(i64::MAX);
        let until = now.saturating_add(micros);
        self.refresh.insert(refresh.clone(), grant.clone());
        self.access.insert(access.clone(), Token { grant, until });
        Given {
            access,
            refresh,
            life,
            scope,
        }
    }

    /// Takes back everything that a person allowed a program, whichever of the tokens is shown.
    pub(crate) fn revoke(&mut self, client_id: &str, token: &str) {
        let shown = self
            .access
            .get(token)
            .map(|t| &t.grant)
            .or_else(|| self.refresh.get(token));
        let Some(user) = shown.filter(|g| g.client_id == client_id).map(|g| g.user) else {
            return;
        };
        self.forget(user, client_id);
    }

    /// Takes back what a person allowed a program, as they do in the app; how many tokens that ended.
    pub(crate) fn forget(&mut self, user: Snowflake, client_id: &str) -> usize {
        let before = self.access.len();
        let of = |one: &Grant| one.user == user && one.client_id == client_id;
        self.access.retain(|_, token| !of(&token.grant));
        self.refresh.retain(|_, grant| !of(grant));
        before - self.access.len()
    }

    /// What a token opens.
    pub(crate) fn grant(&self, token: &str, now: i64) -> Option<&Grant> {
        self.access
            .get(token)
            .filter(|token| now < token.until)
            .map(|token| &token.grant)
    }

    /// Tokens that are good for a person.
    pub(crate) fn count(&self, user: Snowflake) -> usize {
        self.access
            .values()
            .filter(|token| token.grant.user == user)
            .count()
    }
}
