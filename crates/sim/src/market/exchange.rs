//! Decides what the market shows after each step: every listing's quote, the sessions, the bars.
//! Refuses to know orders. The same seed and the same step times give the same quotes.

use std::collections::BTreeMap;

use ordercast_model::{
    calendar,
    instrument::{AssetClass, Instrument},
    money::decimal_text,
    time::Timestamp,
};
use rust_decimal::{Decimal, prelude::FromPrimitive};
use serde::{Deserialize, Serialize};

use crate::market::{
    bar::{Bar, Bars},
    calendar::{CATCH_UP_MAX, Calendar, Pace, QUANTUM_MICROS},
    depth::{BookSide, Depth},
    listing::{Catalogue, Listing, UnknownSymbol},
    noise::{Noise, text_bits},
    option::{self, Spot},
    process::{Climate, Latent, Share, Weather},
    quote::{Quote, ceil_tick, floor_tick, near_tick},
    tape::{self, Tape},
};

pub use crate::market::config::{MarketConfig, MarketError};

/// Spreads never widen beyond this factor.
const WIDTH_MAX: f64 = 8.0;
/// Chance that a listing trades in a step.
const PRINT_CHANCE: f64 = 0.3;
/// Listings that follow another one: name, leader.
const TIES: &[(&str, &str)] = &[("SPX", "SPY"), ("NDX", "QQQ"), ("RUT", "IWM"), ("GOOG", "GOOGL")];
/// Funds that are the factor.
const FUNDS: &[&str] = &["SPY", "QQQ", "IWM", "DIA", "TQQQ", "SQQQ", "SPX", "NDX", "RUT"];

/// What one step turned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Turn {
    /// Equities and options opened with this step.
    pub opened: bool,
    /// Equities and options closed with this step.
    pub closed: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Line {
    latent: Latent,
    last: f64,
    previous: f64,
    /// Spread factor and market stress of the last open step: a closed market stands still.
    width: f64,
    stress: f64,
    #[serde(with = "decimal_text")]
    volume: Decimal,
    day: i64,
    #[serde(skip)]
    pub(super) bars: Bars,
}

/// The simulated market.
#[derive(Debug, Clone)]
pub struct Market {
    pub(super) config: MarketConfig,
    catalogue: Catalogue,
    tapes: BTreeMap<Instrument, Tape>,
    pub(super) lines: BTreeMap<Instrument, Line>,
    pub(super) noise: Noise,
    pub(super) climate: Climate,
    pub(super) pace: Pace,
    /// Market time of the last step.
    pub(super) stepped: i64,
    pub(super) steps: u64,
    pub(super) now: Timestamp,
}

impl Market {
    /// Opens the market at a wall time, at the beginning of a session.
    ///
    /// # Errors
    /// `MarketError` when the user's bars cannot be played.
    pub fn new(config: MarketConfig, now: Timestamp) -> Result<Self, MarketError> {
        let mut catalogue = Catalogue::default();
        let mut tapes = BTreeMap::new();
        if let Some(path) = &config.csv {
            for (name, tape) in Tape::load(path, config.csv_bar_steps)? {
                let instrument = tape::instrument(&catalogue, &name).ok_or(MarketError::TapeName(name))?;
                catalogue.list(&instrument, tape.price(0), tape.volatility());
                tapes.insert(instrument, tape);
            }
        }
        let day = now.seconds().div_euclid(86_400);
        let fresh = |l: &Listing| {
            let line = Line {
                latent: Latent::new(l.base),
                last: l.base,
                previous: l.base,
                width: 1.0,
                stress: 1.0,
                volume: Decimal::ZERO,
                day,
                bars: Bars::default(),
            };
            (l.instrument.clone(), line)
        };
        let lines = catalogue.iter().map(fresh).collect();
        let mut market = Self {
            noise: Noise::new(config.seed),
            climate: Climate::default(),
            pace: Pace::new(now, 0, config.speed),
            stepped: 0,
            steps: 0,
            now,
            catalogue,
            tapes,
            lines,
            config,
        };
        market.warm_up();
        Ok(market)
    }

    fn warm_up(&mut self) {
        let calendar = std::mem::replace(&mut self.config.calendar, Calendar::ALWAYS);
        let start = i64::from(self.config.warm_up_seconds) * 1_000_000;
        self.stepped = -start;
        while self.stepped < 0 {
            self.advance();
        }
        self.steps = 0;
        self.config.calendar = calendar;
        self.now = self.pace.wall(0);
    }

    /// Steps due at a wall time. After a longer pause of the host the rest is skipped, so that it never stands still to catch up.
    pub fn due(&mut self, now: Timestamp) -> i64 {
        let due = (self.pace.market(now) - self.stepped).div_euclid(QUANTUM_MICROS);
        if due > CATCH_UP_MAX {
            self.pace = Pace::new(now, self.stepped + QUANTUM_MICROS, self.config.speed);
            return 1;
        }
        due.max(0)
    }

