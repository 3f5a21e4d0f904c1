//! The acceptance scenarios of risk, through the real gate with the whole rule set: one row, one `check`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::too_many_lines
)]

use std::{collections::BTreeMap, time::Duration};

use ordercast_model::{
    account::{Account, Holding, RecentOpen, Reservation},
    decision::SkipReason,
    gate::{Breach, Effective, Extended, Judgement, OnCap, Proposal, RuleId, RuleSet, Snapshot, judge},
    ids::{ConnectionId, Id, OrderId, ProviderId, SignalId, UserId},
    instrument::Instrument,
    limits::{Bound, Caps, LimitOwner, Limits, Switch, SwitchKind, SwitchScope},
    market::{InstrumentRules, Quote, Session},
    money::{Currency, Price, Quantity},
    order::shape::OrderSide,
    outside::{OutsideOrder, Size, Terms},
    signal::instruction::PositionSide,
    time::{SessionZone, Timestamp},
};
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::{effective, marks, rule_set, status};

fn d(text: &str) -> Decimal {
    text.parse().unwrap()
}
fn p(text: &str) -> Price {
    text.parse().unwrap()
}
fn q(text: &str) -> Quantity {
    text.parse().unwrap()
}
fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}
fn signal(n: u8) -> SignalId {
    SignalId::new(Timestamp::from_seconds(1), [n; 10])
}
fn provider(n: u8) -> ProviderId {
    ProviderId::new(Timestamp::from_seconds(1), [n; 10])
}
fn order(n: u8) -> OrderId {
    OrderId::new(Timestamp::from_seconds(1), [n; 10])
}

/// One situation; the defaults are those of PRODUCT section 17.
struct World {
    now: Timestamp,
    account: Account,
    limits: Limits,
    community: Caps,
    rules: Option<InstrumentRules>,
    quote: Option<Quote>,
    session: Session,
    extended: Extended<'static>,
    switches: Vec<Switch>,
    proposal: Proposal,
    own: Option<OrderId>,
}

impl World {
    fn by_hand(&mut self, symbol: &str, side: OrderSide, size: Size, price: Option<&str>) {
        let id = format!("v-{}", self.account.outside.len());
        let terms = Terms {
            broker_order_id: id.clone(),
            instrument: symbol.parse().unwrap(),
            side,
            size,
            filled: Quantity::ZERO,
            order_type: Some("limit".to_owned()),
            limit: price.map(p),
            stop: None,
        };
        let order = OutsideOrder {
            price: terms.price(),
            terms,
            in_buying_power: false,
            since: self.now,
        };
        self.account.outside.insert(id, order);
    }
    fn effective(&self) -> Effective {
        let community = crate::risk::CommunityCaps {
            id: Id::new(Timestamp::from_seconds(1), [1; 10]),
            name: String::new(),
            caps: self.community.clone(),
        };
        effective(&Caps::default(), &[community], &self.limits, &Caps::default())
    }
    fn judge(&self) -> Judgement {
        let limits = self.effective();
        let snapshot = Snapshot {
            extended: self.extended,
            now: self.now,
            account: &self.account,
            own: self.own,
            limits: &limits,
            rules: self.rules.as_ref(),
            quote: self.quote.as_ref(),
            session: self.session,
            switches: &self.switches,
        };
        judge(self.proposal.clone(), &snapshot, &set())
    }
    fn holding(&mut self, symbol: &str, quantity: &str, mark: &str) {
        self.account.holdings.insert(
            symbol.parse().unwrap(),
            Holding {
                quantity: d(quantity),
                average_price: p(mark),
                mark: p(mark),
                lots: 1,
            },
        );
    }
    fn reserved(&mut self, n: u8, symbol: &str, quantity: &str, price: &str) {
        self.account.reservations.insert(
            order(n),
            Reservation {
                instrument: symbol.parse().unwrap(),
                side: OrderSide::Buy,
                opens: true,
                quantity: q(quantity),
                price: p(price),
                signal_id: Some(signal(n)),
                lot_held: false,
            },
        );
    }
    fn recent(&mut self, n: u8, side: PositionSide, seconds_ago: u64) {
        self.account.recent_opens.push(RecentOpen {
            signal_id: signal(n),
            provider_id: provider(n),
            instrument: self.proposal.instrument.clone(),
            side,
            priority: 50,
            at: self.now.minus(Duration::from_secs(seconds_ago)),
        });
    }
    fn equity(&mut self, equity: &str) {
        for figure in [
            &mut self.account.equity,
            &mut self.account.cash,
            &mut self.account.buying_power,
            &mut self.account.day_start_equity,
            &mut self.account.day_high_equity,
        ] {
            *figure = d(equity);
        }
    }
}

fn set() -> RuleSet {
    rule_set().expect("every rule is there once")
}

