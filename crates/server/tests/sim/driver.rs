//! Reads what is asked on the command line, plays seeds on every core, and says what came of them.

use std::{
    process::ExitCode,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use crate::{
    fault::Reached,
    oracle::Violation,
    plan::Plan,
    planting, report, shrink,
    world::{self, Outcome},
};

/// Seeds played when nobody says how many; the step of `cargo xtask test` asks for more.
const SEEDS: u64 = 100;
/// From so many seeds on, every fault kind and every reachable step must have been met.
const COVERING: u64 = 1_000;
/// Every so manieth seed is played twice.
const TWICE: u64 = 40;
const TELL_EVERY: Duration = Duration::from_secs(15);

const HELP: &str = "\
plays the whole application over a simulated world, seed by seed

  --seeds N      how many (100)
  --from S       the first seed (1)
  --but A,B,..   not these seeds, which are known to show what is not mended
  --only A,B,..  only these steps of the seed, as a failure prints them
  --tell         tell each step and, at the end, the journal and the venue's ledger
  --planted [X]  with the feature `planted`: plant each mistake (or X) and count the seeds until it is found";

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    pub seeds: Option<u64>,
    pub from: u64,
    /// Seeds that are left out.
    pub but: Vec<u64>,
    pub only: Option<Vec<usize>>,
    pub tell: bool,
    pub planted: Option<String>,
    help: bool,
}

fn read(args: &[String]) -> Result<Asked, String> {
    let mut asked = Asked {
        from: 1,
        ..Asked::default()
    };
    let mut args = args.iter().peekable();
    while let Some(arg) = args.next() {
        let mut value = |what: &str| args.next().cloned().ok_or(format!("{arg}: expected {what}"));
        let number = |text: String| {
            text.parse::<u64>()
                .map_err(|_| format!("{arg}: expected a number, got {text:?}"))
        };
        match arg.as_str() {
            "--seeds" => asked.seeds = Some(value("a number").and_then(number)?),
            "--from" => asked.from = value("a seed").and_then(number)?,
            "--but" => {
                let list = value("seeds")?;
                let seeds: Result<Vec<u64>, _> = list.split(',').map(str::parse).collect();
                asked.but = seeds.map_err(|_| format!("--but: expected seeds, got {list:?}"))?;
            }
            "--only" => {
                let list = value("numbers of steps")?;
                let steps: Result<Vec<usize>, _> = list.split(',').map(str::parse).collect();
                asked.only = Some(steps.map_err(|_| format!("--only: expected numbers, got {list:?}"))?);
            }
            "--tell" => asked.tell = true,
            "--planted" => {
                let name = args.next_if(|a| !a.starts_with("--"));
                asked.planted = Some(name.cloned().unwrap_or_else(|| "all".to_owned()));
            }
            "--help" | "-h" => asked.help = true,
            unknown => return Err(format!("{unknown}: there is no such option")),
        }
    }
    Ok(asked)
}

