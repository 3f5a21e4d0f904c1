//! Counts what stands under which master key.

use std::collections::BTreeMap;

use ordercast_model::{
    connection::{Connection, Health},
    ports::store::{Page, Store, StoreError, SystemQuery, find_any},
    user::DataKey,
};

use super::SCOPE;

/// Rows read at once.
pub(super) const PAGE: u32 = 500;

/// How much stands under each version.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Survey {
    /// Data keys.
    pub data_keys: BTreeMap<u32, u64>,
    /// Credential fields of connections in use.
    pub fields: BTreeMap<u32, u64>,
    /// Credential fields of connections that are disabled: nothing opens them, nothing seals them anew.
    pub fields_disabled: BTreeMap<u32, u64>,
}

impl Survey {
    /// Counts. Safe to repeat; what is written meanwhile may be counted or not.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn of(store: &dyn Store) -> Result<Self, StoreError> {
        let mut survey = Self::default();
        let mut page = Page::first(PAGE);
        while let Some(rows) = data_keys(store, &mut page).await? {
            for row in rows {
                *survey.data_keys.entry(row.master_version).or_default() += 1;
            }
        }
        let mut page = Page::first(PAGE);
        while let Some(rows) = connections(store, &mut page).await? {
            for row in rows {
                let into = match row.health {
                    Health::Disabled => &mut survey.fields_disabled,
                    _ => &mut survey.fields,
                };
                for field in &row.credential {
                    *into.entry(field.master_version).or_default() += 1;
                }
            }
        }
        Ok(survey)
    }
    /// Data keys and fields in use that are not yet under `active`.
    #[must_use]
    pub fn behind(&self, active: u32) -> (u64, u64) {
        let sum = |of: &BTreeMap<u32, u64>| of.range(..active).map(|(_, count)| count).sum();
        (sum(&self.data_keys), sum(&self.fields))
    }
}

/// The next page of data keys; none at the end.
pub(super) async fn data_keys(
    store: &dyn Store,
    page: &mut Page,
) -> Result<Option<Vec<DataKey>>, StoreError> {
    let rows = find_any::<DataKey>(store, SCOPE, SystemQuery::DataKeys(page.clone())).await?;
    page.after = rows.last().map(|row| row.user_id.to_string());
    Ok((!rows.is_empty()).then_some(rows))
}

/// The next page of connections; none at the end.
pub(super) async fn connections(
    store: &dyn Store,
    page: &mut Page,
) -> Result<Option<Vec<Connection>>, StoreError> {
    let rows = find_any::<Connection>(store, SCOPE, SystemQuery::ConnectionsAll(page.clone())).await?;
    page.after = rows.last().map(|row| row.id.to_string());
    Ok((!rows.is_empty()).then_some(rows))
}
