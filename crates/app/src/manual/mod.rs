//! Orders a user gives by hand: the same sizing, gate and lanes as a signal's, except that a cap refuses instead of
//! reducing unless asked. Also cancelling and closing what is the user's own.

use std::time::Duration;

mod cancel;
mod close;
mod given;
mod meant;
mod resume;

pub use cancel::{cancel, cancel_all};
pub use close::{close_all, close_position};
use close::{close_held, preview_close};
pub use given::Given;
use meant::meant;
pub use resume::resume;

use ordercast_model::{
    account::Account,
    connection::{Connection, Health},
    decision::SkipReason,
    follow::Sizing,
    gate::{Breach, Effective, OnCap},
    ids::ConnectionId,
    journal::{entry::Links, kind::Kind},
    money::{MoneyError, Price, decimal_text},
    order::{
        intent::{Order, Stages},
        shape::{OrderSide, OrderType},
    },
    ports::store::{Batch, CommitError, Query, StoreError, find},
    signal::instruction::{
        Action, Entry, EntryKind, Instruction, PositionSide, StopLevel, Target, TimeInForce, Trailing,
    },
    tenant::TenantScope,
    user::User,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    context::Context,
    decide::{
        again::limits_by_hand,
        open::{self, Opening, Ready, Wish},
        view::{View, view_of},
    },
    lane::Job,
    mark, narrate, rate,
    switchboard::Concern,
};

/// Tries when the account changes while an order is judged.
const ATTEMPTS_MAX: u32 = 20;
/// Open positions closed at once at most.
const POSITIONS_MAX: u32 = 200;

/// An order as a user gives it. Exactly one of quantity, notional and percent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManualOrder {
    /// By hand or as a command.
    pub given: Given,
    /// Where; none = the default connection for the class.
    pub connection_id: Option<ConnectionId>,
    /// What, in any spelling the venue takes.
    pub symbol: String,
    /// Which way. Selling what is held closes it.
    pub side: OrderSide,
    /// What it is meant to do; refused when it would do something else.
    pub action: Option<Action>,
    /// How.
    pub order_type: OrderType,
    /// Shares, contracts, coins.
    #[serde(with = "decimal_text::option")]
    pub quantity: Option<Decimal>,
    /// Money.
    #[serde(with = "decimal_text::option")]
    pub notional: Option<Decimal>,
    /// Per cent of equity.
    #[serde(with = "decimal_text::option")]
    pub percent: Option<Decimal>,
    /// Stop of the protection; the automatic one when none.
    pub stop: Option<StopLevel>,
    /// Targets.
    pub targets: Vec<Target>,
    /// Trailing stop.
    pub trailing: Option<Trailing>,
    /// How long it works.
    pub time_in_force: Option<TimeInForce>,
    /// Outside regular hours, too, where the venue allows.
    pub extended_hours: bool,
    /// What a cap does.
    pub on_cap: OnCap,
    /// Words of the user's own, kept with the order; at most 200 characters.
    pub note: Option<String>,
}

