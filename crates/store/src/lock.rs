//! One program at a time in a data folder. The lock is the operating system's: it is free the moment its holder dies.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{Read, Seek, Write},
    path::{Path, PathBuf},
};

/// Name of the file that is locked.
const FILE: &str = "ordercast.lock";

/// Why the folder could not be taken.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// Somebody else is at work there.
    #[error("data folder {folder} is in use by {holder}: stop it, or choose another folder")]
    Held {
        /// The folder.
        folder: String,
        /// Who holds it, as it said itself.
        holder: String,
    },
    /// The folder cannot be made, or the lock file cannot be written.
    #[error("data folder {folder} cannot be used: {why}")]
    NotWritable {
        /// The folder.
        folder: String,
        /// The system's words.
        why: std::io::Error,
    },
}

/// A data folder held until this is dropped.
#[derive(Debug)]
pub struct FolderLock {
    _file: File,
    folder: PathBuf,
}

impl FolderLock {
    /// Takes the folder, making it when it is missing. `holder` says who we are, for whoever comes second.
    ///
    /// # Errors
    /// `Held`, naming the holder; `NotWritable`.
    pub fn take(folder: &Path, holder: &str) -> Result<Self, FolderError> {
        let name = folder.display().to_string();
        let failed = |why| FolderError::NotWritable {
            folder: name.clone(),
            why,
        };
        std::fs::create_dir_all(folder).map_err(failed)?;
        let open = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(folder.join(FILE));
        let mut file = open.map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let read = file.read_to_string(&mut holder);
                return Err(FolderError::Held {
                    folder: name,
                    holder: if read.is_ok() && !holder.trim().is_empty() {
                        holder.trim().to_owned()
                    } else {
                        "another program".to_owned()
                    },
                });
            }
            Err(TryLockError::Error(why)) => return Err(failed(why)),
        }
        let line = format!("{holder} (process {})\n", std::process::id());
        let written = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(line.as_bytes()));
        written.map_err(failed)?;
        Ok(Self {
            _file: file,
            folder: folder.to_owned(),
        })
    }
    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}
