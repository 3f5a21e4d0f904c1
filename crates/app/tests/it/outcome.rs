//! What became of a send: definite, lost, or never sent. Nothing is sent blindly again (invariants 2 and 3).

use std::time::Duration;

use ordercast_app::{
    desk::DeskError,
    identity::Caller,
    settle::{Verdict, settle},
};
use ordercast_model::{
    order::intent::CancelledBy,
    ports::broker::{Dedupe, NotSent},
    time::Timestamp,
    user::{Session, User},
};
use ordercast_testkit::broker::Script;

use crate::{
    spy::Seen,
    world::{MOMENT, Setup, World, price, seconds},
};

fn busy() -> Script {
    Script::NotSent(NotSent::Retry {
        after: Duration::ZERO,
        why: "429".to_owned(),
    })
}

fn refused() -> Script {
    Script::Reject(ordercast_model::ports::broker::Refusal {
        kind: ordercast_model::ports::broker::ErrorKind::Restricted,
        code: "403".to_owned(),
        message: "halted".to_owned(),
    })
}

struct Case {
    name: &'static str,
    dedupe: Dedupe,
    scripts: Vec<Script>,
    /// What the order is after 90 seconds.
    state: &'static str,
    /// Requests to place it.
    sends: u32,
    /// Orders the venue holds or held.
    held: usize,
}

async fn check(case: Case) {
    let mut world = World::new(Setup {
        dedupe: case.dedupe,
        ..Setup::default()
    })
    .await;
    world.venue.script(case.scripts);
    world.post("BUY AAPL @ 180").await;
    world.pass(seconds(90)).await;
    let order = world.entries(1).await.remove(0);
    assert_eq!(
        order.state.code(),
        case.state,
        "{}: {:?}",
        case.name,
        order.message
    );
    assert_eq!(world.venue.sends(), case.sends, "{}: sends", case.name);
    assert_eq!(
        world
            .at_venue(1)
            .iter()
            .filter(|o| o.client_order_id == *order.client_order_id())
            .count(),
        case.held,
        "{}: held",
        case.name
    );
    let account = world.account(1).await;
    let works = !order.state.is_final();
    assert_eq!(
        !account.reservations.is_empty(),
        works,
        "{}: reservations",
        case.name
    );
    world.audit().await;
}

/// Orders whose turn does not come for `waits` seconds each, so many times: how the order ends, and how often it was tried.
async fn check_turn(waits: u64, times: usize, state: &str, sends: u32) {
    let mut world = World::new(Setup::default()).await;
    let wait = Script::NotSent(NotSent::Wait {
        after: seconds(waits),
        why: "used up".to_owned(),
    });
    world.venue.script(vec![wait; times]);
    world.post("BUY AAPL @ 180").await;
    world.pass(seconds(150)).await;
    let order = world.entries(1).await.remove(0);
    let named = format!("{times} waits of {waits} s: {:?}", order.message);
    assert_eq!(order.state.code(), state, "{named}");
    let tried = u32::from(state == "submitted");
    assert_eq!(order.attempts, tried, "{named}: waiting is no attempt");
    assert_eq!(world.venue.sends(), sends, "{named}");
    if state == "expired" {
        assert_eq!(order.reason.as_deref(), Some("stale"), "{named}");
        assert!(world.account(1).await.reservations.is_empty(), "{named}");
    }
    world.audit().await;
}

#[tokio::test]
async fn an_order_waits_for_its_turn_and_ages_meanwhile() {
    check_turn(1, 8, "submitted", 9).await;
    check_turn(3_600, 1, "expired", 1).await;
    check_turn(5, 100, "expired", 13).await;
}

