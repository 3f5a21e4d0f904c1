//! OAuth 2 (RFC 6749) with PKCE (RFC 7636): the requests and what their answers mean, for every vendor. Refuses redirects;
//! refuses to know what a token opens.

use std::time::Duration;

use oauth2::{
    AsyncHttpClient, AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointNotSet,
    EndpointSet, HttpRequest, HttpResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RefreshToken,
    RequestTokenError, Scope, TokenResponse, TokenUrl,
    basic::{BasicClient, BasicErrorResponse, BasicTokenResponse},
    http::{self, HeaderValue, header::CONTENT_TYPE},
};
use ordercast_model::{
    ports::{
        BoxFuture,
        oauth::{Leave, OauthError, Tokens},
    },
    secret::Secret,
};
use reqwest::{RequestBuilder, Url};
use serde::Deserialize;

use crate::http::{Answer, Failure, send};

/// How long a vendor may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// Longest part of a vendor's error that is kept.
const ERROR_MAX: usize = 80;

type Client = BasicClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

/// How a program is registered with a vendor.
#[derive(Debug, Clone)]
pub struct Registration {
    /// Public.
    pub client_id: String,
    /// Known to the vendor and us.
    pub client_secret: Secret<String>,
    /// Where the vendor sends people back to; registered there letter by letter.
    pub redirect_uri: String,
}

/// A vendor's addresses and ways.
#[derive(Debug, Clone)]
pub(crate) struct Vendor {
    /// The page where somebody allows it.
    pub(crate) authorize: Url,
    /// Where a code becomes tokens.
    pub(crate) token: Url,
    /// Where they are taken back, if there is such a place.
    pub(crate) revoke: Option<Url>,
    /// What is asked for.
    pub(crate) scopes: Vec<String>,
    /// Whether it takes a proof key.
    pub(crate) pkce: bool,
}

/// Why no client can be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegistrationError {
    /// An address is none.
    #[error("{0:?} is not an address people can be sent to")]
    Address(String),
}

/// One vendor's OAuth.
#[derive(Clone)]
pub(crate) struct Oauth {
    client: Client,
    registration: Registration,
    vendor: Vendor,
    http: reqwest::Client,
}

/// Why a request came to nothing; the library carries it through.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Nothing(OauthError);

#[derive(Debug, Default, Deserialize)]
struct Refusal {
    #[serde(default)]
    error: Option<String>,
    #[serde(default)]
    message: Option<String>,
}

/// What a refusal says: the vendor's code of it, or the status. Never a description, which may quote what was sent.
fn words(answer: &Answer) -> String {
    let told: Refusal = serde_json::from_slice(&answer.body).unwrap_or_default();
    let text = told.error.or(told.message);
    let text = text.filter(|text| text.chars().all(|c| c.is_ascii_graphic() || c == ' '));
    let text = text.map(|text| text.chars().take(ERROR_MAX).collect());
    text.unwrap_or_else(|| format!("status {}", answer.status))
}

/// What an answer means, whichever way it was asked for.
pub(crate) fn settled(answer: Result<Answer, Failure>) -> Result<Answer, OauthError> {
    let answer = answer.map_err(|failure| {
        OauthError::Away(match failure {
            Failure::NotSent(why) | Failure::Unclear(why) | Failure::Later(_, why) => why,
            Failure::Waiting(_) => "the allowance is used up".to_owned(),
        })
    })?;
    match answer.status {
        200..=299 => Ok(answer),
        429 => Err(OauthError::Away("too many requests".to_owned())),
        400..=499 => Err(OauthError::Refused(words(&answer))),
        status => Err(OauthError::Away(format!("status {status}"))),
    }
}

impl Oauth {
    /// A client of a vendor. Asks nobody.
    pub(crate) fn new(
        vendor: Vendor,
        registration: Registration,
        http: reqwest::Client,
    ) -> Result<Self, RegistrationError> {
        let address = |_| RegistrationError::Address(registration.redirect_uri.clone());
        let redirect = RedirectUrl::new(registration.redirect_uri.clone()).map_err(address)?;
        let client = BasicClient::new(ClientId::new(registration.client_id.clone()))
            .set_client_secret(ClientSecret::new(registration.client_secret.expose().clone()))
            .set_auth_type(AuthType::RequestBody)
            .set_auth_uri(AuthUrl::from_url(vendor.authorize.clone()))
            .set_token_uri(TokenUrl::from_url(vendor.token.clone()))
            .set_redirect_uri(redirect);
        Ok(Self {
            client,
            registration,
            vendor,
            http,
        })
    }

