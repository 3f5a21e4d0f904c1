//! Decides what Binance's refusals and silences mean to the ports. The table is PRODUCT BR-28's, with the codes and words of
//! the vendor's page on errors; `docs/binance.md` shows it and is held to it by a test.

use std::time::Duration;

use ordercast_model::ports::broker::{BrokerError, CancelOutcome, ErrorKind, NotSent, Refusal};

use super::{sign::BadKey, wire::Refused};
use crate::http::{Answer, Failure};

pub(super) use crate::asked::{Call, retry};

/// Least wait after a 429 that does not say how long, and after a refused connection.
const RETRY_AFTER: Duration = Duration::from_secs(1);
/// Wait after "too many orders", which comes without a time: the vendor counts them over ten seconds.
const ORDERS_AFTER: Duration = Duration::from_secs(10);
/// The longest message that is kept.
const MESSAGE_MAX: usize = 400;

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
    /// Our clock differs from theirs, nothing was changed.
    Clock(String),
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

impl From<BadKey> for No {
    fn from(bad: BadKey) -> Self {
        Self::Unauthorised(bad.to_string())
    }
}

/// What a line of the table says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    /// A refusal of this kind.
    Kind(ErrorKind),
    /// Wait and ask again.
    Limited,
    /// The key.
    Unauthorised,
    /// The clock.
    Clock,
    /// Nobody knows.
    Unclear,
}

impl Says {
    /// The standard kind, as the documentation names it.
    #[cfg(test)]
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Kind(kind) => kind.code(),
            Self::Limited => ErrorKind::RateLimited.code(),
            Self::Unauthorised => ErrorKind::AuthFailed.code(),
            Self::Clock => ErrorKind::Clock.code(),
            Self::Unclear => ErrorKind::UnknownOutcome.code(),
        }
    }
}

/// One line of the table: the first that fits counts.
pub(super) struct Line {
    /// The vendor's code; both ends are meant.
    pub(super) code: (i64, i64),
    /// What the message holds, in lower case; empty = anything.
    pub(super) words: &'static str,
    pub(super) says: Says,
}

const fn one(code: i64, words: &'static str, says: Says) -> Line {
    Line {
        code: (code, code),
        words,
        says,
    }
}

const fn kind(code: i64, words: &'static str, kind: ErrorKind) -> Line {
    one(code, words, Says::Kind(kind))
}

/// Every refusal that is known, whatever was asked.
pub(super) const TABLE: &[Line] = &[
    one(-1003, "", Says::Limited),
    one(-1015, "", Says::Limited),
    one(-1021, "", Says::Clock),
    one(-1002, "", Says::Unauthorised),
    one(-1022, "", Says::Unauthorised),
    one(-2014, "", Says::Unauthorised),
    one(-2015, "", Says::Unauthorised),
    one(-1000, "", Says::Unclear),
    one(-1001, "", Says::Unclear),
    one(-1006, "", Says::Unclear),
    one(-1007, "", Says::Unclear),
    one(-1008, "", Says::Unclear),
    one(-1016, "", Says::Unclear),
    kind(-1121, "", ErrorKind::InvalidSymbol),
    kind(-1013, "market is closed", ErrorKind::MarketClosed),
    kind(-1013, "", ErrorKind::InvalidOrder),
    kind(-1014, "", ErrorKind::Unsupported),
    kind(-1020, "", ErrorKind::Unsupported),
    kind(-1112, "", ErrorKind::Restricted),
    Line {
        code: (-1199, -1100),
        words: "",
        says: Says::Kind(ErrorKind::InvalidOrder),
    },
    kind(-2010, "duplicate order", ErrorKind::DuplicateClientId),
    kind(-2010, "insufficient balance", ErrorKind::InsufficientFunds),
    kind(-2010, "market is closed", ErrorKind::MarketClosed),
    kind(-2010, "trading phase", ErrorKind::MarketClosed),
    kind(-2010, "for this phase", ErrorKind::MarketClosed),
    kind(-2010, "for this account", ErrorKind::NotPermitted),
    kind(-2010, "on this account", ErrorKind::NotPermitted),
    kind(-2010, "may not place", ErrorKind::NotPermitted),
    kind(-2010, "not supported for this symbol", ErrorKind::Unsupported),
    kind(-2010, "unsupported order combination", ErrorKind::Unsupported),
    kind(-2010, "symbol is not", ErrorKind::Restricted),
    kind(-2010, "", ErrorKind::InvalidOrder),
    kind(-2011, "may not place", ErrorKind::NotPermitted),
    kind(-2011, "", ErrorKind::OrderNotFound),
    kind(-2013, "", ErrorKind::OrderNotFound),
    kind(-2026, "", ErrorKind::OrderNotFound),
];

