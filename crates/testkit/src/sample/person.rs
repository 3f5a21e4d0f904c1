//! People and what belongs to their logins.

use ordercast_model::{
    chat::Posted,
    factor::{RecoveryCode, SecondFactor, Totp},
    ids::{SessionId, UserId},
    limits::{Limits, Loosening, Switch, SwitchKind, SwitchScope, UserLimits},
    notice::{Bookmark, NoticeSettings, SentCard},
    oauth::{Departure, DiscordGrant, Errand, GrantState},
    plan::Plan,
    user::{DataKey, Idempotency, LinkTicket, LoginTicket, Session, User},
};

use super::{at, id};

/// The n-th user, on the free plan, not of the demo.
#[must_use]
pub fn user(n: u64) -> User {
    User {
        id: id(n),
        version: 1,
        discord_id: None,
        name: format!("Trader {n}"),
        plan: Plan::Free,
        platform_admin: false,
        demo: false,
        created_at: at(n),
    }
}

/// The n-th session, of a user; its token hash is `hash <n>`.
#[must_use]
pub fn session(n: u64, user_id: UserId) -> Session {
    Session {
        id: id::<SessionId>(n),
        version: 1,
        user_id,
        token_hash: format!("hash {n}"),
        agent: "Firefox".to_owned(),
        created_at: at(n),
        seen_at: at(n),
        expires_at: at(n + 86_400),
        revoked_at: None,
        previous: None,
        stepped_up_at: None,
    }
}

/// A login ticket whose hash is `ticket <n>`.
#[must_use]
pub fn ticket(n: u64, user_id: UserId) -> LoginTicket {
    LoginTicket {
        token_hash: format!("ticket {n}"),
        version: 1,
        user_id,
        expires_at: at(n + 300),
        used_at: None,
    }
}

/// A link ticket whose hash is `link <n>`.
#[must_use]
pub fn link(n: u64) -> LinkTicket {
    LinkTicket {
        token_hash: format!("link {n}"),
        version: 1,
        discord_id: format!("90000000{n}"),
        name: format!("trader_{n}"),
        expires_at: at(n + 300),
        used_at: None,
    }
}

/// Somebody who left to log in; the hash of the state is `state <n>`.
#[must_use]
pub fn departure(n: u64) -> Departure {
    Departure {
        state_hash: format!("state {n}"),
        version: 1,
        key_version: 1,
        errand: Errand::Login {
            browser: format!("browser {n}"),
            next: "/".to_owned(),
        },
        expires_at: at(n + 300),
        used_at: None,
    }
}

/// What Discord gave at the login of a user; to be renewed at second 1,000.
#[must_use]
pub fn grant(user_id: UserId) -> DiscordGrant {
    DiscordGrant {
        user_id,
        version: 1,
        state: GrantState::Live,
        sealed: "sealed".to_owned(),
        expires_at: at(1_300),
        due_at: Some(at(1_000)),
        since: at(0),
    }
}

/// What a user wants to be told: everything.
#[must_use]
pub fn notice_settings(user_id: UserId) -> NoticeSettings {
    NoticeSettings {
        version: 1,
        ..NoticeSettings::new(user_id, at(0))
    }
}

/// A reader of the journal that stands at a place.
#[must_use]
pub fn bookmark(name: &str, next: u64) -> Bookmark {
    Bookmark {
        name: name.to_owned(),
        version: 1,
        next,
    }
}

/// A message sent to a user about something.
#[must_use]
pub fn sent_card(about: &str, user_id: UserId) -> SentCard {
    SentCard {
        about: about.to_owned(),
        user_id,
        version: 1,
        posted: Posted {
            channel: "70".to_owned(),
            message: "71".to_owned(),
        },
        created_at: at(0),
    }
}

/// A user's wrapped key.
#[must_use]
pub fn data_key(user_id: UserId) -> DataKey {
    DataKey {
        user_id,
        version: 1,
        master_version: 1,
        wrapped: "d3JhcHBlZA==".to_owned(),
        created_at: at(0),
    }
}

/// A request at work under a client's key.
#[must_use]
pub fn idempotency(user_id: UserId, key: &str) -> Idempotency {
    Idempotency {
        user_id,
        key: key.to_owned(),
        version: 1,
        request_hash: "00".repeat(32),
        status: None,
        body: None,
        created_at: at(0),
    }
}

/// The default limits of a user.
#[must_use]
pub fn limits(user_id: UserId) -> UserLimits {
    UserLimits {
        user_id,
        version: 1,
        limits: Limits::default(),
        updated_at: at(0),
        pending: Vec::new(),
    }
}

/// A limit that was asked to be loosened, due ten minutes later.
#[must_use]
pub fn loosening(limit: &str, asked: u64) -> Loosening {
    Loosening {
        limit: limit.to_owned(),
        from: serde_json::json!("10"),
        to: serde_json::json!("20"),
        asked_at: at(asked),
        due_at: at(asked + 600),
    }
}

/// An enrolled second factor.
#[must_use]
pub fn factor(user_id: UserId) -> SecondFactor {
    SecondFactor {
        version: 1,
        totp: Some(Totp {
            sealed: format!("{user_id} totp: sealed"),
            since: at(0),
            last_step: 7,
        }),
        recovery: vec![RecoveryCode {
            digest: "00".repeat(32),
            key_version: 1,
            used_at: None,
        }],
        failures: vec![at(0)],
        ..SecondFactor::none(user_id)
    }
}

/// A kill that is on.
#[must_use]
pub fn kill(scope: SwitchScope, user_id: Option<UserId>) -> Switch {
    Switch {
        key: Switch::key_of(SwitchKind::Kill, &scope),
        version: 1,
        kind: SwitchKind::Kill,
        scope,
        user_id,
        on: true,
        by: "Trader".to_owned(),
        set_by: None,
        reason: "asked for".to_owned(),
        since: at(0),
        flatten: None,
        freeze: false,
    }
}
