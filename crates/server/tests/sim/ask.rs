//! What users ask the program for, each as a request beside everything else: orders by hand, closes, cancels, answers to
//! cards, switches and limits.

use futures::FutureExt;
use ordercast_app::{
    approve,
    context::Context,
    desk::{community, risk},
    identity::Caller,
    manual::{self, Given, ManualOrder},
    switch::{self, Also},
    unlock,
};
use ordercast_model::{
    decision::Approval,
    gate::OnCap,
    limits::{SwitchKind, SwitchScope},
    order::{
        intent::Order,
        shape::{OrderSide, OrderType},
    },
    ports::store::{Page, Query, Stored, find},
    position::Position,
    signal::instruction::{StopLevel, TrailBy, Trailing},
    tenant::TenantScope,
    user::{Session, User},
};
use ordercast_testkit::sample::{person, tenant};
use rust_decimal::Decimal;

use crate::{
    event::{Besides, Event},
    market::{cents, stock},
    setting,
    world::World,
};

/// What the memory store answers, which never waits.
pub fn at_once<T>(answer: impl Future<Output = T>) -> T {
    answer
        .now_or_never()
        .expect("the store in memory answers at once")
}

/// Rows of a user as they are on disk.
pub fn rows<T: Stored>(world: &World, user: usize, query: Query) -> Vec<T> {
    let Some(person) = world.sea.people.get(user) else {
        return Vec::new();
    };
    let scope = TenantScope::of_user(&person.user);
    let found = find::<T>(world.sea.store.as_ref(), &scope, query);
    at_once(found).unwrap_or_default()
}

fn nth<T: Clone>(of: &[T], which: u8) -> Option<T> {
    of.get(usize::from(which).checked_rem(of.len())?).cloned()
}

/// Sends a user to the counter.
pub fn user(world: &mut World, event: Event) {
    let Some(ctx) = world.ctx.clone() else { return };
    let count = world.sea.people.len();
    let who = |n: u8| usize::from(n) % count;
    let person = |n: u8| world.sea.people.get(who(n)).map(|p| p.user.clone());
    match event {
        Event::Order(..) | Event::Trail(..) => {
            let (n, order) = match event {
                Event::Order(n, symbol, units, limit) => (n, by_hand(world, symbol, units, limit)),
                Event::Trail(n, symbol, units, from) => (n, trailing(world, symbol, units, from)),
                _ => return,
            };
            let Some(user) = person(n) else { return };
            go(async move { manual::place(&ctx, &user, order).await.map(drop) });
        }
        Event::CloseAll(n) => {
            let Some(user) = person(n) else { return };
            go(async move { manual::close_all(&ctx, &user).await.map(drop) });
        }
        Event::ClosePart(n, which, percent) => {
            let held: Vec<Position> = rows(world, who(n), Query::Positions(true, Page::first(20)));
            let (Some(user), Some(position)) = (person(n), nth(&held, which)) else {
                return;
            };
            let percent = Decimal::from(percent);
            go(async move {
                let closed = manual::close_position(&ctx, &user, position.id, percent).await;
                closed.map(drop)
            });
        }
        Event::CancelOne(n, which) => {
            let Some(person) = world.sea.people.get(who(n)) else {
                return;
            };
            let user = person.user.clone();
            let open: Vec<Order> = rows(world, who(n), Query::OrdersOpen(person.connection.id));
            let Some(order) = nth(&open, which) else { return };
            go(async move { manual::cancel(&ctx, &user, order.id).await.map(drop) });
        }
        Event::CancelAll(n) => {
            let Some(user) = person(n) else { return };
            go(async move { manual::cancel_all(&ctx, &user).await.map(drop) });
        }
        Event::Answer(n, yes) => answer(world, &ctx, n, yes),
        Event::Limits(n, set) => {
            let wanted = setting::limits(who(n), set);
            let Some(user) = person(n) else { return };
            go(async move {
                let now = risk::limits(&ctx, &user).await?;
                let caller = Caller::default();
                let session = stepped_up(&ctx, &user);
                risk::set_limits(&ctx, &user, &session, now.version, wanted, &caller)
                    .await
                    .map(drop)
            });
        }
        Event::Caps(set) => go(async move {
            let (staff, id) = (setting::staff(), tenant::community(1).id);
            let version = community::show(&ctx, &staff, id).await?.version;
            let caps = setting::caps(set);
            let session = stepped_up(&ctx, &staff);
            community::set_caps(&ctx, (&staff, &session), id, version, caps, &Caller::default())
                .await
                .map(drop)
        }),
        other => switches(world, ctx, other),
    }
}

/// Sets and lifts what stops.
fn switches(world: &World, ctx: Context, event: Event) {
    let who = |n: u8| usize::from(n) % world.sea.people.len();
    match event {
        Event::Kill(n, scope, besides) => {
            let (user, scope) = scoped(world, who(n), scope);
            set_kill(world, ctx, user, scope, besides);
        }
        Event::Pause(n, scope) => {
            let (user, scope) = scoped(world, who(n), scope);
            set_pause(world, ctx, user, scope);
        }
        Event::Lift(n, scope) => {
            let (user, scope) = scoped(world, who(n), scope);
            for kind in [SwitchKind::Kill, SwitchKind::Pause] {
                world.sea.watch().stops.lifts(kind, &scope);
            }
            let sea = world.sea.clone();
            go(async move {
                let session = stepped_up(&ctx, &user);
                let reason = "enough waited".to_owned();
                let killed = switch::lift(&ctx, &user, &session, scope.clone(), reason).await;
                sea.watch().stops.lifted(SwitchKind::Kill, &scope);
                let paused = switch::resume(&ctx, &user, scope.clone()).await;
                sea.watch().stops.lifted(SwitchKind::Pause, &scope);
                killed.and(paused).map(drop)
            });
        }
        Event::Unlock(n, admin) => {
            let Some(person) = world.sea.people.get(who(n)) else {
                return;
            };
            let connection = person.connection.id;
            let actor = if admin {
                setting::staff()
            } else {
                person.user.clone()
            };
            go(async move {
                let session = stepped_up(&ctx, &actor);
                unlock::unlock(&ctx, &actor, &session, connection).await.map(drop)
            });
        }
        _ => {}
    }
}

