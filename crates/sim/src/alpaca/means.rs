//! Decides whether an account may send an order: what it holds, what its open orders are committed to, whether it could
//! trade with itself. Refuses to know buying power, which the matching watches.

use std::collections::BTreeMap;

use ordercast_model::{
    instrument::{AssetClass, Instrument},
    money,
};
use rust_decimal::Decimal;

use crate::{
    alpaca::{
        floor::{Floor, plain},
        problem::Problem,
        ticket::{Class, Terms},
        wish::Wish,
    },
    venue::order::{Kind, Side},
};

impl Floor {
    /// Target and stop stand on their sides of the price the entry is reckoned with.
    pub(super) fn check_bracket(&self, wish: &Wish) -> Result<(), Problem> {
        if !matches!(wish.class, Class::Bracket | Class::Oto) {
            return Ok(());
        }
        let Ok(quote) = self.desk.engine().market().quote(&wish.main.symbol) else {
            return Ok(());
        };
        let base = wish.main.limit.or(wish.main.stop).unwrap_or(quote.last);
        let cent = Decimal::new(1, 2);
        for leg in &wish.legs {
            let up = leg.side == Side::Sell;
            let (field, price, above) = match (leg.kind, leg.limit, leg.stop) {
                (Kind::Limit, Some(limit), _) => ("take_profit.limit_price", limit, up),
                (_, _, Some(stop)) => ("stop_loss.stop_price", stop, !up),
                _ => continue,
            };
            let good = if above {
                money::add(base, cent).is_ok_and(|b| price >= b)
            } else {
                money::sub(base, cent).is_ok_and(|b| price <= b)
            };
            if !good {
                let sign = if above {
                    ">= base_price + 0.01"
                } else {
                    "<= base_price - 0.01"
                };
                return Err(
                    Problem::unprocessable(format!("{field} must be {sign}")).with("base_price", plain(base))
                );
            }
        }
        Ok(())
    }

    /// Refuses what could trade with an own open order; orders that belong together are made for that.
    pub(super) fn check_wash(&self, account: &str, terms: &Terms) -> Result<(), Problem> {
        let against = self.book.open_of(account).find(|t| {
            t.terms.symbol == terms.symbol
                && t.terms.side != terms.side
                && t.working.is_some()
                && crosses(terms, &t.terms)
        });
        let Some(against) = against else { return Ok(()) };
        let kind = match against.terms.kind {
            Kind::Market => "market",
            Kind::Limit => "limit",
            _ => "stop",
        };
        Err(
            Problem::forbidden("potential wash trade detected. use complex orders")
                .with("existing_order_id", against.id.clone())
                .with("reject_reason", format!("opposite side {kind} order exists")),
        )
    }

    /// Refuses to sell more than is held and free, or at all what is not held and may not be sold short.
    pub(super) fn check_holding(&self, account: &str, terms: &Terms) -> Result<(), Problem> {
        let engine = self.desk.engine();
        let Some(kept) = engine.state().accounts.get(account) else {
            return Ok(());
        };
        let held = kept.held(&terms.symbol);
        let closing = match terms.side {
            Side::Sell => held,
            Side::Buy => -held,
        };
        if closing <= Decimal::ZERO {
            let class = terms.symbol.class();
            let short = terms.side == Side::Sell;
            if let Some(said) = terms.intent.as_deref().filter(|said| said.ends_with("_to_close")) {
                let opens = if short { "sell_to_open" } else { "buy_to_open" };
                return Err(Problem::unprocessable(format!(
                    "position intent mismatch, inferred: {opens}, specified: {said}"
                )));
            }
            return match class {
                AssetClass::Option if short => Err(Problem::forbidden(
                    "account not eligible to trade uncovered option contracts",
                )),
                AssetClass::Crypto if short => Err(Problem::forbidden(format!(
                    "insufficient balance for {} (requested: {}, available: 0)",
                    terms.symbol.underlying(),
                    plain(terms.quantity)
                ))),
                _ if short && !kept.shorting => Err(Problem::forbidden("account is not allowed to short")),
                _ if short && !terms.quantity.fract().is_zero() => {
                    Err(Problem::unprocessable("fractional orders cannot be sold short"))
                }
                _ => Ok(()),
            };
        }
        let committed = self.committed(account, &terms.symbol, terms.side);
        let free = closing
            .checked_sub(committed)
            .unwrap_or_default()
            .max(Decimal::ZERO);
        if terms.quantity <= free {
            return Ok(());
        }
        let (wanted, available) = (plain(terms.quantity), plain(free));
        let what = if terms.symbol.class() == AssetClass::Crypto {
            format!("insufficient balance for {}", terms.symbol.underlying())
        } else {
            "insufficient qty available for order".to_owned()
        };
        Err(
            Problem::forbidden(format!("{what} (requested: {wanted}, available: {available})"))
                .with("available", available)
                .with("existing_qty", plain(closing))
                .with("held_for_orders", plain(committed))
                .with("symbol", terms.symbol.to_string()),
        )
    }

    /// Units that open orders on this side would close; orders that cancel each other count once.
    #[must_use]
    pub fn committed(&self, account: &str, symbol: &Instrument, side: Side) -> Decimal {
        let mut families: BTreeMap<&str, Decimal> = BTreeMap::new();
        for ticket in self.book.open_of(account) {
            let same = ticket.terms.symbol == *symbol && ticket.terms.side == side;
            if !same || ticket.working.is_none() {
                continue;
            }
            let most = families.entry(ticket.family()).or_default();
            *most = ticket.remaining().max(*most);
        }
        families
            .values()
            .fold(Decimal::ZERO, |sum, n| sum.checked_add(*n).unwrap_or(sum))
    }
}

/// Whether two orders of opposite sides could meet: limits only when their prices cross, anything else always.
fn crosses(new: &Terms, there: &Terms) -> bool {
    match (new.kind, there.kind, new.limit, there.limit) {
        (Kind::Limit, Kind::Limit, Some(new_limit), Some(their_limit)) => match new.side {
            Side::Buy => new_limit >= their_limit,
            Side::Sell => new_limit <= their_limit,
        },
        _ => true,
    }
}
