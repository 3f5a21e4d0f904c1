//! Puts a version of a lot's protection in force. Binance swaps nothing as one: what stands goes first, because the coins it
//! holds cannot be sold twice, and the new pairs follow once it is gone. Decides when that is certain; refuses to leave half of
//! a version behind.

use std::{sync::Arc, time::Duration};

use ordercast_model::{
    money::{self, Quantity},
    order::{
        identity::ClientOrderId,
        shape::{OrderRequest, OrderSide, ProtectionGroup, ProtectionSlice},
    },
    ports::broker::{ErrorKind, NotSent, Protected, Refusal, VenueOrder},
};
use rust_decimal::Decimal;

use super::{
    error::{self, No},
    listing::Desk,
    map, request, symbol, wire,
};

/// Waits between looks at an order that is being cancelled.
const LOOKS: [Duration; 5] = [
    Duration::from_millis(60),
    Duration::from_millis(120),
    Duration::from_millis(250),
    Duration::from_millis(500),
    Duration::from_millis(1_000),
];
/// What of a holding commissions may have taken, in hundredths: within it a sale is cut to what is held.
const TAKEN_MAX: Decimal = Decimal::ONE;

/// Why a swap stops, as the port says it.
fn stopped(no: No, changed: bool) -> Protected {
    match error::not_sent(no) {
        // The old protection is gone: the same version has to follow at once, not another one later.
        Ok(not_sent) if changed => Protected::Unknown(match not_sent {
            NotSent::Retry { why, .. } | NotSent::Wait { why, .. } => why,
            NotSent::Unauthorised(why) | NotSent::Unsupported(why) => why,
        }),
        Ok(not_sent) => Protected::NotSent(not_sent),
        Err(No::Refused(refusal)) => Protected::Rejected(refusal),
        Err(no) => Protected::Unknown(error::words(&no)),
    }
}

/// Nothing was changed by a question that failed.
fn asked(no: No) -> No {
    match no {
        No::Unclear(why) => No::Limited(Duration::from_secs(1), why),
        No::Refused(refused) => No::Limited(Duration::from_secs(1), refused.message),
        no => no,
    }
}

fn legs(slice: &ProtectionSlice) -> impl Iterator<Item = &OrderRequest> {
    [&slice.stop, &slice.target].into_iter().flatten()
}

/// A quantity as it can be sold: what commissions in the coin itself have taken is not there.
pub(super) fn cut(wanted: Quantity, free: Decimal, step: Decimal) -> Option<Quantity> {
    let missing = wanted.value().checked_sub(free)?;
    let share = money::div(missing.checked_mul(Decimal::ONE_HUNDRED)?, wanted.value()).ok()?;
    let cut = money::floor_to(free, step).ok()?;
    (missing > Decimal::ZERO && share <= TAKEN_MAX && cut > Decimal::ZERO)
        .then(|| Quantity::new(cut).ok())
        .flatten()
}

