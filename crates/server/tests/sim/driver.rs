//! Plays seeds on every core and says what came of them.

use std::{
    process::ExitCode,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use crate::{event::Plan, fault::Reached, world};

#[expect(
    clippy::disallowed_methods,
    reason = "how fast it goes is measured in real time"
)]
pub fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let value = |name: &str| {
        let at = args.iter().position(|a| a == name)?;
        args.get(at + 1)?.parse::<u64>().ok()
    };
    let from = value("--from").unwrap_or(1);
    let count = value("--seeds").unwrap_or(20);
    let began = Instant::now();
    let next = AtomicU64::new(from);
    let reached = Mutex::new(Reached::default());
    let failed = Mutex::new(Vec::new());
    let lives = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= from + count {
                        return;
                    }
                    let outcome = world::play(&Plan::of(seed), args.iter().any(|a| a == "--tell"));
                    lives.fetch_add(u64::from(outcome.lives), Ordering::Relaxed);
                    reached.lock().unwrap().merge(&outcome.reached);
                    if !outcome.violations.is_empty() {
                        println!(
                            "seed {seed}: {} entries, {} lives",
                            outcome.entries, outcome.lives
                        );
                        for (n, text) in &outcome.violations {
                            println!("   invariant {n}: {text}");
                        }
                        failed.lock().unwrap().push(seed);
                    } else if count < 5 {
                        println!(
                            "seed {seed}: {} entries, {} lives, trace {}",
                            outcome.entries, outcome.lives, outcome.trace
                        );
                    }
                }
            });
        }
    });
    let reached = reached.into_inner().unwrap();
    println!("{:?}", reached.faults);
    println!("{:?}", reached.edges);
    let took = began.elapsed();
    println!(
        "{} failed of {count} in {took:?}, lives {}",
        failed.lock().unwrap().len(),
        lives.load(Ordering::Relaxed)
    );
    ExitCode::SUCCESS
}
