//! Decides which routes there are, what each weighs and takes, and answers them. Refuses parameters that a route does not have.

use ordercast_model::{instrument::Instrument, time::Timestamp};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::{
    binance::{
        config::Network,
        floor::Floor,
        no::No,
        rule,
        show::{self, millis, plain},
        ticket::{Kind, Ticket, Wish},
    },
    venue::order::{Side, TimeInForce},
};

/// Who may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// Anybody.
    Open,
    /// Whoever signs.
    Signed,
    /// Whoever signs with a key that may trade; orders are counted.
    Trade(u32),
}

/// One route.
pub struct Route {
    /// Method.
    pub method: &'static str,
    /// Path.
    pub path: &'static str,
    /// Who may ask.
    pub security: Security,
    /// What it weighs; with a symbol, and without.
    pub weight: (u32, u32),
    /// Parameters that must be there.
    pub needed: &'static [&'static str],
    /// Parameters that may be there.
    pub allowed: &'static [&'static str],
    answer: fn(&mut Asked<'_>) -> Result<Value, No>,
}

/// One request with everything it needs.
pub struct Asked<'a> {
    /// What stands behind the hosts.
    pub floor: &'a mut Floor,
    /// Account of the matching; empty for anybody.
    pub account: &'a str,
    /// Which host.
    pub network: Network,
    /// The wall clock.
    pub now: Timestamp,
    /// The server's clock.
    pub clock: i64,
    /// Parameters.
    pub params: &'a [(String, String)],
    /// Orders an account may place in ten seconds.
    pub orders_limit: u32,
    /// Weight of an address in a minute.
    pub weight_limit: u32,
}

/// Parameters of every signed request.
pub const SIGNATURE: [&str; 3] = ["recvWindow", "timestamp", "signature"];

const ORDER_NEEDED: &[&str] = &["symbol", "side", "type"];
const ORDER_ALLOWED: &[&str] = &[
    "timeInForce",
    "quantity",
    "price",
    "newClientOrderId",
    "strategyId",
    "stopPrice",
    "newOrderRespType",
];
const OCO_NEEDED: &[&str] = &["symbol", "side", "quantity", "aboveType", "belowType"];
const OCO_ALLOWED: &[&str] = &[
    "listClientOrderId",
    "aboveClientOrderId",
    "abovePrice",
    "aboveStopPrice",
    "aboveTimeInForce",
    "aboveStrategyId",
    "belowClientOrderId",
    "belowPrice",
    "belowStopPrice",
    "belowTimeInForce",
    "belowStrategyId",
    "newOrderRespType",
];
const BY: &[&str] = &["orderId", "origClientOrderId"];

/// All routes.
pub const ROUTES: &[Route] = &[
    route("GET", "/api/v3/ping", Security::Open, (1, 1), &[], &[], |_| {
        Ok(json!({}))
    }),
    route("GET", "/api/v3/time", Security::Open, (1, 1), &[], &[], |a| {
        Ok(json!({"serverTime": a.clock}))
    }),
    route(
        "GET",
        "/api/v3/exchangeInfo",
        Security::Open,
        (20, 20),
        &[],
        &["symbol", "symbols"],
        info,
    ),
    route(
        "GET",
        "/api/v3/ticker/24hr",
        Security::Open,
        (2, 2),
        &[],
        &["symbol", "symbols"],
        day,
    ),
    route(
        "GET",
        "/api/v3/ticker/price",
        Security::Open,
        (2, 4),
        &[],
        &["symbol", "symbols"],
        last,
    ),
    route(
        "GET",
        "/api/v3/ticker/bookTicker",
        Security::Open,
        (2, 4),
        &[],
        &["symbol", "symbols"],
        best,
    ),
    route(
        "GET",
        "/api/v3/klines",
        Security::Open,
        (2, 2),
        &["symbol", "interval"],
        &["limit"],
        klines,
    ),
    route(
        "GET",
        "/api/v3/account",
        Security::Signed,
        (20, 20),
        &[],
        &[],
        account,
    ),
    route(
        "GET",
        "/sapi/v1/account/apiRestrictions",
        Security::Signed,
        (1, 1),
        &[],
        &[],
        rights,
    ),
    route(
        "GET",
        "/api/v3/order",
        Security::Signed,
        (4, 4),
        &["symbol"],
        BY,
        query,
    ),
    route(
        "POST",
        "/api/v3/order",
        Security::Trade(1),
        (1, 1),
        ORDER_NEEDED,
        ORDER_ALLOWED,
        place,
    ),
    route(
        "DELETE",
        "/api/v3/order",
        Security::Trade(0),
        (1, 1),
        &["symbol"],
        BY,
        cancel,
    ),
    route(
        "GET",
        "/api/v3/openOrders",
        Security::Signed,
        (6, 80),
        &[],
        &["symbol"],
        open,
    ),
    route(
        "GET",
        "/api/v3/myTrades",
        Security::Signed,
        (20, 20),
        &["symbol"],
        &["orderId", "fromId", "limit", "startTime", "endTime"],
        trades,
    ),
    route(
        "POST",
        "/api/v3/orderList/oco",
        Security::Trade(2),
        (1, 1),
        OCO_NEEDED,
        OCO_ALLOWED,
        oco,
    ),
    route(
        "GET",
        "/api/v3/openOrderList",
        Security::Signed,
        (6, 6),
        &[],
        &[],
        lists,
    ),
];

