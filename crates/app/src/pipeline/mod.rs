//! The stations of a signal, in order: stored message, reading, signal, followers, decisions, lanes. This file alone
//! names them all. It works from the store, so that a crash anywhere is taken up again.

pub(crate) mod card;
pub(crate) mod chunk;
mod desk;
mod exits;
mod fanout;
pub(crate) mod lot;
mod openings;
mod revise;
pub mod would;

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures::{FutureExt, StreamExt, stream::FuturesUnordered};
use ordercast_model::{
    community::Provider,
    ids::{Entropy, Id, SignalId},
    journal::{
        entry::{Actor, Entry},
        kind::Kind,
    },
    ports::{
        BoxFuture,
        store::{Batch, CommitError, Page, Query, StoreError, SystemQuery, find, find_any, get},
    },
    signal::{
        raw::RevisionKind,
        reading::Verdict,
        record::{Message, Signal, SignalStatus},
    },
    tenant::{SystemScope, TenantScope},
};
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use self::desk::Desk;
use crate::{
    context::Context,
    teach::{self, Meaning},
};

/// Messages taken from the store at once.
const PAGE: u32 = 200;
/// Messages known to wait at most; the rest is read when these are under way.
const WAITING_MAX: usize = 1_000;
/// The pipeline looks by itself this often, should a wake-up be lost.
const IDLE: Duration = Duration::from_millis(500);

/// Reads stored messages and carries them to decisions.
pub struct Pipeline {
    ctx: Context,
    wake: Arc<Notify>,
}

