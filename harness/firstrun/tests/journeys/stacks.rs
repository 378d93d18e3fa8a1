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
    ("the_management_tools_can_be_any_server_that_speaks_their_protocol", tools_can_be_any_server),
    ("a_stack_says_whose_promises_are_judged_and_what_can_not_be_played", a_stack_says_what_can_be_played),
    ("a_server_whose_port_was_taken_gets_another", a_server_whose_port_was_taken),
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

fn tools_can_be_any_server() {
    let place = place();
    for (name, tools, code) in [
        ("ours", "[$firstrun, mcp, --contract, $contract, --registry, $registry]", 0),
        // One that says nothing: no concierge can build a team with it.
        ("silent", "[/bin/sleep, '60']", 1),
    ] {
        let text = format!(
            "name: {name}\ntitle: tools by a command\nplatform: embedded\ntools: {{ command: {tools} }}\n"
        );
        let file = format!("{name}.yaml");
        fs::write(place.path().join(&file), text).unwrap();
        let words = [
            "run",
            "first_run/agent_chooses",
            "--stack",
            &file,
            "--out",
            name,
            "--no-shrink",
            "--seeds",
            "1",
        ];
        let output = firstrun(&place, &words);
        if code == 0 {
            ends_with(&output, 0);
        } else {
            assert_ne!(output.status.code(), Some(0), "{output:?}");
        }
    }
}

fn a_stack_says_what_can_be_played() {
    let place = place();
    let text = "name: small\ntitle: a stack that can do less\nplatform: embedded\ncontract: incident\n\
                lacks: [second_tenant]\nruntimes: [codex]\n";
    fs::write(place.path().join("small.yaml"), text).unwrap();
    let scenarios = ["first_run/build_me_a_team", "ids/any_form_any_entry"];
    let planned = |more: &[&str]| {
        let words = [&["plan"][..], &scenarios, &["--stack", "small.yaml"], more].concat();
        ends_with(&firstrun(&place, &words), 0).0
    };
    let out = planned(&[]);
    assert!(out.contains("contract incident"), "{out}");
    assert!(out.contains("the stack small has no second tenant"), "{out}");
    let has_other = out
        .lines()
        .any(|line| line.contains("runtime=") && line.contains("entry=") && !line.contains("codex"));
    assert!(out.contains("runtime=codex,entry=") && !has_other, "{out}");
    assert!(planned(&["--contract", "as-designed"]).contains("contract as-designed"));
}

fn a_server_whose_port_was_taken() {
    let place = place();
    // Says on its first start what a server says whose port is somebody else's, and notes every port that it was given.
    let script = r#"echo "$PORT" >> "$NOTES"; if [ "$(/usr/bin/wc -l < "$NOTES")" -eq 1 ]; then echo "bind: Address already in use" >&2; exit 1; fi; exec "$0" "$@""#;
    let notes = place.path().join("notes");
    let text = format!(
        "name: unlucky\ntitle: a server whose port was taken\nplatform:\n  command:\n    - /bin/sh\n    - -c\n    - |-\n      \
         {script}\n    - $firstrun\n    - platform\nenvironment:\n  PORT: $port\n  PLATFORM_URL: http://$host:$port\n  \
         NOTES: {}\n",
        notes.display()
    );
    fs::write(place.path().join("unlucky.yaml"), text).unwrap();
    let words = ["run", "first_run/refused_later", "--seeds", "1", "--stack", "unlucky.yaml", "--out", "out"];
    ends_with(&firstrun(&place, &words), 0);
    let noted = fs::read_to_string(notes).unwrap();
    let ports: Vec<&str> = noted.lines().collect();
    assert!(ports.len() == 2 && ports[0] != ports[1], "{ports:?}");
}

fn a_stack_that_is_none() {
    let place = place();
    let (_, err) = ends_with(&firstrun(&place, &["run", "--stack", "proces"]), 3);
    assert!(err.contains("did you mean `process`?"), "{err}");
    fs::write(place.path().join("bad.yaml"), "name: bad\ntitle: t\nplatform: { comand: [x] }\n").unwrap();
    let (_, err) = ends_with(&firstrun(&place, &["run", "--stack", "bad.yaml"]), 3);
    assert!(err.contains("bad.yaml:3"), "{err}");
}
