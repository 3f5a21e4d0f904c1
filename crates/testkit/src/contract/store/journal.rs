//! Pending entries, the chain, the feeds.

use std::sync::Arc;

use ordercast_model::{
    ids::JournalId,
    journal::{
        entry::{Chained, Entry},
        kind::Kind,
    },
    ports::store::{Batch, Store},
};

use super::{
    commit, duplicate, inserts, outside, row, system,
    world::{ann, bob, chunk, of},
};
use crate::sample::{id, person, record};

fn noting(entries: &[Entry]) -> Batch {
    Batch {
        changes: Vec::new(),
        journal: entries.to_vec(),
    }
}

/// One turn of a sequencer, at most `limit` entries.
pub(super) async fn turn(
    store: &dyn Store,
    limit: u32,
) -> Result<usize, ordercast_model::ports::store::CommitError> {
    let head = store.head().await?;
    let entries = store.pending(limit).await?;
    let users: Vec<_> = entries.iter().filter_map(|e| e.user).collect();
    let heads = store.feed_heads(&users).await?;
    let (links, feed) = record::sequence(head.as_ref(), &heads, &entries).expect("canonical");
    store.chain(&links, &feed).await?;
    Ok(links.len())
}

/// Entries with and without a live event, of two users and of nobody.
fn entries() -> Vec<Entry> {
    vec![
        record::entry(1, Kind::JournalGenesis, None),
        record::entry(2, Kind::IntentCreated, Some(ann())),
        record::entry(3, Kind::OrderSent, Some(ann())),
        record::entry(4, Kind::OrderAccepted, Some(ann())),
        record::entry(5, Kind::IntentCreated, Some(bob())),
        record::entry(6, Kind::FillBooked, Some(ann())),
        record::entry(7, Kind::LoginOk, Some(bob())),
    ]
}

fn numbers(chained: &[Chained]) -> Vec<(u64, JournalId)> {
    chained.iter().map(|c| (c.seq, c.entry.id)).collect()
}

pub(super) async fn entries_become_links_and_feeds_without_gaps(store: Arc<dyn Store>) {
    let all = entries();
    assert_eq!(store.head().await, Ok(None));
    assert_eq!(commit(&*store, system(), noting(&all)).await, Ok(()));
    assert_eq!(
        store.pending(100).await,
        Ok(all.clone()),
        "in the order they were noted"
    );
    assert_eq!(store.chained(0, 100).await, Ok(Vec::new()));
    for expected in [3, 3, 1, 0] {
        assert_eq!(turn(&*store, 3).await, Ok(expected));
    }
    assert_eq!(store.pending(100).await, Ok(Vec::new()));
    let chained = store.chained(0, 100).await.expect("readable");
    let entries: Vec<Entry> = chained.iter().map(|c| c.entry.clone()).collect();
    assert_eq!(entries, all);
    assert_eq!(
        store.chained(2, 3).await,
        Ok(chained.get(2..5).expect("five").to_vec())
    );
    let links = store.links(2, 3).await.expect("readable");
    let same = chained
        .iter()
        .skip(2)
        .take(3)
        .map(|c| (c.seq, c.entry.id, c.prev_hash.clone(), c.hash.clone()));
    assert!(
        links
            .into_iter()
            .map(|l| (l.seq, l.id, l.prev_hash, l.hash))
            .eq(same)
    );
    assert_eq!(store.links(7, 3).await, Ok(Vec::new()));
    let mut previous = "0".repeat(64);
    for (seq, link) in (0..).zip(&chained) {
        assert_eq!((link.seq, &link.prev_hash), (seq, &previous));
        previous.clone_from(&link.hash);
    }
    assert_eq!(
        store.head().await.expect("readable").expect("a head").hash,
        previous
    );
    let mut heads = store.feed_heads(&[bob(), id(9), ann()]).await.expect("readable");
    heads.sort_unstable();
    assert_eq!(heads, [(ann(), 3), (bob(), 1)]);
    let feed = store.feed(&of(ann()), 0, 100).await.expect("readable");
    let places: Vec<(u64, u64)> = feed.iter().map(|(number, c)| (*number, c.seq)).collect();
    assert_eq!(places, [(1, 1), (2, 3), (3, 5)]);
    let after = store.feed(&of(ann()), 1, 1).await.expect("readable");
    assert_eq!(after, feed.get(1..2).expect("two"));
    assert_eq!(store.feed(&of(id(9)), 0, 100).await, Ok(Vec::new()));
}

