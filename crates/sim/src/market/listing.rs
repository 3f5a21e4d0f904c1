//! Decides what is listed, at which level it starts, and which spellings name it. Refuses to know its price now.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use ordercast_model::instrument::{AssetClass, Instrument, Right};
use rust_decimal::Decimal;

/// One listed equity, fund, index or coin.
#[derive(Debug, Clone, PartialEq)]
pub struct Listing {
    /// Canonical name.
    pub instrument: Instrument,
    /// For people.
    pub name: String,
    /// Price it starts at and slowly returns to.
    pub base: f64,
    /// Standard deviation of one session's return.
    pub volatility: f64,
    /// Share of the class's common factor.
    pub beta: f64,
    /// Smallest price step.
    pub tick: Decimal,
    /// Smallest quantity step.
    pub lot: Decimal,
    /// Half the quiet spread, as a share of the price.
    pub half_spread: f64,
    /// Money shown at the best price, on average.
    pub depth: f64,
    /// An index: quoted, with options, never traded itself.
    pub index: bool,
}

impl Listing {
    /// Yearly volatility its options are priced with when calm: a session stands for a day.
    #[must_use]
    pub fn yearly_volatility(&self) -> f64 {
        (self.volatility * 252.0_f64.sqrt()).max(0.08)
    }
}

/// symbol, name, price, session volatility in percent, beta
type Row = (&'static str, &'static str, f64, f64, f64);

