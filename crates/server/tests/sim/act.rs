//! Makes an event happen: posts messages, sends users to the use cases, moves the market and the venue, arms faults. What a
//! user asks for runs beside everything else, as a request does.

use std::time::Duration;

use ordercast_model::{
    instrument::Instrument,
    order::shape::{OrderRequest, OrderSide, OrderType},
    ports::{broker::VenueState, clock::Clock},
    signal::{
        instruction::TimeInForce,
        raw::{Author, Content, RawMessage, RevisionKind},
    },
};
use ordercast_testkit::sample::tenant;
use rust_decimal::Decimal;

use crate::{
    ask,
    event::Event,
    fault::FaultKind,
    market::{self, SYMBOLS, cents, stock},
    oracle::watch::BY_HAND,
    sea::Sea,
    venue::Held,
    world::{Posted, World},
};

/// Makes it happen; true when the program is to be stopped in order.
pub fn apply(world: &mut World, event: Event) -> bool {
    match event {
        Event::Restart => return true,
        Event::Call(..)
        | Event::FollowUp(..)
        | Event::Edit(..)
        | Event::Delete(..)
        | Event::Repeat(..)
        | Event::Noise(..) => speak(world, event),
        Event::Price(..)
        | Event::Fill(..)
        | Event::End(..)
        | Event::ByHand(..)
        | Event::Transfer(..)
        | Event::Depth(..)
        | Event::CloseMarket(..) => move_world(world, event),
        event if event.is_fault() => strike(world, event),
        event => ask::user(world, event),
    }
    false
}

/// What a call says; whether everybody understands it as one entry.
fn wording(sea: &Sea, wording: u8, symbol: u8) -> (String, bool) {
    let instrument = stock(usize::from(symbol));
    let (mid, name) = (sea.market.mid(&instrument), instrument.underlying());
    let at = |points: i64| cents(mid * (10_000 + points) / 10_000);
    match wording % 9 {
        0 => (
            format!("BUY {name} @ {} SL {} TP {}", at(0), at(-300), at(400)),
            true,
        ),
        1 => {
            let text = format!(
                "BUY {name} @ {} SL {} TP {} {}",
                at(0),
                at(-250),
                at(300),
                at(600)
            );
            (text, true)
        }
        2 => (format!("BUY {name} @ market SL {}", at(-400)), true),
        3 => (format!("BUY {name} @ {} SL {}", at(0), at(-200)), true),
        4 => (format!("BUY {name} @ {} limit SL {}", at(-80), at(-500)), true),
        5 => (
            format!("BUY {name} @ {} SL {} TP {}", at(20), at(-100), at(100)),
            true,
        ),
        6 => (format!("SELL {name}"), false),
        7 => (format!("BUY {name} @ market, trailing stop 3%"), true),
        _ => (format!("added to {name} @ {}", at(0)), false),
    }
}

const FOLLOW_UPS: [&str; 7] = [
    "half out, SL to BE",
    "close all",
    "trim 1/3",
    "SL to BE",
    "cancel",
    "close half",
    "close all",
];

fn speak(world: &mut World, event: Event) {
    match event {
        Event::Call(text, symbol) => {
            let (text, opens) = wording(&world.sea, text, symbol);
            post(world, &text, None, opens);
        }
        Event::FollowUp(back, text) => {
            let Some(of) = recent(world, back) else { return };
            let source = world.posted.get(of).map(|p| p.message.source_id.clone());
            let text = FOLLOW_UPS.get(usize::from(text) % FOLLOW_UPS.len()).copied();
            post(world, text.unwrap_or_default(), source, false);
        }
        Event::Edit(back, text) => {
            let Some(place) = recent(world, back) else { return };
            let (text, _) = wording(&world.sea, text, text / 9);
            revise(world, place, RevisionKind::Edited, &text);
        }
        Event::Delete(back) => {
            if let Some(place) = recent(world, back) {
                revise(world, place, RevisionKind::Deleted, "");
            }
        }
        Event::Repeat(which) => {
            let count = world.posted.len();
            if count == 0 {
                return;
            }
            let place = usize::from(which) % count;
            if let Some(posted) = world.posted.get(place) {
                let message = posted.message.clone();
                world.sea.reach(FaultKind::DuplicateMessage);
                world.undelivered.insert(0, (place, message));
            }
        }
        _ => {
            let mut message = message(world, "BUY AAPL now");
            message.author.id = "999".to_owned();
            world.posted.push(Posted {
                message: message.clone(),
                opens: false,
                stored: false,
                deleted: true,
                edited: false,
            });
            world.undelivered.push((world.posted.len() - 1, message));
        }
    }
}

fn recent(world: &World, back: u8) -> Option<usize> {
    world.posted.len().checked_sub(1 + usize::from(back))
}

