//! Says what was measured and on what: both figures, their ratio and the bar where there is one, for people or as JSON.

use std::{io::Write, process::ExitCode, time::Duration};

use anyhow::Result;
use serde::Serialize;

use crate::machine::Machine;

/// What a ratio should not exceed, in words and in hundredths.
pub(crate) type Bar = (&'static str, u128);

/// One comparison.
#[derive(Debug, Serialize)]
pub(crate) struct Ratio {
    /// What is compared.
    pub(crate) what: String,
    /// Ours, nanoseconds.
    pub(crate) ours_ns: u128,
    /// The peer's or the floor's, nanoseconds.
    pub(crate) other_ns: u128,
    /// How many times as long as the other ours takes.
    pub(crate) ratio: String,
    /// What the ratio should not exceed, where that was set.
    pub(crate) bar: Option<&'static str>,
    /// Whether it does not.
    pub(crate) met: Option<bool>,
}

/// Figures that are no ratio.
#[derive(Debug, Serialize)]
pub(crate) struct Table {
    pub(crate) title: String,
    pub(crate) columns: Vec<&'static str>,
    pub(crate) rows: Vec<Vec<String>>,
}

/// One bench.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) name: &'static str,
    /// What the other side is.
    pub(crate) against: &'static str,
    pub(crate) ratios: Vec<Ratio>,
    pub(crate) tables: Vec<Table>,
    /// What both sides did, and where ours spends its time.
    pub(crate) notes: Vec<String>,
}

impl Ratio {
    /// Compares two times with a bar given in hundredths.
    pub(crate) fn of(what: impl Into<String>, ours: Duration, other: Duration, bar: Option<Bar>) -> Self {
        let (ours_ns, other_ns) = (ours.as_nanos(), other.as_nanos().max(1));
        let ratio = ours_ns.saturating_mul(100) / other_ns;
        Self {
            what: what.into(),
            ours_ns,
            other_ns,
            ratio: format!("{}.{:02}", ratio / 100, ratio % 100),
            bar: bar.map(|(words, _)| words),
            met: bar.map(|(_, hundredths)| ratio <= hundredths),
        }
    }
}

fn span(ns: u128) -> String {
    match ns {
        0..10_000 => format!("{ns} ns"),
        10_000..1_000_000 => format!("{}.{} µs", ns / 1_000, ns % 1_000 / 100),
        _ => format!("{}.{:02} ms", ns / 1_000_000, ns % 1_000_000 / 10_000),
    }
}

#[derive(Serialize)]
struct All<'a> {
    machine: &'a Machine,
    benches: &'a [Report],
}

/// Prints everything measured.
///
/// # Errors
/// When standard output is closed.
pub(crate) fn print(machine: &Machine, reports: &[Report], json: bool) -> Result<()> {
    let mut out = std::io::stdout().lock();
    if json {
        let all = All {
            machine,
            benches: reports,
        };
        writeln!(out, "{}", serde_json::to_string_pretty(&all)?)?;
        return Ok(());
    }
    writeln!(out, "{}", machine.told())?;
    for report in reports {
        writeln!(out, "{} (against {})", report.name, report.against)?;
        for ratio in &report.ratios {
            write_ratio(&mut out, ratio)?;
        }
        for table in &report.tables {
            write_table(&mut out, table)?;
        }
        for note in &report.notes {
            writeln!(out, "    {note}")?;
        }
    }
    Ok(())
}

fn write_ratio(out: &mut impl Write, ratio: &Ratio) -> Result<()> {
    let bar = match (ratio.bar, ratio.met) {
        (Some(bar), Some(true)) => format!("bar {bar} (met)"),
        (Some(bar), _) => format!("bar {bar} (not met)"),
        (None, _) => "no bar".to_owned(),
    };
    writeln!(
        out,
        "  {:<48} ours {:>10}   other {:>10}   ratio {:>6}   {bar}",
        ratio.what,
        span(ratio.ours_ns),
        span(ratio.other_ns),
        ratio.ratio
    )?;
    Ok(())
}

fn write_table(out: &mut impl Write, table: &Table) -> Result<()> {
    let width = |n: usize| {
        let cells = table.rows.iter().filter_map(|row| row.get(n));
        let longest = cells.map(|cell| cell.chars().count()).max().unwrap_or(0);
        longest.max(table.columns.get(n).map_or(0, |name| name.chars().count()))
    };
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        let padded: Vec<String> = cells
            .enumerate()
            .map(|(n, cell)| format!("{cell:>width$}", width = width(n)))
            .collect();
        padded.join("  ")
    };
    writeln!(out, "  {}", table.title)?;
    writeln!(out, "    {}", line(&mut table.columns.iter().copied()))?;
    for row in &table.rows {
        writeln!(out, "    {}", line(&mut row.iter().map(String::as_str)))?;
    }
    Ok(())
}

/// A word to whoever waits, beside the answer.
#[expect(clippy::print_stderr, reason = "a bench of minutes says where it is")]
pub(crate) fn progress(words: &str) {
    eprintln!("bench: {words}");
}

/// The last word when a peer did something else than we did.
#[expect(clippy::print_stderr, reason = "the last word of a failed command")]
pub(crate) fn fail(error: &anyhow::Error) -> ExitCode {
    eprintln!("bench: {error:#}");
    ExitCode::FAILURE
}
