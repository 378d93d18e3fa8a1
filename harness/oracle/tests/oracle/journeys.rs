//! What recorded journeys showed of imports, changed models, restarts and keys, as one line each:
//! `status code row row_code payer provider key answers`; `?` is unpromised, `-` is none.

use contract::Entry;
use oracle::{GivenKey, Scope};

use crate::sample::{key, line, sample};

const PLATFORM: &str = "minimax/MiniMax-M2.7";
const VENDORS: &str = "claude-sonnet-4-6";

/// Contract, journey, entry, model, key, what was answered. All on claude-code.
type Truth =
    (&'static str, &'static str, Entry, Option<&'static str>, Option<(Scope, &'static str)>, &'static str);

const ANTHROPIC: &str = "ANTHROPIC_API_KEY";
const FAILED_LATE: &str = "- Failed MISSING_BYOK_CREDENTIAL - - - no";
const ON_PROXY: &str = "- Online - Platform platform - yes";
const BY_VENDOR: &str = "- Online - Vendor anthropic-api ANTHROPIC_API_KEY yes";

const TRUTHS: &[Truth] = &[
    ("incident", "org-import", Entry::Import, Some(PLATFORM), None, "201 {ON_PROXY}"),
    ("incident", "org-import", Entry::Import, Some(VENDORS), None, "201 {FAILED_LATE}"),
    (
        "incident",
        "org-import",
        Entry::Import,
        Some("no-such-model"),
        None,
        "201 - Online - Platform platform - no",
    ),
    ("incident", "org-import", Entry::Import, None, None, "207 - None - - - - no"),
    ("create-gate", "org-import", Entry::Import, Some(PLATFORM), None, "201 {ON_PROXY}"),
    ("create-gate", "org-import", Entry::Import, Some(VENDORS), None, "201 {FAILED_LATE}"),
    (
        "create-gate",
        "org-import",
        Entry::Import,
        Some("no-such-model"),
        None,
        "201 - Online - Platform platform - no",
    ),
    ("create-gate", "org-import", Entry::Import, None, None, "207 - None - - - - no"),
    ("incident", "omitted-model", Entry::Create, None, None, "422 MODEL_REQUIRED None - - - - no"),
    ("incident", "omitted-model", Entry::Create, Some(""), None, "422 MODEL_REQUIRED None - - - - no"),
    ("incident", "omitted-model", Entry::Create, Some(" "), None, "201 - Online - Platform platform - no"),
    ("create-gate", "omitted-model", Entry::Create, None, None, "422 MODEL_REQUIRED None - - - - no"),
    ("create-gate", "omitted-model", Entry::Create, Some(""), None, "422 MODEL_REQUIRED None - - - - no"),
    ("create-gate", "omitted-model", Entry::Create, Some(" "), None, "201 - Failed MISSING_MODEL - - - no"),
    ("incident", "recovery-mode", Entry::Create, Some(VENDORS), None, "201 {FAILED_LATE}"),
    (
        "create-gate",
        "recovery-mode",
        Entry::Create,
        Some(VENDORS),
        None,
        "422 MISSING_BYOK_CREDENTIAL None - - - - no",
    ),
    ("create-gate", "recovery-mode", Entry::PutModel, Some(VENDORS), None, "200 {FAILED_LATE}"),
    ("incident", "recovery-model", Entry::PutModel, Some(PLATFORM), None, "200 {ON_PROXY}"),
    ("incident", "recovery-model", Entry::Restart, Some(PLATFORM), None, "200 {ON_PROXY}"),
    ("create-gate", "recovery-model", Entry::Restart, Some(PLATFORM), None, "200 {ON_PROXY}"),
    ("incident", "incident", Entry::Restart, Some(VENDORS), None, "200 {FAILED_LATE}"),
    ("create-gate", "mutate:restart-failed", Entry::Restart, Some(VENDORS), None, "200 {FAILED_LATE}"),
    (
        "incident",
        "byok-atomic",
        Entry::Create,
        Some(VENDORS),
        Some((Scope::Payload, ANTHROPIC)),
        "400 - None - - - - no",
    ),
    (
        "create-gate",
        "byok-atomic",
        Entry::Create,
        Some(VENDORS),
        Some((Scope::Payload, ANTHROPIC)),
        "201 {BY_VENDOR}",
    ),
    (
        "incident",
        "byok-global",
        Entry::Create,
        Some(VENDORS),
        Some((Scope::Global, ANTHROPIC)),
        "201 - Online - ? ? ? ?",
    ),
    (
        "create-gate",
        "byok-global",
        Entry::Create,
        Some(VENDORS),
        Some((Scope::Global, ANTHROPIC)),
        "201 {BY_VENDOR}",
    ),
    (
        "create-gate",
        "byok-global",
        Entry::Create,
        Some(PLATFORM),
        Some((Scope::Global, ANTHROPIC)),
        "201 {ON_PROXY}",
    ),
    // The files of the first provision are stale and the environment names no address: who is called is open.
    (
        "incident",
        "mutate:byok-add-key-then-restart",
        Entry::Restart,
        Some(VENDORS),
        Some((Scope::Workspace, ANTHROPIC)),
        "200 - Online - ? ? ? ?",
    ),
    (
        "create-gate",
        "mutate:byok-add-key-then-restart",
        Entry::Restart,
        Some(VENDORS),
        Some((Scope::Workspace, ANTHROPIC)),
        "200 {BY_VENDOR}",
    ),
    // The address is told, but no key that the vendor takes.
    (
        "create-gate",
        "mutate:byok-add-unrelated-key",
        Entry::Restart,
        Some(VENDORS),
        Some((Scope::Workspace, "OPENAI_API_KEY")),
        "200 - Online - ? ? ? no",
    ),
    (
        "create-gate",
        "mutate:put-model-unregistered",
        Entry::Restart,
        Some("no-such-model"),
        None,
        "422 UNREGISTERED_MODEL_FOR_RUNTIME Unchanged - Platform platform - yes",
    ),
];

