//! A server that ends while a journey uses it: a finding with the end of its log, and nothing left of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use journal::{Fact, FindingKind, Journal, ServerSaid, Verdict};
use serde_json::Value;
use tempfile::TempDir;

use crate::Named;
use crate::command::{ends_with, firstrun, place};
use crate::stacks::owned_by;

pub(crate) const TESTS: &[Named] = &[
    ("a_server_that_is_killed_in_mid_provision_is_a_finding_with_its_log", a_server_that_is_killed),
    ("what_a_server_that_ended_left_is_ended_with_its_journey", what_a_server_that_ended_left),
    ("a_green_journey_records_the_log_of_its_server_and_shows_none", a_green_journey_shows_no_log),
];

/// Says more than a red shows, a secret among it, and becomes the platform.
const TALKATIVE: &str = r#"N=0; while [ $N -lt 30 ]; do N=$((N+1)); echo "line $N of ours"; done;
  echo "begun with $ADMIN_TOKEN"; exec "$0" "$@""#;

/// Ends where a file appears, and leaves the platform behind, and a process that does not listen when it is told to stop.
const CARELESS: &str = r#""$0" "$@" & (trap '' TERM; while :; do /bin/sleep 0.2; done) & while [ ! -e "$GATE" ]; do /bin/sleep 0.02; done; exit 7"#;

/// A team that comes online and must stay so.
const TEAM: &str = "title: a team stays online
why: its server is broken meanwhile
given: { agent: { persona: guesser, would_type: moonshot/kimi-k2.6 } }
steps:
  - user_says: { text: build me a team, members: [enter-product], runtime: claude-code }
  - eventually: { within: 10s, team: { enter-product: { status: online } } }
  - stays: { for: TIME, team: all_online }
";

/// A stack whose server is begun by a script of the shell.
fn scripted(place: &TempDir, script: &str) -> &'static str {
    let text = format!(
        "name: scripted\ntitle: a server that a script begins\nplatform:\n  command:\n    - /bin/sh\n    - -c\n    - |-\n      \
         {}\n    - $firstrun\n    - platform\n    - --contract\n    - $contract\n    - --registry\n    - $registry\n\
         environment:\n  PORT: $port\n  BIND: 127.0.0.1\n  PLATFORM_URL: http://127.0.0.1:$port\n  GATE: {}\n\
         time_factor: 2\n",
        script.replace('\n', "\n      "),
        gate(place).display(),
    );
    fs::write(place.path().join("scripted.yaml"), text).unwrap();
    "scripted.yaml"
}

fn gate(place: &TempDir) -> PathBuf {
    place.path().join("gate")
}

/// Plays a team that must stay online for so long, and does something as soon as its box was asked for. Answers what the
/// run said, and its process.
fn play(place: &TempDir, stack: &str, stays: &str, once_provisioned: impl Fn(u32)) -> (Output, u32) {
    let scenario = TEAM.replace("TIME", stays);
    fs::write(place.path().join("team.yaml"), scenario).unwrap();
    let run = Command::new(env!("CARGO_BIN_EXE_firstrun"))
        .args(["run", "team.yaml", "--stack", stack, "--out", "out"])
        .current_dir(place.path())
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let pid = run.id();
    let began = Instant::now();
    while !is_provisioned(place) {
        assert!(began.elapsed() < Duration::from_secs(60), "nothing was provisioned");
        std::thread::sleep(Duration::from_millis(2));
    }
    once_provisioned(pid);
    (run.wait_with_output().unwrap(), pid)
}

/// The record of the one journey, once there is one.
fn record(place: &TempDir) -> Option<PathBuf> {
    let mut entries = fs::read_dir(place.path().join("out/journeys")).ok()?;
    Some(entries.next()?.unwrap().path())
}

fn is_provisioned(place: &TempDir) -> bool {
    let text = record(place).and_then(|path| fs::read_to_string(path).ok()).unwrap_or_default();
    text.lines().any(|line| line.contains("\"box_started\"") && line.contains("\"kind\":\"workspace\""))
}

