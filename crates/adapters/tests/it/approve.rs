//! Orders that passed a gate with complete but permissive rules: the only way to get one.

use std::collections::BTreeMap;

use ordercast_model::{
    gate::{self, Approved, Effective, Finding, Judgement, OnCap, Proposal, Rule, RuleId, RuleSet, Snapshot},
    limits::Limits,
    market::{InstrumentRules, Session},
    money::{MoneyError, Price},
    order::shape::{OrderRequest, OrderSide, ProtectionGroup},
    signal::instruction::PositionSide,
    time::Timestamp,
};
use ordercast_testkit::sample;
use rust_decimal::Decimal;

struct Yes(RuleId);
impl Rule for Yes {
    fn id(&self) -> RuleId {
        self.0
    }
    fn check(&self, _: &Proposal, _: &Snapshot<'_>) -> Result<Finding, MoneyError> {
        Ok(Finding::Pass)
    }
}

/// The order, sealed.
pub(crate) fn approved(request: &OrderRequest) -> Approved<OrderRequest> {
    let rules = RuleId::ALL
        .iter()
        .map(|id| &*Box::leak(Box::new(Yes(*id))) as &dyn Rule);
    let rules = RuleSet::new(rules.collect()).unwrap();
    let account = sample::trade::account(&sample::trade::connection(1, sample::id(1)));
    let limits = Effective {
        limits: Limits::default(),
        owners: BTreeMap::new(),
        communities: std::collections::BTreeMap::new(),
        restricted_in: std::collections::BTreeMap::new(),
        restricted_by: BTreeMap::new(),
    };
    let instrument = InstrumentRules {
        instrument: request.instrument.clone(),
        tick: Decimal::new(1, 2),
        lot: Decimal::new(1, 6),
        quantity_min: Decimal::ZERO,
        notional_min: Decimal::ZERO,
        tradable: true,
        shortable: true,
    };
    let snapshot = Snapshot {
        extended: ordercast_model::gate::Extended::Off,
        now: Timestamp::default(),
        account: &account,
        own: None,
        limits: &limits,
        rules: Some(&instrument),
        quote: None,
        session: Session {
            open: true,
            next_open: None,
            next_close: None,
        },
        switches: &[],
    };
    let proposal = Proposal {
        instrument: request.instrument.clone(),
        opens: !request.reduce_only,
        position_side: PositionSide::Long,
        side: request.side,
        quantity: request.quantity,
        orders: 1,
        price: Price::new(Decimal::from(1_000_000)).unwrap(),
        marketable: true,
        alert_price: None,
        stop: None,
        stop_added: false,
        first_target: None,
        leverage: None,
        signal_id: None,
        provider_id: None,
        posted_at: None,
        max_age: None,
        on_cap: OnCap::Reduce,
        priority: 50,
        adds_to_own_lot: false,
    };
    match gate::judge(proposal, &snapshot, &rules) {
        Judgement::Approved { order, .. } => order.cut(vec![request.clone()]).unwrap().pop().unwrap(),
        other => panic!("not approved: {other:?}"),
    }
}

/// The group, sealed for a long lot of so many units.
pub(crate) fn protection(group: &ProtectionGroup, open: u32) -> Approved<ProtectionGroup> {
    let legs = || group.slices.iter().flat_map(|s| [&s.stop, &s.target]).flatten();
    let instrument = legs()
        .next()
        .map_or_else(sample::trade::apple, |leg| leg.instrument.clone());
    assert!(legs().all(|leg| leg.side == OrderSide::Sell));
    gate::protect(
        group.clone(),
        &instrument,
        PositionSide::Long,
        sample::trade::units(open),
    )
    .unwrap()
}
