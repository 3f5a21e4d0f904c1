//! Decides what a structured source wants done, from its action words and the position its strategy reports.

use ordercast_model::signal::instruction::{Action, PositionSide};

use super::field::{Fields, fold};
use crate::parse::{Context, SellMeans, draft::Fault};

/// What is to be done, before the levels are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wish {
    Do(Action, Option<PositionSide>),
    /// A bare sell.
    Sell,
    /// A bare buy.
    Buy,
    BreakEven,
    /// Levels are replaced; which ones, the word or the fields say.
    Levels(Option<PositionSide>, Replaced),
    /// Close or cancel what is held on a side, then open.
    Turn(Action, Option<PositionSide>, PositionSide),
    /// A part of what is held is closed; how much, the risk field says.
    Part(Option<PositionSide>, Share),
    /// Nothing of ours: switches of the sender's program.
    Control,
}

/// Which level the action word itself replaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Replaced {
    Any,
    Stop,
    Target,
}

/// What the risk field of a partial close means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Share {
    Percent,
    Volume,
}

/// How an entry is worked, when the action word says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Worked {
    Limit,
    Stop,
}

const ACTION: &[&str] = &[
    "action",
    "orderaction",
    "signal",
    "positiondirection",
    "strategyorderaction",
    "signaltype",
    "tradeaction",
    "cmd",
    "command",
    "operation",
    "op",
    "event",
    "alertaction",
    "actiontype",
    "order",
    "orderside",
    "tradetype",
    "do",
];
const SIDE: &[&str] = &["side", "direction", "tradeside"];
const POSITION: &[&str] = &["positionside", "closeside", "position", "holdside"];

const LONG: Option<PositionSide> = Some(PositionSide::Long);
const SHORT: Option<PositionSide> = Some(PositionSide::Short);

/// Whether a word says what is to be done with an order; switches of a sender's program do not.
pub(super) fn known(text: &str) -> bool {
    word(text).is_some_and(|(wish, _)| wish != Wish::Control)
}

fn word(text: &str) -> Option<(Wish, Option<Worked>)> {
    let folded = fold(text);
    let plain = |wish| Some((wish, None));
    let stem = folded
        .trim_start_matches("positiontype")
        .trim_start_matches("ordertype")
        .trim_start_matches("actiontype");
    let typed = stem.len() < folded.len();
    match stem {
        "sell" if typed => plain(Wish::Do(Action::Open, SHORT)),
        "buy" => plain(Wish::Buy),
        "sell" => plain(Wish::Sell),
        "long" | "bull" | "bullish" | "enterlong" | "entrylong" | "longentry" | "openlong" | "golong"
        | "buylong" | "longenter" | "longopen" | "buyopen" | "buytoopen" | "bto" | "entry" | "open"
        | "enter" => plain(Wish::Do(
            Action::Open,
            if matches!(stem, "entry" | "open" | "enter") {
                None
            } else {
                LONG
            },
        )),
        "short" | "bear" | "bearish" | "entershort" | "entryshort" | "shortentry" | "openshort"
        | "goshort" | "sellshort" | "shortopen" | "shortenter" | "sellopen" | "selltoopen" | "sto" => {
            plain(Wish::Do(Action::Open, SHORT))
        }
        "buylimit" => Some((Wish::Do(Action::Open, LONG), Some(Worked::Limit))),
        "selllimit" => Some((Wish::Do(Action::Open, SHORT), Some(Worked::Limit))),
        "buystop" => Some((Wish::Do(Action::Open, LONG), Some(Worked::Stop))),
        "sellstop" => Some((Wish::Do(Action::Open, SHORT), Some(Worked::Stop))),
        "exit" | "close" | "flat" | "flatten" | "closeposition" | "exitposition" | "closeall" | "exitall"
        | "liquidate" | "closeatmarketprice" | "closeatmarket" | "closelongshort" | "exitmarket"
        | "closetrade" | "sellall" | "closealleaoff" => plain(Wish::Do(Action::Close, None)),
        "closelong" | "exitlong" | "longexit" | "longclose" | "selltoclose" | "stc" | "selllong"
        | "exitbuy" | "closebuy" => plain(Wish::Do(Action::Close, LONG)),
        "closeshort" | "exitshort" | "shortexit" | "shortclose" | "buytoclose" | "btc" | "cover"
        | "buyshort" | "buytocover" | "exitsell" | "closesell" => plain(Wish::Do(Action::Close, SHORT)),
        "closelongpct" => plain(Wish::Part(LONG, Share::Percent)),
        "closeshortpct" => plain(Wish::Part(SHORT, Share::Percent)),
        "closelongvol" => plain(Wish::Part(LONG, Share::Volume)),
        "closeshortvol" => plain(Wish::Part(SHORT, Share::Volume)),
        "reverselong" => plain(Wish::Turn(Action::Close, SHORT, PositionSide::Long)),
        "reverseshort" => plain(Wish::Turn(Action::Close, LONG, PositionSide::Short)),
        "add" | "increase" | "scalein" | "dca" | "addtoposition" | "increaseposition" | "addfunds" => {
            plain(Wish::Do(Action::Add, None))
        }
        "reduce" | "decrease" | "trim" | "scaleout" | "partial" | "partialclose" | "closepartial"
        | "reduceposition" => plain(Wish::Do(Action::Reduce, None)),
        "cancel" | "cancelall" | "cancelorder" | "cancelorders" | "cancelallorders" | "canceltrade" => {
            plain(Wish::Do(Action::Cancel, None))
        }
        "cancellong" | "cancelbuy" => plain(Wish::Do(Action::Cancel, LONG)),
        "cancelshort" | "cancelsell" => plain(Wish::Do(Action::Cancel, SHORT)),
        "breakeven" | "be" | "movetobreakeven" | "sltobe" | "stoptobe" => plain(Wish::BreakEven),
        "update" | "modify" | "updatestop" | "updatesl" | "movestop" | "movesl" | "updatetp"
        | "updatetarget" | "updatesltp" | "modifysltp" | "setsl" | "settp" | "stoploss" | "setstoploss" => {
            plain(Wish::Levels(None, Replaced::Any))
        }
        "eaon" | "eaoff" | "ping" | "heartbeat" | "start" | "stop" | "pause" | "resume" => {
            plain(Wish::Control)
        }
        _ => joined(stem),
    }
}

