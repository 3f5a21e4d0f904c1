//! Verifies the journal while the program runs (PRODUCT AU-05): what is not signed yet at the start and every hour, all
//! of it every day. A fault stops every opening and is journaled; exits go on (AU-06).

use std::time::Duration;

use ordercast_model::{
    journal::{
        checkpoint::Checkpoint,
        entry::{Actor, Link, Outcome},
        kind::Kind,
    },
    ports::store::{Batch, CommitError, StoreError},
    tenant::SystemScope,
};
use ordercast_rules::chain::{self, merkle::Tree};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::{
    signed::IsSigned,
    walk::{Walked, walk},
};
use crate::{checkpoint, context::Context, switch};

/// How often the end of the journal is verified.
const TAIL_EVERY: Duration = Duration::from_secs(3_600);
/// The whole journal is verified at every so many turns.
const WHOLE_EVERY: u32 = 24;
/// After a failure to read it is tried again.
const PATIENCE: Duration = Duration::from_secs(30);
/// Entries read at once.
const PAGE: u32 = 1_000;
const SCOPE: SystemScope = SystemScope::housekeeping("the journal is verified");

/// Verifies until stopped.
pub async fn run(ctx: Context, is_signed: IsSigned, stop: CancellationToken) {
    let (mut turn, mut told) = (0_u32, None);
    while !stop.is_cancelled() {
        let whole = turn > 0 && turn.is_multiple_of(WHOLE_EVERY);
        let wait = match round(&ctx, is_signed, whole, &mut told).await {
            Ok(()) => {
                turn = turn.wrapping_add(1);
                TAIL_EVERY
            }
            Err(error) => {
                tracing::warn!(%error, "the journal is verified later");
                PATIENCE
            }
        };
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            () = ctx.clock.sleep_until(ctx.now().plus(wait)) => {}
        }
    }
}

/// One verification. A fault is told once as long as it stays the same. Safe to repeat.
///
/// # Errors
/// When the store is away.
pub async fn round(
    ctx: &Context,
    is_signed: IsSigned,
    whole: bool,
    told: &mut Option<String>,
) -> Result<(), CommitError> {
    let fault = if whole {
        let walked = walk(ctx.store.as_ref(), Vec::new(), is_signed).await?;
        if walked.bad.is_none() {
            note_verified(ctx, &walked).await?;
        }
        walked.bad
    } else {
        tail(ctx, is_signed).await?
    };
    if let Some(fault) = fault.as_ref().filter(|fault| told.as_ref() != Some(fault)) {
        tracing::error!(%fault, "the journal is not as it was written: nothing opens");
        switch::stop_opens(ctx, &format!("the journal does not verify: {fault}")).await?;
        let mut entry = ctx.entry(
            Kind::JournalMismatch,
            Actor::system("verify"),
            ("journal", "chain".to_owned()),
        );
        entry.result = Outcome::Failed;
        entry.reason = Some(fault.clone());
        let mut batch = Batch::new();
        batch.note(entry);
        ctx.commit(SCOPE, batch).await?;
    }
    *told = fault;
    Ok(())
}

async fn note_verified(ctx: &Context, walked: &Walked) -> Result<(), CommitError> {
    let mut entry = ctx.entry(
        Kind::JournalVerified,
        Actor::system("verify"),
        ("journal", "chain".to_owned()),
    );
    entry.after = Some(json!({ "entries": walked.entries, "checkpoints": walked.checkpoints }));
    let mut batch = Batch::new();
    batch.note(entry);
    ctx.commit(SCOPE, batch).await
}

/// What is wrong with the newest checkpoint or with the entries it does not count yet; none when all holds.
async fn tail(ctx: &Context, is_signed: IsSigned) -> Result<Option<String>, StoreError> {
    let store = ctx.store.as_ref();
    let mut head: Option<Link> = None;
    if let Some(newest) = checkpoint::newest(store).await? {
        let last = newest.size.saturating_sub(1);
        head = store.links(last, 1).await?.pop().filter(|link| link.seq == last);
        let Some(fault) = mark_fault(&newest, is_signed, head.is_none()) else {
            return follow(ctx, head).await;
        };
        return Ok(Some(fault));
    }
    follow(ctx, head).await
}

fn mark_fault(newest: &Checkpoint, is_signed: IsSigned, missing: bool) -> Option<String> {
    let tree = Tree::resume(newest.size, &newest.peaks);
    let wrong = if !is_signed(newest) {
        "its signature does not fit"
    } else if tree.is_none_or(|tree| tree.root() != newest.root) {
        "its subtrees do not give its root"
    } else if missing {
        "the last entry it counts is missing"
    } else {
        return None;
    };
    Some(format!(
        "checkpoint {} of {} entries: {wrong}",
        newest.id, newest.size
    ))
}

/// The chain from a link on.
async fn follow(ctx: &Context, mut head: Option<Link>) -> Result<Option<String>, StoreError> {
    let end = ctx
        .store
        .head()
        .await?
        .map_or(0, |link| link.seq.saturating_add(1));
    loop {
        let next = head.as_ref().map_or(0, |link| link.seq.saturating_add(1));
        if next >= end {
            return Ok(None);
        }
        let page = match ctx.store.chained(next, PAGE).await {
            Err(StoreError::Corrupt { id, why, .. }) => {
                return Ok(Some(format!(
                    "entry {id}, at place {next} or after: it does not read: {why}"
                )));
            }
            other => other?,
        };
        if page.is_empty() {
            return Ok(Some(format!("entry {next}: it is missing")));
        }
        match chain::verify(head.as_ref(), &page) {
            Ok(verified) => head = verified.head,
            Err(fault) => return Ok(Some(fault.to_string())),
        }
    }
}
