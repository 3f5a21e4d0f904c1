//! Decides whether what is to be taught can be used, apart from the formats' own text; names every part that cannot.

use std::collections::BTreeSet;

use ordercast_model::{
    instrument::AssetClass,
    signal::profile::{LABELS_MAX, NAME_CHARS_MAX, Profile, TEMPLATES_MAX, VERBS_MAX},
};

use super::{
    super::{
        lexer,
        vocabulary::{self, Cue, Guard},
    },
    TeachingFault, action_word, hygiene, spoken,
};

struct Faults(Vec<TeachingFault>);

impl Faults {
    fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.0.push(TeachingFault {
            field: field.into(),
            message: message.into(),
        });
    }

    fn count(&mut self, field: &str, count: usize, max: usize) {
        if count > max {
            self.add(field, format!("at most {max}, got {count}"));
        }
    }

    /// An own word: letters or figures, and not longer than a name.
    fn word(&mut self, field: &str, own: &str) {
        let count = own.chars().count();
        if !own.chars().any(char::is_alphanumeric) {
            self.add(field, "expected a word with letters");
        } else if count > NAME_CHARS_MAX {
            self.add(
                field,
                format!("expected at most {NAME_CHARS_MAX} characters, got {count}"),
            );
        } else if denies(own) {
            self.add(
                field,
                "the word denies, asks or supposes (not, never, should, if): it would turn what is no order into one",
            );
        }
    }
}

/// Whether some word of a phrase keeps a sentence from being an order.
fn denies(own: &str) -> bool {
    let tokens = lexer::lex(&hygiene::clean(own).glyphs);
    (0..tokens.len()).any(|at| {
        let rest = tokens.get(at..).unwrap_or(&[]);
        matches!(
            vocabulary::phrase(rest),
            Some((
                Cue::Negation | Cue::Guard(Guard::Ask | Guard::Hypothetical | Guard::Test | Guard::Undo),
                _
            ))
        )
    })
}

/// Every fault of a profile but those of its patterns.
pub(super) fn faults(profile: &Profile) -> Vec<TeachingFault> {
    let mut faults = Faults(Vec::new());
    faults.count("templates", profile.templates.len(), TEMPLATES_MAX);
    faults.count("verbs", profile.verbs.len(), VERBS_MAX);
    faults.count("labels", profile.labels.len(), LABELS_MAX);
    let mut names = BTreeSet::new();
    for (n, template) in profile.templates.iter().enumerate() {
        let (field, name) = (format!("templates[{n}].name"), template.name.trim());
        let count = name.chars().count();
        if name.is_empty() {
            faults.add(field, "the format needs a name");
        } else if count > NAME_CHARS_MAX || name.chars().any(char::is_control) {
            faults.add(
                field,
                format!("expected 1 to {NAME_CHARS_MAX} characters in one line, got {count}"),
            );
        } else if !names.insert(name.to_lowercase()) {
            faults.add(field, format!("{name:?} names another format already"));
        }
    }
    for (own, known) in &profile.verbs {
        let field = format!("verbs[{own:?}]");
        faults.word(&field, own);
        if !action_word(known) {
            faults.add(
                field,
                format!("expected a known action such as buy, sell, bto, stc, short, close, reduce or add, got {known:?}"),
            );
        }
    }
    let verbs: BTreeSet<String> = profile.verbs.keys().map(|own| spoken(own)).collect();
    for own in profile.labels.keys() {
        let field = format!("labels[{own:?}]");
        faults.word(&field, own);
        if verbs.contains(&spoken(own)) {
            faults.add(field, "the word is taught as an action already");
        }
    }
    if let Some(asset) = profile.default_asset
        && !matches!(asset, AssetClass::Equity | AssetClass::Crypto)
    {
        faults.add(
            "default_asset",
            format!("expected equity or crypto, got {}", asset.code()),
        );
    }
    faults.0
}
