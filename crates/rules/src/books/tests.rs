//! Invariant 6 and the books' scenarios: money and quantities are conserved exactly over any sequence of fills.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]

use std::collections::BTreeMap;

use ordercast_model::{
    account::Account,
    ids::{ConnectionId, FillId, Id, IntentId, LotId, OrderId, PositionId, SignalId, UserId},
    instrument::Instrument,
    money::{Currency, Money, Price, Quantity},
    order::{
        identity::{ClientOrderId, Leg, Origin},
        intent::{Fill, Order, ProtectionPlan, Stages},
        shape::{OrderRequest, OrderSide, OrderType},
        state::OrderState,
    },
    position::{Lot, Position},
    signal::instruction::{PositionSide, TimeInForce},
    time::{SessionZone, Timestamp},
};
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::{Booked, Books, PositionChange, apply_fill, external, release, reserve};

fn d(text: &str) -> Decimal {
    text.parse().unwrap()
}
fn p(text: &str) -> Price {
    text.parse().unwrap()
}
fn q(text: &str) -> Quantity {
    text.parse().unwrap()
}
fn id<I: Id>(n: u8) -> I {
    I::new(Timestamp::from_seconds(1), [n; 10])
}

fn account() -> Account {
    let at = Timestamp::from_seconds(1_000_000);
    Account {
        key: "paper:paper:1".to_owned(),
        version: 1,
        user_id: id::<UserId>(1),
        connection_id: id::<ConnectionId>(1),
        zone: SessionZone::NewYork,
        currency: Currency::USD,
        cash: d("100000"),
        equity: d("100000"),
        buying_power: d("100000"),
        synced_at: at,
        day: SessionZone::NewYork.day_of(at),
        day_start_equity: d("100000"),
        day_high_equity: d("100000"),
        daily_loss_tripped: false,
        daily_loss_cap: None,
        holdings: BTreeMap::new(),
        reservations: BTreeMap::new(),
        recent_opens: Vec::new(),
        recent_orders: Vec::new(),
        orders_today: 0,
        flatten: None,
        breaker_trips: 0,
        rate_hits: Vec::new(),
        unexplained: BTreeMap::new(),
        outside: BTreeMap::new(),
    }
}

fn lot(n: u8, symbol: &str, side: PositionSide) -> Lot {
    let at = Timestamp::from_seconds(i64::from(n));
    Lot {
        id: id::<LotId>(n),
        version: 1,
        position_id: None,
        user_id: id::<UserId>(1),
        connection_id: id::<ConnectionId>(1),
        origin: Origin::Signal(id(n)),
        signal_id: Some(id::<SignalId>(n)),
        provider_id: None,
        instrument: symbol.parse().unwrap(),
        side,
        entered: Quantity::ZERO,
        open: Quantity::ZERO,
        average_price: None,
        entries: Vec::new(),
        realised: Decimal::ZERO,
        protection: ProtectionPlan::default(),
        group_version: 0,
        covered: Quantity::ZERO,
        replanned: false,
        stop_price: None,
        target_prices: Vec::new(),
        targets_filled: 0,
        watch: None,
        closed: false,
        created_at: at,
        updated_at: at,
    }
}

fn order(n: u8, lot: &Lot, leg: Leg, quantity: &str) -> Order {
    let at = Timestamp::from_seconds(1);
    let side = if leg.opens() {
        OrderSide::opening(lot.side)
    } else {
        OrderSide::closing(lot.side)
    };
    Order {
        id: id::<OrderId>(n),
        version: 1,
        intent_id: id::<IntentId>(n),
        user_id: lot.user_id,
        connection_id: lot.connection_id,
        signal_id: lot.signal_id,
        provider_id: None,
        origin: lot.origin,
        instruction: 0,
        leg,
        lot_id: Some(lot.id),
        position_side: lot.side,
        request: OrderRequest {
            client_order_id: ClientOrderId::derive(lot.origin, 0, lot.connection_id, leg, u32::from(n)),
            instrument: lot.instrument.clone(),
            side,
            quantity: q(quantity),
            order_type: OrderType::Market,
            time_in_force: TimeInForce::Day,
            extended_hours: false,
            reduce_only: !leg.opens(),
        },
        state: OrderState::Submitted,
        broker_order_id: None,
        filled: Quantity::ZERO,
        average_price: None,
        fees: Money::zero(Currency::USD),
        reason: None,
        message: None,
        note: None,
        cancelled_by: None,
        cancel_requested: false,
        late_fill: false,
        attempts: 1,
        due_at: None,
        stages: Stages::default(),
        created_at: at,
        updated_at: at,
    }
}

