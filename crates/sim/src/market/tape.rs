//! Decides how a user's own CSV bars become a price path. Refuses a file with a bar that cannot be, by file and line.

use std::{
    fs,
    path::{Path, PathBuf},
};

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use ordercast_model::instrument::Instrument;

use crate::market::listing::Catalogue;

/// Steps of the market in which one bar is played, unless configured.
pub const TAPE_BAR_STEPS: u32 = 50;

/// Why a file of bars cannot be played.
#[derive(Debug, thiserror::Error)]
pub enum TapeError {
    /// The file or folder could not be read.
    #[error("{}: {source}", path.display())]
    Io {
        /// What was being read.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
    /// A line is not a bar.
    #[error("{}, line {line}: {problem}", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What was expected.
        problem: String,
    },
    /// Nothing to play.
    #[error("{}: expected at least two bars of time,open,high,low,close,volume", .0.display())]
    Empty(PathBuf),
    /// The file's name names no instrument.
    #[error("{}: expected a file name such as AAPL.csv or BTC-USD.csv", .0.display())]
    Name(PathBuf),
}

/// A price path read from bars.
#[derive(Debug, Clone, PartialEq)]
pub struct Tape {
    /// open, high, low, close
    bars: Vec<[f64; 4]>,
    steps: u32,
}

impl Tape {
    /// The price at a step: through each bar by way of its nearer extreme first. After the last bar it starts again.
    #[must_use]
    pub fn price(&self, step: u64) -> f64 {
        let per_bar = u64::from(self.steps.max(4));
        let index = usize::try_from(step / per_bar).unwrap_or(0) % self.bars.len().max(1);
        let Some([open, high, low, close]) = self.bars.get(index).copied() else {
            return 1.0;
        };
        let path = if high - open <= open - low {
            [open, high, low, close]
        } else {
            [open, low, high, close]
        };
        let at = (step % per_bar) as f64 * 3.0 / (per_bar - 1) as f64;
        let leg = (at as usize).min(2);
        let (from, to) = (path[leg], path[leg + 1]);
        from + (to - from) * (at - leg as f64)
    }
    /// Standard deviation of the bars' returns, for spreads and options; never below 0.2 %.
    #[must_use]
    pub fn volatility(&self) -> f64 {
        let returns: Vec<f64> = self.bars.windows(2).map(|w| (w[1][3] / w[0][3]).ln()).collect();
        let count = returns.len().max(1) as f64;
        let mean = returns.iter().sum::<f64>() / count;
        (returns.iter().map(|r| (r - mean).powi(2)).sum::<f64>() / count)
            .sqrt()
            .clamp(0.002, 0.2)
    }
    /// Reads one file.
    ///
    /// # Errors
    /// `TapeError`, with file and line.
    pub fn read(path: &Path, steps: u32) -> Result<Self, TapeError> {
        let text = fs::read_to_string(path).map_err(|source| TapeError::Io {
            path: path.to_owned(),
            source,
        })?;
        let mut bars = Vec::new();
        let mut last: Option<i64> = None;
        for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            let wrong = |problem: String| TapeError::Line {
                path: path.to_owned(),
                line: index + 1,
                problem,
            };
            let fields: Vec<&str> = line.split(',').map(|f| f.trim().trim_matches('"')).collect();
            if line.trim().is_empty() || (index == 0 && time_of(fields[0]).is_none()) {
                continue;
            }
            let [time, prices @ .., _] = fields.as_slice() else {
                return Err(wrong("expected time,open,high,low,close,volume".to_owned()));
            };
            if prices.len() != 4 {
                return Err(wrong(format!("expected 6 fields, got {}", fields.len())));
            }
            let at = time_of(time).ok_or_else(|| {
                wrong(format!(
                    "time: expected RFC 3339, YYYY-MM-DD[ HH:MM:SS] or seconds since 1970, got {time:?}"
                ))
            })?;
            if last.is_some_and(|l| l >= at) {
                return Err(wrong(
                    "time: expected a later time than the line before".to_owned(),
                ));
            }
            last = Some(at);
            let mut bar = [0.0; 4];
            for ((slot, text), name) in bar.iter_mut().zip(prices).zip(["open", "high", "low", "close"]) {
                *slot = text
                    .parse::<f64>()
                    .ok()
                    .filter(|p| p.is_finite() && *p > 0.0)
                    .ok_or_else(|| wrong(format!("{name}: expected a price above 0, got {text:?}")))?;
            }
            let [open, high, low, close] = bar;
            if high < open.max(close) || low > open.min(close) {
                return Err(wrong(
                    "high and low: expected them around open and close".to_owned(),
                ));
            }
            bars.push(bar);
        }
        if bars.len() < 2 {
            return Err(TapeError::Empty(path.to_owned()));
        }
        Ok(Self { bars, steps })
    }
    /// Reads a file, or every `*.csv` of a folder; each is named after its instrument (`AAPL.csv`, `BTC-USD.csv`).
    ///
    /// # Errors
    /// `TapeError`.
    pub fn load(path: &Path, steps: u32) -> Result<Vec<(String, Self)>, TapeError> {
        let io = |source| TapeError::Io {
            path: path.to_owned(),
            source,
        };
        let mut files = Vec::new();
        if fs::metadata(path).map_err(io)?.is_dir() {
            for entry in fs::read_dir(path).map_err(io)? {
                files.push(entry.map_err(io)?.path());
            }
            files.retain(|f| f.extension().is_some_and(|e| e.eq_ignore_ascii_case("csv")));
            files.sort();
        } else {
            files.push(path.to_owned());
        }
        if files.is_empty() {
            return Err(TapeError::Empty(path.to_owned()));
        }
        let named = |file: PathBuf| {
            let stem = file
                .file_stem()
                .and_then(|s| s.to_str())
                .map(str::to_ascii_uppercase);
            let name = stem.ok_or_else(|| TapeError::Name(file.clone()))?;
            Ok((name, Self::read(&file, steps)?))
        };
        files.into_iter().map(named).collect()
    }
}

/// What a file of bars is named after: a listing in any spelling, or a new equity or coin against dollars.
#[must_use]
pub fn instrument(catalogue: &Catalogue, name: &str) -> Option<Instrument> {
    if let Ok(known) = catalogue.resolve(name) {
        return Some(known);
    }
    match name.replace(['-', '_'], "/").parse() {
        Ok(Instrument::Equity { symbol }) => Some(Instrument::Equity { symbol }),
        Ok(Instrument::Crypto { base, quote }) if quote == "USD" || quote == "USDT" => {
            Some(Instrument::Crypto {
                base,
                quote: "USD".to_owned(),
            })
        }
        _ => None,
    }
}

fn time_of(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(number) = text.parse::<i64>() {
        return (number > 100_000_000).then_some(if number > 100_000_000_000 {
            number / 1_000
        } else {
            number
        });
    }
    DateTime::parse_from_rfc3339(text)
        .map(|t| t.timestamp())
        .or_else(|_| {
            NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").map(|t| t.and_utc().timestamp())
        })
        .or_else(|_| {
            NaiveDate::parse_from_str(text, "%Y-%m-%d")
                .map(|d| d.and_time(chrono::NaiveTime::MIN).and_utc().timestamp())
        })
        .ok()
}
