//! The one place where the two databases differ in words, and where the text of multi-row statements is made.

use std::sync::{Arc, OnceLock};

use ordercast_model::ports::store::Table;
use sqlx::{AssertSqlSafe, SqlSafeStr, SqlStr};

use crate::{
    schema::{record, shape},
    value::{Value, list, text},
};

/// Which database speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

/// One query in the words of both databases; one that compares with a list also in the words for a list of one, which
/// can walk an index in order.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Text {
    sqlite: &'static str,
    postgres: &'static str,
    one: Option<&'static str>,
}

impl Text {
    pub(crate) const fn same(sql: &'static str) -> Self {
        Self {
            sqlite: sql,
            postgres: sql,
            one: None,
        }
    }
    pub(crate) const fn listed(sqlite: &'static str, postgres: &'static str, one: &'static str) -> Self {
        Self {
            sqlite,
            postgres,
            one: Some(one),
        }
    }
    pub(crate) const fn differing(sqlite: &'static str, postgres: &'static str) -> Self {
        Self {
            sqlite,
            postgres,
            one: None,
        }
    }
    pub(crate) fn sql(self, dialect: Dialect) -> SqlStr {
        match dialect {
            Dialect::Sqlite => self.sqlite.into_sql_str(),
            Dialect::Postgres => self.postgres.into_sql_str(),
        }
    }
    /// The text for these items and its parameter `$1`.
    pub(crate) fn among(self, items: &[impl ToString]) -> (Self, Value) {
        match (items, self.one) {
            ([item], Some(one)) => (Self::same(one), text(item.to_string())),
            _ => (self, list(items.iter().map(ToString::to_string))),
        }
    }
}

/// Tests whether the column before it is in the JSON list `$1`.
macro_rules! in_list {
    (sqlite) => {
        " IN (SELECT value FROM json_each($1)) "
    };
    (postgres) => {
        " = ANY (ARRAY(SELECT json_array_elements_text(CAST($1 AS json)))) "
    };
}

/// A query: literals, the same for both databases, with `IN_LIST` where a column is compared with the list `$1` and
/// `FROM_LIST` where the list is read as a table `l` of `value`s.
macro_rules! query {
    ($before:literal) => {
        $crate::dialect::Text::same($before)
    };
    ($before:literal IN_LIST $after:literal) => {
        $crate::dialect::Text::listed(
            concat!($before, $crate::dialect::in_list!(sqlite), $after),
            concat!($before, $crate::dialect::in_list!(postgres), $after),
            concat!($before, " = $1 ", $after),
        )
    };
    ($before:literal FROM_LIST $after:literal) => {
        $crate::dialect::Text::differing(
            concat!($before, " json_each($1) AS l ", $after),
            concat!(
                $before,
                " json_array_elements_text(CAST($1 AS json)) AS l (value) ",
                $after
            ),
        )
    };
}
pub(crate) use {in_list, query};

/// Rows in one statement, largest first: few texts, so that prepared statements stay prepared.
const SIZES: [usize; 5] = [256, 64, 16, 4, 1];

/// What is done to the rows of one multi-row statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    /// New rows of a table.
    Insert(Table),
    /// The next version of rows of a table.
    Update(Table),
    /// Journal entries.
    Journal,
    /// Places in the sequencer's queue.
    Pending,
    /// Links of the chain.
    Chain,
    /// Steps of feeds.
    Feed,
}

/// Columns of the links a sequencer makes.
const LINK: [&str; 4] = ["seq", "id", "prev_hash", "hash"];

