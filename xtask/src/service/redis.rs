//! A Redis of our own: loopback only, nothing written to disk.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use super::guardian::Guardian;

const START_MAX: Duration = Duration::from_secs(20);

/// Starts it and returns its address.
pub fn start(guardian: &mut Guardian, server: &Path) -> Result<String> {
    let home = guardian.make_folder("redis")?;
    let port = super::free_port()?;
    let mut command = Command::new(server);
    command.args([
        "--port",
        &port.to_string(),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--appendonly",
        "no",
    ]);
    command
        .arg("--dir")
        .arg(&home)
        .arg("--logfile")
        .arg(home.join("log"));
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = command.spawn()?;
    guardian.undo(&format!("kill -9 {}", child.id()))?;
    let deadline = Instant::now() + START_MAX;
    while !answers(port) {
        if let Some(status) = child.try_wait()? {
            bail!(
                "it ended with {status}: {}",
                std::fs::read_to_string(home.join("log"))
                    .unwrap_or_default()
                    .trim()
            );
        }
        if Instant::now() > deadline {
            bail!("it did not answer within {} s", START_MAX.as_secs());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(format!("redis://127.0.0.1:{port}/"))
}

fn answers(port: u16) -> bool {
    let ask = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(Duration::from_secs(1)))?;
        stream.write_all(b"PING\r\n")?;
        let mut answer = [0; 5];
        stream.read_exact(&mut answer)?;
        Ok(&answer == b"+PONG")
    };
    ask().unwrap_or(false)
}
