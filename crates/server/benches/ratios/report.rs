//! Says what was measured: both figures, their ratio and the bar, for people or as JSON.

use std::{io::Write, process::ExitCode, time::Duration};

use anyhow::Result;
use serde::Serialize;

/// One comparison.
#[derive(Debug, Serialize)]
pub(crate) struct Ratio {
    /// What is compared.
    pub(crate) what: &'static str,
    /// Ours, nanoseconds.
    pub(crate) ours_ns: u128,
    /// The peer's or the floor's, nanoseconds.
    pub(crate) other_ns: u128,
    /// How many times as long as the other ours takes.
    pub(crate) ratio: String,
    /// What the ratio should not exceed.
    pub(crate) bar: &'static str,
    /// Whether it does not.
    pub(crate) met: bool,
}

/// One bench.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) name: &'static str,
    /// What the other side is.
    pub(crate) against: &'static str,
    pub(crate) ratios: Vec<Ratio>,
    /// What both sides did, and where ours spends its time.
    pub(crate) notes: Vec<String>,
}

impl Ratio {
    /// Compares two times with a bar given in hundredths.
    pub(crate) fn of(
        what: &'static str,
        ours: Duration,
        other: Duration,
        (bar, hundredths): (&'static str, u128),
    ) -> Self {
        let (ours_ns, other_ns) = (ours.as_nanos(), other.as_nanos().max(1));
        let ratio = ours_ns.saturating_mul(100) / other_ns;
        Self {
            what,
            ours_ns,
            other_ns,
            ratio: format!("{}.{:02}", ratio / 100, ratio % 100),
            bar,
            met: ratio <= hundredths,
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

/// Prints everything measured.
///
/// # Errors
/// When standard output is closed.
pub(crate) fn print(reports: &[Report], json: bool) -> Result<()> {
    let mut out = std::io::stdout().lock();
    if json {
        writeln!(out, "{}", serde_json::to_string_pretty(reports)?)?;
        return Ok(());
    }
    for report in reports {
        writeln!(out, "{} (against {})", report.name, report.against)?;
        for ratio in &report.ratios {
            writeln!(
                out,
                "  {:<34} ours {:>10}   other {:>10}   ratio {:>6}   bar {} ({})",
                ratio.what,
                span(ratio.ours_ns),
                span(ratio.other_ns),
                ratio.ratio,
                ratio.bar,
                if ratio.met { "met" } else { "not met" }
            )?;
        }
        for note in &report.notes {
            writeln!(out, "    {note}")?;
        }
    }
    Ok(())
}

/// The last word when a peer did something else than we did.
#[expect(clippy::print_stderr, reason = "the last word of a failed command")]
pub(crate) fn fail(error: &anyhow::Error) -> ExitCode {
    eprintln!("bench: {error:#}");
    ExitCode::FAILURE
}
