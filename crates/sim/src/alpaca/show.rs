//! Decides how accounts, orders, positions, fills and assets look in Alpaca's JSON: amounts as strings, absent values
//! `null`. Refuses to change anything.

use ordercast_model::{
    instrument::{AssetClass, Instrument, Right},
    money,
    time::Timestamp,
};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::{
    alpaca::{
        config::Environment,
        floor::{Customer, Floor, plain},
        id,
        ticket::{Execution, State, Ticket},
    },
    market::listing::Listing,
    venue::{
        account::Position,
        funds::Funds,
        order::{Kind, Side, Trail},
    },
};

/// Their word for a class.
#[must_use]
pub const fn class(symbol: &Instrument) -> &'static str {
    match symbol {
        Instrument::Equity { .. } => "us_equity",
        Instrument::Option { .. } => "us_option",
        Instrument::Crypto { .. } => "crypto",
    }
}

/// Their name of it: `AAPL`, `BTC/USD`, `AAPL261218C00150000`.
#[must_use]
pub fn symbol(instrument: &Instrument) -> String {
    instrument.occ().unwrap_or_else(|| instrument.to_string())
}

const fn side(side: Side) -> &'static str {
    match side {
        Side::Buy => "buy",
        Side::Sell => "sell",
    }
}

const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Market => "market",
        Kind::Limit => "limit",
        Kind::Stop => "stop",
        Kind::StopLimit => "stop_limit",
        Kind::TrailingStop => "trailing_stop",
    }
}

/// An account.
#[must_use]
pub fn account(floor: &Floor, customer: &Customer, funds: Funds) -> Value {
    let kept = floor.desk.engine().state().accounts.get(&customer.account);
    let cash = kept.map_or(Decimal::ZERO, |a| a.cash);
    let opening = kept.map_or(Decimal::ZERO, |a| a.opening_cash);
    let (mut long, mut short) = (Decimal::ZERO, Decimal::ZERO);
    for (instrument, position) in kept.into_iter().flat_map(|a| &a.positions) {
        let value = worth(floor, instrument, position).1;
        let sum = if value < Decimal::ZERO {
            &mut short
        } else {
            &mut long
        };
        *sum = sum.checked_add(value).unwrap_or(*sum);
    }
    let number = match customer.described.environment {
        Environment::Paper => customer.account.clone(),
        Environment::Live => customer.account.trim_start_matches("PA").to_owned(),
    };
    let power = plain(funds.buying_power.max(Decimal::ZERO));
    let gross = long.checked_sub(short).unwrap_or(long);
    json!({
        "id": customer.id, "account_number": number, "status": "ACTIVE", "crypto_status": "ACTIVE",
        "currency": "USD", "cash": plain(cash), "equity": plain(funds.equity), "portfolio_value": plain(funds.equity),
        "last_equity": plain(opening), "buying_power": power, "regt_buying_power": power,
        "daytrading_buying_power": "0", "non_marginable_buying_power": power, "options_buying_power": power,
        "accrued_fees": "0", "pending_transfer_in": "0", "pending_transfer_out": "0", "pending_reg_taf_fees": "0",
        "pattern_day_trader": false, "trade_suspended_by_user": false,
        "trading_blocked": customer.described.trading_blocked, "transfers_blocked": false, "account_blocked": false,
        "shorting_enabled": customer.described.shorting, "multiplier": "1", "daytrade_count": 0,
        "long_market_value": plain(long), "short_market_value": plain(short), "initial_margin": plain(gross),
        "maintenance_margin": plain(gross), "last_maintenance_margin": "0", "sma": "0", "intraday_adjustments": "0",
        "balance_asof": customer.created.date().to_string(), "created_at": customer.created,
        "options_approved_level": customer.described.options_level,
        "options_trading_level": customer.described.options_level,
    })
}

/// Price a holding could be closed at, and what it is worth.
fn worth(floor: &Floor, instrument: &Instrument, position: &Position) -> (Decimal, Decimal) {
    let quote = floor.desk.engine().market().quote(instrument);
    let price = quote.map_or(Decimal::ZERO, |q| {
        if position.quantity < Decimal::ZERO {
            q.ask
        } else {
            q.bid
        }
    });
    let value = money::mul(position.quantity, price).and_then(|v| money::mul(v, instrument.multiplier()));
    (price, value.unwrap_or_default())
}

