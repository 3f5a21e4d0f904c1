//! What was decided for one follower and one instruction, with the numbers; and the cards that ask.

use serde::{Deserialize, Serialize};

use crate::{
    gate::Breach,
    ids::{ApprovalId, ConnectionId, DecisionId, FollowId, LotId, OrderId, ProviderId, SignalId, UserId},
    signal::instruction::Instruction,
    time::Timestamp,
};

/// Why nothing was done (PRODUCT SG-17, stable codes).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the codes are their own description")]
pub enum SkipReason {
    FollowDisabled,
    NoAccess,
    PlanLimit,
    Killed,
    Paused,
    Locked,
    ConfidenceBelowMin,
    AssetNotAllowed,
    SymbolDenied,
    NoConnection,
    ConnectionUnhealthy,
    Duplicate,
    Merged,
    Conflict,
    Stale,
    Expired,
    ApprovalExpired,
    ApprovalDeclined,
    InvalidSignal,
    AmbiguousFollowup,
    NothingToClose,
    UnsupportedAsset,
    UnsupportedOrder,
    AddsDisabled,
    Superseded,
    ProviderInactive,
}

impl SkipReason {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::FollowDisabled => "follow_disabled",
            Self::NoAccess => "no_access",
            Self::PlanLimit => "plan_limit",
            Self::Killed => "killed",
            Self::Paused => "paused",
            Self::Locked => "locked",
            Self::ConfidenceBelowMin => "confidence_below_min",
            Self::AssetNotAllowed => "asset_not_allowed",
            Self::SymbolDenied => "symbol_denied",
            Self::NoConnection => "no_connection",
            Self::ConnectionUnhealthy => "connection_unhealthy",
            Self::Duplicate => "duplicate",
            Self::Merged => "merged",
            Self::Conflict => "conflict",
            Self::Stale => "stale",
            Self::Expired => "expired",
            Self::ApprovalExpired => "approval_expired",
            Self::ApprovalDeclined => "approval_declined",
            Self::InvalidSignal => "invalid_signal",
            Self::AmbiguousFollowup => "ambiguous_followup",
            Self::NothingToClose => "nothing_to_close",
            Self::UnsupportedAsset => "unsupported_asset",
            Self::UnsupportedOrder => "unsupported_order",
            Self::AddsDisabled => "adds_disabled",
            Self::Superseded => "superseded",
            Self::ProviderInactive => "provider_inactive",
        }
    }
}

/// How a decision stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", content = "reason", rename_all = "snake_case")]
pub enum DecisionStatus {
    /// Orders were placed (or changed) as the signal says.
    Placed,
    /// Orders were placed, smaller than wanted.
    Reduced,
    /// A card is shown.
    AwaitingApproval,
    /// Waits for the session to open.
    Queued,
    /// Nothing was done.
    Skipped(SkipReason),
    /// A risk rule refused; the headline rule stands first in `breaches`.
    Denied,
    /// Its time ran out.
    Expired,
}

impl DecisionStatus {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Placed => "placed",
            Self::Reduced => "reduced",
            Self::AwaitingApproval => "awaiting_approval",
            Self::Queued => "queued",
            Self::Skipped(_) => "skipped",
            Self::Denied => "denied",
            Self::Expired => "expired",
        }
    }
}

/// What was decided for one follower and one instruction of one revision of a signal; unique per that triple.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Its id.
    pub id: DecisionId,
    /// Rises with every change.
    pub version: u64,
    /// Signal.
    pub signal_id: SignalId,
    /// Revision of the signal.
    pub revision: u32,
    /// Index of the instruction.
    pub instruction: u32,
    /// For whom.
    pub user_id: UserId,
    /// Under which Follow; none for manual orders.
    pub follow_id: Option<FollowId>,
    /// Provider.
    pub provider_id: ProviderId,
    /// Where; none when no connection was found.
    pub connection_id: Option<ConnectionId>,
    /// How it stands.
    pub status: DecisionStatus,
    /// Rules that reduced or refused, headline first.
    pub breaches: Vec<Breach>,
    /// One sentence for the follower.
    pub message: String,
    /// Orders it led to.
    pub orders: Vec<OrderId>,
    /// When.
    pub created_at: Timestamp,
    /// Last change.
    pub updated_at: Timestamp,
}

/// How a card stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApprovalState {
    /// Shown.
    Pending,
    /// Yes.
    Approved,
    /// No.
    Declined,
    /// Too late.
    Expired,
}

/// One signal that an ambiguous follow-up may be about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// Signal that opened it; none when it is not known.
    pub signal_id: Option<SignalId>,
    /// The follower's lots of it, oldest first.
    pub lots: Vec<LotId>,
    /// What it is, in words.
    pub label: String,
}

/// What a card asks.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "asks", rename_all = "snake_case")]
pub enum Question {
    /// Whether the order of the preview may be sent.
    #[default]
    Order,
    /// Which signal a follow-up is about (PRODUCT SG-23).
    WhichSignal {
        /// The follow-up.
        instruction: Box<Instruction>,
        /// What fits, newest first; a choice counts from 1.
        candidates: Vec<Candidate>,
    },
    /// Whether lots are left at the market because their new stop would trigger at once (PRODUCT SG-26).
    StopAtOnce {
        /// The follow-up.
        instruction: Box<Instruction>,
        /// The lots.
        lots: Vec<LotId>,
        /// What the same follow-up has done to other lots already.
        done: Option<String>,
    },
}

impl Question {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::WhichSignal { .. } => "which_signal",
            Self::StopAtOnce { .. } => "stop_at_once",
        }
    }
    /// What may be chosen; empty when a yes is enough.
    #[must_use]
    pub fn candidates(&self) -> &[Candidate] {
        match self {
            Self::WhichSignal { candidates, .. } => candidates,
            Self::Order | Self::StopAtOnce { .. } => &[],
        }
    }
}

/// A card that asks a follower.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Its id.
    pub id: ApprovalId,
    /// Rises with every change.
    pub version: u64,
    /// Who is asked.
    pub user_id: UserId,
    /// About which signal.
    pub signal_id: SignalId,
    /// Revision of the signal.
    pub revision: u32,
    /// Index of the instruction.
    pub instruction: u32,
    /// Decision it belongs to.
    pub decision_id: DecisionId,
    /// Follow it came by.
    pub follow_id: FollowId,
    /// How it stands.
    pub state: ApprovalState,
    /// What is asked.
    #[serde(default)]
    pub question: Question,
    /// What was chosen, from 1; none when nothing was to be chosen, or not yet.
    #[serde(default)]
    pub choice: Option<u32>,
    /// What would be done, in words and numbers as they stood when the card was made.
    pub preview: serde_json::Value,
    /// When it ends unanswered.
    pub expires_at: Timestamp,
    /// When it was shown.
    pub created_at: Timestamp,
    /// When it was answered.
    pub answered_at: Option<Timestamp>,
}
