//! Short scripts that lead where chance seldom goes: an outcome that nobody hears of, a switch that is set while something
//! is under way, a process that dies with its orders on the wire. Each is laid over a few steps of a seed.

use ordercast_model::ports::store::Table;

use crate::{
    event::{
        Besides,
        Event::{
            self, Answer, Away, Call, CancelAll, Caps, Clock, CloseAll, ClosePart, Crash, Depth, Disk,
            DiskAt, Edit, End, Fill, FollowUp, Kill, Lift, Limits, LoseHints, Order, Price, Restart, Stream,
            Trail, Unlock, Wire,
        },
    },
    fault::{DiskFault, StreamFault, WireFault},
    plan::Draw,
    setting::set_for,
};

/// What happens, and the milliseconds after it.
pub type Script = Vec<(Event, u32)>;

/// Accounts that every seed has.
const ACCOUNTS: u64 = 3;

/// They take turns, so that each comes up in a handful of seeds.
pub fn of(which: u64, draw: &Draw) -> Script {
    let who = draw.byte(ACCOUNTS);
    match which % 14 {
        0 => silence(draw, who),
        1 => unheard(draw, who),
        2 => stop_on_the_way(draw, who),
        3 => death_on_the_wire(draw, who),
        4 => unbooked(draw, who),
        5 => closed_twice(draw, who),
        6 => flatten(draw, who),
        7 => freeze(draw, who),
        8 => cancel_unheard(draw, who),
        9 => loss(draw, who),
        10 => trail(draw, who),
        11 => capped(draw, who),
        12 => moved_unheard(draw, who),
        _ => starts(draw, who),
    }
}

/// Units that the limits may cut, of an order that takes what it gets.
fn units(draw: &Draw) -> u8 {
    draw.one(&[7, 8, 11, 13, 14, 16])
}

/// Nobody hears what became of an order: its answer and its event are lost, and the venue does not answer, in half of
/// the cases until a person has to look. Then the stream tells its end.
fn silence(draw: &Draw, who: u8) -> Script {
    let how = draw.byte(5);
    let last = if draw.below(2) == 0 { 990_000 } else { 14_000 };
    let told = |which: u8| match how {
        0 => Fill(who, which, 0),
        1 => End(who, which, 0),
        2 => End(who, which, 2),
        _ => End(who, which, 1),
    };
    vec![
        (CancelAll(who), 3_000),
        (Stream(who, StreamFault::Lose), 0),
        (Wire(who, WireFault::LoseAnswer, 1), 0),
        (Order(who, draw.any(), 6, true), 300),
        (Away(who, 1_000), last),
        (told(0), 500),
        (told(1), 500),
        (told(2), 500),
        (told(3), 500),
    ]
}

/// The outcome of an order is unknown while the next ones are asked for, in an account that may hold one position.
fn unheard(draw: &Draw, who: u8) -> Script {
    let first = draw.byte(3);
    let hidden = draw.one(&[WireFault::Hidden, WireFault::LoseAnswer]);
    let until = if hidden == WireFault::Hidden {
        1_200
    } else {
        10_300
    };
    vec![
        (Lift(who, 0), 100),
        (Limits(who, set_for(who, 3)), 200),
        (CancelAll(who), 1_500),
        (CloseAll(who), 4_000),
        (Wire(who, hidden, 1), 0),
        (Stream(who, StreamFault::Lose), 0),
        (Stream(who, StreamFault::Lose), 0),
        (Order(who, first, units(draw), false), until),
        (Order(who, first + 1, units(draw), false), 900),
        (Order(who, first + 2, units(draw), false), 900),
        (Order(who, first, units(draw), false), 4_000),
    ]
}

/// A switch is set while an order is being written down or waits behind a venue that does not answer.
fn stop_on_the_way(draw: &Draw, who: u8) -> Script {
    let scope = draw.one(&[0, 1, 4]);
    let besides = draw.one(&[Besides::Nothing, Besides::Nothing, Besides::Flatten]);
    let order = |limit| (Order(who, draw.byte(3), units(draw), limit), 15);
    let way = match draw.below(3) {
        0 => vec![
            (Wire(who, WireFault::LoseRequest, 1), 200),
            order(false),
            order(true),
        ],
        1 => vec![(DiskAt(Table::Intent, DiskFault::Slow), 0), order(true)],
        _ => vec![(DiskAt(Table::Order, DiskFault::Slow), 0), order(false)],
    };
    let mut script = vec![(Lift(who, 0), 50), (Lift(who, 1), 50), (Lift(who, 4), 500)];
    script.extend(way);
    script.push((Kill(who, scope, besides), 6_000));
    script.push((Lift(who, scope), 500));
    script
}

