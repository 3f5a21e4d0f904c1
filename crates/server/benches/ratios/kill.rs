//! The kill switch under a running stream of messages: from the call to the durable switch, and to the answer, after which
//! no opening byte may leave; against one bare fdatasync of the same bytes. Fails when one left, or when none could have.

use std::{
    collections::BTreeSet,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail, ensure};
use ordercast_app::switch::{self, Also};
use ordercast_model::{
    ids::ConnectionId,
    limits::{Switch, SwitchKind, SwitchScope},
    ports::store::{SystemQuery, find_any},
    tenant::SystemScope,
    user::{Session, User},
};
use tokio_util::sync::CancellationToken;

use crate::{
    floor::Floor,
    measure::{Samples, now, pause},
    option::Options,
    post::Mouth,
    report::{Ratio, Report},
    scene::{Plan, Scene},
    setting,
    watch::{Call, Placed},
};

/// Providers with one follower each, stopped one after the other.
const LONE: usize = 20;
/// The provider whose followers are stopped with their community.
const LOVED: usize = LONE;
/// Its followers.
const ACCOUNTS: usize = 1_000;
/// Kills of the community.
const COMMUNITY_ROUNDS: usize = 3;
/// Time between two messages of the stream.
const PACE: Duration = Duration::from_millis(20);
/// What is watched after an answer.
const AFTER: Duration = Duration::from_millis(400);
/// Longest wait for the first order of a message.
const ORDER_MAX: Duration = Duration::from_secs(30);
/// The messages of the stream are told from all others by numbers of their own.
const STREAM: usize = 5_000_000;
const LOOKING: SystemScope = SystemScope::housekeeping("a bench looks whether its switch is durable");

/// What one scope took.
#[derive(Default)]
struct Scope {
    durable: Samples,
    answered: Samples,
    floor: Samples,
    /// Orders that had been sent before, and sends broken off by the switch.
    before: usize,
    broken_off: usize,
}

/// One kill: when it was asked for, durable and answered, and the bytes of its transaction.
struct Killed {
    asked: Instant,
    durable: Instant,
    answered: Instant,
    bytes: usize,
}

/// Posts without end, every provider with one follower in turn.
async fn stream(mouth: Arc<Mouth>, stop: CancellationToken) -> Result<usize> {
    let mut n = 0;
    while !stop.is_cancelled() {
        let posting = mouth.message(n % LONE, 100 + n / LONE, STREAM + n).await?;
        mouth.post(posting.message).await?;
        n += 1;
        pause(PACE).await;
    }
    Ok(n)
}

/// Sets a kill and sees that it is durable when it is answered.
async fn kill(scene: &Scene, actor: &User, scope: SwitchScope) -> Result<Killed> {
    scene.store.take();
    let asked = now();
    let reason = "measured".to_owned();
    switch::kill(&scene.ctx, actor, scope.clone(), reason, Also::default()).await?;
    let answered = now();
    let key = Switch::key_of(SwitchKind::Kill, &scope);
    let stored = find_any::<Switch>(scene.ctx.store.as_ref(), LOOKING, SystemQuery::Switch(key)).await?;
    ensure!(
        stored.first().is_some_and(|switch| switch.on),
        "{scope:?}: answered, but the switch is not in the store"
    );
    let notes = scene.store.take();
    let write = notes.iter().find(|note| note.call == Call::Switch);
    let write = write.with_context(|| format!("{scope:?}: answered without a durable transaction"))?;
    ensure!(write.to <= answered, "{scope:?}: answered before it was durable");
    Ok(Killed {
        asked,
        durable: write.to,
        answered,
        bytes: write.bytes,
    })
}

/// Waits for the first order of these accounts and gives what came until then.
async fn first_of(scene: &mut Scene, covered: &BTreeSet<ConnectionId>) -> Result<Vec<Placed>> {
    let mut all = Vec::new();
    loop {
        let Ok(placed) = tokio::time::timeout(ORDER_MAX, scene.placed.recv()).await else {
            bail!("no order within {ORDER_MAX:?}: {}", scene.mouth.told().await?);
        };
        let placed = placed.context("the venue is gone")?;
        let own = covered.contains(&placed.connection);
        all.push(placed);
        if own {
            return Ok(all);
        }
    }
}

