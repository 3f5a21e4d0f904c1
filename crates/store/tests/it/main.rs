//! The store through its port, on real databases: SQLite always, PostgreSQL when `ORDERCAST_TEST_POSTGRES_URL` is set.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed expectation fails the test"
)]

mod database;
mod durability;
mod lease;
mod opening;
mod postgres;
mod schema;
mod sqlite;
