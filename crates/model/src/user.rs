//! A person, and the sessions that prove it is them.

use serde::{Deserialize, Serialize};

use crate::{
    ids::{SessionId, UserId},
    plan::Plan,
    time::Timestamp,
};

/// A person with an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// Rises with every change.
    pub version: u64,
    /// Snowflake at Discord, once linked.
    pub discord_id: Option<String>,
    /// Name shown.
    pub name: String,
    /// What the user pays for.
    pub plan: Plan,
    /// Whether the user may operate the platform.
    pub platform_admin: bool,
    /// Created by the demo, may be logged in by a demo link.
    pub demo: bool,
    /// First seen.
    pub created_at: Timestamp,
}

/// One login. The cookie value itself is never stored, only its hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Rises with every change.
    pub version: u64,
    /// Whose.
    pub user_id: UserId,
    /// SHA-256 of the cookie value, hex.
    pub token_hash: String,
    /// Agent family at login, for the list of devices.
    pub agent: String,
    /// When it began.
    pub created_at: Timestamp,
    /// Last use, to the minute.
    pub seen_at: Timestamp,
    /// Absolute end.
    pub expires_at: Timestamp,
    /// Ended by logout or by the user.
    pub revoked_at: Option<Timestamp>,
    /// The cookie value before the last rotation.
    #[serde(default)]
    pub previous: Option<Previous>,
    /// When a second factor was shown last.
    #[serde(default)]
    pub stepped_up_at: Option<Timestamp>,
}

/// A cookie value that was replaced by another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Previous {
    /// SHA-256 of it, hex.
    pub token_hash: String,
    /// Until when it still works, for requests that were on their way.
    pub until: Timestamp,
}

/// A one-time login link of the demo: valid once, for a few minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginTicket {
    /// SHA-256 of the ticket, hex; also its key.
    pub token_hash: String,
    /// Rises with every change.
    pub version: u64,
    /// Who it logs in.
    pub user_id: UserId,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was used.
    pub used_at: Option<Timestamp>,
}

/// A one-time link that binds somebody at Discord to an account here: valid once, for a few minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkTicket {
    /// SHA-256 of the ticket, hex; also its key.
    pub token_hash: String,
    /// Rises with every change.
    pub version: u64,
    /// Snowflake of the one who asked for it.
    pub discord_id: String,
    /// Name shown there.
    pub name: String,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was used.
    pub used_at: Option<Timestamp>,
}

/// A data key of one user, wrapped by a master key (PRODUCT SEC-01).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataKey {
    /// Whose; one key per user.
    pub user_id: UserId,
    /// Rises with every re-wrap.
    pub version: u64,
    /// Version of the master key that wraps it.
    pub master_version: u32,
    /// The wrapped key, base64.
    pub wrapped: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// The answer given to an idempotent request, kept so that a repeat gets the same (PRODUCT API-05).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Idempotency {
    /// Whose.
    pub user_id: UserId,
    /// The client's key.
    pub key: String,
    /// Rises with every change.
    pub version: u64,
    /// SHA-256 of method, path and body, hex.
    pub request_hash: String,
    /// HTTP status of the answer; none while the first request is still at work.
    pub status: Option<u16>,
    /// Body of the answer.
    pub body: Option<serde_json::Value>,
    /// When the first request came.
    pub created_at: Timestamp,
}
