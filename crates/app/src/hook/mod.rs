//! Webhooks: who may deliver, what a delivery means, and what the owner sees of it. Refuses to know HTTP; a stranger
//! learns nothing here, whatever was wrong.

mod address;
mod dated;
mod deliver;
mod ledger;
mod manage;
pub(crate) mod overflow;
mod replay;
pub(crate) mod secret;
mod signature;

pub use deliver::{Arrival, Receipt, Refused, Sender, deliver, knock, too_large};
pub use manage::{HookChange, Made, NewHook, change, create, deliveries, list, one, preview, remove, rotate};
pub use overflow::over_quota;
pub use replay::{Replayed, replay};
