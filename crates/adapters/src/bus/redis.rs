//! Hints between processes over Redis publish/subscribe. Decides that local listeners never depend on Redis; refuses
//! to treat Redis as a record: what it loses, the store still has.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use ordercast_model::{
    ports::{
        BoxFuture,
        bus::{Bus, Hint, HintSink},
        clock::{Clock, Random},
    },
    secret::Secret,
};
use redis::{
    AsyncCommands, Client, ProtocolVersion, PushInfo, PushKind,
    aio::{ConnectionManager, ConnectionManagerConfig},
};
use tokio::sync::mpsc::{self, error::TrySendError};

use super::{
    local::{LOST, LocalBus},
    wire::Envelope,
};
use crate::backoff::Backoff;

/// Hints that wait to be published, also while Redis is away. When full the hint is not published: on reconnect other
/// processes look by themselves.
const OUT_MAX: usize = 1_024;
/// Messages from Redis that wait to be handed on. When full the message is dropped and listeners look at everything.
const IN_MAX: usize = 4_096;
/// How often the connection is tried while nothing is said.
const PING_EVERY: Duration = Duration::from_secs(5);
/// How long Redis may take.
const TIMEOUT: Duration = Duration::from_secs(3);

/// Why the bus cannot be built.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BusError {
    /// The address does not read. The address may hold a password and is not repeated.
    #[error("Redis: expected an address such as redis://127.0.0.1:6379, {0}")]
    Url(String),
}

/// A bus over Redis, with a local bus in front of it.
pub struct RedisBus {
    local: LocalBus,
    from: String,
    out: mpsc::Sender<Hint>,
    up: Arc<AtomicBool>,
}

impl RedisBus {
    /// The bus and the future that carries its hints: run it until the program ends. `channel` keeps deployments on
    /// one Redis apart. Redis need not be up.
    ///
    /// # Errors
    /// When the address does not read.
    pub fn connect(
        url: &Secret<String>,
        channel: &str,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<(Arc<Self>, BoxFuture<'static, ()>), BusError> {
        let wrong = |e: redis::RedisError| BusError::Url(e.category().to_owned());
        let info: redis::ConnectionInfo =
            redis::IntoConnectionInfo::into_connection_info(url.expose().as_str()).map_err(wrong)?;
        let settings = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
        let client = Client::open(info.set_redis_settings(settings)).map_err(wrong)?;
        let (out, waiting) = mpsc::channel(OUT_MAX);
        let mut id = [0_u8; 16];
        random.fill(&mut id);
        let bus = Arc::new(Self {
            local: LocalBus::new(),
            from: hex::encode(id),
            out,
            up: Arc::new(AtomicBool::new(false)),
        });
        let carrier = Carrier {
            client,
            channel: channel.to_owned(),
            local: bus.local.clone(),
            from: bus.from.clone(),
            up: bus.up.clone(),
            clock: clock.clone(),
        };
        Ok((bus, Box::pin(carrier.run(waiting, Backoff::new(clock, random)))))
    }

    /// Whether other processes are reached, as far as is known.
    #[must_use]
    pub fn is_up(&self) -> bool {
        self.up.load(Ordering::Acquire)
    }
}

impl Bus for RedisBus {
    fn tell(&self, hint: Hint) {
        self.local.tell(hint.clone());
        if let Err(TrySendError::Full(_)) = self.out.try_send(hint) {
            tracing::debug!("a hint is not published: too many wait");
        }
    }

    fn listen(&self, sink: Arc<dyn HintSink>) -> BoxFuture<'static, ()> {
        self.local.listen(sink)
    }
}

struct Carrier {
    client: Client,
    channel: String,
    local: LocalBus,
    from: String,
    up: Arc<AtomicBool>,
    clock: Arc<dyn Clock>,
}

impl Carrier {
    async fn run(self, mut out: mpsc::Receiver<Hint>, mut backoff: Backoff) {
        loop {
            let why = self.carry(&mut out, &mut backoff).await;
            if self.up.swap(false, Ordering::AcqRel) {
                tracing::warn!(%why, "Redis is lost: other processes are not told");
            }
            backoff.pause().await;
        }
    }

    /// Carries hints both ways until Redis fails.
    async fn carry(&self, out: &mut mpsc::Receiver<Hint>, backoff: &mut Backoff) -> String {
        let (into, mut pushed) = mpsc::channel(IN_MAX);
        let mut redis = match self.attach(into).await {
            Ok(redis) => redis,
            Err(why) => return why.to_string(),
        };
        backoff.reset();
        self.up.store(true, Ordering::Release);
        // Whatever was told while we were away was not heard.
        LOST.iter().for_each(|hint| self.local.tell(hint.clone()));
        loop {
            let quiet = self.clock.sleep_until(self.clock.now().plus(PING_EVERY));
            let done: Result<(), redis::RedisError> = tokio::select! {
                biased;
                push = pushed.recv() => match push {
                    Some(push) => self.hear(&push),
                    None => return "the connection ended".to_owned(),
                },
                hint = out.recv() => match hint {
                    Some(hint) => self.publish(&mut redis, hint).await,
                    None => return "the bus ended".to_owned(),
                },
                () = quiet => redis.ping::<String>().await.map(|_| ()),
            };
            if let Err(why) = done {
                return why.to_string();
            }
        }
    }

    async fn attach(&self, into: mpsc::Sender<PushInfo>) -> redis::RedisResult<ConnectionManager> {
        let local = self.local.clone();
        let sender = move |push: PushInfo| {
            if let Err(TrySendError::Full(_)) = into.try_send(push) {
                LOST.iter().for_each(|hint| local.tell(hint.clone()));
            }
            Ok::<(), redis::aio::SendError>(())
        };
        let config = ConnectionManagerConfig::new()
            .set_response_timeout(Some(TIMEOUT))
            .set_connection_timeout(Some(TIMEOUT))
            .set_number_of_retries(0)
            .set_push_sender(sender)
            .set_automatic_resubscription();
        let mut redis = ConnectionManager::new_with_config(self.client.clone(), config).await?;
        redis.subscribe(&self.channel).await?;
        Ok(redis)
    }

    async fn publish(&self, redis: &mut ConnectionManager, hint: Hint) -> redis::RedisResult<()> {
        let envelope = Envelope {
            from: self.from.clone(),
            hint,
        };
        let Ok(text) = serde_json::to_string(&envelope) else {
            return Ok(());
        };
        redis.publish::<_, _, ()>(&self.channel, text).await
    }

    /// Hands a message of another process on.
    fn hear(&self, push: &PushInfo) -> redis::RedisResult<()> {
        match push.kind {
            PushKind::Message => {
                let text = push
                    .data
                    .get(1)
                    .and_then(|v| redis::from_redis_value_ref::<String>(v).ok());
                match text.as_deref().map(serde_json::from_str::<Envelope>) {
                    Some(Ok(envelope)) if envelope.from != self.from => self.local.tell(envelope.hint),
                    Some(Ok(_)) => {}
                    _ => tracing::debug!("a message on the bus does not read"),
                }
                Ok(())
            }
            PushKind::Disconnection => Err((redis::ErrorKind::Io, "disconnected").into()),
            _ => Ok(()),
        }
    }
}
