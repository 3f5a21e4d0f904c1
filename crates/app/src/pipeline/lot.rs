//! What a follow-up does to lots that are known: close, reduce, move a stop or targets, cancel (PRODUCT SG-24 to SG-26).
//! Refuses to know how the lots were found.

use ordercast_model::{
    connection::Connection,
    decision::{Decision, DecisionStatus, Question, SkipReason},
    follow::Follow,
    ids::{ConnectionId, LotId},
    journal::kind::Kind,
    money::Quantity,
    order::{
        identity::Origin,
        intent::{CancelledBy, Order, Stages},
        shape::OrderType,
    },
    ports::store::{Batch, Query, find},
    position::Lot,
    signal::{
        instruction::{Action, Instruction},
        record::Signal,
    },
    tenant::TenantScope,
    time::Timestamp,
};
use ordercast_rules::{
    protect::{self, UpdateError},
    route::followup,
};

use super::{PipelineError, chunk::Chunk};
use crate::{
    context::Context,
    decide::{
        exit::{self, Exit},
        view::{View, view_of},
    },
    lane::Job,
    narrate,
};

/// One follow-up of one follower.
pub(crate) struct Case<'a> {
    /// The signal it came by.
    pub(crate) signal: &'a Signal,
    /// Index of the instruction.
    pub(crate) index: u32,
    /// The follower's rows.
    pub(crate) chunk: &'a Chunk,
    /// The follow.
    pub(crate) follow: &'a Follow,
    /// What is to be done.
    pub(crate) instruction: &'a Instruction,
    /// No order is sent after this instant.
    pub(crate) send_before: Timestamp,
    /// The follower has agreed that a stop beyond the price closes at once.
    pub(crate) confirmed: bool,
}

/// What came of it.
pub(crate) struct Acted {
    /// The decision, not yet in the batch.
    pub(crate) decision: Decision,
    /// Rows and entries.
    pub(crate) batch: Batch,
    /// Work for the lanes, in order.
    pub(crate) jobs: Vec<(ConnectionId, Job)>,
    /// What the follower is to be asked; the decision's message says it.
    pub(crate) ask: Option<Question>,
}

/// Does the follow-up to these lots.
pub(crate) async fn act(
    ctx: &Context,
    case: &Case<'_>,
    mut decision: Decision,
    lots: &[Lot],
) -> Result<Acted, PipelineError> {
    let mut work = Work::default();
    let (mut said, mut asked, mut ask_lots) = (Vec::new(), Vec::new(), Vec::<LotId>::new());
    let mut acted = false;
    let mut reason = SkipReason::NothingToClose;
    for (number, lot) in (0_u32..).zip(lots) {
        let Some(connection) = case.chunk.connections.iter().find(|c| c.id == lot.connection_id) else {
            continue;
        };
        decision.connection_id = Some(connection.id);
        let one = One {
            ctx,
            case,
            connection,
            lot,
            number,
            decision: &decision,
        };
        match one.act(&mut work).await? {
            Ok(done) => {
                acted = true;
                decision.orders.extend(done.order);
                said.push(done.message);
                if done.queued {
                    decision.status = DecisionStatus::Queued;
                }
            }
            Err(Undone::Skip(why, message)) => {
                reason = why;
                said.push(message);
            }
            Err(Undone::WouldTrigger(message)) => {
                ask_lots.push(lot.id);
                asked.push(message);
            }
        }
    }
    let ask = (!ask_lots.is_empty()).then(|| Question::StopAtOnce {
        instruction: Box::new(case.instruction.clone()),
        lots: ask_lots,
        done: acted.then(|| said.join(". ")),
    });
    said.extend(asked);
    decision.message = said.join(". ");
    if ask.is_none() && !acted {
        decision.status = DecisionStatus::Skipped(reason);
    }
    Ok(Acted {
        decision,
        batch: work.batch,
        jobs: work.jobs,
        ask,
    })
}