#[tokio::test]
async fn invariant_02_invariant_03_a_lost_answer_is_looked_up() {
    use Dedupe::{Always, Never, WhileOpen};
    let rows = [
        // AC-37
        (
            "503 to every submit",
            Always,
            vec![Script::LoseRequest; 9],
            "rejected",
            4,
            0,
        ),
        (
            "the request was lost once",
            Always,
            vec![Script::LoseRequest],
            "submitted",
            2,
            1,
        ),
        (
            "the answer was lost",
            Always,
            vec![Script::LoseAnswer],
            "submitted",
            1,
            1,
        ),
        (
            "the repeat was refused while the first may be on its way",
            Always,
            vec![Script::LoseRequest, refused()],
            "submitted",
            3,
            1,
        ),
        // AC-38
        (
            "filled, line cut",
            WhileOpen,
            vec![Script::FillAndLoseAnswer(price("180"))],
            "filled",
            1,
            1,
        ),
        (
            "the answer was lost",
            WhileOpen,
            vec![Script::LoseAnswer],
            "submitted",
            1,
            1,
        ),
        (
            "never arrived",
            WhileOpen,
            vec![Script::LoseRequest],
            "rejected",
            1,
            0,
        ),
        // AC-39
        (
            "never arrived",
            Never,
            vec![Script::LoseRequest],
            "rejected",
            1,
            0,
        ),
        (
            "the answer was lost",
            Never,
            vec![Script::LoseAnswer],
            "submitted",
            1,
            1,
        ),
        (
            "filled, line cut",
            Never,
            vec![Script::FillAndLoseAnswer(price("180"))],
            "filled",
            1,
            1,
        ),
        // EX-04: certainly not accepted, so any venue may be asked again, three times.
        ("429 twice", Never, vec![busy(), busy()], "submitted", 3, 1),
        ("429 for ever", Never, vec![busy(); 9], "rejected", 4, 0),
        ("429 for ever", Always, vec![busy(); 9], "rejected", 4, 0),
    ];
    for (name, dedupe, scripts, state, sends, held) in rows {
        check(Case {
            name,
            dedupe,
            scripts,
            state,
            sends,
            held,
        })
        .await;
    }
}

#[tokio::test]
async fn a_venue_that_is_away_leaves_it_unknown_until_it_answers() {
    let mut world = World::new(Setup {
        dedupe: Dedupe::Never,
        ..Setup::default()
    })
    .await;
    world.venue.set_away(true);
    world.post("BUY AAPL @ 180").await;
    world.pass(seconds(100)).await;
    assert_eq!(world.entries(1).await[0].state.code(), "unknown");
    assert_eq!(world.account(1).await.reservations.len(), 1, "it counts as used");
    world.pass(seconds(15 * 60)).await;
    assert_eq!(world.entries(1).await[0].state.code(), "escalated");
    assert_eq!(world.venue.sends(), 1);
    let kinds = world.kinds().await;
    assert_eq!(kinds.iter().filter(|k| *k == "order.escalated").count(), 1);
    assert!(
        kinds.len() < 60,
        "an outage must not flood the journal: {}",
        kinds.len()
    );
    assert_eq!(
        world.account(1).await.reservations.len(),
        1,
        "it still counts as used"
    );
    world.pass(seconds(600)).await;
    assert_eq!(
        world.entries(1).await[0].state.code(),
        "escalated",
        "a person is asked"
    );
    // The venue is back: two agreeing answers are evidence, and need no person.
    world.venue.set_away(false);
    world.pass(seconds(130)).await;
    let entry = world.entries(1).await.remove(0);
    assert_eq!(
        (entry.state.code(), entry.reason.as_deref()),
        ("rejected", Some("never_arrived"))
    );
    assert!(world.account(1).await.reservations.is_empty());
    assert_eq!(world.venue.sends(), 1);
}

