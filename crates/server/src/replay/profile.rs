//! Decides what `--risk` means: one of the named profiles, or a file with some limits over the balanced one.

use std::{fs, path::Path};

use anyhow::{Context as _, Result, bail};
use ordercast_model::{follow::Sizing, limits::Limits};
use ordercast_rules::profile::{self, NAMES, Profile};
use serde_json::{Map, Value};

/// The profile of a name or a file.
///
/// # Errors
/// When it is neither; then the known names are listed. When a field of the file is unknown or odd, by its name.
pub fn of(given: &str) -> Result<Profile> {
    if let Some(named) = profile::named(given) {
        return Ok(named);
    }
    let path = Path::new(given);
    if !path.is_file() {
        bail!(
            "--risk: no profile {given:?}; expected one of {} or a TOML or JSON file of limits",
            NAMES.join(", ")
        );
    }
    let text = fs::read_to_string(path).with_context(|| format!("--risk: {given} cannot be read"))?;
    let json = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("json"));
    let fields: Map<String, Value> = if json {
        serde_json::from_str(&text).with_context(|| format!("--risk: {given} is not a JSON object"))?
    } else {
        toml::from_str(&text).with_context(|| format!("--risk: {given} is not TOML"))?
    };
    let name = path.file_stem().and_then(|s| s.to_str()).unwrap_or(given);
    over(fields, name).with_context(|| format!("--risk: {given}"))
}

/// Fields over the balanced profile: `based_on`, `sizing`, and limits by name.
fn over(mut fields: Map<String, Value>, name: &str) -> Result<Profile> {
    let base = match fields.remove("based_on") {
        None => profile::balanced(),
        Some(base) => {
            let base = base.as_str().unwrap_or_default().to_owned();
            match profile::named(&base) {
                Some(profile) => profile,
                None => bail!("based_on: expected one of {}, got {base:?}", NAMES.join(", ")),
            }
        }
    };
    let sizing = match fields.remove("sizing") {
        None => base.sizing,
        Some(value) => serde_json::from_value::<Sizing>(text_numbers(value)).context("sizing")?,
    };
    let mut limits = serde_json::to_value(&base.limits)?;
    let Some(known) = limits.as_object_mut() else {
        bail!("limits are not an object");
    };
    for (field, value) in fields {
        let Some(slot) = known.get_mut(&field) else {
            let all: Vec<&str> = known.keys().map(String::as_str).collect();
            bail!(
                "unknown field {field:?}; expected based_on, sizing or one of {}",
                all.join(", ")
            );
        };
        // Amounts are text in our JSON; a person writes numbers.
        let value = if slot.is_number() {
            value
        } else {
            text_numbers(value)
        };
        let before = slot.clone();
        *slot = value;
        let try_out = Value::Object(known.clone());
        serde_json::from_value::<Limits>(try_out)
            .with_context(|| format!("{field}: expected a value like {before}"))?;
    }
    Ok(Profile {
        name: name.to_owned(),
        limits: serde_json::from_value(limits)?,
        sizing,
    })
}

fn text_numbers(value: Value) -> Value {
    match value {
        Value::Number(number) => Value::String(number.to_string()),
        Value::Object(map) => map.into_iter().map(|(k, v)| (k, text_numbers(v))).collect(),
        other => other,
    }
}
