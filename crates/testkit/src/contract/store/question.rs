//! Which rows answer a question, and in which order.

use std::{collections::BTreeSet, sync::Arc};

use ordercast_model::{
    hook::Delivery,
    ids::{
        ApprovalId, ChannelId, CheckpointId, CommunityId, ConnectionId, DecisionId, FillId, FollowId, HookId,
        Id, IntentId, LotId, MessageId, OrderId, PositionId, ProviderId, SessionId, SignalId, UserId,
    },
    ports::store::{Keyed, Page, Query, Row, Store, SystemQuery},
    signal::profile::ProfileVersion,
    tenant::{SystemScope, TenantScope},
};

use super::{
    put, row,
    world::{self, ann, bob, chunk, cid, desk, of},
};
use crate::sample::{at, id, tenant, trade};

fn ids<I: Id>(numbers: &[u64]) -> Vec<String> {
    numbers.iter().map(|n| id::<I>(*n).to_string()).collect()
}

fn first(limit: u32) -> Page {
    Page::first(limit)
}

fn members(pairs: &[(u64, UserId)]) -> Vec<String> {
    pairs
        .iter()
        .map(|(n, user)| tenant::membership(id(*n), *user).key())
        .collect()
}

fn points(list: &[(u64, UserId, u64)]) -> Vec<String> {
    let key = |(n, user, second): &(u64, UserId, u64)| {
        trade::equity(&trade::connection(*n, *user), at(*second)).key()
    };
    list.iter().map(key).collect()
}

type Asked = (TenantScope, Query, Vec<String>);

fn of_communities() -> Vec<Asked> {
    vec![
        (
            desk(1),
            Query::Members(first(9)),
            members(&[(1, bob()), (1, ann())]),
        ),
        (desk(2), Query::Members(first(9)), members(&[(2, bob())])),
        (of(ann()), Query::Members(first(9)), vec![]),
        (of(bob()), Query::Memberships, members(&[(2, bob()), (1, bob())])),
        (desk(1), Query::Channels, ids::<ChannelId>(&[2, 1])),
        (desk(1), Query::Providers, ids::<ProviderId>(&[2, 1])),
        (of(ann()), Query::Providers, vec![]),
        (desk(1), Query::Hooks, ids::<HookId>(&[2, 1])),
        (of(ann()), Query::Hooks, vec![]),
        (
            desk(1),
            Query::Deliveries(id(1)),
            [10, 9].map(|n| Delivery::place(id(1), n)).into(),
        ),
        (desk(1), Query::Deliveries(id(3)), vec![]),
        (
            desk(1),
            Query::Profiles(id(1), first(9)),
            [10, 9].map(|n| ProfileVersion::place(id(1), n)).into(),
        ),
        (
            desk(1),
            Query::Profiles(id(1), first(1)),
            vec![ProfileVersion::place(id(1), 10)],
        ),
        (desk(1), Query::Profiles(id(3), first(9)), vec![]),
        (of(ann()), Query::Profiles(id(1), first(9)), vec![]),
        (
            desk(1),
            Query::MessagesOfProvider(id(1), first(9)),
            ids::<MessageId>(&[3]),
        ),
        (
            desk(2),
            Query::MessagesOfProvider(id(3), first(9)),
            ids::<MessageId>(&[4]),
        ),
        (desk(1), Query::MessagesOfProvider(id(3), first(9)), vec![]),
        (desk(1), Query::Signals(first(9)), ids::<SignalId>(&[2, 1])),
        (desk(1), Query::Signals(first(1)), ids::<SignalId>(&[2])),
        (
            desk(1),
            Query::SignalBySource("discord:1".into(), "2".into()),
            ids::<SignalId>(&[2]),
        ),
        (
            desk(2),
            Query::SignalBySource("discord:1".into(), "2".into()),
            vec![],
        ),
    ]
}

