//! Kill with flatten and freeze, a tripped daily loss, the breaker: what is held is closed once, also when the process
//! dies half-way, and never turned around.

use ordercast_app::{
    mark,
    switch::{Also, SwitchError, kill, lift, resume},
    unlock::unlock,
};
use ordercast_model::{
    limits::{Limits, LossAction, SwitchKind, SwitchScope},
    money::Quantity,
    order::{identity::Leg, intent::Order, state::OrderState},
    ports::broker::VenueState,
    ports::{
        clock::Clock,
        store::{Batch, JournalStore},
    },
    time::Timestamp,
    user::User,
};
use rust_decimal::Decimal;

use crate::{
    spy::Death,
    world::{MOMENT, Setup, World, dec, fixed, seconds, stepped_up, units},
};

const FLATTEN: Also = Also {
    flatten: true,
    freeze: false,
};
const FREEZE: Also = Also {
    flatten: false,
    freeze: true,
};

async fn stop(world: &World, actor: &User, scope: SwitchScope, also: Also) {
    kill(world.ctx(), actor, scope, "enough".to_owned(), also)
        .await
        .unwrap();
    world.settle().await;
    world.pass(MOMENT).await;
}

fn admin() -> User {
    let mut admin = ordercast_testkit::sample::person::user(1);
    admin.platform_admin = true;
    admin
}

async fn closes(world: &World, n: u64) -> Vec<Order> {
    let all = world.orders(n).await;
    all.into_iter().filter(|o| o.leg == Leg::Flatten).collect()
}

/// Messages of one kind of entry, in order.
async fn told(world: &World, kind: &str) -> Vec<String> {
    let chained = world.store.chained(0, 10_000).await.unwrap();
    let own = chained.iter().filter(|c| c.entry.kind.code() == kind);
    own.map(|c| {
        let after = c.entry.after.clone().unwrap_or_default();
        after["message"].as_str().unwrap_or_default().to_owned()
    })
    .collect()
}

/// Ten shares of AAPL with a stop, and an entry for MSFT that works.
async fn holding(setup: Setup) -> World {
    let mut world = World::new(Setup {
        sizing: fixed(5),
        ..setup
    })
    .await;
    world.quote("MSFT", "100");
    world.post("BUY AAPL @ 180 limit SL 170").await;
    world.fill(1, Leg::Entry, "5", "180").await;
    world.post("BUY MSFT @ 100 limit").await;
    assert_eq!(world.guards(1).await, ["stop 5 @ 170"]);
    world
}

#[tokio::test]
async fn a_kill_with_flatten_cancels_entries_and_closes_what_is_held() {
    let world = holding(Setup::default()).await;
    let user = world.user(1);
    stop(&world, &user, SwitchScope::User(user.id), FLATTEN).await;
    assert_eq!(
        world.guards(1).await,
        ["close 5"],
        "protection made room for one close"
    );
    let entry = world.entries(1).await.remove(1);
    assert_eq!(entry.state, OrderState::Cancelled);
    // Asked again, and looked at again and again: no second close.
    stop(&world, &user, SwitchScope::User(user.id), FLATTEN).await;
    world.pass(seconds(10)).await;
    assert_eq!(world.guards(1).await, ["close 5"]);
    world.fill(1, Leg::Flatten, "5", "179").await;
    world.pass(seconds(10)).await;
    assert!(world.positions(1).await.is_empty());
    assert!(world.working(1).is_empty());
    assert_eq!(closes(&world, 1).await.len(), 1);
    let entries = world.store.chained(0, 10_000).await.unwrap();
    let set: Vec<_> = entries
        .iter()
        .filter(|c| c.entry.kind.code() == "kill.set")
        .collect();
    let after = set
        .iter()
        .filter_map(|c| c.entry.after.as_ref())
        .next_back()
        .unwrap();
    assert_eq!(
        (&after["cancelled"]["count"], &after["closing"]["count"]),
        (&1.into(), &2.into()),
        "{after}"
    );
    assert_eq!(set[0].entry.reason.as_deref(), Some("enough"));
    world.audit().await;
}

