//! Writes prepared batches inside a transaction somebody else began. First all of them merged into multi-row
//! statements; where something is refused the batches are halved until the refused one stands alone.

use std::{collections::BTreeMap, ops::Range};

use ordercast_model::ports::store::{CommitError, Table};
use sqlx::SqlSafeStr;

use crate::{
    dialect::{Statements, Verb},
    prepare::{Prepared, Step},
    schema::shape,
    session::{Fault, Session},
    value::{Value, text},
};

/// Why a set of batches did not go in.
#[derive(Debug)]
pub(crate) enum Stop {
    /// A rule of the store; what was written since the savepoint must be rolled back.
    Refused(CommitError),
    /// The database.
    Fault(Fault),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// Begins a part that may be undone alone.
pub(crate) async fn savepoint<S: Session>(session: &mut S) -> Result<(), Fault> {
    session
        .execute("SAVEPOINT part".into_sql_str(), Vec::new())
        .await
        .map(drop)
}

/// Ends the part, keeping it or not.
pub(crate) async fn settle<S: Session>(session: &mut S, keep: bool) -> Result<(), Fault> {
    if !keep {
        session
            .execute("ROLLBACK TO SAVEPOINT part".into_sql_str(), Vec::new())
            .await?;
    }
    session
        .execute("RELEASE SAVEPOINT part".into_sql_str(), Vec::new())
        .await
        .map(drop)
}

/// Writes rows of one kind in as few statements as possible; gives how many rows were touched.
pub(crate) async fn write<S: Session>(session: &mut S, verb: Verb, rows: &[&[Value]]) -> Result<u64, Fault> {
    let statements = Statements::of(S::DIALECT);
    let (mut rest, mut touched) = (rows, 0);
    while !rest.is_empty() {
        let (sql, size) = statements.largest(verb, rest.len());
        let (now, later) = rest.split_at(size.min(rest.len()));
        let values = now.iter().flat_map(|row| row.iter().cloned()).collect();
        touched += session.execute(sql, values).await?;
        rest = later;
    }
    Ok(touched)
}

/// What a merged attempt found: all in, or something refused (which one is not known yet).
async fn merged<S: Session>(session: &mut S, batches: &[Prepared]) -> Result<bool, Fault> {
    match write_merged(session, batches).await {
        Err(Fault::Taken(_)) => Ok(false),
        other => other,
    }
}

async fn write_merged<S: Session>(session: &mut S, batches: &[Prepared]) -> Result<bool, Fault> {
    for new in [true, false] {
        let mut tables: BTreeMap<Table, Vec<&Step>> = BTreeMap::new();
        for step in batches.iter().flat_map(|b| &b.steps).filter(|s| s.new == new) {
            tables.entry(step.table).or_default().push(step);
        }
        for (table, mut steps) in tables {
            // In one order everywhere, so that two transactions wait for each other in turn and not in a circle.
            steps.sort_by(|a, b| a.id.cmp(&b.id));
            let rows: Vec<&[Value]> = steps.iter().map(|s| s.values.as_slice()).collect();
            let verb = if new {
                Verb::Insert(table)
            } else {
                Verb::Update(table)
            };
            if write(session, verb, &rows).await? != rows.len() as u64 {
                return Ok(false);
            }
        }
    }
    let notes: Vec<_> = batches.iter().flat_map(|b| &b.notes).collect();
    let entries: Vec<&[Value]> = notes.iter().map(|n| n.values.as_slice()).collect();
    write(session, Verb::Journal, &entries).await?;
    let places: Vec<[Value; 1]> = notes.iter().map(|n| [text(&n.id)]).collect();
    let places: Vec<&[Value]> = places.iter().map(<[Value; 1]>::as_slice).collect();
    write(session, Verb::Pending, &places).await?;
    Ok(true)
}

fn taken(table: &'static str, key: String) -> Stop {
    Stop::Refused(CommitError::Duplicate { table, key })
}

/// Writes one batch row by row, in its own order, and says what was refused.
async fn exact<S: Session>(session: &mut S, batch: &Prepared) -> Result<(), Stop> {
    for step in &batch.steps {
        let verb = if step.new {
            Verb::Insert(step.table)
        } else {
            Verb::Update(step.table)
        };
        match write(session, verb, &[&step.values]).await {
            Ok(1) => {}
            Ok(_) => {
                return Err(Stop::Refused(CommitError::Conflict {
                    table: step.table.name(),
                    id: step.id.clone(),
                }));
            }
            Err(Fault::Taken(constraint)) => {
                let key = shape(step.table).taken(&constraint, &step.values);
                return Err(taken(step.table.name(), key));
            }
            Err(fault) => return Err(fault.into()),
        }
    }
    for note in &batch.notes {
        match write(session, Verb::Journal, &[&note.values]).await {
            Ok(_) => {}
            Err(Fault::Taken(_)) => return Err(taken("journal", note.id.clone())),
            Err(fault) => return Err(fault.into()),
        }
        write(session, Verb::Pending, &[&[text(&note.id)]]).await?;
    }
    Ok(())
}

/// Writes batches, each all or nothing; the answers stand in their order.
///
/// # Errors
/// When the database fails: nothing may be committed then.
pub(crate) async fn apply<S: Session>(
    session: &mut S,
    batches: &[Prepared],
) -> Result<Vec<Result<(), CommitError>>, Fault> {
    let mut answers: Vec<Result<(), CommitError>> = batches.iter().map(|_| Ok(())).collect();
    let whole = 0..batches.len();
    let mut ranges: Vec<Range<usize>> = Vec::from([whole]);
    while let Some(range) = ranges.pop() {
        let part = batches.get(range.clone()).unwrap_or_default();
        if part.iter().all(|batch| batch.size() == 0) {
            continue;
        }
        savepoint(session).await?;
        let all = merged(session, part).await?;
        settle(session, all).await?;
        if all {
            continue;
        }
        if let [batch] = part {
            let refused = alone(session, batch).await?;
            if let (Err(why), Some(answer)) = (refused, answers.get_mut(range.start)) {
                *answer = Err(why);
            }
            continue;
        }
        let middle = range.start + range.len() / 2;
        ranges.push(middle..range.end);
        ranges.push(range.start..middle);
    }
    Ok(answers)
}

async fn alone<S: Session>(session: &mut S, batch: &Prepared) -> Result<Result<(), CommitError>, Fault> {
    savepoint(session).await?;
    let written = exact(session, batch).await;
    match written {
        Err(Stop::Fault(fault)) => Err(fault),
        Err(Stop::Refused(why)) => settle(session, false).await.map(|()| Err(why)),
        Ok(()) => settle(session, true).await.map(|()| Ok(())),
    }
}
