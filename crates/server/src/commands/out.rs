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
        self.line(&serde_json::to_string(value)?)
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
