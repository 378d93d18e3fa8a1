//! The command that repeats one journey.

use journal::PlannedJourney;

use crate::RunHead;

/// What `run` takes when nobody says otherwise.
const DEFAULT_CONTRACT: &str = "as-designed";
const DEFAULT_REGISTRY: &str = "incident";
const DEFAULT_STACK: &str = "embedded";
const DEFAULT_TIMEOUT_MS: u64 = 60_000;

/// The command that repeats one journey, ready to be pasted into a shell. What equals the defaults of `run` is left
/// out.
pub fn repeat_command(run: &RunHead, journey: &PlannedJourney, file: &str) -> String {
    let mut words = vec!["cargo run --release -- run".to_owned(), quoted(name_of(journey, file))];
    let mut option = |name: &str, value: &str| words.push(option_of(name, value));
    option("case", &journey.case);
    option("seed", &journey.seed.to_string());
    let is_default_contract = run.contract == DEFAULT_CONTRACT;
    if !is_default_contract {
        option("contract", &run.contract);
    }
    // The default registry is that of the contract, and another contract may have another one.
    if !is_default_contract || run.registry != DEFAULT_REGISTRY {
        option("registry", &run.registry);
    }
    if run.platform_contract != run.contract {
        option("platform-contract", &run.platform_contract);
    }
    if run.stack != DEFAULT_STACK {
        option("stack", &run.stack);
    }
    // The stack brings its own part by itself.
    let asked = run.time_factor / run.stack_factor;
    if asked != 1.0 {
        option("time-factor", &asked.to_string());
    }
    if run.journey_timeout_ms != DEFAULT_TIMEOUT_MS {
        option("journey-timeout", &format!("{}ms", run.journey_timeout_ms));
    }
    for defect in &run.defects {
        option("defect", defect);
    }
    words.join(" ")
}

/// A scenario below `scenarios/` goes by its id, any other by its file.
fn name_of<'a>(journey: &'a PlannedJourney, file: &'a str) -> &'a str {
    let is_named_by_id = file.strip_suffix(".yaml").is_some_and(|path| {
        path.strip_suffix(journey.scenario.as_str()).is_some_and(|before| before == "scenarios/")
    });
    if is_named_by_id { &journey.scenario } else { file }
}

/// `--name value`, in one word where the value would be taken for an option.
fn option_of(name: &str, value: &str) -> String {
    let between = if value.starts_with('-') { '=' } else { ' ' };
    format!("--{name}{between}{}", quoted(value))
}

/// A word as a POSIX shell takes it literally.
fn quoted(word: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./:=@%+,".contains(letter);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    fn command(change: impl FnOnce(&mut RunHead, &mut PlannedJourney)) -> String {
        let mut head = RunHead::from(&sample::record(&[]));
        let mut journey = sample::planned("first_run/build_me_a_team", "runtime=codex");
        change(&mut head, &mut journey);
        let file = format!("scenarios/{}.yaml", journey.scenario);
        repeat_command(&head, &journey, &file)
    }

    #[test]
    fn a_scenario_of_ones_own_goes_by_its_file() {
        let head = RunHead::from(&sample::record(&[]));
        let journey = sample::planned("mine", "only");
        let command = repeat_command(&head, &journey, "own/mine.yaml");
        assert!(command.starts_with("cargo run --release -- run own/mine.yaml --case only"), "{command}");
    }

    #[test]
    fn the_defaults_are_left_out() {
        assert_eq!(
            command(|_, _| ()),
            "cargo run --release -- run first_run/build_me_a_team --case runtime=codex --seed 1"
        );
    }

    #[test]
    fn what_differs_from_the_defaults_is_said() {
        let said = command(|head, _| {
            head.contract = "create-gate".into();
            head.platform_contract = "create-gate".into();
            head.stack = "process".into();
            (head.time_factor, head.stack_factor) = (2.0, 2.0);
            head.defects = vec!["D-13".into(), "D-20".into()];
        });
        assert!(
            said.ends_with(
                "--seed 1 --contract create-gate --registry incident --stack process --defect D-13 --defect D-20"
            ),
            "{said}"
        );
    }

    #[test]
    fn a_shell_takes_every_word_literally() {
        for (case, shown) in [
            ("runtime=codex model=a b", "--case 'runtime=codex model=a b'"),
            ("it's $HOME", r"--case 'it'\''s $HOME'"),
            ("", "--case ''"),
            ("-x", "--case=-x"),
        ] {
            let said = command(|_, journey| journey.case = case.into());
            assert!(said.contains(shown), "{said}");
        }
    }
}
