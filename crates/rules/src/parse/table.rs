//! Decides whether lines are a table, a row of field names over rows of values, and writes each row as fields with values.
//! Refuses tables that tell what became of trades.

use super::{
    item::{Item, Kind},
    vocabulary::{Cue, Label, Verb},
};

/// Fewer columns make no table.
const FEWEST: usize = 3;
/// More columns or rows are not looked at.
const MOST: usize = 24;

/// A field name with what numbers it: `TP1`.
struct Column {
    at: usize,
    length: usize,
    /// The column of a trade that is over: `EXIT`.
    left: bool,
}

/// Replaces a table by its rows written out; says whether the message held one.
pub(super) fn unfold(items: &mut Vec<Item>) {
    let mut from = 0;
    while from < items.len() {
        let to = line_end(items, from);
        if let Some(columns) = header(items, from, to) {
            return rewrite(items, from, to, &columns);
        }
        from = to + 1;
    }
}

fn line_end(items: &[Item], from: usize) -> usize {
    let length = items.iter().skip(from).position(|i| i.kind == Kind::Newline);
    length.map_or(items.len(), |n| from + n)
}

/// The columns of a line that holds nothing but field names, a name and an entry among them.
fn header(items: &[Item], from: usize, to: usize) -> Option<Vec<Column>> {
    let first = items.get(from)?;
    if !(first.label().is_some() || first.is('|')) || to - from > 2 * MOST {
        return None;
    }
    let mut columns: Vec<Column> = Vec::with_capacity(8);
    for (at, item) in items.iter().enumerate().take(to).skip(from) {
        match &item.kind {
            Kind::Cue(Cue::Label(_)) => columns.push(Column {
                at,
                length: 1,
                left: false,
            }),
            Kind::Cue(Cue::Verb(Verb::Close, _)) => columns.push(Column {
                at,
                length: 1,
                left: true,
            }),
            Kind::Ordinal(_) => columns.last_mut()?.length += 1,
            Kind::Mark('|' | '/') => {}
            _ if columns.iter().any(|c| c.left) => {}
            _ => return None,
        }
    }
    let has = |label: Label| {
        columns
            .iter()
            .any(|c| items.get(c.at).is_some_and(|i| i.label() == Some(label)))
    };
    (columns.len() >= FEWEST && has(Label::Symbol) && has(Label::Entry)).then_some(columns)
}

/// Writes `SYM SIDE ENTRY` over `XLM LONG 0.402` as `SYM XLM SIDE LONG ENTRY 0.402`.
fn rewrite(items: &mut Vec<Item>, from: usize, to: usize, columns: &[Column]) {
    let told = columns.iter().any(|c| c.left);
    let mut rows: Vec<Item> = Vec::with_capacity(items.len() * 2);
    let mut start = to + 1;
    for _ in 0..MOST {
        if start >= items.len() {
            break;
        }
        let end = line_end(items, start);
        let row = items.get(start..end).unwrap_or(&[]);
        let cells: Vec<&Item> = row
            .iter()
            .filter(|i| !matches!(i.kind, Kind::Mark('|')))
            .collect();
        let rule = row.iter().all(|i| matches!(i.kind, Kind::Mark(_)));
        if !told && !rule {
            if cells.len() != columns.len() || cells.iter().any(|i| matches!(i.kind, Kind::Mark(_))) {
                break;
            }
            for (column, cell) in columns.iter().zip(cells) {
                rows.extend_from_slice(items.get(column.at..column.at + column.length).unwrap_or(&[]));
                rows.push(cell.clone());
            }
            rows.extend(items.get(end).cloned());
        }
        start = end + 1;
    }
    if told || !rows.is_empty() {
        items.splice(from..start.min(items.len()), rows);
    }
}
