//! The simulated market has what real ones have: fat tails, clusters, sessions, gaps; and repeats itself by seed.

use std::{fs, time::Duration};

use ordercast_model::time::Timestamp;
use ordercast_sim::market::{board::QuoteBoard, calendar::Calendar, config::MarketConfig, exchange::Market};
use rust_decimal::prelude::ToPrimitive;

use crate::venue_fixture::START;

fn start() -> Timestamp {
    START.parse().unwrap()
}
fn market(seed: u64, calendar: Calendar) -> Market {
    let config = MarketConfig {
        seed,
        calendar,
        warm_up_seconds: 0,
        ..MarketConfig::default()
    };
    Market::new(config, start()).unwrap()
}
fn mid(market: &Market, symbol: &str) -> f64 {
    market
        .quote(&symbol.parse().unwrap())
        .unwrap()
        .mid()
        .to_f64()
        .unwrap()
}
fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let mean = |x: &[f64]| x.iter().sum::<f64>() / x.len() as f64;
    let (ma, mb) = (mean(a), mean(b));
    let cov: f64 = a.iter().zip(b).map(|(x, y)| (x - ma) * (y - mb)).sum();
    let var = |x: &[f64], m: f64| x.iter().map(|v| (v - m).powi(2)).sum::<f64>();
    cov / (var(a, ma) * var(b, mb)).sqrt()
}

#[test]
fn returns_have_fat_tails_and_clusters_and_move_together() {
    let mut market = market(11, Calendar::ALWAYS);
    let names = ["NVDA", "META", "BTC/USD", "ETH/USD"];
    let mut series: Vec<Vec<f64>> = vec![Vec::new(); names.len()];
    let mut spreads = Vec::new();
    for _ in 0..8_000 {
        market.advance();
        for (name, prices) in names.iter().zip(&mut series) {
            prices.push(mid(&market, name).ln());
        }
        let quote = market.quote(&"NVDA".parse().unwrap()).unwrap();
        spreads.push((quote.ask - quote.bid).to_f64().unwrap());
    }
    let returns: Vec<Vec<f64>> = series
        .iter()
        .map(|p| p.windows(2).map(|w| w[1] - w[0]).collect())
        .collect();
    for (name, r) in names.iter().zip(&returns) {
        let n = r.len() as f64;
        let second = r.iter().map(|x| x.powi(2)).sum::<f64>() / n;
        let kurtosis = r.iter().map(|x| x.powi(4)).sum::<f64>() / n / second.powi(2);
        assert!(
            kurtosis > 5.0,
            "{name}: kurtosis {kurtosis:.1}, 3 is a bell curve"
        );
        let size: Vec<f64> = r.iter().map(|x| x.abs()).collect();
        let lagged = |lag: usize, x: &[f64]| correlation(&x[lag..], &x[..x.len() - lag]);
        let cluster = (1..=20).map(|lag| lagged(lag, &size)).sum::<f64>() / 20.0;
        assert!(
            cluster > 0.05,
            "{name}: sizes of neighbours are unrelated ({cluster:.3})"
        );
        let direction = (2..=20).map(|lag| lagged(lag, r)).sum::<f64>() / 19.0;
        assert!(
            direction.abs() < 0.03,
            "{name}: direction can be foretold ({direction:.3})"
        );
    }
    assert!(
        correlation(&returns[0], &returns[1]) > 0.3,
        "shares move together"
    );
    assert!(correlation(&returns[2], &returns[3]) > 0.3, "coins move together");
    // Spreads follow the size of recent movements.
    let busy: Vec<f64> = returns[0]
        .windows(20)
        .map(|w| w.iter().map(|x| x.abs()).sum())
        .collect();
    assert!(
        correlation(&busy, &spreads[20..]) > 0.2,
        "spreads widen with volatility"
    );
}

#[test]
fn the_same_seed_gives_the_same_prices_however_it_is_stepped() {
    let (mut fine, mut coarse, mut other) = (
        market(3, Calendar::default()),
        market(3, Calendar::default()),
        market(4, Calendar::default()),
    );
    let end = start().plus(Duration::from_secs(70));
    let mut now = start();
    while now < end {
        now = now.plus(Duration::from_millis(100));
        fine.step(now);
    }
    coarse.step(end);
    other.step(end);
    assert_eq!(fine.quotes(), coarse.quotes());
    assert_ne!(fine.quotes(), other.quotes());
}

#[test]
fn a_saved_market_goes_on_where_it_stopped() {
    let mut whole = market(5, Calendar::default());
    whole.step(start().plus(Duration::from_secs(20)));
    let text = serde_json::to_string(&whole.save()).unwrap();
    let later = start().plus(Duration::from_secs(3_600));
    let mut resumed = market(99, Calendar::default());
    resumed
        .restore(serde_json::from_str(&text).unwrap(), later)
        .unwrap();
    let prices = |m: &Market| {
        m.quotes()
            .into_iter()
            .map(|q| (q.symbol, q.bid, q.ask, q.last))
            .collect::<Vec<_>>()
    };
    assert_eq!(prices(&whole), prices(&resumed));
    whole.step(start().plus(Duration::from_secs(40)));
    resumed.step(later.plus(Duration::from_secs(20)));
    assert_eq!(prices(&whole), prices(&resumed));
}

