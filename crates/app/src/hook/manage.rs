//! What a provider's owner may do with webhooks: make, list, change, rotate, remove, look at the log, try a body. A
//! secret is given out once, by the call that makes it.

use ordercast_model::{
    community::Channel,
    hook::{DELIVERIES_KEPT, Delivery, HOOKS_MAX, Hook, HookLedger, HookSecret, HookStatus, OVERLAP},
    ids::{ChannelId, HookId, ProviderId},
    journal::{entry::Actor, kind::Kind},
    ports::store::{Batch, Query, find},
    secret::Secret,
    signal::{
        raw::Source,
        reading::{Confidence, Reading, Verdict},
    },
    tenant::TenantScope,
    user::User,
};
use ordercast_rules::parse;
use serde_json::{Value, json};

use super::{address, dated, deliver, secret};
use crate::{
    context::Context,
    desk::{
        DeskError,
        provider::{managed, memberships},
    },
    identity::Caller,
    teach,
};

/// Longest name, in characters.
const NAME_MAX: usize = 60;

/// A webhook to be made.
#[derive(Debug, Clone, Default)]
pub struct NewHook {
    /// Name; 1 to 60 characters.
    pub name: String,
    /// Every delivery must be signed.
    pub signed: bool,
    /// A word every body must carry.
    pub passphrase: Option<String>,
    /// Where deliveries may come from; empty for anywhere.
    pub addresses: Vec<String>,
}

/// What is to be changed; what is none stays.
#[derive(Debug, Clone, Default)]
pub struct HookChange {
    /// Name.
    pub name: Option<String>,
    /// Whether it takes deliveries.
    pub enabled: Option<bool>,
    /// Pass phrase; `Some(None)` takes it away.
    pub passphrase: Option<Option<String>>,
    /// Where deliveries may come from.
    pub addresses: Option<Vec<String>>,
}

/// A webhook with a secret that is shown this once.
#[derive(Debug)]
pub struct Made {
    /// The webhook.
    pub hook: Hook,
    /// The secret in its address.
    pub secret: Secret<String>,
    /// The key its deliveries are signed with, when they must be.
    pub signing_key: Option<Secret<String>>,
}

/// Webhooks of a provider, newest first; removed ones are left out. Safe to repeat.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn list(ctx: &Context, user: &User, provider: ProviderId) -> Result<Vec<Hook>, DeskError> {
    let provider = managed(ctx, user, provider).await?;
    let scope = TenantScope::of_community(&provider);
    let mut hooks = find::<Hook>(ctx.store.as_ref(), &scope, Query::Hooks).await?;
    hooks.retain(|h| h.provider_id == provider.id && h.status != HookStatus::Removed);
    Ok(hooks)
}

/// One webhook the user may manage. Safe to repeat.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn one(ctx: &Context, user: &User, id: HookId) -> Result<Hook, DeskError> {
    let hook = deliver::find(ctx, id)
        .await?
        .filter(|h| h.status != HookStatus::Removed)
        .ok_or(DeskError::NotFound)?;
    managed(ctx, user, hook.provider_id).await?;
    Ok(hook)
}

/// Makes a webhook for a provider.
///
/// # Errors
/// `Plan` below Pro, `Conflict` when the user has ten, `Invalid` when a field is out of range, `NotFound`, `Forbidden`.
pub async fn create(
    ctx: &Context,
    user: &User,
    provider: ProviderId,
    new: NewHook,
    caller: &Caller,
) -> Result<Made, DeskError> {
    let provider = managed(ctx, user, provider).await?;
    permit(ctx, user).await?;
    let id = ctx.id::<HookId>();
    let (kept, clear) = secret::make(ctx, id, 1, new.signed)?;
    let now = ctx.now();
    let channel = Channel {
        id: ctx.id::<ChannelId>(),
        community_id: provider.community_id,
        version: 1,
        source_key: Source::Webhook { hook: id.to_string() }.key(),
        name: name(&new.name)?,
        enabled: true,
        cursor: None,
        created_at: now,
    };
    let hook = Hook {
        id,
        version: 1,
        community_id: provider.community_id,
        provider_id: provider.id,
        channel_id: channel.id,
        owner_id: user.id,
        name: channel.name.clone(),
        status: HookStatus::Active,
        secrets: vec![kept],
        passphrase: new.passphrase.map(|p| keep(ctx, id, &p)).transpose()?,
        addresses: addresses(&new.addresses)?,
        created_at: now,
        updated_at: now,
    };
    let mut batch = Batch::new();
    batch.insert(channel);
    batch.insert(HookLedger {
        hook_id: id,
        version: 1,
        community_id: hook.community_id,
        count: 0,
        recent: Vec::new(),
    });
    batch.insert(hook.clone());
    note(ctx, &mut batch, user, (Kind::HookCreated, caller), (None, &hook)).await?;
    ctx.commit(TenantScope::of_community(&hook), batch).await?;
    made(ctx, hook, clear)
}

