//! Decides on words that put an exit or a new stop off to another time: "close AMD before earnings", "SL to BE after TP1".
//! Refuses them where the message names the price or says "now", and in a message that opens the position.

use super::*;

/// How far back the order may stand.
pub(super) const REACH: usize = 30;

/// How sure it is that the time is still to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Time {
    /// A time of the day or a day: "at the bell", "on Friday", "in an hour".
    Clock,
    /// Something that is to happen; who is leaving ahead of it says so with "closing".
    Event,
}

/// What the sentence so far says of leaving a position.
struct Leaving {
    past: bool,
    /// "closing", "selling": it is being done.
    going: bool,
    priced: bool,
    now: bool,
}

const EVENTS: [&str; 50] = [
    "earnings",
    "er",
    "report",
    "reports",
    "print",
    "cpi",
    "ppi",
    "pce",
    "fomc",
    "fed",
    "nfp",
    "powell",
    "weekend",
    "bell",
    "news",
    "data",
    "close",
    "closing",
    "jobs",
    "meeting",
    "decision",
    "expiry",
    "expiration",
    "opex",
    "holiday",
    "holidays",
    "event",
    "presser",
    "minutes",
    "gdp",
    "auction",
    "conference",
    "split",
    "dividend",
    "cierre",
    "resultados",
    "résultats",
    "clôture",
    "chiusura",
    "risultati",
    "fechamento",
    "zahlen",
    "handelsschluss",
    "börsenschluss",
    "wochenende",
    "отчётом",
    "отчетом",
    "закрытием",
    "новостями",
    "ecb",
];

const PARTS: [&str; 15] = [
    "close", "open", "bell", "eod", "noon", "midday", "lunch", "midnight", "opening", "closing", "end",
    "session", "cierre", "schluss", "clôture",
];

