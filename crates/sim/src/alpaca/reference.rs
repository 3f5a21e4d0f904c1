//! Decides how the clock, the calendar, assets and option contracts are told. Refuses to know accounts.

use axum::{
    Json, Router,
    extract::{Path, Query, State},
    routing::get,
};
use chrono::{Datelike as _, Days, NaiveDate, Weekday};
use ordercast_model::{
    calendar,
    instrument::{AssetClass, Instrument, Right},
    money,
    time::Timestamp,
};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::alpaca::{door::Host, floor::Floor, problem::Problem, show, trading::Answer};

const DAY_MICROS: i64 = 86_400_000_000;
/// Most days of a calendar.
const CALENDAR_DAYS_MAX: u64 = 3_700;
const CONTRACT_COUNT: usize = 100;
const CONTRACT_COUNT_MAX: usize = 10_000;
/// Weeks ahead for which contracts are listed when no day is asked for.
const EXPIRY_WEEKS: u64 = 8;

/// The routes of what is the same for everybody.
pub fn routes() -> Router<Host> {
    Router::new()
        .route("/v2/clock", get(clock))
        .route("/v2/calendar", get(days))
        .route("/v2/assets", get(assets))
        .route("/v2/assets/{*symbol}", get(asset))
        .route("/v2/options/contracts", get(contracts))
        .route("/v2/options/contracts/{symbol}", get(contract))
}

