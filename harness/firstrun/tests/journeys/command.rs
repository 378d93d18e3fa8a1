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
    ("files_that_are_no_scenario_end_with_3_in_time", files_that_are_no_scenario_end_with_3_in_time),
    ("an_empty_selection_ends_with_4", an_empty_selection_ends_with_4),
    ("a_journey_out_of_time_ends_with_5", a_journey_out_of_time_ends_with_5),
    ("a_place_that_cannot_be_written_ends_with_6", a_place_that_cannot_be_written_ends_with_6),
    ("a_plan_is_the_same_twice_and_another_for_another_seed", a_plan_is_the_same_twice),
    ("a_killed_run_can_be_reported_with_its_cut_journeys_broken", a_killed_run_can_be_reported),
    ("a_finished_run_is_judged_again_with_the_same_verdicts", a_finished_run_is_judged_again),
    ("a_pipe_gets_no_colour", a_pipe_gets_no_colour),
    ("a_reader_that_goes_away_is_no_error", a_reader_that_goes_away_is_no_error),
    ("a_run_that_is_told_to_stop_reports_what_it_has", a_run_that_is_told_to_stop_reports_what_it_has),
    ("few_open_files_mean_few_journeys_at_once", few_open_files_mean_few_journeys_at_once),
    ("a_folder_is_answered_with_what_to_type", a_folder_is_answered_with_what_to_type),
    ("a_scenario_is_explained_in_sentences", a_scenario_is_explained_in_sentences),
    ("a_gate_refuses_switches_and_single_cases_with_2", a_gate_refuses_switches_and_single_cases),
    ("a_gate_with_a_list_that_is_not_valid_ends_with_3", a_gate_with_a_list_that_is_not_valid),
    ("a_gate_knows_the_failures_of_its_list_and_no_other", a_gate_knows_the_failures_of_its_list),
    ("a_stale_or_expired_entry_ends_a_gate_with_1", a_stale_or_expired_entry_ends_a_gate_with_1),
    ("a_gate_scenario_that_is_skipped_must_be_listed", a_gate_scenario_that_is_skipped_must_be_listed),
];

const TEAM: &str = "first_run/build_me_a_team";

/// Runs the command in an empty folder with a scrubbed environment.
pub(crate) fn firstrun(place: &TempDir, words: &[&str]) -> Output {
    command(place, words).output().unwrap()
}

/// The same with these variables, and with the path, on which a stack finds its services.
pub(crate) fn firstrun_with(place: &TempDir, variables: &[(&str, String)], words: &[&str]) -> Output {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let variables = variables.iter().map(|(name, value)| (*name, value.as_str()));
    command(place, words).env("PATH", path).envs(variables).output().unwrap()
}

/// The same by another build of the command.
pub(crate) fn by(program: &Path, place: &TempDir, words: &[&str]) -> Output {
    command_of(program, place, words).output().unwrap()
}

fn command(place: &TempDir, words: &[&str]) -> Command {
    command_of(Path::new(env!("CARGO_BIN_EXE_firstrun")), place, words)
}

fn command_of(program: &Path, place: &TempDir, words: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(words).current_dir(place.path()).env_clear().stdin(Stdio::null());
    command
}

