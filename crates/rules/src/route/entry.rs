//! Decides which orders an opening instruction means, and the worst price they may get (PRODUCT EX-07).
//! Refuses to know sizes and accounts.
#![deny(clippy::arithmetic_side_effects)]

use std::time::Duration;

use ordercast_model::{
    decision::SkipReason,
    instrument::AssetClass,
    limits::Limits,
    market::{InstrumentRules, Quote},
    money::{self, MoneyError, Price, Quantity},
    order::{
        identity::Leg,
        shape::{OrderSide, OrderType},
    },
    signal::instruction::{Entry, EntryKind, Instruction, LadderStep, PositionSide, TimeInForce},
    time::Timestamp,
};
use rust_decimal::Decimal;

use super::{
    Refusal, Toward,
    share::{split, weights},
    to_tick,
};

/// How long the rest of a guarded market order works.
const GUARD_SECONDS: u32 = 60;
/// How long a coin entry without a stated life rests; shares and options rest until the session ends.
const COIN_LIFE: Duration = Duration::from_secs(24 * 60 * 60);

/// One order of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryLeg {
    /// The part it plays.
    pub leg: Leg,
    /// How it is worked.
    pub order_type: OrderType,
    /// Its weight among the legs; the weights need not add up to 100.
    pub share_pct: Decimal,
}

/// What an opening instruction means as orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryPlan {
    /// The orders, in message order.
    pub legs: Vec<EntryLeg>,
    /// Worst price any of them may get; sizes and reservations use it.
    pub price: Price,
    /// Price the drift guard compares with; none where the order itself bounds the price.
    pub alert_price: Option<Price>,
    /// Executes at once if it can.
    pub marketable: bool,
    /// How long it works.
    pub time_in_force: TimeInForce,
    /// Outside regular hours too.
    pub extended_hours: bool,
    /// What has not filled after this long is cancelled.
    pub guard_seconds: Option<u32>,
    /// When an entry that rests ends.
    pub expires_at: Option<Timestamp>,
}

/// Whether an entry may work before and after the regular session (PRODUCT RK-07).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outside {
    /// The user's limits or the venue leave those hours out.
    No,
    /// It may, when the message or the order asks for it.
    Allowed,
    /// The regular session is closed: it works in those hours, or not now.
    Now,
}

impl EntryPlan {
    /// Whether a part of it waits for a trigger: only the regular session has those.
    #[must_use]
    pub fn waits_for_trigger(&self) -> bool {
        let waits = |leg: &EntryLeg| !matches!(leg.order_type, OrderType::Market | OrderType::Limit { .. });
        self.legs.iter().any(waits)
    }
}

/// The worst price an order may get that goes now: as far from the touch as drift may go, on the tick.
///
/// # Errors
/// `Overflow`.
pub fn bound(side: OrderSide, quote: &Quote, tick: Decimal, drift_pct: Decimal) -> Result<Price, MoneyError> {
    let desk = Desk {
        side,
        quote,
        tick,
        drift_pct,
    };
    desk.boundary(desk.touch())
}

/// What a plan is made from, with prices put on the tick in the user's favour.
struct Desk<'a> {
    side: OrderSide,
    quote: &'a Quote,
    tick: Decimal,
    drift_pct: Decimal,
}