const EQUITIES: &[Row] = &[
    ("AAPL", "Apple", 271.0, 1.3, 1.0),
    ("ABNB", "Airbnb", 126.0, 1.8, 1.1),
    ("AMC", "AMC Entertainment", 2.8, 4.0, 1.3),
    ("AMD", "Advanced Micro Devices", 232.0, 2.6, 1.6),
    ("AMZN", "Amazon", 228.0, 1.6, 1.2),
    ("AVGO", "Broadcom", 352.0, 2.2, 1.5),
    ("BA", "Boeing", 196.0, 1.8, 1.0),
    ("BABA", "Alibaba", 158.0, 2.2, 0.9),
    ("BAC", "Bank of America", 52.5, 1.3, 1.0),
    ("BRK.B", "Berkshire Hathaway B", 502.0, 0.8, 0.7),
    ("C", "Citigroup", 101.0, 1.4, 1.1),
    ("COIN", "Coinbase", 268.0, 3.6, 1.9),
    ("COST", "Costco", 912.0, 1.1, 0.7),
    ("CRM", "Salesforce", 238.0, 1.7, 1.2),
    ("DIA", "SPDR Dow Jones", 472.0, 0.7, 0.9),
    ("DIS", "Disney", 106.0, 1.4, 1.0),
    ("F", "Ford", 13.2, 1.7, 1.1),
    ("GLD", "SPDR Gold", 378.0, 0.9, 0.1),
    ("GM", "General Motors", 72.0, 1.7, 1.1),
    ("GME", "GameStop", 21.8, 3.4, 1.2),
    ("GOOG", "Alphabet C", 302.0, 1.6, 1.1),
    ("GOOGL", "Alphabet A", 301.0, 1.6, 1.1),
    ("GS", "Goldman Sachs", 798.0, 1.5, 1.2),
    ("HD", "Home Depot", 346.0, 1.2, 0.9),
    ("HOOD", "Robinhood", 118.0, 3.8, 1.9),
    ("INTC", "Intel", 37.5, 2.6, 1.3),
    ("IWM", "iShares Russell 2000", 238.0, 1.1, 1.1),
    ("JPM", "JPMorgan Chase", 304.0, 1.2, 1.0),
    ("KO", "Coca-Cola", 71.5, 0.7, 0.4),
    ("LCID", "Lucid", 13.1, 3.8, 1.5),
    ("MA", "Mastercard", 542.0, 1.0, 0.9),
    ("MARA", "MARA Holdings", 11.6, 4.6, 2.1),
    ("META", "Meta Platforms", 602.0, 1.7, 1.2),
    ("MSFT", "Microsoft", 488.0, 1.2, 1.0),
    ("MSTR", "Strategy", 186.0, 4.2, 2.0),
    ("MU", "Micron", 224.0, 2.7, 1.5),
    ("NFLX", "Netflix", 106.0, 1.8, 1.0),
    ("NIO", "NIO", 5.7, 3.2, 1.3),
    ("NKE", "Nike", 63.5, 1.6, 0.9),
    ("NVDA", "NVIDIA", 184.0, 2.3, 1.7),
    ("ORCL", "Oracle", 204.0, 2.3, 1.3),
    ("PEP", "PepsiCo", 146.0, 0.8, 0.4),
    ("PFE", "Pfizer", 25.1, 1.2, 0.6),
    ("PLTR", "Palantir", 168.0, 3.2, 1.8),
    ("PYPL", "PayPal", 61.0, 1.9, 1.2),
    ("QQQ", "Invesco QQQ", 598.0, 1.1, 1.2),
    ("RBLX", "Roblox", 94.0, 2.8, 1.3),
    ("RIOT", "Riot Platforms", 13.9, 4.4, 2.0),
    ("RIVN", "Rivian", 15.3, 3.4, 1.5),
    ("ROKU", "Roku", 96.0, 2.8, 1.4),
    ("SHOP", "Shopify", 152.0, 2.6, 1.5),
    ("SLV", "iShares Silver", 46.0, 1.8, 0.3),
    ("SMCI", "Super Micro Computer", 33.4, 3.6, 1.8),
    ("SNAP", "Snap", 7.9, 2.8, 1.3),
    ("SNOW", "Snowflake", 246.0, 2.5, 1.4),
    ("SOFI", "SoFi", 26.2, 3.1, 1.7),
    ("SPY", "SPDR S&P 500", 664.0, 0.8, 1.0),
    ("SQQQ", "ProShares UltraPro Short QQQ", 14.6, 3.3, -3.4),
    ("TGT", "Target", 88.0, 1.6, 0.8),
    ("TQQQ", "ProShares UltraPro QQQ", 104.0, 3.3, 3.4),
    ("TSLA", "Tesla", 398.0, 2.8, 1.7),
    ("UBER", "Uber", 86.0, 1.8, 1.1),
    ("V", "Visa", 331.0, 1.0, 0.9),
    ("WMT", "Walmart", 105.0, 1.0, 0.6),
    ("XOM", "Exxon Mobil", 117.0, 1.2, 0.6),
];

const INDICES: &[Row] = &[
    ("NDX", "Nasdaq 100", 24_600.0, 1.1, 1.2),
    ("RUT", "Russell 2000", 2_390.0, 1.1, 1.1),
    ("SPX", "S&P 500", 6_648.0, 0.8, 1.0),
    ("VIX", "CBOE Volatility", 19.5, 4.5, -3.0),
];

