//! Writes a delivery down, once: its place in the log, what the hook remembers, the message and the journal in one
//! transaction (invariant 13). Two at once are taken one after the other, whichever process they reach.

use ordercast_model::{
    hook::{Delivery, DeliveryOutcome, Hook, HookLedger, Recent, TWIN_WINDOW},
    ids::MessageId,
    journal::{
        entry::{Actor, Entry, Outcome},
        kind::Kind,
    },
    ports::store::{Batch, CommitError, Query, StoreError, find, get},
    signal::{
        raw::{Author, Content, RevisionKind, Source},
        record::Message,
    },
    tenant::TenantScope,
    time::Timestamp,
};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::deliver::actor;
use crate::{context::Context, pipeline::signal_id};

/// How often a delivery is tried again when another of the same hook came first.
const ATTEMPTS_MAX: u32 = 20;
/// Longest id of a sender that is kept as it is.
const KEY_MAX: usize = 120;

/// A delivery before it has a number.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) received_at: Timestamp,
    pub(super) sent_at: Option<Timestamp>,
    pub(super) address: Option<String>,
    pub(super) body: String,
    pub(super) size: u64,
    pub(super) key: Option<String>,
    pub(super) outcome: DeliveryOutcome,
    pub(super) field: Option<String>,
    pub(super) detail: String,
    /// The delivery that is repeated by hand.
    pub(super) replay_of: Option<Delivery>,
    pub(super) actor: Actor,
}

impl Draft {
    pub(super) fn new(hook: &Hook, now: Timestamp, address: Option<String>, size: usize) -> Self {
        Self {
            received_at: now,
            sent_at: None,
            address,
            body: String::new(),
            size: u64::try_from(size).unwrap_or(u64::MAX),
            key: None,
            outcome: DeliveryOutcome::NotATrade,
            field: None,
            detail: String::new(),
            replay_of: None,
            actor: actor(hook),
        }
    }
    pub(super) fn settle(&mut self, outcome: DeliveryOutcome, field: Option<String>, detail: String) {
        (self.outcome, self.field, self.detail) = (outcome, field, detail);
    }
    /// Where its age begins: the sender's time, else our receipt of the first delivery.
    pub(super) fn posted_at(&self) -> Timestamp {
        let received = self
            .replay_of
            .as_ref()
            .map_or(self.received_at, |d| d.received_at);
        self.sent_at.unwrap_or(received)
    }
    fn content_hash(&self) -> String {
        hex::encode(Sha256::digest(self.body.as_bytes()))
    }
    /// The id of the message at its source: the sender's own, else one of the body and the delivery's number.
    fn source_id(&self, number: u64) -> String {
        match &self.key {
            Some(key) if key.len() <= KEY_MAX && key.bytes().all(|b| b.is_ascii_graphic() || b == b' ') => {
                format!("id:{key}")
            }
            Some(key) => format!("id-sha256:{}", hex::encode(Sha256::digest(key.as_bytes()))),
            None => {
                let hash = self.content_hash();
                let number = self.replay_of.as_ref().map_or(number, |d| d.number);
                format!("body:{}:{number}", hash.get(..32).unwrap_or(&hash))
            }
        }
    }
}

/// The message of an earlier delivery of the same, if there is one.
struct Earlier {
    message: Message,
    detail: String,
}

fn source(hook: &Hook) -> Source {
    Source::Webhook {
        hook: hook.id.to_string(),
    }
}

async fn stored(ctx: &Context, hook: &Hook, source_id: String) -> Result<Option<Message>, StoreError> {
    let query = Query::MessageRevisions(source(hook).key(), source_id);
    let scope = TenantScope::of_community(hook);
    Ok(find::<Message>(ctx.store.as_ref(), &scope, query).await?.pop())
}

async fn earlier(
    ctx: &Context,
    hook: &Hook,
    draft: &Draft,
    ledger: &HookLedger,
) -> Result<Option<Earlier>, StoreError> {
    let number = ledger.count.saturating_add(1);
    if let Some(message) = stored(ctx, hook, draft.source_id(number)).await? {
        let detail = match &draft.key {
            Some(key) => format!("the id {key:?} was taken before; nothing done"),
            None => "this delivery was taken before; nothing done".to_owned(),
        };
        return Ok(Some(Earlier { message, detail }));
    }
    if draft.key.is_some() {
        return Ok(None);
    }
    let hash = draft.content_hash();
    let twin = |r: &&Recent| r.content_hash == hash && draft.received_at.since(r.at) < TWIN_WINDOW;
    let Some(recent) = ledger.recent.iter().find(twin) else {
        return Ok(None);
    };
    let first = draft_of(draft, recent.number);
    let detail = format!(
        "the same body was taken as delivery {} within {} s; nothing done",
        recent.number,
        TWIN_WINDOW.as_secs()
    );
    let message = stored(ctx, hook, first).await?;
    Ok(message.map(|message| Earlier { message, detail }))
}

fn draft_of(draft: &Draft, number: u64) -> String {
    let alone = Draft {
        replay_of: None,
        ..draft.clone()
    };
    alone.source_id(number)
}

/// Writes a delivery; gives it with its number, and as a duplicate when its message is there already.
///
/// # Errors
/// When the store does not answer, or too many deliveries of the hook come at once; then nothing was taken.
pub(super) async fn write(ctx: &Context, hook: &Hook, draft: &Draft) -> Result<Delivery, CommitError> {
    let mut last = StoreError::Unavailable("too many deliveries at once".to_owned()).into();
    for _ in 0..ATTEMPTS_MAX {
        match attempt(ctx, hook, draft).await {
            Err(error @ (CommitError::Conflict { .. } | CommitError::Duplicate { .. })) => last = error,
            Ok(delivery) => {
                if delivery.outcome == DeliveryOutcome::Accepted {
                    ctx.backlog.add(1);
                }
                return Ok(delivery);
            }
            other => return other,
        }
    }
    Err(last)
}

