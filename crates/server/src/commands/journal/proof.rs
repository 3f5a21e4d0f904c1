//! `ordercast journal proof`: makes a proof as a file that stands for itself, and checks one. What is written was checked
//! first.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use ordercast_app::{checkpoint, proof};
use ordercast_model::{
    journal::{
        canonical,
        checkpoint::Checkpoint,
        entry::Chained,
        proof::{Consistency, Inclusion},
    },
    ports::store::Store,
};
use ordercast_rules::chain::proof::{Proving, extends, includes};
use serde::Deserialize;

use super::{MISMATCH, Out};
use crate::notary;

/// Links looked through at once for an entry's id.
const PAGE: u32 = 10_000;

async fn newest(store: &dyn Store) -> Result<Checkpoint> {
    let newest = checkpoint::newest(store).await?;
    newest.context("the journal has no checkpoint yet; one is signed every minute while the program runs")
}

/// The entry at a place, or with an id.
async fn find(store: &dyn Store, named: &str) -> Result<Chained> {
    let seq = match named.parse::<u64>() {
        Ok(seq) => Some(seq),
        Err(_) => place_of(store, named).await?,
    };
    let found = match seq {
        Some(seq) => store.chained(seq, 1).await?.pop().filter(|one| one.seq == seq),
        None => None,
    };
    found.with_context(|| format!("the chain holds no entry {named}"))
}

async fn place_of(store: &dyn Store, id: &str) -> Result<Option<u64>> {
    let id = id
        .parse()
        .with_context(|| format!("{id}: expected the place of an entry such as 17, or an id jrn_…"))?;
    let mut next = 0;
    loop {
        let page = store.links(next, PAGE).await?;
        if let Some(link) = page.iter().find(|link| link.id == id) {
            return Ok(Some(link.seq));
        }
        match page.last() {
            Some(last) => next = last.seq + 1,
            None => return Ok(None),
        }
    }
}

/// Proves an entry to be counted by the newest checkpoint.
pub async fn entry(store: &dyn Store, named: &str) -> Result<u8> {
    let (checkpoint, entry) = (newest(store).await?, find(store, named).await?);
    let proving = Proving::inclusion(entry.seq, checkpoint.size).with_context(|| {
        let size = checkpoint.size;
        format!(
            "the newest checkpoint counts {size} entries, not yet entry {}; one is signed every minute",
            entry.seq
        )
    })?;
    let path = proof::make(store, proving, || true).await?;
    let proven = Inclusion {
        entry,
        checkpoint,
        path,
    };
    write(&proven, inclusion_fault(&proven))
}

/// Proves that the newest checkpoint counts all that a kept one did.
pub async fn growth(store: &dyn Store, kept: &Path) -> Result<u8> {
    let first = notary::kept(kept).map_err(|why| anyhow::anyhow!("--since: {why}"))?;
    let first = first.with_context(|| format!("--since: {}: no such file", kept.display()))?;
    let second = newest(store).await?;
    let proving = Proving::consistency(first.size, second.size).with_context(|| {
        let (first, second) = (first.size, second.size);
        format!("--since: it counts {first} entries; expected 1 to {second}, those of the newest checkpoint")
    })?;
    let path = proof::make(store, proving, || true).await?;
    let proven = Consistency { first, second, path };
    write(&proven, growth_fault(&proven))
}

fn write(proven: &impl serde::Serialize, fault: Option<String>) -> Result<u8> {
    if let Some(fault) = fault {
        bail!("there is no such proof: {fault}");
    }
    let mut out = Out::new();
    out.line(&serde_json::to_string_pretty(proven)?)?;
    out.flush()?;
    Ok(0)
}

/// Either kind of proof.
#[derive(Deserialize)]
#[serde(untagged)]
enum Proof {
    Inclusion(Box<Inclusion>),
    Consistency(Box<Consistency>),
}

/// Checks a proof in a file; exit code 2 when it proves nothing.
pub fn check(file: &Path) -> Result<u8> {
    let text = std::fs::read_to_string(file).with_context(|| format!("--check: {}", file.display()))?;
    let proof: Proof = serde_json::from_str(&text).ok().with_context(|| {
        format!(
            "--check: {}: expected what `journal proof` writes",
            file.display()
        )
    })?;
    let (said, fault) = match &proof {
        Proof::Inclusion(one) => {
            let (seq, id, at) = (one.entry.seq, one.entry.entry.id, one.checkpoint.at);
            let said = format!(
                "entry {seq} ({id}) is one of the {} signed at {at}",
                one.checkpoint.size
            );
            (said, inclusion_fault(one))
        }
        Proof::Consistency(two) => {
            let (first, second) = (&two.first, &two.second);
            let said = format!(
                "the {} entries signed at {} begin with the {} signed at {}",
                second.size, second.at, first.size, first.at
            );
            (said, growth_fault(two))
        }
    };
    let mut out = Out::new();
    match &fault {
        Some(fault) => out.line(&format!("NOT proven: {fault}"))?,
        None => out.line(&format!("proven: {said}"))?,
    };
    if fault.is_none() {
        let key = match &proof {
            Proof::Inclusion(one) => &one.checkpoint.key,
            Proof::Consistency(two) => &two.second.key,
        };
        out.line(&format!(
            "signed by key {key}; compare it with GET /api/v1/journal/key"
        ))?;
    }
    out.flush()?;
    Ok(if fault.is_none() { 0 } else { MISMATCH })
}

fn unsigned(which: &str, checkpoint: &Checkpoint) -> Option<String> {
    let wrong = !notary::is_signed(checkpoint);
    wrong.then(|| format!("the signature of the {which} does not fit"))
}

fn inclusion_fault(one: &Inclusion) -> Option<String> {
    let (chained, checkpoint) = (&one.entry, &one.checkpoint);
    let mut previous = [0; 32];
    let hash = hex::decode_to_slice(&chained.prev_hash, &mut previous)
        .ok()
        .and_then(|()| canonical::hash(&previous, chained.seq, &chained.entry).ok());
    if hash.map(hex::encode).as_deref() != Some(chained.hash.as_str()) {
        return Some(format!(
            "entry {}: its hash is not that of its fields",
            chained.seq
        ));
    }
    let counted = includes(
        (chained.seq, &chained.hash),
        (checkpoint.size, &checkpoint.root),
        &one.path,
    );
    if !counted {
        return Some(format!(
            "the path does not lead from entry {} to the root",
            chained.seq
        ));
    }
    unsigned("checkpoint", checkpoint)
}

fn growth_fault(two: &Consistency) -> Option<String> {
    let (first, second) = (&two.first, &two.second);
    if first.key != second.key {
        return Some("the checkpoints are signed by two keys".to_owned());
    }
    if !extends((first.size, &first.root), (second.size, &second.root), &two.path) {
        return Some("the path does not lead to both roots".to_owned());
    }
    unsigned("first checkpoint", first).or_else(|| unsigned("second checkpoint", second))
}
