//! Decides which limit applies: the strictest of platform, community, user and Follow, with whose it is.
//! Refuses to loosen: a cap can only tighten what the user chose.

use std::collections::BTreeMap;

use ordercast_model::{
    gate::Effective,
    ids::CommunityId,
    limits::{Bound, Caps, LimitOwner, Limits},
};

/// The caps of a community with its name, which refusals quote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommunityCaps {
    /// Which.
    pub id: CommunityId,
    /// Its name.
    pub name: String,
    /// What holds now.
    pub caps: Caps,
}

/// The limits that apply to one order. A cap owns a limit only where it is strictly tighter than all before it, in the
/// order user, platform, communities, Follow. An order by a signal has the signal's community; one by hand has those in
/// which the user trades, and `Caps::default()` as the Follow.
#[must_use]
pub fn effective(platform: &Caps, communities: &[CommunityCaps], user: &Limits, follow: &Caps) -> Effective {
    let mut all = Effective {
        limits: user.clone(),
        owners: BTreeMap::new(),
        restricted_by: BTreeMap::new(),
        communities: BTreeMap::new(),
        restricted_in: BTreeMap::new(),
    };
    tighten(&mut all, LimitOwner::Platform, platform);
    restrict(&mut all, LimitOwner::Platform, &platform.deny_symbols);
    for community in communities {
        for bound in tighten(&mut all, LimitOwner::Community, &community.caps) {
            let whose = (community.id, community.name.clone());
            all.communities.insert(bound, whose);
        }
        for symbol in restrict(&mut all, LimitOwner::Community, &community.caps.deny_symbols) {
            all.restricted_in.insert(symbol, community.name.clone());
        }
    }
    tighten(&mut all, LimitOwner::Follow, follow);
    restrict(&mut all, LimitOwner::User, &user.deny_symbols);
    restrict(&mut all, LimitOwner::Follow, &follow.deny_symbols);
    all.limits.deny_symbols = all.restricted_by.keys().cloned().collect();
    all
}

/// Denies symbols that are not yet; gives those.
fn restrict(all: &mut Effective, owner: LimitOwner, symbols: &[String]) -> Vec<String> {
    let mut new = Vec::new();
    for symbol in symbols {
        let symbol = symbol.to_uppercase();
        if !all.restricted_by.contains_key(&symbol) {
            all.restricted_by.insert(symbol.clone(), owner);
            new.push(symbol);
        }
    }
    new
}

/// Applies what is tighter; gives the limits that changed their owner.
fn tighten(all: &mut Effective, owner: LimitOwner, caps: &Caps) -> Vec<Bound> {
    let limits = &mut all.limits;
    let taken = Bound::ALL
        .iter()
        .copied()
        .filter(|bound| bound.tighten(limits, caps));
    let taken: Vec<Bound> = taken.collect();
    for bound in &taken {
        all.owners.insert(*bound, owner);
        all.communities.remove(bound);
    }
    taken
}

#[cfg(test)]
mod tests {
    use ordercast_model::{ids::Id, time::Timestamp};
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
        let wider = CommunityCaps {
            id: CommunityId::new(Timestamp::from_seconds(1), [1; 10]),
            name: "Wide".to_owned(),
            caps: Caps {
                position_pct: Some(Decimal::from(6)),
                exposure_pct: Some(Decimal::from(30)),
                ..Caps::default()
            },
        };
        let community = CommunityCaps {
            id: CommunityId::new(Timestamp::from_seconds(1), [2; 10]),
            name: "Alpha".to_owned(),
            caps: community,
        };
        let all = effective(&platform, &[wider, community], &Limits::default(), &follow);
        assert_eq!(
            all.communities
                .get(&Bound::Position)
                .map(|(_, name)| name.as_str()),
            Some("Alpha")
        );
        assert_eq!(
            all.communities
                .get(&Bound::Exposure)
                .map(|(_, name)| name.as_str()),
            Some("Wide")
        );
        assert_eq!(all.restricted_in.get("GME").map(String::as_str), Some("Alpha"));
        assert_eq!(all.limits.position_pct, Decimal::from(5));
        assert_eq!(all.owner(Bound::Position), LimitOwner::Community);
        assert_eq!(all.limits.order_value_max, Some(Decimal::from(1_000_000)));
        assert_eq!(all.owner(Bound::OrderValue), LimitOwner::Platform);
        assert_eq!(all.limits.positions_max, 3);
        assert_eq!(all.owner(Bound::Positions), LimitOwner::Follow);
        assert_eq!(all.owner(Bound::Exposure), LimitOwner::Community);
        assert_eq!(all.owner(Bound::DailyLoss), LimitOwner::User);
        assert_eq!(all.restricted_by.get("GME"), Some(&LimitOwner::Community));
        assert_eq!(all.restricted_by.get("AMC"), Some(&LimitOwner::Follow));
    }
}
