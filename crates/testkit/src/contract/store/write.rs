//! Versions, keys, atomicity.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use ordercast_model::{
    account::EquityPoint,
    ids::UserId,
    journal::kind::Kind,
    ports::store::{Batch, Change, Keyed, Query, Row, Store, Stored, Table, Thinning, find},
    tenant::SystemScope,
    time::Timestamp,
};

use super::{
    commit, conflict, duplicate, inserts, put, row, system, updates,
    world::{self, ann, bob, of},
};
use crate::sample::{id, person, record, tenant, trade};

async fn read<T: Stored>(store: &dyn Store, user: ordercast_model::ids::UserId, key: String) -> Option<T> {
    let row = store.get(&of(user), T::TABLE, &key).await.expect("readable");
    row.and_then(T::from_row)
}

pub(super) async fn a_row_comes_back_as_it_was_written(store: Arc<dyn Store>) {
    let rows = world::rows();
    let tables: BTreeSet<Table> = rows.iter().map(Row::table).collect();
    assert_eq!(tables.len(), Table::ALL.len(), "the world has rows of every kind");
    put(&*store, rows.clone()).await;
    let scopes = [of(id(1)), of(id(2)), of(id(3)), world::desk(1), world::desk(2)];
    for row in rows {
        let mut seen = Vec::new();
        for scope in &scopes {
            seen.extend(store.get(scope, row.table(), &row.key()).await.expect("readable"));
        }
        seen.dedup();
        let expected = if row.owner() == ordercast_model::ports::ownership::Owner::Platform {
            vec![]
        } else {
            vec![row]
        };
        assert_eq!(seen, expected);
    }
    assert_eq!(store.get(&of(id(1)), Table::Order, "ord_nothing").await, Ok(None));
}

pub(super) async fn an_update_needs_the_version_before(store: Arc<dyn Store>) {
    let mut order = trade::order(1, &trade::connection(1, ann()));
    put(&*store, [row(order.clone())]).await;
    for (version, lawful) in [(1, false), (3, false), (2, true), (2, false), (3, true)] {
        order.version = version;
        order.attempts += 1;
        let expected = if lawful {
            Ok(())
        } else {
            conflict("orders", order.id)
        };
        let got = commit(&*store, system(), updates([row(order.clone())])).await;
        assert_eq!(got, expected, "to version {version}");
    }
    assert_eq!(read(&*store, ann(), order.id.to_string()).await, Some(order));
    let mut absent = trade::order(2, &trade::connection(1, ann()));
    absent.version = 2;
    let got = commit(&*store, system(), updates([row(absent.clone())])).await;
    assert_eq!(got, conflict("orders", absent.id));
}

pub(super) async fn a_taught_version_is_never_changed(store: Arc<dyn Store>) {
    let taught = tenant::profile(1, id(1), 1);
    put(
        &*store,
        [row(tenant::provider(1, id(1), "Zed")), row(taught.clone())],
    )
    .await;
    let mut other = taught.clone();
    other.profile.templates.clear();
    let key = other.key();
    let again = commit(&*store, system(), inserts([row(other.clone())])).await;
    assert_eq!(again, duplicate("profiles", &key));
    let changed = commit(&*store, system(), updates([row(other)])).await;
    assert_eq!(changed, conflict("profiles", &key));
    let kept = store.get(&world::desk(1), Table::ProfileVersion, &key).await;
    assert_eq!(kept, Ok(Some(row(taught))));
}

pub(super) async fn a_taken_key_is_a_duplicate_that_names_it(store: Arc<dyn Store>) {
    let rows = world::rows();
    put(&*store, rows.clone()).await;
    for row in rows {
        let (table, key) = (row.table().name(), row.key());
        let unique = crate::store::unique_key(&row);
        let got = commit(&*store, system(), inserts([row])).await;
        let either = got == duplicate(table, &key) || unique.is_some_and(|key| got == duplicate(table, key));
        assert!(
            either,
            "{table} {key}: where two keys are taken, one of them is named, not {got:?}"
        );
    }
    let mut order = trade::order(1, &trade::connection(1, ann()));
    order.id = id(90);
    let mut fill = trade::fill(1, &order);
    fill.id = id(90);
    let mut intent = trade::intent(&trade::order(1, &trade::connection(1, ann())));
    intent.id = id(90);
    let mut account = trade::account(&trade::connection(1, ann()));
    account.key = "paper:paper:other".to_owned();
    let same_channel = tenant::channel(1, id(2));
    let mut session = person::session(90, bob());
    session.token_hash = "hash 1".to_owned();
    let mut community = tenant::community(90);
    community.guild_id = "guild 1".to_owned();
    let mut signal = tenant::signal(90, id(1), id(1));
    signal.source_id = "1".to_owned();
    let decision = trade::decision(90, id(1), ann(), id(1));
    let connection = trade::connection(1, ann());
    let cases: Vec<(Row, String)> = vec![
        (row(session), "hash 1".to_owned()),
        (row(community), "guild 1".to_owned()),
        (
            row(ordercast_model::community::Channel {
                id: id(90),
                ..same_channel
            }),
            "discord:1".to_owned(),
        ),
        (
            row(tenant::message(90, id(1), "m1", 2)),
            "discord:1 m1 2".to_owned(),
        ),
        (row(signal), "discord:1 1".to_owned()),
        (
            row(tenant::follow(90, ann(), id(1))),
            format!("{} {}", ann(), id::<ordercast_model::ids::ProviderId>(1)),
        ),
        (row(account), connection.id.to_string()),
        (
            row(decision.clone()),
            format!("{} 1 0 {}", decision.signal_id, ann()),
        ),
        (row(intent.clone()), intent.order_id.to_string()),
        (
            row(order.clone()),
            format!("{} {}", connection.id, order.client_order_id()),
        ),
        (row(fill), format!("{} fill 1", connection.id)),
    ];
    for (row, key) in cases {
        let table = row.table().name();
        assert_eq!(
            commit(&*store, system(), inserts([row])).await,
            duplicate(table, key)
        );
    }
}

