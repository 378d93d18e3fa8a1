//! The same scenarios on a server of its own for each tenant: the same verdicts, the same facts, and nothing left.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::Named;
use crate::command::{ends_with, firstrun, place};
use crate::parity::assert_same;

pub(crate) const TESTS: &[Named] = &[
    ("one_seed_says_the_same_on_embedded_and_on_processes", one_seed_says_the_same),
    ("a_defect_is_red_on_a_process_too", a_defect_is_red_on_a_process_too),
    ("what_a_killed_run_left_is_ended_by_the_next", what_a_killed_run_left_is_ended),
    ("twenty_tenants_are_up_at_once_and_pass", twenty_tenants_at_once),
    ("a_server_that_does_not_come_up_is_broken_in_time_with_its_words", a_server_that_does_not_come_up),
    ("a_stack_that_is_none_ends_with_3", a_stack_that_is_none),
];

fn one_seed_says_the_same() {
    let program = Path::new(env!("CARGO_BIN_EXE_firstrun"));
    assert_same(program, "embedded", "process");
}

fn a_defect_is_red_on_a_process_too() {
    let place = place();
    let words = ["run", "first_run/build_me_a_team", "--stack", "process", "--defect", "D-13", "--no-shrink"];
    let (out, _) = ends_with(&firstrun(&place, &words), 1);
    assert!(out.contains("outside_the_tree"), "{out}");
}

/// The processes that carry the mark of a run.
pub(crate) fn owned_by(pid: u32) -> Vec<u32> {
    let mark = format!("FIRSTRUN_OWNER={pid}.");
    let entries = fs::read_dir("/proc").unwrap().filter_map(Result::ok);
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter(|pid: &u32| {
        let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        environment.split(|byte| *byte == 0).any(|one| one.starts_with(mark.as_bytes()))
    })
    .collect()
}

/// A run that goes on beside the test, with the path, on which a stack finds its services.
pub(crate) fn begun(program: &Path, place: &TempDir, variables: &[(&str, String)], words: &[&str]) -> Child {
    Command::new(program)
        .args(words)
        .current_dir(place.path())
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .envs(variables.iter().map(|(name, value)| (*name, value.as_str())))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Waits until something holds; `false` where it took too long.
pub(crate) fn until(within: Duration, holds: impl Fn() -> bool) -> bool {
    let began = Instant::now();
    while !holds() {
        if began.elapsed() >= within {
            return false;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    true
}

fn what_a_killed_run_left_is_ended() {
    let place = place();
    let words = ["run", "--stack", "process", "--no-shrink", "--out", "killed"];
    let mut run = begun(Path::new(env!("CARGO_BIN_EXE_firstrun")), &place, &[], &words);
    let pid = run.id();
    // Asked before it is killed: a run beside this test may end what it left at once.
    let is_up = until(Duration::from_secs(30), || !owned_by(pid).is_empty());
    assert!(is_up, "no server came up, so that nothing is shown");
    run.kill().unwrap();
    run.wait().unwrap();
    // Another run that begins beside this test may have ended them already.
    let words = ["run", "first_run/refused_later", "--stack", "process", "--out", "next"];
    ends_with(&firstrun(&place, &words), 0);
    until(Duration::from_secs(5), || owned_by(pid).is_empty());
    assert_eq!(owned_by(pid), Vec::<u32>::new());
}

fn twenty_tenants_at_once() {
    let place = place();
    // Ten journeys of a tenant and a bystander each, all begun together.
    let words = ["run", "first_run/build_me_a_team", "--stack", "process", "--jobs", "10", "--out", "out"];
    let mut run = begun(Path::new(env!("CARGO_BIN_EXE_firstrun")), &place, &[], &words);
    let pid = run.id();
    let are_up = until(Duration::from_secs(60), || owned_by(pid).len() >= 20);
    let status = run.wait().unwrap();
    assert!(are_up, "twenty servers were never up together");
    assert_eq!(status.code(), Some(0));
    assert_eq!(owned_by(pid), Vec::<u32>::new());
}

fn a_server_that_does_not_come_up() {
    let place = place();
    for (name, command, within, says) in [
        ("ends", "[$firstrun, forms, --runtime, nobody]", "15s", "there is no runtime `nobody`"),
        ("hangs", "[/bin/sleep, '60']", "300ms", "was not ready on http://127.0.0.1:"),
        ("missing", "[/nowhere/to/be/found]", "300ms", "start /nowhere/to/be/found"),
    ] {
        let text = format!(
            "name: {name}\ntitle: a server that does not come up\nplatform: {{ command: {command} }}\n\
             readiness: {{ path: /health, within: {within} }}\n"
        );
        let file = format!("{name}.yaml");
        fs::write(place.path().join(&file), text).unwrap();
        let began = Instant::now();
        let words = ["run", "first_run/refused_later", "--stack", &file, "--out", name, "--seeds", "1"];
        let (out, _) = ends_with(&firstrun(&place, &words), 5);
        let told = out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(told.contains(says), "{name}: {told}");
        assert!(began.elapsed() < Duration::from_secs(30), "{name} took {:?}", began.elapsed());
    }
}

fn a_stack_that_is_none() {
    let place = place();
    let (_, err) = ends_with(&firstrun(&place, &["run", "--stack", "proces"]), 3);
    assert!(err.contains("did you mean `process`?"), "{err}");
    fs::write(place.path().join("bad.yaml"), "name: bad\ntitle: t\nplatform: { comand: [x] }\n").unwrap();
    let (_, err) = ends_with(&firstrun(&place, &["run", "--stack", "bad.yaml"]), 3);
    assert!(err.contains("bad.yaml:3"), "{err}");
}
