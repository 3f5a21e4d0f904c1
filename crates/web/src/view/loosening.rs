//! Limits that wait to be looser, in words.

use ordercast_app::desk::loosening;
use ordercast_model::limits::Loosening;
use serde::Serialize;
use utoipa::ToSchema;

/// A limit that will be loosened.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LooseningView {
    /// Name of the limit, as `position_pct` or `drift_pct.equity`.
    pub limit: String,
    /// What is in force, in words.
    pub from: String,
    /// What it becomes, in words.
    pub to: String,
    /// When it was asked.
    pub asked_at: String,
    /// From when on it is in force.
    pub due_at: String,
}

impl From<Loosening> for LooseningView {
    fn from(one: Loosening) -> Self {
        Self {
            from: loosening::word(&one.from),
            to: loosening::word(&one.to),
            limit: one.limit,
            asked_at: one.asked_at.to_string(),
            due_at: one.due_at.to_string(),
        }
    }
}
