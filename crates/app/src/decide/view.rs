//! What a venue says about an instrument at the moment of deciding; asked once per signal and venue, not per follower.

use ordercast_model::{
    calendar,
    decision::SkipReason,
    instrument::Instrument,
    market::{InstrumentRules, Quote, Session},
    ports::market::{Market, MarketError},
    signal::instruction::Subject,
    time::Timestamp,
};
use ordercast_rules::route::{Refusal, resolve_symbol};

/// Rules, quote and session of one instrument at one venue.
#[derive(Debug, Clone)]
pub struct View {
    /// The venue's rules.
    pub rules: InstrumentRules,
    /// The newest quote; none denies market entries.
    pub quote: Option<Quote>,
    /// Whether it trades now.
    pub session: Session,
}

impl View {
    /// The instrument in our spelling.
    #[must_use]
    pub const fn instrument(&self) -> &Instrument {
        &self.rules.instrument
    }
}

/// Finds what a message names at a venue.
///
/// # Errors
/// A refusal with its skip code: an unsupported class, an option without expiry, a symbol the venue does not know, or
/// market data that is away.
pub async fn view(
    market: &dyn Market,
    subject: &Subject,
    posted_at: Timestamp,
    now: Timestamp,
) -> Result<View, Refusal> {
    let candidates = resolve_symbol(subject, posted_at)?;
    let mut last = None;
    for candidate in &candidates {
        match market.rules(candidate).await {
            Ok(rules) => return complete(market, rules, now).await,
            Err(error) => last = Some(error),
        }
    }
    Err(match last {
        Some(MarketError::Unavailable(why)) => Refusal {
            reason: SkipReason::ConnectionUnhealthy,
            message: format!("No market data for {}: {why}", subject.symbol),
        },
        _ => Refusal {
            reason: SkipReason::UnsupportedAsset,
            message: format!(
                "{} is not known at this venue",
                candidates.first().unwrap_or(&subject.symbol)
            ),
        },
    })
}

/// The same for an instrument that is already known.
///
/// # Errors
/// As [`view`].
pub async fn view_of(market: &dyn Market, instrument: &Instrument, now: Timestamp) -> Result<View, Refusal> {
    match market.rules(&instrument.to_string()).await {
        Ok(rules) => complete(market, rules, now).await,
        Err(error) => Err(away(instrument, &error)),
    }
}

async fn complete(market: &dyn Market, rules: InstrumentRules, now: Timestamp) -> Result<View, Refusal> {
    let quote = market.quote(&rules.instrument).await.ok();
    match market.session(&rules.instrument).await {
        Ok(said) => Ok(View {
            session: calendar::complete(said, rules.instrument.class(), now),
            rules,
            quote,
        }),
        Err(error) => Err(away(&rules.instrument, &error)),
    }
}

fn away(instrument: &Instrument, error: &MarketError) -> Refusal {
    Refusal {
        reason: SkipReason::ConnectionUnhealthy,
        message: format!("No market data for {instrument}: {error}"),
    }
}
