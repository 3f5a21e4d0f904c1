//! Reads rows back and refuses what does not fit: a corrupt body, a body of another row, a row outside the scope.

use ordercast_model::{
    ports::store::{Row, StoreError, Table},
    tenant::TenantScope,
};

use crate::{
    dialect::Text,
    session::Session,
    value::{Kind, Value},
};

/// Columns of every question: `id, version, body`.
const COLUMNS: &[Kind] = &[Kind::Text, Kind::Number, Kind::Text];

fn row(table: Table, values: Vec<Value>) -> Result<Row, StoreError> {
    let mut values = values.into_iter();
    let mut next = || values.next().unwrap_or(Value::Text(None));
    let (id, version, body) = (next().into_text(), next().unsigned(), next().into_text());
    let row = Row::read(table, &id, &body)?;
    if (row.key().as_str(), row.version()) != (id.as_str(), version) {
        let why = format!("its body says {} at version {}", row.key(), row.version());
        return Err(StoreError::Corrupt {
            table: table.name(),
            id,
            why,
        });
    }
    Ok(row)
}

/// The rows that answer a text; with a scope, only those in its reach.
pub(crate) async fn rows<S: Session>(
    session: &mut S,
    scope: Option<&TenantScope>,
    (table, text, values): (Table, Text, Vec<Value>),
) -> Result<Vec<Row>, StoreError> {
    let found = session.fetch(text.sql(S::DIALECT), values, COLUMNS).await?;
    let mut out = Vec::with_capacity(found.len());
    for values in found {
        let row = row(table, values)?;
        if scope.is_none_or(|scope| row.owner().readable_by(scope)) {
            out.push(row);
        }
    }
    Ok(out)
}
