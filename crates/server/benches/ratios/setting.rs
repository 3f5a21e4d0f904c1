//! Who takes part in a bench: a community, its owner, providers with as many followers as asked for, each with an account
//! at the venue and a Follow. Sets them up many at a time; starts nothing.

use anyhow::{Result, anyhow};
use futures::{StreamExt, stream};
use ordercast_app::context::Context;
use ordercast_model::{
    account::Account,
    community::{Channel, Community, Membership, Provider, ProviderStatus, Role},
    connection::{Connection, Health, Mode},
    follow::{Follow, FollowMode, Sizing},
    ids::{CommunityId, ProviderId},
    instrument::AssetClass,
    limits::{Caps, Limits, UserLimits},
    plan::Plan,
    ports::{
        broker::{Access, Broker},
        store::Batch,
    },
    tenant::SystemScope,
    time::SessionZone,
    user::User,
};
use ordercast_rules::chain;
use rust_decimal::Decimal;

use crate::post::{GUILD, QUANTITY, author, source};

const SETTING: SystemScope = SystemScope::housekeeping("a bench sets its scene");
/// Accounts that are opened at the same time.
const ABREAST: usize = 64;
/// Followers written down in one transaction.
const TOGETHER: usize = 100;

/// Limits that refuse nobody for being fast, and no signal for the slowness of a machine.
pub(crate) fn unhurried() -> Limits {
    const PLENTY: u32 = 100_000;
    Limits {
        orders_per_minute: PLENTY,
        orders_per_day: PLENTY,
        opens_per_minute_per_provider: PLENTY,
        positions_max: PLENTY,
        per_symbol_max: PLENTY,
        same_instrument_seconds: 0,
        open_age_seconds: 3_600,
        ..Limits::default()
    }
}

/// One who follows a provider.
pub(crate) struct Follower {
    /// Number of the provider.
    pub(crate) provider: usize,
    pub(crate) user: User,
    pub(crate) connection: Connection,
}

/// Everybody.
pub(crate) struct People {
    pub(crate) community: CommunityId,
    /// May stop the community.
    pub(crate) owner: User,
    pub(crate) followers: Vec<Follower>,
}

/// Sets them all up: for each number a provider with so many followers.
pub(crate) async fn set(
    ctx: &Context,
    broker: &dyn Broker,
    crowds: &[usize],
    limits: &Limits,
) -> Result<People> {
    let owner = user(ctx, "Owner".to_owned());
    let community = Community {
        id: ctx.id(),
        version: 1,
        guild_id: GUILD.to_owned(),
        name: "Bench".to_owned(),
        owner_id: owner.id,
        access: ordercast_model::community::Access::default(),
        caps: Caps::default(),
        pending: Vec::new(),
        staff_unlocks: false,
        created_at: ctx.now(),
    };
    let id = community.id;
    let mut batch = Batch::new();
    batch.note(chain::genesis(ctx.id(), ctx.now(), "bench", &"0".repeat(64)));
    batch.insert(community);
    batch.insert(member(id, &owner, Role::Owner));
    batch.insert(owner.clone());
    ctx.commit(SETTING, batch).await?;
    let mut followers = Vec::with_capacity(crowds.iter().sum());
    for (n, crowd) in crowds.iter().enumerate() {
        let followed = provider(ctx, id, n).await?;
        let joining = (0..*crowd).map(|m| join(ctx, broker, (n, m), (id, followed), limits));
        let mut joined = stream::iter(joining).buffered(ABREAST).chunks(TOGETHER);
        while let Some(some) = joined.next().await {
            let mut batch = Batch::new();
            for one in some {
                let (follower, rows) = one?;
                batch.changes.extend(rows.changes);
                followers.push(follower);
            }
            ctx.commit(SETTING, batch).await?;
        }
    }
    Ok(People {
        community: id,
        owner,
        followers,
    })
}

fn user(ctx: &Context, name: String) -> User {
    User {
        id: ctx.id(),
        version: 1,
        discord_id: None,
        name,
        plan: Plan::Premium,
        platform_admin: false,
        demo: true,
        created_at: ctx.now(),
    }
}

fn member(community_id: CommunityId, user: &User, role: Role) -> Membership {
    Membership {
        community_id,
        user_id: user.id,
        version: 1,
        role,
        created_at: user.created_at,
    }
}

/// A provider with a channel of its own.
async fn provider(ctx: &Context, community_id: CommunityId, n: usize) -> Result<ProviderId> {
    let now = ctx.now();
    let channel = Channel {
        id: ctx.id(),
        community_id,
        version: 1,
        source_key: source(n).key(),
        name: format!("calls-{n}"),
        enabled: true,
        cursor: None,
        created_at: now,
    };
    let provider = Provider {
        id: ctx.id(),
        community_id,
        version: 1,
        name: format!("Provider {n}"),
        about: String::new(),
        status: ProviderStatus::Active,
        channels: vec![channel.id],
        authors: vec![author(n)],
        roles: Vec::new(),
        sell_opens_short: false,
        profile: 0,
        created_at: now,
    };
    let id = provider.id;
    let mut batch = Batch::new();
    batch.insert(channel);
    batch.insert(provider);
    ctx.commit(SETTING, batch).await?;
    Ok(id)
}

/// One follower with an account at the venue, and the rows to be written.
async fn join(
    ctx: &Context,
    broker: &dyn Broker,
    (provider, n): (usize, usize),
    (community, followed): (CommunityId, ProviderId),
    limits: &Limits,
) -> Result<(Follower, Batch)> {
    let now = ctx.now();
    let user = user(ctx, format!("Follower {provider}-{n}"));
    let (connection, account) = connect(ctx, broker, &user).await?;
    let mut follow = Follow::new(ctx.id(), user.id, followed, now);
    follow.mode = FollowMode::Auto;
    follow.sizing = Sizing::FixedQuantity {
        quantity: Decimal::from(QUANTITY),
    };
    let mut batch = Batch::new();
    batch.insert(member(community, &user, Role::Trader));
    batch.insert(UserLimits {
        user_id: user.id,
        version: 1,
        limits: limits.clone(),
        updated_at: now,
        pending: Vec::new(),
    });
    batch.insert(follow);
    batch.insert(account);
    batch.insert(connection.clone());
    batch.insert(user.clone());
    let follower = Follower {
        provider,
        user,
        connection,
    };
    Ok((follower, batch))
}

async fn connect(ctx: &Context, broker: &dyn Broker, user: &User) -> Result<(Connection, Account)> {
    let id = ctx.id();
    let mut fields = broker.open_account(&user.name, Decimal::from(1_000_000)).await?;
    let account_id = fields
        .remove("account")
        .ok_or_else(|| anyhow!("the venue named no account"))?
        .expose()
        .clone();
    let access = Access {
        connection_id: id,
        account_id: account_id.clone(),
        mode: Mode::Paper,
        fields: fields.clone(),
    };
    let venue = broker.account(&access).await?;
    let mut credential = Vec::new();
    for (field, value) in &fields {
        credential.push(ctx.vault.seal(user.id, id, "paper", field, value).await?);
    }
    let (now, zone) = (ctx.now(), SessionZone::NewYork);
    let connection = Connection {
        id,
        user_id: user.id,
        version: 1,
        broker: "paper".to_owned(),
        mode: Mode::Paper,
        label: "Paper".to_owned(),
        account_id: account_id.clone(),
        credential,
        default_for: vec![AssetClass::Equity],
        zone,
        health: Health::Ok,
        health_reason: None,
        fills_cursor: None,
        created_at: now,
    };
    let account = Account::opened(&connection, &venue, now);
    Ok((connection, account))
}