/// Why a message could not be carried on now; it stays unprocessed and is taken up again.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    /// The store is away.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A batch was refused.
    #[error(transparent)]
    Commit(#[from] CommitError),
    /// A figure does not fit.
    #[error(transparent)]
    Money(#[from] ordercast_model::money::MoneyError),
}

/// A message and what became of it.
type Dealt = (Message, Result<(), PipelineError>);

impl Pipeline {
    /// A pipeline woken through `wake`.
    #[must_use]
    pub const fn new(ctx: Context, wake: Arc<Notify>) -> Self {
        Self { ctx, wake }
    }

    /// Runs until the token is cancelled, then finishes what is under way. Messages of one channel, and of one
    /// provider, are dealt with one after the other, oldest first; nobody else waits for them. Safe to repeat: what was
    /// not dealt with stays in the store.
    pub async fn run(self, stop: CancellationToken) {
        let (mut desk, mut working) = (Desk::default(), FuturesUnordered::new());
        let mut look = true;
        loop {
            look |= desk.rise(self.ctx.now());
            let mut ended = Vec::new();
            if look && let Err(error) = beside(self.look(&mut desk), &mut working, &mut ended).await {
                tracing::error!(%error, "pipeline: messages wait");
            }
            let again = |more, (message, end)| self.dealt(&mut desk, message, end) || more;
            look = ended.into_iter().fold(false, again);
            if look {
                continue;
            }
            while let Some((message, later)) = desk.next() {
                working.push(self.deal(message, later));
            }
            let idle = self.ctx.now().plus(IDLE);
            let next = desk.next_rise().map_or(idle, |at| at.min(idle));
            let idle = self.ctx.clock.sleep_until(next);
            look = tokio::select! {
                biased;
                () = stop.cancelled() => break,
                Some((message, end)) = working.next(), if !working.is_empty() => self.dealt(&mut desk, message, end),
                () = self.wake.notified() => true,
                () = self.ctx.backlog.woken() => true,
                () = idle => true,
            };
        }
        while working.next().await.is_some() {}
    }

    /// Deals with what waits now, one message after the other; tells whether there was anything. For a program whose time
    /// is moved by hand. Safe to repeat.
    ///
    /// # Errors
    /// When the store is away; what was not dealt with stays.
    pub async fn round(&self) -> Result<bool, PipelineError> {
        let (mut desk, mut any) = (Desk::default(), false);
        self.look(&mut desk).await?;
        while let Some((message, later)) = desk.next() {
            any = true;
            Box::pin(self.finish(&message, &later)).await?;
            self.dealt(&mut desk, message, Ok(()));
        }
        Ok(any)
    }

    /// Takes a message off the desk; tells whether the store is to be asked for more at once.
    fn dealt(&self, desk: &mut Desk, message: Message, end: Result<(), PipelineError>) -> bool {
        if let Err(error) = end {
            tracing::error!(%error, message = %message.id, "pipeline: a message waits");
            desk.rest(message, self.ctx.now().plus(IDLE));
            return false;
        }
        self.ctx.backlog.remove(1, false);
        desk.dealt(&message)
    }

    /// Reads what waits, oldest first.
    async fn look(&self, desk: &mut Desk) -> Result<(), StoreError> {
        let system = SystemScope::housekeeping("stored messages of every community are read in order");
        let mut page = Page::first(PAGE);
        desk.waiting.clear();
        desk.more = false;
        loop {
            let query = SystemQuery::MessagesUnprocessed(page.clone());
            let found = find_any::<Message>(self.ctx.store.as_ref(), system, query).await?;
            let full = found.len() == PAGE as usize;
            page.after = found.last().map(|m| m.id.to_string());
            desk.waiting
                .extend(found.into_iter().filter(|m| !desk.working.contains(&m.id)));
            desk.more = full && desk.waiting.len() >= WAITING_MAX;
            if desk.more || !full {
                let nothing = desk.waiting.is_empty() && desk.working.is_empty();
                self.ctx.backlog.remove(0, nothing);
                return Ok(());
            }
        }
    }

    /// Carries one message and marks it as done.
    fn deal(&self, message: Message, later: Vec<Message>) -> BoxFuture<'_, Dealt> {
        Box::pin(async move {
            let end = Box::pin(self.finish(&message, &later)).await;
            (message, end)
        })
    }

    async fn finish(&self, message: &Message, later: &[Message]) -> Result<(), PipelineError> {
        let carried = Box::pin(AssertUnwindSafe(self.carry(message, later)).catch_unwind()).await;
        let mut batch = carried.unwrap_or_else(|_| {
            tracing::error!(message = %message.id, "pipeline: a message broke its reading and is put aside");
            let mut entry = self.entry(Kind::SignalInvalid, message);
            entry.reason = Some("internal_error".to_owned());
            let mut batch = Batch::new();
            batch.note(entry);
            Ok(batch)
        })?;
        let mut done = message.clone();
        done.processed = true;
        done.version += 1;
        batch.update(done);
        match self.ctx.commit(TenantScope::of_community(message), batch).await {
            Ok(()) | Err(CommitError::Conflict { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Carries a message to its decisions; gives what is to be written together with the mark that it is done.
    async fn carry(&self, message: &Message, later: &[Message]) -> Result<Batch, PipelineError> {
        let nothing = Batch::new();
        let scope = TenantScope::of_community(message);
        let store = self.ctx.store.as_ref();
        let Some(provider_id) = message.provider_id else {
            return Ok(nothing);
        };
        let key = message.source.key();
        let provider_key = provider_id.to_string();
        let (provider, known, parent, replied) = futures::try_join!(
            get::<Provider>(store, &scope, &provider_key),
            self.signal_of(&scope, &key, &message.source_id),
            self.parent(&scope, message),
            self.replied(&scope, message),
        )?;
        let Some(provider) = provider else {
            return Ok(nothing);
        };
        if let Some(known) = &known
            && known.revision == message.revision
        {
            return self.resume(&scope, message, &provider, known).await;
        }
        if !later.is_empty() {
            // Edited or deleted before it was read: only the newest revision speaks (PRODUCT SG-28).
            return Ok(nothing);
        }
        if message.kind == RevisionKind::Deleted {
            if let Some(signal) = known {
                revise::deleted(&self.ctx, &scope, signal, &provider, message).await?;
            }
            return Ok(nothing);
        }
        let ear = teach::ear(&self.ctx, &provider).await?;
        let meaning = ear.message(message, replied.as_ref());
        self.act(&scope, message, &provider, known, parent, meaning).await
    }

    /// A crash came between the signal and its last decision: goes on where it stopped.
    async fn resume(
        &self,
        scope: &TenantScope,
        message: &Message,
        provider: &Provider,
        known: &Signal,
    ) -> Result<Batch, PipelineError> {
        if !matches!(known.status, SignalStatus::Read | SignalStatus::Invalid) {
            return Ok(Batch::new());
        }
        match self.before(scope, message, provider, known).await? {
            Some(before) => revise::edited(&self.ctx, &before, known, provider).await,
            None => fanout::all(&self.ctx, known, provider, None).await,
        }
    }

    /// The signal as it was before this revision: an earlier revision that meant something, read again.
    async fn before(
        &self,
        scope: &TenantScope,
        message: &Message,
        provider: &Provider,
        known: &Signal,
    ) -> Result<Option<Signal>, PipelineError> {
        if message.revision == 1 {
            return Ok(None);
        }
        let query = Query::MessageRevisions(message.source.key(), message.source_id.clone());
        let mut rows = find::<Message>(self.ctx.store.as_ref(), scope, query).await?;
        rows.retain(|m| m.revision < message.revision && m.kind != RevisionKind::Deleted);
        let mut before = known.clone();
        for row in rows.iter().rev() {
            let replied = self.replied(scope, row).await?;
            let ear = teach::ear_at(&self.ctx, provider, row.received_at).await?;
            let meaning = ear.message(row, replied.as_ref());
            (before.reading, before.profile, before.template) =
                (meaning.reading, meaning.profile, meaning.template);
            before.revision = row.revision;
            if !matches!(before.reading.verdict, Verdict::NotATrade { .. }) {
                return Ok(Some(before));
            }
            before.status = SignalStatus::Superseded;
        }
        Ok(None)
    }

    async fn act(
        &self,
        scope: &TenantScope,
        message: &Message,
        provider: &Provider,
        known: Option<Signal>,
        parent: Option<SignalId>,
        meaning: Meaning,
    ) -> Result<Batch, PipelineError> {
        let reading = &meaning.reading;
        if let Verdict::NotATrade { reason } = &reading.verdict {
            let mut entry = self.entry(Kind::SignalNotATrade, message);
            entry.reason = Some(reason.code().to_owned());
            entry.after = Some(json!({
                "confidence": reading.confidence,
                "why": reading.reasons,
                "profile": meaning.profile,
            }));
            if let Some(signal) = known {
                revise::withdrawn(&self.ctx, scope, signal, provider, message, entry).await?;
                return Ok(Batch::new());
            }
            let mut batch = Batch::new();
            batch.note(entry);
            return Ok(batch);
        }
        let signal = self.signal(message, provider, known.as_ref(), parent, meaning);
        let kind = if signal.status == SignalStatus::Invalid {
            Kind::SignalInvalid
        } else {
            Kind::SignalParsed
        };
        let mut entry = self.entry(kind, message);
        entry.links.signal = Some(signal.id);
        entry.after = Some(json!({
            "signal_id": signal.id,
            "revision": signal.revision,
            "provider_id": provider.id,
            "confidence": signal.reading.confidence,
            "instructions": signal.reading.instructions(),
            "status": signal.status,
            "profile": signal.profile,
            "template": signal.template,
        }));
        let mut batch = Batch::new();
        batch.note(entry);
        match known {
            Some(before) => {
                batch.update(signal.clone());
                self.ctx.commit(scope.clone(), batch).await?;
                revise::edited(&self.ctx, &before, &signal, provider).await
            }
            None => {
                batch.insert(signal.clone());
                fanout::all(&self.ctx, &signal, provider, Some(batch)).await
            }
        }
    }

    /// The newest revision of the message that this one replies to.
    async fn replied(&self, scope: &TenantScope, message: &Message) -> Result<Option<Message>, StoreError> {
        let Some(id) = &message.reply_to else {
            return Ok(None);
        };
        let query = Query::MessageRevisions(message.source.key(), id.clone());
        let mut found = find::<Message>(self.ctx.store.as_ref(), scope, query).await?;
        Ok(found.pop())
    }

    async fn signal_of(
        &self,
        scope: &TenantScope,
        key: &str,
        id: &str,
    ) -> Result<Option<Signal>, StoreError> {
        let query = Query::SignalBySource(key.to_owned(), id.to_owned());
        Ok(find::<Signal>(self.ctx.store.as_ref(), scope, query).await?.pop())
    }

    async fn parent(&self, scope: &TenantScope, message: &Message) -> Result<Option<SignalId>, StoreError> {
        for id in message.reply_to.iter().chain(&message.thread_of) {
            if let Some(signal) = self.signal_of(scope, &message.source.key(), id).await? {
                // A reply to a follow-up speaks of what that follow-up spoke of.
                return Ok(Some(signal.parent.unwrap_or(signal.id)));
            }
        }
        Ok(None)
    }

    fn signal(
        &self,
        message: &Message,
        provider: &Provider,
        known: Option<&Signal>,
        parent: Option<SignalId>,
        meaning: Meaning,
    ) -> Signal {
        let now = self.ctx.now();
        let key = message.source.key();
        Signal {
            id: known.map_or_else(|| signal_id(message, &key), |s| s.id),
            version: known.map_or(1, |s| s.version + 1),
            revision: message.revision,
            community_id: message.community_id,
            channel_id: message.channel_id,
            provider_id: provider.id,
            source_id: message.source_id.clone(),
            source_key: key,
            parent,
            status: match meaning.reading.verdict {
                Verdict::Invalid { .. } => SignalStatus::Invalid,
                _ => SignalStatus::Read,
            },
            reading: meaning.reading,
            profile: meaning.profile,
            template: meaning.template,
            posted_at: message.posted_at,
            received_at: message.received_at,
            parsed_at: now,
            updated_at: now,
        }
    }

    fn entry(&self, kind: Kind, message: &Message) -> Entry {
        let mut entry = self.ctx.entry(
            kind,
            Actor::system("pipeline"),
            ("message", message.id.to_string()),
        );
        entry.community = Some(message.community_id);
        entry
    }
}

/// Reads while what is under way goes on; what ends meanwhile is put into `ended`. Work that stood still here could hold
/// the very connection to the store that the reading waits for.
async fn beside<T>(
    reading: impl Future<Output = T>,
    working: &mut FuturesUnordered<BoxFuture<'_, Dealt>>,
    ended: &mut Vec<Dealt>,
) -> T {
    tokio::pin!(reading);
    loop {
        tokio::select! {
            biased;
            found = &mut reading => return found,
            Some(end) = working.next(), if !working.is_empty() => ended.push(end),
        }
    }
}

/// Stable over revisions: made of the time of the first posting and a hash of where it was posted.
pub(crate) fn signal_id(message: &Message, key: &str) -> SignalId {
    let digest = Sha256::digest(format!("{key}\n{}", message.source_id).as_bytes());
    let mut entropy: Entropy = [0; 10];
    entropy
        .iter_mut()
        .zip(digest.iter())
        .for_each(|(slot, byte)| *slot = *byte);
    SignalId::new(message.posted_at, entropy)
}
