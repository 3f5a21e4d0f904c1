//! The simulated Discord's one truth behind one lock: state, ledger, sessions, budgets.
//! Carries out what a caller asks, checking first whether it may; knows neither HTTP nor sockets.

use super::config::Limits;
use super::diary::Diary;
use super::draft::{MessageDraft, MessageEdit, Reference, finished_embed};
use super::interaction::Counter;
use super::ledger::{Entry, Ledger};
use super::message::{Mentions, Message, Referred};
use super::oauth::Oauth;
use super::rate::Rates;
use super::refusal::Refusal;
use super::session::{Event, Hub};
use super::snowflake::Snowflake;
use super::state::{Place, State};
use super::world::{Channel, Member, Webhook};
use super::{intent, permission, render};
use serde_json::{Value, json};

/// How old a message may be for bulk deletion.
const BULK_DELETE_AGE_MILLIS: i64 = 14 * 86_400_000;
/// Messages looked through for an enforced nonce.
const NONCE_LOOKBACK: usize = 50;

pub(crate) struct Core {
    pub(crate) state: State,
    pub(crate) ledger: Option<Ledger>,
    pub(crate) hub: Hub,
    pub(crate) rates: Rates,
    pub(crate) limits: Limits,
    /// Commands and interactions; not kept over a restart, as Discord's tokens are not either.
    pub(crate) counter: Counter,
    pub(crate) diary: Diary,
    /// Who allowed which program what; not kept over a restart.
    pub(crate) oauth: Oauth,
}

impl Core {
    /// Writes a change down, then makes it true. Nothing is true that is not written.
    pub(crate) fn record(&mut self, entry: &Entry) -> Result<(), Refusal> {
        if let Some(ledger) = &mut self.ledger
            && let Err(error) = ledger.append(entry)
        {
            tracing::error!(%error, "the ledger refused a line");
            return Err(Refusal::internal());
        }
        self.state.apply(entry);
        Ok(())
    }

