//! The lanes moved by hand, one job after the other. Knows no clock that runs.

use futures::StreamExt as _;
use ordercast_model::time::Timestamp;

use super::{Board, Jobs};
use crate::context::Context;

/// The lanes moved by hand, for a program whose time is not the wall clock's: a replay of recorded messages and prices.
pub struct Stepped {
    board: Board,
    jobs: Jobs,
}

impl Stepped {
    /// Lanes that stand still until they are moved.
    #[must_use]
    pub fn new(ctx: Context, jobs: Jobs) -> Self {
        Self {
            board: Board::new(ctx),
            jobs,
        }
    }
    /// Does everything that can be done at this instant, one job after the other; gives the instant at which the next
    /// job falls due.
    pub async fn settle(&mut self) -> Option<Timestamp> {
        loop {
            while let Ok(parcel) = self.jobs.0.try_recv() {
                self.board.receive(parcel);
            }
            self.board.release_due();
            self.board.start();
            match self.board.working.next().await {
                Some((connection, follow)) => self.board.done(connection, follow),
                None => return self.board.next_due(),
            }
        }
    }
}
