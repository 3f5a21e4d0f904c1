//! How a client that was away comes up to date: the events it missed, or the state as it is.

use std::time::Duration;

use ordercast_app::{
    desk::{DeskError, approval, connection, order, portfolio, position, risk},
    publish,
};
use ordercast_model::{ports::store::Page, tenant::TenantScope, user::User};
use serde_json::{Map, Value, json};
use socketioxide::extract::SocketRef;

use super::{
    envelope::Envelope,
    feed,
    hub::{Room, send},
    wanted::Wanted,
};
use crate::{
    state::App,
    view::{
        account::{ConnectionView, PortfolioView},
        order::{ApprovalView, OrderView},
        page::List,
        position::PositionView,
        risk::RiskStatusView,
    },
};

/// Missed events that are sent again at most; beyond it the state is sent.
const REPLAY_MAX: u64 = 1_000;
/// Events older than this are not sent again.
const REPLAY_AGE: Duration = Duration::from_secs(24 * 3_600);
/// Positions of one snapshot at most.
const POSITIONS_MAX: u32 = 500;

/// Brings one socket up to date with what it wants; gives the number of the last event, wanted or not. Nothing else is
/// sent to the room meanwhile.
pub(super) async fn answer(
    app: &App,
    room: &Room,
    socket: &SocketRef,
    last_seq: Option<u64>,
    wanted: &Wanted,
) -> Result<u64, DeskError> {
    let mut cursor = room.cursor.lock().await;
    let head = feed::catch_up(app, room, &mut cursor).await?;
    if let Some(last) = last_seq
        && last <= head
        && head - last <= REPLAY_MAX
        && replay(app, room, socket, last, wanted).await?
    {
        return Ok(head);
    }
    let mut data = snapshot(app, &room.user, wanted).await?;
    if let Some(map) = data.as_object_mut() {
        map.insert("as_of_seq".to_owned(), json!(head));
    }
    send(socket, &Envelope::plain("state.sync", app.ctx.now(), data));
    Ok(head)
}

/// Sends the wanted events after a number; false when they are too old.
async fn replay(
    app: &App,
    room: &Room,
    socket: &SocketRef,
    last: u64,
    wanted: &Wanted,
) -> Result<bool, DeskError> {
    let scope = TenantScope::of_user(&room.user);
    let limit = u32::try_from(REPLAY_MAX).unwrap_or(u32::MAX);
    let events = publish::feed(&app.ctx, &scope, last, limit).await?;
    let oldest = app.ctx.now().minus(REPLAY_AGE);
    if events.first().is_some_and(|event| event.at < oldest) {
        return Ok(false);
    }
    for event in events.into_iter().filter(|event| wanted.event(event.event)) {
        let envelope = Envelope::numbered(event.event, event.at, event.user_seq, event.data);
        if !send(socket, &envelope) {
            break;
        }
    }
    Ok(true)
}

async fn snapshot(app: &App, user: &User, wanted: &Wanted) -> Result<Value, DeskError> {
    let ctx = &app.ctx;
    let mut data = Map::new();
    let mut put = |part: &str, value: Value| data.insert(part.to_owned(), value);
    if wanted.part("portfolio") {
        let view = PortfolioView::from(portfolio::show(ctx, user).await?);
        put("portfolio", json!(view));
    }
    if wanted.part("positions") {
        let rows = position::list(ctx, user, true, Page::first(POSITIONS_MAX)).await?;
        put("positions", json!(List::<PositionView>::of(rows).items));
    }
    if wanted.part("open_orders") {
        let rows = order::open(ctx, user).await?;
        put("open_orders", json!(List::<OrderView>::of(rows).items));
    }
    if wanted.part("approvals") {
        let rows = approval::pending(ctx, user).await?;
        put("approvals", json!(List::<ApprovalView>::of(rows).items));
    }
    if wanted.part("risk") {
        put(
            "risk",
            json!(RiskStatusView::from(risk::status(ctx, user).await?)),
        );
    }
    if wanted.part("connections") {
        let rows = connection::list(ctx, user).await?;
        put("connections", json!(List::<ConnectionView>::of(rows).items));
    }
    Ok(Value::Object(data))
}
