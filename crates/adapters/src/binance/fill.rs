//! Reads executions. Binance lists them by symbol and without our ids: decides which symbols are asked, how far each was read,
//! whose order it was, and what a commission is in the account's money.

use std::collections::{BTreeMap, BTreeSet};

use ordercast_model::{
    instrument::Instrument,
    money::{self, Money, Quantity},
    order::{identity::ClientOrderId, shape::OrderSide},
    ports::broker::{BrokerError, VenueFill},
};
use rust_decimal::Decimal;

use super::{
    error::{self, No},
    listing::{Desk, unreadable},
    map::{self, Strange, strange},
    symbol, wire,
};

/// The most executions of one answer, which is Binance's.
const PAGE: usize = 1_000;
/// Answers that are read of one symbol in a call; the next call goes on from there.
const PAGES_MAX: usize = 5;

/// How far the lists were read: since when the account is ours, and the last execution of each symbol.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Cursor {
    since: i64,
    last: BTreeMap<String, i64>,
}

impl Cursor {
    /// `1764000000000;BTCUSDT=28457,ETHUSDT=9`: milliseconds, then the last execution of each symbol.
    pub(super) fn text(&self) -> String {
        let parts: Vec<String> = self.last.iter().map(|(s, id)| format!("{s}={id}")).collect();
        format!("{};{}", self.since, parts.join(","))
    }

    pub(super) fn read(text: &str) -> Result<Self, Strange> {
        let wrong = || strange("cursor", text);
        let (since, parts) = text.split_once(';').ok_or_else(wrong)?;
        let mut last = BTreeMap::new();
        for part in parts.split(',').filter(|p| !p.is_empty()) {
            let (symbol, id) = part.split_once('=').ok_or_else(wrong)?;
            last.insert(symbol.to_owned(), id.parse().map_err(|_| wrong())?);
        }
        Ok(Self {
            since: since.parse().map_err(|_| wrong())?,
            last,
        })
    }

    /// What comes before now is not ours.
    pub(super) fn from_now(millis: i64) -> Self {
        Self {
            since: millis,
            last: BTreeMap::new(),
        }
    }
}

/// What names an execution: Binance counts them by symbol.
pub(super) fn name(symbol: &str, id: i64) -> String {
    format!("{symbol}/{id}")
}

/// Executions after a cursor, oldest first.
pub(super) async fn since(desk: &Desk<'_>, cursor: Option<&str>) -> Result<Vec<VenueFill>, BrokerError> {
    let mut at = match cursor {
        Some(text) => Cursor::read(text).map_err(unreadable)?,
        None => Cursor::default(),
    };
    let account = desk.balances().await.map_err(error::of_read)?;
    let mut news: Vec<(String, wire::Trade)> = Vec::new();
    for symbol in symbols(desk, &account) {
        let found = trades(desk, &symbol, &at).await.map_err(error::of_read)?;
        news.extend(found.into_iter().map(|trade| (symbol.clone(), trade)));
    }
    news.sort_by_key(|(symbol, trade)| (trade.time, symbol.clone(), trade.id));
    let mut all = Vec::with_capacity(news.len());
    for (symbol, trade) in &news {
        let instrument = map::instrument(symbol, desk.quote()).map_err(unreadable)?;
        let owner = owner(desk, symbol, trade.order_id)
            .await
            .map_err(error::of_read)?;
        let paid = (trade.commission, trade.commission_asset.as_deref());
        let price = trade.price.unwrap_or_default();
        let fee = fee(desk, &instrument, paid, price)
            .await
            .map_err(error::of_read)?;
        at.last.insert(symbol.clone(), trade.id);
        all.push(fill(symbol, trade, &instrument, owner, fee, at.text()).map_err(unreadable)?);
    }
    Ok(all)
}

/// Binance answers a symbol that it does not list with an error: coins without a pair are left out.
fn symbols(desk: &Desk<'_>, account: &wire::Account) -> BTreeSet<String> {
    desk.symbols(account)
}

