//! Every kind of journal entry and the live event it becomes (PRODUCT AU-10, section 7): one table.

use serde::{Deserialize, Serialize};

macro_rules! kinds {
    ($($variant:ident = $code:literal => $event:expr;)+) => {
        /// The kind of a journal entry.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[allow(missing_docs, reason = "the codes are their own description")]
        pub enum Kind { $(#[serde(rename = $code)] $variant,)+ }

        impl Kind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];
            /// The stable code.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }
            /// The live event its user sees; none when it is for the record only.
            #[must_use]
            pub const fn event(self) -> Option<&'static str> {
                match self { $(Self::$variant => $event,)+ }
            }
        }
        impl std::str::FromStr for Kind {
            type Err = UnknownKind;
            fn from_str(text: &str) -> Result<Self, UnknownKind> {
                match text { $($code => Ok(Self::$variant),)+ other => Err(UnknownKind(other.chars().take(60).collect())) }
            }
        }
    };
}

/// A text that is no kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown journal kind {0:?}")]
pub struct UnknownKind(pub String);

kinds! {
    SignalReceived = "signal.received" => None;
    SignalRevised = "signal.revised" => None;
    SignalDeleted = "signal.deleted" => None;
    SignalParsed = "signal.parsed" => None;
    SignalInvalid = "signal.invalid" => None;
    SignalNotATrade = "signal.not_a_trade" => None;
    SignalDecision = "signal.decision" => Some("signal.decision");
    SignalGap = "signal.gap" => Some("notification");
    SignalBackfilled = "signal.backfilled" => None;
    ApprovalRequested = "approval.requested" => Some("approval.requested");
    ApprovalApproved = "approval.approved" => Some("approval.resolved");
    ApprovalDeclined = "approval.declined" => Some("approval.resolved");
    ApprovalExpired = "approval.expired" => Some("approval.resolved");
    IntentCreated = "intent.created" => Some("trade.created");
    OrderQueued = "order.queued" => Some("trade.queued");
    OrderSent = "order.sent" => None;
    OrderAccepted = "order.accepted" => Some("trade.submitted");
    OrderRejected = "order.rejected" => Some("trade.rejected");
    OrderDenied = "order.denied" => Some("trade.rejected");
    OrderUnknown = "order.unknown" => Some("trade.unknown");
    OrderResolved = "order.resolved" => Some("trade.updated");
    OrderEscalated = "order.escalated" => Some("trade.escalated");
    OrderCancelRequested = "order.cancel_requested" => None;
    OrderCancelled = "order.cancelled" => Some("trade.cancelled");
    OrderExpired = "order.expired" => Some("trade.expired");
    OrderDeclined = "order.declined" => Some("trade.cancelled");
    OrderReplaced = "order.replaced" => Some("trade.updated");
    OrderExternal = "order.external" => Some("notification");
    FillBooked = "fill.booked" => Some("trade.filled");
    FillCorrected = "fill.corrected" => Some("trade.updated");
    PositionOpened = "position.opened" => Some("portfolio.positionAdded");
    PositionChanged = "position.changed" => Some("portfolio.positionUpdated");
    PositionClosed = "position.closed" => Some("portfolio.positionClosed");
    PositionExternalChange = "position.external_change" => Some("portfolio.positionUpdated");
    ProtectionPlaced = "protection.placed" => Some("portfolio.positionUpdated");
    ProtectionMoved = "protection.moved" => Some("portfolio.positionUpdated");
    ProtectionEmulated = "protection.emulated" => Some("portfolio.positionUpdated");
    ProtectionMissing = "protection.missing" => Some("portfolio.positionUpdated");
    CashChanged = "cash.changed" => Some("portfolio.balanceChanged");
    CashExternal = "cash.external" => Some("portfolio.balanceChanged");
    RiskDenied = "risk.denied" => None;
    RiskReduced = "risk.reduced" => None;
    RiskLimitChanged = "risk.limit_changed" => None;
    RiskDailyLossTripped = "risk.daily_loss_tripped" => Some("risk.limitReached");
    RiskBreakerTripped = "risk.breaker_tripped" => Some("risk.limitReached");
    RiskLocked = "risk.locked" => Some("risk.locked");
    RiskUnlocked = "risk.unlocked" => Some("risk.unlocked");
    KillSet = "kill.set" => Some("kill.changed");
    KillLifted = "kill.lifted" => Some("kill.changed");
    PauseSet = "pause.set" => Some("kill.changed");
    PauseLifted = "pause.lifted" => Some("kill.changed");
    ConnectionCreated = "connection.created" => None;
    ConnectionTested = "connection.tested" => None;
    ConnectionChanged = "connection.changed" => None;
    ConnectionDisabled = "connection.disabled" => Some("broker.health");
    ConnectionRemoved = "connection.removed" => None;
    ConnectionHealthChanged = "connection.health_changed" => Some("broker.health");
    CredentialSealed = "credential.sealed" => None;
    CredentialRotated = "credential.rotated" => None;
    CredentialRevoked = "credential.revoked" => None;
    CredentialOpenedByCanary = "credential.opened_by_canary" => None;
    TokenRefreshed = "token.refreshed" => None;
    TokenRefreshFailed = "token.refresh_failed" => None;
    LoginOk = "login.ok" => None;
    LoginFailed = "login.failed" => None;
    Logout = "logout" => None;
    SessionRevoked = "session.revoked" => None;
    SessionTheftSuspected = "session.theft_suspected" => None;
    StepupOk = "stepup.ok" => None;
    StepupFailed = "stepup.failed" => None;
    TotpChanged = "totp.changed" => None;
    ApikeyCreated = "apikey.created" => None;
    ApikeyRemoved = "apikey.removed" => None;
    RoleChanged = "role.changed" => None;
    AccessDenied = "access.denied" => None;
    AccessModeChanged = "access.mode_changed" => None;
    UserCreated = "user.created" => None;
    UserSuspended = "user.suspended" => None;
    UserDeleted = "user.deleted" => None;
    ExportMade = "export.made" => None;
    AdminRead = "admin.read" => None;
    FollowCreated = "follow.created" => None;
    FollowChanged = "follow.changed" => None;
    FollowEnded = "follow.ended" => None;
    ProviderChanged = "provider.changed" => None;
    HookCreated = "hook.created" => None;
    HookRotated = "hook.rotated" => None;
    ProfileChanged = "profile.changed" => None;
    CopyStopped = "copy.stopped" => None;
    BillingEventReceived = "billing.event_received" => None;
    SubscriptionChanged = "subscription.changed" => Some("billing.changed");
    InvoicePaid = "invoice.paid" => None;
    InvoiceFailed = "invoice.failed" => None;
    RefundMade = "refund.made" => None;
    EntitlementChanged = "entitlement.changed" => None;
    TrialStarted = "trial.started" => None;
    TrialEnded = "trial.ended" => None;
    SystemStarted = "system.started" => None;
    SystemStopped = "system.stopped" => None;
    ConfigChanged = "config.changed" => None;
    KeyRotated = "key.rotated" => None;
    MigrationApplied = "migration.applied" => None;
    JournalGenesis = "journal.genesis" => None;
    JournalVerified = "journal.verified" => None;
    JournalMismatch = "journal.mismatch" => None;
    JournalArchived = "journal.archived" => None;
    BackupRestored = "backup.restored" => None;
    AlertRaised = "alert.raised" => None;
    ReportMade = "report.made" => None;
    ClockFault = "clock.fault" => None;
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn codes_are_unique_and_round_trip() {
        let mut codes: Vec<_> = Kind::ALL.iter().map(|k| k.code()).collect();
        for kind in Kind::ALL {
            assert_eq!(kind.code().parse::<Kind>().unwrap(), *kind);
            assert_eq!(
                serde_json::to_string(kind).unwrap(),
                format!("\"{}\"", kind.code())
            );
        }
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), Kind::ALL.len());
    }

    #[test]
    fn events_are_those_of_the_live_wire() {
        const EVENTS: &[&str] = &[
            "signal.decision",
            "approval.requested",
            "approval.resolved",
            "trade.created",
            "trade.queued",
            "trade.submitted",
            "trade.filled",
            "trade.rejected",
            "trade.cancelled",
            "trade.expired",
            "trade.unknown",
            "trade.escalated",
            "trade.updated",
            "portfolio.positionAdded",
            "portfolio.positionUpdated",
            "portfolio.positionClosed",
            "portfolio.balanceChanged",
            "risk.limitReached",
            "risk.locked",
            "risk.unlocked",
            "kill.changed",
            "broker.health",
            "billing.changed",
            "notification",
        ];
        let used: std::collections::BTreeSet<_> = Kind::ALL.iter().filter_map(|k| k.event()).collect();
        assert_eq!(used, EVENTS.iter().copied().collect());
    }
}