/// The process dies while an order of it is still on its way to the venue.
fn death_on_the_wire(draw: &Draw, who: u8) -> Script {
    let fault = draw.one(&[WireFault::Slow, WireFault::Late, WireFault::LoseAnswer]);
    vec![
        (Lift(who, 0), 200),
        (Limits(who, set_for(who, 0)), 200),
        (Wire(who, fault, 1), 0),
        (
            Order(who, draw.byte(3), units(draw), false),
            60 + u32::from(draw.byte(200)),
        ),
        (Crash(draw.byte(4)), 20_000),
        (Order(who, draw.byte(3), units(draw), false), 2_000),
    ]
}

/// No stream tells of a fill, and the disk refuses it when the comparison finds it.
fn unbooked(draw: &Draw, who: u8) -> Script {
    let lose = Stream(who, StreamFault::Lose);
    let fault = draw.one(&[DiskFault::Full, DiskFault::Full, DiskFault::LoseAnswer]);
    vec![
        (Lift(who, 0), 200),
        (Order(who, draw.byte(3), units(draw), true), 2_000),
        (lose, 0),
        (lose, 0),
        (lose, 0),
        (DiskAt(Table::Fill, fault), 0),
        (Fill(who, 255, 0), 500),
        (Fill(who, 0, 1 + draw.byte(3)), 62_000),
    ]
}

/// What is held is closed by several orders at once, at a venue that fills little at a time; some was closed before.
fn closed_twice(draw: &Draw, who: u8) -> Script {
    vec![
        (Lift(who, 0), 200),
        (Order(who, draw.byte(3), units(draw), false), 2_500),
        (ClosePart(who, 0, 30), 2_500),
        (Depth(who, 1), 0),
        (ClosePart(who, draw.any(), 60), 40 + u32::from(draw.byte(250))),
        (CloseAll(who), 40 + u32::from(draw.byte(250))),
        (ClosePart(who, draw.any(), 90), 2_500),
        (Depth(who, 0), 500),
        (Fill(who, draw.any(), 0), 1_000),
    ]
}

/// A kill that closes what is held, while something goes wrong.
fn flatten(draw: &Draw, who: u8) -> Script {
    let scope = draw.byte(5);
    let trouble = match draw.below(6) {
        0 => Wire(who, WireFault::LoseAnswer, 2),
        1 => Wire(who, WireFault::Busy, 3),
        2 => Crash(draw.byte(60)),
        3 => Depth(who, 1),
        4 => Away(who, 20),
        _ => Disk(DiskFault::Full, 3),
    };
    vec![
        (Lift(who, 0), 200),
        (Order(who, draw.byte(3), units(draw), false), 1_500),
        (Order(who, draw.byte(3), units(draw), true), 1_500),
        (trouble, 0),
        (
            Kill(who, scope, Besides::Flatten),
            100 + u32::from(draw.byte(250)),
        ),
        (Order(who, draw.byte(3), units(draw), false), 20_000),
        (Depth(who, 0), 5_000),
    ]
}

/// Nothing leaves of the whole platform, while levels are touched and people want to get out.
fn freeze(draw: &Draw, who: u8) -> Script {
    let symbol = draw.byte(3);
    vec![
        (Lift(0, 4), 200),
        (Order(who, symbol, units(draw), false), 1_500),
        (Wire(who, WireFault::Slow, 1), 0),
        (
            Order(who, draw.byte(3), units(draw), false),
            u32::from(draw.byte(200)),
        ),
        (Kill(0, 4, Besides::Freeze), 2_000),
        (CloseAll(who), 500),
        (Price(symbol, -550), 4_000),
        (Order(who, draw.byte(3), units(draw), false), 1_000),
        (Lift(0, 4), 3_000),
    ]
}

/// Nobody hears whether an entry was cancelled.
fn cancel_unheard(draw: &Draw, who: u8) -> Script {
    let fault = draw.one(&[
        WireFault::LoseRequest,
        WireFault::LoseRequest,
        WireFault::LoseAnswer,
    ]);
    vec![
        (Lift(who, 0), 200),
        (Order(who, draw.byte(3), units(draw), true), 1_500),
        (Stream(who, StreamFault::Lose), 0),
        (Wire(who, fault, 2), 0),
        (CancelAll(who), 14_000),
        (Fill(who, 255, draw.byte(3)), 3_000),
    ]
}

