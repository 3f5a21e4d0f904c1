//! What a provider taught is kept in versions, read with everywhere, named by every signal, and tried without effect.

use std::collections::BTreeMap;

use ordercast_app::{
    desk::DeskError,
    hook::{self, Arrival, NewHook},
    identity::Caller,
    teach::{self, Lesson, Signed},
};
use ordercast_model::{
    community::{Membership, Provider, Role},
    decision::DecisionStatus,
    ids::ProviderId,
    plan::Plan,
    ports::store::{Batch, Page, get},
    signal::{
        profile::{Profile, ProfileVersion, SellMeans, Template},
        record::Signal,
    },
    tenant::TenantScope,
    user::User,
};
use ordercast_testkit::sample::{person, tenant};

use crate::world::{Setup, World, seconds};

const FIRE: &str = "🔥 {symbol} ~ {action} ~ {price} ~ {stop}";
const CALL: &str = "🔥 AAPL ~ hoovering ~ 180 ~ 175";

fn owner() -> User {
    User {
        plan: Plan::Premium,
        version: 2,
        ..person::user(1)
    }
}

/// A world whose community has an owner.
async fn world() -> World {
    let world = World::new(Setup::default()).await;
    let mut batch = Batch::new();
    batch.update(owner());
    batch.insert(Membership {
        role: Role::Owner,
        ..tenant::membership(tenant::community(1).id, owner().id)
    });
    world.write(batch).await;
    world
}

fn id(world: &World) -> ProviderId {
    world.provider().id
}

fn formats(list: &[(&str, &str)]) -> Profile {
    Profile {
        templates: list
            .iter()
            .map(|(name, pattern)| Template {
                name: (*name).to_owned(),
                pattern: (*pattern).to_owned(),
            })
            .collect(),
        verbs: BTreeMap::from([("hoovering".to_owned(), "buy".to_owned())]),
        ..Profile::default()
    }
}

async fn teach(world: &World, version: u64, profile: Profile) -> Result<Signed, DeskError> {
    let lesson = Lesson {
        profile,
        note: "calls".to_owned(),
    };
    teach::save(
        world.ctx(),
        &owner(),
        id(world),
        version,
        lesson,
        &Caller::default(),
    )
    .await
}

async fn newest(world: &World) -> Signal {
    world.signals().await.remove(0)
}

fn read_with(signal: &Signal) -> (u32, Option<&str>) {
    (signal.profile, signal.template.as_deref())
}

#[tokio::test]
async fn the_next_message_is_read_with_what_was_taught_and_the_signal_says_so() {
    let mut world = world().await;
    world.post(CALL).await;
    let before = world.signals().await.len();
    assert_eq!(
        teach(&world, 0, formats(&[("fire", FIRE)]))
            .await
            .unwrap()
            .version
            .profile
            .version,
        1
    );
    world.post(CALL).await;
    let signal = newest(&world).await;
    assert_eq!(world.signals().await.len(), before + 1, "it meant nothing before");
    assert_eq!(read_with(&signal), (1, Some("fire")));
    assert!(
        signal.reading.reasons[0].contains("\"fire\" (version 1)"),
        "{signal:?}"
    );
    assert_eq!(world.verdicts(1).await, ["placed"]);
    world.pass(seconds(60)).await;
    world.post("buy AAPL @ 180 stop 175").await;
    assert_eq!(
        read_with(&newest(&world).await),
        (1, None),
        "by the general reading"
    );

    // Another process teaches: nothing here is told, and the next message is read with it all the same.
    let scope = TenantScope::of_community(&world.provider());
    let key = id(&world).to_string();
    let mut provider = get::<Provider>(world.store.as_ref(), &scope, &key)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(provider.profile, 1);
    let mut row = ProfileVersion {
        profile: formats(&[("flame", FIRE)]),
        ..tenant::profile(1, provider.community_id, 2)
    };
    (row.profile.version, row.provider_id) = (2, provider.id);
    (provider.profile, provider.version) = (2, provider.version + 1);
    let mut batch = Batch::new();
    batch.insert(row);
    batch.update(provider);
    world.write(batch).await;
    world.pass(seconds(60)).await;
    world.post(CALL).await;
    assert_eq!(read_with(&newest(&world).await), (2, Some("flame")));
    let kinds = world.kinds().await;
    assert_eq!(kinds.iter().filter(|k| *k == "profile.changed").count(), 1);
}

#[tokio::test]
async fn a_change_needs_the_newest_version_and_old_ones_stay() {
    let world = world().await;
    let (one, two) = (formats(&[("fire", FIRE)]), formats(&[]));
    let wrong = |given, newest| Err(DeskError::Version { given, newest });
    assert_eq!(teach(&world, 1, one.clone()).await, wrong(1, 0));
    let first = teach(&world, 0, one.clone()).await.unwrap();
    assert_eq!(
        teach(&world, 0, one.clone()).await.as_ref(),
        Ok(&first),
        "a repeat changes nothing"
    );
    assert_eq!(teach(&world, 0, two.clone()).await, wrong(0, 1));
    let second = teach(&world, 1, two).await.unwrap();
    assert_eq!(
        (second.version.profile.version, second.teacher.as_str()),
        (2, owner().name.as_str())
    );
    let all = teach::history(world.ctx(), &owner(), id(&world), Page::first(10))
        .await
        .unwrap();
    assert_eq!(all, [second.clone(), first]);
    let shown = teach::show(world.ctx(), &owner(), id(&world)).await.unwrap();
    assert_eq!(shown, Some(second));
    let stranger = teach::show(world.ctx(), &world.user(1), id(&world)).await;
    assert!(matches!(stranger, Err(DeskError::Forbidden(_))), "{stranger:?}");
    let nobody = teach::show(world.ctx(), &person::user(99), id(&world)).await;
    assert_eq!(nobody, Err(DeskError::NotFound));
    let mut odd = formats(&[("", "{action}"), ("b", "{symbol}")]);
    odd.verbs.insert("yolo".to_owned(), "dance".to_owned());
    let Err(DeskError::Fields(faults)) = teach(&world, 2, odd).await else {
        panic!("taken");
    };
    let fields: Vec<&str> = faults.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(
        fields,
        [
            "templates[0].name",
            "verbs[\"yolo\"]",
            "templates[0].pattern",
            "templates[1].pattern"
        ]
    );
}

