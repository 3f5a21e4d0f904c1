//! Invariant 5: any edit, deletion, reorder, truncation from the front or insertion is found and named.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::too_many_lines
)]

use std::collections::BTreeMap;

use ordercast_model::{
    ids::{Id, JournalId, OrderId, UserId},
    journal::{
        entry::{Actor, Chained, Entry},
        kind::Kind,
    },
    time::Timestamp,
};
use proptest::prelude::*;
use serde_json::json;

use super::{FaultKind, feed, genesis, next, verify};

fn user(n: u8) -> UserId {
    UserId::new(Timestamp::from_seconds(1), [n; 10])
}

fn entries(count: u8) -> Vec<Entry> {
    let at = |n: u8| Timestamp::from_seconds(i64::from(n));
    let mut all = vec![genesis(JournalId::new(at(0), [0; 10]), at(0), "test", "00ff")];
    for n in 1..count {
        let kind = match n % 3 {
            0 => Kind::OrderAccepted,
            1 => Kind::SignalReceived,
            _ => Kind::SignalDecision,
        };
        let order = OrderId::new(at(n), [n; 10]);
        let mut entry = Entry::new(
            JournalId::new(at(n), [n; 10]),
            at(n),
            kind,
            Actor::system("test"),
            ("order", order.to_string()),
        );
        entry.user = (n % 3 != 1).then(|| user(n % 2));
        entry.after = Some(json!({ "price": n.to_string() }));
        all.push(entry);
    }
    all
}

fn chain(entries: &[Entry]) -> Vec<Chained> {
    let links = next(None, entries).unwrap();
    links
        .into_iter()
        .zip(entries.iter().cloned())
        .map(|(link, entry)| Chained {
            seq: link.seq,
            entry,
            prev_hash: link.prev_hash,
            hash: link.hash,
        })
        .collect()
}

/// Chains again from `from` on, as somebody would who wants to hide a change.
fn rehash(chained: &mut [Chained], from: usize) {
    let all: Vec<Entry> = chained.iter().map(|c| c.entry.clone()).collect();
    for (link, slot) in next(None, &all)
        .unwrap()
        .into_iter()
        .zip(chained.iter_mut())
        .skip(from)
    {
        slot.seq = link.seq;
        slot.prev_hash = link.prev_hash;
        slot.hash = link.hash;
    }
}

#[test]
fn a_chain_verifies_whole_and_in_stretches() {
    let all = chain(&entries(20));
    let whole = verify(None, &all).unwrap();
    assert_eq!(whole.entries, 20);
    let first = verify(None, &all[..7]).unwrap();
    let second = verify(first.head.as_ref(), &all[7..]).unwrap();
    assert_eq!(second.head, whole.head);
    assert_eq!(verify(None, &[]).unwrap().head, None);
    let more = next(first.head.as_ref(), &entries(20)[7..]).unwrap();
    assert_eq!(
        more.last(),
        whole.head.as_ref(),
        "chained in parts, the same chain"
    );
}

#[test]
fn invariant_05_every_tampering_is_found_and_named() {
    type Edit = fn(&mut Vec<Chained>);
    let rows: [(&str, Edit, u64, FaultKind); 9] = [
        (
            "an edit",
            |c| c[7].entry.after = Some(json!({ "price": "8" })),
            7,
            FaultKind::Hash,
        ),
        (
            "an edit with its own hash again",
            |c| {
                c[7].entry.reason = Some("x".to_owned());
                let (mut copy, seq) = (c.clone(), 7);
                rehash(&mut copy, seq);
                c[7].hash.clone_from(&copy[7].hash);
            },
            8,
            FaultKind::Previous,
        ),
        (
            "a deletion",
            |c| {
                c.remove(7);
            },
            8,
            FaultKind::Gap,
        ),
        ("a reorder", |c| c.swap(7, 8), 8, FaultKind::Gap),
        (
            "a reorder with places exchanged",
            |c| {
                c.swap(7, 8);
                c[7].seq = 7;
                c[8].seq = 8;
            },
            7,
            FaultKind::Previous,
        ),
        (
            "an insertion",
            |c| {
                let copy = c[7].clone();
                c.insert(8, copy);
            },
            7,
            FaultKind::Order,
        ),
        (
            "a cut front",
            |c| {
                c.drain(..3);
            },
            3,
            FaultKind::Gap,
        ),
        (
            "a second genesis",
            |c| {
                c[7].entry.kind = Kind::JournalGenesis;
                rehash(c, 7);
            },
            7,
            FaultKind::Genesis,
        ),
        (
            "a lost genesis",
            |c| {
                c.remove(0);
                rehash(c, 0);
            },
            0,
            FaultKind::Genesis,
        ),
    ];
    for (name, edit, seq, what) in rows {
        let mut all = chain(&entries(20));
        edit(&mut all);
        let fault = verify(None, &all).expect_err(name);
        assert_eq!((fault.seq, fault.what), (seq, what), "{name}: {fault}");
        assert!(fault.to_string().contains(&fault.id.to_string()));
    }
}

#[test]
fn hashes_are_read_strictly() {
    let mut all = chain(&entries(5));
    all[3].hash = all[3].hash.to_uppercase();
    assert_eq!(verify(None, &all).unwrap_err().seq, 3);
    let mut head = verify(None, &chain(&entries(5))).unwrap().head.unwrap();
    head.hash = "zz".to_owned();
    assert!(next(Some(&head), &entries(3)).is_err());
}

proptest! {
    #[test]
    fn invariant_05_any_changed_character_is_found(at in 1_usize..30, field in 0_usize..6) {
        let mut all = chain(&entries(30));
        let chained = &mut all[at];
        match field {
            0 => chained.entry.schema += 1,
            1 => chained.entry.at = chained.entry.at.plus(std::time::Duration::from_micros(1)),
            2 => chained.entry.actor.id.push('x'),
            3 => chained.entry.object.id.push('x'),
            4 => chained.entry.user = Some(user(9)),
            _ => chained.entry.origin.request_id = Some(String::new()),
        }
        let fault = verify(None, &all).unwrap_err();
        prop_assert_eq!((fault.seq, fault.what), (at as u64, FaultKind::Hash));
    }

    #[test]
    fn each_feed_has_no_gaps_and_holds_only_its_own(count in 1_u8..60, known in 0_u64..5) {
        let all = entries(count);
        let links = next(None, &all).unwrap();
        let steps = feed(&links, &all, &BTreeMap::from([(user(0), known)]));
        for (who, mut last) in [(user(0), known), (user(1), 0)] {
            let mut seq = None;
            for step in steps.iter().filter(|s| s.user_id == who) {
                last += 1;
                prop_assert_eq!(step.user_seq, last);
                prop_assert!(seq < Some(step.seq));
                seq = Some(step.seq);
                let entry = &all[usize::try_from(step.seq).unwrap()];
                prop_assert_eq!(entry.user, Some(who));
                prop_assert!(entry.event().is_some());
            }
        }
        let live = all.iter().filter(|e| e.user.is_some() && e.event().is_some()).count();
        prop_assert_eq!(steps.len(), live);
    }
}
