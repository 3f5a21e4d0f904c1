//! The source against the simulated Discord: nothing is lost over reconnects, nothing is guessed.

use std::time::Duration;

use ordercast_adapters::discord::{DiscordBot, DiscordConfigError, DiscordFault, TokenError};
use ordercast_model::{
    secret::Secret,
    signal::raw::{RevisionKind, Source},
};
use ordercast_sim::discord::{Discord, Fault, MessageDraft, MessageEdit, Overwrite, Snowflake, permission};
use serde_json::{Value, json};

use crate::{
    discord_fixture::{
        ANALYST, BLIND, GUILD, LISTENER, Marks, OTHER, PERSON, ROLE, Reading, SIGNALS, THREAD, config, start,
    },
    world::{clock, http, nap, until},
};

fn id_of(message: &Value) -> Snowflake {
    message["id"].as_str().unwrap().parse().unwrap()
}

fn say(discord: &Discord, channel: Snowflake, text: &str) -> Snowflake {
    id_of(&discord.post(ANALYST, channel, MessageDraft::text(text)).unwrap())
}

fn say_all(discord: &Discord, texts: &[String]) {
    texts.iter().for_each(|text| {
        say(discord, SIGNALS, text);
    });
}

fn numbered(from: u32, to: u32) -> Vec<String> {
    (from..to).map(|n| format!("message {n}")).collect()
}

#[tokio::test]
async fn a_message_its_edit_and_its_deletion_arrive_with_every_part() {
    let discord = start().await;
    let reading = Reading::start(&discord).await;
    let card = MessageDraft::embed(json!({
        "author": {"name": "Desk"}, "title": "BTO", "description": "AAPL 190c",
        "fields": [{"name": "Stop", "value": "2.10"}], "footer": {"text": "swing"},
    }));
    let first = id_of(&discord.post(ANALYST, SIGNALS, card).unwrap());
    discord
        .post(ANALYST, SIGNALS, MessageDraft::text("half out").reply_to(first))
        .unwrap();
    let edit = MessageEdit::from_json(&json!({"content": "now with text"})).unwrap();
    discord.edit(ANALYST, SIGNALS, first, edit).unwrap();
    discord.delete(ANALYST, SIGNALS, first).unwrap();
    let taken = reading.taken(4).await;
    let kinds: Vec<RevisionKind> = taken.iter().map(|m| m.revision).collect();
    let wanted = [
        RevisionKind::New,
        RevisionKind::New,
        RevisionKind::Edited,
        RevisionKind::Deleted,
    ];
    assert_eq!(kinds, wanted);
    let [card, reply, edited, gone] = taken.as_slice() else {
        panic!("{taken:?}");
    };
    let source = Source::Discord {
        guild: GUILD.to_string(),
        channel: SIGNALS.to_string(),
    };
    assert!(taken.iter().all(|m| m.source == source && !m.backfilled));
    let embed = &card.content.embeds[0];
    assert_eq!(
        (embed.author.as_deref(), embed.title.as_deref()),
        (Some("Desk"), Some("BTO"))
    );
    assert_eq!(embed.fields[0].value, "2.10");
    assert_eq!(
        (embed.description.as_deref(), embed.footer.as_deref()),
        (Some("AAPL 190c"), Some("swing"))
    );
    assert_eq!(
        (card.author.id.as_str(), card.author.name.as_str()),
        (ANALYST.to_string().as_str(), "The Analyst")
    );
    assert!(card.author.bot && card.author.roles.contains(&ROLE.to_string()));
    assert_eq!(reply.reply_to.as_deref(), Some(first.to_string().as_str()));
    assert_eq!(
        (edited.content.text.as_str(), edited.content.embeds.len()),
        ("now with text", 1)
    );
    assert!(edited.edited_at.is_some_and(|at| at >= edited.posted_at));
    assert!(edited.author.roles.contains(&ROLE.to_string()));
    assert_eq!(
        (gone.source_id.clone(), gone.content.text.as_str()),
        (first.to_string(), "")
    );
    assert!(
        taken
            .iter()
            .all(|m| m.received_at.since(m.posted_at).as_secs() < 10)
    );
    reading.stop().await.unwrap();
    discord.shutdown().await;
}

