//! The cast on the real stage: simulated Discord, simulated market, a listener that others wrote.

use crate::discord_fixture::{Client, clock, message_intents};
use ordercast_model::time::Timestamp;
use ordercast_sim::cast::{self, Cast, LISTENER, PROVIDERS};
use ordercast_sim::discord::{Discord, DiscordConfig, bot_token};
use ordercast_sim::market::board::QuoteBoard;
use ordercast_sim::market::exchange::{Market, MarketConfig};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;
use twilight_gateway::{ConfigBuilder, Event};

const SEED: u64 = 11;

async fn stage(folder: &Path) -> Discord {
    let _already_installed = rustls::crypto::ring::default_provider().install_default();
    let mut config = DiscordConfig::new(cast::world(SEED));
    config.data_dir = Some(folder.to_owned());
    Discord::start(config, clock()).await.unwrap()
}

fn quotes() -> QuoteBoard {
    let config = MarketConfig {
        warm_up_seconds: 1,
        ..MarketConfig::default()
    };
    QuoteBoard::new(&Market::new(config, Timestamp::from_seconds(1_790_000_000)).unwrap())
}

fn play(
    discord: &Discord,
    quotes: QuoteBoard,
    speed: f64,
) -> (CancellationToken, tokio::task::JoinHandle<()>) {
    let token = CancellationToken::new();
    let show = Cast {
        discord: discord.clone(),
        quotes: Arc::new(quotes),
        clock: clock(),
        seed: SEED,
        speed,
    };
    let task = tokio::spawn(cast::run(show, token.clone()));
    (token, task)
}

async fn listener(discord: &Discord) -> Client {
    let token = format!("Bot {}", bot_token(LISTENER, SEED));
    let config = ConfigBuilder::new(token, message_intents()).proxy_url(discord.gateway_url());
    let mut client = Client::new(config.build());
    client.until(|event| matches!(event, Event::GuildCreate(_))).await;
    client
}

#[tokio::test]
async fn a_listener_sees_the_show_begin_at_once_and_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let discord = stage(folder.path()).await;
    let mut client = listener(&discord).await;
    let quotes = quotes();
    let began = Instant::now();
    let (token, task) = play(&discord, quotes, 40.0);
    let first = client.next_text().await;
    assert!(
        began.elapsed() < Duration::from_secs(1),
        "the first signal came after {:?}",
        began.elapsed()
    );
    assert!(first.contains(" now @ "), "{first}");
    let seen = client
        .seen_until(|event| matches!(event, Event::MessageDelete(_)))
        .await;
    assert!(
        seen.iter().any(|event| matches!(event, Event::MessageUpdate(_))),
        "an edit comes before the delete"
    );
    let mut authors = BTreeSet::new();
    while authors.len() < PROVIDERS.len() {
        if let Event::MessageCreate(message) = client.until(|e| matches!(e, Event::MessageCreate(_))).await {
            authors.extend(
                PROVIDERS
                    .iter()
                    .find(|p| p.user.0 == message.author.id.get())
                    .map(|p| p.user),
            );
        }
    }
    token.cancel();
    task.await.unwrap();
    discord.shutdown().await;
}

#[tokio::test]
async fn a_second_show_on_the_same_history_is_a_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let mut firsts = Vec::new();
    for _ in 0..2 {
        let discord = stage(folder.path()).await;
        let before = discord.message_count();
        let (token, task) = play(&discord, quotes(), 60.0);
        while discord.message_count() < before + 12 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        token.cancel();
        task.await.unwrap();
        let texts: Vec<String> = PROVIDERS
            .iter()
            .flat_map(|provider| discord.messages(provider.channel, 50))
            .map(|message| message["content"].as_str().unwrap().to_owned())
            .collect();
        firsts.push(texts);
        discord.shutdown().await;
    }
    assert!(
        firsts[0].iter().all(|text| firsts[1].contains(text)),
        "the history stays"
    );
    assert!(firsts[1].len() >= firsts[0].len() + 11, "and grows");
}
