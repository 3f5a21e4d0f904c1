//! Signals, the decisions on them, the providers and the follows.

use ordercast_app::desk::{provider::Listed, signal::Seen};
use ordercast_model::{
    community::ProviderStatus,
    decision::{Decision, DecisionStatus},
    follow::{BelowMin, Follow, FollowMode, OnDelete, Sizing, WhenClosed},
    instrument::AssetClass,
    signal::record::{Message, SignalStatus},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    code, decimal,
    instruction::ReadingView,
    loosening::LooseningView,
    risk::{BreachView, CapsView},
    text,
};

/// What was decided for the user who asks.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DecisionView {
    /// Id.
    pub id: String,
    /// Signal.
    pub signal_id: String,
    /// Revision of the signal.
    pub revision: u32,
    /// Index of the instruction.
    pub instruction: u32,
    /// Follow.
    #[schema(required)]
    pub follow_id: Option<String>,
    /// Provider.
    pub provider_id: String,
    /// Connection.
    #[schema(required)]
    pub connection_id: Option<String>,
    /// How it stands.
    pub status: code::DecisionStatus,
    /// Stable code of why it was skipped.
    #[schema(required)]
    pub skip_reason: Option<String>,
    /// Rules that reduced or refused, headline first.
    pub breaches: Vec<BreachView>,
    /// One sentence.
    pub message: String,
    /// Orders it led to.
    pub orders: Vec<String>,
    /// When.
    pub created_at: String,
    /// Last change.
    pub updated_at: String,
}

/// How a decision stands, and the stable code of why it was skipped.
pub(super) fn standing(status: DecisionStatus) -> (code::DecisionStatus, Option<String>) {
    match status {
        DecisionStatus::Placed => (code::DecisionStatus::Placed, None),
        DecisionStatus::Reduced => (code::DecisionStatus::Reduced, None),
        DecisionStatus::AwaitingApproval => (code::DecisionStatus::AwaitingApproval, None),
        DecisionStatus::Queued => (code::DecisionStatus::Queued, None),
        DecisionStatus::Skipped(why) => (code::DecisionStatus::Skipped, Some(why.code().to_owned())),
        DecisionStatus::Denied => (code::DecisionStatus::Denied, None),
        DecisionStatus::Expired => (code::DecisionStatus::Expired, None),
    }
}

impl From<Decision> for DecisionView {
    fn from(decision: Decision) -> Self {
        let (status, skip_reason) = standing(decision.status);
        Self {
            id: decision.id.to_string(),
            signal_id: decision.signal_id.to_string(),
            revision: decision.revision,
            instruction: decision.instruction,
            follow_id: text(decision.follow_id),
            provider_id: decision.provider_id.to_string(),
            connection_id: text(decision.connection_id),
            status,
            skip_reason,
            breaches: decision.breaches.into_iter().map(BreachView::from).collect(),
            message: decision.message,
            orders: decision.orders.iter().map(ToString::to_string).collect(),
            created_at: decision.created_at.to_string(),
            updated_at: decision.updated_at.to_string(),
        }
    }
}

/// One signal with what was decided for the user who asks.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SignalView {
    /// Id, stable over revisions.
    pub id: String,
    /// Revision of the message it was read from.
    pub revision: u32,
    /// Community.
    pub community_id: String,
    /// Provider.
    pub provider_id: String,
    /// Its name.
    pub provider_name: String,
    /// Signal of the message it replies to.
    #[schema(required)]
    pub parent_id: Option<String>,
    /// What it means.
    pub reading: ReadingView,
    /// Version of the provider's profile it was read with; 0 when nothing was taught.
    pub profile: u32,
    /// The provider's own format it fits; null when the general reading read it.
    #[schema(required)]
    pub template: Option<String>,
    /// What became of it.
    #[schema(value_type = code::SignalStatus)]
    pub status: SignalStatus,
    /// Own decisions, oldest first.
    pub decisions: Vec<DecisionView>,
    /// Posted at the source.
    pub posted_at: String,
    /// Received by us.
    pub received_at: String,
    /// Read by us.
    pub parsed_at: String,
    /// Last change.
    pub updated_at: String,
}

impl From<Seen> for SignalView {
    fn from(seen: Seen) -> Self {
        let signal = seen.signal;
        Self {
            id: signal.id.to_string(),
            revision: signal.revision,
            community_id: signal.community_id.to_string(),
            provider_id: signal.provider_id.to_string(),
            provider_name: seen.provider_name,
            parent_id: text(signal.parent),
            reading: ReadingView::from(&signal.reading),
            profile: signal.profile,
            template: signal.template,
            status: signal.status,
            decisions: seen.decisions.into_iter().map(DecisionView::from).collect(),
            posted_at: signal.posted_at.to_string(),
            received_at: signal.received_at.to_string(),
            parsed_at: signal.parsed_at.to_string(),
            updated_at: signal.updated_at.to_string(),
        }
    }
}

/// One revision of the message a signal was read from.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RevisionView {
    /// 1 for the first posting.
    pub revision: u32,
    /// `new`, `edited` or `deleted`.
    pub kind: String,
    /// Name of the author.
    pub author: String,
    /// Text of the message; embeds are not repeated here, the reading's text holds them.
    pub text: String,
    /// Received by us.
    pub received_at: String,
}

