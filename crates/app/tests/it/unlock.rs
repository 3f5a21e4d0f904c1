//! Locks by a cap of a community, which its staff lifts where it demands that, and locks of the platform.

use ordercast_app::{
    desk::{DeskError, community},
    identity::Caller,
    mark,
    switch::SwitchError,
    unlock::{
        platform::{self, Hand},
        staff, unlock,
    },
};
use ordercast_model::{
    community::Role,
    journal::kind::Kind,
    limits::{Caps, Limits, SwitchKind},
    order::identity::Leg,
    ports::store::{Batch, JournalStore},
    user::User,
};
use rust_decimal::Decimal;

use crate::world::{Setup, World, fixed, seconds, stepped_up};

const DESK: u64 = 1;

fn wide(_: u64) -> Limits {
    Limits {
        daily_loss_pct: Decimal::from(20),
        breaker_pct: Decimal::from(25),
        position_pct: Decimal::from(50),
        ..Limits::default()
    }
}

/// Two followers of a community whose second member is an admin; the first holds five shares at 180.
async fn holding(caps: Caps, demands: bool) -> World {
    let mut world = World::new(Setup {
        followers: 2,
        sizing: fixed(5),
        limits: wide,
        ..Setup::default()
    })
    .await;
    let id = ordercast_testkit::sample::tenant::community(DESK).id;
    let mut member = ordercast_testkit::sample::tenant::membership(id, world.user(2).id);
    (member.role, member.version) = (Role::Admin, 2);
    let mut batch = Batch::new();
    batch.update(member);
    world.write(batch).await;
    let (admin, caller) = (world.user(2), Caller::default());
    let session = stepped_up(&world, &admin);
    let actor = (&admin, &session);
    community::set_caps(world.ctx(), actor, id, 1, caps, &caller)
        .await
        .unwrap();
    let set = community::set_staff_unlocks(world.ctx(), actor, id, 2, demands, &caller).await;
    assert_eq!(set.unwrap().staff_unlocks, demands);
    world.post("BUY AAPL @ 180 limit SL 100").await;
    for n in [1, 2] {
        world.fill(n, Leg::Entry, "5", "180").await;
    }
    world
}

async fn marked(world: &World) {
    mark::round(world.ctx()).await.unwrap();
    world.settle().await;
    world.pass(seconds(1)).await;
}

/// Entries of a kind in somebody's own journal, as their `after`.
async fn told(world: &World, user: &User, kind: Kind) -> Vec<serde_json::Value> {
    world.settle().await;
    let chained = world.store.chained(0, 10_000).await.unwrap();
    let own = chained
        .into_iter()
        .filter(|c| c.entry.kind == kind && c.entry.user == Some(user.id));
    own.map(|c| c.entry.after.unwrap_or_default()).collect()
}

