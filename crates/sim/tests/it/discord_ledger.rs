//! What survives: the ledger across restarts, torn and damaged.

use crate::discord_fixture::*;
use ordercast_sim::discord::{
    Discord, DiscordConfig, DiscordError, LEDGER_FILE, LedgerError, MessageDraft, MessageEdit, Snowflake,
};
use std::io::Write;
use std::path::Path;

fn kept_in(folder: &Path) -> DiscordConfig {
    let mut config = config();
    config.data_dir = Some(folder.to_owned());
    config
}

fn texts(discord: &Discord) -> Vec<String> {
    let list = discord.messages(SIGNALS, 100);
    let texts = list.iter().map(|m| m["content"].as_str().unwrap().to_owned());
    texts.collect()
}

#[tokio::test]
async fn history_goes_on_after_a_restart_and_a_torn_line() {
    let folder = tempfile::tempdir().unwrap();
    let discord = start(kept_in(folder.path())).await;
    let mut ids = Vec::new();
    for text in ["one", "two", "three"] {
        let sent = discord.post(PROVIDER, SIGNALS, MessageDraft::text(text)).unwrap();
        ids.push(sent["id"].as_str().unwrap().parse::<Snowflake>().unwrap());
    }
    discord
        .edit(PROVIDER, SIGNALS, ids[1], MessageEdit::text("TWO"))
        .unwrap();
    discord.delete(PROVIDER, SIGNALS, ids[0]).unwrap();
    let second = Discord::start(kept_in(folder.path()), clock()).await;
    assert!(
        matches!(second, Err(DiscordError::Ledger(LedgerError::InUse(_)))),
        "two servers must not share a ledger"
    );
    discord.shutdown().await;

    let path = folder.path().join(LEDGER_FILE);
    let mut file = std::fs::OpenOptions::new().append(true).open(&path).unwrap();
    file.write_all(b"{\"kind\":\"post\",\"mess").unwrap();
    let discord = start(kept_in(folder.path())).await;
    assert_eq!(texts(&discord), ["TWO", "three"]);
    let next = discord
        .post(PROVIDER, SIGNALS, MessageDraft::text("four"))
        .unwrap();
    let next: Snowflake = next["id"].as_str().unwrap().parse().unwrap();
    assert!(
        next > ids[2],
        "ids grow over a restart, also with a clock that starts anew"
    );
    discord.shutdown().await;
    let discord = start(kept_in(folder.path())).await;
    assert_eq!(texts(&discord), ["TWO", "three", "four"]);
    discord.shutdown().await;
}

#[tokio::test]
async fn a_damaged_line_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let discord = start(kept_in(folder.path())).await;
    discord
        .post(PROVIDER, SIGNALS, MessageDraft::text("one"))
        .unwrap();
    discord.shutdown().await;
    let path = folder.path().join(LEDGER_FILE);
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("\"kind\":\"post\"", "\"kind\":\"p\0st\"")).unwrap();
    match Discord::start(kept_in(folder.path()), clock()).await {
        Err(DiscordError::Ledger(LedgerError::Corrupt { line, .. })) => assert_eq!(line, 2),
        other => panic!("expected a named line, not {:?}", other.map(|d| d.addr())),
    }
}

#[tokio::test]
async fn a_world_that_contradicts_itself_is_refused() {
    let mut twice = config();
    twice.world.guilds[0].channels[1].id = SIGNALS;
    let error = Discord::start(twice, clock()).await.err().unwrap().to_string();
    assert_eq!(
        error,
        format!("world: channel {SIGNALS}: the id is already taken")
    );
    let mut lost = config();
    lost.world.webhooks[0].channel_id = Snowflake(5);
    let error = Discord::start(lost, clock()).await.err().unwrap().to_string();
    assert_eq!(
        error,
        format!("world: webhook {HOOK}: channel_id 5 does not exist")
    );
}

#[test]
fn a_configuration_is_plain_json() {
    let text = serde_json::to_string(&config()).unwrap();
    let back: DiscordConfig = serde_json::from_str(&text).unwrap();
    assert_eq!(back.world, world());
    let unknown = text.replacen("\"bind\"", "\"bnd\":1,\"bind\"", 1);
    assert!(serde_json::from_str::<DiscordConfig>(&unknown).is_err());
}
