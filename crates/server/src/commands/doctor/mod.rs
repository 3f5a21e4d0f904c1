//! `ordercast doctor`: looks at everything that can be looked at from here and says what to do. Changes nothing.

mod check;
mod outside;

use std::sync::Arc;

use anyhow::Result;
use ordercast_model::ports::clock::{Clock, Random};
use serde::Serialize;

use super::out::Out;
use crate::{
    clock::{OsRandom, SystemClock},
    config::{Config, Looked, Sources},
    wire,
};

/// How a thing was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Verdict {
    Ok,
    Warning,
    Fault,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
struct Item {
    name: &'static str,
    verdict: Verdict,
    found: String,
    /// What to do, unless all is well.
    #[serde(rename = "do")]
    remedy: Option<String>,
}

impl Item {
    fn ok(name: &'static str, found: impl Into<String>) -> Self {
        Self {
            name,
            verdict: Verdict::Ok,
            found: found.into(),
            remedy: None,
        }
    }
    fn warning(name: &'static str, found: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            name,
            verdict: Verdict::Warning,
            found: found.into(),
            remedy: Some(remedy.into()),
        }
    }
    fn fault(name: &'static str, found: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            name,
            verdict: Verdict::Fault,
            found: found.into(),
            remedy: Some(remedy.into()),
        }
    }
}

/// What every look may use.
struct Tools {
    config: Config,
    http: reqwest::Client,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

/// What `doctor` is told.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct DoctorArgs {
    /// Print the findings as one JSON object.
    #[arg(long)]
    pub json: bool,
}

/// Looks at everything; exit code 1 when something is at fault.
///
/// # Errors
/// When standard output cannot be written.
pub async fn run(args: DoctorArgs, sources: &Sources) -> Result<u8> {
    let looked = Looked::at(sources);
    let mut items = check::configuration(&looked);
    let tools = Tools {
        config: looked.config,
        http: wire::http()?,
        clock: Arc::new(SystemClock::new()),
        random: Arc::new(OsRandom),
    };
    items.push(check::clock(&tools).await);
    items.extend(check::disk(&tools));
    items.extend(check::database(&tools).await);
    items.push(outside::redis(&tools).await);
    items.push(outside::discord(&tools).await);
    let keyed = |item: &Item| {
        item.found
            .starts_with(crate::config::setting::DISCORD_PUBLIC_KEY.name)
    };
    if !items.iter().any(keyed) {
        // A key at fault is named once.
        items.push(outside::interactions(&tools));
        items.push(outside::login(&tools));
        items.extend(outside::alpaca_oauth(&tools));
    }
    items.extend(outside::paper(&tools).await);
    items.push(check::dashboard());
    let healthy = items.iter().all(|item| item.verdict != Verdict::Fault);
    print(&items, healthy, args.json)?;
    Ok(u8::from(!healthy))
}

fn print(items: &[Item], healthy: bool, as_json: bool) -> Result<()> {
    let mut out = Out::new();
    if as_json {
        let all = serde_json::json!({ "healthy": healthy, "findings": items });
        out.line(&serde_json::to_string_pretty(&all)?)?;
        return out.flush();
    }
    for item in items {
        let mark = match item.verdict {
            Verdict::Ok => "ok     ",
            Verdict::Warning => "warning",
            Verdict::Fault => "FAULT  ",
        };
        out.line(&format!("{mark}  {:<14} {}", item.name, item.found))?;
        if let Some(remedy) = &item.remedy {
            out.line(&format!("{:<25}{remedy}", ""))?;
        }
    }
    out.line(if healthy {
        "nothing is at fault"
    } else {
        "something is at fault: see above"
    })?;
    out.flush()
}