impl Desk<'_> {
    const fn is_buy(&self) -> bool {
        matches!(self.side, OrderSide::Buy)
    }
    /// The price it would get now.
    const fn touch(&self) -> Price {
        match self.side {
            OrderSide::Buy => self.quote.ask,
            OrderSide::Sell => self.quote.bid,
        }
    }
    fn limit(&self, price: Decimal) -> Result<Price, MoneyError> {
        let toward = if self.is_buy() {
            Toward::Lower
        } else {
            Toward::Higher
        };
        to_tick(price, self.tick, toward)
    }
    /// A trigger is never touched before the asked level.
    fn trigger(&self, price: Price) -> Result<Price, MoneyError> {
        let toward = if self.is_buy() {
            Toward::Higher
        } else {
            Toward::Lower
        };
        to_tick(price.value(), self.tick, toward)
    }
    /// The alert price moved by the drift limit to the adverse side.
    fn boundary(&self, alert: Price) -> Result<Price, MoneyError> {
        let room = money::div(money::times(alert.value(), self.drift_pct)?, Decimal::ONE_HUNDRED)?;
        let moved = if self.is_buy() {
            money::add(alert.value(), room)?
        } else {
            money::sub(alert.value(), room)?
        };
        self.limit(moved)
    }
    fn worse(&self, a: Price, b: Price) -> Price {
        if self.is_buy() { a.max(b) } else { a.min(b) }
    }
    fn better(&self, a: Price, b: Price) -> Price {
        if self.is_buy() { a.min(b) } else { a.max(b) }
    }
    /// Whether a limit would execute at once.
    fn through(&self, limit: Price) -> bool {
        self.worse(limit, self.touch()) == limit
    }
    /// Whether a trigger is already touched.
    fn triggered(&self, stop: Price) -> bool {
        self.worse(stop, self.touch()) == self.touch()
    }
}

/// The price part of a plan.
struct Priced {
    legs: Vec<EntryLeg>,
    price: Price,
    alert_price: Option<Price>,
    marketable: bool,
    guarded: bool,
}

impl Priced {
    fn one(order_type: OrderType, price: Price, marketable: bool) -> Self {
        let leg = EntryLeg {
            leg: Leg::Entry,
            order_type,
            share_pct: Decimal::ONE_HUNDRED,
        };
        Self {
            legs: vec![leg],
            price,
            alert_price: None,
            marketable,
            guarded: false,
        }
    }
    /// At the drift boundary instead of at the market.
    fn bounded(self, desk: &Desk<'_>) -> Result<Self, MoneyError> {
        if !self
            .legs
            .iter()
            .any(|leg| matches!(leg.order_type, OrderType::Market))
        {
            return Ok(self);
        }
        let limit = desk.boundary(desk.touch())?;
        Ok(Self {
            guarded: true,
            ..Self::one(OrderType::Limit { limit }, limit, true)
        })
    }
    fn alert(self, price: Price) -> Self {
        Self {
            alert_price: Some(price),
            ..self
        }
    }
}

/// The orders an opening instruction means. Before and after the regular session an order at the market becomes a limit at the
/// drift boundary, whose rest is cancelled as any guarded one.
///
/// # Errors
/// `InvalidSignal` when a price is missing or a number does not fit, `UnsupportedOrder` for a ladder of stops.
pub fn entry_plan(
    instruction: &Instruction,
    side: PositionSide,
    quote: &Quote,
    rules: &InstrumentRules,
    limits: &Limits,
    posted_at: Timestamp,
    outside: Outside,
) -> Result<EntryPlan, Refusal> {
    let class = rules.instrument.class();
    let desk = Desk {
        side: OrderSide::opening(side),
        quote,
        tick: rules.tick,
        drift_pct: match class {
            AssetClass::Option => limits.drift_pct.option,
            AssetClass::Crypto => limits.drift_pct.crypto,
            AssetClass::Equity | AssetClass::Fx | AssetClass::Future => limits.drift_pct.equity,
        },
    };
    let mut priced = price(instruction, &desk)?;
    if outside == Outside::Now {
        priced = priced.bounded(&desk)?;
    }
    let coin = class == AssetClass::Crypto;
    let rests = !priced
        .legs
        .iter()
        .all(|leg| matches!(leg.order_type, OrderType::Market));
    let stated = instruction
        .expires_after_seconds
        .map(|seconds| posted_at.plus(Duration::from_secs(seconds)));
    let default = (coin && rests).then(|| posted_at.plus(COIN_LIFE));
    let usual = if coin { TimeInForce::Gtc } else { TimeInForce::Day };
    let stated_force = instruction.time_in_force.unwrap_or(usual);
    let stays = matches!(stated_force, TimeInForce::Day | TimeInForce::Gtc);
    let limits_only = priced
        .legs
        .iter()
        .all(|leg| matches!(leg.order_type, OrderType::Limit { .. }));
    let extended_hours = limits_only
        && match outside {
            Outside::No => false,
            Outside::Allowed => instruction.extended_hours && stays,
            Outside::Now => true,
        };
    Ok(EntryPlan {
        legs: priced.legs,
        price: priced.price,
        alert_price: priced.alert_price,
        marketable: priced.marketable,
        time_in_force: if extended_hours && !stays {
            usual
        } else {
            stated_force
        },
        extended_hours,
        guard_seconds: priced.guarded.then_some(GUARD_SECONDS),
        expires_at: stated.or(default),
    })
}

