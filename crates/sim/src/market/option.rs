//! Decides what any option is worth and how wide it is quoted: Black-Scholes with a smile. Refuses strikes and
//! expiries no venue would list.

use chrono::{Days, NaiveDate, NaiveTime};
use ordercast_model::{
    instrument::{Instrument, Right},
    time::Timestamp,
};
use rust_decimal::{
    Decimal,
    prelude::{FromPrimitive, ToPrimitive},
};

use crate::market::{
    depth::{BookSide, Depth},
    listing::UnknownSymbol,
    noise::{scatter_unit, text_bits},
    quote::{Quote, ceil_tick, floor_tick, near_tick},
};

/// Hour of the last day at which an option ends, UTC.
const END_HOUR_UTC: u32 = 21;
/// Days ahead that are priced.
const DAYS_MAX: u64 = 3 * 366;
/// Interest rate.
const RATE: f64 = 0.04;
/// Money shown at the best price of a contract on average.
pub const OPTION_DEPTH: f64 = 3_500.0;
/// Price step of every contract.
pub const OPTION_TICK: Decimal = Decimal::from_parts(1, 0, 0, false, 2);

/// What an option's price needs to know of its underlying.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spot {
    /// Price between bid and ask.
    pub price: f64,
    /// Price at the previous close.
    pub previous: f64,
    /// Yearly volatility at the money.
    pub volatility: f64,
    /// Spread factor, 1 when calm.
    pub width: f64,
    /// Whether the session is open.
    pub open: bool,
}

/// The instant after which a contract no longer exists.
#[must_use]
pub fn end_of(expiry: NaiveDate) -> Timestamp {
    let end = NaiveTime::from_hms_opt(END_HOUR_UTC, 0, 0).unwrap_or_default();
    Timestamp::from_micros(expiry.and_time(end).and_utc().timestamp_micros())
}

/// What a contract pays at its end.
#[must_use]
pub fn intrinsic(spot: Decimal, strike: Decimal, right: Right) -> Decimal {
    let value = match right {
        Right::Call => spot.checked_sub(strike),
        Right::Put => strike.checked_sub(spot),
    };
    value.unwrap_or(Decimal::ZERO).max(Decimal::ZERO)
}

/// Refuses what is not listed: ended, too far away, or a strike far from the price or between steps.
///
/// # Errors
/// `UnknownSymbol`, saying which.
pub fn check(instrument: &Instrument, spot: f64, now: Timestamp) -> Result<(), UnknownSymbol> {
    let Instrument::Option { expiry, strike, .. } = instrument else {
        return Ok(());
    };
    if now >= end_of(*expiry) {
        return Err(UnknownSymbol::Expired(instrument.to_string(), *expiry));
    }
    if now
        .date()
        .checked_add_days(Days::new(DAYS_MAX))
        .is_some_and(|last| *expiry > last)
    {
        return Err(UnknownSymbol::TooFar(instrument.to_string()));
    }
    let step = Decimal::new(5, 1);
    let low = Decimal::from_f64(spot * 0.1)
        .unwrap_or_default()
        .round_dp(0)
        .max(step);
    let high = Decimal::from_f64(spot * 5.0)
        .unwrap_or_default()
        .round_dp(0)
        .max(Decimal::TEN);
    let stepped = strike.checked_rem(step).is_some_and(|r| r.is_zero());
    if *strike < low || *strike > high || !stepped {
        return Err(UnknownSymbol::Strike {
            symbol: instrument.to_string(),
            low,
            high,
        });
    }
    Ok(())
}