fn made(ctx: &Context, hook: Hook, secret: Secret<String>) -> Result<Made, DeskError> {
    let newest = hook.secrets.first().filter(|s| s.signed);
    let signing_key = newest
        .map(|kept| secret::signing_key(ctx, hook.id, kept))
        .transpose()?;
    Ok(Made {
        signing_key,
        secret,
        hook,
    })
}

/// Whether the user's plan has webhooks and one more is allowed.
async fn permit(ctx: &Context, user: &User) -> Result<(), DeskError> {
    if !user.plan.entitlement().webhooks {
        return Err(DeskError::Plan(
            "Webhooks need the plan Pro or Premium.".to_owned(),
        ));
    }
    let mut own = 0;
    for membership in memberships(ctx, user).await? {
        let scope = TenantScope::of_community(&membership);
        let hooks = find::<Hook>(ctx.store.as_ref(), &scope, Query::Hooks).await?;
        let counts = |h: &&Hook| h.owner_id == user.id && h.status != HookStatus::Removed;
        own += hooks.iter().filter(counts).count();
    }
    if own >= HOOKS_MAX {
        return Err(DeskError::Conflict(format!(
            "at most {HOOKS_MAX} webhooks; remove one first"
        )));
    }
    Ok(())
}

fn name(text: &str) -> Result<String, DeskError> {
    let text = text.trim();
    let fits = (1..=NAME_MAX).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    if fits {
        Ok(text.to_owned())
    } else {
        Err(DeskError::Invalid {
            field: "name",
            message: format!("expected 1 to {NAME_MAX} characters"),
        })
    }
}

fn addresses(list: &[String]) -> Result<Vec<String>, DeskError> {
    address::checked(list).map_err(|message| DeskError::Invalid {
        field: "addresses",
        message,
    })
}

fn keep(ctx: &Context, id: HookId, clear: &str) -> Result<ordercast_model::hook::Fingerprint, DeskError> {
    secret::check_passphrase(clear).map_err(|message| DeskError::Invalid {
        field: "passphrase",
        message,
    })?;
    Ok(secret::keep_passphrase(ctx, id, clear)?)
}

/// Changes a webhook at the version the caller knows.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Version`, `Invalid`.
pub async fn change(
    ctx: &Context,
    user: &User,
    id: HookId,
    version: u64,
    change: HookChange,
    caller: &Caller,
) -> Result<Hook, DeskError> {
    let before = one(ctx, user, id).await?;
    if before.version != version {
        return Err(DeskError::Version {
            given: version,
            newest: before.version,
        });
    }
    let mut fresh = before.clone();
    if let Some(text) = change.name {
        fresh.name = name(&text)?;
    }
    if let Some(enabled) = change.enabled {
        fresh.status = if enabled {
            HookStatus::Active
        } else {
            HookStatus::Disabled
        };
    }
    if let Some(passphrase) = change.passphrase {
        fresh.passphrase = passphrase.map(|p| keep(ctx, id, &p)).transpose()?;
    }
    if let Some(list) = change.addresses {
        fresh.addresses = addresses(&list)?;
    }
    write(ctx, user, (Kind::ProviderChanged, caller), before, fresh).await
}

/// Gives a webhook a new secret; the one before works for 24 hours more, and any older one ends now.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Conflict` when it changed meanwhile.
pub async fn rotate(
    ctx: &Context,
    user: &User,
    id: HookId,
    signed: Option<bool>,
    caller: &Caller,
) -> Result<Made, DeskError> {
    let before = one(ctx, user, id).await?;
    let generation = before
        .secrets
        .first()
        .map_or(0, |s| s.generation)
        .saturating_add(1);
    let (kept, clear) = secret::make(ctx, id, generation, signed.unwrap_or_else(|| before.is_signed()))?;
    let mut fresh = before.clone();
    let end = ctx.now().plus(OVERLAP);
    let older = before.secrets.first().map(|old| HookSecret {
        expires_at: Some(end),
        ..old.clone()
    });
    fresh.secrets = std::iter::once(kept).chain(older).collect();
    let hook = write(ctx, user, (Kind::HookRotated, caller), before, fresh).await?;
    made(ctx, hook, clear)
}

