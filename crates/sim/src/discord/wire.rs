//! The TCP side: an accepted connection that can be broken after a chosen number of bytes.

use super::timer;
use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// Pause after a failed accept (too many open files), so that the loop does not spin.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
const UNLIMITED: i64 = -1;

/// How many more bytes a connection may write.
#[derive(Debug, Clone)]
pub(crate) struct Cut(Arc<AtomicI64>);

impl Cut {
    fn unarmed() -> Self {
        Self(Arc::new(AtomicI64::new(UNLIMITED)))
    }

    /// Breaks the connection after this many bytes from now.
    pub(crate) fn arm(&self, bytes: usize) {
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        self.0.store(bytes, Ordering::SeqCst);
    }

    /// How much of a write may go out: all, a part, or nothing any more.
    fn allow(&self, wanted: usize) -> Option<usize> {
        let left = self.0.load(Ordering::SeqCst);
        if left == UNLIMITED {
            return Some(wanted);
        }
        let part = usize::try_from(left).unwrap_or(0).min(wanted);
        (part > 0 || wanted == 0).then_some(part)
    }

    fn wrote(&self, bytes: usize) {
        let left = self.0.load(Ordering::SeqCst);
        if left != UNLIMITED {
            let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
            self.0.store(left.saturating_sub(bytes).max(0), Ordering::SeqCst);
        }
    }
}

/// One accepted connection.
#[derive(Debug)]
pub(crate) struct Wire {
    tcp: TcpStream,
    cut: Cut,
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_read(cx, buf)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let Some(part) = self.cut.allow(buf.len()) else {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        };
        let written = Pin::new(&mut self.tcp).poll_write(cx, &buf[..part]);
        if let Poll::Ready(Ok(bytes)) = &written {
            self.cut.wrote(*bytes);
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_shutdown(cx)
    }
}

/// Accepts connections that carry a [`Cut`].
pub(crate) struct WireListener(pub(crate) TcpListener);

impl Listener for WireListener {
    type Io = Wire;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Wire, SocketAddr) {
        loop {
            match self.0.accept().await {
                Ok((tcp, from)) => {
                    let _small_frames_go_at_once = tcp.set_nodelay(true);
                    let cut = Cut::unarmed();
                    return (Wire { tcp, cut }, from);
                }
                Err(error) => {
                    tracing::warn!(%error, "accept failed");
                    timer::pause(ACCEPT_PAUSE).await;
                }
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

impl Connected<IncomingStream<'_, WireListener>> for Cut {
    fn connect_info(stream: IncomingStream<'_, WireListener>) -> Self {
        stream.io().cut.clone()
    }
}