pub(super) async fn an_entry_is_noted_once(store: Arc<dyn Store>) {
    let entry = record::entry(1, Kind::LoginOk, Some(ann()));
    assert_eq!(
        commit(&*store, of(ann()), noting(std::slice::from_ref(&entry))).await,
        Ok(())
    );
    let mut again = inserts([row(person::limits(ann()))]);
    again.note(entry.clone());
    assert_eq!(
        commit(&*store, of(ann()), again).await,
        duplicate("journal", entry.id)
    );
    let limits = store
        .find(&of(ann()), ordercast_model::ports::store::Query::UserLimits)
        .await;
    assert_eq!(limits, Ok(Vec::new()), "its batch did not apply");
    let twice = noting(&[
        record::entry(2, Kind::LoginOk, None),
        record::entry(2, Kind::LoginOk, None),
    ]);
    assert_eq!(
        commit(&*store, system(), twice).await,
        duplicate("journal", id::<JournalId>(2))
    );
    assert_eq!(store.pending(10).await, Ok(vec![entry]));
}

pub(super) async fn a_link_out_of_place_is_refused(store: Arc<dyn Store>) {
    let all = entries();
    assert_eq!(commit(&*store, system(), noting(&all)).await, Ok(()));
    let (links, feed) = record::sequence(None, &[], &all).expect("canonical");
    let (front, back) = links.split_at(3);
    let early = store.chain(back, &[]).await;
    assert_eq!(early, duplicate("journal_chain", 3), "a gap");
    let (near, far): (Vec<_>, Vec<_>) = feed.iter().partition(|step| step.seq < 3);
    assert_eq!(
        store.chain(front, &far).await,
        duplicate("feed", format!("{} 2", ann())),
        "a gap in a feed"
    );
    assert_eq!(store.chain(front, &near).await, Ok(()));
    assert_eq!(
        store.chain(front, &near).await,
        duplicate("journal_chain", 0),
        "again"
    );
    let mut known = front.last().expect("three").clone();
    known.seq = 3;
    let id = known.id;
    assert_eq!(
        store.chain(&[known], &[]).await,
        duplicate("journal_chain", id),
        "an entry twice"
    );
    assert_eq!(
        store.pending(10).await.expect("readable").len(),
        4,
        "nothing of a refused turn stays"
    );
    assert_eq!(store.chain(back, &far).await, Ok(()));
    assert_eq!(store.chained(0, 100).await.expect("readable").len(), all.len());
}

/// Before which place, which kind, at most how many; the places expected.
type Case = (Option<u64>, Option<&'static str>, u32, &'static [u64]);

pub(super) async fn a_user_reads_the_own_entries_alone(store: Arc<dyn Store>) {
    let all = entries();
    assert_eq!(commit(&*store, system(), noting(&all)).await, Ok(()));
    assert_eq!(
        store.of_user(&of(ann()), None, None, 9).await,
        Ok(Vec::new()),
        "not chained yet"
    );
    assert_eq!(turn(&*store, 100).await, Ok(all.len()));
    let cases: &[Case] = &[
        (None, None, 9, &[5, 3, 2, 1]),
        (None, None, 2, &[5, 3]),
        (Some(3), None, 9, &[2, 1]),
        (None, Some("order."), 9, &[3, 2]),
        (None, Some("order.sent"), 9, &[2]),
        (None, Some("order"), 9, &[]),
        (Some(0), None, 9, &[]),
    ];
    for (before, kind, limit, expected) in cases {
        let got = store
            .of_user(&of(ann()), *before, *kind, *limit)
            .await
            .expect("readable");
        let places: Vec<u64> = got.iter().map(|c| c.seq).collect();
        assert_eq!(places, *expected, "before {before:?}, kind {kind:?}");
    }
    let got = store
        .of_user(&chunk(&[bob()]), None, None, 9)
        .await
        .expect("readable");
    assert_eq!(numbers(&got), [(6, id(7)), (4, id(5))]);
    let mine = store.own_entry(&of(ann()), id(2)).await.expect("readable");
    assert_eq!(mine.map(|c| (c.seq, c.entry)), all.get(1).map(|e| (1, e.clone())));
    assert_eq!(store.own_entry(&of(bob()), id(2)).await, Ok(None));
    assert_eq!(store.own_entry(&of(ann()), id(1)).await, Ok(None), "of nobody");
    let strange = commit(
        &*store,
        of(bob()),
        noting(&[record::entry(9, Kind::LoginOk, Some(ann()))]),
    )
    .await;
    assert_eq!(strange, outside("journal", id::<JournalId>(9)));
}
