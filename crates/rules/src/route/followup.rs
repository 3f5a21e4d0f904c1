//! Decides which of a follower's lots a close, reduce, update or cancel is about, and how much of a lot leaves
//! (PRODUCT SG-23, SG-24). Refuses to touch lots of other providers, and to guess between two.
#![deny(clippy::arithmetic_side_effects)]

use std::collections::BTreeSet;

use ordercast_model::{
    ids::{ProviderId, SignalId},
    instrument::{AssetClass, Instrument},
    money::{self, MoneyError, Quantity},
    position::Lot,
    signal::instruction::{Action, Instruction, SizeHint, Subject, WrittenExpiry, WrittenOption},
};
use rust_decimal::Decimal;

/// Share that leaves when a reduction does not say how much.
const UNSAID_PCT: Decimal = Decimal::from_parts(50, 0, 0, false, 0);

/// What a follow-up is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice<'a> {
    /// These lots, oldest first: of one signal, or of all for "close all".
    Lots(Vec<&'a Lot>),
    /// Two or more signals fit: the follower is asked.
    Ambiguous(Vec<&'a Lot>),
    /// None fits, and why.
    Nothing(String),
}

/// Chooses among one follower's lots; closed ones may be among them. `parent` is the signal of the message that the
/// follow-up replies to, or of its thread's first message.
#[must_use]
pub fn choose<'a>(
    instruction: &Instruction,
    provider: ProviderId,
    parent: Option<SignalId>,
    lots: &'a [Lot],
) -> Choice<'a> {
    let mut own: Vec<&Lot> = lots.iter().filter(|l| l.provider_id == Some(provider)).collect();
    own.sort_by_key(|l| (l.created_at, l.id));
    let named = |lots: &[&'a Lot]| -> Vec<&'a Lot> {
        match &instruction.subject {
            Some(subject) => about(subject, lots),
            None => lots.to_vec(),
        }
    };
    let open = |lots: Vec<&'a Lot>| -> Vec<&'a Lot> { lots.into_iter().filter(|l| !l.closed).collect() };
    if let Some(parent) = parent {
        let of_parent: Vec<&Lot> = own
            .iter()
            .copied()
            .filter(|l| l.signal_id == Some(parent))
            .collect();
        if !of_parent.is_empty() {
            return some(open(named(&of_parent)), "Nothing is left of that signal");
        }
    }
    if instruction.all_lots {
        return some(open(named(&own)), "No lot of this provider is open");
    }
    let Some(subject) = &instruction.subject else {
        return Choice::Nothing("It names no symbol and replies to no signal that was traded".to_owned());
    };
    let fitting = open(named(&own));
    let signals: BTreeSet<Option<SignalId>> = fitting.iter().map(|l| l.signal_id).collect();
    if signals.len() > 1 {
        return Choice::Ambiguous(fitting);
    }
    some(
        fitting,
        &format!("No open {} lot of this provider", subject.symbol),
    )
}

fn some<'a>(lots: Vec<&'a Lot>, otherwise: &str) -> Choice<'a> {
    if lots.is_empty() {
        Choice::Nothing(otherwise.to_owned())
    } else {
        Choice::Lots(lots)
    }
}

/// Lots in the named instrument: of the stated class first, else of any instrument on the symbol.
fn about<'a>(subject: &Subject, lots: &[&'a Lot]) -> Vec<&'a Lot> {
    let on_symbol: Vec<&Lot> = lots
        .iter()
        .copied()
        .filter(|l| on_symbol(&subject.symbol, &l.instrument))
        .collect();
    if let Some(option) = &subject.option {
        return on_symbol
            .into_iter()
            .filter(|l| is_contract(option, &l.instrument))
            .collect();
    }
    let class: Option<AssetClass> = subject.asset;
    let exact: Vec<&Lot> = on_symbol
        .iter()
        .copied()
        .filter(|l| Some(l.instrument.class()) == class)
        .collect();
    if exact.is_empty() { on_symbol } else { exact }
}

fn on_symbol(symbol: &str, instrument: &Instrument) -> bool {
    match instrument {
        Instrument::Equity { symbol: own } => own == symbol,
        Instrument::Option { underlying, .. } => underlying == symbol,
        Instrument::Crypto { base, quote } => {
            let rest = symbol
                .strip_prefix(base.as_str())
                .map(|r| r.trim_start_matches('/'));
            // `BTCUSDT` may be traded as BTC/USD.
            rest.is_some_and(|r| r.is_empty() || r == quote || (quote == "USD" && r.contains("USD")))
        }
    }
}

fn is_contract(written: &WrittenOption, instrument: &Instrument) -> bool {
    use chrono::Datelike;
    let Instrument::Option {
        expiry,
        strike,
        right,
        ..
    } = instrument
    else {
        return false;
    };
    let same_day = match written.expiry {
        None => true,
        Some(WrittenExpiry::Date(date)) => date == *expiry,
        Some(WrittenExpiry::MonthDay { month, day }) => (expiry.month(), expiry.day()) == (month, day),
    };
    same_day && *strike == written.strike && *right == written.right
}