fn price(instruction: &Instruction, desk: &Desk<'_>) -> Result<Priced, Refusal> {
    match &instruction.entry {
        Entry::None => at_market(instruction.kind, desk),
        Entry::At(price) => at_price(instruction.kind, *price, desk),
        Entry::Zone(low, high) => {
            let far = if desk.is_buy() { high } else { low };
            let limit = desk.limit(far.value())?;
            Ok(Priced::one(
                OrderType::Limit { limit },
                limit,
                desk.through(limit),
            ))
        }
        Entry::Ladder(steps) => ladder(instruction.kind, steps, desk),
        Entry::StopThenLimit(stop, limit) => stop_limit(*stop, *limit, desk),
    }
}

fn at_market(kind: Option<EntryKind>, desk: &Desk<'_>) -> Result<Priced, Refusal> {
    match kind {
        None | Some(EntryKind::Market | EntryKind::ImpliedLimit) => {
            Ok(Priced::one(OrderType::Market, desk.touch(), true))
        }
        Some(EntryKind::Limit | EntryKind::Stop | EntryKind::StopLimit) => Err(Refusal::new(
            SkipReason::InvalidSignal,
            "entry price missing: a limit or stop entry needs one",
        )),
    }
}

fn at_price(kind: Option<EntryKind>, asked: Price, desk: &Desk<'_>) -> Result<Priced, Refusal> {
    Ok(match kind {
        Some(EntryKind::Market) => {
            let limit = desk.boundary(asked)?;
            Priced {
                guarded: true,
                ..Priced::one(OrderType::Limit { limit }, limit, true).alert(asked)
            }
        }
        None | Some(EntryKind::ImpliedLimit) => {
            let limit = desk.better(desk.touch(), desk.boundary(asked)?);
            Priced::one(OrderType::Limit { limit }, limit, desk.through(limit)).alert(asked)
        }
        Some(EntryKind::Limit) => {
            let limit = desk.limit(asked.value())?;
            Priced::one(OrderType::Limit { limit }, limit, desk.through(limit))
        }
        Some(EntryKind::Stop) => {
            let stop = desk.trigger(asked)?;
            let worst = desk.worse(stop, desk.touch());
            Priced::one(OrderType::Stop { stop }, worst, desk.triggered(stop)).alert(stop)
        }
        Some(EntryKind::StopLimit) => return stop_limit(asked, asked, desk),
    })
}

fn stop_limit(stop: Price, limit: Price, desk: &Desk<'_>) -> Result<Priced, Refusal> {
    let stop = desk.trigger(stop)?;
    let limit = desk.limit(limit.value())?;
    let now = desk.triggered(stop) && desk.through(limit);
    Ok(Priced::one(OrderType::StopLimit { stop, limit }, limit, now))
}

