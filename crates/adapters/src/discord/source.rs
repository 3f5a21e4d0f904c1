//! The source as a whole: asks Discord who we are and what we may, then runs its shards. Decides when a fault is for
//! the operator; refuses to start with a user's token or without the right to read messages.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use ordercast_model::{
    ports::{
        BoxFuture,
        chat::Counter,
        clock::{Clock, Random},
        source::{Cursors, Intake, SourceStatus},
    },
    time::Timestamp,
};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use twilight_gateway::{Intents, ShardId, queue::InMemoryQueue};
use twilight_model::oauth::ApplicationFlags;

use super::{
    answer::{ASKS_MAX, Answerer, Asked},
    bot::DiscordBot,
    client::Rest,
    config::{DiscordConfig, Endpoint, gateway},
    delivery::Delivery,
    error::{DiscordFault, Trouble},
    map,
    reader::{Plan, QUEUE_MAX, Reader},
    status::StatusBoard,
};
use crate::backoff::Backoff;

/// How far Discord's clock may be behind ours at the first start.
const SKEW: Duration = Duration::from_secs(5);

/// How often it is written down that everything was heard so far.
const HEARD_EVERY: Duration = Duration::from_secs(5);

/// Messages of Discord.
pub struct DiscordSource {
    bot: Arc<DiscordBot>,
    intake: Arc<dyn Intake>,
    cursors: Arc<dyn Cursors>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    counter: Option<Arc<dyn Counter>>,
    board: Arc<StatusBoard>,
}

impl DiscordSource {
    /// A source that hands every message to `intake`, keeps `cursors` up to date and takes what people type and press
    /// to the `counter`, if there is one. Nothing is sent yet.
    #[must_use]
    pub fn new(
        bot: Arc<DiscordBot>,
        intake: Arc<dyn Intake>,
        cursors: Arc<dyn Cursors>,
        counter: Option<Arc<dyn Counter>>,
        random: Arc<dyn Random>,
    ) -> Arc<Self> {
        let clock = bot.clock.clone();
        let board = Arc::new(StatusBoard::new(clock.now()));
        Arc::new(Self {
            bot,
            intake,
            cursors,
            clock,
            random,
            counter,
            board,
        })
    }

    /// How it is doing.
    #[must_use]
    pub fn status(&self) -> SourceStatus {
        self.board.read(self.clock.now())
    }

    /// Runs until cancelled.
    ///
    /// # Errors
    /// What only an operator can mend; `status` tells it too. Everything else is tried again for ever.
    pub fn run(self: Arc<Self>, token: CancellationToken) -> BoxFuture<'static, Result<(), DiscordFault>> {
        Box::pin(async move {
            let ended = self.work(token.child_token()).await;
            if let Err(fault) = ended {
                tracing::error!(code = fault.code(), %fault, "Discord is not read");
                self.board.fail(fault, self.clock.now());
            }
            ended
        })
    }

    async fn work(&self, token: CancellationToken) -> Result<(), DiscordFault> {
        let since = map::first_id(self.clock.now().minus(SKEW));
        let rest = self.bot.rest.clone();
        let Some(plan) = self.prepared(&rest, &token).await? else {
            return Ok(());
        };
        let Some(last_heard) = self.last_heard(&token).await else {
            return Ok(());
        };
        self.board.begin(plan.total, last_heard);
        if let Some(span) = plan.used_up {
            let minutes = span.as_secs().div_ceil(60);
            tracing::warn!(minutes, "the session starts of the day are used up");
            self.board.waits(format!(
                "Discord allows no new session for {minutes} minutes: the session starts of the day are used up"
            ));
        }
        let (asks, asked) = mpsc::channel(ASKS_MAX);
        let answering = self.answering(&plan, &rest, asked, token.clone());
        let shards = (0..plan.total).map(|number| {
            let (rest, plan, token, asks) = (rest.clone(), plan.clone(), token.clone(), asks.clone());
            let self_ = &self;
            Box::pin(async move {
                let ended = self_
                    .shard(number, (plan, rest, asks), since, token.clone())
                    .await;
                if ended.is_err() {
                    token.cancel();
                }
                ended
            })
        });
        let shards = futures::future::join_all(shards.collect::<Vec<_>>());
        drop(asks);
        let shards = async {
            tokio::select! {
                biased;
                ended = shards => ended,
                () = self.remember() => Vec::new(),
            }
        };
        let (ended, ()) = tokio::join!(shards, answering);
        ended.into_iter().collect()
    }

    /// When everything was heard last, by this process or one before; asked for until the store answers, none when
    /// cancelled first.
    async fn last_heard(&self, token: &CancellationToken) -> Option<Option<Timestamp>> {
        let mut backoff = Backoff::new(self.clock.clone(), self.random.clone());
        loop {
            match self.cursors.last_heard().await {
                Ok(at) => return Some(at),
                Err(why) => tracing::warn!(%why, "the end of the last session cannot be read"),
            }
            tokio::select! {
                biased;
                () = token.cancelled() => return None,
                () = backoff.pause() => {}
            }
        }
    }

    /// Keeps when everything was heard last, for ever.
    async fn remember(&self) {
        loop {
            let now = self.clock.now();
            if self.board.read(now).connected {
                self.cursors.heard(now).await;
            }
            self.clock.sleep_until(now.plus(HEARD_EVERY)).await;
        }
    }

    async fn shard(
        &self,
        number: u32,
        (plan, rest, asks): (Plan, Arc<Rest>, mpsc::Sender<Asked>),
        since: u64,
        token: CancellationToken,
    ) -> Result<(), DiscordFault> {
        let (out, items) = mpsc::channel(QUEUE_MAX);
        let delivery = Delivery {
            rest: rest.clone(),
            intake: self.intake.clone(),
            cursors: self.cursors.clone(),
            clock: self.clock.clone(),
            random: self.random.clone(),
            board: self.board.clone(),
            token: token.clone(),
            shard: (number, plan.total),
            since,
            forbidden: BTreeSet::new(),
            behind: BTreeMap::new(),
            behind_until: self.clock.now(),
        };
        let reader = Reader {
            id: ShardId::new(number, plan.total),
            plan,
            rest,
            board: self.board.clone(),
            clock: self.clock.clone(),
            random: self.random.clone(),
            out,
            asks,
            token,
        };
        let (ended, ()) = tokio::join!(Box::pin(reader.run()), Box::pin(delivery.run(items)));
        ended
    }

    /// Registers the commands and answers people, until cancelled. Without a counter nobody is answered.
    fn answering(
        &self,
        plan: &Plan,
        rest: &Arc<Rest>,
        mut asked: mpsc::Receiver<Asked>,
        token: CancellationToken,
    ) -> BoxFuture<'static, ()> {
        let Some(counter) = self.counter.clone() else {
            return Box::pin(async move { while asked.recv().await.is_some() {} });
        };
        let answerer = Answerer {
            rest: rest.clone(),
            counter,
            clock: self.clock.clone(),
            random: self.random.clone(),
            token,
        };
        let app = plan.app;
        Box::pin(async move {
            let registering = answerer.register(app);
            let answering = answerer.clone().run(asked);
            tokio::join!(registering, answering);
        })
    }

    /// Asks until Discord answers; none when cancelled first.
    async fn prepared(&self, rest: &Rest, token: &CancellationToken) -> Result<Option<Plan>, DiscordFault> {
        let mut backoff = Backoff::new(self.clock.clone(), self.random.clone());
        loop {
            let trouble = match prepare(&self.bot.endpoint, rest).await {
                Ok(plan) => return Ok(Some(plan)),
                Err(Trouble::Fault(fault)) => return Err(fault),
                Err(trouble) => trouble.to_string(),
            };
            tracing::warn!(why = %trouble, "Discord cannot be reached");
            self.board.waits(format!("Discord cannot be reached: {trouble}"));
            tokio::select! {
                biased;
                () = token.cancelled() => return Ok(None),
                () = backoff.pause() => {}
            }
        }
    }
}

