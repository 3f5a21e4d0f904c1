//! What every handler shares.

use std::{ops::Deref, sync::Arc};

use ordercast_app::context::Context;
use ordercast_model::ports::chat::Inlet;

use crate::{
    config::{Deps, Readiness, WebConfig},
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
    /// Takes what Discord posts, when it may post.
    pub inlet: Option<Arc<dyn Inlet>>,
    /// Who asked how often.
    pub limiter: Limiter,
}

impl App {
    /// Puts the parts together.
    #[must_use]
    pub fn new(config: WebConfig, deps: Deps) -> Self {
        let Deps {
            ctx,
            readiness,
            inlet,
        } = deps;
        Self(Arc::new(Inner {
            ctx,
            config,
            readiness,
            inlet,
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