fn ladder(kind: Option<EntryKind>, steps: &[LadderStep], desk: &Desk<'_>) -> Result<Priced, Refusal> {
    if matches!(kind, Some(EntryKind::Stop | EntryKind::StopLimit)) {
        return Err(Refusal::new(
            SkipReason::UnsupportedOrder,
            "a ladder of stop entries is not supported",
        ));
    }
    let stated: Vec<Option<Decimal>> = steps.iter().map(|s| s.split_pct).collect();
    let mut legs = Vec::with_capacity(steps.len());
    let mut worst: Option<Price> = None;
    for ((k, step), share) in (1_u32..).zip(steps).zip(weights(&stated)) {
        let limit = desk.limit(step.price.value())?;
        worst = Some(worst.map_or(limit, |w| desk.worse(w, limit)));
        legs.push(EntryLeg {
            leg: Leg::Ladder(k),
            order_type: OrderType::Limit { limit },
            share_pct: share,
        });
    }
    let price = worst.ok_or_else(|| {
        Refusal::new(
            SkipReason::InvalidSignal,
            "entry prices missing: the ladder has no step",
        )
    })?;
    Ok(Priced {
        legs,
        price,
        alert_price: None,
        marketable: desk.through(price),
        guarded: false,
    })
}

/// The approved total shared out over the legs; legs that would get nothing are left out.
///
/// # Errors
/// `Overflow`.
pub fn entry_orders(
    plan: &EntryPlan,
    total: Quantity,
    lot: Decimal,
) -> Result<Vec<(Leg, OrderType, Quantity)>, MoneyError> {
    let shares: Vec<Decimal> = plan.legs.iter().map(|leg| leg.share_pct).collect();
    let parts = split(total, &shares, lot)?;
    Ok(plan
        .legs
        .iter()
        .zip(parts)
        .filter(|(_, quantity)| !quantity.is_zero())
        .map(|(leg, quantity)| (leg.leg, leg.order_type, quantity))
        .collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::too_many_lines)]
    use ordercast_model::signal::instruction::Action;

    use super::*;

    fn p(text: &str) -> Price {
        text.parse().unwrap()
    }

    struct Row {
        symbol: &'static str,
        kind: Option<EntryKind>,
        entry: Entry,
        side: PositionSide,
        bid: &'static str,
        ask: &'static str,
        outside: Outside,
        /// Orders as `type price`, then worst price, alert, marketable.
        want: &'static str,
    }

    fn plan(row: &Row) -> Result<EntryPlan, Refusal> {
        plan_of(row, |_| {})
    }

    fn plan_of(row: &Row, change: impl FnOnce(&mut Instruction)) -> Result<EntryPlan, Refusal> {
        let instrument: ordercast_model::instrument::Instrument = row.symbol.parse().unwrap();
        let at = Timestamp::from_seconds(1_000);
        let mut instruction = Instruction::new(Action::Open);
        instruction.kind = row.kind;
        instruction.entry = row.entry.clone();
        change(&mut instruction);
        let quote = Quote {
            instrument: instrument.clone(),
            bid: p(row.bid),
            ask: p(row.ask),
            last: p(row.ask),
            volume: Decimal::ONE,
            change_pct: Decimal::ZERO,
            at,
        };
        let rules = InstrumentRules {
            instrument,
            tick: "0.01".parse().unwrap(),
            lot: Decimal::ONE,
            quantity_min: Decimal::ONE,
            notional_min: Decimal::ONE,
            tradable: true,
            shortable: true,
        };
        entry_plan(
            &instruction,
            row.side,
            &quote,
            &rules,
            &Limits::default(),
            at,
            row.outside,
        )
    }

    fn check(row: &Row) {
        let got = match plan(row) {
            Ok(plan) => {
                let legs: Vec<String> = plan
                    .legs
                    .iter()
                    .map(|l| match l.order_type {
                        OrderType::StopLimit { stop, limit } => format!("stop {stop} limit {limit}"),
                        other => other
                            .price()
                            .map_or_else(|| other.code().to_owned(), |p| format!("{} {p}", other.code())),
                    })
                    .collect();
                let alert = plan.alert_price.map_or("-".to_owned(), |a| a.to_string());
                let now = if plan.marketable { "now" } else { "rests" };
                let guard = plan
                    .guard_seconds
                    .map_or(String::new(), |g| format!(" guard {g}"));
                format!("{}; {}; {alert}; {now}{guard}", legs.join(", "), plan.price)
            }
            Err(refusal) => refusal.to_string(),
        };
        assert_eq!(got, row.want);
    }

    #[test]
    fn instructions_become_orders() {
        use EntryKind::{ImpliedLimit, Limit, Market, Stop, StopLimit};
        let long = |kind, entry, want| Row {
            symbol: "SPY",
            kind,
            entry,
            side: PositionSide::Long,
            bid: "179.98",
            ask: "180",
            outside: Outside::No,
            want,
        };
        let short = |kind, entry, want| Row {
            side: PositionSide::Short,
            ..long(kind, entry, want)
        };
        let steps = |prices: &[&str]| {
            let step = |text: &&str| LadderStep {
                price: p(text),
                split_pct: None,
            };
            Entry::Ladder(prices.iter().map(step).collect())
        };
        let rows = [
            long(Some(Market), Entry::None, "market; 180; -; now"),
            short(Some(Market), Entry::None, "market; 179.98; -; now"),
            long(
                Some(Market),
                Entry::At(p("179.5")),
                "limit 181.29; 181.29; 179.5; now guard 60",
            ),
            short(
                Some(Market),
                Entry::At(p("180")),
                "limit 178.2; 178.2; 180; now guard 60",
            ),
            long(
                Some(ImpliedLimit),
                Entry::At(p("180")),
                "limit 180; 180; 180; now",
            ),
            long(
                Some(ImpliedLimit),
                Entry::At(p("178")),
                "limit 179.78; 179.78; 178; rests",
            ),
            long(None, Entry::At(p("200")), "limit 180; 180; 200; now"),
            short(
                Some(ImpliedLimit),
                Entry::At(p("180")),
                "limit 179.98; 179.98; 180; now",
            ),
            long(Some(Limit), Entry::At(p("175.005")), "limit 175; 175; -; rests"),
            short(
                Some(Limit),
                Entry::At(p("185.005")),
                "limit 185.01; 185.01; -; rests",
            ),
            long(
                Some(Stop),
                Entry::At(p("190.005")),
                "stop 190.01; 190.01; 190.01; rests",
            ),
            long(Some(Stop), Entry::At(p("170")), "stop 170; 180; 170; now"),
            long(
                Some(StopLimit),
                Entry::StopThenLimit(p("190"), p("191")),
                "stop 190 limit 191; 191; -; rests",
            ),
            long(
                Some(Limit),
                Entry::Zone(p("176"), p("178")),
                "limit 178; 178; -; rests",
            ),
            short(None, Entry::Zone(p("176"), p("178")), "limit 176; 176; -; now"),
            long(
                Some(Limit),
                steps(&["178", "176", "174"]),
                "limit 178, limit 176, limit 174; 178; -; rests",
            ),
            long(
                Some(Limit),
                Entry::None,
                "entry price missing: a limit or stop entry needs one",
            ),
            long(
                Some(Stop),
                steps(&["178"]),
                "a ladder of stop entries is not supported",
            ),
            // Before and after the session nothing goes at the market.
            Row {
                outside: Outside::Now,
                ..long(Some(Market), Entry::None, "limit 181.8; 181.8; -; now guard 60")
            },
            Row {
                outside: Outside::Now,
                ..short(Some(Market), Entry::None, "limit 178.19; 178.19; -; now guard 60")
            },
            Row {
                outside: Outside::Now,
                ..long(Some(Stop), Entry::At(p("190")), "stop 190; 190; 190; rests")
            },
            // AC-13
            Row {
                symbol: "AAPL 2026-12-18 150 C",
                bid: "2.25",
                ask: "2.30",
                ..long(None, Entry::At(p("2.10")), "limit 2.3; 2.3; 2.1; now")
            },
        ];
        rows.iter().for_each(check);
    }

    #[test]
    fn an_order_works_around_the_session_where_it_must_or_is_asked_to() {
        use EntryKind::{Limit, Market, Stop};
        for (outside, kind, asked, force, want) in [
            (Outside::No, Limit, true, None, (false, TimeInForce::Day)),
            (Outside::Allowed, Limit, false, None, (false, TimeInForce::Day)),
            (Outside::Allowed, Limit, true, None, (true, TimeInForce::Day)),
            (
                Outside::Allowed,
                Limit,
                true,
                Some(TimeInForce::Ioc),
                (false, TimeInForce::Ioc),
            ),
            (Outside::Allowed, Stop, true, None, (false, TimeInForce::Day)),
            (Outside::Now, Limit, false, None, (true, TimeInForce::Day)),
            (
                Outside::Now,
                Limit,
                false,
                Some(TimeInForce::Gtc),
                (true, TimeInForce::Gtc),
            ),
            (
                Outside::Now,
                Market,
                false,
                Some(TimeInForce::Fok),
                (true, TimeInForce::Day),
            ),
            (Outside::Now, Stop, false, None, (false, TimeInForce::Day)),
        ] {
            let row = Row {
                symbol: "SPY",
                kind: Some(kind),
                entry: Entry::At(p("178")),
                side: PositionSide::Long,
                bid: "179.98",
                ask: "180",
                outside,
                want: "",
            };
            let got = plan_of(&row, |i| {
                i.extended_hours = asked;
                i.time_in_force = force;
            })
            .unwrap();
            assert_eq!(
                (got.extended_hours, got.time_in_force),
                want,
                "{outside:?} {kind:?}"
            );
            assert_eq!(got.waits_for_trigger(), kind == Stop);
        }
    }

    #[test]
    fn a_ladder_is_sized_once_and_then_split() {
        let row = Row {
            symbol: "SPY",
            kind: Some(EntryKind::Limit),
            entry: Entry::Ladder(vec![
                LadderStep {
                    price: p("178"),
                    split_pct: Some("50".parse().unwrap()),
                },
                LadderStep {
                    price: p("176"),
                    split_pct: Some("30".parse().unwrap()),
                },
                LadderStep {
                    price: p("174"),
                    split_pct: Some("20".parse().unwrap()),
                },
            ]),
            side: PositionSide::Long,
            bid: "179.98",
            ask: "180",
            outside: Outside::No,
            want: "",
        };
        let plan = plan(&row).unwrap();
        let parts = |total: &str| -> Vec<String> {
            entry_orders(&plan, total.parse().unwrap(), Decimal::ONE)
                .unwrap()
                .iter()
                .map(|(leg, _, quantity)| format!("{leg}: {quantity}"))
                .collect()
        };
        assert_eq!(parts("11"), ["ladder 1: 5", "ladder 2: 3", "ladder 3: 3"]);
        assert_eq!(parts("2"), ["ladder 1: 1", "ladder 2: 1"]);
    }

    #[test]
    fn a_coin_entry_ends_after_a_day_and_a_stated_life_counts() {
        let mut row = Row {
            symbol: "BTC/USD",
            kind: Some(EntryKind::Limit),
            entry: Entry::At(p("45000")),
            side: PositionSide::Long,
            bid: "45990",
            ask: "46000",
            outside: Outside::No,
            want: "",
        };
        let day = Timestamp::from_seconds(1_000 + 86_400);
        assert_eq!(plan(&row).unwrap().expires_at, Some(day));
        assert_eq!(plan(&row).unwrap().time_in_force, TimeInForce::Gtc);
        row.symbol = "SPY";
        assert_eq!(plan(&row).unwrap().expires_at, None);
        assert_eq!(plan(&row).unwrap().time_in_force, TimeInForce::Day);
    }
}
