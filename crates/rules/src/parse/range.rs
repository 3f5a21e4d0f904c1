//! Decides what the shortened second price of a range means: `3668-76` is 3668 to 3676, `3648/52` 3648 and 3652.
//! Refuses numbers that may stand for themselves.

use rust_decimal::Decimal;

use super::{
    item::{Item, Kind},
    vocabulary::{Cue, Guard},
};

/// The second number must be so many times smaller to be a shortened one.
const FAR: Decimal = Decimal::from_parts(2, 0, 0, false, 0);
/// The part of the first price that the completed one may be above it, and below it.
const ABOVE: Decimal = Decimal::from_parts(50, 0, 0, false, 0);
const BELOW: Decimal = Decimal::from_parts(200, 0, 0, false, 0);

/// Writes such prices out.
pub(super) fn complete(items: &mut [Item]) {
    for at in 2..items.len() {
        let Some([first, dash, second]) = items.get(at - 2..=at) else {
            continue;
        };
        if let (Some(a), Kind::Strike(b, _), true) =
            (first.figure(), &second.kind, dash.is('-') && !second.gap)
        {
            // `612-15c`: two strikes.
            if a.whole
                && completed(a.value, *b).is_some()
                && let Some(item) = items.get_mut(at - 1)
            {
                item.kind = Kind::Cue(Cue::Guard(Guard::Legs));
            }
            continue;
        }
        let joined = (dash.is('-') || dash.is('/')) && !dash.gap && !second.gap;
        let (Some(a), Some(b), true) = (first.figure(), second.figure(), joined) else {
            continue;
        };
        if a.signed || b.money {
            continue;
        }
        if let Some(whole) = completed(a.value, b.value)
            && let Some(Item {
                kind: Kind::Figure(figure),
                ..
            }) = items.get_mut(at)
        {
            figure.value = whole;
        }
    }
}

/// The first price with its last digits replaced.
fn completed(first: Decimal, last: Decimal) -> Option<Decimal> {
    let digits = u32::try_from(last.trunc().mantissa().to_string().len()).ok()?;
    let shift = match (first.scale(), last.scale()) {
        (a, b) if a == b || b > 0 => 0,
        // `1.1745-60`
        (a, _) if a >= 3 && digits < a => a,
        _ => return None,
    };
    let small = last.checked_mul(FAR)? < first;
    if digits < 2 || shift == 0 && !small {
        return None;
    }
    let last = last.checked_div(Decimal::from(10_u64.checked_pow(shift)?))?;
    let step =
        Decimal::from(10_u64.checked_pow(digits)?).checked_div(Decimal::from(10_u64.checked_pow(shift)?))?;
    let whole = first.checked_sub(first.checked_rem(step)?)?.checked_add(last)?;
    let part = if whole > first { ABOVE } else { BELOW };
    let near = (whole - first).abs().checked_mul(part)? <= first;
    (near && whole != first).then_some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digits_left_out_are_those_of_the_first_price() {
        for (first, last, whole) in [
            ("3668", "76", Some("3676")),
            ("3676", "68", Some("3668")),
            ("118400", "950", Some("118950")),
            ("1.1745", "60", Some("1.1760")),
            ("64", "5", None),
            ("180", "190", None),
            ("2.10", "12", None),
            ("96", "97", None),
            ("3668", "12", None),
            ("181", "83", Some("183")),
            ("100", "49", None),
        ] {
            let read = |t: &str| t.parse::<Decimal>();
            let (Ok(first), Ok(last)) = (read(first), read(last)) else {
                panic!("numbers");
            };
            assert_eq!(
                completed(first, last),
                whole.and_then(|w| read(w).ok()),
                "{first}-{last}"
            );
        }
    }
}
