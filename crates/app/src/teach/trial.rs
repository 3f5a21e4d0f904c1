//! What a profile that is not saved yet would change: in a pasted text, and in what the provider posted last. No effect.

use std::sync::Arc;

use ordercast_model::{
    community::Provider,
    ids::ProviderId,
    ports::store::{Page, Query, StoreError, find},
    signal::{
        profile::Profile,
        raw::{Content, RevisionKind},
        record::Message,
    },
    tenant::TenantScope,
    user::User,
};
use ordercast_rules::parse::template::Taught;

use super::{Ear, Meaning, ear};
use crate::{
    context::Context,
    desk::{
        DeskError, message,
        provider::{self, managed},
    },
    pipeline::would::{self, Would},
};

/// Stored messages that a trial reads again.
const MESSAGES_MAX: usize = 50;
/// Rows looked through for them: an edited message has several.
const ROWS_MAX: u32 = 200;

/// A stored message, as it is read now and as it would be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// The newest revision.
    pub message: Message,
    /// With the profile in force.
    pub before: Meaning,
    /// With the one that is tried.
    pub after: Meaning,
}

impl Trial {
    /// Whether it would mean something else, apart from how sure and by which words.
    #[must_use]
    pub fn changes(&self) -> bool {
        self.before.reading.verdict != self.after.reading.verdict
    }
}

/// A pasted text, what it means, and what that would lead to for the one who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// What it means.
    pub meaning: Meaning,
    /// What it would lead to; none when nothing is to be done.
    pub would: Option<Would>,
}

/// What messages would be read with if this were saved; its version is the next one.
fn tried(provider: &Provider, profile: &Profile) -> Result<Ear, DeskError> {
    let next = Profile {
        version: provider.profile.saturating_add(1),
        ..profile.clone()
    };
    match Taught::new(&next) {
        Ok(taught) => Ok(Ear::of(provider, next.version, Some(Arc::new(taught)))),
        Err(faults) => Err(DeskError::Fields(
            faults
                .into_iter()
                .map(|f| (format!("profile.{}", f.field), f.message))
                .collect(),
        )),
    }
}

/// Reads a pasted text as the provider's, with the profile in force or one that is not saved, and tells what the one who
/// asks would have done about it. Nothing is stored, nothing is traded. Safe to repeat.
///
/// # Errors
/// `NotFound`, `Forbidden` for who is neither staff nor the provider, `Invalid` when a text is too long, `Fields` with every fault of the profile.
pub async fn draft(
    ctx: &Context,
    user: &User,
    id: ProviderId,
    profile: Option<&Profile>,
    text: &str,
    reply_to: Option<&str>,
) -> Result<Heard, DeskError> {
    message::fits(text, reply_to)?;
    let provider = provider::staffed(ctx, user, id).await?;
    let ear = match profile {
        Some(profile) => tried(&provider, profile)?,
        None => ear(ctx, &provider).await?,
    };
    let replied = reply_to.map(|text| Content {
        text: text.to_owned(),
        ..Content::default()
    });
    let meaning = ear.text(text, ctx.now(), replied.as_ref());
    let would = would::of(ctx, user, &provider, &meaning).await?;
    Ok(Heard { meaning, would })
}

/// Reads the last messages of a provider again, with the profile in force and with one that is not saved, newest first.
/// Nothing is stored, nothing is traded. Safe to repeat.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Fields` with every fault of the profile.
pub async fn trial(
    ctx: &Context,
    user: &User,
    id: ProviderId,
    profile: &Profile,
) -> Result<Vec<Trial>, DeskError> {
    let provider = managed(ctx, user, id).await?;
    let (now, then) = (ear(ctx, &provider).await?, tried(&provider, profile)?);
    let mut trials = Vec::new();
    for message in last(ctx, &provider).await? {
        let replied = replied(ctx, &provider, &message).await?;
        trials.push(Trial {
            before: now.message(&message, replied.as_ref()),
            after: then.message(&message, replied.as_ref()),
            message,
        });
    }
    Ok(trials)
}

/// The newest revision of each of the provider's last messages that still stands.
async fn last(ctx: &Context, provider: &Provider) -> Result<Vec<Message>, StoreError> {
    let scope = TenantScope::of_community(provider);
    let query = Query::MessagesOfProvider(provider.id, Page::first(ROWS_MAX));
    let rows = find::<Message>(ctx.store.as_ref(), &scope, query).await?;
    let mut newest: Vec<Message> = Vec::new();
    for row in rows {
        let place = (row.source.key(), row.source_id.as_str());
        match newest
            .iter_mut()
            .find(|m| (m.source.key(), m.source_id.as_str()) == place)
        {
            Some(known) if known.revision < row.revision => *known = row,
            Some(_) => {}
            None => newest.push(row),
        }
    }
    newest.retain(|m| m.kind != RevisionKind::Deleted);
    newest.truncate(MESSAGES_MAX);
    Ok(newest)
}

async fn replied(ctx: &Context, owner: &Provider, message: &Message) -> Result<Option<Message>, StoreError> {
    let Some(id) = &message.reply_to else {
        return Ok(None);
    };
    let scope = TenantScope::of_community(owner);
    let query = Query::MessageRevisions(message.source.key(), id.clone());
    Ok(find::<Message>(ctx.store.as_ref(), &scope, query).await?.pop())
}
