//! GET /me/notices: what the user was told, newest first.

use axum::{Json, extract::State};
use ordercast_app::notice::list::{self, Notice};
use ordercast_model::chat::Tone;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    errors::ApiError,
    openapi::Reading,
    request::Query,
    session::Login,
    state::App,
    view::{
        code,
        page::{Page, PageQuery},
        text,
    },
};

/// Something worth a word.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NoticeLine {
    /// Place of its entry in the journal.
    pub seq: u64,
    /// What it is about.
    #[schema(value_type = code::NoticeKind)]
    pub kind: &'static str,
    /// How it is meant.
    #[schema(value_type = code::NoticeTone)]
    pub tone: &'static str,
    /// One or two words.
    pub title: String,
    /// One sentence.
    pub text: String,
    /// When.
    pub at: String,
    /// Order it is about.
    #[schema(required)]
    pub order_id: Option<String>,
    /// Signal it goes back to.
    #[schema(required)]
    pub signal_id: Option<String>,
}

impl From<Notice> for NoticeLine {
    fn from(notice: Notice) -> Self {
        Self {
            seq: notice.seq,
            kind: notice.sort.code(),
            tone: match notice.tone {
                Tone::Plain => "plain",
                Tone::Good => "good",
                Tone::Care => "care",
                Tone::Bad => "bad",
            },
            title: notice.title.to_owned(),
            text: notice.text,
            at: notice.at.to_string(),
            order_id: text(notice.order),
            signal_id: text(notice.signal),
        }
    }
}

/// Fills, refusals, limits and outages of the user, newest first, whether or not they are told in private as well. A page
/// may be shorter than asked for; `next_cursor` says where to go on.
#[utoipa::path(get, path = "/me/notices", tag = "me", params(PageQuery),
    responses((status = 200, body = Page<NoticeLine>), Reading))]
pub async fn list_notices(
    State(app): State<App>,
    login: Login,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<NoticeLine>>, ApiError> {
    let cut = query.checked()?;
    let wrong = || ApiError::malformed("cursor", "expected the next_cursor of an earlier page".to_owned());
    let before = cut
        .after
        .as_deref()
        .map(str::parse)
        .transpose()
        .map_err(|_| wrong())?;
    let found = list::list(&app.ctx, &login.user, before, cut.limit as usize).await;
    let found = found.map_err(|error| ApiError::Unavailable(error.to_string()))?;
    let items = found.items.into_iter().map(NoticeLine::from).collect();
    Ok(Json(Page::ending(items, found.next.map(|seq| seq.to_string()))))
}
