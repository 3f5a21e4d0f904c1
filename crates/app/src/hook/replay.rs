//! Repeats a delivery by its owner's hand. It passes the same reading, duplicates and age as the first time, so that a
//! replay never opens what is old and never counts twice; and it says so.

use std::time::Duration;

use ordercast_model::{
    hook::{Delivery, DeliveryOutcome},
    ids::HookId,
    journal::entry::Actor,
    limits::Limits,
    ports::store::get,
    tenant::TenantScope,
    user::User,
};

use super::{
    deliver::{self, Receipt, Refused},
    ledger::{self, Draft},
    manage,
};
use crate::{context::Context, desk::DeskError};

/// What became of a replay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replayed {
    /// Number of the new delivery.
    pub number: u64,
    /// What became of it.
    pub outcome: DeliveryOutcome,
    /// One sentence, with its age when it is too old to open anything at the usual limit.
    pub detail: String,
    /// Signal, when there is one.
    pub signal_id: Option<ordercast_model::ids::SignalId>,
}

/// Repeats a delivery of one of the own hooks. Safe to repeat: what was taken is not taken again.
///
/// # Errors
/// `NotFound` when there is no such hook or delivery in the log, `Forbidden` without the role, `Conflict` when its body
/// was not kept.
pub async fn replay(ctx: &Context, user: &User, id: HookId, number: u64) -> Result<Replayed, DeskError> {
    let hook = manage::one(ctx, user, id).await?;
    let scope = TenantScope::of_community(&hook);
    let first = get::<Delivery>(ctx.store.as_ref(), &scope, &Delivery::place(id, number)).await?;
    let first = first.filter(|d| d.number == number).ok_or(DeskError::NotFound)?;
    if first.body.is_empty() {
        return Err(DeskError::Conflict(
            "the body of this delivery was not kept".to_owned(),
        ));
    }
    let mut draft = Draft::new(&hook, ctx.now(), None, first.body.len());
    draft.body.clone_from(&first.body);
    draft.actor = Actor::user(user.id);
    draft.sent_at = first.sent_at;
    let taken = first.message_id.is_some();
    draft.replay_of = Some(original(ctx, &scope, first).await?);
    let posted_at = draft.posted_at();
    if taken {
        draft.settle(
            DeliveryOutcome::Duplicate,
            None,
            format!("delivery {number} was taken; it counts once"),
        );
        let written = ledger::write(ctx, &hook, &draft).await?;
        return Ok(Replayed {
            number: written.number,
            outcome: written.outcome,
            detail: written.detail,
            signal_id: None,
        });
    }
    match deliver::take(ctx, &hook, draft).await {
        Ok(receipt) => Ok(told(receipt, ctx.now().since(posted_at))),
        Err(Refused::Store(error)) => Err(DeskError::Store(error)),
        Err(Refused::Vault(error)) => Err(DeskError::Vault(error)),
        Err(refused) => last(ctx, user, id, refused).await,
    }
}

/// A replay of a replay goes back to what first arrived, while the log still has it.
async fn original(ctx: &Context, scope: &TenantScope, given: Delivery) -> Result<Delivery, DeskError> {
    let Some(number) = given.replay_of else {
        return Ok(given);
    };
    let place = Delivery::place(given.hook_id, number);
    let first = get::<Delivery>(ctx.store.as_ref(), scope, &place).await?;
    match first.filter(|d| d.number == number) {
        Some(first) => Ok(first),
        None => Err(DeskError::Conflict(
            "the delivery it repeats is not in the log any more".to_owned(),
        )),
    }
}

fn told(receipt: Receipt, age: Duration) -> Replayed {
    let max = Duration::from_secs(u64::from(Limits::default().open_age_seconds));
    let detail = if receipt.outcome == DeliveryOutcome::Accepted && age > max {
        let (age, max) = (age.as_secs(), max.as_secs());
        format!("stored; it is {age} s old, and what is older than {max} s opens nothing by default")
    } else {
        receipt.detail
    };
    Replayed {
        number: receipt.number,
        outcome: receipt.outcome,
        detail,
        signal_id: receipt.signal_id,
    }
}

/// The refusal as the log has it.
async fn last(ctx: &Context, user: &User, id: HookId, refused: Refused) -> Result<Replayed, DeskError> {
    let newest = manage::deliveries(ctx, user, id).await?.into_iter().next();
    let newest = newest.ok_or_else(|| DeskError::Conflict(refused.to_string()))?;
    Ok(Replayed {
        number: newest.number,
        outcome: newest.outcome,
        detail: refused.to_string(),
        signal_id: None,
    })
}