#[tokio::test]
async fn ex_05_an_admin_settles_what_nobody_could_look_up() {
    let mut world = World::new(Setup::default()).await;
    world.venue.set_away(true);
    world.post("BUY AAPL @ 180").await;
    world.pass(seconds(16 * 60)).await;
    let order = world.entries(1).await.remove(0);
    assert_eq!(order.state.code(), "escalated");
    let ctx = world.ctx();
    let caller = Caller::default();
    let say = async |user: &User, session: &Session, reason: &str| {
        let verdict = (Verdict::Cancelled, reason);
        settle(ctx, (user, session), order.id, verdict, &caller).await
    };
    let (owner, mut admin) = (world.user(1), world.user(1));
    admin.platform_admin = true;
    let (plain, fresh) = (session_of(&admin, None), session_of(&admin, Some(ctx.now())));
    assert!(
        matches!(say(&owner, &fresh, "seen").await, Err(DeskError::NotFound)),
        "the owner may not"
    );
    assert!(matches!(
        say(&admin, &fresh, " ").await,
        Err(DeskError::Invalid { field: "reason", .. })
    ));
    assert!(
        matches!(say(&admin, &plain, "seen").await, Err(DeskError::Identity(_))),
        "a second factor"
    );
    assert_eq!(world.entries(1).await[0].state.code(), "escalated");
    let settled = say(&admin, &fresh, "not in the broker's list").await.unwrap();
    assert_eq!(settled.state.code(), "cancelled");
    assert!(settled.message.unwrap().ends_with("not in the broker's list"));
    world.settle().await;
    assert!(world.account(1).await.reservations.is_empty(), "given back");
    assert_eq!(
        world
            .kinds()
            .await
            .iter()
            .filter(|k| *k == "order.resolved")
            .count(),
        1
    );
    assert!(
        matches!(say(&admin, &fresh, "again").await, Err(DeskError::NotFound)),
        "it has ended"
    );
}

fn session_of(user: &User, stepped_up_at: Option<Timestamp>) -> Session {
    Session {
        stepped_up_at,
        revoked_at: None,
        ..ordercast_testkit::sample::person::session(1, user.id)
    }
}

#[tokio::test]
async fn a_comparison_in_between_harms_no_order_that_waits() {
    // The order waits in its lane behind a comparison that already sees it in the store.
    for dedupe in [Dedupe::Always, Dedupe::WhileOpen, Dedupe::Never] {
        let world = World::new(Setup {
            dedupe,
            ..Setup::default()
        })
        .await;
        let id = World::connection_id(1);
        let message = world.message(
            "300",
            ordercast_model::signal::raw::RevisionKind::New,
            "BUY AAPL @ 180",
        );
        world.take(message).await;
        for _ in 0..60 {
            let connection = world.connection(1).await;
            world
                .ctx()
                .lanes
                .push_for(&connection, ordercast_app::lane::Job::Sync)
                .await;
            tokio::task::yield_now().await;
        }
        world.settle().await;
        world.pass(seconds(2)).await;
        assert_eq!(world.venue.sends(), 1, "{dedupe:?}");
        assert_eq!(world.venue.orders(id).len(), 1, "{dedupe:?}");
        assert_eq!(world.entries(1).await[0].state.code(), "submitted", "{dedupe:?}");
        // A retry that waits is not harmed either.
        let mut world = World::new(Setup {
            dedupe,
            ..Setup::default()
        })
        .await;
        world.venue.script([busy(), busy()]);
        world.post("BUY AAPL @ 180").await;
        for _ in 0..5 {
            let connection = world.connection(1).await;
            world
                .ctx()
                .lanes
                .push_for(&connection, ordercast_app::lane::Job::Sync)
                .await;
            world.pass(MOMENT).await;
        }
        world.pass(seconds(5)).await;
        assert_eq!(
            world.entries(1).await[0].state.code(),
            "submitted",
            "{dedupe:?}: {:?}",
            world.entries(1).await[0].message
        );
    }
}

#[tokio::test]
async fn a_disk_that_fails_after_the_send_causes_no_second_send() {
    for dedupe in [Dedupe::Always, Dedupe::WhileOpen, Dedupe::Never] {
        let mut world = World::new(Setup {
            dedupe,
            window: seconds(5),
            ..Setup::default()
        })
        .await;
        let hold = std::sync::Arc::new(tokio::sync::Notify::new());
        let id = World::connection_id(1);
        world.mood.hanging.lock().unwrap().insert(id, hold.clone());
        world.post("BUY AAPL @ 180").await;
        world.mood.hanging.lock().unwrap().clear();
        world.watch.fail_next(3);
        hold.notify_one();
        world.settle().await;
        world.pass(seconds(10)).await;
        let order = world.entries(1).await.remove(0);
        assert_eq!(
            world.venue.orders(id).len(),
            1,
            "{dedupe:?}: the venue holds one order"
        );
        assert_eq!(order.state.code(), "submitted", "{dedupe:?}");
        if dedupe != Dedupe::Always {
            assert_eq!(world.venue.sends(), 1, "{dedupe:?}");
        }
    }
}

