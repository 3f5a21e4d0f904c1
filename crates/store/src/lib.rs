//! Durable state behind the store port: SQLite by default, PostgreSQL as the second implementation of the same
//! contract, from the same query texts. Refuses to know what the rows mean.

mod chain;
mod commit;
mod dialect;
mod helm;
mod inspect;
mod lead;
mod lock;
mod migration;
mod open;
mod postgres;
mod prepare;
mod queries;
mod read;
mod schema;
mod session;
mod sqlite;
mod store;
mod value;
mod work;
mod writer;

pub use self::{
    inspect::{Inspected, inspect, prove_writable},
    lock::{FolderError, FolderLock, ProcessMark},
    open::{Health, OpenError, Opened, Options, Worker, open},
};

/// What makes the role `ordercast_app` on PostgreSQL, which may only read and append the journal. Run by the owner of
/// the tables, in their schema; safe to repeat.
pub const APPLICATION_ROLE_SQL: &str = include_str!("../roles/postgres.sql");