/// What a code with its message means; none when it is not known.
pub(super) fn says(code: i64, message: &str) -> Option<Says> {
    let lower = message.to_lowercase();
    let fits = |line: &&Line| (line.code.0..=line.code.1).contains(&code) && lower.contains(line.words);
    TABLE.iter().find(fits).map(|line| line.says)
}

/// Reads an answer whose status is not a success.
pub(super) fn read(call: Call, answer: &Answer) -> No {
    let body: Option<Refused> = serde_json::from_slice(&answer.body).ok();
    let code = body.as_ref().and_then(|b| b.code);
    let said = body.and_then(|b| b.msg).unwrap_or_default();
    let message: String = said.chars().take(MESSAGE_MAX).collect();
    let words = match code {
        Some(code) => format!("HTTP {} {code}: {message}", answer.status),
        None => format!("HTTP {}", answer.status),
    };
    match answer.status {
        429 | 418 => {
            let guess = if code == Some(-1015) {
                ORDERS_AFTER
            } else {
                RETRY_AFTER
            };
            return No::Limited(answer.retry_after.unwrap_or(guess), words);
        }
        500..=599 => return No::Unclear(words),
        // Binance serves nobody from there: nothing behind it was asked.
        451 => {
            return No::Refused(Refusal {
                kind: ErrorKind::Restricted,
                code: "451".to_owned(),
                message,
            });
        }
        401 if code.is_none() => return No::Unauthorised(words),
        _ => {}
    }
    let known = code.and_then(|code| says(code, &message).map(|says| (code, says)));
    let Some((code, says)) = known.filter(|_| (400..500).contains(&answer.status)) else {
        tracing::warn!(status = answer.status, code, call = ?call, "unmapped answer of Binance");
        return No::Unclear(words);
    };
    meant(code, says, message, words, answer.retry_after)
}

/// A code as the ports say it.
pub(super) fn meant(code: i64, says: Says, message: String, words: String, after: Option<Duration>) -> No {
    match says {
        Says::Kind(kind) => No::Refused(Refusal {
            kind,
            code: code.to_string(),
            message,
        }),
        Says::Limited if code == -1015 => No::Limited(after.unwrap_or(ORDERS_AFTER), words),
        Says::Limited => No::Limited(after.unwrap_or(RETRY_AFTER), words),
        Says::Unauthorised => No::Unauthorised(words),
        Says::Clock => No::Clock(words),
        Says::Unclear => No::Unclear(words),
    }
}

/// What it means for something that was to be sent and certainly was not; the rest is a refusal or unclear.
pub(super) fn not_sent(no: No) -> Result<NotSent, No> {
    Ok(match no {
        No::Limited(after, why) => retry(after, why),
        No::Clock(why) => retry(RETRY_AFTER, why),
        No::Waiting(after) => NotSent::Wait {
            after,
            why: "waiting for Binance's rate limit".to_owned(),
        },
        No::Unauthorised(why) => NotSent::Unauthorised(why),
        other => return Err(other),
    })
}

/// In words.
pub(super) fn words(no: &No) -> String {
    match no {
        No::Refused(refused) => format!("{}: {}", refused.code, refused.message),
        No::Waiting(after) => format!("waiting {} s for Binance's rate limit", after.as_secs().max(1)),
        No::Limited(_, why) | No::Unauthorised(why) | No::Clock(why) | No::Unclear(why) => why.clone(),
    }
}

/// What it means for a read.
pub(super) fn of_read(no: No) -> BrokerError {
    match no {
        No::Unauthorised(why) => BrokerError::Unauthorised(why),
        No::Waiting(after) => BrokerError::Busy { after },
        no => BrokerError::Unavailable(words(&no)),
    }
}

