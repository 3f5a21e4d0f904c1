//! A page of a list: its rows and the opaque cursor of the next.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use ordercast_model::ports::store::Page as StorePage;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::errors::ApiError;

/// Rows of a page when the caller does not say.
const LIMIT_DEFAULT: u32 = 50;
/// Most rows of a page.
const LIMIT_MAX: u32 = 200;

/// Which page of a list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// Rows of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl PageQuery {
    /// The page as the store takes it, with one row more than asked for, to see whether there is a next page.
    ///
    /// # Errors
    /// Names `limit` or `cursor` when it is out of range or not one of ours.
    pub fn checked(&self) -> Result<Cut, ApiError> {
        let limit = self.limit.unwrap_or(LIMIT_DEFAULT);
        if !(1..=LIMIT_MAX).contains(&limit) {
            return Err(ApiError::malformed(
                "limit",
                format!("expected 1 to {LIMIT_MAX}, got {limit}"),
            ));
        }
        let after = self.cursor.as_deref().map(open).transpose()?;
        Ok(Cut { limit, after })
    }
}

fn open(cursor: &str) -> Result<String, ApiError> {
    let wrong = || ApiError::malformed("cursor", "expected the next_cursor of an earlier page".to_owned());
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).map_err(|_| wrong())?;
    let text = String::from_utf8(bytes).map_err(|_| wrong())?;
    let plain = !text.is_empty() && text.len() <= 200 && text.bytes().all(|b| (0x20..0x7f).contains(&b));
    if plain { Ok(text) } else { Err(wrong()) }
}

/// A checked page.
#[derive(Debug, Clone)]
pub struct Cut {
    /// Rows asked for.
    pub limit: u32,
    /// Key of the last row of the page before.
    pub after: Option<String>,
}

impl Cut {
    /// As the store takes it.
    #[must_use]
    pub fn store(&self) -> StorePage {
        StorePage {
            after: self.after.clone(),
            limit: self.limit.saturating_add(1),
        }
    }
    /// The page of a list that is at hand as a whole, in an order that does not change. A row that is gone meanwhile
    /// is passed over when the list is newest first.
    pub fn whole<T, V>(
        &self,
        rows: impl IntoIterator<Item = T>,
        key: impl Fn(&T) -> String,
        view: impl Fn(T) -> V,
    ) -> Page<V> {
        let mut rows: Vec<T> = rows.into_iter().collect();
        if let Some(after) = &self.after {
            let stands = rows.iter().position(|row| key(row) == *after).map(|at| at + 1);
            let older = || rows.iter().position(|row| key(row) < *after);
            let start = stands.or_else(older).unwrap_or(rows.len());
            rows.drain(..start);
        }
        self.page(rows, key, view)
    }
    /// Cuts the extra row off and makes the cursor from the last row that stays.
    pub fn page<T, V>(&self, mut rows: Vec<T>, key: impl Fn(&T) -> String, view: impl Fn(T) -> V) -> Page<V> {
        let keep = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let more = rows.len() > keep;
        rows.truncate(keep);
        let next_cursor = rows
            .last()
            .filter(|_| more)
            .map(|row| BASE64_URL_SAFE_NO_PAD.encode(key(row)));
        Page {
            items: rows.into_iter().map(view).collect(),
            next_cursor,
        }
    }
}

/// A page of a list, newest first unless the route says otherwise.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Opaque; hand it back as `cursor` for the next page. Null on the last page.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// A page that ends where its source says; `next` is the key to go on after.
    #[must_use]
    pub fn ending(items: Vec<T>, next: Option<String>) -> Self {
        Self {
            items,
            next_cursor: next.map(|key| BASE64_URL_SAFE_NO_PAD.encode(key)),
        }
    }
}

/// A series that comes whole, such as the points of a curve or the bars of a chart.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct List<T> {
    /// The rows.
    pub items: Vec<T>,
}

impl<T> List<T> {
    /// Makes each row a view.
    pub fn of<R>(rows: impl IntoIterator<Item = R>) -> Self
    where
        T: From<R>,
    {
        Self {
            items: rows.into_iter().map(T::from).collect(),
        }
    }
}
