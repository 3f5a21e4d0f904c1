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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::{path::PathBuf, sync::Arc};

    use parquet::{
        basic::Compression,
        data_type::{
            ByteArray, ByteArrayType, DoubleType, FixedLenByteArray, FixedLenByteArrayType, FloatType,
            Int32Type, Int64Type,
        },
        file::{properties::WriterProperties, writer::SerializedFileWriter},
        schema::parser::parse_message_type,
    };

    use super::*;

    /// Values of one column.
    enum Values {
        Long(Vec<i64>),
        Int(Vec<i32>),
        Double(Vec<f64>),
        Float(Vec<f32>),
        Text(Vec<&'static str>),
        Fixed(Vec<[u8; 16]>),
    }
    use Values::{Double, Fixed, Float, Int, Long, Text};

    /// 2026-03-02T14:30:00Z and a minute later, seconds.
    const TIMES: [i64; 2] = [1_772_461_800, 1_772_461_860];

    fn long(factor: i64) -> Values {
        Long(TIMES.iter().map(|t| t * factor).collect())
    }

    fn prices() -> Vec<(&'static str, Values)> {
        vec![
            ("required double open", Double(vec![180.1, 180.25])),
            ("required double high", Double(vec![180.5, 180.75])),
            ("required double low", Double(vec![179.95, 180.0])),
            ("required double close", Double(vec![180.25, 180.3])),
        ]
    }

    /// Writes a file with these columns.
    fn write(folder: &Path, compression: Compression, columns: &[(&str, Values)]) -> PathBuf {
        let path = folder.join("AAPL.parquet");
        let fields: Vec<String> = columns.iter().map(|(field, _)| format!("{field};")).collect();
        let schema = parse_message_type(&format!("message bars {{ {} }}", fields.join(" "))).unwrap();
        let properties = WriterProperties::builder().set_compression(compression).build();
        let file = File::create(&path).unwrap();
        let mut writer = SerializedFileWriter::new(file, Arc::new(schema), Arc::new(properties)).unwrap();
        let mut group = writer.next_row_group().unwrap();
        for (_, values) in columns {
            let mut column = group.next_column().unwrap().unwrap();
            match values {
                Long(all) => column.typed::<Int64Type>().write_batch(all, None, None),
                Int(all) => column.typed::<Int32Type>().write_batch(all, None, None),
                Double(all) => column.typed::<DoubleType>().write_batch(all, None, None),
                Float(all) => column.typed::<FloatType>().write_batch(all, None, None),
                Text(all) => {
                    let all: Vec<ByteArray> = all.iter().map(|t| ByteArray::from(*t)).collect();
                    column.typed::<ByteArrayType>().write_batch(&all, None, None)
                }
                Fixed(all) => {
                    let all: Vec<FixedLenByteArray> =
                        all.iter().map(|b| ByteArray::from(b.to_vec()).into()).collect();
                    column
                        .typed::<FixedLenByteArrayType>()
                        .write_batch(&all, None, None)
                }
            }
            .unwrap();
            column.close().unwrap();
        }
        group.close().unwrap();
        writer.close().unwrap();
        path
    }

    fn bars(columns: &[(&str, Values)]) -> Result<Vec<String>, String> {
        bars_in(Compression::UNCOMPRESSED, columns)
    }

    fn bars_in(compression: Compression, columns: &[(&str, Values)]) -> Result<Vec<String>, String> {
        let folder = tempfile::tempdir().unwrap();
        let read = read(&write(folder.path(), compression, columns)).map_err(|e| e.to_string())?;
        let told = |b: &Bar| format!("{} {} {} {} {}", b.at, b.open, b.high, b.low, b.close);
        Ok(read.iter().map(told).collect())
    }

    const WANT: [&str; 2] = [
        "2026-03-02T14:30:00.000000Z 180.1 180.5 179.95 180.25",
        "2026-03-02T14:31:00.000000Z 180.25 180.75 180 180.3",
    ];

    #[test]
    fn times_are_read_as_people_keep_them() {
        let texts = Text(vec!["2026-03-02 14:30:00", "2026-03-02T14:31:00Z"]);
        let minutes = |unit: &str| format!("required int64 time (TIMESTAMP({unit},true))");
        let (ms, us, ns) = (minutes("MILLIS"), minutes("MICROS"), minutes("NANOS"));
        for (field, values) in [
            (ms.as_str(), long(1_000)),
            (us.as_str(), long(1_000_000)),
            (ns.as_str(), long(1_000_000_000)),
            (
                "required int64 timestamp (TIMESTAMP(MICROS,false))",
                long(1_000_000),
            ),
            ("required int64 open_time (TIMESTAMP_MILLIS)", long(1_000)),
            ("required int64 t", long(1)),
            ("required int64 ts", long(1_000)),
            (
                "required int32 time",
                Int(TIMES.map(|t| i32::try_from(t).unwrap()).to_vec()),
            ),
            ("required binary date (STRING)", texts),
            (
                "required int64 __index_level_0__ (TIMESTAMP(NANOS,true))",
                long(1_000_000_000),
            ),
        ] {
            let mut columns = vec![(field, values)];
            columns.extend(prices());
            assert_eq!(bars(&columns).unwrap(), WANT, "{field}");
        }
        // Dates: a bar a day.
        let mut columns = vec![("required int32 date (DATE)", Int(vec![20_514, 20_515]))];
        columns.extend(prices());
        let days = bars(&columns).unwrap();
        assert!(days[0].starts_with("2026-03-02T00:00:00") && days[1].starts_with("2026-03-03T00:00:00"));
    }

    #[test]
    fn prices_are_read_as_people_keep_them() {
        let cents = |all: [i64; 2]| Long(all.to_vec());
        let wide = |all: [i128; 2]| Fixed(all.map(i128::to_be_bytes).to_vec());
        let texts = |all: [&'static str; 2]| Text(all.to_vec());
        type Kind<'a> = (&'a str, Box<dyn Fn([f64; 2]) -> Values>);
        #[allow(clippy::cast_possible_truncation, reason = "figures of the test")]
        let kinds: [Kind<'_>; 5] = [
            ("double NAME", Box::new(|all| Double(all.to_vec()))),
            (
                "float NAME",
                Box::new(|all| Float(all.map(|v| v as f32).to_vec())),
            ),
            (
                "int64 NAME (DECIMAL(18,4))",
                Box::new(move |all| cents(all.map(|v| (v * 10_000.0).round() as i64))),
            ),
            (
                "fixed_len_byte_array(16) NAME (DECIMAL(38,10))",
                Box::new(move |all| wide(all.map(|v| (v * 10_000.0).round() as i128 * 1_000_000))),
            ),
            (
                "binary NAME (STRING)",
                Box::new(move |all| texts(all.map(|v| &*Box::leak(v.to_string().into_boxed_str())))),
            ),
        ];
        for (kind, values) in kinds {
            let figures = [[180.1, 180.25], [180.5, 180.75], [179.95, 180.0], [180.25, 180.3]];
            let names = ["Open", "High", "Low", "Close"];
            let fields: Vec<String> = names
                .iter()
                .map(|name| format!("required {}", kind.replace("NAME", name)))
                .collect();
            let mut columns = vec![("required int64 time", long(1))];
            for (field, figure) in fields.iter().zip(figures) {
                columns.push((field.as_str(), values(figure)));
            }
            columns.push(("required double volume", Double(vec![1.0, 2.0])));
            assert_eq!(bars(&columns).unwrap(), WANT, "{kind}");
        }
    }

    #[test]
    fn compressed_files_are_read() {
        for compression in [Compression::SNAPPY, Compression::ZSTD(Default::default())] {
            let mut columns = vec![("required int64 time", long(1))];
            columns.extend(prices());
            assert_eq!(bars_in(compression, &columns).unwrap(), WANT, "{compression:?}");
        }
    }

    fn check_refused(columns: &[(&str, Values)], parts: &[&str]) {
        let why = bars(columns).unwrap_err();
        for part in ["AAPL.parquet"].iter().chain(parts) {
            assert!(why.contains(part), "{part:?} is not in {why:?}");
        }
    }

    #[test]
    fn what_is_no_bar_is_refused_by_file_and_column() {
        let with = |time: (&'static str, Values), place: usize, column: (&'static str, Values)| {
            let mut columns = vec![time];
            columns.extend(prices());
            columns[place + 1] = column;
            columns
        };
        let good = || ("required int64 time", long(1));
        let two = |a, b| Double(vec![a, b]);
        check_refused(&prices(), &["column time is missing"]);
        check_refused(
            &with(good(), 3, ("required double last", two(1.0, 1.0))),
            &["column close is missing"],
        );
        check_refused(
            &with(good(), 0, ("required double open", two(180.1, f64::NAN))),
            &["row 2", "open"],
        );
        check_refused(
            &with(good(), 2, ("required double low", two(0.0, 180.0))),
            &["row 1", "low", "above 0"],
        );
        check_refused(
            &with(good(), 1, ("required double high", two(180.5, 179.0))),
            &["row 2", "high"],
        );
        check_refused(
            &with(
                good(),
                0,
                ("required binary open (STRING)", Text(vec!["180.1", "n/a"])),
            ),
            &["row 2", "open", "n/a"],
        );
        check_refused(
            &with(
                ("required double time", two(1.0, 2.0)),
                0,
                ("required double open", two(180.1, 180.25)),
            ),
            &["row 1", "time"],
        );
        check_refused(
            &with(
                ("required int64 time", Long(vec![TIMES[0]; 2])),
                0,
                ("required double open", two(180.1, 180.25)),
            ),
            &["row 2", "time", "earlier row"],
        );
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("AAPL.parquet");
        for bytes in [&b""[..], b"PAR1", b"time,open,high,low,close\n"] {
            std::fs::write(&path, bytes).unwrap();
            let why = read(&path).unwrap_err().to_string();
            assert!(why.contains("AAPL.parquet"), "{why}");
        }
    }
}