/// The rows of one account, as a store would hold them.
struct Ledger {
    account: Account,
    lots: Vec<Lot>,
    position: Option<Position>,
    fills: u8,
    realised: Decimal,
    fees: Decimal,
}

impl Ledger {
    fn new(lots: Vec<Lot>) -> Self {
        Self {
            account: account(),
            lots,
            position: None,
            fills: 0,
            realised: Decimal::ZERO,
            fees: Decimal::ZERO,
        }
    }
    fn fill(&mut self, lot: usize, order: &Order, quantity: &str, price: &str, fee: &str) -> Booked {
        self.fills += 1;
        let own = self.lots[lot].clone();
        let siblings: Vec<Lot> = self.lots.iter().filter(|l| l.id != own.id).cloned().collect();
        let fill = Fill {
            id: id::<FillId>(self.fills),
            venue_fill_id: self.fills.to_string(),
            order_id: order.id,
            user_id: own.user_id,
            connection_id: own.connection_id,
            instrument: own.instrument.clone(),
            side: order.request.side,
            quantity: q(quantity),
            price: p(price),
            fee: Money::usd(d(fee)),
            realised: Decimal::ZERO,
            at: Timestamp::from_seconds(50),
            booked_at: Timestamp::from_seconds(60),
        };
        let books = Books {
            account: &self.account,
            lot: &own,
            siblings: &siblings,
            position: self.position.as_ref(),
            order,
            entries_working: false,
        };
        let booked = apply_fill(&books, fill, id::<PositionId>(self.fills)).unwrap();
        self.account = booked.account.clone();
        self.lots[lot] = booked.lot.clone();
        self.position = Some(booked.position.clone()).filter(|p| !p.quantity.is_zero());
        self.realised += booked.realised;
        self.fees += d(fee);
        booked
    }
    /// Everything that must hold after every fill.
    fn check(&self) {
        let sign = |lot: &Lot| match lot.side {
            PositionSide::Long => Decimal::ONE,
            PositionSide::Short => -Decimal::ONE,
        };
        let instrument: &Instrument = &self.lots[0].instrument;
        let many = instrument.multiplier();
        let mut cost = Decimal::ZERO;
        let mut held = Decimal::ZERO;
        for lot in &self.lots {
            let entries: Decimal = lot.entries.iter().map(|e| e.quantity.value()).sum();
            assert_eq!(entries, lot.open.value(), "a lot holds what its entries hold");
            assert!(lot.open <= lot.entered, "a lot never gives more than it took");
            held += sign(lot) * entries;
            for e in &lot.entries {
                cost += sign(lot) * e.quantity.value() * e.price.value() * many;
            }
        }
        assert_eq!(
            self.account.cash + cost,
            d("100000") + self.realised - self.fees,
            "cash and cost are what was there, won and paid"
        );
        let holding = self.account.holdings.get(instrument);
        assert_eq!(holding.map_or(Decimal::ZERO, |h| h.quantity), held);
        let open = self.lots.iter().filter(|l| !l.open.is_zero()).count();
        assert_eq!(holding.map_or(0, |h| h.lots) as usize, open);
        let value = holding.map_or(Decimal::ZERO, |h| h.quantity * h.mark.value() * many);
        assert_eq!(
            self.account.equity,
            self.account.cash + value,
            "equity is cash and value"
        );
        let position = self
            .position
            .as_ref()
            .map_or(Decimal::ZERO, |p| p.quantity.value());
        assert_eq!(position, held.abs(), "the position is the sum of its lots");
    }
}

#[derive(Debug, Clone)]
struct Step {
    lot: usize,
    opens: bool,
    quantity: u32,
    price: u32,
    fee: u32,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (
        0_usize..2,
        any::<bool>(),
        1_u32..1_000,
        1_u32..1_000_000,
        0_u32..500,
    );
    prop::collection::vec(
        step.prop_map(|(lot, opens, quantity, price, fee)| Step {
            lot,
            opens,
            quantity,
            price,
            fee,
        }),
        1..40,
    )
}

