//! Runs the program in a folder of its own with nothing inherited from the environment.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use serde_json::Value;
use tempfile::TempDir;

pub(crate) const MASTER: &str = "1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
pub(crate) const SESSION: &str = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=";
pub(crate) const SOCKET: &str = "QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8=";
pub(crate) const JOURNAL: &str = "YGFiY2RlZmdoaWprbG1ub3BxcnN0dXZ3eHl6e3x9fn8=";
pub(crate) const ADMIN: &str = "an-admin-key-of-the-tests";

/// What a run left behind.
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {}{}", self.out, self.err))
    }
}

/// A folder, and the environment of the runs in it.
pub(crate) struct Bench {
    folder: TempDir,
    environment: Vec<(String, String)>,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            environment: Vec::new(),
        }
    }
    /// With everything a development server needs, but the venue.
    pub(crate) fn complete(port: u16) -> Self {
        let mut bench = Self::new();
        let port = port.to_string();
        for (name, value) in [
            ("ORDERCAST_MODE", "development"),
            ("PORT", port.as_str()),
            ("ORDERCAST_MASTER_KEYS", MASTER),
            ("ORDERCAST_SESSION_KEY", SESSION),
            ("ORDERCAST_SOCKET_KEY", SOCKET),
            ("ORDERCAST_JOURNAL_KEY", JOURNAL),
            ("PAPER_VENUE_BASE", "http://127.0.0.1:1"),
            ("PAPER_VENUE_ADMIN_KEY", ADMIN),
        ] {
            bench.set(name, value);
        }
        bench
    }
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.environment.retain(|(known, _)| known != name);
        self.environment.push((name.to_owned(), value.to_owned()));
    }
    pub(crate) fn unset(&mut self, name: &str) {
        self.environment.retain(|(known, _)| known != name);
    }
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        path
    }
    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ordercast"));
        command.args(args).env_clear().current_dir(self.folder.path());
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }
    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        self.feed(args, "")
    }
    /// Runs with a text on standard input.
    pub(crate) fn feed(&self, args: &[&str], input: &str) -> Ran {
        let mut command = self.command(args);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // The program may end without reading.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        Ran {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
    /// Starts a run that lasts.
    pub(crate) fn start(&self, args: &[&str]) -> Running {
        let mut command = self.command(args);
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        Running(child)
    }
    /// Starts a run whose log goes to a file, however much it is.
    pub(crate) fn start_logged(&self, args: &[&str], log: &str) -> Running {
        let mut command = self.command(args);
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(self.path(log)).unwrap())
            .spawn()
            .unwrap();
        Running(child)
    }
    /// Starts a paper venue of its own and points the environment to it.
    pub(crate) fn venue(&mut self) -> Running {
        let settings = format!(r#"{{"admin_key": "{ADMIN}", "warm_up_seconds": 0}}"#);
        let path = self.write("venue.json", &settings);
        let mut venue = self.start(&["sim", "venue", "--config", path.to_str().unwrap()]);
        let told: Value = serde_json::from_str(&venue.line()).unwrap();
        self.set("PAPER_VENUE_BASE", told["venue"].as_str().unwrap());
        venue
    }
}

/// A program that runs; killed when dropped.
pub(crate) struct Running(Child);

impl Running {
    /// The first line it prints.
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        BufReader::new(self.0.stdout.as_mut().unwrap())
            .read_line(&mut line)
            .unwrap();
        line
    }
    /// Asks it to stop and waits; gives the exit code and what it logged.
    pub(crate) fn terminate(mut self) -> (Option<i32>, String) {
        self.ask_to_stop();
        self.ended()
    }
    /// The same for a run whose log goes to a file, unless it ended by itself; gives the exit code.
    pub(crate) fn stop(mut self) -> Option<i32> {
        if !self.is_over() {
            self.ask_to_stop();
        }
        self.0.wait().unwrap().code()
    }
    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }
    fn ask_to_stop(&self) {
        let kill = format!("kill -TERM {}", self.0.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    }
    /// Waits for its own end.
    pub(crate) fn ended(&mut self) -> (Option<i32>, String) {
        let mut log = String::new();
        self.0.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        (self.0.wait().unwrap().code(), log)
    }
    pub(crate) fn is_over(&mut self) -> bool {
        self.0.try_wait().unwrap().is_some()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A port nobody listens on just now.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

/// One request; gives status and body, none while nobody answers.
pub(crate) fn get(port: u16, path: &str) -> Option<(u16, Value)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
    )
    .ok()?;
    let mut text = String::new();
    stream.read_to_string(&mut text).ok()?;
    let status = text.split(' ').nth(1)?.parse().ok()?;
    let body = text.split_once("\r\n\r\n")?.1;
    let from = body.find('{')?;
    let to = body.rfind('}')?;
    Some((status, serde_json::from_str(&body[from..=to]).ok()?))
}

/// Copies a database as it lies on disk.
pub(crate) fn copy_database(from: &Path, to: &Path) {
    for end in ["", "-wal", "-shm"] {
        let name = |path: &Path| PathBuf::from(format!("{}{end}", path.display()));
        if name(from).exists() {
            std::fs::copy(name(from), name(to)).unwrap();
        }
    }
}
