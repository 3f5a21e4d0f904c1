//! The paper venue: a matching engine over the simulated market, behind its own small HTTP and WebSocket protocol.
//! Decides what a real venue decides (who may trade, what fills at which price); refuses to know who asks and why.
//!
//! # Protocol
//!
//! JSON over HTTP/1.1 on loopback. Numbers that are money, prices or quantities are **strings** (`"12.50"`), both ways;
//! a JSON number there is refused. Times are RFC 3339 in UTC with microseconds. Unknown fields of a request are refused.
//! Every answer but a refusal is `200` (`201` when an order or account came into being).
//!
//! ## Who asks
//! `Authorization: Bearer <account key>` on everything under `/v1/accounts/{a}` and, optionally, on `/v1/stream`.
//! `Bearer <admin key>` on `POST /v1/accounts`, `GET /v1/accounts`, `GET /v1/ledger` and `/sim/*`. Market data needs no key.
//! No key or a wrong one is `401 unauthorised`; a good key on another account's path or object is `404`, the same
//! `404` a missing object gives.
//!
//! ## Symbols
//! In answers always the canonical text: `AAPL`, `BTC/USD`, `AAPL 2026-12-18 150 C`. In requests also lower case, `$AAPL`,
//! `BTC`, `BTCUSD`, `BTCUSDT`, `BTC/USDT`, `BTC-USD`, `XBT`, and the OCC form `AAPL261218C00150000`.
//! **USDT and USDC are taken as USD**: the paper venue settles everything in one currency, USD.
//! `SPX` is an index: quoted, with options, never traded itself. In a path the symbol is percent-encoded
//! (`/v1/instruments/BTC%2FUSD`).
//!
//! ## Refusals
//! `{"code": "...", "message": "...", "field": "limit_price"?, "order": {...}?}`; nothing was changed when one is answered.
//!
//! | code | HTTP | when |
//! |---|---|---|
//! | `unauthorised` | 401 | no key, wrong key |
//! | `not_found` | 404 | no such account, group, route, or another account's |
//! | `order_not_found` | 404 | no such order in this account |
//! | `unknown_symbol` | 404 | `unknown symbol XYZQ`; an expired option, an absurd strike, an unknown underlying |
//! | `invalid_order` | 422 | a field is malformed or out of rule; `field` names it |
//! | `insufficient_funds` | 422 | buying power too small; the message quotes needed and available |
//! | `exceeds_position` | 422 | a sale without `shorting` or a group over more than is held, a reduce-only order when nothing is held |
//! | `not_permitted` | 422 | the account or the instrument may not do this (index, shorting) |
//! | `market_closed` | 422 | session closed and time in force other than `gtc` |
//! | `halted` | 422 | instrument halted and time in force other than `gtc` |
//! | `duplicate_client_id` | 409 | the id is taken (see dedupe); `order` is the order that has it |
//! | `duplicate_name` | 409 | `POST /v1/accounts` with a name that exists under another key |
//! | `stale_version` | 409 | group version lower than the one in force |
//! | `already_final` | 409 | cancel or replace of a finished order; `order` is its last state |
//! | `rate_limited` | 429 | by fault only, with `Retry-After` (seconds); the request had no effect |
//! | `malformed` | 400 | body is not JSON, a field is missing, unknown or of the wrong kind, a query value is odd |
//! | `gone` | 410 | `/v1/stream?after=` older than the events kept (the last 10,000 of an account) |
//! | `internal` | 500 | by fault only: **the request may have taken effect** |
//! | `unavailable` | 503 | by fault: no effect; or the ledger file cannot be written: outcome unknown |
//!
//! ## Accounts
//! - `POST /v1/accounts` (admin) `{"name": "alice", "cash": "100000"?, "shorting": false?, "key": "..."?}` →
//!   `201 {"account": "PA100001", "key": "...", "name", "cash", "currency": "USD"}`. The key is shown once; a caller may bring its
//!   own (16 to 128 visible characters). The same name with the same `key` answers `200` with the existing account.
//! - `GET /v1/accounts` (admin) → `{"accounts": [account, ...]}`.
//! - `GET /v1/accounts/{a}` → account `{"account", "name", "currency", "cash", "equity", "buying_power", "reserved",
//!   "positions_value", "shorting", "fees", "event", "at"}`. `equity = cash + positions_value`; `buying_power = cash - reserved`
//!   (less 150 % of short positions' value); `event` is the number of the last event; `fees` the total paid.
//! - `GET /v1/accounts/{a}/positions` → `{"positions": [{"symbol", "class", "side": "long|short", "quantity", "average_price",
//!   "cost", "multiplier", "price", "market_value", "unrealised", "realised"}]}`. `market_value` is negative for a short.
//!
//! ## Orders
//! - `POST /v1/accounts/{a}/orders` → `201` order.
//!   `{"client_order_id": "1-64 of A-Za-z0-9-_.:", "symbol", "side": "buy|sell", "type": "market|limit|stop|stop_limit|trailing_stop",
//!   "time_in_force": "day|gtc|ioc|fok", "quantity", "limit_price"?, "stop_price"?, "trail_percent"? | "trail_amount"?,
//!   "reduce_only": false?, "oco_group": "name"?}`.
//! - `GET .../orders?status=open|closed|all&client_order_id=&symbol=&limit=` → `{"orders": [order, ...]}`, newest first
//!   (limit 1-1000, 500). `client_order_id` lists every order that ever carried the id.
//! - `GET .../orders/{id}`, `GET .../orders/by-client-id/{cid}` → order (the newest, when an id was used again).
//! - `DELETE .../orders/{id}`, `DELETE .../orders/by-client-id/{cid}` → order, now `cancelled`. Cancelling one leg of an OCO cancels
//!   the other. An order already `cancelled` answers `200` again; `filled`, `expired`, `rejected` are `409 already_final`.
//! - `PATCH .../orders/{id}` `{"quantity"?, "limit_price"?, "stop_price"?, "client_order_id"?}` → order. Same `id`, `revision` + 1;
//!   a new client id is added, the former one still finds the order.
//! - `GET .../fills?after=<cursor>&limit=` → `{"fills": [fill, ...], "next": cursor}`, oldest first (limit 1-1000, 500); `next` is what
//!   to ask with next time, unchanged when nothing is new. `after` 0 or absent starts at the beginning.
//!
//! Order: `{"id": "vo-12", "account", "client_order_id", "symbol", "side", "type", "time_in_force", "quantity", "limit_price",
//! "stop_price", "trail_percent", "trail_amount", "reduce_only", "oco_group", "group", "status", "triggered", "filled_quantity",
//! "remaining_quantity", "average_price", "fees", "reason", "revision", "created_at", "updated_at"}`. Absent values are `null`.
//! `status`: `new, partially_filled, filled, cancelled, rejected, expired` (the last four final). A final order may have
//! `filled_quantity` above zero. `reason` says why one ended: `user_cancelled, oco_filled, oco_cancelled, group_replaced,
//! group_cancelled, nothing_to_reduce, ioc_remainder, fok_unfilled, insufficient_funds, session_end, instrument_expired,
//! venue_rejected`.
//! For a trailing order `stop_price` is the level now in force; it moves one way only.
//!
//! Fill: `{"fill_id": "vf-7", "cursor": 7, "account", "order_id", "client_order_id", "symbol", "side", "quantity", "price", "multiplier",
//! "fee", "cash", "kind": "trade|settlement", "cumulative_quantity", "at"}`. `cash` is the exact signed change of cash,
//! fee included: `-(price x quantity x multiplier) - fee` for a buy. `settlement` is an expired option paid at its intrinsic value; it has
//! `order_id: null`.
//!
//! ### Rules
//! - Market orders take what the book shows, level by level, one fill per level; what is left waits for the book to refill.
//!   A limit order that can trade on arrival takes at the book's prices up to its limit; a resting one is filled at its own price once
//!   the other side reaches it (at the better opening price after a gap).
//! - Sell stops trigger when bid <= stop, buy stops when ask >= stop, in session only; then they are market (or limit) orders.
//! - `ioc` takes what is there and cancels the rest; `fok` takes all or nothing; both only for market and limit.
//!   `day` ends with the session (coins: at midnight UTC). When the session is closed or the symbol halted, `gtc` waits for the open, everything else is refused.
//! - OCO: members share account, symbol and side. A fill of one reduces the others by as much (event `replaced`); at zero they are cancelled.
//! - `reduce_only` never opens or turns a position: it is cut to what is held when it fills, and cancelled when nothing is held.
//! - Sizes: equities whole shares (billionths of one where the venue is set to `fractional`), options whole contracts (multiplier 100), coins in steps of 0.000001 and at least 1 USD for an order that opens.
//!   Prices stand on the instrument's tick.
//! - Fees: equities 0, options 0.65 a contract, coins 0.1 % of the value rounded half-up to 8 places (configurable).
//! - Shorts only in equities and only in accounts opened with `shorting`.
//! - Dedupe (configured): `always` an id is taken for ever; `while_open` while an order with it is open; `never` not at all. Refused orders take no id;
//!   with `while_open` the legs a group's new version replaces no longer hold theirs.
//!
//! ## Protection groups
//! - `PUT /v1/accounts/{a}/groups/{group_id}` (id: 1-64 of `A-Za-z0-9-_.:`)
//!   `{"version": 3, "symbol": "AAPL", "side": "sell", "legs": [{"stop": {"client_order_id", "quantity", "stop_price" | "trail_percent" |
//!   "trail_amount", "limit_price"?}?, "target": {"client_order_id", "quantity", "limit_price"}?}, ...]}` → group.
//!   Each leg is a stop, a target, or both as an OCO pair. All are reduce-only and `gtc`. In one step the former version's
//!   open legs are cancelled (`group_replaced`) and the new ones placed; on any refusal nothing changes. The sum over legs of the larger of the two quantities
//!   must not exceed the position: else `exceeds_position`. A trailing stop goes on from the highest mark of the version it replaces.
//!   The version in force again → `200` with the state as it is, nothing done; a lower one → `409 stale_version`. `"legs": []` covers nothing.
//! - `GET .../groups/{group_id}`, `GET .../groups` → group; `{"groups": [...]}`.
//! - `DELETE .../groups/{group_id}` → group, its open legs cancelled (`group_cancelled`). Repeatable.
//!
//! Group: `{"group_id", "version", "symbol", "side", "status": "active|done", "covered", "legs": [{"stop": order?, "target": order?}], "at"}`;
//! `covered` is what its open legs would close.
//!
//! ## Market data
//! - `GET /v1/instruments`, `GET /v1/instruments/{symbol}` → `{"instruments": [...]}`, instrument `{"symbol", "name", "class":
//!   "equity|option|crypto", "tick", "lot", "minimum_notional", "multiplier", "tradable", "shortable", "fractional", "halted", "open",
//!   "session": "day|always"}`. The list leaves options out (any strike and expiry is priced by model); the single look-up takes them.
//! - `GET /v1/quotes?symbols=AAPL,BTC/USD,AAPL 2026-12-18 150 C` (at most 200; none: all listed) → `{"quotes": [{"symbol", "bid", "ask", "bid_size",
//!   "ask_size", "last", "volume", "change", "open", "at"}], "unknown": [{"symbol", "message"}]}`. `change` is percent since the previous close.
//! - `GET /v1/clock` → `{"at", "market_at_micros", "speed", "classes": {"equity": {"open", "next_open", "next_close"}, "option": .., "crypto": ..}}`,
//!   wall-clock times; coins have `null` for both.
//! - `GET /v1/bars?symbol=AAPL&limit=120` → `{"symbol", "bar_micros", "bars": [{"time", "open", "high", "low", "close", "volume"}]}`,
//!   oldest first, the last one still forming (limit 1-500, 120; bars last 5 s of market time).
//!
//! ## Stream
//! `GET /v1/stream?after=<event>` upgrades to a WebSocket. With an account key it carries that account's order events (from `after` + 1
//! on; from now on when absent); without a key, market data only. Text frames, server to client:
//! - `{"type": "hello", "account": "PA100001"?, "event": 41?, "at"}`: `event` is the last event that exists.
//! - `{"type": "order", "event": 42, "kind": "new|partial_fill|fill|cancelled|rejected|expired|replaced|triggered", "order": {...}, "fill": {...}?, "at"}`.
//!   Events of an account are numbered 1, 2, 3, ... without gaps; a jump means one was lost: reconnect with `after`. A settlement comes as
//!   kind `fill` with `"order": null`.
//! - `{"type": "quotes", "quotes": [...]}`: changed quotes of the subscribed symbols, at most 4 frames a second.
//! - `{"type": "error", "code", "message"}`, for a message not understood.
//!
//! Client to server: `{"op": "subscribe", "symbols": ["AAPL", "*"]}` (`*`: all listed), `{"op": "unsubscribe", "symbols": [...]}`. Pings are answered.
//! A reader more than 4,096 events behind is closed with code 1013 and catches up with `after`.
//!
//! ## Truth and trouble (admin)
//! - `GET /v1/ledger` → `{"at", "accounts": [{"account": account, "opening_cash", "positions": [...], "orders": [...], "fills": [...]}]}`.
//! - `POST /sim/faults` `{"kind": "...", "account"?, "route"?, "count"?, ...}` → `201`, the fault with its `id` (0 when it was done at once);
//!   faults meet everything under `/v1` but `/v1/accounts` itself and `/v1/ledger`, the oldest that fits first; `GET /sim/faults` lists those left;
//!   `DELETE /sim/faults` clears all (and lets hanging requests go). `route`: `submit, cancel, replace, group, read, any` (any); `count`: how many requests (1; 0 = until cleared).
//!
//! | kind | effect on a matching request |
//! |---|---|
//! | `drop_answer` | does it, then closes the connection without an answer |
//! | `error_after` | does it, then answers `500 internal` |
//! | `error_before` | does nothing, `503 unavailable` |
//! | `rate_limit` | does nothing, `429 rate_limited`, `retry_after` seconds (1) |
//! | `delay` | waits `millis`, then does it |
//! | `delay_answer` | does it, then waits `millis` |
//! | `hang` | does nothing and gives no answer until cleared, then `503` |
//! | `refuse` | does nothing, refuses with `code` and `message` |
//! | `reject` | accepts the order, then rejects it at once (event `rejected`) |
//! | `halt`, `resume` | at once: `symbol` |
//! | `duplicate_events`, `suppress_events` | the next `count` order events go out twice, not at all (they stay readable with `after`) |
//! | `disconnect_streams` | at once: closes the sockets (of `account`) |
//!
//! # Without HTTP
//! [`server::Venue::start`] runs all of this inside another program and hands out a
//! [`QuoteBoard`](crate::market::board::QuoteBoard). [`engine::Engine`] is the matching alone: synchronous, no clock, no files;
//! the same requests at the same times give the same fills. `take_changes` says what happened.

pub mod account;
pub mod book;
pub mod check;
pub mod config;
pub mod desk;
pub mod engine;
pub mod fault;
pub mod funds;
pub mod group;
pub mod ledger;
pub mod matching;
pub mod order;
pub mod prices;
pub mod refusal;
pub mod server;
pub mod state;
pub mod submit;
