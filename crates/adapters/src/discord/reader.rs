//! One shard: reads the gateway and queues what concerns messages, in order. Decides when a connection must be built
//! anew and when it is over for good; refuses to wait for anybody while the queue has room.

use std::{sync::Arc, time::Duration};

use futures::StreamExt;
use ordercast_model::{
    chat::{RoleName, Server},
    ports::clock::{Clock, Random},
    signal::raw::RevisionKind,
    time::Timestamp,
};
use tokio::{sync::mpsc, time::timeout};
use tokio_util::sync::CancellationToken;
use twilight_gateway::{
    CloseFrame, ConfigBuilder, Event, EventTypeFlags, Intents, Message as Frame, Shard, ShardId, ShardState,
    error::{ReceiveMessageError, ReceiveMessageErrorType},
    queue::InMemoryQueue,
};
use twilight_model::{
    channel::Message,
    gateway::payload::incoming::GuildCreate,
    guild::Guild,
    id::{
        Id,
        marker::{ApplicationMarker, ChannelMarker, GuildMarker},
    },
};

use super::{
    answer::{Asked, Way},
    ask,
    client::Rest,
    error::DiscordFault,
    status::StatusBoard,
    watch::{Heard, Watch, is_lost},
    wire::{Ids, Loose},
};
use crate::backoff::Backoff;

/// Events that wait for intake. When full the shard is read no further: Discord then holds the events, drops the
/// connection in time, and sends them again on resume; past that the history is read.
pub(super) const QUEUE_MAX: usize = 1_000;
/// How long saying goodbye may take.
const FAREWELL: Duration = Duration::from_secs(1);

/// When there was no session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Away {
    /// None when nobody remembers.
    pub(super) since: Option<Timestamp>,
    pub(super) until: Timestamp,
}

/// What the gateway said.
pub(super) enum Item {
    /// A new session: anything may have been missed.
    Fresh(Away),
    /// A message, posted or edited.
    Message(Box<Message>, RevisionKind),
    /// A message whose body did not read, or is incomplete.
    Fetch(Ids, RevisionKind),
    /// Messages deleted.
    Deleted {
        channel: Id<ChannelMarker>,
        guild: Option<Id<GuildMarker>>,
        ids: Vec<u64>,
    },
}

/// How a shard connects.
#[derive(Clone)]
pub(super) struct Plan {
    pub(super) token: String,
    pub(super) intents: Intents,
    pub(super) gateway: Option<String>,
    pub(super) queue: InMemoryQueue,
    /// No session may be started for so long.
    pub(super) used_up: Option<Duration>,
    pub(super) total: u32,
    pub(super) app: Id<ApplicationMarker>,
}

impl std::fmt::Debug for Plan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plan")
            .field("total", &self.total)
            .finish_non_exhaustive()
    }
}

fn wanted() -> EventTypeFlags {
    EventTypeFlags::READY
        | EventTypeFlags::RESUMED
        | EventTypeFlags::GUILD_CREATE
        | EventTypeFlags::CHANNEL_CREATE
        | EventTypeFlags::CHANNEL_UPDATE
        | EventTypeFlags::THREAD_CREATE
        | EventTypeFlags::THREAD_UPDATE
        | EventTypeFlags::THREAD_LIST_SYNC
        | EventTypeFlags::MESSAGE_CREATE
        | EventTypeFlags::MESSAGE_UPDATE
        | EventTypeFlags::MESSAGE_DELETE
        | EventTypeFlags::MESSAGE_DELETE_BULK
        | EventTypeFlags::MEMBER_ADD
        | EventTypeFlags::MEMBER_UPDATE
        | EventTypeFlags::MEMBER_REMOVE
}

/// Reads one shard.
pub(super) struct Reader {
    pub(super) id: ShardId,
    pub(super) plan: Plan,
    pub(super) rest: Arc<Rest>,
    pub(super) board: Arc<StatusBoard>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) random: Arc<dyn Random>,
    pub(super) out: mpsc::Sender<Item>,
    /// Where interactions and servers go.
    pub(super) asks: mpsc::Sender<Asked>,
    pub(super) token: CancellationToken,
}

