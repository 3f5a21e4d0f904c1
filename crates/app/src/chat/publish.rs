//! `/signal`: a provider's structured signal goes the way of every message, with full confidence, to the followers.
//! Refuses whoever does not speak for a provider of the server.

use ordercast_model::{
    chat::{Card, Reply, Tone},
    community::{Channel, Provider, ProviderStatus},
    ports::{
        source::{Intake, Taken},
        store::{Query, find},
    },
    signal::raw::{Author, Content, RawMessage, RevisionKind, Source},
    tenant::TenantScope,
};

use super::{Answer, Known, Options, Trouble, community_of, say, word};
use crate::context::Context;

/// How the source key of a Discord channel begins; its snowflake follows.
const DISCORD: &str = "discord:";
/// How the stored text of a signal given by command begins: there is no message behind it.
pub(crate) const COMMAND: &str = "/signal ";
/// Longest note.
const NOTE_MAX: usize = 200;

/// `/signal`.
pub(super) async fn signal(ctx: &Context, intake: &dyn Intake, known: &Known, options: &Options) -> Answer {
    let guild = known
        .spot
        .guild
        .as_deref()
        .ok_or_else(|| say("Type /signal in the server you post signals in"))?;
    let (provider, channel) = speaker(ctx, known, guild).await?;
    let text = written(options)?;
    let message = RawMessage {
        source: Source::Discord {
            guild: guild.to_owned(),
            channel: channel.clone(),
        },
        source_id: known.ask_id.clone(),
        revision: RevisionKind::New,
        author: Author {
            id: known.person.id.clone(),
            name: known.person.name.clone(),
            ..Author::default()
        },
        content: Content {
            text: text.clone(),
            ..Content::default()
        },
        reply_to: None,
        thread_of: None,
        posted_at: ctx.now(),
        edited_at: None,
        received_at: ctx.now(),
        backfilled: false,
    };
    match intake.take(message).await {
        Taken::Stored | Taken::Known => {}
        Taken::Ignored => return Err(say("This channel is not read; nothing was published")),
        Taken::Busy => {
            return Err(say(
                "Nothing was published: the program is busy. Try again in a moment",
            ));
        }
    }
    let shown = text.trim_start_matches(COMMAND);
    let mut card = Card::new(Tone::Plain, format!("{} signals", provider.name), shown);
    if let Some(note) = options.get("note") {
        card = card.field("Note", note.chars().take(NOTE_MAX).collect::<String>());
    }
    // The signal is on its way; that the channel shows it as well is a courtesy.
    if let Err(why) = ctx.chat.post(&channel, &known.ask_id, &card).await {
        tracing::info!(%why, "a published signal is not shown in its channel");
    }
    Ok(Reply::Say(Card::new(Tone::Good, "Published", shown)))
}

/// The provider the person speaks for, and the channel it is published in: this one, else the first that is read.
async fn speaker(ctx: &Context, known: &Known, guild: &str) -> Result<(Provider, String), Trouble> {
    let nobody = || say("You are not a provider of this server; its staff adds providers with /setup");
    let community = community_of(ctx, guild).await?.ok_or_else(nobody)?;
    let scope = TenantScope::of_community(&community);
    let store = ctx.store.as_ref();
    let providers = find::<Provider>(store, &scope, Query::Providers).await?;
    let mut own = providers.into_iter();
    let provider = own
        .find(|p| p.authors.contains(&known.person.id))
        .ok_or_else(nobody)?;
    if provider.status != ProviderStatus::Active {
        return Err(say(format!(
            "{} is not active; nothing was published",
            provider.name
        )));
    }
    let mut channels = find::<Channel>(store, &scope, Query::Channels).await?;
    channels.retain(|c| c.enabled && provider.channels.contains(&c.id));
    let here = format!("{DISCORD}{}", known.spot.channel);
    let chosen = channels
        .iter()
        .find(|c| c.source_key == here)
        .or_else(|| channels.first());
    let snowflake = chosen.and_then(|c| c.source_key.strip_prefix(DISCORD));
    let snowflake = snowflake
        .ok_or_else(|| say("None of your channels is read; the server's staff enables them with /setup"))?;
    Ok((provider, snowflake.to_owned()))
}

/// The signal as a structured line, which the parser reads with full confidence.
fn written(options: &Options) -> Result<String, Trouble> {
    let action = options.get("action").unwrap_or_default();
    let symbol = options
        .get("symbol")
        .ok_or_else(|| say("symbol: expected what to trade"))?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '/' | '-' | ' ' | ':');
    if symbol.len() > 40 || !symbol.chars().all(plain) {
        return Err(say(format!("symbol: {symbol:?} is no symbol")));
    }
    let mut text = format!("{COMMAND}action:{action} symbol:{}", symbol.to_ascii_uppercase());
    for name in ["price", "stop"] {
        if let Some(value) = word::number(options, name)? {
            text.push_str(&format!(" {name}:{}", value.normalize()));
        }
    }
    if let Some(list) = options.get("targets") {
        let mut targets = Vec::new();
        for one in list.split(',') {
            let target = ordercast_model::money::parse(one.trim()).map_err(|_| {
                say(format!(
                    "targets: expected prices separated by commas, got {list:?}"
                ))
            })?;
            targets.push(target.normalize().to_string());
        }
        text.push_str(&format!(" targets:{}", targets.join(",")));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use ordercast_model::signal::reading::Verdict;
    use ordercast_model::time::Timestamp;
    use ordercast_rules::parse;

    use super::*;

    fn options(list: &[(&str, &str)]) -> Options {
        Options(
            list.iter()
                .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
                .collect(),
        )
    }

    fn check(list: &[(&str, &str)], confident: bool) {
        let text = written(&options(list)).unwrap();
        let content = Content {
            text: text.clone(),
            ..Content::default()
        };
        let reading = parse::read(
            &content,
            &parse::Context::at(Timestamp::from_seconds(1_800_000_000)),
        );
        assert!(
            matches!(reading.verdict, Verdict::Trade { .. }),
            "{text}: {reading:?}"
        );
        assert_eq!(
            reading.confidence.to_string() == "1.000",
            confident,
            "{text}: {}",
            reading.confidence
        );
    }

    #[test]
    fn a_published_signal_is_read_with_full_confidence() {
        check(&[("action", "buy"), ("symbol", "aapl")], true);
        check(
            &[
                ("action", "buy"),
                ("symbol", "AAPL"),
                ("price", "190.50"),
                ("stop", "185"),
                ("targets", "195, 200"),
            ],
            true,
        );
        check(&[("action", "close"), ("symbol", "BTC/USD")], true);
        check(
            &[
                ("action", "short"),
                ("symbol", "TSLA"),
                ("price", "250"),
                ("stop", "260"),
            ],
            true,
        );
    }

    #[test]
    fn a_field_that_does_not_read_is_named() {
        for (list, field) in [
            (
                &[("action", "buy"), ("symbol", "AAPL"), ("price", "soon")][..],
                "price",
            ),
            (&[("action", "buy"), ("symbol", "AA\nPL")][..], "symbol"),
            (
                &[("action", "buy"), ("symbol", "AAPL"), ("targets", "1,x")][..],
                "targets",
            ),
        ] {
            let refused = written(&options(list)).unwrap_err().to_string();
            assert!(refused.starts_with(field), "{refused}");
        }
    }
}
