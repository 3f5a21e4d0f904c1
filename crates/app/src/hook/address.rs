//! Which network addresses an allow list covers. Refuses to resolve names.

use std::net::IpAddr;

/// Entries of one list.
const ENTRIES_MAX: usize = 20;

/// One entry: an address, or a network as `192.0.2.0/24`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Network {
    base: u128,
    bits: u32,
}

/// Addresses of both kinds as one: IPv4 stands in its mapped place.
fn wide(ip: IpAddr) -> u128 {
    match ip {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().to_bits(),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

fn read(text: &str) -> Option<Network> {
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address, Some(bits)),
        None => (text, None),
    };
    let ip: IpAddr = address.parse().ok()?;
    let (offset, width) = if ip.is_ipv4() { (96, 32) } else { (0, 128) };
    let bits = match bits {
        Some(bits) if bits.bytes().all(|b| b.is_ascii_digit()) => {
            bits.parse().ok().filter(|b| *b <= width)?
        }
        Some(_) => return None,
        None => width,
    };
    Some(Network {
        base: wide(ip),
        bits: offset + bits,
    })
}

/// A list as it is kept.
///
/// # Errors
/// What was expected of the first entry that is none.
pub(super) fn checked(entries: &[String]) -> Result<Vec<String>, String> {
    if entries.len() > ENTRIES_MAX {
        return Err(format!("expected at most {ENTRIES_MAX} entries"));
    }
    let one = |entry: &String| {
        let entry = entry.trim();
        let shown: String = entry.chars().take(60).collect();
        read(entry)
            .map(|_| entry.to_owned())
            .ok_or_else(|| format!("expected an address or a network such as 192.0.2.0/24, got {shown:?}"))
    };
    entries.iter().map(one).collect()
}

/// Whether a delivery may come from here. An empty list takes all; an unknown address is on no list.
pub(super) fn allows(entries: &[String], address: Option<&str>) -> bool {
    if entries.is_empty() {
        return true;
    }
    let Some(ip) = address.and_then(|a| a.parse().ok()).map(wide) else {
        return false;
    };
    let covers = |network: Network| (network.base ^ ip).leading_zeros() >= network.bits;
    entries.iter().filter_map(|entry| read(entry)).any(covers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_cover_what_they_name() {
        for (list, address, covered) in [
            (&[][..], Some("203.0.113.9"), true),
            (&[], None, true),
            (&["192.0.2.7"], Some("192.0.2.7"), true),
            (&["192.0.2.7"], Some("::ffff:192.0.2.7"), true),
            (&["192.0.2.7"], Some("192.0.2.8"), false),
            (&["192.0.2.7"], None, false),
            (&["10.0.0.0/8", "192.0.2.0/24"], Some("192.0.2.200"), true),
            (&["192.0.2.0/25"], Some("192.0.2.200"), false),
            (&["0.0.0.0/0"], Some("203.0.113.9"), true),
            (&["0.0.0.0/0"], Some("2001:db8::1"), false),
            (&["2001:db8::/32"], Some("2001:db8:1::1"), true),
            (&["2001:db8::/32"], Some("2001:db9::1"), false),
            (&["::/0"], Some("203.0.113.9"), true),
        ] {
            let list: Vec<String> = list.iter().map(|e| (*e).to_owned()).collect();
            assert_eq!(allows(&list, address), covered, "{list:?} {address:?}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused_by_name() {
        for wrong in [
            "example.com",
            "192.0.2.0/33",
            "192.0.2.0/",
            "192.0.2.0/+8",
            "1.2.3",
            "",
        ] {
            let told = checked(&[wrong.to_owned()]).err();
            assert!(told.is_some_and(|t| t.contains(wrong)), "{wrong}");
        }
        assert!(checked(&vec!["192.0.2.7".to_owned(); 21]).is_err());
        assert_eq!(
            checked(&[" 192.0.2.7 ".to_owned()]),
            Ok(vec!["192.0.2.7".to_owned()])
        );
    }
}
