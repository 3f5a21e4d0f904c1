//! Load on meters over a steered clock: who is let through, in whose turn and when.
#![allow(clippy::unwrap_used)]

use ordercast_model::ports::allowance::{Shared, Unit};
use ordercast_testkit::{clock::SteerableClock, random::SeededRandom, sample};

use super::{window::Window, *};

const MINUTE: Duration = Duration::from_secs(60);

/// Requests that were let go: when, whose, and whether they were exits.
type Gone = Vec<(Duration, usize, bool)>;

/// The most over any stretch of a minute.
fn busiest(gone: &Gone, counts: impl Fn(&(Duration, usize, bool)) -> bool) -> usize {
    let at: Vec<Duration> = gone.iter().filter(|g| counts(g)).map(|g| g.0).collect();
    let within = |from: &Duration| at.iter().filter(|t| *t >= from && **t - *from <= MINUTE).count();
    at.iter().map(within).max().unwrap_or(0)
}

/// Accounts that ask again as soon as their turn comes, `late` milliseconds after it at most, for some minutes.
fn load(ours: u32, accounts: &[Urgency], minutes: u32, late: u64, seed: u64) -> Gone {
    let random = SeededRandom::new(seed);
    let mut window = Window::new(ours, ours / 10, MINUTE);
    let names: Vec<Arc<str>> = (0..accounts.len()).map(|n| format!("a{n}").into()).collect();
    let mut next: Vec<Duration> = vec![Duration::from_secs(1); accounts.len()];
    let mut gone = Gone::new();
    while let Some((n, now)) = next.iter().copied().enumerate().min_by_key(|(_, at)| *at) {
        if now > MINUTE * minutes {
            break;
        }
        let urgency = accounts[n];
        let after = match window.take(&names[n], urgency, 1, now) {
            Ok(used) => {
                assert!(used <= ours);
                gone.push((now, n, urgency == Urgency::Exit));
                Duration::from_millis(1 + random.below(20))
            }
            Err(wait) => wait,
        };
        next[n] = now + after + Duration::from_millis(random.below(late.max(1)));
    }
    gone
}

#[test]
fn no_stretch_holds_more_than_ours_and_under_load_all_of_it_is_used() {
    use Urgency::{Exit, Order, Read};
    for (ours, accounts, seed) in [
        (100, vec![Order, Exit], 1),
        (100, vec![Order, Order, Exit, Read], 2),
        (180, vec![Read, Read, Order, Exit, Exit], 3),
        (600, vec![Order; 8].into_iter().chain([Exit]).collect(), 4),
        (20, vec![Exit], 5),
    ] {
        let minutes = 5;
        let gone = load(ours, &accounts, minutes, 50, seed);
        let most = usize::try_from(ours).unwrap();
        assert!(busiest(&gone, |_| true) <= most, "{ours} {accounts:?}");
        let ordinary = busiest(&gone, |g| !g.2);
        assert!(ordinary <= most - most / 10, "a tenth is kept: {ordinary}");
        // The last four minutes are full ones.
        let used = gone.iter().filter(|g| g.0 > MINUTE).count();
        let share = used * 1_000 / (most * 4);
        println!("{ours} a minute, {accounts:?}: {} ‰ used", share);
        assert!(share >= 990, "{share} ‰ of {ours} for {accounts:?}");
    }
}

#[test]
fn accounts_that_share_an_allowance_get_the_same_of_it() {
    let gone = load(100, &[Urgency::Order; 5], 10, 30, 7);
    let of = |n: usize| gone.iter().filter(|g| g.1 == n && g.0 > MINUTE).count();
    let each: Vec<usize> = (0..5).map(of).collect();
    let (least, most) = (each.iter().min().unwrap(), each.iter().max().unwrap());
    assert!(most - least <= most / 20, "{each:?}");
    // Who comes late to a busy allowance is served before those who had much.
    let mut window = Window::new(10, 0, MINUTE);
    let (old, new): (Arc<str>, Arc<str>) = ("old".into(), "new".into());
    let at = Duration::from_secs;
    for n in 0..10 {
        assert!(window.take(&old, Urgency::Order, 1, at(n)).is_ok());
    }
    assert!(window.take(&old, Urgency::Order, 1, at(20)).is_err());
    assert!(window.take(&new, Urgency::Order, 1, at(30)).is_err());
    let free = at(60) + Duration::from_millis(1);
    assert!(
        window.take(&old, Urgency::Order, 1, free).is_err(),
        "the new one first"
    );
    assert!(window.take(&new, Urgency::Order, 1, free).is_ok());
}

