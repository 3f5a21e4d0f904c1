//! RK-19: refuses an order that the account cannot pay for, before it is sent. What the other caps leave of the order
//! is what must be paid; working orders' reservations are taken off, and what orders placed at the broker by hand need where
//! the venue has not taken it off itself; orders at the market keep back 0.5 % for fees.
#![deny(clippy::arithmetic_side_effects)]

use ordercast_model::{
    gate::{Finding, OnCap, Proposal, Rule, RuleId, Snapshot},
    instrument::AssetClass,
    limits::Bound,
    money::{self, MoneyError, Quantity, show},
};
use rust_decimal::Decimal;

use super::{
    exposure::Exposure,
    option_size::OptionSize,
    order_value::OrderValue,
    position_size::PositionSize,
    risk_per_trade::RiskPerTrade,
    usage::{needed_outside, pending, reserved},
    word::{breach, share_of, value_of},
};

/// Kept back for fees on an order at the market, per cent of its value.
const FEE_RESERVE_PCT: Decimal = Decimal::from_parts(5, 0, 0, false, 1);

/// The rule.
pub(super) struct BuyingPower;

impl Rule for BuyingPower {
    fn id(&self) -> RuleId {
        RuleId::BuyingPower
    }
    fn check(&self, proposal: &Proposal, snapshot: &Snapshot<'_>) -> Result<Finding, MoneyError> {
        let value = value_of(proposal, after_caps(proposal, snapshot)?)?;
        let fee = if proposal.marketable {
            share_of(FEE_RESERVE_PCT, value)?
        } else {
            Decimal::ZERO
        };
        let need = money::add(value, fee)?;
        let available = available(proposal, snapshot)?;
        if need <= available {
            return Ok(Finding::Pass);
        }
        let shown = available.max(Decimal::ZERO);
        let message = if value > available {
            format!("Needs {}, available {}", show(value), show(shown))
        } else {
            format!(
                "Needs {} with a fee reserve of {}, available {}",
                show(need),
                show(fee),
                show(shown)
            )
        };
        Ok(Finding::Deny(breach(
            self.id(),
            Bound::BuyingPower,
            snapshot.limits,
            message,
            shown.normalize(),
            need,
        )))
    }
}

fn available(proposal: &Proposal, snapshot: &Snapshot<'_>) -> Result<Decimal, MoneyError> {
    let account = snapshot.account;
    let power = match proposal.instrument.class() {
        AssetClass::Crypto => account.buying_power.min(account.cash),
        _ => account.buying_power,
    };
    let usable = share_of(snapshot.limits.limits.buying_power_pct, power)?;
    let usable = money::sub(usable, needed_outside(account)?)?;
    pending(snapshot).try_fold(usable, |left, r| money::sub(left, reserved(r)?))
}

/// What the caps that reduce leave of the order.
fn after_caps(proposal: &Proposal, snapshot: &Snapshot<'_>) -> Result<Quantity, MoneyError> {
    if proposal.on_cap == OnCap::Reject {
        return Ok(proposal.quantity);
    }
    let caps: [&dyn Rule; 5] = [&OptionSize, &PositionSize, &OrderValue, &Exposure, &RiskPerTrade];
    caps.iter().try_fold(proposal.quantity, |least, cap| {
        Ok(match cap.check(proposal, snapshot)? {
            Finding::Reduce(to, _) => least.min(to),
            _ => least,
        })
    })
}