/// Commands made of parts: `newsltplong`, `newslsellstop`, `closelongopenshort`, `cancellongbuystop`.
fn joined(stem: &str) -> Option<(Wish, Option<Worked>)> {
    if let Some(rest) = stem.strip_prefix("new") {
        let parts = [
            ("sltp", Replaced::Any),
            ("tpsl", Replaced::Any),
            ("sl", Replaced::Stop),
            ("tp", Replaced::Target),
        ];
        let (object, replaced) = parts
            .iter()
            .find_map(|(part, replaced)| Some((rest.strip_prefix(part)?, *replaced)))?;
        let (side, _) = placed(object)?;
        return Some((Wish::Levels(Some(side), replaced), None));
    }
    let acts = [("close", Action::Close), ("cancel", Action::Cancel)];
    let (rest, first) = acts
        .iter()
        .find_map(|(part, action)| Some((stem.strip_prefix(part)?, *action)))?;
    let sides = [("longshort", None), ("long", LONG), ("short", SHORT)];
    let (then, held) = sides
        .iter()
        .find_map(|(part, side)| Some((rest.strip_prefix(part)?, *side)))?;
    let (opened, worked) = placed(then.strip_prefix("open").unwrap_or(then))?;
    Some((Wish::Turn(first, held, opened), worked))
}

/// The side and the working of an order: `buystop`, `long`.
fn placed(object: &str) -> Option<(PositionSide, Option<Worked>)> {
    Some(match object {
        "long" | "buy" => (PositionSide::Long, None),
        "short" | "sell" => (PositionSide::Short, None),
        "buystop" => (PositionSide::Long, Some(Worked::Stop)),
        "buylimit" => (PositionSide::Long, Some(Worked::Limit)),
        "sellstop" => (PositionSide::Short, Some(Worked::Stop)),
        "selllimit" => (PositionSide::Short, Some(Worked::Limit)),
        _ => return None,
    })
}

fn side_word(text: &str) -> Option<PositionSide> {
    match fold(text).as_str() {
        "long" | "buy" | "bull" | "bullish" | "both" => LONG.filter(|_| fold(text) != "both"),
        "short" | "sell" | "bear" | "bearish" => SHORT,
        _ => None,
    }
}

/// Whether a `type` field speaks of the order, not of the action.
pub(super) fn order_kind(text: &str) -> Option<&'static str> {
    Some(match fold(text).trim_start_matches("ordertype") {
        "market" | "mkt" => "market",
        "limit" | "lmt" => "limit",
        "stop" | "stp" | "stopmarket" | "stoporder" => "stop",
        "stoplimit" | "stplmt" => "stop_limit",
        _ => return None,
    })
}

