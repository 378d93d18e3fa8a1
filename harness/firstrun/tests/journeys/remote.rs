//! A tenant that already runs: it is played on, left as it was, and refused where it does not look disposable.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use journal::{CensusMoment, Fact, Journal, RowSource, Verdict};
use tempfile::TempDir;

use crate::Named;
use crate::command::{ends_with, firstrun_with, place};
use crate::served::TOKEN;
use crate::stacks::{begun, until};
use target::Target;

#[path = "remote/target.rs"]
mod target;

pub(crate) const TESTS: &[Named] = &[
    ("what_can_be_played_on_a_target_passes_and_leaves_it_as_it_was", what_can_be_played_passes),
    ("a_defect_of_a_target_is_a_finding_and_leaves_nothing", a_defect_of_a_target_is_a_finding),
    ("a_target_that_keeps_a_row_is_a_finding_and_told_at_the_end", a_target_that_keeps_a_row),
    ("a_target_with_rows_of_others_is_refused_unless_told", a_target_with_rows_of_others),
    ("what_a_killed_run_left_on_a_target_is_removed_by_the_next", what_a_killed_run_left),
    ("a_run_that_is_told_to_stop_leaves_no_row_on_a_target", a_run_that_is_told_to_stop),
    ("a_target_that_can_t_be_used_is_broken_and_its_token_told_nowhere", a_target_that_can_t_be_used),
    ("a_token_that_is_written_out_is_refused_at_its_place", a_token_that_is_written_out),
];

/// A member by every entry; it must come online under the concierge, and a second of the same name beside it.
const PACK: &str = "title: members come online by every entry
why: what needs no conversation can be played on any tenant
vary: { runtime: [claude-code], entry: [tool, create, import, put_model, restart], model: [moonshot/kimi-k2.6] }
steps:
  - provision: { entry: $entry, name: Scout, runtime: $runtime, model: $model }
  - eventually: { within: 10s, workspace: { Scout: { status: online, parent: concierge } } }
  - restart: { workspace: Scout }
  - eventually: { within: 10s, workspace: { Scout: { status: online } } }
";

/// A member that must stay online for long.
const LONG: &str = "title: a member stays online
why: its run ends meanwhile
steps:
  - provision: { entry: create, name: Scout, runtime: claude-code, model: moonshot/kimi-k2.6 }
  - eventually: { within: 10s, workspace: { Scout: { status: online } } }
  - stays: { for: 30s, team: all_online }
";

fn written(place: &TempDir, name: &str, text: &str) -> PathBuf {
    let path = place.path().join(name);
    fs::write(&path, text).unwrap();
    path
}

fn journals(place: &TempDir, out: &str) -> Vec<Journal> {
    let entries = fs::read_dir(place.path().join(out).join("journeys")).unwrap();
    entries.map(|entry| Journal::read(&entry.unwrap().path()).unwrap()).collect()
}

/// Every text below a folder.
fn texts(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().map(Result::unwrap);
    entries
        .flat_map(|entry| match entry.path() {
            path if path.is_dir() => texts(&path),
            path => vec![fs::read_to_string(path).unwrap()],
        })
        .collect()
}

fn what_can_be_played_passes() {
    let (place, target) = (place(), Target::start());
    let before = target.rows();
    written(&place, "pack.yaml", PACK);
    let words = [
        "run",
        "pack.yaml",
        "first_run/refused_later",
        "ids/any_form_any_entry",
        "first_run/build_me_a_team",
        "first_run/byok_with_its_key",
        "first_run/self_hosted_with_its_key",
        "--stack",
        "remote",
        "--out",
        "out",
    ];
    let (out, err) = ends_with(&firstrun_with(&place, &target.variables(), &words), 0);
    assert!(err.contains("42 journeys, 1 at once"), "{err}");
    assert_eq!(target.rows(), before);
    let run = fs::read_to_string(place.path().join("out/run.json")).unwrap();
    for reason in [
        "the stack remote has no concierge of ours to talk to",
        "the stack remote has no second tenant",
        "the stack remote has no boxes of ours that show model calls and answers",
        "the stack remote has no tenants that host themselves",
        "the stack remote has no keys of the whole tenant to give",
    ] {
        assert!(run.contains(reason), "no `{reason}` in {run}");
    }
    for journal in journals(&place, "out") {
        assert_eq!(journal.judged.as_ref().unwrap().verdict, Verdict::Passed, "{journal:#?}");
        speaks_of_own_names(&journal);
        proves_that_nothing_is_left(&journal);
    }
    let recorded = texts(&place.path().join("out"));
    assert!(recorded.iter().chain([&out, &err]).all(|text| !text.contains(TOKEN)));
}