    /// Makes all steps due at a wall time; says how many.
    pub fn step(&mut self, now: Timestamp) -> i64 {
        let due = self.due(now);
        (0..due).for_each(|_| {
            self.advance();
        });
        due
    }

    /// One step of 0.1 s of market time.
    pub fn advance(&mut self) -> Turn {
        let before = self.open(AssetClass::Equity);
        self.stepped += QUANTUM_MICROS;
        self.steps += 1;
        self.now = self.pace.wall(self.stepped);
        let after = self.open(AssetClass::Equity);
        let turn = Turn {
            opened: after && !before,
            closed: before && !after,
        };
        let weather = self.climate.step(&mut self.noise);
        let common = if turn.opened { self.noise.normal() } else { 0.0 };
        let mut lines = std::mem::take(&mut self.lines);
        for (instrument, line) in &mut lines {
            self.move_line(instrument, line, turn, weather, common);
        }
        self.lines = lines;
        self.follow_leaders();
        turn
    }

    fn move_line(
        &mut self,
        instrument: &Instrument,
        line: &mut Line,
        turn: Turn,
        weather: Weather,
        common: f64,
    ) {
        let coin = instrument.class() == AssetClass::Crypto;
        let open = coin || self.open(AssetClass::Equity);
        let Some(listing) = self.catalogue.get(instrument) else {
            return;
        };
        let day = self.now.seconds().div_euclid(86_400);
        if (coin && day != line.day) || (!coin && turn.closed) {
            line.previous = line.last;
        }
        if (coin && day != line.day) || (!coin && turn.opened) {
            line.volume = Decimal::ZERO;
            line.day = day;
        }
        if !open {
            return;
        }
        let share = share_of(listing);
        if let Some(tape) = self.tapes.get(instrument) {
            line.latent.log = tape.price(self.steps).ln();
        } else {
            if turn.opened && !coin {
                line.latent.gap(share, common, &mut self.noise);
            }
            let factor = if coin { weather.coins } else { weather.shares };
            line.latent.step(share, factor, weather, &mut self.noise);
        }
        line.width = width(&line.latent, &self.climate);
        line.stress = self.climate.stress();
        let mut traded = Decimal::ZERO;
        if turn.opened || self.noise.chance(PRINT_CHANCE) {
            let value = line.latent.value();
            let half = listing.half_spread * line.width;
            line.last = value
                * if self.noise.chance(0.5) {
                    1.0 + half
                } else {
                    1.0 - half
                };
            let units = listing.depth * 12.0 * self.noise.unit() * line.latent.width() / value;
            traded = Decimal::from_f64(units)
                .unwrap_or_default()
                .round_dp(listing.lot.scale())
                .max(listing.lot);
            line.volume = line.volume.checked_add(traded).unwrap_or(line.volume);
        }
        line.bars.push(self.stepped, self.now, line.last, traded);
    }

    fn follow_leaders(&mut self) {
        let equity = |symbol: &str| Instrument::Equity {
            symbol: symbol.to_owned(),
        };
        for (name, leader) in TIES {
            let (name, leader) = (equity(name), equity(leader));
            if self.tapes.contains_key(&name) {
                continue;
            }
            let base = |i: &Instrument| self.catalogue.get(i).map(|l| l.base.ln());
            let (Some(own), Some(theirs), Some(log)) = (
                base(&name),
                base(&leader),
                self.lines.get(&leader).map(|l| l.latent.log),
            ) else {
                continue;
            };
            if let Some(line) = self.lines.get_mut(&name) {
                line.latent.log = own + log - theirs;
            }
        }
    }

    /// Market time of the last step, microseconds.
    #[must_use]
    pub const fn market_micros(&self) -> i64 {
        self.stepped
    }
    /// Wall time of the last step.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }
    /// Market time beside the wall clock.
    #[must_use]
    pub const fn pace(&self) -> Pace {
        self.pace
    }
    /// Whether a class trades now.
    #[must_use]
    pub fn open(&self, class: AssetClass) -> bool {
        if self.follows_exchange(class) {
            return calendar::session(self.pace.wall(self.stepped)).open;
        }
        self.config.calendar.open(class, self.stepped)
    }
    /// Wall times of a class's next opening and close; `None` for what never closes.
    #[must_use]
    pub fn sessions(&self, class: AssetClass) -> Option<(Timestamp, Timestamp)> {
        if self.follows_exchange(class) {
            let now = calendar::session(self.pace.wall(self.stepped));
            let open = now
                .next_open
                .or_else(|| calendar::session(now.next_close?).next_open)?;
            return Some((open, now.next_close.or_else(|| calendar::end_of(open))?));
        }
        let (open, close) = self.config.calendar.next(class, self.stepped)?;
        Some((self.pace.wall(open), self.pace.wall(close)))
    }
    const fn follows_exchange(&self, class: AssetClass) -> bool {
        self.config.calendar.exchange && calendar::governs(class)
    }
    /// What is listed.
    #[must_use]
    pub const fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Reads any accepted spelling of something that can be quoted now, options included.
    ///
    /// # Errors
    /// `UnknownSymbol`, by name.
    pub fn resolve(&self, text: &str) -> Result<Instrument, UnknownSymbol> {
        let instrument = self.catalogue.resolve(text)?;
        if let Instrument::Option { underlying, .. } = &instrument {
            let spot = self
                .spot(underlying)
                .ok_or_else(|| UnknownSymbol::Listing(text.to_owned()))?;
            option::check(&instrument, spot.price, self.now)?;
        }
        Ok(instrument)
    }

