//! What a page shows and the settings a user may change: reads over the store, each bound to the one who asks.
//! Refuses to know HTTP, and places no order.

mod allowed;
pub mod approval;
pub mod authorise;
pub mod community;
pub mod connect;
pub mod connection;
pub mod fill;
pub mod follow;
pub mod journal;
pub mod loosening;
pub mod market;
pub mod message;
pub mod once;
pub mod order;
pub mod outside;
pub mod portfolio;
pub mod position;
pub mod proof;
pub mod provider;
mod range;
pub mod removal;
pub mod risk;
pub mod signal;

use ordercast_model::{
    ids::Id,
    money::MoneyError,
    ports::{
        market::MarketError,
        store::{CommitError, StoreError},
        vault::VaultError,
    },
};

use crate::identity::IdentityError;

/// Why there is no answer, or nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeskError {
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
    /// Several fields are out of range; each with what was expected.
    #[error("{}", .0.first().map_or_else(String::new, |(field, message)| format!("{field}: {message}")))]
    Fields(Vec<(String, String)>),
    /// The caller changed a version that is not the newest.
    #[error("version {given} is not the newest, which is {newest}")]
    Version {
        /// What the caller knew.
        given: u64,
        /// What is there.
        newest: u64,
    },
    /// It is there already, or changed meanwhile.
    #[error("{0}")]
    Conflict(String),
    /// A second factor must be shown first.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The plan does not allow it.
    #[error("{0}")]
    Plan(String),
    /// The role does not allow it.
    #[error("{0}")]
    Forbidden(String),
    /// A venue does not answer.
    #[error("{0}")]
    Unavailable(String),
    /// A figure does not fit.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The vault could not help.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl DeskError {
    pub(crate) fn invalid(field: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid {
            field,
            message: message.into(),
        }
    }
}

impl From<CommitError> for DeskError {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Conflict { .. } => Self::Conflict("changed meanwhile; read it again".to_owned()),
            CommitError::Duplicate { .. } => Self::Conflict("it is there already".to_owned()),
            CommitError::OutOfScope { .. } => Self::NotFound,
            CommitError::Store(error) => Self::Store(error),
        }
    }
}

impl From<MarketError> for DeskError {
    fn from(error: MarketError) -> Self {
        match error {
            MarketError::UnknownSymbol(symbol) => {
                Self::invalid("symbol", format!("{symbol} is not known at this venue"))
            }
            MarketError::Unavailable(why) => Self::Unavailable(why),
        }
    }
}

/// Reads an id; another kind of id, or none, is as good as missing.
///
/// # Errors
/// `NotFound`.
pub fn id<I: Id>(text: &str) -> Result<I, DeskError> {
    text.parse().map_err(|_| DeskError::NotFound)
}
