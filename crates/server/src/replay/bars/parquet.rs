//! Reads bars from Parquet by the names of its columns. Floating point ends here: prices become decimals as written.

use std::{fs::File, path::Path};

use ordercast_model::time::Timestamp;
use ordercast_sim::history::bar::Bar;
use parquet::{
    file::reader::{FileReader, SerializedFileReader},
    record::{Field, Row},
};
use rust_decimal::Decimal;

use super::{
    BarsError, io,
    row::{self, Columns},
};

/// Days between 1970 and a date as Parquet counts them, in seconds.
const DAY: i64 = 86_400;

/// Reads a file.
///
/// # Errors
/// `BarsError`, with the row.
pub fn read(path: &Path) -> Result<Vec<Bar>, BarsError> {
    let file = File::open(path).map_err(|e| io(path, e))?;
    let reader = SerializedFileReader::new(file).map_err(|e| io(path, e))?;
    let schema = reader.metadata().file_metadata().schema();
    let names: Vec<&str> = schema.get_fields().iter().map(|f| f.name()).collect();
    let columns = Columns::find(&names).map_err(|why| io(path, why))?;
    let mut bars = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for (index, row) in reader.get_row_iter(None).map_err(|e| io(path, e))?.enumerate() {
        let wrong = |why: String| BarsError::Row {
            path: path.to_owned(),
            place: "row",
            number: index + 1,
            why,
        };
        let bar = row
            .map_err(|e| e.to_string())
            .and_then(|row| one(&row, columns))
            .map_err(wrong)?;
        if !seen.insert(bar.at) {
            return Err(wrong(format!(
                "time: {} stands in an earlier row already",
                bar.at
            )));
        }
        bars.push(bar);
    }
    Ok(bars)
}

fn field(row: &Row, place: usize) -> Option<&Field> {
    row.get_column_iter().nth(place).map(|(_, field)| field)
}

fn one(row: &Row, columns: Columns) -> Result<Bar, String> {
    let at = field(row, columns.time)
        .and_then(time)
        .ok_or("time: expected a timestamp, a date, a text or a number of seconds since 1970")?;
    let mut prices = [Decimal::ZERO; 4];
    for ((slot, place), name) in prices
        .iter_mut()
        .zip(columns.prices)
        .zip(["open", "high", "low", "close"])
    {
        let text = field(row, place).map(Field::to_string).unwrap_or_default();
        *slot = row::price(name, text.trim_matches('"'))?;
    }
    row::bar(at, prices)
}

fn time(field: &Field) -> Option<Timestamp> {
    match field {
        Field::TimestampMillis(n) => Some(Timestamp::from_millis(*n)),
        Field::TimestampMicros(n) => Some(Timestamp::from_micros(*n)),
        Field::Long(n) => row::epoch(*n),
        Field::Int(n) => row::epoch(i64::from(*n)),
        Field::UInt(n) => row::epoch(i64::from(*n)),
        Field::ULong(n) => row::epoch(i64::try_from(*n).ok()?),
        Field::Date(days) => Some(Timestamp::from_seconds(i64::from(*days) * DAY)),
        Field::Str(text) => row::time(text),
        _ => None,
    }
}