#[tokio::test]
async fn rk_32_the_staff_unlocks_whom_its_cap_locked_where_it_demands_that() {
    let caps = Caps {
        breaker_pct: Some(Decimal::TWO),
        ..Caps::default()
    };
    let mut world = holding(caps, true).await;
    let (user, admin) = (world.user(1), world.user(2));
    let desk = ordercast_testkit::sample::tenant::community(DESK).id;
    let id = World::connection_id(1);
    world.quote("AAPL", "130");
    marked(&world).await;
    let reasons: Vec<String> = world
        .ctx()
        .switchboard
        .all()
        .into_iter()
        .map(|s| s.reason)
        .collect();
    let why = "Down 250.00 (2.5%) from 10,000.00 (limit of Desk 1): all positions closed, account locked";
    assert_eq!(reasons, [why, why]);
    let alarm = told(&world, &admin, Kind::AlertRaised).await;
    let words = format!(
        "{} was locked by the circuit breaker of Desk 1; unlock under Risk, Your communities",
        user.name
    );
    assert!(
        alarm.iter().any(|after| after["message"] == words.as_str()),
        "{alarm:?}"
    );
    for n in [1, 2] {
        world.fill(n, Leg::Flatten, "5", "130").await;
    }
    world.quote("TSLA", "100");
    world.post("BUY TSLA @ 100").await;
    let decision = world.decisions(1).await.pop().unwrap();
    let message = format!("{decision:?}");
    assert!(
        message.contains("ask the owner or an admin of Desk 1 to unlock it"),
        "{message}"
    );
    // The user waits in vain, and so does a stranger of the staff.
    world.pass(seconds(901)).await;
    let own = unlock(world.ctx(), &user, &stepped_up(&world, &user), id)
        .await
        .unwrap_err();
    assert!(own.to_string().contains("ask its owner or an admin"), "{own}");
    let caller = Caller::default();
    let trader = staff::list(world.ctx(), &user, desk).await.unwrap_err();
    assert!(matches!(trader, SwitchError::Forbidden), "{trader}");
    let elsewhere = ordercast_testkit::sample::tenant::community(2).id;
    let stranger = staff::list(world.ctx(), &admin, elsewhere).await.unwrap_err();
    assert!(matches!(stranger, SwitchError::NotFound), "{stranger}");
    let waiting = staff::list(world.ctx(), &admin, desk).await.unwrap();
    assert!(
        waiting
            .iter()
            .any(|one| one.connection == id && one.name == user.name && !one.again)
    );
    let bare = ordercast_testkit::sample::person::session(2, admin.id);
    let refused = staff::unlock(world.ctx(), (&admin, &bare), desk, id, &caller).await;
    assert!(matches!(refused, Err(SwitchError::Identity(_))), "{refused:?}");
    staff::unlock(
        world.ctx(),
        (&admin, &stepped_up(&world, &admin)),
        desk,
        id,
        &caller,
    )
    .await
    .unwrap();
    let on = world.ctx().switchboard.all();
    assert!(on.iter().all(|s| s.user_id != Some(user.id)), "{on:?}");
    let (own, staffs) = (
        told(&world, &user, Kind::RiskUnlocked).await,
        told(&world, &admin, Kind::RiskUnlocked).await,
    );
    assert_eq!(own.len(), 1);
    assert_eq!(own[0]["by"], admin.name.as_str());
    assert_eq!(staffs.len(), 1);
    assert_eq!(staffs[0]["whose"], user.name.as_str());
    world.post("BUY TSLA @ 100").await;
    assert_eq!(world.verdicts(1).await.pop().unwrap(), "placed");
}

/// The second trip of a day is not for the staff either, and a demand that is taken back frees whoever waits.
#[tokio::test]
async fn rk_32_a_demand_that_is_taken_back_lets_users_unlock_themselves() {
    let caps = Caps {
        breaker_pct: Some(Decimal::TWO),
        ..Caps::default()
    };
    let world = holding(caps, true).await;
    let (user, admin) = (world.user(1), world.user(2));
    let desk = ordercast_testkit::sample::tenant::community(DESK).id;
    world.quote("AAPL", "130");
    marked(&world).await;
    let caller = Caller::default();
    let early = staff::unlock(
        world.ctx(),
        (&admin, &stepped_up(&world, &admin)),
        desk,
        World::connection_id(1),
        &caller,
    )
    .await
    .unwrap_err();
    assert!(early.to_string().contains("it can be unlocked from"), "{early}");
    let bare = ordercast_testkit::sample::person::session(2, admin.id);
    let off = community::set_staff_unlocks(world.ctx(), (&admin, &bare), desk, 3, false, &caller).await;
    assert!(matches!(off, Err(DeskError::Identity(_))), "{off:?}");
    let proven = stepped_up(&world, &admin);
    let off = community::set_staff_unlocks(world.ctx(), (&admin, &proven), desk, 3, false, &caller).await;
    assert!(!off.unwrap().staff_unlocks);
    assert!(staff::list(world.ctx(), &admin, desk).await.unwrap().is_empty());
    world.pass(seconds(901)).await;
    unlock(
        world.ctx(),
        &user,
        &stepped_up(&world, &user),
        World::connection_id(1),
    )
    .await
    .unwrap();
}

