//! A webhook's delivery counts once, whatever dies in between, and is never traded when it is old.

use ordercast_app::{
    hook::{self, Arrival, NewHook, Receipt, Refused},
    identity::Caller,
};
use ordercast_model::{
    community::{Membership, Role},
    hook::DeliveryOutcome,
    ids::HookId,
    plan::Plan,
    ports::store::Batch,
    user::User,
};
use ordercast_testkit::sample::{person, tenant};

use crate::{
    spy::Death,
    world::{Setup, World, seconds},
};

const BUY: &str = r#"{"ticker":"AAPL","action":"buy","price":"180","sl":"175"}"#;

/// The community's owner, on the plan.
fn owner() -> User {
    User {
        plan: Plan::Premium,
        version: 2,
        ..person::user(1)
    }
}

/// A world with one webhook; its id and secret.
async fn hooked() -> (World, HookId, String) {
    let world = World::new(Setup::default()).await;
    let mut batch = Batch::new();
    batch.update(owner());
    batch.insert(Membership {
        role: Role::Owner,
        ..tenant::membership(tenant::community(1).id, owner().id)
    });
    world.write(batch).await;
    let new = NewHook {
        name: "Breakouts".to_owned(),
        ..NewHook::default()
    };
    let provider = world.provider().id;
    let made = hook::create(world.ctx(), &owner(), provider, new, &Caller::default())
        .await
        .unwrap();
    let secret = made.secret.expose().clone();
    (world, made.hook.id, secret)
}

async fn deliver(world: &World, id: HookId, secret: &str, body: &str) -> Result<Receipt, Refused> {
    let ctx = world.ctx();
    let sender = hook::knock(ctx, &id.to_string(), secret).await?;
    let arrival = Arrival {
        body: body.as_bytes().to_vec(),
        ..Arrival::default()
    };
    hook::deliver(ctx, &sender, arrival).await
}

/// Delivers while the process dies at the n-th write; the sender, who had no answer, sends the same again.
async fn dies(body: &str, death: Death) -> bool {
    let (mut world, id, secret) = hooked().await;
    world.watch.die(death);
    {
        let first = deliver(&world, id, &secret, body);
        tokio::pin!(first);
        for _ in 0..50 {
            if futures::poll!(&mut first).is_ready() {
                break;
            }
            tokio::task::yield_now().await;
        }
    }
    world.settle().await;
    world.pass(seconds(1)).await;
    let died = world.watch.is_dead();
    world.crash_and_restart().await;
    let again = deliver(&world, id, &secret, body).await.unwrap();
    let expected = [DeliveryOutcome::Accepted, DeliveryOutcome::Duplicate];
    assert!(expected.contains(&again.outcome), "{death:?}: {again:?}");
    world.settle().await;
    world.pass(seconds(12)).await;
    assert_eq!(world.verdicts(1).await, ["placed"], "{death:?}");
    assert_eq!(world.at_venue(1).len(), 1, "{death:?}");
    let signals = world.signals().await;
    assert_eq!(signals.len(), 1, "{death:?}");
    assert_eq!(Some(signals[0].id), again.signal_id, "{death:?}");
    world.audit().await;
    let kinds = world.kinds().await;
    for kind in ["signal.received", "signal.parsed"] {
        assert_eq!(kinds.iter().filter(|k| *k == kind).count(), 1, "{death:?} {kind}");
    }
    let log = hook::deliveries(world.ctx(), &owner(), id).await.unwrap();
    let numbers: Vec<u64> = log.iter().rev().map(|d| d.number).collect();
    let whole: Vec<u64> = (1..=numbers.len() as u64).collect();
    assert_eq!(numbers, whole, "{death:?}: no number is lost or given twice");
    died
}

