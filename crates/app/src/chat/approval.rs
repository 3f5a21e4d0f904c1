//! Approval cards in the chat: the same cards as the dashboard's, the first answer wins (PRODUCT SG-15).

use ordercast_model::{
    chat::{Card, Control, Look, Reply, Tone},
    decision::{Approval, ApprovalState, Decision, DecisionStatus, Question},
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

/// Buttons that Discord takes in one row, and rows in one message.
const ROW_MAX: usize = 5;
const ROWS_MAX: usize = 5;

fn button(id: String, label: String, look: Look) -> Control {
    Control::Button { id, label, look }
}

/// Buttons of a card, in rows. `mark` tells several cards of one message apart.
fn buttons(card: &Approval, mark: &str) -> Vec<Vec<Control>> {
    let id = card.id;
    let label = |word: &str| match mark {
        "" => word.to_owned(),
        mark => format!("{word} {mark}"),
    };
    let skip = |word: &str| button(format!("skip:{id}"), label(word), Look::Quiet);
    let yes = |word: &str| button(format!("approve:{id}"), label(word), Look::Main);
    let row = match &card.question {
        Question::Order => vec![yes("Approve"), skip("Skip")],
        Question::StopAtOnce { .. } => vec![yes("Close now"), skip("Leave it")],
        Question::WhichSignal { candidates, .. } => {
            let numbers = (1_usize..=candidates.len()).map(|number| {
                let on = match mark {
                    "" => number.to_string(),
                    mark => format!("{mark}.{number}"),
                };
                button(format!("pick:{id}:{number}"), on, Look::Main)
            });
            numbers.chain([skip("None")]).collect()
        }
    };
    row.chunks(ROW_MAX).map(<[Control]>::to_vec).collect()
}

/// What a card would do, in lines; `mark` stands before the numbers of what may be chosen.
fn plan(approval: &Approval, mark: &str) -> String {
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
    for (number, candidate) in (1..).zip(approval.question.candidates()) {
        let chosen = if approval.choice == Some(number) {
            " ✓"
        } else {
            ""
        };
        lines.push(format!("{mark}{number}. {}{chosen}", candidate.label));
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
    let title = match approval.question {
        Question::Order => format!("{provider}: do you want this?"),
        Question::WhichSignal { .. } => format!("{provider}: which one?"),
        Question::StopAtOnce { .. } => format!("{provider}: close now?"),
    };
    let card = Card::new(Tone::Care, title, plan(approval, "")).field("Ends", format!("in {left} seconds"));
    buttons(approval, "").into_iter().fold(card, Card::row)
}

/// The card after its answer or its end.
#[must_use]
pub fn ended(approval: &Approval, decision: Option<&Decision>) -> Card {
    let message = decision.map(|d| word::sentence(&d.message)).unwrap_or_default();
    let text = format!("{}\n{message}", plan(approval, ""));
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
    let (mut lines, mut count) = (Vec::new(), 0);
    for card in cards.iter().take(CARDS_MAX) {
        let mark = if cards.len() == 1 {
            String::new()
        } else {
            (count + 1).to_string()
        };
        let rows = buttons(card, &mark);
        if shown.controls.len() + rows.len() > ROWS_MAX {
            break;
        }
        count += 1;
        let left = card.expires_at.since(ctx.now()).as_secs();
        let dotted = if mark.is_empty() { mark } else { format!("{mark}.") };
        lines.push(format!("{count}. {} ({left} s left)", plan(card, &dotted)));
        shown = rows.into_iter().fold(shown, Card::row);
    }
    if cards.len() > count {
        lines.push(format!("and {} more in the dashboard", cards.len() - count));
    }
    shown.text = lines.join("\n");
    Ok(Reply::Say(shown))
}

/// Somebody pressed a button of a card: `deed` is its kind, `rest` the card and perhaps a number.
pub(super) async fn answered(ctx: &Context, known: &Known, deed: &str, rest: &str) -> Answer {
    let (id, number) = rest.split_once(':').unwrap_or((rest, ""));
    let id: ApprovalId = id.parse().map_err(|_| say("There is no such card"))?;
    let said = match deed {
        "approve" => approve::Answer::Yes,
        "pick" => approve::Answer::Choose(number.parse().map_err(|_| say("There is no such choice"))?),
        _ => approve::Answer::No,
    };
    let approval = match approve::answer(ctx, &known.user, id, said).await {
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
