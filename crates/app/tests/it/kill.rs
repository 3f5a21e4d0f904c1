//! Kill and pause: nothing that opens leaves after the answer; it survives a restart; protection stays (invariant 7).

use ordercast_app::switch::{SwitchError, lift, set};
use ordercast_model::{
    limits::{SwitchKind, SwitchScope},
    order::identity::Leg,
    user::User,
};

use crate::{
    spy::Seen,
    world::{MOMENT, Setup, World, seconds, stepped_up},
};

async fn kill(world: &World, actor: &User, scope: SwitchScope) {
    set(world.ctx(), actor, SwitchKind::Kill, scope, "enough".to_owned())
        .await
        .unwrap();
}

#[tokio::test]
async fn ac_46_after_the_answer_nothing_opens_also_after_a_restart() {
    let mut world = World::new(Setup {
        followers: 2,
        ..Setup::default()
    })
    .await;
    world.quote("MSFT", "100");
    world.post("BUY AAPL @ 180 limit SL 170").await;
    world.fill(1, Leg::Entry, "1", "180").await;
    let user = world.user(1);
    kill(&world, &user, SwitchScope::User(user.id)).await;
    let placed = |world: &World| {
        world
            .watch
            .seen()
            .iter()
            .filter(|s| matches!(s, Seen::Placed(_)))
            .count()
    };
    let before = placed(&world);
    world.post("BUY MSFT @ 100").await;
    assert_eq!(world.verdicts(1).await, ["placed", "killed"]);
    assert_eq!(
        world.verdicts(2).await,
        ["placed", "placed"],
        "others are unaffected"
    );
    assert_eq!(placed(&world) - before, 1);
    assert_eq!(world.guards(1).await, ["stop 1 @ 170"], "protection stays");
    world.crash_and_restart().await;
    world.quote("TSLA", "100");
    world.post("BUY TSLA @ 100").await;
    assert_eq!(world.verdicts(1).await[2], "killed");
    world.pass(seconds(10)).await;
    world.post("close AAPL").await;
    world.pass(MOMENT).await;
    assert_eq!(world.guards(1).await, ["close 1"], "closes go on");
    let scope = SwitchScope::User(user.id);
    let bare = ordercast_testkit::sample::person::session(1, user.id);
    let refused = lift(world.ctx(), &user, &bare, scope.clone(), String::new()).await;
    assert!(matches!(refused, Err(SwitchError::Identity(_))), "{refused:?}");
    lift(
        world.ctx(),
        &user,
        &stepped_up(&world, &user),
        scope,
        String::new(),
    )
    .await
    .unwrap();
    world.quote("NVDA", "100");
    world.post("BUY NVDA @ 100").await;
    assert_eq!(world.verdicts(1).await[4], "placed");
}

#[tokio::test]
async fn a_kill_stops_a_send_that_hangs_and_cancels_what_works() {
    let mut world = World::new(Setup::default()).await;
    world.quote("MSFT", "100");
    world.post("BUY MSFT @ 100 limit").await;
    let hold = std::sync::Arc::new(tokio::sync::Notify::new());
    let id = World::connection_id(1);
    world.mood.hanging.lock().unwrap().insert(id, hold.clone());
    world.post("BUY AAPL @ 180 limit").await;
    let user = world.user(1);
    // The send has begun but its first byte has not left: the answer waits until it is certain that none will.
    kill(&world, &user, SwitchScope::User(user.id)).await;
    world.mood.hanging.lock().unwrap().clear();
    let sends = world.venue.sends();
    hold.notify_one();
    world.settle().await;
    world.pass(seconds(90)).await;
    assert_eq!(world.venue.sends(), sends, "a byte left after the answer");
    let states: Vec<&str> = world.entries(1).await.iter().map(|o| o.state.code()).collect();
    assert!(world.working(1).is_empty());
    assert!(
        world.entries(1).await.iter().all(|o| o.state.is_final()),
        "{states:?}"
    );
    assert!(world.account(1).await.reservations.is_empty());
}

#[tokio::test]
async fn a_kill_of_the_platform_is_not_written_down_as_the_followers_word() {
    let mut world = World::new(Setup::default()).await;
    world.post("BUY AAPL @ 180 limit").await;
    let mut admin = ordercast_testkit::sample::person::user(1);
    admin.platform_admin = true;
    kill(&world, &admin, SwitchScope::Platform).await;
    world.settle().await;
    let order = world.entries(1).await.remove(0);
    assert_eq!(order.state.code(), "cancelled");
    assert_eq!(
        order.cancelled_by,
        Some(ordercast_model::order::intent::CancelledBy::System)
    );
}

#[tokio::test]
async fn only_who_may_can_kill() {
    let world = World::new(Setup {
        followers: 2,
        ..Setup::default()
    })
    .await;
    let (one, two) = (world.user(1), world.user(2));
    let community = ordercast_testkit::sample::tenant::community(1).id;
    for scope in [
        SwitchScope::User(two.id),
        SwitchScope::Connection(World::connection_id(2)),
        SwitchScope::Platform,
        SwitchScope::Community(community),
        SwitchScope::Provider(world.provider().id),
    ] {
        let got = set(world.ctx(), &one, SwitchKind::Kill, scope.clone(), String::new()).await;
        assert!(got.is_err(), "{scope:?}");
    }
    assert!(world.ctx().switchboard.all().is_empty());
}

#[tokio::test]
async fn invariant_14_a_stop_by_rule_lets_nothing_open_and_everything_close() {
    let mut world = World::new(Setup::default()).await;
    world.post("BUY AAPL @ 180, stop 170").await;
    world.fill(1, Leg::Entry, "1", "180").await;
    for reason in ["the journal is shorter than what was signed", "told twice"] {
        ordercast_app::switch::stop_opens(world.ctx(), reason)
            .await
            .unwrap();
    }
    assert_eq!(world.ctx().switchboard.all().len(), 1);
    world.quote("MSFT", "100");
    world.post("BUY MSFT @ 100").await;
    assert_eq!(world.verdicts(1).await, ["placed", "killed"]);
    world.crash_and_restart().await;
    world.quote("TSLA", "100");
    world.post("BUY TSLA @ 100").await;
    assert_eq!(world.verdicts(1).await[2], "killed");
    world.pass(seconds(10)).await;
    world.post("close AAPL").await;
    world.pass(MOMENT).await;
    assert_eq!(world.guards(1).await, ["close 1"], "what is open can be left");
}
