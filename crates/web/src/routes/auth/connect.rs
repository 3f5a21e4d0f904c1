//! GET and POST /link: the page behind the one-time link of `/connect`. Binds nothing by being opened: only the button,
//! pressed by somebody who is logged in, does, so that a link sent by a stranger takes nobody's account.

use axum::{
    Form,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use ordercast_app::{
    chat::link,
    identity::{self, IdentityError},
};
use ordercast_model::user::{Session, User};
use serde::Deserialize;

use crate::{
    gate,
    request::Query,
    session::{self, From},
    state::App,
};

/// The link's query.
#[derive(Debug, Deserialize)]
pub struct Ticket {
    /// The ticket.
    pub ticket: String,
}

/// What the button sends.
#[derive(Debug, Deserialize)]
pub struct Confirmed {
    /// The ticket.
    pub ticket: String,
    /// CSRF token of the session.
    pub token: String,
}

/// Shows who would be linked with what.
pub async fn show(
    State(app): State<App>,
    From(caller): From,
    headers: HeaderMap,
    Query(asked): Query<Ticket>,
) -> Response {
    let row = match link::look(&app.ctx, &asked.ticket).await {
        Ok(row) => row,
        Err(error) => return explain(&error),
    };
    let Some((user, session)) = login(&app, &caller, &headers).await else {
        let what = "Log in to the dashboard in this browser first, then open the link again. It works for five minutes.";
        return page(StatusCode::UNAUTHORIZED, what, "");
    };
    let what = format!(
        "The Discord account <b>{}</b> wants to give commands to the Ordercast account <b>{}</b>: buy, sell, close, stop. \
         Confirm only if you asked for this yourself with /connect a moment ago.",
        escaped(&row.name),
        escaped(&user.name)
    );
    let form = format!(
        "<form method=\"post\" action=\"/link\"><input type=\"hidden\" name=\"ticket\" value=\"{}\">\
         <input type=\"hidden\" name=\"token\" value=\"{}\"><button type=\"submit\">Link this Discord account</button></form>",
        escaped(&asked.ticket),
        session::csrf_token(&app.config, &session)
    );
    page(StatusCode::OK, &what, &form)
}

/// Links.
pub async fn confirm(
    State(app): State<App>,
    From(caller): From,
    headers: HeaderMap,
    Form(body): Form<Confirmed>,
) -> Response {
    let Some((user, session)) = login(&app, &caller, &headers).await else {
        return page(
            StatusCode::UNAUTHORIZED,
            "You are not logged in any more. Log in and open the link again.",
            "",
        );
    };
    let ours = gate::same_origin(&app.config, &headers).is_ok();
    if !ours || !session::csrf_fits(&app.config, &session, &body.token) {
        return page(
            StatusCode::FORBIDDEN,
            "This did not come from the page of the link. Open the link again.",
            "",
        );
    }
    match link::redeem(&app.ctx, user, &body.ticket, &caller).await {
        Ok(bound) => {
            let what = format!(
                "Done: your Discord account is linked with <b>{}</b>. Type /help in Discord to see what you can do there.",
                escaped(&bound.name)
            );
            page(StatusCode::OK, &what, "")
        }
        Err(error) => explain(&error),
    }
}

async fn login(app: &App, caller: &identity::Caller, headers: &HeaderMap) -> Option<(User, Session)> {
    let token = session::cookie_value(&app.config, headers)?;
    identity::authenticate(&app.ctx, token, caller).await.ok()
}

fn explain(error: &IdentityError) -> Response {
    let (status, what) = match error {
        IdentityError::TicketUsed => (
            StatusCode::GONE,
            "This link was used before. Type /connect in Discord for a new one.",
        ),
        IdentityError::TicketExpired => (
            StatusCode::GONE,
            "This link has run out. Type /connect in Discord for a new one.",
        ),
        IdentityError::TicketUnknown | IdentityError::NotFound => {
            (StatusCode::NOT_FOUND, "This link is not known here.")
        }
        IdentityError::Taken => (
            StatusCode::CONFLICT,
            "This Discord account is linked with another account here. Nothing was changed.",
        ),
        IdentityError::Conflict => (
            StatusCode::CONFLICT,
            "Something changed meanwhile. Open the link again.",
        ),
        other => {
            tracing::error!(error = %other, "linking");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                "The program cannot answer just now.",
            )
        }
    };
    page(status, what, "")
}

/// `what` and `form` are HTML of ours; what others wrote in them is escaped.
fn page(status: StatusCode, what: &str, form: &str) -> Response {
    let text = include_str!("../../../assets/connect.html")
        .replace("{what}", what)
        .replace("{form}", form);
    let mut response = (status, Html(text)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '{' => out.push_str("&#123;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_wrote_stays_text() {
        assert_eq!(
            escaped("<b>\"A\" & 'B'</b>{form}"),
            "&lt;b&gt;&quot;A&quot; &amp; &#39;B&#39;&lt;/b&gt;&#123;form}"
        );
    }
}
