//! What each step came to and how long it took, as the table at the end and its closing line.

use std::fmt;
use std::time::Duration;

use super::step::Outcome;

/// The run so far.
#[derive(Default)]
pub struct Report {
    rows: Vec<(&'static str, Outcome, Duration)>,
}

impl Report {
    pub fn add(&mut self, name: &'static str, outcome: Outcome, took: Duration) {
        self.rows.push((name, outcome, took));
    }

    /// Whether this step ran and failed.
    pub fn failed(&self, name: &str) -> bool {
        self.rows
            .iter()
            .any(|(row, outcome, _)| *row == name && matches!(outcome, Outcome::Failed(_)))
    }

    pub fn is_green(&self) -> bool {
        !self
            .rows
            .iter()
            .any(|(_, outcome, _)| matches!(outcome, Outcome::Failed(_)))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut passed, mut failed, mut absent) = (0, 0, 0);
        let mut total = Duration::ZERO;
        for (name, outcome, took) in &self.rows {
            let (word, reason) = match outcome {
                Outcome::Passed => ("passed", ""),
                Outcome::Failed(reason) => ("FAILED", reason.as_str()),
                Outcome::Absent(reason) => ("absent", reason.as_str()),
            };
            match outcome {
                Outcome::Passed => passed += 1,
                Outcome::Failed(_) => failed += 1,
                Outcome::Absent(_) => absent += 1,
            }
            total += *took;
            let reason = reason.lines().next().unwrap_or_default();
            let row = format!("{name:<10} {word:<7} {:>8.1} s  {reason}", took.as_secs_f64());
            writeln!(out, "{}", row.trim_end())?;
        }
        writeln!(out, "{:<10} {:<7} {:>8.1} s\n", "total", "", total.as_secs_f64())?;
        write!(out, "steps: {passed} passed, {failed} failed")?;
        if absent > 0 {
            write!(out, ", {absent} skipped")?;
        }
        writeln!(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_is_not_passed_and_the_last_line_counts() {
        let mut report = Report::default();
        report.add("format", Outcome::Passed, Duration::from_millis(1250));
        report.add(
            "corpus",
            Outcome::Absent("no scorer yet".to_owned()),
            Duration::ZERO,
        );
        assert!(report.is_green());
        assert!(
            report
                .to_string()
                .ends_with("\nsteps: 1 passed, 0 failed, 1 skipped\n"),
            "{report}"
        );
        report.add(
            "lint",
            Outcome::Failed("one\ntwo".to_owned()),
            Duration::from_secs(3),
        );
        assert!(!report.is_green() && report.failed("lint") && !report.failed("format"));
        let text = report.to_string();
        assert!(text.contains("lint       FAILED       3.0 s  one\n"), "{text}");
        assert!(
            text.ends_with("\nsteps: 1 passed, 1 failed, 1 skipped\n"),
            "{text}"
        );
    }
}