/// 10,000 in cash, market open, fresh quote, a market buy with a stop 2 % below.
fn world(symbol: &str, quantity: &str, bid: &str, ask: &str) -> World {
    let now = at("2026-11-24T15:00:00Z");
    let instrument: Instrument = symbol.parse().unwrap();
    World {
        now,
        account: Account {
            key: "paper:paper:1".to_owned(),
            version: 1,
            user_id: UserId::new(now, [1; 10]),
            connection_id: ConnectionId::new(now, [1; 10]),
            zone: SessionZone::NewYork,
            currency: Currency::USD,
            cash: d("10000"),
            equity: d("10000"),
            buying_power: d("10000"),
            synced_at: now,
            day: SessionZone::NewYork.day_of(now),
            day_start_equity: d("10000"),
            day_high_equity: d("10000"),
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
        },
        limits: Limits::default(),
        community: Caps::default(),
        rules: Some(InstrumentRules {
            instrument: instrument.clone(),
            tick: d("0.01"),
            lot: d("1"),
            quantity_min: d("1"),
            notional_min: d("1"),
            tradable: true,
            shortable: true,
        }),
        quote: Some(Quote {
            instrument: instrument.clone(),
            bid: p(bid),
            ask: p(ask),
            last: p(ask),
            volume: d("1000"),
            change_pct: d("0"),
            at: now,
        }),
        session: Session {
            open: true,
            next_open: None,
            next_close: None,
        },
        extended: Extended::Off,
        switches: Vec::new(),
        proposal: Proposal {
            instrument,
            opens: true,
            position_side: PositionSide::Long,
            side: OrderSide::Buy,
            quantity: q(quantity),
            orders: 1,
            price: p(ask),
            marketable: true,
            alert_price: None,
            stop: Price::new(p(ask).value() * d("0.9")).ok(),
            stop_added: false,
            first_target: None,
            leverage: None,
            signal_id: Some(signal(9)),
            provider_id: Some(provider(9)),
            posted_at: Some(now),
            max_age: Some(Duration::from_secs(60)),
            on_cap: OnCap::Reduce,
            priority: 50,
            adds_to_own_lot: false,
        },
        own: None,
    }
}