/// Asks Discord once who the token belongs to and what it may, without opening the gateway. Safe to repeat.
///
/// # Errors
/// Why messages could not be read, in words for an operator.
pub async fn examine(
    config: &DiscordConfig,
    http: reqwest::Client,
    clock: Arc<dyn Clock>,
) -> Result<(), String> {
    let endpoint = Endpoint::read(config).map_err(|error| error.to_string())?;
    let rest = Rest::new(&endpoint, http, clock);
    prepare(&endpoint, &rest)
        .await
        .map(drop)
        .map_err(|trouble| trouble.to_string())
}

async fn prepare(endpoint: &Endpoint, rest: &Rest) -> Result<Plan, Trouble> {
    // The two kinds of token have one shape: only Discord can tell them apart.
    if !rest.me().await?.bot {
        return Err(DiscordFault::UserToken.into());
    }
    let mut intents = Intents::GUILDS | Intents::GUILD_MESSAGES | Intents::MESSAGE_CONTENT;
    let either = |flags: ApplicationFlags, full, limited| flags.contains(full) || flags.contains(limited);
    let (app, flags) = rest.application().await?;
    let flags = flags.unwrap_or_else(ApplicationFlags::all);
    let content = either(
        flags,
        ApplicationFlags::GATEWAY_MESSAGE_CONTENT,
        ApplicationFlags::GATEWAY_MESSAGE_CONTENT_LIMITED,
    );
    if !content {
        return Err(DiscordFault::MissingMessageContent.into());
    }
    let members = either(
        flags,
        ApplicationFlags::GATEWAY_GUILD_MEMBERS,
        ApplicationFlags::GATEWAY_GUILD_MEMBERS_LIMITED,
    );
    if members {
        intents |= Intents::GUILD_MEMBERS;
    } else {
        // Messages carry their author's roles; only changes of roles go unheard.
        tracing::info!("the bot lacks the Server Members intent and runs without it");
    }
    let info = rest.gateway().await?;
    let limit = &info.session_start_limit;
    let queue = InMemoryQueue::new(
        limit.max_concurrency.max(1),
        limit.remaining.min(limit.total),
        Duration::from_millis(limit.reset_after),
        limit.total,
    );
    let named = || endpoint.detour.as_ref().and_then(|_| gateway(&info.url).ok());
    Ok(Plan {
        token: endpoint.token.expose().clone(),
        intents,
        gateway: endpoint.gateway.clone().or_else(named),
        queue,
        used_up: (limit.remaining == 0).then(|| Duration::from_millis(limit.reset_after)),
        total: info.shards.max(1),
        app,
    })
}
