//! The one that cleans up: a small shell of its own that waits for this tool to end, by whatever cause (done, failed,
//! Ctrl-C, killed), and then undoes what it was told, last told first undone.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

use anyhow::{Context, Result};

/// Reads one undo command a line; the end of its input is the end of this tool.
const SCRIPT: &str = r#"
trap '' INT TERM HUP
undo=
while IFS= read -r line; do
    undo="$line
$undo"
done
eval "$undo"
"#;

/// Owns the scratch folder and everything started in it.
pub struct Guardian {
    folder: PathBuf,
    shell: Child,
    orders: Option<ChildStdin>,
}

impl Guardian {
    /// Makes the scratch folder, readable by every user because servers may run as another one.
    pub fn start() -> Result<Self> {
        let mut maker = Command::new("mktemp");
        maker.args(["-d", "-t", "ordercast-xtask-XXXXXXXX"]);
        let folder = PathBuf::from(crate::shell::capture(&mut maker)?.trim());
        crate::shell::capture(Command::new("chmod").arg("755").arg(&folder))?;
        let mut command = Command::new("sh");
        command.args(["-c", SCRIPT]).current_dir("/");
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut shell = command
            .spawn()
            .context("could not start the shell that cleans up")?;
        let orders = shell.stdin.take();
        let mut guardian = Self {
            folder,
            shell,
            orders,
        };
        let remove = format!("rm -rf {}", quoted(&guardian.folder));
        guardian.undo(&remove)?;
        Ok(guardian)
    }

    /// The scratch folder; removed at the end.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A new folder below the scratch folder.
    pub fn make_folder(&self, name: &str) -> Result<PathBuf> {
        let folder = self.folder.join(name);
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(folder)
    }

    /// A shell line to run at the end, before those told earlier.
    pub fn undo(&mut self, line: &str) -> Result<()> {
        let orders = self.orders.as_mut().context("the shell that cleans up is gone")?;
        writeln!(orders, "{line}").context("the shell that cleans up is gone")
    }
}

impl Drop for Guardian {
    fn drop(&mut self) {
        drop(self.orders.take());
        if let Err(error) = self.shell.wait() {
            eprintln!(
                "could not wait for the clean-up of {}: {error}",
                self.folder.display()
            );
        }
    }
}

/// A path as one word of a shell line.
pub fn quoted(path: &Path) -> String {
    format!("'{}'", path.to_string_lossy().replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_told_last_is_undone_first_and_the_folder_goes_last() {
        let witness = std::env::temp_dir().join(format!("ordercast-xtask-witness-{}", std::process::id()));
        let mut guardian = Guardian::start().unwrap();
        let folder = guardian.make_folder("it's here").unwrap();
        for word in ["first", "second"] {
            let line = format!(
                "test -d {} && echo {word} >> {}",
                quoted(&folder),
                quoted(&witness)
            );
            guardian.undo(&line).unwrap();
        }
        let scratch = guardian.folder().to_path_buf();
        drop(guardian);
        assert_eq!(fs::read_to_string(&witness).unwrap(), "second\nfirst\n");
        assert!(!scratch.exists());
        fs::remove_file(witness).unwrap();
    }
}
