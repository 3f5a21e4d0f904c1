//! Binding whoever holds the helm by a switch before the switch is acknowledged (PRODUCT RK-31): it says that it is bound,
//! or it has been silent for so long that it may send nothing any more.

use std::time::Duration;

use ordercast_model::ports::{bus::Hint, helm::Stand, store::StoreError};

use super::{Helmsman, PERMIT, Shared};

/// How often it is looked whether the holder is bound.
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// What is added to the permit of a silent holder: its last beat may have begun before it was seen.
const MARGIN: Duration = Duration::from_secs(1);

impl Helmsman {
    /// Resolves when every process is bound by what stands in the store now; what this one sends must have been stopped
    /// before. Within a beat while the holder answers. Safe to repeat.
    ///
    /// # Errors
    /// When the store does not answer; then nothing is known.
    pub async fn bind(&self) -> Result<(), StoreError> {
        let Some(shared) = self.shared.get() else {
            return Ok(());
        };
        // Nobody else may send while this process may; who takes the helm later reads the switches first.
        if self.is_steering() && self.may_send() {
            return Ok(());
        }
        let call = shared.helm.call().await?;
        self.tell(Hint::SwitchChanged);
        let mut silent: Option<(Stand, Duration)> = None;
        loop {
            let stand = shared.helm.look().await?;
            let now = self.clock.monotonic();
            if stand.bound >= call || self.is_gone(shared, &stand) {
                return Ok(());
            }
            match &silent {
                Some((seen, since)) if (seen.fence, seen.beats) == (stand.fence, stand.beats) => {
                    if now.saturating_sub(*since) >= PERMIT + MARGIN {
                        tracing::warn!(
                            holder = stand.holder,
                            "the helm is silent: what it may send has lapsed"
                        );
                        return Ok(());
                    }
                }
                _ => silent = Some((stand, now)),
            }
            self.clock.sleep_until(self.clock.now().plus(LOOK_EVERY)).await;
        }
    }

    /// Whether nobody holds it.
    pub(super) fn is_gone(&self, shared: &Shared, stand: &Stand) -> bool {
        stand.holder.is_empty() || (stand.holder != shared.name && (shared.is_dead)(&stand.holder))
    }
}
