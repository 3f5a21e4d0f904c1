//! Holds the parser to its bar on labelled lines, changed lines, our own lines, and arbitrary input.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

mod corpus;
mod property;