impl Scanner<'_> {
    pub(super) fn says(&self, ahead: usize) -> &str {
        self.token(ahead).map_or("", Token::low)
    }

    pub(super) fn article(&self, ahead: usize) -> usize {
        usize::from(matches!(
            self.says(ahead),
            "the"
                | "market"
                | "today's"
                | "tonight's"
                | "tomorrow's"
                | "den"
                | "der"
                | "dem"
                | "del"
                | "de"
                | "les"
                | "la"
                | "el"
                | "los"
                | "della"
                | "do"
                | "dos"
                | "our"
                | "their"
                | "a"
                | "an"
                | "next"
                | "this"
                | "weekly"
                | "daily"
                | "monthly"
                | "cash"
                | "us"
        ))
    }

    /// The time such words name, and the tokens they take.
    fn time(&self, low: &str) -> Option<(Time, usize)> {
        match low {
            "eod" | "tonight" => Some((Time::Clock, 1)),
            "end" => {
                let of = 1 + usize::from(self.says(1) == "of");
                let day = of + self.article(of);
                matches!(self.says(day), "day" | "week" | "session" | "month")
                    .then_some((Time::Clock, day + 1))
            }
            "on" => expiry::weekday(self.says(1)).map(|_| (Time::Clock, 2)),
            "in" => self.span(),
            "at" | "by" | "around" | "near" | "towards" | "into" | "after" => self
                .part(low)
                .or_else(|| if low == "into" { self.event(1) } else { None }),
            "ahead" | "prior" => matches!(self.says(1), "of" | "to")
                .then(|| self.event(2))
                .flatten(),
            "before" | "vor" | "antes" | "avant" | "prima" | "перед" => self.event(1),
            _ => None,
        }
    }

    /// "in an hour", "in 10 minutes", "in the morning".
    fn span(&self) -> Option<(Time, usize)> {
        let counted = match self.token(1).map(|t| &t.tok) {
            Some(Tok::Number(d)) if matches!(d.suffix, Suffix::Seconds(_)) => return Some((Time::Clock, 2)),
            Some(Tok::Number(d)) => !d.money && d.text.len() <= 2,
            _ => self.article(1) == 1 || matches!(self.says(1), "half" | "few" | "couple"),
        };
        let mut at = 2;
        while at < 5 && matches!(self.says(at), "few" | "couple" | "of" | "an" | "half" | "next") {
            at += 1;
        }
        let unit = matches!(
            self.says(at),
            "hour"
                | "hours"
                | "minute"
                | "minutes"
                | "min"
                | "mins"
                | "day"
                | "days"
                | "bit"
                | "while"
                | "moment"
                | "week"
                | "morning"
                | "afternoon"
                | "premarket"
                | "evening"
                | "session"
        );
        (counted && unit).then_some((Time::Clock, at + 1))
    }

    /// "at the bell", "into the close", "by noon", "at 3:55".
    fn part(&self, low: &str) -> Option<(Time, usize)> {
        if let Some(taken) = self.clock(1) {
            return Some((Time::Clock, 1 + taken));
        }
        let mut at = 1 + self.article(1);
        at += usize::from(at > 1 && self.article(at) == 1);
        let after = low == "after" && matches!(self.says(at), "hours" | "lunch" | "open" | "close" | "noon");
        if !PARTS.contains(&self.says(at)) && !after {
            return None;
        }
        at += 1;
        at += usize::from(self.says(at) == "bell");
        if self.says(at) == "of" {
            at += 1 + self.article(at + 1) + 1;
        }
        let priced =
            matches!(self.token(at).map(|t| &t.tok), Some(Tok::Number(_))) || self.says(at) == "price";
        (!priced).then_some((Time::Clock, at))
    }

    /// `3:55`, `3:55pm`, `4pm`: the tokens of a time of the day.
    pub(super) fn clock(&self, from: usize) -> Option<usize> {
        let half = |t: &Token| matches!(t.low(), "am" | "pm" | "et" | "est" | "utc" | "cet");
        match self.token(from).map(|t| &t.tok) {
            Some(Tok::Number(d)) if !d.money && d.text.len() <= 2 => {
                let minutes = self.token(from + 1).is_some_and(|t| t.is(':') && !t.gap)
                    && self.token(from + 2).is_some_and(|t| {
                        !t.gap
                            && match &t.tok {
                                Tok::Number(d) => d.text.len() == 2,
                                Tok::Word { low, .. } => low.ends_with("am") || low.ends_with("pm"),
                                _ => false,
                            }
                    });
                let taken = if minutes { 3 } else { 1 };
                let named = self.token(from + taken).is_some_and(half);
                (minutes || named).then_some(taken + usize::from(named))
            }
            Some(Tok::Word { low, .. }) => {
                let hour = low.strip_suffix("am").or_else(|| low.strip_suffix("pm"))?;
                (!hour.is_empty() && hour.bytes().all(|b| b.is_ascii_digit())).then_some(1)
            }
            _ => None,
        }
    }

    fn event(&self, from: usize) -> Option<(Time, usize)> {
        let mut at = from;
        while at < from + 2 && self.article(at) == 1 {
            at += 1;
        }
        let named = self.token(at + 1).is_some_and(|t| {
            EVENTS.contains(&t.low()) && matches!(self.token(at).map(|t| &t.tok), Some(Tok::Word { .. }))
        });
        at += usize::from(!EVENTS.contains(&self.says(at)) && named);
        EVENTS.contains(&self.says(at)).then(|| {
            let more = usize::from(EVENTS.contains(&self.says(at + 1)));
            let end = at + 1 + more;
            // "before Powell at 2"
            let hour = matches!(self.token(end + 1).map(|t| &t.tok), Some(Tok::Number(d)) if d.text.len() <= 2 && !d.money);
            let timed = hour && matches!(self.says(end), "at" | "in");
            let clock = if timed { 1 + self.clock(end + 1).unwrap_or(1) } else { 0 };
            (Time::Event, end + clock)
        })
    }

    /// The exit the sentence asks for, when nothing in it opens a position.
    fn leaving(&self) -> Option<Leaving> {
        let ends = |i: &&Item| {
            !matches!(
                i.kind,
                Kind::Newline | Kind::Mark('.' | '!' | ';' | '?' | ',' | '(')
            )
        };
        let mut found: Option<Leaving> = None;
        let mut priced = false;
        let mut behind = false;
        for item in self.out.iter().rev().take(REACH).take_while(ends) {
            if let Some(figure) = item.figure() {
                priced |= figure.money || !figure.whole;
                behind = true;
                continue;
            }
            priced |= behind && item.is_cue(Cue::At);
            behind = false;
            match item.verb() {
                Some(
                    Verb::Close | Verb::Sell | Verb::SellClose | Verb::BuyClose | Verb::Reduce | Verb::Take,
                ) => {
                    let first = self
                        .tokens
                        .iter()
                        .take(self.at)
                        .rev()
                        .take(2 * REACH)
                        .find(|t| t.from == item.from);
                    let low = first.map_or("", Token::low);
                    let of = self
                        .tokens
                        .iter()
                        .take(self.at)
                        .rev()
                        .take_while(|t| t.from >= item.from);
                    let now = of.take(REACH).any(|t| {
                        matches!(
                            t.low(),
                            "now"
                                | "here"
                                | "rn"
                                | "immediately"
                                | "asap"
                                | "market"
                                | "mkt"
                                | "jetzt"
                                | "ahora"
                                | "maintenant"
                        )
                    });
                    found = Some(Leaving {
                        past: item.past(),
                        going: low.ends_with("ing") || matches!(low, "flat" | "out" | "i'm" | "im"),
                        priced,
                        now,
                    });
                }
                Some(Verb::Long | Verb::Short) | None => {}
                Some(_) => return None,
            }
        }
        found
    }

    /// A position is to be left, at a price that is not said yet.
    pub(super) fn leaves_open(&self) -> bool {
        self.leaving().is_some_and(|l| !(l.past || l.priced || l.now))
    }

    /// "close AMD before earnings" is for later; "closing AMD ahead of CPI", "STC ... @ 3.05 into the close" is done now.
    pub(super) fn put_off(&mut self, low: &str) -> bool {
        if self.after_target(low) {
            self.push(Kind::Cue(Cue::Guard(Guard::Hypothetical)), 1);
            return true;
        }
        let Some((time, taken)) = self.time(low) else {
            return false;
        };
        let Some(leaving) = self.leaving() else {
            return false;
        };
        let stated = leaving.priced || leaving.now;
        if leaving.past && !stated {
            return false;
        }
        let done = stated || leaving.going && time == Time::Event;
        let cue = if done {
            Cue::Filler
        } else {
            Cue::Guard(Guard::Hypothetical)
        };
        self.push(Kind::Cue(cue), taken);
        true
    }
}