    /// The address of the vendor's page.
    pub(crate) fn page(&self, leave: Leave<'_>, more: &[(&'static str, String)]) -> String {
        let state = leave.state.to_owned();
        let mut ask = self.client.authorize_url(move || CsrfToken::new(state));
        ask = ask.add_scopes(self.vendor.scopes.iter().cloned().map(Scope::new));
        if self.vendor.pkce {
            let verifier = PkceCodeVerifier::new(leave.verifier.expose().clone());
            ask = ask.set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
        }
        for (name, value) in more {
            ask = ask.add_extra_param(*name, value.clone());
        }
        ask.url().0.into()
    }

    /// Takes a code to the vendor.
    pub(crate) async fn exchange(&self, code: &str, verifier: &Secret<String>) -> Result<Tokens, OauthError> {
        let mut ask = self.client.exchange_code(AuthorizationCode::new(code.to_owned()));
        if self.vendor.pkce {
            ask = ask.set_pkce_verifier(PkceCodeVerifier::new(verifier.expose().clone()));
        }
        let line = Line(self.http.clone());
        read(ask.request_async(&line).await)
    }

    /// Gets the next tokens.
    pub(crate) async fn renew(&self, refresh: &Secret<String>) -> Result<Tokens, OauthError> {
        let refresh = RefreshToken::new(refresh.expose().clone());
        let line = Line(self.http.clone());
        read(
            self.client
                .exchange_refresh_token(&refresh)
                .request_async(&line)
                .await,
        )
    }

    /// Takes back what was allowed (RFC 7009).
    pub(crate) async fn revoke(&self, token: &Secret<String>) -> Result<(), OauthError> {
        let Some(url) = self.vendor.revoke.clone() else {
            return Err(OauthError::Refused(
                "this vendor has no way to take it back".to_owned(),
            ));
        };
        let form = [
            ("token", token.expose().as_str()),
            ("client_id", self.registration.client_id.as_str()),
            ("client_secret", self.registration.client_secret.expose().as_str()),
        ];
        let request = self.http.post(url).timeout(PATIENCE).form(&form);
        settled(send(request).await).map(drop)
    }

    /// Reads something with a token.
    pub(crate) async fn get(&self, url: Url, token: &Secret<String>) -> Result<Answer, OauthError> {
        let request = self.http.get(url).timeout(PATIENCE).bearer_auth(token.expose());
        settled(send(request).await)
    }
}

/// Carries the library's requests with the program's own client.
struct Line(reqwest::Client);

impl<'c> AsyncHttpClient<'c> for Line {
    type Error = Nothing;
    type Future = BoxFuture<'static, Result<HttpResponse, Nothing>>;
    fn call(&'c self, request: HttpRequest) -> Self::Future {
        call(self.0.clone(), request)
    }
}

fn call(client: reqwest::Client, request: HttpRequest) -> BoxFuture<'static, Result<HttpResponse, Nothing>> {
    Box::pin(async move {
        let away = |why: String| Nothing(OauthError::Away(why));
        let request = reqwest::Request::try_from(request).map_err(|e| away(e.without_url().to_string()))?;
        let request = RequestBuilder::from_parts(client, request).timeout(PATIENCE);
        let answer = settled(send(request).await).map_err(Nothing)?;
        let mut response = http::Response::new(answer.body);
        let json = HeaderValue::from_static("application/json");
        response.headers_mut().insert(CONTENT_TYPE, json);
        Ok(response)
    })
}

fn read(
    answer: Result<BasicTokenResponse, RequestTokenError<Nothing, BasicErrorResponse>>,
) -> Result<Tokens, OauthError> {
    let tokens = answer.map_err(|error| match error {
        RequestTokenError::Request(Nothing(why)) => why,
        RequestTokenError::ServerResponse(refused) => OauthError::Refused(refused.error().to_string()),
        // Neither of them may be told: they may quote the answer.
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
            OauthError::Away("the answer does not read".to_owned())
        }
    })?;
    Ok(Tokens {
        access: Secret::new(tokens.access_token().secret().clone()),
        refresh: tokens.refresh_token().map(|t| Secret::new(t.secret().clone())),
        life: tokens.expires_in(),
        scopes: tokens
            .scopes()
            .map(|scopes| scopes.iter().map(|s| s.as_str().to_owned()).collect())
            .unwrap_or_default(),
    })
}
