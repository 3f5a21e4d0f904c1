//! Decides how an entry is to be protected: the signal's own levels, else the user's automatic stop (PRODUCT RK-24,
//! RK-33). Refuses to compute prices: they hang on the fill.

use ordercast_model::{
    follow::Follow,
    instrument::AssetClass,
    limits::Limits,
    order::intent::ProtectionPlan,
    signal::instruction::{Instruction, StopLevel},
};

/// The plan of an opening instruction. A Follow that does not follow stops takes the automatic stop; a trailing stop
/// of the signal counts as its stop. Targets are always the signal's.
#[must_use]
pub fn plan_for(
    instruction: &Instruction,
    limits: &Limits,
    follow: Option<&Follow>,
    class: AssetClass,
) -> ProtectionPlan {
    let follows_stops = follow.is_none_or(|f| f.follow_stops);
    let stop = instruction.stop.filter(|_| follows_stops);
    let trailing = instruction.trailing.filter(|_| follows_stops);
    let missing = stop.is_none() && trailing.is_none_or(|t| t.from.is_some());
    let percent = match class {
        AssetClass::Option => limits.auto_stop_pct.option,
        AssetClass::Crypto => limits.auto_stop_pct.crypto,
        AssetClass::Equity | AssetClass::Fx | AssetClass::Future => limits.auto_stop_pct.equity,
    };
    let added = missing && limits.stop_required;
    let usual = follow.is_some_and(|f| f.break_even_after_tp1) && !instruction.targets.is_empty();
    ProtectionPlan {
        stop: if added {
            Some(StopLevel::Percent(percent))
        } else {
            stop
        },
        stop_added: added,
        trailing,
        targets: instruction.targets.clone(),
        break_even_after_target: instruction.break_even_after_target.or_else(|| usual.then_some(1)),
    }
}
