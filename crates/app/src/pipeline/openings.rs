//! One follower, one opening instruction: the gates of PRODUCT SG-13 in their order, then size and risk.

use std::time::Duration;

use super::{
    PipelineError,
    card::{self, Asking},
    chunk::{self, Chunk, Verdict},
    fanout::Step,
    lot::stages,
};
use crate::{
    context::Context,
    decide::{
        again::connection_for,
        open::{self, Opening, Ready, Wish},
        outcome,
        view::View,
    },
    lane::Job,
    mark, narrate, rate,
    switchboard::Concern,
};
use ordercast_model::{
    community::ProviderStatus,
    connection::{Connection, Health},
    decision::{Decision, DecisionStatus, Question, SkipReason},
    follow::{BelowMin, Follow, FollowMode, WhenClosed},
    gate::{Effective, OnCap},
    instrument::AssetClass,
    journal::kind::Kind,
    order::identity::Origin,
    ports::store::Batch,
    signal::{
        instruction::{Action, Instruction},
        reading::Verdict as Meaning,
        record::Signal,
    },
};

/// Decides an opening for one follower.
pub(super) fn decide(
    ctx: &Context,
    step: &Step<'_>,
    chunk: &Chunk,
    follow: &Follow,
) -> Result<Verdict, PipelineError> {
    let blank = chunk::decision(ctx, step.signal, step.index, follow, None);
    let (instruction, connection, view) = match gates(step, chunk, follow) {
        Ok(passed) => passed,
        Err((reason, message)) => return Ok(done(ctx, step, outcome::skip(blank, reason, message))),
    };
    let mut decision = blank;
    decision.connection_id = Some(connection.id);
    let (Some(account), Some(market)) = (chunk.accounts.get(&connection.id), ctx.market(connection)) else {
        let why = "The account has not been read yet";
        return Ok(done(
            ctx,
            step,
            outcome::skip(decision, SkipReason::ConnectionUnhealthy, why),
        ));
    };
    let account = mark::fresh(account, market.as_ref(), ctx.now())?;
    let limits = chunk.limits(ctx, follow);
    let signal = step.signal;
    let switches = ctx.switchboard.covering(&Concern {
        community: Some(signal.community_id),
        provider: Some(signal.provider_id),
        user: Some(follow.user_id),
        follow: Some(follow.id),
        connection: Some(connection.id),
    });
    let open_age = Duration::from_secs(u64::from(limits.limits.open_age_seconds));
    // An edit never opens by itself once its first posting is too old: whose entry it took away is asked (SG-29).
    let age = ctx.now().since(signal.posted_at);
    let late = step.ask.contains(&follow.user_id) && age > open_age;
    // What its author lets it live is a bound of its own, and nobody is asked past it (SG-11).
    let life = instruction.expires_after_seconds.map(Duration::from_secs);
    let is_over = life.is_some_and(|life| age > life);
    let wish = Wish {
        connection,
        account: &account,
        instruction,
        index: step.index,
        revision: signal.revision,
        origin: Origin::Signal(signal.id),
        signal_id: Some(signal.id),
        provider_id: Some(signal.provider_id),
        follow: Some(follow),
        sizing: &follow.sizing,
        limits: &limits,
        on_cap: OnCap::Reduce,
        posted_at: Some(if late && !is_over {
            ctx.now()
        } else {
            signal.posted_at
        }),
        max_age: Some(life.map_or(open_age, |life| life.min(open_age))),
        switches: &switches,
        stages: stages(step.signal),
        decision_id: Some(decision.id),
        note: None,
    };
    let opening = match open::decide(ctx, &wish, view) {
        Opening::Ready(ready) if ready.queued_until.is_some() && follow.when_closed == WhenClosed::Skip => {
            Opening::Denied(ready.notes)
        }
        other => other,
    };
    let ask = late || follow.mode == FollowMode::Approve || signal.reading.confidence < follow.min_confidence;
    if ask && matches!(opening, Opening::Ready(_)) {
        let preview = open::preview(ctx, &wish, view);
        return Ok(ask_first(ctx, step, follow, decision, &limits, preview));
    }
    Ok(conclude(ctx, step, decision, connection, opening))
}

type Passed<'a> = (&'a Instruction, &'a Connection, &'a View);

fn gates<'a>(
    step: &'a Step<'_>,
    chunk: &'a Chunk,
    follow: &Follow,
) -> Result<Passed<'a>, (SkipReason, String)> {
    let signal = step.signal;
    if let Meaning::Invalid { field, message, .. } = &signal.reading.verdict {
        return Err((SkipReason::InvalidSignal, format!("{field}: {message}")));
    }
    let Some(instruction) = step.instruction else {
        return Err((
            SkipReason::InvalidSignal,
            "The signal holds no instruction".to_owned(),
        ));
    };
    if step.provider.status != ProviderStatus::Active {
        return Err((
            SkipReason::ProviderInactive,
            format!("{} is not active", step.provider.name),
        ));
    }
    if !chunk.may_trade(follow.user_id) {
        return Err((
            SkipReason::NoAccess,
            "You are not a trading member of this community".to_owned(),
        ));
    }
    if let Some(why) = step.kept_out.get(&follow.user_id) {
        return Err((SkipReason::NoAccess, why.clone()));
    }
    if let Some(twin) = step.twin {
        let message = format!("The same as {twin} a moment earlier: counted once");
        return Err((SkipReason::Duplicate, message));
    }
    if let Some(message) = chunk.exhausted(follow.user_id) {
        return Err((SkipReason::PlanLimit, message.to_owned()));
    }
    if signal.reading.confidence < follow.min_confidence && follow.below_min == BelowMin::Skip {
        let message = format!(
            "Confidence {} < {}",
            signal.reading.confidence, follow.min_confidence
        );
        return Err((SkipReason::ConfidenceBelowMin, message));
    }
    if instruction.action == Action::Add && !follow.copy_adds {
        return Err((
            SkipReason::AddsDisabled,
            "Additions are off in this follow".to_owned(),
        ));
    }
    let (connection, view) = venue(step, chunk, follow)?;
    Ok((instruction, connection, view))
}

