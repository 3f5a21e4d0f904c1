//! Reads executions. Decides what names one, how far a reading has come, and whose order it was. An execution is named by its
//! order and what of it was filled by then, because the stream and the list of activities name it differently.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use ordercast_model::instrument::Instrument;
use ordercast_model::{
    money::{Money, Price, Quantity},
    order::identity::ClientOrderId,
    ports::broker::{Access, BrokerError, VenueFill},
    time::Timestamp,
};
use rust_decimal::Decimal;

use super::{
    client::{Client, Who},
    error,
    listing::{self, Which, unreadable},
    map::{self, Strange, strange},
    wire,
};

/// The most activities of one answer, which is Alpaca's.
const PAGE: usize = 100;
/// Answers that are read in one call; the next call goes on from there.
const PAGES_MAX: usize = 10;
/// How late an execution may show in the list: so far back is read again.
const LATE: Duration = Duration::from_secs(10);
/// Orders that are asked for one by one in a call; more wait for the next.
const ASKED_MAX: usize = 40;

/// How far the list was read: an instant, and what was seen of the time before it in which something may show late.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Cursor {
    at: Timestamp,
    seen: BTreeSet<String>,
    /// Where this reading began.
    began: Timestamp,
}

impl Cursor {
    /// `1764000000000000;20251124...::ab,...`: microseconds, then the ids that are seen.
    pub(super) fn text(&self) -> String {
        let seen: Vec<&str> = self.seen.iter().map(String::as_str).collect();
        format!("{};{}", self.at.micros(), seen.join(","))
    }

    pub(super) fn read(text: &str) -> Result<Self, Strange> {
        let wrong = || strange("cursor", text);
        let (at, seen) = text.split_once(';').ok_or_else(wrong)?;
        let at = Timestamp::from_micros(at.parse().map_err(|_| wrong())?);
        Ok(Self {
            at,
            began: at,
            seen: seen
                .split(',')
                .filter(|id| !id.is_empty())
                .map(str::to_owned)
                .collect(),
        })
    }

    fn takes(&mut self, id: &str, at: Timestamp) -> bool {
        if !self.seen.insert(short(id)) {
            return false;
        }
        if at > self.at {
            self.at = at;
        }
        true
    }

    /// Forgets what cannot be offered again.
    fn trimmed(&self, kept: &BTreeMap<String, Timestamp>) -> Self {
        let edge = self.at.minus(LATE + LATE);
        let mut out = self.clone();
        // What an earlier reading saw is of its instant or before: it goes once that is out of reach.
        let began = self.began;
        out.seen
            .retain(|id| kept.get(id).copied().unwrap_or(began) >= edge);
        out
    }
}

/// The end of an activity's id, which tells it apart from others of the same seconds.
fn short(id: &str) -> String {
    let tail = id.rsplit("::").next().unwrap_or(id);
    tail.chars().filter(|c| *c != ',' && *c != ';').take(13).collect()
}

/// What names an execution.
pub(super) fn name(order_id: &str, filled: Decimal) -> String {
    format!("{order_id}/{}", filled.normalize())
}

/// Whose an order is, and of what; no instrument when it is not ours and of something Ordercast does not trade.
#[derive(Clone)]
struct Owner {
    id: Option<ClientOrderId>,
    instrument: Option<Instrument>,
}

/// Executions after a cursor, oldest first.
pub(super) async fn since(
    client: &Client,
    access: &Access,
    cursor: Option<&str>,
) -> Result<Vec<VenueFill>, BrokerError> {
    let mut at = match cursor {
        Some(text) => Cursor::read(text).map_err(unreadable)?,
        None => Cursor::default(),
    };
    let news = activities(client, access, &mut at.clone()).await?;
    let owners = owners(client, access, &news).await?;
    let mut times: BTreeMap<String, Timestamp> = BTreeMap::new();
    let mut all = Vec::with_capacity(news.len());
    for activity in &news {
        let order_id = activity.order_id.as_deref().unwrap_or_default();
        let Some(owner) = owners.get(order_id) else {
            // Nobody could be asked whose it is: this one and what follows wait for the next call.
            break;
        };
        let Some(instrument) = &owner.instrument else {
            // Its change of the account is seen in the account. The next fill carries the cursor past it.
            let time = activity.transaction_time.as_deref().unwrap_or_default();
            let when = map::instant("transaction_time", time).map_err(unreadable)?;
            at.takes(&activity.id, when);
            times.insert(short(&activity.id), when);
            continue;
        };
        let mut fill = fill(activity, order_id, (owner.id.as_ref(), instrument)).map_err(unreadable)?;
        at.takes(&activity.id, fill.at);
        times.insert(short(&activity.id), fill.at);
        fill.cursor = at.trimmed(&times).text();
        all.push(fill);
    }
    Ok(all)
}

