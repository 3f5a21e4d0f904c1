//! Decides how the venue's memory outlives it: one JSON line per batch of changes, appended before an answer leaves.
//! Refuses a damaged file by name and line; only a torn last line, the mark of a kill, is dropped.

use std::{
    fs::{self, File, OpenOptions},
    io::{Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::{
    market::noise::text_bits,
    venue::state::{Change, Snapshot, State},
};

/// Size beyond which the file is rewritten as one snapshot at the start.
pub const COMPACT_BYTES: u64 = 8 * 1024 * 1024;
const FORMAT: &str = "ordercast-paper-ledger/1";

/// Why the ledger cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The file or folder.
    #[error("venue ledger {}: {source}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
    /// Another process has it.
    #[error("venue ledger {}: another process is using this folder", .0.display())]
    Locked(PathBuf),
    /// A line is not what was written.
    #[error("venue ledger {}, line {line}: {problem}", path.display())]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What is wrong.
        problem: String,
    },
    /// A change cannot be written as JSON.
    #[error("venue ledger: {0}")]
    Encode(#[from] serde_json::Error),
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Body {
    Head { format: String },
    Snapshot(Box<Snapshot>),
    Changes(Vec<Change>),
}

/// An append-only file, or nothing when the venue lives in memory.
#[derive(Debug, Default)]
pub struct Ledger {
    file: Option<File>,
    path: PathBuf,
    lock: Option<File>,
    line: u64,
    sync: bool,
}

impl Ledger {
    /// Keeps nothing.
    #[must_use]
    pub fn memory() -> Self {
        Self::default()
    }

    /// Opens or creates the ledger of a folder and reads what it remembers.
    ///
    /// # Errors
    /// `LedgerError`; the file is left as it is.
    pub fn open(dir: &Path, sync: bool) -> Result<(Self, State), LedgerError> {
        Self::open_compacting(dir, sync, COMPACT_BYTES)
    }

    /// The same with another size from which it is rewritten.
    ///
    /// # Errors
    /// As `open`.
    pub fn open_compacting(dir: &Path, sync: bool, compact: u64) -> Result<(Self, State), LedgerError> {
        let path = dir.join("ledger.jsonl");
        let io = |source| LedgerError::Io {
            path: path.clone(),
            source,
        };
        fs::create_dir_all(dir).map_err(io)?;
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(dir.join("ledger.lock"))
            .map_err(io)?;
        lock.try_lock().map_err(|_| LedgerError::Locked(dir.to_owned()))?;
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path)
            .map_err(io)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(io)?;
        let whole = bytes.iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
        bytes.truncate(whole);
        let (state, line) = replay(&path, &bytes)?;
        file.set_len(whole as u64).map_err(io)?;
        file.seek(SeekFrom::End(0)).map_err(io)?;
        let mut ledger = Self {
            file: Some(file),
            path,
            lock: Some(lock),
            line,
            sync,
        };
        if line == 0 {
            ledger.write(&Body::Head {
                format: FORMAT.to_owned(),
            })?;
        } else if whole as u64 > compact {
            ledger.compact(&state)?;
        }
        Ok((ledger, state))
    }

    /// Writes changes down; they survive the end of the process once this returns (with `sync`, a power cut).
    ///
    /// # Errors
    /// `LedgerError`; whether the line was written is then unknown.
    pub fn append(&mut self, changes: Vec<Change>) -> Result<(), LedgerError> {
        if self.file.is_none() || changes.is_empty() {
            return Ok(());
        }
        self.write(&Body::Changes(changes))
    }

    fn write(&mut self, body: &Body) -> Result<(), LedgerError> {
        let text = encode(self.line + 1, body)?;
        let io = |source| LedgerError::Io {
            path: self.path.clone(),
            source,
        };
        if let Some(file) = &mut self.file {
            file.write_all(text.as_bytes()).map_err(io)?;
            if self.sync {
                file.sync_data().map_err(io)?;
            }
        }
        self.line += 1;
        Ok(())
    }

    /// Rewrites the file as one snapshot, in a new file that takes the old one's place.
    fn compact(&mut self, state: &State) -> Result<(), LedgerError> {
        let fresh = self.path.with_extension("jsonl.new");
        let io = |source| LedgerError::Io {
            path: fresh.clone(),
            source,
        };
        let mut file = File::create(&fresh).map_err(io)?;
        let head = encode(
            1,
            &Body::Head {
                format: FORMAT.to_owned(),
            },
        )?;
        let snapshot = encode(2, &Body::Snapshot(Box::new(state.snapshot())))?;
        file.write_all(head.as_bytes())
            .and_then(|()| file.write_all(snapshot.as_bytes()))
            .map_err(io)?;
        file.sync_all().map_err(io)?;
        fs::rename(&fresh, &self.path).map_err(io)?;
        self.file = Some(file);
        self.line = 2;
        Ok(())
    }

    /// Whether anything is kept.
    #[must_use]
    pub const fn durable(&self) -> bool {
        self.lock.is_some()
    }
}

/// `{"n":3,"sum":"<16 hex>","body":{...}}`: the sum is over the bytes of the body.
fn encode(line: u64, body: &Body) -> Result<String, LedgerError> {
    let body = serde_json::to_string(body)?;
    Ok(format!(
        "{{\"n\":{line},\"sum\":\"{:016x}\",\"body\":{body}}}\n",
        text_bits(&body)
    ))
}

fn decode(text: &str, line: usize) -> Result<Body, String> {
    let head = format!("{{\"n\":{line},\"sum\":\"");
    let rest = text
        .strip_prefix(&head)
        .ok_or_else(|| format!("expected a line that begins with {head}"))?;
    let (sum, rest) = rest.split_at_checked(16).ok_or("the line is too short")?;
    let body = rest
        .strip_prefix("\",\"body\":")
        .and_then(|r| r.strip_suffix('}'))
        .ok_or("the body is missing")?;
    if sum != format!("{:016x}", text_bits(body)) {
        return Err("the sum does not fit the body: the line was altered".to_owned());
    }
    serde_json::from_str(body).map_err(|e| e.to_string())
}

fn replay(path: &Path, bytes: &[u8]) -> Result<(State, u64), LedgerError> {
    let mut state = State::default();
    let mut count = 0;
    // Every line ends with a newline here: the torn one is already cut off.
    for (index, raw) in bytes
        .strip_suffix(b"\n")
        .into_iter()
        .flat_map(|b| b.split(|b| *b == b'\n'))
        .enumerate()
    {
        let line = index + 1;
        let corrupt = |problem: String| LedgerError::Corrupt {
            path: path.to_owned(),
            line,
            problem,
        };
        let text = std::str::from_utf8(raw).map_err(|e| corrupt(e.to_string()))?;
        match decode(text, line).map_err(corrupt)? {
            Body::Head { format } if line == 1 && format == FORMAT => {}
            Body::Head { format } => {
                return Err(corrupt(format!("expected {FORMAT} on line 1, got {format}")));
            }
            Body::Snapshot(snapshot) => state = State::from(*snapshot),
            Body::Changes(changes) => {
                for change in changes {
                    state.apply(&change).map_err(|e| corrupt(e.to_string()))?;
                }
            }
        }
        count += 1;
    }
    Ok((state, count))
}