fn said(path: &Path) -> Vec<ServerSaid> {
    let seen = Journal::read(path).unwrap().observations.into_iter();
    seen.filter_map(|seen| match seen.fact {
        Fact::ServerSaid(said) => Some(said),
        _ => None,
    })
    .collect()
}

fn report(place: &TempDir, out: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(place.path().join(out).join("report.json")).unwrap()).unwrap()
}

/// Kills the processes of a run that are its servers.
fn kill_servers(run: u32) {
    let servers = owned_by(run);
    assert_eq!(servers.len(), 1, "{servers:?}");
    let killed = Command::new("/bin/sh").args(["-c", &format!("kill -9 {}", servers[0])]).status().unwrap();
    assert!(killed.success());
}

fn a_server_that_is_killed() {
    let place = place();
    let stack = scripted(&place, TALKATIVE);
    let (output, pid) = play(&place, stack, "20s", kill_servers);
    let (out, _) = ends_with(&output, 1);
    assert_eq!(owned_by(pid), Vec::<u32>::new());
    let journal = Journal::read(&record(&place).unwrap()).unwrap();
    let judged = journal.judged.unwrap();
    assert_eq!((judged.verdict, judged.findings[0].kind), (Verdict::Failed, FindingKind::ServerEnded));
    assert!(
        judged.findings[0].seen.starts_with("it ended by itself with signal: 9 (SIGKILL); its last words: ")
    );
    for shown in [
        "a server ended though nobody had told it to (server_ended)",
        "the tenant's server ended by itself with signal: 9 (SIGKILL); the last 10 lines of its log",
        "    line 30 of ours\n",
        "begun with <secret:ADMIN_TOKEN>\n",
    ] {
        assert!(out.contains(shown), "no `{shown}` in {out}");
    }
    assert!(!out.contains("line 20 of ours"), "{out}");
    let journey = &report(&place, "out")["journeys"][0];
    assert_eq!(journey["judged"]["findings"][0]["kind"], "server_ended");
    assert_eq!(journey["servers"][0]["ended"], "signal: 9 (SIGKILL)");
    assert!(journey["servers"][0]["lines"].to_string().contains("line 1 of ours"), "{journey}");
    let xml = fs::read_to_string(place.path().join("out/junit.xml")).unwrap();
    assert!(xml.contains("type=\"server_ended\"") && xml.contains("line 1 of ours"), "{xml}");
    let page = fs::read_to_string(place.path().join("out/summary.md")).unwrap();
    assert!(page.contains("line 30 of ours") && !page.contains("line 20 of ours"), "{page}");
}

fn what_a_server_that_ended_left() {
    let place = place();
    let stack = scripted(&place, CARELESS);
    let (output, pid) = play(&place, stack, "500ms", |_| fs::write(gate(&place), "").unwrap());
    let (out, _) = ends_with(&output, 1);
    assert!(out.contains("it ended by itself with exit status: 7"), "{out}");
    let began = Instant::now();
    while !owned_by(pid).is_empty() && began.elapsed() < Duration::from_secs(2) {
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(owned_by(pid), Vec::<u32>::new());
}

fn a_green_journey_shows_no_log() {
    let place = place();
    let stack = scripted(&place, TALKATIVE);
    for (stack, out, servers) in [(stack, "process", 1), ("embedded", "embedded", 0)] {
        let words = ["run", "first_run/refused_later", "--stack", stack, "--out", out, "--seeds", "1"];
        let (told, _) = ends_with(&firstrun(&place, &words), 0);
        let xml = fs::read_to_string(place.path().join(out).join("junit.xml")).unwrap();
        let page = fs::read_to_string(place.path().join(out).join("summary.md")).unwrap();
        let report = report(&place, out);
        for text in [told, xml, page, report.to_string()] {
            assert!(!text.contains("of ours"), "{text}");
        }
        for journey in report["journeys"].as_array().unwrap() {
            let id = journey["planned"]["id"].as_str().unwrap();
            let said = said(&place.path().join(out).join("journeys").join(format!("{id}.jsonl")));
            assert_eq!(said.len(), servers, "{said:#?}");
            assert!(said.iter().all(|said| said.words.ended.is_none() && said.words.lines.len() > 30));
        }
    }
}
