//! What this process learnt and may forget: under which symbol an order of ours went, which order has which id of ours, the
//! rules of symbols, prices of what commissions are paid in. Decides how long that is believed; nothing depends on its being
//! there, since Binance can be asked again.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use ordercast_model::{connection::Mode, ids::ConnectionId, order::identity::ClientOrderId};
use rust_decimal::Decimal;

use super::wire;

/// How long a symbol counts as traded lately.
const LATELY: Duration = Duration::from_secs(3_600);
/// How old rules may be.
const RULES_AGE_MAX: Duration = Duration::from_secs(15 * 60);
/// How old a price of what a commission is paid in may be.
const PRICE_AGE_MAX: Duration = Duration::from_secs(60);
/// Things of a kind that are kept; at more all of that kind are forgotten.
const KEPT_MAX: usize = 20_000;

#[derive(Default)]
struct Board {
    /// Symbols traded lately, by connection.
    symbols: BTreeMap<(ConnectionId, String), Duration>,
    /// Symbols of our orders.
    orders: BTreeMap<ClientOrderId, String>,
    /// Ids of the vendor's orders as their owner gave them.
    names: BTreeMap<(String, i64), String>,
    rules: BTreeMap<(bool, String), (Duration, Arc<wire::Symbol>)>,
    prices: BTreeMap<String, (Duration, Decimal)>,
}

/// What is remembered.
#[derive(Default)]
pub(super) struct Memory(Mutex<Board>);

fn kept<K: Ord, V>(map: &mut BTreeMap<K, V>, key: K, value: V) {
    if map.len() >= KEPT_MAX {
        map.clear();
    }
    map.insert(key, value);
}

impl Memory {
    fn board(&self) -> MutexGuard<'_, Board> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An order of ours goes, or is asked for, under a symbol.
    pub(super) fn touch(&self, connection: ConnectionId, id: &ClientOrderId, symbol: &str, now: Duration) {
        let mut board = self.board();
        kept(&mut board.symbols, (connection, symbol.to_owned()), now);
        kept(&mut board.orders, id.clone(), symbol.to_owned());
    }

    /// The symbol an order of ours went under.
    pub(super) fn symbol_of(&self, id: &ClientOrderId) -> Option<String> {
        self.board().orders.get(id).cloned()
    }

    /// Symbols a connection traded lately.
    pub(super) fn lately(&self, connection: ConnectionId, now: Duration) -> BTreeSet<String> {
        let board = self.board();
        let own = board
            .symbols
            .iter()
            .filter(|((of, _), at)| *of == connection && now.saturating_sub(**at) <= LATELY);
        own.map(|((_, symbol), _)| symbol.clone()).collect()
    }

    /// An order of the vendor's, with the id its owner gave it.
    pub(super) fn learn(&self, symbol: &str, order_id: i64, client_id: &str) {
        let key = (symbol.to_owned(), order_id);
        kept(&mut self.board().names, key, client_id.to_owned());
    }

    /// The id that its owner gave an order.
    pub(super) fn name(&self, symbol: &str, order_id: i64) -> Option<String> {
        self.board().names.get(&(symbol.to_owned(), order_id)).cloned()
    }

    /// Rules that are young enough.
    pub(super) fn rules(&self, mode: Mode, symbol: &str, now: Duration) -> Option<Arc<wire::Symbol>> {
        let board = self.board();
        let (at, rules) = board.rules.get(&(mode == Mode::Live, symbol.to_owned()))?;
        (now.saturating_sub(*at) <= RULES_AGE_MAX).then(|| rules.clone())
    }

    /// Keeps rules.
    pub(super) fn keep_rules(&self, mode: Mode, rules: &Arc<wire::Symbol>, now: Duration) {
        let key = (mode == Mode::Live, rules.symbol.clone());
        kept(&mut self.board().rules, key, (now, rules.clone()));
    }

    /// A price that is young enough.
    pub(super) fn price(&self, symbol: &str, now: Duration) -> Option<Decimal> {
        let board = self.board();
        let (at, price) = board.prices.get(symbol)?;
        (now.saturating_sub(*at) <= PRICE_AGE_MAX).then_some(*price)
    }

    /// Keeps a price.
    pub(super) fn keep_price(&self, symbol: &str, price: Decimal, now: Duration) {
        kept(&mut self.board().prices, symbol.to_owned(), (now, price));
    }
}
