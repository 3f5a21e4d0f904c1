//! In which hours an order may go: the venue's session, and those before and after it where the user's limits let shares go
//! there and the venue takes them (PRODUCT RK-07). Refuses to open an hour that either of them does not have.

use ordercast_model::{
    calendar,
    connection::Connection,
    gate::{Effective, Extended},
    market::Session,
    order::shape::OrderType,
    time::Timestamp,
};
use ordercast_rules::route::Outside;

use super::view::View;
use crate::context::Context;

/// The hours of one order.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reach<'a> {
    /// The session that counts.
    pub session: Session,
    /// Whether it has the hours before and after the regular one.
    pub extended: Extended<'a>,
    /// It is open, and the regular one is not.
    pub outside: bool,
}

impl<'a> Reach<'a> {
    /// The regular session and nothing else.
    pub(crate) const fn regular(view: &View) -> Self {
        Self {
            session: view.session,
            extended: Extended::Off,
            outside: false,
        }
    }
    /// What the limits and the venue allow.
    pub(crate) fn of(
        ctx: &'a Context,
        connection: &Connection,
        limits: &Effective,
        view: &View,
        now: Timestamp,
    ) -> Self {
        let regular = Self::regular(view);
        let class = view.instrument().class();
        if !limits.limits.extended_hours || !calendar::has_hours_around(class) {
            return regular;
        }
        let Some(can) = ctx.broker(connection).map(|b| b.capabilities()) else {
            return regular;
        };
        if !can.extended_hours.contains(&class) {
            return Self {
                extended: Extended::Unable(&can.name),
                ..regular
            };
        }
        let session = calendar::around(view.session, now);
        Self {
            outside: session.open && !view.session.open,
            session,
            extended: Extended::On,
        }
    }
    /// What an entry may make of it.
    pub(crate) const fn entry(&self) -> Outside {
        match (self.extended, self.outside) {
            (_, true) => Outside::Now,
            (Extended::On, false) => Outside::Allowed,
            (Extended::Off | Extended::Unable(_), false) => Outside::No,
        }
    }
}

/// Whether an order of this type can be one of the hours before and after the session: a limit, or what can be made one.
pub(crate) const fn can_be_limit(kind: OrderType) -> bool {
    matches!(kind, OrderType::Market | OrderType::Limit { .. })
}