/// Reads the action.
///
/// # Errors
/// The field at fault: missing, unknown or contradicting.
pub(super) fn wish(fields: &Fields, context: &Context) -> Result<(Wish, Option<Worked>), Fault> {
    let mut stated: Vec<(Wish, Option<Worked>)> = Vec::new();
    for name in ACTION.iter().chain(SIDE).chain(&["type"]) {
        let Some(text) = fields.text("action", &[name]) else {
            continue;
        };
        if matches!(*name, "type" | "order" | "position")
            && (order_kind(&text).is_some() || word(&text).is_none())
        {
            continue;
        }
        match word(&text) {
            Some(found) => stated.push(found),
            None if matches!(*name, "event" | "op" | "tradetype" | "do" | "signaltype") => {}
            None => {
                return Err(Fault::new(
                    "action",
                    format!(
                        "{:?} is no known action",
                        text.chars().take(40).collect::<String>()
                    ),
                ));
            }
        }
    }
    let held = fields.text("side", POSITION).as_deref().and_then(side_word);
    let Some(first) = stated.first().copied() else {
        return position(fields, None, context).map_or(
            Err(Fault::new("action", "missing: expected buy, sell, close, ...")),
            |w| Ok((w, None)),
        );
    };
    let mut wish = first.0;
    for (next, _) in stated.iter().skip(1) {
        wish = merge(wish, *next)
            .ok_or_else(|| Fault::new("action", "the fields for the action contradict each other"))?;
    }
    let worked = stated.iter().find_map(|(_, w)| *w);
    if let Some(side) = held {
        wish = with_held(wish, side, fields);
    }
    if fields.flag(&["reduceonly", "closeonly", "closeposition"]) {
        wish = match wish {
            Wish::Sell | Wish::Do(Action::Open, SHORT) => Wish::Do(Action::Close, LONG),
            Wish::Buy | Wish::Do(Action::Open, LONG) => Wish::Do(Action::Close, SHORT),
            other => other,
        };
    }
    Ok((position(fields, Some(wish), context).unwrap_or(wish), worked))
}

/// `side: sell` with `positionSide: long` closes.
fn with_held(wish: Wish, side: PositionSide, fields: &Fields) -> Wish {
    let hedge = fields.text("side", &["positionside", "holdside"]).is_some();
    match (wish, side) {
        (Wish::Do(action, None), side) => Wish::Do(action, Some(side)),
        (Wish::Sell, PositionSide::Long) | (Wish::Buy, PositionSide::Short) if hedge => {
            Wish::Do(Action::Close, Some(side))
        }
        (Wish::Sell, PositionSide::Short) | (Wish::Buy, PositionSide::Long) if hedge => {
            Wish::Do(Action::Open, Some(side))
        }
        (Wish::Levels(None, which), side) => Wish::Levels(Some(side), which),
        (other, _) => other,
    }
}

fn merge(a: Wish, b: Wish) -> Option<Wish> {
    let side = |w: Wish| match w {
        Wish::Buy => LONG,
        Wish::Sell => SHORT,
        Wish::Do(_, side) => side,
        _ => None,
    };
    if a == b {
        return Some(a);
    }
    match (a, b) {
        (Wish::Do(action, None), other) | (other, Wish::Do(action, None))
            if action != Action::Open || side(other).is_some() =>
        {
            Some(Wish::Do(action, side(other)))
        }
        (Wish::Do(action, held), Wish::Do(Action::Open, stated)) if action != Action::Open => {
            (held == stated).then_some(a)
        }
        (Wish::Levels(None, which), other) | (other, Wish::Levels(None, which)) => {
            Some(Wish::Levels(side(other), which))
        }
        _ if side(a).is_some() && side(a) == side(b) => Some(Wish::Do(Action::Open, side(a))),
        _ => None,
    }
}

/// What the strategy holds after and before the order decides between opening and closing.
fn position(fields: &Fields, wish: Option<Wish>, context: &Context) -> Option<Wish> {
    let state = |names: &[&str]| fields.text("side", names).map(|t| fold(&t));
    let now = state(&[
        "marketposition",
        "sentiment",
        "strategymarketposition",
        "positionafter",
        "newposition",
    ]);
    let before = state(&[
        "prevmarketposition",
        "prevposition",
        "previousmarketposition",
        "positionbefore",
        "prevsentiment",
    ]);
    let as_side = |t: &Option<String>| t.as_deref().and_then(side_word);
    let buys = match wish {
        Some(Wish::Buy | Wish::Do(Action::Open, LONG)) => Some(true),
        Some(Wish::Sell | Wish::Do(Action::Open, SHORT)) => Some(false),
        None => None,
        _ => return None,
    };
    match (now.as_deref(), before.as_deref()) {
        (Some("flat"), _) => Some(Wish::Do(Action::Close, as_side(&before))),
        (Some(_), _) => {
            let side = as_side(&now)?;
            let toward = buys.is_none_or(|b| b == (side == PositionSide::Long));
            let held = as_side(&before) == Some(side);
            Some(Wish::Do(
                match (toward, held) {
                    (true, false) => Action::Open,
                    (true, true) => Action::Add,
                    (false, _) => Action::Reduce,
                },
                Some(side),
            ))
        }
        (None, Some("flat")) => Some(Wish::Do(Action::Open, if buys? { LONG } else { SHORT })),
        (None, Some(_)) => {
            let held = as_side(&before)?;
            let same = buys? == (held == PositionSide::Long);
            Some(Wish::Do(
                if same { Action::Add } else { Action::Close },
                Some(held),
            ))
        }
        (None, None) => match wish? {
            Wish::Sell if context.sell_means == SellMeans::OpenShort => Some(Wish::Do(Action::Open, SHORT)),
            other => Some(other),
        },
    }
}
