//! Decides what Alpaca's refusals and silences mean to the ports. The table is PRODUCT BR-28's, with the vendor's words as
//! its support threads and pages quote them; `docs/brokers.md` shows it and is held to it by a test.

use std::time::Duration;

use ordercast_model::ports::broker::{BrokerError, ErrorKind, NOTHING_HELD, NotSent, Refusal};

use super::wire::Refused;
use crate::http::{Answer, Failure};

pub(super) use crate::asked::{Call, retry};

/// Least wait after a 429 that does not say how long, after a refused connection, and during maintenance.
const RETRY_AFTER: Duration = Duration::from_secs(1);
/// The longest message that is kept.
const MESSAGE_MAX: usize = 400;

/// What Alpaca says when a sale would open: what it was to close is held no longer.
const HELD_NO_LONGER: [&str; 2] = ["position intent mismatch", "not allowed to short"];

/// What an answer without success means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum No {
    /// A definite no, nothing was changed.
    Refused(Refusal),
    /// Not now, nothing was changed.
    Limited(Duration, String),
    /// What we may ask is used up for now, nothing was changed.
    Waiting(Duration),
    /// The credential is not taken, nothing was changed.
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

/// One line of the table: the first that fits counts.
pub(super) struct Line {
    /// HTTP status; none = any of 400 to 499.
    status: Option<u16>,
    /// The vendor's code; none = any.
    code: Option<u64>,
    /// What the message holds, in lower case; empty = anything.
    words: &'static str,
    kind: ErrorKind,
}

const fn line(status: Option<u16>, code: Option<u64>, words: &'static str, kind: ErrorKind) -> Line {
    Line {
        status,
        code,
        words,
        kind,
    }
}

/// Refusals of an order.
pub(super) const PLACE: &[Line] = &[
    line(
        Some(422),
        None,
        "client_order_id must be unique",
        ErrorKind::DuplicateClientId,
    ),
    line(None, None, "insufficient qty", ErrorKind::InvalidOrder),
    line(None, None, "insufficient", ErrorKind::InsufficientFunds),
    line(None, None, "wash trade", ErrorKind::Restricted),
    line(None, None, "opposite side", ErrorKind::Restricted),
    line(None, None, "halt", ErrorKind::Restricted),
    line(None, None, "not tradable", ErrorKind::Restricted),
    line(None, None, "not active", ErrorKind::Restricted),
    line(None, None, "market is closed", ErrorKind::MarketClosed),
    line(None, None, "market hours", ErrorKind::MarketClosed),
    line(None, None, "extended hours", ErrorKind::MarketClosed),
    line(None, None, "not allowed", ErrorKind::NotPermitted),
    line(None, None, "not eligible", ErrorKind::NotPermitted),
    line(None, None, "not permitted", ErrorKind::NotPermitted),
    line(None, None, "asset", ErrorKind::InvalidSymbol),
    line(None, None, "invalid symbol", ErrorKind::InvalidSymbol),
    line(None, None, "symbol not found", ErrorKind::InvalidSymbol),
    line(Some(403), Some(40_310_000), "", ErrorKind::InsufficientFunds),
    line(Some(403), None, "", ErrorKind::NotPermitted),
    line(Some(404), None, "", ErrorKind::InvalidSymbol),
    line(Some(400), None, "", ErrorKind::InvalidOrder),
    line(Some(422), None, "", ErrorKind::InvalidOrder),
];

/// Refusals of a cancel.
pub(super) const CANCEL: &[Line] = &[
    line(Some(404), None, "", ErrorKind::OrderNotFound),
    line(Some(422), None, "", ErrorKind::AlreadyFinal),
];

/// Refusals of a question.
pub(super) const READ: &[Line] = &[
    line(Some(404), None, "", ErrorKind::OrderNotFound),
    line(Some(403), None, "", ErrorKind::NotPermitted),
    line(Some(400), None, "", ErrorKind::InvalidOrder),
    line(Some(422), None, "", ErrorKind::InvalidOrder),
];

impl Line {
    fn fits(&self, status: u16, code: Option<u64>, message: &str) -> bool {
        self.status.is_none_or(|s| s == status)
            && self.code.is_none_or(|c| Some(c) == code)
            && message.contains(self.words)
    }
}

