//! GET /connections/oauth/{kind}/start and /connections/oauth/callback: connecting an account on the broker's own page. What
//! goes wrong on the way back is told on a page, in plain words.

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use ordercast_app::{
    desk::{
        DeskError,
        authorise::{self, Failed},
        connect::NewConnection,
    },
    identity::IdentityError,
    oauth::Turned,
};
use ordercast_model::{connection::Mode, limits::LossAction};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    errors::ApiError,
    openapi::Writing,
    request::Query,
    routes::auth::discord::{Back, page},
    session::{From, Login},
    state::App,
    view::code,
};

const TITLE: &str = "Connect a broker";

/// The connection that is to come of it.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Wish {
    /// `paper` or `live`.
    #[param(value_type = code::Mode)]
    pub mode: Mode,
    /// Name, 1 to 40 characters.
    pub label: String,
    /// `LIVE`, when real money is to be traded.
    pub confirm: Option<String>,
    /// True once it is understood that the broker does not tell what else the token may do; asked for with real money only.
    #[serde(default)]
    pub rights_unread: bool,
    /// What a tripped daily loss does; wanted with the first real money only.
    #[param(value_type = Option<code::LossAction>)]
    pub daily_loss_action: Option<LossAction>,
}

/// Where to.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuthorizeView {
    /// The broker's page.
    pub authorize_url: String,
}

/// Sends the user to the broker's page, or gives its address where JSON is asked for. Real money needs a session that was
/// stepped up. Answers 404 for brokers that are not set up for this.
#[utoipa::path(get, path = "/connections/oauth/{kind}/start", tag = "connections",
    params(("kind" = String, Path, description = "Code of the broker"), Wish),
    responses((status = 200, body = AuthorizeView), (status = 303, description = "To the broker's page"), Writing))]
pub async fn begin_authorisation(
    State(app): State<App>,
    login: Login,
    headers: HeaderMap,
    Path(kind): Path<String>,
    Query(wish): Query<Wish>,
) -> Result<Response, ApiError> {
    let new = NewConnection {
        broker: kind,
        mode: wish.mode,
        label: wish.label,
        cash: None,
        credential: None,
        default_for: None,
        confirm: wish.confirm,
        rights_unread: wish.rights_unread,
        daily_loss_action: wish.daily_loss_action,
    };
    let url = authorise::leave(&app.ctx, &login.user, &login.session, new).await?;
    let accept = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok());
    if accept.is_some_and(|kinds| kinds.contains("application/json")) {
        return Ok(Json(AuthorizeView { authorize_url: url }).into_response());
    }
    Ok(Redirect::to(&url).into_response())
}

/// Takes the code that the broker hands back and connects the account. Every state and code works once, within five minutes,
/// in the session that left.
#[utoipa::path(get, path = "/connections/oauth/callback", tag = "connections", params(Back),
    responses((status = 303, description = "Connected: to the page of the brokers"),
        (status = 410, description = "A page: used before, or too late"), Writing))]
pub async fn finish_authorisation(
    State(app): State<App>,
    login: Login,
    From(caller): From,
    Query(back): Query<Back>,
) -> Response {
    let Some(back) = back.into_return() else {
        return explain(&Turned::Unknown.into());
    };
    match authorise::arrive(&app.ctx, &login.user, &login.session, back, &caller).await {
        Ok(_) => Redirect::to("/brokers").into_response(),
        Err(failed) => explain(&failed),
    }
}

fn explain(failed: &Failed) -> Response {
    use StatusCode as S;
    let (status, what) = match failed {
        Failed::Turned(turned) => return turned_away(turned),
        Failed::Desk(DeskError::Invalid { message, .. } | DeskError::Conflict(message) | DeskError::Plan(message)) => {
            (S::UNPROCESSABLE_ENTITY, format!("The account was not connected: {message}."))
        }
        Failed::Desk(DeskError::Forbidden(message)) => {
            (S::FORBIDDEN, format!("The account was not connected: {message}."))
        }
        Failed::Desk(DeskError::Identity(IdentityError::StepUp { .. })) => (
            S::FORBIDDEN,
            "Your second factor was shown too long ago. Show it again in the dashboard and connect once more.".to_owned(),
        ),
        Failed::Desk(DeskError::Unavailable(_)) => (
            S::SERVICE_UNAVAILABLE,
            "The broker does not answer just now. Connect again in a minute.".to_owned(),
        ),
        Failed::Desk(error) => {
            tracing::error!(%error, "connecting on a broker's page");
            (
                S::SERVICE_UNAVAILABLE,
                "The program cannot answer just now. Look at your brokers before you try again.".to_owned(),
            )
        }
    };
    page(status, TITLE, &what)
}

fn turned_away(turned: &Turned) -> Response {
    use StatusCode as S;
    let (status, what) = match turned {
        Turned::Off => (S::NOT_FOUND, "This broker is not set up for it."),
        Turned::Unknown => (
            S::NOT_FOUND,
            "This address is not known here. Connect again from the dashboard.",
        ),
        Turned::Stranger => (
            S::FORBIDDEN,
            "Another login of yours, or somebody else, began this. Connect again from the dashboard.",
        ),
        Turned::Used => (
            S::GONE,
            "This address was used before; each works once. Look at your brokers.",
        ),
        Turned::Late => (
            S::GONE,
            "It took longer than five minutes. Connect again from the dashboard.",
        ),
        Turned::Declined => (
            S::FORBIDDEN,
            "You did not allow it at the broker, so nothing was connected.",
        ),
        Turned::Refused(why) => {
            tracing::warn!(%why, "a broker refused a code");
            (
                S::FORBIDDEN,
                "The broker did not accept it. Connect again from the dashboard.",
            )
        }
        Turned::Away(why) => {
            tracing::warn!(%why, "a broker does not answer");
            (
                S::SERVICE_UNAVAILABLE,
                "The broker does not answer just now. Connect again in a minute.",
            )
        }
        Turned::Identity(error) => {
            tracing::error!(%error, "connecting on a broker's page");
            (S::SERVICE_UNAVAILABLE, "The program cannot answer just now.")
        }
    };
    page(status, TITLE, what)
}
