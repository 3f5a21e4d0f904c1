//! `ordercast sim venue`, `sim alpaca`, `sim binance` and `sim discord`: the parts of the simulated world as processes of their own. Each prints its
//! address as one JSON line and runs until it is told to stop.

use std::path::Path;

use anyhow::{Context as _, Result, anyhow};
use ordercast_sim::{
    alpaca::{config::AlpacaConfig, server::Alpaca},
    binance::{config::BinanceConfig, server::Binance},
    discord::{Discord, DiscordConfig},
    venue::{config::VenueConfig, server::Venue},
};
use serde::de::DeserializeOwned;
use serde_json::json;

use super::out::Out;
use crate::{clock, wire};

/// Which part. Its settings are the JSON file that `--config` names.
#[derive(Debug, Clone, Copy, clap::Subcommand)]
pub enum SimCommand {
    /// The simulated market with the paper venue, as the JSON file of --config sets it up.
    Venue,
    /// The simulated market behind Alpaca's own protocol (paper, live and data host), as the JSON file of --config sets it up.
    Alpaca,
    /// The simulated market behind Binance spot's own protocol (test network and exchange), as the JSON file of --config sets it up.
    Binance,
    /// The simulated Discord (gateway and REST), as the JSON file of --config sets it up.
    Discord,
}

/// Runs the part until SIGTERM or Ctrl-C.
///
/// # Errors
/// When the settings are wrong, or the folder or the port cannot be used.
pub async fn run(command: &SimCommand, settings: Option<&Path>) -> Result<u8> {
    let settings = settings.ok_or_else(|| anyhow!("--config FILE is needed: the settings, as JSON"))?;
    // A signal may come as soon as the address is known.
    let interrupted = wire::interrupted();
    match command {
        SimCommand::Venue => {
            let config: VenueConfig = read(settings)?;
            let venue = Venue::start(config, clock::micros()).await?;
            let base = format!("http://{}", venue.addr());
            announce(&json!({ "venue": base, "address": venue.addr().to_string() }))?;
            interrupted.await;
            venue.shutdown().await;
        }
        SimCommand::Alpaca => {
            let config: AlpacaConfig = read(settings)?;
            let alpaca = Alpaca::start(config, clock::micros()).await?;
            announce(&json!({
                "paper": alpaca.paper_url(), "live": alpaca.live_url(), "data": alpaca.data_url(),
            }))?;
            interrupted.await;
            alpaca.shutdown().await;
        }
        SimCommand::Binance => {
            let config: BinanceConfig = read(settings)?;
            let binance = Binance::start(config, clock::micros()).await?;
            announce(&json!({ "paper": binance.paper_url(), "live": binance.live_url() }))?;
            interrupted.await;
            binance.shutdown().await;
        }
        SimCommand::Discord => {
            let config: DiscordConfig = read(settings)?;
            let discord = Discord::start(config, clock::micros()).await?;
            announce(&json!({
                "api": discord.rest_url(), "gateway": discord.gateway_url(), "address": discord.addr().to_string(),
            }))?;
            interrupted.await;
            discord.shutdown().await;
        }
    }
    Ok(0)
}

fn announce(address: &serde_json::Value) -> Result<()> {
    let mut out = Out::new();
    out.json(address)?;
    out.flush()
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let text = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is not as expected", path.display()))
}
