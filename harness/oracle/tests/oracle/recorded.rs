//! The recorded creates (`fixtures/golden/vectors`): which of them a prediction can be held against, and what went in.
//!
//! Also a module of `firstrun`'s journeys, which hold the command to the same lines.

use oracle::{GivenKey, Manifest, Scope};
use serde_json::Value;

/// The contracts that creates were recorded of.
pub(crate) const CONTRACTS: [&str; 3] = ["incident", "create-gate", "head"];

/// So many lines a contract were recorded.
const RECORDED: usize = 357;
/// At least so many of them are predicted, however the recordings change.
const COUNTED_AT_LEAST: usize = 265;

/// How many of them are predicted, contract by contract: neither a line that falls out nor one that creeps in goes
/// unnoticed.
const COUNTED: [(&str, usize); 3] = [("incident", 285), ("create-gate", 280), ("head", 275)];

/// What a line's note says where the platform could not fetch what its row needs.
const UNREACHABLE: &str = "asset host unreachable";

/// Cases whose bodies held something besides name, runtime, model and keys, or something that is none of those.
const OTHER_INPUT: &[(&str, &str)] = &[
    ("external-url", "is about the address"),
    ("external-flag", "is about the flag `external`"),
    ("model-number", "the model is no string"),
    ("name-", "is about the name"),
    ("role-", "is about the role"),
    ("tier-", "is about the tier"),
    ("parent-", "is about the parent"),
    ("delivery-", "is about the delivery mode"),
    ("access-", "is about the access"),
    ("dir-", "is about the directory"),
    ("compute-", "is about the computer"),
    ("url-", "is about the address"),
    ("body-id", "is about a field that is ignored"),
    ("unknown-key", "is about a field that is ignored"),
    ("llm-provider", "is about a field that is ignored"),
    ("template-", "is about the template"),
    ("json-", "is about the JSON text"),
];

/// Cases whose keys had no value.
const BLANK: &[&str] = &["payload-empty-value", "payload-blank-value", "platform-payload-empty"];

/// Every recorded line of a contract.
pub(crate) fn lines(contract: &str) -> Vec<Value> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/golden/vectors");
    let text = std::fs::read_to_string(format!("{folder}/{contract}.jsonl")).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), RECORDED, "{contract}");
    lines
}

/// The text at this place of a line.
pub(crate) fn text<'a>(line: &'a Value, pointer: &str) -> Option<&'a str> {
    line.pointer(pointer).and_then(Value::as_str)
}

/// Why a line is not predicted.
pub(crate) fn uncounted(line: &Value) -> Option<&'static str> {
    let case = text(line, "/case").unwrap();
    if text(line, "/phase") == Some("mutate") {
        return Some("is a script of later changes");
    }
    if let Some((_, reason)) = OTHER_INPUT.iter().find(|(prefix, _)| case.starts_with(prefix)) {
        return Some(reason);
    }
    let has_failed = text(line, "/row/status") == Some("failed");
    let has_code = line.pointer("/row/fail_payload/code").is_some();
    // Without that note such a row is one that a prediction is wrong about.
    let is_cut_off = text(line, "/note").is_some_and(|note| note.contains(UNREACHABLE));
    (has_failed && !has_code && is_cut_off).then_some("failed because the asset host could not be reached")
}

/// Asserts that so many lines of a contract were predicted as there are to predict.
pub(crate) fn assert_counted(contract: &str, counted: usize) {
    let (_, recorded) = COUNTED.iter().find(|(name, _)| *name == contract).unwrap();
    assert_eq!(counted, *recorded, "{contract}: another number of lines is predicted");
    assert!(counted >= COUNTED_AT_LEAST, "{contract}: only {counted} lines");
}

/// The keys that went in.
pub(crate) fn keys(line: &Value) -> Vec<GivenKey<'_>> {
    let scope = match text(line, "/keys/where") {
        Some("payload") => Scope::Payload,
        Some("global") => Scope::Global,
        _ => return Vec::new(),
    };
    let is_blank = BLANK.contains(&text(line, "/case").unwrap());
    let names = line["keys"]["names"].as_array().unwrap();
    names.iter().map(|name| GivenKey { name: name.as_str().unwrap(), scope, is_blank }).collect()
}

/// Only the phase `adk` was recorded with a manifest at hand.
pub(crate) fn manifest(line: &Value) -> Manifest {
    if text(line, "/phase") == Some("adk") { Manifest::Readable } else { Manifest::Unreadable }
}