/// Where it would be traded: the instrument, the follower's connection for its class, and that venue's view.
fn venue<'a>(
    step: &'a Step<'_>,
    chunk: &'a Chunk,
    follow: &Follow,
) -> Result<(&'a Connection, &'a View), (SkipReason, String)> {
    let view = step.views.values().find_map(|v| v.as_ref().ok());
    let Some(any) = view else {
        let refusal = step.views.values().find_map(|v| v.as_ref().err());
        return Err(refusal.map_or_else(
            || {
                (
                    SkipReason::InvalidSignal,
                    "The signal names no instrument".to_owned(),
                )
            },
            |r| (r.reason, r.message.clone()),
        ));
    };
    let class = any.instrument().class();
    allowed(follow, class, any)?;
    let Some(connection) = connection_for(&chunk.connections, follow, class) else {
        let message = format!("No default connection for {}", class.code());
        return Err((SkipReason::NoConnection, message));
    };
    if matches!(
        connection.health,
        Health::Unauthorised | Health::Disabled | Health::Down
    ) {
        let message = connection
            .health_reason
            .clone()
            .unwrap_or_else(|| "Reconnect your broker".to_owned());
        return Err((SkipReason::ConnectionUnhealthy, message));
    }
    match step.views.get(&connection.broker) {
        Some(Ok(view)) => Ok((connection, view)),
        Some(Err(refusal)) => Err((refusal.reason, refusal.message.clone())),
        None => Err((
            SkipReason::NoConnection,
            format!("{} is not enabled here", connection.broker),
        )),
    }
}

fn allowed(follow: &Follow, class: AssetClass, view: &View) -> Result<(), (SkipReason, String)> {
    if !follow.asset_classes.contains(&class) {
        return Err((
            SkipReason::AssetNotAllowed,
            format!("{} is off in this follow", class.code()),
        ));
    }
    let symbol = view.instrument().underlying();
    if follow.deny_symbols.iter().any(|s| s == symbol) {
        return Err((
            SkipReason::SymbolDenied,
            format!("{symbol} is on this follow's deny list"),
        ));
    }
    Ok(())
}

/// A decision with nothing to send.
pub(super) fn done(ctx: &Context, step: &Step<'_>, decision: Decision) -> Verdict {
    let user = decision.user_id;
    Verdict {
        user,
        batch: told(ctx, step.signal, decision),
        asks: false,
        jobs: Vec::new(),
    }
}

/// The rows of a decision alone.
pub(super) fn told(ctx: &Context, signal: &Signal, decision: Decision) -> Batch {
    let mut batch = Batch::new();
    batch.note(narrate::decision(ctx, signal, &decision));
    batch.insert(decision);
    batch
}

fn conclude(
    ctx: &Context,
    step: &Step<'_>,
    decision: Decision,
    connection: &Connection,
    opening: Opening,
) -> Verdict {
    match opening {
        Opening::Refused(reason, message) => done(ctx, step, outcome::skip(decision, reason, message)),
        Opening::Denied(breaches) => {
            let too_fast = rate::counts(&breaches);
            let decision = outcome::deny(decision, breaches);
            let mut verdict = done(ctx, step, decision.clone());
            if too_fast {
                verdict.jobs.push((connection.id, Job::RateHit));
            }
            if decision.status == DecisionStatus::Denied {
                let cause = ordercast_model::journal::entry::Links {
                    signal: Some(step.signal.id),
                    ..Default::default()
                };
                for breach in &decision.breaches {
                    verdict
                        .batch
                        .note(narrate::breach(ctx, connection, breach, Kind::RiskDenied, &cause));
                }
            }
            verdict
        }
        Opening::Ready(ready) => send(ctx, step, outcome::ready(decision, &ready), ready),
    }
}

fn send(ctx: &Context, step: &Step<'_>, decision: Decision, ready: Ready) -> Verdict {
    let mut verdict = done(ctx, step, decision);
    verdict.batch.changes.extend(ready.batch.changes);
    verdict.batch.journal.extend(ready.batch.journal);
    for (order, sealed) in ready.orders {
        if let Some(sealed) = sealed {
            verdict
                .jobs
                .push((order.connection_id, Job::Place(order.id, sealed)));
        }
    }
    verdict
}

/// A card instead of an order: nothing is reserved until the follower says yes, and then it is judged afresh.
fn ask_first(
    ctx: &Context,
    step: &Step<'_>,
    follow: &Follow,
    mut decision: Decision,
    limits: &Effective,
    preview: serde_json::Value,
) -> Verdict {
    decision.status = DecisionStatus::AwaitingApproval;
    let window_seconds = limits.limits.approval_seconds;
    let until = ctx.now().plus(Duration::from_secs(u64::from(window_seconds)));
    decision.message = format!("Waits for your answer until {until}");
    let asking = Asking {
        signal: step.signal,
        follow,
        window_seconds,
        preview,
        question: Question::Order,
    };
    let card = card::make(ctx, asking, &decision);
    let mut verdict = done(ctx, step, decision);
    verdict.asks = true;
    card.add_to(&mut verdict.batch);
    verdict
}