async fn clock(State(host): State<Host>) -> Answer {
    let now = host.house.now();
    let floor = host.house.floor();
    let market = floor.desk.engine().market();
    let after = |days: i64| Timestamp::from_micros(now.micros().saturating_add(days * DAY_MICROS));
    // A market that never closes has no next opening: a day's distance stands for it.
    let (open, close) = market
        .sessions(AssetClass::Equity)
        .unwrap_or((after(2), after(1)));
    Ok(Json(json!({
        "timestamp": now, "is_open": market.open(AssetClass::Equity), "next_open": open, "next_close": close,
    })))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct DayQuery {
    start: Option<String>,
    end: Option<String>,
}

fn day(field: &str, text: Option<&str>) -> Result<Option<NaiveDate>, Problem> {
    let Some(text) = text.filter(|t| !t.is_empty()) else {
        return Ok(None);
    };
    let date = text.get(..10).unwrap_or(text).parse();
    date.map(Some)
        .map_err(|_| Problem::invalid(format!("{field} must be YYYY-MM-DD")))
}

/// The exchange's days, whatever sessions this market keeps.
async fn days(State(host): State<Host>, Query(query): Query<DayQuery>) -> Answer {
    let today = host.house.now().date();
    let start = day("start", query.start.as_deref())?.unwrap_or(today);
    let last = start.checked_add_days(Days::new(30)).unwrap_or(start);
    let end = day("end", query.end.as_deref())?.unwrap_or(last);
    let mut list = Vec::new();
    for offset in 0..CALENDAR_DAYS_MAX {
        let Some(date) = start.checked_add_days(Days::new(offset)).filter(|d| *d <= end) else {
            break;
        };
        let Some(hours) = calendar::hours(date) else {
            continue;
        };
        let half = hours.close.since(hours.open).as_secs() < 6 * 3_600;
        let settles = (1..14)
            .filter_map(|n| date.checked_add_days(Days::new(n)))
            .find(|d| calendar::hours(*d).is_some());
        list.push(json!({
            "date": date.to_string(), "open": "09:30", "close": if half { "13:00" } else { "16:00" },
            "session_open": "0400", "session_close": if half { "1700" } else { "2000" },
            "settlement_date": settles.unwrap_or(date).to_string(),
        }));
    }
    Ok(Json(Value::Array(list)))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct AssetQuery {
    status: Option<String>,
    asset_class: Option<String>,
    exchange: Option<String>,
}

async fn assets(State(host): State<Host>, Query(query): Query<AssetQuery>) -> Answer {
    let floor = host.house.floor();
    let fits = |shown: &Value, field: &str, wanted: Option<&str>| {
        wanted
            .is_none_or(|w| w.is_empty() || w == "all" || shown.get(field).and_then(Value::as_str) == Some(w))
    };
    // Theirs lists shares when no class is asked for.
    let class = query.asset_class.as_deref().unwrap_or("us_equity");
    let list = floor.desk.engine().market().catalogue().iter().map(show::asset);
    let list = list.filter(|a| {
        fits(a, "class", Some(class))
            && fits(a, "status", query.status.as_deref())
            && fits(a, "exchange", query.exchange.as_deref())
    });
    Ok(Json(list.collect()))
}

async fn asset(State(host): State<Host>, Path(symbol): Path<String>) -> Answer {
    let floor = host.house.floor();
    let unknown = || Problem::not_found(format!("asset not found for {symbol}"));
    let instrument = floor.resolve(&symbol).map_err(|_| unknown())?;
    let listing = floor.desk.engine().market().catalogue().get(&instrument);
    listing.map(|l| Json(show::asset(l))).ok_or_else(unknown)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ContractQuery {
    underlying_symbols: Option<String>,
    status: Option<String>,
    expiration_date: Option<String>,
    expiration_date_gte: Option<String>,
    expiration_date_lte: Option<String>,
    #[serde(rename = "type")]
    right: Option<String>,
    strike_price_gte: Option<String>,
    strike_price_lte: Option<String>,
    limit: Option<String>,
    page_token: Option<String>,
}

fn strike(field: &str, text: Option<&str>) -> Result<Option<Decimal>, Problem> {
    let parsed = text.filter(|t| !t.is_empty()).map(money::parse).transpose();
    parsed.map_err(|_| Problem::invalid(format!("{field} must be a number")))
}

async fn contracts(State(host): State<Host>, Query(query): Query<ContractQuery>) -> Answer {
    let now = host.house.now();
    if query.status.as_deref() == Some("inactive") {
        return Ok(Json(json!({"option_contracts": [], "next_page_token": null})));
    }
    let expiries = expiries(&query, now.date())?;
    let rights = match query.right.as_deref() {
        None | Some("") => vec![Right::Call, Right::Put],
        Some("call") => vec![Right::Call],
        Some("put") => vec![Right::Put],
        Some(_) => return Err(Problem::invalid("type must be call or put")),
    };
    let low = strike("strike_price_gte", query.strike_price_gte.as_deref())?;
    let high = strike("strike_price_lte", query.strike_price_lte.as_deref())?;
    let limit = query
        .limit
        .as_deref()
        .map_or(Some(CONTRACT_COUNT), |l| l.parse().ok());
    let limit = limit
        .filter(|l| (1..=CONTRACT_COUNT_MAX).contains(l))
        .ok_or_else(|| Problem::invalid("limit must be 1 to 10000"))?;
    let skip = query
        .page_token
        .as_deref()
        .map_or(Some(0), |t| t.parse::<usize>().ok());
    let skip = skip.ok_or_else(|| Problem::invalid("page_token is not one of ours"))?;
    let floor = host.house.floor();
    let names = query.underlying_symbols.clone().unwrap_or_default();
    let mut list = Vec::new();
    for name in names.split(',').filter(|n| !n.is_empty()) {
        let Ok(Instrument::Equity { symbol }) = floor.resolve(name) else {
            continue;
        };
        for strike in strikes(&floor, &symbol, low, high) {
            for expiry in &expiries {
                list.extend(rights.iter().map(|right| Instrument::Option {
                    underlying: symbol.clone(),
                    expiry: *expiry,
                    strike,
                    right: *right,
                }));
            }
        }
    }
    list.sort();
    let market = floor.desk.engine().market();
    list.retain(|i| market.quote(i).is_ok());
    let more = list.len() > skip.saturating_add(limit);
    let shown = list.iter().skip(skip).take(limit);
    let shown: Vec<Value> = shown.filter_map(|i| show::contract(&floor, i, now)).collect();
    let token = more.then(|| skip.saturating_add(limit).to_string());
    Ok(Json(json!({"option_contracts": shown, "next_page_token": token})))
}

/// The days asked for, or the coming Fridays; theirs ends with the next weekend when no end is given.
fn expiries(query: &ContractQuery, today: NaiveDate) -> Result<Vec<NaiveDate>, Problem> {
    if let Some(exact) = day("expiration_date", query.expiration_date.as_deref())? {
        return Ok(vec![exact]);
    }
    let from = day("expiration_date_gte", query.expiration_date_gte.as_deref())?.unwrap_or(today);
    let to = day("expiration_date_lte", query.expiration_date_lte.as_deref())?;
    let days = EXPIRY_WEEKS * 7;
    let to = to
        .or_else(|| today.checked_add_days(Days::new(days)))
        .unwrap_or(from);
    let all = (0..CALENDAR_DAYS_MAX).filter_map(|n| from.checked_add_days(Days::new(n)));
    let fridays = all
        .take_while(|d| *d <= to)
        .filter(|d| d.weekday() == Weekday::Fri)
        .take(60);
    Ok(fridays.collect())
}

/// Strikes around the price in steps that grow with it.
fn strikes(floor: &Floor, underlying: &str, low: Option<Decimal>, high: Option<Decimal>) -> Vec<Decimal> {
    let instrument = Instrument::Equity {
        symbol: underlying.to_owned(),
    };
    let Ok(quote) = floor.desk.engine().market().quote(&instrument) else {
        return Vec::new();
    };
    let step = match quote.last {
        p if p >= Decimal::ONE_HUNDRED => Decimal::from(5),
        p if p >= Decimal::from(25) => Decimal::new(25, 1),
        _ => Decimal::new(5, 1),
    };
    let half = |p: Decimal, by: i64| money::mul(p, Decimal::new(by, 1)).unwrap_or(p);
    let (Ok(mut at), end) = (money::ceil_to(half(quote.last, 5), step), half(quote.last, 15)) else {
        return Vec::new();
    };
    let mut list = Vec::new();
    while at <= end {
        if low.is_none_or(|l| at >= l) && high.is_none_or(|h| at <= h) {
            // Steps of 2.5 stay on the grid of halves that contracts have.
            list.push(at.normalize());
        }
        at = at.checked_add(step).unwrap_or(end + Decimal::ONE);
    }
    list
}

async fn contract(State(host): State<Host>, Path(symbol): Path<String>) -> Answer {
    let now = host.house.now();
    let floor = host.house.floor();
    let unknown = || Problem::not_found(format!("option contract not found for {symbol}"));
    let instrument = floor.resolve(&symbol).map_err(|_| unknown())?;
    show::contract(&floor, &instrument, now)
        .map(Json)
        .ok_or_else(unknown)
}
