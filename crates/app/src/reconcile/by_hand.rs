//! Orders that work at the broker and that its owner placed there, past us (PRODUCT EX-20): seen, told once, told again when
//! they change or end. They stand in the account's row, so that limits count them. Refuses to touch one.

use std::collections::BTreeMap;

use ordercast_model::{
    account::Account,
    journal::{
        entry::{Actor, ActorKind, Entry, Trade},
        kind::Kind,
    },
    money::{Price, show},
    order::intent::Order,
    outside::{OutsideOrder, Size, Terms},
    ports::{
        broker::{Access, Broker, ShownOrder, VenueState},
        store::{Batch, CommitError},
    },
};
use serde_json::json;

use crate::{execute::JobError, record::Post};

/// Orders kept of one account, those seen first. With half as many nothing is opened any more (EX-25), so that the rest
/// changes no decision.
const KEPT_MAX: usize = 100;

/// Takes in what of the shown orders is not ours, and what became of those that were shown before. False when another
/// writer was in between: to be asked again. Safe to repeat.
pub(super) async fn take_in(
    post: &Post<'_>,
    broker: &dyn Broker,
    access: &Access,
    (shown, open): (&[ShownOrder], &[Order]),
) -> Result<bool, JobError> {
    let Some(account) = post.account().await? else {
        return Ok(true);
    };
    let foreign = foreign(post, shown, open).await?;
    if foreign.is_empty() && account.outside.is_empty() {
        return Ok(true);
    }
    let mut batch = Batch::new();
    let mut kept = BTreeMap::new();
    for (id, known) in &account.outside {
        match foreign.get(id.as_str()) {
            Some(now) => {
                let next = OutsideOrder {
                    price: now.terms.price().or(known.price),
                    terms: now.terms.clone(),
                    ..known.clone()
                };
                if next.terms != known.terms {
                    batch.note(told(post, now, "changed"));
                }
                kept.insert(id.clone(), next);
            }
            None => match broker.order_by_broker_id(access, id).await {
                // The list is behind, or nobody could be asked: looked at again with the next comparison.
                Ok(Some(now)) if !now.state.is_final() => {
                    kept.insert(id.clone(), known.clone());
                }
                Ok(Some(now)) => batch.note(told(post, &now, state(now.state))),
                Ok(None) => batch.note(told(post, &gone(known, post), "gone")),
                Err(error) => {
                    tracing::warn!(connection = %post.connection.id, order = id, %error, "an order by hand is not read");
                    kept.insert(id.clone(), known.clone());
                }
            },
        }
    }
    for (id, now) in foreign {
        if account.outside.contains_key(id) {
            continue;
        }
        if kept.len() >= KEPT_MAX {
            tracing::warn!(connection = %post.connection.id, max = KEPT_MAX, "more orders by hand than are kept");
            break;
        }
        let order = OutsideOrder {
            terms: now.terms.clone(),
            price: priced(post, &account, &now.terms).await,
            in_buying_power: broker.capabilities().reserves_working,
            since: post.ctx.now(),
        };
        batch.note(told(post, now, "working"));
        kept.insert(id.to_owned(), order);
    }
    if kept == account.outside {
        return Ok(true);
    }
    batch.update(Account {
        version: account.version + 1,
        outside: kept,
        ..account
    });
    match post.ctx.commit(post.scope.clone(), batch).await {
        Ok(()) => Ok(true),
        Err(CommitError::Conflict { .. }) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Those of the shown orders that this connection did not place, by the venue's id. An id in the form of ours is ours only
/// when we know the order.
async fn foreign<'a>(
    post: &Post<'_>,
    shown: &'a [ShownOrder],
    open: &[Order],
) -> Result<BTreeMap<&'a str, &'a ShownOrder>, JobError> {
    let mut foreign = BTreeMap::new();
    for order in shown {
        let ours = match &order.client_order_id {
            Some(id) if open.iter().any(|o| o.client_order_id() == id) => true,
            Some(id) => post.order_by_client_id(id.as_str()).await?.is_some(),
            None => false,
        };
        if !ours {
            foreign.insert(order.terms.broker_order_id.as_str(), order);
        }
    }
    Ok(foreign)
}

/// The price an order is counted at: its own, else the last one known.
async fn priced(post: &Post<'_>, account: &Account, terms: &Terms) -> Option<Price> {
    if let Some(own) = terms.price() {
        return Some(own);
    }
    let quote = match post.ctx.market(post.connection) {
        Some(market) => market.quote(&terms.instrument).await.ok(),
        None => None,
    };
    let held = account.holdings.get(&terms.instrument).map(|h| h.mark);
    quote.map(|q| q.last).or(held)
}

/// What is said of an order that the venue does not know any more.
fn gone(known: &OutsideOrder, post: &Post<'_>) -> ShownOrder {
    ShownOrder {
        client_order_id: None,
        terms: known.terms.clone(),
        state: VenueState::Cancelled,
        average_price: None,
        reason: None,
        at: post.ctx.now(),
    }
}

const fn state(state: VenueState) -> &'static str {
    match state {
        VenueState::Filled => "filled",
        VenueState::Cancelled => "cancelled",
        VenueState::Expired => "expired",
        VenueState::Rejected => "rejected",
        VenueState::Working | VenueState::PartiallyFilled => "working",
    }
}

/// What happened, as a trader says it.
fn message(order: &ShownOrder, what: &str) -> String {
    let terms = &order.terms;
    let filled = match order.average_price {
        _ if terms.filled.is_zero() => String::new(),
        Some(price) => format!(", {} filled at {}", terms.filled, show(price.value())),
        None => format!(", {} filled", terms.filled),
    };
    match what {
        "working" => format!("An order you placed at the broker: {terms}, working{filled}"),
        "changed" => format!("An order you placed at the broker changed: {terms}{filled}"),
        "gone" => format!("An order you placed at the broker is no longer there: {terms}{filled}"),
        ended => format!("An order you placed at the broker was {ended}: {terms}{filled}"),
    }
}

fn told(post: &Post<'_>, order: &ShownOrder, what: &str) -> Entry {
    let (connection, terms) = (post.connection, &order.terms);
    let broker = Actor {
        kind: ActorKind::Broker,
        id: connection.broker.clone(),
    };
    let about = ("connection", connection.id.to_string());
    let mut entry = post.ctx.entry(Kind::OrderExternal, broker, about);
    entry.user = Some(connection.user_id);
    entry.reason = Some("external".to_owned());
    entry.links.connection = Some(connection.id);
    let (units, amount) = match terms.size {
        Size::Units(units) => (Some(units), None),
        Size::Amount(amount) => (None, Some(amount.normalize().to_string())),
    };
    entry.trade = units.map(|quantity| Trade {
        broker: connection.broker.clone(),
        symbol: terms.instrument.to_string(),
        side: terms.side,
        quantity,
        price: terms.price(),
        broker_order_id: Some(terms.broker_order_id.clone()),
    });
    entry.after = Some(json!({
        "about": Kind::OrderExternal.code(),
        "message": message(order, what),
        "state": what,
        "broker_order_id": terms.broker_order_id,
        "symbol": terms.instrument,
        "side": terms.side,
        "order_quantity": units,
        "amount": amount,
        "filled": terms.filled,
        "average_price": order.average_price,
        "type": terms.order_type,
        "limit_price": terms.limit,
        "stop_price": terms.stop,
    }));
    entry
}
