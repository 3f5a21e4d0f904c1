//! What was posted against what became of it: every call has one signal, every follower one decision, every decision its end.

use std::collections::{BTreeMap, BTreeSet};

use ordercast_model::{
    decision::{Approval, Decision, DecisionStatus},
    order::intent::{Intent, Order},
    ports::{
        clock::Clock,
        store::{Page, Query, find},
    },
    signal::record::{Message, Signal},
    tenant::TenantScope,
};
use ordercast_testkit::sample::tenant;

use crate::{ask::rows, sea::Sea, world::World};

pub async fn check(world: &World) {
    let signals = invariant_13_each_message_is_taken_once(world).await;
    invariant_01_no_intent_is_lost(world, &signals);
}

async fn revisions(sea: &Sea, id: &str) -> Vec<Message> {
    let scope = TenantScope::of_community(&tenant::community(1));
    let query = Query::MessageRevisions(tenant::source(1).key(), id.to_owned());
    find(sea.store.as_ref(), &scope, query).await.unwrap_or_default()
}

async fn signals(sea: &Sea) -> Vec<Signal> {
    let scope = TenantScope::of_community(&tenant::community(1));
    find(sea.store.as_ref(), &scope, Query::Signals(Page::first(1_000)))
        .await
        .unwrap_or_default()
}

/// Gives the signal of each source message.
async fn invariant_13_each_message_is_taken_once(world: &World) -> BTreeMap<String, Signal> {
    let sea = &world.sea;
    let mut of: BTreeMap<String, Signal> = BTreeMap::new();
    for signal in signals(sea).await {
        if let Some(twice) = of.insert(signal.source_id.clone(), signal) {
            sea.watch()
                .breach(13, format!("message {} became two signals", twice.source_id));
        }
    }
    for posted in &world.posted {
        let id = &posted.message.source_id;
        let rows = revisions(sea, id).await;
        let numbers: BTreeSet<u32> = rows.iter().map(|m| m.revision).collect();
        if numbers.len() != rows.len() {
            sea.watch()
                .breach(13, format!("message {id} holds a revision twice"));
        }
        if !posted.edited && !posted.deleted && rows.len() > 1 {
            sea.watch()
                .breach(13, format!("message {id} was taken {} times", rows.len()));
        }
        if posted.stored && rows.is_empty() && !posted.deleted {
            sea.watch()
                .breach(13, format!("message {id} was taken and is not there"));
        }
        if let Some(waits) = rows.iter().find(|m| !m.processed) {
            sea.watch().breach(
                1,
                format!("message {id} revision {} was never read", waits.revision),
            );
        }
    }
    of
}

fn invariant_01_no_intent_is_lost(world: &World, signals: &BTreeMap<String, Signal>) {
    let sea = &world.sea;
    for n in 0..sea.people.len() {
        let decisions: Vec<Decision> = rows(world, n, Query::Decisions(Page::first(1_000)));
        let orders: Vec<Order> = rows(world, n, Query::Orders(None, Page::first(1_000)));
        let cards: Vec<Approval> = rows(world, n, Query::ApprovalsPending);
        let known: BTreeMap<_, &Order> = orders.iter().map(|o| (o.id, o)).collect();
        let mut count: BTreeMap<(String, u32, u32), u32> = BTreeMap::new();
        for decision in &decisions {
            let key = (
                decision.signal_id.to_string(),
                decision.revision,
                decision.instruction,
            );
            *count.entry(key).or_default() += 1;
            // A clock that was set back leaves cards whose time is yet to come.
            let asked =
                |card: &Approval| card.decision_id == decision.id && card.expires_at > sea.clock.now();
            let waits = matches!(decision.status, DecisionStatus::AwaitingApproval);
            if waits && !cards.iter().any(asked) {
                let text = format!(
                    "follower {n}: a decision still waits for its answer: {}",
                    decision.message
                );
                sea.watch().breach(1, text);
            }
            for id in &decision.orders {
                if !known.contains_key(id) {
                    sea.watch()
                        .breach(1, format!("follower {n}: order {id} of a decision is not there"));
                }
            }
        }
        for ((signal, revision, instruction), times) in count {
            if times > 1 {
                let text = format!("follower {n}: {times} decisions on {signal} {revision} {instruction}");
                sea.watch().breach(1, text);
            }
        }
        for posted in world
            .posted
            .iter()
            .filter(|p| p.opens && p.stored && !p.deleted && !p.edited)
        {
            let id = &posted.message.source_id;
            let Some(signal) = signals.get(id) else {
                sea.watch()
                    .breach(1, format!("message {id} was taken and became no signal"));
                continue;
            };
            if !decisions.iter().any(|d| d.signal_id == signal.id) {
                sea.watch()
                    .breach(1, format!("follower {n} has no decision on message {id}"));
            }
        }
        for order in &orders {
            let intents: Vec<Intent> = rows(world, n, Query::IntentOfOrder(order.id));
            if intents.len() != 1 {
                let text = format!("follower {n}: order {} has {} intents", order.id, intents.len());
                sea.watch().breach(1, text);
            }
        }
    }
}
