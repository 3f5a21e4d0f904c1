//! What providers taught of their own way of writing: kept in versions, made ready once, read with everywhere the same.
//! Refuses to know how a text is read; that is the rules' business.

mod keep;
mod trial;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use ordercast_model::{
    community::Provider,
    ids::ProviderId,
    ports::store::{Page, Query, StoreError, find, get},
    signal::{
        profile::ProfileVersion,
        raw::{Content, Source},
        reading::Reading,
        record::Message,
    },
    tenant::TenantScope,
    time::Timestamp,
};
use ordercast_rules::parse::{self, template::Taught};

pub use keep::{Lesson, Signed, history, save, show};
pub use trial::{Heard, Trial, draft, trial};

use crate::context::Context;

/// Profiles kept ready at most; when full, the one that was not asked for the longest time makes room.
const READY_MAX: usize = 1_000;
/// Versions looked through for the one in force at an instant.
const VERSIONS_MAX: u32 = 1_000;

/// Profiles made ready, the newest asked-for version of each provider. A provider's row names its version, so that what
/// another process changed is never read with an old one.
#[derive(Debug, Default)]
pub struct Teachings(Mutex<Ready>);

#[derive(Debug, Default)]
struct Ready {
    /// Asked so far.
    count: u64,
    kept: BTreeMap<ProviderId, Kept>,
}

#[derive(Debug)]
struct Kept {
    asked: u64,
    version: u32,
    taught: Arc<Taught>,
}

impl Teachings {
    fn known(&self, id: ProviderId, version: u32) -> Option<Arc<Taught>> {
        let mut ready = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ready.count += 1;
        let count = ready.count;
        let kept = ready.kept.get_mut(&id).filter(|kept| kept.version == version)?;
        kept.asked = count;
        Some(Arc::clone(&kept.taught))
    }

    fn learn(&self, id: ProviderId, version: u32, taught: &Arc<Taught>) {
        let mut ready = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if ready.kept.len() >= READY_MAX && !ready.kept.contains_key(&id) {
            let oldest = ready.kept.iter().min_by_key(|(_, kept)| kept.asked);
            if let Some(oldest) = oldest.map(|(id, _)| *id) {
                ready.kept.remove(&oldest);
            }
        }
        let asked = ready.count;
        let kept = Kept {
            asked,
            version,
            taught: Arc::clone(taught),
        };
        ready.kept.insert(id, kept);
    }
}

/// What a provider's messages are read with; by itself the general reading.
#[derive(Debug, Clone, Default)]
pub struct Ear {
    /// Version of the profile; 0 when nothing was taught.
    pub version: u32,
    taught: Option<Arc<Taught>>,
    sell_means: parse::SellMeans,
}

/// What a message means, and what it was read with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meaning {
    /// The reading.
    pub reading: Reading,
    /// Version of the profile; 0 when nothing was taught.
    pub profile: u32,
    /// The taught format it fits.
    pub template: Option<String>,
}

/// What a provider's messages are read with now. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub async fn ear(ctx: &Context, provider: &Provider) -> Result<Ear, StoreError> {
    of_version(ctx, provider, provider.profile).await
}

/// What the provider's messages were read with at an instant.
///
/// # Errors
/// When the store does not answer.
pub(crate) async fn ear_at(ctx: &Context, provider: &Provider, at: Timestamp) -> Result<Ear, StoreError> {
    if provider.profile == 0 {
        return of_version(ctx, provider, 0).await;
    }
    let scope = TenantScope::of_community(provider);
    let query = Query::Profiles(provider.id, Page::first(VERSIONS_MAX));
    let versions = find::<ProfileVersion>(ctx.store.as_ref(), &scope, query).await?;
    let then = versions.iter().find(|v| v.created_at <= at);
    of_version(ctx, provider, then.map_or(0, |v| v.profile.version)).await
}

