//! What every handler shares.

use std::{ops::Deref, sync::Arc};

use ordercast_app::context::Context;

use crate::{
    config::{Readiness, WebConfig},
    rate::Limiter,
};

/// Shared by every handler. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

/// The parts of [`App`].
pub struct Inner {
    /// Ports and settings of the program.
    pub ctx: Context,
    /// Settings of the HTTP side.
    pub config: WebConfig,
    /// How every part is doing.
    pub readiness: Arc<dyn Readiness>,
    /// Who asked how often.
    pub limiter: Limiter,
}

impl App {
    /// Puts the parts together.
    #[must_use]
    pub fn new(ctx: Context, config: WebConfig, readiness: Arc<dyn Readiness>) -> Self {
        Self(Arc::new(Inner {
            ctx,
            config,
            readiness,
            limiter: Limiter::default(),
        }))
    }
}

impl Deref for App {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}
