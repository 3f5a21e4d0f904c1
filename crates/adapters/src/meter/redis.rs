//! The count of requests that processes share, kept in Redis. Decides by Redis's own clock; refuses to say anything when
//! Redis does not answer in time.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use ordercast_model::{
    ports::{
        allowance::Allowance,
        clock::{Clock, Random},
    },
    secret::Secret,
};
use redis::{
    Client,
    aio::{ConnectionManager, ConnectionManagerConfig},
};
use tokio::sync::Mutex;

use super::Urgency;

/// How long Redis may take: a request waits for it.
const TIMEOUT: Duration = Duration::from_millis(250);
/// How long it is left alone after it did not answer.
const AGAIN: Duration = Duration::from_secs(1);

/// Counts what lies within the stretch, all of it and what is no exit; takes a part when both have room. The answer is what
/// is used then, or below zero how many milliseconds to wait.
const TAKE: &str = r"
local now = redis.call('TIME')
now = now[1] * 1000000 + now[2]
local rest = redis.call('PTTL', KEYS[3])
if rest > 0 then return -rest end
local span, ours, open, cost, exit = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5] == '1'
local function wait(key, need)
  local last = redis.call('ZRANGE', key, need - 1, need - 1, 'WITHSCORES')
  local at = tonumber(last[2]) or now
  return math.max(1, math.ceil((at + span - now) / 1000) + 1)
end
local ms = 0
for i, most in ipairs({ours, open}) do
  redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', '(' .. string.format('%.0f', now - span))
  if i == 1 or not exit then
    local over = redis.call('ZCARD', KEYS[i]) + cost - most
    if over > 0 then ms = math.max(ms, wait(KEYS[i], over)) end
  end
end
if ms > 0 then return -ms end
for n = 1, cost do
  local member = ARGV[6] .. ':' .. n
  redis.call('ZADD', KEYS[1], string.format('%.0f', now), member)
  if not exit then redis.call('ZADD', KEYS[2], string.format('%.0f', now), member) end
end
local life = math.ceil(span / 1000) + 1000
redis.call('PEXPIRE', KEYS[1], life)
redis.call('PEXPIRE', KEYS[2], life)
return redis.call('ZCARD', KEYS[1])
";
/// Lengthens a rest, never shortens it.
const REST: &str = r"
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[1]) then redis.call('SET', KEYS[1], '1', 'PX', ARGV[1]) end
return 1
";

/// Why the shared count cannot be built. The address may hold a password and is not repeated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Redis: expected an address such as redis://127.0.0.1:6379, {0}")]
pub struct LogError(String);

/// What the shared count says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counted {
    /// Taken; so much is used by everybody.
    Taken(u32),
    /// Not yet.
    Wait(Duration),
    /// Redis does not answer.
    Away,
}

#[derive(Default)]
struct Held {
    redis: Option<ConnectionManager>,
    again_at: Duration,
}

/// What is spent by every process on one Redis.
pub struct RedisLog {
    client: Client,
    prefix: String,
    from: String,
    count: AtomicU64,
    clock: Arc<dyn Clock>,
    held: Mutex<Held>,
}

impl RedisLog {
    /// The count at an address. `prefix` keeps deployments on one Redis apart. Redis need not be up.
    ///
    /// # Errors
    /// When the address does not read.
    pub fn new(
        url: &Secret<String>,
        prefix: &str,
        clock: Arc<dyn Clock>,
        random: &dyn Random,
    ) -> Result<Arc<Self>, LogError> {
        let wrong = |e: redis::RedisError| LogError(e.category().to_owned());
        let client = Client::open(url.expose().as_str()).map_err(wrong)?;
        let mut id = [0_u8; 16];
        random.fill(&mut id);
        Ok(Arc::new(Self {
            client,
            prefix: prefix.to_owned(),
            from: hex::encode(id),
            count: AtomicU64::new(0),
            clock,
            held: Mutex::default(),
        }))
    }

    /// The connection, made when there is none and it may be tried again.
    async fn connection(&self) -> Option<ConnectionManager> {
        let mut held = self.held.lock().await;
        if let Some(redis) = &held.redis {
            return Some(redis.clone());
        }
        if self.clock.monotonic() < held.again_at {
            return None;
        }
        let config = ConnectionManagerConfig::new()
            .set_response_timeout(Some(TIMEOUT))
            .set_connection_timeout(Some(TIMEOUT))
            .set_number_of_retries(0);
        match ConnectionManager::new_with_config(self.client.clone(), config).await {
            Ok(redis) => {
                held.redis = Some(redis.clone());
                Some(redis)
            }
            Err(_) => {
                held.again_at = self.clock.monotonic() + AGAIN;
                None
            }
        }
    }

    async fn lost(&self, why: &redis::RedisError) {
        tracing::warn!(
            why = why.category(),
            "requests are counted alone: Redis does not answer"
        );
        let mut held = self.held.lock().await;
        held.redis = None;
        held.again_at = self.clock.monotonic() + AGAIN;
    }

    async fn run(&self, script: &str, keys: &[String], arguments: &[String]) -> Option<i64> {
        let mut redis = self.connection().await?;
        let mut command = redis::cmd("EVAL");
        command.arg(script).arg(keys.len()).arg(keys).arg(arguments);
        match command.query_async::<i64>(&mut redis).await {
            Ok(answer) => Some(answer),
            Err(why) => {
                self.lost(&why).await;
                None
            }
        }
    }

    fn keys(&self, scope: &str) -> [String; 3] {
        ["all", "open", "rest"].map(|part| format!("{}:{{{scope}}}:{part}", self.prefix))
    }

    /// Takes a part of an allowance.
    pub(super) async fn take(
        &self,
        scope: &str,
        allowance: &Allowance,
        urgency: Urgency,
        cost: u32,
    ) -> Counted {
        let open = allowance.ours.saturating_sub(allowance.kept());
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        let arguments = [
            allowance.window().as_micros().to_string(),
            allowance.ours.to_string(),
            open.to_string(),
            cost.min(open).max(1).to_string(),
            u32::from(urgency == Urgency::Exit).to_string(),
            format!("{}:{number}", self.from),
        ];
        match self.run(TAKE, &self.keys(scope), &arguments).await {
            None => Counted::Away,
            Some(answer) => match u32::try_from(answer) {
                Ok(used) => Counted::Taken(used),
                Err(_) => Counted::Wait(Duration::from_millis(answer.unsigned_abs())),
            },
        }
    }

    /// Nobody asks for so long.
    pub(super) async fn rest(&self, scope: &str, span: Duration) {
        let [_, _, rest] = self.keys(scope);
        let _ = self
            .run(REST, &[rest], &[span.as_millis().max(1).to_string()])
            .await;
    }
}
