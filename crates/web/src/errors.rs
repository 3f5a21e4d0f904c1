//! The one mapping from what went wrong to what the caller is told. Inner causes go to the log, never out.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use ordercast_app::{
    approve::ApproveError, desk::DeskError, hook::Refused, identity::IdentityError, manual::ManualError,
    switch::SwitchError,
};
use ordercast_model::{decision::SkipReason, gate::Breach, ports::store::CommitError};

use crate::problem::{FieldProblem, Refusal};

/// Everything a route may refuse with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApiError {
    /// The request cannot be read.
    Malformed(Vec<FieldProblem>),
    /// A field is out of range.
    Invalid(Vec<FieldProblem>),
    /// Risk refused; every failing rule, headline first.
    RiskDenied(Vec<Breach>),
    /// Nobody is logged in.
    NoLogin,
    /// Who posts a signal or an interaction has not shown what opens the door; says nothing of what was wrong.
    HookRefused,
    /// The session may not do this.
    Forbidden(String),
    /// A second factor must be shown first.
    StepUp {
        /// Whether there is one to show; else it is set up first.
        enrolled: bool,
    },
    /// Nothing may be tried for a while.
    Locked {
        /// Why, and until when.
        why: String,
        /// Seconds to wait.
        after: u64,
    },
    /// The CSRF token is missing or wrong.
    Csrf(&'static str),
    /// The plan does not allow it.
    PlanRequired(String),
    /// There is no such thing, or it belongs to somebody else.
    NotFound,
    /// Another method is needed.
    Method,
    /// It is there already, or changed meanwhile.
    Conflict(String),
    /// Another version is the newest.
    VersionMismatch {
        /// What the caller knew.
        given: u64,
        /// What is there.
        newest: u64,
    },
    /// `If-Match` is missing.
    VersionMissing,
    /// The key was used for another request.
    IdempotencyMismatch,
    /// It was there once.
    Gone(&'static str),
    /// The body is too large.
    TooLarge,
    /// The body is larger than a webhook takes.
    HookTooLarge,
    /// The body is not JSON.
    MediaType,
    /// Trading is killed or locked.
    Stopped(String),
    /// Too many requests.
    TooMany {
        /// Seconds to wait.
        after: u64,
    },
    /// Something outside does not answer.
    Degraded(String),
    /// The store does not answer, or the program has a fault; the cause is in the log under the request id.
    Unavailable(String),
    /// A fault of ours.
    Internal(String),
}

fn field(name: &str, code: &str, message: String) -> FieldProblem {
    FieldProblem {
        field: name.to_owned(),
        code: code.to_owned(),
        message,
        limit: None,
        actual: None,
    }
}

impl ApiError {
    /// A part of the request that cannot be read.
    #[must_use]
    pub fn malformed(name: &str, message: String) -> Self {
        Self::Malformed(vec![field(name, "malformed", message)])
    }
    /// A field that is out of range.
    #[must_use]
    pub fn invalid(name: &str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![field(name, "validation", message.into())])
    }

    /// Whether it is certain that nothing was done.
    #[must_use]
    pub const fn is_refusal(&self) -> bool {
        !matches!(self, Self::Degraded(_) | Self::Unavailable(_) | Self::Internal(_))
    }

    /// Status, stable code, and what it is in a few words.
    const fn head(&self) -> (StatusCode, &'static str, &'static str) {
        use StatusCode as S;
        match self {
            Self::Malformed(_) | Self::VersionMissing => {
                (S::BAD_REQUEST, "malformed", "The request cannot be read")
            }
            Self::Invalid(_) => (S::UNPROCESSABLE_ENTITY, "validation", "A field is out of range"),
            Self::RiskDenied(_) => (S::UNPROCESSABLE_ENTITY, "risk_denied", "Risk refused the order"),
            Self::NoLogin => (S::UNAUTHORIZED, "no_login", "Not logged in"),
            Self::HookRefused => (S::UNAUTHORIZED, "unauthorised", "Not accepted"),
            Self::Forbidden(_) => (S::FORBIDDEN, "forbidden", "Not allowed"),
            Self::StepUp { .. } => (S::FORBIDDEN, "step_up_required", "A second factor is needed"),
            Self::Locked { .. } => (S::LOCKED, "locked", "Locked for a while"),
            Self::Csrf(_) => (S::FORBIDDEN, "csrf", "Not from our page"),
            Self::PlanRequired(_) => (S::FORBIDDEN, "plan_required", "Your plan does not allow this"),
            Self::NotFound => (S::NOT_FOUND, "not_found", "Not found"),
            Self::Method => (S::METHOD_NOT_ALLOWED, "method_not_allowed", "Method not allowed"),
            Self::Conflict(_) => (S::CONFLICT, "conflict", "Conflict"),
            Self::VersionMismatch { .. } => (S::CONFLICT, "version_mismatch", "Changed meanwhile"),
            Self::IdempotencyMismatch => (
                S::CONFLICT,
                "idempotency_mismatch",
                "The key was used for another request",
            ),
            Self::Gone(_) => (S::GONE, "gone", "No longer there"),
            Self::TooLarge | Self::HookTooLarge => {
                (S::PAYLOAD_TOO_LARGE, "too_large", "The body is too large")
            }
            Self::MediaType => (S::UNSUPPORTED_MEDIA_TYPE, "media_type", "Only JSON is taken"),
            Self::Stopped(_) => (S::LOCKED, "killed", "Trading is stopped"),
            Self::TooMany { .. } => (S::TOO_MANY_REQUESTS, "rate_limited", "Too many requests"),
            Self::Degraded(_) => (S::SERVICE_UNAVAILABLE, "degraded", "A part does not answer"),
            Self::Unavailable(_) => (S::SERVICE_UNAVAILABLE, "not_ready", "Not ready"),
            Self::Internal(_) => (S::INTERNAL_SERVER_ERROR, "internal", "A fault of ours"),
        }
    }

    /// What happened this time, without any inner cause.
    fn detail(&self) -> String {
        let fixed = match self {
            Self::Malformed(errors) | Self::Invalid(errors) => return headline(errors),
            Self::RiskDenied(breaches) => {
                return breaches.first().map(|b| b.message.clone()).unwrap_or_default();
            }
            Self::Locked { why, .. } => return why.clone(),
            Self::Forbidden(why)
            | Self::PlanRequired(why)
            | Self::Conflict(why)
            | Self::Stopped(why)
            | Self::Degraded(why) => return why.clone(),
            Self::VersionMismatch { given, newest } => {
                return format!("You changed version {given}; the newest is {newest}. Read it again.");
            }
            Self::TooMany { after } => return format!("Try again in {after} s."),
            Self::Csrf(why) | Self::Gone(why) => why,
            Self::StepUp { enrolled: true } => {
                "This needs a second factor: show a code of your authenticator first (POST /auth/step-up)."
            }
            Self::StepUp { enrolled: false } => {
                "This needs a second factor, and there is none yet: set up an authenticator first (POST /auth/totp)."
            }
            Self::NoLogin => "Log in first.",
            Self::NotFound => "There is no such thing, or it is not yours.",
            Self::Method => "This address takes other methods; see Allow.",
            Self::VersionMissing => "If-Match: expected the version that is changed",
            Self::IdempotencyMismatch => {
                "This Idempotency-Key came with another body before. Use a new key for a new request."
            }
            Self::HookRefused => "Not accepted.",
            Self::HookTooLarge => "At most 64 KiB are taken.",
            Self::TooLarge => "At most 256 KiB are taken.",
            Self::MediaType => "Send Content-Type: application/json.",
            Self::Unavailable(_) => {
                "The program cannot answer just now. Nothing was changed unless it shows."
            }
            Self::Internal(_) => "It is in our log under the request id.",
        };
        fixed.to_owned()
    }

    /// Fields at fault, or rules that refused.
    fn fields(&self) -> Vec<FieldProblem> {
        match self {
            Self::Malformed(errors) | Self::Invalid(errors) => errors.clone(),
            Self::RiskDenied(breaches) => breaches.iter().map(rule).collect(),
            Self::VersionMissing => {
                vec![field(
                    "If-Match",
                    "malformed",
                    "expected the version that is changed".to_owned(),
                )]
            }
            Self::StepUp { enrolled } => {
                let (code, message) = if *enrolled {
                    ("step_up", "expected a step-up within the last ten minutes")
                } else {
                    ("not_enrolled", "expected an authenticator")
                };
                vec![field("session", code, message.to_owned())]
            }
            _ => Vec::new(),
        }
    }

    /// Seconds to wait before the same request may succeed.
    const fn retry_after(&self) -> Option<u64> {
        match self {
            Self::TooMany { after } | Self::Locked { after, .. } => Some(*after),
            Self::Degraded(_) => Some(5),
            Self::Unavailable(_) => Some(2),
            _ => None,
        }
    }

    fn refusal(&self) -> Refusal {
        if let Self::Unavailable(cause) | Self::Internal(cause) = self {
            tracing::error!(%cause, "request refused");
        }
        let (status, code, title) = self.head();
        Refusal {
            status,
            code,
            title,
            detail: self.detail(),
            errors: self.fields(),
            retry_after: self.retry_after(),
        }
    }
}

