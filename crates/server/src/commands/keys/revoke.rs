//! `ordercast keys revoke-all`: switches credentials off at once, then asks before it destroys them. Needs no master key.

use std::io::{IsTerminal as _, Write as _};

use anyhow::{Context as _, Result, bail};
use ordercast_adapters::vault::MasterKeys;
use ordercast_app::keyring::{
    Keyholder,
    revoke::{Step, Whose, revoke},
};
use ordercast_model::{ids::CommunityId, journal::entry::Actor, secret::Secret};
use zeroize::Zeroize as _;

use super::{Opened, holder, sound};
use crate::{clock::OsRandom, commands::out::Out, config::Sources};

/// What `keys revoke-all` is told.
#[derive(Debug, Clone, clap::Args)]
pub struct RevokeArgs {
    /// Code of a venue such as `paper`, id of a community (`cmt_…`), or `all`.
    #[arg(value_name = "VENUE")]
    whose: String,
    /// Why, as the users are told.
    #[arg(long, default_value = "all credentials were revoked by the operator")]
    reason: String,
    /// Destroy the credentials without asking; for scripts.
    #[arg(long)]
    destroy: bool,
}

pub(super) async fn run(args: &RevokeArgs, sources: &Sources) -> Result<u8> {
    let config = sound(sources)?;
    let whose = whose(&args.whose)?;
    let opened = Opened::at(&config, "revoke-all").await?;
    let outcome = take_away(args, &whose, &holder(none()?, opened.store.clone())).await;
    opened.close().await?;
    outcome
}

/// Keys that open nothing: nothing is opened here.
fn none() -> Result<MasterKeys> {
    let mut bytes = [0_u8; 32];
    ordercast_model::ports::clock::Random::fill(&OsRandom, &mut bytes);
    let key = Secret::new(bytes);
    bytes.zeroize();
    Ok(MasterKeys::single(key))
}

fn whose(text: &str) -> Result<Whose> {
    if text == "all" {
        return Ok(Whose::All);
    }
    if text.starts_with("cmt_") {
        let id: CommunityId = text
            .parse()
            .with_context(|| format!("{text}: expected the id of a community"))?;
        return Ok(Whose::Community(id));
    }
    let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    if text.is_empty() || !text.chars().all(known) {
        bail!("{text:?}: expected the code of a venue such as paper, the id of a community, or all");
    }
    Ok(Whose::Venue(text.to_owned()))
}

async fn take_away(args: &RevokeArgs, whose: &Whose, holder: &Keyholder) -> Result<u8> {
    let mut out = Out::new();
    let actor = Actor::system("operator");
    let done = revoke(holder, whose, Step::Disable, &actor, &args.reason).await?;
    out.line(&format!(
        "{} connections are disabled{}: nothing opens their credentials any more, and their users are told",
        done.connections,
        match done.already {
            0 => String::new(),
            count => format!(", {count} were before"),
        }
    ))?;
    out.flush()?;
    if done.connections + done.already == 0 {
        out.line("there is no such connection")?;
        out.flush()?;
        return Ok(1);
    }
    if !args.destroy && !confirmed(&args.whose)? {
        out.line("the credentials are kept, and stay disabled; run it again to destroy them")?;
        out.flush()?;
        return Ok(0);
    }
    let gone = revoke(holder, whose, Step::Destroy, &actor, &args.reason).await?;
    out.line(&format!(
        "the credentials of {} connections are destroyed",
        gone.connections
    ))?;
    out.flush()?;
    Ok(0)
}

/// Asks for the name to be typed again.
fn confirmed(name: &str) -> Result<bool> {
    if std::io::stdin().is_terminal() {
        let _ = write!(
            std::io::stderr(),
            "Type {name} to destroy the credentials; anything else keeps them: "
        );
        let _ = std::io::stderr().flush();
    }
    let mut typed = String::new();
    std::io::stdin().read_line(&mut typed)?;
    Ok(typed.trim() == name)
}