impl Verb {
    /// Values a row has.
    pub(crate) fn width(self) -> usize {
        match self {
            Self::Insert(table) | Self::Update(table) => shape(table).columns.len() + 3,
            Self::Journal => record::JOURNAL.1.len(),
            Self::Pending => record::PENDING.1.len(),
            Self::Chain => LINK.len(),
            Self::Feed => record::FEED.1.len(),
        }
    }
    fn write(self, rows: &str) -> String {
        let insert = |name: &str, columns: &[&str]| {
            format!("INSERT INTO {name} ({}) VALUES {rows}", columns.join(", "))
        };
        match self {
            Self::Insert(table) => insert(table.name(), &shape(table).all_columns()),
            Self::Update(table) => {
                let shape = shape(table);
                let columns = shape.all_columns();
                let sets: Vec<_> = columns.iter().skip(1).map(|c| format!("{c} = v.{c}")).collect();
                let owned = shape
                    .owner
                    .iter()
                    .map(|c| format!(" AND t.{c} IS NOT DISTINCT FROM v.{c}"));
                format!(
                    "WITH v ({}) AS (VALUES {rows}) UPDATE {} AS t SET {} FROM v \
                     WHERE t.id = v.id AND t.version = v.version - 1{}",
                    columns.join(", "),
                    shape.name,
                    sets.join(", "),
                    owned.collect::<String>()
                )
            }
            Self::Journal => insert(record::JOURNAL.0, record::JOURNAL.1),
            Self::Pending => insert(record::PENDING.0, record::PENDING.1),
            Self::Feed => insert(record::FEED.0, record::FEED.1),
            Self::Chain => {
                let columns = LINK.join(", ");
                format!(
                    "WITH v ({columns}) AS (VALUES {rows}) INSERT INTO journal_chain ({columns}, user_id) \
                     SELECT v.seq, v.id, v.prev_hash, v.hash, j.user_id FROM v JOIN journal j ON j.id = v.id"
                )
            }
        }
    }
    fn index(self) -> usize {
        let tables = Table::ALL.len();
        match self {
            Self::Insert(table) => table as usize,
            Self::Update(table) => tables + table as usize,
            Self::Journal => 2 * tables,
            Self::Pending => 2 * tables + 1,
            Self::Chain => 2 * tables + 2,
            Self::Feed => 2 * tables + 3,
        }
    }
}

/// `($1, $2), ($3, $4)`; SQLite numbers them by `?`, whose look-up does not slow down with their number.
fn placeholders(dialect: Dialect, rows: usize, width: usize) -> String {
    let sign = match dialect {
        Dialect::Sqlite => '?',
        Dialect::Postgres => '$',
    };
    let row = |r: usize| {
        let marks: Vec<String> = (1..=width).map(|c| format!("{sign}{}", r * width + c)).collect();
        format!("({})", marks.join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

type Made = Vec<OnceLock<Arc<str>>>;

/// The texts of multi-row statements of one database, each made at its first use.
#[derive(Debug)]
pub(crate) struct Statements {
    dialect: Dialect,
    made: Made,
}

impl Statements {
    /// The texts of a database.
    pub(crate) fn of(dialect: Dialect) -> &'static Self {
        static SQLITE: OnceLock<Statements> = OnceLock::new();
        static POSTGRES: OnceLock<Statements> = OnceLock::new();
        let slot = match dialect {
            Dialect::Sqlite => &SQLITE,
            Dialect::Postgres => &POSTGRES,
        };
        slot.get_or_init(|| Self {
            dialect,
            made: (0..(2 * Table::ALL.len() + 4) * SIZES.len())
                .map(|_| OnceLock::new())
                .collect(),
        })
    }
    /// The largest statement for at most so many rows: its text and how many rows it takes.
    pub(crate) fn largest(&self, verb: Verb, rows: usize) -> (SqlStr, usize) {
        let (place, size) = SIZES
            .iter()
            .enumerate()
            .find(|(_, size)| **size <= rows)
            .map_or((SIZES.len() - 1, 1), |(place, size)| (place, *size));
        let make = || Arc::from(verb.write(&placeholders(self.dialect, size, verb.width())));
        let text = match self.made.get(verb.index() * SIZES.len() + place) {
            Some(slot) => Arc::clone(slot.get_or_init(make)),
            None => make(),
        };
        (AssertSqlSafe(text).into_sql_str(), size)
    }
}
