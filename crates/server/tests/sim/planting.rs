//! Plants one mistake after the other and counts the seeds until the oracle finds it: a checker that finds nothing proves
//! nothing.

use std::process::ExitCode;

use crate::driver::Asked;

#[cfg(not(feature = "planted"))]
pub fn run(_: &Asked, _: &str) -> ExitCode {
    eprintln!("error: --planted needs the feature `planted`: cargo xtask planted");
    ExitCode::from(2)
}

#[cfg(feature = "planted")]
pub fn run(asked: &Asked, name: &str) -> ExitCode {
    use std::sync::{PoisonError, atomic::Ordering};

    use ordercast_model::planted::{Bug, plant};

    use crate::{driver, shrink};

    /// Seeds within which each mistake must be found.
    const SEEDS_MAX: u64 = 40;

    let of = |bug: &&Bug| name == "all" || format!("{bug:?}").eq_ignore_ascii_case(name);
    let bugs: Vec<Bug> = Bug::ALL.iter().filter(of).copied().collect();
    if bugs.is_empty() {
        let all: Vec<String> = Bug::ALL.iter().map(|bug| format!("{bug:?}")).collect();
        eprintln!(
            "error: --planted: expected one of {}, got {name:?}",
            all.join(", ")
        );
        return ExitCode::from(2);
    }
    let most = asked.seeds.unwrap_or(SEEDS_MAX);
    let mut missed = Vec::new();
    println!(
        "{:<20} {:>5} {:>6}  invariant and what broke it",
        "mistake", "seed", "time"
    );
    for bug in &bugs {
        plant(Some(*bug));
        let found = |run: &driver::Run| run.failed.lock().is_ok_and(|failed| !failed.is_empty());
        let (run, took) = driver::sail(asked, most, true, found);
        let played = run.played.load(Ordering::Relaxed);
        let mut failed = run.failed.into_inner().unwrap_or_else(PoisonError::into_inner);
        failed.sort_by_key(|(plan, _)| plan.seed);
        let named = format!("{bug:?}");
        let seconds = took.as_secs_f64();
        match failed.first() {
            Some((plan, (invariant, what))) => {
                let short: String = what.chars().take(110).collect();
                println!(
                    "{named:<20} {:>5} {seconds:>5.1}s  {invariant}: {short}",
                    plan.seed
                );
                if bugs.len() == 1 {
                    println!("{}", shrink::told(plan, &(*invariant, what.clone())));
                }
            }
            None => {
                println!(
                    "{named:<20} {:>5} {seconds:>5.1}s  NOT FOUND in {played} seeds",
                    "-"
                );
                missed.push(named);
            }
        }
    }
    plant(None);
    if missed.is_empty() {
        println!("{} mistakes planted, each found", bugs.len());
        return ExitCode::SUCCESS;
    }
    println!("not found within {most} seeds: {}", missed.join(", "));
    ExitCode::FAILURE
}
