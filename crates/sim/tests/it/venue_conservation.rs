//! Whatever is asked in whatever order: no money appears, nothing is sold twice, levels move one way, replay agrees.

use std::collections::BTreeMap;

use ordercast_sim::{
    market::calendar::Calendar,
    venue::{
        config::{Dedupe, EngineConfig},
        group::{GroupRequest, StopLeg, TargetLeg},
        order::{Amendment, Kind, OrderRequest, Side, TimeInForce, Trail},
        state::{Change, State},
    },
};
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::venue_fixture::{Room, Setting, check_books, d};

const SYMBOLS: &[&str] = &["AAPL", "BTC/USD", "GME", "AAPL 2026-12-18 270 C", "PEPE/USD"];

#[derive(Debug, Clone)]
enum Step {
    Order {
        symbol: usize,
        buy: bool,
        kind: u8,
        tif: u8,
        size: u32,
        away: i32,
        reduce: bool,
        oco: bool,
    },
    Cancel(u8),
    Replace(u8, u32, i32),
    Group {
        symbol: usize,
        size: u32,
        away: i32,
        trail: bool,
    },
    Pass(u32),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..SYMBOLS.len(), any::<bool>(), 0..5_u8, 0..4_u8, 1..60_u32, -40..40_i32, any::<bool>(), any::<bool>())
            .prop_map(|(symbol, buy, kind, tif, size, away, reduce, oco)| Step::Order { symbol, buy, kind, tif, size, away, reduce, oco }),
        1 => any::<u8>().prop_map(Step::Cancel),
        1 => (any::<u8>(), 1..60_u32, -40..40_i32).prop_map(|(n, q, a)| Step::Replace(n, q, a)),
        1 => (0..SYMBOLS.len(), 1..40_u32, 1..40_i32, any::<bool>()).prop_map(|(symbol, size, away, trail)| Step::Group { symbol, size, away, trail }),
        3 => (1..25_u32).prop_map(Step::Pass),
    ]
}

/// A price some thousandths away from the market, on the tick.
fn price(room: &mut Room, symbol: usize, away: i32) -> Decimal {
    let quote = room.quote(SYMBOLS[symbol]);
    let tick = room.engine.rule(&quote.symbol).tick;
    let raw = quote.mid() * (Decimal::ONE + Decimal::new(i64::from(away), 3));
    ((raw / tick).round() * tick).max(tick)
}
fn units(symbol: usize, size: u32) -> Decimal {
    match SYMBOLS[symbol] {
        "BTC/USD" => Decimal::new(i64::from(size) * 7_331, 6),
        "PEPE/USD" => Decimal::from(size) * d("31000000.123457"),
        "AAPL 2026-12-18 270 C" => Decimal::from(size / 6 + 1),
        _ => Decimal::from(size * 3),
    }
}

fn act(room: &mut Room, step: &Step, made: u32) {
    let account = room.account.clone();
    match step {
        Step::Order {
            symbol,
            buy,
            kind,
            tif,
            size,
            away,
            reduce,
            oco,
        } => {
            let kind = [
                Kind::Market,
                Kind::Limit,
                Kind::Stop,
                Kind::StopLimit,
                Kind::TrailingStop,
            ][usize::from(*kind)];
            let near = price(room, *symbol, *away);
            let limit = matches!(kind, Kind::Limit | Kind::StopLimit).then_some(near);
            let stop = matches!(kind, Kind::Stop | Kind::StopLimit).then_some(near);
            let request = OrderRequest {
                client_order_id: format!("c{made}"),
                symbol: SYMBOLS[*symbol].parse().unwrap(),
                side: if *buy { Side::Buy } else { Side::Sell },
                kind,
                time_in_force: [
                    TimeInForce::Day,
                    TimeInForce::Gtc,
                    TimeInForce::Ioc,
                    TimeInForce::Fok,
                ][usize::from(*tif)],
                quantity: units(*symbol, *size),
                limit_price: limit,
                stop_price: stop,
                trail: (kind == Kind::TrailingStop)
                    .then(|| Trail::Percent(Decimal::new(i64::from(away.abs()) + 1, 1))),
                reduce_only: *reduce,
                oco_group: oco.then(|| format!("oco-{symbol}-{buy}")),
            };
            let _ = room.engine.submit(&account, request);
        }
        Step::Cancel(pick) => {
            let live: Vec<u64> = room.engine.state().live.iter().copied().collect();
            if let Some(number) = live.get(usize::from(*pick) % live.len().max(1)) {
                room.engine.cancel(&account, *number).unwrap();
            }
        }
        Step::Replace(pick, size, away) => {
            let live: Vec<u64> = room.engine.state().live.iter().copied().collect();
            let Some(number) = live.get(usize::from(*pick) % live.len().max(1)) else {
                return;
            };
            let order = room.order(*number);
            let symbol = SYMBOLS
                .iter()
                .position(|s| *s == order.symbol.to_string())
                .unwrap();
            let near = price(room, symbol, *away);
            let wish = Amendment {
                quantity: Some(units(symbol, *size)),
                limit_price: order.limit_price.map(|_| near),
                ..Amendment::default()
            };
            let _ = room.engine.replace(&account, *number, wish);
        }
        Step::Group {
            symbol,
            size,
            away,
            trail,
        } => {
            let (below, above) = (price(room, *symbol, -away), price(room, *symbol, *away));
            let stop = StopLeg {
                client_order_id: format!("s{made}"),
                quantity: units(*symbol, *size),
                stop_price: (!trail).then_some(below),
                trail: trail.then(|| Trail::Percent(d("1.5"))),
                limit_price: None,
            };
            let target = TargetLeg {
                client_order_id: format!("t{made}"),
                quantity: units(*symbol, *size),
                limit_price: above,
            };
            let request = GroupRequest {
                version: u64::from(made) + 1,
                symbol: SYMBOLS[*symbol].parse().unwrap(),
                side: Side::Sell,
                legs: vec![(Some(stop), Some(target))],
            };
            let _ = room.engine.put_group(&account, &format!("g{symbol}"), request);
        }
        Step::Pass(tenths) => room.pass(*tenths),
    }
}

