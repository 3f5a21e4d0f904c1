//! Turns batches into values before any database is touched: scopes are checked and bodies written in the caller's task.

use ordercast_model::{
    journal::entry::Entry,
    ports::store::{Batch, Change, CommitError, Scope, StoreError, Table},
};

use crate::{
    schema,
    value::{Value, instant, maybe, text},
};

/// A change, ready to be bound.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    /// A new row; else the next version of one.
    pub(crate) new: bool,
    /// Where.
    pub(crate) table: Table,
    /// Its key.
    pub(crate) id: String,
    /// Its values.
    pub(crate) values: Vec<Value>,
}

/// A journal entry, ready to be bound.
#[derive(Debug, Clone)]
pub(crate) struct Note {
    /// Its id.
    pub(crate) id: String,
    /// Its values.
    pub(crate) values: Vec<Value>,
}

/// A batch, ready to be written.
#[derive(Debug, Clone, Default)]
pub(crate) struct Prepared {
    /// Changes in order.
    pub(crate) steps: Vec<Step>,
    /// Entries in order.
    pub(crate) notes: Vec<Note>,
}

impl Prepared {
    /// Statements' worth of rows in it.
    pub(crate) fn size(&self) -> usize {
        self.steps.len() + 2 * self.notes.len()
    }
}

/// A row that cannot be written as JSON would not read back either.
fn unwritable(table: &'static str, id: String, why: &serde_json::Error) -> CommitError {
    StoreError::Corrupt {
        table,
        id,
        why: why.to_string(),
    }
    .into()
}

fn step(change: Change) -> Result<Step, CommitError> {
    let new = matches!(change, Change::Insert(_));
    let (Change::Insert(row) | Change::Update(row)) = change;
    let (table, id) = (row.table(), row.key());
    match schema::values(&row) {
        Ok(values) => Ok(Step {
            new,
            table,
            id,
            values,
        }),
        Err(why) => Err(unwritable(table.name(), id, &why)),
    }
}

fn note(entry: &Entry) -> Result<Note, CommitError> {
    let id = entry.id.to_string();
    let body = serde_json::to_string(entry).map_err(|why| unwritable("journal", id.clone(), &why))?;
    let mut values = finders(entry).to_vec();
    values.push(text(body));
    Ok(Note { id, values })
}

/// What is kept beside an entry's body to find it by, in the order of `record::JOURNAL`.
pub(crate) fn finders(entry: &Entry) -> [Value; 7] {
    [
        text(entry.id),
        instant(entry.at),
        text(entry.kind.code()),
        maybe(entry.user),
        maybe(entry.community),
        text(&entry.object.kind),
        text(&entry.object.id),
    ]
}

/// Makes a batch ready.
///
/// # Errors
/// `OutOfScope`; `Corrupt` when a row cannot be written as JSON.
pub(crate) fn prepare(scope: &Scope, batch: Batch) -> Result<Prepared, CommitError> {
    scope.check(&batch)?;
    Ok(Prepared {
        steps: batch.changes.into_iter().map(step).collect::<Result<_, _>>()?,
        notes: batch.journal.iter().map(note).collect::<Result<_, _>>()?,
    })
}