/// What is expected of a judgement.
enum Want {
    /// Approved with this quantity; the strictest rule that reduced, if any.
    Passes(&'static str, &'static [RuleId]),
    /// Denied; the headline rule and its sentence.
    Denied(RuleId, &'static str),
    /// Skipped by the headline rule.
    Skipped(SkipReason, &'static str),
    /// Waits until then.
    Waits(&'static str, &'static str),
}

fn sentence(breaches: &[Breach]) -> &Breach {
    breaches.first().expect("a denial names a rule")
}

fn check(name: &str, world: &World, want: Want) {
    match (world.judge(), want) {
        (
            Judgement::Approved {
                order, reductions, ..
            },
            Want::Passes(quantity, rules),
        ) => {
            assert_eq!(order.get().quantity, q(quantity), "{name}: {reductions:?}");
            let strictest = reductions.first().map(|b| b.rule);
            assert_eq!(strictest, rules.first().copied(), "{name}");
        }
        (Judgement::Denied { breaches }, Want::Denied(rule, text)) => {
            let headline = sentence(&breaches);
            assert_eq!((headline.rule, headline.message.as_str()), (rule, text), "{name}");
        }
        (Judgement::Denied { breaches }, Want::Skipped(skip, text)) => {
            let headline = sentence(&breaches);
            assert_eq!(
                (headline.skip, headline.message.as_str()),
                (Some(skip), text),
                "{name}"
            );
        }
        (Judgement::Wait { until, breach }, Want::Waits(when, text)) => {
            assert_eq!((until, breach.message.as_str()), (at(when), text), "{name}");
        }
        (got, _) => panic!("{name}: {got:?}"),
    }
}

fn spy() -> World {
    world("SPY", "100", "179.98", "180")
}

#[test]
fn the_rule_set_is_complete_and_in_table_order() {
    assert!(rule_set().is_ok());
    let codes: Vec<&str> = RuleId::ALL.iter().map(|r| r.code()).collect();
    assert_eq!(codes.len(), 26);
    assert_eq!(codes.first(), Some(&"SG-32"));
}

#[test]
fn ac_02_and_ac_03_position_size() {
    let mut w = spy();
    check("AC-02", &w, Want::Passes("5", &[RuleId::PositionSize]));
    let Judgement::Approved { reductions, .. } = w.judge() else {
        panic!("AC-02");
    };
    assert_eq!(
        sentence(&reductions).message,
        "Reduced from 100 to 5 shares (900.00): max position 10% of 10,000.00 = 1,000.00"
    );
    w.proposal.on_cap = OnCap::Reject;
    check(
        "AC-03",
        &w,
        Want::Denied(
            RuleId::PositionSize,
            "Position would be 18,000.00: max position 10% of 10,000.00 = 1,000.00",
        ),
    );
    w.community.position_pct = Some(d("5"));
    w.proposal.on_cap = OnCap::Reduce;
    w.proposal.quantity = q("5");
    let Judgement::Approved {
        order, reductions, ..
    } = w.judge()
    else {
        panic!("community");
    };
    assert_eq!(order.get().quantity, q("2"));
    assert_eq!(
        sentence(&reductions).message,
        "Reduced from 5 to 2 shares (360.00): max position 5% of 10,000.00 = 500.00 (community limit)"
    );
}

/// A community in which the follower trades caps a number of each rule; the refusal says so, and the user's own limit does
/// not (PRODUCT RK-29).
#[test]
fn rk_29_any_number_of_the_table_can_be_capped() {
    type Change = fn(&mut World);
    let rows: &[(&str, &str, Change, RuleId, &str)] = &[
        (
            "min_balance",
            "10001",
            |_| (),
            RuleId::MinBalance,
            "Equity 10,000.00 is below your minimum 10,001.00",
        ),
        (
            "daily_loss_pct",
            "2",
            |w| w.account.day_start_equity = d("10300"),
            RuleId::DailyLoss,
            "Down 300.00 of 206.00 today (145.63%). New trades resume Wed 00:00 ET",
        ),
        (
            "drift_pct.equity",
            "0.5",
            |w| w.proposal.alert_price = Some(p("178.8")),
            RuleId::Drift,
            "Ask 180.00 is 0.67% above alert 178.80 (limit 0.5%)",
        ),
        (
            "implausible_pct.equity",
            "5",
            |w| w.proposal.price = p("190"),
            RuleId::Implausible,
            "190.00 is 5.56% away from last 180.00: looks like a typing error",
        ),
        (
            "quote_age_seconds",
            "2",
            |w| w.quote.as_mut().unwrap().at = w.now.minus(Duration::from_secs(3)),
            RuleId::QuoteFresh,
            "No fresh quote for SPY (3s old)",
        ),
        (
            "orders_per_day",
            "3",
            |w| w.account.orders_today = 3,
            RuleId::OrderRate,
            "3 orders today (limit 3)",
        ),
        (
            "per_symbol_max",
            "1",
            |w| {
                w.limits.per_symbol_max = 5;
                w.holding("SPY", "1", "180");
            },
            RuleId::PerSymbol,
            "Already 1 position in SPY (limit 1)",
        ),
        (
            "risk_per_trade_pct",
            "0.1",
            |w| {
                w.proposal.on_cap = OnCap::Reject;
                w.proposal.quantity = q("5");
            },
            RuleId::RiskPerTrade,
            "Risk 90.00 exceeds 10.00",
        ),
    ];
    for (name, cap, change, rule, text) in rows {
        let mut w = spy();
        w.proposal.quantity = q("1");
        change(&mut w);
        assert!(
            matches!(w.judge(), Judgement::Approved { .. }),
            "{name}: {:?}",
            w.judge()
        );
        let bound = Bound::ALL.iter().find(|bound| bound.name() == *name).unwrap();
        bound.set(&mut w.community, d(cap));
        let Judgement::Denied { breaches } = w.judge() else {
            panic!("{name}: {:?}", w.judge());
        };
        let found = sentence(&breaches);
        assert_eq!(
            (found.rule, found.message.as_str()),
            (*rule, &*format!("{text} (community limit)"))
        );
        assert_eq!(found.whose, Some(LimitOwner::Community), "{name}");
    }
}

/// Of several numbers of one rule only the one that is capped is said to be another's.
#[test]
fn rk_29_a_refusal_names_the_owner_of_its_own_number() {
    let mut w = spy();
    w.community.orders_per_day = Some(150);
    w.account.recent_orders = vec![w.now; 20];
    check(
        "the user's own",
        &w,
        Want::Denied(RuleId::OrderRate, "20 orders in the last minute (limit 20)"),
    );
}

/// The marks of an account know the caps; who trades elsewhere the same day is told whose limit it was.
#[test]
fn rk_29_a_cap_trips_the_day_and_the_breaker() {
    let mut w = spy();
    w.equity("10000");
    w.account.cash = d("8200");
    w.holding("SPY", "10", "180");
    w.limits.per_symbol_max = 5;
    w.community.daily_loss_pct = Some(d("2"));
    w.community.breaker_pct = Some(d("2.5"));
    let prices = |price: &str| BTreeMap::from([("SPY".parse::<Instrument>().unwrap(), p(price))]);
    let marked = marks::mark(&w.account, &prices("160"), &w.effective(), w.now).unwrap();
    let words = "Down 200.00 of 200.00 today (100%). New trades resume Wed 00:00 ET (community limit)";
    assert!(
        matches!(marked.events.as_slice(), [marks::MarkEvent::DailyLossTripped { message, community: Some(_), .. }]
            if message == words),
        "{:?}",
        marked.events
    );
    let again = marks::mark(&marked.account, &prices("154"), &w.effective(), w.now).unwrap();
    assert!(
        matches!(again.events.as_slice(), [marks::MarkEvent::BreakerTripped { message, community: Some(_), .. }]
            if message == "Down 260.00 (2.6%) from 10,000.00 (community limit)"),
        "{:?}",
        again.events
    );
    w.account = marked.account;
    w.community = Caps::default();
    w.proposal.quantity = q("1");
    check(
        "under another community",
        &w,
        Want::Denied(RuleId::DailyLoss, words),
    );
    w.account = marks::roll_day(&w.account, at("2026-11-25T05:00:00Z"));
    assert_eq!(w.account.daily_loss_cap, None);
}

/// What works at the broker by hand, what is held of it, and what of the order is left.
#[test]
fn orders_by_hand_count_by_what_they_may_open() {
    let units = |text: &str| Size::Units(q(text));
    let amount = |text: &str| Size::Amount(d(text));
    for (name, held, side, size, price, left) in [
        ("a buy adds", "0", OrderSide::Buy, units("3"), Some("180"), "2"),
        (
            "one for an amount adds it",
            "0",
            OrderSide::Buy,
            amount("540"),
            Some("180"),
            "2",
        ),
        (
            "one without a price is counted by number only",
            "0",
            OrderSide::Buy,
            units("3"),
            None,
            "5",
        ),
        (
            "a sale of what is held adds nothing",
            "2",
            OrderSide::Sell,
            units("2"),
            Some("200"),
            "3",
        ),
        (
            "an amount that is held adds nothing",
            "2",
            OrderSide::Sell,
            amount("300"),
            Some("180"),
            "3",
        ),
    ] {
        let mut w = spy();
        w.limits.per_symbol_max = 5;
        if held != "0" {
            w.holding("SPY", held, "180");
        }
        w.by_hand("SPY", side, size, price);
        check(name, &w, Want::Passes(left, &[RuleId::PositionSize]));
    }
    let mut w = spy();
    w.by_hand("SPY", OrderSide::Sell, units("1"), Some("200"));
    let opposed = "The opposite side of SPY is open or working; close it first";
    check(
        "a short sale is the other side",
        &w,
        Want::Denied(RuleId::PerSymbol, opposed),
    );
    let mut w = spy();
    w.limits.positions_max = 1;
    w.by_hand("MSFT", OrderSide::Buy, units("1"), Some("400"));
    check(
        "it is a position",
        &w,
        Want::Denied(RuleId::OpenPositions, "1 of 1 positions open"),
    );
    w.limits.positions_max = 2;
    w.limits.position_pct = d("50");
    w.account.buying_power = d("1000");
    w.proposal.quantity = q("4");
    w.proposal.marketable = false;
    check(
        "the venue has not taken it off",
        &w,
        Want::Denied(RuleId::BuyingPower, "Needs 720.00, available 600.00"),
    );
    for order in w.account.outside.values_mut() {
        order.in_buying_power = true;
    }
    check("it has", &w, Want::Passes("4", &[]));
}

#[test]
fn position_size_counts_what_is_held_and_in_flight() {
    let mut w = spy();
    w.limits.per_symbol_max = 5;
    w.holding("SPY", "2", "180");
    w.reserved(1, "SPY", "1", "180");
    check(
        "two held, one in flight",
        &w,
        Want::Passes("2", &[RuleId::PositionSize]),
    );
    w.own = Some(order(1));
    check(
        "its own reservation is not counted",
        &w,
        Want::Passes("3", &[RuleId::PositionSize]),
    );
    let mut o = world("AAPL 2026-12-18 150 C", "9", "2.00", "2.00");
    o.limits.positions_max = 20;
    o.holding("AAPL 2026-12-18 160 C", "4", "2.00");
    check("per underlying", &o, Want::Passes("1", &[RuleId::PositionSize]));
}

#[test]
fn ac_04_buying_power() {
    let mut w = world("SPY", "500", "100", "100.01");
    w.equity("500000");
    w.account.buying_power = d("20000");
    w.proposal.price = p("100");
    w.proposal.on_cap = OnCap::Reject;
    for marketable in [false, true] {
        w.proposal.marketable = marketable;
        check(
            "AC-04",
            &w,
            Want::Denied(RuleId::BuyingPower, "Needs 50,000.00, available 20,000.00"),
        );
    }
    w.proposal.quantity = q("200");
    w.proposal.marketable = false;
    check("exactly", &w, Want::Passes("200", &[]));
    w.proposal.marketable = true;
    check(
        "fees are kept back",
        &w,
        Want::Denied(
            RuleId::BuyingPower,
            "Needs 20,100.00 with a fee reserve of 100.00, available 20,000.00",
        ),
    );
    w.proposal.quantity = q("199");
    check("fits with fees", &w, Want::Passes("199", &[]));
    w.reserved(1, "MSFT", "10", "100");
    check(
        "reservations are taken off",
        &w,
        Want::Denied(RuleId::BuyingPower, "Needs 19,900.00, available 19,000.00"),
    );
}

#[test]
fn ac_05_closed_market_waits_for_the_open() {
    for now in ["2026-11-29T01:00:00Z", "2026-11-27T18:05:00Z"] {
        let mut w = spy();
        w.now = at(now);
        w.proposal.posted_at = Some(w.now);
        w.account.synced_at = w.now;
        w.session = Session {
            open: false,
            next_open: Some(at("2026-11-30T14:30:00Z")),
            next_close: None,
        };
        // The last quote is old and far away: neither counts until the open.
        w.proposal.alert_price = Some(p("178"));
        check(
            "AC-05",
            &w,
            Want::Waits(
                "2026-11-30T14:30:00Z",
                "Market closed; queued for Mon 2026-11-30 09:30 ET",
            ),
        );
    }
}

#[test]
fn ac_06_drift_is_judged_again_at_the_open() {
    let mut w = world("SPY", "5", "180.80", "180.90");
    w.proposal.alert_price = Some(p("180"));
    w.proposal.max_age = None;
    check("AC-06 0.5 %", &w, Want::Passes("5", &[]));
    let mut w = world("SPY", "5", "182.60", "182.70");
    w.proposal.alert_price = Some(p("180"));
    w.proposal.max_age = None;
    check(
        "AC-06 1.5 %",
        &w,
        Want::Denied(RuleId::Drift, "Ask 182.70 is 1.5% above alert 180.00 (limit 1%)"),
    );
}

#[test]
fn ac_07_daily_loss_trips_at_97_per_cent() {
    let text = "Down 485.00 of 500.00 today (97%). New trades resume Wed 00:00 ET";
    let mut w = spy();
    w.account.equity = d("9515");
    check("AC-07", &w, Want::Denied(RuleId::DailyLoss, text));
    w.proposal.opens = false;
    check("a close passes", &w, Want::Passes("100", &[]));
    w.proposal.opens = true;
    w.proposal.quantity = q("5");
    w.account.equity = d("9516");
    check("96.8 %", &w, Want::Passes("5", &[]));
    w.account.daily_loss_tripped = true;
    w.account.equity = d("10000");
    check(
        "stays tripped when equity comes back",
        &w,
        Want::Denied(
            RuleId::DailyLoss,
            "Down 0.00 of 500.00 today (0%). New trades resume Wed 00:00 ET",
        ),
    );
    w.now = at("2026-11-25T05:00:00Z");
    w.proposal.posted_at = Some(w.now);
    w.account.synced_at = w.now;
    w.quote.as_mut().unwrap().at = w.now;
    check("the next session day", &w, Want::Passes("5", &[]));
}

#[test]
fn ac_07_and_ac_08_marks_trip_once() {
    let mut w = spy();
    w.equity("10000");
    w.account.cash = d("8200");
    w.holding("SPY", "10", "180");
    let prices = |price: &str| BTreeMap::from([("SPY".parse::<Instrument>().unwrap(), p(price))]);
    let marked = marks::mark(&w.account, &prices("131.5"), &w.effective(), w.now).unwrap();
    assert_eq!(marked.account.equity, d("9515"));
    assert!(marked.account.daily_loss_tripped);
    assert!(
        matches!(marked.events.as_slice(), [marks::MarkEvent::DailyLossTripped { loss, .. }] if *loss == d("485"))
    );
    let again = marks::mark(&marked.account, &prices("131.5"), &w.effective(), w.now).unwrap();
    assert!(again.events.is_empty());

    w.equity("47500");
    w.account.day_high_equity = d("50000");
    w.account.cash = d("29500");
    w.account.holdings.clear();
    w.holding("SPY", "100", "180");
    let marked = marks::mark(&w.account, &prices("165"), &w.effective(), w.now).unwrap();
    assert!(
        matches!(marked.events.as_slice(), [marks::MarkEvent::BreakerTripped { message, .. }]
            if message == "Down 4,000.00 (8.0%) from 50,000.00"),
        "{:?}",
        marked.events
    );
    let next = marks::roll_day(&marked.account, at("2026-11-25T05:00:00Z"));
    assert_eq!(next.day_start_equity, d("46000"));
    assert_eq!(next.day_high_equity, d("46000"));
}

#[test]
fn ac_11_and_risk_per_trade() {
    let mut w = spy();
    w.proposal.quantity = q("55");
    check("AC-11", &w, Want::Passes("5", &[RuleId::PositionSize]));
    w.limits.risk_per_trade_pct = Some(d("0.1"));
    w.proposal.stop = Some(p("176.40"));
    let Judgement::Approved {
        order, reductions, ..
    } = w.judge()
    else {
        panic!("risk per trade");
    };
    assert_eq!(order.get().quantity, q("2"));
    assert_eq!(
        sentence(&reductions).message,
        "Risk 198.00 cut to 7.20 (limit 10.00)"
    );
}

#[test]
fn ac_13_option_drift_and_size() {
    let mut w = world("AAPL 2026-12-18 150 C", "10", "2.30", "2.35");
    w.proposal.alert_price = Some(p("2.10"));
    w.proposal.stop = Some(p("1.60"));
    check(
        "AC-13 2.35",
        &w,
        Want::Denied(RuleId::Drift, "Ask 2.35 is 11.9% above alert 2.10 (limit 10%)"),
    );
    let mut w = world("AAPL 2026-12-18 150 C", "10", "2.25", "2.30");
    w.proposal.alert_price = Some(p("2.10"));
    w.proposal.stop = Some(p("1.60"));
    check("AC-13 2.30", &w, Want::Passes("4", &[RuleId::PositionSize]));
    w.proposal.quantity = q("20");
    w.equity("1000000");
    let Judgement::Approved { reductions, .. } = w.judge() else {
        panic!("option size");
    };
    assert_eq!(sentence(&reductions).message, "Reduced from 20 to 10 contracts");
}

#[test]
fn option_filter() {
    let mut w = world("AAPL 2026-12-18 150 C", "1", "1.28", "1.58");
    w.proposal.stop = Some(p("1.00"));
    check(
        "spread",
        &w,
        Want::Denied(RuleId::OptionFilter, "Spread 0.30 is 20.98% of mid (limit 15%)"),
    );
    w.limits.option_spread_pct = d("25");
    check("wider limit", &w, Want::Passes("1", &[]));
    w.proposal.price = p("0.04");
    w.limits.implausible_pct.option = d("100");
    w.proposal.marketable = false;
    w.proposal.stop = Some(p("0.02"));
    check(
        "price",
        &w,
        Want::Denied(RuleId::OptionFilter, "Option price 0.04 is below 0.05"),
    );
    let w = world("AAPL 2026-11-23 150 C", "1", "1.50", "1.58");
    check(
        "expired",
        &w,
        Want::Denied(
            RuleId::OptionFilter,
            "AAPL 2026-11-23 150 C expired on 2026-11-23",
        ),
    );
}

#[test]
fn ac_14_equity_drift() {
    for (ask, want) in [
        ("181.50", Want::Passes("5", &[])),
        (
            "181.81",
            Want::Denied(RuleId::Drift, "Ask 181.81 is 1.01% above alert 180.00 (limit 1%)"),
        ),
    ] {
        let mut w = world("SPY", "5", "181.40", ask);
        w.proposal.alert_price = Some(p("180"));
        check("AC-14", &w, want);
    }
    let mut w = world("SPY", "5", "178.10", "178.20");
    w.limits.allow_short = true;
    w.proposal.position_side = PositionSide::Short;
    w.proposal.side = OrderSide::Sell;
    w.proposal.price = p("178.10");
    w.proposal.stop = Some(p("185"));
    w.proposal.alert_price = Some(p("180"));
    check(
        "mirror",
        &w,
        Want::Denied(RuleId::Drift, "Bid 178.10 is 1.06% below alert 180.00 (limit 1%)"),
    );
}

#[test]
fn ac_15_exposure() {
    let mut w = world("SPY", "5", "179.98", "180");
    w.holding("MSFT", "76", "100");
    w.account.cash = d("2400");
    w.account.buying_power = d("2400");
    check("AC-15", &w, Want::Passes("2", &[RuleId::Exposure]));
    w.proposal.on_cap = OnCap::Reject;
    check(
        "AC-15 manual",
        &w,
        Want::Denied(RuleId::Exposure, "Exposure would be 85.0% (limit 80%)"),
    );
}

#[test]
fn ac_16_open_positions_count_in_flight_opens() {
    let mut w = world("SPY", "1", "179.98", "180");
    for n in 0..9 {
        w.holding(&format!("AB{n}"), "1", "10");
    }
    check("AC-16 first", &w, Want::Passes("1", &[]));
    w.reserved(1, "MSFT", "1", "100");
    check(
        "AC-16 second",
        &w,
        Want::Denied(RuleId::OpenPositions, "10 of 10 positions open"),
    );
    w.limits.per_symbol_max = 2;
    w.proposal.instrument = "AB1".parse().unwrap();
    check("an add is no new position", &w, Want::Passes("1", &[]));
}

#[test]
fn ex_25_open_and_queued_orders_of_an_account() {
    let mut w = world("SPY", "1", "179.98", "180");
    w.limits.positions_max = 200;
    w.limits.per_symbol_max = 5;
    w.limits.exposure_pct = d("100");
    for n in 0..49 {
        w.reserved(n, "MSFT", "1", "1");
    }
    check("49 others", &w, Want::Passes("1", &[]));
    w.proposal.orders = 2;
    check(
        "a ladder of two",
        &w,
        Want::Denied(
            RuleId::OpenOrders,
            "49 of 50 orders open or queued, 2 more are asked for",
        ),
    );
    w.proposal.orders = 1;
    w.reserved(49, "MSFT", "1", "1");
    check(
        "50 others",
        &w,
        Want::Denied(RuleId::OpenOrders, "50 of 50 orders open or queued"),
    );
    w.own = Some(order(49));
    check("its own place counts once", &w, Want::Passes("1", &[]));
    w.own = None;
    w.proposal.opens = false;
    check("a close waits for no place", &w, Want::Passes("1", &[]));
}

#[test]
fn ac_17_per_symbol() {
    let mut w = world("AAPL", "1", "179.98", "180");
    w.holding("AAPL", "1", "180");
    check(
        "AC-17",
        &w,
        Want::Denied(RuleId::PerSymbol, "Already 1 position in AAPL (limit 1)"),
    );
    w.proposal.adds_to_own_lot = true;
    check("its own lot", &w, Want::Passes("1", &[]));
    let mut w = world("AAPL", "1", "179.98", "180");
    w.reserved(9, "AAPL", "1", "180");
    check("another leg of the same signal", &w, Want::Passes("1", &[]));
    w.reserved(3, "AAPL", "1", "180");
    check(
        "a working order of another signal",
        &w,
        Want::Denied(RuleId::PerSymbol, "Already 1 position in AAPL (limit 1)"),
    );
}

#[test]
fn ac_18_same_instrument() {
    let mut w = world("AAPL", "1", "179.98", "180");
    w.recent(1, PositionSide::Long, 2);
    w.reserved(1, "AAPL", "1", "180");
    let merged = format!("Merged with {} 2s earlier", signal(1));
    check(
        "AC-18 merged",
        &w,
        Want::Skipped(SkipReason::Merged, merged.leak()),
    );
    let mut w = world("AAPL", "1", "179.98", "180");
    w.limits.allow_short = true;
    w.recent(1, PositionSide::Long, 3);
    w.proposal.position_side = PositionSide::Short;
    w.proposal.side = OrderSide::Sell;
    w.proposal.stop = Some(p("190"));
    let conflict = format!("Conflicts with {} 3s earlier", signal(1));
    check(
        "AC-18 conflict",
        &w,
        Want::Skipped(SkipReason::Conflict, conflict.leak()),
    );
    w.account.recent_opens.first_mut().unwrap().at = w.now.minus(Duration::from_secs(5));
    check("after the window", &w, Want::Passes("1", &[]));
}

#[test]
fn ac_19_order_rate() {
    let mut w = world("AAPL", "1", "179.98", "180");
    w.account.recent_orders = vec![w.now.minus(Duration::from_secs(59)); 20];
    check(
        "AC-19 open",
        &w,
        Want::Denied(RuleId::OrderRate, "20 orders in the last minute (limit 20)"),
    );
    w.proposal.opens = false;
    check("AC-19 close", &w, Want::Passes("1", &[]));
    w.proposal.opens = true;
    w.account = marks::record(&w.account, &w.proposal, 2, w.now.plus(Duration::from_secs(2)));
    assert_eq!(w.account.recent_orders.len(), 2, "the old ones are forgotten");
    assert_eq!(w.account.orders_today, 2);
    assert_eq!(w.account.recent_opens.len(), 1);
}

#[test]
fn ac_20_implausible() {
    let mut w = world("AAPL", "1", "179.98", "180");
    w.proposal.alert_price = Some(p("1800"));
    check(
        "AC-20",
        &w,
        Want::Denied(
            RuleId::Implausible,
            "1,800.00 is 900% away from last 180.00: looks like a typing error",
        ),
    );
}

#[test]
fn age_and_clock() {
    for (age, want) in [
        (60, Want::Passes("1", &[])),
        (
            61,
            Want::Skipped(SkipReason::Stale, "Signal is 61s old (limit 60s)"),
        ),
    ] {
        let mut w = world("AAPL", "1", "179.98", "180");
        w.proposal.posted_at = Some(w.now.minus(Duration::from_secs(age)));
        check("age", &w, want);
    }
    let mut w = world("AAPL", "1", "179.98", "180");
    w.proposal.posted_at = Some(w.now.plus(Duration::from_millis(5_500)));
    check(
        "future",
        &w,
        Want::Skipped(
            SkipReason::Stale,
            "clock_skew: the signal is dated 5.5s in the future (limit 5s)",
        ),
    );
    w.proposal.opens = false;
    assert!(matches!(w.judge(), Judgement::Denied { .. }), "binds exits too");
}

#[test]
fn switches_refuse_opens_only() {
    let rows = [
        (
            SwitchKind::Kill,
            SwitchScope::Platform,
            SkipReason::Killed,
            "Trading is stopped by Ada since Tue 2026-11-24 09:59 ET: holiday",
        ),
        (
            SwitchKind::Pause,
            SwitchScope::Platform,
            SkipReason::Paused,
            "Trading is stopped by Ada since Tue 2026-11-24 09:59 ET: holiday",
        ),
        (
            SwitchKind::Lock,
            SwitchScope::Platform,
            SkipReason::Locked,
            "Trading is stopped by Ada since Tue 2026-11-24 09:59 ET: holiday",
        ),
        (
            SwitchKind::Lock,
            SwitchScope::User(UserId::new(at("2026-11-24T15:00:00Z"), [1; 10])),
            SkipReason::Locked,
            "Account locked at Tue 2026-11-24 09:59 ET: holiday; ask a platform admin to unlock it",
        ),
    ];
    for (kind, scope, skip, text) in rows {
        let mut w = world("AAPL", "1", "179.98", "180");
        w.switches.push(Switch {
            key: Switch::key_of(kind, &scope),
            version: 1,
            kind,
            scope,
            user_id: None,
            on: true,
            by: "Ada".to_owned(),
            set_by: None,
            reason: "holiday".to_owned(),
            since: w.now.minus(Duration::from_secs(60)),
            flatten: None,
            freeze: false,
            cap: None,
        });
        check("switch", &w, Want::Skipped(skip, text));
        w.proposal.opens = false;
        check("exit", &w, Want::Passes("1", &[]));
        w.proposal.opens = true;
        w.switches.first_mut().unwrap().on = false;
        check("off", &w, Want::Passes("1", &[]));
    }
}

#[test]
fn single_rules_speak_in_the_shapes_of_the_table() {
    type Edit = fn(&mut World);
    let rows: [(Edit, RuleId, &str); 12] = [
        (
            |w| w.account.synced_at = w.now.minus(Duration::from_secs(121)),
            RuleId::AccountFresh,
            "Account data is 121s old (limit 120s)",
        ),
        (
            |w| {
                w.equity("80");
                w.proposal.price = p("1");
                w.proposal.marketable = false;
            },
            RuleId::MinBalance,
            "Equity 80.00 is below your minimum 100.00",
        ),
        (
            |w| w.community.deny_symbols = vec!["aapl".to_owned()],
            RuleId::Restricted,
            "AAPL is restricted by your community",
        ),
        (
            |w| {
                w.proposal.position_side = PositionSide::Short;
                w.proposal.side = OrderSide::Sell;
                w.proposal.stop = Some(p("190"));
            },
            RuleId::AssetClass,
            "Short selling is off in your settings",
        ),
        (
            |w| w.limits.allow_equity = false,
            RuleId::AssetClass,
            "Share trading is off in your settings",
        ),
        (
            |w| w.rules = None,
            RuleId::AssetClass,
            "AAPL is not known at this venue",
        ),
        (
            |w| w.proposal.stop = Some(p("185")),
            RuleId::LevelsCrossed,
            "Price 179.98 is already beyond the stop 185.00",
        ),
        (
            |w| w.proposal.first_target = Some(p("179")),
            RuleId::LevelsCrossed,
            "Price 179.98 is already beyond the first target 179.00",
        ),
        (|w| w.quote = None, RuleId::QuoteFresh, "No quote for AAPL"),
        (
            |w| w.quote.as_mut().unwrap().at = w.now.minus(Duration::from_secs(12)),
            RuleId::QuoteFresh,
            "No fresh quote for AAPL (12s old)",
        ),
        (
            |w| w.proposal.stop = None,
            RuleId::StopRequired,
            "A stop is required and none could be set",
        ),
        (
            |w| {
                w.limits.order_value_max = Some(d("100"));
                w.proposal.on_cap = OnCap::Reject;
            },
            RuleId::OrderValue,
            "Order value would be 180.00: max order value 100.00",
        ),
    ];
    for (edit, rule, text) in rows {
        let mut w = world("AAPL", "1", "179.98", "180");
        edit(&mut w);
        let Judgement::Denied { breaches } = w.judge() else {
            panic!("{text}");
        };
        let found = breaches.iter().find(|b| b.rule == rule);
        assert_eq!(found.map(|b| b.message.as_str()), Some(text), "{breaches:?}");
    }
}

#[test]
fn remarks_do_not_stop_an_order() {
    let mut w = world("AAPL", "1", "179.98", "180");
    w.proposal.leverage = Some(d("10"));
    w.proposal.stop_added = true;
    let Judgement::Approved { notes, .. } = w.judge() else {
        panic!("notes");
    };
    let notes: Vec<&str> = notes.iter().map(|n| n.message.as_str()).collect();
    assert_eq!(
        notes,
        [
            "Leverage 10x reduced to 1x",
            "No stop in signal: stop at 2% added"
        ]
    );
}

#[test]
fn a_resting_order_needs_no_fresh_quote_and_a_stop_entry_may_wait_beyond_its_stop() {
    let mut w = world("AAPL", "1", "179.98", "180");
    w.proposal.marketable = false;
    w.proposal.price = p("170");
    w.proposal.stop = Some(p("165"));
    w.quote.as_mut().unwrap().at = w.now.minus(Duration::from_secs(60));
    check("resting limit", &w, Want::Passes("1", &[]));
    w.proposal.price = p("190");
    w.proposal.stop = Some(p("185"));
    check("stop entry above the market", &w, Want::Passes("1", &[]));
}

#[test]
fn status_lists_used_and_limit() {
    let mut w = world("AAPL", "1", "179.98", "180");
    w.holding("MSFT", "5", "100");
    w.account.equity = d("9800");
    let rows = status::status(&w.account, &w.effective(), w.now).unwrap();
    let row = |rule: RuleId| rows.iter().find(|r| r.rule == rule).unwrap();
    assert_eq!(row(RuleId::DailyLoss).used, d("200"));
    assert_eq!(row(RuleId::DailyLoss).limit, d("500"));
    assert_eq!(row(RuleId::OpenPositions).used, d("1"));
    assert!(rows.iter().all(|r| !r.breached));
}

proptest! {
    /// Signals one after the other, each reserved before the next is judged, nothing filled yet: no cap is ever passed.
    #[test]
    fn invariant_07_limits_hold_whatever_comes(
        signals in prop::collection::vec((0_u8..14, 1_u32..400, 1_u32..40_000, any::<bool>()), 1..60),
    ) {
        let mut base = world("SPY", "1", "179.98", "180");
        base.limits.orders_per_minute = 1_000;
        base.limits.opens_per_minute_per_provider = 1_000;
        base.limits.per_symbol_max = 5;
        for (n, (symbol, quantity, cents, manual)) in (1_u8..).zip(signals) {
            let price = Price::new(Decimal::new(i64::from(cents), 2)).unwrap();
            let mut w = world(&format!("AB{symbol}"), &quantity.to_string(), "1", &price.to_string());
            w.quote.as_mut().unwrap().bid = price;
            w.account = base.account.clone();
            w.limits = base.limits.clone();
            w.proposal.signal_id = Some(signal(n));
            w.proposal.on_cap = if manual { OnCap::Reject } else { OnCap::Reduce };
            if let Judgement::Approved { order: approved, .. } = w.judge() {
                let got = approved.get();
                prop_assert!(got.quantity <= q(&quantity.to_string()));
                base.reserved(n, &got.instrument.to_string(), &got.quantity.to_string(), &price.to_string());
            }
            let account = &base.account;
            let mut by_symbol: BTreeMap<&Instrument, Decimal> = BTreeMap::new();
            for r in account.reservations.values() {
                *by_symbol.entry(&r.instrument).or_default() += r.quantity.value() * r.price.value();
            }
            prop_assert!(by_symbol.len() <= 10);
            prop_assert!(by_symbol.values().all(|v| *v <= d("1000")));
            prop_assert!(by_symbol.values().sum::<Decimal>() <= d("8000"));
        }
    }

    /// A wider limit never makes an order smaller, and no order is larger than asked, off the lot step or beyond what is there.
    #[test]
    fn invariant_07_sizes_follow_their_limits(
        quantity in 1_u32..2_000,
        cents in 100_i64..60_000,
        held in 0_u32..60,
        which in 0_usize..5,
        steps in (1_i64..40, 0_i64..40),
    ) {
        let price = Price::new(Decimal::new(cents, 2)).unwrap();
        let judged = |step: i64| {
            let mut w = world("SPY", &quantity.to_string(), "1", &price.to_string());
            w.quote.as_mut().unwrap().bid = price;
            if held > 0 {
                w.holding("AB1", &held.to_string(), "100");
            }
            let limits = &mut w.limits;
            limits.positions_max = 99;
            (limits.position_pct, limits.exposure_pct) = (d("50"), d("100"));
            let share = Decimal::from(step);
            match which {
                0 => limits.position_pct = share,
                1 => limits.exposure_pct = share * Decimal::TWO,
                2 => limits.order_value_max = Some(share * d("100")),
                3 => limits.buying_power_pct = share * Decimal::TWO,
                _ => limits.risk_per_trade_pct = Some(share / d("10")),
            }
            w.proposal.on_cap = OnCap::Reduce;
            match w.judge() {
                Judgement::Approved { order, .. } => order.get().quantity.value(),
                _ => Decimal::ZERO,
            }
        };
        let (tight, wide) = (judged(steps.0), judged(steps.0 + steps.1));
        prop_assert!(tight <= wide, "{tight} under the tighter limit, {wide} under the wider");
        prop_assert!(wide <= Decimal::from(quantity) && wide.fract().is_zero());
        // One per cent of 10,000, or so many hundreds.
        let most = matches!(which, 0 | 2).then(|| d("100") * Decimal::from(steps.0));
        prop_assert!(most.is_none_or(|most| tight * price.value() <= most), "{tight} x {price}");
    }
}
