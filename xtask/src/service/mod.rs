//! Private servers for the suites: started on free loopback ports in a scratch folder, gone when this tool ends,
//! however it ends.

mod guardian;
mod postgres;
mod redis;

use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

pub use guardian::Guardian;

/// The variable in which suites and benches look for PostgreSQL.
pub const POSTGRES_URL: &str = "ORDERCAST_TEST_POSTGRES_URL";

/// Where the suites find the servers.
pub struct Services {
    pub postgres_url: String,
    pub redis_url: String,
}

impl Services {
    /// Starts both. The guardian stops them; nothing else has to.
    pub fn start(guardian: &mut Guardian, postgres_folder: &Path, redis_server: &Path) -> Result<Self> {
        let postgres_url = postgres::start(guardian, postgres_folder).context("PostgreSQL did not start")?;
        println!("PostgreSQL at {postgres_url}");
        let redis_url = redis::start(guardian, redis_server).context("Redis did not start")?;
        println!("Redis at {redis_url}");
        Ok(Self {
            postgres_url,
            redis_url,
        })
    }

    /// Starts PostgreSQL alone and gives its address, for a command whose standard output is its answer.
    pub fn postgres(guardian: &mut Guardian, folder: &Path) -> Result<String> {
        let url = postgres::start(guardian, folder).context("PostgreSQL did not start")?;
        eprintln!("PostgreSQL at {url}");
        Ok(url)
    }

    /// Puts the addresses into the environment of a suite.
    pub fn describe_to(&self, command: &mut Command) {
        command.env(POSTGRES_URL, &self.postgres_url);
        command.env("ORDERCAST_TEST_REDIS_URL", &self.redis_url);
    }
}

/// A loopback port nobody listens on at this moment.
fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no free loopback port")?;
    Ok(listener.local_addr()?.port())
}
