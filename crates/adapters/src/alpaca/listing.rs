//! Finds orders at Alpaca. Decides how far back is looked; refuses to take a list that it could not read for an empty one.

use ordercast_model::{
    order::identity::ClientOrderId,
    ports::broker::{Access, BrokerError, ErrorKind, VenueOrder},
};
use reqwest::Url;

use super::{
    client::{Client, Who},
    error::{self, No},
    map,
    tag::Tag,
    wire,
};

/// The most orders of one answer, which is Alpaca's.
const PAGE: usize = 500;
/// Answers that are read while looking for the leg of a pair.
const PAGES_MAX: usize = 6;

/// Which orders are listed.
#[derive(Clone, Copy)]
pub(super) enum Which {
    Open,
    All,
}

impl Which {
    const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::All => "all",
        }
    }
}

pub(super) fn unreadable(why: map::Strange) -> BrokerError {
    BrokerError::Unavailable(why.to_string())
}

/// One answer of the list, newest first, pairs with their legs. `until` asks for what was submitted before.
pub(super) async fn page(
    client: &Client,
    access: &Access,
    which: Which,
    symbols: Option<&str>,
    until: Option<&str>,
) -> Result<Vec<wire::Order>, No> {
    let mut url = client.trading(access, &["v2", "orders"]);
    {
        let mut query = url.query_pairs_mut();
        query
            .append_pair("status", which.code())
            .append_pair("limit", &PAGE.to_string())
            .append_pair("direction", "desc")
            .append_pair("nested", "true");
        if let Some(symbols) = symbols {
            query.append_pair("symbols", symbols);
        }
        if let Some(until) = until {
            query.append_pair("until", until);
        }
    }
    client.get(url, Who::of(access)?).await
}

/// Working orders of ours, legs included. More than one answer holds are read on.
pub(super) async fn open(client: &Client, access: &Access) -> Result<Vec<wire::Order>, No> {
    let mut all: Vec<wire::Order> = Vec::new();
    let mut until: Option<String> = None;
    for _ in 0..PAGES_MAX {
        let found = page(client, access, Which::Open, None, until.as_deref()).await?;
        let full = found.len() >= PAGE;
        until = found.last().and_then(|o| o.submitted_at.clone());
        all.extend(found);
        if !full || until.is_none() {
            return Ok(all);
        }
    }
    Err(No::Unclear(format!(
        "more than {} working orders",
        PAGE * PAGES_MAX
    )))
}

/// One order by Alpaca's id, with its legs; none when there is none.
pub(super) async fn by_id(client: &Client, access: &Access, id: &str) -> Result<Option<wire::Order>, No> {
    let mut url = client.trading(access, &["v2", "orders", id]);
    url.query_pairs_mut().append_pair("nested", "true");
    found(client.get(url, Who::of(access)?).await)
}

fn found<T>(answer: Result<T, No>) -> Result<Option<T>, No> {
    match answer {
        Ok(order) => Ok(Some(order)),
        Err(No::Refused(refusal)) if refusal.kind == ErrorKind::OrderNotFound => Ok(None),
        Err(no) => Err(no),
    }
}

/// The address of an order by the id that Alpaca was told.
fn by_client_id(client: &Client, access: &Access, text: &str) -> Url {
    let mut url = client.trading(access, &["v2", "orders:by_client_order_id"]);
    url.query_pairs_mut().append_pair("client_order_id", text);
    url
}

/// One order by the id that Alpaca was told; none when there is none.
pub(super) async fn by_text(client: &Client, access: &Access, text: &str) -> Result<Option<wire::Order>, No> {
    found(
        client
            .get(by_client_id(client, access, text), Who::of(access)?)
            .await,
    )
}

/// An order of ours with what Alpaca shows of it: the one that carries the id itself, else the pair that names it.
pub(super) async fn ours(
    client: &Client,
    access: &Access,
    id: &ClientOrderId,
) -> Result<Option<(wire::Order, VenueOrder)>, BrokerError> {
    if let Some(order) = by_text(client, access, id.as_str())
        .await
        .map_err(error::of_read)?
    {
        let own = map::order_as(id.clone(), &order).map_err(unreadable)?;
        return Ok(Some((order, own)));
    }
    let mut until: Option<String> = None;
    for _ in 0..PAGES_MAX {
        let page = page(client, access, Which::All, None, until.as_deref())
            .await
            .map_err(error::of_read)?;
        for order in &page {
            if !names(order, id) {
                continue;
            }
            let shown = map::orders(order).map_err(unreadable)?;
            let Some(own) = shown.into_iter().find(|o| &o.client_order_id == id) else {
                continue;
            };
            return Ok(Some((order.clone(), own)));
        }
        until = page.last().and_then(|o| o.submitted_at.clone());
        if page.len() < PAGE || until.is_none() {
            return Ok(None);
        }
    }
    // A leg is looked for within minutes of its sending: it would be among the newest.
    Ok(None)
}

fn names(order: &wire::Order, id: &ClientOrderId) -> bool {
    let tag = order.client_order_id.as_deref().and_then(Tag::read);
    tag.is_some_and(|tag| tag.own == *id || tag.other.as_ref() == Some(id))
}
