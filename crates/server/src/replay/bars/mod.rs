//! Reads recorded prices: a folder with one CSV or Parquet file for each instrument, named after it. Refuses a bar that
//! cannot be, by file and line.

mod csv;
mod parquet;
mod row;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use ordercast_model::instrument::Instrument;
use ordercast_sim::{
    history::bar::{Bar, Series},
    market::{listing::Catalogue, tape},
};

/// Endings of a file's name that tell the length of its bars, not its instrument.
const LENGTHS: [&str; 14] = [
    "1M", "1MIN", "5M", "5MIN", "15M", "15MIN", "30M", "30MIN", "1H", "4H", "60M", "1D", "DAILY", "MINUTE",
];

/// Recorded prices by instrument.
pub type Bars = BTreeMap<Instrument, Series>;

/// Why bars cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BarsError {
    /// The file or folder cannot be read.
    #[error("{}: {why}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// The system's words.
        why: String,
    },
    /// A line is not a bar.
    #[error("{}, {place} {number}: {why}", path.display())]
    Row {
        /// Which file.
        path: PathBuf,
        /// `line` or `row`.
        place: &'static str,
        /// Counted from 1.
        number: usize,
        /// What was expected.
        why: String,
    },
    /// A file has no bar.
    #[error("{}: expected bars with the columns time, open, high, low, close", .0.display())]
    Empty(PathBuf),
    /// The folder has no file of bars.
    #[error("{}: expected files such as AAPL.csv, BTC-USD.parquet or AAPL261218C00150000.csv", .0.display())]
    Nothing(PathBuf),
    /// A name names nothing.
    #[error("{}: expected a file named after an instrument, such as AAPL.csv, BTC-USD.csv or AAPL261218C00150000.csv", .0.display())]
    Name(PathBuf),
    /// Two files of one instrument.
    #[error("{} and {}: both hold bars of {instrument}; expected one file for each instrument", first.display(), second.display())]
    Twice {
        /// One.
        first: PathBuf,
        /// The other.
        second: PathBuf,
        /// Of what.
        instrument: Instrument,
    },
}

fn io(path: &Path, why: impl ToString) -> BarsError {
    BarsError::Io {
        path: path.to_owned(),
        why: why.to_string(),
    }
}

/// Reads every `*.csv` and `*.parquet` of a folder, or one file.
///
/// # Errors
/// `BarsError`, with file and line.
pub fn load(path: &Path) -> Result<Bars, BarsError> {
    let mut files = Vec::new();
    if fs::metadata(path).map_err(|e| io(path, e))?.is_dir() {
        for entry in fs::read_dir(path).map_err(|e| io(path, e))? {
            files.push(entry.map_err(|e| io(path, e))?.path());
        }
        files.retain(|f| kind(f).is_some());
        files.sort();
    } else {
        files.push(path.to_owned());
    }
    if files.is_empty() {
        return Err(BarsError::Nothing(path.to_owned()));
    }
    let catalogue = Catalogue::default();
    let mut all: BTreeMap<Instrument, (PathBuf, Series)> = BTreeMap::new();
    for file in files {
        let instrument = name(&catalogue, &file).ok_or_else(|| BarsError::Name(file.clone()))?;
        let bars = match kind(&file) {
            Some(Kind::Parquet) => parquet::read(&file)?,
            _ => csv::read(&file)?,
        };
        let series = series(&file, bars)?;
        if let Some((first, _)) = all.get(&instrument) {
            return Err(BarsError::Twice {
                first: first.clone(),
                second: file,
                instrument,
            });
        }
        all.insert(instrument, (file, series));
    }
    Ok(all.into_iter().map(|(i, (_, s))| (i, s)).collect())
}

fn series(file: &Path, bars: Vec<Bar>) -> Result<Series, BarsError> {
    Series::new(bars).ok_or_else(|| BarsError::Empty(file.to_owned()))
}

enum Kind {
    Csv,
    Parquet,
}

fn kind(file: &Path) -> Option<Kind> {
    match file.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "csv" => Some(Kind::Csv),
        "parquet" | "pq" => Some(Kind::Parquet),
        _ => None,
    }
}

/// The instrument a file is named after, with or without the length of its bars.
fn name(catalogue: &Catalogue, file: &Path) -> Option<Instrument> {
    let stem = file.file_stem()?.to_str()?.to_ascii_uppercase();
    let named = |text: &str| tape::instrument(catalogue, text);
    let short = stem
        .rsplit_once(['-', '_', '.', ' '])
        .filter(|(_, end)| LENGTHS.contains(end))
        .map(|(start, _)| start.to_owned());
    match short {
        Some(short) => named(&short).or_else(|| named(&short.replace('_', "-"))),
        None => named(&stem).or_else(|| named(&stem.replace('_', "-"))),
    }
}