/// A share of an amount, at most 9 places.
fn share(part: Decimal, whole: Decimal) -> String {
    plain(part.checked_div(whole).unwrap_or_default().round_dp(9))
}

/// A holding. Coins are named without the slash here, as theirs.
#[must_use]
pub fn position(floor: &Floor, customer: &Customer, instrument: &Instrument, held: &Position) -> Value {
    let (price, value) = worth(floor, instrument, held);
    let short = held.quantity < Decimal::ZERO;
    let cost = if short { -held.cost } else { held.cost };
    let gain = value.checked_sub(cost).unwrap_or_default();
    let quote = floor.desk.engine().market().quote(instrument).ok();
    let change = quote.map_or(Decimal::ZERO, |q| q.change);
    let factor = money::mul(change, Decimal::new(1, 2)).unwrap_or_default();
    let before = Decimal::ONE
        .checked_add(factor)
        .and_then(|f| price.checked_div(f))
        .unwrap_or(price);
    let average = held.average_price(instrument.multiplier()).unwrap_or_default();
    let closing = if short { Side::Buy } else { Side::Sell };
    let committed = floor.committed(&customer.account, instrument, closing);
    let free = held
        .quantity
        .abs()
        .checked_sub(committed)
        .unwrap_or_default()
        .max(Decimal::ZERO);
    let free = if short { -free } else { free };
    let exchange = if instrument.class() == AssetClass::Equity {
        "NASDAQ"
    } else {
        ""
    };
    json!({
        "asset_id": id::asset(&instrument.to_string()), "symbol": symbol(instrument).replace('/', ""),
        "exchange": exchange, "asset_class": class(instrument),
        "asset_marginable": instrument.class() == AssetClass::Equity,
        "qty": plain(held.quantity), "qty_available": plain(free), "avg_entry_price": plain(average.round_dp(9)),
        "side": if short { "short" } else { "long" }, "market_value": plain(value), "cost_basis": plain(cost),
        "unrealized_pl": plain(gain), "unrealized_plpc": share(gain, held.cost),
        "unrealized_intraday_pl": plain(gain), "unrealized_intraday_plpc": share(gain, held.cost),
        "current_price": plain(price), "lastday_price": plain(before.round_dp(4)), "change_today": plain(factor),
    })
}

/// An order, its legs rolled up when asked for.
#[must_use]
pub fn order(floor: &Floor, ticket: &Ticket, nested: bool) -> Value {
    let terms = &ticket.terms;
    let text = |value: Option<Decimal>| value.map(plain);
    let working = ticket
        .working
        .and_then(|n| floor.desk.engine().state().orders.get(&n));
    let trailing = working.filter(|_| terms.kind == Kind::TrailingStop);
    let stop = trailing.map_or(terms.stop, |o| o.stop_price);
    let (mut by_price, mut by_percent) = (None, None);
    match terms.trail {
        Some(Trail::Amount(amount)) => by_price = Some(plain(amount)),
        Some(Trail::Percent(percent)) => by_percent = Some(plain(percent)),
        None => {}
    }
    let legs: Vec<Value> = ticket
        .legs
        .iter()
        .filter(|_| nested)
        .filter_map(|leg| floor.book.get(leg))
        .map(|leg| order(floor, leg, false))
        .collect();
    let requested = matches!(ticket.state, State::PendingCancel).then_some(ticket.at.updated);
    json!({
        "id": ticket.id, "client_order_id": ticket.client_order_id, "created_at": ticket.at.created,
        "updated_at": ticket.at.updated, "submitted_at": ticket.at.created, "filled_at": ticket.at.filled,
        "expired_at": ticket.at.expired, "expires_at": ticket.at.expires, "canceled_at": ticket.at.canceled,
        "cancel_requested_at": requested, "failed_at": ticket.at.failed, "replaced_at": ticket.at.replaced,
        "replaced_by": ticket.replaced_by, "replaces": ticket.replaces,
        "asset_id": id::asset(&terms.symbol.to_string()), "symbol": symbol(&terms.symbol),
        "asset_class": class(&terms.symbol), "notional": text(terms.notional),
        "qty": terms.notional.is_none().then(|| plain(terms.quantity)), "filled_qty": plain(ticket.filled),
        "filled_avg_price": text(ticket.average()), "order_class": ticket.class.word(),
        "order_type": kind(terms.kind), "type": kind(terms.kind), "side": side(terms.side),
        "position_intent": terms.intent, "time_in_force": terms.force.word(), "limit_price": text(terms.limit),
        "stop_price": text(stop), "status": ticket.state.word(), "extended_hours": terms.extended,
        "legs": if legs.is_empty() { Value::Null } else { Value::Array(legs) }, "trail_percent": by_percent,
        "trail_price": by_price, "hwm": text(trailing.and_then(|o| o.mark)), "source": "access_key",
        "subtag": Value::Null,
    })
}

