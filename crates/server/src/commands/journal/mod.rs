//! `ordercast journal verify`, `export` and `proof`: the record, read and never written. Works beside a running
//! program, and needs no keys.

mod proof;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow};
use ordercast_app::verify::{
    signed,
    walk::{Walked, walk},
};
use ordercast_model::journal::checkpoint::Checkpoint;
use ordercast_store::{Inspected, inspect};
use serde_json::json;

use super::out::Out;
use crate::{
    config::{Looked, Sources},
    notary,
};

/// Exit code when the journal is not what was written.
const MISMATCH: u8 = 2;
/// Entries exported at once.
const PAGE: u32 = 1_000;

/// Which journal.
#[derive(Debug, Clone, clap::Args)]
pub struct Where {
    /// Folder that holds `ordercast.db`, such as a demo's; the configured database when not given.
    #[arg(long)]
    pub data_dir: Option<PathBuf>,
}

/// What `journal` can do.
#[derive(Debug, Clone, clap::Subcommand)]
pub enum JournalCommand {
    /// Check every entry from the first to the last; exit code 2 names the first bad one.
    Verify {
        /// Which journal.
        #[command(flatten)]
        place: Where,
        /// A checkpoint that was kept elsewhere, such as one of GET /api/v1/journal/checkpoints; may be given often.
        #[arg(long = "checkpoint")]
        checkpoints: Vec<PathBuf>,
        /// Print the result as one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Prove to somebody who holds only a signed checkpoint that an entry is in the journal, or that it only grew.
    #[command(group = clap::ArgGroup::new("what").required(true))]
    Proof {
        /// The entry to prove: its place (`17`) or its id (`jrn_…`).
        #[arg(group = "what", value_name = "ENTRY")]
        entry: Option<String>,
        /// Prove that the newest checkpoint counts all that the one in this file did.
        #[arg(long, group = "what", value_name = "FILE")]
        since: Option<PathBuf>,
        /// Check a proof, of either kind, that was written before; needs no database.
        #[arg(long, group = "what", value_name = "FILE")]
        check: Option<PathBuf>,
        /// Which journal.
        #[command(flatten)]
        place: Where,
    },
    /// Write every chained entry to standard output, one JSON object a line.
    Export {
        /// Which journal.
        #[command(flatten)]
        place: Where,
        /// Begin at this entry.
        #[arg(long, default_value_t = 0)]
        from: u64,
        /// Also write the checkpoints to this file, oldest first, one JSON object a line.
        #[arg(long, value_name = "FILE")]
        checkpoints: Option<PathBuf>,
    },
}

/// Runs the command.
///
/// # Errors
/// When the database cannot be read or the configuration does not say where it is.
pub async fn run(command: &JournalCommand, sources: &Sources) -> Result<u8> {
    match command {
        JournalCommand::Verify {
            place,
            checkpoints,
            json,
        } => {
            let (inspected, folder) = open(place, sources).await?;
            let apart = notary::kept(&folder.join(notary::FILE)).map_err(|why| anyhow!(why))?;
            let mut elsewhere: Vec<Checkpoint> = apart.into_iter().collect();
            for path in checkpoints {
                let one = notary::kept(path).map_err(|why| anyhow!("--checkpoint: {why}"))?;
                elsewhere.push(one.ok_or_else(|| anyhow!("--checkpoint: {}: no such file", path.display()))?);
            }
            verify(&inspected, elsewhere, *json).await
        }
        JournalCommand::Proof {
            entry,
            since,
            check,
            place,
        } => match (entry, since, check) {
            (_, _, Some(file)) => proof::check(file),
            (_, Some(file), _) => proof::growth(open(place, sources).await?.0.store.as_ref(), file).await,
            (Some(entry), ..) => proof::entry(open(place, sources).await?.0.store.as_ref(), entry).await,
            (None, None, None) => anyhow::bail!("expected an entry, --since or --check"),
        },
        JournalCommand::Export {
            place,
            from,
            checkpoints,
        } => {
            let (inspected, _) = open(place, sources).await?;
            if let Some(file) = checkpoints {
                write_checkpoints(&inspected, file).await?;
            }
            export(&inspected, *from).await
        }
    }
}

/// The database, and the folder that keeps the newest checkpoint.
pub async fn open(place: &Where, sources: &Sources) -> Result<(Inspected, PathBuf)> {
    let (url, folder) = match &place.data_dir {
        Some(folder) => {
            let url = format!("sqlite://{}", folder.join("ordercast.db").display());
            (url, folder.clone())
        }
        None => {
            let config = Looked::at(sources).sound()?;
            (
                config.database.address().to_owned(),
                config.server.data_dir.clone(),
            )
        }
    };
    let inspected = inspect(&url).await?;
    if inspected.schema.is_none() {
        anyhow::bail!("the database holds no tables of Ordercast: nothing was ever recorded there");
    }
    Ok((inspected, folder))
}

async fn verify(inspected: &Inspected, elsewhere: Vec<Checkpoint>, as_json: bool) -> Result<u8> {
    let mut walked = walk(inspected.store.as_ref(), elsewhere, notary::is_signed).await?;
    if walked.bad.is_none()
        && let Some(stray) = inspected.stray_entry().await?
    {
        walked.bad = Some(format!(
            "entry {stray}: it was recorded, but is no longer in the chain"
        ));
    }
    let mut out = Out::new();
    if as_json {
        out.line(&serde_json::to_string_pretty(&report(&walked))?)?;
    } else {
        tell(&walked, &mut out)?;
    }
    out.flush()?;
    let good = walked.bad.is_none() && walked.lifecycle.is_empty();
    Ok(if good { 0 } else { MISMATCH })
}

fn report(walked: &Walked) -> serde_json::Value {
    let lifecycle: Vec<String> = walked.lifecycle.iter().map(ToString::to_string).collect();
    json!({
        "verified": walked.bad.is_none() && lifecycle.is_empty(),
        "entries": walked.entries,
        "head_seq": walked.head.as_ref().map(|head| head.seq),
        "head_hash": walked.head.as_ref().map(|head| head.hash.clone()),
        "first_bad": walked.bad,
        "orders": walked.orders,
        "checkpoints": walked.checkpoints,
        "signed_entries": walked.signed.map(|(size, _)| size),
        "signed_at": walked.signed.map(|(_, at)| at),
        "lifecycle_faults": lifecycle,
    })
}

fn tell(walked: &Walked, out: &mut Out) -> Result<()> {
    match &walked.bad {
        Some(bad) => out.line(&format!("journal is NOT as it was written: {bad}"))?,
        None => out.line("journal verified")?,
    };
    out.line(&format!("entries that hold  {}", walked.entries))?;
    let head = walked.head.as_ref().map_or("none", |head| head.hash.as_str());
    out.line(&format!("head hash          {head}"))?;
    let signed = match walked.signed {
        Some((size, at)) => format!(
            "{} hold; the newest, of {at}, counts {size} entries",
            walked.checkpoints
        ),
        None => "none: entries cut off the end would not be missed".to_owned(),
    };
    out.line(&format!("checkpoints        {signed}"))?;
    out.line(&format!("orders told of     {}", walked.orders))?;
    for fault in &walked.lifecycle {
        out.line(&format!("life cycle broken: {fault}"))?;
    }
    Ok(())
}

async fn export(inspected: &Inspected, from: u64) -> Result<u8> {
    let mut out = Out::new();
    let mut next = from;
    let head = inspected.store.head().await?;
    let end = head.map_or(0, |head| head.seq.saturating_add(1));
    while next < end {
        let page = inspected.store.chained(next, PAGE).await?;
        for chained in &page {
            if chained.seq != next {
                break;
            }
            next += 1;
            if !out.json(chained)? {
                return Ok(0);
            }
        }
        // An entry whose body is gone would be left out without a word.
        if page.last().is_none_or(|last| last.seq.saturating_add(1) != next) {
            out.flush()?;
            anyhow::bail!(
                "entry {next}: it is missing; the chain goes on to entry {}",
                end - 1
            );
        }
    }
    out.flush()?;
    Ok(0)
}

/// Writes the checkpoints of the store, oldest first.
async fn write_checkpoints(inspected: &Inspected, file: &Path) -> Result<()> {
    let mut all = signed::stored(inspected.store.as_ref()).await?;
    all.sort_by_key(|one| one.size);
    let mut text = String::new();
    for one in &all {
        text.push_str(&serde_json::to_string(one)?);
        text.push('\n');
    }
    std::fs::write(file, text).with_context(|| format!("--checkpoints: {}", file.display()))
}