fn headline(errors: &[FieldProblem]) -> String {
    errors
        .first()
        .map(|e| {
            // Many messages begin with what they are about: `quantity must be above 0`.
            let rest = e.message.strip_prefix(e.field.as_str());
            if rest.is_some_and(|rest| rest.starts_with([' ', ':'])) {
                e.message.clone()
            } else {
                format!("{}: {}", e.field, e.message)
            }
        })
        .unwrap_or_default()
}

fn rule(breach: &Breach) -> FieldProblem {
    FieldProblem {
        field: "order".to_owned(),
        code: breach.rule.code().to_owned(),
        message: breach.message.clone(),
        limit: breach.limit.clone(),
        actual: breach.actual.clone(),
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        self.refusal().into_response()
    }
}

impl From<ApiError> for Refusal {
    fn from(error: ApiError) -> Self {
        error.refusal()
    }
}

impl From<DeskError> for ApiError {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::NotFound => Self::NotFound,
            DeskError::Invalid { field, message } => Self::invalid(field, message),
            DeskError::Fields(faults) => Self::Invalid(
                faults
                    .into_iter()
                    .map(|(name, message)| field(&name, "validation", message))
                    .collect(),
            ),
            DeskError::Version { given, newest } => Self::VersionMismatch { given, newest },
            DeskError::Conflict(why) => Self::Conflict(why),
            DeskError::Identity(error) => error.into(),
            DeskError::Plan(why) => Self::PlanRequired(why),
            DeskError::Forbidden(why) => Self::Forbidden(why),
            DeskError::Unavailable(cause) => {
                tracing::warn!(%cause, "a venue does not answer");
                Self::Degraded("The venue does not answer just now.".to_owned())
            }
            DeskError::Money(error) => Self::Internal(error.to_string()),
            DeskError::Store(error) => Self::Unavailable(error.to_string()),
            DeskError::Vault(error) => Self::Unavailable(error.to_string()),
        }
    }
}