#[tokio::test]
async fn ac_40_invariant_12_killed_between_durable_and_sent() {
    for (dedupe, wait, state, sends) in [
        (Dedupe::Always, 10, "submitted", 1),
        (Dedupe::Always, 120, "expired", 0),
        (Dedupe::Never, 120, "expired", 0),
    ] {
        let mut world = World::new(Setup {
            dedupe,
            window: seconds(2),
            ..Setup::default()
        })
        .await;
        let hold = std::sync::Arc::new(tokio::sync::Notify::new());
        world
            .mood
            .hanging
            .lock()
            .unwrap()
            .insert(World::connection_id(1), hold);
        world.post("BUY AAPL @ 180").await;
        assert_eq!(world.entries(1).await[0].state.code(), "pending");
        world.kill_process().await;
        world.mood.hanging.lock().unwrap().clear();
        world.pass(seconds(wait)).await;
        world.start().await;
        world.pass(seconds(5)).await;
        let order = world.entries(1).await.remove(0);
        assert_eq!(
            order.state.code(),
            state,
            "{dedupe:?} after {wait} s: {:?}",
            order.message
        );
        assert_eq!(world.venue.sends(), sends, "{dedupe:?} after {wait} s");
        assert_eq!(world.account(1).await.reservations.is_empty(), sends == 0);
    }
}

#[tokio::test]
async fn invariant_12_a_lane_that_hangs_sends_nothing_stale() {
    let mut world = World::new(Setup::default()).await;
    world.quote("MSFT", "100");
    let hold = std::sync::Arc::new(tokio::sync::Notify::new());
    let id = World::connection_id(1);
    world.mood.hanging.lock().unwrap().insert(id, hold.clone());
    world.post("BUY AAPL @ 180").await;
    world.post("BUY MSFT @ 100").await;
    world.pass(seconds(61)).await;
    world.mood.hanging.lock().unwrap().clear();
    hold.notify_one();
    world.settle().await;
    world.pass(seconds(3)).await;
    let states: Vec<&str> = world.entries(1).await.iter().map(|o| o.state.code()).collect();
    assert_eq!(states, ["submitted", "expired"]);
    assert_eq!(world.venue.sends(), 1);
}

#[tokio::test]
async fn invariant_12_an_old_message_opens_nothing() {
    let world = World::new(Setup::default()).await;
    let mut late = world.message(
        "44",
        ordercast_model::signal::raw::RevisionKind::New,
        "BUY AAPL @ 180",
    );
    late.posted_at = late.posted_at.minus(seconds(80));
    late.backfilled = true;
    world.take(late).await;
    world.settle().await;
    assert_eq!(world.verdicts(1).await, ["stale"]);
    assert!(world.at_venue(1).is_empty());
}

#[tokio::test]
async fn a_cancel_reaches_an_order_whose_answer_was_lost() {
    for (dedupe, script, held) in [
        (Dedupe::Always, Script::LoseAnswer, 1),
        (Dedupe::Always, Script::LoseRequest, 0),
        (Dedupe::Never, Script::LoseAnswer, 1),
        (Dedupe::Never, Script::LoseRequest, 0),
    ] {
        let mut world = World::new(Setup {
            dedupe,
            ..Setup::default()
        })
        .await;
        world.venue.script([script.clone()]);
        world.post("BUY AAPL @ 180 limit").await;
        let order = world.entries(1).await.remove(0);
        world
            .ctx()
            .lanes
            .push_for(
                &order,
                ordercast_app::lane::Job::Cancel(order.id, CancelledBy::User),
            )
            .await;
        world.settle().await;
        world.pass(seconds(90)).await;
        let order = world.entries(1).await.remove(0);
        assert!(
            order.state.is_final(),
            "{dedupe:?} {script:?}: {} {:?}",
            order.state.code(),
            order.message
        );
        assert!(world.working(1).is_empty(), "{dedupe:?} {script:?}");
        assert_eq!(world.at_venue(1).len(), held, "{dedupe:?} {script:?}");
        assert!(world.account(1).await.reservations.is_empty());
    }
}

