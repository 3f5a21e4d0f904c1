//! Feeds the parser whatever a fuzzer invents, as text, webhook body, slash command and embed: it must answer.
//! Run with `cargo +nightly fuzz run parser` in this folder's parent.
#![no_main]
#![allow(clippy::panic, clippy::expect_used, reason = "a finding is a panic")]

use libfuzzer_sys::fuzz_target;
use ordercast_model::signal::reading::{Reading, Verdict};
use ordercast_rules::parse::{
    Context, MOST_INSTRUCTIONS, answer::answer, explain::explain, line::content, read, read_slash, read_text,
    read_webhook,
};

fn sound(text: &str, read: impl Fn(&str) -> Reading) {
    let reading = read(text);
    for span in &reading.spans {
        assert!(reading.text.get(span.start..span.end).is_some(), "{span:?} outside the text");
    }
    if let Verdict::Trade { instructions } = &reading.verdict {
        assert!((1..=MOST_INSTRUCTIONS).contains(&instructions.len()));
        assert!(reading.confidence.value() >= 400);
    }
    let _ = (answer(&reading), explain(&reading));
    assert_eq!(reading, read(text), "read twice, understood twice");
}

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let at = "2026-11-25T15:00:00Z".parse().expect("a time");
    let context = Context::at(at);
    sound(&text, |t| read_text(t, &context));
    sound(&text, |t| read_webhook(t, &context));
    sound(&text, |t| read_slash(t, &context));
    if let Ok(embed) = content(&text) {
        sound(&text, |_| read(&embed, &context));
    }
});