/// Where the list ends now, for an account whose past is not ours.
pub(super) async fn end(client: &Client, access: &Access, now: Timestamp) -> Result<String, BrokerError> {
    let mut url = client.trading(access, &["v2", "account", "activities", "FILL"]);
    url.query_pairs_mut()
        .append_pair("direction", "desc")
        .append_pair("page_size", &PAGE.to_string());
    let who = Who::of(access).map_err(error::of_read)?;
    let newest: Vec<wire::Activity> = client.get(url, who).await.map_err(error::of_read)?;
    let mut cursor = Cursor {
        at: now,
        began: now,
        seen: BTreeSet::new(),
    };
    for activity in &newest {
        let at = activity.transaction_time.as_deref().unwrap_or_default();
        if now.since(map::instant("transaction_time", at).map_err(unreadable)?) <= LATE + LATE {
            cursor.seen.insert(short(&activity.id));
        }
    }
    Ok(cursor.text())
}

/// What the list holds that was not seen, oldest first.
async fn activities(
    client: &Client,
    access: &Access,
    at: &mut Cursor,
) -> Result<Vec<wire::Activity>, BrokerError> {
    let mut news = Vec::new();
    let mut token: Option<String> = None;
    for _ in 0..PAGES_MAX {
        let mut url = client.trading(access, &["v2", "account", "activities", "FILL"]);
        {
            let mut query = url.query_pairs_mut();
            query
                .append_pair("direction", "asc")
                .append_pair("page_size", &PAGE.to_string());
            if at.at > Timestamp::default() {
                let from = at.at.minus(LATE).utc().format("%Y-%m-%dT%H:%M:%SZ");
                query.append_pair("after", &from.to_string());
            }
            if let Some(token) = &token {
                query.append_pair("page_token", token);
            }
        }
        let who = Who::of(access).map_err(error::of_read)?;
        let page: Vec<wire::Activity> = client.get(url, who).await.map_err(error::of_read)?;
        let full = page.len() >= PAGE;
        token = page.last().map(|a| a.id.clone());
        news.extend(page.into_iter().filter(|a| !at.seen.contains(&short(&a.id))));
        if !full {
            break;
        }
    }
    Ok(news)
}

/// Whose the orders are: one look at the newest of their symbols, then one by one.
async fn owners(
    client: &Client,
    access: &Access,
    news: &[wire::Activity],
) -> Result<BTreeMap<String, Owner>, BrokerError> {
    // In the order of their fills, so that each call comes further than the one before.
    let mut wanted: Vec<&str> = Vec::new();
    for id in news.iter().filter_map(|a| a.order_id.as_deref()) {
        if !wanted.contains(&id) {
            wanted.push(id);
        }
    }
    let mut known = BTreeMap::new();
    if wanted.is_empty() {
        return Ok(known);
    }
    let symbols: BTreeSet<&str> = news.iter().filter_map(|a| a.symbol.as_deref()).collect();
    let symbols: Vec<&str> = symbols.into_iter().take(50).collect();
    let newest = listing::page(client, access, Which::All, Some(&symbols.join(",")), None)
        .await
        .map_err(error::of_read)?;
    for order in &newest {
        learn(&mut known, order)?;
    }
    let unknown: Vec<&str> = wanted.into_iter().filter(|id| !known.contains_key(*id)).collect();
    for id in unknown.into_iter().take(ASKED_MAX) {
        match listing::by_id(client, access, id).await.map_err(error::of_read)? {
            Some(order) => learn(&mut known, &order)?,
            None => {
                let of = news.iter().find(|a| a.order_id.as_deref() == Some(id));
                let symbol = of.and_then(|a| a.symbol.as_deref());
                let instrument = map::instrument(symbol, None).ok();
                known.insert(id.to_owned(), Owner { id: None, instrument });
            }
        }
    }
    Ok(known)
}

