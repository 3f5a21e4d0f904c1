//! What Discord limits is kept to: several shards, session starts, calls that are refused, a gateway that is away, a look-up
//! that fails.

use std::collections::BTreeSet;

use ordercast_adapters::discord::DiscordBot;
use ordercast_model::ports::chat::Chat;
use ordercast_sim::discord::{Deed, Discord, Fault, MessageDraft, Snowflake};

use crate::{
    discord_fixture::{
        ANALYST, GUILD, LISTENER, Marks, PERSON, Reading, SIGNALS, SIGNALS_2, config, start, start_with,
    },
    world::{clock, http, nap, until},
};

fn say(discord: &Discord, channel: Snowflake, text: &str) {
    discord.post(ANALYST, channel, MessageDraft::text(text)).unwrap();
}

/// Reads both guilds, from their beginning.
fn both(discord: &Discord) -> Reading {
    let marks = Marks::default();
    marks.of.lock().unwrap().insert(SIGNALS_2.to_string(), None);
    Reading::going_on(&config(discord, LISTENER), None, None, marks)
}

fn identified(discord: &Discord) -> Vec<String> {
    discord
        .deeds("identify")
        .into_iter()
        .map(|deed| deed.what)
        .collect()
}

fn sorted(reading: &[ordercast_model::signal::raw::RawMessage]) -> Vec<(String, bool)> {
    let mut all: Vec<_> = reading
        .iter()
        .map(|m| (m.content.text.clone(), m.backfilled))
        .collect();
    all.sort();
    all
}

#[tokio::test]
async fn two_shards_read_their_own_guilds_and_resume_alone() {
    let discord = start_with(|limits| limits.shards = 2).await;
    let reading = both(&discord);
    reading.connected().await;
    assert_eq!(discord.listeners(), 2);
    assert_eq!(
        identified(&discord).into_iter().collect::<BTreeSet<_>>(),
        ["identify 0", "identify 1"].map(str::to_owned).into()
    );
    say(&discord, SIGNALS, "a1");
    say(&discord, SIGNALS_2, "b1");
    // Whether the first two come live or are read up on at the start is a matter of who is quicker.
    let first: Vec<_> = sorted(&reading.taken(2).await)
        .into_iter()
        .map(|(text, _)| text)
        .collect();
    assert_eq!(first, ["a1", "b1"]);
    // The connection of the second guild's shard breaks in the middle of this message; the other one goes on.
    discord.inject(&Fault::Cut);
    say(&discord, SIGNALS_2, "b2");
    say(&discord, SIGNALS, "a2");
    reading.taken(4).await;
    reading.connected().await;
    say(&discord, SIGNALS_2, "b3");
    let live = ["a2", "b2", "b3"].map(|text| (text.to_owned(), false));
    assert_eq!(sorted(&reading.taken(5).await[2..]), live);
    assert_eq!(identified(&discord).len(), 2, "the broken one resumed");
    // Both sessions are lost: each shard reads up on its own channel, once.
    discord.inject(&Fault::RefuseConnections { on: true });
    discord.inject(&Fault::Invalidate { resumable: false });
    until("the loss", async || (discord.listeners() == 0).then_some(())).await;
    say(&discord, SIGNALS, "a3");
    say(&discord, SIGNALS_2, "b4");
    discord.inject(&Fault::RefuseConnections { on: false });
    let taken = reading.taken(7).await;
    assert_eq!(
        sorted(&taken[5..]),
        [("a3".to_owned(), true), ("b4".to_owned(), true)]
    );
    let told: BTreeSet<_> = reading.gaps(2).await.into_iter().map(|gap| gap.channel).collect();
    assert_eq!(told, [SIGNALS, SIGNALS_2].map(|id| id.to_string()).into());
    reading.stop().await.unwrap();
    discord.shutdown().await;
}

#[tokio::test]
async fn shards_identify_no_faster_than_they_may() {
    let discord = start_with(|limits| {
        limits.shards = 2;
        limits.identify_concurrency = 1;
    })
    .await;
    let reading = both(&discord);
    reading.connected().await;
    let deeds = discord.deeds("identify");
    assert!(deeds.iter().all(|deed| !deed.refused), "{deeds:?}");
    assert_eq!(deeds.len(), 2);
    reading.stop().await.unwrap();
    discord.shutdown().await;
}

