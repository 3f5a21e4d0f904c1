//! RK-07: makes an order wait for the next open of its session, and for the user's own hours.

use ordercast_model::{
    calendar::{self, Phase},
    gate::{Breach, Extended, Finding, Proposal, Rule, RuleId, Snapshot},
    instrument::AssetClass,
    limits::LimitOwner,
    money::MoneyError,
    time::Timestamp,
    window,
};

use super::word::{moment, plain};

/// Sessions looked through for one that meets the user's hours.
const SESSIONS_MAX: usize = 16;

/// The rule.
pub(super) struct SessionOpen;

impl Rule for SessionOpen {
    fn id(&self) -> RuleId {
        RuleId::SessionOpen
    }
    fn check(&self, proposal: &Proposal, snapshot: &Snapshot<'_>) -> Result<Finding, MoneyError> {
        if snapshot.opens_now() {
            return Ok(Finding::Pass);
        }
        let why = why(snapshot);
        Ok(match next(snapshot, proposal.instrument.class()) {
            Some(open) => {
                let when = moment(open, snapshot.account.zone);
                Finding::Wait(open, told(snapshot, format!("{why}; queued for {when}")))
            }
            None => Finding::Deny(told(
                snapshot,
                format!("{why}; no next session is known for {}", proposal.instrument),
            )),
        })
    }
}

fn why(snapshot: &Snapshot<'_>) -> String {
    if !snapshot.session.open {
        return match (snapshot.extended, calendar::phase(snapshot.now)) {
            (Extended::Unable(venue), Phase::Pre | Phase::Post) => {
                format!("Market closed, and {venue} takes no orders before or after the session")
            }
            _ => "Market closed".to_owned(),
        };
    }
    format!("Outside your trading hours ({})", hours(snapshot))
}

fn hours(snapshot: &Snapshot<'_>) -> String {
    let windows = snapshot.limits.limits.trading_windows.iter();
    windows.map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

fn told(snapshot: &Snapshot<'_>, message: String) -> Breach {
    let breach = plain(RuleId::SessionOpen, message);
    if !snapshot.session.open {
        return breach;
    }
    Breach {
        limit: Some(hours(snapshot)),
        actual: Some(moment(snapshot.now, snapshot.account.zone)),
        whose: Some(LimitOwner::User),
        ..breach
    }
}

/// The first instant at which the session is open in one of the user's hours. Beyond the venue's word the exchange's
/// calendar speaks.
fn next(snapshot: &Snapshot<'_>, class: AssetClass) -> Option<Timestamp> {
    let session = snapshot.session;
    let mut at = if session.open {
        snapshot.now
    } else {
        session.next_open?
    };
    for _ in 0..SESSIONS_MAX {
        at = window::next(&snapshot.limits.limits.trading_windows, at)?;
        let as_said = session.next_open == Some(at)
            || (session.open && session.next_close.is_some_and(|close| at < close));
        let by_calendar = match snapshot.extended {
            Extended::On => calendar::around(calendar::session(at), at),
            Extended::Off | Extended::Unable(_) => calendar::session(at),
        };
        if as_said || !calendar::governs(class) || by_calendar.open {
            return Some(at);
        }
        at = by_calendar.next_open?;
    }
    None
}