fn learn(known: &mut BTreeMap<String, Owner>, order: &wire::Order) -> Result<(), BrokerError> {
    for own in map::orders(order).map_err(unreadable)? {
        known.insert(
            own.broker_order_id,
            Owner {
                id: Some(own.client_order_id),
                instrument: Some(own.instrument),
            },
        );
    }
    for one in std::iter::once(order).chain(&order.legs) {
        if known.contains_key(&one.id) {
            continue;
        }
        // An order of many legs has no symbol of its own; nobody fills it.
        let instrument = map::instrument(one.symbol.as_deref(), one.asset_class.as_deref()).ok();
        known.insert(one.id.clone(), Owner { id: None, instrument });
    }
    Ok(())
}

fn fill(
    activity: &wire::Activity,
    order_id: &str,
    (id, instrument): (Option<&ClientOrderId>, &Instrument),
) -> Result<VenueFill, Strange> {
    let missing = |field| strange(field, "(none)");
    let quantity = activity.qty.ok_or_else(|| missing("fill's qty"))?.abs();
    let price = activity.price.ok_or_else(|| missing("fill's price"))?;
    let time = activity.transaction_time.as_deref().unwrap_or_default();
    Ok(VenueFill {
        venue_fill_id: activity
            .cum_qty
            .map_or_else(|| activity.id.clone(), |filled| name(order_id, filled)),
        client_order_id: id.cloned(),
        broker_order_id: order_id.to_owned(),
        instrument: instrument.clone(),
        side: map::side(activity.side.as_deref())?,
        quantity: Quantity::new(quantity).map_err(|_| strange("fill's qty", quantity))?,
        price: Price::new(price).map_err(|_| strange("fill's price", price))?,
        // Alpaca books what it charges as activities of their own, at the end of the day.
        fee: Money::usd(Decimal::ZERO),
        at: map::instant("transaction_time", time)?,
        cursor: String::new(),
    })
}

/// An execution as the stream tells it; none when a figure is missing.
pub(super) fn streamed(
    update: &wire::Update,
    id: &ClientOrderId,
    instrument: &Instrument,
) -> Option<VenueFill> {
    let order = &update.order;
    Some(VenueFill {
        venue_fill_id: name(&order.id, order.filled_qty?),
        client_order_id: Some(id.clone()),
        broker_order_id: order.id.clone(),
        instrument: instrument.clone(),
        side: map::side(order.side.as_deref()).ok()?,
        quantity: Quantity::new(update.qty?.abs()).ok().filter(|q| !q.is_zero())?,
        price: Price::new(update.price?).ok()?,
        fee: Money::usd(Decimal::ZERO),
        at: map::instant("timestamp", update.timestamp.as_deref()?).ok()?,
        cursor: String::new(),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_cursor_reads_as_it_was_written_and_offers_nothing_twice() {
        let second = |s: i64| Timestamp::from_seconds(1_764_000_000 + s);
        let mut cursor = Cursor::default();
        let mut times = BTreeMap::new();
        for (id, at) in [
            ("20251124::aaaa", 1),
            ("20251124::bbbb", 1),
            ("20251124::cccc", 40),
        ] {
            assert!(cursor.takes(id, second(at)));
            assert!(!cursor.takes(id, second(at)));
            times.insert(short(id), second(at));
        }
        let kept = cursor.trimmed(&times);
        assert_eq!(kept.seen, BTreeSet::from(["cccc".to_owned()]));
        let mut read = Cursor::read(&kept.text()).unwrap();
        assert_eq!(read.text(), kept.text());
        // What an earlier reading saw goes once it is out of reach, and no sooner.
        assert!(read.takes("20251124::dddd", second(50)));
        let later = read.trimmed(&BTreeMap::from([("dddd".to_owned(), second(50))]));
        assert_eq!(later.seen, BTreeSet::from(["cccc".to_owned(), "dddd".to_owned()]));
        assert!(read.takes("20251124::eeee", second(90)));
        let times = BTreeMap::from([("dddd".to_owned(), second(50)), ("eeee".to_owned(), second(90))]);
        assert_eq!(read.trimmed(&times).seen, BTreeSet::from(["eeee".to_owned()]));
        assert!(Cursor::read("yesterday").is_err());
    }
}
