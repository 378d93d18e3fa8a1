//! The same scenarios in containers. Played by a static build of the command with containers in it, which
//! `FIRSTRUN_STATIC` names: an image holds that one program and nothing else, so that nothing is pulled.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use libtest_mimic::Trial;
use stack::Missing;
use tempfile::TempDir;

use crate::command::{by, ends_with, place};
use crate::parity::assert_same;
use crate::stacks::{begun, until};
use crate::{Named, trials_that_need};

/// Names the program.
const PROGRAM: &str = "FIRSTRUN_STATIC";

const TESTS: &[Named] = &[
    ("one_seed_says_the_same_on_embedded_and_in_containers", one_seed_says_the_same),
    ("what_a_killed_run_left_in_docker_is_removed_by_the_next", what_a_killed_run_left),
    ("a_server_that_is_killed_in_its_container_is_a_finding", a_server_that_is_killed),
    ("a_contract_that_is_a_file_goes_into_the_container", a_contract_that_is_a_file),
    ("an_image_that_is_missing_is_broken_with_its_name", an_image_that_is_missing),
    ("a_machine_without_an_engine_is_told_so", a_machine_without_an_engine),
];

/// Tests of services from images, which must be there: nothing is pulled by a test.
const OF_SERVICES: &[Named] =
    &[("a_tenant_has_its_services_from_images", a_tenant_has_its_services_from_images)];

const POSTGRES: &str = "postgres:16";
const REDIS: &str = "redis:7";

pub(crate) fn trials() -> Vec<Trial> {
    let missing = missing();
    let mut trials = trials_that_need(&missing, "containers", TESTS);
    let reason = "needs the images postgres:16 and redis:7, which no test pulls";
    let can_run = missing.is_empty() && [POSTGRES, REDIS].iter().all(|image| has_image(image));
    trials.extend(OF_SERVICES.iter().map(|(name, test)| {
        let trial = crate::trial(&format!("containers::{name}"), *test);
        if can_run { trial } else { trial.with_kind(reason).with_ignored_flag(true) }
    }));
    trials
}

fn missing() -> Vec<Missing> {
    let one = |what: &str| vec![Missing { what: what.to_owned(), how: String::new() }];
    let Some(program) = std::env::var_os(PROGRAM).map(PathBuf::from) else {
        return one("a static build with containers, named by FIRSTRUN_STATIC,");
    };
    let looked = Command::new(program).args(["doctor", "--stack", "containers"]).output();
    match looked {
        Ok(looked) if looked.status.success() => Vec::new(),
        Ok(looked) => one(String::from_utf8_lossy(&looked.stdout).trim()),
        Err(error) => one(&format!("the program of FIRSTRUN_STATIC ({error})")),
    }
}

fn program() -> PathBuf {
    PathBuf::from(std::env::var_os(PROGRAM).unwrap())
}

fn has_image(name: &str) -> bool {
    !docker(&["images", "--quiet", name]).is_empty()
}

/// The lines that Docker's own command answers; none where it can't.
fn docker(words: &[&str]) -> Vec<String> {
    let said = Command::new("docker").args(words).output().map(|output| output.stdout).unwrap_or_default();
    String::from_utf8_lossy(&said).lines().map(str::to_owned).collect()
}

/// The containers of a run.
fn containers_of(run: u32) -> Vec<String> {
    let all = docker(&["ps", "--all", "--format", "{{.ID}} {{.Label \"firstrun.owner\"}}"]);
    let mark = format!("{run}.");
    let own =
        all.iter().filter_map(|line| line.split_once(' ').filter(|(_, owner)| owner.starts_with(&mark)));
    own.map(|(id, _)| id.to_owned()).collect()
}

/// The networks of a run.
fn networks_of(run: u32) -> Vec<String> {
    let all = docker(&["network", "ls", "--format", "{{.Name}}"]);
    all.into_iter().filter(|name| name.starts_with(&format!("firstrun-{run}."))).collect()
}

fn one_seed_says_the_same() {
    assert_same(&program(), "embedded", "containers");
}

fn what_a_killed_run_left() {
    let place = place();
    let words = ["run", "first_run/build_me_a_team", "--stack", "containers", "--out", "killed"];
    let mut run = begun(&program(), &place, &[], &words);
    let pid = run.id();
    let is_up = until(Duration::from_secs(60), || containers_of(pid).len() >= 4);
    assert!(is_up && networks_of(pid).len() == 1, "nothing came up, so that nothing is shown");
    run.kill().unwrap();
    run.wait().unwrap();
    // What the engine was about to make when the run was killed comes a little later.
    std::thread::sleep(Duration::from_secs(2));
    let words = ["run", "first_run/refused_later", "--seeds", "1", "--stack", "containers", "--out", "next"];
    ends_with(&by(&program(), &place, &words), 0);
    // What came later still is the next sweep's.
    until(Duration::from_secs(20), || {
        let is_gone = containers_of(pid).is_empty() && networks_of(pid).is_empty();
        if !is_gone {
            ends_with(&by(&program(), &place, &["clean"]), 0);
        }
        is_gone
    });
    assert_eq!((containers_of(pid), networks_of(pid)), (Vec::new(), Vec::new()));
}

