//! Rules of Alpaca's instruments. Decides their steps and whether they may be opened; refuses to let what leaves a position wait
//! for a question that fails.

use std::time::Duration;

use ordercast_model::{
    instrument::{AssetClass, Instrument},
    market::InstrumentRules,
    ports::market::MarketError,
};
use rust_decimal::Decimal;

use super::{
    client::Who,
    market::{AlpacaMarket, failed},
    symbol, wire,
};
use crate::meter::Urgency;

/// How old an instrument's rules may be.
const RULES_AGE_MAX: Duration = Duration::from_secs(15 * 60);
/// How old the list of everything may be.
const LIST_AGE_MAX: Duration = Duration::from_secs(3_600);
/// Rules kept; beyond it they are asked for anew.
const RULES_MAX: usize = 5_000;
/// Steps of prices and quantities that Alpaca documents: shares below a dollar move by a hundredth of a cent.
const CENT: Decimal = Decimal::from_parts(1, 0, 0, false, 2);
const SUB_CENT: Decimal = Decimal::from_parts(1, 0, 0, false, 4);
/// Parts of a coin, to nine places.
const PART: Decimal = Decimal::from_parts(1, 0, 0, false, 9);

impl AlpacaMarket {
    pub(super) async fn ask_rules(&self, symbol: &str) -> Result<InstrumentRules, MarketError> {
        let kept = self.look(|b| b.rules.get(symbol).cloned());
        if let Some((at, rules)) = &kept
            && self.is_fresh(*at, RULES_AGE_MAX)
        {
            return Ok(self.stepped(rules.clone()));
        }
        match (self.read_rules(symbol).await, kept) {
            // Steps change once in a while, and what leaves a position must not wait for the question (PRODUCT EX-18).
            (Err(MarketError::Unavailable(why)), Some((_, rules))) => {
                tracing::warn!(
                    symbol,
                    why,
                    "rules of Alpaca not read again; those of before are taken"
                );
                Ok(self.stepped(rules))
            }
            (read, _) => read.map(|rules| self.stepped(rules)),
        }
    }

    /// The rules with the step of the price as it stands: shares below a dollar move in finer ones.
    fn stepped(&self, mut rules: InstrumentRules) -> InstrumentRules {
        if rules.instrument.class() == AssetClass::Equity {
            let last = self.look(|b| {
                b.quotes
                    .get(&rules.instrument)
                    .map(|(_, quote)| quote.last.value())
            });
            let is_cheap = last.is_some_and(|last| last < Decimal::ONE);
            rules.tick = if is_cheap { SUB_CENT } else { CENT };
        }
        rules
    }

    async fn read_rules(&self, symbol: &str) -> Result<InstrumentRules, MarketError> {
        let mut last = MarketError::UnknownSymbol(symbol.to_owned());
        for instrument in symbol::meant(symbol) {
            match self.rules_of(&instrument).await {
                Ok(rules) => {
                    let now = self.clock.monotonic();
                    self.change(|board| {
                        if board.rules.len() >= RULES_MAX {
                            board.rules.clear();
                        }
                        board.rules.insert(symbol.to_owned(), (now, rules.clone()));
                    });
                    return Ok(rules);
                }
                Err(unknown @ MarketError::UnknownSymbol(_)) => last = unknown,
                Err(other) => return Err(other),
            }
        }
        Err(last)
    }

    async fn rules_of(&self, instrument: &Instrument) -> Result<InstrumentRules, MarketError> {
        let theirs = symbol::theirs(instrument);
        let name = instrument.to_string();
        if let Instrument::Option { .. } = instrument {
            let contract: wire::Contract = self
                .trading(&["v2", "options", "contracts", &theirs], Urgency::Order)
                .await
                .map_err(|silent| failed(silent, &name))?;
            return Ok(option_rules(instrument, &contract));
        }
        let asset: wire::Asset = self
            .trading(&["v2", "assets", &theirs], Urgency::Order)
            .await
            .map_err(|silent| failed(silent, &name))?;
        let class = asset.class.as_deref().and_then(symbol::class);
        if class.is_some_and(|c| c != instrument.class()) {
            return Err(MarketError::UnknownSymbol(name));
        }
        let unquoted = self.look(|b| !b.quotes.contains_key(instrument));
        if unquoted && instrument.class() == AssetClass::Equity {
            // Its price tells its step; without one it is a cent.
            let _ = self.ask_quote(instrument).await;
        }
        Ok(asset_rules(instrument, &asset))
    }