#[test]
fn sessions_close_and_reopen_with_gaps_while_coins_go_on() {
    let mut market = market(
        8,
        Calendar {
            open_seconds: 5,
            closed_seconds: 2,
            ..Calendar::default()
        },
    );
    let (mut gaps, mut steps) = (Vec::new(), Vec::new());
    let mut before = mid(&market, "TSLA");
    let mut closed = None;
    for _ in 0..70 * 30 {
        let coin = mid(&market, "BTC/USD");
        let turn = market.advance();
        let now = mid(&market, "TSLA");
        let open = market.quote(&"TSLA".parse().unwrap()).unwrap().open;
        if turn.opened {
            gaps.push((now / before).ln().abs());
        } else if open {
            steps.push((now / before).ln().abs());
        } else {
            let still = closed.get_or_insert(now);
            assert_eq!(*still, now, "a closed market moves");
            assert_ne!(coin, 0.0);
        }
        closed = if open { None } else { closed };
        before = now;
    }
    let mean = |x: &[f64]| x.iter().sum::<f64>() / x.len() as f64;
    assert!(
        gaps.len() >= 25 && mean(&gaps) > 4.0 * mean(&steps),
        "gaps {} steps {}",
        mean(&gaps),
        mean(&steps)
    );
    let (open, close) = market
        .sessions(ordercast_model::instrument::AssetClass::Equity)
        .unwrap();
    assert!(open > market.now() && close > market.now());
}

#[test]
fn prices_stay_near_their_level_for_hours() {
    let mut market = market(2, Calendar::default());
    let before: Vec<f64> = market
        .quotes()
        .iter()
        .map(|q| q.mid().to_f64().unwrap())
        .collect();
    (0..6_000).for_each(|_| {
        market.advance();
    });
    for (quote, before) in market.quotes().iter().zip(before) {
        let ratio = quote.mid().to_f64().unwrap() / before;
        assert!((0.5..2.0).contains(&ratio), "{} moved by {ratio}", quote.symbol);
        assert!(quote.ask > quote.bid && quote.bid_size > 0.into() && quote.ask_size > 0.into());
    }
}

#[test]
fn the_board_shows_what_the_market_shows() {
    let mut market = market(6, Calendar::default());
    let board = QuoteBoard::new(&market);
    market.step(start().plus(Duration::from_secs(9)));
    assert_ne!(board.quotes(), market.quotes());
    board.publish(&market);
    for text in [
        "AAPL",
        "BTC/USD",
        "AAPL 2026-12-18 270 C",
        "SPX 2026-12-18 6600 P",
    ] {
        let symbol = board.resolve(text).unwrap();
        assert_eq!(
            board.quote(&symbol).unwrap(),
            market.quote(&symbol).unwrap(),
            "{text}"
        );
    }
    assert!(
        board.resolve("AAPL 2026-12-18 27000 C").is_err() && board.quote(&"XYZQ".parse().unwrap()).is_none()
    );
}

#[test]
fn own_bars_are_played_and_bad_ones_named_by_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ZZZ-USD.csv");
    let made = |text: &str| {
        fs::write(&file, text).unwrap();
        let config = MarketConfig {
            csv: Some(folder.path().into()),
            csv_bar_steps: 10,
            warm_up_seconds: 0,
            ..MarketConfig::default()
        };
        Market::new(config, start())
    };
    let head = "time,open,high,low,close,volume\n";
    let mut played = made(&format!(
        "{head}2024-01-01,10,12,9,11,5\n2024-01-02,11,15,11,15,5\n"
    ))
    .unwrap();
    let mut prices = Vec::new();
    for _ in 0..20 {
        played.advance();
        prices.push(mid(&played, "ZZZ/USD"));
    }
    let (low, high) = prices
        .iter()
        .fold((f64::MAX, 0.0_f64), |(l, h), p| (l.min(*p), h.max(*p)));
    assert!(
        (low - 9.0).abs() < 0.1 && (high - 15.0).abs() < 0.1,
        "{low} {high}"
    );
    for (text, word) in [
        ("", "at least two bars"),
        (
            "2024-01-01,10,12,9,11,5\n2024-01-02,11,x,11,15,5\n",
            "line 3: high: expected a price",
        ),
        (
            "2024-01-01,10,12,9,11,5\n2024-01-01,11,12,11,12,5\n",
            "line 3: time: expected a later",
        ),
        ("2024-01-01,10,9,9,11,5\n", "line 2: high and low"),
        ("2024-01-01,10,12,9,11\n", "line 2: expected 6 fields, got 5"),
        ("soon,10,12,9,11,5\n", "line 2: time"),
        ("2024-01-01,-1,12,9,11,5\n", "line 2: open"),
    ] {
        let problem = made(&format!("{head}{text}")).unwrap_err().to_string();
        assert!(
            problem.contains(word) && problem.contains("ZZZ-USD.csv"),
            "{problem}"
        );
    }
}

#[test]
fn a_market_that_keeps_the_exchange_s_hours_closes_with_it() {
    use ordercast_model::instrument::AssetClass;
    let at = |text: &str| -> Timestamp { text.parse().unwrap() };
    for (now, open, next) in [
        // Half an hour after the early close of a half day.
        (
            "2026-11-27T18:30:00Z",
            false,
            ("2026-11-30T14:30:00Z", "2026-11-30T21:00:00Z"),
        ),
        (
            "2026-11-27T17:30:00Z",
            true,
            ("2026-11-30T14:30:00Z", "2026-11-27T18:00:00Z"),
        ),
    ] {
        let config = MarketConfig {
            calendar: Calendar {
                exchange: true,
                ..Calendar::default()
            },
            ..MarketConfig::default()
        };
        let market = Market::new(config, at(now)).unwrap();
        assert_eq!(market.open(AssetClass::Equity), open, "{now}");
        assert_eq!(
            market.sessions(AssetClass::Option),
            Some((at(next.0), at(next.1))),
            "{now}"
        );
        assert!(market.open(AssetClass::Crypto));
    }
}
