//! Decides which routes there are, what each weighs and takes, and answers them. Refuses parameters that a route does not have.

use ordercast_model::{instrument::Instrument, time::Timestamp};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::{
    binance::{config::Network, data, floor::Floor, no::No, rule, ticket::Ticket, trading},
    venue::order::Side,
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
        data::info,
    ),
    route(
        "GET",
        "/api/v3/ticker/24hr",
        Security::Open,
        (2, 2),
        &[],
        &["symbol", "symbols"],
        data::day,
    ),
    route(
        "GET",
        "/api/v3/ticker/price",
        Security::Open,
        (2, 4),
        &[],
        &["symbol", "symbols"],
        data::last,
    ),
    route(
        "GET",
        "/api/v3/ticker/bookTicker",
        Security::Open,
        (2, 4),
        &[],
        &["symbol", "symbols"],
        data::best,
    ),
    route(
        "GET",
        "/api/v3/klines",
        Security::Open,
        (2, 2),
        &["symbol", "interval"],
        &["limit"],
        data::klines,
    ),
    route(
        "GET",
        "/api/v3/account",
        Security::Signed,
        (20, 20),
        &[],
        &[],
        trading::account,
    ),
    route(
        "GET",
        "/sapi/v1/account/apiRestrictions",
        Security::Signed,
        (1, 1),
        &[],
        &[],
        trading::rights,
    ),
    route(
        "GET",
        "/api/v3/order",
        Security::Signed,
        (4, 4),
        &["symbol"],
        BY,
        trading::query,
    ),
    route(
        "POST",
        "/api/v3/order",
        Security::Trade(1),
        (1, 1),
        ORDER_NEEDED,
        ORDER_ALLOWED,
        trading::place,
    ),
    route(
        "DELETE",
        "/api/v3/order",
        Security::Trade(0),
        (1, 1),
        &["symbol"],
        BY,
        trading::cancel,
    ),
    route(
        "GET",
        "/api/v3/openOrders",
        Security::Signed,
        (6, 80),
        &[],
        &["symbol"],
        trading::open,
    ),
    route(
        "GET",
        "/api/v3/myTrades",
        Security::Signed,
        (20, 20),
        &["symbol"],
        &["orderId", "fromId", "limit", "startTime", "endTime"],
        trading::trades,
    ),
    route(
        "POST",
        "/api/v3/orderList/oco",
        Security::Trade(2),
        (1, 1),
        OCO_NEEDED,
        OCO_ALLOWED,
        trading::oco,
    ),
    route(
        "GET",
        "/api/v3/openOrderList",
        Security::Signed,
        (6, 6),
        &[],
        &[],
        trading::lists,
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
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.params
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    }

    pub(super) fn number(&self, name: &str) -> Result<Option<Decimal>, No> {
        let Some(text) = self.text(name) else {
            return Ok(None);
        };
        let good = text.len() <= 20 && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        let read = text.parse::<Decimal>().ok().filter(|_| good);
        read.map(Some).ok_or_else(|| {
            No::bad(-1100, format!("Illegal characters found in parameter '{name}'; legal range is '^([0-9]{{1,20}})(\\.[0-9]{{1,20}})?$'."))
        })
    }

    pub(super) fn whole(&self, name: &str) -> Result<Option<i64>, No> {
        let Some(text) = self.text(name) else {
            return Ok(None);
        };
        text.parse().map(Some).map_err(|_| No::missing(name))
    }

    pub(super) fn symbol(&self) -> Result<Instrument, No> {
        let name = self.text("symbol").ok_or_else(|| No::missing("symbol"))?;
        rule::resolve(self.floor.desk.engine().market(), name)
    }

    /// The symbols a question is about; none when it is about all.
    pub(super) fn symbols(&self) -> Result<Option<Vec<Instrument>>, No> {
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
    pub(super) fn each(&self, show: impl Fn(&Instrument) -> Result<Value, No>) -> Result<Value, No> {
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

    pub(super) fn client(&self, name: &str) -> Result<Option<String>, No> {
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

    pub(super) fn side(&self) -> Result<Side, No> {
        match self.text("side") {
            Some("BUY") => Ok(Side::Buy),
            Some("SELL") => Ok(Side::Sell),
            _ => Err(No::bad(-1117, "Invalid side.")),
        }
    }

    /// An order of the caller's by either id.
    pub(super) fn own(&self) -> Result<&Ticket, No> {
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