/// Removes a webhook for good: its secrets end at once.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Conflict` when it changed meanwhile.
pub async fn remove(ctx: &Context, user: &User, id: HookId, caller: &Caller) -> Result<(), DeskError> {
    let before = one(ctx, user, id).await?;
    let mut fresh = before.clone();
    fresh.status = HookStatus::Removed;
    fresh.secrets.clear();
    fresh.passphrase = None;
    write(ctx, user, (Kind::ProviderChanged, caller), before, fresh)
        .await
        .map(drop)
}

/// The last deliveries of a webhook, newest first. Safe to repeat.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn deliveries(ctx: &Context, user: &User, id: HookId) -> Result<Vec<Delivery>, DeskError> {
    let hook = one(ctx, user, id).await?;
    let scope = TenantScope::of_community(&hook);
    let mut rows = find::<Delivery>(ctx.store.as_ref(), &scope, Query::Deliveries(id)).await?;
    rows.truncate(usize::try_from(DELIVERIES_KEPT).unwrap_or(usize::MAX));
    Ok(rows)
}

/// What a body would be taken for if it came now, without taking it. Safe to repeat.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid` when the body is too large.
pub async fn preview(ctx: &Context, user: &User, id: HookId, body: &str) -> Result<Reading, DeskError> {
    let hook = one(ctx, user, id).await?;
    if body.len() > ordercast_model::hook::BODY_MAX {
        return Err(DeskError::Invalid {
            field: "body",
            message: "expected at most 64 KiB".to_owned(),
        });
    }
    let provider = managed(ctx, user, hook.provider_id).await?;
    let envelope = parse::envelope(body);
    let now = ctx.now();
    let at = envelope.timestamp.unwrap_or(now);
    let ear = teach::ear(ctx, &provider).await?;
    let mut reading = ear.body(&parse::without_secrets(body), at).reading;
    let invalid = matches!(reading.verdict, Verdict::Invalid { .. });
    if let Some(message) = dated::fault(&envelope, at, now).filter(|_| !invalid) {
        refuse(&mut reading, message);
    }
    Ok(reading)
}

/// Marks a reading as refused for its time; what was read stays to be seen.
fn refuse(reading: &mut Reading, message: String) {
    let shown = match &mut reading.verdict {
        Verdict::Trade { instructions } => std::mem::take(instructions),
        Verdict::Invalid { .. } | Verdict::NotATrade { .. } => Vec::new(),
    };
    reading.reasons = vec![format!("timestamp: {message}")];
    reading.confidence = Confidence::thousandths(0);
    reading.verdict = Verdict::Invalid {
        field: "timestamp".to_owned(),
        message,
        instructions: shown,
    };
}

type What<'a> = (Kind, &'a Caller);

async fn write(
    ctx: &Context,
    user: &User,
    what: What<'_>,
    before: Hook,
    mut fresh: Hook,
) -> Result<Hook, DeskError> {
    fresh.version += 1;
    fresh.updated_at = ctx.now();
    let mut batch = Batch::new();
    batch.update(fresh.clone());
    note(ctx, &mut batch, user, what, (Some(&before), &fresh)).await?;
    ctx.commit(TenantScope::of_community(&fresh), batch).await?;
    Ok(fresh)
}

async fn note(
    ctx: &Context,
    batch: &mut Batch,
    user: &User,
    (kind, caller): What<'_>,
    (before, after): (Option<&Hook>, &Hook),
) -> Result<(), DeskError> {
    let mut entry = ctx.entry(kind, Actor::user(user.id), ("hook", after.id.to_string()));
    entry.user = Some(user.id);
    entry.community = Some(after.community_id);
    entry.before = before.map(shown);
    entry.after = Some(shown(after));
    entry.origin = caller.sealed(ctx, user.id).await?;
    batch.note(entry);
    Ok(())
}

/// A webhook as the journal keeps it: nothing that could be compared with a secret.
fn shown(hook: &Hook) -> Value {
    json!({
        "name": hook.name,
        "provider_id": hook.provider_id,
        "status": hook.status,
        "signed": hook.is_signed(),
        "passphrase": hook.passphrase.is_some(),
        "addresses": hook.addresses,
        "generation": hook.secrets.first().map(|s| s.generation),
    })
}
