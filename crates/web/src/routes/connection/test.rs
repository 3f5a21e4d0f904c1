//! POST /connections/test: tries a credential and keeps nothing of it.

use axum::extract::State;
use ordercast_app::desk::connect;
use ordercast_model::connection::Mode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Given;
use crate::{
    errors::ApiError,
    openapi::Writing,
    request::Json,
    session::Login,
    state::App,
    view::{account::last4, code},
};

/// A credential to be tried.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TestBody {
    /// Code of the venue, as `GET /brokers` lists it.
    pub broker: String,
    /// `paper` or `live`.
    #[schema(value_type = code::Mode)]
    pub mode: Mode,
    /// The credential by field, as `GET /brokers` names them.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    pub credential: Given,
}

/// What a credential opens, as the broker says it.
#[derive(Debug, Serialize, ToSchema)]
pub struct TestView {
    /// Last four characters of the account id.
    pub account_last4: String,
    /// Paper or live.
    #[schema(value_type = code::Mode)]
    pub mode: Mode,
    /// Currency.
    pub currency: String,
    /// Cash and positions together.
    pub equity: String,
    /// What may be spent.
    pub buying_power: String,
    /// Whether the key may withdraw; null when the broker does not tell.
    #[schema(required)]
    pub may_withdraw: Option<bool>,
}

/// Tries a credential: asks the broker for the account behind it. Nothing is kept. Safe to repeat.
#[utoipa::path(post, path = "/connections/test", tag = "connections", request_body = TestBody,
    responses((status = 200, body = TestView), Writing))]
pub async fn test_credential(
    State(app): State<App>,
    _login: Login,
    Json(body): Json<TestBody>,
) -> Result<axum::Json<TestView>, ApiError> {
    let tried = connect::test(&app.ctx, &body.broker, body.mode, body.credential.into_fields()).await?;
    let account = tried.account;
    Ok(axum::Json(TestView {
        account_last4: last4(&account.account_id),
        mode: account.mode,
        currency: account.currency.to_string(),
        equity: account.equity.normalize().to_string(),
        buying_power: account.buying_power.normalize().to_string(),
        may_withdraw: account.may_withdraw,
    }))
}
