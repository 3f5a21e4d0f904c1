//! An intake that keeps what it is offered and answers as scripted.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use ordercast_model::{
    ports::{
        BoxFuture,
        source::{Intake, Taken},
    },
    signal::raw::RawMessage,
};

#[derive(Debug, Default)]
struct Offered {
    messages: Vec<RawMessage>,
    answers: VecDeque<Taken>,
}

/// Takes every message, unless told otherwise.
#[derive(Debug, Default)]
pub struct FakeIntake(Mutex<Offered>);

impl FakeIntake {
    /// An intake that has seen nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
    fn offered(&self) -> MutexGuard<'_, Offered> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// Says what the next offers are told, in order; `Stored` after that.
    pub fn script(&self, answers: impl IntoIterator<Item = Taken>) {
        self.offered().answers.extend(answers);
    }
    /// The messages that were stored, in order.
    #[must_use]
    pub fn stored(&self) -> Vec<RawMessage> {
        self.offered().messages.clone()
    }
}

impl Intake for FakeIntake {
    fn take(&self, message: RawMessage) -> BoxFuture<'_, Taken> {
        let mut offered = self.offered();
        let answer = offered.answers.pop_front().unwrap_or(Taken::Stored);
        if answer == Taken::Stored {
            offered.messages.push(message);
        }
        Box::pin(std::future::ready(answer))
    }
}