impl Reader {
    /// Runs until cancelled, or until the gateway refuses for good.
    pub(super) async fn run(self) -> Result<(), DiscordFault> {
        let mut shard = self.build(None);
        let mut watch = Watch::new(Backoff::new(self.clock.clone(), self.random.clone()));
        let mut resume_url = None;
        let mut close = 0;
        loop {
            let (waiting, patience) = watch.greeting();
            let silence = self.clock.sleep_until(self.clock.now().plus(patience));
            let heard = tokio::select! {
                biased;
                () = self.token.cancelled() => break,
                heard = watch.next(&mut shard) => heard,
                () = silence, if waiting => Heard::Silence,
            };
            let failed = match heard {
                Heard::Item(None) => return Err(DiscordFault::of_close(close)),
                Heard::Item(Some(Ok(Frame::Close(frame)))) => {
                    close = frame.as_ref().map_or(0, |f| f.code);
                    let why = frame.map_or_else(String::new, |f| f.reason.into_owned());
                    self.down(format!("the gateway closed the connection ({close} {why})"));
                    is_lost(shard.state())
                }
                Heard::Item(Some(Ok(Frame::Text(text)))) => {
                    watch.greeted();
                    self.board.seen(self.clock.now());
                    resume_url = shard.resume_url().map(str::to_owned).or(resume_url);
                    if shard.state() == ShardState::Active {
                        watch.begin(self.clock.monotonic());
                    }
                    if !self.hear(text).await {
                        break;
                    }
                    let lost = is_lost(shard.state());
                    if lost {
                        self.down("the session is interrupted".to_owned());
                    }
                    lost
                }
                Heard::Item(Some(Err(error))) => self.failed(&error) || is_lost(shard.state()),
                Heard::Lost => {
                    self.down("the gateway takes connections and drops them".to_owned());
                    true
                }
                Heard::Silence => {
                    self.down("the gateway takes connections and says nothing".to_owned());
                    watch.bear();
                    true
                }
            };
            if failed && watch.lose(self.clock.monotonic()) {
                tokio::select! {
                    biased;
                    () = self.token.cancelled() => break,
                    () = watch.pause() => {}
                }
                shard = self.build(shard.session().cloned().zip(resume_url.clone()));
            }
        }
        farewell(&mut shard).await;
        Ok(())
    }

    /// Whether the connection could not be made.
    fn failed(&self, error: &ReceiveMessageError) -> bool {
        let away = matches!(error.kind(), ReceiveMessageErrorType::Reconnect);
        if away {
            self.down(format!("the gateway cannot be reached: {error}"));
        } else {
            tracing::debug!(%error, "a frame of the gateway does not read");
        }
        away
    }

    fn build(&self, kept: Option<(twilight_gateway::Session, String)>) -> Shard<InMemoryQueue> {
        let mut config =
            ConfigBuilder::new(self.plan.token.clone(), self.plan.intents).queue(self.plan.queue.clone());
        if let Some(gateway) = &self.plan.gateway {
            config = config.proxy_url(gateway.clone());
        }
        if let Some((session, url)) = kept {
            config = config.session(session).resume_url(url);
        }
        Shard::with_config(self.id, config.build())
    }

    fn down(&self, why: String) {
        tracing::info!(shard = self.id.number(), %why, "the gateway is lost");
        self.rest.deaf(self.id.number());
        self.board.down(self.id.number(), self.clock.now(), why);
    }

    /// Takes a frame in; false when nobody takes what it says.
    async fn hear(&self, text: String) -> bool {
        if let Some(interaction) = ask::read(&text) {
            self.asked(Asked::Interaction(Box::new(interaction), Way::Call));
            return true;
        }
        let loose: Option<Loose> = serde_json::from_str(&text).ok();
        match twilight_gateway::parse(text, wanted()) {
            Ok(Some(event)) => self.sort(Event::from(event)).await,
            Ok(None) => true,
            Err(why) => {
                let Some(loose) = loose else {
                    return true;
                };
                let kind = match loose.name.as_deref() {
                    Some("MESSAGE_CREATE") => RevisionKind::New,
                    Some("MESSAGE_UPDATE") => RevisionKind::Edited,
                    _ => return true,
                };
                tracing::debug!(%why, id = %loose.ids.id, "a message is fetched: its event does not read");
                self.queue(Item::Fetch(loose.ids, kind)).await
            }
        }
    }

