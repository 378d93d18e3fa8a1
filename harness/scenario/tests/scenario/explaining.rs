//! What a scenario says of itself in sentences.

use document::Source;
use scenario::{Explanation, PlanRequest, Scenario, explain, plan, read_scenario};

use crate::surroundings::Loaded;

const REFUSED: &str = r"
title: a vendor's id without its key is refused, and the advice helps
why: an error that nobody can act on is worth little
tags: [gate]
needs: [keyless_vendor_id.refused]
given:
  bystander: true
  agent: { persona: $persona, would_type: $model }
vary:
  runtime: [claude-code]
  model: [claude-sonnet-4-6, moonshot/kimi-k2.6, null]
  persona: [guesser, stubborn, omitter, reader]
steps:
  - user_says: { text: it costs $$ 5, members: [a, b, c], runtime: $runtime }
  - expect: { refused: { code: MISSING_BYOK_CREDENTIAL, reason_names: [model, alternative], surfaced_to: [record, user], keep: told } }
  - say_again: { model: $told.alternative }
  - eventually: { within: 10s, through: [failed], team: { a: { status: online, parent: concierge, tier: 4 } } }
  - stays: { for: 250ms, team: all_online }
  - ask: { each: team, question: known-answer }
  - restart: { workspace: a }
  - expect: { model_calls: { workspace: a, payer: platform, model: as_stored } }
";

const BY_ENTRIES: &str = r"
title: whatever way an id comes in
why: create is one entry of five
vary:
  runtime: [claude-code]
  entry: [create, restart]
  key: { kind: [none, matching], scope: [payload, workspace, global] }
  model: [claude-sonnet-4-6]
steps:
  - provision: { entry: $entry, name: late, runtime: $runtime, model: $model, key: $key }
  - never: { for: 1s, workspace: { late: { status: degraded } } }
";

fn told(contract: &str, id: &str, text: &str) -> String {
    let loaded = Loaded::of(contract);
    let scenarios: Vec<Scenario> =
        vec![read_scenario(&Source::new(format!("{id}.yaml"), text), id, loaded.around()).unwrap()];
    let request = PlanRequest {
        scenarios: &scenarios,
        around: loaded.around(),
        oracle: loaded.oracle(),
        seed: 1,
        seeds: None,
        all_cases: false,
        case: None,
    };
    let plan = plan(&request);
    let contract = loaded.around().contract;
    explain(&Explanation { scenarios: &scenarios, plan: &plan, contract, oracle: loaded.oracle() })
}

#[test]
fn a_conversation_is_told_step_by_step_and_case_by_case() {
    insta::assert_snapshot!("conversation", told("as-designed", "refused", REFUSED));
}

#[test]
fn entries_and_keys_are_told_case_by_case() {
    insta::assert_snapshot!("entries", told("as-designed", "entries", BY_ENTRIES));
}

#[test]
fn what_a_contract_does_not_promise_is_told_as_skipped() {
    let text = REFUSED.replace("keyless_vendor_id.refused", "tool_text.states_namespace_rule");
    let told = told("incident", "refused", &text);
    assert!(told.contains("No case is played."), "{told}");
    assert!(told.contains("Skipped, all of it: 12 cases: the contract incident does not promise"), "{told}");
}
