//! Decides whether a batch applies: versions, keys, owners. A batch that fails leaves nothing behind.

use std::{collections::BTreeMap, ops::Bound};

use ordercast_model::{
    ids::ConnectionId,
    ports::store::{Change, CommitError, Row, Table, Thinning},
    time::Timestamp,
};

use super::unique;

type Unique = (Table, &'static str, String);

/// All rows and the index of their unique keys.
#[derive(Debug, Default)]
pub(super) struct Tables {
    rows: BTreeMap<Table, BTreeMap<String, Row>>,
    uniques: BTreeMap<Unique, String>,
}

/// What puts a row back as it was.
struct Undo {
    table: Table,
    key: String,
    before: Option<Row>,
}

fn unique_of(row: &Row) -> Option<Unique> {
    unique::keys(row).map(|(name, value)| (row.table(), name, value))
}

impl Tables {
    pub(super) fn get(&self, table: Table, key: &str) -> Option<&Row> {
        self.rows.get(&table)?.get(key)
    }
    /// Rows of a table in order of their keys.
    pub(super) fn all(&self, table: Table) -> impl DoubleEndedIterator<Item = &Row> {
        self.rows.get(&table).into_iter().flat_map(BTreeMap::values)
    }
    /// Takes away points of equity curves that a later one of the same span and account stands for.
    pub(super) fn thin(&mut self, thinning: Thinning) -> u64 {
        let span = i64::try_from(thinning.span.as_micros())
            .unwrap_or(i64::MAX)
            .max(1);
        let mut curves: BTreeMap<ConnectionId, BTreeMap<Timestamp, String>> = BTreeMap::new();
        for row in self.all(Table::EquityPoint) {
            if let Row::EquityPoint(point) = row {
                let curve = curves.entry(point.connection_id).or_default();
                curve.insert(point.at, row.key());
            }
        }
        let mut gone: Vec<(Timestamp, String)> = Vec::new();
        for curve in curves.values() {
            for (at, key) in curve.range(thinning.from..thinning.until.max(thinning.from)) {
                let end = Timestamp::from_micros((at.micros().div_euclid(span) + 1) * span);
                let mut later = curve.range((Bound::Excluded(*at), Bound::Excluded(end)));
                if later.next().is_some() {
                    gone.push((*at, key.clone()));
                }
            }
        }
        gone.sort();
        gone.truncate(thinning.at_most as usize);
        for (_, key) in &gone {
            self.put(Table::EquityPoint, key.clone(), None);
        }
        gone.len() as u64
    }
    /// Applies the changes in order, or none of them.
    pub(super) fn apply(&mut self, changes: &[Change]) -> Result<(), CommitError> {
        let mut done: Vec<Undo> = Vec::with_capacity(changes.len());
        for change in changes {
            match self.change(change) {
                Ok(undo) => done.push(undo),
                Err(error) => {
                    for undo in done.into_iter().rev() {
                        self.put(undo.table, undo.key, undo.before);
                    }
                    return Err(error);
                }
            }
        }
        Ok(())
    }
    fn change(&mut self, change: &Change) -> Result<Undo, CommitError> {
        let (Change::Insert(row) | Change::Update(row)) = change;
        let (table, key) = (row.table(), row.key());
        let before = self.get(table, &key).cloned();
        match (change, &before) {
            (Change::Insert(_), None) => {}
            (Change::Insert(_), Some(_)) => {
                return Err(CommitError::Duplicate {
                    table: table.name(),
                    key,
                });
            }
            (Change::Update(_), Some(stored))
                if stored.version().checked_add(1) == Some(row.version())
                    && stored.owner() == row.owner() => {}
            (Change::Update(_), _) => {
                return Err(CommitError::Conflict {
                    table: table.name(),
                    id: key,
                });
            }
        }
        if let Some(unique) = unique_of(row)
            && self.uniques.get(&unique).is_some_and(|holder| *holder != key)
        {
            return Err(CommitError::Duplicate {
                table: table.name(),
                key: unique.2,
            });
        }
        self.put(table, key.clone(), Some(row.clone()));
        Ok(Undo { table, key, before })
    }
    fn put(&mut self, table: Table, key: String, row: Option<Row>) {
        let rows = self.rows.entry(table).or_default();
        let old = match &row {
            Some(row) => rows.insert(key.clone(), row.clone()),
            None => rows.remove(&key),
        };
        if let Some(unique) = old.as_ref().and_then(unique_of) {
            self.uniques.remove(&unique);
        }
        if let Some(unique) = row.as_ref().and_then(unique_of) {
            self.uniques.insert(unique, key);
        }
    }
}
