//! How SQLite means to answer each text: by an index, never by reading a whole table.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a failed expectation fails the test"
)]

use ordercast_model::{
    ids::{Id, UserId},
    instrument::Instrument,
    ports::store::{Page, Query, SystemQuery, Table},
    tenant::TenantScope,
    time::Timestamp,
};
use ordercast_testkit::sample::{id, tenant, trade};
use sqlx::{Connection, SqlStr, SqliteConnection};

use super::{by_key, journal, system, tenant as own};
use crate::{
    dialect::{Dialect, Statements, Text, Verb},
    migration::migrator,
    session::Session,
    value::{Kind, Value, text},
};

async fn empty() -> SqliteConnection {
    let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
    migrator(Dialect::Sqlite).run(&mut connection).await.unwrap();
    connection
}

/// The steps of a plan that read a whole table.
async fn scans(connection: &mut SqliteConnection, sql: SqlStr) -> Vec<String> {
    let explained = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {}", sql.as_str()));
    let columns = &[Kind::Number, Kind::Number, Kind::Number, Kind::Text];
    let explained = sqlx::SqlSafeStr::into_sql_str(explained);
    let plan = connection.fetch(explained, Vec::new(), columns).await.unwrap();
    let steps = plan
        .into_iter()
        .filter_map(|row| row.into_iter().nth(3))
        .map(Value::into_text);
    steps
        .filter(|step| step.starts_with("SCAN") && !HARMLESS.iter().any(|word| step.contains(word)))
        .collect()
}

/// Lists that were handed in, rows of a multi-row statement, and indexes that hold only the few rows asked for.
const HARMLESS: &[&str] = &[
    "VIRTUAL TABLE",
    "VALUES CLAUSE",
    "CONSTANT ROW",
    "SCAN v",
    "users_by_demo",
    "users_by_admin",
    "messages_by_unprocessed",
    "orders_by_open",
    "lots_by_open",
    "lots_by_watched",
    "switches_by_on",
];

fn tenant_texts() -> Vec<Text> {
    let page = || Page::first(10);
    let (user, community) = (trade::connection(1, id(1)), tenant::community(1));
    let users: Vec<_> = [1, 2].map(|n| tenant::follow(n, id::<UserId>(n), id(1))).into();
    let scopes = [
        TenantScope::of_user(&user),
        TenantScope::of_community(&community),
        TenantScope::chunk(&tenant::signal(1, id(1), id(1)), &users),
    ];
    let (key, apple) = (String::new, || -> Instrument { trade::apple() });
    let queries = [
        Query::Users,
        Query::Sessions,
        Query::Memberships,
        Query::Members(page()),
        Query::Channels,
        Query::Providers,
        Query::Hooks,
        Query::Deliveries(id(1)),
        Query::Profiles(id(1), page()),
        Query::MessagesOfProvider(id(1), page()),
        Query::Follows,
        Query::Connections,
        Query::Accounts,
        Query::UserLimits,
        Query::Signals(page()),
        Query::SignalBySource(key(), key()),
        Query::MessageRevisions(key(), key()),
        Query::MessagesFrom(key(), key()),
        Query::Decisions(page()),
        Query::DecisionsOfSignal(id(1)),
        Query::ApprovalsPending,
        Query::Orders(None, page()),
        Query::Orders(Some(key()), page()),
        Query::OrdersOpen(id(1)),
        Query::OrdersOfLot(id(1)),
        Query::OrdersOfSignal(id(1)),
        Query::OrderByClientId(key()),
        Query::IntentOfOrder(id(1)),
        Query::Fills(page()),
        Query::FillsOfOrder(id(1)),
        Query::LotsOpen(None),
        Query::LotsOpen(Some(id(1))),
        Query::LotsOfSignal(id(1)),
        Query::Positions(true, page()),
        Query::PositionOpen(id(1), apple()),
        Query::EquityCurve(Timestamp::default()),
    ];
    let asked = scopes
        .iter()
        .flat_map(|scope| queries.iter().filter_map(move |query| own::ask(scope, query)));
    asked.map(|asked| asked.text).collect()
}

