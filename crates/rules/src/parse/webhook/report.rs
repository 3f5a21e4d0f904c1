//! Decides what the sentence says that TradingView writes by default when a strategy trades:
//! `Cross (9, 21): order sell @ 40 filled on AMD. New strategy position is 0`. The number after `@` counts contracts.

use rust_decimal::Decimal;

use super::field::Fields;

/// Reads the sentence; none when the text is no such sentence.
pub(super) fn report(text: &str) -> Option<Fields> {
    let (before, rest) = text.split_once(" filled on ")?;
    let (symbol, rest) = rest.split_once(". New strategy position is ")?;
    let (_, order) = before.rsplit_once("order ")?;
    let (side, count) = order.split_once(" @ ")?;
    let buys = match side.trim() {
        "buy" => true,
        "sell" => false,
        _ => return None,
    };
    let number = |text: &str| text.trim().trim_end_matches('.').parse::<Decimal>().ok();
    let (count, now) = (number(count)?, number(rest)?);
    let turned = if buys {
        now.checked_sub(count)
    } else {
        now.checked_add(count)
    }?;
    if symbol.split_whitespace().count() != 1 {
        return None;
    }
    let state = |position: Decimal| match position {
        p if p.is_zero() => "flat",
        p if p.is_sign_positive() => "long",
        _ => "short",
    };
    let mut fields = Fields::default();
    fields.set("action", side.trim());
    fields.set("contracts", &count.to_string());
    fields.set("ticker", symbol);
    fields.set("market_position", state(now));
    fields.set("prev_market_position", state(turned));
    Some(fields)
}