#[tokio::test]
async fn invariant_13_a_death_anywhere_takes_a_delivery_once() {
    for body in [BUY.to_owned(), BUY.replace('{', r#"{"id":"a-1","#)] {
        for n in 1..40 {
            let before = dies(&body, Death::Before(n)).await;
            let after = dies(&body, Death::After(n)).await;
            if !before && !after {
                assert!(n > 3, "the scenario wrote only {n} times");
                break;
            }
        }
    }
}

#[tokio::test]
async fn invariant_12_an_old_delivery_and_its_replay_open_nothing() {
    let (world, id, secret) = hooked().await;
    let old = world.ctx().now().seconds() - 61;
    let stale = BUY.replace('{', &format!(r#"{{"timestamp":{old},"#));
    let taken = deliver(&world, id, &secret, &stale).await.unwrap();
    assert_eq!(taken.outcome, DeliveryOutcome::Accepted);
    world.settle().await;
    assert_eq!(world.verdicts(1).await, ["stale"]);
    let mut batch = Batch::new();
    batch.update(User {
        plan: Plan::Free,
        version: 3,
        ..owner()
    });
    world.write(batch).await;
    let refused = deliver(&world, id, &secret, BUY).await;
    assert_eq!(refused, Err(Refused::Plan));
    let mut batch = Batch::new();
    batch.update(User {
        version: 4,
        ..owner()
    });
    world.write(batch).await;
    world.pass(seconds(61)).await;
    let replayed = hook::replay(world.ctx(), &owner(), id, 2).await.unwrap();
    assert_eq!(replayed.outcome, DeliveryOutcome::Accepted);
    assert!(replayed.detail.contains("opens nothing"), "{}", replayed.detail);
    world.settle().await;
    assert_eq!(world.verdicts(1).await, ["stale", "stale"]);
    assert!(world.at_venue(1).is_empty());
}

#[tokio::test]
async fn a_signal_opens_within_the_life_its_sender_gives_it_and_no_longer() {
    for (age, expires_in, verdict) in [
        (20, "19", "stale"),
        (20, "21", "placed"),
        (20, "\"21\"", "placed"),
        // The follower's own limit is 60 s.
        (70, "3600", "stale"),
    ] {
        let (world, id, secret) = hooked().await;
        let sent = world.ctx().now().seconds() - age;
        let more = format!(r#"{{"timestamp":{sent},"expires_in":{expires_in},"#);
        deliver(&world, id, &secret, &BUY.replace('{', &more))
            .await
            .unwrap();
        world.settle().await;
        assert_eq!(
            world.verdicts(1).await,
            [verdict],
            "{age}s old, expires_in {expires_in}"
        );
    }
}

#[tokio::test]
async fn text_of_a_strategy_is_read_as_words_are() {
    let (world, id, secret) = hooked().await;
    let taken = deliver(&world, id, &secret, "BUY AAPL @ 180 SL 175")
        .await
        .unwrap();
    assert_eq!(taken.outcome, DeliveryOutcome::Accepted);
    world.settle().await;
    assert_eq!(world.verdicts(1).await, ["placed"]);
}

#[tokio::test]
async fn what_comes_over_the_quota_is_counted_in_one_line_a_minute() {
    let (world, id, secret) = hooked().await;
    let sender = hook::knock(world.ctx(), &id.to_string(), &secret).await.unwrap();
    let details = async || -> Vec<String> {
        let log = hook::deliveries(world.ctx(), &owner(), id).await.unwrap();
        assert!(
            log.iter()
                .all(|d| d.outcome == DeliveryOutcome::Quota && d.body.is_empty())
        );
        log.into_iter().map(|d| d.detail).collect()
    };
    for _ in 0..5 {
        hook::over_quota(world.ctx(), &sender, None).await.unwrap();
    }
    world.pass(seconds(58)).await;
    assert_eq!(details().await.len(), 1);
    world.pass(seconds(4)).await;
    let said = details().await;
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].starts_with("4 deliveries refused since "), "{said:?}");
    assert!(said[1].starts_with("1 delivery refused"), "{said:?}");
    world.pass(seconds(200)).await;
    assert_eq!(details().await.len(), 2);
}