#[tokio::test]
async fn invariant_07_a_death_in_a_flatten_sells_nothing_twice_and_finishes() {
    let mut deaths = 0;
    for n in 1..40 {
        let (mut before, mut after) = (true, true);
        for (death, reached) in [(Death::Before(n), &mut before), (Death::After(n), &mut after)] {
            let mut world = holding(Setup::default()).await;
            world.watch.die(death);
            let (ctx, user) = (world.ctx().clone(), world.user(1));
            let scope = SwitchScope::User(user.id);
            let killing = tokio::spawn(async move {
                let _ = kill(&ctx, &user, scope, "enough".to_owned(), FLATTEN).await;
            });
            world.settle().await;
            world.pass(seconds(3)).await;
            *reached = world.watch.is_dead();
            killing.abort();
            world.crash_and_restart().await;
            let user = world.user(1);
            stop(&world, &user, SwitchScope::User(user.id), FLATTEN).await;
            world.pass(seconds(70)).await;
            let working = world.working(1);
            let sold: Quantity = working
                .iter()
                .filter(|o| o.client_order_id.as_str().starts_with("oc-"))
                .fold(Quantity::ZERO, |sum, o| sum.plus(o.quantity).unwrap());
            assert_eq!(sold, units("5"), "{death:?}: {:?}", world.guards(1).await);
            world.fill(1, Leg::Flatten, "5", "179").await;
            world.pass(seconds(10)).await;
            let (_, held) = world.venue.holdings(World::connection_id(1));
            assert!(held.iter().all(|h| h.quantity.is_zero()), "{death:?}: {held:?}");
            assert!(world.working(1).is_empty(), "{death:?}");
            world.audit().await;
        }
        if !before && !after {
            break;
        }
        deaths += 1;
    }
    assert!(deaths > 5, "{deaths}");
}

#[tokio::test]
async fn a_close_that_is_refused_is_tried_again_and_what_is_left_is_told() {
    let world = holding(Setup::default()).await;
    let user = world.user(1);
    stop(&world, &user, SwitchScope::User(user.id), FLATTEN).await;
    for _ in 0..5 {
        let close = closes(&world, 1).await.pop().unwrap();
        let id = close.client_order_id().clone();
        assert!(
            world
                .venue
                .end(World::connection_id(1), &id, VenueState::Cancelled, "halted")
        );
        world.pass(seconds(64)).await;
    }
    assert_eq!(closes(&world, 1).await.len(), 6);
    let left = told(&world, "alert.raised").await;
    assert_eq!(left.len(), 1, "{left:?}");
    assert!(left[0].starts_with("5 AAPL could not be closed yet"), "{left:?}");
    // Half of it fills, then it ends: the rest is closed, no more.
    world.fill(1, Leg::Flatten, "2", "179").await;
    let id = closes(&world, 1).await.pop().unwrap().client_order_id().clone();
    assert!(
        world
            .venue
            .end(World::connection_id(1), &id, VenueState::Cancelled, "halted")
    );
    world.pass(seconds(10)).await;
    assert_eq!(world.guards(1).await, ["close 3"]);
    world.fill(1, Leg::Flatten, "3", "179").await;
    world.pass(seconds(5)).await;
    assert!(world.positions(1).await.is_empty());
}

#[tokio::test]
async fn in_a_closed_market_the_close_waits_for_the_open_and_says_so() {
    let open = "2026-11-30T14:30:00Z".parse().unwrap();
    let start: ordercast_model::time::Timestamp = open;
    let mut world = holding(Setup {
        start: start.minus(seconds(400)),
        ..Setup::default()
    })
    .await;
    world.close_until("AAPL", open);
    let user = world.user(1);
    stop(&world, &user, SwitchScope::User(user.id), FLATTEN).await;
    assert_eq!(
        world.guards(1).await,
        ["stop 5 @ 170"],
        "protected until the open"
    );
    let said = told(&world, "alert.raised").await;
    assert_eq!(
        said,
        ["Market closed; closing 5 AAPL is queued for Mon 2026-11-30 09:30 ET"]
    );
    world.crash_and_restart().await;
    world.pass(seconds(300)).await;
    assert_eq!(closes(&world, 1).await.len(), 1);
    world.open_session("AAPL");
    world.pass(seconds(120)).await;
    assert_eq!(world.guards(1).await, ["close 5"]);
    world.fill(1, Leg::Flatten, "5", "179").await;
    world.pass(seconds(5)).await;
    assert!(world.positions(1).await.is_empty());
}

