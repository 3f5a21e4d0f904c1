//! The one shape of every event, and the codes of what goes wrong.

use ordercast_model::time::Timestamp;
use serde::Serialize;
use serde_json::Value;

/// Version of the envelope.
const VERSION: u8 = 1;

/// Every event from the server.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Envelope<'a> {
    v: u8,
    #[serde(rename = "type")]
    kind: &'a str,
    at: String,
    /// The user's own number, without gaps; null for what is not numbered.
    seq: Option<u64>,
    data: Value,
}

impl<'a> Envelope<'a> {
    /// An event with a number.
    pub(crate) fn numbered(kind: &'a str, at: Timestamp, seq: u64, data: Value) -> Self {
        Self {
            v: VERSION,
            kind,
            at: at.to_string(),
            seq: Some(seq),
            data,
        }
    }
    /// An event without a number.
    pub(crate) fn plain(kind: &'a str, at: Timestamp, data: Value) -> Self {
        Self {
            v: VERSION,
            kind,
            at: at.to_string(),
            seq: None,
            data,
        }
    }
    /// Its name.
    pub(crate) const fn kind(&self) -> &'a str {
        self.kind
    }
}

/// What goes wrong on a live connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Code {
    AuthenticationFailed,
    TokenExpired,
    OriginRefused,
    RateLimitExceeded,
    BadMessage,
    Forbidden,
    InternalError,
}

impl Code {
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::AuthenticationFailed => "AUTHENTICATION_FAILED",
            Self::TokenExpired => "TOKEN_EXPIRED",
            Self::OriginRefused => "ORIGIN_REFUSED",
            Self::RateLimitExceeded => "RATE_LIMIT_EXCEEDED",
            Self::BadMessage => "BAD_MESSAGE",
            Self::Forbidden => "FORBIDDEN",
            Self::InternalError => "INTERNAL_ERROR",
        }
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.text())
    }
}

/// Why a live connection is closed by us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Closing {
    TokenExpired,
    Revoked,
    TooMany,
    RateLimited,
    ServerShutdown,
}

impl Closing {
    pub(crate) const fn reason(self) -> &'static str {
        match self {
            Self::TokenExpired => "token_expired",
            Self::Revoked => "revoked",
            Self::TooMany => "too_many",
            Self::RateLimited => "rate_limited",
            Self::ServerShutdown => "server_shutdown",
        }
    }
    pub(crate) const fn message(self) -> &'static str {
        match self {
            Self::TokenExpired => "The token has run out; get a new one and connect again.",
            Self::Revoked => "This session has ended.",
            Self::TooMany => "Too many connections of this user; the oldest is closed.",
            Self::RateLimited => "Too many messages.",
            Self::ServerShutdown => "The server is restarting; connect again.",
        }
    }
}

/// The acknowledgement of a client's event.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Ack {
    pub(crate) ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<&'static str>,
    /// Number of the user's last event, when only some types were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) last_seq: Option<u64>,
}

impl From<()> for Ack {
    fn from((): ()) -> Self {
        Self::OK
    }
}

impl Ack {
    pub(crate) const OK: Self = Self {
        ok: true,
        code: None,
        last_seq: None,
    };
    pub(crate) const fn at(last_seq: u64) -> Self {
        Self {
            last_seq: Some(last_seq),
            ..Self::OK
        }
    }
    pub(crate) const fn refused(code: Code) -> Self {
        Self {
            ok: false,
            code: Some(code.text()),
            last_seq: None,
        }
    }
}
