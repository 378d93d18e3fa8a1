//! One seed on two stacks. Equal up to ids, times, and the order of senders that know nothing of each other.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use journal::{Fact, Journal};
use serde_json::Value;
use tempfile::TempDir;

use crate::command::{by, ends_with, place};

const PLAYED: [&str; 3] =
    ["first_run/build_me_a_team", "first_run/byok_without_a_key", "first_run/refused_later"];

/// A journey, what was judged of it, and what was seen.
type Seen = (String, String, BTreeSet<String>);

/// Plays one seed on two stacks: the same journeys, the same verdicts, the same facts.
pub(crate) fn assert_same(program: &Path, one: &str, other: &str) {
    let place = place();
    let (one, other) = (played(program, &place, one), played(program, &place, other));
    assert_eq!(one.len(), other.len());
    for (here, there) in one.iter().zip(&other) {
        assert_eq!((&here.0, &here.1), (&there.0, &there.1), "another verdict");
        assert!(here.2.len() > 5, "{:?}", here.2);
        assert_eq!(here.2, there.2, "{}: other facts", here.0);
    }
}

fn played(program: &Path, place: &TempDir, stack: &str) -> Vec<Seen> {
    let words = [&["run"][..], &PLAYED, &["--stack", stack, "--out", stack]].concat();
    ends_with(&by(program, place, &words), 0);
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
