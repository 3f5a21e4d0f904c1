//! How a client that was away comes up to date: the events it missed, or the state as it is.

use std::time::Duration;

use ordercast_app::{
    desk::{DeskError, approval, connection, order, portfolio, position, risk},
    publish,
};
use ordercast_model::{ports::store::Page, tenant::TenantScope, user::User};
use serde_json::{Value, json};
use socketioxide::extract::SocketRef;

use super::{
    envelope::Envelope,
    feed,
    hub::{Room, send},
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

/// Brings one socket up to date. Nothing else is sent to the room meanwhile.
pub(super) async fn answer(
    app: &App,
    room: &Room,
    socket: &SocketRef,
    last_seq: Option<u64>,
) -> Result<(), DeskError> {
    let mut cursor = room.cursor.lock().await;
    let head = feed::catch_up(app, room, &mut cursor).await?;
    if let Some(last) = last_seq
        && last <= head
        && head - last <= REPLAY_MAX
        && replay(app, room, socket, last).await?
    {
        return Ok(());
    }
    let mut data = snapshot(app, &room.user).await?;
    if let Some(map) = data.as_object_mut() {
        map.insert("as_of_seq".to_owned(), json!(head));
    }
    send(socket, &Envelope::plain("state.sync", app.ctx.now(), data));
    Ok(())
}

/// Sends the events after a number; false when they are too old.
async fn replay(app: &App, room: &Room, socket: &SocketRef, last: u64) -> Result<bool, DeskError> {
    let scope = TenantScope::of_user(&room.user);
    let limit = u32::try_from(REPLAY_MAX).unwrap_or(u32::MAX);
    let events = publish::feed(&app.ctx, &scope, last, limit).await?;
    let oldest = app.ctx.now().minus(REPLAY_AGE);
    if events.first().is_some_and(|event| event.at < oldest) {
        return Ok(false);
    }
    for event in events {
        let envelope = Envelope::numbered(event.event, event.at, event.user_seq, event.data);
        if !send(socket, &envelope) {
            break;
        }
    }
    Ok(true)
}

async fn snapshot(app: &App, user: &User) -> Result<Value, DeskError> {
    let ctx = &app.ctx;
    let positions = position::list(ctx, user, true, Page::first(POSITIONS_MAX)).await?;
    Ok(json!({
        "portfolio": PortfolioView::from(portfolio::show(ctx, user).await?),
        "positions": List::<PositionView>::of(positions).items,
        "open_orders": List::<OrderView>::of(order::open(ctx, user).await?).items,
        "approvals": List::<ApprovalView>::of(approval::pending(ctx, user).await?).items,
        "risk": RiskStatusView::from(risk::status(ctx, user).await?),
        "connections": List::<ConnectionView>::of(connection::list(ctx, user).await?).items,
    }))
}
