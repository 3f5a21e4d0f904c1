//! A small world of rows of every kind: two communities, three users, who share nothing but a provider.

use ordercast_model::{
    connection::{Connection, Health},
    decision::ApprovalState,
    ids::{CommunityId, LotId, ProviderId, SignalId, UserId},
    limits::SwitchScope,
    order::state::OrderState,
    ports::store::{Row, Stored},
    tenant::TenantScope,
    user::Previous,
};

use super::row;
use crate::sample::{at, id, person, record, tenant, trade};

pub(super) fn ann() -> UserId {
    id(1)
}
pub(super) fn bob() -> UserId {
    id(2)
}
pub(super) fn cid() -> UserId {
    id(3)
}
pub(super) fn of(user: UserId) -> TenantScope {
    TenantScope::of_user(&trade::connection(0, user))
}
pub(super) fn desk(n: u64) -> TenantScope {
    TenantScope::of_community(&tenant::community(n))
}
/// The chunk of these users.
pub(super) fn chunk(users: &[UserId]) -> TenantScope {
    let follows: Vec<_> = (1..)
        .zip(users)
        .map(|(n, user)| tenant::follow(n, *user, id(1)))
        .collect();
    TenantScope::chunk(&tenant::signal(1, id(1), id(1)), &follows)
}

fn changed<T: Stored>(mut row: T, change: impl FnOnce(&mut T)) -> Row {
    change(&mut row);
    row.into_row()
}

fn people() -> Vec<Row> {
    let mut rows = Vec::new();
    for (n, user) in [(1, ann()), (2, bob()), (3, cid())] {
        rows.push(changed(person::user(n), |u| {
            u.demo = n != 3;
            u.platform_admin = n == 2;
            u.discord_id = (n != 2).then(|| format!("90000000{n}"));
            u.name = format!("Name {}", 9 - n);
        }));
        rows.push(row(person::data_key(user)));
        rows.push(changed(person::limits(user), |l| {
            if n != 2 {
                l.pending = vec![
                    person::loosening("exposure_pct", 900 - n),
                    person::loosening("position_pct", 9),
                ];
                l.pending.truncate(if n == 1 { 1 } else { 2 });
            }
        }));
        rows.push(row(person::factor(user)));
        rows.push(row(person::ticket(n, user)));
        rows.push(row(person::idempotency(user, "same")));
        rows.push(row(person::link(n)));
        rows.push(row(person::departure(n)));
        rows.push(changed(person::grant(user), |grant| {
            grant.due_at = (n != 2).then(|| at(1_000 - n));
        }));
        rows.push(row(person::notice_settings(user)));
        rows.push(row(person::sent_card(&format!("apr {n}"), user)));
        rows.push(row(person::bookmark(&format!("reader {n}"), n)));
    }
    let sessions = [(1, ann()), (2, ann()), (3, bob())];
    rows.extend(sessions.map(|(n, user)| {
        changed(person::session(n, user), |s| {
            s.previous = (n == 2).then(|| Previous {
                token_hash: "old 2".to_owned(),
                until: at(60),
            });
        })
    }));
    rows.push(row(person::kill(SwitchScope::User(ann()), Some(ann()))));
    rows.push(row(person::kill(SwitchScope::Community(id(1)), None)));
    rows.push(changed(person::kill(SwitchScope::Platform, None), |s| {
        s.on = false
    }));
    rows
}

