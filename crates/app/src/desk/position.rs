//! Holdings, marked at the newest quote.

use std::collections::BTreeMap;

use ordercast_model::{
    connection::Connection,
    ids::{ConnectionId, PositionId},
    money::{self, MoneyError, Price},
    ports::store::{Page, Query, find, get},
    position::{Lot, Position},
    signal::instruction::PositionSide,
    tenant::TenantScope,
    user::User,
};
use rust_decimal::Decimal;

use super::DeskError;
use crate::context::Context;

/// A holding with its mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marked {
    /// The holding.
    pub position: Position,
    /// Price it is marked at; none when closed or unquoted.
    pub mark: Option<Price>,
    /// Value at the mark; below zero when short.
    pub market_value: Option<Decimal>,
    /// Result of what is held, at the mark, before fees.
    pub unrealised: Option<Decimal>,
    /// The same in per cent of the entry value.
    pub unrealised_pct: Option<Decimal>,
    /// Its open lots, oldest first.
    pub lots: Vec<Lot>,
}

/// Holdings of the user, newest first. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub async fn list(ctx: &Context, user: &User, open_only: bool, page: Page) -> Result<Vec<Marked>, DeskError> {
    let scope = TenantScope::of_user(user);
    let positions = find::<Position>(ctx.store.as_ref(), &scope, Query::Positions(open_only, page)).await?;
    mark_all(ctx, user, positions).await
}

/// One holding. Safe to repeat.
///
/// # Errors
/// `NotFound`.
pub async fn one(ctx: &Context, user: &User, id: PositionId) -> Result<Marked, DeskError> {
    let scope = TenantScope::of_user(user);
    let position = get::<Position>(ctx.store.as_ref(), &scope, &id.to_string())
        .await?
        .ok_or(DeskError::NotFound)?;
    mark_all(ctx, user, vec![position])
        .await?
        .pop()
        .ok_or(DeskError::NotFound)
}

async fn mark_all(ctx: &Context, user: &User, positions: Vec<Position>) -> Result<Vec<Marked>, DeskError> {
    if positions.is_empty() {
        return Ok(Vec::new());
    }
    let scope = TenantScope::of_user(user);
    let connections: BTreeMap<ConnectionId, Connection> = super::connection::list(ctx, user)
        .await?
        .into_iter()
        .map(|c| (c.id, c))
        .collect();
    let mut lots: BTreeMap<PositionId, Vec<Lot>> = BTreeMap::new();
    for lot in find::<Lot>(ctx.store.as_ref(), &scope, Query::LotsOpen(None)).await? {
        if let Some(position) = lot.position_id {
            lots.entry(position).or_default().push(lot);
        }
    }
    positions
        .into_iter()
        .map(|position| {
            let lots = lots.remove(&position.id).unwrap_or_default();
            let mark = connections
                .get(&position.connection_id)
                .and_then(|c| ctx.markets.get(&c.broker))
                .and_then(|m| m.latest(&position.instrument))
                .map(|quote| quote.last);
            marked(position, mark, lots).map_err(DeskError::from)
        })
        .collect()
}

fn marked(position: Position, mark: Option<Price>, lots: Vec<Lot>) -> Result<Marked, MoneyError> {
    let open = position.closed_at.is_none() && !position.quantity.is_zero();
    let Some(mark) = mark.filter(|_| open) else {
        return Ok(Marked {
            position,
            mark: None,
            market_value: None,
            unrealised: None,
            unrealised_pct: None,
            lots,
        });
    };
    let units = money::times(position.quantity.value(), position.instrument.multiplier())?;
    let sign = match position.side {
        PositionSide::Long => Decimal::ONE,
        PositionSide::Short => Decimal::NEGATIVE_ONE,
    };
    let value = money::times(money::times(units, mark.value())?, sign)?;
    let cost = money::times(units, position.average_price.value())?;
    let unrealised = money::times(money::sub(money::times(units, mark.value())?, cost)?, sign)?;
    let unrealised_pct = super::portfolio::percent(unrealised, cost)?;
    Ok(Marked {
        position,
        mark: Some(mark),
        market_value: Some(value),
        unrealised: Some(unrealised),
        unrealised_pct: Some(unrealised_pct),
        lots,
    })
}
