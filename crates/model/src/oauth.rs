//! Somebody who went to a vendor's page to allow us something, and what is kept of what the vendor gave.

use serde::{Deserialize, Serialize};

use crate::{
    connection::Mode,
    ids::{SessionId, UserId},
    instrument::AssetClass,
    limits::LossAction,
    time::Timestamp,
};

/// What somebody went to a vendor's page for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Errand {
    /// To log in. Whoever comes back must come in the browser that left.
    Login {
        /// SHA-256 of the cookie that the browser was given on leaving, hex.
        browser: String,
        /// The page of ours that is opened afterwards.
        next: String,
    },
    /// To connect an account at a broker. Whoever comes back must come with the session that left.
    Broker {
        /// Whose account.
        user_id: UserId,
        /// The session that left.
        session_id: SessionId,
        /// Venue code.
        broker: String,
        /// Paper or live.
        mode: Mode,
        /// Name the user gives.
        label: String,
        /// Classes for which it becomes the default; none = those that have no default yet.
        default_for: Option<Vec<AssetClass>>,
        /// `LIVE`, as typed.
        confirm: Option<String>,
        /// The user knows that the venue does not tell what else the token may do.
        rights_unread: bool,
        /// What a tripped daily loss does, as chosen with the first real money.
        #[serde(default)]
        daily_loss_action: Option<LossAction>,
    },
}

/// Somebody who left for a vendor's page and is expected back with a code: once, within minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Departure {
    /// SHA-256 of the state that the vendor hands back, hex; also its key. The state itself is never stored.
    pub state_hash: String,
    /// Rises with every change.
    pub version: u64,
    /// Version of the master key that the verifier (RFC 7636) is made from again.
    pub key_version: u32,
    /// What for.
    pub errand: Errand,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When somebody came back with it.
    pub used_at: Option<Timestamp>,
}

/// How things stand with what Discord gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantState {
    /// It works, and is renewed before it ends.
    Live,
    /// It is to be revoked at Discord.
    Ending,
    /// Discord refused to renew it.
    Refused,
    /// It was revoked.
    Gone,
}

/// The tokens that Discord gave at somebody's last login, sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiscordGrant {
    /// Whose; one per user, since Discord revokes all of a person's tokens for a program together.
    pub user_id: UserId,
    /// Rises with every change.
    pub version: u64,
    /// How things stand.
    pub state: GrantState,
    /// The tokens, sealed; empty once they are of no use.
    pub sealed: String,
    /// When the access token ends.
    pub expires_at: Timestamp,
    /// When something is to be done about it: renewed, or revoked.
    pub due_at: Option<Timestamp>,
    /// When the state was reached.
    pub since: Timestamp,
}