fn of_messages() -> Vec<Asked> {
    vec![
        (
            desk(1),
            Query::MessageRevisions("discord:1".into(), "m1".into()),
            ids::<MessageId>(&[1, 2]),
        ),
        (
            desk(1),
            Query::MessageRevisions("discord:1".into(), "m3".into()),
            vec![],
        ),
        (
            desk(1),
            Query::MessagesFrom("discord:1".into(), "m1".into()),
            ids::<MessageId>(&[3, 2]),
        ),
        (
            desk(1),
            Query::MessagesFrom("discord:1".into(), "m2".into()),
            ids::<MessageId>(&[3]),
        ),
        (
            desk(1),
            Query::MessagesFrom("discord:1".into(), "m".into()),
            vec![],
        ),
        (
            desk(2),
            Query::MessagesFrom("discord:1".into(), "m1".into()),
            ids::<MessageId>(&[4]),
        ),
        (
            of(ann()),
            Query::MessagesFrom("discord:1".into(), "m1".into()),
            vec![],
        ),
    ]
}

fn of_users() -> Vec<Asked> {
    let both = || chunk(&[ann(), bob()]);
    let paper = |n: u64| format!("paper:paper:PA{n}");
    vec![
        (of(cid()), Query::Users, ids::<UserId>(&[3])),
        (both(), Query::Users, ids::<UserId>(&[1, 2])),
        (desk(1), Query::Users, vec![]),
        (of(ann()), Query::Sessions, ids::<SessionId>(&[2, 1])),
        (of(cid()), Query::Sessions, vec![]),
        (of(ann()), Query::Follows, ids::<FollowId>(&[3, 1])),
        (chunk(&[bob(), cid()]), Query::Follows, ids::<FollowId>(&[4, 2])),
        (desk(1), Query::Follows, vec![]),
        (of(ann()), Query::Connections, ids::<ConnectionId>(&[3, 1])),
        (both(), Query::Connections, ids::<ConnectionId>(&[3, 2, 1])),
        (of(bob()), Query::Accounts, vec![paper(2)]),
        (both(), Query::Accounts, vec![paper(3), paper(2), paper(1)]),
        (both(), Query::UserLimits, ids::<UserId>(&[2, 1])),
        (of(ann()), Query::Decisions(first(9)), ids::<DecisionId>(&[3, 1])),
        (
            both(),
            Query::DecisionsOfSignal(id(1)),
            ids::<DecisionId>(&[1, 2]),
        ),
        (of(bob()), Query::DecisionsOfSignal(id(2)), vec![]),
        (of(ann()), Query::ApprovalsPending, ids::<ApprovalId>(&[1])),
        (of(ann()), Query::LotsOpen(None), ids::<LotId>(&[1])),
        (both(), Query::LotsOpen(None), ids::<LotId>(&[1, 3])),
        (both(), Query::LotsOpen(Some(id(2))), ids::<LotId>(&[3])),
        (both(), Query::LotsOfSignal(id(1)), ids::<LotId>(&[1, 3])),
        (
            of(ann()),
            Query::Positions(false, first(9)),
            ids::<PositionId>(&[2, 1]),
        ),
        (
            of(ann()),
            Query::Positions(true, first(9)),
            ids::<PositionId>(&[1]),
        ),
        (
            of(ann()),
            Query::PositionOpen(id(1), trade::apple()),
            ids::<PositionId>(&[1]),
        ),
        (of(bob()), Query::PositionOpen(id(1), trade::apple()), vec![]),
        (
            both(),
            Query::EquityCurve(at(0)),
            points(&[(1, ann(), 0), (2, bob(), 30), (1, ann(), 60)]),
        ),
        (of(ann()), Query::EquityCurve(at(1)), points(&[(1, ann(), 60)])),
    ]
}

fn of_orders() -> Vec<Asked> {
    let both = || chunk(&[ann(), bob()]);
    let client = trade::order(4, &trade::connection(2, bob()))
        .client_order_id()
        .to_string();
    vec![
        (
            of(ann()),
            Query::Orders(None, first(9)),
            ids::<OrderId>(&[5, 3, 2, 1]),
        ),
        (
            of(ann()),
            Query::Orders(Some("filled".into()), first(9)),
            ids::<OrderId>(&[2]),
        ),
        (of(bob()), Query::Orders(Some("filled".into()), first(9)), vec![]),
        (of(ann()), Query::OrdersOpen(id(1)), ids::<OrderId>(&[1, 5])),
        (of(bob()), Query::OrdersOpen(id(1)), vec![]),
        (of(ann()), Query::OrdersOfLot(id(1)), ids::<OrderId>(&[1, 5])),
        (both(), Query::OrdersOfSignal(id(1)), ids::<OrderId>(&[1, 4])),
        (
            of(bob()),
            Query::OrderByClientId(client.clone()),
            ids::<OrderId>(&[4]),
        ),
        (of(ann()), Query::OrderByClientId(client), vec![]),
        (of(ann()), Query::IntentOfOrder(id(5)), ids::<IntentId>(&[5])),
        (of(bob()), Query::IntentOfOrder(id(5)), vec![]),
        (of(ann()), Query::Fills(first(9)), ids::<FillId>(&[4, 2, 1])),
        (of(ann()), Query::FillsOfOrder(id(1)), ids::<FillId>(&[1, 4])),
        (of(bob()), Query::FillsOfOrder(id(1)), vec![]),
    ]
}

