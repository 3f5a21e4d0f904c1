//! POST /connections: a new account at the built-in paper venue, or a credential to one at a broker.

use axum::{extract::State, http::StatusCode, response::Response};
use ordercast_app::desk::connect::{self, NewConnection};
use ordercast_model::{connection::Mode, instrument::AssetClass, limits::LossAction, money};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    errors::ApiError,
    openapi::Writing,
    request::{Keep, Once, value},
    session::{From, Login},
    state::App,
    view::{account::ConnectionView, code},
};

use super::Given;

/// A connection to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConnectionBody {
    /// Code of the venue, as `GET /brokers` lists it.
    pub broker: String,
    /// `paper` or `live`.
    #[schema(value_type = code::Mode)]
    pub mode: Mode,
    /// Name, 1 to 40 characters.
    #[schema(min_length = 1, max_length = 40)]
    pub label: String,
    /// Cash of the new account at the built-in venue, 1 to 10,000,000; 100,000 when left out.
    pub cash: Option<String>,
    /// The credential by field, as `GET /brokers` names them; left out for the built-in venue. Tried before it is sealed.
    #[schema(value_type = Option<std::collections::BTreeMap<String, String>>)]
    pub credential: Option<Given>,
    /// Classes for which it becomes the default; left out = those without one.
    #[schema(value_type = Option<Vec<code::AssetClass>>)]
    pub default_for: Option<Vec<AssetClass>>,
    /// `LIVE`, when real money is to be traded.
    pub confirm: Option<String>,
    /// True once it is understood that the broker does not tell what else the key may do; asked for with real money only.
    #[serde(default)]
    pub rights_unread: bool,
    /// What is done when the daily loss is reached: `flatten` closes every position Ordercast opened, `block_only` opens
    /// nothing more that day. Required with the first account of real money, and written to the limits; what loosens there
    /// holds ten minutes later.
    #[schema(value_type = Option<code::LossAction>)]
    pub daily_loss_action: Option<LossAction>,
}

/// Connects: opens an account at the built-in venue, or tries and seals a credential to one at a broker. Real money needs a
/// session that was stepped up.
#[utoipa::path(post, path = "/connections", tag = "connections", request_body = ConnectionBody,
    params(("Idempotency-Key" = String, Header, description = "1 to 64 visible characters")),
    responses((status = 201, body = ConnectionView), Writing))]
pub async fn create_connection(
    State(app): State<App>,
    login: Login,
    From(caller): From,
    once: Once<ConnectionBody>,
) -> Result<Response, ApiError> {
    let ctx = &app.ctx;
    let user = &login.user;
    once.run(&app, &login, Keep::Day, async |body| {
        let cash = body.cash.as_deref().map(money::parse).transpose();
        let new = NewConnection {
            broker: body.broker,
            mode: body.mode,
            label: body.label,
            cash: cash.map_err(|e| ApiError::invalid("cash", e.to_string()))?,
            credential: body.credential.map(Given::into_fields),
            default_for: body.default_for,
            confirm: body.confirm,
            rights_unread: body.rights_unread,
            daily_loss_action: body.daily_loss_action,
        };
        let made = connect::create(ctx, user, &login.session, new, &caller).await?;
        Ok((StatusCode::CREATED, value(&ConnectionView::from(made))?))
    })
    .await
}