proptest! {
    #[test]
    fn invariant_06_money_is_conserved_exactly(
        steps in steps(),
        short in any::<bool>(),
        symbol in prop::sample::select(vec!["AAPL", "BTC/USD", "AAPL 2026-12-18 150 C"]),
    ) {
        let side = if short { PositionSide::Short } else { PositionSide::Long };
        let mut ledger = Ledger::new(vec![lot(1, symbol, side), lot(2, symbol, side)]);
        for (n, step) in (1_u8..).zip(steps) {
            // Coins come in fractions.
            let scale = if symbol == "BTC/USD" { 4 } else { 0 };
            let mut quantity = Decimal::new(i64::from(step.quantity), scale);
            let leg = if step.opens { Leg::Entry } else { Leg::Flatten };
            if !step.opens {
                quantity = quantity.min(ledger.lots[step.lot].open.value());
            }
            if quantity.is_zero() {
                continue;
            }
            let own = order(n, &ledger.lots[step.lot], leg, &quantity.to_string());
            let price = Decimal::new(i64::from(step.price), 2).to_string();
            let fee = Decimal::new(i64::from(step.fee), 2).to_string();
            let booked = ledger.fill(step.lot, &own, &quantity.to_string(), &price, &fee);
            prop_assert_eq!(booked.order.state, OrderState::Filled);
            prop_assert_eq!(booked.order.filled.value(), quantity);
            prop_assert!(booked.excess.is_zero());
            ledger.check();
        }
    }

    #[test]
    fn invariant_06_partial_fills_add_up_to_the_order(
        parts in prop::collection::vec((1_u32..100, 1_u32..100_000), 1..12),
    ) {
        let total: u32 = parts.iter().map(|(quantity, _)| quantity).sum();
        let mut ledger = Ledger::new(vec![lot(1, "AAPL", PositionSide::Long)]);
        let mut own = order(1, &ledger.lots[0], Leg::Entry, &total.to_string());
        ledger.account = reserve(&ledger.account, &own, p("500"));
        let mut cost = Decimal::ZERO;
        let mut filled = 0;
        for (quantity, cents) in parts {
            let price = Decimal::new(i64::from(cents), 2);
            let booked = ledger.fill(0, &own, &quantity.to_string(), &price.to_string(), "0");
            own = booked.order;
            cost += price * Decimal::from(quantity);
            filled += quantity;
            let left = Decimal::from(total - filled);
            prop_assert_eq!(own.remaining().value(), left);
            let reserved = ledger.account.reservations.get(&own.id).map_or(Decimal::ZERO, |r| r.quantity.value());
            prop_assert_eq!(reserved, left, "the reservation is what may still fill");
            let average = own.average_price.unwrap().value();
            let exact = cost / Decimal::from(filled);
            prop_assert!((average - exact).abs() < Decimal::new(1, 20));
            ledger.check();
        }
        prop_assert_eq!(own.state, OrderState::Filled);
    }
}

#[test]
fn first_in_first_out_with_fees_and_multiplier() {
    let mut ledger = Ledger::new(vec![lot(1, "AAPL 2026-12-18 150 C", PositionSide::Long)]);
    let entry = order(1, &ledger.lots[0], Leg::Entry, "3");
    let first = ledger.fill(0, &entry, "2", "2.10", "1.30");
    assert_eq!(first.change, PositionChange::Opened);
    assert_eq!(first.order.state, OrderState::PartiallyFilled);
    assert_eq!(first.cash_change, d("-421.30"));
    let second = ledger.fill(0, &first.order, "1", "2.40", "0.65");
    assert_eq!(second.position.average_price, p("2.2"));
    let exit = order(2, &ledger.lots[0], Leg::Flatten, "3");
    let third = ledger.fill(0, &exit, "2", "3.00", "1.30");
    assert_eq!(third.realised, d("180"));
    assert_eq!(third.lot.average_price, Some(p("2.4")));
    assert_eq!(third.change, PositionChange::Changed);
    let fourth = ledger.fill(0, &third.order, "1", "2.00", "0.65");
    assert_eq!(fourth.realised, d("-40"));
    assert_eq!(fourth.change, PositionChange::Closed);
    assert_eq!(fourth.position.realised, d("140"));
    assert_eq!(fourth.position.fees, d("3.9"));
    assert_eq!(fourth.position.exited, q("3"));
    assert!(fourth.lot.closed);
    assert_eq!(ledger.account.cash, d("100136.10"));
    assert_eq!(ledger.account.buying_power, d("100136.10"));
    ledger.check();
}

#[test]
fn a_short_frees_its_buying_power() {
    let mut ledger = Ledger::new(vec![lot(1, "AAPL", PositionSide::Short)]);
    let entry = order(1, &ledger.lots[0], Leg::Entry, "10");
    ledger.fill(0, &entry, "10", "250", "0");
    assert_eq!(ledger.account.buying_power, d("97500"));
    assert_eq!(ledger.account.cash, d("102500"));
    let exit = order(2, &ledger.lots[0], Leg::Stop(1), "10");
    let out = ledger.fill(0, &exit, "10", "255", "0");
    assert_eq!(out.realised, d("-50"));
    assert_eq!(ledger.account.buying_power, d("99950"));
    assert_eq!(ledger.account.cash, d("99950"));
    ledger.check();
}

