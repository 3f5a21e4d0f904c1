//! A helm within a test: any number of holders, told apart by their names.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ordercast_model::ports::{
    BoxFuture,
    helm::{Beat, Errand, Helm, Stand},
    store::StoreError,
};

/// A helm in memory; clones share it.
#[derive(Debug, Clone, Default)]
pub struct FakeHelm(Arc<Mutex<(Stand, Vec<Errand>)>>);

impl FakeHelm {
    /// Nobody holds it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
    fn held(&self) -> MutexGuard<'_, (Stand, Vec<Errand>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn now<'a, T: Send + 'a>(value: T) -> BoxFuture<'a, Result<T, StoreError>> {
    Box::pin(std::future::ready(Ok(value)))
}

impl Helm for FakeHelm {
    fn look(&self) -> BoxFuture<'_, Result<Stand, StoreError>> {
        now(self.held().0.clone())
    }
    fn take<'a>(
        &'a self,
        name: &'a str,
        seen: &'a Stand,
    ) -> BoxFuture<'a, Result<Option<Stand>, StoreError>> {
        let stand = &mut self.held().0;
        if (stand.fence, stand.beats) != (seen.fence, seen.beats) {
            return now(None);
        }
        name.clone_into(&mut stand.holder);
        stand.fence += 1;
        stand.beats += 1;
        stand.bound = 0;
        now(Some(stand.clone()))
    }
    fn beat(&self, fence: u64, bound: u64) -> BoxFuture<'_, Result<Option<Beat>, StoreError>> {
        let (stand, errands) = &mut *self.held();
        if stand.fence != fence || stand.holder.is_empty() {
            return now(None);
        }
        stand.beats += 1;
        stand.bound = bound;
        errands.sort_by(|a, b| a.id.cmp(&b.id));
        now(Some((stand.clone(), std::mem::take(errands))))
    }
    fn release(&self, fence: u64) -> BoxFuture<'_, Result<(), StoreError>> {
        let stand = &mut self.held().0;
        if stand.fence == fence {
            stand.holder.clear();
            stand.beats += 1;
        }
        now(())
    }
    fn call(&self) -> BoxFuture<'_, Result<u64, StoreError>> {
        let stand = &mut self.held().0;
        stand.calls += 1;
        now(stand.calls)
    }
    fn leave<'a>(&'a self, errand: &'a Errand) -> BoxFuture<'a, Result<(), StoreError>> {
        let errands = &mut self.held().1;
        if errands.iter().all(|there| there.id != errand.id) {
            errands.push(errand.clone());
        }
        now(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract;

    #[tokio::test]
    async fn the_fake_keeps_the_contract() {
        contract::helm::run(&FakeHelm::new()).await;
    }
}
