//! Who is asking: logins, sessions and what they end with. Refuses to know cookies and headers.

mod caller;
pub mod discord;
pub mod factor;
mod login;
mod profile;
mod session;

pub use caller::Caller;
pub(crate) use login::fresh_token;
pub use login::{Login, TICKET_LIFE, demo_login, issue_ticket};
pub use profile::{Member, Who, rename, who};
pub use session::{
    SESSION_LIFE, authenticate, behind, end_all, end_own, end_session, live_session, logout, refresh,
    sessions, token_hash,
};

use ordercast_model::{
    ports::{
        store::{CommitError, StoreError},
        vault::VaultError,
    },
    time::Timestamp,
};

/// Why nobody was let in, or nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdentityError {
    /// No session, or it has ended.
    #[error("not logged in")]
    NoSession,
    /// The ticket is not one of ours.
    #[error("this login link is not known")]
    TicketUnknown,
    /// The ticket was used before.
    #[error("this login link was used before; each works once")]
    TicketUsed,
    /// The ticket's time ran out.
    #[error("this login link has run out")]
    TicketExpired,
    /// The Discord account is bound to another account here.
    #[error("this Discord account is linked with another account here")]
    Taken,
    /// There is no such thing, or it belongs to somebody else.
    #[error("not found")]
    NotFound,
    /// A field is out of range.
    #[error("{field}: {message}")]
    Invalid {
        /// Which.
        field: &'static str,
        /// What was expected.
        message: String,
    },
    /// A second factor must be shown first.
    #[error("a second factor is needed")]
    StepUp {
        /// Whether there is one to show.
        enrolled: bool,
    },
    /// The code does not fit, or was used before.
    #[error("this code does not fit, or was used before; {left} tries left")]
    Wrong {
        /// Tries left before the lock.
        left: usize,
    },
    /// Too many codes were wrong.
    #[error("too many wrong codes; locked until {until}")]
    FactorLocked {
        /// Until when.
        until: Timestamp,
        /// Seconds until then.
        after: u64,
    },
    /// An authenticator is in force already.
    #[error("an authenticator is set up already; remove it first")]
    Enrolled,
    /// There is no enrolment to confirm.
    #[error("nothing waits to be confirmed; set the authenticator up again")]
    NotOffered,
    /// Somebody changed it meanwhile.
    #[error("changed meanwhile")]
    Conflict,
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Personal fields could not be sealed, so nothing was written.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl From<CommitError> for IdentityError {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Conflict { .. } | CommitError::Duplicate { .. } => Self::Conflict,
            CommitError::OutOfScope { .. } => Self::NotFound,
            CommitError::Store(error) => Self::Store(error),
        }
    }
}
