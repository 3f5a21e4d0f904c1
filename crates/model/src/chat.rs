//! What is said between a person in a chat and the program: what was typed or pressed, cards with buttons, commands.
//! Refuses to know any chat system.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// Somebody in a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Id at the chat system (a snowflake on Discord).
    pub id: String,
    /// Name shown.
    pub name: String,
}

/// Where something was said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spot {
    /// The server; none in a private channel.
    pub guild: Option<String>,
    /// The channel.
    pub channel: String,
    /// Whether the person may manage the server.
    pub manages: bool,
}

/// A message the program sent.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Posted {
    /// Channel.
    pub channel: String,
    /// Message.
    pub message: String,
}

/// What somebody did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// Typed a command; options as text.
    Command {
        /// Its name.
        name: String,
        /// What was given.
        options: BTreeMap<String, String>,
    },
    /// Is typing an option and would like suggestions.
    Typing {
        /// Name of the command.
        name: String,
        /// The option.
        option: String,
        /// Its text so far.
        text: String,
    },
    /// Pressed a button or chose from a menu.
    Press {
        /// Id of the control.
        control: String,
        /// What was chosen.
        values: Vec<String>,
        /// Names of what was chosen, by value, as far as the chat tells them.
        names: BTreeMap<String, String>,
    },
}

/// One thing somebody did, to be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// Id at the chat system; the same deed delivered twice has one id.
    pub id: String,
    /// Who.
    pub person: Person,
    /// Where.
    pub spot: Spot,
    /// When, as the chat system says it.
    pub at: Timestamp,
    /// What.
    pub deed: Deed,
}

/// The colour of a card.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing special.
    #[default]
    Plain,
    /// Went well.
    Good,
    /// Take note.
    Care,
    /// Went wrong.
    Bad,
}

/// The look of a button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Goes on.
    Main,
    /// Steps back.
    Quiet,
    /// Cannot be undone.
    Danger,
}

/// What a menu offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Offer {
    /// These, at most 25.
    Choices(Vec<Choice>),
    /// Roles of the server.
    Roles,
    /// Text channels of the server.
    Channels,
    /// Members of the server.
    People,
}

/// Something to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is shown, at most 100 characters.
    pub label: String,
    /// What is sent back, at most 100 characters.
    pub value: String,
}

/// Something to press.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Control {
    /// A button.
    Button {
        /// What comes back when it is pressed, at most 100 bytes.
        id: String,
        /// What stands on it.
        label: String,
        /// How it looks.
        look: Look,
    },
    /// Opens an address.
    Link {
        /// What stands on it.
        label: String,
        /// The address.
        url: String,
    },
    /// A menu; stands in a row of its own.
    Menu {
        /// What comes back when something is chosen.
        id: String,
        /// What stands on it.
        hint: String,
        /// What it offers.
        offer: Offer,
        /// How many can be chosen.
        max: u8,
    },
}

/// What is shown to somebody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Card {
    /// One line.
    pub title: String,
    /// More lines.
    pub text: String,
    /// Names and values, at most 25.
    pub fields: Vec<(String, String)>,
    /// Its colour.
    pub tone: Tone,
    /// Rows of things to press, at most 5.
    pub controls: Vec<Vec<Control>>,
}

impl Card {
    /// A card with a title and a text.
    #[must_use]
    pub fn new(tone: Tone, title: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            text: text.into(),
            tone,
            ..Self::default()
        }
    }
    /// With one more name and value.
    #[must_use]
    pub fn field(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.fields.push((name.into(), value.into()));
        self
    }
    /// With one more row of things to press.
    #[must_use]
    pub fn row(mut self, controls: Vec<Control>) -> Self {
        self.controls.push(controls);
        self
    }
}

/// The answer to an ask. Seen by the one who asked alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// A card of its own.
    Say(Card),
    /// The pressed card changes.
    Change(Card),
    /// Suggestions, at most 25.
    Suggest(Vec<Choice>),
}

/// One option of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OptionSpec {
    /// Lower case, at most 32 characters.
    pub name: &'static str,
    /// One line, at most 100 characters.
    pub about: &'static str,
    /// Whether it must be given.
    pub required: bool,
    /// What may be given.
    pub kind: OptionKind,
}

/// What may be given for an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptionKind {
    /// Any text. Numbers are text too, so that no digit is lost.
    Text,
    /// Any text, with suggestions while it is typed.
    Suggested,
    /// One of these.
    OneOf(&'static [&'static str]),
    /// Yes or no.
    Flag,
}

/// A command that can be typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommandSpec {
    /// Lower case, at most 32 characters.
    pub name: &'static str,
    /// One line, at most 100 characters.
    pub about: &'static str,
    /// Required ones first.
    pub options: &'static [OptionSpec],
}

/// A role of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleName {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// A server the program was invited to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Who owns it.
    pub owner: String,
    /// Where the server's own notices go, if anywhere.
    pub notices: Option<String>,
    /// Its roles, without the one everybody has.
    pub roles: Vec<RoleName>,
}
