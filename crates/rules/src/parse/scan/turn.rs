//! Decides which words open a turn of plain speech, and on turns that order, count or withdraw: "in 8 of them", "4 more",
//! "kill my buy order". Refuses to read levels.

use std::{borrow::Cow, collections::BTreeMap, sync::OnceLock};

use super::super::index::Index;
use super::*;

/// What a word may open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// "taking profits into 190", "I'll sell into 360".
    Leave,
    /// "hold for 1.05".
    Ride,
    /// "paid at 0.6675", "paid myself 500".
    Pay,
    /// "out if we see 1.30".
    Away,
    /// "I'm wrong below 62".
    Self_,
    In,
    More,
    Another,
    Goal,
    Fade,
    Hold,
    Back,
    If,
    Thing,
    Follow,
    Withdraw,
    Event,
    Book,
    /// "flat AAPL here", and not "AAPL flat on the day".
    Flat,
    /// "Wait, no", "no, wait".
    Wait,
    /// "valid till 10am".
    Until,
    /// "before earnings", "at the bell", "after 255".
    Later,
    /// "DRAFT -", "- FINISHED".
    Stamp,
    /// "worked great".
    Outcome,
    /// "didn't work".
    Denied,
    /// "now at 400", "its forecast", "that NVDA long".
    Near,
    /// "trims its target".
    Third,
    /// Other functions of the scanner look at the word beside its neighbours.
    Other,
}

const TURNS: &[(Turn, &str)] = &[
    (
        Turn::Leave,
        "i'll ill we'll taking takin take took scaling scale trimming trim booking banking bank unloading selling covering profits paying",
    ),
    (
        Turn::Ride,
        "hold holding ride riding gunning shooting playing play",
    ),
    (Turn::Pay, "paid get getting gets"),
    (
        Turn::Away,
        "out exit wrong done bail cut cutting gone bailing dead",
    ),
    (Turn::Self_, "i'm im we're"),
    (Turn::In, "in"),
    (Turn::More, "more"),
    (Turn::Another, "another"),
    (Turn::Goal, "goal goals"),
    (Turn::Fade, "fading fade"),
    (Turn::Hold, "put putting"),
    (Turn::Back, "back"),
    (Turn::If, "if"),
    (Turn::Thing, "a an"),
    (Turn::Follow, "follow"),
    (Turn::Book, "book"),
    (Turn::Flat, "flat"),
    (Turn::Wait, "wait no"),
    (Turn::Until, "till til until"),
    (
        Turn::Withdraw,
        "scratch scratching scratched kill killing killed nuke nuking yank yanking yanked axe axing nix nixing nixed drop dropping dropped",
    ),
    (
        Turn::Event,
        "before into after of news cpi ppi pce fomc fed nfp powell jobs earnings meeting data minutes ecb boj boe rba pmi ism gdp payrolls auction presser",
    ),
    (
        Turn::Later,
        "once above over past below under activate activated activation active starting when ab desde à ahead \
         prior eod end tonight at by around near towards vor antes avant prima перед nach después despues après \
         dopo после depois from on",
    ),
    (
        Turn::Stamp,
        "ended draft wip joke joking sarcasm sarcastic satire parody irony ironic fake old outdated unconfirmed \
         trolling troll entwurf borrador brouillon bozza rascunho черновик scherz broma blague scherzo piada шутка \
         meme finished completed void voided invalid invalidated inactive archived cancelled canceled annulled \
         storniert beendet cancelado annulé отменён",
    ),
    (
        Turn::Outcome,
        "pays worked works working played turned did doing went going performed performing delivered printed ran \
         aged treated panned",
    ),
    (Turn::Denied, "didn't didnt doesn't doesnt never hasn't not isn't"),
    (Turn::Near, "en con that those its now currently their"),
    (
        Turn::Third,
        "adds exits sells opens reduces slashes drops expands keeps sets upgrades boosts buys closes cuts hikes \
         lifts lowers raises trims ups",
    ),
    (
        Turn::Other,
        "accumulating ai aiming allocating allocation assistant been bid bids bot bottom buy contract close closed \
         closing contracts covered day dca debit deploying down e eight eleven fifth filled final first five four \
         fourth her his instruction instructions is keep keeping ladder laddered last layered leave leaving \
         letting limit looking lot lots nine off one open or peak pos position premium profit prompt quit roll \
         rolled rolling s scaled second sell seven shares single six stacked staggered stop system t ten third \
         three throwing top twelve two up was were x your",
    ),
];

