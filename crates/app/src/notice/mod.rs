//! Tells people in private what concerns them, from the journal as it grows: approval cards with buttons, fills,
//! refusals, limits, outages. Decides what is worth a word and when; publishes nothing itself (PRODUCT AU-01).

mod line;
pub mod list;
pub mod settings;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use futures::{StreamExt, stream};
use ordercast_model::{
    chat::{Card, Tone},
    community::Provider,
    decision::{Approval, ApprovalState},
    ids::{ApprovalId, UserId},
    journal::{entry::Chained, kind::Kind},
    notice::{Bookmark, NoticeSettings, SentCard},
    ports::{
        chat::ChatError,
        store::{Batch, CommitError, StoreError, SystemQuery, find_any, get},
    },
    tenant::{SystemScope, TenantScope},
    time::Timestamp,
    user::User,
};
use tokio_util::sync::CancellationToken;

use self::line::{Line, Sort};
use crate::{chat::approval, context::Context};

const TELLING: SystemScope = SystemScope::housekeeping("everybody is told in private what concerns them");
/// Name of the bookmark.
const READER: &str = "notices";
/// Entries read at once.
const ENTRIES: u32 = 500;
/// How often the journal is looked at.
const LOOK: Duration = Duration::from_millis(300);
/// Wait before a chat that is away is tried again.
const AGAIN: Duration = Duration::from_secs(5);
/// Tries of one batch of the journal before the rest of its words is let go.
const TRIES_MAX: u32 = 12;
/// People told at the same time.
const AT_ONCE: usize = 16;
/// Lines in one message; more are counted.
const LINES_MAX: usize = 12;
/// The same word to the same person within this time is said once.
const SAME_WITHIN: Duration = Duration::from_secs(60);
/// Trouble that comes and goes is told once in this time.
const SAME_TROUBLE_WITHIN: Duration = Duration::from_secs(600);
/// What is older than this when it is read is not told any more: it stands in the dashboard.
const AGE_MAX: Duration = Duration::from_secs(3_600);
/// People whose settings are remembered, and for how long.
const PEOPLE_MAX: usize = 50_000;
const PEOPLE_AGE: Duration = Duration::from_secs(15);
/// Words said lately that are remembered, and lines that wait for the end of quiet hours, per person.
const SAID_MAX: usize = 50_000;
const HELD_MAX: usize = 200;

/// Why a round ended early.
#[derive(Debug, thiserror::Error)]
enum Stop {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Commit(#[from] CommitError),
    #[error("the chat is away: {0}")]
    Away(String),
}

/// Somebody who can be told.
#[derive(Clone)]
struct Ear {
    person: String,
    settings: NoticeSettings,
}

/// The teller. One runs in a deployment at a time.
pub struct Teller {
    ctx: Context,
    mark: Option<Bookmark>,
    people: BTreeMap<UserId, (Timestamp, Option<Ear>)>,
    said: BTreeMap<(UserId, String), Timestamp>,
    held: BTreeMap<UserId, Vec<Line>>,
}

impl Teller {
    /// A teller that goes on where the last one stopped; the first begins with what happens from now on.
    #[must_use]
    pub const fn new(ctx: Context) -> Self {
        Self {
            ctx,
            mark: None,
            people: BTreeMap::new(),
            said: BTreeMap::new(),
            held: BTreeMap::new(),
        }
    }

    /// Runs until cancelled. A store or chat that is away is asked again.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut tries = 0;
        loop {
            let wait = match self.round(tries >= TRIES_MAX).await {
                Ok(true) => {
                    tries = 0;
                    Duration::ZERO
                }
                Ok(false) => {
                    tries = 0;
                    LOOK
                }
                Err(error) => {
                    tries += 1;
                    tracing::warn!(%error, tries, "notices wait");
                    AGAIN
                }
            };
            let again = self.ctx.clock.sleep_until(self.ctx.now().plus(wait));
            tokio::select! {
                biased;
                () = stop.cancelled() => return,
                () = again => {}
            }
        }
    }

    /// Tells what the next entries of the journal say; true when there may be more. What was told is not told again.
    async fn round(&mut self, give_up: bool) -> Result<bool, Stop> {
        let mark = self.mark().await?;
        let entries = self.ctx.store.chained(mark.next, ENTRIES).await?;
        self.wake_up().await;
        let Some(last) = entries.last().map(|e| e.seq) else {
            return Ok(false);
        };
        let told = self.tell(&entries).await;
        if let Err(Stop::Away(_)) = &told
            && !give_up
        {
            told?;
        }
        let full = entries.len() >= usize::try_from(ENTRIES).unwrap_or(usize::MAX);
        let next = Bookmark {
            version: mark.version + 1,
            next: last + 1,
            ..mark
        };
        let mut batch = Batch::new();
        if next.version == 1 {
            batch.insert(next.clone());
        } else {
            batch.update(next.clone());
        }
        match self.ctx.commit(TELLING, batch).await {
            Ok(()) => self.mark = Some(next),
            // Somebody else tells: what stands in the store counts.
            Err(CommitError::Conflict { .. } | CommitError::Duplicate { .. }) => self.mark = None,
            Err(error) => return Err(error.into()),
        }
        Ok(full)
    }

