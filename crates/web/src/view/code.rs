//! The stable codes of our words, as the API document lists them. The answers are written by the words themselves;
//! the tests hold both to the same spelling.

use utoipa::ToSchema;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident { $($variant:ident),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        #[allow(missing_docs, reason = "the codes are their own description")]
        pub enum $name { $($variant),+ }
        impl $name {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
        }
    )+};
}

codes! {
    /// State of an order.
    OrderState {
        PendingApproval, Queued, Pending, Submitted, Unknown, PartiallyFilled, Filled, Cancelled, Rejected, Denied,
        Expired, Declined, Escalated
    }
    /// Side of an order.
    OrderSide { Buy, Sell }
    /// What a manual order is meant to do.
    ManualAction { Open, Add, Reduce, Close }
    /// Side of a position.
    PositionSide { Long, Short }
    /// Kind of instrument. Only the first three can be traded.
    AssetClass { Equity, Option, Crypto, Fx, Future }
    /// Simulated or real money.
    Mode { Paper, Live }
    /// How a connection is doing.
    Health { Ok, Degraded, Down, Unauthorised, Disabled }
    /// The part an order plays.
    LegKind { Entry, Ladder, Stop, Target, Flatten }
    /// Who holds stop and targets.
    Protection { Native, Emulated }
    /// How an order is worked.
    OrderKind { Market, Limit, Stop, StopLimit, Trailing }
    /// How long an order may work.
    TimeInForce { Day, Gtc, Ioc, Fok }
    /// What an order goes back to.
    OriginKind { Signal, Manual, Slash, Kill }
    /// Who ended an order.
    CancelledBy { User, System, Provider, Broker }
    /// Who may unlock an account.
    Unlocker { User, Staff, Platform }
    /// A member's role in a community.
    Role { Viewer, Trader, Moderator, Admin, Owner }
    /// Plan of a user.
    Plan { Free, Basic, Pro, Premium }
    /// Whether a provider's signals are acted on.
    ProviderStatus { Draft, Active, Paused, Suspended, Banned }
    /// Whether a webhook takes deliveries.
    HookStatus { Active, Disabled, Removed }
    /// What became of a delivery to a webhook.
    DeliveryOutcome {
        Accepted, Duplicate, Test, Invalid, NotATrade, Unreadable, TooLarge, Signature, Passphrase, Address, Disabled, Plan, Quota
    }
    /// At once, or after a yes.
    FollowMode { Auto, Approve }
    /// What happens below the minimum confidence.
    BelowMin { Skip, Ask }
    /// What a provider's deletion does.
    OnDelete { CancelUnfilled, Ignore, Close }
    /// What a closed market does to an entry.
    WhenClosed { Queue, Skip }
    /// How a decision stands.
    DecisionStatus { Placed, Reduced, AwaitingApproval, Queued, Skipped, Denied, Expired }
    /// How a card stands.
    ApprovalState { Pending, Approved, Declined, Expired }
    /// What a notice is about.
    NoticeKind { Fill, Refusal, Limit, Outage }
    /// How a notice is meant.
    NoticeTone { Plain, Good, Care, Bad }
    /// What a card asks.
    Asks { Order, WhichSignal, StopAtOnce }
    /// What a price is, where a provider has an own name for it.
    PriceLabel { Entry, Stop, Target }
    /// What a bare "sell" does.
    SellMeans { CloseLong, OpenShort }
    /// The expiry of an option whose message states none.
    ExpiryRule { SameDay, SameWeek }
    /// What became of a signal.
    SignalStatus { Read, Done, Stale, Invalid, Superseded, Deleted }
    /// What a message was taken for.
    Verdict { Trade, NotATrade, Invalid }
    /// What an instruction does.
    Action { Open, Add, Reduce, Close, UpdateStop, UpdateTarget, Cancel }
    /// How an entry is worked, as written.
    EntryKind { Market, Limit, ImpliedLimit, Stop, StopLimit }
    /// How the entry levels stand to each other.
    EntryForm { None, At, Zone, Ladder, StopThenLimit }
    /// How a level is given.
    LevelKind { Price, Percent, Offset, Pips, BreakEven }
    /// How a size is chosen.
    SizingMode { Signal, FixedQuantity, FixedNotional, PercentOfEquity, RiskPercent }
    /// Kill, pause or lock.
    SwitchKind { Kill, Pause, Lock }
    /// What a switch covers.
    SwitchScope { Platform, Community, Provider, User, Follow, Connection }
    /// Whose limit applied.
    LimitOwner { Platform, Community, User, Follow }
    /// What a tripped daily loss does besides refusing opens.
    LossAction { Flatten, BlockOnly }
    /// Day of the week.
    Day { Mon, Tue, Wed, Thu, Fri, Sat, Sun }
    /// What a figure counts.
    Unit { Money, Percent, Count, Seconds }
    /// What a cap does to a manual order.
    OnCap { Reduce, Reject }
    /// How a recorded step went.
    Outcome { Ok, Denied, Failed }
    /// Who acted.
    ActorKind { User, Provider, Admin, System, Broker, Webhook }
    /// How a part of the program is doing.
    PartState { Ok, Degraded, Down }
}
