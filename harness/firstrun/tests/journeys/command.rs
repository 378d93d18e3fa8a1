//! The command as it is typed: exit codes, what stands where, and what a killed run leaves.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::Named;

pub(crate) const TESTS: &[Named] = &[
    (
        "a_passing_run_ends_with_0_and_says_what_came_online",
        a_passing_run_ends_with_0_and_says_what_came_online,
    ),
    ("a_defect_ends_with_1_and_the_red_names_cause_layer_and_command", a_defect_ends_with_1),
    ("words_that_make_no_sense_end_with_2", words_that_make_no_sense_end_with_2),
    ("an_invalid_scenario_ends_with_3_at_its_place", an_invalid_scenario_ends_with_3_at_its_place),
    ("an_empty_selection_ends_with_4", an_empty_selection_ends_with_4),
    ("a_journey_out_of_time_ends_with_5", a_journey_out_of_time_ends_with_5),
    ("a_place_that_cannot_be_written_ends_with_6", a_place_that_cannot_be_written_ends_with_6),
    ("a_plan_is_the_same_twice_and_another_for_another_seed", a_plan_is_the_same_twice),
    ("a_killed_run_can_be_reported_with_its_cut_journeys_broken", a_killed_run_can_be_reported),
    ("a_finished_run_is_judged_again_with_the_same_verdicts", a_finished_run_is_judged_again),
    ("a_pipe_gets_no_colour", a_pipe_gets_no_colour),
];

const TEAM: &str = "first_run/build_me_a_team";

/// Runs the command in an empty folder with a scrubbed environment.
fn firstrun(place: &TempDir, words: &[&str]) -> Output {
    command(place, words).output().unwrap()
}

fn command(place: &TempDir, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_firstrun"));
    command.args(words).current_dir(place.path()).env_clear().stdin(Stdio::null());
    command
}

fn place() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn said(output: &Output) -> (String, String) {
    (
        String::from_utf8_lossy(&output.stdout).into_owned(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

fn ends_with(output: &Output, code: i32) -> (String, String) {
    let (out, err) = said(output);
    assert_eq!(output.status.code(), Some(code), "stdout:\n{out}\nstderr:\n{err}");
    (out, err)
}

fn a_passing_run_ends_with_0_and_says_what_came_online() {
    let place = place();
    let (out, err) = ends_with(&firstrun(&place, &["run"]), 0);
    assert!(err.starts_with("seed 1,"), "{err}");
    let words = out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("12 tenants came online, 12 members came online"), "{out}");
    assert!(words.contains("model calls, the platform paid for"), "{out}");
    let run = place.path().join("reports/run-0001");
    for file in ["run.json", "report.json", "junit.xml"] {
        assert!(run.join(file).is_file(), "{file}");
    }
    assert_eq!(std::fs::read_dir(run.join("journeys")).unwrap().count(), 6);
}

fn a_defect_ends_with_1() {
    let place = place();
    let words = ["run", TEAM, "--defect", "D-13", "--seeds", "2", "--time-factor", "0.2", "--out", "out"];
    let (out, _) = ends_with(&firstrun(&place, &words), 1);
    for part in
        ["scenarios/first_run/build_me_a_team.yaml:", "O-6", "workspace rows", "--defect D-13", "--seed 1"]
    {
        assert!(out.contains(part), "no `{part}` in\n{out}");
    }
}

fn words_that_make_no_sense_end_with_2() {
    for words in [&["run", "--defect", "D-99"][..], &["run", "--jobs", "0"], &["fly"], &[]] {
        ends_with(&firstrun(&place(), words), 2);
    }
    ends_with(&firstrun(&place(), &["report", "no-such-run"]), 2);
}

fn an_invalid_scenario_ends_with_3_at_its_place() {
    let place = place();
    std::fs::write(place.path().join("mine.yaml"), "title: t\nwhy: w\nstepz: []\n").unwrap();
    let (out, _) = ends_with(&firstrun(&place, &["check", "mine.yaml"]), 3);
    assert!(out.contains("mine.yaml:3:1") && out.contains("did you mean `steps`?"), "{out}");
    let (_, err) = ends_with(&firstrun(&place, &["run", "mine.yaml", "no-such.yaml"]), 3);
    assert!(err.contains("no-such.yaml"), "{err}");
    assert!(!place.path().join("reports").exists(), "nothing may be left of a run that did not begin");
}

fn an_empty_selection_ends_with_4() {
    ends_with(&firstrun(&place(), &["run", "--tag", "no-such-tag"]), 4);
    let (_, err) = ends_with(&firstrun(&place(), &["run", "--case", "runtime=claude-cod"]), 4);
    assert!(err.contains("hint:"), "{err}");
}

fn a_journey_out_of_time_ends_with_5() {
    let place = place();
    let words = ["run", TEAM, "--seeds", "2", "--defect", "D-20", "--journey-timeout", "1s", "--out", "out"];
    let (out, _) = ends_with(&firstrun(&place, &words), 5);
    assert!(out.contains("took longer than 1 s"), "{out}");
}

fn a_place_that_cannot_be_written_ends_with_6() {
    let place = place();
    std::fs::write(place.path().join("file"), "in the way").unwrap();
    let (_, err) = ends_with(&firstrun(&place, &["run", "--out", "file/out"]), 6);
    assert!(err.contains("file/out") && err.contains("hint:"), "{err}");
}

fn a_plan_is_the_same_twice() {
    let plan =
        |seed: &str| ends_with(&firstrun(&place(), &["plan", "--seed", seed, "--format", "json"]), 0).0;
    assert_eq!(plan("7"), plan("7"));
    assert_ne!(plan("7"), plan("8"));
    let parsed: serde_json::Value = serde_json::from_str(&plan("7")).unwrap();
    assert_eq!(parsed["journeys"].as_array().unwrap().len(), 6);
}

/// Kills a run whose journeys are all under way; `D-20` keeps them waiting.
fn a_killed_run_can_be_reported() {
    let place = place();
    let mut child = command(&place, &["run", "--defect", "D-20", "--out", "out"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    wait_for_journals(&place.path().join("out/journeys"), 6);
    child.kill().unwrap();
    child.wait().unwrap();
    let (out, _) = ends_with(&firstrun(&place, &["report", "out"]), 5);
    assert!(out.contains("6 broken"), "{out}");
    assert!(out.contains("cut off"), "{out}");
}

fn wait_for_journals(folder: &Path, count: usize) {
    let began = Instant::now();
    let lines = |path: &Path| std::fs::read_to_string(path).map_or(0, |text| text.lines().count());
    loop {
        let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
        if entries.filter(|entry| lines(&entry.path()) > 3).count() >= count {
            return;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "no journals in {}", folder.display());
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn a_finished_run_is_judged_again() {
    let place = place();
    let words = ["run", "--defect", "D-13", "--seeds", "3", "--time-factor", "0.2", "--out", "out"];
    ends_with(&firstrun(&place, &words), 1);
    let (then, _) = ends_with(&firstrun(&place, &["report", "out"]), 1);
    let (today, _) = ends_with(&firstrun(&place, &["report", "out", "--rejudge"]), 1);
    assert_eq!(then, today);
}

fn a_pipe_gets_no_colour() {
    let (out, err) = said(&firstrun(&place(), &["run", "--seeds", "1"]));
    assert!(!out.contains('\u{1b}') && !err.contains('\u{1b}'), "{out}{err}");
}
