//! What is told in private follows from the journal alone: once, to its owner, at the right time.

use ordercast_app::notice::Teller;
use ordercast_model::{
    chat::Card,
    follow::FollowMode,
    notice::{NoticeSettings, QuietHours},
    order::identity::Leg,
    ports::{clock::Clock, store::Batch},
};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::world::{Setup, World, seconds, stepped_up};

async fn telling(world: &World) -> JoinHandle<()> {
    let task = tokio::spawn(Teller::new(world.ctx().clone()).run(CancellationToken::new()));
    world.pass(seconds(1)).await;
    task
}

fn to(world: &World, person: &str) -> Vec<Card> {
    let all = world.chat.letters().into_iter();
    all.filter(|(who, _)| who == person)
        .map(|(_, card)| card)
        .collect()
}

fn texts(cards: &[Card]) -> String {
    cards
        .iter()
        .map(|c| format!("{}: {}", c.title, c.text))
        .collect::<Vec<_>>()
        .join("\n")
}

async fn settings(world: &World, change: impl FnOnce(&mut NoticeSettings)) {
    let mut settings = NoticeSettings {
        version: 1,
        ..NoticeSettings::new(world.user(1).id, world.clock.now())
    };
    change(&mut settings);
    let mut batch = Batch::new();
    batch.insert(settings);
    world.write(batch).await;
}

#[tokio::test]
async fn a_fill_is_told_to_its_owner_once_also_over_a_restart() {
    let mut world = World::new(Setup {
        followers: 2,
        ..Setup::default()
    })
    .await;
    let task = telling(&world).await;
    world.post("BUY AAPL @ market SL 170").await;
    world.fill(1, Leg::Entry, "1", "180").await;
    world.pass(seconds(1)).await;
    let told = texts(&to(&world, "11"));
    assert_eq!(told.matches("Filled").count(), 2, "title and line: {told}");
    assert!(to(&world, "12").is_empty(), "others hear nothing of it");
    task.abort();
    let task = telling(&world).await;
    world.pass(seconds(5)).await;
    assert_eq!(texts(&to(&world, "11")), told);
    task.abort();
}

#[tokio::test]
async fn rk_39_a_limit_that_is_to_be_looser_is_told_when_it_is_asked_and_when_it_holds() {
    use ordercast_app::desk::risk;
    let world = World::new(Setup::default()).await;
    let task = telling(&world).await;
    let user = world.user(1);
    let before = risk::limits(world.ctx(), &user).await.unwrap();
    let mut wanted = before.limits;
    wanted.positions_max = 20;
    let (session, caller) = (stepped_up(&world, &user), Default::default());
    risk::set_limits(world.ctx(), &user, &session, before.version, wanted, &caller)
        .await
        .unwrap();
    world.pass(seconds(5)).await;
    let told = texts(&to(&world, "11"));
    let asked = "In force in 10 minutes, unless it is taken back: positions_max from 10 to 20";
    assert!(told.contains(asked), "{told}");
    world.pass(seconds(610)).await;
    let told = texts(&to(&world, "11"));
    assert!(
        told.contains("In force now: positions_max from 10 to 20"),
        "{told}"
    );
    task.abort();
}

#[tokio::test]
async fn a_card_is_shown_with_buttons_and_changes_when_it_is_answered_elsewhere_or_expires() {
    let mut world = World::new(Setup {
        followers: 2,
        mode: FollowMode::Approve,
        ..Setup::default()
    })
    .await;
    let task = telling(&world).await;
    world.post("BUY AAPL @ 180").await;
    world.pass(seconds(1)).await;
    for person in ["11", "12"] {
        let cards = to(&world, person);
        assert_eq!(
            (cards.len(), cards[0].controls.len()),
            (1, 1),
            "{person}: {cards:?}"
        );
    }
    let (user, card) = (world.user(1), world.cards(1).await.remove(0));
    ordercast_app::approve::answer(world.ctx(), &user, card.id, false)
        .await
        .unwrap();
    world.pass(seconds(1)).await;
    let skipped = to(&world, "11").remove(0);
    assert!(
        skipped.title == "Skipped" && skipped.controls.is_empty(),
        "{skipped:?}"
    );
    world.pass(seconds(125)).await;
    let expired = to(&world, "12").remove(0);
    assert!(
        expired.title.starts_with("Expired") && expired.controls.is_empty(),
        "{expired:?}"
    );
    task.abort();
}