pub(super) fn turn(low: &str) -> Option<Turn> {
    static TABLE: OnceLock<Index<Turn>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let words = TURNS
            .iter()
            .flat_map(|(turn, words)| words.split(' ').map(|w| (Cow::Borrowed(w), *turn)));
        Index::new(words.collect::<BTreeMap<_, _>>())
    });
    table.get(low).copied()
}

/// Whether the word can mean something else beside certain neighbours; most words cannot.
pub(super) fn opens(low: &str) -> bool {
    turn(low).is_some() || low.ends_with("'s")
}

impl Scanner<'_> {
    /// Reads such a word; says whether it did.
    pub(super) fn spoken(&mut self, low: &str) -> bool {
        let Some(turn) = turn(low) else { return false };
        if turn == Turn::Event {
            return self.happens(low);
        }
        let Some((cue, taken)) = self.meant(turn, low) else {
            return false;
        };
        self.push(Kind::Cue(cue), taken);
        true
    }

    fn meant(&self, turn: Turn, low: &str) -> Option<(Cue, usize)> {
        let enters = |past: bool| Cue::Verb(Verb::Enter, past);
        match turn {
            Turn::Leave if matches!(low, "took" | "taking" | "take") => {
                if self.takes_down() {
                    return Some((Cue::Verb(Verb::Cancel, false), 1));
                }
                if self.sides(1) {
                    return Some((enters(low == "took"), 1));
                }
                if low == "took" { None } else { self.leaves() }
            }
            Turn::Leave => self.leaves(),
            Turn::Ride => self.rides(),
            Turn::Pay if low == "paid" && self.spent() => Some((Cue::Guard(Guard::Chat), 2)),
            Turn::Pay => self.paid(low),
            Turn::Away => self.away(0),
            Turn::Self_ if self.given_up() => Some((Cue::Filler, 2)),
            Turn::Self_ => {
                let gone = self
                    .token(1)
                    .is_some_and(|t| matches!(t.low(), "out" | "wrong" | "gone"));
                if gone { self.away(1) } else { None }
            }
            Turn::In => self.enters_some(),
            Turn::More => self.adds().then_some((Cue::More, 1)),
            Turn::Another => {
                let led = self.out.last().is_some_and(|i| i.verb().is_some());
                (led && self.level(1) && self.adds()).then_some((Cue::More, 1))
            }
            Turn::Goal => {
                let field = self.token(1).is_some_and(|t| t.is(':') || t.is('='));
                (field || self.level(1)).then_some((Cue::Label(Label::Target), 1))
            }
            Turn::Fade => (self.known(1) && self.stops_ahead()).then_some((enters(false), 1)),
            Turn::Hold => {
                let on = self.token(1).is_some_and(|t| t.low() == "on");
                (on && self.sides(2)).then_some((enters(low == "put"), 2))
            }
            Turn::Back => self.returns().then_some((enters(false), 2)),
            Turn::If => self.given(),
            Turn::Thing => self.bought_thing().then_some((Cue::Guard(Guard::Chat), 1)),
            Turn::Follow => {
                let forbidden = self.out.last().is_some_and(|i| i.is_cue(Cue::Negation));
                forbidden.then_some((Cue::Noun, 1))
            }
            Turn::Book => {
                // "added SOL to the book" is no sale.
                let before = self.at.checked_sub(1).and_then(|b| self.tokens.get(b));
                let noun = before.is_some_and(|t| matches!(t.low(), "the" | "my" | "our" | "a"));
                if noun {
                    Some((Cue::Filler, 1))
                } else {
                    self.leaves()
                }
            }
            Turn::Flat if self.flattens() => Some((Cue::Verb(Verb::Close, false), 1)),
            Turn::Wait => {
                let other = if low == "no" { "wait" } else { "no" };
                let back = self.token(1).is_some_and(|t| t.is(','))
                    && self.token(2).is_some_and(|t| t.low() == other);
                (back && !self.out.is_empty()).then_some((Cue::Guard(Guard::Undo), 3))
            }
            Turn::Until => self.works_until().then_some((Cue::Until, 2)),
            Turn::Flat => Some((Cue::Filler, 1)),
            Turn::Withdraw => self
                .withdraws()
                .then_some((Cue::Verb(Verb::Cancel, low.ends_with("ed")), 1)),
            _ => None,
        }
    }

    /// "flat NQ before Powell", "going flat NVDA": the word opens its sentence or tells of the writer, and what is closed follows.
    fn flattens(&self) -> bool {
        let leads = self.out.last().is_none_or(|i| {
            matches!(
                i.kind,
                Kind::Newline
                    | Kind::Mark('.' | '!' | ':' | ';')
                    | Kind::Emoji(_)
                    | Kind::Cue(Cue::Filler | Cue::And | Cue::Verb(..))
            )
        });
        let before = self.at.checked_sub(1).and_then(|b| self.tokens.get(b));
        let own = before.is_some_and(|t| matches!(t.low(), "going" | "go" | "get" | "getting" | "went"));
        let on = usize::from(
            self.token(1)
                .is_some_and(|t| matches!(t.low(), "on" | "in" | "my" | "the")),
        );
        let named = matches!(self.token(1 + on).map(|t| &t.tok), Some(Tok::Word { text, dollar, .. }) if *dollar
            || symbol::candidate(self.symbols, text, false).is_some_and(|t| t.grade <= Grade::Plausible))
            || symbol::strong(self.symbols, self.tokens.get(self.at + 1 + on..).unwrap_or(&[])).is_some();
        (leads || own) && (named || self.token(1).is_some_and(|t| t.low() == "everything"))
    }

    /// "valid till 10am", "good until 3:30": a time of the day that no order carries.
    fn works_until(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|b| self.tokens.get(b));
        let works =
            before.is_some_and(|t| matches!(t.low(), "valid" | "good" | "working" | "active" | "live"));
        let clock = match self.token(1).map(|t| &t.tok) {
            Some(Tok::Word { low, .. }) => {
                low.starts_with(|c: char| c.is_ascii_digit())
                    || matches!(low.as_str(), "noon" | "midday" | "lunch")
            }
            Some(Tok::Number(_)) => true,
            _ => false,
        };
        works && clock
    }

    /// A name everybody knows stands there.
    fn known(&self, ahead: usize) -> bool {
        matches!(self.token(ahead).map(|t| &t.tok), Some(Tok::Word { text, dollar, .. }) if *dollar
            || symbol::candidate(self.symbols, text, false).is_some_and(|t| t.grade <= Grade::Known))
    }

    /// "a small short in COIN", "a little long $HOOD": a side follows, and then what it is in.
    fn sides(&self, from: usize) -> bool {
        const SMALL: [&str; 12] = [
            "a", "an", "small", "little", "big", "starter", "quick", "tiny", "new", "the", "lil", "scalp",
        ];
        let mut at = from;
        while at < from + 3 && self.token(at).is_some_and(|t| SMALL.contains(&t.low())) {
            at += 1;
        }
        let sided = self
            .token(at)
            .is_some_and(|t| matches!(t.low(), "long" | "short"));
        let links = self
            .token(at + 1)
            .is_some_and(|t| matches!(t.low(), "in" | "on" | "here"));
        at > from && sided && (links || self.known(at + 1))
    }

    /// "Back in TSLA 440c 12/4 at 3.80", "back in SOL at 136".
    fn returns(&self) -> bool {
        let led = self.token(1).is_some_and(|t| matches!(t.low(), "in" | "into")) && self.known(2);
        let at = usize::from(self.token(3).is_some_and(|t| t.is('@') || t.low() == "at"));
        let starts = self.out.last().is_none_or(|i| {
            matches!(
                i.kind,
                Kind::Newline | Kind::Mark('.' | '!' | ',') | Kind::Emoji(_) | Kind::Cue(Cue::Filler)
            )
        });
        led && starts && (contract::follows(self.tokens, self.at + 3) || self.level(3 + at))
    }

    /// "paid myself 500 from the gains": money, not a count.
    fn spent(&self) -> bool {
        let own = self
            .token(1)
            .is_some_and(|t| matches!(t.low(), "myself" | "ourselves"));
        let counted = self.token(3).is_some_and(|t| {
            t.is('%')
                || t.is('/')
                || matches!(
                    t.low(),
                    "of" | "percent" | "pct" | "shares" | "contracts" | "cons"
                )
        });
        own && matches!(self.token(2).map(|t| &t.tok), Some(Tok::Number(_))) && !counted
    }

    /// "200 shares of $T in at 28.75": something counted, marked or with a stop, at its price and without another verb.
    /// "TSLA 12/18 400s at 7.10, in 3 of these": so many of the contract that was named.
    fn enters_some(&self) -> Option<(Cue, usize)> {
        const THEM: [&str; 5] = ["them", "these", "those", "em", "'em"];
        if self.line().any(|i| i.verb().is_some()) {
            return None;
        }
        let counted = self.level(1)
            && self.token(2).is_some_and(|t| t.low() == "of")
            && self.token(3).is_some_and(|t| THEM.contains(&t.low()));
        if counted {
            return self
                .line()
                .any(Item::optional)
                .then_some((Cue::Verb(Verb::Enter, false), 1));
        }
        if !(self.token(1).is_some_and(|t| t.low() == "at" || t.is('@')) && self.level(2)) {
            return None;
        }
        let mut beside = self
            .out
            .iter()
            .rev()
            .skip_while(|i| i.is(',') || i.is('|') || i.is('-'));
        let named = beside.next().is_some_and(|i| {
            i.symbol().is_some()
                || i.optional()
                || matches!(i.kind, Kind::Expiry(_) | Kind::Slashed(..) | Kind::Cue(Cue::Unit))
        });
        let certain = self.line().any(|i| {
            i.optional() || i.is_cue(Cue::Unit) || i.symbol().is_some_and(|t| t.grade == Grade::Marked)
        }) || self.stops_ahead();
        (named && certain).then_some((Cue::Priced(Verb::Enter), 2))
    }

    /// "BTO 4 more UBER": a count or nothing stands between an opening verb and the word.
    fn adds(&self) -> bool {
        let mut back = self
            .out
            .iter()
            .rev()
            .take(4)
            .skip_while(|i| i.is_cue(Cue::Filler) || i.figure().is_some_and(|f| f.whole && !f.money));
        let opens = back.next().is_some_and(|i| {
            matches!(
                i.verb(),
                Some(Verb::BuyOpen | Verb::SellOpen | Verb::Buy | Verb::Long | Verb::Short | Verb::Enter)
            )
        });
        // "adding to UBER 100c 10/17, 3 more at 1.45"
        let counted = self
            .out
            .last()
            .is_some_and(|i| i.figure().is_some_and(|f| f.whole && !f.money));
        let parted = self.out.iter().rev().nth(1).is_some_and(|i| i.is(','));
        let marked = self.token(1).is_some_and(|t| t.is('@') || t.low() == "at") && self.level(2);
        let added = self.line().any(|i| i.verb() == Some(Verb::Add));
        opens && self.token(1).is_some_and(|t| !matches!(t.tok, Tok::Newline))
            || counted && parted && marked && added
    }

    /// "took my INTC buy order down".
    fn takes_down(&self) -> bool {
        const ORDERS: [&str; 6] = ["order", "orders", "bid", "bids", "limit", "offer"];
        let ahead = self.tokens.iter().skip(self.at + 1).take(6);
        let words: Vec<&str> = ahead.map(Token::low).take_while(|w| !w.is_empty()).collect();
        let order = words.iter().position(|w| ORDERS.contains(w));
        order.is_some_and(|o| {
            words
                .get(o + 1)
                .is_some_and(|w| matches!(*w, "down" | "off" | "away"))
        })
    }

    /// "got myself a TSLA for 41,000": a thing, and not a share.
    fn bought_thing(&self) -> bool {
        let led = self
            .out
            .last()
            .is_some_and(|i| matches!(i.verb(), Some(Verb::Buy | Verb::Sell)));
        let share = matches!(self.token(1).map(|t| &t.tok), Some(Tok::Word { text, .. })
            if symbol::candidate(self.symbols, text, false)
                .is_some_and(|t| t.asset != Some(ordercast_model::instrument::AssetClass::Crypto)));
        let paid = self.token(2).is_some_and(|t| matches!(t.low(), "for" | "at"));
        led && share && paid && self.level(3)
    }

    /// "kill my buy order on DAL", "yank the bid".
    fn withdraws(&self) -> bool {
        const ORDERS: [&str; 7] = ["order", "orders", "bid", "bids", "limit", "limits", "offer"];
        let ahead = self.tokens.iter().skip(self.at + 1).take(5);
        let mut ahead = ahead.take_while(|t| matches!(t.tok, Tok::Word { .. }));
        let table = self.token(1).is_some_and(|t| t.low() == "table");
        !table && ahead.any(|t| ORDERS.contains(&t.low()))
    }
}