/// Reads an answer whose status is not a success.
pub(super) fn read(call: Call, answer: &Answer) -> No {
    let body: Option<Refused> = serde_json::from_slice(&answer.body).ok();
    let code: Option<u64> = body.as_ref().and_then(|b| b.code).and_then(|c| c.try_into().ok());
    let said = body.as_ref().and_then(|b| b.message.clone()).unwrap_or_default();
    let message: String = said.chars().take(MESSAGE_MAX).collect();
    let lower = message.to_lowercase();
    let words = match code {
        Some(code) => format!("HTTP {} {code}: {message}", answer.status),
        None if message.is_empty() => format!("HTTP {}", answer.status),
        None => format!("HTTP {}: {message}", answer.status),
    };
    // A key that is unknown, of the other host, or revoked.
    let refused_key = code.is_some_and(|c| c / 10_000 == 4_011)
        || (answer.status == 403 && code.is_none() && lower.starts_with("forbidden"));
    let table = match call {
        Call::Place => PLACE,
        Call::Cancel => CANCEL,
        Call::Read => READ,
    };
    match answer.status {
        401 => No::Unauthorised(words),
        _ if refused_key => No::Unauthorised(words),
        429 => No::Limited(answer.retry_after.unwrap_or(RETRY_AFTER), words),
        // The page that stands in for the whole service: nothing behind it was asked.
        503 if body.is_none() && maintenance(&answer.body) => {
            No::Limited(answer.retry_after.unwrap_or(RETRY_AFTER), words)
        }
        400..=499 if body.is_some() => match table.iter().find(|l| l.fits(answer.status, code, &lower)) {
            Some(line) => No::Refused(Refusal {
                kind: line.kind,
                code: match code {
                    _ if call == Call::Place && HELD_NO_LONGER.iter().any(|words| lower.contains(words)) => {
                        NOTHING_HELD.to_owned()
                    }
                    Some(code) => code.to_string(),
                    None => answer.status.to_string(),
                },
                message,
            }),
            None => unmapped(answer.status, code, words),
        },
        500..=599 => No::Unclear(words),
        _ => unmapped(answer.status, code, words),
    }
}

fn unmapped(status: u16, code: Option<u64>, words: String) -> No {
    tracing::warn!(status, code, "unmapped answer of Alpaca");
    No::Unclear(words)
}

fn maintenance(body: &[u8]) -> bool {
    let head = body.get(..body.len().min(4_096)).unwrap_or_default();
    String::from_utf8_lossy(head)
        .to_lowercase()
        .contains("maintenance")
}

/// Its turn has not come.
pub(super) fn wait(after: Duration) -> NotSent {
    NotSent::Wait {
        after,
        why: "waiting for Alpaca's rate limit".to_owned(),
    }
}

