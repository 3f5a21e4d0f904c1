//! Decides in which order the venue's work is done; keeps the market, the memory and the books together.
//! Synchronous and deterministic: refuses to know tokio, files and the wall clock.

use std::collections::BTreeMap;

use ordercast_model::{instrument::Instrument, money, time::Timestamp};
use rust_decimal::Decimal;

use crate::{
    market::{exchange::Market, option::OPTION_TICK, quote::Quote},
    venue::{
        account::Account,
        book::Taken,
        config::EngineConfig,
        order::{Event, EventKind, Fill, Order},
        prices::Prices,
        refusal::{Code, Refusal},
        state::{Change, State},
    },
};

/// Smallest part of a share where fractions trade.
const SHARE_FRACTION: Decimal = Decimal::from_parts(1, 0, 0, false, 9);

/// Steps and bounds of an instrument's orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Price step.
    pub tick: Decimal,
    /// Quantity step.
    pub lot: Decimal,
    /// Least value of an opening order, USD.
    pub minimum_notional: Decimal,
    /// Most units of one order.
    pub quantity_max: Decimal,
    /// Quoted only.
    pub index: bool,
}

/// The venue without its server.
#[derive(Debug, Clone)]
pub struct Engine<M = Market> {
    pub(super) config: EngineConfig,
    pub(crate) market: M,
    pub(crate) state: State,
    pub(super) books: BTreeMap<Instrument, Taken>,
    pub(crate) quotes: BTreeMap<Instrument, Quote>,
    pub(crate) changes: Vec<Change>,
    pub(crate) now: Timestamp,
    pub(crate) settled: i64,
}

