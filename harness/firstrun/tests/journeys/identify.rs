//! `firstrun identify`: every platform is known by its answers.

use std::sync::Arc;

use firstrun::{ChosenStack, Identified, Progress, RunOptions, asking, identify};
use serde_json::Value;

use crate::Named;
use crate::command::{ends_with, firstrun, place};

pub(crate) const TESTS: &[Named] = &[
    ("every_built_in_contract_is_named_by_its_platforms_answers", every_built_in_contract_is_named),
    ("a_platform_of_no_contract_ends_with_1_and_the_nearest", a_platform_of_no_contract_ends_with_1),
    ("the_command_names_the_contract_of_a_platform_process", the_command_names_a_process),
    ("people_get_the_answer_first_and_nothing_is_left_behind", people_get_the_answer_first),
    ("names_that_lead_nowhere_end_with_3", names_that_lead_nowhere_end_with_3),
];

fn identified(contract: &str) -> Identified {
    let loaded = Arc::new(asking(Some(contract), None).unwrap());
    let options = RunOptions { stack: ChosenStack::embedded(), ..RunOptions::default() };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(identify(loaded, options, |_| Progress::silent(), std::future::pending())).unwrap()
}

fn every_built_in_contract_is_named() {
    for (contract, _) in contract::BUILTIN_CONTRACTS {
        let found = identified(contract);
        assert_eq!(found.troubles, Vec::<String>::new(), "{contract}");
        assert_eq!(found.free(), [contract], "{}", found.in_words());
        assert!(found.not_asked().is_empty());
        for score in &found.scores {
            let answers = score.agrees + score.silent + score.contradictions.len();
            assert_eq!(answers, found.questions, "{contract} beside {}", score.contract);
        }
    }
}

/// The contract of the analysis, but for an import that asks nobody whose id it is, like all other platforms.
fn a_platform_of_no_contract_ends_with_1() {
    let place = place();
    let (_, text) = contract::BUILTIN_CONTRACTS[0];
    let import =
        "{ tool: refused, create: refused, import: fails_at_provisioning, put_model: refused, restart: fails";
    assert!(text.contains(import), "{text}");
    let odd =
        text.replacen(import, &import.replacen("import: fails_at_provisioning", "import: proxied", 1), 1);
    std::fs::write(place.path().join("odd.yaml"), odd).unwrap();
    let words = ["identify", "--platform-contract", "odd.yaml"];
    let (out, _) = ends_with(&firstrun(&place, &words), 1);
    let first = "the platform behaves like none of the contracts; the nearest is as-designed, with ";
    assert!(out.starts_with(first), "{out}");
    let question = "\n  runtime=claude-code,entry=import,model=no-such-model (as_predicted)\n";
    let own = out.split("\nas-designed: ").nth(1).unwrap().split("\nincident: ").next().unwrap();
    assert!(own.contains(question), "{out}");
}

fn the_command_names_a_process() {
    let words = ["identify", "--stack", "process", "--platform-contract", "head", "--format", "json"];
    let (out, _) = ends_with(&firstrun(&place(), &words), 0);
    let said: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(said["contracts"], serde_json::json!(["head"]), "{out}");
    assert_eq!(said["not_asked"], serde_json::json!([]));
    assert_eq!(said["scores"].as_array().unwrap().len(), contract::BUILTIN_CONTRACTS.len());
}

fn people_get_the_answer_first() {
    let place = place();
    let (out, _) = ends_with(&firstrun(&place, &["identify", "--platform-contract", "incident"]), 0);
    assert!(out.starts_with("the platform behaves like incident\n"), "{out}");
    assert!(out.contains("\nincident: ") && out.contains(" agree, 0 differ, "), "{out}");
    assert!(out.contains("\norg-default: ") && out.contains("    promised: "), "{out}");
    assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 0);
}

fn names_that_lead_nowhere_end_with_3() {
    for (words, near) in [
        (["--platform-contract", "incidnt"], "did you mean `incident`?"),
        (["--registry", "hed"], "did you mean `head`?"),
        (["--stack", "proces"], "did you mean `process`?"),
    ] {
        let (out, err) = ends_with(&firstrun(&place(), &[&["identify"], &words[..]].concat()), 3);
        assert!(out.is_empty() && err.contains(near), "{out}{err}");
    }
}
