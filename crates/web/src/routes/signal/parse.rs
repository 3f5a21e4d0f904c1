//! POST /signals/parse: what a text would be taken for, and what would come of it.

use axum::extract::State;
use ordercast_app::{
    desk::{self, message},
    teach::{self, Heard, Meaning},
};
use ordercast_model::{ids::ProviderId, signal::profile::Profile};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    errors::ApiError,
    openapi::Writing,
    request::Json,
    session::Login,
    state::App,
    view::profile::{ParsedView, ProfileBody},
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
    /// Provider in whose way of writing it is read, by the provider and staff of its community; the answer then tells
    /// what you would have done.
    pub provider_id: Option<String>,
    /// A profile that is not saved, to be read with instead of the provider's.
    pub profile: Option<ProfileBody>,
}

/// Reads a text as a message posted now would be read. Nothing is stored, nothing is traded.
#[utoipa::path(post, path = "/signals/parse", tag = "signals", request_body = ParseBody,
    responses((status = 200, body = ParsedView), Writing))]
pub async fn parse_text(
    State(app): State<App>,
    login: Login,
    Json(body): Json<ParseBody>,
) -> Result<axum::Json<ParsedView>, ApiError> {
    let reply_to = body.reply_to.as_deref();
    let heard = match (&body.provider_id, body.profile) {
        (Some(id), profile) => {
            let id = desk::id::<ProviderId>(id)?;
            let profile = profile.map(Profile::from);
            teach::draft(&app.ctx, &login.user, id, profile.as_ref(), &body.text, reply_to).await?
        }
        (None, Some(_)) => {
            let expected = "expected the provider whose profile it is to be";
            return Err(ApiError::invalid("provider_id", expected));
        }
        (None, None) => Heard {
            meaning: Meaning {
                reading: message::preview(&app.ctx, &body.text, reply_to)?,
                profile: 0,
                template: None,
            },
            would: None,
        },
    };
    Ok(axum::Json(heard.into()))
}
