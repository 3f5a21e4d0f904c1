//! The demo's own audit: the journal verifies, every order's state follows from its entries, and orders, fills,
//! positions and cash equal the venue's own ledger.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, anyhow};
use ordercast_app::context::Context;
use ordercast_model::{
    account::Account,
    connection::Connection,
    journal::entry::{Chained, Link},
    order::intent::{Fill, Order},
    ports::store::{Page, Query, SystemQuery, find, find_any},
    position::Lot,
    tenant::{SystemScope, TenantScope},
};
use ordercast_rules::chain::{self, lifecycle::Lifecycles};
use rust_decimal::Decimal;
use serde_json::Value;

const AUDIT: SystemScope = SystemScope::housekeeping("the demo audits itself");
/// Entries read at once.
const PAGE: u32 = 1_000;

/// The whole journal, read and verified.
#[derive(Debug, Default)]
pub struct Journal {
    /// Entries in order.
    pub entries: Vec<Chained>,
    /// The first bad entry, in words.
    pub fault: Option<String>,
    head: Option<Link>,
}

impl Journal {
    /// Reads and verifies what was written since the last reading; the first time, everything from entry 0.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn read_on(&mut self, ctx: &Context) -> Result<()> {
        while self.fault.is_none() {
            let part = ctx.store.chained(self.entries.len() as u64, PAGE).await?;
            if part.is_empty() {
                break;
            }
            match chain::verify(self.head.as_ref(), &part) {
                Ok(verified) => self.head = verified.head,
                Err(fault) => self.fault = Some(fault.to_string()),
            }
            self.entries.extend(part);
        }
        Ok(())
    }
}

/// Everything that is not as it must be, in words; empty when all is well.
///
/// # Errors
/// When the store or the venue does not answer.
pub async fn audit(ctx: &Context, ledger: &Value, journal: &Journal) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    faults.extend(journal.fault.clone());
    let mut lives = Lifecycles::default();
    for entry in &journal.entries {
        lives.observe_chained(entry);
    }
    faults.extend(lives.faults().iter().map(ToString::to_string));
    let mut orders = Vec::new();
    for connection in find_any::<Connection>(
        ctx.store.as_ref(),
        AUDIT,
        SystemQuery::Connections(Page::first(1_000)),
    )
    .await?
    {
        let scope = TenantScope::of_user(&connection);
        let own = all_orders(ctx, &scope).await?;
        let fills = all_fills(ctx, &scope).await?;
        let accounts = find::<Account>(ctx.store.as_ref(), &scope, Query::Accounts).await?;
        let account = accounts.into_iter().find(|a| a.connection_id == connection.id);
        let account = account.ok_or_else(|| anyhow!("{} has no account", connection.account_id))?;
        let truth = of_account(ledger, &connection.account_id)
            .ok_or_else(|| anyhow!("the venue does not know {}", connection.account_id))?;
        faults.extend(compare(&connection, &account, &own, &fills, truth));
        let lots = find::<Lot>(ctx.store.as_ref(), &scope, Query::LotsOpen(None)).await?;
        faults.extend(lots.iter().filter(|l| is_naked(l, &own)).map(|l| {
            format!(
                "{}: {} of {} held, {} protected",
                connection.account_id, l.open, l.instrument, l.covered
            )
        }));
        orders.extend(own);
    }
    faults.extend(
        chain::lifecycle::check(&orders, &lives)
            .iter()
            .map(ToString::to_string),
    );
    Ok(faults)
}

async fn all_orders(ctx: &Context, scope: &TenantScope) -> Result<Vec<Order>> {
    let (mut all, mut page) = (Vec::new(), Page::first(PAGE));
    loop {
        let part = find::<Order>(ctx.store.as_ref(), scope, Query::Orders(None, page)).await?;
        let Some(last) = part.last().map(|o| o.id.to_string()) else {
            return Ok(all);
        };
        all.extend(part);
        page = Page {
            after: Some(last),
            limit: PAGE,
        };
    }
}

async fn all_fills(ctx: &Context, scope: &TenantScope) -> Result<Vec<Fill>> {
    let (mut all, mut page) = (Vec::new(), Page::first(PAGE));
    loop {
        let part = find::<Fill>(ctx.store.as_ref(), scope, Query::Fills(page)).await?;
        let Some(last) = part.last().map(|f| f.id.to_string()) else {
            return Ok(all);
        };
        all.extend(part);
        page = Page {
            after: Some(last),
            limit: PAGE,
        };
    }
}

