//! The real binary as a process of its own: started, read, killed without warning. Knows nothing of what it does.

use std::{
    path::Path,
    process::{ExitStatus, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader},
    process::{Child, Command},
    task::JoinHandle,
};

/// A running demo; killed when dropped.
pub(crate) struct Program {
    child: Child,
    out: Arc<Mutex<Vec<String>>>,
    err: Arc<Mutex<Vec<String>>>,
    readers: Vec<JoinHandle<()>>,
}

/// What a demo left when it ended by itself.
pub(crate) struct Ended {
    pub(crate) status: ExitStatus,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Program {
    /// Starts `ordercast demo --headless` on a folder, on a free port, with more arguments.
    pub(crate) fn start(folder: &Path, more: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ordercast"));
        command
            .args(["demo", "--headless", "--port", "0", "--data-dir"])
            .arg(folder)
            .args(more);
        Self::of(command)
    }

    /// Starts a command.
    pub(crate) fn of(mut command: Command) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the binary starts");
        let (out, err) = (Arc::default(), Arc::default());
        let readers = vec![
            keep(child.stdout.take().expect("standard output"), &out),
            keep(child.stderr.take().expect("standard error"), &err),
        ];
        Self {
            child,
            out,
            err,
            readers,
        }
    }

    /// Whether it still runs.
    pub(crate) fn is_alive(&mut self) -> bool {
        self.child.try_wait().expect("the process is ours").is_none()
    }

    /// The first line it prints, as JSON.
    pub(crate) async fn address(&mut self) -> serde_json::Value {
        for _ in 0..600 {
            if let Some(line) = self.lines().first() {
                return serde_json::from_str(line).expect("an address as JSON");
            }
            assert!(self.is_alive(), "it ended by itself: {}", text(&self.err));
            pause(Duration::from_millis(50)).await;
        }
        panic!("it says nothing: {}", text(&self.err));
    }

    /// Waits for its own end; killed when it does not come.
    pub(crate) async fn ends_within(mut self, within: Duration) -> Option<Ended> {
        let ended = tokio::time::timeout(within, self.child.wait()).await.is_ok();
        if !ended {
            let _ = self.child.start_kill();
        }
        let ended_so = self.wait().await;
        ended.then_some(ended_so)
    }

    /// SIGKILL, and waits until the process is gone.
    pub(crate) async fn kill(mut self) -> Ended {
        self.child.start_kill().expect("the process is ours");
        self.wait().await
    }

    /// Waits until it ends by itself.
    pub(crate) async fn end(mut self, within: Duration) -> Ended {
        let ended = tokio::time::timeout(within, self.child.wait()).await;
        assert!(
            ended.is_ok(),
            "the demo did not end within {within:?}:\n{}",
            text(&self.err)
        );
        self.wait().await
    }

    /// Sends it a signal by its name, as `STOP`.
    #[cfg(unix)]
    pub(crate) async fn signal(&self, name: &str) {
        let id = self.child.id().expect("it runs").to_string();
        let told = Command::new("kill")
            .args([&format!("-{name}"), &id])
            .status()
            .await;
        assert!(told.is_ok_and(|s| s.success()), "SIG{name} was not sent");
    }

    /// Asks it to stop as a service manager does.
    #[cfg(unix)]
    pub(crate) async fn terminate(self, within: Duration) -> Ended {
        self.signal("TERM").await;
        self.end(within).await
    }

    async fn wait(mut self) -> Ended {
        let status = self.child.wait().await.expect("the process is ours");
        for reader in self.readers.drain(..) {
            reader.await.expect("its output is read");
        }
        Ended {
            status,
            out: text(&self.out),
            err: text(&self.err),
        }
    }

    /// What it said on standard error so far.
    pub(crate) fn said(&self) -> String {
        text(&self.err)
    }

    /// Lines printed so far.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.out.lock().expect("no reader panics").clone()
    }
}

fn keep(from: impl AsyncRead + Send + Unpin + 'static, into: &Arc<Mutex<Vec<String>>>) -> JoinHandle<()> {
    let into = Arc::clone(into);
    let mut lines = BufReader::new(from).lines();
    tokio::spawn(async move {
        while let Ok(Some(line)) = lines.next_line().await {
            into.lock().expect("no reader panics").push(line);
        }
    })
}

fn text(lines: &Arc<Mutex<Vec<String>>>) -> String {
    lines.lock().expect("no reader panics").join("\n")
}

/// Real time, as the process lives in it.
#[expect(
    clippy::disallowed_methods,
    reason = "the program under test is another process and runs on the wall clock"
)]
pub(crate) async fn pause(span: Duration) {
    tokio::time::sleep(span).await;
}