const fn route(
    method: &'static str,
    path: &'static str,
    security: Security,
    weight: (u32, u32),
    needed: &'static [&'static str],
    allowed: &'static [&'static str],
    answer: fn(&mut Asked<'_>) -> Result<Value, No>,
) -> Route {
    Route {
        method,
        path,
        security,
        weight,
        needed,
        allowed,
        answer,
    }
}

impl Route {
    /// The route of a request.
    #[must_use]
    pub fn find(method: &str, path: &str) -> Option<&'static Self> {
        ROUTES.iter().find(|r| r.method == method && r.path == path)
    }

    /// Answers it.
    ///
    /// # Errors
    /// Binance's refusal.
    pub fn answer(&self, asked: &mut Asked<'_>) -> Result<Value, No> {
        for name in self.needed {
            if asked.text(name).is_none_or(str::is_empty) {
                return Err(No::missing(name));
            }
        }
        let signed = self.security != Security::Open;
        let knows = |name: &str| {
            self.needed.contains(&name)
                || self.allowed.contains(&name)
                || (signed && SIGNATURE.contains(&name))
        };
        let (sent, read) = (
            asked.params.len(),
            asked.params.iter().filter(|(name, _)| knows(name)).count(),
        );
        if sent != read {
            let text = format!(
                "Not all sent parameters were read; read '{read}' parameter(s) but was sent '{sent}'."
            );
            return Err(No::bad(-1104, text));
        }
        (self.answer)(asked)
    }
}

impl Asked<'_> {
    fn text(&self, name: &str) -> Option<&str> {
        self.params
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    }

    fn number(&self, name: &str) -> Result<Option<Decimal>, No> {
        let Some(text) = self.text(name) else {
            return Ok(None);
        };
        let good = text.len() <= 20 && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        let read = text.parse::<Decimal>().ok().filter(|_| good);
        read.map(Some).ok_or_else(|| {
            No::bad(-1100, format!("Illegal characters found in parameter '{name}'; legal range is '^([0-9]{{1,20}})(\\.[0-9]{{1,20}})?$'."))
        })
    }

    fn whole(&self, name: &str) -> Result<Option<i64>, No> {
        let Some(text) = self.text(name) else {
            return Ok(None);
        };
        text.parse().map(Some).map_err(|_| No::missing(name))
    }

    fn symbol(&self) -> Result<Instrument, No> {
        let name = self.text("symbol").ok_or_else(|| No::missing("symbol"))?;
        rule::resolve(self.floor.desk.engine().market(), name)
    }

    /// The symbols a question is about; none when it is about all.
    fn symbols(&self) -> Result<Option<Vec<Instrument>>, No> {
        let market = self.floor.desk.engine().market();
        if let Some(one) = self.text("symbol") {
            return Ok(Some(vec![rule::resolve(market, one)?]));
        }
        let Some(list) = self.text("symbols") else {
            return Ok(None);
        };
        let bad = || No::bad(-1100, "Illegal characters found in parameter 'symbols'.");
        let names: Vec<String> = serde_json::from_str(list).map_err(|_| bad())?;
        let all: Result<Vec<Instrument>, No> = names.iter().map(|n| rule::resolve(market, n)).collect();
        all.map(Some)
    }

    /// One answer for one symbol, a list for several or all.
    fn each(&self, show: impl Fn(&Instrument) -> Result<Value, No>) -> Result<Value, No> {
        if self.text("symbol").is_some() {
            return show(&self.symbol()?);
        }
        let all = match self.symbols()? {
            Some(some) => some,
            None => rule::listed(self.floor.desk.engine().market()).cloned().collect(),
        };
        let shown: Result<Vec<Value>, No> = all.iter().map(show).collect();
        shown.map(Value::Array)
    }

    fn client(&self, name: &str) -> Result<Option<String>, No> {
        let Some(text) = self.text(name) else {
            return Ok(None);
        };
        let good = (1..=36).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b".:/_-".contains(&b));
        if good {
            Ok(Some(text.to_owned()))
        } else {
            Err(No::bad(
                -1100,
                format!(
                    "Illegal characters found in parameter '{name}'; legal range is '^[\\.A-Z\\:/a-z0-9_-]{{1,36}}$'."
                ),
            ))
        }
    }

    fn side(&self) -> Result<Side, No> {
        match self.text("side") {
            Some("BUY") => Ok(Side::Buy),
            Some("SELL") => Ok(Side::Sell),
            _ => Err(No::bad(-1117, "Invalid side.")),
        }
    }

    /// An order of the caller's by either id.
    fn own(&self) -> Result<&Ticket, No> {
        let symbol = self.symbol()?;
        let own = |t: &&Ticket| t.account == self.account && t.wish.symbol == symbol;
        let (number, client) = (self.whole("orderId")?, self.text("origClientOrderId"));
        let found = match (number, client) {
            (Some(number), _) => self.floor.book.get(number).filter(own),
            (None, Some(client)) => self
                .floor
                .book
                .iter()
                .rev()
                .filter(own)
                .find(|t| t.client == client),
            (None, None) => {
                let text = "Param 'origClientOrderId' or 'orderId' must be sent, but both were empty/null!";
                return Err(No::bad(-1102, text));
            }
        };
        found.ok_or_else(No::no_order)
    }
}

