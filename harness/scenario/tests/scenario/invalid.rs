//! `fixtures/invalid`: each file is refused with exactly its text.

use std::fs;
use std::path::{Path, PathBuf};

use document::Source;

use crate::surroundings::Loaded;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/invalid")
}

fn refused(path: &Path) -> String {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let source = Source::new(name, fs::read_to_string(path).unwrap());
    match scenario::read_scenario(&source, "id", Loaded::builtin().around()) {
        Ok(_) => panic!("{} is accepted", path.display()),
        Err(problems) => document::render_all(&problems),
    }
}

#[test]
fn every_invalid_scenario_is_refused_with_its_exact_message() {
    let mut count = 0;
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "yaml") {
            continue;
        }
        count += 1;
        let said = refused(&path).trim_end().to_owned() + "\n";
        let expected = path.with_extension("txt");
        if std::env::var_os("FIRSTRUN_BLESS").is_some() {
            fs::write(&expected, &said).unwrap();
        }
        let wanted = fs::read_to_string(&expected).unwrap_or_default();
        assert_eq!(said, wanted, "{}", path.display());
    }
    assert!(count >= 25, "only {count} fixtures are left");
}

/// The messages in the sources of the checks: what is added as a problem, with a hole for each inserted value.
fn messages() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/check");
    let mut messages = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let source = fs::read_to_string(&path).unwrap();
        let flat = source.split_whitespace().collect::<Vec<_>>().join(" ");
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        for begin in ["let text = format!(\"", ", \"", ", format!(\""] {
            for part in flat.split(".add(").skip(1).filter(|_| begin != "let text = format!(\"") {
                // The first argument is a place, the second the message.
                let message = part.strip_prefix(' ').unwrap_or(part);
                if let Some(at) = message.find(begin).filter(|at| !message[..*at].contains([',', ';', '('])) {
                    messages.push((file.clone(), literal(&message[at + begin.len()..])));
                }
            }
        }
        for part in flat.split("let text = format!(\"").skip(1) {
            messages.push((file.clone(), literal(part)));
        }
    }
    messages.sort();
    messages.dedup();
    messages
}

/// A string literal up to its end.
fn literal(text: &str) -> String {
    let mut end = text.len();
    let mut escaped = false;
    for (at, letter) in text.char_indices() {
        match letter {
            '\\' if !escaped => escaped = true,
            '"' if !escaped => {
                end = at;
                break;
            }
            _ => escaped = false,
        }
    }
    text[..end].to_owned()
}

/// True where the parts of a message around its holes stand in a text, in order.
fn is_said(message: &str, text: &str) -> bool {
    let mut rest = text;
    for (index, part) in message.split(['{', '}']).enumerate() {
        if index % 2 == 1 {
            continue;
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

#[test]
fn every_problem_that_a_check_can_report_has_a_fixture() {
    let texts: Vec<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    let messages = messages();
    assert!(messages.len() >= 20, "the sources are not read rightly: {messages:#?}");
    let missing: Vec<_> =
        messages.iter().filter(|(_, message)| !texts.iter().any(|text| is_said(message, text))).collect();
    assert!(missing.is_empty(), "no fixture shows these: {missing:#?}");
}
