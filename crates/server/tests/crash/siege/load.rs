//! A steady stream of calls in the channels: opens, closes, patient limits that are edited and deleted.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex},
};

use reqwest::Method;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::draw::Draw;
use crate::{program::pause, stranger::Stranger};

const SHARES: [&str; 10] = [
    "COST", "PEP", "XOM", "WMT", "TGT", "CRM", "JPM", "DIS", "UBER", "PYPL",
];
const COINS: [&str; 9] = ["ATOM", "BCH", "LTC", "SOL", "LINK", "AVAX", "UNI", "INJ", "AAVE"];
/// Opens that may stand before the oldest is called out again.
const STANDING: usize = 10;

/// A message somebody posted.
#[derive(Debug, Clone)]
pub(crate) struct Posted {
    /// Place of its channel in the cast.
    pub(crate) channel: usize,
    /// It calls an entry by words that everybody understands.
    pub(crate) opens: bool,
    pub(crate) edited: bool,
    pub(crate) deleted: bool,
}

/// Every message by its id.
pub(crate) type Diary = Arc<Mutex<BTreeMap<String, Posted>>>;

/// Posts until it is told to stop.
pub(crate) struct Load {
    pub(crate) diary: Diary,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Load {
    pub(crate) fn start(stranger: Stranger, seed: u64) -> Self {
        let (diary, stop) = (Diary::default(), CancellationToken::new());
        let mut poster = Poster {
            stranger,
            draw: Draw(seed ^ 0x10AD),
            diary: diary.clone(),
            standing: VecDeque::new(),
            waiting: VecDeque::new(),
            turn: 0,
        };
        let token = stop.clone();
        let task = tokio::spawn(async move {
            while !token.is_cancelled() {
                poster.step().await;
                let wait = poster.draw.millis(350, 850);
                pause(wait).await;
            }
        });
        Self { diary, stop, task }
    }

    /// Ends it; gives what was posted.
    pub(crate) async fn stop(self) -> BTreeMap<String, Posted> {
        self.stop.cancel();
        self.task.await.expect("the load does not break");
        self.diary.lock().expect("nobody panics").clone()
    }
}

struct Poster {
    stranger: Stranger,
    draw: Draw,
    diary: Diary,
    /// Channel and symbol of what was opened.
    standing: VecDeque<(usize, &'static str)>,
    /// Patient limits: id, symbol, percent of the market.
    waiting: VecDeque<(String, &'static str, i64)>,
    turn: usize,
}

/// The name of a channel of the cast.
pub(crate) fn name(channel: usize) -> &'static str {
    ordercast_sim::cast::PROVIDERS[channel].channel_name
}

fn times(price: Decimal, percent: i64) -> Decimal {
    (price * Decimal::new(percent, 2)).round_dp(if price < Decimal::TEN { 4 } else { 2 })
}

fn text(content: String) -> Value {
    json!({ "content": content })
}

impl Poster {
    async fn step(&mut self) {
        self.turn += 1;
        if self.standing.len() > STANDING {
            return self.close().await;
        }
        match self.draw.below(12) {
            0..4 => self.coin().await,
            4..8 => self.share().await,
            8 => self.close().await,
            9 => self.patient().await,
            10 => self.edit().await,
            _ => self.delete().await,
        }
    }

    async fn post(&self, channel: usize, words: String, opens: bool) -> String {
        let id = self
            .stranger
            .post(self.stranger.place(name(channel)), &text(words))
            .await;
        let posted = Posted {
            channel,
            opens,
            edited: false,
            deleted: false,
        };
        self.diary
            .lock()
            .expect("nobody panics")
            .insert(id.clone(), posted);
        id
    }

    async fn coin(&mut self) {
        let sym = COINS[self.turn % COINS.len()];
        let (bid, ask) = self.stranger.quote(&format!("{sym}/USD")).await;
        let (stop, first, second) = (times(bid, 95), times(ask, 106), times(ask, 109));
        let words = if self.draw.below(2) == 0 {
            format!("BUY {sym}/USDT now, SL {stop}, targets {first} - {second}")
        } else {
            format!("LONG {sym}USDT @ {ask} SL {stop} TP1 {first}")
        };
        self.post(2, words, true).await;
        self.standing.push_back((2, sym));
    }

    async fn share(&mut self) {
        let sym = SHARES[self.turn % SHARES.len()];
        let (bid, ask) = self.stranger.quote(sym).await;
        let (stop, first, second) = (times(bid, 96), times(ask, 103), times(ask, 106));
        let words = format!("BTO 20 {sym} @ {ask} SL {stop} PT1 {first} PT2 {second}");
        self.post(0, words, true).await;
        self.standing.push_back((0, sym));
    }

    async fn close(&mut self) {
        let Some((channel, sym)) = self.standing.pop_front() else {
            return self.share().await;
        };
        self.post(channel, format!("close {sym}"), false).await;
    }

    async fn limit(&self, sym: &str, percent: i64) -> String {
        let (bid, _) = self.stranger.quote(sym).await;
        let (entry, stop, target) = (times(bid, percent), times(bid, percent - 6), times(bid, 110));
        format!("Long {sym} limit {entry}, SL {stop}, TP {target}")
    }

    async fn patient(&mut self) {
        let sym = SHARES[(self.turn + 5) % SHARES.len()];
        let words = self.limit(sym, 98).await;
        let id = self.post(4, words, true).await;
        self.waiting.push_back((id, sym, 98));
    }

    async fn edit(&mut self) {
        let Some((id, sym, percent)) = self.waiting.pop_front() else {
            return self.patient().await;
        };
        let place = self.stranger.place(name(4));
        let body = text(self.limit(sym, percent - 1).await).to_string();
        let (status, answer) = self
            .stranger
            .call(Method::PATCH, place, Some(&id), Some(body))
            .await;
        assert!(status.is_success(), "an edit: {status} {answer}");
        if let Some(posted) = self.diary.lock().expect("nobody panics").get_mut(&id) {
            posted.edited = true;
        }
        self.waiting.push_back((id, sym, percent - 1));
    }

    async fn delete(&mut self) {
        let Some((id, _, _)) = self.waiting.pop_front() else {
            return self.patient().await;
        };
        delete(&self.stranger, 4, &id).await;
        if let Some(posted) = self.diary.lock().expect("nobody panics").get_mut(&id) {
            posted.deleted = true;
        }
    }
}

/// Deletes a message.
pub(crate) async fn delete(stranger: &Stranger, channel: usize, id: &str) {
    let place = stranger.place(name(channel));
    let (status, answer) = stranger.call(Method::DELETE, place, Some(id), None).await;
    assert!(status.is_success(), "a deletion: {status} {answer}");
}
