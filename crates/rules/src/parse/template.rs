//! Decides what a message in a provider's own taught format means. Refuses formats that could mean anything; refuses to
//! guess: what does not fit a format exactly is left to the general reading.

use std::collections::BTreeMap;

use ordercast_model::signal::{
    instruction::WrittenExpiry,
    profile::{self, Profile, Template},
    reading::{Confidence, NoTrade, Reading, Span, Verdict},
};
use regex::{Captures, Regex, RegexBuilder};

use super::{
    Context, SellMeans, expiry,
    flatten::Flat,
    hygiene, read_general, symbol,
    webhook::{
        self, action_word,
        field::{Fields, fold},
    },
};

mod check;
mod pattern;
mod word;

use pattern::{Constant, Slot};
use word::{Defaults, Words};

/// Certainty of a reading by a taught format: complete, but not a structured source (PRODUCT SG-18).
const CONFIDENCE: Confidence = Confidence::thousandths(950);
/// Most characters of a pattern.
pub const PATTERN_CHARS_MAX: usize = 500;
/// Bytes a compiled format may take.
const COMPILED_BYTES_MAX: usize = 1 << 20;

/// Why something taught cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {message}")]
pub struct TeachingFault {
    /// Which part, such as `templates[0].pattern`.
    pub field: String,
    /// What is wrong and what was expected.
    pub message: String,
}

/// One format, ready to read with.
#[derive(Debug, Clone)]
struct Format {
    name: String,
    regex: Regex,
    /// Slots in the order of their groups.
    slots: Vec<Slot>,
    constants: Vec<Constant>,
}

/// A provider's formats and words, checked and ready to read with.
#[derive(Debug, Clone, Default)]
pub struct Taught {
    version: u32,
    formats: Vec<Format>,
    verbs: BTreeMap<String, String>,
    words: Words,
    defaults: Defaults,
    sell_means: Option<SellMeans>,
}

impl Taught {
    /// Checks a profile and makes it ready.
    ///
    /// # Errors
    /// Every fault at once, each with the part it lies in.
    pub fn new(profile: &Profile) -> Result<Self, Vec<TeachingFault>> {
        let mut faults = check::faults(profile);
        let mut formats = Vec::with_capacity(profile.templates.len());
        for (n, template) in profile.templates.iter().enumerate() {
            match format(template) {
                Ok(one) => formats.push(one),
                Err(message) => faults.push(TeachingFault {
                    field: format!("templates[{n}].pattern"),
                    message,
                }),
            }
        }
        let verbs: BTreeMap<String, String> = profile
            .verbs
            .iter()
            .map(|(own, known)| (spoken(own), known.clone()))
            .collect();
        let words = Words::new(&verbs, &profile.labels);
        match words {
            Some(words) if faults.is_empty() => Ok(Self {
                version: profile.version,
                formats,
                verbs,
                words,
                defaults: Defaults {
                    asset: profile.default_asset,
                    expiry: profile.default_expiry,
                },
                sell_means: profile.sell_means.map(|means| match means {
                    profile::SellMeans::CloseLong => SellMeans::CloseLong,
                    profile::SellMeans::OpenShort => SellMeans::OpenShort,
                }),
            }),
            Some(_) => Err(faults),
            None => {
                faults.push(TeachingFault {
                    field: "verbs".to_owned(),
                    message: "too many and too long words".to_owned(),
                });
                Err(faults)
            }
        }
    }

    /// What a bare "sell" means to this provider, when that was taught.
    #[must_use]
    pub const fn sell_means(&self) -> Option<SellMeans> {
        self.sell_means
    }

    /// The format a reading was made by; none when the general reading made it.
    #[must_use]
    pub fn format_of(&self, reading: &Reading) -> Option<&str> {
        let said = reading.reasons.first()?;
        let mut names = self.formats.iter().map(|format| format.name.as_str());
        names.find(|name| fits(name, self.version) == *said)
    }

    /// Reads a message with what was taught; none when nothing of it touches the message.
    pub(super) fn read(&self, flat: &Flat, context: &Context) -> Option<Reading> {
        let read = self.by_format(flat, context);
        let mut reading = read.or_else(|| self.by_words(flat, context))?;
        self.defaults.complete(&mut reading, context);
        Some(reading)
    }

    /// Reads by the general grammar, with the provider's own words put into known ones.
    fn by_words(&self, flat: &Flat, context: &Context) -> Option<Reading> {
        let Some(known) = self.words.known(flat) else {
            return (!self.defaults.is_empty()).then(|| read_general(flat, context).0);
        };
        let mut reading = known.back(&flat.text, read_general(&known.flat, context).0);
        if !matches!(reading.verdict, Verdict::NotATrade { .. }) {
            let said = known.said.join(", ");
            let version = self.version;
            reading
                .reasons
                .insert(0, format!("the provider's own words: {said} (version {version})"));
        }
        Some(reading)
    }

