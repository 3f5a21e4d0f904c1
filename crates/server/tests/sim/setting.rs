//! Who is there when a seed begins: a community with a channel and a provider, its staff, and followers whose accounts
//! differ by venue, limits, size and temper.

use ordercast_model::{
    community::{Provider, Role},
    follow::{FollowMode, Sizing, WhenClosed},
    instrument::AssetClass,
    limits::{Caps, Limits, LossAction},
    plan::Plan,
    ports::{
        broker::Dedupe,
        store::{Batch, Scope, commit},
        vault::Vault,
    },
    secret::Secret,
    tenant::SystemScope,
    time::Timestamp,
    user::User,
};
use ordercast_testkit::{
    sample::{person, tenant, trade},
    vault::FakeVault,
};
use rust_decimal::Decimal;

use crate::{
    market::SYMBOLS,
    sea::{Person, Sea},
    venue::{Ledger, Manner},
    wire,
};

/// What sets a venue apart.
#[derive(Debug, Clone, Copy)]
pub struct Port {
    pub code: &'static str,
    /// What it does about a client id that it has seen.
    pub dedupe: Dedupe,
    /// It holds stops and targets and swaps them as one.
    pub native: bool,
    /// It holds stops that follow the price.
    pub trails: bool,
}

pub const VENUES: [Port; 4] = [
    Port {
        code: "paper",
        dedupe: Dedupe::Always,
        native: true,
        trails: true,
    },
    Port {
        code: "harbour",
        dedupe: Dedupe::WhileOpen,
        native: true,
        trails: false,
    },
    Port {
        code: "island",
        dedupe: Dedupe::Never,
        native: true,
        trails: true,
    },
    Port {
        code: "cove",
        dedupe: Dedupe::Never,
        native: false,
        trails: false,
    },
];
pub const SYSTEM: SystemScope = SystemScope::housekeeping("a simulation looks at everything");

/// What an account begins with.
pub fn cash(account: usize) -> Decimal {
    Decimal::from([100_000_u32, 20_000, 6_000, 100_000, 50_000][account % 5])
}

/// The venue of an account; every seed has three of them or four.
fn port(account: usize, seed: u64) -> Port {
    VENUES[(account + usize::try_from(seed % 4).unwrap_or(0)) % VENUES.len()]
}

fn manner(account: usize, seed: u64) -> Manner {
    let port = port(account, seed);
    Manner {
        dedupe: port.dedupe,
        bounds_exits: account != 2,
        fee_cents: [0, 35, 0, 7, 0][account % 5],
    }
}

pub fn ledgers(accounts: usize, seed: u64) -> Vec<Ledger> {
    (0..accounts)
        .map(|n| Ledger::new(manner(n, seed), cash(n)))
        .collect()
}

/// Sets of limits.
const SETS: u8 = 6;
/// Sets of caps of the community.
pub const CAPS: u8 = 5;

/// The set that gives an account limits of this kind.
pub fn set_for(account: u8, kind: u8) -> u8 {
    (SETS + kind % SETS - account % SETS) % SETS
}

/// One of the sets of limits a user may choose.
pub fn limits(account: usize, set: u8) -> Limits {
    let mut limits = Limits {
        orders_per_minute: 120,
        orders_per_day: 2_000,
        opens_per_minute_per_provider: 120,
        daily_loss_pct: Decimal::from(20),
        breaker_pct: Decimal::from(25),
        ..Limits::default()
    };
    match (account + usize::from(set)) % usize::from(SETS) {
        0 => {}
        1 => {
            limits.positions_max = 2;
            limits.position_pct = Decimal::from(40);
        }
        2 => {
            limits.order_value_max = Some(Decimal::from(1_500));
            limits.per_symbol_max = 2;
            limits.position_pct = Decimal::from(50);
            limits.exposure_pct = Decimal::ONE_HUNDRED;
        }
        4 => {
            limits.position_pct = Decimal::from(50);
            limits.daily_loss_pct = Decimal::ONE;
        }
        5 => {
            limits.position_pct = Decimal::from(50);
            limits.daily_loss_action = LossAction::BlockOnly;
            limits.daily_loss_pct = Decimal::ONE;
            limits.breaker_pct = Decimal::TWO;
        }
        _ => {
            limits.positions_max = 1;
            limits.remainder_seconds = 20;
            limits.same_instrument_seconds = 1;
        }
    }
    limits
}

