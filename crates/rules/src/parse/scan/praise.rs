//! Decides which words praise a trade that is running or over: "worked great", "paid nicely", "playing out perfectly".
//! Refuses praise of anything that no verb of an outcome carries.

use super::*;

const DEEDS: [&str; 21] = [
    "worked",
    "works",
    "working",
    "paid",
    "paying",
    "played",
    "playing",
    "turned",
    "did",
    "doing",
    "went",
    "going",
    "performed",
    "performing",
    "delivered",
    "printed",
    "ran",
    "aged",
    "treated",
    "panned",
    "ended",
];

const LINKS: [&str; 18] = [
    "out",
    "off",
    "up",
    "really",
    "so",
    "very",
    "pretty",
    "quite",
    "us",
    "me",
    "just",
    "super",
    "absolutely",
    "extremely",
    "as",
    "to",
    "straight",
    "right",
];

const PRAISE: [&str; 34] = [
    "great",
    "well",
    "nicely",
    "perfectly",
    "perfect",
    "beautifully",
    "beautiful",
    "amazing",
    "amazingly",
    "fine",
    "awesome",
    "fantastic",
    "fantastically",
    "wonderfully",
    "wonders",
    "superb",
    "smoothly",
    "lovely",
    "handsomely",
    "brilliantly",
    "planned",
    "plan",
    "expected",
    "good",
    "badly",
    "terribly",
    "poorly",
    "nice",
    "bad",
    "target",
    "targets",
    "zero",
    "nowhere",
    "sideways",
];

impl Scanner<'_> {
    /// "worked great": the tokens of such praise, behind an order on its line.
    pub(super) fn praised(&mut self, low: &str) -> bool {
        if self.failed(low) {
            self.push(Kind::Cue(Cue::Guard(Guard::Chat)), 2);
            return true;
        }
        if !DEEDS.contains(&low) {
            return false;
        }
        let mut at = 1;
        while at < 4 && self.token(at).is_some_and(|t| LINKS.contains(&t.low())) {
            at += 1;
        }
        let charmed = self.token(at).is_some_and(|t| t.low() == "like")
            && self
                .token(at + 2)
                .is_some_and(|t| matches!(t.low(), "charm" | "clockwork" | "dream" | "champ"));
        let praise = self.token(at).is_some_and(|t| PRAISE.contains(&t.low())) || charmed;
        // "paid the rent", "paying my bills"
        let article = |t: &Token| matches!(t.low(), "the" | "my" | "our" | "for");
        let bills = matches!(low, "paid" | "paying" | "pays")
            && self.token(1).is_some_and(article)
            && (2..5).all(|n| self.token(n).is_none_or(|t| !matches!(t.tok, Tok::Number(_))))
            && matches!(self.token(2).map(|t| &t.tok), Some(Tok::Word { .. }));
        let praise = praise || bills;
        let ordered = self.line().any(|i| i.verb().is_some() || i.optional());
        if !(praise && ordered) {
            return false;
        }
        self.push(
            Kind::Cue(Cue::Guard(Guard::Chat)),
            at + if charmed { 3 } else { 1 },
        );
        true
    }

    /// "didn't work", "never filled": what did not become of an order on the line.
    fn failed(&self, low: &str) -> bool {
        const DENIED: [&str; 8] = [
            "didn't", "didnt", "doesn't", "doesnt", "never", "hasn't", "not", "isn't",
        ];
        const DEEDS: [&str; 14] = [
            "work",
            "worked",
            "working",
            "hold",
            "held",
            "pan",
            "play",
            "fill",
            "filled",
            "trigger",
            "triggered",
            "pay",
            "last",
            "go",
        ];
        DENIED.contains(&low)
            && self.token(1).is_some_and(|t| DEEDS.contains(&t.low()))
            && self.line().any(|i| i.verb().is_some() || i.optional())
            && self.line().any(|i| i.figure().is_some())
    }
}
