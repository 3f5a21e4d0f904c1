//! Gateway, cursor, intake and journal together: what happened in a channel while nobody listened stands in the journal.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use ordercast_adapters::discord::{DiscordBot, DiscordConfig, DiscordSource};
use ordercast_app::{
    context::{Context, Ports},
    cursor::Bookmarks,
    intake::Door,
};
use ordercast_model::{
    journal::{entry::Entry, kind::Kind},
    limits::Caps,
    ports::{
        BoxFuture,
        clock::Clock,
        store::{Batch, JournalStore, Query, Scope, SystemQuery, commit, find, find_any},
    },
    secret::Secret,
    signal::record::Message,
    tenant::{SystemScope, TenantScope},
    time::Timestamp,
};
use ordercast_sim::{
    cast,
    discord::{Discord, DiscordConfig as SimConfig, Fault, MessageDraft, MessageEdit, Snowflake},
};
use ordercast_testkit::{
    bus::FakeBus,
    chat::FakeChat,
    random::SeededRandom,
    sample::{person, tenant},
    store::MemoryStore,
    vault::FakeVault,
};
use serde_json::json;
use tokio_util::sync::CancellationToken;

const SYSTEM: SystemScope = SystemScope::housekeeping("a test looks at everything");

#[expect(clippy::disallowed_methods, reason = "sockets live in real time")]
fn micros() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros()).unwrap()
}

struct WallClock(Instant);

#[expect(clippy::disallowed_methods, reason = "sockets live in real time")]
impl Clock for WallClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(micros())
    }
    fn monotonic(&self) -> Duration {
        self.0.elapsed()
    }
    fn sleep_until(&self, at: Timestamp) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(at.since(self.now())))
    }
}

#[expect(clippy::disallowed_methods, reason = "the clock the program would pass in")]
fn clock() -> Arc<dyn Clock> {
    Arc::new(WallClock(Instant::now()))
}

#[expect(clippy::disallowed_methods, reason = "the client the program would build")]
fn http() -> reqwest::Client {
    let _installed_elsewhere = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().unwrap()
}

/// The program's parts from the gateway to the journal, over a store that outlives them.
struct Part {
    source: Arc<DiscordSource>,
    stop: CancellationToken,
}

impl Part {
    fn start(discord: &Discord, store: &Arc<MemoryStore>) -> Self {
        let token = discord.world().bot(cast::LISTENER).unwrap().token.clone();
        let config = DiscordConfig {
            api_base: Some(discord.rest_url()),
            gateway_base: Some(discord.gateway_url()),
            ..DiscordConfig::new(Secret::new(token))
        };
        let random = Arc::new(SeededRandom::new(micros().unsigned_abs()));
        let (ctx, _) = Context::new(Ports {
            store: store.clone(),
            clock: clock(),
            random: random.clone(),
            vault: Arc::new(FakeVault),
            brokers: BTreeMap::new(),
            markets: BTreeMap::new(),
            bus: Arc::new(FakeBus::new()),
            chat: Arc::new(FakeChat::default()),
            rules: ordercast_rules::risk::rule_set().unwrap(),
            platform_caps: Caps::default(),
            live_trading: false,
        });
        let door = Arc::new(Door::new(ctx.clone(), Arc::default()));
        let bot = DiscordBot::new(&config, http(), clock()).unwrap();
        let source = DiscordSource::new(bot, door, Arc::new(Bookmarks(ctx)), None, random);
        let stop = CancellationToken::new();
        tokio::spawn(source.clone().run(stop.clone()));
        Self { source, stop }
    }
}

async fn until<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    for _ in 0..1_500 {
        if let Some(found) = ask().await {
            return found;
        }
        clock()
            .sleep_until(clock().now().plus(Duration::from_millis(20)))
            .await;
    }
    panic!("{what} did not come")
}

/// A community whose provider speaks in the first channel of the cast.
async fn people(store: &Arc<MemoryStore>) {
    let voice = cast::PROVIDERS[0];
    let community = tenant::community(1);
    let mut channel = tenant::channel(1, community.id);
    channel.source_key = format!("discord:{}", voice.channel);
    let mut provider = tenant::provider(1, community.id, "Mara");
    provider.authors = vec![voice.user.to_string()];
    let mut batch = Batch::new();
    batch.insert(person::user(1));
    batch.insert(community);
    batch.insert(channel);
    batch.insert(provider);
    commit(store.as_ref(), Scope::System(SYSTEM), batch)
        .await
        .unwrap();
}

