//! Whose rows a call reaches.

use std::sync::Arc;

use ordercast_model::{
    community::{Membership, Role},
    journal::kind::Kind,
    ports::{
        ownership::Owner,
        store::{Batch, Keyed, Query, Row, Store, Table},
    },
};

use super::{
    commit, conflict, inserts, outside, put, row, system, updates,
    world::{self, ann, bob, chunk, cid, desk, of},
};
use crate::sample::{id, record, tenant, trade};

pub(super) async fn a_stranger_neither_reads_nor_writes(store: Arc<dyn Store>) {
    let rows = world::rows();
    put(&*store, rows.clone()).await;
    for row in rows {
        let (table, key) = (row.table(), row.key());
        for stranger in [of(ann()), of(bob()), of(cid()), of(id(9))] {
            if row.owner().readable_by(&stranger) {
                continue;
            }
            let seen = store.get(&stranger, table, &key).await;
            assert_eq!(seen, Ok(None), "{} {key}", table.name());
            for batch in [inserts([row.clone()]), updates([row.clone()])] {
                let got = commit(&*store, stranger.clone(), batch).await;
                assert_eq!(got, outside(table.name(), &key));
            }
        }
    }
}

pub(super) async fn a_community_does_not_reach_another(store: Arc<dyn Store>) {
    let rows = world::rows();
    put(&*store, rows.clone()).await;
    for row in rows {
        let own = matches!(row.owner(), Owner::Community(c) | Owner::Member(c, _) if c == id(1));
        let seen = store.get(&desk(1), row.table(), &row.key()).await;
        assert_eq!(
            seen,
            Ok(own.then(|| row.clone())),
            "{} {}",
            row.table().name(),
            row.key()
        );
        if !own {
            let got = commit(&*store, desk(1), inserts([row.clone()])).await;
            assert_eq!(got, outside(row.table().name(), row.key()));
        }
    }
}

pub(super) async fn a_member_reads_the_own_place_and_the_community_writes_it(store: Arc<dyn Store>) {
    let mut place = tenant::membership(id(1), ann());
    put(&*store, [row(place.clone())]).await;
    let read = store.find(&of(ann()), Query::Memberships).await;
    assert_eq!(read, Ok(vec![row(place.clone())]));
    place.version = 2;
    place.role = Role::Owner;
    let raised = updates([row(place.clone())]);
    let got = commit(&*store, of(ann()), raised.clone()).await;
    assert_eq!(
        got,
        outside("memberships", place.key()),
        "nobody raises the own role"
    );
    assert_eq!(commit(&*store, desk(1), raised).await, Ok(()));
    let read = store
        .get(&of(ann()), Table::Membership, &place.key())
        .await
        .expect("readable");
    assert!(matches!(read, Some(Row::Membership(m)) if *m == Membership { role: Role::Owner, ..place }));
}

pub(super) async fn a_chunk_reaches_its_users_alone(store: Arc<dyn Store>) {
    put(&*store, world::rows()).await;
    let scope = chunk(&[bob(), cid()]);
    for (n, user, own) in [(41, ann(), false), (42, bob(), true), (43, cid(), true)] {
        let key = user.to_string();
        let seen = store
            .get(&scope, Table::UserLimits, &key)
            .await
            .expect("readable");
        assert_eq!(seen.is_some(), own, "{user}");
        let decision = trade::decision(n, id(3), user, id(3));
        let expected = if own {
            Ok(())
        } else {
            outside("decisions", decision.id)
        };
        let got = commit(&*store, scope.clone(), inserts([row(decision.clone())])).await;
        assert_eq!(got, expected);
    }
    let signal = tenant::signal(9, id(1), id(1));
    let got = commit(&*store, scope, inserts([row(signal.clone())])).await;
    assert_eq!(got, outside("signals", signal.id));
}

pub(super) async fn a_row_never_changes_hands(store: Arc<dyn Store>) {
    let order = trade::order(1, &trade::connection(1, ann()));
    put(&*store, [row(order.clone())]).await;
    let mut stolen = order.clone();
    stolen.version = 2;
    stolen.user_id = bob();
    for scope in [of(bob()).into(), system()] {
        let got = commit(&*store, scope, updates([row(stolen.clone())])).await;
        assert_eq!(got, conflict("orders", order.id));
    }
    let seen = store.get(&of(ann()), Table::Order, &order.id.to_string()).await;
    assert_eq!(seen, Ok(Some(row(order))));
}

pub(super) async fn entries_of_others_cannot_be_noted(store: Arc<dyn Store>) {
    let noting = |user, community| {
        let mut entry = record::entry(1, Kind::FollowCreated, user);
        entry.community = community;
        let mut batch = Batch::new();
        batch.note(entry);
        batch
    };
    let refused = outside("journal", id::<ordercast_model::ids::JournalId>(1));
    let others = noting(Some(bob()), None);
    assert_eq!(commit(&*store, of(ann()), others.clone()).await, refused);
    assert_eq!(commit(&*store, desk(1), others).await, refused);
    assert_eq!(
        commit(&*store, of(ann()), noting(None, Some(id(1)))).await,
        refused
    );
    assert_eq!(store.pending(10).await, Ok(Vec::new()));
    let own = noting(Some(ann()), Some(id(1)));
    assert_eq!(commit(&*store, of(ann()), own).await, Ok(()));
}
