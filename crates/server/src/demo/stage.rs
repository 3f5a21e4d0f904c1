//! Sets the scene once: community, channels, providers, followers with their paper accounts. Safe to repeat: what is
//! there stays, so that a demo killed half-way goes on.

use std::{collections::BTreeMap, sync::Arc};

use anyhow::{Context as _, Result, anyhow};
use ordercast_app::{context::Context, identity::factor};
use ordercast_model::{
    account::Account,
    community::{Channel, Community, Membership, Provider, ProviderStatus, Role},
    connection::{Connection, Health, Mode},
    follow::{Follow, FollowMode},
    ids::{ChannelId, CommunityId, ConnectionId, FollowId, ProviderId, UserId},
    instrument::AssetClass,
    journal::{entry::Actor, kind::Kind},
    limits::UserLimits,
    plan::Plan,
    ports::{
        broker::{Access, Broker},
        store::{Batch, SystemQuery, find_any},
    },
    signal::raw::Source,
    tenant::SystemScope,
    time::SessionZone,
    user::User,
};
use ordercast_sim::{
    cast::{self, GUILD, Manner, OWNER, PROVIDERS, VISITOR},
    discord::Snowflake,
};
use rust_decimal::Decimal;
use serde_json::json;

use super::people::{PEOPLE, Person};

/// Who owns the community.
pub const OWNER_NAME: &str = "Harbour";
const SETTING: SystemScope = SystemScope::housekeeping("the demo sets its own scene");

/// Sets the scene.
///
/// # Errors
/// When the store or the venue does not answer.
pub async fn set(ctx: &Context, broker: &Arc<dyn Broker>) -> Result<()> {
    let known = find_any::<User>(ctx.store.as_ref(), SETTING, SystemQuery::DemoUsers).await?;
    let providers = community(ctx, &known).await?;
    for person in PEOPLE {
        if !known.iter().any(|u| u.name == person.name) {
            follower(ctx, broker.as_ref(), person, &providers)
                .await
                .with_context(|| format!("demo follower {}", person.name))?;
        }
    }
    let first = PEOPLE.first().map(|p| p.name).unwrap_or_default();
    link(ctx, first, VISITOR).await?;
    link(ctx, OWNER_NAME, OWNER).await?;
    for user in find_any::<User>(ctx.store.as_ref(), SETTING, SystemQuery::DemoUsers).await? {
        factor::enrol_demo(ctx, &user)
            .await
            .with_context(|| format!("authenticator of {}", user.name))?;
    }
    Ok(())
}

/// Links a user with who it is in the simulated Discord, so that commands work at once.
async fn link(ctx: &Context, name: &str, person: Snowflake) -> Result<()> {
    let users = find_any::<User>(ctx.store.as_ref(), SETTING, SystemQuery::DemoUsers).await?;
    let unlinked = users
        .into_iter()
        .find(|u| u.name == name && u.discord_id.is_none());
    let Some(mut user) = unlinked else {
        return Ok(());
    };
    user.discord_id = Some(person.to_string());
    user.version += 1;
    let mut entry = ctx.entry(
        Kind::ProfileChanged,
        Actor::system("demo"),
        ("user", user.id.to_string()),
    );
    entry.user = Some(user.id);
    entry.after = Some(json!({ "discord_linked": true }));
    let mut batch = Batch::new();
    batch.note(entry);
    batch.update(user);
    ctx.commit(SETTING, batch).await?;
    Ok(())
}

fn user(ctx: &Context, name: &str) -> User {
    User {
        id: ctx.id::<UserId>(),
        version: 1,
        discord_id: None,
        name: name.to_owned(),
        plan: Plan::Premium,
        platform_admin: false,
        demo: true,
        created_at: ctx.now(),
    }
}

/// The community with its channels and providers, made when they are not there yet.
async fn community(ctx: &Context, known: &[User]) -> Result<(CommunityId, BTreeMap<Manner, ProviderId>)> {
    let found = find_any::<Community>(ctx.store.as_ref(), SETTING, SystemQuery::Communities).await?;
    let guild = GUILD.to_string();
    if let Some(community) = found.into_iter().find(|c| c.guild_id == guild) {
        let all = find_any::<Provider>(ctx.store.as_ref(), SETTING, SystemQuery::Providers).await?;
        let by_manner = PROVIDERS.iter().filter_map(|p| {
            let author = p.user.to_string();
            all.iter()
                .find(|row| row.authors.contains(&author))
                .map(|row| (p.manner, row.id))
        });
        return Ok((community.id, by_manner.collect()));
    }
    let owner = match known.iter().find(|u| u.name == OWNER_NAME) {
        Some(owner) => owner.clone(),
        None => user(ctx, OWNER_NAME),
    };
    let mut batch = Batch::new();
    let community = Community {
        id: ctx.id::<CommunityId>(),
        version: 1,
        guild_id: guild.clone(),
        name: "The Trading Floor".to_owned(),
        owner_id: owner.id,
        access: ordercast_model::community::Access::default(),
        caps: ordercast_model::limits::Caps::default(),
        pending: Vec::new(),
        staff_unlocks: false,
        created_at: ctx.now(),
    };
    let mut providers = BTreeMap::new();
    for cast in PROVIDERS {
        providers.insert(cast.manner, provider(ctx, &community, &cast, &mut batch));
    }
    batch.insert(Membership {
        community_id: community.id,
        user_id: owner.id,
        version: 1,
        role: Role::Owner,
        created_at: ctx.now(),
    });
    if !known.iter().any(|u| u.id == owner.id) {
        batch.insert(owner);
    }
    let id = community.id;
    batch.insert(community);
    ctx.commit(SETTING, batch).await?;
    Ok((id, providers))
}