impl From<Refused> for ApiError {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Stranger => Self::HookRefused,
            Refused::Disabled => Self::Forbidden("This webhook is switched off.".to_owned()),
            Refused::Plan => Self::PlanRequired(
                "The plan of this webhook's owner has no webhooks; it needs Pro or Premium.".to_owned(),
            ),
            Refused::Invalid { field, message } => Self::invalid(&field, message),
            Refused::TooLarge => Self::HookTooLarge,
            Refused::Full => Self::Degraded("Too many signals wait; send it again.".to_owned()),
            Refused::Store(error) => Self::Unavailable(error.to_string()),
            Refused::Vault(error) => Self::Unavailable(error.to_string()),
        }
    }
}

impl From<IdentityError> for ApiError {
    fn from(error: IdentityError) -> Self {
        match error {
            IdentityError::NoSession => Self::NoLogin,
            IdentityError::TicketUnknown => Self::NotFound,
            IdentityError::TicketUsed => Self::Gone("This login link was used before; each works once."),
            IdentityError::TicketExpired => Self::Gone("This login link has run out."),
            IdentityError::Taken => {
                Self::Conflict("This Discord account is linked with another account here.".to_owned())
            }
            IdentityError::StepUp { enrolled } => Self::StepUp { enrolled },
            IdentityError::Wrong { .. } => Self::invalid("code", error.to_string()),
            IdentityError::FactorLocked { after, .. } => Self::Locked {
                why: error.to_string(),
                after,
            },
            IdentityError::Enrolled | IdentityError::NotOffered => Self::Conflict(error.to_string()),
            IdentityError::NotFound => Self::NotFound,
            IdentityError::Invalid { field, message } => Self::invalid(field, message),
            IdentityError::Conflict => Self::Conflict("Changed meanwhile; read it again.".to_owned()),
            IdentityError::Store(error) => Self::Unavailable(error.to_string()),
            IdentityError::Vault(error) => Self::Unavailable(error.to_string()),
        }
    }
}

