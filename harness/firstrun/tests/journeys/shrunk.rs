//! A failing drawn case is cut down to the simplest scenario that fails alike, and is kept for later runs.

use std::fs;
use std::path::Path;

use firstrun::Loaded;
use scenario::forms_of;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::Named;
use crate::command::{ends_with, firstrun, place};

pub(crate) const TESTS: &[Named] = &[
    ("a_misread_form_is_shrunk_to_the_one_simplest_id_for_three_seeds", a_misread_form_is_shrunk),
    ("what_is_left_runs_by_itself_and_fails_the_same_way", what_is_left_runs_by_itself),
    ("no_shorter_listed_form_would_replace_the_id_that_is_left", no_shorter_form_would_replace_it),
    ("a_run_that_is_told_not_to_shrinks_nothing", a_run_that_is_told_not_to_shrinks_nothing),
    ("what_is_left_is_sound_where_the_platform_is", what_is_left_is_sound_where_the_platform_is),
    ("a_kept_case_is_played_first_and_is_fixed_when_it_keeps_passing", a_kept_case_is_played_first),
    ("a_kept_case_that_is_none_ends_with_3_and_nothing_is_lost", a_kept_case_that_is_none),
];

/// A scenario with more in it than its finding needs.
const WORDY: &str = r"
title: an id is treated as its registry says
why: the shrinker is tried on it
given: { bystander: true }
vary:
  runtime: [openclaw]
  entry: [create]
  key: { kind: [none, matching], scope: [payload] }
  model: { any_form: true, draw: 10 }
steps:
  - provision: { entry: $entry, name: member, runtime: $runtime, model: $model, key: $key }
  - expect: as_predicted
  - provision: { entry: create, name: other, runtime: $runtime }
  - expect: as_predicted
";

/// The simplest id of openclaw that a resolver misreads when it takes a colon for a slash: `groq/auto` is nobody's.
const SIMPLEST: &str = "groq:auto";

fn wordy(place: &TempDir) -> &'static str {
    fs::write(place.path().join("wordy.yaml"), WORDY).unwrap();
    "wordy.yaml"
}

fn run(place: &TempDir, words: &[&str], code: i32) -> String {
    let words = [&["run"], words, &["--defect", "D-06"]].concat();
    ends_with(&firstrun(place, &words), code).0
}

