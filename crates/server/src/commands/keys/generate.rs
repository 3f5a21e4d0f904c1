//! `ordercast keys generate`: one new key on standard output, what to do with it on standard error.

use std::io::Write as _;

use anyhow::Result;
use ordercast_adapters::vault::fresh;

use super::{given, sound};
use crate::{clock::OsRandom, commands::out::Out, config::Sources};

pub(super) fn run(version: Option<u32>, sources: &Sources) -> Result<u8> {
    let version = match version {
        Some(version) => version,
        None => {
            let config = sound(sources)?;
            match config.keys.master {
                None => 1,
                Some(_) => given(&config)?.newest().saturating_add(1),
            }
        }
    };
    let mut out = Out::new();
    out.line(fresh(version, &OsRandom).expose())?;
    out.flush()?;
    // Whether anybody reads this is no matter.
    let _ = writeln!(
        std::io::stderr(),
        "Put it in front of the other keys in ORDERCAST_MASTER_KEYS (or the file or program that holds them), keep a copy \
         apart from the database, then run `ordercast keys rotate`, or wait for 1 January. Without its master keys no \
         credential can be opened by anybody."
    );
    Ok(0)
}