const COINS: &[Row] = &[
    ("AAVE", "Aave", 172.0, 3.4, 1.3),
    ("ADA", "Cardano", 0.43, 3.0, 1.2),
    ("APT", "Aptos", 2.6, 3.6, 1.3),
    ("ARB", "Arbitrum", 0.21, 3.6, 1.3),
    ("ATOM", "Cosmos", 2.5, 3.0, 1.2),
    ("AVAX", "Avalanche", 13.8, 3.3, 1.3),
    ("BCH", "Bitcoin Cash", 536.0, 2.6, 1.1),
    ("BNB", "BNB", 862.0, 2.2, 1.0),
    ("BTC", "Bitcoin", 87_200.0, 1.7, 1.0),
    ("DOGE", "Dogecoin", 0.147, 3.3, 1.3),
    ("DOT", "Polkadot", 2.3, 3.0, 1.2),
    ("ETH", "Ether", 2_840.0, 2.3, 1.2),
    ("FIL", "Filecoin", 1.6, 3.4, 1.2),
    ("HBAR", "Hedera", 0.14, 3.2, 1.2),
    ("INJ", "Injective", 5.9, 3.6, 1.3),
    ("LINK", "Chainlink", 12.7, 3.1, 1.3),
    ("LTC", "Litecoin", 84.0, 2.5, 1.0),
    ("NEAR", "NEAR", 1.9, 3.5, 1.3),
    ("OP", "Optimism", 0.31, 3.7, 1.4),
    ("PEPE", "Pepe", 0.00000452, 4.4, 1.6),
    ("POL", "Polygon", 0.134, 3.2, 1.2),
    ("SEI", "Sei", 0.136, 3.8, 1.4),
    ("SHIB", "Shiba Inu", 0.00000824, 3.6, 1.4),
    ("SOL", "Solana", 131.0, 2.9, 1.3),
    ("SUI", "Sui", 1.49, 3.8, 1.4),
    ("TIA", "Celestia", 0.61, 4.0, 1.4),
    ("TON", "Toncoin", 1.56, 2.9, 1.1),
    ("TRX", "Tron", 0.276, 1.6, 0.7),
    ("UNI", "Uniswap", 6.1, 3.4, 1.3),
    ("WIF", "dogwifhat", 0.34, 4.6, 1.6),
    ("XLM", "Stellar", 0.241, 2.9, 1.1),
    ("XRP", "XRP", 2.04, 2.7, 1.1),
];

/// Other spellings of a coin.
const ALIASES: &[(&str, &str)] = &[("MATIC", "POL"), ("XBT", "BTC"), ("TONCOIN", "TON")];
/// Money a pair may be quoted in; all of it is US dollars here.
const DOLLARS: &[&str] = &["USD", "USDT", "USDC"];

fn equity(row: &Row, index: bool) -> Listing {
    let (symbol, name, base, volatility, beta) = *row;
    Listing {
        instrument: Instrument::Equity {
            symbol: symbol.to_owned(),
        },
        name: name.to_owned(),
        base,
        volatility: volatility / 100.0,
        beta,
        tick: Decimal::new(1, 2),
        lot: Decimal::ONE,
        half_spread: (0.00008 + volatility / 100.0 / 200.0).max(0.004 / base),
        depth: 9_000.0 - 1_200.0 * volatility.min(4.5),
        index,
    }
}

/// Price step of a coin: five to seven significant digits, as venues have it.
fn coin_tick(base: f64) -> Decimal {
    let places = [(100.0, 2), (1.0, 4), (0.01, 5)]
        .into_iter()
        .find(|(from, _)| base >= *from)
        .map_or(10, |(_, p)| p);
    Decimal::new(1, places)
}

fn coin(row: &Row) -> Listing {
    let (symbol, name, base, volatility, beta) = *row;
    Listing {
        instrument: Instrument::Crypto {
            base: symbol.to_owned(),
            quote: "USD".to_owned(),
        },
        name: name.to_owned(),
        base,
        volatility: volatility / 100.0,
        beta,
        tick: coin_tick(base),
        lot: Decimal::new(1, 6),
        half_spread: 0.0001 + volatility / 100.0 / 150.0,
        depth: 8_000.0,
        index: false,
    }
}

/// Why a text names nothing that can be quoted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnknownSymbol {
    /// No listing of that name.
    #[error("unknown symbol {0}")]
    Listing(String),
    /// The option's underlying has no options here.
    #[error("unknown symbol {0}: no options on {1}")]
    Underlying(String, String),
    /// The contract's last day is over.
    #[error("unknown symbol {0}: it expired on {1}")]
    Expired(String, NaiveDate),
    /// The contract's last day is out of the range that is priced.
    #[error("unknown symbol {0}: the expiry is more than three years away")]
    TooFar(String),
    /// The strike is nowhere near the price or not on a step.
    #[error("unknown symbol {symbol}: strikes go from {low} to {high} in steps of 0.5")]
    Strike {
        /// What was asked.
        symbol: String,
        /// Lowest strike.
        low: Decimal,
        /// Highest strike.
        high: Decimal,
    },
}

