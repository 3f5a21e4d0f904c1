//! What every store must do: versions, keys, atomicity, scopes, questions, the journal, races. Run by the store in
//! memory, by SQLite and by PostgreSQL.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a broken contract panics"
)]

mod journal;
mod question;
mod race;
mod scope;
mod world;
mod write;

use std::{future::Future, sync::Arc};

use ordercast_model::{
    ports::{
        BoxFuture,
        store::{Batch, Change, CommitError, Row, Scope, Store, Stored},
    },
    tenant::SystemScope,
};

/// One promise of the contract: its name and what checks it on an empty store.
pub type Case = (&'static str, fn(Arc<dyn Store>) -> BoxFuture<'static, ()>);

macro_rules! cases {
    ($($module:ident::$case:ident),+ $(,)?) => {
        /// Every promise.
        pub const CASES: &[Case] = &[$((stringify!($case), |store| Box::pin($module::$case(store))),)+];
    };
}

cases! {
    write::a_row_comes_back_as_it_was_written,
    write::an_update_needs_the_version_before,
    write::a_taught_version_is_never_changed,
    write::a_taken_key_is_a_duplicate_that_names_it,
    write::a_freed_key_can_be_taken_again,
    write::one_open_position_per_connection_and_instrument,
    write::a_batch_is_all_or_nothing,
    write::a_conflict_aborts_its_own_batch_alone,
    write::a_big_commit_with_one_conflict_keeps_the_rest,
    write::batches_of_one_commit_follow_each_other,
    write::nothing_is_a_lawful_commit,
    write::a_probe_writes,
    write::curves_are_thinned_to_the_last_point_of_each_span,
    scope::a_stranger_neither_reads_nor_writes,
    scope::a_community_does_not_reach_another,
    scope::a_member_reads_the_own_place_and_the_community_writes_it,
    scope::a_chunk_reaches_its_users_alone,
    scope::a_row_never_changes_hands,
    scope::entries_of_others_cannot_be_noted,
    question::tenant_questions_are_answered_in_order,
    question::system_questions_are_answered_in_order,
    question::pages_follow_each_other_without_gap_or_repeat,
    journal::entries_become_links_and_feeds_without_gaps,
    journal::an_entry_is_noted_once,
    journal::a_link_out_of_place_is_refused,
    journal::a_user_reads_the_own_entries_alone,
    race::two_sequencers_never_fork,
    race::no_update_is_lost,
    race::one_of_many_inserts_wins,
    race::crossing_commits_all_end,
}

/// Runs every case, each on an empty store of its own from `fresh`, which is given the name of the case.
///
/// # Panics
/// When the contract is broken.
pub async fn run<F, Made>(fresh: F)
where
    F: Fn(&'static str) -> Made,
    Made: Future<Output = Arc<dyn Store>>,
{
    for (name, case) in CASES {
        case(fresh(name).await).await;
    }
}

fn system() -> Scope {
    SystemScope::housekeeping("contract").into()
}

fn row(stored: impl Stored) -> Row {
    stored.into_row()
}

fn inserts(rows: impl IntoIterator<Item = Row>) -> Batch {
    Batch {
        changes: rows.into_iter().map(Change::Insert).collect(),
        journal: Vec::new(),
    }
}

fn updates(rows: impl IntoIterator<Item = Row>) -> Batch {
    Batch {
        changes: rows.into_iter().map(Change::Update).collect(),
        journal: Vec::new(),
    }
}

async fn commit(store: &dyn Store, scope: impl Into<Scope>, batch: Batch) -> Result<(), CommitError> {
    ordercast_model::ports::store::commit(store, scope, batch).await
}

/// Writes rows that must go in.
async fn put(store: &dyn Store, rows: impl IntoIterator<Item = Row>) {
    commit(store, system(), inserts(rows))
        .await
        .expect("sample rows go in");
}

fn duplicate(table: &'static str, key: impl ToString) -> Result<(), CommitError> {
    Err(CommitError::Duplicate {
        table,
        key: key.to_string(),
    })
}

fn conflict(table: &'static str, id: impl ToString) -> Result<(), CommitError> {
    Err(CommitError::Conflict {
        table,
        id: id.to_string(),
    })
}

fn outside(table: &'static str, id: impl ToString) -> Result<(), CommitError> {
    Err(CommitError::OutOfScope {
        table,
        id: id.to_string(),
    })
}
