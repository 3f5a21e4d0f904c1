//! Runs other programs: says what it runs, gives them no standard input, turns a bad exit into an error that names it.

use std::ffi::OsStr;
use std::io::Read;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// The cargo that runs this tool, without the variables it sets for us: build scripts that watch those would
/// otherwise rebuild each time the tool and the developer take turns.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"]
            .iter()
            .any(|prefix| name.starts_with(prefix))
        {
            command.env_remove(&*name);
        }
    }
    command
}

/// The command as a person would type it.
pub fn spelled(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program());
    let name = program
        .file_name()
        .filter(|name| *name == "cargo")
        .unwrap_or(command.get_program());
    std::iter::once(name)
        .chain(command.get_args())
        .map(|word| {
            let word = word.to_string_lossy();
            if word.contains(' ') {
                format!("'{word}'")
            } else {
                word.into_owned()
            }
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// Runs to the end with output shown. An exit code other than 0 is an error.
pub fn run(command: &mut Command) -> Result<()> {
    println!("$ {}", spelled(command));
    finish(command)
}

/// The same with everything on standard error: what is made ready for a program whose own output may be read by another.
pub fn prepare(command: &mut Command) -> Result<()> {
    eprintln!("$ {}", spelled(command));
    finish(command.stdout(Stdio::from(std::io::stderr())))
}

fn finish(command: &mut Command) -> Result<()> {
    let status = command
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("could not start `{}`", spelled(command)))?;
    if !status.success() {
        bail!("`{}` ended with {status}", spelled(command));
    }
    Ok(())
}

/// Runs to the end and returns what it printed; shows its complaints only when it fails.
pub fn capture(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("could not start `{}`", spelled(command)))?;
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        bail!(
            "`{}` ended with {}: {}",
            spelled(command),
            output.status,
            complaint.trim()
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs and returns what it printed, ending it after `limit`. Its complaints are shown as they come.
pub fn capture_within(command: &mut Command, limit: Duration) -> Result<String> {
    println!("$ {}", spelled(command));
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("could not start `{}`", spelled(command)))?;
    let mut pipe = child.stdout.take().context("no pipe from the child")?;
    let reader = std::thread::spawn(move || {
        let mut text = Vec::new();
        let outcome = pipe.read_to_end(&mut text);
        outcome.map(|_| String::from_utf8_lossy(&text).into_owned())
    });
    let deadline = Instant::now() + limit;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if Instant::now() > deadline {
            child.kill()?;
            child.wait()?;
            bail!("`{}` did not end within {} s", spelled(command), limit.as_secs());
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    let text = reader
        .join()
        .map_err(|_| anyhow::anyhow!("the reader of the child's output died"))??;
    if !status.success() {
        print!("{text}");
        bail!("`{}` ended with {status}", spelled(command));
    }
    Ok(text)
}

/// Whether the program starts at all with these arguments and exits 0.
pub fn answers(program: impl AsRef<OsStr>, arguments: &[&str]) -> bool {
    Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// The first of these programs that is on the search path.
pub fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    names.iter().find_map(|name| {
        std::env::split_paths(&path)
            .map(|folder| folder.join(name))
            .find(|f| f.is_file())
    })
}

/// The search path with this folder in front.
pub fn path_with(folder: &std::path::Path) -> Result<std::ffi::OsString> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(folder.to_path_buf()).chain(std::env::split_paths(&path));
    std::env::join_paths(folders).context("a folder on the search path cannot be written there")
}

/// Whether we may install packages and must not run a database server.
pub fn is_root() -> bool {
    capture(Command::new("id").arg("-u")).is_ok_and(|uid| uid.trim() == "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_exit_is_an_error_that_names_the_command() {
        let error = run(Command::new("sh").args(["-c", "exit 3"]))
            .unwrap_err()
            .to_string();
        assert!(error.contains("sh -c 'exit 3'") && error.contains('3'), "{error}");
    }

    #[test]
    fn a_program_that_hangs_is_ended() {
        let error = capture_within(Command::new("sleep").arg("30"), Duration::from_millis(100))
            .unwrap_err()
            .to_string();
        assert!(error.contains("did not end"), "{error}");
    }

    #[test]
    fn output_comes_back_whole() {
        let text = capture_within(Command::new("echo").arg("hello"), Duration::from_secs(10)).unwrap();
        assert_eq!(text, "hello\n");
    }
}
