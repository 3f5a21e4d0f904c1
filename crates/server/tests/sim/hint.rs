//! The bus of one process, which may lose its hints.

use std::sync::Arc;

use ordercast_model::ports::{
    BoxFuture,
    bus::{Bus, Hint, HintSink},
};
use ordercast_testkit::bus::FakeBus;

use crate::{fault::FaultKind, sea::Sea};

pub struct SimBus {
    sea: Arc<Sea>,
    bus: FakeBus,
}

impl SimBus {
    pub fn new(sea: Arc<Sea>, bus: FakeBus) -> Self {
        Self { sea, bus }
    }
}

impl Bus for SimBus {
    fn tell(&self, hint: Hint) {
        {
            let mut mishap = self.sea.mishap();
            if mishap.hints_lost > 0 {
                mishap.hints_lost -= 1;
                return mishap.reached.fault(FaultKind::LostHint);
            }
        }
        self.bus.tell(hint);
    }
    fn listen(&self, sink: Arc<dyn HintSink>) -> BoxFuture<'static, ()> {
        self.bus.listen(sink)
    }
}
