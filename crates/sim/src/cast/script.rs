//! Decides what happens next on stage: a seeded sequence that looks at quotes and never ends.
//! Knows no clock and no server; who performs a beat reports back under which id it was posted.

use super::call::{Call, Shape, friday, strike_near, ticker};
use super::noise::{ASKED, TALK, TALKED_ABOUT};
use super::opening::OPENING;
use super::phrase::{self, Memory};
use super::quote::Quotes;
use super::stage::{MEMBERS, Manner, PROVIDERS};
use super::{follow_up, level, write};
use crate::discord::{MessageDraft, MessageEdit, Snowflake};
use chrono::NaiveDate;
use ordercast_model::instrument::{Instrument, Right};
use rand::Rng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// Calls open at a time; followers have limits too.
const CALLS_MAX: usize = 7;
const CALLS_PER_PROVIDER: usize = 2;
/// Turns after which a call is closed or cancelled.
const PATIENCE: u64 = 22;
/// Widest option spread the cast will call, percent of the ask.
const OPTION_SPREAD_MAX: i64 = 10;

// Tickers that are also words (COIN, NEAR) or too short to stand alone are left out: a careful reader
// doubts them.
pub(super) const SHARES: &[&str] = &[
    "AAPL", "MSFT", "NVDA", "AMD", "AMZN", "META", "GOOGL", "PLTR", "SOFI", "UBER", "DIS", "NFLX", "RBLX",
    "HOOD", "INTC", "AVGO", "JPM", "SHOP", "CRM", "ABNB", "TSLA", "ORCL",
];
const OPTIONED: &[&str] = &[
    "SPY", "QQQ", "AAPL", "TSLA", "NVDA", "AMD", "META", "AMZN", "MSFT", "PLTR",
];
pub(super) const COINS: &[&str] = &[
    "BTC", "ETH", "SOL", "XRP", "ADA", "AVAX", "LINK", "DOGE", "LTC", "DOT", "AAVE", "UNI",
];

/// What is done, and by whom.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Beat {
    pub(super) author: Snowflake,
    pub(super) channel: Snowflake,
    pub(super) deed: Deed,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Deed {
    /// A new message; when it opens a trade, the call it opens.
    Say {
        draft: MessageDraft,
        opens: Option<Box<Call>>,
    },
    Amend {
        message: Snowflake,
        edit: MessageEdit,
    },
    Remove {
        message: Snowflake,
    },
}

pub(super) struct Script {
    pub(super) random: ChaCha8Rng,
    pub(super) memory: Memory,
    pub(super) calls: Vec<Call>,
    /// Typing errors to be put right: the turn and the edit.
    corrections: Vec<(u64, Beat)>,
    pub(super) turn: u64,
    last_provider: usize,
}

impl Script {
    /// A script by seed and sequence; another sequence is another show of the same seed.
    pub(super) fn new(seed: u64, sequence: u64) -> Self {
        let mixed = seed ^ sequence.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Self {
            random: ChaCha8Rng::seed_from_u64(mixed),
            memory: Memory::default(),
            calls: Vec::new(),
            corrections: Vec::new(),
            turn: 0,
            last_provider: usize::MAX,
        }
    }

    /// What happens now. There is always something.
    pub(super) fn next(&mut self, quotes: &dyn Quotes, today: NaiveDate) -> Beat {
        let scene = usize::try_from(self.turn).ok().and_then(|turn| OPENING.get(turn));
        self.turn += 1;
        let beat = match scene {
            Some(scene) => self.scene(*scene, quotes, today),
            None => self.improvise(quotes, today),
        };
        beat.unwrap_or_else(|| self.talk())
    }

    /// The message of a beat exists now. Returns nothing; a call it opened is followed from here on.
    pub(super) fn posted(&mut self, deed: Deed, id: Snowflake) {
        if let Deed::Say {
            opens: Some(call), ..
        } = deed
        {
            let mut call = *call;
            call.message = Some(id);
            call.turn = self.turn;
            for (_, beat) in &mut self.corrections {
                if let Deed::Amend { message, .. } = &mut beat.deed
                    && message.0 == 0
                {
                    *message = id;
                }
            }
            self.calls.push(call);
        }
    }

    /// A message is gone: somebody else removed it.
    pub(super) fn lost(&mut self, message: Snowflake) {
        self.calls.retain(|call| call.message != Some(message));
    }

