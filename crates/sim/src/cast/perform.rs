//! Plays the script on the simulated Discord, beat after beat, until told to stop.

use super::quote::Quotes;
use super::script::{Beat, Deed, Script};
use super::stage::PROVIDERS;
use crate::discord::{Clock, Discord, Refusal, Snowflake, timer};
use chrono::{DateTime, NaiveDate};
use ordercast_model::instrument::Instrument;
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Before the first message, so that a listener that starts beside us is there.
const FIRST_AFTER: Duration = Duration::from_millis(300);
/// The longest wait for a listener and for quotes before the first message.
const FIRST_WAIT_MAX: Duration = Duration::from_millis(800);
const LOOK_AGAIN: Duration = Duration::from_millis(50);
/// Between messages at speed 1.
const SPACING_MILLIS: f64 = 1_500.0;
/// Slowest and fastest speed that is followed.
const SPEEDS: (f64, f64) = (0.05, 100.0);

/// Everything a show needs.
pub struct Cast {
    /// Where it plays; its world must be [`super::world`].
    pub discord: Discord,
    /// Where it looks for prices.
    pub quotes: Arc<dyn Quotes>,
    /// Decides which options have which last day.
    pub clock: Clock,
    /// The same seed on the same history gives the same show, prices apart.
    pub seed: u64,
    /// 1 is a message about every 1.5 seconds; 2 is twice as many.
    pub speed: f64,
}

/// Plays until the token is cancelled. After a restart it begins a new sequence: calls of an earlier one are
/// left to their stops and targets, never followed up from memory.
pub async fn run(cast: Cast, token: CancellationToken) {
    let sequence = cast.discord.message_count();
    let mut script = Script::new(cast.seed, sequence);
    let mut rhythm = ChaCha8Rng::seed_from_u64(cast.seed.wrapping_add(sequence));
    let playing = async {
        curtain(&cast).await;
        loop {
            let today = today(&cast.clock);
            let beat = script.next(cast.quotes.as_ref(), today);
            perform(&cast.discord, &mut script, beat);
            timer::pause(spacing(&mut rhythm, cast.speed)).await;
        }
    };
    tokio::select! {
        biased;
        () = token.cancelled() => {}
        () = playing => {}
    }
}

/// Waits a moment for listener and quotes, but never so long that the first signal is late.
async fn curtain(cast: &Cast) {
    timer::pause(FIRST_AFTER).await;
    let mut waited = FIRST_AFTER;
    let reference = Instrument::Equity {
        symbol: "AAPL".to_owned(),
    };
    while waited < FIRST_WAIT_MAX
        && (cast.discord.listeners() == 0 || cast.quotes.quote(&reference).is_none())
    {
        timer::pause(LOOK_AGAIN).await;
        waited += LOOK_AGAIN;
    }
}

fn today(clock: &Clock) -> NaiveDate {
    DateTime::from_timestamp_micros(clock())
        .unwrap_or_default()
        .date_naive()
}

fn spacing(rhythm: &mut ChaCha8Rng, speed: f64) -> Duration {
    let speed = if speed.is_finite() {
        speed.clamp(SPEEDS.0, SPEEDS.1)
    } else {
        1.0
    };
    let sway: f64 = rhythm.random_range(0.85..1.1);
    Duration::from_secs_f64(SPACING_MILLIS * sway / speed / 1_000.0)
}

/// Does one beat. A message somebody else has removed is let go; anything else unexpected is logged.
fn perform(discord: &Discord, script: &mut Script, beat: Beat) {
    let Beat {
        author,
        channel,
        deed,
    } = beat;
    let done: Result<(), Refusal> = match deed {
        Deed::Say { draft, opens } => discord.post(author, channel, draft.clone()).map(|message| {
            let id = message
                .get("id")
                .and_then(|id| id.as_str()?.parse::<Snowflake>().ok());
            if let Some(id) = id {
                script.posted(Deed::Say { draft, opens }, id);
            }
        }),
        Deed::Amend { message, edit } => match discord.edit(author, channel, message, edit) {
            Ok(_) => Ok(()),
            Err(error) => {
                script.lost(message);
                Err(error)
            }
        },
        Deed::Remove { message } => discord.delete(author, channel, message),
    };
    if let Err(error) = done {
        let name = PROVIDERS
            .iter()
            .find(|p| p.user == author)
            .map_or("member", |p| p.username);
        tracing::debug!(name, %error, "a beat was not played");
    }
}
