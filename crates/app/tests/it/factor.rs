//! The second factor (PRODUCT ID-07, TR-22): a code is taken once and one step around, five wrong ones lock, a step-up
//! counts for ten minutes and gives a new cookie; nothing of it depends on the process that was asked.

use ordercast_app::identity::{
    self, Caller, IdentityError,
    factor::{self, begin, confirm, new_codes, proven, remove, shown_in_demo, step_up},
    token_hash,
};
use ordercast_model::{
    factor::SecondFactor,
    ids::{Id as _, SessionId},
    ports::{
        clock::Clock,
        store::{Batch, Query, find, get},
    },
    tenant::TenantScope,
    user::{Session, User},
};
use ordercast_rules::factor::totp;
use ordercast_testkit::sample::person;

use crate::world::{Setup, World, seconds};

/// A user who is logged in, and the secret of the authenticator once there is one.
struct Person {
    world: World,
    user: User,
    session: Session,
    secret: Vec<u8>,
    codes: Vec<String>,
}

const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// What an authenticator reads from the text.
fn unbase32(text: &str) -> Vec<u8> {
    let (mut out, mut buffer, mut bits) = (Vec::new(), 0_u32, 0);
    for c in text.bytes() {
        let value = LETTERS.iter().position(|l| *l == c).unwrap();
        buffer = (buffer << 5 | u32::try_from(value).unwrap()) & 0xffff;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            out.push(u8::try_from(buffer >> bits & 0xff).unwrap());
        }
    }
    out
}

impl Person {
    /// Logged in, without a second factor.
    async fn new() -> Self {
        let world = World::new(Setup::default()).await;
        let user = world.user(1);
        let now = world.clock.now();
        let session = Session {
            id: SessionId::new(now, [9; 10]),
            token_hash: token_hash("first cookie"),
            seen_at: now,
            expires_at: now.plus(identity::SESSION_LIFE),
            ..person::session(1, user.id)
        };
        let mut batch = Batch::new();
        batch.insert(session.clone());
        world.write(batch).await;
        Self {
            world,
            user,
            session,
            secret: Vec::new(),
            codes: Vec::new(),
        }
    }
    /// Logged in and enrolled; a fresh step begins.
    async fn enrolled() -> Self {
        let mut person = Self::new().await;
        let ctx = person.world.ctx().clone();
        let offer = begin(&ctx, &person.user, &Caller::default()).await.unwrap();
        person.secret = unbase32(offer.secret.expose());
        let code = person.code(0);
        let done = confirm(&ctx, &person.user, &person.session, &code, &Caller::default())
            .await
            .unwrap();
        person.session = done.stepped.session;
        person.codes = done.codes.iter().map(|c| c.expose().clone()).collect();
        person.world.pass(seconds(90)).await;
        person
    }
    /// The code some steps from now.
    fn code(&self, steps: i64) -> String {
        let step = totp::step_of(self.world.clock.now())
            .checked_add_signed(steps)
            .unwrap();
        totp::code(&self.secret, step)
    }
    async fn step_up(&mut self, typed: &str) -> Result<(), IdentityError> {
        let stepped = step_up(
            self.world.ctx(),
            &self.user,
            &self.session,
            typed,
            &Caller::default(),
        )
        .await?;
        self.session = stepped.session;
        Ok(())
    }
    async fn is_proven(&self) -> bool {
        proven(self.world.ctx(), &self.user, &self.session).await.is_ok()
    }
    async fn row(&self) -> SecondFactor {
        let scope = TenantScope::of_user(&self.user);
        let row = get(self.world.store.as_ref(), &scope, &self.user.id.to_string()).await;
        row.unwrap().unwrap()
    }
    /// Entries of one kind as text.
    async fn told(&self, kind: &str) -> Vec<String> {
        self.world.settle().await;
        let chained =
            ordercast_model::ports::store::JournalStore::chained(self.world.store.as_ref(), 0, 10_000);
        let all = chained.await.unwrap();
        let own = all.iter().filter(|c| c.entry.kind.code() == kind);
        own.map(|c| serde_json::to_string(&c.entry).unwrap()).collect()
    }
}

