//! Decides how the data host tells quotes, trades, snapshots and bars of shares, coins and options. Prices are JSON
//! numbers here, as theirs; names nobody lists are left out, or refused when none is left.

use axum::{
    Json, Router,
    extract::{Path, Query, State},
    routing::get,
};
use ordercast_model::{
    instrument::{AssetClass, Instrument},
    money,
    time::Timestamp,
};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::{Map, Number, Value, json};

use crate::{
    alpaca::{
        door::Host,
        floor::{Floor, plain},
        problem::Problem,
        show,
        trading::{Answer, moment},
    },
    market::{
        bar::{BAR_COUNT_MAX, Bar},
        quote::Quote,
    },
};

/// Names in one request.
const SYMBOL_COUNT_MAX: usize = 200;
const BAR_COUNT: usize = 1_000;
const BAR_LIMIT_MAX: usize = 10_000;

/// The routes of the data host.
pub fn routes() -> Router<Host> {
    Router::new()
        .route("/v2/stocks/quotes/latest", get(stock_quotes))
        .route("/v2/stocks/trades/latest", get(stock_trades))
        .route("/v2/stocks/snapshots", get(stock_snapshots))
        .route("/v2/stocks/bars", get(stock_bars))
        .route("/v2/stocks/{symbol}/quotes/latest", get(stock_quote))
        .route("/v2/stocks/{symbol}/trades/latest", get(stock_trade))
        .route("/v1beta3/crypto/{place}/latest/quotes", get(coin_quotes))
        .route("/v1beta3/crypto/{place}/latest/trades", get(coin_trades))
        .route("/v1beta3/crypto/{place}/snapshots", get(coin_snapshots))
        .route("/v1beta3/crypto/{place}/bars", get(coin_bars))
        .route("/v1beta1/options/quotes/latest", get(option_quotes))
        .route("/v1beta1/options/trades/latest", get(option_trades))
        .route("/v1beta1/options/snapshots", get(option_snapshots))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct DataQuery {
    symbols: Option<String>,
    timeframe: Option<String>,
    start: Option<String>,
    end: Option<String>,
    limit: Option<usize>,
    sort: Option<String>,
}

fn bad(message: impl Into<String>) -> Problem {
    Problem::new(400, 40_010_000, message)
}

/// An exact decimal as a JSON number with the same digits.
fn number(value: Decimal) -> Value {
    plain(value).parse::<Number>().map_or(Value::Null, Value::Number)
}
/// Whole units, at least one.
fn units(value: Decimal) -> Value {
    json!(u64::try_from(value.trunc()).unwrap_or(1).max(1))
}

/// The names asked for with what they mean; what is not listed is left out.
fn wanted(floor: &Floor, query: &DataQuery, class: AssetClass) -> Result<Vec<(String, Quote)>, Problem> {
    let names = query.symbols.as_deref().unwrap_or_default();
    let names: Vec<&str> = names
        .split(',')
        .map(str::trim)
        .filter(|n| !n.is_empty())
        .collect();
    if names.is_empty() {
        return Err(bad("symbols is required"));
    }
    if names.len() > SYMBOL_COUNT_MAX {
        return Err(bad(format!("symbols: at most {SYMBOL_COUNT_MAX}")));
    }
    let mut list = Vec::new();
    for name in names {
        // Coins have a slash here.
        let odd = class == AssetClass::Crypto && !name.contains('/');
        let found = floor.resolve(name).ok().filter(|i| i.class() == class && !odd);
        match found {
            Some(instrument) => {
                if let Ok(quote) = floor.desk.engine().market().quote(&instrument) {
                    list.push((show::symbol(&instrument), quote));
                }
            }
            None if odd || class == AssetClass::Option => return Err(bad(format!("invalid symbol: {name}"))),
            None => {}
        }
    }
    Ok(list)
}

fn quote(quote: &Quote) -> Value {
    let (bid, ask) = (number(quote.bid), number(quote.ask));
    match quote.symbol.class() {
        AssetClass::Crypto => json!({
            "t": quote.at, "bp": bid, "bs": number(quote.bid_size), "ap": ask, "as": number(quote.ask_size),
        }),
        AssetClass::Option => json!({
            "t": quote.at, "bx": "A", "bp": bid, "bs": units(quote.bid_size), "ap": ask, "as": units(quote.ask_size),
            "ax": "A", "c": "A",
        }),
        _ => json!({
            "t": quote.at, "bx": "V", "bp": bid, "bs": units(quote.bid_size), "ap": ask, "as": units(quote.ask_size),
            "ax": "V", "c": ["R"], "z": "C",
        }),
    }
}

fn trade(quote: &Quote) -> Value {
    let (price, number_of) = (number(quote.last), quote.at.micros().unsigned_abs());
    match quote.symbol.class() {
        AssetClass::Crypto => json!({
            "t": quote.at, "p": price, "s": number(quote.bid_size), "i": number_of, "tks": "B",
        }),
        AssetClass::Option => {
            json!({"t": quote.at, "x": "A", "p": price, "s": units(quote.bid_size), "c": "a"})
        }
        _ => json!({
            "t": quote.at, "x": "V", "p": price, "s": units(quote.bid_size), "c": ["@"], "i": number_of, "z": "C",
        }),
    }
}

fn bar(bar: &Bar, class: AssetClass) -> Value {
    let mean = [bar.high, bar.low, bar.close]
        .iter()
        .try_fold(Decimal::ZERO, |sum, p| money::add(sum, *p))
        .and_then(|sum| money::div(sum, Decimal::from(3)));
    let volume = if class == AssetClass::Crypto {
        number(bar.volume)
    } else {
        json!(u64::try_from(bar.volume.trunc()).unwrap_or(0))
    };
    json!({
        "t": bar.time, "o": number(bar.open), "h": number(bar.high), "l": number(bar.low), "c": number(bar.close),
        "v": volume, "n": 1, "vw": number(mean.unwrap_or(bar.close).round_dp(6)),
    })
}

/// Bars gathered into longer ones, oldest first.
fn gathered(bars: Vec<Bar>, seconds: i64) -> Vec<Bar> {
    let mut list: Vec<Bar> = Vec::new();
    for bar in bars {
        let start = bar.time.seconds() - bar.time.seconds().rem_euclid(seconds);
        let time = Timestamp::from_seconds(start);
        match list.last_mut().filter(|last| last.time == time) {
            Some(last) => {
                last.high = last.high.max(bar.high);
                last.low = last.low.min(bar.low);
                last.close = bar.close;
                last.volume = last.volume.checked_add(bar.volume).unwrap_or(last.volume);
            }
            None => list.push(Bar { time, ..bar }),
        }
    }
    list
}

/// Seconds of `1Min`, `15Min`, `1Hour`, `1Day`, `1Week`.
fn frame(text: Option<&str>) -> Result<i64, Problem> {
    let text = text.ok_or_else(|| bad("timeframe is required"))?;
    let split = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (count, unit) = text.split_at(split);
    let seconds = match unit {
        "Min" | "T" => 60,
        "Hour" | "H" => 3_600,
        "Day" | "D" => 86_400,
        "Week" | "W" => 604_800,
        _ => return Err(bad(format!("invalid timeframe: {text}"))),
    };
    let count = count.parse::<i64>().ok().filter(|n| (1..=59).contains(n));
    count
        .map(|n| n * seconds)
        .ok_or_else(|| bad(format!("invalid timeframe: {text}")))
}

fn snapshot(floor: &Floor, asked: &Quote) -> Value {
    let class = asked.symbol.class();
    let mut shown = json!({"latestTrade": trade(asked), "latestQuote": quote(asked)});
    let bars = floor.desk.engine().market().bars(&asked.symbol, BAR_COUNT_MAX);
    let day = gathered(bars.clone(), 86_400).pop();
    if let (Some(minute), Some(day), Some(map)) = (gathered(bars, 60).pop(), day, shown.as_object_mut()) {
        let factor = money::mul(asked.change, Decimal::new(1, 2)).and_then(|f| money::add(f, Decimal::ONE));
        let close = factor
            .and_then(|f| money::div(asked.last, f))
            .unwrap_or(asked.last)
            .round_dp(4);
        let before = Bar {
            time: Timestamp::from_seconds(day.time.seconds() - 86_400),
            open: close,
            high: close,
            low: close,
            close,
            volume: Decimal::ZERO,
        };
        map.insert("minuteBar".to_owned(), bar(&minute, class));
        map.insert("dailyBar".to_owned(), bar(&day, class));
        map.insert("prevDailyBar".to_owned(), bar(&before, class));
    }
    shown
}

/// `{name: shown}` of everything asked for.
fn mapped(
    host: &Host,
    query: &DataQuery,
    class: AssetClass,
    shown: impl Fn(&Floor, &Quote) -> Value,
) -> Result<Value, Problem> {
    let floor = host.house.floor();
    let list = wanted(&floor, query, class)?;
    let map: Map<String, Value> = list
        .into_iter()
        .map(|(name, q)| (name, shown(&floor, &q)))
        .collect();
    Ok(Value::Object(map))
}

fn bars(host: &Host, query: &DataQuery, class: AssetClass) -> Answer {
    let seconds = frame(query.timeframe.as_deref())?;
    let start = moment("start", query.start.as_deref())?;
    let end = moment("end", query.end.as_deref())?;
    let limit = query.limit.unwrap_or(BAR_COUNT);
    if !(1..=BAR_LIMIT_MAX).contains(&limit) {
        return Err(bad("limit must be 1 to 10000"));
    }
    let newest_first = query.sort.as_deref() == Some("desc");
    let map = mapped(host, query, class, |floor, asked| {
        let kept = floor.desk.engine().market().bars(&asked.symbol, BAR_COUNT_MAX);
        let mut list = gathered(kept, seconds);
        list.retain(|b| start.is_none_or(|s| b.time >= s) && end.is_none_or(|e| b.time <= e));
        if newest_first {
            list.reverse();
        }
        list.iter().take(limit).map(|b| bar(b, class)).collect()
    })?;
    Ok(Json(json!({"bars": map, "next_page_token": null})))
}

async fn stock_quotes(State(host): State<Host>, Query(query): Query<DataQuery>) -> Answer {
    let map = mapped(&host, &query, AssetClass::Equity, |_, q| quote(q))?;
    Ok(Json(json!({"quotes": map})))
}
async fn stock_trades(State(host): State<Host>, Query(query): Query<DataQuery>) -> Answer {
    let map = mapped(&host, &query, AssetClass::Equity, |_, q| trade(q))?;
    Ok(Json(json!({"trades": map})))
}
async fn stock_snapshots(State(host): State<Host>, Query(query): Query<DataQuery>) -> Answer {
    mapped(&host, &query, AssetClass::Equity, snapshot).map(Json)
}
async fn stock_bars(State(host): State<Host>, Query(query): Query<DataQuery>) -> Answer {
    bars(&host, &query, AssetClass::Equity)
}

/// The quote of one share.
fn single(host: &Host, symbol: &str) -> Result<Quote, Problem> {
    let floor = host.house.floor();
    let found = floor.resolve(symbol).ok();
    let share = found.filter(|i| matches!(i, Instrument::Equity { .. }));
    share
        .and_then(|i| floor.desk.engine().market().quote(&i).ok())
        .ok_or_else(|| Problem::new(404, 40_410_000, format!("no quote found for {symbol}")))
}
async fn stock_quote(State(host): State<Host>, Path(symbol): Path<String>) -> Answer {
    let found = single(&host, &symbol)?;
    Ok(Json(
        json!({"symbol": show::symbol(&found.symbol), "quote": quote(&found)}),
    ))
}
async fn stock_trade(State(host): State<Host>, Path(symbol): Path<String>) -> Answer {
    let found = single(&host, &symbol)?;
    Ok(Json(
        json!({"symbol": show::symbol(&found.symbol), "trade": trade(&found)}),
    ))
}

async fn coin_quotes(State(host): State<Host>, Query(query): Query<DataQuery>) -> Answer {
    let map = mapped(&host, &query, AssetClass::Crypto, |_, q| quote(q))?;
    Ok(Json(json!({"quotes": map})))
}
async fn coin_trades(State(host): State<Host>, Query(query): Query<DataQuery>) -> Answer {
    let map = mapped(&host, &query, AssetClass::Crypto, |_, q| trade(q))?;
    Ok(Json(json!({"trades": map})))
}
async fn coin_snapshots(State(host): State<Host>, Query(query): Query<DataQuery>) -> Answer {
    let map = mapped(&host, &query, AssetClass::Crypto, snapshot)?;
    Ok(Json(json!({"snapshots": map})))
}
async fn coin_bars(State(host): State<Host>, Query(query): Query<DataQuery>) -> Answer {
    bars(&host, &query, AssetClass::Crypto)
}

async fn option_quotes(State(host): State<Host>, Query(query): Query<DataQuery>) -> Answer {
    let map = mapped(&host, &query, AssetClass::Option, |_, q| quote(q))?;
    Ok(Json(json!({"quotes": map})))
}
async fn option_trades(State(host): State<Host>, Query(query): Query<DataQuery>) -> Answer {
    let map = mapped(&host, &query, AssetClass::Option, |_, q| trade(q))?;
    Ok(Json(json!({"trades": map})))
}
async fn option_snapshots(State(host): State<Host>, Query(query): Query<DataQuery>) -> Answer {
    let map = mapped(&host, &query, AssetClass::Option, snapshot)?;
    Ok(Json(json!({"snapshots": map, "next_page_token": null})))
}
