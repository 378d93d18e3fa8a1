//! `up` and `down`, `doctor`, `clean`: a tenant to work with, and what a machine has and lacks.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use stack::Missing;

use crate::command::{ends_with, firstrun, firstrun_with, place};
use crate::stacks::{owned_by, until};
use crate::{Named, needed};

/// Tests of the lines that are printed for curl.
pub(crate) const BY_CURL: &[Named] = &[
    ("a_tenant_is_up_answers_what_is_printed_and_goes_down", a_tenant_is_up),
    ("tokens_are_printed_only_when_they_are_asked_for", tokens_are_printed_only_when_asked_for),
];

/// What this machine lacks for them.
pub(crate) fn missing() -> Vec<Missing> {
    needed("name: curl\ntitle: t\nplatform: { command: [curl] }\n")
}

pub(crate) const TESTS: &[Named] = &[
    ("a_tenant_goes_down_by_itself_when_its_time_is_over", a_tenant_goes_down_by_itself),
    ("a_remote_tenant_is_not_brought_up", a_remote_tenant_is_up_already),
    ("the_doctor_says_what_is_missing_and_how_to_get_it", the_doctor_says_what_is_missing),
    ("clean_says_what_it_removed", clean_says_what_it_removed),
];

/// A tenant that is kept up, and what was printed of it.
struct Up {
    process: Child,
    told: Vec<String>,
}

/// Brings one up; `temp` is where it leaves its sign, so that tests beside each other take down their own only.
fn up(place: &TempDir, words: &[&str]) -> Up {
    let mut process = Command::new(env!("CARGO_BIN_EXE_firstrun"))
        .arg("up")
        .args(words)
        .current_dir(place.path())
        .env_clear()
        .env("TMPDIR", place.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = Vec::new();
    // The lines to try are the last.
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    while told.iter().filter(|line: &&String| line.contains("curl")).count() < 3 {
        match lines.next() {
            Some(line) => told.push(line.unwrap()),
            None => panic!("it ended: {told:?}, {}", errors(&mut process)),
        }
    }
    Up { process, told }
}

/// What a test that fails leaves up goes down with it.
impl Drop for Up {
    fn drop(&mut self) {
        if self.process.try_wait().is_ok_and(|ended| ended.is_none()) {
            let term = format!("kill -TERM {}", self.process.id());
            Command::new("/bin/sh").args(["-c", &term]).status().ok();
            self.process.wait().ok();
        }
    }
}

fn errors(process: &mut Child) -> String {
    let mut text = String::new();
    process.stderr.take().unwrap().read_to_string(&mut text).unwrap();
    text
}

impl Up {
    fn line(&self, what: &str) -> &str {
        let found = self.told.iter().find_map(|line| line.strip_prefix(what));
        found.unwrap_or_else(|| panic!("no {what}: {:?}", self.told)).trim()
    }

    /// What a line to try answers.
    fn tried(&self, number: usize, variables: &[(&str, &str)]) -> String {
        let line = self.told.iter().filter(|line| line.contains("curl")).nth(number).unwrap();
        let output = Command::new("/bin/sh")
            .args(["-c", line.trim()])
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        assert!(output.status.success(), "{line}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }
}

fn down(place: &TempDir) -> (String, String) {
    let variables = [("TMPDIR", place.path().display().to_string())];
    ends_with(&firstrun_with(place, &variables, &["down"]), 0)
}

fn a_tenant_is_up() {
    let place = place();
    let mut up = up(&place, &["process", "--show-tokens", "--persona", "omitter"]);
    let pid = up.process.id();
    assert_eq!(owned_by(pid).len(), 1, "one server for the one tenant");
    let rows = up.tried(0, &[]);
    assert!(rows.contains(up.line("concierge")) && rows.contains("online"), "{rows}");
    let made = up.tried(1, &[]);
    assert!(made.contains("\"id\""), "{made}");
    let said = up.tried(2, &[]);
    assert!(said.contains("online"), "the concierge tells of its team: {said}");
    let (told, _) = down(&place);
    assert!(told.contains("took down a tenant on process at http://127.0.0.1:"), "{told}");
    assert_eq!(up.process.wait().unwrap().code(), Some(0));
    assert_eq!(owned_by(pid), Vec::<u32>::new());
    assert_eq!(down(&place).0, "nothing is up\n");
}

fn tokens_are_printed_only_when_asked_for() {
    let place = place();
    let mut shown = up(&place, &["--show-tokens"]);
    let token = shown.line("admin token").to_owned();
    assert!(token.len() >= 32, "{token}");
    down(&place);
    shown.process.wait().unwrap();
    let mut hidden = up(&place, &[]);
    assert_eq!(hidden.line("admin token"), "hidden; --show-tokens prints it");
    // The same seed makes the same token, and it stands nowhere.
    assert!(!hidden.told.concat().contains(&token), "{:?}", hidden.told);
    let rows = hidden.tried(0, &[("FIRSTRUN_ADMIN_TOKEN", &token)]);
    assert!(rows.contains(hidden.line("concierge")), "the variable stands for the token: {rows}");
    down(&place);
    hidden.process.wait().unwrap();
}

fn a_tenant_goes_down_by_itself() {
    let place = place();
    let mut up = up(&place, &["--for", "100ms"]);
    assert!(until(Duration::from_secs(30), || !has_sign(place.path())), "its sign is still there");
    assert_eq!(up.process.wait().unwrap().code(), Some(0));
}

fn a_remote_tenant_is_up_already() {
    let place = place();
    let variables = ["URL", "ORG_ID", "ADMIN_TOKEN"]
        .map(|name| (format!("FIRSTRUN_REMOTE_{name}"), "http://127.0.0.1:9/long-enough".to_owned()));
    let variables = variables.each_ref().map(|(name, value)| (name.as_str(), value.clone()));
    let (_, err) = ends_with(&firstrun_with(&place, &variables, &["up", "remote"]), 2);
    assert!(err.contains("is up already"), "{err}");
}

fn has_sign(place: &Path) -> bool {
    let entries = std::fs::read_dir(place).unwrap().filter_map(Result::ok);
    entries.into_iter().any(|entry| entry.file_name().to_string_lossy().contains("-up-"))
}

fn the_doctor_says_what_is_missing() {
    let place = place();
    let (out, _) = ends_with(&firstrun(&place, &["doctor"]), 0);
    assert!(out.contains("embedded: ready") && out.contains("process: ready"), "{out}");
    assert!(out.contains("local-server: can't be played on here"), "{out}");
    assert!(out.contains("the variable FIRSTRUN_PLATFORM_BIN is not set"), "{out}");
    let text = "name: a\ntitle: b\nplatform: { command: [/nowhere/server] }\nworking_directory: nowhere\n";
    std::fs::write(place.path().join("a.yaml"), text).unwrap();
    let (out, _) = ends_with(&firstrun(&place, &["doctor", "--stack", "a.yaml"]), 5);
    assert!(out.contains("needs the program /nowhere/server") && out.contains("hint: "), "{out}");
    assert!(out.contains("needs the folder nowhere"), "{out}");
}

fn clean_says_what_it_removed() {
    let place = place();
    let variables = [("TMPDIR", place.path().display().to_string())];
    let mut killed = up(&place, &[]);
    killed.process.kill().unwrap();
    killed.process.wait().unwrap();
    assert!(has_sign(place.path()));
    let (out, _) = ends_with(&firstrun_with(&place, &variables, &["clean"]), 0);
    assert!(out.starts_with("removed ") && out.contains("1 folder"), "{out}");
    assert!(!has_sign(place.path()));
}
