//! What the machine tells of itself: free space, leave to write, its name. Changes nothing.

use std::{io, path::Path};

/// Bytes that may still be written under a path.
///
/// # Errors
/// When the path is not there or the system does not tell.
#[cfg(unix)]
pub fn free_space(path: &Path) -> io::Result<u64> {
    let stat = rustix::fs::statvfs(path)?;
    Ok(stat.f_bavail.saturating_mul(stat.f_frsize))
}

/// Bytes that may still be written under a path.
///
/// # Errors
/// Always: this system does not tell.
#[cfg(not(unix))]
pub fn free_space(_: &Path) -> io::Result<u64> {
    Err(io::Error::new(
        io::ErrorKind::Unsupported,
        "free space is not told on this system",
    ))
}

/// Whether files may be made in a folder.
///
/// # Errors
/// Why not.
#[cfg(unix)]
pub fn may_write(folder: &Path) -> io::Result<()> {
    use rustix::fs::{Access, AtFlags, CWD, accessat};
    Ok(accessat(
        CWD,
        folder,
        Access::WRITE_OK | Access::EXEC_OK,
        AtFlags::EACCESS,
    )?)
}

/// Whether files may be made in a folder.
///
/// # Errors
/// Why not.
#[cfg(not(unix))]
pub fn may_write(folder: &Path) -> io::Result<()> {
    let about = std::fs::metadata(folder)?;
    if about.permissions().readonly() {
        Err(io::ErrorKind::PermissionDenied.into())
    } else {
        Ok(())
    }
}

/// The machine's name.
#[cfg(unix)]
#[must_use]
pub fn name() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

/// The machine's name.
#[cfg(not(unix))]
#[must_use]
pub fn name() -> String {
    "this machine".to_owned()
}

/// Keeps what is in memory out of core files (PRODUCT SEC-03): no core is written of this process, and on Linux nobody of
/// the same user may look into it.
///
/// # Errors
/// When the system refuses.
#[cfg(unix)]
pub fn no_core() -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    setrlimit(Resource::Core, none)?;
    #[cfg(target_os = "linux")]
    rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable)?;
    Ok(())
}
/// Nothing is known of core files here.
#[cfg(not(unix))]
pub fn no_core() -> io::Result<()> {
    Ok(())
}
