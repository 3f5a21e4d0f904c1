//! The demo's webhook: one provider's secret address, and a strategy that posts to it over HTTP as TradingView would, so
//! that signals of this kind are seen as well.

use std::{fs, path::Path, time::Duration};

use anyhow::{Context as _, Result, anyhow};
use ordercast_app::{
    context::Context,
    hook::{self, NewHook},
    identity::Caller,
};
use ordercast_model::{
    community::Provider,
    instrument::Instrument,
    ports::store::{SystemQuery, find_any},
    tenant::SystemScope,
    user::User,
};
use ordercast_sim::cast::{Manner, PROVIDERS, Quotes};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::{stage, world::write_private};

const SETTING: SystemScope = SystemScope::housekeeping("the demo sets its own scene");
/// Where the address is kept between runs, in the demo's folder.
pub const FILE: &str = "hook.json";
/// Whose webhook it is: a provider with few followers, the visitor among them.
const MANNER: Manner = Manner::Macro;
/// Before the first alert, and between two at speed 1.
const FIRST_AFTER: Duration = Duration::from_secs(4);
const SPACING: Duration = Duration::from_secs(20);
/// What the strategy trades, in turn.
const SYMBOLS: &[&str] = &[
    "NASDAQ:MSFT",
    "NYSE:DIS",
    "NASDAQ:AMZN",
    "NYSE:UBER",
    "NASDAQ:META",
];

/// The address of the demo's webhook.
#[derive(Serialize, Deserialize)]
pub struct Address {
    /// The webhook.
    pub hook: String,
    /// Its secret.
    pub secret: String,
}

impl Address {
    /// Where it is reached.
    #[must_use]
    pub fn url(&self, dashboard: &str) -> String {
        format!("{dashboard}/api/v1/hooks/{}/{}", self.hook, self.secret)
    }
    /// Name of its provider.
    #[must_use]
    pub fn provider() -> &'static str {
        PROVIDERS
            .iter()
            .find(|p| p.manner == MANNER)
            .map_or("", |p| p.name)
    }
}

/// The webhook of the folder, made when there is none that opens.
///
/// # Errors
/// When the store does not answer or the file cannot be written.
pub async fn address(ctx: &Context, folder: &Path) -> Result<Address> {
    let path = folder.join(FILE);
    if let Ok(text) = fs::read_to_string(&path)
        && let Ok(kept) = serde_json::from_str::<Address>(&text)
        && hook::knock(ctx, &kept.hook, &kept.secret).await.is_ok()
    {
        return Ok(kept);
    }
    let users = find_any::<User>(ctx.store.as_ref(), SETTING, SystemQuery::DemoUsers).await?;
    let owner = users.iter().find(|u| u.name == stage::OWNER);
    let owner = owner.ok_or_else(|| anyhow!("the demo's owner is not there"))?;
    let all = find_any::<Provider>(ctx.store.as_ref(), SETTING, SystemQuery::Providers).await?;
    let provider = all.iter().find(|p| p.name == Address::provider());
    let provider = provider.ok_or_else(|| anyhow!("the provider of the demo's webhook is not there"))?;
    let new = NewHook {
        name: "Breakout strategy".to_owned(),
        ..NewHook::default()
    };
    let made = hook::create(ctx, owner, provider.id, new, &Caller::default()).await?;
    let address = Address {
        hook: made.hook.id.to_string(),
        secret: made.secret.expose().clone(),
    };
    if path.exists() {
        fs::remove_file(&path)?;
    }
    write_private(&path, &serde_json::to_string(&address)?)
        .with_context(|| format!("writing {}", path.display()))?;
    Ok(address)
}

/// A strategy that opens and closes in turn.
pub struct Strategy {
    /// Where it looks at the time and waits.
    pub ctx: Context,
    /// How it posts.
    pub http: reqwest::Client,
    /// Where it posts.
    pub url: String,
    /// Where it looks for prices.
    pub quotes: Box<dyn Quotes>,
    /// 1 is an alert about every twenty seconds.
    pub speed: f64,
}

impl Strategy {
    /// Posts until the token is cancelled.
    pub async fn run(self, stop: CancellationToken) {
        let posting = async {
            self.pause(FIRST_AFTER).await;
            let mut turn = 0_usize;
            loop {
                if let Some(alert) = self.alert(turn)
                    && let Err(error) = self.post(&alert).await
                {
                    tracing::debug!(%error, "an alert was not posted");
                }
                turn = turn.wrapping_add(1);
                self.pause(SPACING.div_f64(self.speed.clamp(0.05, 20.0))).await;
            }
        };
        tokio::select! {
            biased;
            () = stop.cancelled() => {}
            () = posting => {}
        }
    }

    async fn pause(&self, span: Duration) {
        let clock = &self.ctx.clock;
        clock.sleep_until(self.ctx.now().plus(span)).await;
    }

    /// Opens for each symbol first, closes each after that, and begins again.
    fn alert(&self, turn: usize) -> Option<Value> {
        let round = turn % (2 * SYMBOLS.len());
        let ticker = SYMBOLS.get(round % SYMBOLS.len())?;
        let symbol = ticker.rsplit(':').next()?.to_owned();
        let (bid, ask) = self.quotes.quote(&Instrument::Equity { symbol })?;
        let middle = bid.checked_add(ask)?.checked_div(Decimal::TWO)?;
        let level = |percent: i64| {
            Some(
                middle
                    .checked_mul(Decimal::new(percent, 2))?
                    .round_dp(2)
                    .to_string(),
            )
        };
        let now = self.ctx.now();
        let id = format!("breakout-{}-{turn}", now.millis());
        Some(if round < SYMBOLS.len() {
            json!({
                "ticker": ticker, "action": "buy", "type": "market", "sl": level(97)?, "tp": level(104)?,
                "id": id, "timestamp": now, "strategy": "Breakout",
            })
        } else {
            json!({ "ticker": ticker, "action": "exit", "id": id, "timestamp": now, "strategy": "Breakout" })
        })
    }

    async fn post(&self, alert: &Value) -> Result<()> {
        let answer = self.http.post(&self.url).body(alert.to_string()).send();
        let status = answer.await.map_err(reqwest::Error::without_url)?.status();
        if !status.is_success() {
            return Err(anyhow!("answered {status}"));
        }
        Ok(())
    }
}