#[tokio::test]
async fn rk_29_a_daily_loss_trips_at_the_cap_and_the_staff_is_told_without_figures() {
    let caps = Caps {
        daily_loss_pct: Some(Decimal::TWO),
        ..Caps::default()
    };
    let world = holding(caps, false).await;
    world.quote("AAPL", "130");
    marked(&world).await;
    let own = told(&world, &world.user(1), Kind::RiskDailyLossTripped).await;
    let message = own[0]["message"].as_str().unwrap();
    assert!(
        message.starts_with("Down 250.00 of 200.00 today (125%)"),
        "{message}"
    );
    assert!(message.ends_with("(limit of Desk 1)"), "{message}");
    assert_eq!(world.guards(1).await, ["close 5"], "the user's own action");
    let alarms = told(&world, &world.user(2), Kind::AlertRaised).await;
    let words = format!(
        "{} was stopped for today by the daily loss limit of Desk 1",
        world.user(1).name
    );
    let named: Vec<_> = alarms
        .iter()
        .filter(|after| after["message"] == words.as_str())
        .collect();
    assert_eq!(named.len(), 1, "{alarms:?}");
    marked(&world).await;
    assert_eq!(
        told(&world, &world.user(2), Kind::AlertRaised).await.len(),
        alarms.len()
    );
}

#[tokio::test]
async fn what_the_platform_locked_only_the_platform_unlocks() {
    let mut world = holding(Caps::default(), false).await;
    let (user, id) = (world.user(1), World::connection_id(1));
    let empty = platform::lock(world.ctx(), Hand::Operator, &user, " ")
        .await
        .unwrap_err();
    assert_eq!(
        empty.to_string(),
        "reason: expected why, in at most 200 characters"
    );
    for _ in 0..2 {
        let locks = platform::lock(world.ctx(), Hand::Operator, &user, "stolen password").await;
        assert_eq!(locks.unwrap().len(), 1, "safe to repeat");
    }
    assert_eq!(told(&world, &user, Kind::RiskLocked).await.len(), 1);
    world.quote("TSLA", "100");
    world.post("BUY TSLA @ 100").await;
    assert_eq!(world.verdicts(1).await.pop().unwrap(), "locked");
    world.pass(seconds(901)).await;
    let own = unlock(world.ctx(), &user, &stepped_up(&world, &user), id)
        .await
        .unwrap_err();
    assert_eq!(
        own.to_string(),
        "Locked by the operator; only a platform admin can unlock it"
    );
    let admin = User {
        platform_admin: true,
        ..world.user(2)
    };
    let nobody = platform::named(world.ctx(), &world.user(2), None, user.id).await;
    assert!(matches!(nobody, Err(SwitchError::NotFound)), "{nobody:?}");
    let bare = ordercast_testkit::sample::person::session(2, admin.id);
    let bare = platform::named(world.ctx(), &admin, Some(&bare), user.id).await;
    assert!(matches!(bare, Err(SwitchError::Identity(_))), "{bare:?}");
    let whose = platform::named(world.ctx(), &admin, Some(&stepped_up(&world, &admin)), user.id)
        .await
        .unwrap();
    let lifted = platform::unlock(world.ctx(), Hand::Admin(&admin), &whose, "asked on the phone").await;
    assert_eq!(lifted.unwrap().len(), 1);
    let again = platform::unlock(world.ctx(), Hand::Admin(&admin), &whose, "asked on the phone").await;
    assert!(again.unwrap().is_empty());
    let on = world.ctx().switchboard.all();
    assert!(on.iter().all(|s| s.kind != SwitchKind::Lock), "{on:?}");
    let unlocked = told(&world, &user, Kind::RiskUnlocked).await;
    assert_eq!(
        unlocked[0]["by"],
        format!("platform admin {}", admin.name).as_str()
    );
}
