//! Tells the newest version of a lot's protection from those it replaced.

use ordercast_model::{
    order::{identity::ClientOrderId, intent::Order},
    position::Lot,
};

/// Whether an order is a leg of the newest version of its lot's protection.
#[must_use]
pub fn in_force(lot: &Lot, order: &Order) -> bool {
    let version = lot.group_version;
    let newest = ClientOrderId::derive(
        order.origin,
        order.instruction,
        order.connection_id,
        order.leg,
        version,
    );
    order.leg.protects() && newest == *order.client_order_id()
}