#[tokio::test]
async fn without_session_starts_none_is_tried_and_the_reason_is_said() {
    let discord = start_with(|limits| limits.session_starts_max = 1).await;
    let reading = Reading::of(&config(&discord, LISTENER), None);
    reading.connected().await;
    reading.stop().await.unwrap();
    let reading = Reading::of(&config(&discord, LISTENER), None);
    until("the reason", async || {
        let why = reading.source.status().reason?;
        why.contains("session starts of the day are used up")
            .then_some(())
    })
    .await;
    nap(500).await;
    assert_eq!(
        identified(&discord).len(),
        1,
        "a second one would have cost the token"
    );
    assert_eq!(reading.source.status().fatal, None);
    reading.stop().await.unwrap();
    discord.shutdown().await;
}

/// Calls of a route are refused for a while: one finds out, and it comes again when that is over.
async fn check_refusal(route: Option<&str>) {
    let discord = start().await;
    say(&discord, SIGNALS, "old");
    discord.inject(&Fault::Limit {
        route: route.map(str::to_owned),
        millis: 1_500,
    });
    let reading = Reading::of(&config(&discord, LISTENER), None);
    assert_eq!(reading.texts(1).await, ["old"], "{route:?}");
    let deeds: Vec<Deed> = discord.deeds(route.unwrap_or("/"));
    let early = deeds.iter().filter(|deed| deed.refused).count();
    assert_eq!(early, 1, "{route:?}: {deeds:?}");
    reading.stop().await.unwrap();
    discord.shutdown().await;
}

#[tokio::test]
async fn a_refused_call_comes_again_when_discord_said_and_not_before() {
    check_refusal(Some("messages")).await;
    check_refusal(Some("gateway/bot")).await;
    check_refusal(None).await;
}

#[tokio::test]
async fn what_is_left_of_a_limit_is_not_overdrawn() {
    let discord = start_with(|limits| limits.read.count = 2).await;
    let seen = discord
        .post(ANALYST, SIGNALS, MessageDraft::text("seen"))
        .unwrap();
    for n in 0..350 {
        say(&discord, SIGNALS, &n.to_string());
    }
    let seen = seen["id"].as_str().unwrap().parse().unwrap();
    let reading = Reading::of(&config(&discord, LISTENER), Some(seen));
    assert_eq!(reading.texts(350).await.len(), 350);
    let deeds = discord.deeds("messages");
    assert!(deeds.iter().all(|deed| !deed.refused), "{deeds:?}");
    reading.stop().await.unwrap();
    discord.shutdown().await;
}

#[tokio::test]
async fn a_gateway_that_stays_away_is_tried_ever_more_seldom() {
    let discord = start().await;
    let reading = Reading::start(&discord).await;
    discord.inject(&Fault::RefuseConnections { on: true });
    discord.inject(&Fault::Close { code: 4_000 });
    // The library answers a connection that ends at once with the next: bursts of those, and growing waits between them.
    until("the fourth wait", async || {
        let refused = discord.deeds("connect").into_iter().filter(|deed| deed.refused);
        let at: Vec<i64> = refused.map(|deed| deed.at / 1_000).collect();
        assert!(at.len() < 500, "{} connections without a pause", at.len());
        let longest = at.windows(2).map(|pair| pair[1] - pair[0]).max();
        (longest >= Some(1_900)).then_some(())
    })
    .await;
    discord.inject(&Fault::RefuseConnections { on: false });
    reading.connected().await;
    reading.stop().await.unwrap();
    discord.shutdown().await;
}

#[tokio::test]
async fn a_look_up_that_fails_is_left_alone_for_a_while() {
    let discord = start().await;
    let bot = DiscordBot::new(&config(&discord, LISTENER), http(), clock()).unwrap();
    let ask = async |person: Snowflake| bot.roles(&GUILD.to_string(), &person.to_string()).await;
    assert!(ask(ANALYST).await.unwrap().is_some());
    discord.inject(&Fault::RestError {
        status: 503,
        count: 100,
    });
    for _ in 0..20 {
        assert!(ask(PERSON).await.is_err(), "nobody new is let in");
    }
    assert_eq!(discord.deeds(&format!("members/{PERSON}")).len(), 5);
    assert!(ask(ANALYST).await.unwrap().is_some(), "what is known counts on");
    discord.shutdown().await;
}
