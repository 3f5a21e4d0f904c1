//! Decides what the market data routes answer: instruments, quotes, clock, bars. Needs no key.

use axum::{
    Router,
    extract::{Path, Query, State},
    routing::get,
};
use ordercast_model::instrument::{AssetClass, Instrument};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    market::bar::{BAR_COUNT_MAX, BAR_MICROS},
    venue::{
        engine::Engine,
        refusal::{Code, Refusal},
        server::{
            account::limit,
            answer::{Answer, ok},
            door::House,
        },
    },
};

/// Symbols of one request.
const SYMBOL_COUNT_MAX: usize = 200;

/// The routes of market data.
pub fn routes() -> Router<House> {
    Router::new()
        .route("/v1/instruments", get(instruments))
        .route("/v1/instruments/{symbol}", get(instrument))
        .route("/v1/quotes", get(quotes))
        .route("/v1/clock", get(clock))
        .route("/v1/bars", get(bars))
}

fn described(engine: &Engine, symbol: &Instrument) -> Value {
    let rule = engine.rule(symbol);
    let listing = engine.market().catalogue().get(symbol);
    let class = symbol.class();
    let name = listing.map_or_else(|| symbol.to_string(), |l| l.name.clone());
    json!({
        "symbol": symbol,
        "name": name,
        "class": class,
        "tick": rule.tick.to_string(),
        "lot": rule.lot.to_string(),
        "minimum_notional": rule.minimum_notional.to_string(),
        "multiplier": symbol.multiplier().to_string(),
        "tradable": !rule.index,
        "shortable": class == AssetClass::Equity && !rule.index,
        "fractional": class == AssetClass::Crypto,
        "halted": engine.state().halted.contains(symbol),
        "open": engine.market().open(class),
        "session": if class == AssetClass::Crypto { "always" } else { "day" },
    })
}

async fn instruments(State(house): State<House>) -> Answer {
    let desk = house.desk();
    let engine = desk.engine();
    let rows: Vec<Value> = engine
        .market()
        .catalogue()
        .iter()
        .map(|l| described(engine, &l.instrument))
        .collect();
    ok(json!({"instruments": rows}))
}

async fn instrument(State(house): State<House>, Path(symbol): Path<String>) -> Answer {
    let desk = house.desk();
    let symbol = desk.engine().market().resolve(&symbol)?;
    ok(described(desk.engine(), &symbol))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct QuoteQuery {
    symbols: Option<String>,
}

async fn quotes(
    State(house): State<House>,
    query: Result<Query<QuoteQuery>, axum::extract::rejection::QueryRejection>,
) -> Answer {
    let Query(query) = query.map_err(|e| Refusal::new(Code::Malformed, e.body_text()))?;
    let board = house.desk().board().clone();
    let Some(symbols) = query.symbols.filter(|s| !s.trim().is_empty()) else {
        return ok(json!({"quotes": board.quotes(), "unknown": []}));
    };
    let wanted: Vec<&str> = symbols
        .split(',')
        .map(str::trim)
        .filter(|s| !s.is_empty())
        .collect();
    if wanted.len() > SYMBOL_COUNT_MAX {
        let text = format!(
            "symbols: expected at most {SYMBOL_COUNT_MAX}, got {}",
            wanted.len()
        );
        return Err(Refusal::new(Code::Malformed, text));
    }
    let (mut found, mut unknown) = (Vec::new(), Vec::new());
    for text in wanted {
        match board.resolve(text) {
            Ok(symbol) => found.extend(board.quote(&symbol)),
            Err(e) => unknown.push(json!({"symbol": text, "message": e.to_string()})),
        }
    }
    ok(json!({"quotes": found, "unknown": unknown}))
}

async fn clock(State(house): State<House>) -> Answer {
    let desk = house.desk();
    let market = desk.engine().market();
    let class = |class: AssetClass| {
        let next = market.sessions(class);
        json!({
            "open": market.open(class),
            "next_open": next.map(|(open, _)| open),
            "next_close": next.map(|(_, close)| close),
        })
    };
    let classes = json!({
        "equity": class(AssetClass::Equity),
        "option": class(AssetClass::Option),
        "crypto": class(AssetClass::Crypto),
    });
    ok(json!({
        "at": house.now(),
        "market_at_micros": market.market_micros(),
        "speed": market.pace().speed(),
        "classes": classes,
    }))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct BarQuery {
    symbol: String,
    limit: Option<String>,
}

async fn bars(
    State(house): State<House>,
    query: Result<Query<BarQuery>, axum::extract::rejection::QueryRejection>,
) -> Answer {
    let Query(query) = query.map_err(|e| Refusal::new(Code::Malformed, e.body_text()))?;
    let most = limit(query.limit.as_deref(), BAR_COUNT_MAX, 120)?;
    let desk = house.desk();
    let market = desk.engine().market();
    let symbol = market.resolve(&query.symbol)?;
    ok(json!({"symbol": symbol, "bar_micros": BAR_MICROS, "bars": market.bars(&symbol, most)}))
}
