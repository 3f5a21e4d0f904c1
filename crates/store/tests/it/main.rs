//! The store through its port, on real databases: SQLite always, PostgreSQL when `ORDERCAST_TEST_POSTGRES_URL` is set.

mod database;
mod durability;
mod lease;
mod opening;
mod postgres;
mod schema;
mod sqlite;