#[test]
fn recorded_journeys_are_predicted() {
    for (contract, journey, entry, model, given, expected) in TRUTHS {
        let keys: Vec<GivenKey<'_>> = given.iter().map(|(scope, name)| key(*scope, name)).collect();
        let prediction = sample(contract).predict(*entry, "claude-code", *model, &keys);
        let expected = expected
            .replace("{ON_PROXY}", ON_PROXY)
            .replace("{BY_VENDOR}", BY_VENDOR)
            .replace("{FAILED_LATE}", FAILED_LATE);
        assert_eq!(
            line(&prediction),
            expected,
            "{contract} {journey} {entry:?} {model:?}: {}",
            prediction.why
        );
        assert!(prediction.or.is_empty(), "{contract} {journey}");
    }
}

#[test]
fn a_server_default_stands_in_only_where_the_contract_says_so() {
    use oracle::Question;
    for (contract, model, default, expected) in [
        ("incident", "", Some(PLATFORM), "200 - Online - Platform platform - yes"),
        ("incident", "", Some(VENDORS), "200 - Online - Platform platform - no"),
        ("incident", "", None, "200 - Online - Platform platform - no"),
        ("incident", " ", Some(PLATFORM), "200 - Online - Platform platform - ?"),
        ("create-gate", "", Some(PLATFORM), "200 - Failed MISSING_MODEL - - - no"),
    ] {
        let sample = sample(contract);
        let question = Question {
            runtime: "claude-code",
            model: Some(model),
            keys: &[],
            entry: Entry::PutModel,
            proxy_wired: true,
            default_model: default,
        };
        let prediction = sample.oracle.predict(&sample.contract, &question);
        assert_eq!(line(&prediction), expected, "{contract} {model:?} {default:?}");
    }
}