#[tokio::test]
async fn id_07_who_has_no_factor_enrols_first_and_the_first_code_is_dead() {
    let mut person = Person::new().await;
    let ctx = person.world.ctx().clone();
    let missing = proven(&ctx, &person.user, &person.session).await.unwrap_err();
    assert_eq!(missing, IdentityError::StepUp { enrolled: false });
    let nothing = person.step_up("123456").await.unwrap_err();
    assert_eq!(nothing, IdentityError::StepUp { enrolled: false });
    let early = confirm(&ctx, &person.user, &person.session, "123456", &Caller::default()).await;
    assert_eq!(early.unwrap_err(), IdentityError::NotOffered);

    let first = begin(&ctx, &person.user, &Caller::default()).await.unwrap();
    let offer = begin(&ctx, &person.user, &Caller::default()).await.unwrap();
    assert!(
        offer
            .address
            .expose()
            .starts_with("otpauth://totp/Ordercast:Trader%2011?secret=")
    );
    person.secret = unbase32(first.secret.expose());
    assert_eq!(person.secret.len(), 20);
    let stale = confirm(
        &ctx,
        &person.user,
        &person.session,
        &person.code(0),
        &Caller::default(),
    )
    .await;
    assert_eq!(
        stale.unwrap_err(),
        IdentityError::Wrong { left: 4 },
        "the first offer is void"
    );
    person.secret = unbase32(offer.secret.expose());
    let code = person.code(0);
    let done = confirm(&ctx, &person.user, &person.session, &code, &Caller::default())
        .await
        .unwrap();
    assert_eq!(done.codes.len(), 10);
    person.session = done.stepped.session;
    assert!(person.is_proven().await, "a code was shown");
    assert_eq!(person.step_up(&code).await, Err(IdentityError::Wrong { left: 3 }));
    let again = begin(&ctx, &person.user, &Caller::default()).await;
    assert_eq!(again.unwrap_err(), IdentityError::Enrolled);

    let sealed = serde_json::to_string(&person.row().await.recovery).unwrap();
    for told in [
        person.told("totp.changed").await,
        person.told("stepup.failed").await,
    ]
    .concat()
    {
        assert!(
            !told.contains(offer.secret.expose()) && !told.contains(&hex(&person.secret)),
            "{told}"
        );
        assert!(!told.contains(&code), "{told}");
    }
    for code in &done.codes {
        assert!(!sealed.contains(code.expose()), "digests only");
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[tokio::test]
async fn an_offer_runs_out_after_a_quarter_of_an_hour() {
    let mut person = Person::new().await;
    let offer = begin(person.world.ctx(), &person.user, &Caller::default())
        .await
        .unwrap();
    person.secret = unbase32(offer.secret.expose());
    person.world.pass(seconds(900)).await;
    let (code, caller) = (person.code(0), Caller::default());
    let late = confirm(person.world.ctx(), &person.user, &person.session, &code, &caller).await;
    assert_eq!(late.unwrap_err(), IdentityError::NotOffered);
}

#[tokio::test]
async fn a_code_of_a_step_beside_fits_and_each_is_taken_once_also_after_a_restart() {
    for (steps, fits) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
        let mut person = Person::enrolled().await;
        let code = person.code(steps);
        assert_eq!(person.step_up(&code).await.is_ok(), fits, "{steps}");
        person.world.crash_and_restart().await;
        assert!(person.step_up(&code).await.is_err(), "{steps}: used, or too far");
        let before = person.code(steps - 1);
        assert!(
            !fits || person.step_up(&before).await.is_err(),
            "{steps}: earlier than one that was used"
        );
    }
}

#[tokio::test]
async fn of_two_tries_with_one_code_one_is_taken() {
    let person = Person::enrolled().await;
    let (ctx, code, caller) = (person.world.ctx(), person.code(0), Caller::default());
    let (one, two) = tokio::join!(
        step_up(ctx, &person.user, &person.session, &code, &caller),
        step_up(ctx, &person.user, &person.session, &code, &caller),
    );
    assert_eq!(
        usize::from(one.is_ok()) + usize::from(two.is_ok()),
        1,
        "{one:?} {two:?}"
    );
}

#[tokio::test]
async fn tr_22_a_recovery_code_works_once_however_it_is_typed() {
    let mut person = Person::enrolled().await;
    let code = person.codes[3].clone();
    person
        .step_up(&code.replace('-', " ").to_lowercase())
        .await
        .unwrap();
    assert_eq!(person.row().await.codes_left(), 9);
    assert_eq!(person.step_up(&code).await, Err(IdentityError::Wrong { left: 4 }));
    let other = person.codes[4].clone();
    let proof = proven(person.world.ctx(), &person.user, &person.session)
        .await
        .unwrap();
    let fresh = new_codes(person.world.ctx(), &person.user, proof, &Caller::default())
        .await
        .unwrap();
    assert!(person.step_up(&other).await.is_err(), "the old set is void");
    person.step_up(fresh[0].expose()).await.unwrap();
    let told = person.told("stepup.ok").await;
    assert!(
        told.iter()
            .all(|t| t.contains("recovery_code") && !t.contains(&code)),
        "{told:?}"
    );
}

#[tokio::test]
async fn id_07_five_wrong_codes_lock_for_a_quarter_of_an_hour_also_after_a_restart() {
    let mut person = Person::enrolled().await;
    for left in [4, 3] {
        assert_eq!(
            person.step_up("not a code").await,
            Err(IdentityError::Wrong { left })
        );
    }
    let right = person.code(0);
    person.step_up(&right).await.unwrap();
    person.world.crash_and_restart().await;
    for left in [2, 1] {
        assert_eq!(
            person.step_up("000000").await,
            Err(IdentityError::Wrong { left }),
            "a success counts for nothing"
        );
    }
    let until = person.world.clock.now().plus(seconds(900));
    let locked = IdentityError::FactorLocked { until, after: 900 };
    assert_eq!(person.step_up("000000").await, Err(locked));
    person.world.crash_and_restart().await;
    person.world.pass(seconds(899)).await;
    let right = person.code(0);
    let still = person.step_up(&right).await.unwrap_err();
    assert_eq!(
        still,
        IdentityError::FactorLocked { until, after: 1 },
        "the right code is not looked at"
    );
    person.world.pass(seconds(1)).await;
    let right = person.code(0);
    person.step_up(&right).await.unwrap();
    let failed = person.told("stepup.failed").await;
    assert_eq!(failed.len(), 5);
    assert!(failed[4].contains("\"reason\":\"locked\""), "{}", failed[4]);
}

#[tokio::test]
async fn a_step_up_counts_for_ten_minutes_and_only_for_its_session() {
    let mut person = Person::enrolled().await;
    let code = person.code(0);
    person.step_up(&code).await.unwrap();
    person.world.pass(seconds(599)).await;
    assert!(person.is_proven().await);
    let other = Session {
        stepped_up_at: None,
        ..person.session.clone()
    };
    let beside = proven(person.world.ctx(), &person.user, &other)
        .await
        .unwrap_err();
    assert_eq!(beside, IdentityError::StepUp { enrolled: true });
    let stranger = person::user(77);
    assert!(
        proven(person.world.ctx(), &stranger, &person.session)
            .await
            .is_err()
    );
    person.world.pass(seconds(1)).await;
    assert!(!person.is_proven().await);
}

#[tokio::test]
async fn id_02_a_step_up_rotates_the_cookie_and_a_late_old_one_ends_every_session() {
    let mut person = Person::enrolled().await;
    let ctx = person.world.ctx().clone();
    let typed = person.code(0);
    let stepped = step_up(&ctx, &person.user, &person.session, &typed, &Caller::default())
        .await
        .unwrap();
    let caller = Caller::default();
    let new = stepped.token.expose().clone();
    // `enrolled` rotated once; what the browser held before this step is known by its digest alone.
    let old = person.session.token_hash.clone();
    assert_eq!(stepped.session.previous.as_ref().unwrap().token_hash, old);
    assert!(identity::authenticate(&ctx, &new, &caller).await.is_ok());
    assert!(
        identity::authenticate(&ctx, "first cookie", &caller)
            .await
            .is_err()
    );
    person.session = stepped.session;
    person.world.pass(seconds(60)).await;
    let typed = person.code(0);
    let again = step_up(&ctx, &person.user, &person.session, &typed, &caller)
        .await
        .unwrap();
    assert!(
        identity::authenticate(&ctx, &new, &caller).await.is_ok(),
        "within its grace"
    );
    person.world.pass(seconds(59)).await;
    assert!(
        identity::authenticate(&ctx, &new, &caller).await.is_ok(),
        "within its grace"
    );
    person.world.pass(seconds(1)).await;
    assert!(
        identity::authenticate(&ctx, &new, &caller).await.is_err(),
        "its grace is over"
    );
    assert!(
        identity::authenticate(&ctx, again.token.expose(), &caller)
            .await
            .is_err(),
        "theft ends all"
    );
    assert_eq!(person.told("session.theft_suspected").await.len(), 1);
}

#[tokio::test]
async fn removing_takes_the_step_up_of_every_session_with_it() {
    let mut person = Person::enrolled().await;
    let code = person.code(0);
    person.step_up(&code).await.unwrap();
    let ctx = person.world.ctx().clone();
    let proof = proven(&ctx, &person.user, &person.session).await.unwrap();
    remove(&ctx, &person.user, proof, &Caller::default())
        .await
        .unwrap();
    let scope = TenantScope::of_user(&person.user);
    let sessions = find::<Session>(ctx.store.as_ref(), &scope, Query::Sessions)
        .await
        .unwrap();
    assert!(sessions.iter().all(|s| s.stepped_up_at.is_none()));
    let gone = proven(&ctx, &person.user, &sessions[0]).await.unwrap_err();
    assert_eq!(gone, IdentityError::StepUp { enrolled: false });
    let standing = factor::standing(&ctx, &person.user, &sessions[0]).await.unwrap();
    assert_eq!((standing.since, standing.codes_left), (None, 0));
}

#[tokio::test]
async fn the_demo_shows_a_code_that_works_and_nobody_else_is_shown_one() {
    let mut person = Person::new().await;
    let ctx = person.world.ctx().clone();
    assert_eq!(
        shown_in_demo(&ctx, &person.user).await.unwrap_err(),
        IdentityError::NotFound
    );
    assert_eq!(
        factor::enrol_demo(&ctx, &person.user).await.unwrap_err(),
        IdentityError::NotFound
    );
    person.user.demo = true;
    factor::enrol_demo(&ctx, &person.user).await.unwrap();
    factor::enrol_demo(&ctx, &person.user).await.unwrap();
    for _ in 0..2 {
        let shown = shown_in_demo(&ctx, &person.user).await.unwrap();
        person.step_up(shown.code.expose()).await.unwrap();
    }
    assert!(person.is_proven().await);
    let third = shown_in_demo(&ctx, &person.user).await.unwrap();
    assert!(
        person.step_up(third.code.expose()).await.is_err(),
        "the third waits for its step"
    );
    person.world.pass(seconds(30)).await;
    let fourth = shown_in_demo(&ctx, &person.user).await.unwrap();
    person.step_up(fourth.code.expose()).await.unwrap();
    person.user.demo = false;
    assert!(shown_in_demo(&ctx, &person.user).await.is_err());
}

#[tokio::test]
async fn a_lost_factor_is_reset_by_the_operator_and_told() {
    let mut person = Person::enrolled().await;
    let code = person.code(0);
    person.step_up(&code).await.unwrap();
    assert!(person.is_proven().await);
    let ctx = person.world.ctx().clone();
    assert!(factor::reset(&ctx, &person.user, "phone lost").await.unwrap());
    assert!(
        !factor::reset(&ctx, &person.user, "phone lost").await.unwrap(),
        "nothing is left"
    );
    person.session = person
        .world
        .find::<Session>(1, ordercast_model::ports::store::Query::Sessions)
        .await
        .into_iter()
        .find(|s| s.id == person.session.id)
        .unwrap();
    assert!(
        !person.is_proven().await,
        "no session counts as stepped up any more"
    );
    let old = person.codes[0].clone();
    assert!(person.step_up(&old).await.is_err(), "recovery codes are void");
    let kinds = person.world.kinds().await;
    assert_eq!(
        kinds.iter().filter(|k| *k == "totp.changed").count(),
        2,
        "enrolled, reset"
    );
}