impl From<CommitError> for ApiError {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Conflict { .. } => Self::Conflict("Too much changed at once; try again.".to_owned()),
            CommitError::Duplicate { .. } => Self::Conflict("It is there already.".to_owned()),
            CommitError::OutOfScope { .. } => Self::NotFound,
            CommitError::Store(error) => Self::Unavailable(error.to_string()),
        }
    }
}

impl From<ManualError> for ApiError {
    fn from(error: ManualError) -> Self {
        match error {
            ManualError::Denied(breaches) => Self::RiskDenied(breaches),
            ManualError::Invalid { field, message } => Self::invalid(field, message),
            ManualError::Refused(SkipReason::Killed | SkipReason::Paused | SkipReason::Locked, message) => {
                Self::Stopped(message)
            }
            ManualError::Refused(reason, message) => {
                Self::Invalid(vec![field("order", reason.code(), message)])
            }
            ManualError::NotFound => Self::NotFound,
            ManualError::AlreadyFinal(order) => {
                Self::Conflict(format!("The order is {} already.", order.state.code()))
            }
            ManualError::Commit(error) => error.into(),
            ManualError::Store(error) => Self::Unavailable(error.to_string()),
            ManualError::Money(error) => Self::invalid("quantity", error.to_string()),
        }
    }
}

impl From<ApproveError> for ApiError {
    fn from(error: ApproveError) -> Self {
        match error {
            ApproveError::NotFound => Self::NotFound,
            ApproveError::AlreadyAnswered(_) => Self::Conflict("The card was answered before.".to_owned()),
            ApproveError::Expired => Self::Gone("The card has expired."),
            ApproveError::Choice { .. } => Self::invalid("choice", error.to_string()),
            ApproveError::Commit(error) => error.into(),
            ApproveError::Store(error) => Self::Unavailable(error.to_string()),
            ApproveError::Money(error) => Self::Internal(error.to_string()),
        }
    }
}

impl From<SwitchError> for ApiError {
    fn from(error: SwitchError) -> Self {
        match error {
            SwitchError::NotFound => Self::NotFound,
            SwitchError::Invalid { field, message } => Self::invalid(field, message.to_owned()),
            SwitchError::Identity(error) => error.into(),
            SwitchError::Locked(why) => Self::Stopped(why),
            SwitchError::Forbidden => Self::Forbidden("Your role does not allow this.".to_owned()),
            SwitchError::Commit(error) => error.into(),
            SwitchError::Store(error) => Self::Unavailable(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ApiError;

    #[test]
    fn a_field_is_named_once() {
        for (field, message, detail) in [
            (
                "quantity",
                "quantity must be above 0, got -1",
                "quantity must be above 0, got -1",
            ),
            (
                "quantity",
                "quantity: expected a number",
                "quantity: expected a number",
            ),
            (
                "quantity",
                "must be above 0, got 0",
                "quantity: must be above 0, got 0",
            ),
            ("price", "prices differ", "price: prices differ"),
        ] {
            assert_eq!(ApiError::invalid(field, message).detail(), detail);
        }
    }
}
