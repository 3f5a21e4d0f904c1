//! From knock to receipt: the secret first, then where it comes from, who signed it and what it says. What was wrong is
//! told to the owner in the log and to the sender only once it has shown the secret.

use ordercast_model::{
    community::{Provider, ProviderStatus},
    hook::{BODY_MAX, DeliveryOutcome, Hook, HookSecret, HookStatus},
    ids::{HookId, MessageId, SignalId},
    journal::entry::{Actor, ActorKind},
    ports::{
        store::{CommitError, StoreError, SystemQuery, find_any, get},
        vault::VaultError,
    },
    signal::reading::{NoTrade, Verdict},
    tenant::{SystemScope, TenantScope},
    user::User,
};
use ordercast_rules::parse;

use super::{
    address, dated,
    ledger::{self, Draft},
    secret, signature,
};
use crate::{
    context::Context,
    teach::{self, Ear},
};

/// Why a delivery was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// No such hook, a wrong secret, a wrong or old signature, a wrong pass phrase or a wrong address: always the same.
    #[error("not accepted")]
    Stranger,
    /// The hook is switched off.
    #[error("this webhook is switched off")]
    Disabled,
    /// The owner's plan has no webhooks.
    #[error("the plan of this webhook's owner has no webhooks; it needs Pro or Premium")]
    Plan,
    /// It cannot be a signal.
    #[error("{field}: {message}")]
    Invalid {
        /// Which field.
        field: String,
        /// What was expected.
        message: String,
    },
    /// Larger than 64 KiB.
    #[error("larger than 64 KiB")]
    TooLarge,
    /// Too much waits already; come again.
    #[error("too many signals wait")]
    Full,
    /// The store did not answer; nothing was taken.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The key of the hook's secrets is not held any more.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl From<CommitError> for Refused {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Store(error) => Self::Store(error),
            other => Self::Store(StoreError::Unavailable(other.to_string())),
        }
    }
}

/// Somebody who has shown the secret of a hook. Made by [`knock`] only.
#[derive(Debug, Clone)]
pub struct Sender {
    pub(super) hook: Hook,
    secret: HookSecret,
}

impl Sender {
    /// The hook that was opened.
    #[must_use]
    pub const fn hook_id(&self) -> HookId {
        self.hook.id
    }
}

/// What arrived.
#[derive(Debug, Clone, Default)]
pub struct Arrival {
    /// The raw body, at most 64 KiB.
    pub body: Vec<u8>,
    /// `X-Ordercast-Signature`.
    pub signature: Option<String>,
    /// Where it came from.
    pub address: Option<String>,
}

/// A delivery that was dealt with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Its number within the hook.
    pub number: u64,
    /// Accepted, duplicate or test.
    pub outcome: DeliveryOutcome,
    /// One sentence.
    pub detail: String,
    /// The message it is kept as.
    pub message_id: Option<MessageId>,
    /// The signal of that message.
    pub signal_id: Option<SignalId>,
}

/// Opens the door to who knows the secret. Safe to repeat; writes nothing.
///
/// # Errors
/// `Stranger` when there is no such hook or the secret is another; both cost the same work.
pub async fn knock(ctx: &Context, id: &str, given: &str) -> Result<Sender, Refused> {
    let hook = match id.parse::<HookId>() {
        Ok(id) => find(ctx, id).await?,
        Err(_) => None,
    };
    let Some(hook) = hook.filter(|h| h.status != HookStatus::Removed) else {
        secret::pretend(ctx, given)?;
        return Err(Refused::Stranger);
    };
    let secret = secret::find(ctx, &hook, given, ctx.now())?.cloned();
    secret
        .map(|secret| Sender { hook, secret })
        .ok_or(Refused::Stranger)
}

/// A hook by id, whosever it is.
pub(super) async fn find(ctx: &Context, id: HookId) -> Result<Option<Hook>, StoreError> {
    let system = SystemScope::housekeeping("a delivery names its hook, not its tenant");
    Ok(
        find_any::<Hook>(ctx.store.as_ref(), system, SystemQuery::Hook(id))
            .await?
            .pop(),
    )
}

/// Takes one delivery in; resolves when it is durable. Safe to repeat: the same id, or the same body within 60 s,
/// counts once.
///
/// # Errors
/// Why it was not taken; every reason but `Full` and `Store` stands in the hook's log.
pub async fn deliver(ctx: &Context, sender: &Sender, arrival: Arrival) -> Result<Receipt, Refused> {
    if ctx.backlog.is_full() {
        return Err(Refused::Full);
    }
    let hook = &sender.hook;
    let mut draft = Draft::new(hook, ctx.now(), arrival.address.clone(), arrival.body.len());
    let text = String::from_utf8(arrival.body.clone()).ok();
    if let Some(text) = &text {
        draft.body = parse::without_secrets(text);
    }
    if let Some((outcome, detail)) = stranger(ctx, sender, &arrival, text.as_deref())? {
        draft.settle(outcome, None, detail);
        ledger::write(ctx, hook, &draft).await?;
        return Err(Refused::Stranger);
    }
    if text.is_none() {
        let message = "expected UTF-8 text".to_owned();
        draft.settle(
            DeliveryOutcome::Unreadable,
            Some("body".to_owned()),
            message.clone(),
        );
        ledger::write(ctx, hook, &draft).await?;
        let field = "body".to_owned();
        return Err(Refused::Invalid { field, message });
    }
    take(ctx, hook, draft).await
}

