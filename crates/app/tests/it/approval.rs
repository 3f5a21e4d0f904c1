//! Cards: the first answer wins, a late one is refused, a yes is judged with the numbers of that moment.

use ordercast_app::approve::{ApproveError, answer};
use ordercast_model::{follow::FollowMode, ports::store::Batch};

use crate::world::{Setup, World, seconds};

async fn asked() -> World {
    let mut world = World::new(Setup {
        mode: FollowMode::Approve,
        ..Setup::default()
    })
    .await;
    world.post("BUY AAPL @ 180").await;
    assert_eq!(world.verdicts(1).await, ["awaiting_approval"]);
    assert!(world.at_venue(1).is_empty());
    world
}

#[tokio::test]
async fn a_yes_sends_and_a_second_answer_is_refused() {
    let world = asked().await;
    let (user, card) = (world.user(1), world.cards(1).await.remove(0));
    answer(world.ctx(), &user, card.id, true).await.unwrap();
    world.settle().await;
    assert_eq!(world.at_venue(1).len(), 1);
    assert_eq!(world.verdicts(1).await, ["placed"]);
    let again = answer(world.ctx(), &user, card.id, false).await;
    assert!(
        matches!(again, Err(ApproveError::AlreadyAnswered(_))),
        "{again:?}"
    );
    assert_eq!(world.at_venue(1).len(), 1);
}

#[tokio::test]
async fn ac_36_a_card_expires_and_stays_expired() {
    let world = asked().await;
    let (user, card) = (world.user(1), world.cards(1).await.remove(0));
    world.pass(seconds(125)).await;
    assert_eq!(world.verdicts(1).await, ["approval_expired"]);
    let late = answer(world.ctx(), &user, card.id, true).await;
    assert!(matches!(late, Err(ApproveError::Expired)), "{late:?}");
    assert!(world.at_venue(1).is_empty());
}

#[tokio::test]
async fn a_stranger_cannot_answer() {
    let world = asked().await;
    let card = world.cards(1).await.remove(0);
    let other = ordercast_testkit::sample::person::user(99);
    let got = answer(world.ctx(), &other, card.id, true).await;
    assert!(matches!(got, Err(ApproveError::NotFound)), "{got:?}");
}

/// What may have changed between the card and the yes, and the decision it leads to.
async fn judged_afresh(name: &str, change: impl AsyncFnOnce(&World), want: &str) {
    let world = asked().await;
    let (user, card) = (world.user(1), world.cards(1).await.remove(0));
    change(&world).await;
    answer(world.ctx(), &user, card.id, true).await.unwrap();
    world.settle().await;
    assert_eq!(world.verdicts(1).await, [want], "{name}");
    assert!(world.at_venue(1).is_empty(), "{name}");
}

#[tokio::test]
async fn a_yes_is_judged_with_what_is_true_then() {
    judged_afresh("the price ran away", async |w| w.quote("AAPL", "190"), "RK-12").await;
    judged_afresh(
        "killed meanwhile",
        async |w| {
            let user = w.user(1);
            let scope = ordercast_model::limits::SwitchScope::User(user.id);
            let kind = ordercast_model::limits::SwitchKind::Pause;
            ordercast_app::switch::set(w.ctx(), &user, kind, scope, String::new())
                .await
                .unwrap();
        },
        "paused",
    )
    .await;
    judged_afresh(
        "the provider was suspended",
        async |w| {
            let mut provider = w.provider();
            provider.version += 1;
            provider.status = ordercast_model::community::ProviderStatus::Suspended;
            let mut batch = Batch::new();
            batch.update(provider);
            w.write(batch).await;
        },
        "provider_inactive",
    )
    .await;
    judged_afresh(
        "the connection broke",
        async |w| {
            let mut connection = w.connection(1).await;
            connection.version += 1;
            connection.health = ordercast_model::connection::Health::Unauthorised;
            let mut batch = Batch::new();
            batch.update(connection);
            w.write(batch).await;
        },
        "connection_unhealthy",
    )
    .await;
    judged_afresh(
        "the follow ended",
        async |w| {
            let mut follow = w.follow(1).await;
            follow.version += 1;
            follow.enabled = false;
            let mut batch = Batch::new();
            batch.update(follow);
            w.write(batch).await;
        },
        "follow_disabled",
    )
    .await;
    judged_afresh(
        "no member any more",
        async |w| {
            let mut place = ordercast_testkit::sample::tenant::membership(
                ordercast_testkit::sample::tenant::community(1).id,
                w.user(1).id,
            );
            place.version += 1;
            place.role = ordercast_model::community::Role::Viewer;
            let mut batch = Batch::new();
            batch.update(place);
            w.write(batch).await;
        },
        "no_access",
    )
    .await;
}

#[tokio::test]
async fn at_most_twenty_cards_wait_and_the_oldest_goes() {
    let mut world = World::new(Setup {
        mode: FollowMode::Approve,
        ..Setup::default()
    })
    .await;
    for n in 0..21_u8 {
        let symbol = format!("AB{}", char::from(b'A' + n));
        world.quote(&symbol, "10");
        world.post(&format!("BUY ${symbol} @ 10")).await;
    }
    assert_eq!(world.cards(1).await.len(), 20);
    let verdicts = world.verdicts(1).await;
    assert_eq!(
        (verdicts[0].as_str(), verdicts[20].as_str()),
        ("approval_expired", "awaiting_approval")
    );
}

/// What is edited before an answer is asked anew; what is deleted is asked no more (PRODUCT SG-28, SG-30).
#[tokio::test]
async fn an_edit_replaces_the_card_and_a_deletion_ends_it() {
    for text in ["BUY AAPL @ 180 SL 171", "BUY AAPL @ 179.50 SL 175"] {
        let mut world = World::new(Setup {
            mode: FollowMode::Approve,
            ..Setup::default()
        })
        .await;
        let message = world.post("BUY AAPL @ 180 SL 175").await;
        let (user, old) = (world.user(1), world.cards(1).await.remove(0));
        world.edit(&message, text).await;
        world.settle().await;
        let verdicts = world.verdicts(1).await;
        assert!(
            verdicts.contains(&"superseded".to_owned()) && verdicts.contains(&"awaiting_approval".to_owned()),
            "{text}: {verdicts:?}"
        );
        let late = answer(world.ctx(), &user, old.id, true).await;
        assert!(matches!(late, Err(ApproveError::Expired)), "{text}: {late:?}");
        let cards = world.cards(1).await;
        let new = cards.iter().find(|card| card.revision > old.revision).unwrap();
        answer(world.ctx(), &user, new.id, true).await.unwrap();
        world.settle().await;
        assert_eq!(world.at_venue(1).len(), 1, "{text}");
    }
    let mut world = World::new(Setup {
        mode: FollowMode::Approve,
        ..Setup::default()
    })
    .await;
    let message = world.post("BUY AAPL @ 180 SL 175").await;
    let (user, card) = (world.user(1), world.cards(1).await.remove(0));
    world.delete(&message).await;
    world.settle().await;
    let late = answer(world.ctx(), &user, card.id, true).await;
    assert!(matches!(late, Err(ApproveError::Expired)), "{late:?}");
    assert!(world.at_venue(1).is_empty());
}