#[tokio::test]
async fn a_thread_belongs_to_the_channel_it_hangs_in() {
    let discord = start().await;
    let reading = Reading::start(&discord).await;
    say(&discord, THREAD, "trimmed");
    say(&discord, OTHER, "elsewhere");
    let taken = reading.taken(2).await;
    assert_eq!(taken[0].source.key(), format!("discord:{SIGNALS}"));
    assert_eq!(taken[0].thread_of, Some(THREAD.to_string()));
    assert_eq!(
        (taken[1].source.key(), taken[1].thread_of.clone()),
        (format!("discord:{OTHER}"), None)
    );
    reading.stop().await.unwrap();
    discord.shutdown().await;
}

/// Posts, disturbs, posts on; every message must arrive, in order, pushed and not read up on.
async fn check_resume(fault: &Fault) {
    let discord = start().await;
    let reading = Reading::start(&discord).await;
    say_all(&discord, &numbered(0, 3));
    reading.taken(3).await;
    discord.inject(fault);
    say_all(&discord, &numbered(3, 8));
    let taken = reading.taken(8).await;
    reading.connected().await;
    say_all(&discord, &numbered(8, 10));
    let texts = reading.texts(10).await;
    assert_eq!(texts, numbered(0, 10), "{fault:?}");
    assert!(taken.iter().all(|m| !m.backfilled), "{fault:?}");
    let status = reading.source.status();
    assert!(status.connected && status.last_event_at.is_some(), "{status:?}");
    reading.stop().await.unwrap();
    discord.shutdown().await;
}

#[tokio::test]
async fn a_resumed_session_loses_nothing() {
    check_resume(&Fault::Reconnect).await;
    check_resume(&Fault::Close { code: 4_000 }).await;
    check_resume(&Fault::Cut).await;
}

#[tokio::test]
async fn a_lost_session_is_read_up_on_from_the_cursor() {
    let discord = start().await;
    let reading = Reading::start(&discord).await;
    say_all(&discord, &numbered(0, 3));
    reading.taken(3).await;
    discord.inject(&Fault::RefuseConnections { on: true });
    discord.inject(&Fault::Invalidate { resumable: false });
    until("the loss", async || {
        (!reading.source.status().connected).then_some(())
    })
    .await;
    say_all(&discord, &numbered(3, 8));
    let inside = say(&discord, THREAD, "in a thread");
    nap(1_200).await;
    assert!(reading.source.status().gap_seconds >= 1);
    discord.inject(&Fault::RefuseConnections { on: false });
    let taken = reading.taken(9).await;
    let texts: Vec<String> = taken.iter().map(|m| m.content.text.clone()).collect();
    assert_eq!(texts[..8], numbered(0, 8));
    assert_eq!(
        (texts[8].as_str(), taken[8].thread_of.clone()),
        ("in a thread", Some(THREAD.to_string()))
    );
    assert!(taken[..3].iter().all(|m| !m.backfilled) && taken[3..].iter().all(|m| m.backfilled));
    assert!(
        taken[3..]
            .iter()
            .all(|m| m.author.roles.contains(&ROLE.to_string())),
        "roles are looked up"
    );
    let newest = inside.to_string();
    until("the cursor", async || {
        (reading.marks.of(SIGNALS)? >= newest).then_some(())
    })
    .await;
    let gap = reading.gaps(1).await.remove(0);
    assert_eq!(
        (gap.channel, gap.read.len(), gap.cut),
        (SIGNALS.to_string(), 6, false)
    );
    assert!(gap.until.since(gap.since).as_millis() >= 1_000);
    say_all(&discord, &numbered(8, 9));
    until("the live message", async || {
        let taken = reading.desk.taken.lock().unwrap();
        taken
            .iter()
            .any(|m| m.content.text == "message 8" && !m.backfilled)
            .then_some(())
    })
    .await;
    reading.stop().await.unwrap();
    discord.shutdown().await;
}

