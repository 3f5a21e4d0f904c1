//! One follower, one follow-up: close, reduce, move a stop or targets, cancel. Touches only lots that came from that
//! provider for that follower (PRODUCT SG-23 to SG-26).

use std::time::Duration;

use ordercast_model::{
    connection::Connection,
    decision::{Decision, DecisionStatus, SkipReason},
    follow::Follow,
    journal::kind::Kind,
    money::Quantity,
    order::{
        identity::{Leg, Origin},
        intent::{CancelledBy, Order},
        shape::OrderType,
    },
    ports::store::{Query, find},
    position::Lot,
    signal::instruction::{Action, Instruction},
    tenant::TenantScope,
};
use ordercast_rules::{
    protect,
    route::followup::{self, Choice},
};

use super::{
    PipelineError,
    chunk::{self, Chunk, Verdict},
    fanout::Step,
    openings::{done, stages},
};
use crate::{
    context::Context,
    decide::{
        exit::{self, Exit},
        outcome,
        view::{View, view_of},
    },
    lane::Job,
    narrate,
};

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
        Choice::Ambiguous(candidates) => {
            let names: Vec<String> = candidates
                .iter()
                .map(|l| format!("{} opened {}", l.instrument, l.created_at))
                .collect();
            let message = format!("Which one? {}", names.join("; "));
            Ok(done(
                ctx,
                step,
                outcome::skip(decision, SkipReason::AmbiguousFollowup, message),
            ))
        }
        Choice::Lots(chosen) => {
            let chosen: Vec<Lot> = chosen.into_iter().cloned().collect();
            act(ctx, step, chunk, follow, instruction, decision, &chosen).await
        }
    }
}

async fn act(
    ctx: &Context,
    step: &Step<'_>,
    chunk: &Chunk,
    follow: &Follow,
    instruction: &Instruction,
    mut decision: Decision,
    lots: &[Lot],
) -> Result<Verdict, PipelineError> {
    let mut verdict = done(ctx, step, decision.clone());
    verdict.batch = ordercast_model::ports::store::Batch::new();
    let mut said = Vec::new();
    let mut acted = false;
    let mut reason = SkipReason::NothingToClose;
    for (number, lot) in (0_u32..).zip(lots) {
        let Some(connection) = chunk.connections.iter().find(|c| c.id == lot.connection_id) else {
            continue;
        };
        decision.connection_id = Some(connection.id);
        let one = One {
            ctx,
            step,
            chunk,
            follow,
            connection,
            lot,
            number,
            decision: &decision,
        };
        let outcome = match instruction.action {
            Action::Close | Action::Reduce => one.leave(instruction, &mut verdict).await?,
            Action::UpdateStop => one.stop(instruction, &mut verdict).await?,
            Action::UpdateTarget => one.targets(instruction, &mut verdict),
            Action::Cancel => one.cancel(&mut verdict).await?,
            Action::Open | Action::Add => Err((SkipReason::UnsupportedOrder, "Not a follow-up".to_owned())),
        };
        match outcome {
            Ok(done) => {
                acted = true;
                decision.orders.extend(done.order);
                said.push(done.message);
                if done.queued {
                    decision.status = DecisionStatus::Queued;
                }
            }
            Err((why, message)) => {
                reason = why;
                said.push(message);
            }
        }
    }
    decision.message = said.join(". ");
    if !acted {
        decision.status = DecisionStatus::Skipped(reason);
    }
    let mut batch = done(ctx, step, decision).batch;
    batch.changes.append(&mut verdict.batch.changes);
    batch.journal.append(&mut verdict.batch.journal);
    verdict.batch = batch;
    Ok(verdict)
}

struct Done {
    message: String,
    order: Option<ordercast_model::ids::OrderId>,
    queued: bool,
}

impl Done {
    fn said(message: String) -> Self {
        Self {
            message,
            order: None,
            queued: false,
        }
    }
}

type Outcome = Result<Done, (SkipReason, String)>;

struct One<'a> {
    ctx: &'a Context,
    step: &'a Step<'a>,
    chunk: &'a Chunk,
    follow: &'a Follow,
    connection: &'a Connection,
    lot: &'a Lot,
    number: u32,
    decision: &'a Decision,
}

