//! Texts into values. A refusal says only what the setting's own description does not.

use std::{net::IpAddr, str::FromStr, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use ordercast_model::{limits::Bound, secret::Secret};
use reqwest::Url;
use rust_decimal::Decimal;

use super::hidden::Hidden;

/// What could not be read; empty when the description says it all.
pub(super) type Read<T> = Result<T, String>;

fn refused<T>() -> Read<T> {
    Err(String::new())
}

/// Bytes of a key.
const KEY_BYTES: usize = 32;
/// Keys for one purpose at once.
const KEYS_MAX: usize = 4;

pub(super) fn text(given: &str) -> Read<String> {
    Ok(given.to_owned())
}

pub(super) fn hidden(given: &str) -> Read<Hidden<String>> {
    Ok(Hidden::new(given.to_owned()))
}

pub(super) fn switch(given: &str) -> Read<bool> {
    match given {
        "on" | "true" | "yes" | "1" => Ok(true),
        "off" | "false" | "no" | "0" => Ok(false),
        _ => refused(),
    }
}

pub(super) fn address(given: &str) -> Read<IpAddr> {
    given.parse().or_else(|_| refused())
}

pub(super) fn port(given: &str) -> Read<u16> {
    given
        .parse()
        .ok()
        .filter(|port| *port > 0)
        .map_or_else(refused, Ok)
}

pub(super) fn list(given: &str) -> Vec<String> {
    given
        .split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty())
        .map(str::to_owned)
        .collect()
}

pub(super) fn addresses(given: &str) -> Read<Vec<IpAddr>> {
    let read = |item: &String| {
        item.parse::<IpAddr>()
            .map_err(|_| format!("{item:?} is no address"))
    };
    list(given).iter().map(read).collect()
}

/// An origin: scheme, host and port, nothing else.
pub(super) fn origin(given: &str) -> Read<String> {
    let Ok(url) = Url::parse(given) else {
        return refused();
    };
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    let anonymous = url.username().is_empty() && url.password().is_none();
    let known = matches!(url.scheme(), "http" | "https") && url.has_host() && !given.contains('*');
    if bare && anonymous && known {
        Ok(url.origin().ascii_serialization())
    } else {
        refused()
    }
}

pub(super) fn origins(given: &str) -> Read<Vec<String>> {
    list(given)
        .iter()
        .map(|item| origin(item).map_err(|_| format!("{item:?} is no origin")))
        .collect()
}

pub(super) fn name(given: &str) -> Read<String> {
    let good = given
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'));
    if good && (1..=63).contains(&given.len()) {
        Ok(given.to_owned())
    } else {
        refused()
    }
}

/// `90`, `90s`, `15m`, `2h`, `7d`; a bare number is seconds.
pub(super) fn duration(given: &str) -> Option<Duration> {
    let digits = given.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match given.get(digits.len()..)? {
        "" | "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return None,
    };
    let digits = digits.trim();
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    digits
        .parse::<u64>()
        .ok()?
        .checked_mul(unit)
        .map(Duration::from_secs)
}

pub(super) fn duration_between<const LEAST: u64, const MOST: u64>(given: &str) -> Read<Duration> {
    duration(given)
        .filter(|d| (LEAST..=MOST).contains(&d.as_secs()))
        .map_or_else(refused, Ok)
}

pub(super) fn whole_between<const LEAST: u32, const MOST: u32>(given: &str) -> Read<u32> {
    let digits = given.bytes().all(|b| b.is_ascii_digit());
    let read = given
        .parse()
        .ok()
        .filter(|n| digits && (LEAST..=MOST).contains(n));
    read.map_or_else(refused, Ok)
}

fn decimal(given: &str) -> Option<Decimal> {
    Decimal::from_str_exact(given).ok()
}

/// A cap of the deployment: above zero, at most what the table of rules says; counts, factors and amounts from one on.
pub(super) fn cap(bound: Bound, given: &str) -> Read<Decimal> {
    let (_, most) = bound.range();
    let from_one = bound.whole()
        || matches!(
            bound,
            Bound::Leverage | Bound::OptionContracts | Bound::OrderValue
        );
    let fits = |d: &Decimal| {
        *d > Decimal::ZERO
            && *d <= most
            && (!from_one || *d >= Decimal::ONE)
            && (!bound.whole() || d.is_integer())
    };
    decimal(given).filter(fits).map_or_else(refused, Ok)
}

pub(super) fn symbols(given: &str) -> Read<Vec<String>> {
    let odd = |item: &String| {
        let known = item
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'/' | b'-'));
        !known || item.len() > 32
    };
    let all = list(&given.to_ascii_uppercase());
    match all.iter().find(|item| odd(item)) {
        Some(item) => Err(format!("{item:?} is no symbol")),
        None => Ok(all),
    }
}

pub(super) fn key(given: &str) -> Read<Hidden<Vec<u8>>> {
    let bytes = Secret::new(STANDARD.decode(given).map_err(|_| "not base64".to_owned())?);
    match bytes.expose().as_slice() {
        found if found.len() != KEY_BYTES => Err(format!("{} bytes", found.len())),
        found if found.iter().all(|b| Some(b) == found.first()) => Err("all bytes are the same".to_owned()),
        found => Ok(Hidden::new(found.to_vec())),
    }
}

/// Keys, newest first, each other than the others.
pub(super) fn keys(given: &str) -> Read<Vec<Hidden<Vec<u8>>>> {
    let keys = given.split(',').map(|one| key(one.trim()));
    let keys: Vec<Hidden<Vec<u8>>> = keys.collect::<Read<_>>()?;
    match keys.len() {
        1..=KEYS_MAX => Ok(keys),
        found => Err(format!("{found} keys, at most {KEYS_MAX}")),
    }
}

/// A web address without login, query and fragment; only plain http where `PLAIN`.
pub(super) fn base<const PLAIN: bool>(given: &str) -> Read<String> {
    let Ok(url) = Url::from_str(given) else {
        return refused();
    };
    let scheme = url.scheme() == "http" || (!PLAIN && url.scheme() == "https");
    let bare = url.query().is_none() && url.fragment().is_none();
    let anonymous = url.username().is_empty() && url.password().is_none();
    if scheme && bare && anonymous && url.has_host() {
        Ok(given.trim_end_matches('/').to_owned())
    } else {
        refused()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_units() {
        for (given, want) in [
            ("90", Some(90)),
            ("90s", Some(90)),
            ("15m", Some(900)),
            ("2h", Some(7_200)),
            ("7d", Some(604_800)),
        ] {
            assert_eq!(duration(given).map(|d| d.as_secs()), want, "{given}");
        }
        for given in ["", "s", "-1", "1.5h", "1w", "99999999999999999999d", "+5"] {
            assert_eq!(duration(given), None, "{given}");
        }
    }

    #[test]
    fn origins_are_exact() {
        assert_eq!(
            origin("https://Ordercast.example/").as_deref(),
            Ok("https://ordercast.example")
        );
        assert_eq!(
            origin("http://127.0.0.1:8080").as_deref(),
            Ok("http://127.0.0.1:8080")
        );
        for given in [
            "*",
            "https://*.example",
            "ordercast.example",
            "https://a/b",
            "https://u:p@a",
            "ftp://a",
            "https://a?x",
        ] {
            assert!(origin(given).is_err(), "{given}");
        }
    }

    #[test]
    fn weak_and_short_keys_are_refused() {
        assert!(key("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").is_err());
        assert_eq!(key("AAEC").err().as_deref(), Some("3 bytes"));
        assert_eq!(key("not base64").err().as_deref(), Some("not base64"));
        assert!(key("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=").is_ok());
    }
}