    /// Reads a message that fits one of the formats as a whole; none when it fits none.
    fn by_format(&self, flat: &Flat, context: &Context) -> Option<Reading> {
        if self.formats.is_empty() {
            return None;
        }
        let page = Seen::of(&flat.text);
        let fitting = self.formats.iter().find_map(|format| {
            let captures = format.regex.captures(&page.text)?;
            self.fields(format, &captures, context)
                .map(|f| (format, captures, f))
        });
        let (format, captures, fields) = fitting?;
        if format.slots.contains(&Slot::Note) && talks(flat, context) {
            return None;
        }
        let mut reading = webhook::fields(&flat.text, fields, context);
        reading.reasons.insert(0, fits(&format.name, self.version));
        if !matches!(reading.verdict, Verdict::NotATrade { .. }) {
            reading.spans = page.spans(format, &captures);
        }
        reading.confidence = reading.confidence.min(CONFIDENCE);
        Some(reading)
    }

    /// The captured words as fields; none when the word for the action means nothing, as in a sentence that happens to fit.
    fn fields(&self, format: &Format, captures: &Captures, context: &Context) -> Option<Fields> {
        let mut fields = Fields::default();
        let mut targets: Vec<String> = Vec::new();
        for constant in &format.constants {
            put(&mut fields, &mut targets, constant.slot, &constant.value);
        }
        for (n, slot) in format.slots.iter().enumerate() {
            let Some(found) = captures.get(n + 1) else {
                continue;
            };
            let value = found.as_str();
            if *slot == Slot::Action {
                let known = self.verbs.get(&spoken(value)).map_or(value, String::as_str);
                if !action_word(known) {
                    return None;
                }
                fields.set("action", known);
            } else if let (Slot::Expiry, Some(WrittenExpiry::Date(day))) =
                (*slot, expiry::relative(value, context.posted_at))
            {
                fields.set("expiry", &day.to_string());
            } else {
                put(&mut fields, &mut targets, *slot, value);
            }
        }
        if !targets.is_empty() {
            fields.set_list("targets", &targets);
        }
        Some(fields)
    }
}

/// How a reading by a format says so, first of its reasons.
fn fits(name: &str, version: u32) -> String {
    format!("fits the provider's format {name:?} (version {version})")
}

/// A word for an action as it is compared.
fn spoken(word: &str) -> String {
    word.split_whitespace()
        .map(str::to_lowercase)
        .collect::<Vec<_>>()
        .join(" ")
}

fn put(fields: &mut Fields, targets: &mut Vec<String>, slot: Slot, value: &str) {
    let value = value.trim();
    match slot {
        // The commas of a slot part thousands; elsewhere they part values.
        Slot::Target => targets.push(value.replace(',', "")),
        Slot::Price | Slot::Stop | Slot::Strike | Slot::Quantity => {
            fields.set(slot.field(), &value.replace(',', ""));
        }
        Slot::Note => {}
        Slot::Percent => fields.set("percent", value.trim_end_matches('%').trim()),
        _ => fields.set(slot.field(), value),
    }
}

/// Whether the general reading finds that somebody asks, plans, quotes or says not to.
fn talks(flat: &Flat, context: &Context) -> bool {
    matches!(
        read_general(flat, context).0.verdict,
        Verdict::NotATrade {
            reason: NoTrade::Negation | NoTrade::Question | NoTrade::Hypothetical | NoTrade::Quote,
        }
    )
}

fn format(template: &Template) -> Result<Format, String> {
    let count = template.pattern.chars().count();
    if count > PATTERN_CHARS_MAX {
        return Err(format!("at most {PATTERN_CHARS_MAX} characters, got {count}"));
    }
    let compiled = pattern::compile(&template.pattern)?;
    let regex = RegexBuilder::new(&compiled.text)
        .case_insensitive(true)
        .size_limit(COMPILED_BYTES_MAX)
        .build()
        .map_err(|_| "too large".to_owned())?;
    Ok(Format {
        name: template.name.trim().to_owned(),
        regex,
        slots: compiled.slots,
        constants: compiled.constants,
    })
}

/// A message without markup, and where each byte of it stood.
struct Seen {
    text: String,
    /// First and last byte in the source, for each byte of `text`.
    at: Vec<(usize, usize)>,
}

impl Seen {
    fn of(source: &str) -> Self {
        let page = hygiene::clean(source);
        let mut seen = Self {
            text: String::with_capacity(page.glyphs.len()),
            at: Vec::with_capacity(page.glyphs.len()),
        };
        for glyph in &page.glyphs {
            let start = glyph.at as usize;
            let span = (start, start + usize::from(glyph.len));
            seen.text.push(glyph.c);
            seen.at.resize(seen.text.len(), span);
        }
        seen
    }

    fn spans(&self, format: &Format, captures: &Captures) -> Vec<Span> {
        let found = format.slots.iter().enumerate().filter(|(_, s)| **s != Slot::Note);
        found
            .filter_map(|(n, slot)| {
                let at = captures.get(n + 1)?;
                let (first, last) = (self.at.get(at.start())?, self.at.get(at.end().checked_sub(1)?)?);
                Some(Span {
                    instruction: 0,
                    field: slot.shown().to_owned(),
                    start: first.0,
                    end: last.1,
                })
            })
            .collect()
    }
}

/// The folded form in which field names are compared; kept here for the checks of constants.
pub(super) fn same(a: &str, b: &str) -> bool {
    fold(a) == fold(b)
}

#[cfg(test)]
mod tests;
