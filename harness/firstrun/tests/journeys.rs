//! The journeys as tests, one trial a case, and what is tested of the whole command.
//!
//! Works under `cargo test` and under nextest, which runs every trial in a process of its own: listing is cheap and
//! silent, nothing is shared between trials but what each can make for itself, and a trial that can't run here is
//! listed as ignored. `FIRSTRUN_SEED` plays the journeys of another seed.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a trial fails by panicking")]

use std::process::ExitCode;

use document::Source;
use libtest_mimic::{Arguments, Trial};
use stack::{Missing, StackOrigin, load_stack};

#[path = "journeys/advice.rs"]
mod advice;
#[path = "journeys/architecture.rs"]
mod architecture;
#[path = "journeys/command.rs"]
mod command;
#[path = "journeys/containers.rs"]
mod containers;
#[path = "journeys/crashes.rs"]
mod crashes;
#[path = "journeys/defects.rs"]
mod defects;
#[path = "journeys/faults.rs"]
mod faults;
#[path = "journeys/first_day.rs"]
mod first_day;
#[path = "journeys/forms.rs"]
mod forms;
#[path = "journeys/history.rs"]
mod history;
#[path = "journeys/identify.rs"]
mod identify;
#[path = "journeys/kept.rs"]
mod kept;
#[path = "journeys/local_server.rs"]
mod local_server;
#[path = "journeys/parity.rs"]
mod parity;
#[path = "journeys/played.rs"]
mod played;
#[path = "journeys/predict.rs"]
mod predict;
#[path = "../../oracle/tests/oracle/recorded.rs"]
mod recorded;
#[path = "journeys/red.rs"]
mod red;
#[path = "journeys/remote.rs"]
mod remote;
#[path = "journeys/repeated.rs"]
mod repeated;
#[path = "journeys/served.rs"]
mod served;
#[path = "journeys/shrunk.rs"]
mod shrunk;
#[path = "journeys/stacks.rs"]
mod stacks;
#[path = "journeys/stage.rs"]
mod stage;
#[path = "journeys/tidy.rs"]
mod tidy;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials = played::trials();
    trials.extend(defects::trials());
    trials.extend(red::trials());
    for (module, tests) in [
        ("advice", advice::TESTS),
        ("architecture", architecture::TESTS),
        ("command", command::TESTS),
        ("defects", defects::TESTS),
        ("first_day", first_day::TESTS),
        ("faults", faults::TESTS),
        ("forms", forms::TESTS),
        ("history", history::TESTS),
        ("identify", identify::TESTS),
        ("kept", kept::TESTS),
        ("predict", predict::TESTS),
        ("red", red::TESTS),
        ("remote", remote::TESTS),
        ("repeated", repeated::TESTS),
        ("served", served::TESTS),
        ("shrunk", shrunk::TESTS),
        ("stacks", stacks::TESTS),
        ("stacks", crashes::TESTS),
        ("tidy", tidy::TESTS),
    ] {
        trials.extend(tests.iter().map(|(name, test)| trial(&format!("{module}::{name}"), *test)));
    }
    trials.extend(containers::trials());
    trials.extend(trials_that_need(&kept::missing(), "kept", kept::BY_CURL));
    trials.extend(trials_that_need(&local_server::missing(), "local_server", local_server::TESTS));
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// A test by name.
type Named = (&'static str, fn());

/// What this machine lacks for a stack.
fn needed(stack: &str) -> Vec<Missing> {
    let origin = StackOrigin { folder: None, variable: &|_| None };
    let file = load_stack(&Source::new("needed.yaml", stack), &origin).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(stack::missing(&file))
}

/// Tests that need what not every machine has. Where something is missing they are listed as ignored, with what it is;
/// where everything must be there (`CI=true`) they fail.
fn trials_that_need(missing: &[Missing], module: &str, tests: &[Named]) -> Vec<Trial> {
    let must_run = std::env::var("CI").is_ok_and(|ci| ci == "true");
    let whats: Vec<&str> = missing.iter().map(|one| one.what.as_str()).collect();
    let reason = format!("needs {}", whats.join(" and "));
    let one = |(name, test): &Named| {
        let name = format!("{module}::{name}");
        match (missing.is_empty(), must_run) {
            (true, _) => trial(&name, *test),
            (false, false) => trial(&name, *test).with_kind(&reason).with_ignored_flag(true),
            (false, true) => {
                let reason = reason.clone();
                Trial::test(name, move || Err(reason.into()))
            }
        }
    };
    tests.iter().map(one).collect()
}

fn trial(name: &str, test: fn()) -> Trial {
    Trial::test(name, move || {
        test();
        Ok(())
    })
}