#[tokio::test]
async fn a_close_waits_on_while_the_halt_it_waits_for_goes_on() {
    let start: ordercast_model::time::Timestamp = "2026-11-30T15:00:00Z".parse().unwrap();
    let world = holding(Setup {
        start,
        ..Setup::default()
    })
    .await;
    world.close_until("AAPL", start.plus(seconds(300)));
    let user = world.user(1);
    stop(&world, &user, SwitchScope::User(user.id), FLATTEN).await;
    world.pass(seconds(60)).await;
    world.close_until("AAPL", start.plus(seconds(900)));
    world.pass(seconds(600)).await;
    let close = closes(&world, 1).await.remove(0);
    assert_eq!(close.state.code(), "queued", "{:?}", close.message);
    assert_eq!(world.guards(1).await, ["stop 5 @ 170"]);
    world.pass(seconds(240)).await;
    world.open_session("AAPL");
    world.pass(seconds(60)).await;
    assert_eq!(world.guards(1).await, ["close 5"]);
}

#[tokio::test]
async fn a_freeze_stops_closes_and_protection_until_it_is_lifted() {
    let mut world = holding(Setup::default()).await;
    let user = world.user(1);
    for (scope, also) in [
        (SwitchScope::User(user.id), FREEZE),
        (
            SwitchScope::Platform,
            Also {
                flatten: true,
                freeze: true,
            },
        ),
    ] {
        let refused = kill(world.ctx(), &admin(), scope, String::new(), also).await;
        assert!(
            matches!(refused, Err(SwitchError::Invalid { field: "freeze", .. })),
            "{refused:?}"
        );
    }
    stop(&world, &admin(), SwitchScope::Platform, FREEZE).await;
    let sends = world.venue.sends();
    world.post("close AAPL").await;
    world.pass(seconds(5)).await;
    assert_eq!(world.guards(1).await, ["stop 5 @ 170"]);
    world.crash_and_restart().await;
    world
        .reply(
            &world.message("1001", ordercast_model::signal::raw::RevisionKind::New, ""),
            "SL 175",
        )
        .await;
    world.pass(seconds(5)).await;
    assert_eq!(world.guards(1).await, ["stop 5 @ 170"], "no byte leaves");
    assert_eq!(world.venue.sends(), sends);
    let position = world.positions(1).await.remove(0);
    let hand =
        ordercast_app::manual::close_position(world.ctx(), &user, position.id, Decimal::ONE_HUNDRED).await;
    assert!(hand.unwrap_err().to_string().contains("stopped by"));
    lift(
        world.ctx(),
        &admin(),
        &stepped_up(&world, &admin()),
        SwitchScope::Platform,
        "the venue answers again".to_owned(),
    )
    .await
    .unwrap();
    world.pass(seconds(5)).await;
    ordercast_app::manual::close_position(world.ctx(), &user, position.id, Decimal::ONE_HUNDRED)
        .await
        .unwrap();
    world.pass(MOMENT).await;
    assert_eq!(world.guards(1).await, ["close 5"]);
}

async fn marked(world: &World) {
    // One point of the equity curve a second.
    world.pass(seconds(1)).await;
    mark::round(world.ctx()).await.unwrap();
    world.settle().await;
    world.pass(MOMENT).await;
}

