//! Decides in which order the prices of recorded bars are met, and stops wherever something happened so that whoever
//! trades can react at that price. Deterministic: the same bars and the same orders give the same fills.

use std::collections::BTreeMap;

use ordercast_model::{instrument::Instrument, time::Timestamp};
use rust_decimal::Decimal;

use crate::{
    history::{bar::Bar, market::Recorded},
    venue::{
        engine::Engine,
        order::{Order, Side},
        refusal::Refusal,
        state::State,
    },
};

/// The bar that is being gone through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Walk {
    pub(super) symbol: Instrument,
    pub(super) price: Decimal,
    pub(super) half: Decimal,
    bar: Bar,
    index: usize,
    /// Prices still to be reached, the next one last; none while it stands at the open.
    way: Option<Vec<Decimal>>,
    /// Orders below this number were there when the bar opened.
    before: u64,
    /// Orders from this number on were made during this walk.
    during: u64,
}

impl Walk {
    pub(super) fn admits(&self, order: &Order) -> bool {
        order.symbol == self.symbol && (order.number < self.before || order.number >= self.during)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    /// The rest of a bar, at its end; before the opens of that instant.
    Rest,
    /// A bar's open, at its beginning.
    Open,
}

#[derive(Debug, Clone, Copy)]
struct Followed {
    index: usize,
    stage: Stage,
    before: u64,
}

/// The venue over recorded prices.
#[derive(Debug, Clone)]
pub struct Player {
    engine: Engine<Recorded>,
    followed: BTreeMap<Instrument, Followed>,
}

impl Player {
    /// A venue without accounts, standing where the prices stand.
    #[must_use]
    pub fn new(engine: Engine<Recorded>) -> Self {
        Self {
            engine,
            followed: BTreeMap::new(),
        }
    }
    /// The venue.
    pub const fn engine(&mut self) -> &mut Engine<Recorded> {
        &mut self.engine
    }
    /// Whether a bar is being gone through.
    #[must_use]
    pub const fn is_walking(&self) -> bool {
        self.engine.market.walk.is_some()
    }
    /// Whether an order in an open session has not yet met a price: at a real venue it would have, so that its time
    /// must not run out before.
    #[must_use]
    pub fn waits_for_a_bar(&self) -> bool {
        let market = &self.engine.market;
        let waits = |order: &Order| {
            let series = market.series().get(&order.symbol);
            let comes = series.is_some_and(|s| s.after(market.now) < s.bars().len());
            let followed = self.followed.get(&order.symbol);
            let met = followed.is_some_and(|f| order.number < f.before);
            comes && !met && market.session(&order.symbol).0
        };
        live(&self.engine.state).any(waits)
    }

    /// When the next bar that matters opens or ends; none when nothing waits for one.
    pub fn next_at(&mut self) -> Option<Timestamp> {
        self.follow();
        self.next().map(|(at, ..)| at)
    }

    /// Goes on to the next instant at which something happened, at most to `until`; says whether something did. The
    /// caller reacts to the engine's changes and calls again until nothing happens any more.
    ///
    /// # Errors
    /// `internal` when a fill cannot be booked exactly.
    pub fn play(&mut self, until: Timestamp) -> Result<bool, Refusal> {
        loop {
            if self.is_walking() {
                self.go_on()?;
            } else {
                self.follow();
                let Some((at, stage, symbol)) = self.next().filter(|(at, ..)| *at <= until) else {
                    self.stand_at(until);
                    self.engine.end_day()?;
                    return Ok(self.has_changed());
                };
                self.stand_at(at);
                self.begin(&symbol, stage)?;
            }
            if self.has_changed() {
                return Ok(true);
            }
        }
    }

    const fn has_changed(&self) -> bool {
        !self.engine.changes.is_empty()
    }

    fn stand_at(&mut self, at: Timestamp) {
        let now = self.engine.now.max(at);
        (self.engine.now, self.engine.market.now) = (now, now);
        self.engine.quotes.clear();
    }

    /// Follows what has open orders, from the first bar that begins after now; forgets the rest.
    fn follow(&mut self) {
        let (state, market) = (&self.engine.state, &self.engine.market);
        let wanted: std::collections::BTreeSet<&Instrument> = live(state).map(|o| &o.symbol).collect();
        self.followed.retain(|symbol, _| wanted.contains(symbol));
        for symbol in wanted {
            if let (false, Some(series)) = (self.followed.contains_key(symbol), market.series().get(symbol)) {
                let new = Followed {
                    index: series.after(market.now),
                    stage: Stage::Open,
                    before: 0,
                };
                self.followed.insert(symbol.clone(), new);
            }
        }
    }

    fn next(&self) -> Option<(Timestamp, Stage, Instrument)> {
        let due = |(symbol, followed): (&Instrument, &Followed)| {
            let series = self.engine.market.series().get(symbol)?;
            let at = match followed.stage {
                Stage::Open => series.bars().get(followed.index)?.at,
                Stage::Rest => series.end(followed.index)?,
            };
            Some((at, followed.stage, symbol.clone()))
        };
        self.followed.iter().filter_map(due).min()
    }