/// Walks the events: numbers without gaps, reduce-only never past flat, trailing levels one way, pairs never over.
fn check_events(room: &Room) {
    let mut held: BTreeMap<String, Decimal> = BTreeMap::new();
    let mut levels: BTreeMap<u64, Decimal> = BTreeMap::new();
    for (index, event) in room.events().iter().enumerate() {
        assert_eq!(event.number, index as u64 + 1, "events are numbered without gaps");
        let Some(order) = &event.order else { continue };
        if let (Some(_), Some(level)) = (order.trail, order.stop_price) {
            let before = levels.insert(order.number, level).unwrap_or(level);
            assert!(
                if order.side == Side::Sell {
                    level >= before
                } else {
                    level <= before
                },
                "a trailing level went back"
            );
        }
        if let Some(fill) = &event.fill {
            let now = held.entry(fill.symbol.to_string()).or_default();
            let after = *now + fill.side.signed(fill.quantity);
            if order.reduce_only {
                assert!(
                    after.abs() < now.abs()
                        && (after.is_zero() || after.is_sign_negative() == now.is_sign_negative()),
                    "reduce-only turned a position"
                );
            }
            *now = after;
        }
    }
    let mut pairs: BTreeMap<&str, (Decimal, Decimal)> = BTreeMap::new();
    for order in room.engine.state().orders.values().filter(|o| o.group.is_some()) {
        let Some(pair) = &order.oco_group else { continue };
        let (filled, first) = pairs.entry(pair).or_insert((Decimal::ZERO, Decimal::ZERO));
        *filled += order.filled_quantity;
        *first = room
            .events()
            .iter()
            .filter_map(|e| e.order.clone())
            .find(|o| o.number == order.number)
            .unwrap()
            .quantity;
    }
    assert!(
        pairs.values().all(|(filled, first)| filled <= first),
        "both legs of a pair filled"
    );
}

fn check_replay(room: &Room) {
    let mut replayed = State::default();
    for change in &room.changes {
        let text = serde_json::to_string(change).unwrap();
        replayed
            .apply(&serde_json::from_str::<Change>(&text).unwrap())
            .unwrap();
    }
    let json = |s: &State| serde_json::to_value(s.snapshot()).unwrap();
    assert_eq!(json(&replayed), json(room.engine.state()));
    assert_eq!(
        json(&State::from(room.engine.state().snapshot())),
        json(room.engine.state())
    );
    assert_eq!(replayed.live, room.engine.state().live);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, max_shrink_iters: 200, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn no_sequence_of_requests_makes_money_or_breaks_a_rule(
        seed in any::<u64>(), shorting in any::<bool>(), steps in prop::collection::vec(step(), 1..40),
    ) {
        let config = EngineConfig { dedupe: Dedupe::WhileOpen, ..EngineConfig::default() };
        let calendar = Calendar { open_seconds: 6, closed_seconds: 2, ..Calendar::default() };
        let mut room = Room::new(Setting { seed, calendar, config, shorting, ..Setting::default() });
        for (made, step) in steps.iter().enumerate() {
            act(&mut room, step, u32::try_from(made).unwrap());
            room.pass(1);
            check_books(&room.engine);
        }
        check_events(&room);
        check_replay(&room);
    }
}

#[test]
fn the_same_requests_at_the_same_times_give_the_same_fills() {
    let run = || {
        let mut room = Room::new(Setting {
            cash: "500000",
            ..Setting::default()
        });
        for text in [
            "buy market AAPL 300",
            "buy market BTC 1.5",
            "sell trailing_stop AAPL 100 percent=1",
            "buy market SPY_2026-12-18_660_C 20",
        ] {
            room.send(text).unwrap();
            room.pass(30);
        }
        serde_json::to_string(&room.changes).unwrap()
    };
    assert_eq!(run(), run());
}
