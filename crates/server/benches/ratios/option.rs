//! What was asked for: which benches, in which sizes, told how. Refuses a word it does not know.

use anyhow::{Context, Result, bail, ensure};

/// A bench.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Name {
    Parser,
    Journal,
    Message,
    Fanout,
    Kill,
    Orders,
}

impl Name {
    const ALL: [Self; 6] = [
        Self::Parser,
        Self::Journal,
        Self::Message,
        Self::Fanout,
        Self::Kill,
        Self::Orders,
    ];
    /// As it is typed.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Parser => "parser",
            Self::Journal => "journal",
            Self::Message => "message",
            Self::Fanout => "fanout",
            Self::Kill => "kill",
            Self::Orders => "orders",
        }
    }
}

/// Everything asked for.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) names: Vec<Name>,
    pub(crate) json: bool,
    /// Followers of one provider, smallest first.
    pub(crate) accounts: Vec<usize>,
    /// Rounds instead of each bench's own number.
    pub(crate) rounds: Option<usize>,
}

/// Sizes of the fan-out when none are given.
const ACCOUNTS: [usize; 3] = [100, 1_000, 10_000];
/// More would not fit the queue between deciders and lanes at once.
const ACCOUNTS_MAX: usize = 20_000;

impl Options {
    /// Reads the command line.
    ///
    /// # Errors
    /// What was expected instead of a word or a number.
    pub(crate) fn read(arguments: impl Iterator<Item = String>) -> Result<Self> {
        let mut options = Self {
            names: Vec::new(),
            json: false,
            accounts: ACCOUNTS.to_vec(),
            rounds: None,
        };
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            let mut value = || {
                let next = arguments.next();
                next.with_context(|| format!("{argument}: expected a value behind it"))
            };
            match argument.as_str() {
                "--json" => options.json = true,
                "--accounts" => options.accounts = sizes(&value()?)?,
                "--rounds" => options.rounds = Some(number("--rounds", &value()?, 10_000)?),
                // What cargo itself adds.
                "--bench" => {}
                word => options.names.push(name(word)?),
            }
        }
        if options.names.is_empty() {
            options.names.extend(Name::ALL);
        }
        Ok(options)
    }
    /// How many rounds, of a bench that takes this many by itself.
    pub(crate) fn rounds_or(&self, own: usize) -> usize {
        self.rounds.unwrap_or(own)
    }
    /// The size nearest to this many accounts that is not beyond what was asked for.
    pub(crate) fn accounts_up_to(&self, own: usize) -> usize {
        self.accounts.last().map_or(own, |most| own.min(*most))
    }
}

fn name(word: &str) -> Result<Name> {
    if let Some(name) = Name::ALL.into_iter().find(|name| name.word() == word) {
        return Ok(name);
    }
    let known: Vec<&str> = Name::ALL.into_iter().map(Name::word).collect();
    bail!(
        "expected {}, --accounts N,N, --rounds N or --json, got {word:?}",
        known.join(", ")
    )
}

fn number(field: &str, text: &str, most: usize) -> Result<usize> {
    let found = text.trim().parse().ok().filter(|n| (1..=most).contains(n));
    found.with_context(|| format!("{field}: expected a number from 1 to {most}, got {text:?}"))
}

fn sizes(text: &str) -> Result<Vec<usize>> {
    let parts = text.split(',');
    let sizes: Vec<usize> = parts
        .map(|part| number("--accounts", part, ACCOUNTS_MAX))
        .collect::<Result<_>>()?;
    ensure!(
        sizes.is_sorted_by(|a, b| a < b),
        "--accounts: expected sizes that rise, got {text:?}"
    );
    Ok(sizes)
}
