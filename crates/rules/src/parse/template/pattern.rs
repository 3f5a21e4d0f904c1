//! Decides what a format's text says: slots in braces, optional parts in brackets, everything else as it stands.

/// What stands in a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Slot {
    Action,
    Symbol,
    Strike,
    Right,
    Expiry,
    Price,
    Quantity,
    Percent,
    Stop,
    Target,
    Side,
    Type,
    Leverage,
    Note,
}

const NAMES: [(&str, Slot); 14] = [
    ("action", Slot::Action),
    ("symbol", Slot::Symbol),
    ("strike", Slot::Strike),
    ("right", Slot::Right),
    ("expiry", Slot::Expiry),
    ("price", Slot::Price),
    ("quantity", Slot::Quantity),
    ("percent", Slot::Percent),
    ("stop", Slot::Stop),
    ("target", Slot::Target),
    ("side", Slot::Side),
    ("type", Slot::Type),
    ("leverage", Slot::Leverage),
    ("note", Slot::Note),
];

/// A number whose thousands are unmistakable.
const NUMBER: &str = r"\$?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?";
const DATE: &str = concat!(
    r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{1,2}[/.-][0-9]{1,2}(?:[/.-][0-9]{2,4})?|0dte|today|tomorrow",
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri)(?:day)?",
    r"|[0-9]{1,2}\s?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*(?:\s?'?[0-9]{2,4})?",
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s?[0-9]{1,2}(?:,?\s'?[0-9]{2,4})?",
);

impl Slot {
    fn named(name: &str) -> Option<Self> {
        NAMES.iter().find(|(n, _)| *n == name).map(|(_, slot)| *slot)
    }
    const fn name(self) -> &'static str {
        NAMES[self as usize].0
    }
    /// The name of the field in a structured order.
    pub(super) const fn field(self) -> &'static str {
        match self {
            Self::Stop => "stoploss",
            Self::Target => "targets",
            other => other.name(),
        }
    }
    /// The name of the field in a reading.
    pub(super) const fn shown(self) -> &'static str {
        match self {
            Self::Price => "entry",
            Self::Right => "strike",
            Self::Percent => "quantity",
            Self::Type => "order_type",
            other => other.name(),
        }
    }
    /// What may stand there.
    fn class(self) -> String {
        match self {
            Self::Action => r"\p{L}+(?:\s\p{L}+){0,2}".to_owned(),
            Self::Symbol => r"[$#]?[a-z][a-z0-9]*(?:[./-][a-z0-9]+)*".to_owned(),
            Self::Right => "calls?|puts?|c|p".to_owned(),
            Self::Expiry => DATE.to_owned(),
            Self::Strike | Self::Price => NUMBER.to_owned(),
            Self::Stop => format!(r"{NUMBER}%?|be|break\s?even"),
            // Shares and contracts, never dollars.
            Self::Quantity => NUMBER.trim_start_matches(r"\$?").to_owned(),
            Self::Target => format!("{NUMBER}%?"),
            Self::Percent => r"[0-9]{1,3}(?:\.[0-9]+)?\s?%?".to_owned(),
            Self::Side => "long|short|buy|sell".to_owned(),
            Self::Type => r"market|limit|stop".to_owned(),
            Self::Leverage => r"[0-9]{1,4}(?:\.[0-9]+)?\s?x?|x[0-9]{1,4}".to_owned(),
            Self::Note => r"[^\n]*".to_owned(),
        }
    }
    const fn repeats(self) -> bool {
        matches!(self, Self::Target | Self::Note)
    }
}

/// A field the format itself states: `{action=bto}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Constant {
    pub(super) slot: Slot,
    pub(super) value: String,
}

/// A format as a regular expression with one group for each slot.
#[derive(Debug, Default)]
pub(super) struct Compiled {
    pub(super) text: String,
    pub(super) slots: Vec<Slot>,
    pub(super) constants: Vec<Constant>,
}

/// What was written last: spaces beside marks may be left out, and two slots must not touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Last {
    Start,
    Letter,
    Mark,
    Space,
    Slot(Slot),
}

struct Reader<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
    out: Compiled,
    last: Last,
    optional: bool,
}

/// Reads a pattern.
pub(super) fn compile(pattern: &str) -> Result<Compiled, String> {
    let mut reader = Reader {
        rest: pattern.trim().chars().peekable(),
        out: Compiled::default(),
        last: Last::Start,
        optional: false,
    };
    reader.out.text.push_str(r"^\s*");
    reader.read()?;
    reader.out.text.push_str(r"\s*$");
    reader.out.check()?;
    Ok(reader.out)
}

