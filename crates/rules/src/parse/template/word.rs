//! Decides how a message reads in which a provider's own words stand for known ones, and what is meant where the message
//! leaves something open. Refuses to know formats.

use std::collections::BTreeMap;

use ordercast_model::{
    instrument::AssetClass,
    signal::{
        instruction::Subject,
        profile::{ExpiryRule, Label},
        reading::{Reading, Verdict},
    },
};
use regex::{Regex, RegexBuilder};

use super::{COMPILED_BYTES_MAX, Context, Flat, expiry, spoken, symbol};

/// Own words and the known ones they stand for.
#[derive(Debug, Clone, Default)]
pub(super) struct Words {
    /// Finds any of the own words; none when there is none.
    find: Option<Regex>,
    known: BTreeMap<String, String>,
}

/// A message in known words.
pub(super) struct Known {
    pub(super) flat: Flat,
    /// What was put for what: `grabbing = buy`.
    pub(super) said: Vec<String>,
    /// Where each known word stands, and where the own word it was put for.
    swaps: Vec<Swap>,
}

struct Swap {
    new: (usize, usize),
    old: (usize, usize),
}

impl Words {
    /// Makes the words ready; none when they are too many to be looked for at once.
    pub(super) fn new(verbs: &BTreeMap<String, String>, labels: &BTreeMap<String, Label>) -> Option<Self> {
        let label = |label: &Label| match label {
            Label::Entry => "entry",
            Label::Stop => "SL",
            Label::Target => "TP",
        };
        let mut known = verbs.clone();
        known.extend(labels.iter().map(|(own, is)| (spoken(own), label(is).to_owned())));
        known.remove("");
        if known.is_empty() {
            return Some(Self::default());
        }
        // Longer words first, so that none hides behind its own beginning.
        let mut own: Vec<&String> = known.keys().collect();
        own.sort_by_key(|word| std::cmp::Reverse(word.len()));
        let own: Vec<String> = own
            .iter()
            .map(|word| {
                let parts: Vec<String> = word.split(' ').map(regex::escape).collect();
                parts.join(r"\s+")
            })
            .collect();
        let find = RegexBuilder::new(&format!(r"\b{{start-half}}(?:{})\b{{end-half}}", own.join("|")))
            .case_insensitive(true)
            .size_limit(COMPILED_BYTES_MAX)
            .build()
            .ok()?;
        Some(Self {
            find: Some(find),
            known,
        })
    }

    /// The message with known words in place of own ones; none when it holds no own word.
    pub(super) fn known(&self, flat: &Flat) -> Option<Known> {
        let (mut text, mut end) = (String::with_capacity(flat.text.len()), 0);
        let (mut said, mut swaps) = (Vec::new(), Vec::new());
        for found in self.find.as_ref()?.find_iter(&flat.text) {
            let Some(known) = self.known.get(&spoken(found.as_str())) else {
                continue;
            };
            text.push_str(flat.text.get(end..found.start())?);
            let start = text.len();
            text.push_str(known);
            swaps.push(Swap {
                new: (start, text.len()),
                old: (found.start(), found.end()),
            });
            let what = format!("{} = {known}", found.as_str());
            if !said.contains(&what) {
                said.push(what);
            }
            end = found.end();
        }
        if swaps.is_empty() {
            return None;
        }
        text.push_str(flat.text.get(end..)?);
        let ahead = |part: &(usize, usize)| (forth(&swaps, part.0), forth(&swaps, part.1));
        Some(Known {
            flat: Flat {
                text,
                units: flat.units.iter().map(ahead).collect(),
                authors: flat.authors.iter().map(ahead).collect(),
            },
            said,
            swaps,
        })
    }
}

/// Where a byte of the message stands in its known words. Parts begin and end outside own words, but for one that begins
/// or ends a part.
fn forth(swaps: &[Swap], at: usize) -> usize {
    let before = swaps.iter().rev().find(|swap| swap.old.1 <= at);
    before.map_or(at, |swap| swap.new.1 + (at - swap.old.1))
}

impl Known {
    /// The reading with its words as they were written.
    pub(super) fn back(&self, text: &str, mut reading: Reading) -> Reading {
        text.clone_into(&mut reading.text);
        for span in &mut reading.spans {
            span.start = self.place(span.start, false);
            span.end = self.place(span.end, true);
        }
        reading
    }

    /// Where a byte of the known words stands in the message; inside a known word the own word's edge.
    fn place(&self, at: usize, is_end: bool) -> usize {
        for swap in self.swaps.iter().rev() {
            if at >= swap.new.1 {
                return swap.old.1 + (at - swap.new.1);
            }
            if at > swap.new.0 || (at == swap.new.0 && !is_end) {
                return if is_end { swap.old.1 } else { swap.old.0 };
            }
        }
        at
    }
}

/// Whether a name may be of a class: one that is listed as another alone is not.
fn leaves_open(subject: &Subject, class: AssetClass, context: &Context) -> bool {
    if subject.asset == Some(class) || subject.perpetual {
        return false;
    }
    let code = subject.symbol.as_str();
    let stated = symbol::stated(context.symbols, code).map(|ticker| ticker.asset);
    match (stated, class) {
        // A coin and a share have this name.
        (Some(None), _) => true,
        (Some(Some(AssetClass::Equity)), AssetClass::Crypto) => !context.symbols.lists(code),
        _ => false,
    }
}

/// What is meant where a message leaves it open.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Defaults {
    pub(super) asset: Option<AssetClass>,
    pub(super) expiry: Option<ExpiryRule>,
}

impl Defaults {
    pub(super) const fn is_empty(&self) -> bool {
        self.asset.is_none() && self.expiry.is_none()
    }

    /// Fills in what a trade leaves open, and says so.
    pub(super) fn complete(&self, reading: &mut Reading, context: &Context) {
        let Verdict::Trade { instructions } = &mut reading.verdict else {
            return;
        };
        let word = match self.expiry {
            Some(ExpiryRule::SameDay) => "today",
            Some(ExpiryRule::SameWeek) => "friday",
            None => "",
        };
        let day = expiry::relative(word, context.posted_at);
        for instruction in instructions {
            let opens = instruction.action.opens();
            let Some(subject) = instruction.subject.as_mut() else {
                continue;
            };
            let mut said = None;
            let class = self.asset.filter(|class| leaves_open(subject, *class, context));
            match (&mut subject.option, class) {
                (Some(option), _) if opens && option.expiry.is_none() && day.is_some() => {
                    option.expiry = day;
                    said = Some("no expiry is stated: the provider's usual one is meant".to_owned());
                }
                (None, Some(asset)) => {
                    subject.asset = Some(asset);
                    let (symbol, class) = (&subject.symbol, asset.code());
                    said = Some(format!("{symbol} is {class}, as usual with this provider"));
                }
                _ => {}
            }
            reading
                .reasons
                .extend(said.filter(|said| !reading.reasons.contains(said)));
        }
    }
}
