//! Decides who may come in, and makes the trouble that was asked for. Refuses strangers before anything is read.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, Method, header::AUTHORIZATION},
    middleware::Next,
    response::{IntoResponse, Response},
};
use ordercast_model::time::Timestamp;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::venue::{
    config::Now,
    desk::{Desk, hash_of},
    fault::{Faults, Route, Trouble},
    refusal::{Code, Refusal},
    server::{answer, line::Cutter},
};

/// What every handler shares.
#[derive(Clone)]
pub struct House {
    desk: Arc<Mutex<Desk>>,
    faults: Arc<Mutex<Faults>>,
    /// Wakes hanging requests when the faults are cleared.
    pub cleared: Arc<Notify>,
    admin_hash: Arc<str>,
    now: Now,
    /// Ends everything.
    pub token: CancellationToken,
    /// Ends the passing of market time.
    pub still: CancellationToken,
}

/// The accepted order is rejected afterwards.
#[derive(Debug, Clone, Copy)]
pub struct RejectAfter;

impl House {
    /// A house around a desk.
    #[must_use]
    pub fn new(desk: Desk, admin_key: &str, now: Now, token: CancellationToken) -> Self {
        Self {
            desk: Arc::new(Mutex::new(desk)),
            faults: Arc::default(),
            cleared: Arc::default(),
            admin_hash: hash_of(admin_key).into(),
            now,
            still: token.child_token(),
            token,
        }
    }
    /// The wall clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        Timestamp::from_micros((self.now)())
    }
    /// The desk, for one piece of work. Never held across an await.
    pub fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// The faults.
    pub fn faults(&self) -> MutexGuard<'_, Faults> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// Lets only the admin key in.
    ///
    /// # Errors
    /// `unauthorised`.
    pub fn admin(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let good = bearer(headers).is_some_and(|key| hash_of(key) == *self.admin_hash);
        if good { Ok(()) } else { Err(stranger()) }
    }
    /// The account a request's key opens.
    ///
    /// # Errors
    /// `unauthorised`.
    pub fn account(&self, headers: &HeaderMap) -> Result<String, Refusal> {
        let key = bearer(headers).ok_or_else(stranger)?;
        self.desk().account_of_key(key).cloned().ok_or_else(stranger)
    }
    /// Lets only the key of this account in.
    ///
    /// # Errors
    /// `unauthorised`; `not_found` for another account's key.
    pub fn own(&self, headers: &HeaderMap, account: &str) -> Result<(), Refusal> {
        if self.account(headers)? == account {
            Ok(())
        } else {
            Err(Refusal::no_account())
        }
    }
}

/// The key a request brings.
#[must_use]
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers
        .get(AUTHORIZATION)?
        .to_str()
        .ok()?
        .strip_prefix("Bearer ")
        .map(str::trim)
}

fn stranger() -> Refusal {
    Refusal::new(
        Code::Unauthorised,
        "expected Authorization: Bearer <key>, with a key of this venue",
    )
}

fn route_of(method: &Method, path: &str) -> Route {
    let (groups, orders) = (path.contains("/groups"), path.contains("/orders"));
    match (method, groups, orders) {
        (&Method::PUT | &Method::DELETE, true, _) => Route::Group,
        (&Method::POST, _, true) => Route::Submit,
        (&Method::DELETE, _, true) => Route::Cancel,
        (&Method::PATCH, _, true) => Route::Replace,
        _ => Route::Read,
    }
}

/// Waits on the wall clock: only faults do, and they are about real sockets.
#[expect(
    clippy::disallowed_methods,
    reason = "a late answer on a real socket is late by the wall clock"
)]
async fn pause(house: &House, millis: u32) {
    tokio::select! {
        () = tokio::time::sleep(Duration::from_millis(u64::from(millis))) => {}
        () = house.token.cancelled() => {}
    }
}

/// Stands before every route of accounts and market data.
pub async fn trouble(
    State(house): State<House>,
    ConnectInfo(cutter): ConnectInfo<Cutter>,
    mut request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    if !path.starts_with("/v1/") || path == "/v1/ledger" || path == "/v1/accounts" {
        return next.run(request).await;
    }
    let account = path
        .strip_prefix("/v1/accounts/")
        .and_then(|rest| rest.split('/').next())
        .map(str::to_owned);
    let route = route_of(request.method(), path);
    let taken = house.faults().take(account.as_deref(), route);
    match taken {
        Some(Trouble::DropAnswer) => {
            let response = next.run(request).await;
            cutter.cut();
            response
        }
        Some(Trouble::ErrorAfter) => {
            let _ = next.run(request).await;
            Refusal::new(Code::Internal, "internal error").into_response()
        }
        Some(Trouble::ErrorBefore) => Refusal::new(Code::Unavailable, "not available now").into_response(),
        Some(Trouble::RateLimit { retry_after }) => answer::too_many(retry_after),
        Some(Trouble::Delay { millis }) => {
            pause(&house, millis).await;
            next.run(request).await
        }
        Some(Trouble::DelayAnswer { millis }) => {
            let response = next.run(request).await;
            pause(&house, millis).await;
            response
        }
        Some(Trouble::Hang) => {
            tokio::select! {
                () = house.cleared.notified() => {}
                () = house.token.cancelled() => {}
            }
            Refusal::new(Code::Unavailable, "not available now").into_response()
        }
        Some(Trouble::Refuse { code, message }) => Refusal::new(code, message).into_response(),
        Some(Trouble::Reject) => {
            request.extensions_mut().insert(RejectAfter);
            next.run(request).await
        }
        // The rest never waits for a request.
        Some(
            Trouble::Halt { .. }
            | Trouble::Resume { .. }
            | Trouble::DuplicateEvents
            | Trouble::SuppressEvents
            | Trouble::DisconnectStreams,
        )
        | None => next.run(request).await,
    }
}
