//! Where an order's time went, as the orders themselves say it (PRODUCT EX-27). Reads the stored orders; measures nothing.

use std::time::Duration;

use anyhow::{Result, ensure};
use ordercast_app::context::Context;
use ordercast_model::{
    order::intent::{Order, Stages},
    ports::store::{Page, SystemQuery, find_any},
    tenant::SystemScope,
    time::Timestamp,
};

use crate::{
    measure::{Samples, millis},
    report::Table,
};

const LOOKING: SystemScope = SystemScope::housekeeping("a bench reads the stages of its orders");
/// Orders read at once.
const PAGE: u32 = 500;
type At = fn(&Stages) -> Option<Timestamp>;
/// The stages of an order that was accepted and waits, in their order.
const STAGES: [(&str, At); 7] = [
    ("posted", |s| s.posted),
    ("received", |s| s.received),
    ("parsed", |s| s.parsed),
    ("decided", |s| s.decided),
    ("durable", |s| s.durable),
    ("sent", |s| s.sent),
    ("acknowledged", |s| s.acknowledged),
];

/// The orders that work and were decided since an instant.
pub(crate) async fn orders(ctx: &Context, since: Timestamp) -> Result<Vec<Order>> {
    let (mut all, mut page) = (Vec::new(), Page::first(PAGE));
    loop {
        let found = find_any::<Order>(ctx.store.as_ref(), LOOKING, SystemQuery::OrdersOpen(page)).await?;
        let Some(last) = found.last().map(|order| order.id.to_string()) else {
            return Ok(all);
        };
        all.extend(found.into_iter().filter(|order| order.created_at >= since));
        page = Page {
            after: Some(last),
            limit: PAGE,
        };
    }
}

/// The stages of the orders decided since an instant, of which there must be so many, each with all its times.
pub(crate) async fn table(ctx: &Context, since: Timestamp, expected: usize) -> Result<Table> {
    let orders = orders(ctx, since).await?;
    ensure!(
        orders.len() == expected,
        "{expected} orders were accepted, {} stand in the store",
        orders.len()
    );
    let mut rows = Vec::new();
    for (n, (name, at)) in STAGES.iter().enumerate() {
        let (mut whole, mut step) = (Samples::default(), Samples::default());
        for order in &orders {
            let stages = &order.stages;
            let before = n.checked_sub(1).and_then(|n| STAGES.get(n));
            let (Some(first), Some(here)) = (stages.posted, at(stages)) else {
                anyhow::bail!("order {} does not say when it was {name}", order.id);
            };
            whole.add(here.since(first));
            step.add(
                before
                    .and_then(|(_, at)| at(stages))
                    .map_or(Duration::ZERO, |b| here.since(b)),
            );
        }
        let cells = [step.median(), step.at(99), whole.median(), whole.at(99)];
        rows.push(
            [(*name).to_owned()]
                .into_iter()
                .chain(cells.map(millis))
                .collect(),
        );
    }
    Ok(Table {
        title: format!("stages that {} orders tell of themselves, ms", orders.len()),
        columns: vec![
            "stage",
            "step p50",
            "step p99",
            "since posted p50",
            "since posted p99",
        ],
        rows,
    })
}
