//! Holds the parser to its bar on labelled lines, changed lines, our own lines, and arbitrary input.

mod corpus;
mod property;