impl<M: Prices> Engine<M> {
    /// A venue with what it remembers.
    #[must_use]
    pub fn new(config: EngineConfig, market: M, state: State) -> Self {
        let now = market.now();
        Self {
            config,
            market,
            state,
            books: BTreeMap::new(),
            quotes: BTreeMap::new(),
            changes: Vec::new(),
            now,
            settled: i64::MIN,
        }
    }
    /// The market it trades.
    #[must_use]
    pub const fn market(&self) -> &M {
        &self.market
    }
    /// What it remembers.
    #[must_use]
    pub const fn state(&self) -> &State {
        &self.state
    }
    /// How it was set.
    #[must_use]
    pub const fn config(&self) -> &EngineConfig {
        &self.config
    }
    /// What changed since this was last asked, in order: what a ledger writes down and a stream tells.
    pub fn take_changes(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.changes)
    }

    /// Opens an account.
    ///
    /// # Errors
    /// `duplicate_name`, `invalid_order` for a bad name or amount.
    pub fn open_account(
        &mut self,
        name: &str,
        key_hash: &str,
        cash: Decimal,
        shorting: bool,
    ) -> Result<Account, Refusal> {
        if name.is_empty() || name.len() > 64 || name.chars().any(char::is_control) {
            return Err(Refusal::field("name", "expected 1 to 64 characters"));
        }
        if cash < Decimal::ZERO || cash > Decimal::from(1_000_000_000) || cash.normalize().scale() > 8 {
            return Err(Refusal::field(
                "cash",
                "expected 0 to 1000000000 with at most 8 places",
            ));
        }
        if self.state.accounts.values().any(|a| a.name == name) {
            return Err(Refusal::new(
                Code::DuplicateName,
                format!("an account named {name:?} exists"),
            ));
        }
        let account = Account {
            id: format!("PA{}", 100_001 + self.state.accounts.len()),
            name: name.to_owned(),
            key_hash: key_hash.to_owned(),
            opening_cash: cash.normalize(),
            cash: cash.normalize(),
            fees: Decimal::ZERO,
            shorting,
            positions: BTreeMap::new(),
            event: 0,
        };
        self.change(Change::Account(account.clone()))?;
        Ok(account)
    }

    /// Stops or resumes trading in an instrument. Repeatable.
    ///
    /// # Errors
    /// None in practice; the signature is that of every change.
    pub fn halt(&mut self, symbol: &Instrument, halted: bool) -> Result<(), Refusal> {
        if self.state.halted.contains(symbol) == halted {
            return Ok(());
        }
        self.change(Change::Halt {
            symbol: symbol.clone(),
            halted,
        })
    }

    /// Steps and bounds of an instrument's orders.
    #[must_use]
    pub fn rule(&self, symbol: &Instrument) -> Rule {
        let listing = self.market.listing(symbol);
        let crypto = matches!(symbol, Instrument::Crypto { .. });
        Rule {
            tick: listing.map_or(OPTION_TICK, |l| l.tick),
            lot: match symbol {
                Instrument::Equity { .. } if self.config.fractional => SHARE_FRACTION,
                _ => listing.map_or(Decimal::ONE, |l| l.lot),
            },
            minimum_notional: if crypto { Decimal::ONE } else { Decimal::ZERO },
            quantity_max: if crypto {
                Decimal::from(100_000_000_000_i64)
            } else {
                Decimal::from(10_000_000)
            },
            index: listing.is_some_and(|l| l.index),
        }
    }

    /// Best prices of this step, computed once.
    ///
    /// # Errors
    /// `unknown_symbol`.
    pub fn quote(&mut self, symbol: &Instrument) -> Result<Quote, Refusal> {
        if let Some(quote) = self.quotes.get(symbol) {
            return Ok(quote.clone());
        }
        let quote = self.market.quote(symbol)?;
        self.quotes.insert(symbol.clone(), quote.clone());
        Ok(quote)
    }

    /// Whether orders in an instrument may trade now.
    #[must_use]
    pub fn trading(&self, symbol: &Instrument) -> bool {
        self.market.is_open(symbol) && !self.state.halted.contains(symbol)
    }

    pub(super) fn account(&self, id: &str) -> Result<&Account, Refusal> {
        self.state.accounts.get(id).ok_or_else(Refusal::no_account)
    }

    /// An order of an account by its number.
    ///
    /// # Errors
    /// `order_not_found`, also when it is another account's.
    pub fn order(&self, account: &str, number: u64) -> Result<&Order, Refusal> {
        let found = self.state.orders.get(&number).filter(|o| o.account == account);
        found.ok_or_else(|| Refusal::no_order(&format!("vo-{number}")))
    }

    /// The newest order of an account that carries or carried a client order id.
    ///
    /// # Errors
    /// `order_not_found`.
    pub fn order_by_client_id(&self, account: &str, id: &str) -> Result<&Order, Refusal> {
        let numbers = self.state.by_client.get(&(account.to_owned(), id.to_owned()));
        let newest = numbers
            .and_then(|n| n.last())
            .and_then(|n| self.state.orders.get(n));
        newest.ok_or_else(|| Refusal::no_order(id))
    }

    pub(super) fn change(&mut self, change: Change) -> Result<(), Refusal> {
        self.state
            .apply(&change)
            .map_err(|e| Refusal::new(Code::Internal, e.to_string()))?;
        self.changes.push(change);
        Ok(())
    }

    pub(super) fn report(
        &mut self,
        kind: EventKind,
        account: &str,
        order: Option<Order>,
        fill: Option<Fill>,
    ) -> Result<(), Refusal> {
        let number = self.account(account)?.event + 1;
        let event = Event {
            number,
            account: account.to_owned(),
            kind,
            order,
            fill,
            at: self.now,
        };
        self.change(Change::Event(Box::new(event)))
    }

    /// What trading units at a price costs, USD, rounded half-up to 8 places.
    ///
    /// # Errors
    /// `MoneyError::Overflow`.
    pub fn fee(
        &self,
        symbol: &Instrument,
        price: Decimal,
        quantity: Decimal,
    ) -> Result<Decimal, money::MoneyError> {
        let fees = &self.config.fees;
        let exact = match symbol {
            Instrument::Equity { .. } => money::mul(fees.equity_per_share, quantity)?,
            Instrument::Option { .. } => money::mul(fees.option_per_contract, quantity)?,
            Instrument::Crypto { .. } => {
                let percent = money::mul(fees.crypto_percent, Decimal::new(1, 2))?;
                money::mul(money::mul(price, quantity)?, percent)?
            }
        };
        Ok(exact
            .round_dp_with_strategy(8, rust_decimal::RoundingStrategy::MidpointAwayFromZero)
            .normalize())
    }
}