fn a_server_that_is_killed() {
    let place = place();
    fs::write(place.path().join("stays.yaml"), STAYS).unwrap();
    let words = ["run", "stays.yaml", "--no-shrink", "--stack", "containers", "--out", "out"];
    let mut run = begun(&program(), &place, &[], &words);
    let pid = run.id();
    assert!(until(Duration::from_secs(60), || is_provisioned(&place)), "nothing was provisioned");
    let containers = containers_of(pid);
    assert_eq!(containers.len(), 1, "{containers:?}");
    docker(&["kill", "--signal", "KILL", &containers[0]]);
    assert_eq!(run.wait().unwrap().code(), Some(1));
    let report = fs::read_to_string(place.path().join("out/report.json")).unwrap();
    assert!(report.contains("server_ended"), "{report}");
    assert_eq!((containers_of(pid), networks_of(pid)), (Vec::new(), Vec::new()));
}

/// A team that is watched long enough for its server to be killed meanwhile.
const STAYS: &str = "title: a team stays online
why: its server is killed meanwhile
given: { agent: { persona: guesser, would_type: moonshot/kimi-k2.6 } }
steps:
  - user_says: { text: build me a team, members: [enter-product], runtime: claude-code }
  - eventually: { within: 10s, team: { enter-product: { status: online } } }
  - stays: { for: 10s, team: all_online }
";

fn is_provisioned(place: &TempDir) -> bool {
    let Ok(entries) = fs::read_dir(place.path().join("out/journeys")) else { return false };
    let texts = entries.filter_map(|entry| fs::read_to_string(entry.ok()?.path()).ok());
    let is_members = |line: &str| line.contains("\"box_started\"") && line.contains("\"kind\":\"workspace\"");
    texts.into_iter().any(|text| text.lines().any(is_members))
}

/// A stack file beside the test.
fn written(place: &TempDir, platform: &str, more: &str) {
    let text = format!("name: other\ntitle: another stack\nplatform: {platform}\n{more}");
    fs::write(place.path().join("other.yaml"), text).unwrap();
}

fn broken_with(place: &TempDir, says: &str) {
    let began = Instant::now();
    let words = ["run", "first_run/refused_later", "--seeds", "1", "--stack", "other.yaml", "--out", "out"];
    let (out, err) = ends_with(&by(&program(), place, &words), 5);
    let told = format!("{out} {err}").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains(says), "{told}");
    assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
}

fn a_contract_that_is_a_file() {
    let place = place();
    let name = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/contracts/create-gate.yaml");
    fs::copy(name, place.path().join("own.yaml")).unwrap();
    let words =
        ["run", "first_run/refused_later", "--seeds", "1", "--stack", "containers", "--contract", "own.yaml"];
    ends_with(&by(&program(), &place, &words), 0);
}

fn an_image_that_is_missing() {
    let place = place();
    // A registry that nobody serves: the answer comes at once, from this machine.
    written(&place, "{ container: { image: { name: \"127.0.0.1:9/nowhere:1\" } } }", "");
    broken_with(&place, "127.0.0.1:9/nowhere:1");
}

fn a_machine_without_an_engine() {
    let place = place();
    let words = ["run", "first_run/refused_later", "--stack", "containers", "--out", "out"];
    let mut command = Command::new(program());
    command.args(words).current_dir(place.path()).env_clear();
    let output = command.env("DOCKER_HOST", "unix:///nowhere/docker.sock").output().unwrap();
    let (_, err) = ends_with(&output, 5);
    assert!(err.contains("prepare the stack containers: ") && err.contains("start Docker"), "{err}");
}

fn a_tenant_has_its_services_from_images() {
    let place = place();
    let services =
        format!("services: {{ postgres: {{ image: \"{POSTGRES}\" }}, redis: {{ image: \"{REDIS}\" }} }}\n");
    let environment = "environment:\n  PORT: $port\n  BIND: 127.0.0.1\n  PLATFORM_URL: http://$host:$port\n";
    let more = format!("{services}{environment}  DATABASE_URL: $postgres_url\n  REDIS_URL: $redis_url\n");
    written(&place, "{ command: [$firstrun, platform] }", &more);
    let words = ["run", "first_run/refused_later", "--seeds", "2", "--stack", "other.yaml", "--out", "out"];
    ends_with(&by(&program(), &place, &words), 0);
}
