//! Discord's REST calls that speaking needs: private channels, messages, answers to interactions, commands. Refuses to
//! know what is said.

use serde::Deserialize;
use serde_json::{Value, json};
use twilight_http::routing::Route;
use twilight_model::id::{
    Id,
    marker::{ApplicationMarker, ChannelMarker, MessageMarker, UserMarker},
};

use super::{
    ask::Interaction,
    client::Rest,
    error::{Trouble, unreadable},
};

#[derive(Debug, Deserialize)]
#[serde(bound = "")]
struct Made<T> {
    id: Id<T>,
}

/// How an interaction is answered first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum First {
    /// With a message.
    Message = 4,
    /// Later, with a message.
    Later = 5,
    /// Later, by changing the pressed card.
    LaterChange = 6,
    /// By changing the pressed card.
    Change = 7,
    /// With suggestions.
    Choices = 8,
}

impl First {
    /// As Discord takes it; no data when it is null.
    pub(super) fn body(self, data: Value) -> Value {
        if data.is_null() {
            json!({"type": self as u8})
        } else {
            json!({"type": self as u8, "data": data})
        }
    }
}

impl Rest {
    async fn send(&self, route: &Route<'_>, body: &Value) -> Result<Vec<u8>, Trouble> {
        self.caller().call(route, Some(body)).await
    }

    /// The private channel with somebody; made when there is none. Safe to repeat.
    pub(super) async fn private(&self, person: Id<UserMarker>) -> Result<Id<ChannelMarker>, Trouble> {
        if let Some(known) = self.known_private(person) {
            return Ok(known);
        }
        let body = json!({"recipient_id": person});
        let bytes = self.send(&Route::CreatePrivateChannel, &body).await?;
        let made: Made<ChannelMarker> = serde_json::from_slice(&bytes).map_err(unreadable)?;
        self.learn_private(person, made.id);
        Ok(made.id)
    }

    /// Posts. The same `nonce` (at most 25 characters) within minutes posts once.
    pub(super) async fn post(
        &self,
        channel: Id<ChannelMarker>,
        nonce: &str,
        mut body: Value,
    ) -> Result<Id<MessageMarker>, Trouble> {
        if let Some(map) = body.as_object_mut() {
            map.insert("nonce".into(), json!(nonce));
            map.insert("enforce_nonce".into(), json!(true));
        }
        let route = Route::CreateMessage {
            channel_id: channel.get(),
        };
        let bytes = self.send(&route, &body).await?;
        let made: Made<MessageMarker> = serde_json::from_slice(&bytes).map_err(unreadable)?;
        Ok(made.id)
    }

    /// Changes a message of ours. Safe to repeat.
    pub(super) async fn change(
        &self,
        channel: Id<ChannelMarker>,
        message: Id<MessageMarker>,
        body: &Value,
    ) -> Result<(), Trouble> {
        let route = Route::UpdateMessage {
            channel_id: channel.get(),
            message_id: message.get(),
        };
        self.send(&route, body).await.map(drop)
    }

    /// The first answer to an interaction; Discord takes one, within three seconds.
    pub(super) async fn answer(&self, to: &Interaction, body: &Value) -> Result<(), Trouble> {
        let route = Route::InteractionCallback {
            interaction_id: to.id.get(),
            interaction_token: &to.token,
            with_response: false,
        };
        self.send(&route, body).await.map(drop)
    }

    /// Changes the first answer, or gives it when it was put off. Safe to repeat.
    pub(super) async fn amend(&self, to: &Interaction, body: &Value) -> Result<(), Trouble> {
        let route = Route::UpdateInteractionOriginal {
            application_id: to.application_id.get(),
            interaction_token: &to.token,
        };
        self.send(&route, body).await.map(drop)
    }

    /// Adds a message that only the asker sees behind the first answer.
    pub(super) async fn follow_up(&self, to: &Interaction, body: &Value) -> Result<(), Trouble> {
        let route = Route::ExecuteWebhook {
            thread_id: None,
            token: &to.token,
            wait: Some(true),
            with_components: None,
            webhook_id: to.application_id.get(),
        };
        self.send(&route, body).await.map(drop)
    }

    /// Sets the commands, everywhere. Safe to repeat.
    pub(super) async fn register(&self, app: Id<ApplicationMarker>, commands: &Value) -> Result<(), Trouble> {
        let route = Route::SetGlobalCommands {
            application_id: app.get(),
        };
        self.send(&route, commands).await.map(drop)
    }
}
