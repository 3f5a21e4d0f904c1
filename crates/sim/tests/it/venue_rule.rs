//! Orders fill by rule: the book is walked, levels trigger, immediate orders end, sessions bind.

use ordercast_sim::{
    market::calendar::Calendar,
    venue::{
        config::{Dedupe, EngineConfig},
        order::{Amendment, EventKind, Reason, Status},
        refusal::Code,
    },
};
use rust_decimal::Decimal;

use crate::venue_fixture::{Room, Setting, check_books, d};

/// One second each: flat at 100, down to 94, up to 112, down again.
fn hills() -> Vec<f64> {
    let flat = std::iter::repeat_n(100.0, 10);
    let down = (1..=6).map(|i| 100.0 - f64::from(i));
    let up = (1..=18).map(|i| 94.0 + f64::from(i));
    let back = (1..=12).map(|i| 112.0 - f64::from(i));
    flat.chain(down)
        .chain(up)
        .chain(back)
        .chain(std::iter::repeat_n(100.0, 60))
        .collect()
}
fn room() -> Room {
    Room::new(Setting {
        tape: hills(),
        ..Setting::default()
    })
}
fn simulated() -> Room {
    Room::new(Setting {
        cash: "1000000",
        ..Setting::default()
    })
}

#[test]
fn a_market_order_walks_the_book_and_waits_for_more() {
    let mut room = simulated();
    let ask = room.quote("NVDA").ask;
    let order = room.send("buy market NVDA 900").unwrap();
    assert_eq!(order.status, Status::PartiallyFilled);
    let fills = room.engine.state().fills.clone();
    assert!(fills.len() >= 3, "one fill per level");
    assert!(
        fills.windows(2).all(|w| w[0].price < w[1].price),
        "each level is worse"
    );
    assert_eq!(fills[0].price, ask);
    assert!(order.average_price().unwrap() > ask, "no slippage");
    let at_once = order.filled_quantity;
    room.pass(300);
    let order = room.order(order.number);
    assert_eq!((order.status, order.remaining()), (Status::Filled, Decimal::ZERO));
    assert!(at_once < d("900") && room.engine.state().fills.iter().any(|f| f.at > fills[0].at));
    check_books(&room.engine);
}

#[test]
fn a_small_order_fills_at_the_best_price_and_costs_what_the_fees_say() {
    let mut room = simulated();
    for (symbol, quantity, fee) in [
        ("AAPL", "1", d("0")),
        ("AAPL_2026-12-18_270_C", "1", d("0.65")),
        ("BTC", "0.01", d("0.001")),
    ] {
        let quote = room.quote(&symbol.replace('_', " "));
        let before = room.cash();
        let order = room.send(&format!("buy market {symbol} {quantity} day")).unwrap();
        assert_eq!(
            (order.status, order.average_price()),
            (Status::Filled, Some(quote.ask)),
            "{symbol}"
        );
        let value = quote.ask * d(quantity) * quote.symbol.multiplier();
        let fee = if symbol == "BTC" { value * fee } else { fee };
        assert_eq!(order.fees, fee.round_dp(8).normalize(), "{symbol}");
        assert_eq!(before - room.cash(), value + order.fees, "{symbol}");
    }
    check_books(&room.engine);
}

#[test]
fn a_resting_limit_fills_at_its_own_price_and_never_worse() {
    let mut room = room();
    let order = room.send("buy limit AAPL 20 limit=97.5").unwrap();
    room.pass(100);
    assert_eq!(
        room.order(order.number).status,
        Status::New,
        "the price never got there"
    );
    room.pass(60);
    let order = room.order(order.number);
    assert_eq!(
        (order.status, order.average_price()),
        (Status::Filled, Some(d("97.5")))
    );
    // Through the market on arrival it takes what is there.
    let quote = room.quote("AAPL");
    let taken = room
        .send(&format!("buy limit AAPL 1 limit={}", quote.ask + d("5")))
        .unwrap();
    assert_eq!(taken.average_price(), Some(quote.ask));
    check_books(&room.engine);
}