fn keys(rows: &[Row]) -> Vec<String> {
    rows.iter().map(Row::key).collect()
}

pub(super) async fn tenant_questions_are_answered_in_order(store: Arc<dyn Store>) {
    put(&*store, world::rows()).await;
    for (scope, query, expected) in [of_communities(), of_messages(), of_users(), of_orders()].concat() {
        let what = format!("{query:?} under {scope:?}");
        let rows = store.find(&scope, query).await.expect(&what);
        assert_eq!(keys(&rows), expected, "{what}");
    }
}

fn other_questions() -> Vec<(SystemQuery, Vec<String>)> {
    vec![
        (SystemQuery::DataKey(bob()), vec![bob().to_string()]),
        (SystemQuery::DataKey(id(9)), vec![]),
        (SystemQuery::DataKeys(first(9)), ids::<UserId>(&[1, 2, 3])),
        (
            SystemQuery::ConnectionsAll(first(9)),
            ids::<ConnectionId>(&[1, 2, 3]),
        ),
        (
            SystemQuery::ConnectionsAll(Page {
                after: Some(id::<ConnectionId>(1).to_string()),
                limit: 1,
            }),
            ids::<ConnectionId>(&[2]),
        ),
        (SystemQuery::Keyring("master".into()), vec!["master".into()]),
        (SystemQuery::Keyring("other".into()), vec![]),
        (SystemQuery::Providers, ids::<ProviderId>(&[2, 3, 1])),
        (SystemQuery::Hook(id(3)), ids::<HookId>(&[3])),
        (SystemQuery::Hook(id(9)), vec![]),
        (
            SystemQuery::UserByDiscord("900000003".into()),
            ids::<UserId>(&[3]),
        ),
        (SystemQuery::UserByDiscord("900000002".into()), vec![]),
        (SystemQuery::LinkTicket("link 1".into()), vec!["link 1".into()]),
        (SystemQuery::LinkTicket("ticket 1".into()), vec![]),
        (SystemQuery::Departure("state 3".into()), vec!["state 3".into()]),
        (SystemQuery::Departure("state 9".into()), vec![]),
        (SystemQuery::DiscordGrant(id(2)), ids::<UserId>(&[2])),
        (SystemQuery::DiscordGrant(id(9)), vec![]),
        (SystemQuery::DiscordGrantsDue(at(996)), vec![]),
        (SystemQuery::DiscordGrantsDue(at(998)), ids::<UserId>(&[3])),
        (SystemQuery::DiscordGrantsDue(at(999)), ids::<UserId>(&[3, 1])),
        (SystemQuery::Bookmark("reader 2".into()), vec!["reader 2".into()]),
        (
            SystemQuery::CommunityByGuild(tenant::community(2).guild_id),
            ids::<CommunityId>(&[2]),
        ),
        (SystemQuery::Checkpoints(first(2)), ids::<CheckpointId>(&[3, 2])),
        (
            SystemQuery::Checkpoints(Page {
                after: Some(id::<CheckpointId>(2).to_string()),
                limit: 2,
            }),
            ids::<CheckpointId>(&[1]),
        ),
    ]
}

