//! Follow-ups that ask first: which of several signals is meant, and a stop that would trigger at once. Until somebody
//! answers nothing is done; an answer acts once, on the lots as they are then.

use ordercast_app::approve::{Answer, ApproveError, answer};
use ordercast_model::{
    decision::{Approval, ApprovalState, Question},
    limits::Limits,
    order::identity::Leg,
    ports::store::Batch,
    signal::raw::RawMessage,
};

use crate::world::{MOMENT, Setup, World, fixed, seconds};

fn setup(n: u32) -> Setup {
    Setup {
        cash: 1_000_000,
        sizing: fixed(n),
        limits: |_| Limits {
            per_symbol_max: 3,
            ..Default::default()
        },
        ..Setup::default()
    }
}

async fn open(world: &mut World, text: &str, quantity: &str, at: &str) -> RawMessage {
    let posted = world.post(text).await;
    world.fill(1, Leg::Entry, quantity, at).await;
    world.pass(seconds(10)).await;
    posted
}

/// Two signals of one provider are open in AAPL, and a follow-up fits both.
async fn asked(text: &str) -> (World, RawMessage, Approval) {
    let mut world = World::new(setup(4)).await;
    open(&mut world, "BUY AAPL @ 180 SL 175", "4", "180").await;
    open(&mut world, "BUY AAPL @ 180 SL 174", "4", "180").await;
    let posted = world.post(text).await;
    let verdicts = world.verdicts(1).await;
    assert_eq!(verdicts, ["placed", "placed", "ambiguous_followup"], "{text}");
    assert_eq!(world.guards(1).await, ["stop 4 @ 174", "stop 4 @ 175"], "{text}");
    let card = world.cards(1).await.remove(0);
    (world, posted, card)
}

/// A choice, and what works at the venue afterwards.
async fn check(text: &str, choice: u32, want: &[&str]) {
    let (world, _, card) = asked(text).await;
    assert!(
        card.question.candidates()[0].label.starts_with("AAPL opened 20"),
        "{card:?}"
    );
    let done = answer(world.ctx(), &world.user(1), card.id, Answer::Choose(choice))
        .await
        .unwrap();
    assert_eq!((done.state, done.choice), (ApprovalState::Approved, Some(choice)));
    world.pass(MOMENT).await;
    assert_eq!(world.guards(1).await, want, "{text} {choice}");
    assert_eq!(world.verdicts(1).await[2], "placed", "{text}");
    assert!(world.cards(1).await.is_empty());
    world.audit().await;
}

#[tokio::test]
async fn ac_28_the_chosen_signal_alone_is_acted_on() {
    // The newest stands first.
    check("close AAPL", 1, &["close 4", "stop 4 @ 175"]).await;
    check("close AAPL", 2, &["close 4", "stop 4 @ 174"]).await;
    check("close half AAPL", 1, &["close 2", "stop 2 @ 174", "stop 4 @ 175"]).await;
    check("AAPL move stop to 177", 2, &["stop 4 @ 174", "stop 4 @ 177"]).await;
}

#[tokio::test]
async fn a_choice_is_taken_once_also_when_two_are_made_at_the_same_instant() {
    let (world, _, card) = asked("close AAPL").await;
    let user = world.user(1);
    let (first, second) = futures::join!(
        answer(world.ctx(), &user, card.id, Answer::Choose(1)),
        answer(world.ctx(), &user, card.id, Answer::Choose(2)),
    );
    let taken = [&first, &second].iter().filter(|a| a.is_ok()).count();
    assert_eq!(taken, 1, "{first:?} {second:?}");
    world.pass(MOMENT).await;
    let again = answer(world.ctx(), &user, card.id, Answer::Choose(2)).await;
    assert!(
        matches!(again, Err(ApproveError::AlreadyAnswered(_))),
        "{again:?}"
    );
    let closing = world
        .guards(1)
        .await
        .iter()
        .filter(|g| g.starts_with("close"))
        .count();
    assert_eq!(closing, 1);
    world.audit().await;
}

#[tokio::test]
async fn a_choice_the_card_does_not_offer_is_refused_and_the_card_waits_on() {
    let (world, _, card) = asked("close AAPL").await;
    let user = world.user(1);
    for said in [Answer::Yes, Answer::Choose(0), Answer::Choose(3)] {
        let refused = answer(world.ctx(), &user, card.id, said).await;
        let text = refused.unwrap_err().to_string();
        assert!(text.contains("1 to 2"), "{said:?}: {text}");
    }
    assert_eq!(world.cards(1).await.len(), 1);
}

