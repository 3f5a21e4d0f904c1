//! POST /hooks/{whk}/{secret}: a signal comes in. Who does not show the secret gets one answer, whatever was wrong.

use axum::{
    Json,
    body::{Bytes, to_bytes},
    extract::{Path, Request, State},
    http::{HeaderMap, StatusCode, header},
};
use ordercast_app::hook::{self, Arrival, Refused, Sender};
use ordercast_model::{hook::BODY_MAX, plan::Plan};

use crate::{
    errors::ApiError, openapi::Delivering, rate::Class, session::From, state::App, view::hook::ReceiptView,
};

/// Bodies are read this far, so that a little too much can be told from far too much. The rest is not read.
const READ_MAX: usize = 2 * BODY_MAX;

/// Takes one signal of a provider in: TradingView's JSON, `key=value` text, or plain words, at most 64 KiB of UTF-8. No
/// login and no CSRF token; the secret in the address is the key. Answered once it is stored. The same `id`, or the same
/// body within 60 s, counts once. `X-Ordercast-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">` where the
/// webhook asks for it.
#[utoipa::path(post, path = "/hooks/{whk}/{secret}", tag = "hooks", security(()),
    request_body(content = String, content_type = "text/plain", description = "JSON or text, whatever its type says"),
    params(("whk" = String, Path, description = "Webhook"),
        ("secret" = String, Path, description = "Its secret"),
        ("X-Ordercast-Signature" = Option<String>, Header, description = "Where the webhook asks for it")),
    responses((status = 202, body = ReceiptView, description = "Stored, or taken before"), Delivering))]
pub async fn deliver_signal(
    State(app): State<App>,
    From(caller): From,
    Path((whk, secret)): Path<(String, String)>,
    request: Request,
) -> Result<(StatusCode, Json<ReceiptView>), ApiError> {
    let now = app.ctx.clock.monotonic();
    let sender = match hook::knock(&app.ctx, &whk, &secret).await {
        Ok(sender) => sender,
        Err(Refused::Stranger) => {
            // Only who fails is counted: a stranger cannot use up what belongs to the hook.
            let address = caller.address.unwrap_or_default();
            let quota = Class::HookStranger.quota(Plan::Free);
            let verdict = app.limiter.take(Class::HookStranger, &address, quota, now);
            return Err(match verdict.allowed {
                true => ApiError::HookRefused,
                false => ApiError::TooMany {
                    after: verdict.reset.max(1),
                },
            });
        }
        Err(refused) => return Err(refused.into()),
    };
    let quota = Class::Hook.quota(Plan::Free);
    let key = sender.hook_id().to_string();
    let verdict = app.limiter.take(Class::Hook, &key, quota, now);
    if !verdict.allowed {
        if let Err(error) = hook::over_quota(&app.ctx, &sender, caller.address).await {
            tracing::warn!(%error, "a delivery over its quota not logged");
        }
        return Err(ApiError::TooMany {
            after: verdict.reset.max(1),
        });
    }
    let headers = request.headers().clone();
    let Some(body) = read(request).await? else {
        return Err(too_large(&app, &sender, caller.address).await);
    };
    let arrival = Arrival {
        body: body.to_vec(),
        signature: text(&headers, "x-ordercast-signature"),
        address: caller.address,
    };
    let receipt = hook::deliver(&app.ctx, &sender, arrival).await?;
    Ok((StatusCode::ACCEPTED, Json(receipt.into())))
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    // What cannot be read as text is there all the same, and does not fit.
    headers
        .get(name)
        .map(|v| v.to_str().unwrap_or_default().to_owned())
}

/// The body; none when it is too large.
async fn read(request: Request) -> Result<Option<Bytes>, ApiError> {
    let told = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|v| v.to_str().ok())
        .and_then(|v| v.parse::<usize>().ok());
    if told.is_some_and(|length| length > BODY_MAX) {
        return Ok(None);
    }
    match to_bytes(request.into_body(), READ_MAX).await {
        Ok(bytes) if bytes.len() > BODY_MAX => Ok(None),
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.to_string().contains("length limit") => Ok(None),
        Err(_) => Err(ApiError::malformed("body", "the body ended early".to_owned())),
    }
}

async fn too_large(app: &App, sender: &Sender, address: Option<String>) -> ApiError {
    match hook::too_large(&app.ctx, sender, address).await {
        Ok(_) => ApiError::HookTooLarge,
        Err(refused) => refused.into(),
    }
}