pub fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let asked = match read(&args) {
        Ok(asked) => asked,
        Err(why) => {
            eprintln!("error: {why}\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    if asked.help {
        println!("{HELP}");
        return ExitCode::SUCCESS;
    }
    std::panic::set_hook(Box::new(|info| {
        let said = info.to_string();
        BROKE.with_borrow_mut(|broke| broke.push(said));
    }));
    if let Some(name) = &asked.planted {
        return planting::run(&asked, name);
    }
    seeds(&asked)
}

thread_local! {
    /// What broke down in this thread; a task that does is caught by the runtime and would be missed.
    static BROKE: std::cell::RefCell<Vec<String>> = const { std::cell::RefCell::new(Vec::new()) };
}

/// Plays a plan; a task that broke down counts as a breach.
pub fn play(plan: &Plan, tell: bool) -> Outcome {
    BROKE.with_borrow_mut(Vec::clear);
    let played = std::panic::catch_unwind(|| world::play(plan, tell));
    let broke = BROKE.with_borrow_mut(std::mem::take);
    let mut outcome = played.unwrap_or_default();
    outcome.violations.extend(broke.into_iter().map(|what| (0, what)));
    outcome
}

fn plan(asked: &Asked, seed: u64) -> Plan {
    let plan = Plan::of(seed);
    match &asked.only {
        Some(only) => plan.only(only),
        None => plan,
    }
}

/// The same seed gives the same journal and the same ledger.
fn invariant_11_a_seed_plays_the_same_twice(plan: &Plan, first: &Outcome) -> Option<Violation> {
    let second = play(plan, false);
    let same = second.trace == first.trace;
    (!same).then(|| (11, format!("traces {} and {}", first.trace, second.trace)))
}

/// What a run has come to.
#[derive(Default)]
pub struct Run {
    pub played: AtomicU64,
    pub reached: Mutex<Reached>,
    pub lives: AtomicU64,
    pub entries: AtomicU64,
    pub failed: Mutex<Vec<(Plan, Violation)>>,
}

pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Plays seeds in order on every core until `enough` says so.
#[expect(
    clippy::disallowed_methods,
    reason = "how fast it goes is measured in real time"
)]
pub fn sail(asked: &Asked, count: u64, quiet: bool, enough: impl Fn(&Run) -> bool + Sync) -> (Run, Duration) {
    let (began, next) = (Instant::now(), AtomicU64::new(asked.from));
    let (run, stop) = (Run::default(), AtomicBool::new(false));
    let told = Mutex::new(began);
    std::thread::scope(|scope| {
        for _ in 0..cores() {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= asked.from + count || stop.load(Ordering::Relaxed) {
                        return;
                    }
                    if asked.but.contains(&seed) {
                        println!("seed {seed} is left out: it shows what is not mended yet");
                        continue;
                    }
                    one(asked, seed, &run, quiet);
                    if enough(&run) {
                        stop.store(true, Ordering::Relaxed);
                    }
                    let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
                    if !quiet && told.elapsed() > TELL_EVERY {
                        *told = Instant::now();
                        let played = run.played.load(Ordering::Relaxed);
                        println!(
                            "{played} of {count} seeds, {:.1} a second",
                            rate(played, began.elapsed())
                        );
                    }
                }
            });
        }
    });
    (run, began.elapsed())
}

pub fn rate(count: u64, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64().max(0.001)
}

fn one(asked: &Asked, seed: u64, run: &Run, quiet: bool) {
    let plan = plan(asked, seed);
    let mut outcome = play(&plan, asked.tell);
    if !quiet && seed.is_multiple_of(TWICE) && outcome.violations.is_empty() {
        let breach = invariant_11_a_seed_plays_the_same_twice(&plan, &outcome);
        outcome.violations.extend(breach);
    }
    run.played.fetch_add(1, Ordering::Relaxed);
    run.lives.fetch_add(u64::from(outcome.lives), Ordering::Relaxed);
    run.entries.fetch_add(outcome.entries as u64, Ordering::Relaxed);
    run.reached
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .merge(&outcome.reached);
    if asked.tell {
        println!("trace {}", outcome.trace);
    }
    let Some(first) = outcome.violations.first().cloned() else {
        return;
    };
    if !quiet {
        for (invariant, what) in &outcome.violations {
            println!("seed {seed}: invariant {invariant}: {what}");
        }
    }
    run.failed
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push((plan, first));
}

fn seeds(asked: &Asked) -> ExitCode {
    let count = asked.seeds.unwrap_or(SEEDS);
    let (run, took) = sail(asked, count, false, |run| {
        run.failed.lock().is_ok_and(|failed| failed.len() >= 12)
    });
    let reached = run.reached.into_inner().unwrap_or_else(PoisonError::into_inner);
    let played = run.played.load(Ordering::Relaxed);
    println!("{}", report::table(&reached));
    println!(
        "{played} seeds in {:.1} s on {} cores: {:.1} a second; {} processes, {} journal entries",
        took.as_secs_f64(),
        cores(),
        rate(played, took),
        run.lives.load(Ordering::Relaxed),
        run.entries.load(Ordering::Relaxed),
    );
    let failed = run.failed.into_inner().unwrap_or_else(PoisonError::into_inner);
    if let Some((plan, violation)) = failed.first() {
        println!("\n{} of {played} seeds broke an invariant", failed.len());
        if asked.only.is_none() {
            println!("{}", shrink::told(plan, violation));
        }
        return ExitCode::FAILURE;
    }
    if played >= COVERING {
        let missing = report::missing(&reached);
        if !missing.is_empty() {
            println!("\nnever reached: {}", missing.join(", "));
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
