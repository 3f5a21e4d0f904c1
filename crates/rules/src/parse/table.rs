//! Decides whether lines are a table, a row of field names over rows of values, and writes each row as fields with values.
//! Refuses tables that tell what became of trades.

use super::{
    item::{Item, Kind},
    vocabulary::{Cue, Label},
};

/// Fewer columns make no table.
const FEWEST: usize = 3;
/// More columns or rows are not looked at.
const MOST: usize = 24;

/// A field name with what numbers it: `TP1`.
struct Column {
    at: usize,
    length: usize,
    label: Label,
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
    let length = items.iter().skip(from).position(|i| i.newline());
    length.map_or(items.len(), |n| from + n)
}

/// The columns of a line that holds nothing but field names, a name first or among them; none where some name tells of
/// trades that are over.
fn header(items: &[Item], from: usize, to: usize) -> Option<Vec<Column>> {
    let mut names = items.iter().enumerate().take(to).skip(from);
    let first = names.clone().find(|(_, i)| !i.is('|'))?.1;
    let row = items.get(from..to)?;
    let fields = |i: &Item| matches!(i.kind, Kind::Mark(':' | '=' | '→') | Kind::Figure(_));
    if first.label().is_none() || !(FEWEST..2 * MOST).contains(&row.len()) || row.iter().any(fields) {
        return None;
    }
    let mut columns: Vec<Column> = Vec::with_capacity(8);
    let mut strange = false;
    names.try_for_each(|(at, item)| {
        match &item.kind {
            Kind::Cue(Cue::Label(label)) => columns.push(Column {
                at,
                length: 1,
                label: *label,
            }),
            Kind::Ordinal(_) => columns.last_mut()?.length += 1,
            Kind::Mark('|') => {}
            // What nobody orders: `EXIT`, `HIGH`, `P/L`.
            Kind::Cue(Cue::Verb(..)) | Kind::Word | Kind::Symbol(_) => strange = true,
            Kind::Cue(Cue::Filler | Cue::At | Cue::Guard(_)) if columns.len() > 1 => strange = true,
            Kind::Mark('/' | '-') if strange => {}
            _ => return None,
        }
        Some(())
    })?;
    let has = |label: Label| columns.iter().any(|c| c.label == label);
    if strange {
        let table = first.label() == Some(Label::Symbol) && to - from >= FEWEST && rows_below(items, to);
        columns.clear();
        return table.then_some(columns);
    }
    (columns.len() >= FEWEST && has(Label::Symbol) && has(Label::Entry)).then_some(columns)
}

/// The line below opens with a name and holds two numbers or more.
fn rows_below(items: &[Item], to: usize) -> bool {
    let row = items.get(to + 1..line_end(items, to + 1)).unwrap_or(&[]);
    let named = row
        .iter()
        .find(|i| !i.is('|'))
        .is_some_and(|i| i.symbol().is_some());
    named && row.iter().filter(|i| i.figure().is_some()).take(2).count() == 2
}

/// The names of as many columns as a row has cells: `STOP TARGET` is one name of a field or two columns.
fn fitted(items: &[Item], columns: &[Column], cells: usize) -> Option<Vec<Vec<Item>>> {
    const LONGEST: usize = 9;
    let joined = |c: &Column| {
        matches!(c.label, Label::Stop | Label::Entry)
            && c.length == 1
            && items.get(c.at).is_some_and(|i| i.to - i.from > LONGEST)
    };
    let split = columns.len() != cells;
    if split && columns.len() + columns.iter().filter(|c| joined(c)).count() != cells {
        return None;
    }
    let mut out = Vec::with_capacity(cells);
    for column in columns {
        let name = items.get(column.at..column.at + column.length)?.to_vec();
        let second = (split && joined(column)).then(|| {
            let mut second = name.clone();
            second
                .iter_mut()
                .for_each(|i| i.kind = Kind::Cue(Cue::Label(Label::Target)));
            second
        });
        out.push(name);
        out.extend(second);
    }
    Some(out)
}

/// Writes `SYM SIDE ENTRY` over `XLM LONG 0.402` as `SYM XLM SIDE LONG ENTRY 0.402`.
fn rewrite(items: &mut Vec<Item>, from: usize, to: usize, columns: &[Column]) {
    let told = columns.is_empty();
    let mut rows: Vec<Item> = Vec::with_capacity(items.len() * 2);
    let mut start = to + 1;
    for _ in 0..MOST {
        if start >= items.len() {
            break;
        }
        let end = line_end(items, start);
        let row = items.get(start..end).unwrap_or(&[]);
        let cells: Vec<&Item> = row.iter().filter(|i| !i.is('|')).collect();
        let rule = row.iter().all(|i| matches!(i.kind, Kind::Mark(_)));
        if !told && !rule {
            let plain = !cells.iter().any(|i| matches!(i.kind, Kind::Mark(_)));
            let Some(names) = fitted(items, columns, cells.len()).filter(|_| plain) else {
                break;
            };
            for (name, cell) in names.into_iter().zip(cells) {
                rows.extend(name);
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