    async fn sort(&self, event: Event) -> bool {
        match event {
            Event::Ready(_) => {
                let until = self.clock.now();
                let since = self.board.up(self.id.number(), until);
                if self.members() {
                    self.rest.hears((self.id.number(), self.id.total()), true);
                }
                return self.queue(Item::Fresh(Away { since, until })).await;
            }
            Event::Resumed => {
                self.board.up(self.id.number(), self.clock.now());
                if self.members() {
                    self.rest.hears((self.id.number(), self.id.total()), false);
                }
            }
            Event::MemberAdd(member) => {
                let roles = member.member.roles.iter().map(ToString::to_string).collect();
                self.rest
                    .learn_member(member.guild_id.get(), member.member.user.id.get(), Some(roles));
            }
            Event::MemberUpdate(member) => {
                let roles = member.roles.iter().map(ToString::to_string).collect();
                self.rest
                    .learn_member(member.guild_id.get(), member.user.id.get(), Some(roles));
            }
            Event::MemberRemove(gone) => {
                self.rest
                    .learn_member(gone.guild_id.get(), gone.user.id.get(), None);
            }
            Event::GuildCreate(guild) => return self.learn_guild(&guild).await,
            Event::ChannelCreate(channel) => drop(self.rest.learn(&channel, None)),
            Event::ChannelUpdate(channel) => drop(self.rest.learn(&channel, None)),
            Event::ThreadCreate(thread) => drop(self.rest.learn(&thread, None)),
            Event::ThreadUpdate(thread) => drop(self.rest.learn(&thread, None)),
            Event::ThreadListSync(sync) => {
                for thread in &sync.threads {
                    self.rest.learn(thread, Some(sync.guild_id.get()));
                }
            }
            Event::MessageCreate(message) => {
                return self
                    .queue(Item::Message(Box::new(message.message), RevisionKind::New))
                    .await;
            }
            Event::MessageUpdate(message) => {
                return self
                    .queue(Item::Message(Box::new((*message).0), RevisionKind::Edited))
                    .await;
            }
            Event::MessageDelete(gone) => {
                let item = Item::Deleted {
                    channel: gone.channel_id,
                    guild: gone.guild_id,
                    ids: vec![gone.id.get()],
                };
                return self.queue(item).await;
            }
            Event::MessageDeleteBulk(gone) => {
                let item = Item::Deleted {
                    channel: gone.channel_id,
                    guild: gone.guild_id,
                    ids: gone.ids.iter().map(|id| id.get()).collect(),
                };
                return self.queue(item).await;
            }
            _ => {}
        }
        true
    }

    /// Interactions are answered beside the messages; they never wait behind them.
    fn asked(&self, asked: Asked) {
        if self.asks.try_send(asked).is_err() {
            tracing::warn!("too many people ask at once; one is left without an answer");
        }
    }

    fn members(&self) -> bool {
        self.plan.intents.contains(Intents::GUILD_MEMBERS)
    }

    /// False when nobody takes what it says.
    async fn learn_guild(&self, guild: &GuildCreate) -> bool {
        let GuildCreate::Available(guild) = guild else {
            return true;
        };
        for channel in guild.channels.iter().chain(&guild.threads) {
            self.rest.learn(channel, Some(guild.id.get()));
        }
        let joined = Asked::Joined(Box::new(server(guild)));
        tokio::select! {
            biased;
            sent = self.asks.send(joined) => sent.is_ok(),
            () = self.token.cancelled() => false,
        }
    }

    /// Waits while the queue is full: the gateway is not read meanwhile. False when cancelled.
    async fn queue(&self, item: Item) -> bool {
        tokio::select! {
            biased;
            sent = self.out.send(item) => sent.is_ok(),
            () = self.token.cancelled() => false,
        }
    }
}

