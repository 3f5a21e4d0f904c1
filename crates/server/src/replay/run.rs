//! Drives a replay: prices up to a message, then the message, then prices again. Whatever the venue reports is taken in
//! before time goes on. Knows no rule.

use std::time::Duration;

use anyhow::{Result, anyhow};
use ordercast_model::{ports::clock::Clock, time::Timestamp};
use rust_decimal::Decimal;

use super::{
    gather,
    report::Report,
    stage::{Setting, Stage},
};

/// Points of the equity curve that are aimed at.
const POINTS: u32 = 1_500;
/// Least time between two of them.
const STEP_MIN: Duration = Duration::from_secs(60);
/// Messages between two chainings of the journal.
const CHAIN_EVERY: usize = 200;

/// The equity curve, oldest point first.
pub type Curve = Vec<(Timestamp, Decimal)>;

/// Replays and reports.
///
/// # Errors
/// When the throw-away store fails or a figure does not fit.
pub async fn run(setting: Setting) -> Result<Report> {
    let messages = &setting.history.messages;
    let (Some(first), Some(last)) = (messages.first(), messages.last()) else {
        return Err(anyhow!("messages: expected at least one"));
    };
    let start = first.received_at.minus(Duration::from_secs(1));
    let end = end_of(&setting).max(last.received_at);
    let stage = Box::pin(Stage::set(&setting, start)).await?;
    let mut drive = Drive {
        step: (end.since(start) / POINTS).max(STEP_MIN),
        curve: vec![(start, setting.cash)],
        stage,
        lane_due: None,
    };
    for (count, message) in messages.iter().enumerate() {
        Box::pin(drive.go_to(message.received_at)).await?;
        if count % CHAIN_EVERY == CHAIN_EVERY - 1 {
            drive.stage.replay.chain().await?;
        }
        drive.lane_due = Box::pin(drive.stage.replay.take(message.clone())).await?;
        drive.react().await?;
    }
    Box::pin(drive.run_out(end)).await?;
    drive.stage.replay.chain().await?;
    let report = gather::report(&drive.stage, &setting, &drive.curve).await?;
    drive.stage.strike().await;
    Ok(report)
}

/// The end of the last bar.
fn end_of(setting: &Setting) -> Timestamp {
    let ends = setting
        .bars
        .values()
        .filter_map(|s| s.end(s.bars().len().saturating_sub(1)));
    ends.max().unwrap_or_default()
}

struct Drive {
    stage: Stage,
    step: Duration,
    curve: Curve,
    lane_due: Option<Timestamp>,
}

impl Drive {
    fn now(&self) -> Timestamp {
        self.stage.clock.now()
    }

    /// Whether anything is held or works at the venue.
    fn is_busy(&self) -> bool {
        let mut player = self.stage.venue.player();
        let state = player.engine().state();
        !state.live.is_empty()
            || state
                .accounts
                .values()
                .any(|a| a.positions.values().any(|p| !p.quantity.is_zero()))
    }

    /// Lets time pass up to an instant.
    async fn go_to(&mut self, until: Timestamp) -> Result<()> {
        while self.now() < until {
            let stop = self.next_stop(until).await?;
            self.play(stop).await?;
            self.run_due().await?;
            if self.is_busy() {
                self.stage.replay.mark().await?;
            }
            self.note()?;
        }
        Ok(())
    }

    /// After the last message: as long as something is held, works or waits.
    async fn run_out(&mut self, end: Timestamp) -> Result<()> {
        while self.now() < end {
            let due = self.stage.replay.next_due().await?;
            if !self.is_busy() && due.is_none() {
                break;
            }
            let next = self.now().plus(self.step).min(end);
            Box::pin(self.go_to(next)).await?;
        }
        self.note()
    }

    /// The next instant at which somebody has to be asked.
    async fn next_stop(&self, until: Timestamp) -> Result<Timestamp> {
        let now = self.now();
        let mut stop = until;
        if self.is_busy() {
            let step = i64::try_from(self.step.as_micros()).unwrap_or(i64::MAX).max(1);
            let grid = (now.micros().div_euclid(step) + 1).saturating_mul(step);
            stop = stop.min(Timestamp::from_micros(grid));
        }
        let due = self
            .stage
            .replay
            .next_due()
            .await?
            .into_iter()
            .chain(self.lane_due)
            .min();
        if let Some(due) = due {
            if due > now {
                stop = stop.min(due);
            } else if let Some(bar) = self.stage.venue.player().next_at() {
                // Its time is over, but it has not met a price yet: the next bar decides.
                stop = stop.min(bar);
            }
        }
        Ok(stop.max(now))
    }

    /// Prices up to an instant, with everything that follows from them.
    async fn play(&mut self, stop: Timestamp) -> Result<()> {
        loop {
            let (happened, now) = {
                let mut player = self.stage.venue.player();
                let happened = player.play(stop)?;
                (
                    happened,
                    ordercast_sim::venue::prices::Prices::now(player.engine().market()),
                )
            };
            self.stage.clock.move_to(now);
            if !happened {
                return Ok(());
            }
            self.react().await?;
            self.note()?;
        }
    }

    /// Takes in what the venue reported, until nothing follows from it any more.
    async fn react(&mut self) -> Result<()> {
        let sink = self.stage.ctx.lanes.sink(&self.stage.connection);
        loop {
            let events = self.stage.venue.events();
            if events.is_empty() {
                return Ok(());
            }
            for event in events {
                sink.take(self.stage.connection.id, event).await;
            }
            self.lane_due = self.stage.replay.settle().await?;
        }
    }

    /// Does what falls due, unless an order has not had its chance yet.
    async fn run_due(&mut self) -> Result<()> {
        let now = self.now();
        if self.lane_due.is_some_and(|due| due <= now) {
            self.lane_due = self.stage.replay.settle().await?;
            self.react().await?;
        }
        let due = self.stage.replay.next_due().await?;
        if due.is_some_and(|due| due <= now) && !self.stage.venue.player().waits_for_a_bar() {
            self.lane_due = self.stage.replay.run_timers().await?;
            self.react().await?;
        }
        Ok(())
    }

    /// A point of the curve, when it says something new.
    fn note(&mut self) -> Result<()> {
        let (equity, _) = self.stage.venue.worth(&self.stage.connection.account_id)?;
        let now = self.now();
        match self.curve.last_mut() {
            Some((at, held)) if *at == now => *held = equity,
            Some((_, held)) if *held == equity => {}
            _ => self.curve.push((now, equity)),
        }
        Ok(())
    }
}