#[test]
fn stops_wait_for_their_level_and_then_take_the_market() {
    let mut room = room();
    room.hold(30);
    let stop = room.send("sell stop AAPL 10 stop=96.5 reduce").unwrap().number;
    let stop_limit = room
        .send("sell stop_limit AAPL 10 stop=96.5 limit=96.4 reduce")
        .unwrap()
        .number;
    let above = room.send("buy stop AAPL 5 stop=110").unwrap().number;
    let mut triggered_at = None;
    for _ in 0..400 {
        room.pass(1);
        let bid = room.quote("AAPL").bid;
        if triggered_at.is_none() && room.order(stop).triggered {
            triggered_at = Some(bid);
            assert!(bid <= d("96.5"), "triggered at {bid}");
        }
        assert!(
            bid > d("96.5") || triggered_at.is_some(),
            "the level was passed in silence"
        );
    }
    let (stop, limited, above) = (room.order(stop), room.order(stop_limit), room.order(above));
    assert_eq!(stop.status, Status::Filled);
    assert!(stop.average_price().unwrap() <= d("96.5"));
    assert_eq!(limited.status, Status::Filled, "filled on the way up again");
    assert!(limited.average_price().unwrap() >= d("96.4"));
    assert!(above.triggered && above.average_price().unwrap() >= d("110"));
    assert!(room.events().iter().any(|e| e.kind == EventKind::Triggered));
    check_books(&room.engine);
}

#[test]
fn a_stop_behind_a_gap_fills_at_the_open() {
    // Five seconds open, two closed; the price halves while closed.
    let tape = std::iter::repeat_n(100.0, 6).chain(std::iter::repeat_n(50.0, 60));
    let calendar = Calendar {
        open_seconds: 5,
        closed_seconds: 2,
        ..Calendar::default()
    };
    let mut room = Room::new(Setting {
        tape: tape.collect(),
        calendar,
        ..Setting::default()
    });
    room.hold(10);
    let stop = room.send("sell stop AAPL 10 stop=98").unwrap().number;
    room.pass(120);
    let stop = room.order(stop);
    assert_eq!(stop.status, Status::Filled);
    assert!(
        stop.average_price().unwrap() < d("60"),
        "filled at a price that was not there"
    );
}

#[test]
fn a_trailing_level_follows_one_way() {
    for (trail, distance) in [("amount=3", d("3")), ("percent=3", d("3.3"))] {
        let mut room = room();
        room.hold(10);
        room.pass(170);
        let number = room
            .send(&format!("sell trailing_stop AAPL 10 {trail}"))
            .unwrap()
            .number;
        let mut level = room.order(number).stop_price.unwrap();
        let mut best = Decimal::ZERO;
        for _ in 0..400 {
            room.pass(1);
            let order = room.order(number);
            if !order.live() {
                break;
            }
            assert!(order.stop_price.unwrap() >= level, "the level went back");
            level = order.stop_price.unwrap();
            best = best.max(room.quote("AAPL").bid);
        }
        let order = room.order(number);
        assert_eq!(order.status, Status::Filled, "{trail}");
        assert!(
            best > d("110") && level > best - distance - d("0.2") && level < best - d("2.9"),
            "{level} {best}"
        );
        assert!(order.average_price().unwrap() <= level);
    }
}

#[test]
fn immediate_orders_leave_nothing_open() {
    let mut room = simulated();
    let ask = room.quote("TSLA").ask;
    let all: Vec<(String, Status, Option<Reason>, bool)> = vec![
        ("buy market TSLA 5 ioc".into(), Status::Filled, None, true),
        (
            format!("buy limit TSLA 5 ioc limit={}", ask - d("20")),
            Status::Cancelled,
            Some(Reason::IocRemainder),
            false,
        ),
        (
            "buy market TSLA 900 ioc".into(),
            Status::Cancelled,
            Some(Reason::IocRemainder),
            true,
        ),
        (
            "buy market TSLA 900 fok".into(),
            Status::Cancelled,
            Some(Reason::FokUnfilled),
            false,
        ),
        (
            format!("buy limit TSLA 5 fok limit={}", ask - d("20")),
            Status::Cancelled,
            Some(Reason::FokUnfilled),
            false,
        ),
    ];
    for (text, status, reason, filled) in all {
        let order = room.send(&text).unwrap();
        assert_eq!(
            (order.status, order.reason, order.filled_quantity > Decimal::ZERO),
            (status, reason, filled),
            "{text}"
        );
    }
    room.pass(100);
    assert_eq!(room.send("buy market TSLA 3 fok").unwrap().status, Status::Filled);
    assert!(room.engine.state().live.is_empty());
    check_books(&room.engine);
}