/// One of the sets of caps that a community's staff may choose.
pub fn caps(set: u8) -> Caps {
    let mut caps = Caps::default();
    match set % CAPS {
        1 => caps.position_pct = Some(Decimal::from(4)),
        2 => caps.order_value_max = Some(Decimal::from(500)),
        3 => caps.positions_max = Some(1),
        4 => {
            caps.deny_symbols = vec![SYMBOLS[0].0.to_owned()];
            caps.position_pct = Some(Decimal::from(8));
        }
        _ => {}
    }
    caps
}

pub fn provider() -> Provider {
    tenant::provider(1, tenant::community(1).id, "Caller")
}

/// Who may stop the provider, the community and the platform.
pub fn staff() -> User {
    let mut user = person::user(1);
    user.platform_admin = true;
    user
}

/// The followers of a seed.
pub async fn people(accounts: usize, seed: u64) -> Vec<Person> {
    let mut people = Vec::new();
    for (n, number) in (0..accounts).zip(1_u64..) {
        let mut user = person::user(10 + number);
        user.plan = Plan::Premium;
        user.discord_id = Some((10 + number).to_string());
        user.name = format!("Follower-{number}-of-the-simulation");
        let mut connection = trade::connection(number, user.id);
        let code = port(n, seed).code;
        code.clone_into(&mut connection.broker);
        connection.mode = wire::MODE;
        connection.account_id = format!("ACCOUNT-OF-FOLLOWER-{number}");
        connection.default_for = vec![AssetClass::Equity, AssetClass::Option, AssetClass::Crypto];
        let canary = format!("canary-{number}-must-not-sing");
        let secret = Secret::new(canary.clone());
        let sealed = FakeVault
            .seal(user.id, connection.id, code, "token", &secret)
            .await;
        connection.credential = vec![sealed.unwrap()];
        people.push(Person {
            user,
            connection,
            canary,
        });
    }
    people
}

/// Writes everybody down before anything begins.
pub async fn settle(sea: &Sea, start: Timestamp) {
    let community = tenant::community(1);
    let mut batch = Batch::new();
    batch.insert(staff());
    batch.insert(community.clone());
    batch.insert(tenant::channel(1, community.id));
    batch.insert(provider());
    let mut membership = tenant::membership(community.id, staff().id);
    membership.role = Role::Admin;
    batch.insert(membership);
    for (n, person) in sea.people.iter().enumerate() {
        follower(&mut batch, n, person, start);
        batch.insert(tenant::membership(community.id, person.user.id));
    }
    let answer = commit(sea.store.as_ref(), Scope::System(SYSTEM), batch.clone()).await;
    answer.unwrap();
    crate::oracle::watch::written(sea, &batch);
}

fn follower(batch: &mut Batch, n: usize, person: &Person, start: Timestamp) {
    let cash = cash(n);
    let mut account = trade::account(&person.connection);
    (account.cash, account.equity, account.buying_power) = (cash, cash, cash);
    (account.day_start_equity, account.day_high_equity) = (cash, cash);
    account.synced_at = start;
    let mut own = ordercast_testkit::sample::person::limits(person.user.id);
    own.limits = limits(n, 0);
    let mut follow = tenant::follow(n as u64 + 1, person.user.id, provider().id);
    follow.mode = FollowMode::Auto;
    follow.copy_adds = true;
    if n == 1 {
        follow.mode = FollowMode::Approve;
    }
    if n == 3 {
        follow.when_closed = WhenClosed::Skip;
    }
    follow.sizing = [
        Sizing::FixedQuantity {
            quantity: Decimal::from(6),
        },
        Sizing::PercentOfEquity {
            percent: Decimal::from(15),
        },
        Sizing::FixedQuantity {
            quantity: Decimal::from(9),
        },
        Sizing::default(),
        Sizing::FixedQuantity {
            quantity: Decimal::from(25),
        },
    ][n % 5];
    batch.insert(person.user.clone());
    batch.insert(account);
    batch.insert(person.connection.clone());
    batch.insert(own);
    batch.insert(follow);
}