#[test]
fn a_close_never_turns_a_lot_around() {
    let mut ledger = Ledger::new(vec![lot(1, "AAPL", PositionSide::Long)]);
    let entry = order(1, &ledger.lots[0], Leg::Entry, "5");
    ledger.fill(0, &entry, "5", "100", "0");
    let exit = order(2, &ledger.lots[0], Leg::Flatten, "8");
    let out = ledger.fill(0, &exit, "8", "110", "0");
    assert_eq!((out.lot.open, out.excess), (Quantity::ZERO, q("3")));
    assert_eq!(out.realised, d("50"));
    assert_eq!(out.cash_change, d("880"), "the venue's cash is the venue's cash");
    let late = order(3, &ledger.lots[0], Leg::Stop(1), "1");
    let out = ledger.fill(0, &late, "1", "110", "0");
    assert_eq!((out.excess, out.position.side), (q("1"), PositionSide::Short));
    assert_eq!(out.change, PositionChange::Opened);
}

#[test]
fn late_and_unacknowledged_fills_are_booked_and_flagged() {
    for (state, late, acknowledged, after) in [
        (OrderState::Pending, false, true, OrderState::PartiallyFilled),
        (OrderState::Unknown, false, true, OrderState::PartiallyFilled),
        (OrderState::Cancelled, true, false, OrderState::Cancelled),
        (OrderState::Escalated, false, false, OrderState::Escalated),
    ] {
        let mut ledger = Ledger::new(vec![lot(1, "AAPL", PositionSide::Long)]);
        let mut entry = order(1, &ledger.lots[0], Leg::Entry, "5");
        entry.state = state;
        let out = ledger.fill(0, &entry, "2", "100", "0");
        assert_eq!(
            (out.order.late_fill, out.acknowledged, out.order.state),
            (late, acknowledged, after)
        );
        assert!(!out.overfilled);
    }
}

#[test]
fn targets_and_reservations_follow_fills() {
    let mut ledger = Ledger::new(vec![lot(1, "AAPL", PositionSide::Long)]);
    let first = order(1, &ledger.lots[0], Leg::Ladder(1), "10");
    let second = order(2, &ledger.lots[0], Leg::Ladder(2), "10");
    ledger.account = reserve(&ledger.account, &first, p("100"));
    ledger.account = reserve(&ledger.account, &second, p("99"));
    ledger.fill(0, &first, "10", "100", "0");
    assert_eq!(ledger.account.reservations.len(), 1);
    assert!(
        ledger.account.reservations[&second.id].lot_held,
        "counted with the lot"
    );
    (ledger.lots[0].covered, ledger.lots[0].group_version) = (q("10"), 3);
    let target = order(3, &ledger.lots[0], Leg::Target(1), "3");
    let part = ledger.fill(0, &target, "2", "110", "0");
    assert_eq!(part.target_filled, None);
    let whole = ledger.fill(0, &part.order, "1", "110", "0");
    assert_eq!(whole.target_filled, Some(1));
    assert_eq!((whole.lot.targets_filled, whole.lot.covered), (1, q("7")));
    ledger.account = release(&ledger.account, second.id);
    assert!(ledger.account.reservations.is_empty());
}

#[test]
fn a_leg_of_an_older_version_takes_nothing_from_what_the_newest_covers() {
    let mut ledger = Ledger::new(vec![lot(1, "AAPL", PositionSide::Long)]);
    let entry = order(1, &ledger.lots[0], Leg::Entry, "16");
    ledger.fill(0, &entry, "16", "100", "0");
    // Half is being closed: version 4 covers the other half; of version 3 two had filled before it was replaced.
    (ledger.lots[0].covered, ledger.lots[0].group_version) = (q("8"), 4);
    let before = order(3, &ledger.lots[0], Leg::Stop(1), "16");
    let late = ledger.fill(0, &before, "2", "98", "0");
    assert_eq!((late.lot.open, late.lot.covered), (q("14"), q("8")));
    let newest = order(4, &ledger.lots[0], Leg::Stop(1), "8");
    let own = ledger.fill(0, &newest, "3", "98", "0");
    assert_eq!((own.lot.open, own.lot.covered), (q("11"), q("5")));
}