/// How much of an open lot leaves: all of it for a close; for a reduction the stated part, rounded down to the lot
/// step but at least one step, never more than is open. A reduction that states nothing takes half.
///
/// # Errors
/// `Overflow`.
pub fn exit_quantity(
    action: Action,
    hint: &SizeHint,
    open: Quantity,
    lot_step: Decimal,
) -> Result<Quantity, MoneyError> {
    if action != Action::Reduce {
        return Ok(open);
    }
    let asked = match (hint.quantity, hint.position_pct) {
        (Some(quantity), _) => quantity,
        (None, percent) => {
            let percent = percent.unwrap_or(UNSAID_PCT);
            money::div(money::times(open.value(), percent)?, Decimal::ONE_HUNDRED)?
        }
    };
    let stepped = money::floor_to(asked, lot_step)?.max(lot_step);
    Ok(Quantity::new(stepped)?.min(open))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use ordercast_model::{
        ids::{ConnectionId, Id, LotId, UserId},
        order::{identity::Origin, intent::ProtectionPlan},
        signal::instruction::PositionSide,
        time::Timestamp,
    };

    use super::*;

    fn id<I: Id>(n: u8) -> I {
        I::new(Timestamp::from_seconds(1), [n; 10])
    }

    fn lot(n: u8, provider: u8, symbol: &str, closed: bool) -> Lot {
        Lot {
            id: id::<LotId>(n),
            version: 1,
            position_id: None,
            user_id: id::<UserId>(1),
            connection_id: id::<ConnectionId>(1),
            origin: Origin::Signal(id(n)),
            signal_id: Some(id(n)),
            provider_id: Some(id(provider)),
            instrument: symbol.parse().unwrap(),
            side: PositionSide::Long,
            entered: Quantity::ZERO,
            open: Quantity::ZERO,
            average_price: None,
            entries: Vec::new(),
            realised: Decimal::ZERO,
            protection: ProtectionPlan::default(),
            group_version: 0,
            covered: Quantity::ZERO,
            replanned: false,
            stop_price: None,
            target_prices: Vec::new(),
            targets_filled: 0,
            watch: None,
            closed,
            created_at: Timestamp::from_seconds(i64::from(n)),
            updated_at: Timestamp::from_seconds(1),
        }
    }

    fn close(symbol: Option<&str>, asset: Option<AssetClass>) -> Instruction {
        let mut close = Instruction::new(Action::Close);
        close.subject = symbol.map(|symbol| Subject {
            symbol: symbol.to_owned(),
            asset,
            option: None,
            perpetual: false,
        });
        close
    }

    fn check(instruction: &Instruction, parent: Option<u8>, want: &str) {
        let lots = [
            lot(1, 1, "AAPL", false),
            lot(2, 1, "MSFT", false),
            lot(3, 1, "MSFT", false),
            lot(4, 2, "TSLA", false),
            lot(5, 1, "NVDA", true),
            lot(6, 1, "AAPL 2026-12-18 150 C", false),
            lot(7, 1, "BTC/USD", false),
        ];
        let names = |lots: Vec<&Lot>| -> String {
            let ids: Vec<String> = lots.iter().map(|l| l.created_at.seconds().to_string()).collect();
            ids.join(" ")
        };
        let got = match choose(instruction, id(1), parent.map(id), &lots) {
            Choice::Lots(lots) => names(lots),
            Choice::Ambiguous(lots) => format!("? {}", names(lots)),
            Choice::Nothing(why) => why,
        };
        assert_eq!(got, want);
    }

    #[test]
    fn follow_ups_find_their_lots() {
        use AssetClass::{Crypto, Equity};
        check(&close(None, None), Some(1), "1");
        check(&close(Some("AAPL"), Some(Equity)), None, "1");
        check(&close(Some("AAPL"), None), None, "? 1 6");
        // AC-28
        check(&close(Some("MSFT"), Some(Equity)), None, "? 2 3");
        check(&close(Some("MSFT"), Some(Equity)), Some(3), "3");
        check(
            &close(Some("TSLA"), None),
            None,
            "No open TSLA lot of this provider",
        );
        check(
            &close(Some("NVDA"), None),
            None,
            "No open NVDA lot of this provider",
        );
        check(&close(None, None), Some(5), "Nothing is left of that signal");
        check(&close(Some("BTCUSDT"), Some(Crypto)), None, "7");
        check(
            &close(None, None),
            Some(9),
            "It names no symbol and replies to no signal that was traded",
        );
        let all = Instruction {
            all_lots: true,
            ..close(None, None)
        };
        check(&all, None, "1 2 3 6 7");
        let mut option = close(Some("AAPL"), Some(AssetClass::Option));
        option.subject.as_mut().unwrap().option = Some(WrittenOption {
            expiry: None,
            strike: Decimal::from(150),
            right: ordercast_model::instrument::Right::Call,
        });
        check(&option, None, "6");
    }

    #[test]
    fn ac_27_quantities_come_from_the_open_lot() {
        let pct = |percent: &str| SizeHint {
            position_pct: Some(percent.parse().unwrap()),
            ..SizeHint::default()
        };
        let rows = [
            (Action::Reduce, pct("50"), "3", "1", "1"),
            (Action::Reduce, pct("33.33"), "3", "1", "1"),
            (Action::Reduce, pct("10"), "3", "1", "1"),
            (Action::Reduce, pct("75"), "10", "1", "7"),
            (Action::Reduce, pct("100"), "10", "1", "10"),
            (Action::Reduce, SizeHint::default(), "10", "1", "5"),
            (
                Action::Reduce,
                SizeHint {
                    quantity: Some(Decimal::from(20)),
                    ..SizeHint::default()
                },
                "3",
                "1",
                "3",
            ),
            (Action::Reduce, pct("50"), "0.0005", "0.001", "0.0005"),
            (Action::Close, pct("50"), "3", "1", "3"),
        ];
        for (action, hint, open, step, want) in rows {
            let got = exit_quantity(action, &hint, open.parse().unwrap(), step.parse().unwrap()).unwrap();
            assert_eq!(got.to_string(), want, "{action:?} {hint:?} of {open}");
        }
    }
}
