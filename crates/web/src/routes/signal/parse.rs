//! POST /signals/parse: what a text would be taken for.

use axum::extract::State;
use ordercast_app::desk::message;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    errors::ApiError, openapi::Writing, request::Json, session::Login, state::App,
    view::instruction::ReadingView,
};

/// A text to be read.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ParseBody {
    /// The message, at most 8,000 characters.
    #[schema(max_length = 8000)]
    pub text: String,
    /// The message it replies to.
    #[schema(max_length = 8000)]
    pub reply_to: Option<String>,
}

/// Reads a text as a message posted now would be read. Nothing is stored, nothing is traded.
#[utoipa::path(post, path = "/signals/parse", tag = "signals", request_body = ParseBody,
    responses((status = 200, body = ReadingView), Writing))]
pub async fn parse_text(
    State(app): State<App>,
    _: Login,
    Json(body): Json<ParseBody>,
) -> Result<axum::Json<ReadingView>, ApiError> {
    let reading = message::preview(&app.ctx, &body.text, body.reply_to.as_deref())?;
    Ok(axum::Json(ReadingView::from(&reading)))
}