#[test]
fn changes_outside_are_no_profit() {
    let mut base = account();
    base.equity = d("99000");
    // AC-45
    let moved = external::cash(&base, d("5000")).unwrap();
    assert_eq!((moved.cash, moved.day_start_equity), (d("105000"), d("105000")));
    assert_eq!(
        moved.day_start_equity - moved.equity,
        d("1000"),
        "the day's loss is what it was"
    );
    let mut lots = vec![
        lot(1, "AAPL", PositionSide::Long),
        lot(2, "AAPL", PositionSide::Long),
    ];
    for lot in &mut lots {
        lot.open = q("5");
        lot.entries = vec![ordercast_model::position::LotEntry {
            quantity: q("5"),
            price: p("100"),
        }];
    }
    let now = Timestamp::from_seconds(9);
    let open = |changed: &[Lot]| -> Vec<String> {
        changed
            .iter()
            .map(|l| format!("{} {}", l.open, l.entries.len()))
            .collect()
    };
    assert_eq!(open(&external::shrink(&lots, q("3"), now)), ["0 0", "3 1"]);
    assert_eq!(open(&external::shrink(&lots, q("8"), now)), ["3 1"]);
    assert!(external::shrink(&lots, q("12"), now).is_empty());
}

#[test]
fn what_the_venue_holds_otherwise_is_neither_profit_nor_loss() {
    let mut base = account();
    let holding = |quantity: &str| ordercast_model::account::Holding {
        quantity: d(quantity),
        average_price: p("90"),
        mark: p("100"),
        lots: 2,
    };
    base.holdings.insert("AAPL".parse().unwrap(), holding("10"));
    base.holdings.insert("MSFT".parse().unwrap(), holding("3"));
    let there = |symbol: &str, quantity: &str| ordercast_model::ports::broker::VenuePosition {
        instrument: symbol.parse().unwrap(),
        quantity: d(quantity),
        average_price: p("95"),
    };
    // AAPL turned around in two pieces, MSFT is as it was, KO is new.
    let venue = [
        there("AAPL", "-1"),
        there("AAPL", "-3"),
        there("MSFT", "3"),
        there("KO", "7"),
    ];
    let found = external::differences(&base, &venue).unwrap();
    let said: Vec<String> = found
        .iter()
        .map(|f| format!("{} {} {}", f.instrument, f.ours, f.theirs))
        .collect();
    assert_eq!(said, ["AAPL 10 -4", "KO 0 7"]);

    let now = Timestamp::from_seconds(50);
    base.unexplained = external::remembered(&base, &found, Timestamp::from_seconds(40)).unwrap();
    let again = external::remembered(&base, &found, now).unwrap();
    assert_eq!(again, base.unexplained, "since the first time");
    let earlier = Timestamp::from_seconds(30);
    let set_back = external::remembered(&base, &found, earlier).unwrap();
    assert!(
        set_back.values().all(|u| u.since == earlier),
        "the clock was set back"
    );
    let other = external::remembered(
        &base,
        &external::differences(&base, &[there("MSFT", "3")]).unwrap(),
        now,
    );
    let aapl = &other.unwrap()[&found[0].instrument];
    assert_eq!(
        (aapl.by, aapl.since),
        (d("-10"), now),
        "another difference begins anew"
    );

    let after = external::holding(&base, &found[0], 0).unwrap();
    assert_eq!(
        after.day_start_equity,
        base.day_start_equity - d("1400"),
        "14 fewer, 100 each"
    );
    assert_eq!(after.day_high_equity, base.day_high_equity - d("1400"));
    assert_eq!(
        (after.cash, after.holdings[&found[0].instrument].quantity),
        (base.cash, d("-4"))
    );
}

#[test]
fn a_position_changed_outside_grows_ends_or_turns_around() {
    let base = account();
    let now = Timestamp::from_seconds(50);
    let turned = external::Difference {
        instrument: "AAPL".parse().unwrap(),
        ours: d("10"),
        theirs: d("-4"),
        average: p("95"),
    };
    let id = |n| PositionId::new(now, [n; 10]);
    let (none, fresh) = external::position(None, &turned, &base, id(1), now);
    let fresh = fresh.unwrap();
    assert!(none.is_none() && fresh.side == PositionSide::Short && !fresh.managed);
    let mut long = fresh.clone();
    (long.side, long.managed, long.quantity) = (PositionSide::Long, true, q("10"));
    let (closed, other) = external::position(Some(&long), &turned, &base, id(2), now);
    let closed = closed.unwrap();
    assert_eq!(
        (closed.quantity, closed.closed_at, closed.version),
        (q("0"), Some(now), 2)
    );
    assert_eq!(other.unwrap().id, id(2));
    let more = external::Difference {
        theirs: d("12"),
        ..turned.clone()
    };
    let (grown, none) = external::position(Some(&long), &more, &base, id(3), now);
    assert_eq!((grown.unwrap().quantity, none), (q("12"), None));
}