/// What one symbol's list holds after the cursor.
async fn trades(desk: &Desk<'_>, symbol: &str, at: &Cursor) -> Result<Vec<wire::Trade>, No> {
    let mut from = at.last.get(symbol).map(|last| last.saturating_add(1));
    let mut news = Vec::new();
    for _ in 0..PAGES_MAX {
        let mut params = vec![("symbol", symbol.to_owned())];
        if let Some(from) = from {
            params.push(("fromId", from.to_string()));
        }
        params.push(("limit", PAGE.to_string()));
        let asked = desk.client.get(&desk.who, "api/v3/myTrades", params, 20).await;
        let page: Vec<wire::Trade> = match asked {
            Ok(page) => page,
            Err(No::Refused(refusal)) if refusal.kind.code() == "invalid_symbol" => return Ok(news),
            Err(no) => return Err(no),
        };
        let full = page.len() >= PAGE;
        let last = page.last().map(|t| t.id.saturating_add(1));
        let known = from.is_some();
        news.extend(page.into_iter().filter(|t| known || t.time >= at.since));
        if !full || !known {
            break;
        }
        from = last;
    }
    Ok(news)
}

/// Our id of the order that was filled; none for another's.
async fn owner(desk: &Desk<'_>, symbol: &str, number: i64) -> Result<Option<ClientOrderId>, No> {
    let known = desk.memory.name(symbol, number);
    let text = match known {
        Some(text) => Some(text),
        None => desk.by_number(symbol, number).await?.map(|o| o.client_order_id),
    };
    Ok(text.and_then(|text| text.parse().ok()))
}

/// A commission in the account's money: as it is when it was paid in it, at the execution's price when it was paid in the coin
/// itself, else at the last price of what it was paid in.
pub(super) async fn fee(
    desk: &Desk<'_>,
    instrument: &Instrument,
    (amount, asset): (Option<Decimal>, Option<&str>),
    price: Decimal,
) -> Result<Money, No> {
    let currency = desk.client.hosts.currency;
    let amount = amount.unwrap_or_default();
    let (false, Some(asset)) = (amount.is_zero(), asset) else {
        return Ok(Money::zero(currency));
    };
    let rate = if asset == desk.quote() {
        Decimal::ONE
    } else if asset == instrument.underlying() {
        price
    } else {
        let pair = symbol::pair(asset, desk.quote()).and_then(|i| symbol::theirs(&i));
        let priced = match pair {
            Some(pair) => desk.price(&pair).await?,
            None => None,
        };
        priced.ok_or_else(|| No::Unclear(format!("a commission in {asset}, which has no price here")))?
    };
    let value = money::times(amount, rate).map_err(|e| No::Unclear(e.to_string()))?;
    Ok(Money::new(value.round_dp(8), currency))
}

fn fill(
    symbol: &str,
    trade: &wire::Trade,
    instrument: &Instrument,
    owner: Option<ClientOrderId>,
    fee: Money,
    cursor: String,
) -> Result<VenueFill, Strange> {
    let quantity = trade.qty.unwrap_or_default();
    Ok(VenueFill {
        venue_fill_id: name(symbol, trade.id),
        client_order_id: owner,
        broker_order_id: trade.order_id.to_string(),
        instrument: instrument.clone(),
        side: if trade.is_buyer {
            OrderSide::Buy
        } else {
            OrderSide::Sell
        },
        quantity: Quantity::new(quantity).map_err(|_| strange("qty", quantity))?,
        price: map::price(trade.price).ok_or_else(|| strange("price", "(none)"))?,
        fee,
        at: map::instant(trade.time),
        cursor,
    })
}

/// An execution as the stream tells it; none when a figure is missing.
pub(super) fn streamed(
    report: &wire::Report,
    id: &ClientOrderId,
    instrument: &Instrument,
    fee: Money,
) -> Option<VenueFill> {
    Some(VenueFill {
        venue_fill_id: name(&report.s, report.t.filter(|t| *t >= 0)?),
        client_order_id: Some(id.clone()),
        broker_order_id: report.i.to_string(),
        instrument: instrument.clone(),
        side: map::side(&report.side).ok()?,
        quantity: map::quantity("l", report.l).ok().filter(|q| !q.is_zero())?,
        price: map::price(report.price)?,
        fee,
        at: map::instant(report.at),
        cursor: String::new(),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_cursor_reads_as_it_was_written() {
        let mut cursor = Cursor::from_now(1_764_000_000_000);
        assert_eq!(Cursor::read(&cursor.text()).unwrap(), cursor);
        cursor.last.insert("ETHUSDT".to_owned(), 9);
        cursor.last.insert("BTCUSDT".to_owned(), 28_457);
        assert_eq!(cursor.text(), "1764000000000;BTCUSDT=28457,ETHUSDT=9");
        assert_eq!(Cursor::read(&cursor.text()).unwrap(), cursor);
        for odd in ["yesterday", "1;BTCUSDT", "1;BTCUSDT=x"] {
            assert!(Cursor::read(odd).is_err(), "{odd}");
        }
    }
}