#[test]
fn an_exit_goes_before_orders_and_orders_before_reads() {
    let mut window = Window::new(10, 1, MINUTE);
    let who: Arc<str> = "a".into();
    let at = Duration::from_secs;
    let mut take = |urgency, now| window.take(&who, urgency, 1, now);
    for n in 0..9 {
        assert!(take(Urgency::Read, at(n)).is_ok(), "{n}");
    }
    assert!(take(Urgency::Order, at(9)).is_err(), "the tenth is kept");
    assert!(take(Urgency::Exit, at(10)).is_ok());
    assert!(take(Urgency::Exit, at(11)).is_err());
    assert!(take(Urgency::Read, at(12)).is_err());
    let free = |n: u64| at(60 + n) + Duration::from_millis(1);
    assert!(take(Urgency::Order, free(0)).is_err(), "the exit first");
    assert!(take(Urgency::Exit, free(0)).is_ok());
    assert!(take(Urgency::Read, free(1)).is_err(), "the order first");
    assert!(take(Urgency::Order, free(1)).is_ok());
    assert!(take(Urgency::Read, free(2)).is_ok());
}

#[test]
fn a_turn_that_nobody_takes_is_given_on() {
    let mut window = Window::new(1, 0, MINUTE);
    let (gone, here): (Arc<str>, Arc<str>) = ("gone".into(), "here".into());
    let at = Duration::from_secs;
    assert!(window.take(&here, Urgency::Order, 1, at(0)).is_ok());
    assert!(window.take(&gone, Urgency::Order, 1, at(1)).is_err());
    assert!(
        window.take(&here, Urgency::Order, 1, at(61)).is_err(),
        "kept for it"
    );
    assert!(window.take(&here, Urgency::Order, 1, at(64)).is_ok());
}

fn meter(clock: &SteerableClock, shared: Shared) -> (Arc<Meter>, mpsc::Receiver<Strain>) {
    let (budget, told) = Budget::new(Arc::new(clock.clone()), Headroom::default(), None);
    let allowance = Allowance::of(Unit::Request, shared, (200, 60), budget.headroom());
    (budget.meter("test", "Test", vec![allowance]), told)
}

fn ask(account: &str, urgency: Urgency) -> Ask<'_> {
    Ask {
        host: "venue",
        account,
        connection: Some(sample::id(1)),
        urgency,
        weight: 1,
        orders: 1,
    }
}

fn answer(status: u16, retry_after: Option<u64>) -> Result<Answer, Failure> {
    Ok(Answer {
        status,
        retry_after: retry_after.map(Duration::from_secs),
        reset: None,
        used: Vec::new(),
        body: Vec::new(),
    })
}

#[tokio::test]
async fn of_150_that_wait_90_go_in_a_minute_and_ten_are_kept_for_exits() {
    let clock = SteerableClock::at(sample::at(0));
    let (meter, mut told) = meter(&clock, Shared::Account);
    let mut sent = 0;
    for _ in 0..150 {
        match meter.enter(ask("a", Urgency::Order)).await {
            Ok(pass) => {
                sent += 1;
                pass.done(&answer(200, None)).await;
            }
            Err(held) => {
                let Failure::Waiting(wait) = held else {
                    panic!("{held:?}")
                };
                assert!(wait >= MINUTE, "{wait:?}");
            }
        }
    }
    assert_eq!(sent, 90);
    let mut exits = 0;
    while exits < 100 && meter.enter(ask("a", Urgency::Exit)).await.is_ok() {
        exits += 1;
    }
    assert_eq!(exits, 10);
    assert!(
        meter.enter(ask("b", Urgency::Order)).await.is_ok(),
        "another account"
    );
    let strain = told.try_recv().unwrap();
    assert_eq!((strain.used, strain.ours), (80, 100));
    assert!(told.try_recv().is_err(), "told once");
}

#[tokio::test]
async fn a_refusal_of_the_vendor_holds_for_everybody_who_shares_the_allowance() {
    for (shared, other_rests) in [(Shared::Account, false), (Shared::Address, true)] {
        let clock = SteerableClock::at(sample::at(0));
        let (meter, _told) = meter(&clock, shared);
        let pass = meter.enter(ask("a", Urgency::Order)).await.unwrap();
        pass.done(&answer(429, Some(7))).await;
        let rests =
            |held: Result<Pass<'_>, Failure>| held.err() == Some(Failure::Waiting(Duration::from_secs(7)));
        assert!(rests(meter.enter(ask("a", Urgency::Order)).await));
        assert!(rests(meter.enter(ask("a", Urgency::Exit)).await), "exits as well");
        assert_eq!(rests(meter.enter(ask("b", Urgency::Read)).await), other_rests);
        clock.advance(Duration::from_secs(7)).await;
        assert!(meter.enter(ask("a", Urgency::Exit)).await.is_ok());
    }
}

#[tokio::test]
async fn an_exit_waits_for_its_turn() {
    let clock = SteerableClock::at(sample::at(0));
    let (meter, _told) = meter(&clock, Shared::Account);
    let pass = meter.enter(ask("a", Urgency::Order)).await.unwrap();
    pass.done(&answer(418, Some(3))).await;
    let waiting = meter.clone();
    let exit = tokio::spawn(async move { waiting.enter(ask("a", Urgency::Exit)).await.is_ok() });
    while clock.sleeping() == 0 {
        tokio::task::yield_now().await;
    }
    assert!(!exit.is_finished());
    clock.advance(Duration::from_secs(4)).await;
    assert!(exit.await.unwrap());
}
