//! The same scenarios on a server of its own for each tenant: the same verdicts, the same facts, and nothing left.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use journal::{Fact, Journal};
use serde_json::Value;
use tempfile::TempDir;

use crate::Named;
use crate::command::{ends_with, firstrun, place};

pub(crate) const TESTS: &[Named] = &[
    ("one_seed_says_the_same_on_embedded_and_on_processes", one_seed_says_the_same),
    ("a_defect_is_red_on_a_process_too", a_defect_is_red_on_a_process_too),
    ("what_a_killed_run_left_is_ended_by_the_next", what_a_killed_run_left_is_ended),
    ("a_server_that_does_not_come_up_is_broken_in_time_with_its_words", a_server_that_does_not_come_up),
    ("a_stack_that_is_none_ends_with_3", a_stack_that_is_none),
];

const PLAYED: [&str; 3] =
    ["first_run/build_me_a_team", "first_run/byok_without_a_key", "first_run/refused_later"];

fn played(place: &TempDir, stack: &str) -> Vec<(String, String, BTreeSet<String>)> {
    let words = [&["run"][..], &PLAYED, &["--stack", stack, "--out", stack]].concat();
    ends_with(&firstrun(place, &words), 0);
    let text = fs::read_to_string(place.path().join(stack).join("report.json")).unwrap();
    let report: Value = serde_json::from_str(&text).unwrap();
    let journeys = report["journeys"].as_array().unwrap();
    journeys
        .iter()
        .map(|journey| {
            let id = journey["planned"]["id"].as_str().unwrap();
            let path = place.path().join(stack).join("journeys").join(format!("{id}.jsonl"));
            let journal = Journal::read(&path).unwrap();
            let judged = serde_json::to_string(&journal.judged.as_ref().unwrap().checks).unwrap();
            let mut facts: BTreeSet<String> =
                journal.observations.iter().filter_map(|seen| told(&seen.fact)).collect();
            facts.extend(last_events(&journal));
            (id.to_owned(), judged, facts)
        })
        .collect()
}

/// A fact without what the platform makes up, without times, and without what only repeats a look.
fn told(fact: &Fact) -> Option<String> {
    match fact {
        Fact::Turn(turn) => Some(format!("said {}", turn.said)),
        Fact::ToolCall(call) if call.tool == "provision_workspace" => {
            Some(format!("called {}", call.arguments))
        }
        Fact::EntryCall(call) => {
            Some(format!("{:?} {:?} {:?} {} {:?}", call.entry, call.step, call.model, call.status, call.code))
        }
        Fact::BoxStarted(started) => Some(format!("box {:?} {:?}", started.model, started.env_names)),
        Fact::ModelCall(call) => {
            Some(format!("model {} {:?} {:?} {}", call.model, call.key, call.payer, call.status))
        }
        Fact::Asked(asked) => Some(format!("asked {} {}", asked.nonce, asked.is_answered())),
        Fact::Census(census) => Some(format!("census of {} rows", census.rows.len())),
        _ => None,
    }
}

/// What the last reading of each row's events holds; how often they are read on the way is a matter of pace.
fn last_events(journal: &Journal) -> Vec<String> {
    let mut last: BTreeMap<&str, String> = BTreeMap::new();
    for seen in &journal.observations {
        if let Fact::Events(events) = &seen.fact {
            let names: Vec<&str> = events.events.iter().map(|event| event.event_type.as_str()).collect();
            last.insert(&events.workspace, format!("events {names:?}"));
        }
    }
    last.into_values().collect()
}

fn one_seed_says_the_same() {
    let place = place();
    let (embedded, process) = (played(&place, "embedded"), played(&place, "process"));
    assert_eq!(embedded.len(), process.len());
    for (here, there) in embedded.iter().zip(&process) {
        assert_eq!((&here.0, &here.1), (&there.0, &there.1), "another verdict");
        assert!(here.2.len() > 5, "{:?}", here.2);
        assert_eq!(here.2, there.2, "{}: other facts", here.0);
    }
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

fn what_a_killed_run_left_is_ended() {
    let place = place();
    let words = ["run", "--stack", "process", "--no-shrink", "--out", "killed"];
    let mut run = Command::new(env!("CARGO_BIN_EXE_firstrun"))
        .args(words)
        .current_dir(place.path())
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let pid = run.id();
    let began = Instant::now();
    while owned_by(pid).is_empty() && began.elapsed() < Duration::from_secs(30) {
        std::thread::sleep(Duration::from_millis(5));
    }
    // Asked before it is killed: a run beside this test may end what it left at once.
    assert!(!owned_by(pid).is_empty(), "no server came up, so that nothing is shown");
    run.kill().unwrap();
    run.wait().unwrap();
    // Another run that begins beside this test may have ended them already.
    let words = ["run", "first_run/refused_later", "--stack", "process", "--out", "next"];
    ends_with(&firstrun(&place, &words), 0);
    let began = Instant::now();
    while !owned_by(pid).is_empty() && began.elapsed() < Duration::from_secs(5) {
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(owned_by(pid), Vec::<u32>::new());
}

fn a_server_that_does_not_come_up() {
    let place = place();
    for (name, command, within, says) in [
        ("ends", "[$firstrun, forms, --runtime, nobody]", "20s", "there is no runtime `nobody`"),
        ("hangs", "[/bin/sleep, '60']", "300ms", "took no connection on port"),
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
