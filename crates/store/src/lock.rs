//! One program at a time in a data folder, and marks of processes that live. The locks are the operating system's: they are
//! free the moment their holder dies.

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

/// A sign in a folder that a process lives; taken away when this is dropped, and free when the process died.
#[derive(Debug)]
pub struct ProcessMark {
    _file: File,
    path: PathBuf,
}

impl ProcessMark {
    fn path(folder: &Path, name: &str) -> Option<PathBuf> {
        let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric());
        plain.then(|| folder.join(format!("process-{name}.lock")))
    }
    /// Marks this process as living under a name of letters and digits that no other has.
    ///
    /// # Errors
    /// `NotWritable`.
    pub fn take(folder: &Path, name: &str) -> Result<Self, FolderError> {
        let failed = |why| FolderError::NotWritable {
            folder: folder.display().to_string(),
            why,
        };
        let path = Self::path(folder, name)
            .ok_or_else(|| failed(std::io::Error::other("the name of the process is not plain")))?;
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&path)
            .map_err(failed)?;
        // Waits for whoever looks at the mark at this moment.
        file.lock().map_err(failed)?;
        Ok(Self { _file: file, path })
    }
    /// Whether the process of that name left its mark in this folder and is certainly dead.
    /// False when it lives, or marked another folder.
    #[must_use]
    pub fn is_dead(folder: &Path, name: &str) -> bool {
        let Some(path) = Self::path(folder, name) else {
            return false;
        };
        let Ok(file) = OpenOptions::new().write(true).open(&path) else {
            return false;
        };
        // The mark stays until its name is forgotten: who asks again must hear the same.
        file.try_lock().is_ok()
    }
    /// Takes away the marks of processes that are dead, but for one that is still spoken of.
    pub fn sweep(folder: &Path, spoken_of: &str) {
        let Ok(files) = std::fs::read_dir(folder) else {
            return;
        };
        for file in files.flatten() {
            let name = file.file_name().to_string_lossy().into_owned();
            let name = name
                .strip_prefix("process-")
                .and_then(|n| n.strip_suffix(".lock"));
            if name.is_some_and(|name| name != spoken_of && Self::is_dead(folder, name))
                && let Err(error) = std::fs::remove_file(file.path())
            {
                tracing::debug!(%error, "a dead process's mark stays");
            }
        }
    }
}

impl Drop for ProcessMark {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_file(&self.path) {
            tracing::debug!(%error, "this process's mark stays");
        }
    }
}
