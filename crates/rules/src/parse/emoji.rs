//! Decides which emoji carry meaning. Everything else is decoration.

/// What an emoji says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Emoji {
    Target,
    Stop,
    Entry,
    Up,
    Down,
    Done,
    Failed,
    Other,
}

/// The class of a pictograph; none when the character is no emoji.
pub(super) fn class(c: char) -> Option<Emoji> {
    Some(match c {
        '🎯' => Emoji::Target,
        '🛑' | '⛔' => Emoji::Stop,
        '💰' | '📍' | '💵' | '🚪' => Emoji::Entry,
        '📈' | '🟢' | '🔼' | '⬆' | '🐂' | '💹' | '🔺' => Emoji::Up,
        '📉' | '🔴' | '🔽' | '⬇' | '🐻' | '🔻' => Emoji::Down,
        '✅' | '☑' | '✔' => Emoji::Done,
        '❌' | '✖' => Emoji::Failed,
        _ if matches!(u32::from(c),
            0x1F000..=0x1FAFF | 0x2600..=0x27BF | 0x2B00..=0x2BFF | 0x2190..=0x21FF | 0x2300..=0x23FF | 0x25A0..=0x25FF) =>
        {
            Emoji::Other
        }
        _ => return None,
    })
}

/// The class of a shortcode or custom emoji by its name.
pub(super) fn named(name: &str) -> Emoji {
    match name {
        "dart" | "target" | "direct_hit" => Emoji::Target,
        "octagonal_sign" | "stop_sign" | "no_entry" => Emoji::Stop,
        "moneybag" | "round_pushpin" => Emoji::Entry,
        "chart_with_upwards_trend" | "green_circle" => Emoji::Up,
        "chart_with_downwards_trend" | "red_circle" => Emoji::Down,
        "white_check_mark" | "ballot_box_with_check" | "heavy_check_mark" => Emoji::Done,
        "x" | "cross_mark" => Emoji::Failed,
        _ => Emoji::Other,
    }
}
