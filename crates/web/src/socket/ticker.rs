//! What changes all the time and is no fact about a user: quotes and equity, at most once a second each, the newest only.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use ordercast_app::desk::portfolio;
use ordercast_model::ids::{ConnectionId, UserId};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::{
    envelope::Envelope,
    hub::{Hub, Room, send},
};
use crate::{
    state::App,
    view::{account::AccountView, market::QuoteView},
};

/// How often.
const STEP: Duration = Duration::from_secs(1);

/// Equity sent last, by account.
type Sent = BTreeMap<(UserId, ConnectionId), Value>;

/// Runs until the token is cancelled.
pub(super) async fn run(app: App, hub: Arc<Hub>, stop: CancellationToken) {
    let mut sent = Sent::new();
    loop {
        let next = app.ctx.clock.sleep_until(app.ctx.now().plus(STEP));
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            () = next => {}
        }
        let rooms = hub.rooms();
        sent.retain(|(user, _), _| rooms.iter().any(|room| room.user.id == *user));
        for room in rooms {
            quotes(&app, &room);
            equity(&app, &room, &mut sent).await;
        }
    }
}

fn quotes(app: &App, room: &Room) {
    for peer in room.peers().values_mut().filter(|peer| peer.ready) {
        let socket = peer.socket.clone();
        for watch in peer.watches.values_mut() {
            let market = app.ctx.markets.get(&watch.venue);
            let Some(quote) = market.and_then(|market| market.latest(&watch.instrument)) else {
                continue;
            };
            if watch.sent == Some(quote.at) {
                continue;
            }
            watch.sent = Some(quote.at);
            let at = quote.at;
            if let Ok(data) = serde_json::to_value(QuoteView::from(quote)) {
                // A full queue only loses this second's quote.
                send(&socket, &Envelope::plain("market.quote", at, data));
            }
        }
    }
}

async fn equity(app: &App, room: &Room, sent: &mut Sent) {
    let portfolio = match portfolio::show(&app.ctx, &room.user).await {
        Ok(portfolio) => portfolio,
        Err(error) => {
            tracing::warn!(%error, "equity: cannot be read");
            return;
        }
    };
    let at = portfolio.as_of;
    for line in portfolio.accounts {
        let key = (room.user.id, line.connection_id);
        let view = AccountView::from(line);
        let data = json!({
            "connection_id": view.connection_id, "mode": view.mode, "currency": view.currency,
            "equity": view.equity, "cash": view.cash, "day_pnl": view.day_pnl, "day_pnl_pct": view.day_pnl_pct,
            "unrealised": view.unrealised, "exposure": view.exposure, "drawdown": view.drawdown_pct,
        });
        if sent.get(&key) != Some(&data) {
            room.emit(&Envelope::plain("portfolio.equity", at, data.clone()));
            sent.insert(key, data);
        }
    }
}
