//! What the figures were measured on: cores, memory, kernel, disk, load, commit, build. Says nothing it cannot read, and
//! reads how much memory this process has taken.

use std::{fs, path::Path, process::Command};

use serde::Serialize;

/// The machine and the program, before the first bench.
#[derive(Debug, Serialize)]
pub(crate) struct Machine {
    pub(crate) cores: usize,
    pub(crate) memory_mb: Option<u64>,
    pub(crate) kernel: Option<String>,
    /// File system and device under the folder everything is written to.
    pub(crate) disk: Option<String>,
    /// Processes that ran or waited in the last 1, 5 and 15 minutes.
    pub(crate) load: Option<String>,
    pub(crate) commit: Option<String>,
    pub(crate) build: &'static str,
}

impl Machine {
    pub(crate) fn look() -> Self {
        let load = read("/proc/loadavg").map(|text| {
            let first: Vec<&str> = text.split_whitespace().take(3).collect();
            first.join(" ")
        });
        Self {
            cores: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            memory_mb: kilobytes("/proc/meminfo", "MemTotal:").map(|kb| kb / 1_024),
            kernel: read("/proc/sys/kernel/osrelease"),
            disk: disk(&std::env::temp_dir()),
            load,
            commit: commit(),
            build: if cfg!(debug_assertions) {
                "with debug assertions: not to be quoted"
            } else {
                "optimised"
            },
        }
    }
    /// In one line.
    pub(crate) fn told(&self) -> String {
        let or = |text: &Option<String>| text.clone().unwrap_or_else(|| "unknown".to_owned());
        let memory = self.memory_mb.map(|mb| format!("{mb} MB"));
        format!(
            "{} cores, memory {}, kernel {}, disk {}, load before {}, commit {}, build {}",
            self.cores,
            or(&memory),
            or(&self.kernel),
            or(&self.disk),
            or(&self.load),
            or(&self.commit),
            self.build
        )
    }
}

fn read(path: impl AsRef<Path>) -> Option<String> {
    let text = fs::read_to_string(path).ok()?.trim().to_owned();
    (!text.is_empty()).then_some(text)
}

fn kilobytes(path: &str, field: &str) -> Option<u64> {
    let text = read(path)?;
    let line = text.lines().find_map(|line| line.strip_prefix(field))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}

/// The mount that holds a folder: kind, device, and whether it turns.
fn disk(folder: &Path) -> Option<String> {
    let folder = folder.canonicalize().ok()?;
    let mounts = read("/proc/self/mounts")?;
    let mut best: Option<(usize, &str, &str)> = None;
    for line in mounts.lines() {
        let mut words = line.split(' ');
        let (Some(device), Some(at), Some(kind)) = (words.next(), words.next(), words.next()) else {
            continue;
        };
        if folder.starts_with(at) && best.is_none_or(|(length, ..)| at.len() >= length) {
            best = Some((at.len(), device, kind));
        }
    }
    let (_, device, kind) = best?;
    let block = device.rsplit('/').next().unwrap_or(device);
    let turns = match read(format!("/sys/class/block/{block}/queue/rotational")).as_deref() {
        Some("0") => ", does not turn",
        Some("1") => ", says it turns",
        _ => "",
    };
    Some(format!("{kind} on {device}{turns}"))
}

/// The commit of the working tree, marked when it is not what is committed.
fn commit() -> Option<String> {
    let git = |arguments: &[&str]| {
        let out = Command::new("git").args(arguments).output().ok()?;
        out.status
            .success()
            .then(|| String::from_utf8_lossy(&out.stdout).trim().to_owned())
    };
    let head = git(&["rev-parse", "--short=12", "HEAD"])?;
    let changed = git(&["status", "--porcelain", "--untracked-files=no"])?;
    Some(if changed.is_empty() {
        head
    } else {
        format!("{head} and changes")
    })
}

/// Memory of this process: what it holds now, and forgets what it held at most before.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Memory {
    before_kb: u64,
}

impl Memory {
    /// Begins to watch; none where the system does not tell, or does not let the peak be begun anew.
    pub(crate) fn watch() -> Option<Self> {
        fs::write("/proc/self/clear_refs", "5").ok()?;
        let before_kb = kilobytes("/proc/self/status", "VmRSS:")?;
        Some(Self { before_kb })
    }
    /// Kilobytes held at the beginning, and by how many the peak since is above that.
    pub(crate) fn grown(self) -> Option<(u64, u64)> {
        let peak = kilobytes("/proc/self/status", "VmHWM:")?;
        Some((self.before_kb, peak.saturating_sub(self.before_kb)))
    }
}