/// Loses the session for good; nobody is let in until the connections are taken again.
async fn lose(discord: &Discord, reading: &Reading) {
    discord.inject(&Fault::RefuseConnections { on: true });
    discord.inject(&Fault::Invalidate { resumable: false });
    until("the loss", async || {
        (!reading.source.status().connected).then_some(())
    })
    .await;
}

fn change(discord: &Discord, channel: Snowflake, message: Snowflake, text: &str) {
    let edit = MessageEdit::from_json(&json!({ "content": text })).unwrap();
    discord.edit(ANALYST, channel, message, edit).unwrap();
}

#[tokio::test]
async fn what_was_edited_and_deleted_while_away_is_found_out() {
    let discord = start().await;
    let reading = Reading::start(&discord).await;
    let [edited, deleted, echo, kept] = ["a", "b", "c", "d"].map(|text| say(&discord, SIGNALS, text));
    let [inside, stays] = ["in a thread", "stays"].map(|text| say(&discord, THREAD, text));
    change(&discord, SIGNALS, kept, "d, heard");
    reading.taken(7).await;
    lose(&discord, &reading).await;
    change(&discord, SIGNALS, edited, "a, at last");
    change(&discord, SIGNALS, echo, "c, for a moment");
    change(&discord, SIGNALS, echo, "c");
    change(&discord, THREAD, stays, "stays, changed");
    discord.delete(ANALYST, SIGNALS, deleted).unwrap();
    discord.delete(ANALYST, THREAD, inside).unwrap();
    let new = say(&discord, SIGNALS, "e");
    change(&discord, SIGNALS, new, "e, at last");
    discord.inject(&Fault::RefuseConnections { on: false });
    let gap = reading.gaps(1).await.remove(0);
    let taken: Vec<_> = reading.taken(12).await.split_off(7);
    let seen: Vec<_> = taken
        .iter()
        .map(|m| (m.revision, m.source_id.clone(), m.content.text.as_str()))
        .collect();
    let want = [
        (RevisionKind::Deleted, inside, ""),
        (RevisionKind::Deleted, deleted, ""),
        (RevisionKind::Edited, edited, "a, at last"),
        (RevisionKind::Edited, stays, "stays, changed"),
        (RevisionKind::New, new, "e, at last"),
    ];
    assert_eq!(seen, want.map(|(kind, id, text)| (kind, id.to_string(), text)));
    assert!(taken.iter().all(|m| m.backfilled));
    assert_eq!(taken[0].thread_of, Some(THREAD.to_string()));
    assert_eq!(
        (gap.read.len(), gap.edited, gap.deleted, gap.cut),
        (1, 2, 2, false),
        "{gap:?}"
    );
    reading.stop().await.unwrap();
    discord.shutdown().await;
}

#[tokio::test]
async fn what_may_not_be_read_is_not_taken_as_deleted() {
    let discord = start().await;
    let reading = Reading::start(&discord).await;
    say_all(&discord, &numbered(0, 3));
    reading.taken(3).await;
    lose(&discord, &reading).await;
    close_history(&discord, true);
    discord.inject(&Fault::RefuseConnections { on: false });
    reading.connected().await;
    let live = say(&discord, SIGNALS, "live");
    assert_eq!(reading.taken(4).await[3].source_id, live.to_string());
    nap(200).await;
    assert_eq!(reading.taken(4).await.len(), 4, "nothing was deleted");
    reading.stop().await.unwrap();
    discord.shutdown().await;
}

/// Takes the right to read the history of the channel from everybody, or gives it back.
fn close_history(discord: &Discord, closed: bool) {
    let world = discord.world();
    let guild = world.guilds.iter().find(|g| g.id == GUILD).unwrap();
    let mut channel = guild.channels.iter().find(|c| c.id == SIGNALS).unwrap().clone();
    channel.overwrites = Vec::new();
    if closed {
        channel.overwrites.push(Overwrite {
            id: GUILD,
            for_member: false,
            allow: 0,
            deny: permission::READ_MESSAGE_HISTORY,
        });
    }
    discord.set_channel(GUILD, channel).unwrap();
}

