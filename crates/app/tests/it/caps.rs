//! Caps of communities and of follows: whom they bind, and how slowly they loosen.

use ordercast_app::{
    desk::{DeskError, community, follow},
    identity::Caller,
    manual::{ManualError, ManualOrder, place},
};
use ordercast_model::{
    community::Role,
    limits::{Caps, LimitOwner},
    ports::store::Batch,
};
use rust_decimal::Decimal;

use crate::{
    manual::buy,
    world::{Setup, World, seconds, stepped_up},
};

async fn admin_of_the_first(world: &World) {
    let id = ordercast_testkit::sample::tenant::community(1).id;
    let mut member = ordercast_testkit::sample::tenant::membership(id, world.user(1).id);
    (member.role, member.version) = (Role::Admin, 2);
    let mut batch = Batch::new();
    batch.update(member);
    world.write(batch).await;
}

#[tokio::test]
async fn rk_29_caps_bind_what_a_trader_of_the_community_gives_by_hand() {
    let world = World::new(Setup {
        followers: 2,
        ..Setup::default()
    })
    .await;
    admin_of_the_first(&world).await;
    let (id, user) = (ordercast_testkit::sample::tenant::community(1).id, world.user(1));
    let caps = Caps {
        position_pct: Some(Decimal::from(4)),
        ..Caps::default()
    };
    let session = stepped_up(&world, &user);
    community::set_caps(world.ctx(), (&user, &session), id, 1, caps, &Caller::default())
        .await
        .unwrap();
    let refused = place(world.ctx(), &world.user(2), by_hand("AAPL", "3", "180")).await;
    let Err(ManualError::Denied(breaches)) = refused else {
        panic!("{refused:?}");
    };
    let words = "max position 4% of 10,000.00 = 400.00 (limit of Desk 1)";
    assert!(breaches[0].message.contains(words), "{}", breaches[0].message);
    assert_eq!(breaches[0].whose, Some(LimitOwner::Community));
    place(world.ctx(), &world.user(2), by_hand("AAPL", "2", "180"))
        .await
        .unwrap();
    // A viewer there trades on the own account alone.
    let mut viewer = ordercast_testkit::sample::tenant::membership(id, world.user(2).id);
    (viewer.role, viewer.version) = (Role::Viewer, 2);
    let mut batch = Batch::new();
    batch.update(viewer);
    world.write(batch).await;
    world.quote("MSFT", "180");
    place(world.ctx(), &world.user(2), by_hand("MSFT", "3", "180"))
        .await
        .unwrap();
}

fn by_hand(symbol: &str, quantity: &str, limit: &str) -> ManualOrder {
    ManualOrder {
        symbol: symbol.to_owned(),
        ..buy(quantity, Some(limit))
    }
}

/// A cap that goes or grows needs a second factor and holds ten minutes later; one that comes holds at once.
#[tokio::test]
async fn rk_29_caps_of_a_community_and_of_a_follow_loosen_slowly() {
    let world = World::new(Setup::default()).await;
    let (id, user) = (ordercast_testkit::sample::tenant::community(1).id, world.user(1));
    admin_of_the_first(&world).await;
    let caller = Caller::default();
    let bare = ordercast_testkit::sample::person::session(1, user.id);
    let tight = Caps {
        position_pct: Some(Decimal::from(4)),
        ..Caps::default()
    };
    let set = async |version, caps: Caps| {
        community::set_caps(world.ctx(), (&user, &bare), id, version, caps, &caller).await
    };
    let shown = set(1, tight.clone()).await.unwrap();
    assert_eq!(
        (shown.version, shown.pending.len()),
        (2, 0),
        "tightening needs nothing"
    );
    let refused = set(2, Caps::default()).await;
    assert!(matches!(refused, Err(DeskError::Identity(_))), "{refused:?}");
    let proven = stepped_up(&world, &user);
    community::set_caps(world.ctx(), (&user, &proven), id, 2, Caps::default(), &caller)
        .await
        .unwrap();
    let followed = world.follow(1).await;
    let change = |caps| follow::FollowChange {
        caps: Some(caps),
        ..follow::FollowChange::default()
    };
    let own = follow::change(
        world.ctx(),
        (&user, &bare),
        followed.id,
        1,
        change(tight),
        &caller,
    )
    .await;
    assert_eq!(own.unwrap().pending.len(), 0);
    let refused = follow::change(
        world.ctx(),
        (&user, &bare),
        followed.id,
        2,
        change(Caps::default()),
        &caller,
    )
    .await;
    assert!(matches!(refused, Err(DeskError::Identity(_))), "{refused:?}");
    follow::change(
        world.ctx(),
        (&user, &proven),
        followed.id,
        2,
        change(Caps::default()),
        &caller,
    )
    .await
    .unwrap();
    for (wait, waits) in [(590, 1), (11, 0)] {
        world.pass(seconds(wait)).await;
        let shown = community::show(world.ctx(), &user, id).await.unwrap();
        assert_eq!(
            (shown.pending.len(), shown.caps.position_pct.is_some()),
            (waits, waits == 1)
        );
        let own = follow::one(world.ctx(), &user, followed.id).await.unwrap();
        assert_eq!(
            (own.pending.len(), own.caps.position_pct.is_some()),
            (waits, waits == 1)
        );
        let bound = place(world.ctx(), &user, by_hand("AAPL", "5", "180")).await;
        assert_eq!(bound.is_err(), waits == 1, "{bound:?}");
    }
}
