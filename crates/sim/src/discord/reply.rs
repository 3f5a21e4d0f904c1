//! What an application answers to an interaction: first, later, by changing a card; and what the person sees of it.
//! Holds it to Discord's order of things; knows nothing of what it says.

use super::core::Core;
use super::draft::{MessageDraft, MessageEdit, finished_embed};
use super::interaction::{ANSWER_WINDOW, Answer, EPHEMERAL, Hidden, Spot, unknown};
use super::ledger::Entry;
use super::message::{Mentions, Message};
use super::refusal::Refusal;
use super::snowflake::Snowflake;
use super::{render, timer};
use serde_json::{Value, json};

/// Choices of one autocomplete answer.
const CHOICES_MAX: usize = 25;

impl Core {
    /// The application's first answer.
    pub(crate) fn answer(
        &mut self,
        now: i64,
        id: Snowflake,
        token: &str,
        body: &Value,
    ) -> Result<(), Refusal> {
        let open = self.counter.live(id, token, timer::now())?;
        if open.answer != Answer::None {
            return Err(Refusal::already_answered());
        }
        if timer::now().duration_since(open.since) > ANSWER_WINDOW {
            return Err(unknown());
        }
        let data = body.get("data").cloned().unwrap_or_else(|| json!({}));
        let hidden = data.get("flags").and_then(Value::as_u64).unwrap_or(0) & EPHEMERAL != 0;
        let (completes, pressed) = (open.completes, open.pressed);
        let wrong = |text: &str| Refusal::field("type", "BASE_TYPE_CHOICES", text);
        let answer = match (body.get("type").and_then(Value::as_u64), pressed) {
            (Some(8), _) if completes => Answer::Choices(choices(&data)?),
            (Some(_), _) if completes => return Err(wrong("Autocomplete is answered with choices.")),
            (Some(4), _) => Answer::Message(self.say(now, id, &data, hidden)?),
            (Some(5), _) => Answer::Thinking {
                update: false,
                hidden,
            },
            (Some(6), Some(_)) => Answer::Thinking { update: true, hidden },
            (Some(7), Some(message)) => {
                self.change(now, id, message, &data)?;
                Answer::Updated(message)
            }
            _ => return Err(wrong("Value is not one of the kinds this interaction takes.")),
        };
        self.settle(id, answer);
        Ok(())
    }

    fn settle(&mut self, id: Snowflake, answer: Answer) {
        if let Some(open) = self.counter.open.get_mut(&id) {
            open.answer = answer;
            open.told.send_modify(|n| *n += 1);
        }
    }

    /// Changes the first answer, or gives it when it was deferred.
    pub(crate) fn amend(
        &mut self,
        now: i64,
        app: Snowflake,
        token: &str,
        body: &Value,
    ) -> Result<Value, Refusal> {
        let id = self.counter.by_token(app, token).ok_or_else(unknown)?;
        let open = self.counter.live(id, token, timer::now())?;
        let (answer, pressed) = (open.answer.clone(), open.pressed);
        let message = match (answer, pressed) {
            (Answer::Thinking { update: true, .. }, Some(message)) | (Answer::Updated(message), _) => {
                self.change(now, id, message, body)?;
                self.settle(id, Answer::Updated(message));
                message
            }
            (Answer::Thinking { hidden, .. }, _) => {
                let message = self.say(now, id, body, hidden)?;
                self.settle(id, Answer::Message(message));
                message
            }
            (Answer::Message(message), _) => {
                self.change(now, id, message, body)?;
                self.settle(id, Answer::Message(message));
                message
            }
            (Answer::None | Answer::Choices(_), _) => return Err(Refusal::unknown_message()),
        };
        self.original(id, message)
    }

    /// One more message behind the first answer.
    pub(crate) fn follow_up(
        &mut self,
        now: i64,
        app: Snowflake,
        token: &str,
        body: &Value,
    ) -> Result<Value, Refusal> {
        let id = self.counter.by_token(app, token).ok_or_else(unknown)?;
        self.counter.live(id, token, timer::now())?;
        let hidden = body.get("flags").and_then(Value::as_u64).unwrap_or(0) & EPHEMERAL != 0;
        let message = self.say(now, id, body, hidden)?;
        self.original(id, message)
    }

