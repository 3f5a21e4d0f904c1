//! Decides what `@` and letters are: the mark of a price, a program, somebody who is told of, or somebody spoken to.

use super::*;

impl Lexer<'_> {
    pub(super) fn mention(&mut self) {
        let length = self.run(1, |c| c.is_alphanumeric() || c == '_');
        let name = self.text(1, length).to_lowercase();
        let price = [
            "m",
            "market",
            "mkt",
            "cmp",
            "now",
            "open",
            "bid",
            "ask",
            "mid",
            "entry",
            "be",
            "breakeven",
            "limit",
        ];
        if price.contains(&name.as_str()) {
            self.push(Tok::Mark('@'), 1);
        } else if name.len() > 3 && name.ends_with("bot") && self.out.is_empty() {
            // What opens with the name of a program speaks to it.
            self.stands_for("@bot", length + 1);
        } else if self.speaks(&name, length + 1) {
            // "@mike: BTO ...", "via @mike BUY ...": the words are somebody else's.
            self.stands_for("@speaker", length + 1);
        } else if self.out.is_empty() && self.tells_of(&name, length + 1) {
            // "@mike bought AMD": somebody else did.
            self.stands_for("@somebody", length + 1);
        } else {
            self.at += length + 1;
            self.gap = true;
        }
    }

    /// So many glyphs become one word that the grammar knows by another name.
    fn stands_for(&mut self, low: &str, length: usize) {
        let tok = Tok::Word {
            text: self.text(0, length),
            low: low.to_owned(),
            dollar: false,
            hash: false,
        };
        self.push(tok, length);
    }

    /// The word behind spaces, in lower case; its first twelve letters.
    fn next_word(&self, from: usize) -> String {
        let spaces = self.run(from, |c| c == ' ');
        let length = self.run(from + spaces, char::is_alphabetic);
        self.text(from + spaces, length.min(12)).to_lowercase()
    }

    /// Whether what was done stands behind the name of one person; `@everyone` and roles are spoken to.
    fn tells_of(&self, name: &str, from: usize) -> bool {
        const DONE: [&str; 14] = [
            "bought", "sold", "got", "added", "closed", "took", "entered", "longed", "shorted", "trimmed",
            "opened", "went", "grabbed", "exited",
        ];
        person(name) && DONE.contains(&self.next_word(from).as_str())
    }

    /// Whether what follows is what one person said: a colon or "says" behind the name, or "via" before it.
    fn speaks(&self, name: &str, from: usize) -> bool {
        const LEADS: [&str; 9] = [
            "via", "from", "by", "per", "credit", "credits", "courtesy", "h/t", "t",
        ];
        const SAYS: [&str; 8] = [
            "says", "said", "alerted", "posted", "called", "calls", "writes", "wrote",
        ];
        let said = self.peek(from) == ':' || SAYS.contains(&self.next_word(from).as_str());
        let led = self.out.last().is_some_and(|t| LEADS.contains(&t.low()));
        person(name) && (said && self.out.len() < 4 || led)
    }
}

/// One person and no group or role.
fn person(name: &str) -> bool {
    const ROLES: [&str; 8] = [
        "alert", "trade", "vip", "premium", "member", "signal", "sub", "channel",
    ];
    let many = matches!(name, "everyone" | "here" | "all" | "team") || name.ends_with('s');
    !many && !ROLES.iter().any(|r| name.contains(r))
}
