//! What became of a vendor's id without its key, platform by platform and entry by entry (incident §7), and what the
//! contracts without recorded journeys promise besides.

use contract::Entry;
use oracle::{GivenKey, Prediction, Question, Scope};

use crate::sample::{Sample, key, line, sample};

const RUNTIME: &str = "claude-code";
const VENDORS: &str = "claude-sonnet-4-6";

const REFUSED: &str = "422 MISSING_BYOK_CREDENTIAL None - - - - no";
const CREATED_FAILS: &str = "201 - Failed MISSING_BYOK_CREDENTIAL - - - no";
const CREATED_PROXIED: &str = "201 - Online - Platform platform - no";
const CHANGED_FAILS: &str = "200 - Failed MISSING_BYOK_CREDENTIAL - - - no";
const CHANGED_PROXIED: &str = "200 - Online - Platform platform - no";

/// Contract, then create (and the tool), provision, import, restart and a PUT of the model. `provision` is a create whose
/// key has a name and no value: it passes a gate at create, and is found out later.
const TABLE: [(&str, &str, &str, &str, &str, &str); 6] = [
    ("incident", CREATED_FAILS, CREATED_FAILS, CREATED_FAILS, CHANGED_FAILS, CHANGED_FAILS),
    ("org-default", CREATED_PROXIED, CREATED_PROXIED, CREATED_PROXIED, CHANGED_PROXIED, CHANGED_PROXIED),
    ("create-gate", REFUSED, CREATED_FAILS, CREATED_FAILS, CHANGED_FAILS, CHANGED_FAILS),
    ("derive-only", REFUSED, CREATED_FAILS, CREATED_FAILS, CHANGED_FAILS, CHANGED_FAILS),
    ("head", REFUSED, CREATED_PROXIED, CREATED_PROXIED, CHANGED_PROXIED, CHANGED_PROXIED),
    ("as-designed", CREATED_FAILS, CREATED_FAILS, CREATED_FAILS, CHANGED_FAILS, CHANGED_FAILS),
];

#[test]
fn a_keyless_vendors_id_ends_in_each_era_as_the_incident_tells() {
    let blank = [GivenKey { name: "ANTHROPIC_API_KEY", scope: Scope::Global, is_blank: true }];
    for (contract, create, provision, import, restart, put) in TABLE {
        let sample = sample(contract);
        for (entry, keys, expected) in [
            (Entry::Create, [].as_slice(), create),
            (Entry::Tool, &[], create),
            (Entry::Create, &blank, provision),
            (Entry::Import, &[], import),
            (Entry::Restart, &[], restart),
            (Entry::PutModel, &[], put),
        ] {
            let prediction = sample.predict(entry, RUNTIME, Some(VENDORS), keys);
            assert_eq!(line(&prediction), expected, "{contract} {entry:?}: {}", prediction.why);
        }
    }
}

