//! Decides which limit applies: the strictest of platform, community, user and Follow, with whose it is.
//! Refuses to loosen: a cap can only tighten what the user chose.

use std::collections::BTreeMap;

use ordercast_model::{
    gate::{Effective, RuleId},
    limits::{Caps, LimitOwner, Limits},
};

/// The limits that apply to one order. A cap owns a rule only where it is strictly tighter than all before it, in the
/// order user, platform, community, Follow. Manual orders pass `Caps::default()` as the Follow.
#[must_use]
pub fn effective(platform: &Caps, community: &Caps, user: &Limits, follow: &Caps) -> Effective {
    let mut all = Effective {
        limits: user.clone(),
        owners: BTreeMap::new(),
        restricted_by: BTreeMap::new(),
    };
    let caps = [
        (LimitOwner::Platform, platform),
        (LimitOwner::Community, community),
        (LimitOwner::Follow, follow),
    ];
    for (owner, cap) in caps {
        tighten(&mut all, owner, cap);
    }
    let lists = [
        (LimitOwner::Platform, &platform.deny_symbols),
        (LimitOwner::Community, &community.deny_symbols),
        (LimitOwner::User, &user.deny_symbols),
        (LimitOwner::Follow, &follow.deny_symbols),
    ];
    for (owner, symbols) in lists {
        for symbol in symbols {
            all.restricted_by.entry(symbol.to_uppercase()).or_insert(owner);
        }
    }
    all.limits.deny_symbols = all.restricted_by.keys().cloned().collect();
    all
}

fn tighten(all: &mut Effective, owner: LimitOwner, cap: &Caps) {
    let limits = &mut all.limits;
    let owners = &mut all.owners;
    let mut set = |rule: RuleId, changed: bool| {
        if changed {
            owners.insert(rule, owner);
        }
    };
    set(
        RuleId::PositionSize,
        least(&mut limits.position_pct, cap.position_pct),
    );
    set(
        RuleId::Exposure,
        least(&mut limits.exposure_pct, cap.exposure_pct),
    );
    set(
        RuleId::OpenPositions,
        least(&mut limits.positions_max, cap.positions_max),
    );
    set(
        RuleId::DailyLoss,
        least(&mut limits.daily_loss_pct, cap.daily_loss_pct),
    );
    set(
        RuleId::Leverage,
        least(&mut limits.leverage_max, cap.leverage_max),
    );
    set(
        RuleId::OptionSize,
        least(&mut limits.option_contracts_max, cap.option_contracts_max),
    );
    let value = match (limits.order_value_max, cap.order_value_max) {
        (Some(own), Some(other)) => other < own,
        (None, Some(_)) => true,
        (_, None) => false,
    };
    if value {
        limits.order_value_max = cap.order_value_max;
    }
    set(RuleId::OrderValue, value);
}

fn least<T: PartialOrd>(own: &mut T, cap: Option<T>) -> bool {
    match cap {
        Some(cap) if cap < *own => {
            *own = cap;
            true
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::*;

    #[test]
    fn the_strictest_wins_and_keeps_its_owner() {
        let platform = Caps {
            position_pct: Some(Decimal::from(50)),
            order_value_max: Some(Decimal::from(1_000_000)),
            ..Caps::default()
        };
        let community = Caps {
            position_pct: Some(Decimal::from(5)),
            deny_symbols: vec!["gme".to_owned()],
            ..Caps::default()
        };
        let follow = Caps {
            position_pct: Some(Decimal::from(7)),
            positions_max: Some(3),
            deny_symbols: vec!["GME".to_owned(), "AMC".to_owned()],
            ..Caps::default()
        };
        let all = effective(&platform, &community, &Limits::default(), &follow);
        assert_eq!(all.limits.position_pct, Decimal::from(5));
        assert_eq!(all.owner(RuleId::PositionSize), LimitOwner::Community);
        assert_eq!(all.limits.order_value_max, Some(Decimal::from(1_000_000)));
        assert_eq!(all.owner(RuleId::OrderValue), LimitOwner::Platform);
        assert_eq!(all.limits.positions_max, 3);
        assert_eq!(all.owner(RuleId::OpenPositions), LimitOwner::Follow);
        assert_eq!(all.owner(RuleId::Exposure), LimitOwner::User);
        assert_eq!(all.restricted_by.get("GME"), Some(&LimitOwner::Community));
        assert_eq!(all.restricted_by.get("AMC"), Some(&LimitOwner::Follow));
    }
}