#[tokio::test]
async fn a_plain_text_body_is_read_with_what_was_taught() {
    let world = world().await;
    let new = NewHook {
        name: "Alerts".to_owned(),
        ..NewHook::default()
    };
    let made = hook::create(world.ctx(), &owner(), id(&world), new, &Caller::default())
        .await
        .unwrap();
    let secret = made.secret.expose().clone();
    let deliver = async || {
        let sender = hook::knock(world.ctx(), &made.hook.id.to_string(), &secret).await?;
        let arrival = Arrival {
            body: CALL.as_bytes().to_vec(),
            ..Arrival::default()
        };
        hook::deliver(world.ctx(), &sender, arrival).await
    };
    assert!(deliver().await.is_err(), "nobody knows the format yet");
    teach(&world, 0, formats(&[("fire", FIRE)])).await.unwrap();
    let preview = hook::preview(world.ctx(), &owner(), made.hook.id, CALL)
        .await
        .unwrap();
    assert_eq!(preview.instructions().len(), 1);
    let taken = deliver().await.unwrap();
    world.settle().await;
    let signal = newest(&world).await;
    assert_eq!(
        (Some(signal.id), read_with(&signal)),
        (taken.signal_id, (1, Some("fire")))
    );
    assert_eq!(world.verdicts(1).await, ["placed"]);
}

#[tokio::test]
async fn a_draft_is_tried_for_the_own_account_without_effect() {
    let mut world = world().await;
    let mut batch = Batch::new();
    batch.insert(Membership {
        role: Role::Moderator,
        ..tenant::membership(tenant::community(1).id, person::user(90).id)
    });
    batch.insert(person::user(90));
    world.write(batch).await;
    let follower = User {
        discord_id: Some("1".to_owned()),
        ..world.user(1)
    };
    let ctx = world.ctx().clone();
    let provider = id(&world);
    let before = (world.kinds().await, world.store.clone());
    let draft = formats(&[("fire", FIRE)]);
    let ask = async |user: &User, profile: Option<&Profile>, text: &str| {
        teach::draft(&ctx, user, provider, profile, text, None).await
    };
    // The provider's own person follows the provider: what the own account would do.
    let heard = ask(&follower, Some(&draft), CALL).await.unwrap();
    assert_eq!(
        (heard.meaning.profile, heard.meaning.template.as_deref()),
        (1, Some("fire"))
    );
    let would = heard.would.unwrap();
    assert!(would.follows);
    let (decision, orders) = &would.decisions[0];
    assert_eq!(decision.status, DecisionStatus::Placed, "{decision:?}");
    assert_eq!(orders.len(), 1, "{orders:?}");
    // Staff without an account see that there is none.
    let heard = ask(&person::user(90), Some(&draft), CALL).await.unwrap();
    let would = heard.would.unwrap();
    assert!(!would.follows);
    assert!(
        matches!(would.decisions[0].0.status, DecisionStatus::Skipped(_)),
        "{would:?}"
    );
    // What is in force reads it as before, and talk leads to nothing.
    for (profile, text) in [(None, CALL), (Some(&draft), "good morning")] {
        let heard = ask(&owner(), profile, text).await.unwrap();
        assert_eq!(heard.would, None, "{text}");
    }
    let refused = ask(&world.user(1), Some(&draft), CALL).await;
    assert!(matches!(refused, Err(DeskError::Forbidden(_))), "{refused:?}");
    let refused = ask(&owner(), Some(&formats(&[("x", "{action}")])), CALL).await;
    let Err(DeskError::Fields(faults)) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(faults[0].0, "profile.templates[0].pattern");
    world.settle().await;
    assert_eq!(world.kinds().await, before.0, "nothing was journaled");
    assert!(world.decisions(1).await.is_empty() && world.orders(1).await.is_empty());
    assert!(world.at_venue(1).is_empty());
    world.post(CALL).await;
    assert!(world.verdicts(1).await.is_empty(), "the draft is not in force");
}

#[tokio::test]
async fn a_trial_tells_what_would_change_in_the_last_messages() {
    let mut world = world().await;
    world.post(CALL).await;
    let edited = world.post("good morning").await;
    world.edit(&edited, "sell MSFT").await;
    let gone = world.post("BTO TSLA soon").await;
    world.delete(&gone).await;
    world.post("buy AAPL @ 180 stop 175").await;
    let draft = Profile {
        sell_means: Some(SellMeans::OpenShort),
        ..formats(&[("fire", FIRE)])
    };
    let trials = teach::trial(world.ctx(), &owner(), id(&world), &draft)
        .await
        .unwrap();
    let told: Vec<(&str, bool, Option<&str>)> = trials
        .iter()
        .map(|t| {
            let text = t.message.content.text.as_str();
            (text, t.changes(), t.after.template.as_deref())
        })
        .collect();
    assert_eq!(
        told,
        [
            ("buy AAPL @ 180 stop 175", false, None),
            ("sell MSFT", true, None),
            (CALL, true, Some("fire")),
        ]
    );
    let refused = teach::trial(world.ctx(), &world.user(1), id(&world), &draft).await;
    assert!(matches!(refused, Err(DeskError::Forbidden(_))), "{refused:?}");
}