/// Whether more is held than protection and working closes cover although its plan has a stop. Protection leaves room
/// for a close that works.
fn is_naked(lot: &Lot, orders: &[Order]) -> bool {
    let planned = lot.protection.stop.is_some() || lot.protection.trailing.is_some();
    let closes = orders
        .iter()
        .filter(|o| o.lot_id == Some(lot.id) && o.leg.leaves() && !o.state.is_final());
    let closing: Decimal = closes.map(|o| o.remaining().value()).sum();
    planned && lot.covered.value() + closing < lot.open.value()
}

fn of_account<'a>(ledger: &'a Value, id: &str) -> Option<&'a Value> {
    ledger
        .get("accounts")?
        .as_array()?
        .iter()
        .find(|a| a.pointer("/account/account").and_then(Value::as_str) == Some(id))
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn number(value: &Value, field: &str) -> Decimal {
    text(value, field)
        .parse::<Decimal>()
        .unwrap_or_default()
        .normalize()
}

fn list<'a>(value: &'a Value, field: &str) -> impl Iterator<Item = &'a Value> {
    value.get(field).and_then(Value::as_array).into_iter().flatten()
}

/// Collects what differs between our rows and the venue's ledger.
struct Differences<'a> {
    account: &'a str,
    found: Vec<String>,
}

impl Differences<'_> {
    fn note(&mut self, what: &str, ours: &str, theirs: &str) {
        if ours != theirs {
            self.found.push(format!(
                "{}: {what}: ours {ours}, the venue's {theirs}",
                self.account
            ));
        }
    }
}

fn compare(
    connection: &Connection,
    account: &Account,
    orders: &[Order],
    fills: &[Fill],
    truth: &Value,
) -> Vec<String> {
    let mut all = Differences {
        account: &connection.account_id,
        found: Vec::new(),
    };
    let venue_cash = truth
        .get("account")
        .map(|a| number(a, "cash"))
        .unwrap_or_default();
    all.note(
        "cash",
        &account.cash.normalize().to_string(),
        &venue_cash.to_string(),
    );
    let held: BTreeMap<String, String> = account
        .holdings
        .iter()
        .filter(|(_, h)| !h.quantity.is_zero())
        .map(|(i, h)| (i.to_string(), h.quantity.normalize().to_string()))
        .collect();
    let theirs: BTreeMap<String, String> = list(truth, "positions")
        .map(|p| {
            let sign = if text(p, "side") == "short" {
                -Decimal::ONE
            } else {
                Decimal::ONE
            };
            (
                text(p, "symbol").to_owned(),
                (number(p, "quantity") * sign).normalize().to_string(),
            )
        })
        .collect();
    all.note("positions", &format!("{held:?}"), &format!("{theirs:?}"));
    let mut ours: Vec<String> = fills
        .iter()
        .map(|f| format!("{} {} @ {}", f.venue_fill_id, f.quantity, f.price))
        .collect();
    let mut venue: Vec<String> = list(truth, "fills")
        .map(|f| {
            format!(
                "{} {} @ {}",
                text(f, "fill_id"),
                number(f, "quantity"),
                number(f, "price")
            )
        })
        .collect();
    ours.sort_unstable();
    venue.sort_unstable();
    all.note("fills", &ours.join(", "), &venue.join(", "));
    compare_orders(&mut all, orders, truth);
    all.found
}

fn compare_orders(all: &mut Differences<'_>, orders: &[Order], truth: &Value) {
    let at_venue: BTreeMap<&str, &Value> = list(truth, "orders")
        .map(|o| (text(o, "client_order_id"), o))
        .collect();
    for order in orders {
        let venue = at_venue.get(order.client_order_id().as_str());
        let filled = venue.map(|o| number(o, "filled_quantity")).unwrap_or_default();
        all.note(
            &format!("filled of {}", order.id),
            &order.filled.to_string(),
            &filled.to_string(),
        );
        let state = order.state.code();
        match venue.map(|o| text(o, "status")) {
            Some(status) if !agrees(state, status) => {
                all.note(&format!("state of {}", order.id), state, status)
            }
            None if order.state.may_be_at_venue() => {
                all.note(&format!("order {}", order.id), state, "nothing")
            }
            _ => {}
        }
    }
    let known: BTreeSet<&str> = orders.iter().map(|o| o.client_order_id().as_str()).collect();
    for id in at_venue.keys().filter(|id| !known.contains(*id)) {
        all.note("order that is not ours", "none", id);
    }
}

/// Whether our state and the venue's status say the same.
fn agrees(state: &str, status: &str) -> bool {
    match status {
        "new" => state == "submitted",
        other => state == other,
    }
}