pub(super) async fn a_freed_key_can_be_taken_again(store: Arc<dyn Store>) {
    let mut first = tenant::channel(1, id(1));
    put(&*store, [row(first.clone())]).await;
    first.version = 2;
    first.source_key = "discord:77".to_owned();
    assert_eq!(commit(&*store, system(), updates([row(first)])).await, Ok(()));
    let mut second = tenant::channel(2, id(1));
    second.source_key = "discord:1".to_owned();
    put(&*store, [row(second.clone())]).await;
    second.version = 2;
    second.source_key = "discord:77".to_owned();
    let got = commit(&*store, system(), updates([row(second)])).await;
    assert_eq!(got, duplicate("channels", "discord:77"), "by an update too");
}

pub(super) async fn one_open_position_per_connection_and_instrument(store: Arc<dyn Store>) {
    let connection = trade::connection(1, ann());
    let mut first = trade::position(1, &connection);
    put(&*store, [row(first.clone())]).await;
    let second = trade::position(2, &connection);
    let again = commit(&*store, system(), inserts([row(second.clone())])).await;
    assert_eq!(again, duplicate("positions", format!("{} AAPL", connection.id)));
    first.version = 2;
    first.closed_at = Some(crate::sample::at(5));
    let mut turn = updates([row(first)]);
    turn.insert(second.clone());
    assert_eq!(
        commit(&*store, system(), turn).await,
        Ok(()),
        "closed and opened in one batch"
    );
    assert_eq!(read(&*store, ann(), second.id.to_string()).await, Some(second));
}

pub(super) async fn a_batch_is_all_or_nothing(store: Arc<dyn Store>) {
    let connection = trade::connection(1, ann());
    put(&*store, [row(connection.clone())]).await;
    let order = trade::order(1, &connection);
    let mut batch = inserts([row(order.clone()), row(trade::intent(&order)), row(connection)]);
    batch.note(record::entry(1, Kind::IntentCreated, Some(ann())));
    let got = commit(&*store, system(), batch.clone()).await;
    assert!(got.is_err(), "the connection is there already");
    assert_eq!(
        read::<ordercast_model::order::intent::Order>(&*store, ann(), order.id.to_string()).await,
        None
    );
    assert_eq!(store.pending(10).await, Ok(Vec::new()), "the journal too");
    batch.changes.pop();
    assert_eq!(commit(&*store, system(), batch.clone()).await, Ok(()));
    assert_eq!(store.pending(10).await, Ok(batch.journal));
}

/// A batch that places the n-th order and notes it.
fn placing(n: u64) -> Batch {
    let order = trade::order(n, &trade::connection(1, ann()));
    let mut batch = inserts([row(trade::intent(&order)), row(order)]);
    batch.note(record::entry(n, Kind::IntentCreated, Some(ann())));
    batch
}

pub(super) async fn a_conflict_aborts_its_own_batch_alone(store: Arc<dyn Store>) {
    put(&*store, [row(trade::order(2, &trade::connection(9, ann())))]).await;
    let mut stale = placing(4);
    let mut order = trade::order(2, &trade::connection(1, ann()));
    order.version = 7;
    stale.update(order);
    let stranger = (world::of(bob()).into(), placing(5));
    let mut batches: Vec<_> = [placing(1), placing(2), placing(3), stale]
        .into_iter()
        .map(|batch| (system(), batch))
        .collect();
    batches.insert(2, stranger);
    let order_id = |n| id::<ordercast_model::ids::OrderId>(n);
    let expected = vec![
        Ok(()),
        duplicate("orders", order_id(2)),
        super::outside("intents", id::<ordercast_model::ids::IntentId>(5)),
        Ok(()),
        conflict("orders", order_id(2)),
    ];
    assert_eq!(store.commit(batches).await, Ok(expected));
    let noted: Vec<_> = store
        .pending(10)
        .await
        .expect("readable")
        .iter()
        .map(|e| e.id)
        .collect();
    assert_eq!(noted, [id(1), id(3)]);
}