/// Kills one scope while its orders are on their way, goes on posting, and looks at every send that ended later.
async fn round(
    scene: &mut Scene,
    floor: &mut Floor,
    figures: &mut Scope,
    (provider, actor, scope): (usize, &User, SwitchScope),
    n: usize,
) -> Result<()> {
    let covers = |c: &&setting::Follower| match &scope {
        SwitchScope::User(id) => c.user.id == *id,
        _ => true,
    };
    let covered = scene.people.followers.iter().filter(covers);
    let covered: BTreeSet<ConnectionId> = covered.map(|f| f.connection.id).collect();
    while scene.placed.try_recv().is_ok() {}
    for more in 0..2 {
        let posting = scene.mouth.message(provider, 2 * n + more, 10 * n + more).await?;
        scene.mouth.post(posting.message).await?;
    }
    let mut placed = first_of(scene, &covered).await?;
    let killed = kill(scene, actor, scope.clone()).await?;
    figures.floor.add(floor.sync(&[killed.bytes])?);
    // What is posted after the answer must come to nothing.
    let posting = scene.mouth.message(provider, 2 * n + 5, 10 * n + 5).await?;
    scene.mouth.post(posting.message).await?;
    pause(AFTER).await;
    while let Ok(late) = scene.placed.try_recv() {
        placed.push(late);
    }
    let own: Vec<&Placed> = placed
        .iter()
        .filter(|p| covered.contains(&p.connection))
        .collect();
    let late = own.iter().filter(|p| p.to > killed.answered).count();
    ensure!(
        late == 0,
        "{scope:?}: {late} opening orders were being sent after the kill was answered"
    );
    figures.durable.add(killed.durable - killed.asked);
    figures.answered.add(killed.answered - killed.asked);
    figures.before += own.len();
    figures.broken_off += own.iter().filter(|p| p.sent.is_none()).count();
    Ok(())
}

/// A session of a person that showed a second factor just now.
fn session(scene: &Scene, user: &User) -> Session {
    let now = scene.ctx.now();
    Session {
        id: scene.ctx.id(),
        version: 1,
        user_id: user.id,
        token_hash: String::new(),
        agent: "bench".to_owned(),
        created_at: now,
        seen_at: now,
        expires_at: now.plus(Duration::from_secs(3_600)),
        revoked_at: None,
        previous: None,
        stepped_up_at: Some(now),
    }
}

/// The kills of users, each another one, then those of the community, lifted in between.
async fn rounds(
    scene: &mut Scene,
    floor: &mut Floor,
    (users, communities): (usize, usize),
) -> Result<[Scope; 2]> {
    let mut figures = [Scope::default(), Scope::default()];
    let [of_users, of_community] = &mut figures;
    for n in 0..users.min(LONE) {
        let own = scene.people.followers.iter().find(|f| f.provider == n);
        let user = own.context("a provider has no follower")?.user.clone();
        let scope = SwitchScope::User(user.id);
        round(scene, floor, of_users, (n, &user, scope), n).await?;
    }
    let owner = scene.people.owner.clone();
    for n in 0..communities {
        let scope = SwitchScope::Community(scene.people.community);
        round(
            scene,
            floor,
            of_community,
            (LOVED, &owner, scope.clone()),
            LONE + n,
        )
        .await?;
        let session = session(scene, &owner);
        switch::lift(&scene.ctx, &owner, &session, scope, "measured".to_owned()).await?;
        pause(AFTER).await;
    }
    Ok(figures)
}

fn ratios(name: &str, scope: &Scope) -> Vec<Ratio> {
    let ratio = |what: &str, ours: &Samples, percent: usize| {
        Ratio::of(
            format!("{name}, call to {what}, p{percent}"),
            ours.at(percent),
            scope.floor.at(percent),
            None,
        )
    };
    vec![
        ratio("durable", &scope.durable, 50),
        ratio("durable", &scope.durable, 99),
        ratio("answer", &scope.answered, 50),
        ratio("answer", &scope.answered, 99),
    ]
}

pub(crate) async fn measure(options: &Options) -> Result<Report> {
    let folder = tempfile::tempdir()?;
    let accounts = options.accounts_up_to(ACCOUNTS);
    let mut crowds = vec![1; LONE];
    crowds.push(accounts);
    let plan = Plan {
        limits: setting::unhurried(),
        ..Plan::of(crowds, folder.path())
    };
    let mut scene = Scene::start(folder.path(), &plan).await?;
    let mut floor = Floor::open(folder.path()).await?;
    scene
        .store
        .weighs
        .store(false, std::sync::atomic::Ordering::Relaxed);
    let stop = CancellationToken::new();
    let streaming = tokio::spawn(stream(scene.mouth.clone(), stop.clone()));
    let counts = (options.rounds_or(LONE), options.rounds_or(COMMUNITY_ROUNDS));
    let measured = rounds(&mut scene, &mut floor, counts).await;
    stop.cancel();
    let streamed = streaming.await??;
    ensure!(streamed > 0, "no message streamed meanwhile");
    let [users, community] = measured?;
    scene.stop().await?;
    let told = |name: &str, scope: &Scope| {
        format!(
            "{name}: {} kills, {} opening orders sent before, {} of them broken off by the switch, none under way after the answer",
            scope.answered.len(),
            scope.before,
            scope.broken_off
        )
    };
    let all = format!("community of {accounts}");
    let mut ratios_of_both = ratios("user", &users);
    ratios_of_both.extend(ratios(&all, &community));
    Ok(Report {
        name: "kill",
        against: "one bare fdatasync of the bytes of the switch's transaction, right after it",
        ratios: ratios_of_both,
        tables: Vec::new(),
        notes: vec![
            told("user", &users),
            told(&all, &community),
            format!(
                "{streamed} messages of {LONE} other providers meanwhile; what worked is cancelled behind the answer"
            ),
        ],
    })
}