    pub(super) fn say(provider: usize, draft: MessageDraft) -> Option<Beat> {
        let provider = PROVIDERS.get(provider)?;
        let deed = Deed::Say { draft, opens: None };
        Some(Beat {
            author: provider.user,
            channel: provider.channel,
            deed,
        })
    }

    pub(super) fn fill(
        &mut self,
        provider: usize,
        list: &'static [&'static str],
        words: &BTreeMap<&'static str, String>,
    ) -> Option<String> {
        let template = self.memory.pick(&mut self.random, provider, list)?;
        Some(phrase::fill(template, words))
    }

    fn improvise(&mut self, quotes: &dyn Quotes, today: NaiveDate) -> Option<Beat> {
        if let Some(at) = self.corrections.iter().position(|(turn, _)| *turn <= self.turn) {
            return Some(self.corrections.remove(at).1);
        }
        let overdue = self
            .calls
            .iter()
            .position(|call| call.turn + PATIENCE < self.turn);
        if let Some(at) = overdue {
            return follow_up::end(self, at, quotes);
        }
        let roll = self.random.random_range(0..100);
        let crowded = self.calls.len() >= CALLS_MAX;
        match roll {
            0..=24 => Some(self.talk()),
            25..=59 => follow_up::any(self, quotes),
            60..=69 => self.refused(quotes),
            _ if crowded => follow_up::any(self, quotes),
            _ => self.any_open(quotes, today),
        }
    }

    /// A provider other than the last one.
    fn somebody(&mut self) -> usize {
        loop {
            let provider = self.random.random_range(0..PROVIDERS.len());
            if provider != self.last_provider {
                self.last_provider = provider;
                return provider;
            }
        }
    }

    fn talk(&mut self) -> Beat {
        let asked = self.random.random_range(0..4) == 0;
        let provider = if self.random.random_range(0..3) == 0 {
            self.somebody()
        } else {
            Manner::Chatter as usize
        };
        let named = TALKED_ABOUT.choose(&mut self.random).copied().unwrap_or("SPY");
        let percent = self.random.random_range(8..60).to_string();
        let words = BTreeMap::from([("sym", named.to_owned()), ("pct", percent)]);
        // Each member's own sayings are remembered behind those of the providers.
        let member = self.random.random_range(0..MEMBERS.len());
        let (list, memory) = if asked {
            (ASKED, PROVIDERS.len() + member)
        } else {
            (TALK, provider)
        };
        let text = self.fill(memory, list, &words).unwrap_or_else(|| "gm".to_owned());
        let speaker = PROVIDERS.get(provider).copied().unwrap_or(PROVIDERS[0]);
        let author = if asked { MEMBERS[member].0 } else { speaker.user };
        let deed = Deed::Say {
            draft: MessageDraft::text(text),
            opens: None,
        };
        Beat {
            author,
            channel: speaker.channel,
            deed,
        }
    }

    /// Something that no account can trade.
    pub(super) fn refused(&mut self, quotes: &dyn Quotes) -> Option<Beat> {
        match self.random.random_range(0..3) {
            0 => self.unknown(),
            1 => self.foreign(),
            _ => self.typing_error(quotes),
        }
    }

    pub(super) fn unknown(&mut self) -> Option<Beat> {
        let provider = Manner::Macro as usize;
        let named = self.memory.pick(&mut self.random, provider, phrase::UNKNOWN)?;
        let words = BTreeMap::from([("sym", named.to_owned())]);
        let text = self.fill(provider, phrase::UNKNOWN_OPENS, &words)?;
        Self::say(provider, MessageDraft::text(text))
    }

    pub(super) fn foreign(&mut self) -> Option<Beat> {
        let provider = Manner::Macro as usize;
        let text = self.fill(provider, phrase::FOREIGN_OPENS, &BTreeMap::new())?;
        Self::say(provider, MessageDraft::text(text))
    }

    /// An entry ten times too high, put right by an edit two turns later.
    pub(super) fn typing_error(&mut self, quotes: &dyn Quotes) -> Option<Beat> {
        let provider = Manner::Macro as usize;
        let instrument = self.free(SHARES, quotes, share)?;
        let quote = quotes.quote(&instrument)?;
        let shape = Shape {
            entry: 5,
            stop: 180,
            targets: [220, 380, 560],
        };
        let mut call = Call::at(provider, instrument, quote, shape, 20);
        call.template = phrase::SHARE_OPENS[0];
        let right = write::text(&call);
        let mut wrong = call.clone();
        wrong.entry = call.entry.checked_mul(Decimal::TEN)?;
        wrong.targets = [220, 380, 560].map(|far| level::shift(wrong.entry, far).round_dp(2));
        let speaker = PROVIDERS.get(provider)?;
        let deed = Deed::Amend {
            message: Snowflake(0),
            edit: MessageEdit::text(right),
        };
        let correction = Beat {
            author: speaker.user,
            channel: speaker.channel,
            deed,
        };
        self.corrections.push((self.turn + 2, correction));
        let deed = Deed::Say {
            draft: write::open(&wrong),
            opens: Some(Box::new(call)),
        };
        Some(Beat {
            author: speaker.user,
            channel: speaker.channel,
            deed,
        })
    }

    fn any_open(&mut self, quotes: &dyn Quotes, today: NaiveDate) -> Option<Beat> {
        let provider = self.somebody();
        let own = self.calls.iter().filter(|call| call.provider == provider).count();
        if own >= CALLS_PER_PROVIDER {
            return follow_up::of(self, provider, quotes);
        }
        let manner = PROVIDERS.get(provider)?.manner;
        let variant = self.random.random_range(0..8);
        match (manner, variant) {
            (Manner::Swings, 0..=3) => self.waiting(quotes),
            (Manner::Shares | Manner::Chatter, 0) => self.heavy(quotes),
            (Manner::Shares, 1) => self.huge(quotes),
            (Manner::Chatter | Manner::Coins, 1) => self.tight(manner, quotes),
            (Manner::Chatter, 2..=5) => Some(self.talk()),
            _ => self.plain(manner, quotes, today),
        }
    }

    /// A trade in the manner's own style, meant to fill at once.
    pub(super) fn plain(&mut self, manner: Manner, quotes: &dyn Quotes, today: NaiveDate) -> Option<Beat> {
        let wide = self.random.random_range(0..80);
        let (instrument, shape) = match manner {
            Manner::Options => {
                let contract = self.contract(quotes, today)?;
                (
                    contract,
                    Shape {
                        entry: 100,
                        stop: 3_000 + wide,
                        targets: [2_500 + wide, 4_500, 8_000],
                    },
                )
            }
            Manner::Coins => {
                let coin = self.free(COINS, quotes, coin)?;
                (
                    coin,
                    Shape {
                        entry: 3,
                        stop: 160 + wide,
                        targets: [180 + wide, 340, 520],
                    },
                )
            }
            _ => {
                let share = self.free(SHARES, quotes, share)?;
                (
                    share,
                    Shape {
                        entry: 5,
                        stop: 150 + wide,
                        targets: [170 + wide, 320, 500],
                    },
                )
            }
        };
        let quote = quotes.quote(&instrument)?;
        let quantity = match manner {
            Manner::Options => self.random.random_range(1..=6),
            Manner::Coins => 1,
            _ => self.random.random_range(1..=8) * 5,
        };
        let call = Call::at(manner as usize, instrument, quote, shape, quantity);
        if manner == Manner::Embeds {
            let draft = write::open_embed(&call);
            return Self::opened(call, draft);
        }
        self.written(call, phrase::opens(manner))
    }

    /// Puts a call into words of a list.
    pub(super) fn written(&mut self, mut call: Call, list: &'static [&'static str]) -> Option<Beat> {
        call.template = self.memory.pick(&mut self.random, call.provider, list)?;
        let draft = write::open(&call);
        Self::opened(call, draft)
    }

    fn opened(call: Call, draft: MessageDraft) -> Option<Beat> {
        let speaker = PROVIDERS.get(call.provider)?;
        let deed = Deed::Say {
            draft,
            opens: Some(Box::new(call)),
        };
        Some(Beat {
            author: speaker.user,
            channel: speaker.channel,
            deed,
        })
    }

    /// A quoted name of a list that no open call has.
    pub(super) fn free(
        &mut self,
        list: &'static [&'static str],
        quotes: &dyn Quotes,
        named: fn(&str) -> Instrument,
    ) -> Option<Instrument> {
        let free = list
            .iter()
            .filter(|name| !self.calls.iter().any(|call| ticker(&call.instrument) == **name));
        let quoted: Vec<Instrument> = free
            .map(|name| named(name))
            .filter(|instrument| quotes.quote(instrument).is_some())
            .collect();
        quoted.choose(&mut self.random).cloned()
    }

    /// A contract near the money, one to three weeks out, with a spread one can trade.
    fn contract(&mut self, quotes: &dyn Quotes, today: NaiveDate) -> Option<Instrument> {
        for _ in 0..6 {
            let Some(share) = self.free(OPTIONED, quotes, share) else {
                continue;
            };
            let Some((bid, _)) = quotes.quote(&share) else {
                continue;
            };
            let right = if self.random.random_range(0..4) == 0 {
                Right::Put
            } else {
                Right::Call
            };
            let expiry = friday(today, self.random.random_range(7..=18));
            let underlying = ticker(&share).to_owned();
            let contract = Instrument::Option {
                underlying,
                expiry,
                strike: strike_near(bid),
                right,
            };
            let Some((bid, ask)) = quotes.quote(&contract) else {
                continue;
            };
            let spread = ask
                .checked_sub(bid)
                .and_then(|wide| wide.checked_mul(Decimal::from(100)));
            let most = ask.checked_mul(Decimal::from(OPTION_SPREAD_MAX));
            if bid > Decimal::ZERO && spread.zip(most).is_some_and(|(spread, most)| spread <= most) {
                return Some(contract);
            }
        }
        None
    }
}