/// A provider of the cast with the channel it posts in.
fn provider(ctx: &Context, community: &Community, cast: &cast::Provider, batch: &mut Batch) -> ProviderId {
    let source = Source::Discord {
        guild: community.guild_id.clone(),
        channel: cast.channel.to_string(),
    };
    let channel = Channel {
        id: ctx.id::<ChannelId>(),
        community_id: community.id,
        version: 1,
        source_key: source.key(),
        name: cast.channel_name.to_owned(),
        enabled: true,
        cursor: None,
        created_at: ctx.now(),
    };
    let provider = Provider {
        id: ctx.id::<ProviderId>(),
        community_id: community.id,
        version: 1,
        name: cast.name.to_owned(),
        about: cast.topic.to_owned(),
        status: ProviderStatus::Active,
        channels: vec![channel.id],
        authors: vec![cast.user.to_string()],
        roles: Vec::new(),
        sell_opens_short: false,
        profile: 0,
        created_at: ctx.now(),
    };
    let mut entry = ctx.entry(
        Kind::ProviderChanged,
        Actor::system("demo"),
        ("provider", provider.id.to_string()),
    );
    entry.community = Some(community.id);
    entry.after = Some(json!({ "name": provider.name, "status": provider.status }));
    batch.note(entry);
    let id = provider.id;
    batch.insert(channel);
    batch.insert(provider);
    id
}

async fn follower(
    ctx: &Context,
    broker: &dyn Broker,
    person: &Person,
    (community, providers): &(CommunityId, BTreeMap<Manner, ProviderId>),
) -> Result<()> {
    let user = user(ctx, person.name);
    let (connection, account) = connect(ctx, broker, &user, person).await?;
    let mut batch = Batch::new();
    batch.insert(Membership {
        community_id: *community,
        user_id: user.id,
        version: 1,
        // The visitor sees what an admin of the community sees.
        role: if PEOPLE.first().is_some_and(|p| p.name == person.name) {
            Role::Admin
        } else {
            Role::Trader
        },
        created_at: ctx.now(),
    });
    batch.insert(UserLimits {
        user_id: user.id,
        version: 1,
        limits: person.limits(),
        updated_at: ctx.now(),
        pending: Vec::new(),
    });
    for manner in person.follows {
        let provider = providers
            .get(manner)
            .ok_or_else(|| anyhow!("provider {manner:?} is not set up"))?;
        let mut follow = Follow::new(ctx.id::<FollowId>(), user.id, *provider, ctx.now());
        if let Some(sizing) = person.sizing() {
            follow.mode = FollowMode::Auto;
            follow.sizing = sizing;
            follow.copy_adds = *manner == Manner::Swings;
        }
        let mut entry = ctx.entry(
            Kind::FollowCreated,
            Actor::user(user.id),
            ("follow", follow.id.to_string()),
        );
        entry.user = Some(user.id);
        entry.after = Some(json!({ "provider_id": provider, "mode": follow.mode }));
        batch.note(entry);
        batch.insert(follow);
    }
    for (kind, object) in [
        (Kind::UserCreated, ("user", user.id.to_string())),
        (Kind::ConnectionCreated, ("connection", connection.id.to_string())),
    ] {
        let mut entry = ctx.entry(kind, Actor::system("demo"), object);
        entry.user = Some(user.id);
        batch.note(entry);
    }
    batch.insert(account);
    batch.insert(connection);
    batch.insert(user);
    ctx.commit(SETTING, batch).await?;
    Ok(())
}

async fn connect(
    ctx: &Context,
    broker: &dyn Broker,
    user: &User,
    person: &Person,
) -> Result<(Connection, Account)> {
    let id = ctx.id::<ConnectionId>();
    // A name of its own for each try: an account opened just before a crash is left behind, empty.
    let name = format!("{} {id}", person.name);
    let mut fields = broker.open_account(&name, Decimal::from(person.cash)).await?;
    let account_id = fields
        .remove("account")
        .ok_or_else(|| anyhow!("the venue named no account"))?
        .expose()
        .clone();
    let code = broker.capabilities().broker.clone();
    let access = Access {
        connection_id: id,
        account_id: account_id.clone(),
        mode: Mode::Paper,
        fields: fields.clone(),
    };
    let venue = broker.account(&access).await?;
    let mut credential = Vec::new();
    for (field, value) in &fields {
        credential.push(ctx.vault.seal(user.id, id, &code, field, value).await?);
    }
    let now = ctx.now();
    let zone = SessionZone::NewYork;
    let connection = Connection {
        id,
        user_id: user.id,
        version: 1,
        broker: code.clone(),
        mode: Mode::Paper,
        label: "Paper".to_owned(),
        account_id: account_id.clone(),
        credential,
        default_for: vec![AssetClass::Equity, AssetClass::Option, AssetClass::Crypto],
        zone,
        health: Health::Ok,
        health_reason: None,
        fills_cursor: None,
        created_at: now,
    };
    let account = Account::opened(&connection, &venue, now);
    Ok((connection, account))
}

/// The user a visitor of the demo is logged in as.
///
/// # Errors
/// When the store does not answer or the scene was not set.
pub async fn visitor(ctx: &Context) -> Result<User> {
    let users = find_any::<User>(ctx.store.as_ref(), SETTING, SystemQuery::DemoUsers).await?;
    let first = PEOPLE.first().map(|p| p.name).unwrap_or_default();
    users
        .into_iter()
        .find(|u| u.name == first)
        .ok_or_else(|| anyhow!("the demo trader {first} is not there"))
}
