//! The parser against a regex peer, on the corpus's lines that both read right: the same action, symbol, side, prices.

use std::{hint::black_box, time::Duration};

use anyhow::{Result, ensure};
use ordercast_model::{signal::raw::Content, time::Timestamp};
use ordercast_rules::parse::{self, Context, SellMeans, Symbols, answer::answer};
use serde_json::Value;

use crate::{
    measure::{Samples, timed},
    peer::{Core, Peer},
    report::{Ratio, Report},
    score,
};

const ROUNDS: usize = 41;
/// Times a round reads all lines, so that it lasts some milliseconds.
const REPEATS: usize = 20;
/// Share of the trade lines a peer must read right to be a peer, per cent.
const PEER_SHARE_MIN: usize = 80;
/// The peer gives four fields; ours gives these, ten more, the guards against false trades, spans and reasons. It may cost
/// three times as much, and stays a thousandth of a message's way.
const BAR: (&str, u128) = ("<= 3.00", 300);

fn core(of: &Value) -> Core {
    let action = of["action"].as_str().unwrap_or_default().to_owned();
    let opens = matches!(action.as_str(), "open" | "add");
    let side = match of["side"].as_str() {
        Some("buy" | "long") if opens => 1,
        Some("sell" | "short") if opens => -1,
        _ => 0,
    };
    let prices = of["entry"].as_array().into_iter().flatten();
    Core {
        action,
        symbol: of["symbol"].as_str().map(str::to_owned),
        side,
        prices: prices.filter_map(score::number).collect(),
    }
}

struct Line {
    content: Content,
    expected: Core,
}

fn context() -> Context<'static> {
    Context {
        posted_at: Timestamp::from_micros(0),
        reply_to: None,
        sell_means: SellMeans::CloseLong,
        taught: None,
        symbols: Symbols::shipped(),
    }
}

fn ours(line: &Line) -> Vec<Core> {
    let reading = parse::read(&line.content, &context());
    answer(&reading)
        .as_array()
        .into_iter()
        .flatten()
        .map(core)
        .collect()
}

/// Trade lines of plain text with one instruction or more; only those with one can be compared.
fn lines() -> (usize, Vec<Line>) {
    let trades: Vec<_> = score::cases(score::CORPUS)
        .into_iter()
        .filter(|c| c.line.kind == "discord_text" && !c.expect.is_empty())
        .collect();
    let all = trades.len();
    let single = trades.into_iter().filter(|c| c.expect.len() == 1);
    let lines = single.filter_map(|case| {
        Some(Line {
            expected: core(case.expect.first()?),
            content: Content {
                text: case.line.text,
                ..Content::default()
            },
        })
    });
    (all, lines.collect())
}

fn read_ours(lines: &[Line]) {
    let context = context();
    for _ in 0..REPEATS {
        for line in lines {
            black_box(parse::read(black_box(&line.content), &context));
        }
    }
}

fn read_peer(peer: &Peer, lines: &[Line]) {
    for _ in 0..REPEATS {
        for line in lines {
            black_box(peer.read(black_box(&line.content.text)));
        }
    }
}

pub(crate) fn measure() -> Result<Report> {
    let peer = Peer::new()?;
    let (all, lines) = lines();
    let right_by_peer = lines
        .iter()
        .filter(|l| peer.read(&l.content.text).as_ref() == Some(&l.expected))
        .count();
    let right_by_us = lines
        .iter()
        .filter(|l| ours(l).as_slice() == std::slice::from_ref(&l.expected))
        .count();
    ensure!(
        right_by_peer * 100 >= all * PEER_SHARE_MIN,
        "the regex peer reads {right_by_peer} of {all} lines right, expected {PEER_SHARE_MIN} %"
    );
    let both: Vec<Line> = lines
        .into_iter()
        .filter(|l| {
            peer.read(&l.content.text).as_ref() == Some(&l.expected)
                && ours(l).as_slice() == std::slice::from_ref(&l.expected)
        })
        .collect();
    ensure!(!both.is_empty(), "no line is read right by both");
    let (mut mine, mut theirs) = (Samples::default(), Samples::default());
    for _ in 0..ROUNDS {
        mine.add(timed(|| read_ours(&both)).0);
        theirs.add(timed(|| read_peer(&peer, &both)).0);
    }
    let each = |samples: &Samples| -> Duration {
        let messages = u32::try_from(both.len() * REPEATS).unwrap_or(u32::MAX);
        samples.median() / messages
    };
    Ok(Report {
        name: "parser",
        against: "regular expressions with named captures, same action, symbol, side and prices",
        ratios: vec![Ratio::of("one message", each(&mine), each(&theirs), Some(BAR))],
        tables: Vec::new(),
        notes: vec![
            format!(
                "trade lines of plain text: {all}; right by us {right_by_us}, by the peer {right_by_peer}"
            ),
            format!(
                "measured on the {} lines both read right, {} rounds of each in turn, median",
                both.len(),
                mine.len()
            ),
            "ours gives quantity, levels, expiry, confidence, spans and reasons beside".to_owned(),
        ],
    })
}
