//! Rows of buttons and menus under a message, held to Discord's shape. Knows nothing of what pressing one leads to.

use super::refusal::Refusal;
use serde_json::Value;

const ROWS_MAX: usize = 5;
const BUTTONS_MAX: usize = 5;
const LABEL_MAX: usize = 80;
const CUSTOM_ID_MAX: usize = 100;
const OPTIONS_MAX: usize = 25;
/// Types: a row, a button, and the menus (texts, users, roles, mentionables, channels).
const ROW: u64 = 1;
const BUTTON: u64 = 2;
const MENUS: [u64; 5] = [3, 5, 6, 7, 8];
/// A button that opens an address has no custom id.
const LINK: u64 = 5;

/// Holds the components of a message to the limits.
pub(crate) fn check(rows: &[Value]) -> Result<(), Refusal> {
    if rows.len() > ROWS_MAX {
        return Err(Refusal::too_long("components", ROWS_MAX));
    }
    for (at, row) in rows.iter().enumerate() {
        let path = format!("components.{at}");
        if number(row, "type") != Some(ROW) {
            return Err(wrong(&format!("{path}.type"), "Must be an action row."));
        }
        let inside = inside(row);
        let menus = inside.iter().filter(|c| is_menu(c)).count();
        if inside.is_empty() || inside.len() > BUTTONS_MAX || (menus > 0 && inside.len() > 1) {
            return Err(wrong(
                &format!("{path}.components"),
                "1 to 5 buttons, or one menu.",
            ));
        }
        for (n, part) in inside.iter().enumerate() {
            check_part(part, &format!("{path}.components.{n}"))?;
        }
    }
    Ok(())
}

fn check_part(part: &Value, path: &str) -> Result<(), Refusal> {
    let text = |field: &str| part.get(field).and_then(Value::as_str).unwrap_or("");
    let length = |field: &str| text(field).chars().count();
    let link = number(part, "style") == Some(LINK);
    match number(part, "type") {
        Some(BUTTON) if !(1..=LABEL_MAX).contains(&length("label")) => Err(wrong(
            &format!("{path}.label"),
            "Must be between 1 and 80 in length.",
        )),
        Some(BUTTON) if link && text("url").starts_with("http") => Ok(()),
        Some(BUTTON) if link => Err(wrong(&format!("{path}.url"), "Not a well formed URL.")),
        Some(kind) if kind == BUTTON || MENUS.contains(&kind) => {
            if !(1..=CUSTOM_ID_MAX).contains(&length("custom_id")) {
                return Err(wrong(
                    &format!("{path}.custom_id"),
                    "Must be between 1 and 100 in length.",
                ));
            }
            let options = part.get("options").and_then(Value::as_array).map_or(0, Vec::len);
            if options > OPTIONS_MAX || (kind == 3 && options == 0) {
                return Err(wrong(
                    &format!("{path}.options"),
                    "Must be between 1 and 25 in length.",
                ));
            }
            Ok(())
        }
        _ => Err(wrong(&format!("{path}.type"), "Value must be a known component.")),
    }
}

fn wrong(path: &str, text: &str) -> Refusal {
    Refusal::field(path, "COMPONENT_INVALID", text)
}

fn number(of: &Value, field: &str) -> Option<u64> {
    of.get(field).and_then(Value::as_u64)
}

fn inside(row: &Value) -> &[Value] {
    row.get("components")
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

fn is_menu(part: &Value) -> bool {
    number(part, "type").is_some_and(|kind| MENUS.contains(&kind))
}

/// The part that a person means by its label or custom id, with its type; none when it cannot be pressed.
pub(crate) fn pressable(rows: &[Value], wanted: &str) -> Option<(String, u64)> {
    let all = rows.iter().flat_map(inside);
    let named = |part: &&Value| {
        ["label", "custom_id", "placeholder"]
            .iter()
            .any(|field| part.get(*field).and_then(Value::as_str) == Some(wanted))
    };
    let part = all.into_iter().find(named)?;
    if part.get("disabled") == Some(&Value::Bool(true)) {
        return None;
    }
    let id = part.get("custom_id").and_then(Value::as_str)?;
    Some((id.to_owned(), number(part, "type")?))
}

/// Labels and custom ids that can be pressed, for a message that helps.
pub(crate) fn labels(rows: &[Value]) -> Vec<String> {
    let all = rows.iter().flat_map(inside);
    let open = all
        .filter(|part| part.get("custom_id").is_some() && part.get("disabled") != Some(&Value::Bool(true)));
    open.filter_map(|part| part.get("label").or_else(|| part.get("custom_id")))
        .filter_map(|label| label.as_str().map(str::to_owned))
        .collect()
}