    /// What an option on this underlying is priced with.
    #[must_use]
    pub fn spot(&self, underlying: &str) -> Option<Spot> {
        let instrument = Instrument::Equity {
            symbol: underlying.to_owned(),
        };
        let (line, listing) = (self.lines.get(&instrument)?, self.catalogue.get(&instrument)?);
        Some(Spot {
            price: line.latent.value(),
            previous: line.previous,
            volatility: listing.yearly_volatility() * (0.85 + 0.15 * line.stress),
            width: line.width,
            open: self.open(AssetClass::Option),
        })
    }

    /// Best prices now, options by model.
    ///
    /// # Errors
    /// `UnknownSymbol`, by name.
    pub fn quote(&self, instrument: &Instrument) -> Result<Quote, UnknownSymbol> {
        let second = self.stepped.div_euclid(1_000_000);
        let unknown = || UnknownSymbol::Listing(instrument.to_string());
        if let Instrument::Option { underlying, .. } = instrument {
            let none = || UnknownSymbol::Underlying(instrument.to_string(), underlying.clone());
            return option::quote(
                instrument,
                self.spot(underlying).ok_or_else(none)?,
                second,
                self.now,
            );
        }
        let listing = self.catalogue.get(instrument).ok_or_else(unknown)?;
        let line = self.lines.get(instrument).ok_or_else(unknown)?;
        let value = line.latent.value();
        let half = listing.half_spread * line.width;
        let bid = floor_tick(value * (1.0 - half), listing.tick);
        let ask = ceil_tick(value * (1.0 + half), listing.tick);
        let ask = ask.max(bid.checked_add(listing.tick).unwrap_or(bid));
        let depth = self.depth_of(listing, value);
        let change = Decimal::from_f64((line.last / line.previous - 1.0) * 100.0).unwrap_or_default();
        Ok(Quote {
            symbol: instrument.clone(),
            bid,
            ask,
            bid_size: depth.shown(BookSide::Bid, 0),
            ask_size: depth.shown(BookSide::Ask, 0),
            last: near_tick(line.last, listing.tick),
            volume: line.volume.normalize(),
            change: change.round_dp(2).normalize(),
            open: self.open(instrument.class()),
            at: self.now,
        })
    }

    fn depth_of(&self, listing: &Listing, value: f64) -> Depth {
        Depth {
            bits: text_bits(&listing.instrument.to_string()),
            second: self.stepped.div_euclid(1_000_000),
            money: listing.depth,
            unit: value,
            lot: listing.lot,
        }
    }

    /// What the levels of an instrument's book are made of, options included.
    #[must_use]
    pub fn depth(&self, quote: &Quote) -> Depth {
        let mid = rust_decimal::prelude::ToPrimitive::to_f64(&quote.mid()).unwrap_or(1.0);
        match self.catalogue.get(&quote.symbol) {
            Some(listing) => {
                let value = self.lines.get(&quote.symbol).map_or(mid, |l| l.latent.value());
                self.depth_of(listing, value)
            }
            None => Depth {
                bits: text_bits(&quote.symbol.to_string()),
                second: self.stepped.div_euclid(1_000_000),
                money: option::OPTION_DEPTH,
                unit: mid.max(0.02) * 100.0,
                lot: Decimal::ONE,
            },
        }
    }

    /// Quotes of everything listed.
    #[must_use]
    pub fn quotes(&self) -> Vec<Quote> {
        self.lines.keys().filter_map(|i| self.quote(i).ok()).collect()
    }

    /// The newest bars of a listing, oldest first; none for options.
    #[must_use]
    pub fn bars(&self, instrument: &Instrument, limit: usize) -> Vec<Bar> {
        match (self.lines.get(instrument), self.catalogue.get(instrument)) {
            (Some(line), Some(listing)) => line.bars.latest(limit, listing.tick),
            _ => Vec::new(),
        }
    }
}

/// A session takes a minute, not a day: with all of a day's movement in each, an hour would hold three months of them.
const CALM: f64 = 0.5;

fn share_of(listing: &Listing) -> Share {
    let fund = FUNDS.contains(&listing.instrument.underlying());
    let strength = if fund {
        0.95
    } else {
        (0.65 * listing.beta.abs()).clamp(0.05, 0.8)
    };
    Share {
        volatility: listing.volatility * CALM,
        correlation: strength.copysign(listing.beta),
        home: listing.base.ln(),
    }
}

fn width(latent: &Latent, climate: &Climate) -> f64 {
    (0.5 + 0.5 * latent.width() * climate.stress()).min(WIDTH_MAX)
}