pub(super) fn share(symbol: &str) -> Instrument {
    Instrument::Equity {
        symbol: symbol.to_owned(),
    }
}

pub(super) fn coin(base: &str) -> Instrument {
    Instrument::Crypto {
        base: base.to_owned(),
        quote: "USD".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::market::board::QuoteBoard;
    use crate::market::exchange::{Market, MarketConfig};
    use ordercast_model::time::Timestamp;

    const START: i64 = 1_790_000_000;

    /// What a show of some turns says: author, kind, text.
    fn show(seed: u64, sequence: u64, turns: u64) -> Vec<(Snowflake, &'static str, String)> {
        let start = Timestamp::from_seconds(START);
        let config = MarketConfig {
            warm_up_seconds: 5,
            ..MarketConfig::default()
        };
        let mut market = Market::new(config, start).unwrap();
        let board = QuoteBoard::new(&market);
        let mut script = Script::new(seed, sequence);
        let mut said = Vec::new();
        for turn in 0..turns {
            for _ in 0..6 {
                market.advance();
            }
            board.publish(&market);
            let beat = script.next(&board, start.date());
            assert!(script.calls.len() <= CALLS_MAX + PROVIDERS.len());
            let (kind, text) = match &beat.deed {
                Deed::Say { draft, .. } => {
                    assert_eq!(draft.check(), Ok(()));
                    let embeds: String = draft.embeds.iter().map(ToString::to_string).collect();
                    let kind = if draft.reference.is_some() { "reply" } else { "say" };
                    (kind, format!("{}{embeds}", draft.content))
                }
                Deed::Amend { edit, .. } => ("amend", edit.content.clone().unwrap_or_default()),
                Deed::Remove { .. } => ("remove", String::new()),
            };
            if let Deed::Say {
                opens: Some(call), ..
            } = &beat.deed
            {
                assert!(call.stop < call.entry, "{call:?}");
                assert!(call.targets.iter().all(|target| *target > call.entry), "{call:?}");
            }
            said.push((beat.author, kind, text));
            script.posted(beat.deed, Snowflake(1_000 + turn));
        }
        said
    }

    #[test]
    fn a_long_show_fills_every_word_and_does_not_repeat_itself() {
        let said = show(7, 0, 700);
        let mut last = BTreeMap::new();
        let mut kinds: BTreeMap<&str, u32> = BTreeMap::new();
        for (author, kind, text) in &said {
            assert!(
                text.starts_with('{') || !text.contains(['{', '}']) || text.contains("\"title\""),
                "{text}"
            );
            if *kind != "remove" {
                assert_ne!(last.insert(*author, text.clone()).as_ref(), Some(text));
            }
            *kinds.entry(kind).or_default() += 1;
        }
        for (kind, least) in [("say", 300), ("reply", 60), ("amend", 8), ("remove", 1)] {
            assert!(kinds[kind] >= least, "{kind}: {kinds:?}");
        }
        assert!(
            PROVIDERS
                .iter()
                .all(|p| said.iter().filter(|(author, ..)| *author == p.user).count() > 15)
        );
    }

    #[test]
    fn the_same_seed_and_sequence_give_the_same_show() {
        assert_eq!(show(3, 5, 120), show(3, 5, 120));
        assert_ne!(show(3, 5, 120), show(3, 6, 120));
        assert_ne!(show(3, 5, 120), show(4, 5, 120));
    }

    /// Whatever the seed, the first thirteen beats hold everything a demonstration needs.
    #[test]
    fn the_opening_shows_everything() {
        for seed in 0..12 {
            let said = show(seed, 0, 13);
            let text = |turn: usize| said[turn].2.as_str();
            assert!(text(0).contains(" now @ ") && said[0].1 == "say", "{}", text(0));
            assert!(text(1).contains("stop") || text(1).contains("SL"), "{}", text(1));
            assert!(text(2).contains("USDT"), "a coin: {}", text(2));
            assert_eq!(said[4].0, PROVIDERS[1].user, "an option: {}", text(4));
            assert_eq!(said[6].0, PROVIDERS[6].user, "ten times the price: {}", text(6));
            assert!(text(8).contains("% of account"), "{}", text(8));
            assert_eq!(said[11].1, "amend", "seed {seed}");
            assert!(
                phrase::UNKNOWN.iter().any(|name| text(12).contains(name)),
                "{}",
                text(12)
            );
            let later = show(seed, 0, 16);
            assert_eq!(later[13].1, "reply", "seed {seed}");
            assert_eq!(later[14].1, "remove", "seed {seed}");
            let huge = later[15].2.as_str();
            assert!(huge.contains("2500"), "more than the book shows: {huge}");
        }
    }

    /// In the first twelve beats, which fit into twenty seconds on a slow machine, the market finds a stop that
    /// was placed to be found, after the followers' orders had time to get there.
    #[test]
    fn a_close_stop_is_hit_in_time() {
        let shows = 24;
        let late: Vec<u64> = (0..shows).filter(|seed| !close_stop_hit(*seed, 12)).collect();
        assert!(late.is_empty(), "no stop was hit with seeds {late:?} of {shows}");
    }

    fn close_stop_hit(seed: u64, turns: u64) -> bool {
        const STEPS_A_TURN: u64 = 15;
        /// Steps of a tenth of a second before a message has become orders at the venue.
        const UNDERWAY: u64 = 5;
        let start = Timestamp::from_seconds(START);
        let config = MarketConfig {
            seed,
            warm_up_seconds: 5,
            ..MarketConfig::default()
        };
        let mut market = Market::new(config, start).unwrap();
        let board = QuoteBoard::new(&market);
        let mut script = Script::new(seed, 0);
        // The stops that stand at the venue, by call.
        let mut standing: BTreeMap<Snowflake, Decimal> = BTreeMap::new();
        for turn in 0..turns {
            let deed = script.next(&board, start.date()).deed;
            script.posted(deed, Snowflake(1 + turn));
            for step in 0..STEPS_A_TURN {
                market.advance();
                board.publish(&market);
                for call in script.calls.iter().filter(|call| call.tight) {
                    let Some(quote) = QuoteBoard::quote(&board, &call.instrument) else {
                        continue;
                    };
                    let id = call.message.unwrap();
                    if standing.get(&id).is_some_and(|stop| quote.bid <= *stop) {
                        return true;
                    }
                    if step == UNDERWAY && quote.bid > call.stop {
                        standing.insert(id, call.stop);
                    }
                }
            }
        }
        false
    }

    #[test]
    fn without_quotes_the_show_is_talk() {
        let nothing = |_: &Instrument| None;
        let mut script = Script::new(1, 0);
        for _ in 0..100 {
            let beat = script.next(&nothing, NaiveDate::default());
            assert!(matches!(beat.deed, Deed::Say { opens: None, .. }));
        }
    }

    #[test]
    fn every_name_of_the_cast_is_listed_and_the_unknown_ones_are_not() {
        let market = Market::new(MarketConfig::default(), Timestamp::from_seconds(START)).unwrap();
        for name in SHARES.iter().chain(OPTIONED).chain(COINS) {
            assert!(market.resolve(name).is_ok(), "{name}");
        }
        for name in phrase::UNKNOWN {
            assert!(market.resolve(name).is_err(), "{name}");
        }
    }
}
