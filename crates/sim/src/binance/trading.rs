//! Decides how an account's questions and orders are read and answered. Refuses parameters that a type of order does not take.

use serde_json::{Value, json};

use crate::{
    binance::{
        config::Network,
        no::No,
        route::Asked,
        show::{self, millis},
        ticket::{Kind, Wish},
    },
    venue::order::{Side, TimeInForce},
};

pub(super) fn account(asked: &mut Asked<'_>) -> Result<Value, No> {
    let customer = asked.floor.customers.get(asked.account);
    let customer =
        customer.ok_or_else(|| No::new(401, -2015, "Invalid API-key, IP, or permissions for action."))?;
    let rate = "0.00100000";
    Ok(json!({
        "makerCommission": 10, "takerCommission": 10, "buyerCommission": 0, "sellerCommission": 0,
        "commissionRates": {"maker": rate, "taker": rate, "buyer": "0.00000000", "seller": "0.00000000"},
        "canTrade": true, "canWithdraw": true, "canDeposit": true, "brokered": false,
        "requireSelfTradePrevention": false, "preventSor": false, "updateTime": asked.clock, "accountType": "SPOT",
        "balances": asked.floor.balances(asked.account), "permissions": ["SPOT"], "uid": customer.uid,
    }))
}

pub(super) fn rights(asked: &mut Asked<'_>) -> Result<Value, No> {
    // The test network has no such route.
    if asked.network == Network::Test {
        return Err(No::new(404, -1000, "Not found."));
    }
    let customer = asked.floor.customers.get(asked.account);
    let described = customer.map(|c| &c.described).ok_or_else(No::no_order)?;
    Ok(json!({
        "ipRestrict": false, "createTime": asked.clock, "enableWithdrawals": described.may_withdraw,
        "enableInternalTransfer": false, "permitsUniversalTransfer": false, "enableVanillaOptions": false,
        "enableReading": true, "enableFutures": false, "enableMargin": false,
        "enableSpotAndMarginTrading": described.may_trade, "tradingAuthorityExpirationTime": asked.clock + 86_400_000,
    }))
}

pub(super) fn query(asked: &mut Asked<'_>) -> Result<Value, No> {
    Ok(show::order(asked.own()?))
}

pub(super) fn open(asked: &mut Asked<'_>) -> Result<Value, No> {
    let symbol = asked
        .text("symbol")
        .is_some()
        .then(|| asked.symbol())
        .transpose()?;
    let open = asked.floor.book.open_of(asked.account);
    let wanted = open.filter(|t| symbol.as_ref().is_none_or(|s| *s == t.wish.symbol));
    Ok(Value::Array(wanted.map(show::order).collect()))
}

fn force(asked: &Asked<'_>, name: &str) -> Result<Option<TimeInForce>, No> {
    match asked.text(name) {
        None => Ok(None),
        Some("GTC") => Ok(Some(TimeInForce::Gtc)),
        Some("IOC") => Ok(Some(TimeInForce::Ioc)),
        Some("FOK") => Ok(Some(TimeInForce::Fok)),
        Some(_) => Err(No::bad(-1115, "Invalid timeInForce.")),
    }
}

/// What a type of order needs and must not have.
fn shape(kind: Kind, given: [(&str, bool); 3]) -> Result<(), No> {
    let wanted = [
        kind.limited(),
        kind.stops(),
        matches!(kind, Kind::Limit | Kind::StopLossLimit),
    ];
    for ((name, is), wanted) in given.into_iter().zip(wanted) {
        if wanted && !is {
            return Err(No::missing(name));
        }
        if !wanted && is {
            return Err(No::bad(
                -1106,
                format!("Parameter '{name}' sent when not required."),
            ));
        }
    }
    Ok(())
}

pub(super) fn place(asked: &mut Asked<'_>) -> Result<Value, No> {
    let kind = asked.text("type").and_then(Kind::read);
    let kind = kind.ok_or_else(|| No::bad(-1116, "Invalid orderType."))?;
    let (price, stop) = (asked.number("price")?, asked.number("stopPrice")?);
    let given = force(asked, "timeInForce")?;
    shape(
        kind,
        [
            ("price", price.is_some()),
            ("stopPrice", stop.is_some()),
            ("timeInForce", given.is_some()),
        ],
    )?;
    let wish = Wish {
        symbol: asked.symbol()?,
        side: asked.side()?,
        kind,
        force: given.unwrap_or(TimeInForce::Gtc),
        quantity: asked.number("quantity")?.ok_or_else(|| No::missing("quantity"))?,
        price,
        stop,
        client: asked.client("newClientOrderId")?,
        strategy: asked.whole("strategyId")?,
    };
    let id = asked.floor.place(asked.account, wish, asked.now)?;
    let ticket = asked.floor.book.get(id).ok_or_else(No::no_order)?;
    Ok(show::placed(ticket, &asked.floor.trades(id)))
}