/// Normal distribution function (Abramowitz and Stegun 26.2.17, error below 1e-7).
fn phi(x: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.231_641_9 * x.abs());
    let poly = t
        * (0.319_381_530
            + t * (-0.356_563_782 + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
    let tail = (-x * x / 2.0).exp() / std::f64::consts::TAU.sqrt() * poly;
    if x >= 0.0 { 1.0 - tail } else { tail }
}

/// Black-Scholes value of one unit of the underlying's option.
#[must_use]
pub fn value(spot: f64, strike: f64, years: f64, volatility: f64, right: Right) -> f64 {
    let root = volatility * years.sqrt();
    let d1 = ((spot / strike).ln() + (RATE + volatility * volatility / 2.0) * years) / root;
    let d2 = d1 - root;
    let paid = strike * (-RATE * years).exp();
    match right {
        Right::Call => spot * phi(d1) - paid * phi(d2),
        Right::Put => paid * phi(-d2) - spot * phi(-d1),
    }
    .max(0.0)
}

/// Volatility away from the money: a smile that leans to the puts.
fn smiled(atm: f64, moneyness: f64, years: f64) -> f64 {
    let distance = (moneyness / (atm * years.sqrt().max(0.05))).clamp(-4.0, 4.0);
    atm * (1.0 - 0.035 * distance + 0.035 * distance * distance)
}

/// The quote of any contract on a known underlying.
///
/// # Errors
/// `UnknownSymbol` as `check`; also when the instrument is not an option.
pub fn quote(
    instrument: &Instrument,
    spot: Spot,
    second: i64,
    now: Timestamp,
) -> Result<Quote, UnknownSymbol> {
    let Instrument::Option {
        expiry,
        strike,
        right,
        ..
    } = instrument
    else {
        return Err(UnknownSymbol::Listing(instrument.to_string()));
    };
    check(instrument, spot.price, now)?;
    let strike = strike.to_f64().unwrap_or(spot.price);
    let seconds = end_of(*expiry).since(now).as_secs_f64().max(300.0);
    let years = seconds / (365.0 * 86_400.0);
    let moneyness = (strike / spot.price).ln();
    let volatility = smiled(spot.volatility, moneyness, years);
    let mid = value(spot.price, strike, years, volatility, *right);
    let before = value(spot.previous, strike, years, volatility, *right);
    let half = (mid * (0.008 + 0.03 * moneyness.abs()) * spot.width).max(0.008);
    let bid = floor_tick(mid - half, OPTION_TICK);
    let ask = ceil_tick(mid + half, OPTION_TICK).max(bid.checked_add(OPTION_TICK).unwrap_or(bid));
    let bits = text_bits(&instrument.to_string());
    let depth = Depth {
        bits,
        second,
        money: OPTION_DEPTH,
        unit: mid.max(0.02) * 100.0,
        lot: Decimal::ONE,
    };
    let change = if before > 0.005 {
        (mid / before - 1.0) * 100.0
    } else {
        0.0
    };
    Ok(Quote {
        symbol: instrument.clone(),
        bid,
        ask,
        bid_size: depth.shown(BookSide::Bid, 0),
        ask_size: depth.shown(BookSide::Ask, 0),
        last: near_tick(mid, OPTION_TICK).clamp(bid, ask),
        volume: Decimal::from((scatter_unit(bits) * 4_000.0 / (1.0 + 20.0 * moneyness.abs())) as u32),
        change: Decimal::from_f64(change.clamp(-100.0, 100_000.0))
            .unwrap_or_default()
            .round_dp(2),
        open: spot.open,
        at: now,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const NOW: &str = "2026-11-23T15:00:00Z";

    fn spot() -> Spot {
        Spot {
            price: 200.0,
            previous: 198.0,
            volatility: 0.3,
            width: 1.0,
            open: true,
        }
    }
    fn quoted(text: &str) -> Result<Quote, UnknownSymbol> {
        quote(&text.parse().unwrap(), spot(), 0, NOW.parse().unwrap())
    }

    #[test]
    fn textbook_value_and_parity() {
        // S 100, K 100, one year, 20 %, 4 %.
        let call = value(100.0, 100.0, 1.0, 0.2, Right::Call);
        let put = value(100.0, 100.0, 1.0, 0.2, Right::Put);
        assert!((call - 9.925).abs() < 0.005, "{call}");
        assert!((call - put - (100.0 - 100.0 * (-0.04_f64).exp())).abs() < 1e-5);
    }

    #[test]
    fn value_falls_with_the_strike_and_spread_widens_away_from_the_money() {
        let quotes: Vec<Quote> = [140, 170, 200, 230]
            .iter()
            .map(|k| quoted(&format!("AAPL 2026-12-18 {k} C")).unwrap())
            .collect();
        assert!(quotes.windows(2).all(|w| w[0].mid() > w[1].mid()));
        let width = |q: &Quote| ((q.ask - q.bid) / q.mid()).to_f64().unwrap();
        assert!(width(&quotes[0]) > width(&quotes[2]) && width(&quotes[3]) > width(&quotes[2]));
        assert!(quotes.iter().all(|q| q.bid >= OPTION_TICK && q.ask > q.bid));
    }

    #[test]
    fn what_no_venue_lists_is_refused() {
        for (text, word) in [
            ("AAPL 2026-11-20 200 C", "expired on 2026-11-20"),
            ("AAPL 2031-12-19 200 C", "three years"),
            ("AAPL 2026-12-18 15000 C", "strikes go from 20 to 1000"),
            ("AAPL 2026-12-18 5 P", "strikes go"),
            ("AAPL 2026-12-18 200.3 P", "steps of 0.5"),
        ] {
            let refusal = quoted(text).unwrap_err().to_string();
            assert!(
                refusal.contains(word) && refusal.starts_with("unknown symbol"),
                "{refusal}"
            );
        }
    }
}
