//! Where an order's time went, as the orders themselves say it (PRODUCT EX-27). Reads the stored orders; measures nothing.

use std::time::Duration;

use anyhow::{Result, ensure};
use ordercast_model::{
    order::intent::{Order, Stages},
    ports::store::{Page, Query, find},
    tenant::TenantScope,
    time::Timestamp,
};

use crate::{
    measure::{Samples, millis},
    report::Table,
    scene::Scene,
};

/// Orders of one follower that are looked at; no bench gives more to one.
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

/// The followers' opening orders that were decided since an instant, whatever became of them.
pub(crate) async fn entries(scene: &Scene, since: Timestamp) -> Result<Vec<Order>> {
    let mut all = Vec::new();
    for follower in &scene.people.followers {
        let scope = TenantScope::of_user(&follower.connection);
        let query = Query::Orders(None, Page::first(PAGE));
        let found = find::<Order>(scene.ctx.store.as_ref(), &scope, query).await?;
        let own = |order: &Order| order.leg.opens() && order.created_at >= since;
        all.extend(found.into_iter().filter(own));
    }
    Ok(all)
}

/// The stages of the orders decided since an instant, of which there must be so many, each with all its times.
pub(crate) async fn table(scene: &Scene, since: Timestamp, expected: usize) -> Result<Table> {
    let mut orders = entries(scene, since).await?;
    let found = orders.len();
    ensure!(
        found == expected,
        "{expected} orders were accepted, {found} stand in the store"
    );
    // One that was filled before its answer was written down tells of no answer.
    orders.retain(|order| STAGES.iter().all(|(_, at)| at(&order.stages).is_some()));
    let told = orders.len();
    ensure!(told * 2 > found, "of {found} orders {told} tell all their stages");
    let mut rows = Vec::new();
    for (n, (name, at)) in STAGES.iter().enumerate() {
        let (mut whole, mut step) = (Samples::default(), Samples::default());
        for order in &orders {
            let stages = &order.stages;
            let before = n.checked_sub(1).and_then(|n| STAGES.get(n));
            let (Some(first), Some(here)) = (stages.posted, at(stages)) else {
                continue;
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
        title: format!("stages as {told} of {found} orders tell them, ms"),
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
