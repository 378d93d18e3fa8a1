//! The journeys as tests, one trial a case, and what is tested of the whole command.
//!
//! Works under `cargo test` and under nextest, which runs every trial in a process of its own: listing is cheap and
//! silent, nothing is shared between trials but what each can make for itself, and a trial that can't run here is
//! listed as ignored. `FIRSTRUN_SEED` plays the journeys of another seed.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a trial fails by panicking")]

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

#[path = "journeys/advice.rs"]
mod advice;
#[path = "journeys/architecture.rs"]
mod architecture;
#[path = "journeys/command.rs"]
mod command;
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
#[path = "journeys/played.rs"]
mod played;
#[path = "journeys/predict.rs"]
mod predict;
#[path = "../../oracle/tests/oracle/recorded.rs"]
mod recorded;
#[path = "journeys/red.rs"]
mod red;
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
        ("predict", predict::TESTS),
        ("red", red::TESTS),
        ("repeated", repeated::TESTS),
        ("served", served::TESTS),
        ("shrunk", shrunk::TESTS),
        ("stacks", stacks::TESTS),
        ("stacks", crashes::TESTS),
        ("tidy", tidy::TESTS),
    ] {
        trials.extend(tests.iter().map(|(name, test)| trial(&format!("{module}::{name}"), *test)));
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// A test by name.
type Named = (&'static str, fn());

fn trial(name: &str, test: fn()) -> Trial {
    Trial::test(name, move || {
        test();
        Ok(())
    })
}
