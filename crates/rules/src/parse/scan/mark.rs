//! Decides what a mark means: a future's slash, an arrow, a comparison, a command to a program, a price.

use super::*;

impl Scanner<'_> {
    pub(super) fn mark(&mut self, mark: char) {
        if mark == '/' && self.future_slash() {
            return;
        }
        if matches!(mark, '%' | '[' | '-') && self.unfilled_mark(mark) {
            return;
        }
        if matches!(mark, '[' | '(') && self.opening_mark() {
            return;
        }
        let command = mark == '/'
            && self.token(0).is_some_and(|t| t.gap)
            && self
                .token(1)
                .is_some_and(|t| !t.gap && matches!(t.tok, Tok::Word { .. }));
        if command && !self.out.is_empty() {
            self.push(Kind::Cue(Cue::Guard(Guard::Quote)), 2);
            return;
        }
        let dashed = mark == '-' && self.token(1).is_some_and(|t| t.is('>'));
        if dashed || mark == '→' {
            let level = self.out.last().and_then(Item::label);
            let kind = if matches!(level, Some(Label::Stop | Label::Target)) {
                Kind::Cue(Cue::To)
            } else {
                Kind::Mark('→')
            };
            self.push(kind, 1 + usize::from(dashed));
            return;
        }
        if mark == '.'
            && self.token(0).is_some_and(|t| t.gap)
            && self
                .token(1)
                .is_some_and(|t| !t.gap && matches!(t.tok, Tok::Word { .. }))
        {
            self.at += 1;
            return;
        }
        if mark == '.' && self.abbreviated() {
            self.at += 1;
            return;
        }
        if matches!(mark, '>' | '<') && self.number_soon() {
            self.push(Kind::Cue(if mark == '>' { Cue::Above } else { Cue::Below }), 1);
            return;
        }
        if self.program(mark) {
            self.push(Kind::Cue(Cue::Guard(Guard::Test)), 2);
            return;
        }
        let above = mark == '^' && self.out.last().is_none_or(|i| i.newline());
        if above {
            // `^^ BTO AMD ...` points at a message further up.
            self.push(Kind::Cue(Cue::Guard(Guard::Quote)), 1);
            return;
        }
        if mark == '@' {
            if let Some(taken) = self.clock(1).filter(|_| self.leaves_open()) {
                return self.push(Kind::Cue(Cue::Guard(Guard::Hypothetical)), 1 + taken);
            }
            self.push(Kind::Cue(Cue::At), 1);
            return;
        }
        self.push(Kind::Mark(mark), 1);
    }

    /// `/ES`, `/NQ`.
    fn future_slash(&mut self) -> bool {
        let lead = self.token(0).is_some_and(|t| t.gap);
        let Some(Token {
            tok: Tok::Word { text, .. },
            gap: false,
            ..
        }) = self.token(1)
        else {
            return false;
        };
        let found = symbol::candidate(self.symbols, text, false)
            .filter(|t| lead && t.asset == Some(ordercast_model::instrument::AssetClass::Future));
        match found {
            Some(mut ticker) => {
                ticker.grade = Grade::Marked;
                self.push(Kind::Symbol(ticker), 2);
                true
            }
            None => false,
        }
    }

    /// "Rep. sold ...": the point ends no sentence.
    fn abbreviated(&self) -> bool {
        const SHORT: [&str; 16] = [
            "rep", "sen", "gov", "mr", "mrs", "ms", "dr", "prof", "inc", "corp", "ltd", "approx", "est",
            "vs", "no", "ca",
        ];
        let before = self.at.checked_sub(1).and_then(|b| self.tokens.get(b));
        let tight = self.token(0).is_some_and(|t| !t.gap);
        tight
            && before.is_some_and(|t| SHORT.contains(&t.low()))
            && self.token(1).is_some_and(|t| t.tok != Tok::Newline)
    }

    /// `!buy AAPL 10`, `<tool>`, `broker.buy('AAPL')`: words for a program, not for people.
    fn program(&self, mark: char) -> bool {
        let glued = self
            .token(1)
            .is_some_and(|t| !t.gap && matches!(t.tok, Tok::Word { .. }));
        match mark {
            '!' => glued && self.out.is_empty(),
            '<' => glued,
            '.' => self.called(),
            _ => false,
        }
    }

    /// A name, a point, a name and a bracket without spaces.
    fn called(&self) -> bool {
        let tight = |i: usize| self.token(i).filter(|t| !t.gap);
        let led = self.token(0).is_some_and(|t| !t.gap);
        let name = tight(1).is_some_and(|t| matches!(t.tok, Tok::Word { .. }));
        led && name && tight(2).is_some_and(|t| t.is('('))
    }
}