impl Desk<'_> {
    /// Brings the group to this version. Safe to repeat with the same version.
    pub(super) async fn protect(&self, group: &ProtectionGroup) -> Protected {
        let (symbol, wanted) = match self.wanted(group).await {
            Ok(wanted) => wanted,
            Err(outcome) => return outcome,
        };
        let of = symbol.as_ref().map(|s| s.symbol.as_str());
        let open = match self.open(of).await {
            Ok(open) => open,
            Err(no) => return stopped(asked(no), false),
        };
        let mark = request::mark(&group.group_id);
        let stands: Vec<wire::Order> = open.into_iter().filter(|o| o.strategy_id == Some(mark)).collect();
        let is_wanted = |o: &wire::Order| {
            let named = |leg: &OrderRequest| leg.client_order_id.as_str() == o.client_order_id;
            wanted.iter().flat_map(legs).any(named)
        };
        let (kept, stale): (Vec<wire::Order>, Vec<wire::Order>) = stands.into_iter().partition(is_wanted);
        let changed = !stale.is_empty() || !kept.is_empty();
        if let Err(outcome) = self.take_back(&stale).await {
            return outcome;
        }
        let mut placed = kept;
        let Some(symbol) = symbol else {
            return self.shown(&placed);
        };
        let wanted = match self.affordable(wanted, &symbol, &placed).await {
            Ok(wanted) => wanted,
            Err(no) => return stopped(asked(no), changed),
        };
        for slice in &wanted {
            let named = |leg: &OrderRequest| {
                placed
                    .iter()
                    .any(|p| p.client_order_id == leg.client_order_id.as_str())
            };
            if legs(slice).any(named) {
                continue;
            }
            match self.put(&group.group_id, slice, &symbol).await {
                Ok(orders) => placed.extend(orders),
                Err(no) => return self.undo(no, &placed, changed).await,
            }
        }
        self.shown(&placed)
    }

    /// What is wanted, with the rules of its symbol; none where nothing is to be in force. Refused before anything is changed
    /// when Binance cannot hold it: Ordercast watches it then.
    async fn wanted(
        &self,
        group: &ProtectionGroup,
    ) -> Result<(Option<Arc<wire::Symbol>>, Vec<ProtectionSlice>), Protected> {
        let Some(first) = group.slices.iter().flat_map(legs).next() else {
            return Ok((None, Vec::new()));
        };
        let refused = |kind, code: &str, message: String| {
            Protected::Rejected(Refusal {
                kind,
                code: code.to_owned(),
                message,
            })
        };
        let unknown = || {
            refused(
                ErrorKind::InvalidSymbol,
                "-1121",
                format!("{} is not listed", first.instrument),
            )
        };
        let name = symbol::theirs(&first.instrument).ok_or_else(unknown)?;
        let rules = self.rules(&name).await.map_err(|no| stopped(asked(no), false))?;
        let rules = rules.ok_or_else(unknown)?;
        for slice in &group.slices {
            for leg in legs(slice) {
                self.touch(&leg.client_order_id, &name);
                rules.check(leg).map_err(Protected::Rejected)?;
            }
            request::slice(&group.group_id, slice, &rules)
                .map_err(|why| Protected::Rejected(why.refusal()))?;
        }
        Ok((Some(rules), group.slices.clone()))
    }

    /// Commissions paid in the coin itself leave less than was bought: what cannot be sold is cut from the last slice.
    async fn affordable(
        &self,
        mut wanted: Vec<ProtectionSlice>,
        symbol: &wire::Symbol,
        placed: &[wire::Order],
    ) -> Result<Vec<ProtectionSlice>, No> {
        let stands = |leg: &OrderRequest| {
            placed
                .iter()
                .any(|p| p.client_order_id == leg.client_order_id.as_str())
        };
        let new = |slice: &ProtectionSlice| !legs(slice).any(stands);
        let sells = |slice: &ProtectionSlice| legs(slice).any(|leg| leg.side == OrderSide::Sell);
        let total: Decimal = wanted
            .iter()
            .filter(|s| new(s) && sells(s))
            .filter_map(|s| legs(s).next())
            .map(|leg| leg.quantity.value())
            .sum();
        if total.is_zero() {
            return Ok(wanted);
        }
        let account = self.balances().await?;
        let own = account.balances.iter().find(|b| b.asset == symbol.base_asset);
        let free = own.and_then(|b| b.free).unwrap_or_default();
        let Some(missing) = total.checked_sub(free).filter(|m| *m > Decimal::ZERO) else {
            return Ok(wanted);
        };
        let last = wanted.iter_mut().rev().find(|s| new(s) && sells(s));
        if let Some(slice) = last {
            for leg in [&mut slice.stop, &mut slice.target].into_iter().flatten() {
                let left = leg.quantity.value().checked_sub(missing).unwrap_or_default();
                let small = cut(Quantity::new(total).unwrap_or(leg.quantity), free, symbol.step()).is_some();
                let floor = money::floor_to(left, symbol.step()).unwrap_or_default();
                if small && floor > Decimal::ZERO {
                    leg.quantity = Quantity::new(floor).unwrap_or(leg.quantity);
                }
            }
        }
        Ok(wanted)
    }

    fn shown(&self, placed: &[wire::Order]) -> Protected {
        let all: Result<Vec<Option<VenueOrder>>, _> = placed
            .iter()
            .map(|order| map::shown(order, self.quote()).map(|shown| shown.ours()))
            .collect();
        match all {
            Ok(all) => Protected::Placed(all.into_iter().flatten().collect()),
            Err(why) => Protected::Unknown(why.to_string()),
        }
    }

    /// Cancels what stands and waits until it is gone. Cancelling one of a pair cancels the other.
    async fn take_back(&self, stale: &[wire::Order]) -> Result<(), Protected> {
        let mut lists = std::collections::BTreeSet::new();
        for order in stale {
            let list = order.order_list_id.filter(|list| *list >= 0);
            if list.is_some_and(|list| !lists.insert(list)) {
                continue;
            }
            match self.drop_order(&order.symbol, order.order_id).await {
                Ok(()) => {}
                Err(No::Refused(refusal)) if refusal.kind == ErrorKind::OrderNotFound => {}
                Err(no) => return Err(Protected::Unknown(error::words(&no))),
            }
        }
        for order in stale {
            self.gone(&order.symbol, order.order_id).await?;
        }
        Ok(())
    }

    async fn drop_order(&self, symbol: &str, number: i64) -> Result<(), No> {
        let params = vec![("symbol", symbol.to_owned()), ("orderId", number.to_string())];
        self.client.delete(&self.who, request::ORDER, params).await
    }

    /// Waits for the end of an order. What was filled meanwhile has changed what there is to protect: this version no longer
    /// fits.
    async fn gone(&self, symbol: &str, number: i64) -> Result<(), Protected> {
        for wait in LOOKS {
            let order = match self.by_number(symbol, number).await {
                Ok(Some(order)) => order,
                Ok(None) => return Ok(()),
                Err(no) => return Err(stopped(asked(no), true)),
            };
            match order.status.as_str() {
                "FILLED" => {
                    return Err(Protected::Rejected(Refusal {
                        kind: ErrorKind::InvalidOrder,
                        code: "filled_meanwhile".to_owned(),
                        message: "the protection before it was filled while it was being replaced".to_owned(),
                    }));
                }
                "CANCELED" | "EXPIRED" | "EXPIRED_IN_MATCH" | "REJECTED" => return Ok(()),
                _ => self.clock.sleep_until(self.clock.now().plus(wait)).await,
            }
        }
        Err(Protected::Unknown(
            "the protection before it is still being cancelled".to_owned(),
        ))
    }

    /// Places one slice; ids that are taken are looked at: they are those of an earlier asking.
    async fn put(
        &self,
        group: &str,
        slice: &ProtectionSlice,
        symbol: &wire::Symbol,
    ) -> Result<Vec<wire::Order>, No> {
        let put = request::slice(group, slice, symbol).map_err(|why| No::Refused(why.refusal()))?;
        let Some(put) = put else { return Ok(Vec::new()) };
        let answer = if put.orders == 1 {
            let one = self
                .client
                .post::<wire::Order>(&self.who, put.path, put.params, 1)
                .await;
            one.map(|order| vec![order])
        } else {
            let list = self
                .client
                .post::<wire::OrderList>(&self.who, put.path, put.params, put.orders)
                .await;
            list.map(|list| list.order_reports)
        };
        let orders = match answer {
            Err(No::Refused(refusal)) if refusal.kind == ErrorKind::DuplicateClientId => {
                return self.taken(slice, symbol, refusal).await;
            }
            other => other?,
        };
        for order in &orders {
            self.learn(order);
        }
        Ok(orders)
    }

    async fn taken(
        &self,
        slice: &ProtectionSlice,
        symbol: &wire::Symbol,
        refusal: Refusal,
    ) -> Result<Vec<wire::Order>, No> {
        let ids: Vec<&ClientOrderId> = legs(slice).map(|leg| &leg.client_order_id).collect();
        let mut found = Vec::with_capacity(ids.len());
        for id in ids {
            match self.by_id(&symbol.symbol, id).await? {
                Some(order) => found.push(order),
                None => return Err(No::Unclear(refusal.message)),
            }
        }
        Ok(found)
    }

    /// A version is in force whole or not at all: what of it was placed goes again.
    async fn undo(&self, no: No, placed: &[wire::Order], changed: bool) -> Protected {
        let outcome = stopped(no, changed || !placed.is_empty());
        if matches!(outcome, Protected::Unknown(_)) {
            return outcome;
        }
        match self.take_back(placed).await {
            Ok(()) => outcome,
            Err(unsure) => unsure,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_sale_is_cut_by_what_commissions_took_and_by_no_more() {
        for (wanted, free, want) in [
            ("1", "1", None),
            ("1", "2", None),
            ("1", "0.999", Some("0.99")),
            ("1", "0.98", None),
            ("0.01", "0.00999", None),
        ] {
            let got = cut(wanted.parse().unwrap(), free.parse().unwrap(), Decimal::new(1, 2));
            assert_eq!(got.map(|q| q.to_string()).as_deref(), want, "{wanted} {free}");
        }
    }
}
