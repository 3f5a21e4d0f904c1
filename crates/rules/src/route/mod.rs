//! Route: what an instruction means as orders. Which instrument, which order types and prices, which lots a follow-up
//! is about.

mod entry;
pub mod followup;
mod refusal;
mod share;
mod symbol;
mod tick;

pub(crate) use share::weights;

pub use self::{
    entry::{EntryLeg, EntryPlan, Outside, bound, entry_orders, entry_plan},
    refusal::Refusal,
    share::split,
    symbol::resolve_symbol,
    tick::{Toward, to_tick},
};
