//! Puts the live connection together, and hands its tasks to whoever owns them.

use std::{sync::Arc, time::Duration};

use futures::future::BoxFuture;
use serde_json::json;
use socketioxide::{
    SocketIo,
    extract::{Extension, SocketRef, TryData},
    handler::ConnectHandler,
    layer::SocketIoLayer,
};
use tokio_util::sync::CancellationToken;

use super::{
    client::{self, Client},
    envelope::{Closing, Code, Envelope},
    feed::{self, Pump},
    handshake::{self, Auth, Guest},
    hub::{Hub, close, send},
    keeper, ticker,
};
use crate::state::App;

/// Events that wait for one socket at most: a whole replay and 256 beyond. A socket that is further behind is closed.
const WAITING_MAX: usize = 1_000 + 256;
/// Largest frame of a client.
const FRAME_MAX: u64 = 64 * 1_024;

/// The live connection of a running program.
#[derive(Clone)]
pub struct SocketHandle {
    app: App,
    io: SocketIo,
    hub: Arc<Hub>,
    ear: Arc<feed::Ear>,
}

/// The tasks of the live connection; each runs until the token is cancelled.
pub struct Tasks {
    app: App,
    hub: Arc<Hub>,
    ear: Arc<feed::Ear>,
    pump: Pump,
}

impl Tasks {
    /// Names and futures, to be spawned by whoever owns the program's tasks.
    #[must_use]
    pub fn start(self, stop: &CancellationToken) -> Vec<(&'static str, BoxFuture<'static, ()>)> {
        let bus = self.app.ctx.bus.listen(self.ear);
        let stopped = stop.clone();
        let listen = async move {
            tokio::select! {
                biased;
                () = stopped.cancelled() => {}
                () = bus => {}
            }
        };
        let ticker = ticker::run(self.app.clone(), Arc::clone(&self.hub), stop.clone());
        let keeper = keeper::run(self.app, self.hub, stop.clone());
        vec![
            ("socket bus", Box::pin(listen)),
            ("socket feed", Box::pin(self.pump.run(stop.clone()))),
            ("socket ticker", Box::pin(ticker)),
            ("socket keeper", Box::pin(keeper)),
        ]
    }
}

impl SocketHandle {
    /// Takes hints of the bus; for whoever listens in the tasks' place.
    #[must_use]
    pub fn sink(&self) -> Arc<dyn ordercast_model::ports::bus::HintSink> {
        Arc::clone(&self.ear) as Arc<dyn ordercast_model::ports::bus::HintSink>
    }
    /// Sockets open on this process.
    #[must_use]
    pub fn open(&self) -> usize {
        self.hub.sockets().len()
    }
    /// Tells everybody that the server goes down, then closes every connection. To be called before the listener's own
    /// graceful end, which waits for open connections.
    pub async fn close(&self) {
        for socket in self.hub.sockets() {
            close(socket, Closing::ServerShutdown, self.app.ctx.now());
        }
        self.io.close().await;
    }
}

/// The layer that answers at `/socket.io`, its handle, and its tasks.
pub(crate) fn layer(app: &App) -> (SocketIoLayer, SocketHandle, Tasks) {
    let hub = Arc::new(Hub::default());
    let (layer, io) = SocketIo::builder()
        .req_path("/socket.io")
        .ping_interval(Duration::from_secs(25))
        .ping_timeout(Duration::from_secs(20))
        .max_payload(FRAME_MAX)
        .ws_max_message_size(usize::try_from(FRAME_MAX).unwrap_or(usize::MAX))
        .ws_max_frame_size(usize::try_from(FRAME_MAX).unwrap_or(usize::MAX))
        .max_buffer_size(WAITING_MAX)
        .build_layer();
    let (door, rooms) = (app.clone(), (app.clone(), Arc::clone(&hub)));
    let admit = async move |socket: SocketRef, auth: TryData<Auth>| -> Result<(), Code> {
        let auth = handshake::payload(auth);
        let guest = handshake::admit(&door, &socket, &auth).await?;
        socket.extensions.insert(guest);
        Ok(())
    };
    let enter = async move |socket: SocketRef, Extension(guest): Extension<Guest>| {
        let (app, hub) = rooms;
        arrive(app, hub, socket, guest).await;
    };
    io.ns("/", enter.with(admit));
    let (ear, pump) = feed::pair(app.clone(), Arc::clone(&hub));
    let ear = Arc::new(ear);
    let handle = SocketHandle {
        app: app.clone(),
        io,
        hub: Arc::clone(&hub),
        ear: Arc::clone(&ear),
    };
    let tasks = Tasks {
        app: app.clone(),
        hub,
        ear,
        pump,
    };
    (layer, handle, tasks)
}

/// Takes an admitted socket into its room and gives it its first word.
async fn arrive(app: App, hub: Arc<Hub>, socket: SocketRef, guest: Guest) {
    socket.join(format!("user:{}", guest.user.id));
    let (room, oldest) = hub.enter(&guest.user, guest.session.id, guest.expires_at, socket.clone());
    if let Some(oldest) = oldest {
        close(oldest, Closing::TooMany, app.ctx.now());
    }
    let client = Client {
        app: app.clone(),
        hub: Arc::clone(&hub),
        room: Arc::clone(&room),
        guest: guest.clone(),
    };
    client::listen(&socket, &client);
    // Nothing is sent to the room while the number is read and told, so the first event after it is the next one.
    let mut cursor = room.cursor.lock().await;
    match feed::catch_up(&app, &room, &mut cursor).await {
        Ok(last) => {
            let now = app.ctx.now();
            let data = json!({
                "user_id": guest.user.id, "session_id": guest.session.id, "expires_at": guest.expires_at,
                "server_time": now, "last_seq": last,
            });
            send(&socket, &Envelope::plain("connection.authorized", now, data));
            room.with_peer(&socket, |peer| peer.ready = true);
        }
        Err(error) => {
            tracing::error!(%error, "socket: the store does not answer");
            let data = json!({ "code": Code::InternalError.text(), "message": "connect again" });
            send(&socket, &Envelope::plain("connection.error", app.ctx.now(), data));
            drop(socket.disconnect());
        }
    }
}
