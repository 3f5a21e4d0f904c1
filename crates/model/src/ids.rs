//! Decides how a thing is named: a visible prefix and a 26-character lower-case ULID.
//! Refuses to know where time and entropy come from: both are passed in.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::time::Timestamp;

/// Crockford's base 32 in lower case, as the ULID specification orders it.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Entropy of one identifier: the 80 random bits of a ULID.
pub type Entropy = [u8; 10];

/// Why a text is not an identifier of the asked kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected an identifier that starts with {prefix:?} followed by 26 characters, got {got:?}")]
pub struct IdError {
    /// Prefix that was expected.
    pub prefix: &'static str,
    /// What was given, cut to 40 characters.
    pub got: String,
}

/// An identifier: made from a time and entropy, ordered by time.
pub trait Id: Copy + Ord + fmt::Display + FromStr<Err = IdError> + Send + Sync + 'static {
    /// Visible prefix, with its underscore.
    const PREFIX: &'static str;
    /// Makes an identifier. The same arguments always give the same one.
    fn new(at: Timestamp, entropy: Entropy) -> Self;
}

fn compose(at: Timestamp, entropy: Entropy) -> u128 {
    let millis = u128::from(at.micros().max(0).unsigned_abs() / 1_000) & 0xFFFF_FFFF_FFFF;
    entropy
        .iter()
        .fold(millis, |acc, byte| (acc << 8) | u128::from(*byte))
}

fn write_ulid(value: u128, prefix: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut text = [0_u8; 26];
    for (i, slot) in text.iter_mut().enumerate() {
        let shift = 125 - 5 * i;
        let index = ((value >> shift) & 31) as usize;
        *slot = ALPHABET.get(index).copied().unwrap_or(b'0');
    }
    f.write_str(prefix)?;
    f.write_str(std::str::from_utf8(&text).map_err(|_| fmt::Error)?)
}

fn read_ulid(prefix: &'static str, text: &str) -> Result<u128, IdError> {
    let wrong = || IdError {
        prefix,
        got: text.chars().take(40).collect(),
    };
    let body = text.strip_prefix(prefix).ok_or_else(wrong)?;
    if body.len() != 26 {
        return Err(wrong());
    }
    let mut value: u128 = 0;
    for (i, byte) in body.bytes().enumerate() {
        let digit = ALPHABET.iter().position(|c| *c == byte).ok_or_else(wrong)?;
        if i == 0 && digit > 7 {
            return Err(wrong());
        }
        value = (value << 5) | digit as u128;
    }
    Ok(value)
}

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u128);

        impl Id for $name {
            const PREFIX: &'static str = $prefix;
            fn new(at: Timestamp, entropy: Entropy) -> Self {
                Self(compose(at, entropy))
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_ulid(self.0, $prefix, f)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                read_ulid($prefix, text).map(Self)
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                String::deserialize(d)?.parse().map_err(de::Error::custom)
            }
        }
    )+};
}

id! {
    /// A person with an account.
    UserId = "usr_";
    /// One tenant: one Discord server.
    CommunityId = "com_";
    /// A channel an owner enabled as a source.
    ChannelId = "chn_";
    /// A source of signals in one community.
    ProviderId = "prv_";
    /// A stored source message (all its revisions).
    MessageId = "msg_";
    /// The meaning of one message, stable over its revisions.
    SignalId = "sig_";
    /// One action of a signal.
    InstructionId = "ins_";
    /// One user's choice to receive one provider's signals.
    FollowId = "fol_";
    /// One credential to one account at one venue.
    ConnectionId = "con_";
    /// What was decided for one follower and one instruction.
    DecisionId = "dec_";
    /// A durable decision to place one leg for one account.
    IntentId = "int_";
    /// The intent as it exists at the venue.
    OrderId = "ord_";
    /// One execution report.
    FillId = "fil_";
    /// One holding from opening to closing.
    PositionId = "pos_";
    /// The part of a position that came from one signal.
    LotId = "lot_";
    /// One journal entry.
    JournalId = "jrn_";
    /// One login.
    SessionId = "ses_";
    /// One approval card.
    ApprovalId = "apr_";
    /// One API or data key.
    KeyId = "key_";
    /// One webhook source.
    HookId = "whk_";
    /// One notification.
    NotificationId = "ntf_";
    /// One signed checkpoint of the journal.
    CheckpointId = "chk_";
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn text_round_trips_and_sorts_by_time() {
        let early = OrderId::new(Timestamp::from_micros(1_000_000), [255; 10]);
        let late = OrderId::new(Timestamp::from_micros(2_000_000), [0; 10]);
        assert!(early < late && early.to_string() < late.to_string());
        assert_eq!(early.to_string().parse::<OrderId>().unwrap(), early);
        assert_eq!(early.to_string(), "ord_00000000z8zzzzzzzzzzzzzzzz");
    }

    #[test]
    fn another_kind_is_refused_by_name() {
        let user = UserId::new(Timestamp::from_micros(0), [1; 10]).to_string();
        assert!(user.parse::<OrderId>().unwrap_err().to_string().contains("ord_"));
        assert!(
            "ord_8zzzzzzzzzzzzzzzzzzzzzzzzz".parse::<OrderId>().is_err(),
            "over 128 bits"
        );
        assert!(
            "ord_0000000000000000000000000U".parse::<OrderId>().is_err(),
            "upper case"
        );
    }
}