fn message(world: &mut World, text: &str) -> RawMessage {
    world.number += 1;
    let now = world.sea.clock.truth();
    RawMessage {
        source: tenant::source(1),
        source_id: world.number.to_string(),
        revision: RevisionKind::New,
        author: Author {
            id: "1".to_owned(),
            name: "Caller".to_owned(),
            ..Author::default()
        },
        content: Content {
            text: text.to_owned(),
            ..Content::default()
        },
        reply_to: None,
        thread_of: None,
        posted_at: now,
        edited_at: None,
        received_at: now,
        backfilled: false,
    }
}

fn post(world: &mut World, text: &str, reply_to: Option<String>, opens: bool) {
    let mut message = message(world, text);
    message.reply_to = reply_to;
    world.sea.watch().posts(&message.source_id, message.posted_at);
    world.posted.push(Posted {
        message: message.clone(),
        opens,
        stored: false,
        deleted: false,
        edited: false,
    });
    let place = world.posted.len() - 1;
    // Now and then a message is overtaken by the next one.
    if world.sea.mishap().below(10) == 0 && world.late.is_empty() {
        world.late.push((place, message));
        return;
    }
    world.undelivered.push((place, message));
    if !world.late.is_empty() {
        world.sea.reach(FaultKind::ReorderedMessage);
        world.undelivered.append(&mut world.late);
    }
}

fn revise(world: &mut World, place: usize, revision: RevisionKind, text: &str) {
    let now = world.sea.clock.truth();
    let Some(posted) = world.posted.get_mut(place) else {
        return;
    };
    posted.deleted |= revision == RevisionKind::Deleted;
    posted.edited |= revision == RevisionKind::Edited;
    let message = RawMessage {
        revision,
        content: Content {
            text: text.to_owned(),
            ..Content::default()
        },
        edited_at: Some(now),
        received_at: now,
        ..posted.message.clone()
    };
    world.undelivered.push((place, message));
}

/// The k-th of an account's working orders at the venue.
fn working(sea: &Sea, account: usize, which: u8) -> Option<usize> {
    let ledgers = sea.ledgers();
    let orders = &ledgers.get(account)?.orders;
    let works = |(i, o): (usize, &Held)| (o.works() && o.client.is_some()).then_some(i);
    let places: Vec<usize> = orders.iter().enumerate().filter_map(works).collect();
    let count = places.len();
    places.get(usize::from(which).checked_rem(count)?).copied()
}

/// The price at which somebody else trades against a resting order.
fn price_of(order: &Held, bid: ordercast_model::money::Price) -> ordercast_model::money::Price {
    order.kind.price().unwrap_or(bid)
}

fn move_world(world: &mut World, event: Event) {
    let sea = world.sea.clone();
    let accounts = sea.people.len();
    if !sea.market.is_open() && matches!(event, Event::Fill(..) | Event::ByHand(..)) {
        return;
    }
    match event {
        Event::Price(symbol, points) => {
            sea.market.shift(&stock(usize::from(symbol)), i64::from(points));
            sea.match_all();
        }
        Event::Fill(account, which, units) => {
            let account = usize::from(account) % accounts;
            let Some(place) = working(&sea, account, which) else {
                return;
            };
            sea.at_venue(account, |ledger, now, touch, events| {
                let Some(order) = ledger.orders.get(place) else {
                    return;
                };
                let price = price_of(order, touch(&order.instrument).0);
                let quantity = match units {
                    0 => order.left(),
                    n => Decimal::from(n),
                };
                ledger.fill(place, quantity, price, now, events);
            });
        }
        Event::End(account, which, how) => {
            let account = usize::from(account) % accounts;
            let Some(place) = working(&sea, account, which) else {
                return;
            };
            let state = [VenueState::Cancelled, VenueState::Expired, VenueState::Rejected];
            let state = state
                .get(usize::from(how) % 3)
                .copied()
                .unwrap_or(VenueState::Cancelled);
            sea.at_venue(account, |ledger, now, _, events| {
                ledger.end(place, state, Some("the venue says so"), now, events);
            });
        }
        Event::ByHand(account, units) => by_hand(&sea, usize::from(account) % accounts, units),
        Event::Transfer(account, dollars) => {
            let mut ledgers = sea.ledgers();
            let count = ledgers.len();
            if let Some(ledger) = ledgers.get_mut(usize::from(account) % count) {
                let amount = Decimal::from(dollars);
                if ledger.cash + amount > Decimal::ONE_THOUSAND {
                    ledger.pay_in(amount);
                }
            }
        }
        Event::Depth(account, units) => {
            let mut ledgers = sea.ledgers();
            let count = ledgers.len();
            if let Some(ledger) = ledgers.get_mut(usize::from(account) % count) {
                ledger.depth = (units > 0).then(|| Decimal::from(units));
            }
        }
        Event::CloseMarket(seconds) => sea.halt(Duration::from_secs(u64::from(seconds))),
        _ => {}
    }
}

