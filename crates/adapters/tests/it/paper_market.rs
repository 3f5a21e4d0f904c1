//! Quotes, rules and sessions of the paper venue.

use ordercast_adapters::paper::PaperMarket;
use ordercast_model::{
    instrument::Instrument,
    ports::{
        broker::Dedupe,
        market::{Market, MarketError},
    },
};
use rust_decimal::Decimal;

use crate::{
    paper_fixture::Floor,
    world::{clock, http, random, until},
};

fn named(text: &str) -> Instrument {
    text.parse().unwrap()
}

#[tokio::test]
async fn the_feed_fills_the_board_and_survives_a_cut() {
    let floor = Floor::open(Dedupe::Always).await;
    let (market, feed) = PaperMarket::connect(&floor.config, http(), clock(), random()).unwrap();
    assert_eq!(market.latest(&named("AAPL")), None);
    let feeding = tokio::spawn(feed);
    let first = until("a quote", async || market.latest(&named("AAPL"))).await;
    assert!(first.bid < first.ask);
    until("a later quote", async || {
        market.latest(&named("AAPL")).filter(|q| q.at > first.at)
    })
    .await;
    floor
        .fault(serde_json::json!({"kind": "disconnect_streams"}))
        .await;
    let cut = market.latest(&named("BTC/USD")).unwrap();
    until("a quote after the cut", async || {
        market
            .latest(&named("BTC/USD"))
            .filter(|q| q.at > cut.at && market.is_fed())
    })
    .await;
    // An option nobody listed: asked for once, then carried by the feed.
    let expiry = clock()
        .now()
        .plus(std::time::Duration::from_secs(40 * 86_400))
        .date();
    let option = named(&format!("AAPL {expiry} 200 C"));
    let asked = market.quote(&option).await.unwrap();
    until("the option on the feed", async || {
        market.latest(&option).filter(|q| q.at > asked.at)
    })
    .await;
    feeding.abort();
    floor.venue.shutdown().await;
}

#[tokio::test]
async fn rules_sessions_and_bars_are_read_by_any_spelling() {
    let floor = Floor::open(Dedupe::Always).await;
    let (market, _unfed) = PaperMarket::connect(&floor.config, http(), clock(), random()).unwrap();
    let all = market.list().await.unwrap();
    assert!(all.len() >= 55, "{}", all.len());
    for spelling in ["BTC", "btcusdt", "BTC-USD", "BTC/USD"] {
        let rules = market.rules(spelling).await.unwrap();
        assert_eq!(rules.instrument, named("BTC/USD"), "{spelling}");
        assert!(rules.lot < Decimal::ONE && rules.tradable);
    }
    for unknown in ["XYZQW", "", "../accounts", "AAPL 2020-01-17 150 C"] {
        let answer = market.rules(unknown).await;
        assert!(
            matches!(answer, Err(MarketError::UnknownSymbol(_))),
            "{unknown}: {answer:?}"
        );
    }
    let missing = market.quote(&named("ZZZZQ")).await;
    assert_eq!(missing, Err(MarketError::UnknownSymbol("ZZZZQ".to_owned())));
    assert!(
        market.quote(&named("MSFT")).await.unwrap().last.value() > Decimal::ZERO,
        "without the feed"
    );
    assert!(market.session(&named("AAPL")).await.unwrap().open);
    let coins = market.session(&named("ETH/USD")).await.unwrap();
    assert!(coins.open && coins.next_close.is_none());
    let bars = market.bars(&named("AAPL"), 10).await.unwrap();
    assert!(!bars.is_empty() && bars.len() <= 10);
    assert!(bars.windows(2).all(|w| w[0].at < w[1].at));
    floor.venue.shutdown().await;
    let gone = market.list().await;
    assert!(matches!(gone, Err(MarketError::Unavailable(_))), "{gone:?}");
}