#[tokio::test]
async fn a_cancel_after_a_crash_reaches_what_was_sent() {
    // Sent, then killed before the answer was written: the store says pending, the venue works.
    for dedupe in [Dedupe::Always, Dedupe::Never] {
        let mut world = World::new(Setup {
            dedupe,
            ..Setup::default()
        })
        .await;
        let hold = std::sync::Arc::new(tokio::sync::Notify::new());
        let id = World::connection_id(1);
        world.mood.hanging.lock().unwrap().insert(id, hold.clone());
        world.post("BUY AAPL @ 180 limit").await;
        world.watch.die(crate::spy::Death::Before(1));
        hold.notify_one();
        world.settle().await;
        assert_eq!(world.venue.orders(id).len(), 1);
        world.mood.hanging.lock().unwrap().clear();
        world.venue.set_away(true);
        world.crash_and_restart().await;
        let order = world.entries(1).await.remove(0);
        assert_eq!(order.state.code(), "pending");
        world
            .ctx()
            .lanes
            .push_for(
                &order,
                ordercast_app::lane::Job::Cancel(order.id, CancelledBy::User),
            )
            .await;
        world.settle().await;
        world.venue.set_away(false);
        world.pass(seconds(70)).await;
        let order = world.entries(1).await.remove(0);
        assert_eq!(order.state.code(), "cancelled", "{dedupe:?}");
        assert!(
            world.working(1).is_empty(),
            "{dedupe:?}: it still works at the venue"
        );
    }
}

#[tokio::test]
async fn a_repeat_that_risk_refuses_ends() {
    // The venue lost the request; when it is judged again the price has run away.
    let world = World::new(Setup::default()).await;
    world.venue.script(vec![Script::LoseRequest; 9]);
    let message = world.message(
        "70",
        ordercast_model::signal::raw::RevisionKind::New,
        "BUY AAPL @ 180",
    );
    world.take(message).await;
    for _ in 0..400 {
        tokio::task::yield_now().await;
    }
    world.quote("AAPL", "190");
    world.pass(seconds(70)).await;
    let order = world.entries(1).await.remove(0);
    assert_eq!(order.state.code(), "rejected", "{:?}", order.message);
    assert_eq!(world.venue.sends(), 1);
    assert!(world.account(1).await.reservations.is_empty());
}

#[tokio::test]
async fn fills_that_cannot_be_listed_are_no_withdrawal() {
    let mut world = World::new(Setup::default()).await;
    world.post("BUY AAPL @ 180").await;
    // The stream is silent and fills are not listed, but the venue's cash has moved.
    world.mood.blind.store(true, std::sync::atomic::Ordering::SeqCst);
    let id = World::connection_id(1);
    world.venue.set_cash(id, crate::world::dec("9820"));
    let connection = world.connection(1).await;
    world
        .ctx()
        .lanes
        .push_for(&connection, ordercast_app::lane::Job::Sync)
        .await;
    world.settle().await;
    assert!(!world.kinds().await.iter().any(|k| k == "cash.external"));
}

#[tokio::test]
async fn an_outage_does_not_multiply_work() {
    let mut world = World::new(Setup::default()).await;
    world.venue.script(vec![Script::LoseRequest; 9]);
    world.post("BUY AAPL @ 180").await;
    world.venue.set_away(true);
    world.pass(seconds(600)).await;
    let before = world.watch.reads();
    world.pass(seconds(60)).await;
    let early = world.watch.reads() - before;
    world.pass(seconds(1_800)).await;
    let before = world.watch.reads();
    world.pass(seconds(60)).await;
    let late = world.watch.reads() - before;
    assert!(
        late <= early + 20,
        "calls of the store a minute: {early}, half an hour later {late}"
    );
    let _ = Seen::Cancelled(String::new());
}