/// A session whose person has just shown a second factor.
fn stepped_up(ctx: &Context, user: &User) -> Session {
    Session {
        stepped_up_at: Some(ctx.now()),
        ..person::session(1, user.id)
    }
}

/// Whoever is asked at all has cards; the others have none.
fn answer(world: &World, ctx: &Context, which: u8, yes: bool) {
    for (number, person) in world.sea.people.iter().enumerate() {
        let cards: Vec<Approval> = rows(world, number, Query::ApprovalsPending);
        let Some(card) = nth(&cards, which) else { continue };
        let (ctx, user) = (ctx.clone(), person.user.clone());
        go(async move { approve::answer(&ctx, &user, card.id, yes).await.map(drop) });
    }
}

fn set_kill(world: &World, ctx: Context, user: User, scope: SwitchScope, besides: Besides) {
    let sea = world.sea.clone();
    let also = Also {
        flatten: besides == Besides::Flatten,
        freeze: besides == Besides::Freeze && scope == SwitchScope::Platform,
    };
    let asked = sea.watch().stops.asked(SwitchKind::Kill, &scope);
    let began = sea.clock.truth();
    go(async move {
        let reason = "enough for today".to_owned();
        let set = switch::kill(&ctx, &user, scope.clone(), reason, also).await;
        if set.is_ok() {
            let mut watch = sea.watch();
            watch
                .stops
                .acknowledged(SwitchKind::Kill, &scope, asked, (also, began));
        }
        set.map(drop)
    });
}

fn set_pause(world: &World, ctx: Context, user: User, scope: SwitchScope) {
    let sea = world.sea.clone();
    let asked = sea.watch().stops.asked(SwitchKind::Pause, &scope);
    let began = sea.clock.truth();
    go(async move {
        let reason = "a pause".to_owned();
        let set = switch::set(&ctx, &user, SwitchKind::Pause, scope.clone(), reason).await;
        if set.is_ok() {
            let mut watch = sea.watch();
            watch
                .stops
                .acknowledged(SwitchKind::Pause, &scope, asked, (Also::default(), began));
        }
        set.map(drop)
    });
}

/// Whether a kill of this scope stands that closes what it covers and freezes nothing.
pub fn flattens(world: &World, who: u8, scope: u8) -> bool {
    let (_, scope) = scoped(world, usize::from(who) % world.sea.people.len(), scope);
    world.sea.watch().stops.flattens(&scope)
}

/// Who may stop what.
fn scoped(world: &World, who: usize, scope: u8) -> (User, SwitchScope) {
    let staff = setting::staff();
    let Some(person) = world.sea.people.get(who) else {
        return (staff, SwitchScope::Platform);
    };
    match scope % 5 {
        0 => (person.user.clone(), SwitchScope::User(person.user.id)),
        1 => (person.user.clone(), SwitchScope::Connection(person.connection.id)),
        2 => (staff, SwitchScope::Provider(setting::provider().id)),
        3 => (staff, SwitchScope::Community(tenant::community(1).id)),
        _ => (staff, SwitchScope::Platform),
    }
}

fn by_hand(world: &World, symbol: u8, units: u8, limit: bool) -> ManualOrder {
    let instrument = stock(usize::from(symbol));
    let mid = world.sea.market.mid(&instrument);
    let sells = units.is_multiple_of(5);
    ManualOrder {
        given: Given::Hand,
        connection_id: None,
        symbol: instrument.to_string(),
        side: if sells { OrderSide::Sell } else { OrderSide::Buy },
        action: None,
        order_type: if limit {
            OrderType::Limit {
                limit: cents(mid * 998 / 1_000),
            }
        } else {
            OrderType::Market
        },
        quantity: Some(Decimal::from(units)),
        notional: None,
        percent: None,
        stop: None,
        targets: Vec::new(),
        trailing: None,
        time_in_force: None,
        extended_hours: false,
        on_cap: if units.is_multiple_of(3) {
            OnCap::Reject
        } else {
            OnCap::Reduce
        },
        note: None,
    }
}

/// At the market, with a stop that follows the price, in half of the cases from a price on that is yet to be reached.
fn trailing(world: &World, symbol: u8, units: u8, from: bool) -> ManualOrder {
    let mid = world.sea.market.mid(&stock(usize::from(symbol)));
    let mut order = by_hand(world, symbol, units, false);
    order.side = OrderSide::Buy;
    order.trailing = Some(Trailing {
        by: TrailBy::Percent(Decimal::TWO),
        from: from.then(|| cents(mid * 102 / 100)),
    });
    if from {
        order.stop = Some(StopLevel::At(cents(mid * 97 / 100)));
    }
    order
}

/// A request goes its way; whoever asked does not wait. What it says is the program's own word, not the oracle's.
fn go<E: Send + 'static>(request: impl Future<Output = Result<(), E>> + Send + 'static) {
    tokio::spawn(async move {
        let _ = request.await;
    });
}
