//! One credential to one account at one venue.

use serde::{Deserialize, Serialize};

use crate::{
    ids::{ConnectionId, UserId},
    instrument::AssetClass,
    time::{SessionZone, Timestamp},
};

/// Simulated or real money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Simulated.
    Paper,
    /// Real.
    Live,
}

/// How a connection is doing (PRODUCT BR-22).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// Works.
    Ok,
    /// Works with trouble.
    Degraded,
    /// Does not answer.
    Down,
    /// The credential is refused.
    Unauthorised,
    /// Switched off.
    Disabled,
}

/// A credential sealed by the vault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedField {
    /// Name of the field.
    pub name: String,
    /// Version of the master key under which the data key was wrapped when this was sealed.
    pub master_version: u32,
    /// Nonce and ciphertext, base64.
    pub sealed: String,
}

/// One credential to one account at one venue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// Its id.
    pub id: ConnectionId,
    /// Whose.
    pub user_id: UserId,
    /// Rises with every change.
    pub version: u64,
    /// Venue code (`paper`, `alpaca` ...).
    pub broker: String,
    /// Paper or live.
    pub mode: Mode,
    /// Name the user gave.
    pub label: String,
    /// Account id at the venue.
    pub account_id: String,
    /// Credential fields, sealed.
    pub credential: Vec<SealedField>,
    /// Classes for which this is the user's default.
    pub default_for: Vec<AssetClass>,
    /// Zone of the session day.
    pub zone: SessionZone,
    /// How it is doing.
    pub health: Health,
    /// Why, in words.
    pub health_reason: Option<String>,
    /// Cursor into the venue's fills: everything up to it is booked.
    pub fills_cursor: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
}
