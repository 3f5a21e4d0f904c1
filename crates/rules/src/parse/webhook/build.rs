//! Builds instructions from the fields of a structured source. Refuses contradictions and unknown units by name.

use ordercast_model::signal::instruction::{Action, EntryKind, Instruction, PositionSide, TimeInForce};
use rust_decimal::Decimal;
use serde_json::Value;

use super::{
    action::{self, Wish},
    exact::decimal,
    field::{Fields, fold},
    level::{entry, levels},
    size,
    subject::{SYMBOL, subject},
};
use crate::parse::{Context, draft::Fault};

/// Reads one order. None when it only switches the sender's own program.
pub(super) fn instructions(fields: &Fields, context: &Context) -> Result<Option<Vec<Instruction>>, Fault> {
    fields.agree()?;
    let (wish, worked) = action::wish(fields, context)?;
    if wish == Wish::Control {
        return Ok(None);
    }
    let all = fields
        .text("symbol", SYMBOL)
        .is_none_or(|s| s.eq_ignore_ascii_case("all"));
    let mut one = match wish {
        Wish::Do(action, side) => with_side(Instruction::new(action), side),
        Wish::Buy => with_side(Instruction::new(Action::Open), Some(PositionSide::Long)),
        Wish::Sell => with_side(Instruction::new(Action::Close), None),
        Wish::Turn(_, _, side) => with_side(Instruction::new(Action::Open), Some(side)),
        Wish::BreakEven => Instruction::new(Action::UpdateStop),
        Wish::Levels(side, _) => with_side(Instruction::new(Action::UpdateStop), side),
        Wish::Part(side, _) => with_side(Instruction::new(Action::Reduce), side),
        Wish::Control => return Ok(None),
    };
    one.all_lots = all && one.action == Action::Close;
    if !one.all_lots {
        one.subject = Some(subject(fields, context.symbols)?);
    }
    levels(&mut one, fields, wish)?;
    if wish == Wish::Sell && (one.stop.is_some() || !one.targets.is_empty() || fields.comma_list) {
        one.action = Action::Open;
        one.side = Some(PositionSide::Short);
    }
    one.size = match wish {
        Wish::Part(_, share) => size::part(fields, share)?,
        _ => size::size(fields, one.action)?,
    };
    if one.action == Action::Close && one.size.position_pct.is_some_and(|p| p < Decimal::ONE_HUNDRED) {
        one.action = Action::Reduce;
    }
    if matches!(
        one.action,
        Action::Open | Action::Add | Action::Close | Action::Reduce
    ) {
        entry(&mut one, fields, worked)?;
    }
    extras(&mut one, fields)?;
    if matches!(one.action, Action::Open) && one.side.is_none() {
        return Err(Fault::new("side", "missing: expected long or short"));
    }
    if let Wish::Turn(action, held, _) = wish {
        let mut close = with_side(Instruction::new(action), held);
        close.subject.clone_from(&one.subject);
        close.kind = (action == Action::Close).then_some(EntryKind::Market);
        return Ok(Some(vec![close, one]));
    }
    Ok(Some(vec![one]))
}

/// A life in whole seconds.
fn life(seconds: Decimal) -> Result<u64, Fault> {
    u64::try_from(seconds.trunc().mantissa())
        .ok()
        .filter(|whole| *whole > 0)
        .ok_or_else(|| {
            Fault::new(
                "expires_in",
                format!("expected a number of seconds above zero, got {seconds}"),
            )
        })
}

fn with_side(mut one: Instruction, side: Option<PositionSide>) -> Instruction {
    one.side = side;
    one
}

fn extras(one: &mut Instruction, fields: &Fields) -> Result<(), Fault> {
    let leverage = fields
        .text("leverage", &["leverage", "lev", "orderleverage"])
        .map(|t| t.trim_end_matches(['x', 'X']).to_owned());
    one.leverage = leverage
        .map(|t| decimal("leverage", &Value::from(t)))
        .transpose()?;
    one.extended_hours =
        fields.any("extended_hours", &["extendedhours", "outsiderth"]) == Some(&Value::Bool(true));
    one.time_in_force = match fields
        .text("time_in_force", &["timeinforce", "tif", "duration"])
        .map(|t| fold(&t))
        .as_deref()
    {
        Some("gtc") => Some(TimeInForce::Gtc),
        Some("day") => Some(TimeInForce::Day),
        Some("ioc") => Some(TimeInForce::Ioc),
        Some("fok") => Some(TimeInForce::Fok),
        _ => None,
    };
    let seconds = fields.number("expires_in", &["expiresin", "ttl"])?;
    let minutes = fields
        .number("expires_in", &["timetolive"])?
        .and_then(|m| m.checked_mul(Decimal::from(60)));
    one.expires_after_seconds = seconds.or(minutes).map(life).transpose()?;
    Ok(())
}