fn leg(asked: &Asked<'_>, at: &str) -> Result<Wish, No> {
    let name = |what: &str| format!("{at}{what}");
    let kind = asked.text(&name("Type")).and_then(Kind::read);
    let kind = kind.filter(|k| matches!(k, Kind::LimitMaker | Kind::StopLoss | Kind::StopLossLimit));
    let kind = kind.ok_or_else(|| No::bad(-1116, "Invalid orderType."))?;
    let (price, stop) = (asked.number(&name("Price"))?, asked.number(&name("StopPrice"))?);
    let given = force(asked, &name("TimeInForce"))?;
    let (price_name, stop_name, force_name) = (name("Price"), name("StopPrice"), name("TimeInForce"));
    shape(
        kind,
        [
            (price_name.as_str(), price.is_some()),
            (stop_name.as_str(), stop.is_some()),
            (force_name.as_str(), given.is_some()),
        ],
    )?;
    Ok(Wish {
        symbol: asked.symbol()?,
        side: asked.side()?,
        kind,
        force: given.unwrap_or(TimeInForce::Gtc),
        quantity: asked.number("quantity")?.ok_or_else(|| No::missing("quantity"))?,
        price,
        stop,
        client: asked.client(&name("ClientOrderId"))?,
        strategy: asked.whole(&name("StrategyId"))?,
    })
}

pub(super) fn oco(asked: &mut Asked<'_>) -> Result<Value, No> {
    let (above, below) = (leg(asked, "above")?, leg(asked, "below")?);
    let relation = || No::order("The relationship of the prices for the orders is not correct.");
    let level = |wish: &Wish| wish.stop.or(wish.price).unwrap_or_default();
    if level(&above) <= level(&below) {
        return Err(relation());
    }
    // The target of a sale lies above, of a purchase below.
    let (limit, stop) = match above.side {
        Side::Sell => (above, below),
        Side::Buy => (below, above),
    };
    if limit.kind != Kind::LimitMaker || !stop.kind.stops() {
        return Err(relation());
    }
    let client = asked.client("listClientOrderId")?;
    let list = asked
        .floor
        .place_list(asked.account, client, (limit, stop), asked.now)?;
    let legs = asked.floor.legs(list);
    let name = asked.floor.book.lists.get(&list).map_or("", String::as_str);
    let mut out = show::list(list, name, &legs);
    let reports: Vec<Value> = legs.iter().map(|t| show::placed(t, &[])).collect();
    if let Some(out) = out.as_object_mut() {
        out.insert("orderReports".to_owned(), Value::Array(reports));
    }
    Ok(out)
}

pub(super) fn cancel(asked: &mut Asked<'_>) -> Result<Value, No> {
    let unknown = || No::bad(-2011, "Unknown order sent.");
    let id = asked
        .own()
        .map_err(|no| if no.code == -2013 { unknown() } else { no })?
        .id;
    asked.floor.cancel(asked.account, id, asked.now)?;
    let ticket = asked.floor.book.get(id).ok_or_else(unknown)?;
    let Some(list) = ticket.list else {
        return Ok(show::cancelled(ticket));
    };
    let legs = asked.floor.legs(list);
    let name = asked.floor.book.lists.get(&list).map_or("", String::as_str);
    let mut out = show::list(list, name, &legs);
    let reports: Vec<Value> = legs.iter().map(|t| show::cancelled(t)).collect();
    if let Some(out) = out.as_object_mut() {
        out.insert("orderReports".to_owned(), Value::Array(reports));
    }
    Ok(out)
}

pub(super) fn lists(asked: &mut Asked<'_>) -> Result<Value, No> {
    let floor = &asked.floor;
    let mut ids: Vec<i64> = floor.book.open_of(asked.account).filter_map(|t| t.list).collect();
    ids.sort_unstable();
    ids.dedup();
    let shown = |id: &i64| {
        let name = floor.book.lists.get(id).map_or("", String::as_str);
        show::list(*id, name, &floor.legs(*id))
    };
    Ok(Value::Array(ids.iter().map(shown).collect()))
}

pub(super) fn trades(asked: &mut Asked<'_>) -> Result<Value, No> {
    let symbol = asked.symbol()?;
    let (order, from) = (asked.whole("orderId")?, asked.whole("fromId")?);
    let (start, end) = (asked.whole("startTime")?, asked.whole("endTime")?);
    if from.is_some() && (start.is_some() || end.is_some()) {
        return Err(No::bad(-1128, "Combination of optional parameters invalid."));
    }
    let limit = usize::try_from(asked.whole("limit")?.unwrap_or(500))
        .unwrap_or(500)
        .clamp(1, 1_000);
    let book = &asked.floor.book;
    let wanted = |t: &&crate::binance::ticket::Trade| {
        t.account == asked.account
            && t.symbol == symbol
            && order.is_none_or(|o| o == t.order)
            && from.is_none_or(|f| t.id >= f)
            && start.is_none_or(|s| millis(t.at) >= s)
            && end.is_none_or(|e| millis(t.at) <= e)
    };
    let all: Vec<_> = book.trades.iter().filter(wanted).collect();
    // From an id on the oldest come first; otherwise the newest are kept.
    let skip = if from.is_some() {
        0
    } else {
        all.len().saturating_sub(limit)
    };
    let page = all.into_iter().skip(skip).take(limit);
    let shown = page.map(|t| show::trade(t, book.get(t.order).and_then(|o| o.list)));
    Ok(Value::Array(shown.collect()))
}