/// What is to be written and done for the lots so far.
#[derive(Default)]
struct Work {
    batch: Batch,
    jobs: Vec<(ConnectionId, Job)>,
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

/// Why nothing was done to a lot.
enum Undone {
    Skip(SkipReason, String),
    WouldTrigger(String),
}

impl From<(SkipReason, String)> for Undone {
    fn from((reason, message): (SkipReason, String)) -> Self {
        Self::Skip(reason, message)
    }
}

type Outcome = Result<Done, Undone>;

struct One<'a> {
    ctx: &'a Context,
    case: &'a Case<'a>,
    connection: &'a Connection,
    lot: &'a Lot,
    number: u32,
    decision: &'a Decision,
}

impl One<'_> {
    async fn act(&self, work: &mut Work) -> Result<Outcome, PipelineError> {
        let instruction = self.case.instruction;
        match instruction.action {
            Action::Close | Action::Reduce => self.leave(instruction, work).await,
            Action::UpdateStop => self.stop(instruction, work).await,
            Action::UpdateTarget => Ok(self.targets(instruction, work)),
            Action::Cancel => self.cancel(work).await,
            Action::Open | Action::Add => Ok(Err(Undone::Skip(
                SkipReason::UnsupportedOrder,
                "Not a follow-up".to_owned(),
            ))),
        }
    }

    async fn view(&self) -> Result<View, (SkipReason, String)> {
        let Some(market) = self.ctx.market(self.connection) else {
            return Err((
                SkipReason::ConnectionUnhealthy,
                format!("{} is not enabled", self.connection.broker),
            ));
        };
        view_of(market.as_ref(), &self.lot.instrument, self.ctx.now())
            .await
            .map_err(|r| (r.reason, r.message))
    }

    async fn orders(&self) -> Result<Vec<Order>, PipelineError> {
        let scope = TenantScope::of_user(self.lot);
        Ok(find::<Order>(self.ctx.store.as_ref(), &scope, Query::OrdersOfLot(self.lot.id)).await?)
    }

    /// Cancels working entries, then closes what is held.
    async fn leave(&self, instruction: &Instruction, work: &mut Work) -> Result<Outcome, PipelineError> {
        let orders = self.orders().await?;
        let working: Vec<&Order> = orders
            .iter()
            .filter(|o| o.leg.opens() && !o.state.is_final())
            .collect();
        let held = orders.iter().filter(|o| o.leg.leaves() && !o.state.is_final());
        let mut open = crate::protect::held(self.lot);
        for order in held {
            open = open.minus_to_zero(order.remaining());
        }
        if instruction.action == Action::Close {
            for order in &working {
                self.ask_cancel(order, work);
            }
        }
        if open.is_zero() {
            return Ok(if working.is_empty() || instruction.action != Action::Close {
                Err(Undone::Skip(
                    SkipReason::NothingToClose,
                    format!("Nothing of {} is left to close", self.lot.instrument),
                ))
            } else {
                Ok(Done::said(format!("Entry for {} cancelled", self.lot.instrument)))
            });
        }
        self.close(instruction, open, work).await
    }

    /// Closes a part or all of what is held and no other close has taken.
    async fn close(
        &self,
        instruction: &Instruction,
        open: Quantity,
        work: &mut Work,
    ) -> Result<Outcome, PipelineError> {
        let view = match self.view().await {
            Ok(view) => view,
            Err(refusal) => return Ok(Err(refusal.into())),
        };
        let quantity = followup::exit_quantity(instruction.action, &instruction.size, open, view.rules.lot)?;
        let Some(account) = self.case.chunk.accounts.get(&self.connection.id) else {
            return Ok(Err(Undone::Skip(
                SkipReason::ConnectionUnhealthy,
                "The account has not been read yet".to_owned(),
            )));
        };
        let limits = self.case.chunk.limits(self.ctx, self.case.follow);
        let exit = Exit {
            connection: self.connection,
            account,
            lot: self.lot,
            quantity,
            origin: Origin::Signal(self.case.signal.id),
            index: self.case.index,
            number: self.number,
            limits: &limits,
            order_type: OrderType::Market,
            regular_only: false,
            stages: stages(self.case.signal),
            decision_id: Some(self.decision.id),
            note: None,
            follow_id: Some(self.case.follow.id),
            send_before: Some(self.case.send_before),
        };
        let leaving = match exit::decide(self.ctx, &exit, &view, &mut work.batch) {
            Ok(leaving) => leaving,
            Err(message) => return Ok(Err(Undone::Skip(SkipReason::Killed, message))),
        };
        if let Some(sealed) = leaving.approved {
            // Protection makes room first, so that exits never cover more than is held.
            work.jobs.push((self.connection.id, Job::Protect(self.lot.id)));
            work.jobs
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
    fn ask_cancel(&self, order: &Order, work: &mut Work) {
        if !order.cancel_requested {
            let mut asked = order.clone();
            asked.cancel_requested = true;
            asked.cancelled_by = Some(CancelledBy::Provider);
            asked.due_at = None;
            asked.version += 1;
            asked.updated_at = self.ctx.now();
            let kind = Kind::OrderCancelRequested;
            let entry = narrate::order(self.ctx, self.connection, &asked, kind);
            work.batch.note(entry);
            work.batch.update(asked);
        }
        work.jobs
            .push((self.connection.id, Job::Cancel(order.id, CancelledBy::Provider)));
    }

    /// Puts a moved level into force: the lot is durable first, then its group follows.
    fn moved(&self, mut lot: Lot, work: &mut Work, message: String) -> Outcome {
        lot.version = self.lot.version + 1;
        lot.updated_at = self.ctx.now();
        let entry = narrate::protection(
            self.ctx,
            self.connection,
            &lot,
            Kind::ProtectionMoved,
            Some(&message),
        );
        work.batch.note(entry);
        work.batch.update(lot);
        work.jobs.push((self.connection.id, Job::Protect(self.lot.id)));
        Ok(Done::said(message))
    }

    async fn stop(&self, instruction: &Instruction, work: &mut Work) -> Result<Outcome, PipelineError> {
        let view = match self.view().await {
            Ok(view) => view,
            Err(refusal) => return Ok(Err(refusal.into())),
        };
        let (Some(level), Some(quote)) = (instruction.stop, &view.quote) else {
            return Ok(Err(Undone::Skip(
                SkipReason::InvalidSignal,
                "The message names no stop level".to_owned(),
            )));
        };
        let moved = protect::update_stop(self.lot, level, instruction.trailing, quote, view.rules.tick);
        let mut lot = match moved {
            Ok(lot) => lot,
            // What such a stop would do, done now.
            Err(UpdateError::WouldTrigger { .. }) if self.case.confirmed => {
                let close = Instruction {
                    action: Action::Close,
                    ..instruction.clone()
                };
                return self.leave(&close, work).await;
            }
            Err(error @ UpdateError::WouldTrigger { .. }) => {
                return Ok(Err(Undone::WouldTrigger(format!(
                    "{}: {error}",
                    self.lot.instrument
                ))));
            }
            Err(error) => {
                return Ok(Err(Undone::Skip(SkipReason::UnsupportedOrder, error.to_string())));
            }
        };
        if !instruction.targets.is_empty() {
            lot = protect::update_targets(&lot, &instruction.targets);
        }
        Ok(self.moved(lot, work, format!("Stop of {} moved", self.lot.instrument)))
    }

    fn targets(&self, instruction: &Instruction, work: &mut Work) -> Outcome {
        let lot = protect::update_targets(self.lot, &instruction.targets);
        self.moved(lot, work, format!("Targets of {} moved", self.lot.instrument))
    }

    async fn cancel(&self, work: &mut Work) -> Result<Outcome, PipelineError> {
        let orders = self.orders().await?;
        let mut count = 0_u32;
        for order in orders.iter().filter(|o| o.leg.opens() && !o.state.is_final()) {
            self.ask_cancel(order, work);
            count += 1;
        }
        Ok(if count == 0 {
            Err(Undone::Skip(
                SkipReason::NothingToClose,
                format!("No entry for {} is working", self.lot.instrument),
            ))
        } else {
            Ok(Done::said(format!("Entry for {} cancelled", self.lot.instrument)))
        })
    }
}

/// Stage times of a signal so far.
pub(crate) fn stages(signal: &Signal) -> Stages {
    Stages {
        posted: Some(signal.posted_at),
        received: Some(signal.received_at),
        parsed: Some(signal.parsed_at),
        ..Stages::default()
    }
}