/// A prediction for a tenant without a proxy.
fn unwired(sample: &Sample, model: &str, keys: &[GivenKey<'_>]) -> Prediction {
    let question = Question {
        runtime: RUNTIME,
        model: Some(model),
        keys,
        entry: Entry::Create,
        proxy_wired: false,
        default_model: None,
    };
    sample.oracle.predict(&sample.contract, &question)
}

#[test]
fn without_a_proxy_no_rule_of_the_payer_makes_up_for_a_key() {
    let blank = [GivenKey { name: "ANTHROPIC_API_KEY", scope: Scope::Global, is_blank: true }];
    for contract in ["org-default", "derive-only", "head"] {
        let sample = sample(contract);
        assert_eq!(line(&unwired(&sample, VENDORS, &blank)), CREATED_FAILS, "{contract}");
        let platform = unwired(&sample, "minimax/MiniMax-M2.7", &[]);
        assert_eq!(line(&platform), "201 - Failed MISSING_PLATFORM_PROXY - - - no", "{contract}");
    }
}

#[test]
fn where_the_servers_mode_decides_even_a_key_changes_nothing() {
    let own = [key(Scope::Global, "ANTHROPIC_API_KEY")];
    let prediction = sample("org-default").predict(Entry::Create, RUNTIME, Some(VENDORS), &own);
    assert_eq!(line(&prediction), CREATED_PROXIED);
}

#[test]
fn a_key_outside_the_known_names_passes_the_gate_and_opens_no_provision() {
    let odd = [key(Scope::Global, "GOOGLE_API_KEY")];
    for (contract, expected) in [("derive-only", CREATED_FAILS), ("head", CREATED_PROXIED)] {
        let prediction =
            sample(contract).predict(Entry::Create, "hermes", Some("gemini/gemini-2.5-pro"), &odd);
        assert_eq!(line(&prediction), expected, "{contract}: {}", prediction.why);
    }
    let foreign = [key(Scope::Workspace, "OPENAI_API_KEY")];
    for (contract, expected) in [("derive-only", CHANGED_FAILS), ("head", CHANGED_PROXIED)] {
        let prediction = sample(contract).predict(Entry::Restart, RUNTIME, Some(VENDORS), &foreign);
        assert_eq!(line(&prediction), expected, "{contract}: {}", prediction.why);
    }
}

#[test]
fn heads_tool_fills_a_missing_model_in_and_no_other_entry_does() {
    let head = sample("head");
    for typed in [None, Some(""), Some("  ")] {
        let by_tool = head.predict(Entry::Tool, "", typed, &[]);
        assert_eq!(line(&by_tool), "201 - Online - Platform platform - yes", "{typed:?}");
    }
    let padded = head.predict(Entry::Tool, RUNTIME, Some(" minimax/MiniMax-M2.7\n"), &[]);
    assert_eq!(line(&padded), "201 - Online - Platform platform - yes");
    let created = head.predict(Entry::Create, RUNTIME, None, &[]);
    assert_eq!(line(&created), "422 MODEL_REQUIRED None - - - - no");
    let blank = head.predict(Entry::Create, RUNTIME, Some(" "), &[]);
    assert_eq!(line(&blank), "201 - Failed MISSING_MODEL - - - no");
    // What the tool fills in is what its concierge runs on.
    let question = Question {
        runtime: RUNTIME,
        model: None,
        keys: &[],
        entry: Entry::Tool,
        proxy_wired: true,
        default_model: Some(VENDORS),
    };
    assert_eq!(line(&head.oracle.predict(&head.contract, &question)), REFUSED);
}

#[test]
fn a_malformed_id_is_refused_by_the_entries_that_promise_it() {
    let long = format!("claude-{}", "a".repeat(100));
    for (contract, entry, expected) in [
        ("as-designed", Entry::Tool, "400 - None - - - - no"),
        ("as-designed", Entry::PutModel, "400 - Unchanged - Platform platform - yes"),
        ("as-designed", Entry::Restart, "400 - Unchanged - Platform platform - yes"),
        ("as-designed", Entry::Import, "201 - Failed UNREGISTERED_MODEL_FOR_RUNTIME - - - no"),
        ("incident", Entry::Create, "400 - None - - - - no"),
        ("head", Entry::PutModel, "? ? ? ? ? ? ? ?"),
        ("derive-only", Entry::Import, "? ? ? ? ? ? ? ?"),
    ] {
        for malformed in [long.as_str(), "claude-sonnet-4-6\rx"] {
            let prediction = sample(contract).predict(entry, RUNTIME, Some(malformed), &[]);
            assert_eq!(line(&prediction), expected, "{contract} {entry:?} {malformed:?}");
        }
    }
}

#[test]
fn a_key_in_the_payload_without_an_arm_is_refused_where_that_was_written_down() {
    let payload = [key(Scope::Payload, "GEMINI_API_KEY")];
    for (contract, expected) in [
        ("incident", "400 - None - - - - no"),
        ("create-gate", "400 - None - - - - no"),
        ("head", "400 - None - - - - no"),
    ] {
        let prediction = sample(contract).predict(Entry::Create, "mock", Some("anything"), &payload);
        assert_eq!(line(&prediction), expected, "{contract}: {}", prediction.why);
    }
}