async fn entries(store: &Arc<MemoryStore>, kind: Kind) -> Vec<Entry> {
    let all = store.pending(1_000).await.unwrap();
    all.into_iter().filter(|e| e.kind == kind).collect()
}

/// What is stored of a message, in order.
async fn revisions(store: &Arc<MemoryStore>, id: Snowflake) -> Vec<String> {
    let scope = TenantScope::of_community(&tenant::channel(1, tenant::community(1).id));
    let key = format!("discord:{}", cast::PROVIDERS[0].channel);
    let query = Query::MessageRevisions(key, id.to_string());
    let found = find::<Message>(store.as_ref(), &scope, query).await.unwrap();
    let texts = found.iter().map(|m| format!("{:?} {}", m.kind, m.content.text));
    texts.collect()
}

#[tokio::test]
async fn what_was_missed_of_a_channel_stands_in_the_journal_once() {
    let discord = Discord::start(SimConfig::new(cast::world(7)), Arc::new(micros))
        .await
        .unwrap();
    let store = Arc::new(MemoryStore::new());
    people(&store).await;
    let voice = cast::PROVIDERS[0];
    let say = |text: &str| -> Snowflake {
        let made = discord
            .post(voice.user, voice.channel, MessageDraft::text(text))
            .unwrap();
        made["id"].as_str().unwrap().parse().unwrap()
    };
    let first = Part::start(&discord, &store);
    until("the connection", async || {
        first.source.status().connected.then_some(())
    })
    .await;
    let [kept, edited, deleted] = [
        "BUY AAPL @ 180 limit",
        "BUY MSFT @ 300 limit",
        "BUY TSLA @ 200 limit",
    ]
    .map(say);
    until("the messages", async || {
        // What is quicker than the first look at the channel comes live, the rest is read up on.
        let live = entries(&store, Kind::SignalReceived).await.len();
        let read = entries(&store, Kind::SignalBackfilled).await.len();
        (live + read == 3).then_some(())
    })
    .await;
    // The program is down; another one begins where it left off.
    first.stop.cancel();
    until("the end", async || (discord.listeners() == 0).then_some(())).await;
    let edit = MessageEdit::from_json(&json!({"content": "BUY MSFT @ 299 limit"})).unwrap();
    discord.edit(voice.user, voice.channel, edited, edit).unwrap();
    discord.delete(voice.user, voice.channel, deleted).unwrap();
    let missed = say("BUY NVDA @ 100 limit");
    let second = Part::start(&discord, &store);
    let gap = until("the gap", async || entries(&store, Kind::SignalGap).await.pop()).await;
    let told = gap.after.unwrap();
    for (name, want) in [("read", 1), ("edited", 1), ("deleted", 1)] {
        assert_eq!(told[name], want, "{name}: {told}");
    }
    assert_eq!(told["cut"], false);
    // A third look, after the session is lost as well, finds nothing new.
    discord.inject(&Fault::Invalidate { resumable: false });
    let last = say("BUY AMD @ 90 limit");
    until("the last one", async || {
        (revisions(&store, last).await.len() == 1).then_some(())
    })
    .await;
    for (id, want) in [
        (kept, vec!["New BUY AAPL @ 180 limit"]),
        (
            edited,
            vec!["New BUY MSFT @ 300 limit", "Edited BUY MSFT @ 299 limit"],
        ),
        (deleted, vec!["New BUY TSLA @ 200 limit", "Deleted "]),
        (missed, vec!["New BUY NVDA @ 100 limit"]),
    ] {
        assert_eq!(revisions(&store, id).await, want);
    }
    for (kind, count) in [(Kind::SignalRevised, 1), (Kind::SignalDeleted, 1)] {
        assert_eq!(entries(&store, kind).await.len(), count, "{kind:?}");
    }
    let channels =
        find_any::<ordercast_model::community::Channel>(store.as_ref(), SYSTEM, SystemQuery::ChannelsEnabled)
            .await
            .unwrap();
    assert_eq!(channels[0].cursor, Some(last.to_string()));
    second.stop.cancel();
    discord.shutdown().await;
}