impl One<'_> {
    async fn view(&self) -> Result<View, (SkipReason, String)> {
        let Some(market) = self.ctx.market(self.connection) else {
            return Err((
                SkipReason::ConnectionUnhealthy,
                format!("{} is not enabled", self.connection.broker),
            ));
        };
        view_of(market.as_ref(), &self.lot.instrument)
            .await
            .map_err(|r| (r.reason, r.message))
    }

    async fn orders(&self) -> Result<Vec<Order>, PipelineError> {
        let scope = TenantScope::of_user(self.lot);
        Ok(find::<Order>(self.ctx.store.as_ref(), &scope, Query::OrdersOfLot(self.lot.id)).await?)
    }

    /// Cancels working entries, then closes what is held.
    async fn leave(
        &self,
        instruction: &Instruction,
        verdict: &mut Verdict,
    ) -> Result<Outcome, PipelineError> {
        let orders = self.orders().await?;
        let working: Vec<&Order> = orders
            .iter()
            .filter(|o| o.leg.opens() && !o.state.is_final())
            .collect();
        let held = orders
            .iter()
            .filter(|o| o.leg == Leg::Flatten && !o.state.is_final());
        let mut open = self.lot.open;
        for order in held {
            open = open.minus_to_zero(order.remaining());
        }
        if instruction.action == Action::Close {
            for order in &working {
                self.ask_cancel(order, verdict);
            }
        }
        if open.is_zero() {
            return Ok(if working.is_empty() || instruction.action != Action::Close {
                Err((
                    SkipReason::NothingToClose,
                    format!("Nothing of {} is left to close", self.lot.instrument),
                ))
            } else {
                Ok(Done::said(format!("Entry for {} cancelled", self.lot.instrument)))
            });
        }
        self.close(instruction, open, verdict).await
    }

    /// Closes a part or all of what is held and no other close has taken.
    async fn close(
        &self,
        instruction: &Instruction,
        open: Quantity,
        verdict: &mut Verdict,
    ) -> Result<Outcome, PipelineError> {
        let view = match self.view().await {
            Ok(view) => view,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let quantity = followup::exit_quantity(instruction.action, &instruction.size, open, view.rules.lot)?;
        let Some(account) = self.chunk.accounts.get(&self.connection.id) else {
            return Ok(Err((
                SkipReason::ConnectionUnhealthy,
                "The account has not been read yet".to_owned(),
            )));
        };
        let limits = self.chunk.limits(self.ctx, self.follow);
        let exit_age = Duration::from_secs(u64::from(limits.limits.exit_age_seconds));
        let exit = Exit {
            connection: self.connection,
            account,
            lot: self.lot,
            quantity,
            origin: Origin::Signal(self.step.signal.id),
            index: self.step.index,
            number: self.number,
            limits: &limits,
            order_type: OrderType::Market,
            stages: stages(self.step),
            decision_id: Some(self.decision.id),
            note: None,
            follow_id: Some(self.follow.id),
            send_before: Some(self.step.signal.posted_at.plus(exit_age)),
        };
        let leaving = match exit::decide(self.ctx, &exit, &view, &mut verdict.batch) {
            Ok(leaving) => leaving,
            Err(message) => return Ok(Err((SkipReason::Killed, message))),
        };
        if let Some(sealed) = leaving.approved {
            // Protection makes room first, so that exits never cover more than is held.
            verdict.jobs.push((self.connection.id, Job::Protect(self.lot.id)));
            verdict
                .jobs
                .push((self.connection.id, Job::Place(leaving.order.id, sealed)));
        }
        let word = if quantity == self.lot.open {
            "Close"
        } else {
            "Reduce"
        };
        Ok(Ok(Done {
            message: format!("{word} {quantity} of {} {}", self.lot.open, self.lot.instrument),
            order: Some(leaving.order.id),
            queued: leaving.queued_until.is_some(),
        }))
    }

    /// The wish is durable with the decision, so that a restart repeats it.
    fn ask_cancel(&self, order: &Order, verdict: &mut Verdict) {
        if !order.cancel_requested {
            let mut asked = order.clone();
            asked.cancel_requested = true;
            asked.cancelled_by = Some(CancelledBy::Provider);
            asked.due_at = None;
            asked.version += 1;
            asked.updated_at = self.ctx.now();
            let kind = Kind::OrderCancelRequested;
            let entry = narrate::order(self.ctx, self.connection, &asked, kind);
            verdict.batch.note(entry);
            verdict.batch.update(asked);
        }
        verdict
            .jobs
            .push((self.connection.id, Job::Cancel(order.id, CancelledBy::Provider)));
    }

    /// Puts a moved level into force: the lot is durable first, then its group follows.
    fn moved(&self, mut lot: Lot, verdict: &mut Verdict, message: String) -> Outcome {
        lot.version = self.lot.version + 1;
        lot.updated_at = self.ctx.now();
        let entry = narrate::protection(
            self.ctx,
            self.connection,
            &lot,
            Kind::ProtectionMoved,
            Some(&message),
        );
        verdict.batch.note(entry);
        verdict.batch.update(lot);
        verdict.jobs.push((self.connection.id, Job::Protect(self.lot.id)));
        Ok(Done::said(message))
    }

    async fn stop(&self, instruction: &Instruction, verdict: &mut Verdict) -> Result<Outcome, PipelineError> {
        let view = match self.view().await {
            Ok(view) => view,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let (Some(level), Some(quote)) = (instruction.stop, &view.quote) else {
            return Ok(Err((
                SkipReason::InvalidSignal,
                "The message names no stop level".to_owned(),
            )));
        };
        let moved = protect::update_stop(self.lot, level, instruction.trailing, quote, view.rules.tick);
        let mut lot = match moved {
            Ok(lot) => lot,
            Err(error) => return Ok(Err((SkipReason::UnsupportedOrder, error.to_string()))),
        };
        if !instruction.targets.is_empty() {
            lot = protect::update_targets(&lot, &instruction.targets);
        }
        Ok(self.moved(lot, verdict, format!("Stop of {} moved", self.lot.instrument)))
    }

    fn targets(&self, instruction: &Instruction, verdict: &mut Verdict) -> Outcome {
        let lot = protect::update_targets(self.lot, &instruction.targets);
        self.moved(lot, verdict, format!("Targets of {} moved", self.lot.instrument))
    }

    async fn cancel(&self, verdict: &mut Verdict) -> Result<Outcome, PipelineError> {
        let orders = self.orders().await?;
        let mut count = 0_u32;
        for order in orders.iter().filter(|o| o.leg.opens() && !o.state.is_final()) {
            self.ask_cancel(order, verdict);
            count += 1;
        }
        Ok(if count == 0 {
            Err((
                SkipReason::NothingToClose,
                format!("No entry for {} is working", self.lot.instrument),
            ))
        } else {
            Ok(Done::said(format!("Entry for {} cancelled", self.lot.instrument)))
        })
    }
}