fn info(asked: &mut Asked<'_>) -> Result<Value, No> {
    let wanted = asked.symbols()?;
    let engine = asked.floor.desk.engine();
    let market = engine.market();
    let all: Vec<&Instrument> = match &wanted {
        Some(some) => some.iter().collect(),
        None => rule::listed(market).collect(),
    };
    let symbols: Vec<Value> = all
        .iter()
        .map(|i| rule::shown(market, i, engine.trading(i)))
        .collect();
    Ok(json!({
        "timezone": "UTC", "serverTime": asked.clock,
        "rateLimits": [
            {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": asked.weight_limit},
            {"rateLimitType": "ORDERS", "interval": "SECOND", "intervalNum": 10, "limit": asked.orders_limit},
            {"rateLimitType": "ORDERS", "interval": "DAY", "intervalNum": 1, "limit": 200_000},
        ],
        "exchangeFilters": [], "symbols": symbols,
    }))
}

fn day(asked: &mut Asked<'_>) -> Result<Value, No> {
    let clock = asked.clock;
    asked.each(|i| {
        let q = asked.floor.quote(i)?;
        let hundred = Decimal::ONE_HUNDRED;
        let before = hundred.checked_add(q.change).and_then(|c| q.last.checked_mul(hundred)?.checked_div(c));
        let before = before.unwrap_or(q.last);
        Ok(json!({
            "symbol": rule::name(i), "priceChange": plain(q.last.checked_sub(before).unwrap_or_default()),
            "priceChangePercent": format!("{:.3}", q.change), "weightedAvgPrice": plain(q.last), "prevClosePrice": plain(before),
            "lastPrice": plain(q.last), "lastQty": plain(q.bid_size), "bidPrice": plain(q.bid), "bidQty": plain(q.bid_size),
            "askPrice": plain(q.ask), "askQty": plain(q.ask_size), "openPrice": plain(before), "highPrice": plain(q.ask),
            "lowPrice": plain(q.bid), "volume": plain(q.volume), "quoteVolume": plain(q.volume.checked_mul(q.last).unwrap_or_default()),
            "openTime": clock - 86_400_000, "closeTime": clock, "firstId": 1, "lastId": 1, "count": 1,
        }))
    })
}

fn last(asked: &mut Asked<'_>) -> Result<Value, No> {
    asked.each(|i| {
        let quote = asked.floor.quote(i)?;
        Ok(json!({"symbol": rule::name(i), "price": plain(quote.last)}))
    })
}

fn best(asked: &mut Asked<'_>) -> Result<Value, No> {
    asked.each(|i| {
        let q = asked.floor.quote(i)?;
        Ok(json!({
            "symbol": rule::name(i), "bidPrice": plain(q.bid), "bidQty": plain(q.bid_size),
            "askPrice": plain(q.ask), "askQty": plain(q.ask_size),
        }))
    })
}

fn klines(asked: &mut Asked<'_>) -> Result<Value, No> {
    if asked.text("interval") != Some("1m") {
        return Err(No::bad(-1120, "Invalid interval."));
    }
    let limit = usize::try_from(asked.whole("limit")?.unwrap_or(500)).unwrap_or(500);
    let symbol = asked.symbol()?;
    let bars = asked.floor.desk.engine().market().bars(&symbol, limit.min(1_000));
    let line = |bar: &crate::market::bar::Bar| {
        let opened = millis(bar.time);
        json!([
            opened,
            plain(bar.open),
            plain(bar.high),
            plain(bar.low),
            plain(bar.close),
            plain(bar.volume),
            opened + 59_999,
            plain(Decimal::ZERO),
            0,
            plain(Decimal::ZERO),
            plain(Decimal::ZERO),
            "0",
        ])
    };
    Ok(Value::Array(bars.iter().map(line).collect()))
}

fn account(asked: &mut Asked<'_>) -> Result<Value, No> {
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

fn rights(asked: &mut Asked<'_>) -> Result<Value, No> {
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

fn query(asked: &mut Asked<'_>) -> Result<Value, No> {
    Ok(show::order(asked.own()?))
}

fn open(asked: &mut Asked<'_>) -> Result<Value, No> {
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

fn place(asked: &mut Asked<'_>) -> Result<Value, No> {
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

fn oco(asked: &mut Asked<'_>) -> Result<Value, No> {
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

fn cancel(asked: &mut Asked<'_>) -> Result<Value, No> {
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

fn lists(asked: &mut Asked<'_>) -> Result<Value, No> {
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

fn trades(asked: &mut Asked<'_>) -> Result<Value, No> {
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
