//! Watches over the tokens of open connections: warns before one runs out, closes when it has.

use std::{sync::Arc, time::Duration};

use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::{
    envelope::{Closing, Envelope},
    hub::{Hub, close, send},
};
use crate::state::App;

/// How often it looks.
const STEP: Duration = Duration::from_secs(1);
/// A token is said to run out this long before.
const WARNING: Duration = Duration::from_secs(300);

/// Runs until the token is cancelled.
pub(super) async fn run(app: App, hub: Arc<Hub>, stop: CancellationToken) {
    loop {
        let next = app.ctx.clock.sleep_until(app.ctx.now().plus(STEP));
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            () = next => {}
        }
        look(&app, &hub);
    }
}

fn look(app: &App, hub: &Hub) {
    let now = app.ctx.now();
    let mut over = Vec::new();
    for room in hub.rooms() {
        for peer in room.peers().values_mut() {
            if now >= peer.expires_at {
                over.push(peer.socket.clone());
            } else if !peer.warned && peer.expires_at <= now.plus(WARNING) {
                peer.warned = true;
                let left = peer.expires_at.since(now).as_secs();
                let data = json!({ "expires_in": left });
                send(&peer.socket, &Envelope::plain("token.expiring", now, data));
            }
        }
    }
    for socket in over {
        close(socket, Closing::TokenExpired, now);
    }
}