/// What it means for a cancel.
pub(super) fn of_cancel(no: No) -> CancelOutcome {
    match no {
        No::Unauthorised(why) => CancelOutcome::Unauthorised(why),
        no => CancelOutcome::Unknown(words(&no)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::too_many_lines)]
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
            No::Limited(..) | No::Waiting(_) => "rate_limited",
            No::Unauthorised(_) => "auth_failed",
            No::Clock(_) => "clock",
            No::Unclear(_) => "unknown_outcome",
        };
        assert_eq!(got, want, "{call:?} {status} {body}");
    }

    #[test]
    fn what_the_vendor_says_has_a_meaning_and_nothing_else_is_believed() {
        use Call::{Cancel, Place, Read};
        for (call, status, code, message, want) in [
            (Place, 400, -1013, "Filter failure: LOT_SIZE", "invalid_order"),
            (Place, 400, -1013, "Market is closed.", "market_closed"),
            (
                Place,
                400,
                -2010,
                "Account has insufficient balance for requested action.",
                "insufficient_funds",
            ),
            (Place, 400, -2010, "Duplicate order sent.", "duplicate_client_id"),
            (Place, 400, -2010, "Market is closed.", "market_closed"),
            (
                Place,
                400,
                -2010,
                "This order type is not possible in this trading phase.",
                "market_closed",
            ),
            (
                Place,
                400,
                -2010,
                "This symbol is not permitted for this account.",
                "not_permitted",
            ),
            (
                Place,
                400,
                -2010,
                "This action is disabled on this account.",
                "not_permitted",
            ),
            (
                Place,
                400,
                -2010,
                "Stop loss orders are not supported for this symbol.",
                "unsupported",
            ),
            (
                Place,
                400,
                -2010,
                "Order would trigger immediately.",
                "invalid_order",
            ),
            (Place, 400, -1121, "Invalid symbol.", "invalid_symbol"),
            (
                Place,
                400,
                -1111,
                "Precision is over the maximum defined for this asset.",
                "invalid_order",
            ),
            (
                Place,
                400,
                -1021,
                "Timestamp for this request is outside of the recvWindow.",
                "clock",
            ),
            (
                Place,
                400,
                -1022,
                "Signature for this request is not valid.",
                "auth_failed",
            ),
            (
                Read,
                401,
                -2015,
                "Invalid API-key, IP, or permissions for action.",
                "auth_failed",
            ),
            (Read, 401, -2014, "API-key format invalid.", "auth_failed"),
            (
                Place,
                429,
                -1015,
                "Too many new orders; current limit is 100 orders per TEN_SECONDS.",
                "rate_limited",
            ),
            (Read, 429, -1003, "Too much request weight used", "rate_limited"),
            (
                Read,
                418,
                -1003,
                "Way too much request weight used; IP banned until 1.",
                "rate_limited",
            ),
            (Cancel, 400, -2011, "Unknown order sent.", "order_not_found"),
            (Read, 400, -2013, "Order does not exist.", "order_not_found"),
            (
                Place,
                400,
                -1007,
                "Timeout waiting for response from backend server.",
                "unknown_outcome",
            ),
            (
                Place,
                504,
                -1007,
                "Timeout waiting for response from backend server.",
                "unknown_outcome",
            ),
            (
                Place,
                400,
                -1006,
                "An unexpected response was received.",
                "unknown_outcome",
            ),
            (Place, 500, -2010, "Duplicate order sent.", "unknown_outcome"),
            (
                Place,
                451,
                0,
                "Service unavailable from a restricted location.",
                "restricted",
            ),
            (Place, 400, -9999, "Something new.", "unknown_outcome"),
            (Place, 302, -2010, "", "unknown_outcome"),
        ] {
            check(
                call,
                status,
                &format!(r#"{{"code":{code},"msg":"{message}"}}"#),
                want,
            );
        }
        check(Place, 400, "<html>", "unknown_outcome");
        check(Place, 403, "<html>WAF</html>", "unknown_outcome");
    }

    /// The page lists what the table holds, line by line.
    #[test]
    fn the_documentation_shows_this_table() {
        let page = include_str!("../../../../docs/binance.md");
        let rows: Vec<String> = TABLE
            .iter()
            .map(|line| {
                let code = if line.code.0 == line.code.1 {
                    line.code.0.to_string()
                } else {
                    format!("{} to {}", line.code.1, line.code.0)
                };
                format!("| {code} | {} | `{}` |", line.words, line.says.code())
            })
            .collect();
        let shown: Vec<&str> = page.lines().filter(|l| l.starts_with("| -")).collect();
        assert_eq!(shown, rows, "expected in docs/binance.md:\n{}", rows.join("\n"));
    }
}
