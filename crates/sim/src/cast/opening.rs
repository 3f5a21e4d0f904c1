//! The first twenty seconds, which must show everything once, and the special trades they are made of.

use super::call::{Call, Shape};
use super::quote::Quotes;
use super::script::{Beat, COINS, SHARES, Script, coin, share};
use super::stage::Manner;
use super::{follow_up, phrase};
use chrono::NaiveDate;

/// One step of the opening.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scene {
    /// A share bought where the market is.
    Now,
    /// A share with its stop so close that it is soon hit.
    TightShare,
    Option,
    /// A coin with a close stop.
    TightCoin,
    /// A limit at the ask for more than the book shows.
    Huge,
    Talk,
    /// The close stops are moved closer still.
    Tighten,
    /// A name that nobody lists.
    Unknown,
    /// A price that no account will pay, whatever its limits.
    TypingError,
    /// A size that limits will cut.
    Heavy,
    /// A limit under the market.
    Waiting,
    /// A reply to the first trade.
    Reply,
    /// The waiting limit's price is edited.
    Amend,
    /// The waiting limit's message is deleted.
    Remove,
    Foreign,
    Embed,
}

/// One scene for each turn from the first on.
pub(super) const OPENING: [Scene; 18] = [
    Scene::Now,
    Scene::TightShare,
    Scene::TightCoin,
    Scene::Talk,
    Scene::Option,
    Scene::Tighten,
    Scene::TypingError,
    Scene::Tighten,
    Scene::Heavy,
    Scene::Waiting,
    Scene::Tighten,
    Scene::Amend,
    Scene::Unknown,
    Scene::Reply,
    Scene::Remove,
    Scene::Huge,
    Scene::Embed,
    Scene::Foreign,
];

/// Names whose price moves fast enough to find a close stop.
const LIVELY: &[&str] = &["TSLA", "MSTR", "PLTR", "HOOD", "AMD"];
/// Names of quiet, dear shares: the book shows few of them.
const DEAR: &[&str] = &["MSFT", "META", "JPM", "CRM", "GOOGL"];
const NOW: &[&str] = &[
    "BUY {sym} now @ {entry} SL {stop} TP {t1}",
    "BTO {qty} {sym} now @ {entry} SL {stop} PT1 {t1} PT2 {t2}",
];
const TIGHT: &[&str] = &[
    "BTO {qty} {sym} now @ {entry} SL {stop} PT {t1}",
    "BUY {sym} now @ {entry} SL {stop} TP {t1}",
];
const TIGHT_COIN: &[&str] = &["BUY {sym}/USDT now @ {entry} SL {stop} TP1 {t1} TP2 {t2}"];
const HUGE: &[&str] = &["BTO {qty} {sym} @ {entry} SL {stop} PT1 {t1} PT2 {t2}"];
/// Basis points between the bid and a stop that is meant to be hit: far enough to be there when the order is,
/// and moved closer by the turns that follow.
const CLOSE_STOP: i64 = 20;

impl Script {
    /// Plays a scene of the opening; `None` when the market does not quote what it needs.
    pub(super) fn scene(&mut self, scene: Scene, quotes: &dyn Quotes, today: NaiveDate) -> Option<Beat> {
        match scene {
            Scene::Now => self.now(quotes),
            Scene::TightShare => self.tight(Manner::Chatter, quotes),
            Scene::Option => self.plain(Manner::Options, quotes, today),
            Scene::TightCoin => self.tight(Manner::Coins, quotes),
            Scene::Huge => self.huge(quotes),
            Scene::Talk => None,
            Scene::Tighten => follow_up::tighten(self, quotes),
            Scene::Unknown => self.unknown(),
            Scene::TypingError => self.typing_error(quotes),
            Scene::Heavy => self.heavy(quotes),
            Scene::Waiting => self.waiting(quotes),
            Scene::Reply => follow_up::first_reply(self, quotes),
            Scene::Amend => follow_up::amend(self, quotes),
            Scene::Remove => follow_up::remove(self),
            Scene::Foreign => self.foreign(),
            Scene::Embed => self.plain(Manner::Embeds, quotes, today),
        }
    }

    fn now(&mut self, quotes: &dyn Quotes) -> Option<Beat> {
        let instrument = self.free(SHARES, quotes, share)?;
        let shape = Shape {
            entry: 10,
            stop: 260,
            targets: [240, 420, 600],
        };
        let call = Call::at(
            Manner::Shares as usize,
            instrument.clone(),
            quotes.quote(&instrument)?,
            shape,
            15,
        );
        self.written(call, NOW)
    }

    /// A trade whose stop stands right under the bid.
    pub(super) fn tight(&mut self, manner: Manner, quotes: &dyn Quotes) -> Option<Beat> {
        let (list, named, words): (_, fn(&str) -> _, _) = match manner {
            Manner::Coins => (COINS, coin as _, TIGHT_COIN),
            _ => (LIVELY, share as _, TIGHT),
        };
        let instrument = self.free(list, quotes, named)?;
        let shape = Shape {
            entry: 12,
            stop: CLOSE_STOP,
            targets: [350, 500, 700],
        };
        let quote = quotes.quote(&instrument)?;
        let mut call = Call::at(manner as usize, instrument, quote, shape, 20);
        call.tight = true;
        self.written(call, words)
    }

    /// A limit exactly at the ask, for far more than stands there.
    pub(super) fn huge(&mut self, quotes: &dyn Quotes) -> Option<Beat> {
        let instrument = self.free(DEAR, quotes, share)?;
        let shape = Shape {
            entry: 0,
            stop: 240,
            targets: [260, 420, 640],
        };
        let quote = quotes.quote(&instrument)?;
        let call = Call::at(Manner::Shares as usize, instrument, quote, shape, 2_500);
        self.written(call, HUGE)
    }

    /// A trade that asks for more of an account than most limits allow.
    pub(super) fn heavy(&mut self, quotes: &dyn Quotes) -> Option<Beat> {
        let instrument = self.free(SHARES, quotes, share)?;
        let shape = Shape {
            entry: 8,
            stop: 220,
            targets: [230, 420, 640],
        };
        let quote = quotes.quote(&instrument)?;
        let call = Call::at(Manner::Shares as usize, instrument, quote, shape, 500);
        self.written(call, phrase::HEAVY_OPENS)
    }

    /// A limit under the market, to be edited, deleted, cancelled or filled.
    pub(super) fn waiting(&mut self, quotes: &dyn Quotes) -> Option<Beat> {
        let instrument = self.free(SHARES, quotes, share)?;
        let shape = Shape {
            entry: -420,
            stop: 300,
            targets: [450, 650, 900],
        };
        let quote = quotes.quote(&instrument)?;
        let call = Call::at(Manner::Swings as usize, instrument, quote, shape, 25);
        self.written(call, phrase::WAITING_OPENS)
    }
}