#[tokio::test]
async fn nothing_happens_when_nobody_answers_or_somebody_declines() {
    for declines in [true, false] {
        let (world, _, card) = asked("close AAPL").await;
        let want = if declines {
            answer(world.ctx(), &world.user(1), card.id, false).await.unwrap();
            "approval_declined"
        } else {
            world.pass(seconds(125)).await;
            let late = answer(world.ctx(), &world.user(1), card.id, Answer::Choose(1)).await;
            assert!(matches!(late, Err(ApproveError::Expired)), "{late:?}");
            "approval_expired"
        };
        assert_eq!(world.verdicts(1).await[2], want);
        assert_eq!(world.guards(1).await, ["stop 4 @ 174", "stop 4 @ 175"]);
    }
}

#[tokio::test]
async fn a_choice_acts_on_what_is_there_then() {
    // Closed meanwhile.
    let (world, _, card) = asked("close AAPL").await;
    world.venue_stops_out("174").await;
    answer(world.ctx(), &world.user(1), card.id, Answer::Choose(1))
        .await
        .unwrap();
    world.pass(MOMENT).await;
    assert_eq!(world.verdicts(1).await[2], "nothing_to_close");
    assert_eq!(world.guards(1).await, ["stop 4 @ 175"]);
    // Edited meanwhile.
    let (world, posted, card) = asked("close AAPL").await;
    world.edit(&posted, "thanks everybody, what a day").await;
    let late = answer(world.ctx(), &world.user(1), card.id, Answer::Choose(1)).await;
    assert!(matches!(late, Err(ApproveError::Expired)), "{late:?}");
    assert_eq!(world.verdicts(1).await[2], "superseded");
    assert_eq!(world.guards(1).await, ["stop 4 @ 174", "stop 4 @ 175"]);
}

#[tokio::test]
async fn a_card_and_its_answer_survive_a_crash() {
    let (mut world, _, card) = asked("close AAPL").await;
    world.crash_and_restart().await;
    assert_eq!(world.cards(1).await.len(), 1);
    answer(world.ctx(), &world.user(1), card.id, Answer::Choose(1))
        .await
        .unwrap();
    world.crash_and_restart().await;
    world.pass(seconds(3)).await;
    assert_eq!(world.guards(1).await, ["close 4", "stop 4 @ 175"]);
}

async fn beyond() -> (World, Approval) {
    let mut world = World::new(setup(4)).await;
    open(&mut world, "BUY AAPL @ 180 SL 170", "4", "180").await;
    world.quote("AAPL", "176");
    world.post("AAPL move stop to 178").await;
    assert_eq!(world.verdicts(1).await, ["placed", "awaiting_approval"]);
    let card = world.cards(1).await.remove(0);
    assert!(matches!(card.question, Question::StopAtOnce { .. }), "{card:?}");
    (world, card)
}

#[tokio::test]
async fn a_stop_beyond_the_price_closes_only_after_a_yes() {
    let (world, card) = beyond().await;
    assert_eq!(world.guards(1).await, ["stop 4 @ 170"]);
    answer(world.ctx(), &world.user(1), card.id, true).await.unwrap();
    world.pass(MOMENT).await;
    assert_eq!(world.guards(1).await, ["close 4"]);
    assert_eq!(world.verdicts(1).await, ["placed", "placed"]);

    let (world, card) = beyond().await;
    // By then the price has come back: the stop can stand.
    world.quote("AAPL", "183");
    answer(world.ctx(), &world.user(1), card.id, true).await.unwrap();
    world.pass(MOMENT).await;
    assert_eq!(world.guards(1).await, ["stop 4 @ 178"]);

    let (world, _) = beyond().await;
    world.pass(seconds(125)).await;
    assert_eq!(world.guards(1).await, ["stop 4 @ 170"]);
    assert_eq!(world.verdicts(1).await, ["placed", "approval_expired"]);
}

#[tokio::test]
async fn what_could_be_moved_stays_moved_when_the_rest_is_declined() {
    let mut world = World::new(setup(4)).await;
    open(&mut world, "BUY AAPL @ 180 SL 165", "4", "180").await;
    world.quote("AAPL", "170");
    open(&mut world, "BUY AAPL @ 170 SL 160", "4", "170").await;
    // Both lots are of one signal.
    let mut lots = world.lots(1).await;
    lots.sort_by_key(|l| l.created_at);
    let mut second = lots.remove(1);
    second.signal_id = lots[0].signal_id;
    second.version += 1;
    let mut batch = Batch::new();
    batch.update(second);
    world.write(batch).await;
    world.quote("AAPL", "175");
    world.post("AAPL SL to BE").await;
    world.pass(MOMENT).await;
    assert_eq!(world.verdicts(1).await[2], "awaiting_approval");
    assert_eq!(world.guards(1).await, ["stop 4 @ 165", "stop 4 @ 170"]);
    let card = world.cards(1).await.remove(0);
    answer(world.ctx(), &world.user(1), card.id, false).await.unwrap();
    assert_eq!(world.verdicts(1).await[2], "placed");
    assert_eq!(world.guards(1).await, ["stop 4 @ 165", "stop 4 @ 170"]);
}
