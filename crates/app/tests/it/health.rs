//! Whether connections work: refused credentials, accounts that are others than were connected, venues that are silent,
//! and what may be asked being used up.

use ordercast_app::{desk, strain, timer};
use ordercast_model::{
    connection::{Health, Mode},
    ports::{allowance::Strain, broker::BrokerEvent},
};
use ordercast_testkit::broker::Behind;
use tokio_util::sync::CancellationToken;

use crate::world::{Setup, World, seconds};

/// What becomes of a connection whose credential leads to this, and whether it is asked about again by itself.
async fn check(behind: Behind, want: Health, kind: &str, again: bool) {
    let world = World::new(Setup::default()).await;
    world.venue.set_behind(behind.clone());
    world.pass(seconds(61)).await;
    let connection = world.connection(1).await;
    assert_eq!(connection.health, want, "{behind:?}");
    assert!(
        kind.is_empty() || world.kinds().await.iter().any(|k| k == kind),
        "{behind:?}"
    );
    let asked = world.venue.asked();
    world.pass(seconds(180)).await;
    assert_eq!(world.venue.asked() > asked, again, "{behind:?}: asked again");
    if want != Health::Ok {
        let sends = world.venue.sends();
        world
            .take(world.message(
                "77",
                ordercast_model::signal::raw::RevisionKind::New,
                "BUY AAPL @ 180",
            ))
            .await;
        world.settle().await;
        assert_eq!(world.venue.sends(), sends, "{behind:?}: nothing opens");
    }
}

#[tokio::test]
async fn a_credential_that_leads_elsewhere_disables_and_a_refused_one_is_left_alone() {
    check(Behind::Known, Health::Ok, "", true).await;
    check(Behind::Another, Health::Disabled, "connection.disabled", false).await;
    check(
        Behind::Of(Mode::Live),
        Health::Disabled,
        "connection.disabled",
        false,
    )
    .await;
    let refused = "connection.health_changed";
    check(Behind::Refused, Health::Unauthorised, refused, false).await;
    check(Behind::Busy(seconds(20)), Health::Ok, "", true).await;
}

#[tokio::test]
async fn the_user_asks_again_after_the_credential_was_refused() {
    let world = World::new(Setup::default()).await;
    world.venue.set_behind(Behind::Refused);
    world.pass(seconds(61)).await;
    let id = World::connection_id(1);
    // A stream that breaks says nothing of the credential.
    let post = BrokerEvent::Disconnected("the line was cut".to_owned());
    world
        .ctx()
        .lanes
        .sink(&world.connection(1).await)
        .take(id, post)
        .await;
    world.settle().await;
    assert_eq!(world.connection(1).await.health, Health::Unauthorised);
    world.venue.set_behind(Behind::Known);
    let asked = desk::connection::sync(world.ctx(), &world.user(1), id)
        .await
        .unwrap();
    assert_eq!(asked.health, Health::Unauthorised);
    world.settle().await;
    assert_eq!(world.connection(1).await.health, Health::Ok);
    world.venue.set_behind(Behind::Another);
    world.pass(seconds(61)).await;
    let refused = desk::connection::sync(world.ctx(), &world.user(1), id).await;
    assert!(refused.unwrap_err().to_string().contains("disabled"));
}

#[tokio::test]
async fn a_silent_venue_is_asked_each_minute_after_three_failures_and_works_again() {
    let world = World::new(Setup::default()).await;
    let stop = CancellationToken::new();
    let checks = tokio::spawn(timer::health(world.ctx().clone(), seconds(300), stop.clone()));
    world.venue.set_away(true);
    world.pass(seconds(90)).await;
    assert_eq!(world.connection(1).await.health, Health::Down);
    let asked = world.venue.asked();
    world.pass(seconds(600)).await;
    let more = world.venue.asked() - asked;
    // The comparison and the check, each once a minute at most.
    assert!((10..=20).contains(&more), "{more} in ten minutes");
    world.venue.set_away(false);
    world.pass(seconds(65)).await;
    assert_eq!(world.connection(1).await.health, Health::Ok);
    stop.cancel();
    let _ = checks.await;
}

#[tokio::test]
async fn the_owner_is_told_that_much_of_the_allowance_is_used() {
    let world = World::new(Setup::default()).await;
    let strain = Strain {
        connection: World::connection_id(1),
        venue: "Alpaca".to_owned(),
        used: 80,
        ours: 100,
        window: seconds(60),
    };
    strain::tell(world.ctx(), &strain).await.unwrap();
    world.settle().await;
    assert!(world.kinds().await.iter().any(|k| k == "alert.raised"));
}