fn communities() -> Vec<Row> {
    let (one, two): (CommunityId, CommunityId) = (id(1), id(2));
    let mut rows = vec![row(tenant::community(1)), row(tenant::community(2))];
    for (community, user) in [(one, ann()), (one, bob()), (two, bob())] {
        rows.push(row(tenant::membership(community, user)));
    }
    rows.push(row(tenant::channel(1, one)));
    rows.push(changed(tenant::channel(2, one), |c| c.enabled = false));
    rows.push(row(tenant::channel(3, two)));
    rows.push(row(tenant::provider(1, one, "Zed")));
    rows.push(row(tenant::provider(2, one, "Amy")));
    rows.push(row(tenant::provider(3, two, "Ned")));
    for (n, community) in [(1, one), (2, one), (3, two)] {
        rows.push(row(tenant::hook(n, community)));
        rows.push(row(tenant::ledger(id(n), community, 2)));
    }
    for (hook, community, number) in [(1, one, 9), (1, one, 10), (2, one, 1), (3, two, 1)] {
        rows.push(row(tenant::delivery(id(hook), community, number)));
    }
    rows.push(row(tenant::message(1, one, "m1", 1)));
    rows.push(row(tenant::message(2, one, "m1", 2)));
    rows.push(changed(tenant::message(3, one, "m2", 1), |m| {
        m.processed = true;
        m.provider_id = Some(id(1));
    }));
    rows.push(changed(tenant::message(4, two, "m3", 1), |m| {
        m.provider_id = Some(id(3))
    }));
    for (n, community, version) in [(1, one, 9), (1, one, 10), (2, one, 1), (3, two, 1)] {
        rows.push(row(tenant::profile(n, community, version)));
    }
    rows.push(row(tenant::signal(1, one, id(1))));
    rows.push(row(tenant::signal(2, one, id(2))));
    rows.push(row(tenant::signal(3, two, id(3))));
    rows.push(row(tenant::follow(1, ann(), id(1))));
    rows.push(row(tenant::follow(2, bob(), id(1))));
    rows.push(changed(tenant::follow(3, ann(), id(2)), |f| f.enabled = false));
    rows.push(row(tenant::follow(4, cid(), id(1))));
    rows
}

fn decisions() -> Vec<Row> {
    let provider: ProviderId = id(1);
    let decisions = [(1, 1, ann()), (2, 1, bob()), (3, 2, ann())]
        .map(|(n, signal, user)| trade::decision(n, id::<SignalId>(signal), user, provider));
    let [first, second, third] = &decisions;
    let mut rows = vec![
        row(trade::approval(1, first)),
        changed(trade::approval(2, third), |a| a.state = ApprovalState::Approved),
        row(trade::approval(3, second)),
    ];
    rows.extend(decisions.map(row));
    rows
}

fn orders(first: &Connection, second: &Connection, third: &Connection) -> Vec<Row> {
    let signal = Some(id::<SignalId>(1));
    let lot = Some(id::<LotId>(1));
    let mut orders = vec![
        trade::order(1, first),
        trade::order(2, first),
        trade::order(3, third),
        trade::order(4, second),
        trade::order(5, first),
    ];
    if let [one, two, three, four, five] = orders.as_mut_slice() {
        (one.signal_id, one.lot_id) = (signal, lot);
        two.state = OrderState::Filled;
        two.due_at = Some(at(1));
        three.state = OrderState::Queued;
        (four.signal_id, four.state, four.due_at) = (signal, OrderState::Submitted, Some(at(50)));
        (five.lot_id, five.due_at) = (lot, Some(at(1_000)));
    }
    let mut rows = Vec::new();
    for order in &orders {
        rows.push(row(trade::intent(order)));
    }
    for (n, of) in [(1, 0), (2, 1), (3, 3), (4, 0)] {
        rows.extend(orders.get(of).map(|order| row(trade::fill(n, order))));
    }
    rows.extend(orders.into_iter().map(row));
    rows
}

fn holdings(first: &Connection, second: &Connection) -> Vec<Row> {
    vec![
        changed(trade::lot(1, first), |l| {
            (l.signal_id, l.provider_id) = (Some(id(1)), Some(id(1)))
        }),
        changed(trade::lot(2, first), |l| l.closed = true),
        changed(trade::lot(3, second), |l| {
            (l.signal_id, l.provider_id) = (Some(id(1)), Some(id(2)));
            l.open = trade::units(1);
            l.watch = Some(ordercast_model::position::Watch::default());
        }),
        row(trade::position(1, first)),
        changed(trade::position(2, first), |p| p.closed_at = Some(at(9))),
        row(trade::position(3, second)),
        row(trade::equity(first, at(0))),
        row(trade::equity(first, at(60))),
        row(trade::equity(second, at(30))),
    ]
}

/// Every row of the world.
pub(super) fn rows() -> Vec<Row> {
    let first = trade::connection(1, ann());
    let second = trade::connection(2, bob());
    let mut third = trade::connection(3, ann());
    third.health = Health::Disabled;
    let mut rows = people();
    rows.extend(communities());
    rows.extend(decisions());
    rows.extend([&first, &second, &third].map(|c| row(trade::account(c))));
    rows.extend(orders(&first, &second, &third));
    rows.extend(holdings(&first, &second));
    rows.extend([first, second, third].map(row));
    rows.extend([1, 2, 3].map(|n| row(record::checkpoint(n))));
    rows.push(row(ordercast_model::keyring::Keyring::begun(1, at(1))));
    rows
}
