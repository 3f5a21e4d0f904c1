//! Decides how `/v2/account`, `/v2/positions`, `/v2/orders` and `/v2/account/activities` are asked and answered.
//! Refuses odd query values with 422.

use axum::{
    Extension, Json, Router,
    body::Bytes,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use chrono::NaiveDate;
use ordercast_model::{instrument::Instrument, time::Timestamp};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{
    alpaca::{
        door::{Caller, Host},
        floor::Floor,
        problem::Problem,
        show,
        ticket::{Execution, Ticket},
        wish::{OrderBody, PatchBody},
    },
    venue::order::Side,
};

const ORDER_COUNT: usize = 50;
const ORDER_COUNT_MAX: usize = 500;
/// Activities of a page, and the most of them.
const PAGE_SIZE_MAX: usize = 100;

/// What a handler gives back.
pub type Answer = Result<Json<Value>, Problem>;

/// The routes that need a trading key.
pub fn routes() -> Router<Host> {
    Router::new()
        .route("/v2/account", get(account))
        .route("/v2/account/activities", get(activities))
        .route("/v2/account/activities/{kind}", get(activities_of))
        .route("/v2/positions", get(positions))
        .route("/v2/positions/{*symbol}", get(position))
        .route("/v2/orders", get(orders).post(submit).delete(cancel_all))
        .route("/v2/orders/{id}", get(order).patch(replace).delete(cancel))
        .route("/v2/orders:by_client_order_id", get(by_client))
}

fn read<T: DeserializeOwned>(body: &Bytes) -> Result<T, Problem> {
    serde_json::from_slice(body)
        .map_err(|e| Problem::new(400, 40_010_000, format!("request body format is invalid: {e}")))
}

/// A moment in a query: RFC 3339 or a day.
///
/// # Errors
/// 422.
pub fn moment(field: &str, text: Option<&str>) -> Result<Option<Timestamp>, Problem> {
    let Some(text) = text.filter(|t| !t.is_empty()) else {
        return Ok(None);
    };
    // A plus sign that was not encoded arrives as a space.
    let whole: Result<Timestamp, _> = text.replace(' ', "+").parse();
    let day = || text.parse::<NaiveDate>().ok()?.and_hms_opt(0, 0, 0);
    match whole {
        Ok(at) => Ok(Some(at)),
        Err(_) => day()
            .map(|d| Some(Timestamp::from_micros(d.and_utc().timestamp_micros())))
            .ok_or_else(|| Problem::invalid(format!("{field} must be an RFC 3339 time or YYYY-MM-DD"))),
    }
}

/// Whether the list goes from old to new.
fn rising(direction: Option<&str>) -> Result<bool, Problem> {
    match direction {
        None | Some("" | "desc") => Ok(false),
        Some("asc") => Ok(true),
        Some(_) => Err(Problem::invalid("direction must be asc or desc")),
    }
}

async fn account(State(host): State<Host>, Extension(caller): Extension<Caller>) -> Answer {
    let now = host.house.now();
    let mut floor = host.house.floor();
    let customer = floor
        .customers
        .get(&caller.account)
        .cloned()
        .ok_or_else(Problem::stranger)?;
    let funds = floor.desk.act(now, |e| e.funds(&caller.account))?;
    Ok(Json(show::account(&floor, &customer, funds)))
}

fn held(floor: &Floor, account: &str) -> Vec<(Instrument, Value)> {
    let (Some(customer), Some(kept)) = (
        floor.customers.get(account),
        floor.desk.engine().state().accounts.get(account),
    ) else {
        return Vec::new();
    };
    let open = kept.positions.iter().filter(|(_, p)| !p.quantity.is_zero());
    open.map(|(i, p)| (i.clone(), show::position(floor, customer, i, p)))
        .collect()
}

async fn positions(State(host): State<Host>, Extension(caller): Extension<Caller>) -> Answer {
    let floor = host.house.floor();
    let list = held(&floor, &caller.account);
    Ok(Json(list.into_iter().map(|(_, shown)| shown).collect()))
}

async fn position(
    State(host): State<Host>,
    Extension(caller): Extension<Caller>,
    Path(symbol): Path<String>,
) -> Answer {
    let floor = host.house.floor();
    let instrument = floor.resolve(&symbol);
    let list = held(&floor, &caller.account);
    let found = list.into_iter().find(|(i, shown)| {
        instrument.as_ref().is_ok_and(|w| w == i)
            || shown.get("asset_id").and_then(Value::as_str) == Some(&symbol)
    });
    found
        .map(|(_, shown)| Json(shown))
        .ok_or_else(|| Problem::not_found("position does not exist"))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct OrderQuery {
    status: Option<String>,
    limit: Option<String>,
    after: Option<String>,
    until: Option<String>,
    direction: Option<String>,
    nested: Option<String>,
    symbols: Option<String>,
    side: Option<String>,
    asset_class: Option<String>,
    before_order_id: Option<String>,
    after_order_id: Option<String>,
    client_order_id: Option<String>,
}

fn truth(field: &str, text: Option<&str>) -> Result<bool, Problem> {
    match text {
        None | Some("" | "false" | "False" | "0") => Ok(false),
        Some("true" | "True" | "1") => Ok(true),
        Some(_) => Err(Problem::invalid(format!("{field} must be true or false"))),
    }
}

fn count(field: &str, text: Option<&str>, usual: usize, most: usize) -> Result<usize, Problem> {
    let Some(text) = text.filter(|t| !t.is_empty()) else {
        return Ok(usual);
    };
    let number = text.parse::<usize>().ok().filter(|n| (1..=most).contains(n));
    number.ok_or_else(|| Problem::invalid(format!("{field} must be 1 to {most}")))
}

async fn orders(
    State(host): State<Host>,
    Extension(caller): Extension<Caller>,
    Query(query): Query<OrderQuery>,
) -> Answer {
    let (after, until) = (
        moment("after", query.after.as_deref())?,
        moment("until", query.until.as_deref())?,
    );
    let limit = count("limit", query.limit.as_deref(), ORDER_COUNT, ORDER_COUNT_MAX)?;
    let oldest_first = rising(query.direction.as_deref())?;
    let nested = truth("nested", query.nested.as_deref())?;
    let open = match query.status.as_deref() {
        None | Some("" | "open") => Some(true),
        Some("closed") => Some(false),
        Some("all") => None,
        Some(_) => return Err(Problem::invalid("status must be open, closed or all")),
    };
    let floor = host.house.floor();
    let number = |id: &Option<String>| -> Result<Option<u64>, Problem> {
        let Some(id) = id else { return Ok(None) };
        Ok(Some(floor.own(&caller.account, id)?.number))
    };
    let (before_number, after_number) = (number(&query.before_order_id)?, number(&query.after_order_id)?);
    let mut symbols = Vec::new();
    for name in query
        .symbols
        .iter()
        .flat_map(|s| s.split(','))
        .filter(|s| !s.is_empty())
    {
        symbols.push(floor.resolve(name)?);
    }
    let side = match query.side.as_deref() {
        None | Some("") => None,
        Some("buy") => Some(Side::Buy),
        Some("sell") => Some(Side::Sell),
        Some(_) => return Err(Problem::invalid("side must be buy or sell")),
    };
    let classes: Vec<&str> = query.asset_class.iter().flat_map(|c| c.split(',')).collect();
    let stands = |t: &Ticket| open.is_none_or(|o| o != t.state.is_final());
    let wanted = |t: &&Ticket| {
        let legs = || t.legs.iter().filter_map(|l| floor.book.get(l));
        t.account == caller.account
            && (!nested || t.parent.is_none())
            && (stands(t) || (nested && legs().any(stands)))
            && after.is_none_or(|a| t.at.created > a)
            && until.is_none_or(|u| t.at.created < u)
            && before_number.is_none_or(|n| t.number < n)
            && after_number.is_none_or(|n| t.number > n)
            && (symbols.is_empty() || symbols.contains(&t.terms.symbol))
            && side.is_none_or(|s| s == t.terms.side)
            && (classes.is_empty()
                || classes.contains(&"all")
                || classes.contains(&show::class(&t.terms.symbol)))
    };
    let shown = |t: &Ticket| show::order(&floor, t, nested);
    let list: Vec<Value> = if oldest_first {
        floor.book.iter().filter(wanted).take(limit).map(shown).collect()
    } else {
        floor
            .book
            .iter()
            .rev()
            .filter(wanted)
            .take(limit)
            .map(shown)
            .collect()
    };
    Ok(Json(Value::Array(list)))
}

async fn submit(State(host): State<Host>, Extension(caller): Extension<Caller>, body: Bytes) -> Answer {
    let body: OrderBody = read(&body)?;
    let now = host.house.now();
    let mut floor = host.house.floor();
    let name = body.symbol.clone().filter(|s| !s.is_empty());
    let name = name.ok_or_else(|| Problem::invalid("symbol is required"))?;
    let symbol = floor.resolve(&name)?;
    if floor.desk.engine().rule(&symbol).index {
        return Err(Problem::unprocessable(format!("asset {symbol} is not tradable")));
    }
    let wish = body.read(symbol)?;
    floor.place(&caller.account, wish, now).map(Json)
}

async fn order(
    State(host): State<Host>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Query(query): Query<OrderQuery>,
) -> Answer {
    let nested = truth("nested", query.nested.as_deref())?;
    let floor = host.house.floor();
    let ticket = floor.own(&caller.account, &id)?;
    Ok(Json(show::order(&floor, ticket, nested)))
}

async fn by_client(
    State(host): State<Host>,
    Extension(caller): Extension<Caller>,
    Query(query): Query<OrderQuery>,
) -> Answer {
    let client = query
        .client_order_id
        .ok_or_else(|| Problem::invalid("client_order_id is required"))?;
    let floor = host.house.floor();
    let found = floor.book.of_client(&caller.account, &client);
    let ticket = found.ok_or_else(|| Problem::not_found(format!("order not found for {client}")))?;
    Ok(Json(show::order(&floor, ticket, true)))
}

async fn replace(
    State(host): State<Host>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    body: Bytes,
) -> Answer {
    let body: PatchBody = read(&body)?;
    let now = host.house.now();
    let mut floor = host.house.floor();
    floor.replace(&caller.account, &id, &body, now).map(Json)
}

async fn cancel(
    State(host): State<Host>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let now = host.house.now();
    host.house.floor().cancel(&caller.account, &id, now)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn cancel_all(State(host): State<Host>, Extension(caller): Extension<Caller>) -> Response {
    let now = host.house.now();
    let mut floor = host.house.floor();
    let ids: Vec<String> = floor
        .book
        .open_of(&caller.account)
        .filter(|t| t.parent.is_none())
        .map(|t| t.id.clone())
        .collect();
    let mut list = Vec::new();
    for id in ids {
        let status = floor
            .cancel(&caller.account, &id, now)
            .map_or_else(|p| p.status, |()| 200);
        list.push(json!({"id": id, "status": status}));
    }
    (StatusCode::MULTI_STATUS, Json(Value::Array(list))).into_response()
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ActivityQuery {
    activity_types: Option<String>,
    date: Option<String>,
    after: Option<String>,
    until: Option<String>,
    direction: Option<String>,
    page_size: Option<String>,
    page_token: Option<String>,
}

async fn activities(
    State(host): State<Host>,
    Extension(caller): Extension<Caller>,
    Query(query): Query<ActivityQuery>,
) -> Answer {
    let kinds = query.activity_types.clone().unwrap_or_default();
    if !kinds.is_empty() && !kinds.split(',').any(|k| k == "FILL") {
        return Ok(Json(json!([])));
    }
    listed(&host, &caller, &query)
}

async fn activities_of(
    State(host): State<Host>,
    Extension(caller): Extension<Caller>,
    Path(kind): Path<String>,
    Query(query): Query<ActivityQuery>,
) -> Answer {
    if kind == "FILL" {
        return listed(&host, &caller, &query);
    }
    let known = kind.len() <= 8 && kind.bytes().all(|b| b.is_ascii_uppercase());
    if known {
        // This market pays no dividends and books no transfers.
        Ok(Json(json!([])))
    } else {
        Err(Problem::invalid(format!("invalid activity type: {kind}")))
    }
}

/// Fills by their ids, which rise with time; `page_token` is the id after which the page begins, in the order asked for.
fn listed(host: &Host, caller: &Caller, query: &ActivityQuery) -> Answer {
    let (after, until) = (
        moment("after", query.after.as_deref())?,
        moment("until", query.until.as_deref())?,
    );
    let day = moment("date", query.date.as_deref())?.map(Timestamp::date);
    let size = count(
        "page_size",
        query.page_size.as_deref(),
        PAGE_SIZE_MAX,
        PAGE_SIZE_MAX,
    )?;
    let oldest_first = rising(query.direction.as_deref())?;
    let token = query.page_token.as_deref().filter(|t| !t.is_empty());
    let floor = host.house.floor();
    let wanted = |e: &&Execution| {
        e.account == caller.account
            && after.is_none_or(|a| e.at > a)
            && until.is_none_or(|u| e.at < u)
            && day.is_none_or(|d| e.at.date() == d)
            && token.is_none_or(|t| {
                if oldest_first {
                    e.activity.as_str() > t
                } else {
                    e.activity.as_str() < t
                }
            })
    };
    let mut list: Vec<&Execution> = floor.book.executions.iter().filter(wanted).collect();
    list.sort_by(|a, b| a.activity.cmp(&b.activity));
    if !oldest_first {
        list.reverse();
    }
    let page = list.into_iter().take(size).map(|e| show::activity(&floor, e));
    Ok(Json(page.collect()))
}
