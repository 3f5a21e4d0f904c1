//! Leadership within a test: one holder per role, a number that rises.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use ordercast_model::ports::{
    BoxFuture,
    lease::{Lead, Leadership},
    store::StoreError,
};

#[derive(Debug, Default)]
struct Role {
    fence: u64,
    /// The fence of whoever holds it.
    holder: Option<u64>,
}

/// Hands out leadership; a test may take it away again.
#[derive(Debug, Clone, Default)]
pub struct FakeLeadership(Arc<Mutex<BTreeMap<String, Role>>>);

impl FakeLeadership {
    /// Every role is free.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
    fn roles(&self) -> MutexGuard<'_, BTreeMap<String, Role>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// Takes a role from whoever holds it, as when its connection dies.
    pub fn depose(&self, role: &str) {
        if let Some(role) = self.roles().get_mut(role) {
            role.holder = None;
        }
    }
}

struct FakeLead {
    leadership: FakeLeadership,
    role: String,
    fence: u64,
}

impl FakeLead {
    fn is_held(&self) -> bool {
        let roles = self.leadership.roles();
        roles
            .get(&self.role)
            .is_some_and(|role| role.holder == Some(self.fence))
    }
}

impl Lead for FakeLead {
    fn fence(&self) -> u64 {
        self.fence
    }
    fn confirm(&self) -> BoxFuture<'_, bool> {
        Box::pin(std::future::ready(self.is_held()))
    }
}

impl Drop for FakeLead {
    fn drop(&mut self) {
        if self.is_held() {
            self.leadership.depose(&self.role);
        }
    }
}

impl Leadership for FakeLeadership {
    fn try_lead<'a>(&'a self, role: &'a str) -> BoxFuture<'a, Result<Option<Box<dyn Lead>>, StoreError>> {
        let mut roles = self.roles();
        let entry = roles.entry(role.to_owned()).or_default();
        let lead = entry.holder.is_none().then(|| {
            entry.fence += 1;
            entry.holder = Some(entry.fence);
            Box::new(FakeLead {
                leadership: self.clone(),
                role: role.to_owned(),
                fence: entry.fence,
            }) as Box<dyn Lead>
        });
        Box::pin(std::future::ready(Ok(lead)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract;

    #[tokio::test]
    async fn the_fake_keeps_the_contract() {
        contract::lease::run(&FakeLeadership::new()).await;
    }

    #[tokio::test]
    async fn a_deposed_leader_knows_and_takes_nothing_with_it() {
        let leadership = FakeLeadership::new();
        let first = leadership.try_lead("sequencer").await.unwrap().unwrap();
        leadership.depose("sequencer");
        assert!(!first.confirm().await);
        let second = leadership.try_lead("sequencer").await.unwrap().unwrap();
        drop(first);
        assert!(second.confirm().await);
    }
}
