//! One request over HTTP and what became of it: decides when a request certainly never left. Refuses to know what an
//! answer means.

use std::{error::Error as _, time::Duration};

use ordercast_model::ports::allowance::Unit;
use reqwest::{
    RequestBuilder, Url,
    header::{HeaderMap, HeaderName, RETRY_AFTER},
};

const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// The longest answer that is read; more is an unreadable answer.
const BODY_MAX: usize = 16 * 1024 * 1024;
/// The longest wait a venue may ask for: three days, the longest ban that one documents.
const RETRY_AFTER_MAX_SECONDS: u64 = 3 * 86_400;

/// What a venue says of its own count: what it counts, over how many seconds, and how much is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(crate) unit: Unit,
    pub(crate) window_seconds: u64,
    pub(crate) used: u32,
}

/// A status with its body.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// How long the venue asks to be left alone; three days at most.
    pub(crate) retry_after: Option<Duration>,
    /// When the venue's count begins anew, in seconds since 1970, where it says so.
    pub(crate) reset: Option<i64>,
    /// What the venue says is used, where it says so.
    pub(crate) used: Vec<Counted>,
    pub(crate) body: Vec<u8>,
}

/// Why there is no answer at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The connection was refused: no byte left.
    NotSent(String),
    /// Cut or timed out after the connection stood: nobody knows.
    Unclear(String),
    /// Held back because the host failed too often lately: no byte left.
    Later(Duration, String),
    /// Held back because what may be asked of the vendor is used up: no byte left.
    Waiting(Duration),
}

/// Sends a request and reads its answer, whatever the status.
///
/// # Errors
/// When there is no answer.
pub(crate) async fn send(request: RequestBuilder) -> Result<Answer, Failure> {
    let mut response = request.send().await.map_err(failure)?;
    let retry_after = retry_after(response.headers());
    let reset = response
        .headers()
        .get(RESET)
        .and_then(|at| at.to_str().ok()?.trim().parse().ok());
    let used = counted(response.headers());
    let status = response.status().as_u16();
    let mut body = Vec::new();
    while let Some(part) = response.chunk().await.map_err(|e| Failure::Unclear(words(e)))? {
        if body.len() + part.len() > BODY_MAX {
            return Err(Failure::Unclear(format!("an answer of over {BODY_MAX} bytes")));
        }
        body.extend_from_slice(&part);
    }
    Ok(Answer {
        status,
        retry_after,
        reset,
        used,
        body,
    })
}

/// Headers such as `X-MBX-USED-WEIGHT-1M` and `X-MBX-ORDER-COUNT-10S`.
fn counted(headers: &HeaderMap) -> Vec<Counted> {
    let read = |(name, value): (&HeaderName, &reqwest::header::HeaderValue)| {
        let of = name.as_str().strip_prefix("x-mbx-")?;
        let (unit, window) = match (of.strip_prefix("used-weight-"), of.strip_prefix("order-count-")) {
            (Some(window), _) => (Unit::Weight, window),
            (_, Some(window)) => (Unit::Order, window),
            _ => return None,
        };
        let (number, letter) = window.split_at_checked(window.len().checked_sub(1)?)?;
        let seconds: u64 = match letter {
            "s" => 1,
            "m" => 60,
            "h" => 3_600,
            "d" => 86_400,
            _ => return None,
        };
        Some(Counted {
            unit,
            window_seconds: number.parse::<u64>().ok()?.checked_mul(seconds)?,
            used: value.to_str().ok()?.trim().parse().ok()?,
        })
    };
    headers.iter().filter_map(read).collect()
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds: u64 = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds.min(RETRY_AFTER_MAX_SECONDS)))
}

/// An address under a base: the segments are percent-encoded (`BTC/USD` is one segment).
pub(crate) fn under(base: &Url, segments: &[&str]) -> Url {
    let mut url = base.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    url
}

/// A base address: http or https, a host, nothing behind the path; none when the text is another.
pub(crate) fn base(text: &str) -> Option<Url> {
    let url: Url = text.parse().ok()?;
    let plain = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    plain.then_some(url)
}

/// Whether an address is this machine's own: what is said to it travels nowhere.
pub(crate) fn is_loopback(url: &Url) -> bool {
    url.host_str().is_some_and(|host| {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        host == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
    })
}

/// A refused connection sent nothing; whatever fails later may have.
fn failure(error: reqwest::Error) -> Failure {
    if error.is_connect() || error.is_builder() {
        Failure::NotSent(words(error))
    } else {
        Failure::Unclear(words(error))
    }
}

/// The error with its causes, without the address.
fn words(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_base_is_a_plain_address() {
        for text in [
            "http://127.0.0.1:7791",
            "http://venue:80/",
            "http://[::1]:9",
            "https://x/api",
        ] {
            assert!(base(text).is_some(), "{text}");
        }
        for text in ["", "127.0.0.1:7791", "http://user:pw@x", "http://x?y", "ftp://x"] {
            assert!(base(text).is_none(), "{text}");
        }
    }

    #[test]
    fn what_a_venue_counts_is_read_from_its_headers() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("x-mbx-used-weight-1m", "238"),
            ("x-mbx-order-count-10s", "3"),
            ("x-mbx-order-count-1d", "7"),
            ("x-mbx-used-weight", "238"),
            ("x-mbx-used-weight-1y", "9"),
            ("x-mbx-order-count-10s-odd", "9"),
        ] {
            headers.insert(HeaderName::from_static(name), value.parse().unwrap());
        }
        let mut read: Vec<(u64, u32)> = counted(&headers)
            .iter()
            .map(|c| (c.window_seconds, c.used))
            .collect();
        read.sort_unstable();
        assert_eq!(read, [(10, 3), (60, 238), (86_400, 7)]);
    }

    #[test]
    fn a_symbol_is_one_segment() {
        let url = base("http://v:1/").unwrap();
        assert_eq!(
            under(&url, &["v1", "instruments", "BTC/USD"]).as_str(),
            "http://v:1/v1/instruments/BTC%2FUSD"
        );
    }
}