impl From<Message> for RevisionView {
    fn from(message: Message) -> Self {
        use ordercast_model::signal::raw::RevisionKind;
        Self {
            revision: message.revision,
            kind: match message.kind {
                RevisionKind::New => "new",
                RevisionKind::Edited => "edited",
                RevisionKind::Deleted => "deleted",
            }
            .to_owned(),
            author: message.author.name,
            text: message.content.text,
            received_at: message.received_at.to_string(),
        }
    }
}

/// One signal with every revision of its message.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SignalDetailView {
    /// The signal.
    pub signal: SignalView,
    /// Revisions of the message, oldest first.
    pub revisions: Vec<RevisionView>,
}

/// A provider of a community the user is a member of.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProviderView {
    /// Id.
    pub id: String,
    /// Community.
    pub community_id: String,
    /// Its name.
    pub community_name: String,
    /// Name shown.
    pub name: String,
    /// One line about the style.
    pub about: String,
    /// Whether signals are acted on.
    #[schema(value_type = code::ProviderStatus)]
    pub status: ProviderStatus,
    /// Whether you may change how it is read and how it posts.
    pub manages: bool,
    /// Own follow of it, if any.
    #[schema(required)]
    pub follow_id: Option<String>,
    /// When it was made.
    pub created_at: String,
}

impl From<Listed> for ProviderView {
    fn from(listed: Listed) -> Self {
        let provider = listed.provider;
        Self {
            id: provider.id.to_string(),
            community_id: provider.community_id.to_string(),
            community_name: listed.community_name,
            name: provider.name,
            about: provider.about,
            status: provider.status,
            manages: listed.manages,
            follow_id: text(listed.follow),
            created_at: provider.created_at.to_string(),
        }
    }
}

/// How big an order becomes before the limits cut it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SizingView {
    /// How the size is chosen.
    pub mode: code::SizingMode,
    /// Multiplier (`signal`, 0.01 to 10), units (`fixed_quantity`), amount (`fixed_notional`, 1 to 1,000,000), per cent
    /// of equity (`percent_of_equity`, 0.1 to 50), per cent at risk (`risk_percent`, 0.1 to 10).
    pub value: String,
}

impl From<Sizing> for SizingView {
    fn from(sizing: Sizing) -> Self {
        let (mode, value) = match sizing {
            Sizing::Signal { multiplier } => (code::SizingMode::Signal, multiplier),
            Sizing::FixedQuantity { quantity } => (code::SizingMode::FixedQuantity, quantity),
            Sizing::FixedNotional { amount } => (code::SizingMode::FixedNotional, amount),
            Sizing::PercentOfEquity { percent } => (code::SizingMode::PercentOfEquity, percent),
            Sizing::RiskPercent { percent } => (code::SizingMode::RiskPercent, percent),
        };
        Self {
            mode,
            value: decimal(value),
        }
    }
}

/// One follow.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FollowView {
    /// Id.
    pub id: String,
    /// Rises with every change; send it as `If-Match` with a change.
    pub version: u64,
    /// Whom.
    pub provider_id: String,
    /// Whether it acts.
    pub enabled: bool,
    /// At once, or after a yes.
    #[schema(value_type = code::FollowMode)]
    pub mode: FollowMode,
    /// Below this `below_min` decides; `0.000` to `1.000`.
    pub min_confidence: String,
    /// What happens below it.
    #[schema(value_type = code::BelowMin)]
    pub below_min: BelowMin,
    /// How big.
    pub sizing: SizingView,
    /// Where; null = the default connection of the asset class.
    #[schema(required)]
    pub connection_id: Option<String>,
    /// Classes it acts on.
    #[schema(value_type = Vec<code::AssetClass>)]
    pub asset_classes: Vec<AssetClass>,
    /// Symbols it never acts on.
    pub deny_symbols: Vec<String>,
    /// Whether additions open more.
    pub copy_adds: bool,
    /// Whether the signal's stops are used.
    pub follow_stops: bool,
    /// Stop to average entry after target 1.
    pub break_even_after_tp1: bool,
    /// What a deletion does.
    #[schema(value_type = code::OnDelete)]
    pub on_delete: OnDelete,
    /// What a closed market does.
    #[schema(value_type = code::WhenClosed)]
    pub when_closed: WhenClosed,
    /// 0 to 100; the higher wins a conflict.
    pub priority: u8,
    /// Limits of its own, only ever tighter.
    pub caps: CapsView,
    /// Caps that were asked to be loosened and are not yet.
    pub pending: Vec<LooseningView>,
    /// When it was made.
    pub created_at: String,
}

impl From<Follow> for FollowView {
    fn from(follow: Follow) -> Self {
        Self {
            id: follow.id.to_string(),
            version: follow.version,
            provider_id: follow.provider_id.to_string(),
            enabled: follow.enabled,
            mode: follow.mode,
            min_confidence: follow.min_confidence.to_string(),
            below_min: follow.below_min,
            sizing: follow.sizing.into(),
            connection_id: text(follow.connection_id),
            asset_classes: follow.asset_classes,
            deny_symbols: follow.deny_symbols,
            copy_adds: follow.copy_adds,
            follow_stops: follow.follow_stops,
            break_even_after_tp1: follow.break_even_after_tp1,
            on_delete: follow.on_delete,
            when_closed: follow.when_closed,
            priority: follow.priority,
            caps: follow.caps.into(),
            pending: follow.pending.into_iter().map(Into::into).collect(),
            created_at: follow.created_at.to_string(),
        }
    }
}
