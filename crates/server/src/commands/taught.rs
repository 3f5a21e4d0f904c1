//! Decides how a provider's profile is taken from a file: as JSON, every fault named by its field. Reads no message.

use std::{fs, path::Path};

use anyhow::{Context as _, Result, anyhow, bail};
use ordercast_model::signal::profile::Profile;
use ordercast_rules::parse::template::Taught;

/// The largest profile that is read; a full one is far smaller.
const BYTES_MAX: u64 = 1024 * 1024;

/// The profile in a file, as it stands there.
///
/// # Errors
/// When the file cannot be read or is no profile.
pub fn profile(path: &Path) -> Result<Profile> {
    let name = path.display();
    let size = fs::metadata(path)
        .with_context(|| format!("{name} cannot be read"))?
        .len();
    if size > BYTES_MAX {
        bail!("{name}: expected at most {BYTES_MAX} bytes, got {size}");
    }
    let text = fs::read_to_string(path).with_context(|| format!("{name} cannot be read"))?;
    serde_json::from_str(&text).with_context(|| format!("{name} is no profile"))
}

/// A profile made ready to read with.
///
/// # Errors
/// Every fault, one a line.
pub fn checked(profile: &Profile) -> Result<Taught> {
    Taught::new(profile).map_err(|faults| {
        let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
        anyhow!(told.join("\n"))
    })
}
