//! How the program is doing, part by part, for `/readyz`. Watchers look at each part at its own pace and write on the
//! board; a watcher that falls silent counts against its part.

mod board;
pub mod look;

#[cfg(test)]
mod tests;

use std::{path::PathBuf, sync::Arc, time::Duration};

use ordercast_adapters::{discord::DiscordSource, paper::PaperMarket};
use ordercast_app::context::Context;
use ordercast_model::ports::{broker::Broker, clock::Clock};

pub use self::board::{Board, Finding, Trouble, Weight};

/// A write must have been proven within this time (PRODUCT OP-03).
const PROVEN_WITHIN: Duration = Duration::from_secs(5);
const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

/// Parts by name.
pub mod part {
    #![allow(missing_docs, reason = "the names are their own description")]
    pub const RECOVERY: &str = "recovery";
    pub const OPENING: &str = "opening";
    pub const DATABASE: &str = "database";
    pub const JOURNAL: &str = "journal";
    pub const KEYS: &str = "keys";
    pub const CLOCK: &str = "clock";
    pub const DISK: &str = "disk";
    pub const DISCORD: &str = "discord";
    pub const PAPER_BROKER: &str = "broker_paper";
    pub const PAPER_MARKET: &str = "market_paper";
    pub const BUS: &str = "bus";
    pub const DASHBOARD: &str = "dashboard";
}

/// Expects every part that every way of running has.
pub fn expect_all(board: &Board) {
    use Weight::{Side, Vital};
    for (name, weight, fresh_for) in [
        (part::RECOVERY, Vital, None),
        (part::OPENING, Side, Some(10 * SECOND)),
        (part::DATABASE, Vital, Some(PROVEN_WITHIN)),
        (part::JOURNAL, Vital, Some(10 * SECOND)),
        (part::KEYS, Vital, Some(5 * MINUTE)),
        (part::CLOCK, Vital, Some(10 * SECOND)),
        (part::DISK, Vital, Some(MINUTE)),
        (part::DISCORD, Side, Some(10 * SECOND)),
        (part::PAPER_BROKER, Side, Some(2 * MINUTE)),
        (part::PAPER_MARKET, Side, Some(10 * SECOND)),
        (part::BUS, Side, Some(10 * SECOND)),
        (part::DASHBOARD, Side, None),
    ] {
        board.expect(name, weight, fresh_for);
    }
}

async fn repeat<F: Future<Output = Finding>>(
    board: Arc<Board>,
    clock: Arc<dyn Clock>,
    (name, every): (&'static str, Duration),
    mut look: impl FnMut() -> F,
) {
    loop {
        board.tell(name, look().await);
        clock.sleep_until(clock.now().plus(every)).await;
    }
}

/// Looks at what every program has: database, journal, keys, clock, disk, dashboard. Runs until dropped.
pub async fn watch_core(board: Arc<Board>, ctx: Context, folder: PathBuf) {
    board.tell(
        part::DASHBOARD,
        look::dashboard(ordercast_web::assets::is_built()),
    );
    let (clock, store, vault) = (ctx.clock.clone(), ctx.store.clone(), ctx.vault.clone());
    let again = |name, every| (board.clone(), clock.clone(), (name, every));
    let (b, c, p) = again(part::DATABASE, 2 * SECOND);
    let database = repeat(b, c, p, || look::database(store.as_ref()));
    let (b, c, p) = again(part::JOURNAL, SECOND);
    let journal = repeat(b, c, p, || look::journal(store.as_ref(), clock.now()));
    let (b, c, p) = again(part::OPENING, SECOND);
    let opening = repeat(b, c, p, || std::future::ready(look::opening(&ctx.switchboard)));
    let (b, c, p) = again(part::KEYS, MINUTE);
    let keys = repeat(b, c, p, || look::keys(store.as_ref(), vault.as_ref()));
    let (b, c, p) = again(part::DISK, 10 * SECOND);
    let disk = repeat(b, c, p, || std::future::ready(look::disk(&folder)));
    let mut watch = look::ClockWatch::default();
    let (b, c, p) = again(part::CLOCK, SECOND);
    let steady = repeat(b, c, p, || {
        std::future::ready(watch.look(clock.now(), clock.monotonic()))
    });
    tokio::join!(database, journal, opening, keys, disk, steady);
}

/// Looks at Discord. Runs until dropped.
pub async fn watch_discord(board: Arc<Board>, clock: Arc<dyn Clock>, source: Arc<DiscordSource>) {
    repeat(board, clock, (part::DISCORD, SECOND), || {
        std::future::ready(look::discord(&source))
    })
    .await;
}

/// Looks at the paper venue. Runs until dropped.
pub async fn watch_paper(board: Arc<Board>, ctx: Context, broker: Arc<dyn Broker>, market: Arc<PaperMarket>) {
    let clock = ctx.clock.clone();
    let orders = repeat(
        board.clone(),
        clock.clone(),
        (part::PAPER_BROKER, 15 * SECOND),
        || look::broker(ctx.store.as_ref(), ctx.vault.as_ref(), broker.as_ref()),
    );
    let quotes = repeat(board.clone(), clock.clone(), (part::PAPER_MARKET, SECOND), || {
        std::future::ready(look::market(market.is_fed()))
    });
    tokio::join!(orders, quotes);
}

/// Looks at the bus between processes. Runs until dropped.
pub async fn watch_bus(board: Arc<Board>, clock: Arc<dyn Clock>, is_up: impl Fn() -> bool + Send) {
    repeat(board, clock, (part::BUS, SECOND), || {
        std::future::ready(look::bus(is_up()))
    })
    .await;
}
