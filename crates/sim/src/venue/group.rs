//! Decides how the protection of a position is put in one step: all of the new version or none of it, never more than
//! is held. Refuses to know which message asked for it.

use std::collections::BTreeSet;

use ordercast_model::{instrument::Instrument, money};
use rust_decimal::Decimal;

use crate::venue::{
    check,
    engine::Engine,
    order::{EventKind, Kind, Order, OrderRequest, Reason, Side, Status, TimeInForce, Trail},
    prices::Prices,
    refusal::{Code, Refusal},
    state::{Change, Group},
};

/// Legs of one group.
pub const LEG_COUNT_MAX: usize = 20;

/// A stop of a group; either a level or a distance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StopLeg {
    /// Client order id.
    pub client_order_id: String,
    /// Units.
    pub quantity: Decimal,
    /// Level.
    pub stop_price: Option<Decimal>,
    /// Distance.
    pub trail: Option<Trail>,
    /// Makes a stop with a level a stop-limit.
    pub limit_price: Option<Decimal>,
}

/// A target of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetLeg {
    /// Client order id.
    pub client_order_id: String,
    /// Units.
    pub quantity: Decimal,
    /// Limit.
    pub limit_price: Decimal,
}

/// A version of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupRequest {
    /// Above the one in force.
    pub version: u64,
    /// What is protected.
    pub symbol: Instrument,
    /// Side of its orders: sell protects a long.
    pub side: Side,
    /// Stops and targets; both together are an OCO pair.
    pub legs: Vec<(Option<StopLeg>, Option<TargetLeg>)>,
}

/// A group as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupState {
    /// The group.
    pub group: Group,
    /// Orders of each leg.
    pub legs: Vec<(Option<Order>, Option<Order>)>,
    /// Units its open legs would close.
    pub covered: Decimal,
}

impl<M: Prices> Engine<M> {
    /// A group as it stands.
    ///
    /// # Errors
    /// `not_found`.
    pub fn group(&self, account: &str, id: &str) -> Result<GroupState, Refusal> {
        let kept = self.state.groups.get(&(account.to_owned(), id.to_owned()));
        let group = kept
            .ok_or_else(|| Refusal::new(Code::NotFound, "no such group"))?
            .clone();
        let find = |n: Option<u64>| n.and_then(|n| self.state.orders.get(&n)).cloned();
        let legs: Vec<_> = group
            .legs
            .iter()
            .map(|(stop, target)| (find(*stop), find(*target)))
            .collect();
        let open = |o: &Option<Order>| {
            o.as_ref()
                .filter(|o| o.live())
                .map_or(Decimal::ZERO, Order::remaining)
        };
        let covered = legs.iter().fold(Decimal::ZERO, |sum, (s, t)| {
            sum.checked_add(open(s).max(open(t))).unwrap_or(sum)
        });
        Ok(GroupState { group, legs, covered })
    }

    /// Replaces the protection of a position by a newer version, in one step. The version in force again changes nothing.
    ///
    /// # Errors
    /// `stale_version`, `exceeds_position`, `invalid_order`, `duplicate_client_id`, `unknown_symbol`; nothing is changed.
    pub fn put_group(
        &mut self,
        account: &str,
        id: &str,
        request: GroupRequest,
    ) -> Result<GroupState, Refusal> {
        self.account(account)?;
        if !check::id_ok(id) {
            return Err(Refusal::field(
                "group_id",
                "expected 1 to 64 of A-Z a-z 0-9 - _ . :",
            ));
        }
        let former = self
            .state
            .groups
            .get(&(account.to_owned(), id.to_owned()))
            .cloned();
        if let Some(former) = &former {
            if former.version == request.version {
                return self.group(account, id);
            }
            if former.version > request.version {
                let text = format!(
                    "version {} is older than {} in force",
                    request.version, former.version
                );
                return Err(Refusal {
                    field: Some("version"),
                    ..Refusal::new(Code::StaleVersion, text)
                });
            }
        }
        let old: Vec<u64> = former
            .iter()
            .flat_map(|g| &g.legs)
            .flat_map(|(s, t)| [*s, *t])
            .flatten()
            .collect();
        self.quote(&request.symbol)?;
        let wishes = self.wishes(account, id, &request, &old)?;
        self.check_cover(account, &request)?;
        let mark = self.carried(&old, &request);
        for number in old {
            self.end(number, Status::Cancelled, Reason::GroupReplaced)?;
        }
        let mut legs = Vec::new();
        let mut placed = Vec::new();
        for (stop, target) in wishes {
            let stop = self.place_leg(account, id, stop, mark)?;
            let target = self.place_leg(account, id, target, None)?;
            placed.extend([stop, target].into_iter().flatten());
            legs.push((stop, target));
        }
        let GroupRequest {
            version,
            symbol,
            side,
            ..
        } = request;
        let group = Group {
            account: account.to_owned(),
            id: id.to_owned(),
            version,
            symbol,
            side,
            legs,
            at: self.now,
        };
        self.change(Change::Group(group))?;
        for number in placed {
            self.work_if_due(number)?;
        }
        self.group(account, id)
    }

    /// Cancels the open legs of a group. Repeatable.
    ///
    /// # Errors
    /// `not_found`.
    pub fn cancel_group(&mut self, account: &str, id: &str) -> Result<GroupState, Refusal> {
        let mut group = self.group(account, id)?.group;
        let open: Vec<u64> = group.legs.iter().flat_map(|(s, t)| [*s, *t]).flatten().collect();
        let before = self.changes.len();
        for number in open {
            self.end(number, Status::Cancelled, Reason::GroupCancelled)?;
        }
        if self.changes.len() > before {
            group.at = self.now;
            self.change(Change::Group(group))?;
        }
        self.group(account, id)
    }