/// A fill as an activity.
#[must_use]
pub fn activity(floor: &Floor, made: &Execution) -> Value {
    let whole = made.leaves.is_zero();
    let state = floor.book.get(&made.ticket).map_or(State::Filled, |t| t.state);
    let side = match (made.side, made.short) {
        (Side::Buy, _) => "buy",
        (Side::Sell, false) => "sell",
        (Side::Sell, true) => "sell_short",
    };
    json!({
        "id": made.activity, "activity_type": "FILL", "transaction_time": made.at,
        "type": if whole { "fill" } else { "partial_fill" }, "price": plain(made.price), "qty": plain(made.quantity),
        "side": side, "symbol": symbol(&made.symbol), "leaves_qty": plain(made.leaves),
        "order_id": made.ticket, "cum_qty": plain(made.cumulative), "order_status": state.word(),
    })
}

/// A listed share, fund or coin.
#[must_use]
pub fn asset(listing: &Listing) -> Value {
    let name = listing.instrument.to_string();
    let coin = listing.instrument.class() == AssetClass::Crypto;
    let mut asset = json!({
        "id": id::asset(&name), "class": class(&listing.instrument),
        "exchange": if coin { "CRYPTO" } else { "NASDAQ" }, "symbol": name, "name": listing.name,
        "status": if listing.index { "inactive" } else { "active" }, "tradable": !listing.index,
        "marginable": !coin, "shortable": !coin && !listing.index, "easy_to_borrow": !coin && !listing.index,
        "fractionable": !listing.index, "maintenance_margin_requirement": if coin { 100 } else { 30 },
        "margin_requirement_long": if coin { "100" } else { "30" },
        "margin_requirement_short": if coin { "100" } else { "30" },
        "attributes": if coin { json!([]) } else { json!(["has_options"]) },
    });
    if let (true, Some(fields)) = (coin, asset.as_object_mut()) {
        let step = plain(listing.lot);
        fields.insert("min_order_size".to_owned(), json!(step));
        fields.insert("min_trade_increment".to_owned(), json!(step));
        fields.insert("price_increment".to_owned(), json!(plain(listing.tick)));
    }
    asset
}

/// An option contract; `None` for anything else.
#[must_use]
pub fn contract(floor: &Floor, instrument: &Instrument, now: Timestamp) -> Option<Value> {
    let Instrument::Option {
        underlying,
        expiry,
        strike,
        right,
    } = instrument
    else {
        return None;
    };
    let quote = floor.desk.engine().market().quote(instrument).ok()?;
    let word = match right {
        Right::Call => "call",
        Right::Put => "put",
    };
    Some(json!({
        "id": id::asset(&instrument.to_string()), "symbol": symbol(instrument),
        "name": format!("{underlying} {} {strike} {word}", expiry.format("%b %d %Y")), "status": "active",
        "tradable": true, "expiration_date": expiry.to_string(), "root_symbol": underlying,
        "underlying_symbol": underlying, "underlying_asset_id": id::asset(underlying), "type": word,
        "style": "american", "strike_price": plain(*strike), "multiplier": "100", "size": "100",
        "open_interest": "1000", "open_interest_date": now.date().to_string(),
        "close_price": plain(quote.last), "close_price_date": now.date().to_string(),
    }))
}
