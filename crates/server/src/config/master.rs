//! Where master keys come from: a text, a file, or what a program prints. Decides how they are read, and read again while
//! the program runs; keeps none.

use std::{
    io::Read as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::mpsc,
    time::Duration,
};

use ordercast_adapters::vault::MasterKeys;
use ordercast_model::secret::Secret;
use zeroize::Zeroizing;

use super::{hidden::Hidden, setting};

/// How long the program may take to print the keys.
const COMMAND_MAX: Duration = Duration::from_secs(10);
/// Longest text that is read.
const BYTES_MAX: u64 = 64 * 1024;

/// Where the keys are read from.
#[derive(Debug, Clone, PartialEq)]
pub enum MasterSource {
    /// The environment or the configuration file: what was given at the start.
    Fixed(Hidden<String>),
    /// A file of its own.
    File(PathBuf),
    /// What a program prints to its standard output.
    Command(String),
}

impl MasterSource {
    /// Whether other keys may stand there later, without a restart.
    #[must_use]
    pub const fn reloads(&self) -> bool {
        matches!(self, Self::File(_) | Self::Command(_))
    }
    /// The keys as they stand there now. Blocks: a program may take seconds.
    ///
    /// # Errors
    /// What is wrong, with the name of the setting; never a key.
    pub fn read(&self) -> Result<MasterKeys, String> {
        let (name, text) = match self {
            Self::Fixed(text) => (setting::MASTER_KEYS.name, Ok(text.secret().clone())),
            Self::File(path) => ("ORDERCAST_MASTER_KEYS_FILE", file(path)),
            Self::Command(line) => (setting::MASTER_KEYS_COMMAND.name, printed(line, COMMAND_MAX)),
        };
        let keys = text.and_then(|text| MasterKeys::parse(&text).map_err(|error| error.to_string()));
        keys.map_err(|why| format!("{name}: {why}"))
    }
}

fn file(path: &Path) -> Result<Secret<String>, String> {
    let failed = |why: std::io::Error| format!("the file {} cannot be used: {why}", path.display());
    let mut text = Zeroizing::new(String::new());
    let opened = std::fs::File::open(path).map_err(failed)?;
    opened.take(BYTES_MAX).read_to_string(&mut text).map_err(failed)?;
    Ok(Secret::new(text.trim().to_owned()))
}

/// What a program prints, started without a shell. What it writes to its standard error goes to ours.
fn printed(line: &str, patience: Duration) -> Result<Secret<String>, String> {
    let mut words = line.split_whitespace();
    let program = words.next().ok_or("expected a program and its arguments")?;
    let mut child = Command::new(program)
        .args(words)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|why| format!("{program} cannot be started: {why}"))?;
    let Some(out) = child.stdout.take() else {
        return Err(format!("{program} has no standard output"));
    };
    // The reader ends with the program's output; nobody waits for it once the time is over.
    let (told, heard) = mpsc::sync_channel(1);
    std::thread::spawn(move || {
        let mut text = Zeroizing::new(String::new());
        let read = out.take(BYTES_MAX).read_to_string(&mut text);
        let _ = told.send(read.map(|_| Secret::new(text.trim().to_owned())));
    });
    let answer = heard.recv_timeout(patience);
    if answer.is_err() {
        let _ = child.kill();
    }
    let status = child.wait();
    let text = answer
        .map_err(|_| format!("{program} printed nothing within {} s", patience.as_secs()))?
        .map_err(|why| format!("what {program} prints is no text: {why}"))?;
    match status {
        Ok(status) if status.success() => Ok(text),
        Ok(status) => Err(format!("{program} failed: {status}")),
        Err(why) => Err(format!("{program} cannot be waited for: {why}")),
    }
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed expectation fails the test")]
    use super::*;

    const KEY: &str = "3:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    #[test]
    fn a_program_prints_the_keys_or_is_told_of_by_name() {
        for (line, want) in [
            (format!("echo {KEY}"), Ok(vec![3])),
            (
                "/no/such/program --now".to_owned(),
                Err("/no/such/program cannot be started"),
            ),
            ("false".to_owned(), Err("false failed")),
            ("echo 3:short".to_owned(), Err("master key of version 3")),
            (" ".to_owned(), Err("expected a program")),
            // No shell reads the line.
            (format!("echo {KEY} ; false"), Err("not base64")),
        ] {
            let read = MasterSource::Command(line.clone()).read();
            let got = read.as_ref().map(|keys| keys.versions().collect::<Vec<_>>());
            match (got, want) {
                (Ok(got), Ok(want)) => assert_eq!(got, want, "{line}"),
                (Err(why), Err(want)) => {
                    assert!(why.starts_with("ORDERCAST_MASTER_KEYS_COMMAND: "), "{why}");
                    assert!(why.contains(want) && !why.contains("AAECAw"), "{line}: {why}");
                }
                (got, want) => unreachable!("{line}: {got:?}, expected {want:?}"),
            }
        }
    }

    #[test]
    fn a_program_that_hangs_is_ended() {
        let why = printed("sleep 600", Duration::from_millis(50)).unwrap_err();
        assert!(why.contains("sleep printed nothing within"), "{why}");
    }
}