fn minimal(place: &TempDir, out: &str) -> Vec<Value> {
    let text = fs::read_to_string(place.path().join(out).join("minimal.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn a_misread_form_is_shrunk() {
    let place = place();
    let file = wordy(&place);
    for seed in ["1", "2", "3"] {
        let told = run(&place, &[file, "--seed", seed, "--out", seed], 1);
        let records = minimal(&place, seed);
        assert_eq!(records.len(), 1, "cases alike are shrunk once: {records:#?}");
        let record = &records[0];
        assert_eq!(
            (&record["model"], &record["is_smallest"]),
            (&json!(SIMPLEST), &json!(true)),
            "seed {seed}"
        );
        let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(told.contains("nothing simpler fails"), "{told}");
        let left = fs::read_to_string(place.path().join(record["file"].as_str().unwrap())).unwrap();
        for cut in ["bystander", "key", "other"] {
            let body = left.lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>().join("\n");
            assert!(!body.contains(cut), "{cut} is left in:\n{left}");
        }
    }
}

fn what_is_left_runs_by_itself() {
    let place = place();
    let file = wordy(&place);
    run(&place, &[file, "--out", "first"], 1);
    let record = minimal(&place, "first").remove(0);
    let left = record["file"].as_str().unwrap();
    let told = run(&place, &[left, "--no-shrink", "--out", "again"], 1);
    assert!(told.contains("verdict_differs") && told.contains("1 journey: 1 failed"), "{told}");
    // And without the switch nothing is wrong with it.
    ends_with(&firstrun(&place, &["run", left, "--out", "sound"]), 0);
}

fn no_shorter_form_would_replace_it() {
    let place = place();
    let registry = Loaded::builtin().unwrap().registry;
    let shorter: Vec<Value> = forms_of(&registry, "openclaw")
        .into_iter()
        .filter(|form| form.id.as_ref().is_none_or(|id| id.len() < SIMPLEST.len()))
        .map(|form| form.id.map_or(Value::Null, Value::String))
        .collect();
    assert!(shorter.len() > 10, "{shorter:?}");
    let scenario = json!({
        "title": "every shorter form is treated as its registry says",
        "why": "else the shrinker would have ended with it",
        "vary": { "runtime": ["openclaw"], "model": shorter },
        "steps": [
            { "provision": { "entry": "create", "name": "member", "runtime": "$runtime", "model": "$model" } },
            { "expect": "as_predicted" },
        ],
    });
    fs::write(place.path().join("shorter.yaml"), document::write(&scenario).unwrap()).unwrap();
    run(&place, &["shorter.yaml", "--out", "shorter"], 0);
}

/// A scenario's own claim about its ids holds for what is left too, so that nothing but the switch turns it red.
fn what_is_left_is_sound_where_the_platform_is() {
    let place = place();
    for (scenario, defect) in
        [("byok_with_its_key", "D-35"), ("refused_later", "D-72"), ("refused_later", "D-04")]
    {
        let (scenario, out) = (format!("first_run/{scenario}"), format!("{scenario}-{defect}"));
        ends_with(&firstrun(&place, &["run", &scenario, "--defect", defect, "--out", &out]), 1);
        let records = minimal(&place, &out);
        let left: Vec<&str> = records.iter().filter_map(|record| record["file"].as_str()).collect();
        assert!(!left.is_empty(), "{records:#?}");
        let words = [&["run"], &left[..], &["--out"]].concat();
        ends_with(&firstrun(&place, &[&words[..], &[&format!("{out}-sound")]].concat()), 0);
        let broken = format!("{out}-broken");
        ends_with(
            &firstrun(&place, &[&words[..], &[&broken, "--defect", defect, "--no-shrink"]].concat()),
            1,
        );
    }
}

fn a_run_that_is_told_not_to_shrinks_nothing() {
    let place = place();
    let file = wordy(&place);
    run(&place, &[file, "--no-shrink", "--out", "out"], 1);
    assert!(!place.path().join("out/minimal.json").exists() && !place.path().join("out/minimal").exists());
}

/// The platform of the night, judged by what was asked for; then the same file, mended.
const NIGHT: &str = include_str!("../../../../fixtures/contracts/incident.yaml");
const MENDED: &str = include_str!("../../../../fixtures/contracts/as-designed.yaml");

const KEYLESS: &str = r"
title: a vendor's id without its key is refused with a reason
why: kept cases are tried on it
vary:
  runtime: [claude-code]
  model: { forms: [bare], draw: 1 }
steps:
  - provision: { entry: create, name: member, runtime: $runtime, model: $model }
  - expect: as_predicted
";

fn kept_run(place: &TempDir, out: &str, seed: &str, code: i32) -> String {
    let words = [
        &["run", "keyless.yaml", "--platform-contract", "platform.yaml", "--keep-regressions", "kept"][..],
        &["--no-shrink", "--out", out, "--seed", seed],
    ];
    ends_with(&firstrun(place, &words.concat()), code).0
}

fn a_kept_case_is_played_first() {
    let place = place();
    let platform = place.path().join("platform.yaml");
    fs::write(place.path().join("keyless.yaml"), KEYLESS).unwrap();
    fs::write(&platform, NIGHT).unwrap();
    let told = kept_run(&place, "red", "1", 1);
    assert!(told.contains("kept cases") && told.contains("new"), "{told}");
    let kept: Vec<_> =
        fs::read_dir(place.path().join("kept")).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(kept.len(), 1, "{kept:?}");
    let first = first_case(&place, "red");
    // Another seed draws another case, and the kept one comes before it.
    assert!(kept_run(&place, "still", "2", 1).contains("fails"));
    assert_eq!(first_case(&place, "still"), first);
    // What the scenario could not draw any more is told, and not played.
    fs::write(place.path().join("keyless.yaml"), KEYLESS.replace("forms: [bare]", "forms: [dated]")).unwrap();
    fs::write(&platform, MENDED).unwrap();
    assert!(kept_run(&place, "stale", "2", 0).contains("stale"));
    fs::write(place.path().join("keyless.yaml"), KEYLESS).unwrap();
    fs::write(&platform, MENDED).unwrap();
    for (out, says) in [("one", "1 run in a row"), ("two", "2 runs in a row"), ("three", "fixed")] {
        let told = kept_run(&place, out, "2", 0);
        assert!(told.contains(says), "{out}: {told}");
    }
    let (listed, _) = ends_with(&firstrun(&place, &["regressions", "kept"]), 0);
    assert!(listed.contains("fixed: passed 3 runs") && listed.contains("1 case kept"), "{listed}");
    let (dropped, _) = ends_with(&firstrun(&place, &["regressions", "kept", "--drop-fixed"]), 0);
    assert!(dropped.contains("dropped") && dropped.contains("0 cases kept"), "{dropped}");
    assert_eq!(fs::read_dir(place.path().join("kept")).unwrap().count(), 0);
}

fn first_case(place: &TempDir, out: &str) -> String {
    let text = fs::read_to_string(place.path().join(out).join("run.json")).unwrap();
    let run: Value = serde_json::from_str(&text).unwrap();
    run["journeys"][0]["case"].as_str().unwrap().to_owned()
}

fn a_kept_case_that_is_none() {
    let place = place();
    fs::write(place.path().join("keyless.yaml"), KEYLESS).unwrap();
    fs::create_dir(place.path().join("kept")).unwrap();
    let damaged = place.path().join("kept/damaged.yaml");
    fs::write(&damaged, "scenario: x\nsead: 1\n").unwrap();
    let words = ["run", "keyless.yaml", "--keep-regressions", "kept", "--out", "out"];
    let (_, err) = ends_with(&firstrun(&place, &words), 3);
    assert!(err.contains("damaged.yaml:2:1") && err.contains("unknown key `sead`"), "{err}");
    assert!(Path::new(&damaged).exists() && !place.path().join("out").exists());
    let with_defect = [&words[..], &["--defect", "D-06"]].concat();
    ends_with(&firstrun(&place, &with_defect), 2);
    let (_, err) = ends_with(&firstrun(&place, &["regressions", "kept", "--drop", "damaged.yml"]), 3);
    assert!(err.contains("sead"), "{err}");
    fs::remove_file(&damaged).unwrap();
    let (_, err) = ends_with(&firstrun(&place, &["regressions", "kept", "--drop", "nobody.yaml"]), 2);
    assert!(err.contains("no case is kept under this name"), "{err}");
    ends_with(&firstrun(&place, &["regressions", "nowhere"]), 2);
}
