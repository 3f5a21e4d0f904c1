//! What a text would be taken for, without doing anything.

use ordercast_model::signal::{raw::Content, reading::Reading};
use ordercast_rules::parse;

use super::DeskError;
use crate::context::Context;

/// Longest text, in characters; twice Discord's longest message.
const TEXT_MAX: usize = 8_000;

/// Whether pasted texts are short enough to be read.
pub(crate) fn fits(text: &str, reply_to: Option<&str>) -> Result<(), DeskError> {
    for (field, given) in [("text", Some(text)), ("reply_to", reply_to)] {
        if given.is_some_and(|t| t.chars().count() > TEXT_MAX) {
            return Err(DeskError::invalid(
                field,
                format!("expected at most {TEXT_MAX} characters"),
            ));
        }
    }
    Ok(())
}

/// Reads a text as a message posted now would be read. Safe to repeat.
///
/// # Errors
/// `Invalid` when a text is too long.
pub fn preview(ctx: &Context, text: &str, reply_to: Option<&str>) -> Result<Reading, DeskError> {
    fits(text, reply_to)?;
    let parent = reply_to.map(|text| Content {
        text: text.to_owned(),
        ..Content::default()
    });
    let context = parse::Context {
        reply_to: parent.as_ref(),
        ..parse::Context::at(ctx.now())
    };
    Ok(parse::read_text(text, &context))
}