#[tokio::test]
async fn a_tripped_daily_loss_flattens_or_only_blocks_as_the_user_chose() {
    type Set = fn(u64) -> Limits;
    let rows: [(Set, &[&str]); 2] = [
        (
            |_| Limits {
                daily_loss_pct: Decimal::ONE,
                ..Limits::default()
            },
            &["close 5"],
        ),
        (
            |_| Limits {
                daily_loss_pct: Decimal::ONE,
                daily_loss_action: LossAction::BlockOnly,
                ..Limits::default()
            },
            &["stop 5 @ 170"],
        ),
    ];
    for (limits, guards) in rows {
        let mut world = holding(Setup {
            limits,
            ..Setup::default()
        })
        .await;
        world.quote("AAPL", "160");
        marked(&world).await;
        marked(&world).await;
        assert_eq!(world.guards(1).await, guards);
        assert_eq!(told(&world, "risk.daily_loss_tripped").await.len(), 1);
        world.quote("TSLA", "100");
        world.post("BUY TSLA @ 100").await;
        assert_eq!(world.verdicts(1).await[2], "RK-05");
        if guards == ["close 5"] {
            world.crash_and_restart().await;
            world.fill(1, Leg::Flatten, "5", "160").await;
            marked(&world).await;
            marked(&world).await;
            assert!(world.positions(1).await.is_empty());
            assert_eq!(world.account(1).await.flatten, None);
            assert_eq!(closes(&world, 1).await.len(), 1);
        }
    }
}

fn loose(_: u64) -> Limits {
    Limits {
        daily_loss_pct: Decimal::from(20),
        breaker_pct: Decimal::from(2),
        position_pct: Decimal::from(50),
        ..Limits::default()
    }
}

#[tokio::test]
async fn ac_09_the_breaker_closes_and_locks_and_is_unlocked_in_its_time() {
    let mut world = holding(Setup {
        limits: loose,
        ..Setup::default()
    })
    .await;
    let mut batch = Batch::new();
    batch.insert(User {
        id: ordercast_testkit::sample::id(77),
        ..admin()
    });
    world.write(batch).await;
    world.quote("AAPL", "130");
    marked(&world).await;
    marked(&world).await;
    assert_eq!(world.guards(1).await, ["close 5"]);
    assert_eq!(world.entries(1).await[1].state, OrderState::Cancelled);
    assert_eq!(told(&world, "risk.breaker_tripped").await.len(), 1);
    let alarms = told(&world, "alert.raised").await;
    assert!(
        alarms[0].contains("Down 250.00 (2.5%) from 10,000.00: all positions closed, account locked"),
        "{alarms:?}"
    );
    world.crash_and_restart().await;
    world.fill(1, Leg::Flatten, "5", "130").await;
    world.quote("TSLA", "100");
    world.post("BUY TSLA @ 100").await;
    assert_eq!(world.verdicts(1).await[2], "locked");
    let (user, id) = (world.user(1), World::connection_id(1));
    let session = stepped_up(&world, &user);
    for scope in [SwitchScope::Connection(id), SwitchScope::User(user.id)] {
        lift(world.ctx(), &user, &session, scope.clone(), String::new())
            .await
            .unwrap();
        resume(world.ctx(), &user, scope).await.unwrap();
    }
    let locks = world.ctx().switchboard.all();
    assert!(
        locks.iter().any(|s| s.kind == SwitchKind::Lock),
        "neither lifts a lock: {locks:?}"
    );
    world.pass(seconds(600)).await;
    let bare = ordercast_testkit::sample::person::session(1, user.id);
    let early = unlock(world.ctx(), &user, &bare, id).await.unwrap_err();
    assert!(early.to_string().contains("it can be unlocked from"), "{early}");
    world.pass(seconds(301)).await;
    let bare = unlock(world.ctx(), &user, &session, id).await.unwrap_err();
    assert!(
        matches!(bare, SwitchError::Identity(_)),
        "the step-up ran out: {bare}"
    );
    unlock(world.ctx(), &user, &stepped_up(&world, &user), id)
        .await
        .unwrap();
    marked(&world).await;
    assert!(world.ctx().switchboard.all().is_empty(), "measured anew");
    world.post("BUY AAPL @ 130 limit SL 100").await;
    world.fill(1, Leg::Entry, "5", "130").await;
    world.quote("AAPL", "80");
    marked(&world).await;
    assert_eq!(world.guards(1).await, ["close 5"]);
    world.fill(1, Leg::Flatten, "5", "80").await;
    world.pass(seconds(1_000)).await;
    let second = unlock(world.ctx(), &user, &stepped_up(&world, &user), id)
        .await
        .unwrap_err();
    assert!(second.to_string().contains("second time today"), "{second}");
    let stranger = ordercast_testkit::sample::person::user(2);
    assert!(matches!(
        unlock(world.ctx(), &stranger, &stepped_up(&world, &stranger), id).await,
        Err(SwitchError::NotFound)
    ));
    unlock(world.ctx(), &admin(), &stepped_up(&world, &admin()), id)
        .await
        .unwrap();
    assert!(world.ctx().switchboard.all().is_empty());
}