/// A server as the counter hears of it.
fn server(guild: &Guild) -> Server {
    let roles = guild.roles.iter().filter(|role| role.id.get() != guild.id.get());
    Server {
        id: guild.id.to_string(),
        name: guild.name.clone(),
        owner: guild.owner_id.to_string(),
        notices: guild.system_channel_id.map(|id| id.to_string()),
        roles: roles
            .map(|role| RoleName {
                id: role.id.to_string(),
                name: role.name.clone(),
            })
            .collect(),
    }
}

/// Ends the session in an orderly way, so that the bot is shown as gone at once.
async fn farewell(shard: &mut Shard<InMemoryQueue>) {
    if !shard.state().is_identified() {
        return;
    }
    shard.close(CloseFrame::NORMAL);
    let closing = async {
        while let Some(item) = shard.next().await {
            if matches!(item, Ok(Frame::Close(_)) | Err(_)) {
                break;
            }
        }
    };
    if timeout(FAREWELL, closing).await.is_err() {
        tracing::debug!("the gateway did not close in time");
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use ordercast_model::{ports::BoxFuture, secret::Secret};

    use super::*;
    use crate::discord::config::Endpoint;

    struct Still;
    impl Clock for Still {
        fn now(&self) -> Timestamp {
            Timestamp::default()
        }
        fn monotonic(&self) -> Duration {
            Duration::ZERO
        }
        fn sleep_until(&self, _at: Timestamp) -> BoxFuture<'static, ()> {
            Box::pin(std::future::pending())
        }
    }
    impl Random for Still {
        fn fill(&self, out: &mut [u8]) {
            out.fill(0);
        }
    }

    #[expect(clippy::disallowed_methods, reason = "nothing is called")]
    fn reader() -> (Reader, mpsc::Receiver<Item>) {
        let _installed_elsewhere = rustls::crypto::ring::default_provider().install_default();
        let (out, items) = mpsc::channel(8);
        let (asks, _) = mpsc::channel(8);
        let endpoint = Endpoint {
            token: Secret::new("Bot x".to_owned()),
            detour: None,
            gateway: None,
        };
        let clock: Arc<dyn Clock> = Arc::new(Still);
        let reader = Reader {
            id: ShardId::ONE,
            plan: Plan {
                token: "Bot x".to_owned(),
                intents: Intents::empty(),
                gateway: None,
                queue: InMemoryQueue::default(),
                used_up: None,
                total: 1,
                app: Id::new(1),
            },
            rest: Arc::new(Rest::new(&endpoint, reqwest::Client::new(), clock.clone())),
            board: Arc::new(StatusBoard::new(clock.now())),
            clock,
            random: Arc::new(Still),
            out,
            asks,
            token: CancellationToken::new(),
        };
        (reader, items)
    }

    async fn check(text: &str, want: Option<(RevisionKind, u64)>) {
        let (reader, mut items) = reader();
        assert!(reader.hear(text.to_owned()).await, "{text}");
        let got = match items.try_recv().ok() {
            Some(Item::Fetch(ids, kind)) => Some((kind, ids.id.get())),
            None => None,
            Some(_) => panic!("{text}: another item"),
        };
        assert_eq!(got, want, "{text}");
    }

    #[tokio::test]
    async fn an_incomplete_message_is_fetched_and_noise_is_passed_over() {
        let partial = r#"{"op":0,"s":4,"t":"MESSAGE_UPDATE","d":{"id":"7","channel_id":"8","guild_id":"9","embeds":[]}}"#;
        check(partial, Some((RevisionKind::Edited, 7))).await;
        let odd = r#"{"op":0,"s":4,"t":"MESSAGE_CREATE","d":{"id":"7","channel_id":"8","author":"a name"}}"#;
        check(odd, Some((RevisionKind::New, 7))).await;
        for noise in [
            "",
            "{",
            r#"{"op":11}"#,
            r#"{"op":0,"s":4,"t":"TYPING_START","d":{"channel_id":"8"}}"#,
            r#"{"op":0,"s":4,"t":"MESSAGE_UPDATE","d":{"id":"not a number","channel_id":"8"}}"#,
        ] {
            check(noise, None).await;
        }
    }
}