    fn begin(&mut self, symbol: &Instrument, stage: Stage) -> Result<(), Refusal> {
        let Some(followed) = self.followed.get(symbol).copied() else {
            return Ok(());
        };
        let market = &self.engine.market;
        let Some(bar) = market
            .series()
            .get(symbol)
            .and_then(|s| s.bars().get(followed.index))
        else {
            return Ok(());
        };
        let next = self.engine.state.next_order();
        let mut walk = Walk {
            symbol: symbol.clone(),
            price: bar.open,
            half: market.half_spread(symbol, bar.open),
            bar: *bar,
            index: followed.index,
            way: None,
            before: u64::MAX,
            during: next,
        };
        if stage == Stage::Rest {
            walk.before = followed.before;
            walk.way = Some(self.way(&walk));
        }
        self.engine.market.walk = Some(walk);
        self.engine.quotes.clear();
        self.engine.work(stage == Stage::Open)
    }

    /// The prices of a bar in the order in which they hurt most, the first one last.
    fn way(&self, walk: &Walk) -> Vec<Decimal> {
        let held = self.held(&walk.symbol);
        let long = if held.is_zero() {
            live(&self.engine.state)
                .find(|o| walk.admits(o) && !o.reduce_only)
                .is_none_or(|o| o.side == Side::Buy)
        } else {
            held.is_sign_positive()
        };
        let Bar { high, low, close, .. } = walk.bar;
        if long {
            vec![close, high, low]
        } else {
            vec![close, low, high]
        }
    }

    fn held(&self, symbol: &Instrument) -> Decimal {
        let accounts = self.engine.state.accounts.values();
        accounts
            .map(|a| a.held(symbol))
            .find(|held| !held.is_zero())
            .unwrap_or_default()
    }

    /// One step further on the way of the bar: to the next level, to the next turn, or to its end.
    fn go_on(&mut self) -> Result<(), Refusal> {
        let Some(mut walk) = self.engine.market.walk.take() else {
            return Ok(());
        };
        let Some(way) = walk.way.as_mut() else {
            // What was made in answer to the open belongs to the bar as well.
            let opened = Followed {
                index: walk.index,
                stage: Stage::Rest,
                before: self.engine.state.next_order(),
            };
            self.followed.insert(walk.symbol, opened);
            return Ok(());
        };
        let Some(turn) = way.last().copied() else {
            return self.end(&walk);
        };
        let level = self.level(&walk, turn);
        if level == turn
            && let Some(way) = walk.way.as_mut()
        {
            way.pop();
        }
        walk.price = level;
        let before = self.held(&walk.symbol);
        let symbol = walk.symbol.clone();
        self.engine.market.walk = Some(walk);
        self.engine.quotes.clear();
        self.engine.work(false)?;
        if self.held(&symbol).abs() > before.abs()
            && let Some(mut walk) = self.engine.market.walk.take()
        {
            walk.way = Some(self.way(&walk));
            self.engine.market.walk = Some(walk);
        }
        Ok(())
    }

    /// The nearest price on the way to a turn at which an order has something to do.
    fn level(&self, walk: &Walk, turn: Decimal) -> Decimal {
        let up = turn >= walk.price;
        let mut nearest = turn;
        for order in live(&self.engine.state).filter(|o| walk.admits(o)) {
            let triggers = order.kind.waits() && !order.triggered;
            let (level, above) = if triggers {
                // A stop is touched by the side it would trade at.
                (order.stop_price, order.side == Side::Sell)
            } else {
                (order.limit_price, order.side == Side::Sell)
            };
            let shift = if above { walk.half } else { -walk.half };
            let Some(level) = level.and_then(|l| l.checked_add(shift)) else {
                continue;
            };
            let between = if up {
                level > walk.price && level < nearest
            } else {
                level < walk.price && level > nearest
            };
            if between {
                nearest = level;
            }
        }
        nearest
    }

    fn end(&mut self, walk: &Walk) -> Result<(), Refusal> {
        let ends_day = self
            .engine
            .market
            .series()
            .get(&walk.symbol)
            .is_none_or(|s| s.ends_day(walk.index));
        if ends_day {
            let (symbol, before) = (walk.symbol.clone(), walk.before);
            self.engine
                .end_session(|o| o.symbol == symbol && o.number < before)?;
        }
        if let Some(followed) = self.followed.get_mut(&walk.symbol) {
            followed.index = walk.index + 1;
            followed.stage = Stage::Open;
        }
        self.engine.quotes.clear();
        Ok(())
    }
}

fn live(state: &State) -> impl Iterator<Item = &Order> {
    state.live.iter().filter_map(|n| state.orders.get(n))
}
