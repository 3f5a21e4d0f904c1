//! The durable record of the simulated Discord: one JSON line for each change, written before it is answered.
//! A torn last line is dropped at start; any other damage is an error that names the line.

use super::message::Message;
use super::snowflake::Snowflake;
use super::world::{Channel, Member, World};
use serde::{Deserialize, Serialize};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// The file's name inside the data folder.
pub const LEDGER_FILE: &str = "discord.jsonl";

/// One change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Entry {
    /// The description this world was started with; written again when it differs from the last one.
    World {
        world: World,
    },
    Post {
        message: Message,
    },
    Edit {
        message: Message,
    },
    Delete {
        channel: Snowflake,
        ids: Vec<Snowflake>,
    },
    /// A private channel between two users.
    Direct {
        id: Snowflake,
        users: [Snowflake; 2],
    },
    ChannelSet {
        guild: Snowflake,
        channel: Channel,
    },
    ChannelGone {
        channel: Snowflake,
    },
    MemberSet {
        guild: Snowflake,
        member: Member,
    },
}

/// The ledger cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The file system refused.
    #[error("{path}: {source}")]
    Io { path: PathBuf, source: std::io::Error },
    /// Another process holds the file.
    #[error("{0} is in use by another simulated Discord")]
    InUse(PathBuf),
    /// A line that is complete cannot be read.
    #[error("{path}, line {line}: {source}")]
    Corrupt {
        path: PathBuf,
        line: usize,
        source: serde_json::Error,
    },
}

/// The open file, positioned at its end. An exclusive lock is held until it is dropped.
#[derive(Debug)]
pub(crate) struct Ledger {
    path: PathBuf,
    file: File,
    length: u64,
}

impl Ledger {
    /// Opens or makes the ledger of a folder and reads what it holds.
    pub(crate) fn open(folder: &Path) -> Result<(Self, Vec<Entry>), LedgerError> {
        let path = folder.join(LEDGER_FILE);
        let failed = |source| LedgerError::Io {
            path: path.clone(),
            source,
        };
        fs::create_dir_all(folder).map_err(failed)?;
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(LedgerError::InUse(path)),
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(failed)?;
        let whole = bytes.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
        let mut entries = Vec::new();
        for (index, line) in bytes[..whole].split(|b| *b == b'\n').enumerate() {
            if line.is_empty() {
                continue;
            }
            let entry = serde_json::from_slice(line).map_err(|source| LedgerError::Corrupt {
                path: path.clone(),
                line: index + 1,
                source,
            })?;
            entries.push(entry);
        }
        let length = u64::try_from(whole).unwrap_or(u64::MAX);
        if whole < bytes.len() {
            tracing::warn!(path = %path.display(), "a torn last line was dropped");
            file.set_len(length).map_err(failed)?;
        }
        file.seek(SeekFrom::Start(length)).map_err(failed)?;
        Ok((Self { path, file, length }, entries))
    }

    /// Appends one change. After an error nothing of it remains.
    pub(crate) fn append(&mut self, entry: &Entry) -> Result<(), LedgerError> {
        let failed = |source| LedgerError::Io {
            path: self.path.clone(),
            source,
        };
        let mut line = serde_json::to_vec(entry).map_err(|e| failed(e.into()))?;
        line.push(b'\n');
        if let Err(source) = self.file.write_all(&line) {
            let error = failed(source);
            // A half-written line would make the next one unreadable.
            if let Err(error) = self.file.set_len(self.length) {
                tracing::error!(%error, "the ledger could not be cut back");
            }
            let _at = self.file.seek(SeekFrom::Start(self.length));
            return Err(error);
        }
        self.length += u64::try_from(line.len()).unwrap_or(0);
        Ok(())
    }
}