/// Everything that is listed, by canonical name.
#[derive(Debug, Clone, PartialEq)]
pub struct Catalogue {
    listings: BTreeMap<Instrument, Listing>,
}

impl Default for Catalogue {
    fn default() -> Self {
        let all = EQUITIES
            .iter()
            .map(|r| equity(r, false))
            .chain(INDICES.iter().map(|r| equity(r, true)))
            .chain(COINS.iter().map(coin));
        Self {
            listings: all.map(|l| (l.instrument.clone(), l)).collect(),
        }
    }
}

impl Catalogue {
    /// All listings in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = &Listing> {
        self.listings.values()
    }
    /// The listing of exactly this instrument; an option has none of its own.
    #[must_use]
    pub fn get(&self, instrument: &Instrument) -> Option<&Listing> {
        self.listings.get(instrument)
    }
    /// Adds an instrument that only a user's bars know, or moves a known one to the level of those bars.
    pub fn list(&mut self, instrument: &Instrument, base: f64, volatility: f64) {
        let name = instrument.underlying().to_owned();
        let row = (base, volatility * 100.0);
        let mut made = match instrument.class() {
            AssetClass::Crypto => coin(&("", "", row.0, row.1, 1.0)),
            _ => equity(&("", "", row.0, row.1, 1.0), false),
        };
        made.instrument = instrument.clone();
        made.name = self.get(instrument).map_or(name, |l| l.name.clone());
        made.index = self.get(instrument).is_some_and(|l| l.index);
        self.listings.insert(instrument.clone(), made);
    }

    /// Reads any accepted spelling. Whether an option's strike and expiry make sense is for the price model to say.
    ///
    /// # Errors
    /// `UnknownSymbol`, with the text as it was written.
    pub fn resolve(&self, text: &str) -> Result<Instrument, UnknownSymbol> {
        let unknown = || UnknownSymbol::Listing(text.chars().take(40).collect());
        let clean = text.trim().trim_start_matches('$').to_ascii_uppercase();
        if !clean.is_ascii() || clean.len() > 40 {
            return Err(unknown());
        }
        if let Some(option) = occ(&clean).or_else(|| clean.parse().ok().filter(is_option)) {
            return self.with_options(option, text);
        }
        let share = Instrument::Equity {
            symbol: clean.replace(['/', '-'], "."),
        };
        if self.listings.contains_key(&share) {
            return Ok(share);
        }
        let (base, quote) = match clean.split_once(['/', '-']) {
            Some((base, quote)) => (base, quote),
            None => DOLLARS
                .iter()
                .rev()
                .find_map(|q| clean.strip_suffix(q).filter(|b| !b.is_empty()).map(|b| (b, *q)))
                .unwrap_or((clean.as_str(), "USD")),
        };
        if !DOLLARS.contains(&quote) {
            return Err(unknown());
        }
        let base = ALIASES
            .iter()
            .find(|(alias, _)| *alias == base)
            .map_or(base, |(_, name)| name);
        let pair = Instrument::Crypto {
            base: base.to_owned(),
            quote: "USD".to_owned(),
        };
        if self.listings.contains_key(&pair) {
            Ok(pair)
        } else {
            Err(unknown())
        }
    }

    fn with_options(&self, option: Instrument, text: &str) -> Result<Instrument, UnknownSymbol> {
        let Instrument::Option {
            underlying,
            expiry,
            strike,
            right,
        } = option
        else {
            return Err(UnknownSymbol::Listing(text.to_owned()));
        };
        // Weekly index roots settle on the same index.
        let root = match underlying.as_str() {
            "SPXW" => "SPX",
            "NDXP" => "NDX",
            "BRKB" => "BRK.B",
            other => other,
        };
        if !self.listings.contains_key(&Instrument::Equity {
            symbol: root.to_owned(),
        }) {
            return Err(UnknownSymbol::Underlying(text.to_owned(), underlying));
        }
        Ok(Instrument::Option {
            underlying: root.to_owned(),
            expiry,
            strike: strike.normalize(),
            right,
        })
    }
}

