//! Closing by hand: a position, a part of one, or everything, oldest lot first.

use ordercast_model::{
    account::Account,
    connection::Connection,
    decision::SkipReason,
    follow::Sizing,
    ids::{ConnectionId, LotId, OrderId, PositionId},
    money::{self},
    order::{
        identity::{Leg, Origin},
        intent::{Order, Stages},
        shape::OrderType,
    },
    ports::store::{Batch, CommitError, Page, Query, find, get},
    position::{Lot, Position},
    tenant::TenantScope,
    user::User,
};
use rust_decimal::Decimal;
use serde_json::Value;

use crate::{
    context::Context,
    decide::{
        again::limits,
        exit::{self, Exit, Leaving},
        view::view_of,
    },
    lane::Job,
};

use super::{ATTEMPTS_MAX, Ground, ManualError, ManualOrder, ManualOutcome, POSITIONS_MAX, invalid, sizing};

/// Closes an own position, or a part of it in per cent (above 0, at most 100).
///
/// # Errors
/// When it is not the user's, is closed already, or the store is away.
pub async fn close_position(
    ctx: &Context,
    user: &User,
    id: PositionId,
    percent: Decimal,
) -> Result<ManualOutcome, ManualError> {
    if percent <= Decimal::ZERO || percent > Decimal::ONE_HUNDRED {
        return Err(invalid(
            "percent",
            format!("must be above 0 and at most 100, got {percent}"),
        ));
    }
    let scope = TenantScope::of_user(user);
    let found = get::<Position>(ctx.store.as_ref(), &scope, &id.to_string()).await?;
    let position = found.ok_or(ManualError::NotFound)?;
    if position.closed_at.is_some() {
        return Err(invalid("position", "is closed already"));
    }
    let share = money::times(
        position.quantity.value(),
        money::div(percent, Decimal::ONE_HUNDRED)?,
    )?;
    leave(ctx, &scope, position.connection_id, &position, share, None).await
}

/// Closes every own position.
///
/// # Errors
/// When the store is away; positions closed before stay closed.
pub async fn close_all(ctx: &Context, user: &User) -> Result<ManualOutcome, ManualError> {
    let scope = TenantScope::of_user(user);
    let query = Query::Positions(true, Page::first(POSITIONS_MAX));
    let mut all = ManualOutcome {
        orders: Vec::new(),
        reductions: Vec::new(),
        notes: Vec::new(),
        message: String::new(),
    };
    let mut said = Vec::new();
    for position in find::<Position>(ctx.store.as_ref(), &scope, query).await? {
        let quantity = position.quantity.value();
        match leave(ctx, &scope, position.connection_id, &position, quantity, None).await {
            Ok(one) => {
                all.orders.extend(one.orders);
                said.push(one.message);
            }
            Err(error @ (ManualError::Refused(..) | ManualError::Invalid { .. })) => {
                said.push(error.to_string())
            }
            Err(error) => return Err(error),
        }
    }
    all.message = if said.is_empty() {
        "No position is open".to_owned()
    } else {
        said.join(". ")
    };
    Ok(all)
}

pub(super) async fn close_held(
    ctx: &Context,
    user: &User,
    ground: &Ground,
    order: &ManualOrder,
) -> Result<ManualOutcome, ManualError> {
    let (scope, position, wanted) = held(ctx, user, ground, order).await?;
    let note = order.note.as_deref();
    leave(ctx, &scope, ground.connection.id, &position, wanted, note).await
}

/// What an order that closes would lead to now. No effect.
pub(super) async fn preview_close(
    ctx: &Context,
    user: &User,
    ground: &Ground,
    order: &ManualOrder,
) -> Result<Value, ManualError> {
    let (_, position, wanted) = held(ctx, user, ground, order).await?;
    let quantity = money::ceil_to(wanted, ground.view.rules.lot)?.min(position.quantity.value());
    Ok(serde_json::json!({
        "outcome": "placed",
        "instrument": position.instrument,
        "orders": [{
            "leg": Leg::Flatten.to_string(),
            "side": order.side,
            "quantity": quantity.to_string(),
            "type": OrderType::Market.code(),
            "price": Value::Null,
        }],
        "reductions": [],
        "notes": [],
        "message": format!("closes {quantity} of the {} {} held", position.quantity, position.instrument),
        "quote": ground.view.quote,
    }))
}

/// The position an order closes, and how much of it.
async fn held(
    ctx: &Context,
    user: &User,
    ground: &Ground,
    order: &ManualOrder,
) -> Result<(TenantScope, Position, Decimal), ManualError> {
    let query = Query::PositionOpen(ground.connection.id, ground.view.instrument().clone());
    let scope = TenantScope::of_user(user);
    let found = find::<Position>(ctx.store.as_ref(), &scope, query).await?.pop();
    let position = found.ok_or(ManualError::NotFound)?;
    let wanted = match sizing(order)? {
        Sizing::FixedQuantity { quantity } => quantity,
        Sizing::PercentOfEquity { percent } => money::times(
            position.quantity.value(),
            money::div(percent, Decimal::ONE_HUNDRED)?,
        )?,
        _ => {
            return Err(invalid(
                "notional",
                "a close takes quantity, or percent of the position",
            ));
        }
    };
    if wanted > position.quantity.value() {
        let message = format!(
            "{wanted} is more than the {} held; a close never turns a position",
            position.quantity
        );
        return Err(invalid("quantity", message));
    }
    if order.order_type != OrderType::Market {
        return Err(invalid(
            "order_type",
            "a close is a market order; use protection for a price",
        ));
    }
    if order.stop.is_some() || !order.targets.is_empty() || order.trailing.is_some() {
        return Err(invalid(
            "protection",
            "this order closes what is held; there is nothing left to protect",
        ));
    }
    Ok((scope, position, wanted))
}