#[tokio::test]
async fn a_withdrawal_is_no_loss_and_a_deposit_no_gain() {
    for cash in [-5_000, 5_000] {
        let world = holding(Setup {
            limits: loose,
            ..Setup::default()
        })
        .await;
        let id = World::connection_id(1);
        let (now, _) = world.venue.holdings(id);
        world.venue.set_cash(id, now + Decimal::from(cash));
        world.pass(seconds(65)).await;
        let account = world.account(1).await;
        assert_eq!(account.day_high_equity, dec("10000") + Decimal::from(cash));
        marked(&world).await;
        assert!(world.ctx().switchboard.all().is_empty());
        world.quote("AAPL", "179");
        marked(&world).await;
        assert!(!world.account(1).await.daily_loss_tripped);
    }
}

#[tokio::test]
async fn rk_26_the_third_refusal_for_the_rate_pauses_the_user() {
    let mut world = World::new(Setup {
        sizing: fixed(1),
        limits: |_| Limits {
            orders_per_minute: 1,
            ..Limits::default()
        },
        ..Setup::default()
    })
    .await;
    for symbol in ["KO", "PEP", "MSFT", "TSLA", "NVDA"] {
        world.quote(symbol, "100");
        world.post(&format!("BUY {symbol} @ 100")).await;
        world.pass(seconds(6)).await;
    }
    assert_eq!(
        world.verdicts(1).await,
        ["placed", "RK-26", "RK-26", "RK-26", "paused"]
    );
    let alarms = told(&world, "alert.raised").await;
    assert_eq!(
        alarms,
        ["Paused: 3 orders refused for their rate within 10 minutes. Nothing new is opened until you resume"]
    );
    let user = world.user(1);
    resume(world.ctx(), &user, SwitchScope::User(user.id))
        .await
        .unwrap();
    world.pass(seconds(61)).await;
    world.quote("F", "100");
    world.post("BUY F @ 100").await;
    assert_eq!(world.verdicts(1).await[5], "placed");
}

#[tokio::test]
async fn rk_27_an_order_larger_than_its_intent_stops_the_account_before_a_byte_leaves() {
    let open: ordercast_model::time::Timestamp = "2026-11-30T14:30:00Z".parse().unwrap();
    let mut world = World::new(Setup {
        start: open.minus(seconds(100)),
        sizing: fixed(2),
        ..Setup::default()
    })
    .await;
    world.close_until("AAPL", open);
    let mut batch = Batch::new();
    batch.insert(User {
        id: ordercast_testkit::sample::id(77),
        ..admin()
    });
    world.write(batch).await;
    world.post("BUY AAPL @ 180").await;
    // A planted fault: somewhere the order grew after it was decided.
    let mut grown = world.entries(1).await.remove(0);
    grown.request.quantity = units("4");
    grown.version += 1;
    let mut batch = Batch::new();
    batch.update(grown);
    world.write(batch).await;
    world.open_session("AAPL");
    world.pass(seconds(130)).await;
    assert_eq!(world.venue.sends(), 0, "a byte left");
    let order = world.entries(1).await.remove(0);
    assert_eq!(
        (order.state, order.reason.as_deref()),
        (OrderState::Denied, Some("RK-27"))
    );
    let alarms = told(&world, "alert.raised").await;
    assert!(alarms[0].contains("more sent than intended"), "{alarms:?}");
    world.quote("MSFT", "100");
    world.post("BUY MSFT @ 100").await;
    assert_eq!(world.verdicts(1).await[1], "locked");
}

