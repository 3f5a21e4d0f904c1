//! A card that asks a follower: how it is made, what it says and when it ends. Refuses to know what follows from an answer.

use std::time::Duration;

use ordercast_model::{
    decision::{Approval, ApprovalState, Candidate, Decision, DecisionStatus, Question},
    follow::Follow,
    ids::ApprovalId,
    journal::{
        entry::{Actor, Entry},
        kind::Kind,
    },
    ports::store::Batch,
    signal::{
        instruction::{Action, Instruction},
        record::Signal,
    },
};
use serde_json::{Value, json};

use crate::context::Context;

/// What a card is made of.
pub(crate) struct Asking<'a> {
    /// The signal.
    pub(crate) signal: &'a Signal,
    /// The follow it came by.
    pub(crate) follow: &'a Follow,
    /// How long it waits.
    pub(crate) window_seconds: u32,
    /// What it shows.
    pub(crate) preview: Value,
    /// What it asks.
    pub(crate) question: Question,
}

/// A card and what the journal says of it.
pub(crate) struct Card {
    approval: Approval,
    entry: Entry,
}

impl Card {
    /// Puts both into a batch.
    pub(crate) fn add_to(self, batch: &mut Batch) {
        batch.note(self.entry);
        batch.insert(self.approval);
    }
}

/// Makes a card for a decision.
pub(crate) fn make(ctx: &Context, asking: Asking<'_>, decision: &Decision) -> Card {
    let now = ctx.now();
    let window = Duration::from_secs(u64::from(asking.window_seconds));
    let approval = Approval {
        id: ctx.id::<ApprovalId>(),
        version: 1,
        user_id: asking.follow.user_id,
        signal_id: asking.signal.id,
        revision: decision.revision,
        instruction: decision.instruction,
        decision_id: decision.id,
        follow_id: asking.follow.id,
        state: ApprovalState::Pending,
        question: asking.question,
        choice: None,
        preview: asking.preview,
        expires_at: now.plus(window),
        created_at: now,
        answered_at: None,
    };
    let object = ("approval", approval.id.to_string());
    let mut entry = ctx.entry(Kind::ApprovalRequested, Actor::system("pipeline"), object);
    entry.user = Some(asking.follow.user_id);
    entry.community = Some(asking.signal.community_id);
    entry.links.signal = Some(asking.signal.id);
    entry.after = Some(json!({
        "approval_id": approval.id,
        "signal_id": asking.signal.id,
        "asks": approval.question.code(),
        "preview": approval.preview,
        "expires_at": approval.expires_at,
    }));
    Card { approval, entry }
}

/// The card for a stop that would trigger at once; the decision waits with it.
pub(crate) fn stop_at_once(
    ctx: &Context,
    signal: &Signal,
    decision: &mut Decision,
    follow: &Follow,
    window_seconds: u32,
    question: Question,
) -> Card {
    decision.status = DecisionStatus::AwaitingApproval;
    let message = format!(
        "{}. Yes closes it at the market now; otherwise its stop stays where it is",
        decision.message
    );
    let asking = Asking {
        signal,
        follow,
        window_seconds,
        preview: json!({ "asks": question.code(), "message": message }),
        question,
    };
    make(ctx, asking, decision)
}

/// What a card shows that asks which signal is meant, `fit` of which fit.
pub(crate) fn which_preview(instruction: &Instruction, candidates: &[Candidate], fit: usize) -> Value {
    let deed = match instruction.action {
        Action::Close => "Close",
        Action::Reduce => "Reduce",
        Action::UpdateStop => "Move the stop of",
        Action::UpdateTarget => "Move the targets of",
        Action::Cancel => "Cancel",
        Action::Open | Action::Add => "Trade",
    };
    let symbol = instruction.subject.as_ref().map_or("", |s| s.symbol.as_str());
    let more = if fit > candidates.len() {
        format!("; the newest {} are listed", candidates.len())
    } else {
        String::new()
    };
    let options: Vec<Value> = (1_u32..)
        .zip(candidates)
        .map(|(number, c)| json!({ "number": number, "label": c.label, "signal_id": c.signal_id }))
        .collect();
    json!({
        "asks": "which_signal",
        "symbol": symbol,
        "message": format!("{deed} {symbol}: {fit} open signals fit{more}. Which one is meant?"),
        "options": options,
    })
}