/// What it means for a read.
pub(super) fn of_read(no: No) -> BrokerError {
    match no {
        No::Unauthorised(why) => BrokerError::Unauthorised(why),
        No::Refused(refused) => BrokerError::Unavailable(format!("{}: {}", refused.code, refused.message)),
        No::Waiting(after) => BrokerError::Busy { after },
        No::Limited(_, why) | No::Unclear(why) => BrokerError::Unavailable(why),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::too_many_lines)]
    use super::*;

    fn check(call: Call, status: u16, body: &str, want: &str) {
        let answer = Answer {
            status,
            retry_after: None,
            reset: None,
            used: Vec::new(),
            body: body.as_bytes().to_vec(),
        };
        let got = match read(call, &answer) {
            No::Refused(refusal) => refusal.kind.code(),
            No::Limited(..) | No::Waiting(_) => "limited",
            No::Unauthorised(_) => "unauthorised",
            No::Unclear(_) => "unclear",
        };
        assert_eq!(got, want, "{call:?} {status} {body}");
    }

    /// The page lists what the tables hold, line by line.
    #[test]
    fn the_documentation_shows_these_tables() {
        let page = include_str!("../../../../docs/brokers.md");
        let rows = |asked: &'static str, table: &'static [Line]| {
            table.iter().map(move |line| {
                let status = line.status.map_or_else(|| "4xx".to_owned(), |s| s.to_string());
                let code = line.code.map(|c| c.to_string()).unwrap_or_default();
                format!(
                    "| {asked} | {status} | {code} | {} | `{}` |",
                    line.words,
                    line.kind.code()
                )
            })
        };
        let all: Vec<String> = rows("order", PLACE)
            .chain(rows("cancel", CANCEL))
            .chain(rows("question", READ))
            .collect();
        let asked = ["| order |", "| cancel |", "| question |"];
        let shown: Vec<&str> = page
            .lines()
            .filter(|l| asked.iter().any(|a| l.starts_with(a)))
            .collect();
        assert_eq!(shown, all, "expected in docs/brokers.md:\n{}", all.join("\n"));
    }

    #[test]
    fn what_the_vendor_says_has_a_meaning_and_nothing_else_is_believed() {
        use Call::{Cancel, Place, Read};
        for (call, status, body, want) in [
            (
                Place,
                403,
                r#"{"code":40310000,"message":"insufficient buying power","buying_power":"1"}"#,
                "insufficient_funds",
            ),
            (
                Place,
                403,
                r#"{"code":40310000,"message":"insufficient qty available for order (requested: 2, available: 1)"}"#,
                "invalid_order",
            ),
            (
                Place,
                403,
                r#"{"code":40310000,"message":"insufficient balance for BTC"}"#,
                "insufficient_funds",
            ),
            (
                Place,
                403,
                r#"{"code":40310000,"message":"potential wash trade detected. use complex orders"}"#,
                "restricted",
            ),
            (
                Place,
                403,
                r#"{"code":40310000,"message":"cost basis must be >= minimal amount of order 10"}"#,
                "insufficient_funds",
            ),
            (
                Place,
                403,
                r#"{"code":40310100,"message":"account is restricted to liquidation"}"#,
                "not_permitted",
            ),
            (
                Place,
                422,
                r#"{"code":40010001,"message":"client_order_id must be unique"}"#,
                "duplicate_client_id",
            ),
            (
                Place,
                422,
                r#"{"code":40010001,"message":"us_equity orders not allowed for account"}"#,
                "not_permitted",
            ),
            (
                Place,
                422,
                r#"{"code":42210000,"message":"asset \"XYZQ\" not found"}"#,
                "invalid_symbol",
            ),
            (
                Place,
                422,
                r#"{"code":42210000,"message":"limit price must be > 0"}"#,
                "invalid_order",
            ),
            (Place, 422, r#"{"message":"market is closed"}"#, "market_closed"),
            (
                Place,
                403,
                r#"{"code":40310000,"message":"account is not allowed to short"}"#,
                "not_permitted",
            ),
            (
                Place,
                400,
                r#"{"code":40010001,"message":"qty must be > 0"}"#,
                "invalid_order",
            ),
            (
                Place,
                404,
                r#"{"code":40410000,"message":"symbol not found: X"}"#,
                "invalid_symbol",
            ),
            (
                Cancel,
                422,
                r#"{"code":42210000,"message":"order is already in \"filled\" state"}"#,
                "already_final",
            ),
            (
                Cancel,
                404,
                r#"{"code":40410000,"message":"order not found"}"#,
                "order_not_found",
            ),
            (
                Read,
                404,
                r#"{"code":40410000,"message":"order not found for abc"}"#,
                "order_not_found",
            ),
            (Read, 403, r#"{"message":"forbidden."}"#, "unauthorised"),
            (
                Place,
                401,
                r#"{"code":40110000,"message":"request is not authorized"}"#,
                "unauthorised",
            ),
            (
                Place,
                403,
                r#"{"code":40110000,"message":"access key verification failed"}"#,
                "unauthorised",
            ),
            (
                Place,
                429,
                r#"{"code":42910000,"message":"rate limit exceeded"}"#,
                "limited",
            ),
            (
                Place,
                503,
                "<html><h1>Scheduled maintenance</h1></html>",
                "limited",
            ),
            (Place, 503, r#"{"message":"service unavailable"}"#, "unclear"),
            (Place, 503, "<html>upstream failure</html>", "unclear"),
            (
                Place,
                500,
                r#"{"code":50010000,"message":"internal server error"}"#,
                "unclear",
            ),
            (Place, 504, "", "unclear"),
            (Place, 422, "<html>", "unclear"),
            (Place, 418, r#"{"message":"teapot"}"#, "unclear"),
            (Place, 302, "", "unclear"),
        ] {
            check(call, status, body, want);
        }
    }
}