fn system_texts() -> Vec<Text> {
    let page = || Page::first(10);
    let (key, now) = (String::new, Timestamp::default());
    let queries = [
        SystemQuery::SessionByToken(key()),
        SystemQuery::User(id(1)),
        SystemQuery::LoginTicket(key()),
        SystemQuery::UserByDiscord(key()),
        SystemQuery::LinkTicket(key()),
        SystemQuery::Bookmark(key()),
        SystemQuery::CommunityByGuild(key()),
        SystemQuery::DemoUsers,
        SystemQuery::PlatformAdmins,
        SystemQuery::Hook(id(1)),
        SystemQuery::ChannelBySource(key()),
        SystemQuery::Followers(id(1), page()),
        SystemQuery::MessagesUnprocessed(page()),
        SystemQuery::OrdersOpen(page()),
        SystemQuery::OrdersDue(now, page()),
        SystemQuery::ApprovalsDue(now),
        SystemQuery::LimitsDue(now),
        SystemQuery::Departure(key()),
        SystemQuery::DiscordGrant(id(1)),
        SystemQuery::DiscordGrantsDue(now),
        SystemQuery::LotsOpen(page()),
        SystemQuery::LotsWatched(page()),
        SystemQuery::Checkpoints(page()),
        SystemQuery::DataKeys(page()),
        SystemQuery::ConnectionsAll(page()),
        SystemQuery::Keyring(key()),
        SystemQuery::SwitchesOn,
        SystemQuery::Switch(key()),
        SystemQuery::DataKey(UserId::new(now, [0; 10])),
    ];
    queries.iter().map(|query| system::ask(query).text).collect()
}

#[tokio::test]
async fn no_question_reads_a_whole_table() {
    let mut connection = empty().await;
    let mut texts = [tenant_texts(), system_texts()].concat();
    texts.extend(Table::ALL.iter().map(|table| by_key(*table)));
    // The head and the queue are walks in order that end at their limit.
    texts.extend([
        journal::FEED_HEADS,
        journal::TAKE,
        journal::STANDING,
        journal::WHOLE,
        journal::FEED,
        journal::OF_USERS,
        journal::OF_USERS.among(&["one"]).0,
        journal::OF_USERS_AND_KIND,
        journal::OWN_ENTRY,
    ]);
    for told in texts {
        let scans = scans(&mut connection, told.sql(Dialect::Sqlite)).await;
        assert!(scans.is_empty(), "{told:?}: {scans:?}");
    }
}

#[tokio::test]
async fn a_page_of_one_user_walks_its_index_without_sorting() {
    let mut connection = empty().await;
    let scope = TenantScope::of_user(&trade::connection(1, id(1)));
    let page = || Page::first(10);
    for query in [
        Query::Orders(None, page()),
        Query::Fills(page()),
        Query::Decisions(page()),
        Query::Positions(false, page()),
    ] {
        let sql = own::ask(&scope, &query).unwrap().text.sql(Dialect::Sqlite);
        let sql = format!("EXPLAIN QUERY PLAN {}", sql.as_str());
        let sql = sqlx::SqlSafeStr::into_sql_str(sqlx::AssertSqlSafe(sql));
        let columns = &[Kind::Number, Kind::Number, Kind::Number, Kind::Text];
        let plan = connection.fetch(sql, vec![text("")], columns).await.unwrap();
        let steps: Vec<String> = plan
            .into_iter()
            .filter_map(|row| row.into_iter().nth(3))
            .map(Value::into_text)
            .collect();
        assert!(
            !steps.iter().any(|step| step.contains("TEMP B-TREE")),
            "{query:?}: {steps:?}"
        );
    }
}

#[tokio::test]
async fn no_multi_row_statement_reads_a_whole_table() {
    let mut connection = empty().await;
    let statements = Statements::of(Dialect::Sqlite);
    let mut verbs = vec![Verb::Journal, Verb::Pending, Verb::Chain, Verb::Feed];
    for table in Table::ALL {
        verbs.extend([Verb::Insert(*table), Verb::Update(*table)]);
    }
    for verb in verbs {
        for rows in [1, 300] {
            let (sql, _) = statements.largest(verb, rows);
            let scans = scans(&mut connection, sql).await;
            assert!(scans.is_empty(), "{verb:?} of {rows}: {scans:?}");
        }
    }
}