    async fn mark(&mut self) -> Result<Bookmark, StoreError> {
        if let Some(mark) = &self.mark {
            return Ok(mark.clone());
        }
        let store = self.ctx.store.as_ref();
        let found = find_any::<Bookmark>(store, TELLING, SystemQuery::Bookmark(READER.to_owned())).await?;
        let mark = match found.into_iter().next() {
            Some(mark) => mark,
            None => Bookmark {
                name: READER.to_owned(),
                version: 0,
                next: store.head().await?.map_or(0, |link| link.seq + 1),
            },
        };
        self.mark = Some(mark.clone());
        Ok(mark)
    }

    async fn ear(&mut self, id: UserId) -> Result<Option<Ear>, StoreError> {
        let now = self.ctx.now();
        if let Some((at, ear)) = self.people.get(&id)
            && now.since(*at) < PEOPLE_AGE
        {
            return Ok(ear.clone());
        }
        let found = find_any::<User>(self.ctx.store.as_ref(), TELLING, SystemQuery::User(id)).await?;
        let ear = match found.into_iter().next() {
            Some(user) => match user.discord_id.clone() {
                Some(person) => Some(Ear {
                    person,
                    settings: settings::read(&self.ctx, &user).await?,
                }),
                None => None,
            },
            None => None,
        };
        if self.people.len() >= PEOPLE_MAX {
            self.people.clear();
        }
        self.people.insert(id, (now, ear.clone()));
        Ok(ear)
    }

    async fn tell(&mut self, entries: &[Chained]) -> Result<(), Stop> {
        let mut lines: BTreeMap<UserId, (u64, Vec<Line>)> = BTreeMap::new();
        let (mut asked, mut resolved) = (Vec::new(), BTreeSet::new());
        for chained in entries {
            let entry = &chained.entry;
            let Some(user) = entry.user.filter(|_| self.ctx.now().since(entry.at) < AGE_MAX) else {
                continue;
            };
            match entry.kind {
                Kind::ApprovalRequested => asked.push((user, entry.object.id.clone())),
                Kind::ApprovalApproved | Kind::ApprovalDeclined | Kind::ApprovalExpired => {
                    resolved.insert((user, entry.object.id.clone()));
                }
                _ => {
                    if let Some(line) = line::of(entry) {
                        lines
                            .entry(user)
                            .or_insert((chained.seq, Vec::new()))
                            .1
                            .push(line);
                    }
                }
            }
        }
        for (user, id) in asked {
            self.ask(user, &id).await?;
        }
        for (user, id) in resolved {
            self.resolve(user, &id).await?;
        }
        let mut letters = Vec::new();
        for (user, (seq, lines)) in lines {
            let Some(ear) = self.ear(user).await? else {
                continue;
            };
            let now = self.ctx.now();
            let quiet = ear.settings.quiet.as_ref().is_some_and(|q| q.hold(now));
            let mut loud = Vec::new();
            for line in lines {
                if !line.wanted(&ear.settings) || self.is_repeat(user, &line, now) {
                    continue;
                }
                if quiet && line.sort != Sort::Outage {
                    let held = self.held.entry(user).or_default();
                    if held.len() < HELD_MAX {
                        held.push(line);
                    }
                } else {
                    loud.push(line);
                }
            }
            if !loud.is_empty() {
                letters.push((ear.person, format!("n{seq}"), letter("", &loud)));
            }
        }
        self.send(letters).await
    }

    async fn send(&self, letters: Vec<(String, String, Card)>) -> Result<(), Stop> {
        let chat = &self.ctx.chat;
        let sends = letters.into_iter().map(|(person, key, card)| async move {
            let sent = chat.tell(&person, &key, &card).await;
            (person, sent)
        });
        let mut sends = stream::iter(sends).buffer_unordered(AT_ONCE);
        let mut away = None;
        while let Some((person, sent)) = sends.next().await {
            match sent {
                Ok(_) => {}
                Err(ChatError::Refused(why)) => tracing::info!(person, why, "takes no private messages"),
                Err(ChatError::Away(why)) => away = Some(why),
            }
        }
        away.map_or(Ok(()), |why| Err(Stop::Away(why)))
    }

    fn is_repeat(&mut self, user: UserId, line: &Line, now: Timestamp) -> bool {
        let within = if line.sort == Sort::Outage {
            SAME_TROUBLE_WITHIN
        } else {
            SAME_WITHIN
        };
        if self.said.len() >= SAID_MAX {
            self.said.retain(|_, at| now.since(*at) < SAME_TROUBLE_WITHIN);
        }
        let key = (user, line.key.clone());
        // The very same entry read again is the chat's to recognise, by its key.
        let repeat = self
            .said
            .get(&key)
            .is_some_and(|at| now.since(*at) < within && *at != line.at);
        if !repeat {
            self.said.insert(key, line.at);
        }
        repeat
    }