impl Reader<'_> {
    fn read(&mut self) -> Result<(), String> {
        while let Some(c) = self.rest.next() {
            match c {
                '{' => self.slot()?,
                '[' if self.optional => return Err("an optional part inside another".to_owned()),
                '[' => {
                    self.optional = true;
                    self.out.text.push_str("(?:");
                }
                ']' if self.optional => {
                    self.optional = false;
                    self.out.text.push_str(")?");
                }
                ']' | '}' => {
                    return Err(format!(
                        "{c:?} without its opening; write \\{c} for the character"
                    ));
                }
                '\\' => {
                    let c = self.rest.next().ok_or("\\ at the end")?;
                    self.literal(c);
                }
                c if c.is_whitespace() => self.space(c),
                c => self.literal(c),
            }
        }
        if self.optional {
            return Err("\"[\" without its \"]\"".to_owned());
        }
        Ok(())
    }

    fn space(&mut self, first: char) {
        let mut line = first == '\n';
        while let Some(c) = self.rest.next_if(|c| c.is_whitespace()) {
            line |= c == '\n';
        }
        // A constant leaves no trace, nor does the space beside it.
        if matches!(self.last, Last::Start | Last::Space) {
            return;
        }
        let mark = |c: &char| !c.is_alphanumeric() && !matches!(c, '{' | '[' | ']' | '\\');
        self.out.text.push_str(if line {
            r"\s*\n\s*"
        } else if self.last == Last::Mark || self.rest.peek().is_some_and(mark) {
            r"\s*"
        } else {
            r"\s+"
        });
        self.last = Last::Space;
    }

    fn literal(&mut self, c: char) {
        self.out.text.push_str(&regex::escape(c.encode_utf8(&mut [0; 4])));
        self.last = if c.is_alphanumeric() {
            Last::Letter
        } else {
            Last::Mark
        };
    }

    fn slot(&mut self) -> Result<(), String> {
        let mut inner = String::new();
        loop {
            match self.rest.next() {
                Some('}') => break,
                Some(c) => inner.push(c),
                None => return Err("\"{\" without its \"}\"".to_owned()),
            }
        }
        let (name, value) = match inner.split_once('=') {
            Some((name, value)) => (name.trim(), Some(value.trim())),
            None => (inner.trim(), None),
        };
        let known = NAMES.map(|(n, _)| n).join(", ");
        let slot = Slot::named(name).ok_or_else(|| format!("unknown slot {{{name}}}; known: {known}"))?;
        if let Some(value) = value {
            return self.constant(slot, value);
        }
        if !slot.repeats() && (self.out.slots.contains(&slot) || self.out.states(slot)) {
            return Err(format!("{{{name}}} stands there twice"));
        }
        if let Last::Slot(before) = self.last
            && !matches!(
                (before, slot),
                (Slot::Strike, Slot::Right)
                    | (
                        Slot::Price | Slot::Quantity | Slot::Stop | Slot::Target,
                        Slot::Note
                    )
            )
        {
            let before = before.name();
            return Err(format!(
                "{{{before}}} and {{{name}}} touch: put a space or a mark between them"
            ));
        }
        if matches!(self.last, Last::Letter) && !matches!(slot, Slot::Note) {
            return Err(format!(
                "{{{name}}} touches a word: put a space or a mark between them"
            ));
        }
        self.out.text.push('(');
        self.out.text.push_str(&slot.class());
        self.out.text.push(')');
        self.out.slots.push(slot);
        self.last = Last::Slot(slot);
        Ok(())
    }

    fn constant(&mut self, slot: Slot, value: &str) -> Result<(), String> {
        let name = slot.name();
        if self.optional {
            return Err(format!("{{{name}={value}}} in an optional part"));
        }
        if self.out.slots.contains(&slot) || self.out.states(slot) {
            return Err(format!("{{{name}}} stands there twice"));
        }
        let allowed = match slot {
            Slot::Action => super::action_word(value),
            Slot::Symbol => value
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "./-".contains(c)),
            Slot::Side | Slot::Type | Slot::Right => slot
                .class()
                .split('|')
                .any(|word| super::same(word.trim_end_matches("s?"), value)),
            _ => return Err(format!("{{{name}}} cannot be stated by the format itself")),
        };
        if value.is_empty() || !allowed {
            return Err(format!("{{{name}={value}}}: {value:?} is not known as {name}"));
        }
        self.out.constants.push(Constant {
            slot,
            value: value.to_owned(),
        });
        Ok(())
    }
}

impl Compiled {
    fn states(&self, slot: Slot) -> bool {
        self.constants.iter().any(|c| c.slot == slot)
    }
    fn has(&self, slot: Slot) -> bool {
        self.slots.contains(&slot) || self.states(slot)
    }
    /// A format must say what is done and with what; half a contract is none.
    fn check(&self) -> Result<(), String> {
        for slot in [Slot::Action, Slot::Symbol] {
            if !self.has(slot) {
                let name = slot.name();
                return Err(format!(
                    "expected {{{name}}}, or {{{name}=...}} when it is always the same"
                ));
            }
        }
        if self.has(Slot::Strike) != self.has(Slot::Right) {
            return Err("a contract needs both {strike} and {right}".to_owned());
        }
        if self.has(Slot::Expiry) && !self.has(Slot::Strike) {
            return Err("{expiry} without {strike} and {right}".to_owned());
        }
        if self.slots.is_empty() {
            return Err("expected at least one slot".to_owned());
        }
        Ok(())
    }
}
