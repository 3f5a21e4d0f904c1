//! Limits that are to be loosened (PRODUCT section 3): tightening holds at once, loosening needs a step-up and ten
//! minutes, by the clock and not by a timer; a restart loses nothing and hurries nothing.

use ordercast_app::{
    desk::{DeskError, loosening, risk},
    identity::{Caller, IdentityError},
};
use ordercast_model::{
    limits::{Limits, UserLimits},
    ports::{
        clock::Clock,
        store::{JournalStore, get},
    },
    tenant::TenantScope,
};
use ordercast_testkit::sample::person;
use rust_decimal::Decimal;

use crate::world::{Setup, World, fixed, seconds, stepped_up};

async fn now(world: &World) -> UserLimits {
    risk::limits(world.ctx(), &world.user(1)).await.unwrap()
}

async fn stored(world: &World) -> UserLimits {
    let user = world.user(1);
    let row = get(
        world.store.as_ref(),
        &TenantScope::of_user(&user),
        &user.id.to_string(),
    )
    .await;
    row.unwrap().unwrap()
}

/// Sets limits changed from those in force; stepped up or not.
async fn set(world: &World, proven: bool, change: impl FnOnce(&mut Limits)) -> Result<UserLimits, DeskError> {
    let (user, before) = (world.user(1), now(world).await);
    let mut wanted = before.limits;
    change(&mut wanted);
    let session = if proven {
        stepped_up(world, &user)
    } else {
        person::session(1, user.id)
    };
    risk::set_limits(
        world.ctx(),
        &user,
        &session,
        before.version,
        wanted,
        &Caller::default(),
    )
    .await
}

/// `after` of every change of limits.
async fn told(world: &World) -> Vec<serde_json::Value> {
    world.settle().await;
    let all = world.store.chained(0, 10_000).await.unwrap();
    let own = all.iter().filter(|c| c.entry.kind.code() == "risk.limit_changed");
    own.map(|c| c.entry.after.clone().unwrap()).collect()
}

fn pct(n: u32) -> Decimal {
    Decimal::from(n)
}

#[tokio::test]
async fn a_looser_limit_needs_a_step_up_and_a_tighter_one_does_not() {
    let world = World::new(Setup::default()).await;
    let refused = set(&world, false, |l| {
        l.position_pct = pct(20);
        l.exposure_pct = pct(50);
    })
    .await;
    assert_eq!(
        refused,
        Err(DeskError::Identity(IdentityError::StepUp { enrolled: false }))
    );
    assert_eq!(
        now(&world).await.limits,
        Limits::default(),
        "nothing of it is done"
    );
    let tighter = set(&world, false, |l| l.exposure_pct = pct(50)).await.unwrap();
    assert_eq!(tighter.limits.exposure_pct, pct(50));
    let both = set(&world, true, |l| {
        l.position_pct = pct(20);
        l.exposure_pct = pct(40);
    })
    .await
    .unwrap();
    assert_eq!(
        (both.limits.position_pct, both.limits.exposure_pct),
        (pct(10), pct(40))
    );
    assert_eq!(both.pending.len(), 1);
    assert_eq!(both.pending[0].due_at, world.clock.now().plus(seconds(600)));
}

#[tokio::test]
async fn orders_are_cut_by_the_old_limit_until_the_instant_also_without_a_timer() {
    let mut world = World::new(Setup {
        sizing: fixed(100),
        ..Setup::default()
    })
    .await;
    set(&world, true, |l| {
        l.position_pct = pct(20);
        l.per_symbol_max = 5;
    })
    .await
    .unwrap();
    world.quote("MSFT", "100");
    // The program is away until the last second before.
    world.leap(seconds(598)).await;
    world.post("BUY MSFT @ 100").await;
    assert_eq!(world.entries(1).await[0].request.quantity.to_string(), "10");
    // It stands still meanwhile: no timer writes anything down.
    world.kill_process().await;
    world.clock.jump_to(world.clock.now().plus(seconds(3)));
    assert_eq!(
        stored(&world).await.limits.position_pct,
        pct(10),
        "nobody wrote it down"
    );
    world.start().await;
    world.quote("TSLA", "100");
    world.post("BUY TSLA @ 100").await;
    assert_eq!(world.entries(1).await[1].request.quantity.to_string(), "20");
    world.pass(seconds(3)).await;
    let row = stored(&world).await;
    assert_eq!((row.limits.position_pct, row.pending.len()), (pct(20), 0));
    let after = told(&world).await;
    assert_eq!(after.len(), 2, "asked, and in force");
    assert_eq!(after[0]["asked"][0]["limit"], "position_pct");
    assert_eq!(after[1]["applied"][0]["to"], "20");
}