    fn original(&self, id: Snowflake, message: Snowflake) -> Result<Value, Refusal> {
        let open = self.counter.open.get(&id).ok_or_else(unknown)?;
        let spot = Spot {
            user: open.user,
            channel: open.channel,
        };
        let message = self.seen_by(spot, message).ok_or_else(Refusal::unknown_message)?;
        Ok(render::message(&self.state, message))
    }

    fn say(&mut self, now: i64, id: Snowflake, body: &Value, hidden: bool) -> Result<Snowflake, Refusal> {
        let draft = MessageDraft::from_json(body)?;
        let open = self.counter.open.get(&id).ok_or_else(unknown)?;
        let (author, channel, user) = (open.app, open.channel, open.user);
        let message_id = self.state.ids.next(now);
        let message = Message {
            id: message_id,
            channel_id: channel,
            author,
            webhook_name: None,
            content: draft.content,
            embeds: draft.embeds.iter().map(finished_embed).collect(),
            components: draft.components,
            posted_at: message_id.unix_millis().saturating_mul(1_000),
            edited_at: None,
            tts: false,
            flags: draft.flags | if hidden { EPHEMERAL } else { 0 },
            nonce: None,
            reference: None,
            snapshot: None,
            mentions: Mentions::default(),
        };
        if hidden {
            self.counter.hidden.insert(message_id, Hidden { message, user });
            self.counter.trim();
        } else {
            self.record(&Entry::Post {
                message: message.clone(),
            })?;
            self.publish_message("MESSAGE_CREATE", &message);
        }
        Ok(message_id)
    }

    fn change(&mut self, now: i64, id: Snowflake, message: Snowflake, body: &Value) -> Result<(), Refusal> {
        let open = self.counter.open.get(&id).ok_or_else(unknown)?;
        let (author, channel) = (open.app, open.channel);
        let edit = MessageEdit::from_json(body)?;
        let Some(hidden) = self.counter.hidden.get_mut(&message) else {
            return self.edit(now, author, channel, message, edit).map(drop);
        };
        let message = &mut hidden.message;
        if let Some(content) = edit.content {
            message.content = content;
        }
        if let Some(embeds) = edit.embeds {
            message.embeds = embeds.iter().map(finished_embed).collect();
        }
        if let Some(components) = edit.components {
            message.components = components;
        }
        message.edited_at = Some(now.max(message.posted_at));
        Ok(())
    }

    /// What the person sees of an interaction now.
    pub(crate) fn outcome(&self, id: Snowflake) -> Value {
        let Some(open) = self.counter.open.get(&id) else {
            return json!({"interaction": id, "state": "forgotten"});
        };
        let silent = timer::now().duration_since(open.since) > ANSWER_WINDOW;
        let message = |message: &Snowflake| self.original(id, *message).unwrap_or(Value::Null);
        match &open.answer {
            Answer::None if silent => json!({
                "interaction": id, "state": "silent", "message": "The application did not respond",
            }),
            Answer::None => json!({"interaction": id, "state": "waiting"}),
            Answer::Thinking { .. } => json!({"interaction": id, "state": "thinking"}),
            Answer::Message(it) => json!({"interaction": id, "state": "answered", "message": message(it)}),
            Answer::Updated(it) => json!({"interaction": id, "state": "updated", "message": message(it)}),
            Answer::Choices(list) => json!({"interaction": id, "state": "choices", "choices": list}),
        }
    }
}

fn choices(data: &Value) -> Result<Vec<Value>, Refusal> {
    let list = data.get("choices").and_then(Value::as_array);
    let list =
        list.ok_or_else(|| Refusal::field("data.choices", "BASE_TYPE_REQUIRED", "This field is required"))?;
    if list.len() > CHOICES_MAX {
        return Err(Refusal::too_long("data.choices", CHOICES_MAX));
    }
    for (at, choice) in list.iter().enumerate() {
        let name = choice
            .get("name")
            .and_then(Value::as_str)
            .map_or(0, |n| n.chars().count());
        if !(1..=100).contains(&name) {
            let text = "Must be between 1 and 100 in length.";
            let path = format!("data.choices.{at}.name");
            return Err(Refusal::field(&path, "BASE_TYPE_BAD_LENGTH", text));
        }
    }
    Ok(list.clone())
}