/// A trade that somebody makes at the venue itself, without us.
fn by_hand(sea: &std::sync::Arc<Sea>, account: usize, units: u8) {
    let instrument: Instrument = stock(BY_HAND);
    sea.at_venue(account, |ledger, now, touch, _| {
        let (bid, ask) = touch(&instrument);
        let held = ledger.held(&instrument);
        let (side, quantity, price) = if units == 0 {
            (OrderSide::Sell, held, bid)
        } else {
            (OrderSide::Buy, Decimal::from(units), ask)
        };
        let ours = ledger
            .orders
            .iter()
            .any(|o| o.instrument == instrument && o.client.is_some());
        if quantity <= Decimal::ZERO || ours || ledger.cash < price.value() * quantity {
            return;
        }
        if let Some(request) = hand_request(&instrument, side, quantity) {
            ledger.trade_by_hand(&request, price, now);
        }
    });
}

fn strike(world: &mut World, event: Event) {
    let sea = world.sea.clone();
    let accounts = sea.people.len();
    let later = |seconds: u64| Some(sea.clock.truth().plus(Duration::from_secs(seconds)));
    match event {
        Event::Wire(account, fault, times) => {
            let armed = (usize::from(account) % accounts, fault);
            sea.mishap().wire.extend((0..times).map(|_| armed));
        }
        Event::Stream(account, fault) => sea.mishap().stream.push((usize::from(account) % accounts, fault)),
        Event::DiskAt(table, fault) => sea.mishap().disk_at.push((table, fault)),
        Event::Disk(fault, times) => sea.mishap().disk.extend((0..times).map(|_| fault)),
        Event::Crash(calls) => sea.mishap().crash_in = Some(u32::from(calls)),
        Event::CrashInCommit(commits, written) => {
            sea.mishap().crash_in_commit = Some((u32::from(commits), written));
        }
        Event::Away(account, seconds) => sea.set_away(usize::from(account) % accounts, later(seconds.into())),
        Event::Blind(account, seconds) => {
            sea.set_blind(usize::from(account) % accounts, later(seconds.into()));
        }
        Event::Clock(seconds) => {
            match seconds {
                1.. => sea.reach(FaultKind::ClockForward),
                ..0 => sea.reach(FaultKind::ClockBack),
                0 => {}
            }
            sea.clock.skew(i64::from(seconds) * 1_000_000);
            if market::in_hours(sea.clock.now()) != market::in_hours(sea.clock.truth()) {
                sea.reach(FaultKind::ClockOverHours);
            }
        }
        Event::LoseHints(hints) => sea.mishap().hints_lost = u32::from(hints),
        Event::MarketAway(away) => {
            if away {
                sea.reach(FaultKind::MarketAway);
            }
            sea.market.set_away(away);
        }
        Event::Freeze(frozen) => {
            if frozen {
                sea.reach(FaultKind::FrozenQuotes);
            }
            sea.market.freeze(frozen);
        }
        _ => {}
    }
}

/// Switches are lifted, so that nothing is stopped for ever; a kill that closes what it covers may stand for a while.
pub fn lift_all(world: &mut World, flattening: bool) {
    for user in 0..world.sea.people.len() {
        let user = u8::try_from(user).unwrap_or(0);
        for scope in 0..5 {
            if flattening || !ask::flattens(world, user, scope) {
                ask::user(world, Event::Lift(user, scope));
            }
        }
        if flattening {
            ask::user(world, Event::Unlock(user, true));
        }
    }
}

/// Every price falls far enough for a stop to be touched.
pub fn fall(world: &World) {
    for symbol in 0..SYMBOLS.len() {
        world.sea.market.shift(&stock(symbol), -900);
    }
    world.sea.match_all();
}

/// What rests at the venue and does not protect comes to its end: it fills, or its time runs out.
pub fn end_entries(world: &World, how: u64) {
    for account in 0..world.sea.people.len() {
        world.sea.at_venue(account, |ledger, now, touch, events| {
            for place in 0..ledger.orders.len() {
                let Some(order) = ledger.orders.get(place) else {
                    continue;
                };
                if !order.works() || order.group.is_some() {
                    continue;
                }
                if (how + place as u64).is_multiple_of(3) && !order.reduce_only {
                    ledger.end(place, VenueState::Expired, Some("session_end"), now, events);
                } else {
                    let (left, price) = (order.left(), price_of(order, touch(&order.instrument).0));
                    ledger.fill(place, left, price, now, events);
                }
            }
        });
    }
}

/// An order nobody gave through us.
fn hand_request(instrument: &Instrument, side: OrderSide, quantity: Decimal) -> Option<OrderRequest> {
    use ordercast_model::order::identity::{ClientOrderId, Leg, Origin};
    let none = ordercast_testkit::sample::id(1);
    Some(OrderRequest {
        client_order_id: ClientOrderId::derive(
            Origin::Manual(none),
            0,
            ordercast_testkit::sample::id(1),
            Leg::Entry,
            0,
        ),
        instrument: instrument.clone(),
        side,
        quantity: ordercast_model::money::Quantity::new(quantity).ok()?,
        order_type: OrderType::Market,
        time_in_force: TimeInForce::Day,
        extended_hours: false,
        reduce_only: false,
    })
}
