//! Messages as a provider posts them: an entry below the market with a stop and a target, accepted and left waiting, so
//! that no fill follows into the next measurement. Decides the words only.

use std::sync::Arc;

use anyhow::{Result, anyhow, ensure};
use ordercast_adapters::paper::PaperMarket;
use ordercast_app::{context::Context, intake::Door};
use ordercast_model::{
    instrument::Instrument,
    ports::{
        market::Market,
        source::{Intake, Taken},
    },
    signal::raw::{Author, Content, RawMessage, RevisionKind, Source},
};
use rust_decimal::Decimal;

/// The guild all of them post in.
pub(crate) const GUILD: &str = "1";
/// Units of every order.
pub(crate) const QUANTITY: u32 = 10;
/// What the messages name in turn.
pub(crate) const SYMBOLS: [&str; 12] = [
    "AAPL", "MSFT", "KO", "PEP", "XOM", "JPM", "WMT", "HD", "V", "MA", "GS", "DIS",
];
/// Entry of the first turn of the symbols, thousandths of the bid: so far away that hardly any fills. Each turn is
/// another one, so that none repeats another.
const ENTRY: i64 = 970;
/// Turns until an entry comes again.
const TURNS: usize = 20;

/// Where the messages of a provider are posted.
pub(crate) fn source(provider: usize) -> Source {
    Source::Discord {
        guild: GUILD.to_owned(),
        channel: (1_000 + provider).to_string(),
    }
}

/// Who posts there.
pub(crate) fn author(provider: usize) -> String {
    (2_000 + provider).to_string()
}

/// The door, and what a message must know.
pub(crate) struct Mouth {
    pub(crate) ctx: Context,
    pub(crate) door: Door,
    pub(crate) market: Arc<PaperMarket>,
}

/// A message and the symbol it names.
pub(crate) struct Posting {
    pub(crate) message: RawMessage,
    pub(crate) symbol: &'static str,
}

impl Mouth {
    /// The message of a provider in a round; `n` tells it from every other.
    pub(crate) async fn message(&self, provider: usize, round: usize, n: usize) -> Result<Posting> {
        let symbol = SYMBOLS
            .get((provider + round) % SYMBOLS.len())
            .copied()
            .unwrap_or("AAPL");
        let instrument = Instrument::Equity {
            symbol: symbol.to_owned(),
        };
        let bid = self.market.quote(&instrument).await?.bid.value();
        let turn = i64::try_from(round / SYMBOLS.len() % TURNS)?;
        let (entry, stop, target) = (
            rounded(bid, ENTRY - turn)?,
            rounded(bid, 930)?,
            rounded(bid, 1_060)?,
        );
        let now = self.ctx.now();
        let message = RawMessage {
            source: source(provider),
            source_id: (10_000_000 + n).to_string(),
            revision: RevisionKind::New,
            author: Author {
                id: author(provider),
                name: "Provider".to_owned(),
                ..Author::default()
            },
            content: Content {
                text: format!("BTO {QUANTITY} {symbol} @ {entry} limit. SL {stop} PT {target}"),
                ..Content::default()
            },
            reply_to: None,
            thread_of: None,
            posted_at: now,
            edited_at: None,
            received_at: now,
            backfilled: false,
        };
        Ok(Posting { message, symbol })
    }

    /// Gives it to the door, which must store it.
    pub(crate) async fn post(&self, message: RawMessage) -> Result<()> {
        let text = message.content.text.clone();
        let answer = self.door.take(message).await;
        ensure!(answer == Taken::Stored, "{text}: {answer:?}");
        Ok(())
    }

    /// The last entries of the journal, in words.
    pub(crate) async fn told(&self) -> Result<String> {
        let length = self.ctx.store.head().await?.map_or(0, |link| link.seq);
        let last = self.ctx.store.chained(length.saturating_sub(5), 10).await?;
        let words: Vec<String> = last
            .iter()
            .map(|c| {
                let facts = c.entry.after.as_ref();
                let why = facts.and_then(|a| a.get("message").or_else(|| a.get("why")));
                format!("{} {:?} {why:?}", c.entry.kind.code(), c.entry.reason)
            })
            .collect();
        Ok(words.join("; "))
    }
}

fn rounded(price: Decimal, thousandths: i64) -> Result<Decimal> {
    let moved = price.checked_mul(Decimal::new(thousandths, 3));
    Ok(moved
        .ok_or_else(|| anyhow!("{price} is beyond measure"))?
        .round_dp(2))
}