async fn of_version(ctx: &Context, provider: &Provider, version: u32) -> Result<Ear, StoreError> {
    if version == 0 {
        return Ok(Ear::of(provider, 0, None));
    }
    if let Some(taught) = ctx.teachings.known(provider.id, version) {
        return Ok(Ear::of(provider, version, Some(taught)));
    }
    let scope = TenantScope::of_community(provider);
    let key = ProfileVersion::place(provider.id, version);
    let row = get::<ProfileVersion>(ctx.store.as_ref(), &scope, &key).await?;
    // It was checked when it was saved; only a program that takes less than that one did can refuse it now. What was
    // taught is then left out, and the general reading, which takes less, reads alone.
    let taught = match row.map(|row| Taught::new(&row.profile)) {
        Some(Ok(taught)) => Arc::new(taught),
        Some(Err(faults)) => {
            tracing::error!(provider = %provider.id, version, ?faults, "a profile cannot be read with");
            Arc::default()
        }
        None => {
            tracing::error!(provider = %provider.id, version, "a profile is missing");
            Arc::default()
        }
    };
    if version == provider.profile {
        ctx.teachings.learn(provider.id, version, &taught);
    }
    Ok(Ear::of(provider, version, Some(taught)))
}

impl Ear {
    fn of(provider: &Provider, version: u32, taught: Option<Arc<Taught>>) -> Self {
        let usual = if provider.sell_opens_short {
            parse::SellMeans::OpenShort
        } else {
            parse::SellMeans::CloseLong
        };
        let sell_means = taught.as_ref().and_then(|taught| taught.sell_means());
        Self {
            version,
            sell_means: sell_means.unwrap_or(usual),
            taught,
        }
    }

    fn context<'a>(&'a self, posted_at: Timestamp, reply_to: Option<&'a Content>) -> parse::Context<'a> {
        parse::Context {
            posted_at,
            reply_to,
            sell_means: self.sell_means,
            taught: self.taught.as_deref(),
            symbols: parse::Symbols::shipped(),
        }
    }

    fn meaning(&self, reading: Reading) -> Meaning {
        let format = self.taught.as_ref().and_then(|taught| taught.format_of(&reading));
        Meaning {
            profile: self.version,
            template: format.map(str::to_owned),
            reading,
        }
    }

    /// Reads a stored message.
    #[must_use]
    pub fn message(&self, message: &Message, replied: Option<&Message>) -> Meaning {
        let context = self.context(message.posted_at, replied.map(|m| &m.content));
        self.meaning(match message.source {
            Source::Webhook { .. } => parse::read_webhook(&message.content.text, &context),
            Source::Discord { .. } | Source::Manual { .. } => parse::read(&message.content, &context),
        })
    }

    /// Reads a text as a Discord message.
    #[must_use]
    pub fn text(&self, text: &str, posted_at: Timestamp, reply_to: Option<&Content>) -> Meaning {
        self.meaning(parse::read_text(text, &self.context(posted_at, reply_to)))
    }

    /// Reads the body of a webhook.
    #[must_use]
    pub fn body(&self, body: &str, posted_at: Timestamp) -> Meaning {
        self.meaning(parse::read_webhook(body, &self.context(posted_at, None)))
    }
}

#[cfg(test)]
mod tests {
    use ordercast_model::ids::Id;

    use super::*;

    #[test]
    fn the_profile_that_rested_longest_makes_room() {
        let teachings = Teachings::default();
        let id = |n: u64| ProviderId::new(Timestamp::from_millis(i64::try_from(n).unwrap_or(0)), [0; 10]);
        let taught = Arc::new(Taught::default());
        for n in 0..READY_MAX as u64 {
            assert!(teachings.known(id(n), 1).is_none());
            teachings.learn(id(n), 1, &taught);
        }
        assert!(teachings.known(id(0), 1).is_some());
        assert!(teachings.known(id(0), 2).is_none(), "another version is not it");
        assert!(teachings.known(id(9_000), 1).is_none());
        teachings.learn(id(9_000), 1, &taught);
        for (n, kept) in [(0, true), (1, false), (2, true), (9_000, true)] {
            assert_eq!(teachings.known(id(n), 1).is_some(), kept, "{n}");
        }
    }
}
