//! `ordercast keys status`: what is configured, in force and under which version. Reads only; works beside a running
//! program.

use std::collections::BTreeSet;

use anyhow::Result;
use ordercast_app::keyring::{Survey, read};
use ordercast_model::{
    keyring::{Keyring, reaches},
    ports::clock::Clock,
    time::Timestamp,
};
use ordercast_store::inspect;
use serde::Serialize;

use super::{given, sound};
use crate::{clock::SystemClock, commands::out::Out, config::Sources};

/// Exit code when something is to be done.
const TO_DO: u8 = 1;

#[derive(Debug, Serialize)]
struct Told {
    /// Seals; none before the first start.
    active: Option<u32>,
    since: Option<Timestamp>,
    configured: Vec<u32>,
    versions: Vec<Version>,
    rotation: Option<Rotation>,
    next_key: NextKey,
    processes: Vec<Process>,
    /// What is to be done; nothing when all is well.
    to_do: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Version {
    version: u32,
    configured: bool,
    /// Whether what is under it may be opened.
    in_reach: bool,
    data_keys: u64,
    sealed_fields: u64,
    sealed_fields_disabled: u64,
}

#[derive(Debug, Serialize)]
struct Rotation {
    complete: bool,
    completed_at: Option<Timestamp>,
    data_keys_left: u64,
    data_keys: u64,
    sealed_fields_left: u64,
    sealed_fields: u64,
}

#[derive(Debug, Serialize)]
struct NextKey {
    configured: bool,
    version: Option<u32>,
    /// 1 January, when it comes into force.
    needed_at: Option<String>,
}

#[derive(Debug, Serialize)]
struct Process {
    name: String,
    versions: Vec<u32>,
    active: u32,
    reloads: bool,
    seen_at: Timestamp,
}

pub(super) async fn run(as_json: bool, sources: &Sources) -> Result<u8> {
    let config = sound(sources)?;
    let configured: Vec<u32> = given(&config)?.versions().collect();
    let inspected = inspect(config.database.address()).await?;
    let (ring, survey) = match inspected.schema {
        Some(found) if found == inspected.known => (
            read(inspected.store.as_ref()).await?,
            Survey::of(inspected.store.as_ref()).await?,
        ),
        _ => (None, Survey::default()),
    };
    let told = told(configured, ring, &survey, SystemClock::new().now());
    let mut out = Out::new();
    if as_json {
        out.pretty(&told)?;
    } else {
        say(&told, &mut out)?;
    }
    out.flush()?;
    Ok(if told.to_do.is_empty() { 0 } else { TO_DO })
}

fn told(configured: Vec<u32>, ring: Option<Keyring>, survey: &Survey, now: Timestamp) -> Told {
    let newest = configured.last().copied().unwrap_or_default();
    let active = ring.as_ref().map(|ring| ring.active);
    let sealing = active.unwrap_or(newest);
    let all: BTreeSet<u32> = configured
        .iter()
        .chain(survey.data_keys.keys())
        .chain(survey.fields.keys())
        .chain(survey.fields_disabled.keys())
        .copied()
        .collect();
    let of = |counts: &std::collections::BTreeMap<u32, u64>, version: u32| {
        counts.get(&version).copied().unwrap_or_default()
    };
    let versions: Vec<Version> = all
        .into_iter()
        .rev()
        .map(|version| Version {
            version,
            configured: configured.contains(&version),
            in_reach: reaches(sealing, version),
            data_keys: of(&survey.data_keys, version),
            sealed_fields: of(&survey.fields, version),
            sealed_fields_disabled: of(&survey.fields_disabled, version),
        })
        .collect();
    let (data_keys_left, fields_left) = survey.behind(sealing);
    let rotation = ring.as_ref().map(|ring| Rotation {
        complete: ring.done_at.is_some(),
        completed_at: ring.done_at,
        data_keys_left,
        data_keys: survey.data_keys.values().sum(),
        sealed_fields_left: fields_left,
        sealed_fields: survey.fields.values().sum(),
    });
    let next = configured.iter().copied().find(|version| *version > sealing);
    let to_do = to_do(
        &versions,
        ring.as_ref(),
        (newest, now),
        (data_keys_left, fields_left),
    );
    let holders = ring.iter().flat_map(|ring| ring.running(now, |_| false));
    let processes = holders.map(|(name, holder)| Process {
        name: name.clone(),
        versions: holder.versions.clone(),
        active: holder.active,
        reloads: holder.reloads,
        seen_at: holder.seen_at,
    });
    Told {
        active,
        since: ring.as_ref().map(|ring| ring.since),
        processes: processes.collect(),
        configured,
        versions,
        rotation,
        next_key: NextKey {
            configured: next.is_some(),
            version: next,
            needed_at: ring.as_ref().map(|ring| format!("{}-01-01", ring.year + 1)),
        },
        to_do,
    }
}

fn to_do(
    versions: &[Version],
    ring: Option<&Keyring>,
    (newest, now): (u32, Timestamp),
    (keys, fields): (u64, u64),
) -> Vec<String> {
    let mut all = Vec::new();
    for one in versions.iter().filter(|one| one.data_keys > 0) {
        let (version, count) = (one.version, one.data_keys);
        if !one.configured {
            all.push(format!(
                "put version {version} back: {count} data keys are under it and `serve` refuses to start"
            ));
        } else if !one.in_reach {
            all.push(format!(
                "{count} data keys are under version {version}, out of reach: those users connect again"
            ));
        }
    }
    let Some(ring) = ring else { return all };
    if ring.done_at.is_none() && (keys, fields) != (0, 0) {
        all.push(format!(
            "the rotation to version {} is under way: {keys} data keys and {fields} sealed fields are left; `ordercast keys \
             rotate` or the running program finishes it",
            ring.active
        ));
    }
    // Whether it was told already does not matter here.
    let untold = Keyring {
        told: BTreeSet::new(),
        ..ring.clone()
    };
    if untold.missing(newest, now).is_some() {
        all.push(
            "the master key of the next year is not configured: `ordercast keys generate` makes one"
                .to_owned(),
        );
    }
    all
}

fn say(told: &Told, out: &mut Out) -> Result<()> {
    match (told.active, told.since) {
        (Some(active), Some(since)) => {
            out.line(&format!("in force       version {active}, since {since}"))?
        }
        _ => out.line("in force       nothing yet: the first start puts the newest version in force")?,
    };
    out.line("")?;
    out.line("version  configured  opens  data keys  sealed fields  of disabled connections")?;
    let yes = |is: bool| if is { "yes" } else { "NO" };
    for one in &told.versions {
        out.line(&format!(
            "{:<9}{:<12}{:<7}{:<11}{:<15}{}",
            one.version,
            yes(one.configured),
            yes(one.in_reach),
            one.data_keys,
            one.sealed_fields,
            one.sealed_fields_disabled
        ))?;
    }
    out.line("")?;
    if let Some(rotation) = &told.rotation {
        let words = match rotation.completed_at {
            Some(at) => format!("complete since {at}"),
            None => format!(
                "under way: {} of {} data keys and {} of {} sealed fields left",
                rotation.data_keys_left,
                rotation.data_keys,
                rotation.sealed_fields_left,
                rotation.sealed_fields
            ),
        };
        out.line(&format!("rotation       {words}"))?;
    }
    let next = match told.next_key.version {
        Some(version) => format!("version {version} is configured"),
        None => "not configured".to_owned(),
    };
    let when = told.next_key.needed_at.as_deref().unwrap_or("1 January");
    out.line(&format!(
        "next key       {next}; it comes into force on {when}, 00:00 UTC"
    ))?;
    for process in &told.processes {
        let how = if process.reloads {
            "takes in new keys while it runs"
        } else {
            "needs a restart for new keys"
        };
        out.line(&format!(
            "process        {} holds {:?}, seals with {}, {how}",
            process.name, process.versions, process.active
        ))?;
    }
    for one in &told.to_do {
        out.line(&format!("to do          {one}"))?;
    }
    Ok(())
}
