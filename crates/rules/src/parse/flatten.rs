//! Decides in which order the parts of a message are read, as one text. Each embed stands for itself.

use ordercast_model::signal::raw::{Content, Embed};

/// The most characters that are read (PRODUCT SG-22).
pub(super) const MOST_CHARACTERS: usize = 16_000;

/// A message as one text.
#[derive(Debug, Default)]
pub(super) struct Flat {
    pub(super) text: String,
    /// First and last byte of every part that is read by itself.
    pub(super) units: Vec<(usize, usize)>,
    /// Bytes that hold an author line.
    pub(super) authors: Vec<(usize, usize)>,
}

impl Flat {
    fn line(&mut self, text: &str) -> (usize, usize) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        let start = self.text.len();
        self.text.push_str(text);
        (start, self.text.len())
    }

    fn unit(&mut self, parts: impl FnOnce(&mut Self)) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        let start = self.text.len();
        parts(self);
        if self.text.len() > start {
            self.units.push((start, self.text.len()));
        }
    }
}

/// Joins text, embeds and forwarded texts.
pub(super) fn flatten(content: &Content) -> Flat {
    let mut flat = Flat::default();
    if !content.text.trim().is_empty() {
        flat.unit(|f| {
            f.text.push_str(&content.text);
        });
    }
    for embed in &content.embeds {
        let before = flat.units.len();
        flat.unit(|f| embed_lines(f, embed));
        if let Some(footer) = embed.footer.as_deref().filter(|a| !a.trim().is_empty()) {
            let (start, end) = flat.line(footer);
            // A score is shown and not read.
            match flat.units.get_mut(before) {
                Some(unit) if !scores(footer) => unit.1 = end,
                None => flat.units.push((start, end)),
                Some(_) => {}
            }
        }
    }
    for text in content.forwarded.iter().filter(|t| !t.trim().is_empty()) {
        flat.unit(|f| f.text.push_str(text));
    }
    flat
}

fn embed_lines(flat: &mut Flat, embed: &Embed) {
    if let Some(author) = embed.author.as_deref().filter(|a| !a.trim().is_empty()) {
        let span = flat.line(author);
        flat.authors.push(span);
    }
    for text in [embed.title.as_deref(), embed.description.as_deref()]
        .into_iter()
        .flatten()
    {
        if !text.trim().is_empty() {
            flat.line(text);
        }
    }
    for field in &embed.fields {
        let (name, value) = (field.name.trim(), field.value.trim());
        let plain = |t: &str| t.is_empty() || t == "\u{200b}";
        match (plain(name), plain(value)) {
            (true, true) => {}
            (false, true) => {
                flat.line(name);
            }
            (true, false) => {
                flat.line(value);
            }
            (false, false) => {
                let glue = if name.ends_with(':') { " " } else { ": " };
                flat.line(&format!("{name}{glue}{value}"));
            }
        }
    }
}

/// A footer that only counts what was won: `Last month: 14W / 3L`, `Win rate 78% | 120 trades`.
fn scores(footer: &str) -> bool {
    const SCORES: [&str; 8] = [
        "win rate",
        "winrate",
        "hit rate",
        "accuracy",
        "last month",
        "this month",
        "last week",
        "ytd",
    ];
    const OTHER: [&str; 12] = [
        "recap",
        "paper",
        "demo",
        "sim",
        "test",
        "closed",
        "result",
        "example",
        "education",
        "practice",
        "not ",
        "hypothetical",
    ];
    let low = footer.to_lowercase();
    let won = low.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| {
        word.strip_suffix('w')
            .is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
    });
    let counted = low.bytes().any(|b| b.is_ascii_digit());
    counted && (won || SCORES.iter().any(|s| low.contains(s))) && !OTHER.iter().any(|o| low.contains(o))
}
