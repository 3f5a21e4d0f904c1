//! The one way to standard output. When the reader has gone (`| head`), writing is over without a word.

use std::io::{self, BufWriter, Stdout, Write};

use anyhow::{Context as _, Result};
use serde::Serialize;

/// Standard output.
pub struct Out {
    inner: BufWriter<Stdout>,
    open: bool,
}

impl Out {
    /// Standard output, nothing written yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            inner: BufWriter::new(io::stdout()),
            open: true,
        }
    }

    /// Writes a text as it is. Says whether anybody still reads.
    ///
    /// # Errors
    /// When writing fails for another reason than that nobody reads.
    pub fn text(&mut self, text: &str) -> Result<bool> {
        if self.open {
            let written = self.inner.write_all(text.as_bytes());
            self.settle(written)?;
        }
        Ok(self.open)
    }

    /// Writes a line. Says whether anybody still reads.
    ///
    /// # Errors
    /// As [`Out::text`].
    pub fn line(&mut self, text: &str) -> Result<bool> {
        self.text(text)?;
        self.text("\n")
    }

    /// Writes a value as one line of JSON. Says whether anybody still reads.
    ///
    /// # Errors
    /// As [`Out::text`].
    pub fn json(&mut self, value: &impl Serialize) -> Result<bool> {
        self.line(&escaped(serde_json::to_string(value)?))
    }

    /// Writes a value as JSON over several lines. Says whether anybody still reads.
    ///
    /// # Errors
    /// As [`Out::text`].
    pub fn pretty(&mut self, value: &impl Serialize) -> Result<bool> {
        self.line(&escaped(serde_json::to_string_pretty(value)?))
    }

    /// Sends everything on its way.
    ///
    /// # Errors
    /// As [`Out::text`].
    pub fn flush(&mut self) -> Result<()> {
        if self.open {
            let flushed = self.inner.flush();
            self.settle(flushed)?;
        }
        Ok(())
    }

    fn settle(&mut self, result: io::Result<()>) -> Result<()> {
        match result {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.open = false;
                Ok(())
            }
            other => other.context("standard output cannot be written"),
        }
    }
}

/// The same JSON with the controls that it lets through written as `\u009b`, so that no terminal acts on them.
fn escaped(json: String) -> String {
    let acts = |c: char| c.is_control() && !c.is_ascii_control() || c == '\u{7f}';
    if !json.contains(acts) {
        return json;
    }
    let mut out = String::with_capacity(json.len() + 8);
    for c in json.chars() {
        if acts(c) {
            out.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used, reason = "a test")]
    use super::*;

    #[test]
    fn controls_inside_json_are_escaped() {
        let plain = serde_json::to_string("a\u{1b}[2Jb").expect("a text");
        assert_eq!(escaped(plain.clone()), plain);
        let odd = serde_json::to_string("a\u{9b}2J\u{7f}é").expect("a text");
        assert_eq!(escaped(odd), r#""a\u009b2J\u007fé""#);
    }
}
