//! A Discord message as ours: pure. Decides which parts carry the author's words; refuses to read meaning into them.

use ordercast_model::{
    signal::raw::{Author, Content, Embed, EmbedField, RawMessage, RevisionKind, Source},
    time::Timestamp,
};
use twilight_model::channel::{
    Message,
    message::{MessageReferenceType, MessageSnapshot, MessageType, embed::Embed as TheirEmbed},
};

/// Milliseconds since 1970 at which Discord's ids begin.
const EPOCH_MILLIS: i64 = 1_420_070_400_000;

/// Embeds that Discord makes of links: words of somebody else.
const UNFURLED: [&str; 6] = ["link", "article", "video", "image", "gifv", "poll_result"];

/// Where a message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// Guild.
    pub(super) guild: u64,
    /// The channel; for a thread the channel it hangs in.
    pub(super) channel: u64,
    /// The thread, which has the id of its first message.
    pub(super) thread: Option<u64>,
}

impl Place {
    fn source(self) -> Source {
        Source::Discord {
            guild: self.guild.to_string(),
            channel: self.channel.to_string(),
        }
    }
}

/// The instant an id was made.
pub(super) fn posted_at(id: u64) -> Timestamp {
    let millis = i64::try_from(id >> 22).unwrap_or(i64::MAX);
    Timestamp::from_millis(millis.saturating_add(EPOCH_MILLIS))
}

/// The lowest id that can be made at an instant.
pub(super) fn first_id(at: Timestamp) -> u64 {
    u64::try_from(at.millis().saturating_sub(EPOCH_MILLIS)).unwrap_or(0) << 22
}

/// Whether a person, bot or webhook wrote this: Discord's own notices quote names and titles and say nothing.
pub(super) const fn is_written(kind: MessageType) -> bool {
    matches!(
        kind,
        MessageType::Regular
            | MessageType::Reply
            | MessageType::ChatInputCommand
            | MessageType::ContextMenuCommand
    )
}

/// What a revision adds to the message itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arrival {
    pub(super) place: Place,
    pub(super) revision: RevisionKind,
    pub(super) received_at: Timestamp,
    pub(super) backfilled: bool,
}

/// A message that was posted or edited. `roles` are used when the message does not carry the author's own.
pub(super) fn written(message: &Message, arrival: Arrival, roles: &[String]) -> RawMessage {
    RawMessage {
        source: arrival.place.source(),
        source_id: message.id.to_string(),
        revision: arrival.revision,
        author: author(message, roles),
        content: Content {
            text: message.content.clone(),
            embeds: embeds(&message.embeds),
            forwarded: message.message_snapshots.iter().map(forwarded).collect(),
        },
        reply_to: reply(message),
        thread_of: arrival.place.thread.map(|id| id.to_string()),
        posted_at: posted_at(message.id.get()),
        edited_at: edited_at(message),
        received_at: arrival.received_at,
        backfilled: arrival.backfilled,
    }
}

/// When a message was edited last.
pub(super) fn edited_at(message: &Message) -> Option<Timestamp> {
    let at = message.edited_timestamp?;
    Some(Timestamp::from_micros(at.as_micros()))
}

/// A message that was deleted: only its id is known.
pub(super) fn deleted(id: u64, place: Place, (received_at, backfilled): (Timestamp, bool)) -> RawMessage {
    RawMessage {
        source: place.source(),
        source_id: id.to_string(),
        revision: RevisionKind::Deleted,
        author: Author::default(),
        content: Content::default(),
        reply_to: None,
        thread_of: place.thread.map(|id| id.to_string()),
        posted_at: posted_at(id),
        edited_at: None,
        received_at,
        backfilled,
    }
}

fn author(message: &Message, roles: &[String]) -> Author {
    let user = &message.author;
    let member = message.member.as_ref();
    let name = member
        .and_then(|m| m.nick.clone())
        .or_else(|| user.global_name.clone())
        .unwrap_or_else(|| user.name.clone());
    Author {
        id: user.id.to_string(),
        name,
        bot: user.bot,
        roles: member.map_or_else(
            || roles.to_vec(),
            |m| m.roles.iter().map(ToString::to_string).collect(),
        ),
        webhook: message.webhook_id.map(|id| id.to_string()),
    }
}

fn reply(message: &Message) -> Option<String> {
    let reference = message.reference.as_ref()?;
    let replies = message.kind == MessageType::Reply && reference.kind == MessageReferenceType::Default;
    reference.message_id.filter(|_| replies).map(|id| id.to_string())
}

fn embeds(embeds: &[TheirEmbed]) -> Vec<Embed> {
    let own = embeds.iter().filter(|e| !UNFURLED.contains(&e.kind.as_str()));
    own.map(embed).collect()
}