async fn attempt(ctx: &Context, hook: &Hook, draft: &Draft) -> Result<Delivery, CommitError> {
    let scope = TenantScope::of_community(hook);
    let key = hook.id.to_string();
    let missing = || StoreError::Corrupt {
        table: "hook_ledgers",
        id: key.clone(),
        why: "a hook without its ledger".to_owned(),
    };
    let mut ledger = get::<HookLedger>(ctx.store.as_ref(), &scope, &key)
        .await?
        .ok_or_else(missing)?;
    let known = match draft.outcome {
        DeliveryOutcome::Accepted => earlier(ctx, hook, draft, &ledger).await?,
        _ => None,
    };
    ledger.version += 1;
    ledger.count += 1;
    let number = ledger.count;
    let mut delivery = logged(hook, draft, number);
    let mut batch = Batch::new();
    match known {
        Some(earlier) => {
            delivery.outcome = DeliveryOutcome::Duplicate;
            delivery.detail = earlier.detail;
            delivery.signal_id = Some(signal_id(&earlier.message, &earlier.message.source.key()));
            delivery.message_id = Some(earlier.message.id);
        }
        None if draft.outcome == DeliveryOutcome::Accepted => {
            let message = message(ctx, hook, draft, number);
            delivery.message_id = Some(message.id);
            delivery.signal_id = Some(signal_id(&message, &message.source.key()));
            batch.note(received(ctx, draft, &message, &delivery));
            batch.insert(message);
            remember(&mut ledger, draft, number);
        }
        None if draft.outcome == DeliveryOutcome::Duplicate => {}
        None => batch.note(refused(ctx, hook, draft, &delivery)),
    }
    batch.update(ledger);
    if delivery.version == 1 {
        batch.insert(delivery.clone());
    } else {
        batch.update(delivery.clone());
    }
    ctx.commit(scope, batch).await?;
    Ok(delivery)
}

fn remember(ledger: &mut HookLedger, draft: &Draft, number: u64) {
    let now = draft.received_at;
    ledger.recent.retain(|r| now.since(r.at) < TWIN_WINDOW);
    if draft.key.is_none() {
        ledger.recent.push(Recent {
            content_hash: draft.content_hash(),
            at: now,
            number,
        });
    }
}

fn logged(hook: &Hook, draft: &Draft, number: u64) -> Delivery {
    Delivery {
        hook_id: hook.id,
        number,
        version: Delivery::round(number),
        community_id: hook.community_id,
        received_at: draft.received_at,
        sent_at: draft.sent_at,
        address: draft.address.clone(),
        body: draft.body.clone(),
        size: draft.size,
        key: draft.key.clone(),
        outcome: draft.outcome,
        field: draft.field.clone(),
        detail: draft.detail.clone(),
        message_id: None,
        signal_id: None,
        replay_of: draft.replay_of.as_ref().map(|d| d.number),
    }
}

fn message(ctx: &Context, hook: &Hook, draft: &Draft, number: u64) -> Message {
    Message {
        id: ctx.id::<MessageId>(),
        version: 1,
        community_id: hook.community_id,
        channel_id: hook.channel_id,
        provider_id: Some(hook.provider_id),
        source: source(hook),
        source_id: draft.source_id(number),
        revision: 1,
        kind: RevisionKind::New,
        content_hash: draft.content_hash(),
        author: Author {
            id: hook.id.to_string(),
            name: hook.name.clone(),
            bot: true,
            roles: Vec::new(),
            webhook: Some(hook.id.to_string()),
        },
        content: Content {
            text: draft.body.clone(),
            ..Content::default()
        },
        reply_to: None,
        thread_of: None,
        posted_at: draft.posted_at(),
        edited_at: None,
        received_at: draft.received_at,
        processed: false,
    }
}

fn received(ctx: &Context, draft: &Draft, message: &Message, delivery: &Delivery) -> Entry {
    let object = ("message", message.id.to_string());
    let mut entry = ctx.entry(Kind::SignalReceived, draft.actor.clone(), object);
    entry.community = Some(message.community_id);
    entry.after = Some(json!({
        "source": message.source.key(),
        "source_id": message.source_id,
        "revision": message.revision,
        "content_hash": message.content_hash,
        "posted_at": message.posted_at,
        "delivery": delivery.number,
        "replay_of": delivery.replay_of,
    }));
    entry
}

/// What is journaled of a delivery that made no message.
fn refused(ctx: &Context, hook: &Hook, draft: &Draft, delivery: &Delivery) -> Entry {
    let (kind, result) = match draft.outcome {
        DeliveryOutcome::Signature
        | DeliveryOutcome::Passphrase
        | DeliveryOutcome::Address
        | DeliveryOutcome::Disabled
        | DeliveryOutcome::Plan
        | DeliveryOutcome::Quota => (Kind::AccessDenied, Outcome::Denied),
        DeliveryOutcome::Invalid | DeliveryOutcome::Unreadable | DeliveryOutcome::TooLarge => {
            (Kind::SignalInvalid, Outcome::Denied)
        }
        _ => (Kind::SignalNotATrade, Outcome::Ok),
    };
    let object = ("delivery", format!("{}/{}", hook.id, delivery.number));
    let mut entry = ctx.entry(kind, draft.actor.clone(), object);
    entry.community = Some(hook.community_id);
    entry.result = result;
    entry.reason = Some(draft.outcome.code().to_owned());
    entry.after = Some(json!({
        "field": draft.field,
        "content_hash": draft.content_hash(),
        "size": draft.size,
        "replay_of": delivery.replay_of,
    }));
    entry
}
