//! Cards, suggestions and commands as Discord takes them: pure. Decides what is cut to fit; refuses to know what a card
//! is about.

use ordercast_model::chat::{Card, Choice, CommandSpec, Control, Look, Offer, OptionKind, Tone};
use serde_json::{Value, json};

/// Discord's limits, in characters.
const TITLE_MAX: usize = 256;
const TEXT_MAX: usize = 3_500;
const NAME_MAX: usize = 256;
const VALUE_MAX: usize = 1_024;
const LABEL_MAX: usize = 80;
const CHOICE_MAX: usize = 100;
const FIELDS_MAX: usize = 12;
const CHOICES_MAX: usize = 25;
const ROWS_MAX: usize = 5;
/// Only the one who asked sees it.
const EPHEMERAL: u64 = 1 << 6;

const fn colour(tone: Tone) -> u32 {
    match tone {
        Tone::Plain => 0x4f_5d_75,
        Tone::Good => 0x2e_a0_43,
        Tone::Care => 0xd2_99_22,
        Tone::Bad => 0xcf_22_2e,
    }
}

fn cut(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(max - 1).collect();
    short.push('…');
    short
}

/// Never empty: Discord refuses empty names and values.
fn filled(text: &str, max: usize) -> String {
    if text.trim().is_empty() {
        "\u{2013}".to_owned()
    } else {
        cut(text, max)
    }
}

/// The body of a message that shows a card. Mentions in it ring nobody.
pub(super) fn message(card: &Card) -> Value {
    let fields: Vec<Value> = card
        .fields
        .iter()
        .take(FIELDS_MAX)
        .map(|(name, value)| {
            json!({"name": filled(name, NAME_MAX), "value": filled(value, VALUE_MAX), "inline": true})
        })
        .collect();
    let embed = json!({
        "title": filled(&card.title, TITLE_MAX),
        "description": cut(&card.text, TEXT_MAX),
        "color": colour(card.tone),
        "fields": fields,
    });
    let rows: Vec<Value> = card.controls.iter().take(ROWS_MAX).map(|row| line(row)).collect();
    json!({
        "content": "", "embeds": [embed], "components": rows, "allowed_mentions": {"parse": []},
    })
}

/// The same, for the eyes of one person.
pub(super) fn whisper(card: &Card) -> Value {
    let mut body = message(card);
    if let Some(map) = body.as_object_mut() {
        map.insert("flags".into(), json!(EPHEMERAL));
    }
    body
}

/// What defers an answer that only one person will see.
pub(super) fn thinking() -> Value {
    json!({"flags": EPHEMERAL})
}

/// Suggestions.
pub(super) fn suggestions(choices: &[Choice]) -> Value {
    let shown = choices
        .iter()
        .filter(|c| !c.label.is_empty() && c.value.chars().count() <= CHOICE_MAX);
    let list: Vec<Value> = shown
        .take(CHOICES_MAX)
        .map(|c| json!({"name": cut(&c.label, CHOICE_MAX), "value": c.value}))
        .collect();
    json!({"choices": list})
}

fn line(controls: &[Control]) -> Value {
    let parts: Vec<Value> = controls.iter().map(part).collect();
    json!({"type": 1, "components": parts})
}

fn part(control: &Control) -> Value {
    match control {
        Control::Button { id, label, look } => {
            let style = match look {
                Look::Main => 3,
                Look::Quiet => 2,
                Look::Danger => 4,
            };
            json!({"type": 2, "style": style, "label": filled(label, LABEL_MAX), "custom_id": id})
        }
        Control::Link { label, url } => {
            json!({"type": 2, "style": 5, "label": filled(label, LABEL_MAX), "url": url})
        }
        Control::Menu { id, hint, offer, max } => menu(id, hint, offer, *max),
    }
}

fn menu(id: &str, hint: &str, offer: &Offer, max: u8) -> Value {
    let kind = match offer {
        Offer::Choices(_) => 3,
        Offer::People => 5,
        Offer::Roles => 6,
        Offer::Channels => 8,
    };
    let mut menu = json!({
        "type": kind, "custom_id": id, "placeholder": cut(hint, CHOICE_MAX), "min_values": 1, "max_values": max.clamp(1, 25),
    });
    let Some(map) = menu.as_object_mut() else {
        return menu;
    };
    match offer {
        Offer::Choices(choices) => {
            let options: Vec<Value> = choices
                .iter()
                .take(CHOICES_MAX)
                .map(|c| json!({"label": filled(&c.label, CHOICE_MAX), "value": c.value}))
                .collect();
            map.insert(
                "max_values".into(),
                json!(usize::from(max).clamp(1, options.len().max(1))),
            );
            map.insert("options".into(), json!(options));
        }
        Offer::Channels => drop(map.insert("channel_types".into(), json!([0, 5]))),
        Offer::Roles | Offer::People => {}
    }
    menu
}

/// The commands, as they are registered everywhere the bot is.
pub(super) fn commands(list: &[CommandSpec]) -> Value {
    let shown = list.iter().map(|command| {
        let options: Vec<Value> = command
            .options
            .iter()
            .map(|option| {
                let (kind, suggests, choices) = match option.kind {
                    OptionKind::Text => (3, false, &[][..]),
                    OptionKind::Suggested => (3, true, &[][..]),
                    OptionKind::OneOf(list) => (3, false, list),
                    OptionKind::Flag => (5, false, &[][..]),
                };
                let choices: Vec<Value> = choices.iter().map(|c| json!({"name": c, "value": c})).collect();
                let mut shown = json!({
                    "type": kind, "name": option.name, "description": option.about, "required": option.required,
                });
                if let Some(map) = shown.as_object_mut() {
                    if suggests {
                        map.insert("autocomplete".into(), json!(true));
                    }
                    if !choices.is_empty() {
                        map.insert("choices".into(), json!(choices));
                    }
                }
                shown
            })
            .collect();
        json!({"name": command.name, "description": command.about, "type": 1, "options": options})
    });
    Value::Array(shown.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_fits_into_a_message() {
        let card = Card::new(Tone::Good, "T".repeat(300), "text")
            .field("", "v")
            .row(vec![Control::Button {
                id: "x".into(),
                label: "Go".into(),
                look: Look::Main,
            }]);
        let body = message(&card);
        let title = body
            .pointer("/embeds/0/title")
            .and_then(Value::as_str)
            .unwrap_or("");
        assert_eq!(title.chars().count(), 256);
        assert_eq!(body.pointer("/embeds/0/fields/0/name"), Some(&json!("–")));
        assert_eq!(
            body.pointer("/components/0/components/0/custom_id"),
            Some(&json!("x"))
        );
        assert_eq!(whisper(&card).get("flags"), Some(&json!(64)));
    }

    #[test]
    fn a_menu_never_asks_for_more_than_it_offers() {
        let one = Offer::Choices(vec![Choice {
            label: "a".into(),
            value: "a".into(),
        }]);
        assert_eq!(menu("m", "h", &one, 10).get("max_values"), Some(&json!(1)));
        assert_eq!(menu("m", "h", &Offer::Roles, 10).get("type"), Some(&json!(6)));
    }
}
