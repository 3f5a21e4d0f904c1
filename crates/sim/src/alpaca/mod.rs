//! A local server that speaks Alpaca's protocol over the matching, the ledger and the market of the simulated venue.
//! Decides what Alpaca decides (states, classes, refusals, limits); refuses to know who asks and why.
//!
//! # Where the facts are from
//!
//! Paths, fields and enumerations: Alpaca's published OpenAPI of the trading and the market-data API (2026-06). What it leaves
//! out is from their documentation: the stream ("Websocket Streaming"), life cycle and classes ("Placing Orders"), wash trades
//! ("User Protection"), OAuth ("Using OAuth2 and Trading API"), and error bodies as they are quoted in public issue threads.
//! What could not be found there is said to be **ours** below.
//!
//! # Hosts
//! Paper, live and data host are three listeners over one market. A pair of keys (`APCA-API-KEY-ID`, `APCA-API-SECRET-KEY`) opens its
//! own trading host only, elsewhere it is 401; the data host takes the keys of both. `Authorization: Bearer` takes OAuth tokens.
//! An account may make so many requests a minute (200) at its trading host and as many at the data host; `X-RateLimit-Limit`, `-Remaining`, `-Reset` (Unix
//! seconds) are on every answer, 429 carries `Retry-After`. The window is the minute of the clock (ours).
//!
//! # Refusals
//! `{"code": 40310000, "message": "..."}`, some with more fields.
//!
//! | HTTP | code | when |
//! |---|---|---|
//! | 400 | 40010000 | the body is no JSON; a query of the data host is odd |
//! | 401 | 40110000 | no key, a wrong one, one of the other host |
//! | 403 | 40310000 | `insufficient buying power`; `insufficient qty available for order (requested: x, available: y)` (coins: `insufficient balance for BTC ...`); short sales and uncovered options; `potential wash trade detected. use complex orders` with `existing_order_id`; blocked account; a token without the scope `trading` |
//! | 404 | 40410000 | no such order, position, asset, contract |
//! | 422 | 40010001 | a field is missing, malformed or does not go with the others; `client_order_id must be unique` |
//! | 422 | 42210000 | not for this asset or moment: `asset "X" not found`, sub-penny prices, cancel or replace of an order that is final or pending |
//! | 429 | 42910000 | too many requests |
//!
//! # Orders
//! - Amounts are taken as strings and as JSON numbers, answered as strings. A `client_order_id` (at most 128 characters) is taken for ever.
//! - Equities: simple, bracket, oco, oto; market, limit, stop, stop_limit, trailing_stop; day, gtc, ioc, fok. Fractions and `notional` only
//!   market and day; `extended_hours` only limit with day or gtc. Options: simple, day, market or limit, whole contracts, never sold
//!   uncovered. Coins: simple, gtc or ioc, market, limit or stop_limit, fractions.
//! - Orders are answered `pending_new` and are `new` `settle_millis` later; of a closed market `accepted` until the open. Day orders
//!   expire with the session in which they may work, gtc orders after 90 days.
//! - DELETE answers 204; the order is `pending_cancel`, then `canceled`, unless a fill comes first.
//! - PATCH answers **another order** (`replaces`); the old one is `pending_replace`, then `replaced`. `qty` is the number of shares of the
//!   new order; fills of the old one stay with it (ours: the document says "number of shares to trade"). A fill that comes first turns
//!   the new order `rejected`, with `order_replace_rejected` for the old one. `accepted` and pending orders are not replaced.
//! - Legs have ids and client order ids of their own. Those of a bracket or oto are `held` until the entry is filled whole; then the target
//!   is `new` and the stop of a pair stays `held` until its level is reached. An oco is the target with the stop as its leg. A fill of one
//!   takes as much from the other; the end of one ends the other; the end of an entry ends its legs.
//! - Wash trades: two limits whose prices cross, or any other two kinds on opposite sides; orders with legs are exempt.
//! - Fills (`/v2/account/activities/FILL`) have ids that sort by time; `page_token` is the last id of the page before.
//! - Positions name coins without the slash (`BTCUSD`), orders with it.
//!
//! # Stream
//! `/stream` of a trading host. Frames to the client are **binary** and hold JSON. `{"action": "auth", "key", "secret"}`, the older
//! `{"action": "authenticate", "data": {"key_id", "secret_key"}}`, or a token (`data.oauth_token`) are answered in the stream
//! `authorization` (`authorized`, `unauthorized`); `{"action": "listen", "data": {"streams": ["trade_updates"]}}` in `listening`. Events:
//! `accepted, pending_new, new, fill, partial_fill, canceled, expired, done_for_day, replaced, rejected, pending_cancel, pending_replace,
//! order_replace_rejected`. Nothing is repeated: what is told while nobody listens is lost.
//!
//! # OAuth
//! At the live host: `GET /oauth/authorize` shows a page with two buttons (`#allow`, `#deny`), which sends the person back with `code` and
//! `state`; `POST /oauth/token` exchanges the code, once and within ten minutes, for a token without an end. `env=paper|live` binds it to a
//! host, nothing to both. Redirects are compared letter by letter. Alpaca documents no refresh and no revocation by the program:
//! people take access back on their own page, here `POST /sim/oauth/revoke`.
//!
//! # Truth and trouble (`Authorization: Bearer <admin key>`, at every host)
//! - `GET /sim/orders`: every order there ever was. `GET`, `POST /sim/accounts`: accounts; a new one as in the configuration.
//! - `POST /sim/oauth/revoke` `{"name", "client_id"?}`.
//! - `POST`, `GET`, `DELETE /sim/faults`: `{"kind", "environment"?, "key_id"?, "route"?, "count"?, ...}`; `route`: `submit, cancel, replace,
//!   orders, positions, activities, account, reference, data, any`; `count` 0: until cleared.
//!
//! | kind | effect |
//! |---|---|
//! | `drop_answer` | done, then the connection is cut |
//! | `error_after`, `error_before` | done or not, answered with `status` (500, 503) |
//! | `rate_limit` | not done, 429 with `retry_after` |
//! | `delay`, `delay_answer` | done late, or answered late, by `millis` |
//! | `hang` | not done, no answer until cleared |
//! | `answer` | not done, answered with `status`, `code`, `message` |
//! | `maintenance` | not done, 503 with an HTML page |
//! | `numbers`, `nulls`, `missing` | done; amounts as JSON numbers, moments `null`, moments and empty fields missing |
//! | `reject` | the order is received, then rejected |
//! | `halt`, `resume` | at once: `symbol` |
//! | `done_for_day` | at once: `order` (its id) is told to be done until the next session |
//! | `duplicate_events`, `suppress_events` | at once: the next `count` messages are told twice, not at all |
//! | `disconnect_streams` | at once: closes the streams (of `key_id`) |
//!
//! # What is not there
//! Margin (an account buys with its cash), short options, multi-leg orders, auctions (`opg`, `cls`), trading before the open and after the
//! close (such orders wait for the open), watchlists, portfolio history, dividends and transfers, corporate actions, the streams of
//! market data, memory across restarts.

pub mod admin;
pub mod check;
pub mod config;
pub mod data;
pub mod door;
pub mod fault;
pub mod floor;
pub mod follow;
pub mod id;
pub mod means;
pub mod oauth;
pub mod place;
pub mod problem;
pub mod reference;
pub mod server;
pub mod show;
pub mod stream;
pub mod ticket;
pub mod trading;
pub mod wish;