    /// Quiet hours that have ended: what was held is told in one message.
    async fn wake_up(&mut self) {
        let now = self.ctx.now();
        let waiting: Vec<UserId> = self.held.keys().copied().collect();
        for user in waiting {
            let Ok(ear) = self.ear(user).await else { return };
            let Some(ear) = ear else {
                self.held.remove(&user);
                continue;
            };
            if ear.settings.quiet.as_ref().is_some_and(|q| q.hold(now)) {
                continue;
            }
            let Some(lines) = self.held.remove(&user) else {
                continue;
            };
            let first = lines.first().map_or(0, |l| l.at.micros());
            let card = letter("While it was quiet", &lines);
            if let Err(ChatError::Away(why)) =
                self.ctx.chat.tell(&ear.person, &format!("q{first}"), &card).await
            {
                tracing::debug!(why, "held notices wait on");
                self.held.insert(user, lines);
            }
        }
    }

    /// Shows an approval card. Asked at night as well: it ends in minutes.
    async fn ask(&mut self, user: UserId, id: &str) -> Result<(), Stop> {
        let Some(ear) = self.ear(user).await? else {
            return Ok(());
        };
        if !ear.settings.enabled {
            return Ok(());
        }
        let Some(approval) = self.approval(user, id).await? else {
            return Ok(());
        };
        let scope = TenantScope::of_user(&approval);
        let store = self.ctx.store.as_ref();
        let known = get::<SentCard>(store, &scope, id).await?;
        if known.is_some()
            || approval.state != ApprovalState::Pending
            || approval.expires_at <= self.ctx.now()
        {
            return Ok(());
        }
        let provider = self.provider_of(&approval).await?;
        let card = approval::asking(&approval, &provider, self.ctx.now());
        let posted = match self.ctx.chat.tell(&ear.person, id, &card).await {
            Ok(posted) => posted,
            Err(ChatError::Refused(why)) => {
                tracing::info!(why, "takes no private cards");
                return Ok(());
            }
            Err(ChatError::Away(why)) => return Err(Stop::Away(why)),
        };
        let mut batch = Batch::new();
        batch.insert(SentCard {
            about: id.to_owned(),
            user_id: user,
            version: 1,
            posted,
            created_at: self.ctx.now(),
        });
        match self.ctx.commit(scope, batch).await {
            Ok(()) | Err(CommitError::Duplicate { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Changes a card that was shown: answered here or elsewhere, or expired.
    async fn resolve(&mut self, user: UserId, id: &str) -> Result<(), Stop> {
        let Some(approval) = self.approval(user, id).await? else {
            return Ok(());
        };
        let scope = TenantScope::of_user(&approval);
        let Some(sent) = get::<SentCard>(self.ctx.store.as_ref(), &scope, id).await? else {
            return Ok(());
        };
        let decision = approval::decision_of(&self.ctx, &approval).await?;
        let card = approval::ended(&approval, decision.as_ref());
        match self.ctx.chat.change(&sent.posted, &card).await {
            Err(ChatError::Away(why)) => Err(Stop::Away(why)),
            Ok(()) | Err(ChatError::Refused(_)) => Ok(()),
        }
    }

    async fn approval(&self, user: UserId, id: &str) -> Result<Option<Approval>, StoreError> {
        let store = self.ctx.store.as_ref();
        let Ok(id) = id.parse::<ApprovalId>() else {
            return Ok(None);
        };
        let found = find_any::<User>(store, TELLING, SystemQuery::User(user)).await?;
        let Some(owner) = found.into_iter().next() else {
            return Ok(None);
        };
        get::<Approval>(store, &TenantScope::of_user(&owner), &id.to_string()).await
    }

    async fn provider_of(&self, approval: &Approval) -> Result<String, StoreError> {
        let decision = approval::decision_of(&self.ctx, approval).await?;
        let all = find_any::<Provider>(self.ctx.store.as_ref(), TELLING, SystemQuery::Providers).await?;
        let named = decision.and_then(|d| all.into_iter().find(|p| p.id == d.provider_id));
        Ok(named.map_or_else(|| "A provider".to_owned(), |p| p.name))
    }
}

/// Several lines in one message.
fn letter(title: &str, lines: &[Line]) -> Card {
    let tone = lines.iter().map(|l| l.tone).max_by_key(|t| match t {
        Tone::Plain => 0,
        Tone::Good => 1,
        Tone::Care => 2,
        Tone::Bad => 3,
    });
    let title = match (title, lines) {
        ("", [only]) => only.title.to_owned(),
        ("", _) => "Your account".to_owned(),
        (title, _) => title.to_owned(),
    };
    let mut shown: Vec<String> = lines.iter().take(LINES_MAX).map(|l| l.text.clone()).collect();
    if lines.len() > LINES_MAX {
        shown.push(format!("and {} more in the dashboard", lines.len() - LINES_MAX));
    }
    Card::new(tone.unwrap_or_default(), title, shown.join("\n"))
}
