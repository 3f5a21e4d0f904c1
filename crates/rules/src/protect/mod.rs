//! Protect: how a filled entry is guarded. Its plan, its stop and target prices, the group at the venue, its updates.

pub mod emulate;
mod group;
mod level;
mod plan;
mod update;

pub use self::{
    group::{Planned, apply, group, needs_group},
    level::{Levels, ProtectError, planned_levels},
    plan::plan_for,
    update::{UpdateError, after_target, update_stop, update_targets},
};
