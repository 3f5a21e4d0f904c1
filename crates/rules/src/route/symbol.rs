//! Decides how a written subject may be spelled at a venue, best guess first. Refuses to ask a venue, and refuses by
//! name what Ordercast does not trade.

use chrono::{Datelike, NaiveDate};
use ordercast_model::{
    decision::SkipReason,
    instrument::{AssetClass, Instrument},
    signal::instruction::{Subject, WrittenExpiry, WrittenOption},
    time::{SessionZone, Timestamp},
};

use super::Refusal;

/// Money a coin is quoted in, most usual first; longer codes before those they end in.
const QUOTES: [&str; 8] = ["USDT", "USDC", "BUSD", "FDUSD", "USD", "EUR", "BTC", "ETH"];

/// The spellings to ask the venue's instrument list for, in order.
///
/// # Errors
/// `UnsupportedAsset` naming what it is; `InvalidSignal` for an option without an expiry.
pub fn resolve_symbol(subject: &Subject, posted_at: Timestamp) -> Result<Vec<String>, Refusal> {
    let symbol = &subject.symbol;
    let unsupported = |what: &str| {
        Refusal::new(
            SkipReason::UnsupportedAsset,
            format!("{what} {symbol} is not traded"),
        )
    };
    if let Some(option) = &subject.option {
        return option_text(symbol, option, posted_at).map(|text| vec![text]);
    }
    if subject.perpetual {
        return Err(unsupported("The perpetual"));
    }
    match subject.asset {
        Some(AssetClass::Equity) => Ok(vec![symbol.clone()]),
        Some(AssetClass::Crypto) => Ok(coin(symbol)),
        Some(AssetClass::Fx) => Err(unsupported("FX")),
        Some(AssetClass::Future) => Err(unsupported("The future")),
        Some(AssetClass::Option) => Err(Refusal::new(
            SkipReason::InvalidSignal,
            format!("strike missing: which {symbol} option is meant is not said"),
        )),
        None => {
            let mut all = vec![symbol.clone()];
            all.extend(coin(symbol).into_iter().filter(|spelling| spelling != symbol));
            Ok(all)
        }
    }
}

/// `BTCUSDT` as `BTC/USDT`, then `BTC/USD`, then as written, then the base; a bare `BTC` as `BTC/USD`.
fn coin(symbol: &str) -> Vec<String> {
    let pair = symbol.split_once('/').map_or_else(
        || {
            QUOTES.iter().find_map(|quote| {
                symbol
                    .strip_suffix(quote)
                    .filter(|base| base.len() >= 2)
                    .map(|base| (base, *quote))
            })
        },
        Some,
    );
    let Some((base, quote)) = pair else {
        return vec![format!("{symbol}/USD"), symbol.to_owned()];
    };
    let mut all = vec![format!("{base}/{quote}")];
    if quote.contains("USD") && quote != "USD" {
        all.push(format!("{base}/USD"));
    }
    for spelling in [symbol, base] {
        if !all.iter().any(|known| known == spelling) {
            all.push(spelling.to_owned());
        }
    }
    all
}

fn option_text(underlying: &str, option: &WrittenOption, posted_at: Timestamp) -> Result<String, Refusal> {
    let invalid = |message: String| Refusal::new(SkipReason::InvalidSignal, message);
    let expiry = match option.expiry {
        Some(WrittenExpiry::Date(date)) => date,
        Some(WrittenExpiry::MonthDay { month, day }) => {
            let posted = SessionZone::NewYork.day_of(posted_at);
            next(month, day, posted)
                .ok_or_else(|| invalid(format!("expiry {month}/{day} is no day of the calendar")))?
        }
        None => {
            return Err(invalid(format!(
                "expiry missing: {underlying} {} {} could be any",
                option.strike.normalize(),
                option.right.letter()
            )));
        }
    };
    Ok(Instrument::Option {
        underlying: underlying.to_owned(),
        expiry,
        strike: option.strike,
        right: option.right,
    }
    .to_string())
}

/// The first such day on or after `from`; a 29 February may be years away.
fn next(month: u32, day: u32, from: NaiveDate) -> Option<NaiveDate> {
    (0..=8)
        .filter_map(|years| NaiveDate::from_ymd_opt(from.year().checked_add(years)?, month, day))
        .find(|date| *date >= from)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use ordercast_model::instrument::Right;

    use super::*;

    fn subject(symbol: &str, asset: Option<AssetClass>) -> Subject {
        Subject {
            symbol: symbol.to_owned(),
            asset,
            option: None,
            perpetual: false,
        }
    }

    fn option(expiry: Option<WrittenExpiry>) -> Subject {
        Subject {
            option: Some(WrittenOption {
                expiry,
                strike: "287.50".parse().unwrap(),
                right: Right::Call,
            }),
            ..subject("AAPL", Some(AssetClass::Option))
        }
    }

    fn check(subject: &Subject, want: Result<&[&str], &str>) {
        let posted: Timestamp = "2026-11-24T15:00:00Z".parse().unwrap();
        match (resolve_symbol(subject, posted), want) {
            (Ok(got), Ok(want)) => assert_eq!(got, want),
            (Err(refusal), Err(text)) => assert_eq!(refusal.message, text),
            (got, want) => panic!("{got:?} for {want:?}"),
        }
    }

    #[test]
    fn subjects_become_spellings_of_the_venue() {
        use AssetClass::{Crypto, Equity, Future, Fx};
        let month_day = |month, day| Some(WrittenExpiry::MonthDay { month, day });
        check(&subject("AAPL", Some(Equity)), Ok(&["AAPL"]));
        check(
            &subject("BTCUSDT", Some(Crypto)),
            Ok(&["BTC/USDT", "BTC/USD", "BTCUSDT", "BTC"]),
        );
        check(&subject("BTC", Some(Crypto)), Ok(&["BTC/USD", "BTC"]));
        check(
            &subject("ETHBTC", Some(Crypto)),
            Ok(&["ETH/BTC", "ETHBTC", "ETH"]),
        );
        check(&subject("NVDA", None), Ok(&["NVDA", "NVDA/USD"]));
        check(&subject("EURUSD", Some(Fx)), Err("FX EURUSD is not traded"));
        check(&subject("ES", Some(Future)), Err("The future ES is not traded"));
        check(&option(month_day(12, 18)), Ok(&["AAPL 2026-12-18 287.5 C"]));
        check(&option(month_day(11, 24)), Ok(&["AAPL 2026-11-24 287.5 C"]));
        check(&option(month_day(1, 15)), Ok(&["AAPL 2027-01-15 287.5 C"]));
        check(
            &option(month_day(2, 30)),
            Err("expiry 2/30 is no day of the calendar"),
        );
        check(&option(None), Err("expiry missing: AAPL 287.5 C could be any"));
        let perpetual = Subject {
            perpetual: true,
            ..subject("ETHUSDT", Some(Crypto))
        };
        check(&perpetual, Err("The perpetual ETHUSDT is not traded"));
    }
}