#[test]
fn one_cancels_other_as_far_as_it_filled() {
    let mut room = room();
    room.hold(900);
    let stop = room.send("sell stop AAPL 900 stop=95.5 oco=x").unwrap().number;
    let target = room.send("sell limit AAPL 900 limit=111 oco=x").unwrap().number;
    for _ in 0..500 {
        room.pass(1);
        let (stop, target) = (room.order(stop), room.order(target));
        assert!(stop.filled_quantity + target.filled_quantity <= d("900"));
    }
    let (stop, target) = (room.order(stop), room.order(target));
    assert_eq!(
        (stop.status, target.status, target.reason),
        (Status::Filled, Status::Cancelled, Some(Reason::OcoFilled))
    );
    let shrunk = room
        .events()
        .iter()
        .filter(|e| e.kind == EventKind::Replaced)
        .filter_map(|e| e.order.clone())
        .count();
    assert!(shrunk >= 2, "the other leg must shrink with each part");
    assert_eq!(room.held("AAPL"), Decimal::ZERO);

    let mut room = self::room();
    room.hold(10);
    let (a, b) = (
        room.send("sell stop AAPL 10 stop=50 oco=y").unwrap(),
        room.send("sell limit AAPL 10 limit=150 oco=y").unwrap(),
    );
    let account = room.account.clone();
    room.engine.cancel(&account, a.number).unwrap();
    assert_eq!(room.order(b.number).reason, Some(Reason::OcoCancelled));
    assert_eq!(
        room.engine.cancel(&account, a.number).unwrap().status,
        Status::Cancelled,
        "repeatable"
    );
}

#[test]
fn reduce_only_never_turns_a_position() {
    let mut room = room();
    assert_eq!(
        room.send("sell market AAPL 5 reduce").unwrap_err().code,
        Code::ExceedsPosition
    );
    room.hold(10);
    let stop = room.send("sell stop AAPL 10 stop=95.5 reduce").unwrap().number;
    room.send("sell market AAPL 7 reduce").unwrap();
    assert_eq!(room.held("AAPL"), d("3"));
    room.pass(300);
    let stop = room.order(stop);
    assert_eq!(
        (stop.filled_quantity, stop.status, stop.reason),
        (d("3"), Status::Cancelled, Some(Reason::NothingToReduce))
    );
    assert_eq!(room.held("AAPL"), Decimal::ZERO);
    check_books(&room.engine);
}

#[test]
fn a_closed_session_takes_only_orders_that_can_wait() {
    let calendar = Calendar {
        open_seconds: 5,
        closed_seconds: 5,
        ..Calendar::default()
    };
    let mut room = Room::new(Setting {
        calendar,
        ..Setting::default()
    });
    let day = room.send("buy limit AAPL 1 day limit=1").unwrap().number;
    room.pass(60);
    assert_eq!(
        (room.order(day).status, room.order(day).reason),
        (Status::Expired, Some(Reason::SessionEnd))
    );
    for tif in ["day", "ioc", "fok"] {
        assert_eq!(
            room.send(&format!("buy market AAPL 1 {tif}")).unwrap_err().code,
            Code::MarketClosed,
            "{tif}"
        );
        assert_eq!(
            room.send(&format!("buy market AAPL_2026-12-18_270_C 1 {tif}"))
                .unwrap_err()
                .code,
            Code::MarketClosed
        );
    }
    let waits = room.send("buy market AAPL 1 gtc").unwrap();
    assert_eq!(waits.status, Status::New);
    assert_eq!(
        room.send("buy market BTC 0.01 day").unwrap().status,
        Status::Filled,
        "coins never close"
    );
    room.pass(60);
    assert_eq!(room.order(waits.number).status, Status::Filled);
}

#[test]
fn a_halted_symbol_waits() {
    let mut room = simulated();
    let symbol = "GME".parse().unwrap();
    room.engine.halt(&symbol, true).unwrap();
    assert_eq!(room.send("buy market GME 1 day").unwrap_err().code, Code::Halted);
    let waits = room.send("buy market GME 1").unwrap();
    room.pass(20);
    assert_eq!(room.order(waits.number).status, Status::New);
    room.engine.halt(&symbol, false).unwrap();
    room.pass(1);
    assert_eq!(room.order(waits.number).status, Status::Filled);
}

