//! `ordercast replay`: what following a channel would have meant, from its history and recorded prices. Sends nothing
//! anywhere and keeps nothing.

use std::{fs, path::PathBuf, time::Duration};

use anyhow::{Context as _, Result, bail};
use ordercast_model::{money, time::Timestamp};
use ordercast_sim::history::market::Spread;
use rust_decimal::Decimal;

use super::{
    journal::{self, Where},
    out::Out,
    taught,
};
use crate::{
    config::Sources,
    replay::{
        bars, export, html, profile, run,
        stage::Setting,
        stored::{self, Stored},
        text,
    },
};

/// Most that an account may begin with.
const ACCOUNT_MAX: i64 = 1_000_000_000;

/// What `replay` is told.
#[derive(Debug, Clone, clap::Args)]
pub struct ReplayArgs {
    /// A channel's history, exported as JSON by DiscordChatExporter.
    #[arg(
        long,
        value_name = "FILE",
        required_unless_present = "provider",
        conflicts_with = "provider"
    )]
    pub file: Option<PathBuf>,
    /// The stored history of this provider, by name or id, as it was received: edits and deletions at their times.
    #[arg(long, value_name = "NAME|ID")]
    pub provider: Option<String>,
    /// With --provider: a folder that holds `ordercast.db`, such as a demo's; the configured database when not given.
    #[arg(long, value_name = "DIR", requires = "provider", conflicts_with = "file")]
    pub data_dir: Option<PathBuf>,
    /// A folder with a CSV or Parquet file of bars for each instrument (AAPL.csv, BTC-USD.parquet), or one such file.
    #[arg(long, value_name = "DIR")]
    pub bars: PathBuf,
    /// Cash the account begins with, USD.
    #[arg(long, value_name = "USD", default_value = "10000", allow_hyphen_values = true)]
    pub account: String,
    /// conservative, balanced, aggressive, or a TOML or JSON file with limits.
    #[arg(long, value_name = "PROFILE", default_value = "balanced")]
    pub risk: String,
    /// What the provider taught of its own way of writing, as JSON, as `parse --profile` takes it; with --provider what it
    /// has taught by now when not given.
    #[arg(long, value_name = "FILE")]
    pub profile: Option<PathBuf>,
    /// Only messages of this author, by name or id.
    #[arg(long, value_name = "AUTHOR")]
    pub author: Option<String>,
    /// Only messages from this time on: a date, a time, or a span back from the last message such as 30d.
    #[arg(long, value_name = "T")]
    pub since: Option<String>,
    /// Distance between bid and ask that is taken, per cent of the price.
    #[arg(long, value_name = "PERCENT", allow_hyphen_values = true)]
    pub spread: Option<String>,
    /// Print the report as one JSON object.
    #[arg(long)]
    pub json: bool,
    /// Write the report to a file that a browser shows, without anything from elsewhere.
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
}

/// Replays and reports.
///
/// # Errors
/// When something given is not what it should be, by its name; when the report cannot be written.
pub async fn run(args: ReplayArgs, sources: &Sources) -> Result<u8> {
    let cash = account(&args.account)?;
    let profile = profile::of(&args.risk)?;
    let mut taught = args.profile.as_deref().map(taught::profile).transpose()?;
    if let Some(taught) = &taught {
        taught::checked(taught)?;
    }
    let spread = spread(args.spread.as_deref())?;
    let mut history = match (&args.file, &args.provider) {
        (Some(file), _) => export::read(file, args.author.as_deref())?,
        (None, called) => {
            let stored = of_store(called.as_deref().unwrap_or_default(), &args, sources).await?;
            taught = taught.or(stored.taught);
            stored.history
        }
    };
    if let Some(since) = &args.since {
        let last = history.messages.last().map(|m| m.received_at).unwrap_or_default();
        let from = since_of(since, last)?;
        history.messages.retain(|m| m.posted_at >= from);
        if history.messages.is_empty() {
            bail!("--since: no message since {from}; the last one is of {last}");
        }
    }
    let bars = bars::load(&args.bars)?;
    let report = Box::pin(run::run(Setting {
        history,
        bars,
        cash,
        profile,
        taught,
        spread,
    }))
    .await?;
    if let Some(path) = &args.html {
        fs::write(path, html::write(&report))
            .with_context(|| format!("--html: {} cannot be written", path.display()))?;
    }
    let mut out = Out::new();
    if args.json {
        out.pretty(&report)?;
    } else {
        out.text(&text::write(&report))?;
    }
    out.flush()?;
    Ok(0)
}

/// What the database holds of a provider.
async fn of_store(called: &str, args: &ReplayArgs, sources: &Sources) -> Result<Stored> {
    let place = Where {
        data_dir: args.data_dir.clone(),
    };
    let (inspected, _) = journal::open(&place, sources).await?;
    if inspected.schema != Some(inspected.known) {
        let found = inspected.schema.unwrap_or_default();
        bail!(
            "--provider: the database has schema {found}, this program reads schema {}; bring the older of the two up to \
             date (`ordercast migrate` does the database)",
            inspected.known
        );
    }
    stored::read(inspected.store.as_ref(), called, args.author.as_deref()).await
}

fn account(text: &str) -> Result<Decimal> {
    let cash = money::parse(text).ok();
    let good = |c: &Decimal| *c > Decimal::ZERO && *c <= Decimal::from(ACCOUNT_MAX) && c.scale() <= 2;
    match cash.filter(good) {
        Some(cash) => Ok(cash),
        None => bail!("--account: expected an amount above 0 and at most {ACCOUNT_MAX} USD, got {text:?}"),
    }
}

fn spread(text: Option<&str>) -> Result<Spread> {
    let Some(text) = text else {
        return Ok(Spread::default());
    };
    let pct = money::parse(text).ok();
    match pct.filter(|p| *p >= Decimal::ZERO && *p <= Decimal::TEN) {
        Some(pct) => Ok(Spread {
            equity: pct,
            option: pct,
            crypto: pct,
        }),
        None => bail!("--spread: expected 0 to 10 per cent, got {text:?}"),
    }
}

fn since_of(text: &str, last: Timestamp) -> Result<Timestamp> {
    let span = text
        .strip_suffix('d')
        .and_then(|n| n.parse::<u64>().ok())
        .map(|days| Duration::from_secs(days.saturating_mul(86_400)));
    let at = span
        .map(|span| last.minus(span))
        .or_else(|| text.parse().ok())
        .or_else(|| format!("{text}T00:00:00Z").parse().ok());
    match at {
        Some(at) => Ok(at),
        None => bail!(
            "--since: expected a date (2026-03-01), an RFC 3339 time or a number of days (30d), got {text:?}"
        ),
    }
}