#[tokio::test]
async fn rk_29_the_strictest_limit_applies_and_says_whose_it_is() {
    use ordercast_app::{desk::community, identity::Caller};
    use ordercast_model::{
        community::Role,
        limits::{Caps, LimitOwner},
    };
    let mut world = World::new(Setup {
        followers: 2,
        sizing: fixed(5),
        ..Setup::default()
    })
    .await;
    let (id, user) = (ordercast_testkit::sample::tenant::community(1).id, world.user(1));
    let caps = Caps {
        position_pct: Some(Decimal::from(4)),
        deny_symbols: vec!["gme".to_owned()],
        ..Caps::default()
    };
    let caller = Caller::default();
    let refused = community::set_caps(
        world.ctx(),
        (&user, &stepped_up(&world, &user)),
        id,
        1,
        caps.clone(),
        &caller,
    )
    .await;
    assert!(refused.is_err(), "a trader is no admin");
    let mut member = ordercast_testkit::sample::tenant::membership(id, user.id);
    (member.role, member.version) = (Role::Admin, 2);
    let mut batch = Batch::new();
    batch.update(member);
    world.write(batch).await;
    let wide = Caps {
        position_pct: Some(Decimal::from(51)),
        ..Caps::default()
    };
    assert!(
        community::set_caps(
            world.ctx(),
            (&user, &stepped_up(&world, &user)),
            id,
            1,
            wide,
            &caller
        )
        .await
        .is_err()
    );
    community::set_caps(
        world.ctx(),
        (&user, &stepped_up(&world, &user)),
        id,
        1,
        caps,
        &caller,
    )
    .await
    .unwrap();
    world.crash_and_restart().await;
    world.post("BUY AAPL @ 180").await;
    for n in [1, 2] {
        let decision = world.decisions(n).await.remove(0);
        let breach = &decision.breaches[0];
        assert_eq!((decision.status.code(), breach.rule.code()), ("reduced", "RK-17"));
        assert_eq!(breach.whose, Some(LimitOwner::Community));
        assert_eq!(
            world.entries(n).await[0].request.quantity,
            units("2"),
            "4% of 10,000"
        );
    }
    world.quote("GME", "20");
    world.post("BUY GME @ 20").await;
    let said = world.decisions(1).await[1].message.clone();
    assert!(
        said.contains("GME is restricted by your community Desk 1"),
        "{said}"
    );
}

/// The clock is set back between an opening and the kill, in the process or while it is off.
#[tokio::test]
async fn rk_36_a_kill_closes_what_was_opened_before_the_clock_was_set_back() {
    for restarts in [false, true] {
        let mut world = World::new(Setup {
            cash: 1_000_000,
            sizing: fixed(10),
            ..Setup::default()
        })
        .await;
        world.post("BUY AAPL @ 180 SL 175").await;
        world.fill(1, Leg::Entry, "10", "180").await;
        let back = Timestamp::from_seconds(world.clock.now().seconds() - 600);
        if restarts {
            world.kill_process().await;
            world.clock.jump_to(back);
            world.start().await;
        } else {
            world.clock.jump_to(back);
        }
        world.quote("AAPL", "180");
        let user = world.user(1);
        stop(&world, &user, SwitchScope::User(user.id), FLATTEN).await;
        world.pass(seconds(4)).await;
        assert_eq!(world.guards(1).await, ["close 10"], "restarts: {restarts}");
    }
}
