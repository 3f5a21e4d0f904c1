//! A PostgreSQL cluster of our own: fresh, loopback only, with the fsync of production. As root it runs as `postgres`,
//! because the server refuses root.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::guardian::{Guardian, quoted};
use crate::shell;

const OWNER: &str = "postgres";

/// Starts it and returns its address. `programs` holds `initdb` and `pg_ctl`.
pub fn start(guardian: &mut Guardian, programs: &Path) -> Result<String> {
    let home = guardian.make_folder("postgres")?;
    let root = shell::is_root();
    if root {
        shell::capture(Command::new("chown").arg(OWNER).arg(&home))
            .context("PostgreSQL refuses to run as root, and its user cannot own the scratch folder")?;
    }
    let data = home.join("data");
    let mut init = as_owner(root, &programs.join("initdb"));
    init.args([
        "--username=postgres",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C",
        "--no-sync",
    ]);
    shell::capture(init.arg("-D").arg(&data).current_dir(&home))?;

    let port = super::free_port()?;
    let control = programs.join("pg_ctl");
    let stop = format!("{} -D {} -m immediate -w stop", quoted(&control), quoted(&data));
    guardian.undo(&if root {
        format!("runuser -u {OWNER} -- {stop}")
    } else {
        stop
    })?;
    let options = format!(
        "-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories='' -c max_connections=200 \
         -c fsync=on -c shared_buffers=64MB"
    );
    let log = home.join("log");
    let mut command = as_owner(root, &control);
    command
        .arg("-D")
        .arg(&data)
        .arg("-l")
        .arg(&log)
        .args(["-w", "-t", "60", "-o", &options, "start"]);
    command
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .current_dir(&home);
    let status = command.stdin(std::process::Stdio::null()).status()?;
    if !status.success() {
        let said = std::fs::read_to_string(&log).unwrap_or_default();
        anyhow::bail!(
            "`{}` ended with {status}: {}",
            shell::spelled(&command),
            said.trim()
        );
    }
    Ok(format!("postgres://postgres@127.0.0.1:{port}/postgres"))
}

fn as_owner(root: bool, program: &Path) -> Command {
    if !root {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", OWNER, "--"]).arg(program);
    command
}