    /// The channel, when the user may do all of `need` there.
    pub(crate) fn enter(&self, user: Snowflake, channel: Snowflake, need: u64) -> Result<Place<'_>, Refusal> {
        let place = self.state.place(channel).ok_or_else(Refusal::unknown_channel)?;
        let has = place.permissions(user);
        if has == 0 {
            return Err(Refusal::missing_access());
        }
        if has & need != need {
            return Err(Refusal::missing_permissions());
        }
        Ok(place)
    }

    /// Posts as a user, or as a webhook into its channel.
    pub(crate) fn post(
        &mut self,
        now: i64,
        author: Snowflake,
        channel: Snowflake,
        draft: MessageDraft,
        webhook: Option<&Webhook>,
    ) -> Result<Message, Refusal> {
        draft.check()?;
        let may_ring = self.may_post(author, channel, &draft, webhook.is_some())?;
        if let (true, Some(nonce)) = (draft.enforce_nonce, &draft.nonce) {
            let recent = self.state.history(channel).rev().take(NONCE_LOOKBACK);
            let mut same = recent.filter(|m| m.author == author && m.nonce.as_ref() == Some(nonce));
            if let Some(message) = same.next() {
                return Ok(message.clone());
            }
        }
        let (reference, snapshot) = self.refer(author, channel, draft.reference)?;
        let guild = self.state.world.channel(channel).map(|(guild, _)| guild);
        let mut mentions = Mentions::read(&draft.content, guild, draft.ring, may_ring);
        if let Some(answered) = reference.filter(|r| draft.ring.users && !r.forward)
            && let Some(message) = self.state.message(channel, answered.message_id)
            && message.author != author
            && !mentions.users.contains(&message.author)
        {
            mentions.users.push(message.author);
        }
        let id = self.state.ids.next(now);
        let webhook_name = webhook.map(|w| draft.username.unwrap_or_else(|| w.name.clone()));
        let message = Message {
            id,
            channel_id: channel,
            author,
            webhook_name,
            content: draft.content,
            embeds: draft.embeds.iter().map(finished_embed).collect(),
            components: draft.components,
            posted_at: id.unix_millis().saturating_mul(1_000),
            edited_at: None,
            tts: draft.tts,
            flags: draft.flags,
            nonce: draft.nonce,
            reference,
            snapshot,
            mentions,
        };
        self.record(&Entry::Post {
            message: message.clone(),
        })?;
        self.publish_message("MESSAGE_CREATE", &message);
        Ok(message)
    }

    /// Checks the right to post; the answer tells whether `@everyone` rings.
    fn may_post(
        &self,
        author: Snowflake,
        channel: Snowflake,
        draft: &MessageDraft,
        webhook: bool,
    ) -> Result<bool, Refusal> {
        if webhook {
            return Ok(true);
        }
        let mut need = permission::SEND_MESSAGES;
        if !draft.embeds.is_empty() {
            need |= permission::EMBED_LINKS;
        }
        let place = self.enter(author, channel, need)?;
        if matches!(place, Place::Direct(_)) && self.hub.trouble.close_directs {
            return Err(Refusal::closed_direct());
        }
        if let Place::Guild(_, channel) = &place
            && channel.kind == 4
        {
            return Err(Refusal::not_text_channel());
        }
        Ok(place.permissions(author) & permission::MENTION_EVERYONE != 0)
    }

    fn refer(
        &self,
        author: Snowflake,
        channel: Snowflake,
        wanted: Option<Reference>,
    ) -> Result<(Option<Referred>, Option<Value>), Refusal> {
        let Some(wanted) = wanted else {
            return Ok((None, None));
        };
        let from = wanted.channel_id.unwrap_or(channel);
        let unknown = || Refusal::field("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message");
        if !wanted.forward && from != channel {
            return Err(unknown());
        }
        if wanted.forward {
            self.enter(author, from, permission::READ_MESSAGE_HISTORY)?;
        }
        match self.state.message(from, wanted.message_id) {
            Some(message) => {
                let referred = Referred {
                    message_id: message.id,
                    channel_id: from,
                    forward: wanted.forward,
                };
                let snapshot = wanted.forward.then(|| render::snapshot(message));
                Ok((Some(referred), snapshot))
            }
            None if wanted.fail_if_not_exists => Err(unknown()),
            None => Ok((None, None)),
        }
    }

    /// Changes a message of the same author.
    pub(crate) fn edit(
        &mut self,
        now: i64,
        author: Snowflake,
        channel: Snowflake,
        id: Snowflake,
        edit: MessageEdit,
    ) -> Result<Message, Refusal> {
        edit.check()?;
        let old = self
            .state
            .message(channel, id)
            .ok_or_else(Refusal::unknown_message)?;
        if old.author != author {
            return Err(Refusal::not_the_author());
        }
        let mut message = old.clone();
        if let Some(content) = edit.content {
            let place = self.state.place(channel);
            let may_ring = place
                .as_ref()
                .is_some_and(|place| place.permissions(author) & permission::MENTION_EVERYONE != 0);
            let guild = place.as_ref().and_then(Place::guild);
            message.mentions = Mentions::read(&content, guild, <_>::default(), may_ring);
            message.content = content;
        }
        if let Some(embeds) = edit.embeds {
            message.embeds = embeds.iter().map(finished_embed).collect();
        }
        if let Some(components) = edit.components {
            message.components = components;
        }
        if let Some(flags) = edit.flags {
            message.flags = flags;
        }
        if message.content.trim().is_empty() && message.embeds.is_empty() && message.snapshot.is_none() {
            return Err(Refusal::empty_message());
        }
        message.edited_at = Some(now.max(message.posted_at));
        self.record(&Entry::Edit {
            message: message.clone(),
        })?;
        self.publish_message("MESSAGE_UPDATE", &message);
        Ok(message)
    }

    /// Deletes one message: the author's own, or anybody's with the right to manage messages.
    pub(crate) fn delete(
        &mut self,
        user: Snowflake,
        channel: Snowflake,
        id: Snowflake,
    ) -> Result<(), Refusal> {
        let message = self
            .state
            .message(channel, id)
            .ok_or_else(Refusal::unknown_message)?;
        if message.author != user {
            self.enter(user, channel, permission::MANAGE_MESSAGES)?;
        }
        let ids = vec![id];
        self.record(&Entry::Delete { channel, ids })?;
        self.publish_deleted("MESSAGE_DELETE", channel, json!({"id": id}));
        Ok(())
    }

    /// Deletes 2 to 100 messages at once; unknown ones are passed over, old ones refuse the whole call.
    pub(crate) fn bulk_delete(
        &mut self,
        now: i64,
        user: Snowflake,
        channel: Snowflake,
        ids: &[Snowflake],
    ) -> Result<(), Refusal> {
        self.enter(user, channel, permission::MANAGE_MESSAGES)?;
        if !(2..=100).contains(&ids.len()) {
            return Err(Refusal::field(
                "messages",
                "BASE_TYPE_BAD_LENGTH",
                "Must be between 2 and 100 in length.",
            ));
        }
        let oldest = now.div_euclid(1_000) - BULK_DELETE_AGE_MILLIS;
        if ids.iter().any(|id| id.unix_millis() < oldest) {
            return Err(Refusal::too_old_to_delete());
        }
        let mut known: Vec<Snowflake> = ids.to_vec();
        known.retain(|id| self.state.message(channel, *id).is_some());
        known.sort_unstable();
        known.dedup();
        if known.is_empty() {
            return Ok(());
        }
        self.record(&Entry::Delete {
            channel,
            ids: known.clone(),
        })?;
        self.publish_deleted("MESSAGE_DELETE_BULK", channel, json!({"ids": known}));
        Ok(())
    }

    pub(crate) fn publish_message(&mut self, name: &'static str, message: &Message) {
        let mut shown = render::message_event(&self.state, message);
        if self.hub.trouble.take_partial() {
            shown = render::ids_alone(&shown);
        }
        let hidden = render::without_content(shown.clone());
        let Some(place) = self.state.place(message.channel_id) else {
            return;
        };
        let guild = place.guild().map(|guild| guild.id);
        let event = Event {
            name,
            intent: messages_intent(guild),
            guild,
            data: shown.to_string().into(),
            hidden: guild.map(|_| hidden.to_string().into()),
            sees: &|bot| place.permissions(bot) != 0,
            reads: &|bot| message.author == bot || message.mentions.users.contains(&bot),
        };
        self.hub.publish(&self.limits, &event);
    }

    fn publish_deleted(&mut self, name: &'static str, channel: Snowflake, mut data: Value) {
        let Some(place) = self.state.place(channel) else {
            return;
        };
        let guild = place.guild().map(|guild| guild.id);
        if let Some(map) = data.as_object_mut() {
            map.insert("channel_id".into(), json!(channel));
            if let Some(guild) = guild {
                map.insert("guild_id".into(), json!(guild));
            }
        }
        let event = Event {
            name,
            intent: messages_intent(guild),
            guild,
            data: data.to_string().into(),
            hidden: None,
            sees: &|bot| place.permissions(bot) != 0,
            reads: &|_| true,
        };
        self.hub.publish(&self.limits, &event);
    }

    /// The private channel between two users, made when there is none.
    pub(crate) fn direct(&mut self, now: i64, a: Snowflake, b: Snowflake) -> Result<Snowflake, Refusal> {
        if a == b || self.state.world.user(b).is_none() {
            return Err(Refusal::unknown_user());
        }
        if let Some(id) = self.state.direct_between(a, b) {
            return Ok(id);
        }
        let id = self.state.ids.next(now);
        self.record(&Entry::Direct { id, users: [a, b] })?;
        Ok(id)
    }

    /// Makes or changes a channel and tells everybody who can see it.
    pub(crate) fn set_channel(&mut self, guild: Snowflake, channel: Channel) -> Result<(), Refusal> {
        if self.state.world.guild(guild).is_none() {
            return Err(Refusal::unknown_guild());
        }
        let existed = self.state.world.channel(channel.id).is_some();
        let id = channel.id;
        self.record(&Entry::ChannelSet { guild, channel })?;
        let name = if existed {
            "CHANNEL_UPDATE"
        } else {
            "CHANNEL_CREATE"
        };
        self.publish_channel(name, id);
        Ok(())
    }

    /// Removes a channel with its messages.
    pub(crate) fn remove_channel(&mut self, channel: Snowflake) -> Result<(), Refusal> {
        if self.state.world.channel(channel).is_none() {
            return Err(Refusal::unknown_channel());
        }
        // Published first: afterwards nobody could tell who saw the channel.
        self.publish_channel("CHANNEL_DELETE", channel);
        self.record(&Entry::ChannelGone { channel })
    }

    fn publish_channel(&mut self, name: &'static str, id: Snowflake) {
        let Some((guild, channel)) = self.state.world.channel(id) else {
            return;
        };
        let data = render::channel(&self.state, guild, channel);
        let event = Event {
            name,
            intent: intent::GUILDS,
            guild: Some(guild.id),
            data: data.to_string().into(),
            hidden: None,
            sees: &|bot| permission::in_channel(guild, channel, bot) != 0,
            reads: &|_| true,
        };
        self.hub.publish(&self.limits, &event);
    }

    /// Changes somebody's roles or nickname in a guild.
    pub(crate) fn set_member(&mut self, guild: Snowflake, member: Member) -> Result<(), Refusal> {
        let Some(known) = self.state.world.guild(guild) else {
            return Err(Refusal::unknown_guild());
        };
        if !known.members.iter().any(|m| m.user_id == member.user_id) {
            return Err(Refusal::unknown_member());
        }
        let mut data = render::member(&self.state, &member);
        if let Some(map) = data.as_object_mut() {
            map.insert("guild_id".into(), json!(guild));
        }
        let user = member.user_id;
        self.record(&Entry::MemberSet { guild, member })?;
        let Some(known) = self.state.world.guild(guild) else {
            return Ok(());
        };
        // A bot hears of its own roles without the members intent.
        for (intent, own) in [(intent::GUILD_MEMBERS, false), (intent::GUILDS, true)] {
            let event = Event {
                name: "GUILD_MEMBER_UPDATE",
                intent,
                guild: Some(guild),
                data: data.to_string().into(),
                hidden: None,
                sees: &|bot| (bot == user) == own && permission::in_guild(known, bot) != 0,
                reads: &|_| true,
            };
            self.hub.publish(&self.limits, &event);
        }
        Ok(())
    }
}

fn messages_intent(guild: Option<Snowflake>) -> u64 {
    if guild.is_some() {
        intent::GUILD_MESSAGES
    } else {
        intent::DIRECT_MESSAGES
    }
}
