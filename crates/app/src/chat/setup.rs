//! `/setup`: who may trade, which channels are read, who posts signals; and the word to the owner of a new server.
//! What is set is in the rows at once, so that the wizard can be left and taken up anywhere.

use std::collections::BTreeMap;

use ordercast_model::{
    chat::{Card, Control, Look, Offer, Reply, Server, Tone},
    community::{Access, AccessMode, Channel, Community, Key, Membership, Provider, ProviderStatus, Role},
    ids::{ChannelId, CommunityId, ProviderId},
    journal::{entry::Actor, kind::Kind},
    notice::Bookmark,
    ports::store::{Batch, CommitError, Query, SystemQuery, find, find_any, get},
    signal::raw::Source,
    tenant::{SystemScope, TenantScope},
};
use serde_json::json;

use super::{Answer, Known, Reception, Trouble, community_of, say, toggle};
use crate::context::Context;

/// What role names that open gates are made of.
const LIKELY: [&str; 12] = [
    "vip",
    "premium",
    "member",
    "subscriber",
    "pro",
    "gold",
    "elite",
    "paid",
    "trader",
    "signal",
    "supporter",
    "patron",
];
const SETTING_UP: SystemScope = SystemScope::housekeeping("a server is set up before it is a community");

/// Tells the owner of a server that is not set up how to begin; once.
pub(super) async fn greet(ctx: &Context, server: &Server) -> Result<(), Trouble> {
    if community_of(ctx, &server.id).await?.is_some() {
        return Ok(());
    }
    let name = format!("guild:{}", server.id);
    let known = find_any::<Bookmark>(
        ctx.store.as_ref(),
        SETTING_UP,
        SystemQuery::Bookmark(name.clone()),
    )
    .await?;
    if !known.is_empty() {
        return Ok(());
    }
    let card = Card::new(
        Tone::Plain,
        format!("Ordercast has joined {}", server.name),
        "It reads no channel yet. Type /setup in the server: say who may trade (everybody, or holders of a role), which \
         channels carry signals, and who posts them. It takes three minutes, and nothing is traded before.",
    );
    let key = format!("hello{}", server.id);
    let told = match ctx.chat.tell(&server.owner, &key, &card).await {
        Err(_) => match &server.notices {
            Some(channel) => ctx.chat.post(channel, &key, &card).await,
            None => return Ok(()),
        },
        told => told,
    };
    told.map_err(|why| say(why.to_string()))?;
    let mut batch = Batch::new();
    batch.insert(Bookmark {
        name,
        version: 1,
        next: 0,
    });
    match ctx.commit(SETTING_UP, batch).await {
        Ok(()) | Err(CommitError::Duplicate { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

pub(super) fn journal(
    ctx: &Context,
    known: &Known,
    kind: Kind,
    community: CommunityId,
    after: serde_json::Value,
) -> ordercast_model::journal::entry::Entry {
    let mut entry = ctx.entry(
        kind,
        Actor::user(known.user.id),
        ("community", community.to_string()),
    );
    entry.community = Some(community);
    entry.after = Some(after);
    entry
}

impl Reception {
    /// The community of the server, with the caller's leave to change it; made when the one who manages the server
    /// begins.
    async fn ground(&self, known: &Known) -> Result<(Community, Role), Trouble> {
        let guild = known
            .spot
            .guild
            .as_deref()
            .ok_or_else(|| say("Type /setup in the server that is to be set up"))?;
        if let Some(community) = community_of(&self.ctx, guild).await? {
            let scope = TenantScope::of_community(&community);
            let key = format!("{} {}", community.id, known.user.id);
            let place = get::<Membership>(self.ctx.store.as_ref(), &scope, &key).await?;
            return match place {
                Some(place) if place.role >= Role::Admin => Ok((community, place.role)),
                _ => Err(say("Only the staff of this community may set it up")),
            };
        }
        let server = self.server(guild);
        let owns = server.as_ref().is_some_and(|s| s.owner == known.person.id);
        if !known.spot.manages && !owns {
            return Err(say("Only somebody who may manage the server can set it up"));
        }
        let community = Community {
            id: self.ctx.id(),
            version: 1,
            guild_id: guild.to_owned(),
            name: server.map_or_else(|| format!("Server {guild}"), |s| s.name),
            owner_id: known.user.id,
            access: Access::default(),
            caps: ordercast_model::limits::Caps::default(),
            pending: Vec::new(),
            staff_unlocks: false,
            created_at: self.ctx.now(),
        };
        let mut batch = Batch::new();
        let after = json!({ "role": "owner", "user_id": known.user.id });
        batch.note(journal(&self.ctx, known, Kind::RoleChanged, community.id, after));
        batch.insert(Membership {
            community_id: community.id,
            user_id: known.user.id,
            version: 1,
            role: Role::Owner,
            created_at: self.ctx.now(),
        });
        batch.insert(community.clone());
        self.ctx.commit(SETTING_UP, batch).await?;
        Ok((community, Role::Owner))
    }

    /// `/setup`.
    pub(super) async fn setup(&self, known: &Known) -> Answer {
        let (community, _) = self.ground(known).await?;
        Ok(Reply::Say(self.wizard(&community).await?))
    }

    /// The wizard as it stands.
    async fn wizard(&self, community: &Community) -> Result<Card, Trouble> {
        let scope = TenantScope::of_community(community);
        let store = self.ctx.store.as_ref();
        let channels = find::<Channel>(store, &scope, Query::Channels).await?;
        let providers = find::<Provider>(store, &scope, Query::Providers).await?;
        let names = |list: Vec<String>| {
            if list.is_empty() {
                "none yet".to_owned()
            } else {
                list.join(", ")
            }
        };
        let access = match community.access.mode {
            AccessMode::Open => "open: every member may trade".to_owned(),
            AccessMode::Gated => {
                let roles = community.access.roles.iter().map(|r| r.name.clone()).collect();
                format!("gated: holders of {}", names(roles))
            }
        };
        let read = channels
            .iter()
            .filter(|c| c.enabled)
            .map(|c| format!("#{}", c.name))
            .collect();
        let active = providers.iter().filter(|p| p.status == ProviderStatus::Active);
        let button = |id: &str, label: &str, look| Control::Button {
            id: format!("setup:{id}"),
            label: label.to_owned(),
            look,
        };
        let menu = |id: &str, hint: &str, offer| Control::Menu {
            id: format!("setup:{id}"),
            hint: hint.to_owned(),
            offer,
            max: 10,
        };
        let off = toggle::running(&channels, &providers);
        let text = "Each choice counts at once. Open the server to everybody, or choose the roles that may trade; then the \
                    channels, then who posts signals in them.";
        let card = Card::new(Tone::Plain, format!("Set up {}", community.name), text)
            .field("Who may trade", access)
            .field("Channels that are read", names(read))
            .field("Providers", names(active.map(|p| p.name.clone()).collect()))
            .row(vec![
                button("open", "Open to every member", Look::Main),
                button("done", "Done", Look::Quiet),
            ])
            .row(vec![menu("roles", &self.hint(community), Offer::Roles)])
            .row(vec![menu(
                "channels",
                "Channels that carry signals",
                Offer::Channels,
            )])
            .row(vec![menu("people", "Who posts signals", Offer::People)]);
        if off.is_empty() {
            return Ok(card);
        }
        Ok(card.row(vec![menu(
            "off",
            "Switch a channel or a provider off",
            Offer::Choices(off),
        )]))
    }

    /// The roles that are likely meant, for the hint of the menu.
    fn hint(&self, community: &Community) -> String {
        let likely = |name: &str| LIKELY.iter().any(|word| name.to_lowercase().contains(word));
        let roles = self
            .server(&community.guild_id)
            .map(|s| s.roles)
            .unwrap_or_default();
        let found: Vec<String> = roles
            .into_iter()
            .filter(|r| likely(&r.name))
            .map(|r| r.name)
            .take(3)
            .collect();
        if found.is_empty() {
            "Or only holders of these roles".to_owned()
        } else {
            format!("Or only holders of roles such as {}", found.join(", "))
        }
    }

    /// A choice in the wizard.
    pub(super) async fn set_up(
        &self,
        known: &Known,
        what: &str,
        (values, names): (&[String], &BTreeMap<String, String>),
    ) -> Answer {
        let (community, role) = self.ground(known).await?;
        let name = |id: &String| names.get(id).cloned().unwrap_or_else(|| id.clone());
        let community = match what {
            "open" => {
                self.set_access(known, community, role, AccessMode::Open, Vec::new())
                    .await?
            }
            "roles" => {
                let roles = values
                    .iter()
                    .map(|id| Key {
                        id: id.clone(),
                        name: name(id),
                    })
                    .collect();
                self.set_access(known, community, role, AccessMode::Gated, roles)
                    .await?
            }
            "channels" => {
                for id in values {
                    self.enable(known, &community, id, &name(id)).await?;
                }
                community
            }
            "people" => {
                for id in values {
                    self.add_provider(known, &community, id, &name(id)).await?;
                }
                community
            }
            "off" => {
                for value in values {
                    self.switch_off(known, &community, value).await?;
                }
                community
            }
            "done" => {
                let mut card = self.wizard(&community).await?;
                card.controls.clear();
                card.text = "Members follow providers with /follow, or in the dashboard. /setup changes this any time.".to_owned();
                return Ok(Reply::Change(card));
            }
            _ => return Err(say("This button is of an older version; type /setup again")),
        };
        Ok(Reply::Change(self.wizard(&community).await?))
    }

    async fn set_access(
        &self,
        known: &Known,
        mut community: Community,
        role: Role,
        mode: AccessMode,
        roles: Vec<Key>,
    ) -> Result<Community, Trouble> {
        if role < Role::Owner {
            return Err(say("Only the owner of the community decides who may trade"));
        }
        if mode == AccessMode::Gated && roles.is_empty() {
            return Err(say("Choose at least one role"));
        }
        let before = json!(community.access);
        community.access.mode = mode;
        community.access.roles = roles;
        community.version += 1;
        let mut entry = journal(
            &self.ctx,
            known,
            Kind::AccessModeChanged,
            community.id,
            json!(community.access),
        );
        entry.before = Some(before);
        let mut batch = Batch::new();
        batch.note(entry);
        batch.update(community.clone());
        self.ctx
            .commit(TenantScope::of_community(&community), batch)
            .await?;
        Ok(community)
    }

    async fn enable(
        &self,
        known: &Known,
        community: &Community,
        id: &str,
        name: &str,
    ) -> Result<(), Trouble> {
        let source = Source::Discord {
            guild: community.guild_id.clone(),
            channel: id.to_owned(),
        };
        let scope = TenantScope::of_community(community);
        let channels = find::<Channel>(self.ctx.store.as_ref(), &scope, Query::Channels).await?;
        let mut batch = Batch::new();
        let channel = match channels.into_iter().find(|c| c.source_key == source.key()) {
            Some(there) if there.enabled => return Ok(()),
            Some(mut there) => {
                there.enabled = true;
                there.version += 1;
                batch.update(there.clone());
                there
            }
            None => {
                let fresh = Channel {
                    id: self.ctx.id::<ChannelId>(),
                    community_id: community.id,
                    version: 1,
                    source_key: source.key(),
                    name: name.to_owned(),
                    enabled: true,
                    // Read from now on: what was posted before was posted before anybody agreed to it.
                    cursor: None,
                    created_at: self.ctx.now(),
                };
                batch.insert(fresh.clone());
                fresh
            }
        };
        let after = json!({ "channel_id": channel.id, "source": channel.source_key, "enabled": true });
        batch.note(journal(
            &self.ctx,
            known,
            Kind::ConfigChanged,
            community.id,
            after,
        ));
        for mut provider in find::<Provider>(self.ctx.store.as_ref(), &scope, Query::Providers).await? {
            if !provider.channels.contains(&channel.id) {
                provider.channels.push(channel.id);
                provider.version += 1;
                batch.update(provider);
            }
        }
        self.ctx.commit(scope, batch).await?;
        Ok(())
    }

    async fn add_provider(
        &self,
        known: &Known,
        community: &Community,
        id: &str,
        name: &str,
    ) -> Result<(), Trouble> {
        let scope = TenantScope::of_community(community);
        let store = self.ctx.store.as_ref();
        let providers = find::<Provider>(store, &scope, Query::Providers).await?;
        if let Some(there) = providers.into_iter().find(|p| p.authors.iter().any(|a| a == id)) {
            return match there.status {
                // Switched off before: chosen again, it is on again.
                ProviderStatus::Paused => self.turn(known, there, ProviderStatus::Active).await,
                _ => Ok(()),
            };
        }
        let channels = find::<Channel>(store, &scope, Query::Channels).await?;
        let provider = Provider {
            id: self.ctx.id::<ProviderId>(),
            community_id: community.id,
            version: 1,
            name: name.to_owned(),
            about: String::new(),
            status: ProviderStatus::Active,
            channels: channels.iter().filter(|c| c.enabled).map(|c| c.id).collect(),
            authors: vec![id.to_owned()],
            roles: Vec::new(),
            sell_opens_short: false,
            profile: 0,
            created_at: self.ctx.now(),
        };
        let after = json!({ "provider_id": provider.id, "name": provider.name, "status": provider.status });
        let mut batch = Batch::new();
        batch.note(journal(
            &self.ctx,
            known,
            Kind::ProviderChanged,
            community.id,
            after,
        ));
        batch.insert(provider);
        self.ctx.commit(scope, batch).await?;
        Ok(())
    }
}