#[tokio::test]
async fn a_message_that_may_not_be_fetched_is_missing_until_it_is_read() {
    let discord = start().await;
    let reading = Reading::start(&discord).await;
    close_history(&discord, true);
    discord.inject(&Fault::Partial { count: 1 });
    say(&discord, SIGNALS, "only its id is told");
    until("the word", async || {
        let why = reading.source.status().reason?;
        why.contains("Read Message History").then_some(())
    })
    .await;
    close_history(&discord, false);
    assert_eq!(reading.texts(1).await, ["only its id is told"]);
    until("the end of it", async || {
        reading.source.status().reason.is_none().then_some(())
    })
    .await;
    // Deleted before it could be fetched: nothing is missing.
    discord.inject(&Fault::Partial { count: 1 });
    discord.inject(&Fault::Delay { millis: 200 });
    let gone = say(&discord, SIGNALS, "never read");
    discord.delete(ANALYST, SIGNALS, gone).unwrap();
    discord.inject(&Fault::Delay { millis: 0 });
    say(&discord, SIGNALS, "next");
    assert_eq!(reading.texts(2).await[1], "next");
    assert_eq!(reading.source.status().reason, None);
    reading.stop().await.unwrap();
    discord.shutdown().await;
}

#[tokio::test]
async fn a_start_goes_on_where_the_last_run_stopped() {
    let discord = start().await;
    say_all(&discord, &numbered(0, 2));
    let seen = say(&discord, SIGNALS, "seen by the last run");
    say_all(&discord, &numbered(2, 5));
    say(&discord, OTHER, "a channel nobody enabled");
    let reading = Reading::after(&discord, seen).await;
    assert_eq!(reading.texts(3).await, numbered(2, 5));
    nap(200).await;
    assert_eq!(reading.taken(3).await.len(), 3);
    reading.stop().await.unwrap();
    assert_eq!(discord.listeners(), 0, "the session is closed in an orderly way");
    discord.shutdown().await;
}

/// A start ninety seconds after the last run heard everything.
async fn check_start(missed: &[String]) {
    let discord = start().await;
    let seen = say(&discord, SIGNALS, "seen by the last run");
    say_all(&discord, missed);
    let marks = Marks::default();
    let heard = clock().now().minus(Duration::from_secs(90));
    *marks.heard.lock().unwrap() = Some(heard);
    let reading = Reading::going_on(&config(&discord, LISTENER), Some(seen), None, marks);
    let gap = reading.gaps(1).await.remove(0);
    assert_eq!(
        (gap.since, gap.read.len(), gap.cut),
        (heard, missed.len(), false),
        "{gap:?}"
    );
    assert!(gap.until.since(gap.since).as_secs() >= 90, "{gap:?}");
    until("the next mark", async || {
        (*reading.marks.heard.lock().unwrap() > Some(gap.until)).then_some(())
    })
    .await;
    reading.stop().await.unwrap();
    discord.shutdown().await;
}

#[tokio::test]
async fn the_time_the_program_was_down_is_a_gap() {
    check_start(&numbered(0, 3)).await;
    check_start(&[]).await;
}

#[tokio::test]
async fn what_was_missed_stays_missed_while_live_messages_move_the_cursor() {
    let discord = start().await;
    let reading = Reading::start(&discord).await;
    discord.inject(&Fault::RefuseConnections { on: true });
    discord.inject(&Fault::Invalidate { resumable: false });
    until("the loss", async || {
        (!reading.source.status().connected).then_some(())
    })
    .await;
    say_all(&discord, &numbered(0, 3));
    // The first look at the history fails; the next is five seconds later.
    discord.inject(&Fault::RestError {
        status: 500,
        count: 1,
    });
    discord.inject(&Fault::RefuseConnections { on: false });
    reading.connected().await;
    let live = say(&discord, SIGNALS, "live");
    // As intake does it: the cursor moves with what it takes.
    reading.taken(1).await;
    reading
        .marks
        .of
        .lock()
        .unwrap()
        .insert(SIGNALS.to_string(), Some(live.to_string()));
    let mut texts = reading.texts(4).await;
    texts.sort();
    assert_eq!(texts, ["live", "message 0", "message 1", "message 2"]);
    reading.stop().await.unwrap();
    discord.shutdown().await;
}