/// Closes a quantity of a position, oldest lot first; again when somebody else changed its lots meanwhile.
async fn leave(
    ctx: &Context,
    scope: &TenantScope,
    connection: ConnectionId,
    position: &Position,
    quantity: Decimal,
    note: Option<&str>,
) -> Result<ManualOutcome, ManualError> {
    for _ in 0..ATTEMPTS_MAX {
        match try_leave(ctx, scope, connection, position, quantity, note).await {
            Err(ManualError::Commit(CommitError::Conflict { .. })) => {}
            other => return other,
        }
    }
    Err(CommitError::Conflict {
        table: "lots",
        id: position.id.to_string(),
    }
    .into())
}

async fn try_leave(
    ctx: &Context,
    scope: &TenantScope,
    connection: ConnectionId,
    position: &Position,
    quantity: Decimal,
    note: Option<&str>,
) -> Result<ManualOutcome, ManualError> {
    let store = ctx.store.as_ref();
    let connection = get::<Connection>(store, scope, &connection.to_string())
        .await?
        .ok_or(ManualError::NotFound)?;
    let market = ctx.market(&connection).ok_or(ManualError::NotFound)?;
    let view = view_of(market.as_ref(), &position.instrument, ctx.now()).await;
    let view = view.map_err(|r| ManualError::Refused(r.reason, r.message))?;
    let accounts = find::<Account>(store, scope, Query::Accounts).await?;
    let account = accounts
        .into_iter()
        .find(|a| a.connection_id == connection.id)
        .ok_or(ManualError::NotFound)?;
    let limits = limits(ctx, scope, None).await?;
    let mut left = money::ceil_to(quantity, view.rules.lot)?.min(position.quantity.value());
    let origin = Origin::Kill(ctx.id::<OrderId>());
    let (mut batch, mut leaving) = (Batch::new(), Vec::new());
    let lots = find::<Lot>(store, scope, Query::LotsOpen(None)).await?;
    let own = lots
        .iter()
        .filter(|l| l.connection_id == connection.id && l.instrument == position.instrument);
    for (number, lot) in (0_u32..).zip(own) {
        let free = free_of(ctx, scope, lot).await?.min(left);
        let Ok(part) = ordercast_model::money::Quantity::new(free) else {
            continue;
        };
        if part.is_zero() {
            continue;
        }
        let exit = Exit {
            connection: &connection,
            account: &account,
            lot,
            quantity: part,
            origin,
            index: 0,
            number,
            limits: &limits,
            order_type: OrderType::Market,
            regular_only: false,
            stages: Stages {
                received: Some(ctx.now()),
                ..Stages::default()
            },
            decision_id: None,
            note,
            follow_id: None,
            send_before: None,
        };
        let one = exit::decide(ctx, &exit, &view, &mut batch)
            .map_err(|message| ManualError::Refused(SkipReason::UnsupportedOrder, message))?;
        left = money::sub(left, free)?;
        leaving.push((lot.id, one));
    }
    if leaving.is_empty() {
        return Err(ManualError::Refused(
            SkipReason::NothingToClose,
            "Nothing is left to close".to_owned(),
        ));
    }
    ctx.commit(scope.clone(), batch).await?;
    let message = format!("Closing {} of {}", position.quantity, position.instrument);
    Ok(hand_over(ctx, &connection, leaving, message).await)
}

/// The closes are durable: protection makes room, then they go out.
async fn hand_over(
    ctx: &Context,
    connection: &Connection,
    leaving: Vec<(LotId, Leaving)>,
    message: String,
) -> ManualOutcome {
    let mut orders = Vec::new();
    for (lot, one) in leaving {
        if let Some(sealed) = one.approved {
            ctx.lanes.push_for(connection, Job::Protect(lot)).await;
            ctx.lanes
                .push_for(connection, Job::Place(one.order.id, sealed))
                .await;
        }
        orders.push(one.order);
    }
    ManualOutcome {
        orders,
        reductions: Vec::new(),
        notes: Vec::new(),
        message,
    }
}

/// What of a lot no working close has taken yet.
async fn free_of(ctx: &Context, scope: &TenantScope, lot: &Lot) -> Result<Decimal, ManualError> {
    let mut free = crate::protect::held(lot);
    for order in find::<Order>(ctx.store.as_ref(), scope, Query::OrdersOfLot(lot.id)).await? {
        if order.leg.leaves() && !order.state.is_final() {
            free = free.minus_to_zero(order.remaining());
        }
    }
    Ok(free.value())
}
