//! A user's trading windows as they are written in requests and answers.

use ordercast_model::window::{Day, Window};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::code;

/// Days and hours in which positions may be opened. One that ends before its start ends on the day after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WindowView {
    /// Days on which it starts.
    #[schema(value_type = Vec<code::Day>)]
    pub days: Vec<Day>,
    /// Its first minute, as `09:30`.
    pub from: String,
    /// The minute at which it is over, as `16:00`; `24:00` is the end of the day.
    pub to: String,
    /// Whose days and hours these are: a name of the IANA database, as `America/New_York`.
    pub zone: String,
}

impl From<Window> for WindowView {
    fn from(window: Window) -> Self {
        Self {
            days: window.days,
            from: window.from.to_string(),
            to: window.to.to_string(),
            zone: window.zone.into(),
        }
    }
}

impl WindowView {
    /// As the rules take it; none when an hour or the zone cannot be read.
    #[must_use]
    pub fn read(self) -> Option<Window> {
        Some(Window {
            days: self.days,
            from: self.from.parse().ok()?,
            to: self.to.parse().ok()?,
            zone: self.zone.parse().ok()?,
        })
    }
}