/// On the wire the name is marked; what is judged knows the member's own.
fn speaks_of_own_names(journal: &Journal) {
    let mut sent = Vec::new();
    for seen in &journal.observations {
        match &seen.fact {
            Fact::Exchange(exchange) if exchange.path == "/workspaces" => {
                sent.push(exchange.request["name"].as_str().unwrap().to_owned());
            }
            Fact::Row(seen) => {
                let row = seen.row.as_ref().filter(|_| seen.source == RowSource::List);
                assert!(
                    row.is_none_or(|row| ["Scout", "late", "member"].contains(&row.name.as_str())),
                    "{row:?}"
                );
            }
            Fact::EntryCall(call) => assert!(!call.reason.iter().any(|reason| reason.contains("firstrun-"))),
            _ => {}
        }
    }
    assert!(sent.iter().all(|name| name.starts_with("firstrun-")), "{sent:?}");
}

/// As many rows as were counted at the end were deleted and are gone.
fn proves_that_nothing_is_left(journal: &Journal) {
    let census = |moment| {
        let taken = journal.observations.iter().find_map(|seen| match &seen.fact {
            Fact::Census(census) if census.moment == moment => Some(census),
            _ => None,
        });
        taken.unwrap().rows.len()
    };
    let rows = census(CensusMoment::End);
    assert!(rows <= 1 && (rows == 1 || journal.opened.journey.0.contains("any_form")));
    assert_eq!([CensusMoment::SetUp, CensusMoment::TornDown].map(census), [0, 0]);
    let receipts = journal.observations.iter().filter_map(|seen| match &seen.fact {
        Fact::Receipt(receipt) => Some((receipt.status, receipt.read_after)),
        _ => None,
    });
    assert_eq!(receipts.collect::<Vec<_>>(), vec![(200, 410); rows]);
}

/// The target's own platform is damaged, not ours: members stand outside the tree.
fn a_defect_of_a_target_is_a_finding() {
    let (place, target) = (place(), Target::with(&["--defect", "D-13"]));
    let before = target.rows();
    written(&place, "pack.yaml", PACK);
    let words = ["run", "pack.yaml", "--stack", "remote", "--no-shrink", "--out", "out"];
    let (out, _) = ends_with(&firstrun_with(&place, &target.variables(), &words), 1);
    assert!(out.contains("Scout") && out.contains("workspace rows"), "{out}");
    assert_eq!(target.rows(), before);
}

fn a_target_that_keeps_a_row() {
    let (place, target) = (place(), Target::start());
    written(&place, "pack.yaml", PACK);
    let mut variables = target.variables();
    variables[0].1 = target.that_keeps_every_row();
    let words = ["run", "pack.yaml", "--stack", "remote", "--no-shrink", "--out", "out"];
    let (out, err) = ends_with(&firstrun_with(&place, &variables, &words), 5);
    assert!(out.contains("O-13") && out.contains("left_after_teardown"), "{out}");
    assert!(
        err.contains("failed to remove what the run made on ") && err.contains("still there: `firstrun-"),
        "{err}"
    );
    assert_eq!(target.made().len(), 4);
}

fn a_target_with_rows_of_others() {
    let (place, target) = (place(), Target::start());
    target.add("Payroll");
    target.add("firstrun notes");
    let before = target.rows();
    written(&place, "pack.yaml", PACK);
    let words = ["run", "pack.yaml", "--stack", "remote", "--out", "refused"];
    let (_, err) = ends_with(&firstrun_with(&place, &target.variables(), &words), 5);
    let says = "it does not look disposable: it holds 2 rows that no run made: `Payroll`, `firstrun notes`";
    assert!(err.contains(says) && err.contains("hint: `disposable: true`"), "{err}");
    assert_eq!(target.rows(), before);
    let told = include_str!("../../../../fixtures/stacks/remote.yaml")
        .replace("disposable: false", "disposable: true");
    written(&place, "told.yaml", &told);
    let words = ["run", "pack.yaml", "--stack", "told.yaml", "--out", "told"];
    ends_with(&firstrun_with(&place, &target.variables(), &words), 0);
    assert_eq!(target.rows(), before);
    let recorded = texts(&place.path().join("told/journeys"));
    assert!(
        recorded.iter().all(|text| !text.contains("Payroll")),
        "the rows of others are nobody's business"
    );
}

