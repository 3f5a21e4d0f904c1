//! The bare disk and the bare wire: what no program can do without. Knows nothing of orders.

use std::{
    fs::{File, OpenOptions},
    io::{Seek, SeekFrom, Write},
    path::Path,
    time::Duration,
};

use anyhow::{Result, ensure};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::measure::now;

/// The file the floor writes into, over and over, so that its size never changes.
const FLOOR_BYTES: usize = 4 << 20;
/// Bytes of the floor's request and answer, as large as an order and its acceptance.
const WIRE_BYTES: usize = 600;

/// The bare disk and the bare wire.
pub(crate) struct Floor {
    file: File,
    at: usize,
    wire: TcpStream,
}

impl Floor {
    pub(crate) async fn open(folder: &Path) -> Result<Self> {
        let mut file = OpenOptions::new()
            .create_new(true)
            .write(true)
            .open(folder.join("floor"))?;
        file.write_all(&vec![0; FLOOR_BYTES])?;
        file.sync_all()?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let wire = TcpStream::connect(listener.local_addr()?).await?;
        wire.set_nodelay(true)?;
        let (mut other, _) = listener.accept().await?;
        other.set_nodelay(true)?;
        tokio::spawn(async move {
            let mut request = vec![0; WIRE_BYTES];
            while other.read_exact(&mut request).await.is_ok() {
                if other.write_all(&answer()).await.is_err() {
                    return;
                }
            }
        });
        Ok(Self { file, at: 0, wire })
    }

    /// Writes and waits for the disk once for each transaction.
    pub(crate) fn sync(&mut self, transactions: &[usize]) -> Result<Duration> {
        let start = now();
        for bytes in transactions {
            if self.at + bytes > FLOOR_BYTES {
                self.at = 0;
            }
            self.file.seek(SeekFrom::Start(self.at as u64))?;
            self.file.write_all(&vec![7; *bytes])?;
            self.file.sync_data()?;
            self.at += bytes;
        }
        Ok(start.elapsed())
    }

    /// The same, then asks and waits for the answer once.
    pub(crate) async fn round(&mut self, transactions: &[usize]) -> Result<Duration> {
        let start = now();
        self.sync(transactions)?;
        self.wire.write_all(&request()).await?;
        let mut answer = vec![0; WIRE_BYTES];
        self.wire.read_exact(&mut answer).await?;
        ensure!(
            answer.starts_with(b"HTTP/1.1 201"),
            "the floor's server answers otherwise"
        );
        Ok(start.elapsed())
    }
}

/// A head and a body that fill the wire's bytes.
fn padded(head: &str) -> Vec<u8> {
    let mut bytes = head.as_bytes().to_vec();
    bytes.resize(WIRE_BYTES, b' ');
    bytes
}
fn request() -> Vec<u8> {
    padded(
        "POST /v1/accounts/PA100001/orders HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n\r\n{}",
    )
}
fn answer() -> Vec<u8> {
    padded("HTTP/1.1 201 Created\r\ncontent-type: application/json\r\n\r\n{}")
}
