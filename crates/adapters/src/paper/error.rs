//! Decides what the venue's refusals and silences mean to the ports. Refuses to know which call was made.

use std::time::Duration;

use ordercast_model::ports::broker::{BrokerError, ErrorKind, NotSent, Refusal};

use super::wire::Refused;
use crate::http::{Answer, Failure};

pub(super) use crate::asked::retry;

/// Least wait after a 429 that does not say how long.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// What an answer without success means.
#[derive(Debug)]
pub(super) enum No {
    /// A definite no, nothing was changed.
    Refused(ErrorKind, Box<Refused>),
    /// Not now, nothing was changed.
    Limited(Duration, String),
    /// What we may ask is used up for now, nothing was changed.
    Waiting(Duration),
    /// The key is not taken, nothing was changed.
    Unauthorised(String),
    /// The venue failed in the middle, or said what nobody can read.
    Unclear(String),
}

impl From<Failure> for No {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::NotSent(why) => Self::Limited(RETRY_AFTER, why),
            Failure::Unclear(why) => Self::Unclear(why),
            Failure::Later(after, why) => Self::Limited(after, why),
            Failure::Waiting(after) => Self::Waiting(after),
        }
    }
}

/// The venue's codes as standard kinds; none for a code this adapter does not know.
fn kind(code: &str) -> Option<ErrorKind> {
    Some(match code {
        "insufficient_funds" => ErrorKind::InsufficientFunds,
        "unknown_symbol" => ErrorKind::InvalidSymbol,
        "invalid_order" | "exceeds_position" | "malformed" | "stale_version" | "duplicate_name" => {
            ErrorKind::InvalidOrder
        }
        "market_closed" => ErrorKind::MarketClosed,
        "not_permitted" | "not_found" => ErrorKind::NotPermitted,
        "halted" => ErrorKind::Restricted,
        "duplicate_client_id" => ErrorKind::DuplicateClientId,
        "order_not_found" => ErrorKind::OrderNotFound,
        "already_final" => ErrorKind::AlreadyFinal,
        _ => return None,
    })
}

/// Reads an answer whose status is not a success.
pub(super) fn read(answer: &Answer) -> No {
    let refused: Option<Refused> = serde_json::from_slice(&answer.body).ok();
    let words = refused.as_ref().map_or_else(
        || format!("HTTP {}", answer.status),
        |r| format!("{}: {}", r.code, r.message),
    );
    match (answer.status, refused) {
        (401, _) => No::Unauthorised(words),
        (429, _) => No::Limited(answer.retry_after.unwrap_or(RETRY_AFTER), words),
        (400..=499, Some(refused)) => match kind(&refused.code) {
            Some(kind) => No::Refused(kind, Box::new(refused)),
            None => {
                tracing::warn!(code = %refused.code, status = answer.status, "unmapped refusal of the paper venue");
                No::Unclear(words)
            }
        },
        _ => No::Unclear(words),
    }
}

/// A refusal with the venue's own words.
pub(super) fn refusal(kind: ErrorKind, refused: &Refused) -> Refusal {
    let message = match &refused.field {
        Some(field) => format!("{field}: {}", refused.message),
        None => refused.message.clone(),
    };
    Refusal {
        kind,
        code: refused.code.clone(),
        message,
    }
}

/// Its turn has not come.
pub(super) fn wait(after: Duration) -> NotSent {
    NotSent::Wait {
        after,
        why: "waiting for the venue's rate limit".to_owned(),
    }
}

/// What it means for a read.
pub(super) fn of_read(no: No) -> BrokerError {
    match no {
        No::Unauthorised(why) => BrokerError::Unauthorised(why),
        No::Refused(_, refused) if refused.code == "not_found" => BrokerError::Unauthorised(refused.message),
        No::Refused(_, refused) => BrokerError::Unavailable(format!("{}: {}", refused.code, refused.message)),
        No::Waiting(after) => BrokerError::Busy { after },
        No::Limited(_, why) | No::Unclear(why) => BrokerError::Unavailable(why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(status: u16, body: &str, want: &str) {
        let answer = Answer {
            status,
            retry_after: None,
            reset: None,
            used: Vec::new(),
            body: body.as_bytes().to_vec(),
        };
        let got = match read(&answer) {
            No::Refused(kind, _) => kind.code(),
            No::Limited(..) | No::Waiting(_) => "limited",
            No::Unauthorised(_) => "unauthorised",
            No::Unclear(_) => "unclear",
        };
        assert_eq!(got, want, "{status} {body}");
    }

    #[test]
    fn every_documented_refusal_has_a_meaning_and_no_other_is_believed() {
        for (status, code, want) in [
            (401, "unauthorised", "unauthorised"),
            (404, "not_found", "not_permitted"),
            (404, "order_not_found", "order_not_found"),
            (404, "unknown_symbol", "invalid_symbol"),
            (422, "invalid_order", "invalid_order"),
            (422, "insufficient_funds", "insufficient_funds"),
            (422, "exceeds_position", "invalid_order"),
            (422, "not_permitted", "not_permitted"),
            (422, "market_closed", "market_closed"),
            (422, "halted", "restricted"),
            (409, "duplicate_client_id", "duplicate_client_id"),
            (409, "stale_version", "invalid_order"),
            (409, "already_final", "already_final"),
            (429, "rate_limited", "limited"),
            (400, "malformed", "invalid_order"),
            (500, "internal", "unclear"),
            (503, "unavailable", "unclear"),
            (422, "brand_new", "unclear"),
        ] {
            check(status, &format!(r#"{{"code":"{code}","message":"words"}}"#), want);
        }
        check(422, "<html>", "unclear");
        check(302, "", "unclear");
        check(429, "", "limited");
    }
}