pub(super) async fn a_big_commit_with_one_conflict_keeps_the_rest(store: Arc<dyn Store>) {
    const BATCHES: u64 = 300;
    const TAKEN: u64 = 137;
    put(&*store, [row(trade::order(TAKEN, &trade::connection(1, ann())))]).await;
    let batches = (1..=BATCHES).map(|n| (system(), placing(n))).collect();
    let answers = store.commit(batches).await.expect("the store answers");
    for (n, answer) in (1..).zip(&answers) {
        assert_eq!(answer.is_ok(), n != TAKEN, "batch {n}: {answer:?}");
    }
    let noted: Vec<_> = store
        .pending(1_000)
        .await
        .expect("readable")
        .iter()
        .map(|e| e.id)
        .collect();
    let expected: Vec<_> = (1..=BATCHES).filter(|n| *n != TAKEN).map(id).collect();
    assert_eq!(noted, expected, "entries stand in the order of the batches");
    let mut again: Vec<_> = Vec::new();
    for n in 1..=BATCHES {
        let mut order = trade::order(n, &trade::connection(1, ann()));
        order.version = if n == 200 { 5 } else { 2 };
        again.push((system(), updates([row(order)])));
    }
    let answers = store.commit(again).await.expect("the store answers");
    for (n, answer) in (1..).zip(&answers) {
        assert_eq!(answer.is_ok(), n != 200, "update {n}: {answer:?}");
    }
}

pub(super) async fn batches_of_one_commit_follow_each_other(store: Arc<dyn Store>) {
    let mut order = trade::order(1, &trade::connection(1, ann()));
    let mut batches = vec![(system(), inserts([row(order.clone())]))];
    for version in 2..6 {
        order.version = version;
        batches.push((system(), updates([row(order.clone())])));
    }
    assert_eq!(store.commit(batches).await, Ok(vec![Ok(()); 5]));
    assert_eq!(read(&*store, ann(), order.id.to_string()).await, Some(order));
}

pub(super) async fn nothing_is_a_lawful_commit(store: Arc<dyn Store>) {
    assert_eq!(store.commit(Vec::new()).await, Ok(Vec::new()));
    assert_eq!(
        store.commit(vec![(system(), Batch::new())]).await,
        Ok(vec![Ok(())])
    );
    let change = Batch {
        changes: vec![Change::Insert(row(person::user(1)))],
        journal: Vec::new(),
    };
    assert_eq!(
        commit(&*store, SystemScope::housekeeping("seed"), change).await,
        Ok(())
    );
}

pub(super) async fn a_probe_writes(store: Arc<dyn Store>) {
    assert_eq!(store.probe().await, Ok(()));
    assert_eq!(store.probe().await, Ok(()), "again");
}

pub(super) async fn curves_are_thinned_to_the_last_point_of_each_span(store: Arc<dyn Store>) {
    let system_scope = SystemScope::housekeeping("a test thins curves");
    let (own, other) = (trade::connection(1, ann()), trade::connection(2, bob()));
    let second = |n: u64| Timestamp::from_seconds(6_000 + i64::try_from(n).unwrap());
    let mut batch = Batch::new();
    for n in [0, 5, 55, 59, 60, 65, 120, 185] {
        batch.insert(trade::equity(&own, second(n)));
    }
    for n in [10, 58] {
        batch.insert(trade::equity(&other, second(n)));
    }
    commit(&*store, SystemScope::housekeeping("seed"), batch)
        .await
        .unwrap();
    let thinning = |from: u64, until: u64, at_most: u32| Thinning {
        from: second(from),
        until: second(until),
        span: Duration::from_secs(60),
        at_most,
    };
    let left = async |user: UserId| -> Vec<i64> {
        let query = Query::EquityCurve(Timestamp::from_seconds(0));
        let found = find::<EquityPoint>(&*store, &of(user), query).await.unwrap();
        found.iter().rev().map(|p| p.at.seconds() - 6_000).collect()
    };
    for (from, until, at_most, gone, ann_has, bob_has) in [
        (60, 60, 9, 0, vec![0, 5, 55, 59, 60, 65, 120, 185], vec![10, 58]),
        (0, 60, 2, 2, vec![55, 59, 60, 65, 120, 185], vec![10, 58]),
        (0, 60, 9, 2, vec![59, 60, 65, 120, 185], vec![58]),
        (0, 60, 9, 0, vec![59, 60, 65, 120, 185], vec![58]),
        (0, 1_000, 9, 1, vec![59, 65, 120, 185], vec![58]),
    ] {
        let answer = store
            .thin_curves(system_scope, thinning(from, until, at_most))
            .await;
        assert_eq!(answer, Ok(gone), "{from} to {until}");
        assert_eq!(left(ann()).await, ann_has, "{from} to {until}");
        assert_eq!(left(bob()).await, bob_has, "{from} to {until}");
    }
}
