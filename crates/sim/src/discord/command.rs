//! What a client does with a typed command: reads `/name option:value ...` by the command's own description and holds
//! it to it. Knows no application.

use super::snowflake::Snowflake;
use serde_json::{Value, json};

/// Types of options that are read: text, integer, yes or no, user, channel, role, number.
const TEXT: u64 = 3;
const INTEGER: u64 = 4;
const FLAG: u64 = 5;
const NUMBER: u64 = 10;

/// A command as typed: its name and the options as text, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Typed {
    pub(crate) name: String,
    pub(crate) options: Vec<(String, String)>,
}

impl Typed {
    /// Reads `/buy symbol:AAPL note:"two words"`.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let Some(rest) = text.strip_prefix('/') else {
            return Err("text: expected a command such as /help or /buy symbol:AAPL quantity:10".to_owned());
        };
        let (name, mut rest) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        let mut options = Vec::new();
        loop {
            rest = rest.trim_start();
            if rest.is_empty() {
                break;
            }
            let Some((option, after)) = rest.split_once(':') else {
                return Err(format!("text: expected option:value, got {rest:?}"));
            };
            let (value, left) = match after.strip_prefix('"') {
                Some(quoted) => quoted
                    .split_once('"')
                    .ok_or_else(|| format!("text: {option}: the closing quote is missing"))?,
                None => after.split_once(char::is_whitespace).unwrap_or((after, "")),
            };
            options.push((option.trim().to_owned(), value.to_owned()));
            rest = left;
        }
        Ok(Self {
            name: name.to_owned(),
            options,
        })
    }

    /// The `data` of the interaction. While it is being typed (`typing`) the last option is in focus and nothing is
    /// missed.
    pub(crate) fn data(&self, command: &Value, typing: bool) -> Result<Value, String> {
        let known: Vec<&Value> = command
            .get("options")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .collect();
        let name_of = |option: &Value| {
            option
                .get("name")
                .and_then(Value::as_str)
                .unwrap_or("")
                .to_owned()
        };
        let mut given = Vec::new();
        for (at, (name, text)) in self.options.iter().enumerate() {
            let Some(option) = known.iter().find(|option| name_of(option) == *name) else {
                let names: Vec<String> = known.iter().map(|option| name_of(option)).collect();
                return Err(format!(
                    "/{}: no option {name}; there are: {}",
                    self.name,
                    names.join(", ")
                ));
            };
            let focused = typing && at + 1 == self.options.len();
            let kind = option.get("type").and_then(Value::as_u64).unwrap_or(TEXT);
            let value = if focused {
                json!(text)
            } else {
                value(&self.name, name, kind, text, option)?
            };
            let mut shown = json!({"name": name, "type": kind, "value": value});
            if let (true, Some(map)) = (focused, shown.as_object_mut()) {
                if option.get("autocomplete") != Some(&Value::Bool(true)) {
                    return Err(format!("/{}: {name} has no suggestions", self.name));
                }
                map.insert("focused".into(), Value::Bool(true));
            }
            given.push(shown);
        }
        let required = |option: &&&Value| option.get("required") == Some(&Value::Bool(true));
        for option in known.iter().filter(required) {
            let name = name_of(option);
            if !typing && !self.options.iter().any(|(n, _)| *n == name) {
                return Err(format!("/{}: {name} is required", self.name));
            }
        }
        Ok(json!({
            "id": command.get("id"), "name": self.name, "type": 1, "options": given,
        }))
    }
}

fn value(command: &str, name: &str, kind: u64, text: &str, option: &Value) -> Result<Value, String> {
    let wrong = |expected: &str| format!("/{command}: {name}: expected {expected}, got {text:?}");
    if let Some(choices) = option
        .get("choices")
        .and_then(Value::as_array)
        .filter(|c| !c.is_empty())
    {
        let fits = |choice: &&Value| {
            choice.get("name").is_some_and(|n| n == text) || choice.get("value").is_some_and(|v| v == text)
        };
        let found = choices.iter().find(fits).and_then(|choice| choice.get("value"));
        return found.cloned().ok_or_else(|| {
            let names: Vec<&str> = choices
                .iter()
                .filter_map(|c| c.get("name").and_then(Value::as_str))
                .collect();
            wrong(&format!("one of {}", names.join(", ")))
        });
    }
    match kind {
        TEXT => Ok(json!(text)),
        INTEGER => text
            .parse::<i64>()
            .map(|n| json!(n))
            .map_err(|_| wrong("a whole number")),
        FLAG => match text.to_ascii_lowercase().as_str() {
            "true" | "yes" => Ok(Value::Bool(true)),
            "false" | "no" => Ok(Value::Bool(false)),
            _ => Err(wrong("true or false")),
        },
        NUMBER => text
            .parse::<f64>()
            .map(|n| json!(n))
            .map_err(|_| wrong("a number")),
        _ => text
            .trim_matches(['<', '>', '@', '#', '&'])
            .parse::<Snowflake>()
            .map(|id| json!(id))
            .map_err(|_| wrong("an id")),
    }
}