/// A run that goes on until it is ended, once its row is there.
fn under_way(place: &TempDir, target: &Target) -> std::process::Child {
    written(place, "long.yaml", LONG);
    let words = ["run", "long.yaml", "--stack", "remote", "--out", "cut"];
    let run = begun(Path::new(env!("CARGO_BIN_EXE_firstrun")), place, &target.variables(), &words);
    let is_made = until(Duration::from_secs(60), || !target.made().is_empty());
    assert!(is_made, "no row was made, so that nothing is shown");
    run
}

fn what_a_killed_run_left() {
    let (place, target) = (place(), Target::start());
    let before = target.rows();
    let mut run = under_way(&place, &target);
    // A run beside one that goes on leaves it alone.
    written(&place, "pack.yaml", PACK);
    let words = ["run", "pack.yaml", "--stack", "remote", "--out", "beside"];
    let (_, err) = ends_with(&firstrun_with(&place, &target.variables(), &words), 0);
    assert!(!err.contains("ended first"), "{err}");
    assert_eq!(target.made().len(), 1);
    run.kill().unwrap();
    run.wait().unwrap();
    assert_eq!(target.made().len(), 1);
    let words = ["run", "pack.yaml", "--stack", "remote", "--out", "next"];
    let (_, err) = ends_with(&firstrun_with(&place, &target.variables(), &words), 0);
    assert!(err.contains("1 row"), "{err}");
    assert_eq!(target.rows(), before);
}

fn a_run_that_is_told_to_stop() {
    let (place, target) = (place(), Target::start());
    let before = target.rows();
    let mut run = under_way(&place, &target);
    let told = Command::new("/bin/sh").args(["-c", &format!("kill -TERM {}", run.id())]).status().unwrap();
    assert!(told.success());
    run.wait().unwrap();
    assert_eq!(target.rows(), before);
}

fn a_target_that_can_t_be_used() {
    let (place, target) = (place(), Target::start());
    let before = target.rows();
    written(&place, "pack.yaml", PACK);
    for (name, variable, value, says) in [
        ("token", "FIRSTRUN_REMOTE_ADMIN_TOKEN", "another-token-altogether", "is answered with 401"),
        ("org", "FIRSTRUN_REMOTE_ORG_ID", "another-org", "is answered with 404"),
        ("nobody", "FIRSTRUN_REMOTE_URL", "http://127.0.0.1:1", "Connection refused"),
        ("scheme", "FIRSTRUN_REMOTE_URL", "https://127.0.0.1:1", "only plain http is spoken"),
        (
            "said_back",
            "FIRSTRUN_REMOTE_URL",
            &target.that_says_back_what_it_is_shown(),
            "<secret:ADMIN_TOKEN>",
        ),
        ("short", "FIRSTRUN_REMOTE_ADMIN_TOKEN", "short", "fewer than 8 bytes"),
    ] {
        let mut variables = target.variables();
        let wrong = variables.iter_mut().find(|(known, _)| *known == variable).unwrap();
        wrong.1 = value.to_owned();
        let token = variables[2].1.clone();
        let began = Instant::now();
        let words = ["run", "pack.yaml", "--stack", "remote", "--out", name];
        let (out, err) = ends_with(&firstrun_with(&place, &variables, &words), 5);
        assert!(began.elapsed() < Duration::from_secs(30), "{name} took {:?}", began.elapsed());
        assert!(err.contains("failed to prepare the stack remote: ") && err.contains(says), "{name}: {err}");
        if name != "short" {
            let recorded = texts(&place.path().join(name));
            assert!(recorded.iter().chain([&out, &err]).all(|text| !text.contains(&token)), "{name}: {err}");
        }
    }
    assert_eq!(target.rows(), before);
}

fn a_token_that_is_written_out() {
    let (place, target) = (place(), Target::start());
    let text = include_str!("../../../../fixtures/stacks/remote.yaml");
    written(&place, "out.yaml", &text.replace("$FIRSTRUN_REMOTE_ADMIN_TOKEN\n", "s3cr3t-t0k3n\n"));
    let words = ["run", "first_run/refused_later", "--stack", "out.yaml"];
    let (_, err) = ends_with(&firstrun_with(&place, &target.variables(), &words), 3);
    assert!(err.contains("the token of the admin is written out") && err.contains("out.yaml"), "{err}");
    assert!(err.contains("hint: name a variable") && !err.contains("s3cr3t"), "{err}");
}