#[test]
fn client_order_ids_are_kept_apart_as_configured() {
    for (dedupe, open, finished) in [
        (Dedupe::Always, true, true),
        (Dedupe::WhileOpen, true, false),
        (Dedupe::Never, false, false),
    ] {
        let config = EngineConfig {
            dedupe,
            ..EngineConfig::default()
        };
        let mut room = Room::new(Setting {
            config,
            ..Setting::default()
        });
        let first = room.send("buy limit AAPL 1 limit=1 id=same").unwrap();
        let again = room.send("buy limit AAPL 1 limit=1 id=same");
        assert_eq!(again.is_err(), open, "{dedupe:?} while open");
        if let Err(refusal) = again {
            assert_eq!(
                (refusal.code, refusal.order.unwrap().number),
                (Code::DuplicateClientId, first.number)
            );
        }
        let account = room.account.clone();
        let numbers: Vec<u64> = room.engine.state().live.iter().copied().collect();
        numbers.iter().for_each(|n| {
            room.engine.cancel(&account, *n).unwrap();
        });
        assert_eq!(
            room.send("buy limit AAPL 1 limit=1 id=same").is_err(),
            finished,
            "{dedupe:?} when finished"
        );
    }
}

#[test]
fn what_makes_no_sense_is_refused_with_its_field() {
    let mut room = simulated();
    for (text, code, field) in [
        ("buy market AAPL 0.5", Code::InvalidOrder, "quantity"),
        ("buy market AAPL -1", Code::InvalidOrder, "quantity"),
        ("buy market AAPL 0", Code::InvalidOrder, "quantity"),
        ("buy market AAPL 99999999", Code::InvalidOrder, "quantity"),
        ("buy market BTC 0.0000001", Code::InvalidOrder, "quantity"),
        ("buy market BTC 0.000001", Code::InvalidOrder, "quantity"),
        ("buy market AAPL 1 limit=5", Code::InvalidOrder, "limit_price"),
        ("buy limit AAPL 1", Code::InvalidOrder, "limit_price"),
        (
            "buy limit AAPL 1 limit=100.005",
            Code::InvalidOrder,
            "limit_price",
        ),
        ("buy limit AAPL 1 limit=-3", Code::InvalidOrder, "limit_price"),
        ("buy stop AAPL 1", Code::InvalidOrder, "stop_price"),
        (
            "buy stop AAPL 1 ioc stop=500",
            Code::InvalidOrder,
            "time_in_force",
        ),
        ("sell trailing_stop AAPL 1", Code::InvalidOrder, "trail_percent"),
        (
            "sell trailing_stop AAPL 1 percent=100",
            Code::InvalidOrder,
            "trail_percent",
        ),
        ("buy market AAPL 1 id=a/b", Code::InvalidOrder, "client_order_id"),
        ("buy market SPX 1", Code::NotPermitted, "symbol"),
        ("sell market AAPL 1", Code::ExceedsPosition, "quantity"),
        ("sell market BTC 1", Code::ExceedsPosition, "quantity"),
    ] {
        let refusal = room.send(text).unwrap_err();
        assert_eq!(
            (refusal.code, refusal.field),
            (code, Some(field)),
            "{text}: {refusal}"
        );
    }
    let poor = room.send("buy market AAPL 100000").unwrap_err();
    assert_eq!(poor.code, Code::InsufficientFunds);
    assert!(poor.message.contains("1000000 USD") && room.engine.state().orders.is_empty());
    // Money held back by an open order is not there twice.
    room.send("buy limit AAPL 9000 limit=100").unwrap();
    assert_eq!(
        room.send("buy limit AAPL 2000 limit=100").unwrap_err().code,
        Code::InsufficientFunds
    );
    let account = room.account.clone();
    let funds = room.engine.funds(&account).unwrap();
    assert_eq!((funds.reserved, funds.buying_power), (d("900000"), d("100000")));
}