    #[expect(
        clippy::type_complexity,
        reason = "a leg is a stop and a target, either of which may be absent"
    )]
    fn wishes(
        &self,
        account: &str,
        id: &str,
        request: &GroupRequest,
        old: &[u64],
    ) -> Result<Vec<(Option<OrderRequest>, Option<OrderRequest>)>, Refusal> {
        if request.legs.len() > LEG_COUNT_MAX {
            return Err(Refusal::field(
                "legs",
                format!("expected at most {LEG_COUNT_MAX}"),
            ));
        }
        let rule = self.rule(&request.symbol);
        let mut ids = BTreeSet::new();
        let mut wishes = Vec::new();
        for (index, (stop, target)) in request.legs.iter().enumerate() {
            if stop.is_none() && target.is_none() {
                return Err(Refusal::field(
                    "legs",
                    "expected a stop, a target or both in each",
                ));
            }
            let pair =
                (stop.is_some() && target.is_some()).then(|| format!("{id}#{}#{index}", request.version));
            let stop = stop
                .as_ref()
                .map(|s| stop_request(s, request, pair.clone()))
                .transpose()?;
            let target = target.as_ref().map(|t| target_request(t, request, pair));
            for wish in [&stop, &target].into_iter().flatten() {
                // The pair's own name is the venue's, not the customer's.
                check::request(
                    &OrderRequest {
                        oco_group: None,
                        ..wish.clone()
                    },
                    &rule,
                )?;
                if !ids.insert(wish.client_order_id.clone()) {
                    return Err(Refusal::field(
                        "client_order_id",
                        "expected another one for each order of the group",
                    ));
                }
                self.check_client_id(account, &wish.client_order_id, old)?;
            }
            wishes.push((stop, target));
        }
        Ok(wishes)
    }

    fn check_cover(&self, account: &str, request: &GroupRequest) -> Result<(), Refusal> {
        let held = self.account(account)?.held(&request.symbol);
        let coverable = match request.side {
            Side::Sell => held,
            Side::Buy => -held,
        }
        .max(Decimal::ZERO);
        let mut total = Decimal::ZERO;
        for (stop, target) in &request.legs {
            let stop = stop.as_ref().map_or(Decimal::ZERO, |s| s.quantity);
            let target = target.as_ref().map_or(Decimal::ZERO, |t| t.quantity);
            total = money::add(total, stop.max(target)).map_err(|_| Refusal::too_large("quantity"))?;
        }
        if total > coverable {
            let (total, coverable) = (total.normalize(), coverable.normalize());
            let text = format!("quantity: a group over {total} exceeds the position of {coverable}");
            return Err(Refusal {
                field: Some("quantity"),
                ..Refusal::new(Code::ExceedsPosition, text)
            });
        }
        Ok(())
    }

    /// The best mark of the open trailing legs that are being replaced.
    fn carried(&self, old: &[u64], request: &GroupRequest) -> Option<Decimal> {
        let open = old
            .iter()
            .filter_map(|n| self.state.orders.get(n))
            .filter(|o| o.live());
        let same = open.filter(|o| o.symbol == request.symbol && o.side == request.side);
        same.filter_map(|o| o.mark).reduce(|a, b| match request.side {
            Side::Sell => a.max(b),
            Side::Buy => a.min(b),
        })
    }

    fn place_leg(
        &mut self,
        account: &str,
        group: &str,
        wish: Option<OrderRequest>,
        mark: Option<Decimal>,
    ) -> Result<Option<u64>, Refusal> {
        let Some(wish) = wish else { return Ok(None) };
        let mut order = self.draft(account, wish, Some(group))?;
        if let (Some(_), Some(mark)) = (order.trail, mark) {
            order.mark = Some(mark);
            let quote = self.quote(&order.symbol)?;
            self.pull(&mut order, &quote);
        }
        let number = order.number;
        self.report(EventKind::New, account, Some(order), None)?;
        Ok(Some(number))
    }
}

fn stop_request(leg: &StopLeg, group: &GroupRequest, pair: Option<String>) -> Result<OrderRequest, Refusal> {
    let kind = match (leg.stop_price, leg.trail, leg.limit_price) {
        (Some(_), None, None) => Kind::Stop,
        (Some(_), None, Some(_)) => Kind::StopLimit,
        (None, Some(_), None) => Kind::TrailingStop,
        _ => {
            return Err(Refusal::field(
                "stop_price",
                "expected either stop_price, or trail_percent or trail_amount alone",
            ));
        }
    };
    Ok(OrderRequest {
        client_order_id: leg.client_order_id.clone(),
        symbol: group.symbol.clone(),
        side: group.side,
        kind,
        time_in_force: TimeInForce::Gtc,
        quantity: leg.quantity,
        limit_price: leg.limit_price,
        stop_price: leg.stop_price,
        trail: leg.trail,
        reduce_only: true,
        oco_group: pair,
    })
}

fn target_request(leg: &TargetLeg, group: &GroupRequest, pair: Option<String>) -> OrderRequest {
    OrderRequest {
        client_order_id: leg.client_order_id.clone(),
        symbol: group.symbol.clone(),
        side: group.side,
        kind: Kind::Limit,
        time_in_force: TimeInForce::Gtc,
        quantity: leg.quantity,
        limit_price: Some(leg.limit_price),
        stop_price: None,
        trail: None,
        reduce_only: true,
        oco_group: pair,
    }
}