#[tokio::test]
async fn the_list_holds_what_was_worth_a_word_page_by_page_and_own_things_only() {
    use ordercast_app::notice::list::{self, Sort};
    let mut world = World::new(Setup {
        followers: 2,
        ..Setup::default()
    })
    .await;
    settings(&world, |s| (s.enabled, s.fills) = (false, false)).await;
    world.post("BUY AAPL @ market SL 170").await;
    world.fill(1, Leg::Entry, "1", "180").await;
    world.post("BUY ZZZZ @ 10").await;
    world.pass(seconds(1)).await;
    let whole = list::list(world.ctx(), &world.user(1), None, 50).await.unwrap();
    let sorts: Vec<Sort> = whole.items.iter().map(|n| n.sort).collect();
    assert_eq!(sorts, [Sort::Refusal, Sort::Fill], "{whole:?}");
    assert!(whole.items[1].order.is_some() && whole.items[0].signal.is_some());
    assert_eq!(whole.next, None);
    let first = list::list(world.ctx(), &world.user(1), None, 1).await.unwrap();
    let second = list::list(world.ctx(), &world.user(1), first.next, 1)
        .await
        .unwrap();
    assert_eq!([first.items, second.items].concat(), whole.items);
    let other = list::list(world.ctx(), &world.user(2), None, 50).await.unwrap();
    let sorts: Vec<Sort> = other.items.iter().map(|n| n.sort).collect();
    assert_eq!(sorts, [Sort::Refusal], "{other:?}");
}

#[tokio::test]
async fn quiet_hours_hold_fills_back_and_tell_them_together() {
    let mut world = World::new(Setup::default()).await;
    let minute = u32::try_from(world.clock.now().seconds() / 60 % 1_440).unwrap();
    settings(&world, |s| {
        s.quiet = QuietHours::new(minute, (minute + 10) % 1_440, "UTC")
    })
    .await;
    let task = telling(&world).await;
    world.post("BUY AAPL @ market SL 170").await;
    world.fill(1, Leg::Entry, "1", "180").await;
    world.pass(seconds(5)).await;
    assert!(to(&world, "11").is_empty(), "{:?}", to(&world, "11"));
    world.pass(seconds(10 * 60)).await;
    let told = to(&world, "11");
    assert_eq!(
        (told.len(), told[0].title.as_str()),
        (1, "While it was quiet"),
        "{told:?}"
    );
    task.abort();
}

#[tokio::test]
async fn what_is_switched_off_is_not_told_and_an_absent_chat_is_waited_for() {
    let mut world = World::new(Setup::default()).await;
    settings(&world, |s| s.fills = false).await;
    let task = telling(&world).await;
    world.post("BUY AAPL @ market SL 170").await;
    world.fill(1, Leg::Entry, "1", "180").await;
    world.pass(seconds(1)).await;
    assert!(to(&world, "11").is_empty());
    world.chat.set_away(true);
    let user = world.user(1);
    let scope = ordercast_model::limits::SwitchScope::User(user.id);
    let kind = ordercast_model::limits::SwitchKind::Kill;
    ordercast_app::switch::set(world.ctx(), &user, kind, scope, String::new())
        .await
        .unwrap();
    world.pass(seconds(8)).await;
    assert!(to(&world, "11").is_empty());
    world.chat.set_away(false);
    world.pass(seconds(8)).await;
    let told = texts(&to(&world, "11"));
    assert_eq!(told.matches("Stopped by").count(), 1, "{told}");
    task.abort();
}
