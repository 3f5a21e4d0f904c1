//! Which migrations there are. What is sealed is never edited; a change is a new pair of files.

use std::borrow::Cow;

use sqlx::{
    SqlSafeStr,
    migrate::{Migration, MigrationType, Migrator},
};

use crate::dialect::Dialect;

/// Number, name, text for SQLite, text for PostgreSQL.
const ALL: &[(i64, &str, &str, &str)] = &[
    (
        1,
        "foundation",
        include_str!("../migrations/sqlite/0001_foundation.sql"),
        include_str!("../migrations/postgres/0001_foundation.sql"),
    ),
    (
        2,
        "hooks",
        include_str!("../migrations/sqlite/0002_hooks.sql"),
        include_str!("../migrations/postgres/0002_hooks.sql"),
    ),
    (
        4,
        "chat",
        include_str!("../migrations/sqlite/0004_chat.sql"),
        include_str!("../migrations/postgres/0004_chat.sql"),
    ),
    (
        5,
        "profiles",
        include_str!("../migrations/sqlite/0005_profiles.sql"),
        include_str!("../migrations/postgres/0005_profiles.sql"),
    ),
    (
        7,
        "checkpoints",
        include_str!("../migrations/sqlite/0007_checkpoints.sql"),
        include_str!("../migrations/postgres/0007_checkpoints.sql"),
    ),
    (
        8,
        "stops",
        include_str!("../migrations/sqlite/0008_stops.sql"),
        include_str!("../migrations/postgres/0008_stops.sql"),
    ),
    (
        9,
        "watch",
        include_str!("../migrations/sqlite/0009_watch.sql"),
        include_str!("../migrations/postgres/0009_watch.sql"),
    ),
    (
        10,
        "factors",
        include_str!("../migrations/sqlite/0010_factors.sql"),
        include_str!("../migrations/postgres/0010_factors.sql"),
    ),
    (
        11,
        "helm",
        include_str!("../migrations/sqlite/0011_helm.sql"),
        include_str!("../migrations/postgres/0011_helm.sql"),
    ),
    (
        14,
        "keyrings",
        include_str!("../migrations/sqlite/0014_keyrings.sql"),
        include_str!("../migrations/postgres/0014_keyrings.sql"),
    ),
    (
        17,
        "logins",
        include_str!("../migrations/sqlite/0017_logins.sql"),
        include_str!("../migrations/postgres/0017_logins.sql"),
    ),
];

/// The newest version this program knows.
pub(crate) fn newest() -> i64 {
    ALL.last().map_or(0, |(version, ..)| *version)
}

/// The migrations of a database.
pub(crate) fn migrator(dialect: Dialect) -> Migrator {
    let migration = |(version, name, sqlite, postgres): &(i64, &'static str, &'static str, &'static str)| {
        let sql = match dialect {
            Dialect::Sqlite => *sqlite,
            Dialect::Postgres => *postgres,
        };
        Migration::new(
            *version,
            Cow::Borrowed(*name),
            MigrationType::Simple,
            sql.into_sql_str(),
            false,
        )
    };
    Migrator::with_migrations(ALL.iter().map(migration).collect())
}
