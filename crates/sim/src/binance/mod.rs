//! A local server that speaks Binance spot's protocol over the matching, the ledger and the market of the simulated venue.
//! Decides what Binance decides (keys, clocks, filters, weights, lists, refusals); refuses to know who asks and why.
//!
//! # Where the facts are from
//!
//! Paths, parameters and fields: Binance's published OpenAPI document of spot (2024-10). What it leaves out is from their pages on
//! REST, errors, filters, user data and the WebSocket API, in a state of 2023. What could not be found there is said to be **ours**.
//!
//! # Hosts
//! Test network and exchange are two listeners over one market; each serves requests, public market data and the WebSocket API
//! (`/ws-api/v3`). A key (`X-MBX-APIKEY`) opens its own host only, elsewhere it is 401 with -2015. Signed requests carry
//! `timestamp`, `recvWindow` (5000 when absent, 60000 at most) and `signature` over query and body as sent: HMAC-SHA256 in
//! hexadecimal, or Ed25519 in base64. Time is the server's, which can be set ahead: `timestamp < serverTime + 1000` and
//! `serverTime - timestamp <= recvWindow`, else -1021.
//!
//! # Limits
//! Weight is counted per address and minute of the clock (6,000) and told in `X-MBX-USED-WEIGHT-1M`; orders per account and ten
//! seconds (100) and day, told in `X-MBX-ORDER-COUNT-10S` and `-1D`. Beyond it 429: -1003 with `Retry-After`, -1015 without. Twenty
//! refusals in a minute are a ban of two minutes, 418 (ours: they tell only that it comes).
//!
//! # Orders
//! - `LIMIT`, `LIMIT_MAKER`, `MARKET`, `STOP_LOSS`, `STOP_LOSS_LIMIT`; parameters that a type does not take are -1106, unknown
//!   ones -1104. Filters are `PRICE_FILTER`, `LOT_SIZE`, `MARKET_LOT_SIZE`, `PERCENT_PRICE_BY_SIDE` (against the last price: ours) and `NOTIONAL`.
//! - A client order id is taken while an order with it is open (`-2010 Duplicate order sent.`); a question finds its newest order.
//! - A market order that the book cannot fill at once works on (ours: theirs expires).
//! - OCO lists: the limit works, the stop waits beside it and holds nothing more. The first execution of one, or its level, ends the other as `EXPIRED`;
//!   cancelling one cancels both.
//! - Commissions are taken in the coin of a purchase and in USDT of a sale.
//! - An answer to a cancel, and its event, have an id of their own as `clientOrderId` and the order's as `origClientOrderId` (`C`).
//!
//! # Events
//! `{"id", "method": "userDataStream.subscribe.signature", "params": {"apiKey", "timestamp", "recvWindow", "signature"}}` signs its parameters
//! in alphabetical order; then `{"subscriptionId", "event": {"e": "executionReport", ...}}`. Nothing is repeated.
//!
//! # Truth and trouble (`Authorization: Bearer <admin key>`, at both hosts)
//! - `GET /sim/orders`: every order there ever was.
//! - `POST`, `GET`, `DELETE /sim/faults`: `{"kind", "method"?, "path"?, "count"?, ...}`; `path` is how it ends, `count` 0: until cleared.
//!
//! | kind | effect |
//! |---|---|
//! | `drop_answer` | done, then the connection is cut |
//! | `error_after`, `error_before` | done or not, answered with `status` (500, 503) |
//! | `timeout_after` | done, answered with -1007 |
//! | `rate_limit` | not done, `status` (429) with `retry_after` |
//! | `delay_answer` | answered late, by `millis` |
//! | `hang` | not done, no answer until cleared |
//! | `answer` | not done, answered with `status`, `code`, `message` |
//! | `halt`, `resume` | at once: `symbol` |
//! | `clock` | at once: the server's clock is `ahead_millis` ahead |
//! | `duplicate_events`, `suppress_events` | at once: the next `count` events are told twice, not at all |
//! | `disconnect_streams` | at once: closes the streams |
//!
//! # What is not there
//! Margin, iceberg and trailing orders, amounts in USDT (`quoteOrderQty`), order lists other than OCO, `cancelReplace`, listen keys,
//! market-data streams, pairs paid in anything but USDT, memory across restarts.

pub mod admin;
pub mod config;
pub mod data;
pub mod door;
pub mod fault;
pub mod floor;
pub mod follow;
pub mod no;
pub mod route;
pub mod rule;
pub mod server;
pub mod show;
pub mod stream;
pub mod ticket;
pub mod trading;
