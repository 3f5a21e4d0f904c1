//! Approval cards in the chat: the same cards as the dashboard's, the first answer wins (PRODUCT SG-15).

use ordercast_model::{
    chat::{Card, Control, Look, Reply, Tone},
    decision::{Approval, ApprovalState, Decision, DecisionStatus},
    ids::ApprovalId,
    ports::store::get,
    tenant::TenantScope,
    time::Timestamp,
    user::User,
};
use serde_json::Value;

use super::{Answer, Known, say, word};
use crate::{
    approve::{self, ApproveError},
    context::Context,
    desk,
};

/// Cards shown at once.
const CARDS_MAX: usize = 5;

fn buttons(id: ApprovalId, mark: &str) -> Vec<Control> {
    let label = |word: &str| {
        if mark.is_empty() {
            word.to_owned()
        } else {
            format!("{word} {mark}")
        }
    };
    vec![
        Control::Button {
            id: format!("approve:{id}"),
            label: label("Approve"),
            look: Look::Main,
        },
        Control::Button {
            id: format!("skip:{id}"),
            label: label("Skip"),
            look: Look::Quiet,
        },
    ]
}

/// What a card would do, in lines.
fn plan(approval: &Approval) -> String {
    let preview = &approval.preview;
    let text = |of: &Value, name: &str| {
        of.get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let instrument = preview.get("instrument").map(instrument).unwrap_or_default();
    let mut lines = Vec::new();
    for order in preview
        .get("orders")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let price = order
            .get("price")
            .and_then(Value::as_str)
            .map_or_else(String::new, |p| format!(" at {p}"));
        lines.push(format!(
            "**{} {} {instrument}** {}{price}",
            text(order, "side"),
            text(order, "quantity"),
            text(order, "type")
        ));
    }
    for name in ["reductions", "notes"] {
        for breach in preview.get(name).and_then(Value::as_array).into_iter().flatten() {
            lines.push(word::sentence(&text(breach, "message")));
        }
    }
    if lines.is_empty() {
        lines.push(word::sentence(&text(preview, "message")));
    }
    lines.join("\n")
}

fn instrument(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The card that asks.
#[must_use]
pub fn asking(approval: &Approval, provider: &str, now: Timestamp) -> Card {
    let left = approval.expires_at.since(now).as_secs();
    Card::new(
        Tone::Care,
        format!("{provider}: do you want this?"),
        plan(approval),
    )
    .field("Ends", format!("in {left} seconds"))
    .row(buttons(approval.id, ""))
}

/// The card after its answer or its end.
#[must_use]
pub fn ended(approval: &Approval, decision: Option<&Decision>) -> Card {
    let message = decision.map(|d| word::sentence(&d.message)).unwrap_or_default();
    let text = format!("{}\n{message}", plan(approval));
    match approval.state {
        ApprovalState::Pending => Card::new(Tone::Care, "Waiting", text),
        ApprovalState::Declined => Card::new(Tone::Plain, "Skipped", text),
        ApprovalState::Expired => Card::new(Tone::Plain, "Expired: nothing was sent", text),
        ApprovalState::Approved => match decision.map(|d| d.status) {
            Some(DecisionStatus::Skipped(_) | DecisionStatus::Denied | DecisionStatus::Expired) => {
                Card::new(Tone::Bad, "Approved, but not placed", text)
            }
            _ => Card::new(Tone::Good, "Approved", text),
        },
    }
}

/// The decision a card belongs to.
pub(crate) async fn decision_of(
    ctx: &Context,
    approval: &Approval,
) -> Result<Option<Decision>, ordercast_model::ports::store::StoreError> {
    let scope = TenantScope::of_user(approval);
    get::<Decision>(ctx.store.as_ref(), &scope, &approval.decision_id.to_string()).await
}

/// `/approve`.
pub(super) async fn waiting(ctx: &Context, user: &User) -> Answer {
    let cards = desk::approval::pending(ctx, user).await?;
    if cards.is_empty() {
        let text = "No card waits for your answer.";
        return Ok(Reply::Say(Card::new(Tone::Plain, "Approvals", text)));
    }
    let mut shown = Card::new(Tone::Care, "These wait for your answer", "");
    let mut lines = Vec::new();
    for (number, card) in (1..).zip(cards.iter().take(CARDS_MAX)) {
        let left = card.expires_at.since(ctx.now()).as_secs();
        lines.push(format!("{number}. {} ({left} s left)", plan(card)));
        let mark = if cards.len() == 1 {
            String::new()
        } else {
            number.to_string()
        };
        shown = shown.row(buttons(card.id, &mark));
    }
    if cards.len() > CARDS_MAX {
        lines.push(format!("and {} more in the dashboard", cards.len() - CARDS_MAX));
    }
    shown.text = lines.join("\n");
    Ok(Reply::Say(shown))
}

/// Somebody pressed Approve or Skip.
pub(super) async fn answered(ctx: &Context, known: &Known, yes: bool, id: &str) -> Answer {
    let id: ApprovalId = id.parse().map_err(|_| say("There is no such card"))?;
    let approval = match approve::answer(ctx, &known.user, id, yes).await {
        Ok(approval) => approval,
        Err(ApproveError::AlreadyAnswered(card)) => *card,
        Err(ApproveError::Expired) => {
            let scope = TenantScope::of_user(&known.user);
            let found = get::<Approval>(ctx.store.as_ref(), &scope, &id.to_string()).await?;
            found.ok_or(ApproveError::Expired)?
        }
        Err(error) => return Err(error.into()),
    };
    let decision = decision_of(ctx, &approval).await?;
    Ok(Reply::Change(ended(&approval, decision.as_ref())))
}
