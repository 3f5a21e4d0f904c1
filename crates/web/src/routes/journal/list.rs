//! GET /journal: the own entries.

use axum::{Json, extract::State};
use ordercast_app::desk::journal;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    errors::ApiError,
    openapi::Reading,
    request::Query,
    session::Login,
    state::App,
    view::{
        journal::JournalView,
        page::{Page, PageQuery},
    },
};

/// Which entries.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct JournalQuery {
    /// A kind (`fill.booked`), or a group ending in a point (`order.`).
    #[param(example = "order.")]
    pub kind: Option<String>,
    /// Rows of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// The own entries, newest first, with their hashes.
#[utoipa::path(get, path = "/journal", tag = "journal", params(JournalQuery),
    responses((status = 200, body = Page<JournalView>), Reading))]
pub async fn list_journal(
    State(app): State<App>,
    login: Login,
    Query(query): Query<JournalQuery>,
) -> Result<Json<Page<JournalView>>, ApiError> {
    let page = PageQuery {
        limit: query.limit,
        cursor: query.cursor,
    };
    let cut = page.checked()?;
    let wrong = || ApiError::malformed("cursor", "expected the next_cursor of an earlier page".to_owned());
    let before = cut
        .after
        .as_deref()
        .map(str::parse)
        .transpose()
        .map_err(|_| wrong())?;
    let rows = journal::list(
        &app.ctx,
        &login.user,
        before,
        query.kind.as_deref(),
        cut.store().limit,
    )
    .await?;
    Ok(Json(cut.page(
        rows,
        |entry| entry.seq.to_string(),
        JournalView::from,
    )))
}