/// What came of a manual order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManualOutcome {
    /// The orders as decided; their state tells whether they wait.
    pub orders: Vec<Order>,
    /// Why they are smaller than asked.
    pub reductions: Vec<Breach>,
    /// Remarks.
    pub notes: Vec<Breach>,
    /// One sentence.
    pub message: String,
}

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum ManualError {
    /// Risk refuses; every failing rule, headline first.
    #[error("refused by risk")]
    Denied(Vec<Breach>),
    /// A field is wrong.
    #[error("{field}: {message}")]
    Invalid {
        /// Which.
        field: &'static str,
        /// What was expected.
        message: String,
    },
    /// It cannot be an order there.
    #[error("{1}")]
    Refused(SkipReason, String),
    /// Nothing of that id is the user's.
    #[error("not found")]
    NotFound,
    /// It has ended already; the order as it is.
    #[error("already final")]
    AlreadyFinal(Box<Order>),
    /// The store refused or is away.
    #[error(transparent)]
    Commit(#[from] CommitError),
    /// The store is away.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A figure does not fit.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

fn invalid(field: &'static str, message: impl Into<String>) -> ManualError {
    ManualError::Invalid {
        field,
        message: message.into(),
    }
}

struct Ground {
    scope: TenantScope,
    connection: Connection,
    account: Account,
    view: View,
    limits: Effective,
}

async fn ground(ctx: &Context, user: &User, order: &ManualOrder) -> Result<Ground, ManualError> {
    let scope = TenantScope::of_user(user);
    let connections = find::<Connection>(ctx.store.as_ref(), &scope, Query::Connections).await?;
    let (connection, view) = where_to(ctx, order, connections).await?;
    if matches!(
        connection.health,
        Health::Unauthorised | Health::Disabled | Health::Down
    ) {
        let why = connection
            .health_reason
            .clone()
            .unwrap_or_else(|| "reconnect your broker".to_owned());
        return Err(ManualError::Refused(SkipReason::ConnectionUnhealthy, why));
    }
    let accounts = find::<Account>(ctx.store.as_ref(), &scope, Query::Accounts).await?;
    let account = accounts
        .into_iter()
        .find(|a| a.connection_id == connection.id)
        .ok_or(ManualError::NotFound)?;
    let market = ctx.market(&connection).ok_or(ManualError::NotFound)?;
    let account = mark::fresh(&account, market.as_ref(), ctx.now())?;
    let limits = limits_by_hand(ctx, &scope).await?;
    Ok(Ground {
        scope,
        connection,
        account,
        view,
        limits,
    })
}

async fn where_to(
    ctx: &Context,
    order: &ManualOrder,
    connections: Vec<Connection>,
) -> Result<(Connection, View), ManualError> {
    let named = match order.connection_id {
        Some(id) => vec![
            connections
                .into_iter()
                .find(|c| c.id == id)
                .ok_or(ManualError::NotFound)?,
        ],
        None => connections,
    };
    let mut last = "No connection can trade this".to_owned();
    for connection in named {
        let Some(market) = ctx.market(&connection) else {
            continue;
        };
        let rules = match market.rules(&order.symbol).await {
            Ok(rules) => rules,
            Err(error) => {
                last = error.to_string();
                continue;
            }
        };
        let class = rules.instrument.class();
        if order.connection_id.is_some() || connection.default_for.contains(&class) {
            let view = view_of(market.as_ref(), &rules.instrument, ctx.now()).await;
            let view = view.map_err(|r| ManualError::Refused(r.reason, r.message))?;
            return Ok((connection, view));
        }
        last = format!("No default connection for {}", class.code());
    }
    Err(invalid("symbol", last))
}

fn sizing(order: &ManualOrder) -> Result<Sizing, ManualError> {
    let above = |field: &'static str, value: Decimal| {
        if value > Decimal::ZERO {
            Ok(value)
        } else {
            Err(invalid(field, format!("must be above 0, got {value}")))
        }
    };
    match (order.quantity, order.notional, order.percent) {
        (Some(quantity), None, None) => Ok(Sizing::FixedQuantity {
            quantity: above("quantity", quantity)?,
        }),
        (None, Some(amount), None) => Ok(Sizing::FixedNotional {
            amount: above("notional", amount)?,
        }),
        (None, None, Some(percent)) => Ok(Sizing::PercentOfEquity {
            percent: above("percent", percent)?,
        }),
        _ => Err(invalid(
            "quantity",
            "give exactly one of quantity, notional and percent",
        )),
    }
}

fn instruction(order: &ManualOrder) -> Instruction {
    let mut instruction = Instruction::new(Action::Open);
    instruction.side = Some(match order.side {
        OrderSide::Buy => PositionSide::Long,
        OrderSide::Sell => PositionSide::Short,
    });
    let (kind, entry) = match order.order_type {
        OrderType::Market | OrderType::Trailing { .. } => (EntryKind::Market, Entry::None),
        OrderType::Limit { limit } => (EntryKind::Limit, Entry::At(limit)),
        OrderType::Stop { stop } => (EntryKind::Stop, Entry::At(stop)),
        OrderType::StopLimit { stop, limit } => (EntryKind::StopLimit, Entry::StopThenLimit(stop, limit)),
    };
    instruction.kind = Some(kind);
    instruction.entry = entry;
    instruction.stop = order.stop;
    instruction.trailing = order.trailing;
    instruction.targets.clone_from(&order.targets);
    instruction.time_in_force = order.time_in_force;
    instruction.extended_hours = order.extended_hours;
    instruction
}

fn levels_are_sane(order: &ManualOrder) -> Result<(), ManualError> {
    if matches!(order.order_type, OrderType::Trailing { .. }) {
        return Err(invalid(
            "order_type",
            "market, limit, stop or stop_limit; a trailing stop is protection",
        ));
    }
    let (Some(entry), Some(StopLevel::At(stop))) = (order.order_type.price(), order.stop) else {
        return Ok(());
    };
    let right: fn(Price, Price) -> bool = if order.side == OrderSide::Buy {
        |s, e| s < e
    } else {
        |s, e| s > e
    };
    if right(stop, entry) {
        Ok(())
    } else {
        Err(invalid(
            "protection.stop",
            format!("{stop} is on the wrong side of the entry {entry}"),
        ))
    }
}

fn decide(
    ctx: &Context,
    ground: &Ground,
    order: &ManualOrder,
    preview: bool,
) -> Result<Opening, (ManualError, Value)> {
    let sizing = sizing(order).map_err(|e| (e, Value::Null))?;
    levels_are_sane(order).map_err(|e| (e, Value::Null))?;
    let instruction = instruction(order);
    let switches = ctx.switchboard.covering(&Concern {
        user: Some(ground.connection.user_id),
        connection: Some(ground.connection.id),
        ..Concern::default()
    });
    let wish = Wish {
        connection: &ground.connection,
        account: &ground.account,
        instruction: &instruction,
        index: 0,
        revision: 1,
        origin: order.given.origin(ctx),
        signal_id: None,
        provider_id: None,
        follow: None,
        sizing: &sizing,
        limits: &ground.limits,
        on_cap: order.on_cap,
        // What is asked by hand is meant now: it ages like a signal.
        posted_at: Some(ctx.now()),
        max_age: Some(Duration::from_secs(u64::from(
            ground.limits.limits.open_age_seconds,
        ))),
        switches: &switches,
        stages: Stages {
            received: Some(ctx.now()),
            ..Stages::default()
        },
        decision_id: None,
        note: order.note.as_deref(),
    };
    if preview {
        return Err((ManualError::NotFound, open::preview(ctx, &wish, &ground.view)));
    }
    Ok(open::decide(ctx, &wish, &ground.view))
}

/// What an order would lead to now. No effect.
///
/// # Errors
/// When the order is malformed or the connection is not the user's.
pub async fn preview(ctx: &Context, user: &User, order: &ManualOrder) -> Result<Value, ManualError> {
    let ground = ground(ctx, user, order).await?;
    let closes = closes(&ground, order);
    meant(order, closes)?;
    if closes {
        return preview_close(ctx, user, &ground, order).await;
    }
    match decide(ctx, &ground, order, true) {
        Err((_, value)) if !value.is_null() => Ok(value),
        Err((error, _)) => Err(error),
        Ok(_) => Err(ManualError::NotFound),
    }
}

/// Places an order. Not safe to repeat: each call is an order of its own; the route's idempotency key guards it.
///
/// # Errors
/// When risk refuses, the order is malformed, or the store is away; then nothing was placed.
pub async fn place(ctx: &Context, user: &User, order: ManualOrder) -> Result<ManualOutcome, ManualError> {
    for _ in 0..ATTEMPTS_MAX {
        let ground = ground(ctx, user, &order).await?;
        let closes = closes(&ground, &order);
        meant(&order, closes)?;
        if closes {
            return close_held(ctx, user, &ground, &order).await;
        }
        match decide(ctx, &ground, &order, false).map_err(|(error, _)| error)? {
            Opening::Refused(reason, message) => return Err(ManualError::Refused(reason, message)),
            Opening::Denied(breaches) => {
                if rate::counts(&breaches) {
                    ctx.lanes.push_for(&ground.connection, Job::RateHit).await;
                }
                note_denial(ctx, &ground, &breaches).await?;
                return Err(ManualError::Denied(breaches));
            }
            Opening::Ready(mut ready) => {
                let batch = std::mem::take(&mut ready.batch);
                match ctx.commit(ground.scope.clone(), batch).await {
                    Ok(()) => return Ok(sent(ctx, &ground.connection, ready).await),
                    Err(CommitError::Conflict { .. }) => {}
                    Err(error) => return Err(error.into()),
                }
            }
        }
    }
    Err(CommitError::Conflict {
        table: "accounts",
        id: user.id.to_string(),
    }
    .into())
}

/// Selling what is held long, or buying back what is held short, closes it.
fn closes(ground: &Ground, order: &ManualOrder) -> bool {
    let held = ground
        .account
        .holdings
        .get(ground.view.instrument())
        .map(|h| h.quantity);
    match (held, order.side) {
        (Some(q), OrderSide::Sell) => q > Decimal::ZERO,
        (Some(q), OrderSide::Buy) => q < Decimal::ZERO,
        (None, _) => false,
    }
}

async fn note_denial(ctx: &Context, ground: &Ground, breaches: &[Breach]) -> Result<(), ManualError> {
    let mut batch = Batch::new();
    for breach in breaches {
        let links = Links::default();
        batch.note(narrate::breach(
            ctx,
            &ground.connection,
            breach,
            Kind::RiskDenied,
            &links,
        ));
    }
    ctx.commit(ground.scope.clone(), batch).await?;
    Ok(())
}

async fn sent(ctx: &Context, connection: &Connection, ready: Ready) -> ManualOutcome {
    let mut orders = Vec::new();
    for (order, sealed) in ready.orders {
        if let Some(sealed) = sealed {
            ctx.lanes.push_for(connection, Job::Place(order.id, sealed)).await;
        }
        orders.push(order);
    }
    ManualOutcome {
        orders,
        reductions: ready.reductions,
        notes: ready.notes,
        message: ready.message,
    }
}
