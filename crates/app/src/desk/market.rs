//! Market data for charts and forms, of the venue the user trades at.

use std::sync::Arc;

use ordercast_model::{
    instrument::{AssetClass, Instrument},
    market::{InstrumentRules, Quote, Session},
    ports::market::{Bar, Market, MarketError},
    user::User,
};

use super::{DeskError, connection};
use crate::context::Context;

/// Symbols in one request at most.
pub const SYMBOLS_MAX: usize = 50;
/// Bars in one answer at most.
pub const BARS_MAX: u32 = 1_000;

/// The session of one asset class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hours {
    /// Venue code.
    pub venue: String,
    /// Instrument that was asked about.
    pub instrument: Instrument,
    /// Its session.
    pub session: Session,
}

/// The venue whose market the user sees: the one named, else that of the oldest connection, else the first enabled.
async fn venue(
    ctx: &Context,
    user: &User,
    named: Option<&str>,
) -> Result<(String, Arc<dyn Market>), DeskError> {
    let code = match named {
        Some(code) => code.to_owned(),
        None => {
            let own = connection::list(ctx, user).await?;
            own.iter()
                .rev()
                .map(|c| c.broker.clone())
                .find(|code| ctx.markets.contains_key(code))
                .or_else(|| ctx.markets.keys().next().cloned())
                .ok_or_else(|| DeskError::Unavailable("no market data is configured".to_owned()))?
        }
    };
    let market = ctx.markets.get(&code).cloned();
    market
        .map(|market| (code.clone(), market))
        .ok_or_else(|| DeskError::invalid("venue", format!("{code} is not enabled here")))
}

async fn resolve(market: &dyn Market, symbol: &str) -> Result<Instrument, MarketError> {
    market.rules(symbol).await.map(|rules| rules.instrument)
}

/// Quotes of up to 50 symbols, and the symbols the venue does not know. Safe to repeat.
///
/// # Errors
/// `Invalid` when too many or no symbols are asked for.
pub async fn quotes(
    ctx: &Context,
    user: &User,
    named: Option<&str>,
    symbols: &[String],
) -> Result<(Vec<Quote>, Vec<String>), DeskError> {
    if symbols.is_empty() || symbols.len() > SYMBOLS_MAX {
        return Err(DeskError::invalid(
            "symbols",
            format!("expected 1 to {SYMBOLS_MAX} symbols, separated by commas"),
        ));
    }
    let (_, market) = venue(ctx, user, named).await?;
    let (mut quotes, mut unknown) = (Vec::new(), Vec::new());
    for symbol in symbols {
        let answer = match resolve(market.as_ref(), symbol).await {
            Ok(instrument) => market.quote(&instrument).await,
            Err(error) => Err(error),
        };
        match answer {
            Ok(quote) => quotes.push(quote),
            Err(MarketError::UnknownSymbol(_)) => unknown.push(symbol.clone()),
            Err(error) => return Err(error.into()),
        }
    }
    Ok((quotes, unknown))
}

/// The newest quote held in memory of each instrument the user's venue knows by these symbols; never waits for a venue
/// longer than its look-up. Unknown ones are left out. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub async fn watch(ctx: &Context, user: &User, symbol: &str) -> Result<(String, Instrument), DeskError> {
    let (code, market) = venue(ctx, user, None).await?;
    let instrument = resolve(market.as_ref(), symbol).await?;
    Ok((code, instrument))
}

/// Bars of one symbol, oldest first. Safe to repeat.
///
/// # Errors
/// `Invalid` when the symbol is unknown or too many bars are asked for.
pub async fn bars(
    ctx: &Context,
    user: &User,
    named: Option<&str>,
    symbol: &str,
    limit: u32,
) -> Result<Vec<Bar>, DeskError> {
    if !(1..=BARS_MAX).contains(&limit) {
        return Err(DeskError::invalid("limit", format!("expected 1 to {BARS_MAX}")));
    }
    let (_, market) = venue(ctx, user, named).await?;
    let instrument = resolve(market.as_ref(), symbol).await?;
    Ok(market.bars(&instrument, limit).await?)
}

/// Instruments whose symbol begins with, then those that hold, the words asked for; an exact spelling of an option too.
/// Safe to repeat.
///
/// # Errors
/// When the venue does not answer.
pub async fn instruments(
    ctx: &Context,
    user: &User,
    named: Option<&str>,
    asked: &str,
    limit: usize,
) -> Result<Vec<InstrumentRules>, DeskError> {
    let (_, market) = venue(ctx, user, named).await?;
    let asked = asked.trim().to_ascii_uppercase();
    let mut found = market.list().await?;
    found.retain(|rules| rules.instrument.to_string().contains(&asked));
    found.sort_by_key(|rules| {
        let text = rules.instrument.to_string();
        (!text.starts_with(&asked), text)
    });
    found.truncate(limit);
    if found.is_empty() && !asked.is_empty() {
        match market.rules(&asked).await {
            Ok(rules) => found.push(rules),
            Err(MarketError::UnknownSymbol(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(found)
}

/// Whether each asset class is trading now, and when that changes. Safe to repeat.
///
/// # Errors
/// When the venue does not answer.
pub async fn calendar(ctx: &Context, user: &User, named: Option<&str>) -> Result<Vec<Hours>, DeskError> {
    let (code, market) = venue(ctx, user, named).await?;
    let listed = market.list().await?;
    let mut hours = Vec::new();
    for class in [AssetClass::Equity, AssetClass::Option, AssetClass::Crypto] {
        let sample = listed.iter().find(|rules| rules.instrument.class() == class);
        if let Some(rules) = sample {
            let session = market.session(&rules.instrument).await?;
            hours.push(Hours {
                venue: code.clone(),
                instrument: rules.instrument.clone(),
                session,
            });
        }
    }
    Ok(hours)
}
