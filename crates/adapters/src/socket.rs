//! One WebSocket to a venue. Decides when a silent connection is dead; refuses to know what the frames mean.

use std::time::Duration;

use futures::{SinkExt, StreamExt};
use reqwest::{Url, header::HeaderValue};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async_with_config,
    tungstenite::{
        Error, Message, client::IntoClientRequest, http::header::AUTHORIZATION, protocol::WebSocketConfig,
    },
};

/// How long connecting may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Silence after which we ask whether anybody is there, and then again until we believe that nobody is.
const SILENCE: Duration = Duration::from_secs(10);
/// The largest frame that is taken.
const FRAME_MAX: usize = 16 * 1024 * 1024;

/// Why the stream ended.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Lost {
    /// The key is not taken.
    #[error("the venue refuses the credential")]
    Unauthorised,
    /// The events asked for are no longer kept.
    #[error("the venue no longer keeps the events that were missed")]
    Gone,
    /// Everything else.
    #[error("{0}")]
    Cut(String),
}

/// An open stream.
pub(crate) struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    /// Connects to an address of http or https. `bearer` is what the header `Authorization` carries, if anything.
    pub(crate) async fn open(url: &Url, bearer: Option<HeaderValue>) -> Result<Self, Lost> {
        let mut url = url.clone();
        let scheme = if url.scheme() == "https" { "wss" } else { "ws" };
        if url.set_scheme(scheme).is_err() {
            return Err(Lost::Cut(format!("{url} cannot be a stream")));
        }
        let mut request = url.as_str().into_client_request().map_err(|e| lost(&e))?;
        if let Some(bearer) = bearer {
            request.headers_mut().insert(AUTHORIZATION, bearer);
        }
        let mut config = WebSocketConfig::default();
        config.max_message_size = Some(FRAME_MAX);
        config.max_frame_size = Some(FRAME_MAX);
        let connecting = connect_async_with_config(request, Some(config), true);
        match timeout(CONNECT_TIMEOUT, connecting).await {
            Ok(Ok((stream, _))) => Ok(Self(stream)),
            Ok(Err(error)) => Err(lost(&error)),
            Err(_) => Err(Lost::Cut(format!("no connection within {CONNECT_TIMEOUT:?}"))),
        }
    }

    /// The next frame that carries text, in whatever kind of frame. Safe to drop and call again.
    pub(crate) async fn next(&mut self) -> Result<String, Lost> {
        let mut asked = false;
        loop {
            let frame = match timeout(SILENCE, self.0.next()).await {
                Ok(Some(Ok(frame))) => frame,
                Ok(Some(Err(error))) => return Err(lost(&error)),
                Ok(None) => return Err(Lost::Cut("the stream ended".to_owned())),
                Err(_) if asked => return Err(Lost::Cut("the stream is silent".to_owned())),
                Err(_) => {
                    asked = true;
                    self.put(Message::Ping(Vec::new().into())).await?;
                    continue;
                }
            };
            asked = false;
            match frame {
                Message::Text(text) => return Ok(text.as_str().to_owned()),
                Message::Binary(bytes) => {
                    return String::from_utf8(bytes.into())
                        .map_err(|_| Lost::Cut("a frame that is no text".to_owned()));
                }
                Message::Close(frame) => {
                    let why = frame.map_or_else(String::new, |f| format!(" ({} {})", f.code, f.reason));
                    return Err(Lost::Cut(format!("the venue closed the stream{why}")));
                }
                _ => {}
            }
        }
    }

    /// Sends a text frame.
    pub(crate) async fn send(&mut self, text: String) -> Result<(), Lost> {
        self.put(Message::Text(text.into())).await
    }

    async fn put(&mut self, message: Message) -> Result<(), Lost> {
        match timeout(CONNECT_TIMEOUT, self.0.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(lost(&error)),
            Err(_) => Err(Lost::Cut("the stream takes nothing".to_owned())),
        }
    }
}

fn lost(error: &Error) -> Lost {
    match error {
        Error::Http(answer) if answer.status() == 401 => Lost::Unauthorised,
        Error::Http(answer) if answer.status() == 410 => Lost::Gone,
        Error::Http(answer) => Lost::Cut(format!("the venue answers HTTP {}", answer.status().as_u16())),
        other => Lost::Cut(other.to_string()),
    }
}
