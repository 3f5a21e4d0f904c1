//! Decides what an account may still spend: cash less what open orders and short positions hold back.
//! Refuses to fill.

use std::collections::BTreeMap;

use ordercast_model::{instrument::Instrument, money};
use rust_decimal::Decimal;

use crate::venue::{
    account::Account,
    engine::Engine,
    order::{Order, Side},
    prices::Prices,
    refusal::Refusal,
};

/// Added to the price of an order whose price is not known yet.
const CUSHION: Decimal = Decimal::from_parts(102, 0, 0, false, 2);
/// Held back per dollar of a short position.
const SHORT_MARGIN: Decimal = Decimal::from_parts(15, 0, 0, false, 1);

/// An account's money at a moment, USD.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Funds {
    /// Held back by open orders.
    pub reserved: Decimal,
    /// Value of all positions, shorts negative.
    pub positions_value: Decimal,
    /// Cash and positions.
    pub equity: Decimal,
    /// What may still be spent; may be below zero.
    pub buying_power: Decimal,
}

impl<M: Prices> Engine<M> {
    /// An account's money now.
    ///
    /// # Errors
    /// `not_found`.
    pub fn funds(&mut self, account: &str) -> Result<Funds, Refusal> {
        let kept = self.account(account)?.clone();
        let reserved = self.reserved(&kept, None)?;
        let mut positions_value = Decimal::ZERO;
        for (symbol, position) in kept.positions.iter().filter(|(_, p)| !p.quantity.is_zero()) {
            let value = self.price_of(symbol, position.quantity > Decimal::ZERO);
            let value =
                exact(money::mul(position.quantity, value).and_then(|v| money::mul(v, symbol.multiplier())))?;
            positions_value = exact(money::add(positions_value, value))?;
        }
        let equity = exact(money::add(kept.cash, positions_value))?;
        let buying_power = exact(money::sub(kept.cash, reserved))?;
        let buying_power = exact(money::sub(buying_power, self.short_margin(&kept)?))?;
        Ok(Funds {
            reserved: reserved.normalize(),
            positions_value: positions_value.normalize(),
            equity: equity.normalize(),
            buying_power: buying_power.normalize(),
        })
    }

    /// Price at which a holding could be closed; zero for what no longer exists.
    pub(super) fn price_of(&mut self, symbol: &Instrument, long: bool) -> Decimal {
        self.quote(symbol)
            .map_or(Decimal::ZERO, |q| if long { q.bid } else { q.ask })
    }

    /// What short positions hold back.
    pub(super) fn short_margin(&mut self, account: &Account) -> Result<Decimal, Refusal> {
        let mut held = Decimal::ZERO;
        for (symbol, position) in account
            .positions
            .iter()
            .filter(|(_, p)| p.quantity < Decimal::ZERO)
        {
            let price = self.price_of(symbol, false);
            let value = exact(money::mul(position.quantity.abs(), price))?;
            held = exact(money::add(held, exact(money::mul(value, SHORT_MARGIN))?))?;
        }
        Ok(held)
    }

    /// What open orders hold back, one of each OCO group counted; `except` is left out.
    pub(super) fn reserved(&mut self, account: &Account, except: Option<u64>) -> Result<Decimal, Refusal> {
        let live: Vec<Order> = self
            .state
            .live_of(&account.id)
            .filter(|o| Some(o.number) != except)
            .cloned()
            .collect();
        let mut single = Decimal::ZERO;
        let mut grouped: BTreeMap<String, Decimal> = BTreeMap::new();
        for order in live {
            let need = self.need(account, &order)?;
            match &order.oco_group {
                Some(group) => {
                    let most = grouped.entry(group.clone()).or_default();
                    *most = need.max(*most);
                }
                None => single = exact(money::add(single, need))?,
            }
        }
        grouped
            .values()
            .try_fold(single, |sum, need| exact(money::add(sum, *need)))
    }

    /// What an order holds back while it is open.
    pub(super) fn need(&mut self, account: &Account, order: &Order) -> Result<Decimal, Refusal> {
        if order.reduce_only {
            return Ok(Decimal::ZERO);
        }
        let held = account.held(&order.symbol);
        let closing = match order.side {
            Side::Buy => -held,
            Side::Sell => held,
        };
        let opening = exact(money::sub(order.remaining(), closing.max(Decimal::ZERO)))?.max(Decimal::ZERO);
        if opening.is_zero() {
            return Ok(Decimal::ZERO);
        }
        let price = self.expected_price(order)?;
        let value = exact(money::mul(
            exact(money::mul(price, opening))?,
            order.symbol.multiplier(),
        ))?;
        match order.side {
            Side::Buy => exact(money::add(value, exact(self.fee(&order.symbol, price, opening))?)),
            Side::Sell => exact(money::mul(value, SHORT_MARGIN)),
        }
    }

    /// The price an order is reckoned with before it has one.
    pub(super) fn expected_price(&mut self, order: &Order) -> Result<Decimal, Refusal> {
        if let Some(limit) = order.limit_price {
            return Ok(limit);
        }
        let quote = self.quote(&order.symbol)?;
        let price = order.stop_price.map_or(quote.ask, |stop| stop.max(quote.ask));
        exact(money::mul(price, CUSHION))
    }
}

fn exact(result: Result<Decimal, money::MoneyError>) -> Result<Decimal, Refusal> {
    result.map_err(|_| Refusal::too_large("quantity"))
}