/// An empty folder that goes with the test.
pub(crate) fn place() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn said(output: &Output) -> (String, String) {
    (
        String::from_utf8_lossy(&output.stdout).into_owned(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

/// Standard output and standard error of a command that ended with this code.
pub(crate) fn ends_with(output: &Output, code: i32) -> (String, String) {
    let (out, err) = said(output);
    assert_eq!(output.status.code(), Some(code), "stdout:\n{out}\nstderr:\n{err}");
    (out, err)
}

fn a_passing_run_ends_with_0_and_says_what_came_online() {
    let place = place();
    let refused = "first_run/byok_without_a_key";
    let (out, err) = ends_with(&firstrun(&place, &["run", TEAM, refused]), 0);
    assert!(err.starts_with("seed 1, 58 journeys,"), "{err}");
    let words = out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("68 tenants came online, 20 members came online"), "{out}");
    assert!(words.contains("model calls, the platform paid for"), "{out}");
    let told = "96 told in the record, 96 in the event, 96 in the tool's result, 96 in the user's chat";
    assert!(words.contains(&format!("96 refusals: {told}")), "{out}");
    let run = place.path().join("reports/run-0001");
    for file in ["run.json", "report.json", "junit.xml", "summary.md"] {
        assert!(run.join(file).is_file(), "{file}");
    }
    assert_eq!(std::fs::read_dir(run.join("journeys")).unwrap().count(), 58);
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

/// A file that is no scenario, however hostile, is answered this fast.
const ANSWERED_WITHIN: Duration = Duration::from_secs(5);

fn files_that_are_no_scenario_end_with_3_in_time() {
    let nested = format!("title: {}{}\n", "[".repeat(100_000), "]".repeat(100_000));
    let bomb: String = (1..40).map(|at| format!("a{at}: &a{at} [*a{0}, *a{0}, *a{0}]\n", at - 1)).collect();
    let files: [(&str, Vec<u8>, &str); 6] = [
        ("empty.yaml", Vec::new(), "empty.yaml"),
        ("binary.yaml", (0..=255).cycle().take(4096).collect(), "binary.yaml:3:"),
        ("text.yaml", b"title: \xff\xfe\n".to_vec(), "text.yaml:1:8"),
        ("large.yaml", b"title: t\n".repeat(1_200_000), "large.yaml"),
        ("nested.yaml", nested.into_bytes(), "nested.yaml:1:"),
        ("bomb.yaml", format!("a0: &a0 [x, x]\n{bomb}").into_bytes(), "bomb.yaml:"),
    ];
    let place = place();
    for (name, text, _) in &files {
        std::fs::write(place.path().join(name), text).unwrap();
    }
    std::fs::create_dir(place.path().join("folder.yaml")).unwrap();
    let unreadable = [("folder.yaml", "folder.yaml"), ("/proc/self/mem", "/proc/self/mem")];
    let files = files.iter().map(|(name, _, at)| (*name, *at)).chain(unreadable);
    for (name, at) in files {
        for word in ["check", "run"] {
            let began = Instant::now();
            let (out, err) = ends_with(&firstrun(&place, &[word, name]), 3);
            assert!(began.elapsed() < ANSWERED_WITHIN, "{word} {name}: {:?}", began.elapsed());
            let said = format!("{out}{err}");
            assert!(said.contains(at) && said.len() < 4_000, "{word} {name}: {said}");
        }
    }
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
    assert!(parsed["journeys"].as_array().unwrap().len() >= 50);
}

/// Kills a run whose journeys are all under way; `D-20` keeps them waiting.
fn a_killed_run_can_be_reported() {
    let place = place();
    let mut child = command(&place, &["run", TEAM, "--defect", "D-20", "--out", "out"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    wait_for_journals(&place.path().join("out/journeys"), 10);
    child.kill().unwrap();
    child.wait().unwrap();
    let (out, _) = ends_with(&firstrun(&place, &["report", "out"]), 5);
    assert!(out.contains("10 journeys: 10 broken"), "{out}");
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

fn a_reader_that_goes_away_is_no_error() {
    let place = place();
    let mut child = command(&place, &["plan"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    let (_, err) = ends_with(&output, 0);
    assert!(!err.contains("panicked"), "{err}");
}

/// One journey is under way, and `D-20` keeps it there; the others never begin.
fn a_run_that_is_told_to_stop_reports_what_it_has() {
    let place = place();
    let words = ["run", TEAM, "--defect", "D-20", "--jobs", "1", "--out", "out"];
    let child = command(&place, &words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    wait_for_journals(&place.path().join("out/journeys"), 1);
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    let (out, err) = ends_with(&child.wait_with_output().unwrap(), 5);
    assert!(err.contains("told to stop"), "{err}");
    assert!(out.contains("journeys have no record"), "{out}");
    assert_eq!(out.matches("no record").count(), 1, "{out}");
    assert!(place.path().join("out/summary.md").is_file());
}

fn few_open_files_mean_few_journeys_at_once() {
    let place = place();
    let line = format!("ulimit -n 128 && exec {} run {TEAM} --seed 3", env!("CARGO_BIN_EXE_firstrun"));
    let output = Command::new("/bin/sh").args(["-c", &line]).current_dir(place.path()).output().unwrap();
    let (_, err) = ends_with(&output, 0);
    assert!(err.contains("only 2 at once") && err.contains("hint:"), "{err}");
}

fn a_folder_is_answered_with_what_to_type() {
    let place = place();
    std::fs::create_dir(place.path().join("mine")).unwrap();
    let (out, _) = ends_with(&firstrun(&place, &["check", "mine"]), 3);
    assert!(out.contains("this is a folder") && out.contains("mine/*.yaml"), "{out}");
}

fn a_scenario_is_explained_in_sentences() {
    let (out, _) = ends_with(&firstrun(&place(), &["explain", "first_run/byok_without_a_key"]), 0);
    for part in
        ["The world: a fresh SaaS tenant", "1. The user says", "then failed with MISSING_BYOK_CREDENTIAL"]
    {
        assert!(out.contains(part), "no `{part}` in\n{out}");
    }
    let incident = ["explain", "first_run/agent_chooses", "--contract", "incident"];
    let (out, _) = ends_with(&firstrun(&place(), &incident), 4);
    assert!(out.contains("does not promise `tool_text.states_namespace_rule`"), "{out}");
}

/// A folder with a gate scenario that fails (`fails`), one that passes, one that `create-gate` alone could play, and a
/// list of known failures.
fn gate_place(list: &str) -> TempDir {
    let place = place();
    let write = |name: &str, text: &str| std::fs::write(place.path().join(name), text).unwrap();
    let team = |title: &str, needs: &str, tier: u8| {
        format!(
            "title: {title}\nwhy: w\ntags: [gate]\n{needs}given: {{ agent: {{ persona: omitter }} }}\nsteps:\n  - \
             user_says: {{ text: hi, members: [a] }}\n  - eventually: {{ within: 10s, team: all_online }}\n  - expect: {{ \
             team: {{ a: {{ tier: {tier} }} }} }}\n"
        )
    };
    write("fails.yaml", &team("fails", "", 7));
    write("passes.yaml", &team("passes", "", 4));
    write("skipped.yaml", &team("skipped", "needs: [{ omitted_model.takes_platform_default: false }]\n", 4));
    write("list.yaml", list);
    place
}

fn entry(id: &str, finding: &str, expiry: &str) -> String {
    format!("- {{ id: {id}, finding: {finding}, reason: it is known, owner: us, expiry: {expiry} }}\n")
}

fn gate(place: &TempDir, scenarios: &[&str]) -> Output {
    let words = ["run", "--gate", "--known-failures", "list.yaml"];
    firstrun(place, &[&words[..], scenarios].concat())
}

fn a_gate_refuses_switches_and_single_cases() {
    for words in [
        &["run", "--gate", "--defect", "D-13"][..],
        &["run", "--gate", "--case", "runtime=codex"],
        &["run", "--gate", "--tag", "smoke"],
        &["run", "--known-failures", "list.yaml"],
    ] {
        ends_with(&firstrun(&place(), words), 2);
    }
}

fn a_gate_with_a_list_that_is_not_valid() {
    let place = gate_place(&entry("fails", "row_difers", "soon"));
    let (_, err) = ends_with(&gate(&place, &["passes.yaml"]), 3);
    assert!(err.contains("list.yaml:1:") && err.contains("did you mean `row_differs`?"), "{err}");
    assert!(!place.path().join("reports").exists(), "nothing may be left of a run that did not begin");
}

fn a_gate_knows_the_failures_of_its_list() {
    let unlisted = gate_place("[]");
    let (out, _) = ends_with(&gate(&unlisted, &["fails.yaml"]), 1);
    assert!(out.contains("FAILED"), "{out}");
    let listed = gate_place(&entry("fails", "row_differs", "9999-12-31"));
    let (out, _) = ends_with(&gate(&listed, &["fails.yaml"]), 0);
    assert!(out.contains("1 failed (1 known)") && out.contains("it is known"), "{out}");
    let read =
        |name: &str| std::fs::read_to_string(listed.path().join("reports/run-0001").join(name)).unwrap();
    assert!(read("junit.xml").contains("known failure: "));
    assert!(read("summary.md").contains("known failures"));
    let (again, _) = ends_with(&firstrun(&listed, &["report", "run-0001", "--rejudge"]), 0);
    assert!(again.contains("1 failed (1 known)"), "{again}");
}

fn a_stale_or_expired_entry_ends_a_gate_with_1() {
    let stale = gate_place(&entry("passes", "row_differs", "9999-12-31"));
    let (out, _) = ends_with(&gate(&stale, &["passes.yaml"]), 1);
    assert!(out.contains("STALE"), "{out}");
    let expired = gate_place(&entry("fails", "row_differs", "2020-01-01"));
    let (out, _) = ends_with(&gate(&expired, &["fails.yaml"]), 1);
    assert!(out.contains("EXPIRED"), "{out}");
}

fn a_gate_scenario_that_is_skipped_must_be_listed() {
    let both = ["passes.yaml", "skipped.yaml"];
    let (out, _) = ends_with(&gate(&gate_place("[]"), &both), 4);
    assert!(out.contains("SKIPPED skipped: no case was played"), "{out}");
    ends_with(&gate(&gate_place(&entry("skipped", "skipped", "9999-12-31")), &both), 0);
    ends_with(&gate(&gate_place(&entry("passes", "skipped", "9999-12-31")), &["passes.yaml"]), 1);
}
