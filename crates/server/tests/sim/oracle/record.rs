//! The journal at the end: whole, true to the orders' life cycles, each user's own, and free of secrets. And the trace of a
//! seed, by which two runs are compared.

use std::hash::{DefaultHasher, Hash, Hasher};

use ordercast_model::{
    journal::{entry::Chained, kind::Kind},
    order::intent::Order,
    ports::store::{JournalStore, Page, Query},
    tenant::TenantScope,
};
use ordercast_rules::chain::{lifecycle, verify};
use rust_decimal::Decimal;

use crate::{ask, sea::Sea, setting, world::World};

const ALL: u32 = 1_000_000;

pub async fn check(world: &World, chained: &[Chained]) {
    invariant_05_the_journal_is_whole(world, chained).await;
    let texts: Vec<String> = chained
        .iter()
        .map(|c| serde_json::to_string(&c.entry).unwrap_or_default())
        .collect();
    invariant_08_each_feed_is_its_owners(world, chained, &texts).await;
    invariant_09_no_secret_is_told(world, &texts);
    invariant_06_what_is_told_of_money_happened(world, chained);
}

/// Deposits, withdrawals and trades by hand that were journaled are those that the venue's ledger knows, to the cent: a
/// comparison never hides a wrong figure of ours behind them.
fn invariant_06_what_is_told_of_money_happened(world: &World, chained: &[Chained]) {
    let sea = &world.sea;
    for (n, person) in sea.people.iter().enumerate() {
        let transfer = |c: &&Chained| {
            let after = c.entry.after.as_ref();
            let reason = after.and_then(|a| a.get("reason")).and_then(|r| r.as_str());
            c.entry.kind == Kind::CashExternal
                && c.entry.user == Some(person.user.id)
                && matches!(reason, Some("deposit" | "withdrawal" | "trade_outside"))
        };
        let change = |c: &Chained| {
            let change = c.entry.after.as_ref()?.get("change")?.as_str()?;
            change.parse::<Decimal>().ok()
        };
        let told: Decimal = chained.iter().filter(transfer).filter_map(change).sum();
        let was = sea
            .ledgers()
            .get(n)
            .map(|ledger| ledger.outside_cash() - setting::cash(n));
        if Some(told) != was {
            let text = format!("follower {n}: transfers of {told} were journaled, the venue knows {was:?}");
            sea.watch().breach(6, text);
        }
    }
}

async fn invariant_05_the_journal_is_whole(world: &World, chained: &[Chained]) {
    let sea = &world.sea;
    if let Err(fault) = verify(None, chained) {
        sea.watch()
            .breach(5, format!("the chain does not verify: {fault:?}"));
    }
    let left = sea.store.pending(1).await.unwrap_or_default();
    if let Some(entry) = left.first() {
        sea.watch()
            .breach(5, format!("{} was never chained", entry.kind.code()));
    }
    let mut lives = lifecycle::Lifecycles::default();
    chained.iter().for_each(|c| lives.observe_chained(c));
    for fault in lives.faults().iter().take(2) {
        sea.watch().breach(5, fault.to_string());
    }
    for n in 0..sea.people.len() {
        let orders: Vec<Order> = ask::rows(world, n, Query::Orders(None, Page::first(1_000)));
        for fault in lifecycle::check(&orders, &lives).into_iter().take(2) {
            sea.watch().breach(5, format!("follower {n}: {fault}"));
        }
    }
}

async fn invariant_08_each_feed_is_its_owners(world: &World, chained: &[Chained], texts: &[String]) {
    let sea = &world.sea;
    for (n, person) in sea.people.iter().enumerate() {
        let scope = TenantScope::of_user(&person.user);
        let feed = sea.store.feed(&scope, 0, ALL).await.unwrap_or_default();
        for ((number, own), expected) in feed.iter().zip(1_u64..) {
            if *number != expected || own.entry.user != Some(person.user.id) {
                let text = format!("follower {n}: event {number} is not the {expected}th of its own");
                return sea.watch().breach(8, text);
            }
        }
        let strangers: Vec<String> = sea
            .people
            .iter()
            .filter(|p| p.user.id != person.user.id)
            .flat_map(|p| {
                [
                    p.user.id.to_string(),
                    p.user.name.clone(),
                    p.connection.id.to_string(),
                    p.connection.account_id.clone(),
                ]
            })
            .collect();
        for (chained, text) in chained.iter().zip(texts) {
            let own = chained.entry.user == Some(person.user.id);
            if own && let Some(mark) = strangers.iter().find(|s| text.contains(s.as_str())) {
                let kind = chained.entry.kind.code();
                return sea
                    .watch()
                    .breach(8, format!("follower {n} is told {mark} in {kind}"));
            }
        }
    }
}

fn invariant_09_no_secret_is_told(world: &World, texts: &[String]) {
    let sea = &world.sea;
    for person in &sea.people {
        if let Some(text) = texts.iter().find(|t| t.contains(&person.canary)) {
            sea.watch()
                .breach(9, format!("a credential stands in the journal: {text}"));
        }
        let letters = world.chat.letters();
        if letters
            .iter()
            .any(|(_, card)| format!("{card:?}").contains(&person.canary))
        {
            sea.watch()
                .breach(9, "a credential stands in a notice".to_owned());
        }
    }
}

/// Tells a seed's story, for whoever looks into a failure.
pub fn print(sea: &Sea, chained: &[Chained]) {
    for Chained { entry, seq, .. } in chained {
        let user = entry.user.map(|u| sea.people.iter().position(|p| p.user.id == u));
        let after = entry.after.as_ref().map(ToString::to_string).unwrap_or_default();
        println!(
            "{seq:4} {} {:?} {} {} {} {:?} {}",
            entry.at,
            user.flatten(),
            entry.kind.code(),
            entry.object.kind,
            entry.object.id,
            entry.reason,
            after.chars().take(400).collect::<String>()
        );
    }
    for (n, ledger) in sea.ledgers().iter().enumerate() {
        println!("account {n}: cash {} held {:?}", ledger.cash, ledger.holdings);
        for order in &ledger.orders {
            println!("   {order:?}");
        }
    }
}

/// Everything that was journaled and everything the venue saw, in one number. What names the process itself is left out.
pub fn trace(sea: &Sea, chained: &[Chained]) -> String {
    let mut hasher = DefaultHasher::new();
    for Chained { entry, seq, .. } in chained {
        seq.hash(&mut hasher);
        entry.id.to_string().hash(&mut hasher);
        entry.at.micros().hash(&mut hasher);
        entry.kind.code().hash(&mut hasher);
        entry.after.as_ref().map(ToString::to_string).hash(&mut hasher);
        entry.reason.hash(&mut hasher);
    }
    for ledger in sea.ledgers().iter() {
        ledger.cash.to_string().hash(&mut hasher);
        for order in &ledger.orders {
            format!("{order:?}").hash(&mut hasher);
        }
    }
    format!("{:016x}", hasher.finish())
}
