//! Removing a connection (PRODUCT BR-26): what works there is asked about first, entries are cancelled, levels we watch end,
//! the credential is destroyed. What was done stays on record.

use std::time::Duration;

use ordercast_model::{
    connection::{Connection, Health},
    ids::ConnectionId,
    journal::{entry::Actor, kind::Kind},
    limits::{Switch, SwitchKind, SwitchScope},
    order::intent::Order,
    ports::store::{Batch, CommitError, Page, Query, SystemQuery, find, find_any},
    position::{Lot, Position},
    tenant::{SystemScope, TenantScope},
    user::User,
};
use serde_json::json;

use super::{DeskError, connection};
use crate::{
    context::Context,
    identity::Caller,
    switch::{self, Also},
};

/// How long the answer waits for the venue to cancel entries.
const WAIT_MAX: Duration = Duration::from_secs(8);
/// How often it looks.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// How often a row that changes meanwhile is read again.
const ATTEMPTS_MAX: u32 = 5;
/// Positions looked at.
const PAGE: u32 = 1_000;

/// What works at a connection.
struct Busy {
    orders: Vec<Order>,
    positions: usize,
    lots: Vec<Lot>,
}

impl Busy {
    async fn of(ctx: &Context, scope: &TenantScope, id: ConnectionId) -> Result<Self, DeskError> {
        let store = ctx.store.as_ref();
        let positions = find::<Position>(store, scope, Query::Positions(true, Page::first(PAGE))).await?;
        let lots = find::<Lot>(store, scope, Query::LotsOpen(None)).await?;
        Ok(Self {
            orders: find::<Order>(store, scope, Query::OrdersOpen(id)).await?,
            positions: positions.iter().filter(|p| p.connection_id == id).count(),
            lots: lots.into_iter().filter(|lot| lot.connection_id == id).collect(),
        })
    }
    fn entries(&self) -> usize {
        self.orders.iter().filter(|order| order.leg.opens()).count()
    }
}

/// Removes a connection of the user. With open orders or positions only when `confirm` is its name. Safe to repeat.
///
/// # Errors
/// `NotFound`; `Conflict` without the name; `Unavailable` while the venue has not cancelled every entry yet: nothing opens
/// there any more, and it is asked again.
pub async fn remove(
    ctx: &Context,
    user: &User,
    id: ConnectionId,
    confirm: Option<&str>,
    caller: &Caller,
) -> Result<(), DeskError> {
    let scope = TenantScope::of_user(user);
    let found = connection::one(ctx, user, id).await?;
    let busy = Busy::of(ctx, &scope, id).await?;
    let (orders, positions) = (busy.orders.len(), busy.positions.max(busy.lots.len()));
    if orders + positions > 0 {
        if confirm != Some(found.label.as_str()) {
            return Err(DeskError::Conflict(format!(
                "{} has {orders} open orders and {positions} open positions: they stay at the venue and are looked after \
                 by nobody here. Give its name as confirm to remove it all the same",
                found.label
            )));
        }
        quiet(ctx, user, &scope, id).await?;
    }
    for _ in 0..ATTEMPTS_MAX {
        let found = connection::one(ctx, user, id).await?;
        match take_away(ctx, &scope, &found, caller).await {
            Ok(()) => return Ok(()),
            Err(CommitError::Conflict { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(DeskError::Conflict("it keeps changing; ask again".to_owned()))
}

/// Stops what opens there, and waits until no entry works any more.
async fn quiet(ctx: &Context, user: &User, scope: &TenantScope, id: ConnectionId) -> Result<(), DeskError> {
    let reason = "the connection is being removed".to_owned();
    let stopped = switch::kill(ctx, user, SwitchScope::Connection(id), reason, Also::default()).await;
    stopped.map_err(|error| DeskError::Unavailable(error.to_string()))?;
    let end = ctx.now().plus(WAIT_MAX);
    loop {
        let left = Busy::of(ctx, scope, id).await?.entries();
        if left == 0 {
            return Ok(());
        }
        if ctx.now() >= end {
            return Err(DeskError::Unavailable(format!(
                "{left} entries are not cancelled yet; nothing opens there any more. Ask again in a moment"
            )));
        }
        ctx.clock.sleep_until(ctx.now().plus(LOOK_EVERY)).await;
    }
}

async fn take_away(
    ctx: &Context,
    scope: &TenantScope,
    before: &Connection,
    caller: &Caller,
) -> Result<(), CommitError> {
    let unavailable = |error: &dyn std::fmt::Display| {
        CommitError::Store(ordercast_model::ports::store::StoreError::Unavailable(
            error.to_string(),
        ))
    };
    let busy = Busy::of(ctx, scope, before.id)
        .await
        .map_err(|e| unavailable(&e))?;
    let origin = caller
        .sealed(ctx, before.user_id)
        .await
        .map_err(|e| unavailable(&e))?;
    let entry = |kind: Kind, after: serde_json::Value| {
        let object = ("connection", before.id.to_string());
        let mut entry = ctx.entry(kind, Actor::user(before.user_id), object);
        entry.user = Some(before.user_id);
        entry.links.connection = Some(before.id);
        entry.after = Some(after);
        entry.origin.clone_from(&origin);
        entry
    };
    let mut batch = Batch::new();
    let watched: Vec<Lot> = busy.lots.into_iter().filter(Lot::watched).collect();
    let ended: Vec<String> = watched.iter().map(|lot| lot.id.to_string()).collect();
    batch.note(entry(
        Kind::ConnectionRemoved,
        json!({
            "broker": before.broker, "label": before.label, "orders_left": busy.orders.len(),
            "positions_left": busy.positions, "watched_ended": ended,
        }),
    ));
    if !before.credential.is_empty() {
        let names: Vec<&str> = before.credential.iter().map(|f| f.name.as_str()).collect();
        batch.note(entry(Kind::CredentialRevoked, json!({ "fields": names })));
    }
    for lot in watched {
        batch.update(Lot {
            version: lot.version + 1,
            watch: None,
            updated_at: ctx.now(),
            ..lot
        });
    }
    if let Some(switch) = kill_of(ctx, before.id).await? {
        batch.update(Switch {
            version: switch.version + 1,
            on: false,
            ..switch
        });
    }
    batch.update(Connection {
        version: before.version + 1,
        health: Health::Disabled,
        health_reason: Some(connection::REMOVED.to_owned()),
        credential: Vec::new(),
        default_for: Vec::new(),
        ..before.clone()
    });
    ctx.commit(scope.clone(), batch).await
}

/// The kill that covers the connection alone, when it is on.
async fn kill_of(ctx: &Context, id: ConnectionId) -> Result<Option<Switch>, CommitError> {
    let system = SystemScope::housekeeping("a removed connection needs no kill");
    let key = Switch::key_of(SwitchKind::Kill, &SwitchScope::Connection(id));
    let found = find_any::<Switch>(ctx.store.as_ref(), system, SystemQuery::Switch(key)).await?;
    Ok(found.into_iter().find(|switch| switch.on))
}
