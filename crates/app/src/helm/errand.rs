//! Jobs for lanes that another process runs: written down there, told over the bus, taken once by whoever holds the helm.
//! One that is lost with its taker is found again by the comparison with the venue that every holder begins with.

use ordercast_model::{
    ids::{ConnectionId, LotId, OrderId},
    order::intent::CancelledBy,
    ports::{bus::Hint, clock::new_id, helm::Errand},
    tenant::TenantScope,
};
use serde::{Deserialize, Serialize};

use super::Helmsman;
use crate::{lane::Job, wire::Wire};

/// A job in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "job", rename_all = "snake_case")]
enum Word {
    /// Decided there and never sent.
    Place {
        order: OrderId,
    },
    Cancel {
        order: OrderId,
        by: CancelledBy,
    },
    Resolve {
        order: OrderId,
    },
    Protect {
        lot: LotId,
    },
    AfterTarget {
        lot: LotId,
        target: u32,
    },
    Tidy {
        lot: LotId,
    },
    Leave {
        lot: LotId,
    },
    Sync,
    Check,
    RateHit,
}

impl Word {
    /// None for what only the process that heard it can deal with.
    const fn of(job: &Job) -> Option<Self> {
        Some(match job {
            Job::Place(order, _) => Self::Place { order: *order },
            Job::Cancel(order, by) => Self::Cancel {
                order: *order,
                by: *by,
            },
            Job::Resolve(order) => Self::Resolve { order: *order },
            Job::Protect(lot) => Self::Protect { lot: *lot },
            Job::AfterTarget(lot, target) => Self::AfterTarget {
                lot: *lot,
                target: *target,
            },
            Job::Tidy(lot) => Self::Tidy { lot: *lot },
            Job::Leave(lot) => Self::Leave { lot: *lot },
            Job::Sync => Self::Sync,
            Job::Check => Self::Check,
            Job::RateHit => Self::RateHit,
            // What is queued falls due in the store; what was tried before is looked up.
            Job::Touched(..) | Job::Event(_) | Job::Rejudge(_) => return None,
        })
    }
    const fn job(self) -> Job {
        match self {
            // What another process decided is judged again before it is sent.
            Self::Place { order } => Job::Rejudge(order),
            Self::Cancel { order, by } => Job::Cancel(order, by),
            Self::Resolve { order } => Job::Resolve(order),
            Self::Protect { lot } => Job::Protect(lot),
            Self::AfterTarget { lot, target } => Job::AfterTarget(lot, target),
            Self::Tidy { lot } => Job::Tidy(lot),
            Self::Leave { lot } => Job::Leave(lot),
            Self::Sync => Job::Sync,
            Self::Check => Job::Check,
            Self::RateHit => Job::RateHit,
        }
    }
}

/// An errand as a job; none when its words are not known here. One that was left before this process took the helm may
/// have been dealt with by the holder before, whose sends nobody knows: its order is looked up first.
pub(super) fn taken(wire: &Wire, errand: &Errand, fresh: bool) -> Option<Job> {
    let word: Word = match serde_json::from_str(&errand.job) {
        Ok(word) => word,
        Err(error) => {
            tracing::error!(errand = errand.id, %error, "an errand is not understood; the next comparison finds its work");
            return None;
        }
    };
    match word {
        Word::Place { order } if !fresh => return Some(Job::Resolve(order)),
        Word::Place { order } => wire.decided(order),
        _ => {}
    }
    Some(word.job())
}

impl Helmsman {
    /// Leaves a job to whoever holds the helm. What cannot be written down is found by the next comparison.
    pub(crate) async fn leave(&self, scope: &TenantScope, connection: ConnectionId, job: &Job) {
        let (Some(shared), Some(word), [user]) = (self.shared.get(), Word::of(job), scope.users()) else {
            tracing::debug!(%connection, "a job of a lane that another process runs is dropped");
            return;
        };
        let Ok(job) = serde_json::to_string(&word) else {
            return;
        };
        let id: OrderId = new_id(self.clock.as_ref(), self.random.as_ref());
        let errand = Errand {
            id: id.to_string(),
            user_id: *user,
            connection_id: connection,
            job,
        };
        match shared.helm.leave(&errand).await {
            Ok(()) => self.tell(Hint::ErrandLeft),
            Err(error) => {
                tracing::warn!(%connection, %error, "an errand was not left; the next comparison finds its work")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use ordercast_testkit::sample::id;

    use super::*;

    fn errand(word: &Word) -> Errand {
        Errand {
            id: "e".to_owned(),
            user_id: id(1),
            connection_id: id(1),
            job: serde_json::to_string(word).unwrap(),
        }
    }

    #[test]
    fn an_order_is_sent_for_another_process_only_when_nobody_may_have_sent_it() {
        let order: OrderId = id(7);
        let left = errand(&Word::Place { order });
        let wire = Wire::new(std::time::Duration::ZERO);
        let old = taken(&wire, &left, false);
        assert!(matches!(old, Some(Job::Resolve(id)) if id == order), "{old:?}");
        assert!(wire.is_inherited(order));
        let new = taken(&wire, &left, true);
        assert!(matches!(new, Some(Job::Rejudge(id)) if id == order), "{new:?}");
        assert!(!wire.is_inherited(order));
    }

    #[test]
    fn a_job_comes_back_as_it_was_left() {
        for job in [
            Job::Cancel(id(1), CancelledBy::User),
            Job::Resolve(id(2)),
            Job::Protect(id(3)),
            Job::AfterTarget(id(4), 2),
            Job::Tidy(id(5)),
            Job::Leave(id(6)),
            Job::Sync,
            Job::RateHit,
        ] {
            let word = Word::of(&job).unwrap();
            let back = taken(&Wire::new(std::time::Duration::ZERO), &errand(&word), false);
            assert_eq!(format!("{:?}", back.unwrap()), format!("{job:?}"));
        }
        assert_eq!(Word::of(&Job::Rejudge(id(1))), None, "the store knows it");
    }
}