#[test]
fn shorts_need_a_permit_and_hold_money_back() {
    let mut room = Room::new(Setting {
        shorting: true,
        ..Setting::default()
    });
    let order = room.send("sell market KO 100").unwrap();
    room.pass(50);
    assert_eq!(room.held("KO"), d("-100"));
    let account = room.account.clone();
    let funds = room.engine.funds(&account).unwrap();
    assert!(funds.positions_value < Decimal::ZERO && funds.buying_power < d("100000"));
    assert!(funds.equity < d("101000") && funds.equity > d("99000"));
    assert_eq!(
        room.send("sell market KO 100000").unwrap_err().code,
        Code::InsufficientFunds
    );
    assert_eq!(
        room.send("sell market BTC 1").unwrap_err().code,
        Code::ExceedsPosition,
        "equities only"
    );
    room.send("buy market KO 500 reduce").unwrap();
    room.pass(50);
    assert_eq!(room.held("KO"), Decimal::ZERO, "a cover stops at flat");
    room.send("buy market KO 10").unwrap();
    room.send("sell market KO 300 reduce").unwrap();
    room.pass(50);
    assert_eq!(
        room.held("KO"),
        Decimal::ZERO,
        "a reducing sale stops at flat, with a permit too"
    );
    assert_eq!(room.order(order.number).status, Status::Filled);
    check_books(&room.engine);
}

#[test]
fn an_open_order_is_changed_in_place() {
    let mut room = simulated();
    let order = room.send("buy limit AAPL 10 limit=100 id=first").unwrap();
    let account = room.account.clone();
    let wish = Amendment {
        quantity: Some(d("20")),
        limit_price: Some(d("101")),
        client_order_id: Some("second".to_owned()),
        ..Amendment::default()
    };
    let changed = room.engine.replace(&account, order.number, wish).unwrap();
    assert_eq!(
        (
            changed.number,
            changed.quantity,
            changed.limit_price,
            changed.revision
        ),
        (order.number, d("20"), Some(d("101")), 1)
    );
    for id in ["first", "second"] {
        assert_eq!(
            room.engine.order_by_client_id(&account, id).unwrap().number,
            order.number
        );
    }
    let ask = room.quote("AAPL").ask;
    let wish = Amendment {
        limit_price: Some(ask + d("1")),
        ..Amendment::default()
    };
    assert!(
        room.engine
            .replace(&account, order.number, wish)
            .unwrap()
            .filled_quantity
            > Decimal::ZERO
    );
    room.pass(100);
    let refusal = room
        .engine
        .replace(&account, order.number, Amendment::default())
        .unwrap_err();
    assert_eq!(
        (refusal.code, refusal.order.unwrap().status),
        (Code::AlreadyFinal, Status::Filled)
    );
    assert_eq!(
        room.engine.cancel(&account, order.number).unwrap_err().code,
        Code::AlreadyFinal
    );
}

#[test]
fn an_expired_option_is_paid_at_its_intrinsic_value() {
    let mut room = simulated();
    room.send("buy market AAPL_2026-11-24_200_C 2").unwrap();
    room.send("buy market AAPL_2026-11-24_400_C 2").unwrap();
    let waiting = room
        .send("buy limit AAPL_2026-11-24_250_C 1 limit=0.01")
        .unwrap()
        .number;
    room.pass(50);
    room.now = "2026-11-24T21:00:01Z".parse().unwrap();
    room.pass(1);
    assert_eq!(room.held("AAPL 2026-11-24 200 C"), Decimal::ZERO);
    assert_eq!(room.order(waiting).status, Status::Expired);
    let paid: Vec<_> = room
        .engine
        .state()
        .fills
        .iter()
        .filter(|f| f.order.is_none())
        .cloned()
        .collect();
    assert_eq!(paid.len(), 2);
    assert!(
        paid.iter().any(|f| f.price > d("50")) && paid.iter().any(|f| f.price.is_zero() && f.cash.is_zero())
    );
    check_books(&room.engine);
}

#[test]
fn cash_that_runs_out_ends_the_order() {
    // Rises by half within two seconds: more than the cushion.
    let tape = std::iter::repeat_n(100.0, 1)
        .chain((0..5).map(|i| 100.0 + 20.0 * f64::from(i)))
        .chain(std::iter::repeat_n(190.0, 60));
    let mut room = Room::new(Setting {
        tape: tape.collect(),
        cash: "600000",
        ..Setting::default()
    });
    let order = room.send("buy market AAPL 5800").unwrap();
    room.pass(300);
    let order = room.order(order.number);
    assert_eq!(
        (order.status, order.reason),
        (Status::Cancelled, Some(Reason::InsufficientFunds))
    );
    assert!(room.cash() >= Decimal::ZERO && order.filled_quantity > Decimal::ZERO);
    check_books(&room.engine);
}