/// Commands as an application registers them, held to Discord's shape; each gets an id.
pub(crate) fn check(list: &Value, mut id: impl FnMut() -> Snowflake) -> Result<Vec<Value>, super::Refusal> {
    let refuse = super::Refusal::field;
    let Some(list) = list.as_array() else {
        return Err(refuse(
            "",
            "LIST_TYPE_CONVERT",
            "Only iterables may be used in a ListType",
        ));
    };
    if list.len() > 100 {
        return Err(super::Refusal::too_long("", 100));
    }
    let mut kept = Vec::new();
    for (at, command) in list.iter().enumerate() {
        let Some(map) = command.as_object() else {
            return Err(refuse(
                &at.to_string(),
                "MODEL_TYPE_CONVERT",
                "Only dictionaries may be used in a ModelType",
            ));
        };
        shape(command, &at.to_string())?;
        let options = map.get("options").and_then(Value::as_array);
        if options.is_some_and(|options| options.len() > 25) {
            return Err(super::Refusal::too_long(&format!("{at}.options"), 25));
        }
        let mut optional = false;
        for (n, option) in options.into_iter().flatten().enumerate() {
            let path = format!("{at}.options.{n}");
            shape(option, &path)?;
            let required = option.get("required") == Some(&Value::Bool(true));
            if required && optional {
                let text = "Required options must be placed before non-required options";
                return Err(refuse(
                    &path,
                    "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                    text,
                ));
            }
            optional |= !required;
        }
        let mut map = map.clone();
        map.insert("id".into(), json!(id()));
        map.entry("type").or_insert_with(|| json!(1));
        map.insert("version".into(), json!("1"));
        kept.push(Value::Object(map));
    }
    Ok(kept)
}

fn shape(of: &Value, path: &str) -> Result<(), super::Refusal> {
    let text = |field: &str| of.get(field).and_then(Value::as_str).unwrap_or("");
    let name = text("name");
    let good = |c: char| c.is_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if !(1..=32).contains(&name.chars().count()) || !name.chars().all(good) {
        let message = "Command name is invalid";
        return Err(super::Refusal::field(
            &format!("{path}.name"),
            "APPLICATION_COMMAND_INVALID_NAME",
            message,
        ));
    }
    if !(1..=100).contains(&text("description").chars().count()) {
        let message = "Must be between 1 and 100 in length.";
        return Err(super::Refusal::field(
            &format!("{path}.description"),
            "BASE_TYPE_BAD_LENGTH",
            message,
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn command() -> Value {
        json!({"id": "5", "name": "buy", "options": [
            {"name": "symbol", "type": 3, "required": true, "autocomplete": true},
            {"name": "quantity", "type": 10}, {"name": "flatten", "type": 5},
            {"name": "type", "type": 3, "choices": [{"name": "market", "value": "market"}]},
        ]})
    }

    fn check(text: &str, want: Result<Value, &str>) {
        let got = Typed::read(text).and_then(|typed| typed.data(&command(), false));
        match want {
            Ok(options) => assert_eq!(got.unwrap()["options"], options, "{text}"),
            Err(part) => assert!(got.as_ref().is_err_and(|e| e.contains(part)), "{text}: {got:?}"),
        }
    }

    #[test]
    fn what_is_typed_is_held_to_the_description() {
        check(
            "/buy symbol:AAPL quantity:1.5 type:market",
            Ok(json!([
                {"name": "symbol", "type": 3, "value": "AAPL"},
                {"name": "quantity", "type": 10, "value": 1.5},
                {"name": "type", "type": 3, "value": "market"},
            ])),
        );
        check(
            "/buy symbol:\"BRK B\"",
            Ok(json!([{"name": "symbol", "type": 3, "value": "BRK B"}])),
        );
        check("buy symbol:AAPL", Err("expected a command"));
        check("/buy", Err("symbol is required"));
        check("/buy symbol:A quantity:lots", Err("quantity: expected a number"));
        check("/buy symbol:A colour:red", Err("no option colour"));
        check("/buy symbol:A type:later", Err("one of market"));
        check("/buy symbol:A flatten:maybe", Err("true or false"));
        check("/buy AAPL", Err("option:value"));
    }

    #[test]
    fn the_last_option_is_in_focus_while_typing() {
        let data = Typed::read("/buy symbol:AA")
            .unwrap()
            .data(&command(), true)
            .unwrap();
        assert_eq!(data["options"][0]["focused"], true);
        let other = Typed::read("/buy symbol:AA quantity:1")
            .unwrap()
            .data(&command(), true);
        assert!(other.unwrap_err().contains("no suggestions"));
    }
}
