//! Any server binary that takes a real server's variables, with a Postgres and a Redis that the run starts. The
//! reference platform stands in for one: it demands exactly the recipe.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Output;
use std::time::Duration;

use tempfile::TempDir;

use stack::Missing;

use crate::command::{ends_with, firstrun_with, place};
use crate::stacks::{begun, owned_by, until};
use crate::{Named, needed};

pub(crate) const TESTS: &[Named] = &[
    ("a_server_that_takes_the_recipe_is_played_on_with_services_of_ours", a_server_that_takes_the_recipe),
    ("each_tenant_has_a_database_of_its_own", each_tenant_has_a_database),
    ("what_a_killed_run_left_of_its_services_is_removed_by_the_next", what_a_killed_run_left_of_its_services),
    ("a_postgres_that_refuses_is_broken_with_its_place", a_postgres_that_refuses),
    ("a_server_without_its_migrations_is_broken_with_its_words", a_server_without_its_migrations),
    ("what_the_platform_can_not_know_is_skipped_with_the_reason", what_the_platform_can_not_know),
];

/// What this machine lacks for them.
pub(crate) fn missing() -> Vec<Missing> {
    needed("name: services\ntitle: t\nplatform: embedded\nservices: { postgres: started, redis: started }\n")
}

/// The stack's own file, as the built-in one.
const STACK: &str = "local-server";

/// A stand-in that serves by these promises, and the folder that it finds its migrations in.
fn stand_in(place: &TempDir, contract: &str, migrations: &[(&str, &str)]) -> [(&'static str, String); 2] {
    let server = place.path().join("server");
    let program = env!("CARGO_BIN_EXE_firstrun");
    let text = format!("#!/bin/sh\nexec {program} platform --contract {contract} --demand-recipe\n");
    fs::write(&server, text).unwrap();
    fs::set_permissions(&server, fs::Permissions::from_mode(0o755)).unwrap();
    let folder = place.path().join("server-files");
    fs::create_dir_all(folder.join("migrations")).unwrap();
    for (name, text) in migrations {
        fs::write(folder.join("migrations").join(name), text).unwrap();
    }
    let shown = |path: &Path| path.display().to_string();
    [("FIRSTRUN_PLATFORM_BIN", shown(&server)), ("FIRSTRUN_PLATFORM_DIR", shown(&folder))]
}

fn played(place: &TempDir, variables: &[(&str, String)], words: &[&str]) -> Output {
    let words = [&["run", "--stack", STACK, "--no-shrink"], words].concat();
    firstrun_with(place, variables, &words)
}

fn a_server_that_takes_the_recipe() {
    let place = place();
    // Two files: the second needs the first, and the one that undoes it must not be run.
    let variables = stand_in(
        &place,
        "create-gate",
        &[
            ("001_rows.up.sql", "CREATE TABLE rows (id TEXT PRIMARY KEY);"),
            ("001_rows.down.sql", "DROP TABLE rows;"),
            ("002_name.up.sql", "ALTER TABLE rows ADD COLUMN name TEXT;"),
        ],
    );
    let words = [
        "first_run/build_me_a_team",
        "first_run/byok_without_a_key",
        "--seeds",
        "2",
        "--contract",
        "create-gate",
    ];
    let (out, _) = ends_with(&played(&place, &variables, &words), 0);
    assert!(out.contains("passed") && out.contains(STACK), "{out}");
    // What is judged is given by the contract that is asked for: by another the same server is red.
    let asked = ["ids/any_form_any_entry", "--seeds", "8", "--contract"];
    ends_with(&played(&place, &variables, &[&asked[..], &["create-gate"]].concat()), 0);
    ends_with(&played(&place, &variables, &[&asked[..], &["as-designed"]].concat()), 1);
}

/// The stand-in refuses a database that the migrations of another tenant were applied to.
fn each_tenant_has_a_database() {
    let place = place();
    let variables = stand_in(&place, "as-designed", &[("001.sql", "CREATE TABLE once (id TEXT);")]);
    let words = ["first_run/build_me_a_team", "--seeds", "4"];
    ends_with(&played(&place, &variables, &words), 0);
}

/// The folders of a run's services.
fn folders_of(run: u32) -> Vec<String> {
    let entries = fs::read_dir(std::env::temp_dir()).unwrap().filter_map(Result::ok);
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    names.filter(|name| name.starts_with(&format!("firstrun-{run}."))).collect()
}

fn what_a_killed_run_left_of_its_services() {
    let place = place();
    let variables = stand_in(&place, "as-designed", &[("001.sql", "CREATE TABLE once (id TEXT);")]);
    let words = ["run", "first_run/build_me_a_team", "--stack", STACK, "--out", "killed"];
    let mut run = begun(Path::new(env!("CARGO_BIN_EXE_firstrun")), &place, &variables, &words);
    let pid = run.id();
    // Both services, and tenants beside them.
    let is_up = until(Duration::from_secs(60), || owned_by(pid).len() >= 6);
    assert!(is_up && folders_of(pid).len() == 2, "{:?} {:?}", owned_by(pid), folders_of(pid));
    run.kill().unwrap();
    run.wait().unwrap();
    ends_with(&played(&place, &variables, &["first_run/refused_later", "--seeds", "1"]), 0);
    until(Duration::from_secs(5), || owned_by(pid).is_empty() && folders_of(pid).is_empty());
    assert_eq!((owned_by(pid), folders_of(pid)), (Vec::new(), Vec::new()));
}

fn a_postgres_that_refuses() {
    let place = place();
    // A port of the system's own, on which no database listens.
    let port = 1;
    let text = format!(
        "name: refused\ntitle: t\nplatform: embedded\n\
         services: {{ postgres: {{ url: \"postgres://u:hidden@127.0.0.1:{port}/d\" }} }}\n"
    );
    fs::write(place.path().join("refused.yaml"), text).unwrap();
    let words = ["run", "first_run/refused_later", "--stack", "refused.yaml"];
    let (out, err) = ends_with(&firstrun_with(&place, &[], &words), 5);
    assert!(err.contains(&format!("connect to postgres at 127.0.0.1:{port}")), "{err}");
    assert!(!err.contains("hidden") && !out.contains("hidden"), "{err}");
}

fn a_server_without_its_migrations() {
    let place = place();
    let variables = stand_in(&place, "as-designed", &[]);
    let (out, _) = ends_with(&played(&place, &variables, &["first_run/refused_later"]), 5);
    let told = out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("no migration in"), "{told}");
}

fn what_the_platform_can_not_know() {
    let place = place();
    let variables = stand_in(&place, "as-designed", &[]);
    fs::write(place.path().join("adk.yaml"), ADK).unwrap();
    let words = ["plan", "adk.yaml", "ids/any_form_any_entry", "--stack"];
    let (out, _) = ends_with(&firstrun_with(&place, &variables, &[&words[..], &[STACK]].concat()), 0);
    assert!(
        out.contains("the platform of the stack local-server does not know the runtime google-adk"),
        "{out}"
    );
    assert!(!out.contains("runtime=google-adk,"), "{out}");
    let (out, _) = ends_with(&firstrun_with(&place, &variables, &[&words[..], &["embedded"]].concat()), 0);
    assert!(out.contains("runtime=google-adk,"), "{out}");
}

const ADK: &str = "\
title: a member on a runtime that only a manifest names
why: without its manifest a platform knows fewer runtimes
vary: { runtime: [google-adk] }
steps:
  - provision: { name: one, entry: create, runtime: $runtime, model: 'platform:gemini-2.5-pro' }
  - eventually: { within: 10s, team: all_online }
";