fn embed(embed: &TheirEmbed) -> Embed {
    Embed {
        author: embed.author.as_ref().map(|a| a.name.clone()),
        title: embed.title.clone(),
        description: embed.description.clone(),
        fields: embed
            .fields
            .iter()
            .map(|f| EmbedField {
                name: f.name.clone(),
                value: f.value.clone(),
            })
            .collect(),
        footer: embed.footer.as_ref().map(|f| f.text.clone()),
    }
}

/// A forwarded message as one text: content, then every part of its embeds.
fn forwarded(snapshot: &MessageSnapshot) -> String {
    let mut lines = vec![snapshot.message.content.clone()];
    for embed in embeds(&snapshot.message.embeds) {
        lines.extend(embed.author);
        lines.extend(embed.title);
        lines.extend(embed.description);
        for field in embed.fields {
            lines.push(field.name);
            lines.push(field.value);
        }
        lines.extend(embed.footer);
    }
    lines.retain(|line| !line.is_empty());
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::{Value, json};

    use super::*;

    fn message(extra: Value) -> Message {
        let mut base = json!({
            "id": "1175000000000000000", "channel_id": "10", "type": 0, "content": "BTO AAPL",
            "author": {"id": "5", "username": "ana", "discriminator": "0", "avatar": null, "global_name": "Ana"},
            "timestamp": "2023-11-17T00:00:00+00:00", "edited_timestamp": null, "tts": false,
            "mention_everyone": false, "mentions": [], "mention_roles": [], "attachments": [], "embeds": [],
            "pinned": false,
        });
        for (key, value) in extra.as_object().unwrap() {
            base[key] = value.clone();
        }
        serde_json::from_value(base).unwrap()
    }

    fn map(extra: Value) -> RawMessage {
        let place = Place {
            guild: 1,
            channel: 10,
            thread: None,
        };
        let arrival = Arrival {
            place,
            revision: RevisionKind::New,
            received_at: Timestamp::from_seconds(9),
            backfilled: false,
        };
        written(&message(extra), arrival, &["77".to_owned()])
    }

    #[test]
    fn the_time_of_a_message_is_in_its_id() {
        assert_eq!(
            posted_at(175_928_847_299_117_063).to_string(),
            "2016-04-30T11:18:25.796000Z"
        );
        let at = posted_at(175_928_847_299_117_063);
        assert_eq!(posted_at(first_id(at)), at);
        assert!(first_id(at) <= 175_928_847_299_117_063);
        assert_eq!(first_id(Timestamp::default()), 0);
    }

    #[test]
    fn every_part_of_an_embed_is_kept_but_not_of_an_unfurled_link() {
        let raw = map(json!({"embeds": [
            {"type": "rich", "author": {"name": "A"}, "title": "T", "description": "D",
             "fields": [{"name": "N", "value": "V", "inline": true}], "footer": {"text": "F"}},
            {"type": "article", "title": "Buy AAPL now", "url": "https://news.example"},
        ]}));
        let parts = raw.content.embeds;
        assert_eq!(parts.len(), 1);
        assert_eq!(
            (parts[0].author.as_deref(), parts[0].title.as_deref()),
            (Some("A"), Some("T"))
        );
        assert_eq!(
            (parts[0].description.as_deref(), parts[0].footer.as_deref()),
            (Some("D"), Some("F"))
        );
        assert_eq!(
            (
                parts[0].fields[0].name.as_str(),
                parts[0].fields[0].value.as_str()
            ),
            ("N", "V")
        );
    }

    #[test]
    fn authors_replies_and_forwards() {
        let raw = map(json!({
            "member": {"nick": "Boss", "roles": ["8", "9"], "joined_at": null, "deaf": false, "mute": false, "flags": 0},
            "type": 19, "message_reference": {"message_id": "3", "channel_id": "10"},
        }));
        assert_eq!(
            (raw.author.name.as_str(), raw.author.roles.join(",")),
            ("Boss", "8,9".to_owned())
        );
        assert_eq!(raw.reply_to.as_deref(), Some("3"));
        let hook = map(json!({"webhook_id": "44"}));
        assert_eq!(
            (hook.author.name.as_str(), hook.author.webhook.as_deref()),
            ("Ana", Some("44"))
        );
        assert_eq!(hook.author.roles, ["77"], "given roles stand in");
        let forward = map(json!({
            "content": "", "message_reference": {"type": 1, "message_id": "3", "channel_id": "10"},
            "message_snapshots": [{"message": {
                "type": 0, "content": "STC half", "timestamp": "2023-11-17T00:00:00+00:00", "edited_timestamp": null,
                "mentions": [], "mention_roles": [], "attachments": [], "components": [], "sticker_items": [],
                "embeds": [{"type": "rich", "title": "T", "description": "D"}],
            }}],
        }));
        assert_eq!(
            (forward.reply_to, forward.content.forwarded),
            (None, vec!["STC half\nT\nD".to_owned()])
        );
    }
}
