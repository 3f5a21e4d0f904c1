//! The vault: credentials and personal fields sealed under per-user keys, which master keys wrap (PRODUCT SEC-01..03).

mod keeper;
mod local;
mod master;
mod place;
mod seal;

pub use local::LocalVault;
pub use master::{MasterKeyError, MasterKeys, fresh};
