//! Where a user gave an order, and so what the order goes back to.

use ordercast_model::{ids::OrderId, order::identity::Origin};
use serde::{Deserialize, Serialize};

use crate::context::Context;

/// Where a user gave an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Given {
    /// In the dashboard, or over the API.
    Hand,
    /// As a command in the chat.
    Slash,
}

impl Given {
    pub(super) fn origin(self, ctx: &Context) -> Origin {
        let id = ctx.id::<OrderId>();
        match self {
            Self::Hand => Origin::Manual(id),
            Self::Slash => Origin::Slash(id),
        }
    }
}