#[tokio::test]
async fn the_timer_writes_it_down_and_tells_once() {
    let world = World::new(Setup::default()).await;
    set(&world, true, |l| l.breaker_pct = pct(20)).await.unwrap();
    world.pass(seconds(599)).await;
    assert_eq!(now(&world).await.limits.breaker_pct, pct(8));
    assert_eq!(told(&world).await.len(), 1);
    world.pass(seconds(4)).await;
    assert_eq!(stored(&world).await.limits.breaker_pct, pct(20));
    assert_eq!(told(&world).await.len(), 2);
    world.pass(seconds(60)).await;
    assert_eq!(told(&world).await.len(), 2);
}

#[tokio::test]
async fn tightening_voids_what_is_pending_and_asking_again_does_not_start_over() {
    let world = World::new(Setup::default()).await;
    let asked = set(&world, true, |l| {
        l.position_pct = pct(20);
        l.drift_pct.equity = pct(2);
    })
    .await
    .unwrap();
    world.pass(seconds(300)).await;
    let again = set(&world, true, |l| l.position_pct = pct(20)).await.unwrap();
    assert_eq!(again, asked, "the same wish, and a limit sent as it stands");
    let other = set(&world, true, |l| l.position_pct = pct(15)).await.unwrap();
    let due = |row: &UserLimits, limit: &str| row.pending.iter().find(|p| p.limit == limit).map(|p| p.due_at);
    assert_eq!(due(&other, "drift_pct.equity"), due(&asked, "drift_pct.equity"));
    assert!(
        due(&other, "position_pct") > due(&asked, "position_pct"),
        "another wish begins anew"
    );
    let tight = set(&world, false, |l| l.position_pct = pct(5)).await.unwrap();
    assert_eq!(due(&tight, "position_pct"), None);
    world.pass(seconds(700)).await;
    let row = now(&world).await;
    assert_eq!(
        (row.limits.position_pct, row.limits.drift_pct.equity),
        (pct(5), pct(2))
    );
}

#[tokio::test]
async fn what_was_asked_may_be_taken_back_until_it_is_in_force() {
    let world = World::new(Setup::default()).await;
    let user = world.user(1);
    set(&world, true, |l| {
        l.position_pct = pct(20);
        l.allow_short = true;
    })
    .await
    .unwrap();
    let caller = Caller::default();
    let left = loosening::withdraw(world.ctx(), &user, "allow_short", &caller)
        .await
        .unwrap();
    assert_eq!(left.pending.len(), 1);
    for limit in ["allow_short", "breaker_pct", "nothing"] {
        let gone = loosening::withdraw(world.ctx(), &user, limit, &caller).await;
        assert_eq!(gone, Err(DeskError::NotFound), "{limit}");
    }
    world.pass(seconds(610)).await;
    let late = loosening::withdraw(world.ctx(), &user, "position_pct", &caller).await;
    assert_eq!(late, Err(DeskError::NotFound));
    let row = now(&world).await;
    assert_eq!(
        (row.limits.allow_short, row.limits.position_pct),
        (false, pct(20))
    );
}

#[tokio::test]
async fn the_version_a_caller_knows_is_that_of_what_is_written_down() {
    let world = World::new(Setup::default()).await;
    let asked = set(&world, true, |l| l.position_pct = pct(20)).await.unwrap();
    world.pass(seconds(610)).await;
    let (user, wanted) = (world.user(1), Limits::default());
    let session = stepped_up(&world, &user);
    let old = risk::set_limits(
        world.ctx(),
        &user,
        &session,
        asked.version,
        wanted,
        &Caller::default(),
    )
    .await;
    assert!(matches!(old, Err(DeskError::Version { .. })), "{old:?}");
}
