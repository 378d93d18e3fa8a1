//! A seed repeats a journey: the same names, model ids, nonces and org ids; what the platform makes itself is free.

use std::collections::BTreeSet;

use firstrun::RunOptions;
use journal::{Fact, Observation};

use crate::Named;
use crate::played::{loaded, planned, play};

pub(crate) const TESTS: &[Named] = &[
    (
        "one_seed_gives_the_same_names_ids_and_nonces_twice",
        one_seed_gives_the_same_names_ids_and_nonces_twice,
    ),
    ("another_seed_gives_other_nonces_and_orgs", another_seed_gives_other_nonces_and_orgs),
];

/// What a journey chose, as far as the choice was ours.
fn choices(seed: u64) -> BTreeSet<String> {
    let played = planned(&loaded(), seed).into_iter().next().unwrap();
    let result = play(RunOptions::default(), &played);
    let choices: BTreeSet<String> = result.journal.observations.iter().flat_map(chosen).collect();
    assert!(choices.len() >= 8, "{choices:?}");
    choices
}

fn chosen(seen: &Observation) -> Vec<String> {
    match &seen.fact {
        Fact::SignedUp(signed_up) => {
            vec![format!("org {} {} {}", signed_up.org_id, signed_up.slug, signed_up.concierge)]
        }
        Fact::Turn(turn) => vec![format!("said {}", turn.said)],
        Fact::ToolCall(call) if call.tool == "provision_workspace" => {
            vec![format!("called with {}", call.arguments)]
        }
        Fact::BoxStarted(started) => vec![format!("box on {:?}", started.model)],
        Fact::ModelCall(call) => vec![format!("model {}", call.model)],
        Fact::Asked(asked) => {
            vec![format!("asked {:?} {:?} {} {}", asked.member, asked.reason, asked.nonce, asked.expected)]
        }
        _ => Vec::new(),
    }
}

fn one_seed_gives_the_same_names_ids_and_nonces_twice() {
    assert_eq!(choices(7), choices(7));
}

fn another_seed_gives_other_nonces_and_orgs() {
    let of = |choices: &BTreeSet<String>, word: &str| -> BTreeSet<String> {
        choices.iter().filter(|choice| choice.starts_with(word)).cloned().collect()
    };
    let (one, other) = (choices(7), choices(8));
    for word in ["org", "asked"] {
        assert!(of(&one, word).is_disjoint(&of(&other, word)), "{word}");
    }
}