fn system_questions() -> Vec<(SystemQuery, Vec<String>)> {
    vec![
        (
            SystemQuery::SessionByToken("hash 3".into()),
            ids::<SessionId>(&[3]),
        ),
        (
            SystemQuery::SessionByToken("old 2".into()),
            ids::<SessionId>(&[2]),
        ),
        (SystemQuery::SessionByToken("hash 9".into()), vec![]),
        (SystemQuery::LimitsDue(at(608)), vec![]),
        (SystemQuery::LimitsDue(at(609)), ids::<UserId>(&[3])),
        (SystemQuery::LimitsDue(at(1_499)), ids::<UserId>(&[3, 1])),
        (SystemQuery::User(cid()), ids::<UserId>(&[3])),
        (SystemQuery::DemoUsers, ids::<UserId>(&[2, 1])),
        (SystemQuery::PlatformAdmins, ids::<UserId>(&[2])),
        (
            SystemQuery::LoginTicket("ticket 2".into()),
            vec!["ticket 2".into()],
        ),
        (SystemQuery::Communities, ids::<CommunityId>(&[1, 2])),
        (
            SystemQuery::ChannelBySource("discord:2".into()),
            ids::<ChannelId>(&[2]),
        ),
        (SystemQuery::ChannelsEnabled, ids::<ChannelId>(&[1, 3])),
        (SystemQuery::Followers(id(1), first(2)), ids::<FollowId>(&[1, 2])),
        (
            SystemQuery::Followers(
                id(1),
                Page {
                    after: Some(id::<FollowId>(2).to_string()),
                    limit: 2,
                },
            ),
            ids::<FollowId>(&[4]),
        ),
        (SystemQuery::Followers(id(2), first(2)), vec![]),
        (
            SystemQuery::MessagesUnprocessed(first(9)),
            ids::<MessageId>(&[1, 2, 4]),
        ),
        (SystemQuery::OrdersOpen(first(9)), ids::<OrderId>(&[1, 3, 4, 5])),
        (SystemQuery::OrdersDue(at(49), first(9)), ids::<OrderId>(&[3])),
        (SystemQuery::OrdersDue(at(50), first(9)), ids::<OrderId>(&[3, 4])),
        (
            SystemQuery::OrdersDue(at(1_000), first(9)),
            ids::<OrderId>(&[3, 4, 5]),
        ),
        (SystemQuery::ApprovalsDue(at(122)), ids::<ApprovalId>(&[1])),
        (SystemQuery::ApprovalsDue(at(120)), vec![]),
        (SystemQuery::LotsOpen(first(9)), ids::<LotId>(&[1, 3])),
        (SystemQuery::LotsWatched(first(9)), ids::<LotId>(&[3])),
        (
            SystemQuery::SwitchesOn,
            vec![
                format!("kill:{}", id::<CommunityId>(1)),
                format!("kill:{}", ann()),
            ],
        ),
        (
            SystemQuery::Switch("kill:platform".into()),
            vec!["kill:platform".into()],
        ),
        (SystemQuery::Switch("pause:platform".into()), vec![]),
        (SystemQuery::Connections(first(9)), ids::<ConnectionId>(&[1, 2])),
    ]
}

pub(super) async fn system_questions_are_answered_in_order(store: Arc<dyn Store>) {
    put(&*store, world::rows()).await;
    let scope = SystemScope::housekeeping("contract");
    for (query, expected) in system_questions().into_iter().chain(other_questions()) {
        let what = format!("{query:?}");
        let rows = store.find_any(scope, query).await.expect(&what);
        assert_eq!(keys(&rows), expected, "{what}");
    }
}

pub(super) async fn pages_follow_each_other_without_gap_or_repeat(store: Arc<dyn Store>) {
    const ORDERS: u64 = 23;
    let connection = trade::connection(1, ann());
    put(&*store, (1..=ORDERS).map(|n| row(trade::order(n, &connection)))).await;
    put(&*store, [row(trade::order(50, &trade::connection(2, bob())))]).await;
    let mut seen = Vec::new();
    let mut page = Page::first(5);
    loop {
        let rows = store
            .find(&of(ann()), Query::Orders(None, page.clone()))
            .await
            .expect("readable");
        seen.extend(keys(&rows));
        match rows.last() {
            Some(last) => page.after = Some(last.key()),
            None => break,
        }
    }
    let newest: Vec<u64> = (1..=ORDERS).rev().collect();
    assert_eq!(seen, ids::<OrderId>(&newest));
    let (mut all, mut page) = (BTreeSet::new(), Page::first(5));
    loop {
        let query = SystemQuery::OrdersOpen(page.clone());
        let rows = store
            .find_any(SystemScope::housekeeping("contract"), query)
            .await
            .expect("readable");
        assert!(rows.iter().all(|r| all.insert(r.key())), "no row twice");
        match rows.last() {
            Some(last) => page.after = Some(last.key()),
            None => break,
        }
    }
    assert_eq!(all.len() as u64, ORDERS + 1);
}