/// Notes a delivery whose body was larger than is read.
///
/// # Errors
/// Always: `TooLarge`, or the store's.
pub async fn too_large(ctx: &Context, sender: &Sender, address: Option<String>) -> Result<Receipt, Refused> {
    let mut draft = Draft::new(&sender.hook, ctx.now(), address, BODY_MAX + 1);
    let detail = format!("larger than {} KiB; not read", BODY_MAX / 1_024);
    draft.settle(DeliveryOutcome::TooLarge, Some("body".to_owned()), detail);
    ledger::write(ctx, &sender.hook, &draft).await?;
    Err(Refused::TooLarge)
}

/// Whether the sender is to be treated as a stranger, although the secret was right.
fn stranger(
    ctx: &Context,
    sender: &Sender,
    arrival: &Arrival,
    text: Option<&str>,
) -> Result<Option<(DeliveryOutcome, String)>, VaultError> {
    let Sender { hook, secret } = sender;
    if !address::allows(&hook.addresses, arrival.address.as_deref()) {
        let from = arrival.address.as_deref().unwrap_or("an unknown address");
        let detail = format!("{from} is not on the list of addresses");
        return Ok(Some((DeliveryOutcome::Address, detail)));
    }
    if secret.signed || arrival.signature.is_some() {
        let key = secret::signing_key(ctx, hook.id, secret)?;
        if let Err(wrong) = signature::check(arrival.signature.as_deref(), &key, &arrival.body, ctx.now()) {
            return Ok(Some((DeliveryOutcome::Signature, wrong.to_string())));
        }
    }
    let given = text.and_then(|text| parse::envelope(text).passphrase);
    if !secret::passphrase_fits(ctx, hook, given.as_deref())? {
        let detail = "the pass phrase is missing or wrong".to_owned();
        return Ok(Some((DeliveryOutcome::Passphrase, detail)));
    }
    Ok(None)
}

/// Reads and stores what a trusted sender said.
pub(super) async fn take(ctx: &Context, hook: &Hook, mut draft: Draft) -> Result<Receipt, Refused> {
    let refused = if hook.status != HookStatus::Active {
        draft.settle(DeliveryOutcome::Disabled, None, Refused::Disabled.to_string());
        Some(Refused::Disabled)
    } else if !plan_allows(ctx, hook).await? {
        draft.settle(DeliveryOutcome::Plan, None, Refused::Plan.to_string());
        Some(Refused::Plan)
    } else {
        let key = hook.provider_id.to_string();
        let scope = TenantScope::of_community(hook);
        let provider = get::<Provider>(ctx.store.as_ref(), &scope, &key).await?;
        let ear = match &provider {
            Some(provider) => teach::ear(ctx, provider).await?,
            None => Ear::default(),
        };
        read(&mut draft, provider.as_ref(), &ear)
    };
    let written = ledger::write(ctx, hook, &draft).await?;
    match refused {
        Some(refused) => Err(refused),
        None => Ok(Receipt {
            number: written.number,
            outcome: written.outcome,
            detail: written.detail,
            message_id: written.message_id,
            signal_id: written.signal_id,
        }),
    }
}

async fn plan_allows(ctx: &Context, hook: &Hook) -> Result<bool, StoreError> {
    let system = SystemScope::housekeeping("a hook takes deliveries while its owner's plan allows");
    let owner = find_any::<User>(ctx.store.as_ref(), system, SystemQuery::User(hook.owner_id)).await?;
    Ok(owner.first().is_some_and(|user| user.plan.entitlement().webhooks))
}

/// Reads the body and settles what becomes of it; gives the refusal, if it is one.
fn read(draft: &mut Draft, provider: Option<&Provider>, ear: &Ear) -> Option<Refused> {
    let envelope = parse::envelope(&draft.body);
    draft.key.clone_from(&envelope.id);
    draft.sent_at = draft.sent_at.or(envelope.timestamp);
    let found = ear.body(&draft.body, draft.posted_at()).reading;
    let misdated = dated::fault(&envelope, draft.posted_at(), draft.received_at);
    let (outcome, field, message) = match (&found.verdict, misdated) {
        (Verdict::Invalid { field, message, .. }, _) => {
            (DeliveryOutcome::Invalid, field.clone(), message.clone())
        }
        (_, Some(message)) => (DeliveryOutcome::Invalid, "timestamp".to_owned(), message),
        _ if envelope.test => {
            let detail = match &found.verdict {
                Verdict::Trade { .. } => "marked as a test: it would be a signal, nothing was done",
                _ => "marked as a test: nothing was done",
            };
            draft.settle(DeliveryOutcome::Test, None, detail.to_owned());
            return None;
        }
        (Verdict::NotATrade { reason }, _) => {
            let why = found.reasons.join("; ");
            let message = match reason {
                NoTrade::Empty => "expected an order, got none".to_owned(),
                _ => format!("expected an order: {why}"),
            };
            (DeliveryOutcome::NotATrade, "body".to_owned(), message)
        }
        (Verdict::Trade { .. }, _) => {
            let detail = match provider.map(|p| p.status) {
                Some(ProviderStatus::Active) => "stored; the signal follows".to_owned(),
                _ => "stored; the provider is not active, so that nothing is opened".to_owned(),
            };
            draft.settle(DeliveryOutcome::Accepted, None, detail);
            return None;
        }
    };
    draft.settle(outcome, Some(field.clone()), message.clone());
    Some(Refused::Invalid { field, message })
}

/// The hook as an actor.
pub(super) fn actor(hook: &Hook) -> Actor {
    Actor {
        kind: ActorKind::Webhook,
        id: hook.id.to_string(),
    }
}
