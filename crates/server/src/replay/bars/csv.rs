//! Reads bars from CSV: with a header in any order of columns, or without one.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
};

use ordercast_model::time::Timestamp;
use ordercast_sim::history::bar::Bar;
use rust_decimal::Decimal;

use super::{
    BarsError, io,
    row::{self, Columns},
};

/// Reads a file.
///
/// # Errors
/// `BarsError`, with the line.
pub fn read(path: &Path) -> Result<Vec<Bar>, BarsError> {
    let file = File::open(path).map_err(|e| io(path, e))?;
    let mut columns = None;
    let mut bars: Vec<Bar> = Vec::new();
    let mut times = std::collections::BTreeMap::new();
    for (index, line) in BufReader::new(file).lines().enumerate() {
        let wrong = |why: String| BarsError::Row {
            path: path.to_owned(),
            place: "line",
            number: index + 1,
            why,
        };
        let line = line.map_err(|e| wrong(e.to_string()))?;
        let line = line.trim_start_matches('\u{feff}').trim();
        if line.is_empty() {
            continue;
        }
        let cut = if line.contains(';') && !line.contains(',') {
            ';'
        } else {
            ','
        };
        let fields: Vec<&str> = line.split(cut).map(|f| f.trim().trim_matches('"')).collect();
        let Some(known) = columns else {
            if row::time(fields.first().copied().unwrap_or_default()).is_some() {
                columns = Some(Columns::USUAL);
                bars.push(one(&fields, Columns::USUAL).map_err(wrong)?);
                times.insert(bars.last().map_or_else(Timestamp::default, |b| b.at), index + 1);
            } else {
                columns = Some(Columns::find(&fields).map_err(wrong)?);
            }
            continue;
        };
        let bar = one(&fields, known).map_err(wrong)?;
        if let Some(before) = times.insert(bar.at, index + 1) {
            return Err(wrong(format!("time: {} stands in line {before} already", bar.at)));
        }
        bars.push(bar);
    }
    Ok(bars)
}

fn one(fields: &[&str], columns: Columns) -> Result<Bar, String> {
    let field = |at: usize, name: &str| {
        fields
            .get(at)
            .copied()
            .ok_or_else(|| format!("{name}: the line has {} fields only", fields.len()))
    };
    let text = field(columns.time, "time")?;
    let at = row::time(text).ok_or_else(|| {
        format!(
            "time: expected RFC 3339, YYYY-MM-DD[ HH:MM:SS] or seconds, milli-, micro- or nanoseconds since 1970, \
             got {text:?}"
        )
    })?;
    let mut prices = [Decimal::ZERO; 4];
    for ((slot, place), name) in prices
        .iter_mut()
        .zip(columns.prices)
        .zip(["open", "high", "low", "close"])
    {
        *slot = row::price(name, field(place, name)?)?;
    }
    row::bar(at, prices)
}
