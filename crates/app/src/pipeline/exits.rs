//! One follower, one follow-up: which lots it is about, and whether the follower is asked first. Finds only lots that
//! came from that provider for that follower (PRODUCT SG-23).

use std::time::Duration;

use ordercast_model::{
    decision::{Candidate, Decision, Question, SkipReason},
    follow::Follow,
    position::Lot,
    signal::instruction::Instruction,
};
use ordercast_rules::route::followup::{self, Choice};

use super::{
    PipelineError,
    card::{self, Asking},
    chunk::{self, Chunk, Verdict},
    fanout::Step,
    lot::{self, Acted, Case},
    openings::done,
};
use crate::{context::Context, decide::outcome};

/// Candidates that one card lists; the newest stand first.
const CANDIDATES_MAX: usize = 9;

/// Decides a follow-up for one follower.
pub(super) async fn decide(
    ctx: &Context,
    step: &Step<'_>,
    chunk: &Chunk,
    follow: &Follow,
    instruction: &Instruction,
) -> Result<Verdict, PipelineError> {
    let decision = chunk::decision(ctx, step.signal, step.index, follow, None);
    let age = ctx.now().since(step.signal.posted_at);
    let limits = chunk.limits(ctx, follow);
    let max = Duration::from_secs(u64::from(limits.limits.exit_age_seconds));
    if age > max {
        let message = format!("{}s old (limit {}s): not acted on", age.as_secs(), max.as_secs());
        return Ok(done(
            ctx,
            step,
            outcome::skip(decision, SkipReason::Stale, message),
        ));
    }
    if let Some(twin) = step.twin {
        let message = format!("The same as {twin} a moment earlier: counted once");
        return Ok(done(
            ctx,
            step,
            outcome::skip(decision, SkipReason::Duplicate, message),
        ));
    }
    let lots = chunk.lots(follow.user_id);
    match followup::choose(instruction, step.provider.id, step.signal.parent, &lots) {
        Choice::Nothing(message) => Ok(done(
            ctx,
            step,
            outcome::skip(decision, SkipReason::NothingToClose, message),
        )),
        Choice::Ambiguous(fitting) => Ok(which(ctx, step, chunk, follow, instruction, decision, &fitting)),
        Choice::Lots(chosen) => {
            let chosen: Vec<Lot> = chosen.into_iter().cloned().collect();
            let case = Case {
                signal: step.signal,
                index: step.index,
                chunk,
                follow,
                instruction,
                send_before: step.signal.posted_at.plus(max),
                confirmed: false,
            };
            let acted = lot::act(ctx, &case, decision, &chosen).await?;
            Ok(concluded(ctx, step, chunk, follow, acted))
        }
    }
}

/// What was done, and the card when something of it waits for a yes.
fn concluded(ctx: &Context, step: &Step<'_>, chunk: &Chunk, follow: &Follow, acted: Acted) -> Verdict {
    let Acted {
        mut decision,
        batch,
        jobs,
        ask,
    } = acted;
    let window = chunk.limits(ctx, follow).limits.approval_seconds;
    let card =
        ask.map(|question| card::stop_at_once(ctx, step.signal, &mut decision, follow, window, question));
    let mut verdict = done(ctx, step, decision);
    verdict.batch.changes.extend(batch.changes);
    verdict.batch.journal.extend(batch.journal);
    verdict.jobs = jobs;
    if let Some(card) = card {
        card.add_to(&mut verdict.batch);
        verdict.asks = true;
    }
    verdict
}

/// Two or more signals fit: the follower says which, and until then nothing is done.
fn which(
    ctx: &Context,
    step: &Step<'_>,
    chunk: &Chunk,
    follow: &Follow,
    instruction: &Instruction,
    mut decision: Decision,
    fitting: &[&Lot],
) -> Verdict {
    let mut candidates: Vec<Candidate> = Vec::new();
    for lot in fitting {
        match candidates.iter_mut().find(|c| c.signal_id == lot.signal_id) {
            Some(known) => known.lots.push(lot.id),
            None => candidates.push(Candidate {
                signal_id: lot.signal_id,
                lots: vec![lot.id],
                label: label(lot),
            }),
        }
    }
    let names: Vec<&str> = candidates.iter().map(|c| c.label.as_str()).collect();
    decision = outcome::skip(
        decision,
        SkipReason::AmbiguousFollowup,
        format!("Which one? {}", names.join("; ")),
    );
    let fit = candidates.len();
    candidates.reverse();
    candidates.truncate(CANDIDATES_MAX);
    let asking = Asking {
        signal: step.signal,
        follow,
        window_seconds: chunk.limits(ctx, follow).limits.approval_seconds,
        preview: card::which_preview(instruction, &candidates, fit),
        question: Question::WhichSignal {
            instruction: Box::new(instruction.clone()),
            candidates,
        },
    };
    let card = card::make(ctx, asking, &decision);
    let mut verdict = done(ctx, step, decision);
    card.add_to(&mut verdict.batch);
    verdict.asks = true;
    verdict
}

/// A lot in words: `AAPL opened 2026-11-25 15:00:03 UTC, 4 held at 180`.
fn label(lot: &Lot) -> String {
    let opened = lot.created_at.utc().format("%Y-%m-%d %H:%M:%S UTC");
    let held = match lot.average_price {
        Some(price) if !lot.open.is_zero() => format!("{} held at {price}", lot.open),
        _ => "not filled yet".to_owned(),
    };
    format!("{} opened {opened}, {held}", lot.instrument)
}
