//! The helm among processes: who may send, who takes it from whom and when, and how a switch binds another process.

use std::{sync::Arc, time::Duration};

use ordercast_app::{
    context::{Context, Ports},
    helm::{Candidate, PERMIT, Reign, SILENCE},
    lane::Jobs,
};
use ordercast_model::limits::Caps;
use ordercast_testkit::{
    bus::FakeBus, chat::FakeChat, clock::SteerableClock, helm::FakeHelm, random::SeededRandom, sample::at,
    store::MemoryStore, vault::FakeVault,
};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// Processes that share a store and a helm.
struct Fleet {
    store: Arc<MemoryStore>,
    clock: SteerableClock,
    helm: FakeHelm,
}

impl Fleet {
    fn new() -> Self {
        Self {
            store: Arc::new(MemoryStore::new()),
            clock: SteerableClock::at(at(1_000)),
            helm: FakeHelm::new(),
        }
    }
    /// One of them; whoever is called `dead` is known to be dead.
    fn process(&self, name: &str) -> (Context, Jobs) {
        let (ctx, jobs) = Context::new(Ports {
            store: self.store.clone(),
            clock: Arc::new(self.clock.clone()),
            random: Arc::new(SeededRandom::new(7)),
            vault: Arc::new(FakeVault),
            brokers: Default::default(),
            markets: Default::default(),
            bus: Arc::new(FakeBus::new()),
            chat: Arc::new(FakeChat::default()),
            rules: ordercast_rules::risk::rule_set().unwrap(),
            platform_caps: Caps::default(),
            live_trading: false,
        });
        let is_dead = Box::new(|name: &str| name == "dead");
        ctx.helmsman
            .share(Arc::new(self.helm.clone()), name.to_owned(), is_dead);
        (ctx, jobs)
    }
    async fn pass(&self, span: Duration) {
        let step = Duration::from_millis(50);
        let mut passed = Duration::ZERO;
        while passed < span {
            self.clock.advance(step).await;
            for _ in 0..20 {
                tokio::task::yield_now().await;
            }
            passed += step;
        }
    }
}

async fn takes(ctx: &Context, candidate: &mut Candidate) -> Option<Reign> {
    ctx.helmsman.try_take(candidate).await.unwrap()
}

/// Beats until the token is cancelled or the helm is lost.
fn beats(ctx: &Context, reign: Reign) -> (CancellationToken, tokio::task::JoinHandle<()>) {
    let (ctx, stop) = (ctx.clone(), CancellationToken::new());
    let token = stop.clone();
    let task = tokio::spawn(async move {
        ctx.helmsman.keep(&ctx, reign, &Notify::new(), &token).await;
    });
    (stop, task)
}

#[tokio::test]
async fn a_silent_holder_may_send_nothing_long_before_another_takes_the_helm() {
    let fleet = Fleet::new();
    let ((one, _), (two, _)) = (fleet.process("one"), fleet.process("two"));
    assert!(!one.helmsman.may_send() && !two.helmsman.may_send());
    let (mut first, mut second) = (Candidate::default(), Candidate::default());
    let reign = takes(&one, &mut first).await.expect("nobody holds it");
    let (stop, task) = beats(&one, reign);
    for _ in 0..20 {
        fleet.pass(Duration::from_millis(500)).await;
        assert!(one.helmsman.may_send(), "it beats");
        assert_eq!(takes(&two, &mut second).await, None, "held");
    }
    // It hangs: no beat leaves it any more.
    task.abort();
    drop(stop);
    fleet.pass(PERMIT).await;
    assert!(!one.helmsman.may_send(), "its permit has lapsed");
    assert_eq!(takes(&two, &mut second).await, None, "not yet");
    fleet.pass(SILENCE).await;
    let next = takes(&two, &mut second).await.expect("it was silent");
    assert!(next.fence > reign.fence && next.ousted);
    // It goes on: what it began is broken off, and it knows at its next beat.
    let sent = one.helmsman.under_permit(async { "a byte" }).await;
    assert_eq!(sent, None);
    assert_eq!(
        two.helmsman.under_permit(async { "a byte" }).await,
        Some("a byte")
    );
    one.helmsman.steer();
    let (_stop, task) = beats(&one, reign);
    task.await.unwrap();
    assert!(!one.helmsman.may_send() && !one.helmsman.is_steering());
}

#[tokio::test]
async fn the_helm_of_the_dead_and_one_that_was_given_back_are_taken_at_once() {
    let fleet = Fleet::new();
    let ((dead, _), (two, _), (three, _)) = (
        fleet.process("dead"),
        fleet.process("two"),
        fleet.process("three"),
    );
    takes(&dead, &mut Candidate::default())
        .await
        .expect("nobody holds it");
    let reign = takes(&two, &mut Candidate::default())
        .await
        .expect("its holder is dead");
    assert!(!reign.ousted);
    assert_eq!(takes(&three, &mut Candidate::default()).await, None, "held");
    two.helmsman.release(reign).await;
    assert!(!two.helmsman.may_send());
    assert!(
        takes(&three, &mut Candidate::default()).await.is_some(),
        "given back"
    );
}

#[tokio::test]
async fn a_switch_binds_whoever_holds_the_helm_before_it_is_acknowledged() {
    let fleet = Fleet::new();
    let ((one, _), (two, _)) = (fleet.process("one"), fleet.process("two"));
    let reign = takes(&one, &mut Candidate::default()).await.unwrap();
    let (stop, task) = beats(&one, reign);
    fleet.pass(Duration::from_millis(300)).await;
    ordercast_app::switch::stop_opens(&two, "enough").await.unwrap();
    assert!(one.switchboard.all().is_empty(), "it has not heard of it");
    let bound = tokio::spawn({
        let two = two.clone();
        async move { two.helmsman.bind().await }
    });
    fleet.pass(Duration::from_millis(1_000)).await;
    assert!(bound.is_finished(), "bound within a second");
    bound.await.unwrap().unwrap();
    assert_eq!(one.switchboard.all().len(), 1);
    // It hangs: its permit must lapse before the answer.
    stop.cancel();
    task.await.unwrap();
    let bound = tokio::spawn(async move { two.helmsman.bind().await });
    fleet.pass(Duration::from_millis(3_000)).await;
    assert!(!bound.is_finished(), "it may still send");
    fleet.pass(Duration::from_millis(4_000)).await;
    assert!(bound.is_finished() && !one.helmsman.may_send());
}