/// Prices fall until the account's own limits close it; its user wants it back too early.
fn loss(draw: &Draw, who: u8) -> Script {
    let symbol = draw.byte(3);
    let set = set_for(who, 4 + draw.byte(2));
    vec![
        (Lift(who, 0), 100),
        (Limits(who, set), 300),
        (Order(who, symbol, 40, false), 2_500),
        (Order(who, symbol + 1, 38, false), 2_500),
        (Price(symbol, -450), 6_000),
        (Price(symbol + 1, -400), 6_000),
        (Order(who, symbol + 2, units(draw), false), 1_500),
        (Unlock(who, false), 500),
        (Unlock(who, draw.below(2) == 0), 1_000),
        (Order(who, symbol + 2, units(draw), false), 1_500),
    ]
}

/// A stop follows the price up, and the price comes back.
fn trail(draw: &Draw, who: u8) -> Script {
    let symbol = draw.byte(3);
    vec![
        (Lift(who, 0), 200),
        (Trail(who, symbol, units(draw), draw.below(2) == 0), 3_000),
        (Price(symbol, 150), 1_500),
        (Price(symbol, 140), 2_500),
        (draw.one(&[Restart, Crash(0), LoseHints(3)]), 3_000),
        (Price(symbol, -100), 1_500),
        (Price(symbol, -350), 4_000),
    ]
}

/// Process after process, each with orders in hand.
fn starts(draw: &Draw, who: u8) -> Script {
    vec![
        (Lift(who, 0), 200),
        (Order(who, draw.byte(3), units(draw), true), 400),
        (Restart, 1_200),
        (Order(who, draw.byte(3), units(draw), false), 400),
        (Crash(draw.byte(30)), 2_500),
        (CancelAll(who), 50),
        (Crash(draw.byte(20)), 2_500),
    ]
}

/// A call that everybody understands as an entry.
fn call(draw: &Draw, symbol: u8) -> Event {
    Call(draw.one(&[0, 1, 2, 3, 5]), symbol)
}

/// The community caps what its signals may open, and lets it go again.
fn capped(draw: &Draw, who: u8) -> Script {
    let symbol = draw.byte(3);
    vec![
        (Lift(who, 2), 50),
        (Lift(who, 3), 50),
        (Lift(who, 4), 100),
        (Caps(1 + draw.byte(4)), 5_500),
        (call(draw, symbol), 2_500),
        (call(draw, symbol + 1), 2_500),
        (Edit(draw.byte(2), draw.any()), 6_000),
        (Answer(draw.any(), true), 500),
        (call(draw, symbol + 2), 2_500),
        (Caps(draw.byte(5)), 50),
        (call(draw, 0), 6_000),
        (Answer(draw.any(), true), 500),
        (Caps(0), 100),
    ]
}

/// What is held is closed in part and its stop is moved while the venue puts requests off or answers late.
fn moved_unheard(draw: &Draw, who: u8) -> Script {
    let fault = draw.one(&[
        WireFault::Busy,
        WireFault::Busy,
        WireFault::Slow,
        WireFault::LoseAnswer,
    ]);
    vec![
        (Lift(who, 2), 50),
        (Lift(who, 3), 50),
        (Lift(who, 4), 100),
        (Caps(0), 100),
        (call(draw, draw.byte(3)), 2_500),
        (Answer(draw.any(), true), 3_500),
        (Price(draw.byte(3), 20), 500),
        (Wire(who, fault, 1 + draw.byte(4)), 100),
        (FollowUp(0, draw.one(&[0, 0, 3, 5])), u32::from(draw.byte(200))),
        (FollowUp(1, draw.one(&[0, 1, 2, 3])), 2_500),
    ]
}

/// The machine's clock is set over an open or a close that is some minutes away, while orders wait and further ones are
/// asked for. What is traded goes by the venue's hours.
pub fn leap(draw: &Draw) -> Script {
    let who = draw.byte(ACCOUNTS);
    let symbol = draw.byte(3);
    let (by, until) = draw.one(&[(600, 25_000), (600, 70_000), (3_600, 20_000), (-600, 190_000)]);
    vec![
        (Lift(who, 0), 50),
        (Lift(who, 4), 100),
        (Order(who, symbol, units(draw), draw.below(2) == 0), 1_500),
        (call(draw, symbol), 1_500),
        (Answer(draw.any(), true), 500),
        (Clock(by), until),
        (Order(who, symbol + 1, units(draw), false), 4_000),
        (call(draw, symbol + 1), 12_000),
        (Answer(draw.any(), true), 500),
        (draw.one(&[Restart, Crash(3), Clock(by)]), 3_000),
        (Clock(0), 3_000),
    ]
}