    /// All that is tradable. The list is long: it is kept for an hour, and one question asks for it at a time.
    pub(super) async fn ask_list(&self) -> Result<Vec<InstrumentRules>, MarketError> {
        let mut held = self.listed.lock().await;
        if let Some((at, all)) = held.as_ref()
            && self.is_fresh(*at, LIST_AGE_MAX)
        {
            return Ok(all.clone());
        }
        let access = self.lent().await.map_err(|silent| failed(silent, "list"))?;
        let mut url = self.client.trading(&access, &["v2", "assets"]);
        url.query_pairs_mut().append_pair("status", "active");
        let who = Who::of(&access).map_err(|no| failed(no.into(), "list"))?;
        let assets: Vec<wire::Asset> = self
            .client
            .get(url, who)
            .await
            .map_err(|no| failed(no.into(), "list"))?;
        let all = assets.iter().filter_map(|asset| {
            let class = asset.class.as_deref().and_then(symbol::class)?;
            let instrument = symbol::ours(&asset.symbol, Some(class))?;
            Some(asset_rules(&instrument, asset))
        });
        let all: Vec<InstrumentRules> = all.filter(|rules| rules.tradable).collect();
        *held = Some((self.clock.monotonic(), all.clone()));
        Ok(all)
    }
}

fn asset_rules(instrument: &Instrument, asset: &wire::Asset) -> InstrumentRules {
    let active = asset.status.as_deref().is_none_or(|s| s == "active");
    let coin = instrument.class() == AssetClass::Crypto;
    let (tick, lot, least) = if coin {
        (
            asset.price_increment.unwrap_or(PART),
            asset.min_trade_increment.unwrap_or(PART),
            asset.min_order_size.unwrap_or(PART),
        )
    } else {
        // Parts of a share leave at the market for the day only, which neither a limit nor a stop is: whole shares.
        (CENT, Decimal::ONE, Decimal::ONE)
    };
    InstrumentRules {
        instrument: instrument.clone(),
        tick,
        lot,
        quantity_min: least,
        notional_min: Decimal::ZERO,
        tradable: active && asset.tradable.unwrap_or(false) && asset.symbol == symbol::theirs(instrument),
        shortable: !coin && asset.shortable.unwrap_or(false) && asset.easy_to_borrow.unwrap_or(false),
    }
}

/// Adjusted contracts, whose root or size differs from the usual, are not opened (PRODUCT BR-27).
fn option_rules(instrument: &Instrument, contract: &wire::Contract) -> InstrumentRules {
    let active = contract.status.as_deref().is_none_or(|s| s == "active");
    let of_a_hundred = |size: Option<Decimal>| size.is_none_or(|size| size == Decimal::ONE_HUNDRED);
    let usual = of_a_hundred(contract.size)
        && of_a_hundred(contract.multiplier)
        && match (&contract.root_symbol, &contract.underlying_symbol) {
            // Weeklies of an index carry a W behind its name; share classes lose their dot.
            (Some(root), Some(under)) => {
                root.trim_end_matches('W') == under.replace('.', "").trim_end_matches('W')
            }
            _ => true,
        };
    InstrumentRules {
        instrument: instrument.clone(),
        tick: CENT,
        lot: Decimal::ONE,
        quantity_min: Decimal::ONE,
        notional_min: Decimal::ZERO,
        tradable: active
            && usual
            && contract.tradable.unwrap_or(false)
            && contract.symbol == symbol::theirs(instrument),
        shortable: false,
    }
}
