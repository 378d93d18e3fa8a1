//! `firstrun forms` as it is typed.

use journal::FormLabel;
use serde_json::Value;

use crate::Named;
use crate::command::{ends_with, firstrun, place};

pub(crate) const TESTS: &[Named] = &[
    ("every_form_of_a_runtime_is_shown_once_in_order", every_form_of_a_runtime_is_shown_once_in_order),
    ("words_that_name_nothing_end_with_2_and_the_near_name", words_that_name_nothing_end_with_2),
    ("programs_get_a_list_with_every_field", programs_get_a_list_with_every_field),
    ("nothing_reaches_the_terminal_raw_and_ids_are_bounded", nothing_reaches_the_terminal_raw),
    ("one_seed_shows_the_same_twice_and_another_shows_others", one_seed_shows_the_same_twice),
];

/// What is printed for these words. Nothing is left behind.
fn told(words: &[&str]) -> String {
    let place = place();
    let (out, err) = ends_with(&firstrun(&place, &[&["forms"], words].concat()), 0);
    assert_eq!(err, "");
    assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 0);
    out
}

fn listed(words: &[&str]) -> Vec<Value> {
    let text = told(&[words, &["--format", "json"]].concat());
    serde_json::from_str(&text).unwrap()
}

fn every_form_of_a_runtime_is_shown_once_in_order() {
    let out = told(&["--runtime", "claude-code"]);
    let is_heading = |line: &&str| line.ends_with(" id") || line.ends_with(" ids");
    let headings: Vec<&str> =
        out.lines().filter(is_heading).filter_map(|line| line.split(':').next()).collect();
    let lacking = [FormLabel::TemplateDefault, FormLabel::Passthrough];
    let held = FormLabel::ALL.into_iter().filter(|label| !lacking.contains(label));
    assert_eq!(headings, held.map(FormLabel::as_str).collect::<Vec<_>>(), "{out}");
    let last = out.lines().last().unwrap();
    assert!(
        last.starts_with("the grammar holds ") && last.contains(" ids of 25 forms for claude-code; "),
        "{last}"
    );
    assert!(last.ends_with("; none of template_default, passthrough"), "{last}");
    let absent =
        "\nabsent: 1 id\n  no id  absent\n    accepted, then online, its agent answers; the platform pays\n";
    assert!(out.contains(absent), "{out}");
    let early = told(&["--runtime", "claude-code", "--contract", "incident", "--form", "absent"]);
    assert!(
        early.contains("\n    refused with MODEL_REQUIRED, and no row is made; nobody is paid\n"),
        "{early}"
    );
}

fn words_that_name_nothing_end_with_2() {
    for (words, what, near) in [
        (&["--runtime", "claude-cod"][..], "there is no runtime `claude-cod`", "claude-code"),
        (&["--runtime", "codex", "--entry", "creat"], "there is no entry `creat`", "create"),
        (&["--runtime", "codex", "--form", "paded"], "there is no form `paded`", "padded"),
    ] {
        let (out, err) = ends_with(&firstrun(&place(), &[&["forms"], words].concat()), 2);
        assert_eq!((out, err), (String::new(), format!("{what}\nhint: did you mean `{near}`?\n")));
    }
    let (_, err) = ends_with(&firstrun(&place(), &["forms", "--runtime", "\u{1b}[2K"]), 2);
    assert!(err.contains("`\\u{1b}[2K`\nhint: write one of claude-code"), "{err}");
    ends_with(&firstrun(&place(), &["forms"]), 2);
    ends_with(&firstrun(&place(), &["forms", "--runtime", "codex", "--all", "--samples", "3"]), 2);
    ends_with(&firstrun(&place(), &["forms", "--runtime", "codex", "--contract", "no-such"]), 3);
}

fn programs_get_a_list_with_every_field() {
    let fields = [
        "form",
        "id",
        "of",
        "status",
        "code",
        "row_status",
        "row_code",
        "payer",
        "provider",
        "key",
        "answers",
        "why",
        "or",
    ];
    let list = listed(&["--runtime", "claude-code", "--samples", "1"]);
    assert_eq!(list.len(), 25);
    for sample in &list {
        assert_eq!(sample.as_object().unwrap().keys().map(String::as_str).collect::<Vec<_>>(), fields);
    }
    let absent = &list[0];
    assert_eq!((&absent["form"], &absent["id"]), (&Value::from("absent"), &Value::Null));
    assert_eq!((&absent["status"], &absent["code"]), (&Value::from(201), &Value::Null));
    assert_eq!((&absent["row_status"], &absent["answers"]), (&Value::from("online"), &Value::from("yes")));
    let refused = list.iter().find(|sample| sample["form"] == "foreign").unwrap();
    assert_eq!((&refused["status"], &refused["row_status"]), (&Value::from(422), &Value::Null));
    let two = ["--runtime", "hermes", "--form", "padded", "--form", "dated", "--samples", "1"];
    let forms: Vec<Value> = listed(&two).into_iter().map(|sample| sample["form"].clone()).collect();
    assert_eq!(forms, ["dated", "padded"]);
    let by_put = listed(&["--runtime", "claude-code", "--entry", "put_model"]);
    assert!(by_put.iter().all(|sample| !sample["id"].is_null()), "what changes a row names an id");
}

fn nothing_reaches_the_terminal_raw() {
    let out = told(&["--runtime", "hermes", "--all"]);
    let list = listed(&["--runtime", "hermes", "--all"]);
    let shown = out.lines().filter(|line| line.starts_with("  ") && !line.starts_with("    ")).count();
    assert_eq!(shown, list.len());
    assert!(out.ends_with('\n') && out.contains("…` (101 bytes)"), "{out}");
    let is_plain = |letter: char| letter == '\n' || letter == '…' || (' '..='~').contains(&letter);
    let raw = out.chars().find(|letter| !is_plain(*letter));
    assert_eq!(raw, None);
    assert!(out.lines().all(|line| line.chars().count() <= 200), "{out}");
}

fn one_seed_shows_the_same_twice() {
    let words = |seed: &'static str| ["--runtime", "openclaw", "--seed", seed];
    assert_eq!(told(&words("7")), told(&words("7")));
    assert_ne!(told(&words("7")), told(&words("8")));
}