#[tokio::test]
async fn of_a_long_absence_the_newest_five_hundred_are_read() {
    let discord = start().await;
    let seen = say(&discord, SIGNALS, "seen");
    say_all(&discord, &numbered(0, 620));
    let reading = Reading::after(&discord, seen).await;
    assert_eq!(reading.texts(500).await, numbered(120, 620));
    let note = reading.source.status().reason.unwrap();
    assert!(note.contains("500"), "{note}");
    reading.stop().await.unwrap();
    discord.shutdown().await;
}

#[tokio::test]
async fn a_history_that_cannot_be_read_is_read_later() {
    let discord = start().await;
    let seen = say(&discord, SIGNALS, "seen");
    say_all(&discord, &numbered(0, 3));
    let reading = Reading::of(&config(&discord, LISTENER), Some(seen));
    reading.connected().await;
    // The first look may have worked already: then there is nothing left to break, and the test asks again.
    discord.inject(&Fault::Invalidate { resumable: false });
    discord.inject(&Fault::RestError {
        status: 500,
        count: 1,
    });
    say_all(&discord, &numbered(3, 4));
    let texts = until("all messages", async || {
        let taken = reading.desk.taken.lock().unwrap();
        let mut texts: Vec<String> = taken.iter().map(|m| m.content.text.clone()).collect();
        texts.sort();
        texts.dedup();
        (texts.len() == 4).then_some(texts)
    })
    .await;
    assert_eq!(texts, numbered(0, 4));
    reading.stop().await.unwrap();
    discord.shutdown().await;
}

#[tokio::test]
async fn a_busy_intake_holds_the_order_and_loses_nothing() {
    let discord = start().await;
    let reading = Reading::start(&discord).await;
    let mark = reading.marks.of(SIGNALS);
    reading.desk.busy.store(3, std::sync::atomic::Ordering::SeqCst);
    say_all(&discord, &numbered(0, 6));
    nap(100).await;
    assert_eq!(reading.marks.of(SIGNALS), mark, "the cursor waits for intake");
    assert_eq!(reading.texts(6).await, numbered(0, 6));
    reading.stop().await.unwrap();
    discord.shutdown().await;
}

async fn check_fault(bot: Snowflake, wrong: Option<&str>, want: DiscordFault) {
    let discord = start().await;
    let mut config = config(&discord, bot);
    if let Some(token) = wrong {
        config.token = Secret::new(token.to_owned());
    }
    let reading = Reading::of(&config, None);
    let source = reading.source.clone();
    assert_eq!(reading.ended().await, Err(want));
    let status = source.status();
    assert_eq!((status.connected, status.fatal), (false, Some(want.code())));
    assert_eq!(status.reason, Some(want.to_string()));
    discord.shutdown().await;
}

#[tokio::test]
async fn what_only_an_operator_can_mend_ends_the_source_by_name() {
    let stale = "OTAwMDAwMDAwMDAwMDAwMDIx.GabcDE.0123456789abcdefghijklmnopqrstuvwxyz_-";
    check_fault(LISTENER, Some(stale), DiscordFault::BadToken).await;
    check_fault(BLIND, None, DiscordFault::MissingMessageContent).await;
    check_fault(PERSON, None, DiscordFault::UserToken).await;
}

#[tokio::test]
async fn a_user_token_is_refused_before_anybody_is_asked() {
    let discord = start().await;
    let mut config = config(&discord, LISTENER);
    config.token = Secret::new("mfa.VkO_2G4Qv3T-canary".to_owned());
    let Err(refused) = DiscordBot::new(&config, http(), clock()) else {
        panic!("taken");
    };
    assert_eq!(refused, DiscordConfigError::Token(TokenError::UserToken));
    assert!(refused.to_string().contains("user token") && !refused.to_string().contains("canary"));
    discord.shutdown().await;
}

#[tokio::test]
async fn an_absent_discord_is_waited_for() {
    let discord = start().await;
    let config = config(&discord, LISTENER);
    discord.shutdown().await;
    let reading = Reading::of(&config, None);
    until("the reason", async || {
        reading
            .source
            .status()
            .reason
            .filter(|why| why.contains("cannot be reached"))
    })
    .await;
    reading.stop().await.unwrap();
}
