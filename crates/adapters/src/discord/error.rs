//! Decides which of Discord's refusals only an operator can mend, which pass by themselves, and which concern one
//! channel only.

/// Discord's code for a message that does not exist.
const UNKNOWN_MESSAGE: u64 = 10_008;

/// A fault that asking again does not mend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DiscordFault {
    /// The token is not known, or no longer.
    #[error("Discord refuses the bot token: create a new one in the developer portal (Bot, Reset Token)")]
    BadToken,
    /// The token belongs to a person.
    #[error(
        "the token belongs to a user account, not to a bot: automating a user account breaks Discord's terms"
    )]
    UserToken,
    /// The bot may not read what is written.
    #[error(
        "the bot lacks the Message Content intent: switch it on in the developer portal (Bot, Privileged Gateway Intents)"
    )]
    MissingMessageContent,
    /// The gateway closes for good for a reason the program cannot mend.
    #[error("the gateway refuses this connection for good (close code {0})")]
    Refused(u16),
}

impl DiscordFault {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::BadToken => "bad_token",
            Self::UserToken => "user_token",
            Self::MissingMessageContent => "missing_message_content",
            Self::Refused(_) => "gateway_refused",
        }
    }

    /// What a final close of the gateway means.
    pub(super) const fn of_close(code: u16) -> Self {
        match code {
            4_004 => Self::BadToken,
            4_013 | 4_014 => Self::MissingMessageContent,
            other => Self::Refused(other),
        }
    }
}

/// Why a REST call gave nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Trouble {
    /// For good.
    #[error(transparent)]
    Fault(#[from] DiscordFault),
    /// This object is not there, or not for us.
    #[error("not there or not ours to see")]
    Gone,
    /// There is no such message, and there was one if anybody saw it: it is deleted.
    #[error("there is no such message")]
    NoMessage,
    /// Ask again.
    #[error("{0}")]
    Later(String),
}

impl Trouble {
    /// What a refusal means: its status, and Discord's own code when it gave one.
    pub(super) fn of(status: u16, code: Option<u64>) -> Self {
        match status {
            404 if code == Some(UNKNOWN_MESSAGE) => Self::NoMessage,
            400 | 403 | 404 => Self::Gone,
            other => Self::Later(format!("Discord answers HTTP {other}")),
        }
    }
}

/// An answer that does not read; a new form of it may come with the next.
pub(super) fn unreadable(why: impl std::fmt::Display) -> Trouble {
    Trouble::Later(format!("Discord's answer does not read: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_answer_means_that_a_message_is_deleted() {
        let later = |status: u16| Trouble::Later(format!("Discord answers HTTP {status}"));
        for (status, code, want) in [
            (404, Some(10_008), Trouble::NoMessage),
            (404, Some(10_003), Trouble::Gone),
            (404, None, Trouble::Gone),
            (403, Some(10_008), Trouble::Gone),
            (400, Some(50_035), Trouble::Gone),
            (500, Some(10_008), later(500)),
            (502, None, later(502)),
        ] {
            assert_eq!(Trouble::of(status, code), want, "{status} {code:?}");
        }
    }

    #[test]
    fn final_closes_have_names() {
        for (code, want) in [
            (4_004, "bad_token"),
            (4_014, "missing_message_content"),
            (4_013, "missing_message_content"),
            (4_010, "gateway_refused"),
            (4_011, "gateway_refused"),
        ] {
            assert_eq!(DiscordFault::of_close(code).code(), want, "{code}");
        }
    }
}
