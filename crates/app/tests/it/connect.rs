//! Connecting an account of real money: what is asked of whoever does it for the first time.

use std::{collections::BTreeMap, sync::Arc};

use ordercast_app::{
    context::Context,
    desk::{
        DeskError,
        connect::{self, NewConnection},
        risk,
    },
    identity::Caller,
};
use ordercast_model::{
    connection::{Connection, Mode},
    limits::LossAction,
    plan::Plan,
    ports::broker::Broker,
    secret::Secret,
    user::User,
};
use ordercast_testkit::broker::FakeBroker;

use crate::world::{Setup, World, seconds, stepped_up};

const VENUE: &str = "fake";

/// The world's use cases with a broker that trades real money.
fn live(world: &World) -> Context {
    let mut what = world.venue.capabilities().clone();
    what.modes = vec![Mode::Paper, Mode::Live];
    what.withdraw_permission_readable = true;
    what.credential_fields = vec![("key_id".to_owned(), false)];
    let venue: Arc<dyn Broker> = Arc::new(FakeBroker::new(what, Arc::new(world.clock.clone())));
    let mut ctx = world.ctx().clone();
    ctx.brokers = Arc::new(BTreeMap::from([(VENUE.to_owned(), venue)]));
    ctx.live_trading = true;
    ctx
}

async fn connect(
    world: &World,
    ctx: &Context,
    (mode, key): (Mode, &str),
    action: Option<LossAction>,
) -> Result<Connection, DeskError> {
    let user = User {
        plan: Plan::Premium,
        ..world.user(1)
    };
    let new = NewConnection {
        broker: VENUE.to_owned(),
        mode,
        label: format!("Account {key}"),
        cash: None,
        credential: Some(BTreeMap::from([(
            "key_id".to_owned(),
            Secret::new(key.to_owned()),
        )])),
        default_for: Some(Vec::new()),
        confirm: Some("LIVE".to_owned()),
        rights_unread: false,
        daily_loss_action: action,
    };
    connect::create(ctx, &user, &stepped_up(world, &user), new, &Caller::default()).await
}

#[tokio::test]
async fn rk_05_the_action_of_a_tripped_daily_loss_is_asked_with_the_first_real_money() {
    let world = World::new(Setup::default()).await;
    let ctx = live(&world);
    let refused = |answer: Result<Connection, DeskError>| match answer {
        Err(DeskError::Invalid { field, message }) => (field, message),
        other => panic!("{other:?}"),
    };
    let (field, message) = refused(connect(&world, &ctx, (Mode::Live, "a"), None).await);
    assert_eq!(field, "daily_loss_action");
    assert!(
        message.contains("flatten") && message.contains("block_only"),
        "{message}"
    );
    let paper = connect(&world, &ctx, (Mode::Paper, "p"), Some(LossAction::Flatten)).await;
    assert_eq!(refused(paper).0, "daily_loss_action");
    let before = risk::limits(&ctx, &world.user(1)).await.unwrap();
    assert!(before.pending.is_empty(), "a refusal changes no limit");

    let asked = Some(LossAction::BlockOnly);
    connect(&world, &ctx, (Mode::Live, "a"), asked).await.unwrap();
    let told = risk::limits(&ctx, &world.user(1)).await.unwrap();
    let waits: Vec<_> = told.pending.iter().map(|one| one.limit.as_str()).collect();
    assert_eq!(
        (told.limits.daily_loss_action, waits),
        (LossAction::Flatten, vec!["daily_loss_action"]),
        "what loosens waits"
    );
    world.pass(seconds(601)).await;
    let told = risk::limits(&ctx, &world.user(1)).await.unwrap();
    assert_eq!(told.limits.daily_loss_action, LossAction::BlockOnly);
}