fn is_option(instrument: &Instrument) -> bool {
    matches!(instrument, Instrument::Option { .. })
}

/// `AAPL261218C00150000`, with or without the padding after the root.
fn occ(text: &str) -> Option<Instrument> {
    let split = text.len().checked_sub(15)?;
    let (root, rest) = text.split_at_checked(split)?;
    let root = root.trim_end();
    let rest = rest.as_bytes();
    let digits = |from: usize, to: usize| -> Option<u32> {
        let part = rest.get(from..to)?;
        part.iter()
            .all(u8::is_ascii_digit)
            .then(|| part.iter().fold(0, |n, b| n * 10 + u32::from(b - b'0')))
    };
    let (year, month, day, strike) = (digits(0, 2)?, digits(2, 4)?, digits(4, 6)?, digits(7, 15)?);
    let right = match rest.get(6)? {
        b'C' => Right::Call,
        b'P' => Right::Put,
        _ => return None,
    };
    let known =
        !root.is_empty() && root.len() <= 6 && root.bytes().all(|b| b.is_ascii_uppercase() || b == b'.');
    if !known || strike == 0 {
        return None;
    }
    Some(Instrument::Option {
        underlying: root.to_owned(),
        expiry: NaiveDate::from_ymd_opt(2000 + i32::try_from(year).ok()?, month, day)?,
        strike: Decimal::new(i64::from(strike), 3).normalize(),
        right,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn enough_is_listed() {
        let catalogue = Catalogue::default();
        let count = |class| {
            catalogue
                .iter()
                .filter(|l| l.instrument.class() == class && !l.index)
                .count()
        };
        assert!(count(AssetClass::Equity) >= 40 && count(AssetClass::Crypto) >= 15);
        assert_eq!(
            catalogue.iter().count(),
            EQUITIES.len() + INDICES.len() + COINS.len(),
            "a name stands twice"
        );
    }

    #[test]
    fn spellings_meet_in_one_name() {
        let catalogue = Catalogue::default();
        for (text, name) in [
            ("aapl", "AAPL"),
            ("$TSLA", "TSLA"),
            ("BRK/B", "BRK.B"),
            ("brk-b", "BRK.B"),
            ("BTC", "BTC/USD"),
            ("BTCUSD", "BTC/USD"),
            ("btcusdt", "BTC/USD"),
            ("BTC/USDC", "BTC/USD"),
            ("ETH-USD", "ETH/USD"),
            ("XBT", "BTC/USD"),
            ("MATIC", "POL/USD"),
            ("SPX", "SPX"),
            ("aapl 2026-12-18 150 c", "AAPL 2026-12-18 150 C"),
            ("AAPL261218C00150000", "AAPL 2026-12-18 150 C"),
            ("SPY   251219P00640500", "SPY 2025-12-19 640.5 P"),
            ("SPXW 2026-12-18 6600 P", "SPX 2026-12-18 6600 P"),
        ] {
            assert_eq!(catalogue.resolve(text).unwrap().to_string(), name, "{text}");
        }
    }

    #[test]
    fn what_is_not_listed_is_refused_by_name() {
        let catalogue = Catalogue::default();
        for text in [
            "XYZQ",
            "BTC/EUR",
            "ΑAPL",
            "",
            "USD",
            "XYZQ 2026-12-18 10 C",
            "BTC 2026-12-18 90000 C",
        ] {
            let refusal = catalogue.resolve(text).unwrap_err().to_string();
            assert!(
                refusal.starts_with("unknown symbol") && refusal.contains(text),
                "{refusal}"
            );
        }
    }
}
