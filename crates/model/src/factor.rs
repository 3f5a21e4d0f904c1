//! A user's second factor as it is stored: a sealed secret, digests of recovery codes, and what was tried. Refuses to
//! judge a code: that is `rules::factor`.

use serde::{Deserialize, Serialize};

use crate::{ids::UserId, time::Timestamp};

/// The second factor of a user, with everything that was tried against it (PRODUCT ID-07).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondFactor {
    /// Whose.
    pub user_id: UserId,
    /// Rises with every change, a try included, so that of two tries with one code one succeeds.
    pub version: u64,
    /// The authenticator in force; none = not enrolled.
    pub totp: Option<Totp>,
    /// An enrolment that waits for its first code.
    pub offered: Option<Offered>,
    /// Recovery codes, used ones too.
    pub recovery: Vec<RecoveryCode>,
    /// Failed tries that still count, oldest first.
    pub failures: Vec<Timestamp>,
    /// Nothing is tried before this instant.
    pub locked_until: Option<Timestamp>,
}

/// An authenticator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totp {
    /// The secret, sealed by the vault.
    pub sealed: String,
    /// Since when it is in force.
    pub since: Timestamp,
    /// The last step of 30 s a code was taken of; nothing up to it is taken again.
    pub last_step: u64,
}

/// A secret that was shown and not confirmed yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offered {
    /// The secret, sealed by the vault.
    pub sealed: String,
    /// Until when it may be confirmed.
    pub until: Timestamp,
}

/// A recovery code: its digest, never the code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryCode {
    /// Keyed digest of the code in its plain form, hex.
    pub digest: String,
    /// Version of the key of the digest.
    pub key_version: u32,
    /// When it was used; each works once.
    pub used_at: Option<Timestamp>,
}

impl SecondFactor {
    /// Nothing enrolled, nothing tried. Version 0: not stored yet.
    #[must_use]
    pub const fn none(user_id: UserId) -> Self {
        Self {
            user_id,
            version: 0,
            totp: None,
            offered: None,
            recovery: Vec::new(),
            failures: Vec::new(),
            locked_until: None,
        }
    }
    /// Recovery codes that still work.
    #[must_use]
    pub fn codes_left(&self) -> usize {
        self.recovery.iter().filter(|code| code.used_at.is_none()).count()
    }
}
