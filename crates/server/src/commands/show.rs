//! `ordercast config`, `version` and `openapi`: what is in force, what is running, what the API is.

use anyhow::Result;
use serde_json::json;

use super::out::Out;
use crate::config::{Faults, Looked, Sources};

/// Prints every setting with its value (secrets masked) and where it came from, then every fault. Exit code 2 when
/// there is a fault.
///
/// # Errors
/// When standard output cannot be written.
pub fn config(sources: &Sources, as_json: bool) -> Result<u8> {
    let looked = Looked::at(sources);
    let mut out = Out::new();
    if as_json {
        let settings: Vec<_> = looked
            .effective
            .iter()
            .map(|one| {
                let place = format!("{}.{}", one.setting.section, one.setting.key);
                json!({ "name": one.setting.name, "key": place, "value": one.value, "source": one.origin.to_string() })
            })
            .collect();
        let faults: Vec<String> = looked.faults.iter().map(ToString::to_string).collect();
        let missing: Vec<String> = looked.missing.iter().map(ToString::to_string).collect();
        let all = json!({ "settings": settings, "faults": faults, "missing_to_serve": missing });
        out.line(&serde_json::to_string_pretty(&all)?)?;
    } else {
        let mut section = "";
        for one in &looked.effective {
            if one.setting.section != section {
                section = one.setting.section;
                out.line(&format!("[{section}]"))?;
            }
            let value = if one.value.is_empty() {
                "-"
            } else {
                one.value.as_str()
            };
            out.line(&format!("  {:<34} {value}  ({})", one.setting.name, one.origin))?;
        }
        for missing in &looked.missing {
            out.line(&format!("needed to serve: {missing}"))?;
        }
    }
    out.flush()?;
    if looked.faults.is_empty() {
        Ok(0)
    } else {
        Err(Faults(looked.faults).into())
    }
}

/// Version of the program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Prints the version.
///
/// # Errors
/// When standard output cannot be written.
pub fn version(as_json: bool) -> Result<u8> {
    let mut out = Out::new();
    if as_json {
        out.json(&json!({ "version": VERSION }))?;
    } else {
        out.line(&format!("ordercast {VERSION}"))?;
    }
    out.flush()?;
    Ok(0)
}

/// Prints the API document.
///
/// # Errors
/// When it cannot be written.
pub fn openapi() -> Result<u8> {
    let mut out = Out::new();
    out.text(&ordercast_web::openapi::pretty()?)?;
    out.flush()?;
    Ok(0)
}
