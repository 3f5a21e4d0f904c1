//! The source as a whole: asks Discord who we are and what we may, then runs its shards. Decides when a fault is for
//! the operator; refuses to start with a user's token or without the right to read messages.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use ordercast_model::ports::{
    BoxFuture,
    clock::{Clock, Random},
    source::{Cursors, Intake, SourceStatus},
};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use twilight_gateway::{Intents, ShardId, queue::InMemoryQueue};
use twilight_model::oauth::ApplicationFlags;

use super::{
    client::Rest,
    config::{DiscordConfig, DiscordConfigError, Endpoint, gateway},
    delivery::Delivery,
    error::{DiscordFault, Trouble},
    map,
    reader::{Plan, QUEUE_MAX, Reader},
    status::StatusBoard,
};
use crate::backoff::Backoff;

/// How far Discord's clock may be behind ours at the first start.
const SKEW: Duration = Duration::from_secs(5);

/// Messages of Discord.
pub struct DiscordSource {
    endpoint: Endpoint,
    intake: Arc<dyn Intake>,
    cursors: Arc<dyn Cursors>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    board: Arc<StatusBoard>,
}

impl DiscordSource {
    /// A source that hands every message to `intake` and keeps `cursors` up to date. Nothing is sent yet.
    ///
    /// # Errors
    /// When the token cannot be a bot's, or an address does not read.
    pub fn new(
        config: &DiscordConfig,
        intake: Arc<dyn Intake>,
        cursors: Arc<dyn Cursors>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Arc<Self>, DiscordConfigError> {
        let board = Arc::new(StatusBoard::new(clock.now()));
        Ok(Arc::new(Self {
            endpoint: Endpoint::read(config)?,
            intake,
            cursors,
            clock,
            random,
            board,
        }))
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
        let rest = Arc::new(Rest::new(&self.endpoint, self.clock.clone()));
        let Some(plan) = self.prepared(&rest, &token).await? else {
            return Ok(());
        };
        self.board.set_shards(plan.total);
        let shards = (0..plan.total).map(|number| {
            let (rest, plan, token) = (rest.clone(), plan.clone(), token.clone());
            Box::pin(async move {
                let ended = self.shard(number, plan, rest, since, token.clone()).await;
                if ended.is_err() {
                    token.cancel();
                }
                ended
            })
        });
        futures::future::join_all(shards).await.into_iter().collect()
    }

    async fn shard(
        &self,
        number: u32,
        plan: Plan,
        rest: Arc<Rest>,
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
            behind: BTreeSet::new(),
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
            token,
        };
        let (ended, ()) = tokio::join!(Box::pin(reader.run()), Box::pin(delivery.run(items)));
        ended
    }

    /// Asks until Discord answers; none when cancelled first.
    async fn prepared(&self, rest: &Rest, token: &CancellationToken) -> Result<Option<Plan>, DiscordFault> {
        let mut backoff = Backoff::new(self.clock.clone(), self.random.clone());
        loop {
            let trouble = match prepare(&self.endpoint, rest).await {
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
pub async fn examine(config: &DiscordConfig, clock: Arc<dyn Clock>) -> Result<(), String> {
    let endpoint = Endpoint::read(config).map_err(|error| error.to_string())?;
    let rest = Rest::new(&endpoint, clock);
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
    let flags = rest.flags().await?.unwrap_or_else(ApplicationFlags::all);
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
        total: info.shards.max(1),
    })
}
