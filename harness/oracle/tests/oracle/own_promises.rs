//! `as-designed`, and corners that no recording has but a contract or the tenant-api text decides.

use contract::Entry;
use oracle::{Answers, GivenKey, Payer, Promised, Question, RowEnd, Scope};
use wire::Code;

use crate::sample::{key, line, sample};

/// Entry, runtime, model, key, the main outcome, and whether an early refusal is allowed instead.
type Promise = (Entry, &'static str, Option<&'static str>, Option<(Scope, &'static str)>, &'static str, bool);

const AS_DESIGNED: &[Promise] = &[
    (Entry::Create, "claude-code", None, None, "201 - Online - Platform platform - yes", false),
    (Entry::Tool, "codex", Some(""), None, "201 - Online - Platform platform - yes", false),
    (Entry::Import, "hermes", Some(" \t"), None, "201 - Online - Platform platform - yes", false),
    (Entry::PutModel, "openclaw", Some(""), None, "200 - Online - Platform platform - yes", false),
    (Entry::Create, "", Some("moonshot/kimi-k2.6 "), None, "201 - Online - Platform platform - yes", false),
    (
        Entry::Create,
        "claude-code",
        Some("claude-sonnet-4-6"),
        None,
        "201 - Failed MISSING_BYOK_CREDENTIAL - - - no",
        true,
    ),
    (
        Entry::Import,
        "claude-code",
        Some("claude-sonnet-4-6"),
        None,
        "201 - Failed MISSING_BYOK_CREDENTIAL - - - no",
        false,
    ),
    (
        Entry::Create,
        "claude-code",
        Some("no-such-model"),
        None,
        "422 UNREGISTERED_MODEL_FOR_RUNTIME None - - - - no",
        false,
    ),
    (
        Entry::Import,
        "claude-code",
        Some("no-such-model"),
        None,
        "201 - Failed UNREGISTERED_MODEL_FOR_RUNTIME - - - no",
        false,
    ),
    (
        Entry::Create,
        "claude-code",
        Some("minimax/MiniMax-M2.7"),
        Some((Scope::Payload, "minimax_api_key")),
        "400 - None - - - - no",
        false,
    ),
    (
        Entry::Create,
        "hermes",
        Some("kimi-coding/kimi-k2"),
        Some((Scope::Payload, "KIMI_API_KEY")),
        "201 - Online - Vendor kimi-coding KIMI_API_KEY yes",
        false,
    ),
    // A vendor offers what it likes beyond the listed ids.
    (
        Entry::Create,
        "google-adk",
        Some("gemini-3"),
        Some((Scope::Global, "GOOGLE_API_KEY")),
        "201 - Online - Vendor google GOOGLE_API_KEY ?",
        false,
    ),
    // The PUT does not see a key that is written after it.
    (
        Entry::Restart,
        "claude-code",
        Some("claude-sonnet-4-6"),
        Some((Scope::Workspace, "ANTHROPIC_API_KEY")),
        "200 - Online - Vendor anthropic-api ANTHROPIC_API_KEY yes",
        true,
    ),
    (
        Entry::Restart,
        "claude-code",
        Some("claude-sonnet-4-6"),
        Some((Scope::Workspace, "OPENAI_API_KEY")),
        "200 - Failed MISSING_BYOK_CREDENTIAL - - - no",
        true,
    ),
    (Entry::Create, "claude-code", Some("platform/x"), None, "201 - Online - Platform platform - no", false),
    (Entry::Create, "langgraph", Some("x"), None, "422 RUNTIME_UNSUPPORTED None - - - - no", false),
    (Entry::Create, "claude-code", Some("minimax/MiniMax-M2.7\n"), None, "400 - None - - - - no", false),
    (
        Entry::Import,
        "claude-code",
        Some("minimax/MiniMax-M2.7\n"),
        None,
        "201 - Failed UNREGISTERED_MODEL_FOR_RUNTIME - - - no",
        false,
    ),
];

#[test]
fn the_final_analysis_is_predicted_as_it_was_written() {
    let sample = sample("as-designed");
    for (entry, runtime, model, given, expected, may_refuse_early) in AS_DESIGNED {
        let keys: Vec<GivenKey<'_>> = given.iter().map(|(scope, name)| key(*scope, name)).collect();
        let prediction = sample.predict(*entry, runtime, *model, &keys);
        assert_eq!(line(&prediction), *expected, "{entry:?} {runtime} {model:?}: {}", prediction.why);
        assert_eq!(!prediction.or.is_empty(), *may_refuse_early, "{entry:?} {runtime} {model:?}");
        assert!(prediction.or.iter().all(|or| or.code.is(&Some(Code::MissingByokCredential))));
        assert!(prediction.or.iter().all(|or| or.status.is(&422) && or.refused_early()));
    }
}

#[test]
fn the_codex_tie_goes_to_the_arm_that_alone_has_a_key() {
    let both = [key(Scope::Global, "OPENAI_API_KEY"), key(Scope::Global, "CODEX_AUTH_JSON")];
    let blank = [GivenKey { name: "OPENAI_API_KEY", scope: Scope::Payload, is_blank: true }];
    let one = [key(Scope::Payload, "OPENAI_API_KEY")];
    let as_designed = sample("as-designed");
    let paid = as_designed.predict(Entry::Create, "codex", Some("gpt-5.5"), &one);
    assert_eq!(line(&paid), "201 - Online - Vendor openai-api OPENAI_API_KEY yes");
    let subscribed = as_designed.predict(Entry::Create, "codex", Some("gpt-5.5"), &both);
    assert_eq!(subscribed.row, Promised::This(RowEnd::Online));
    assert!(subscribed.why.contains("openai-subscription"), "{}", subscribed.why);
    // The gate counts the name, the provision does not.
    let empty = sample("create-gate").predict(Entry::Create, "codex", Some("gpt-5.5"), &blank);
    assert_eq!(line(&empty), "201 - Failed MISSING_BYOK_CREDENTIAL - - - no");
    let prefix = sample("create-gate").predict(Entry::Create, "codex", Some("gpt-6"), &one);
    assert_eq!(line(&prefix), "422 MISSING_BYOK_CREDENTIAL None - - - - no");
}

#[test]
fn a_padded_id_is_refused_by_the_proxy_where_it_is_stored_as_typed() {
    for (contract, answers) in
        [("as-designed", Answers::Yes), ("incident", Answers::No), ("create-gate", Answers::No)]
    {
        let padded =
            sample(contract).predict(Entry::Create, "claude-code", Some(" minimax/MiniMax-M2.7"), &[]);
        assert_eq!(padded.row, Promised::This(RowEnd::Online), "{contract}");
        assert_eq!(padded.answers(), answers, "{contract}");
        let unseen = "minimax/MiniMax-M2.7\u{200b}";
        let refused = sample(contract).predict(Entry::Create, "claude-code", Some(unseen), &[]);
        assert!(refused.code.is(&Some(Code::UnregisteredModelForRuntime)), "{contract}");
    }
}

#[test]
fn an_imported_id_of_another_runtime_is_answered_by_the_proxy_all_the_same() {
    let foreign = sample("incident").predict(Entry::Import, "codex", Some("moonshot/kimi-k2.6"), &[]);
    assert_eq!(line(&foreign), "201 - Online - Platform platform - yes");
}

#[test]
fn a_global_key_of_another_vendor_opens_nothing_and_a_workspace_s_own_does() {
    let incident = sample("incident");
    let row = |entry, scope| {
        incident.predict(entry, "claude-code", Some("claude-sonnet-4-6"), &[key(scope, "KIMI_API_KEY")]).row
    };
    assert_eq!(row(Entry::Create, Scope::Global), Promised::This(RowEnd::Failed));
    assert_eq!(row(Entry::Restart, Scope::Workspace), Promised::This(RowEnd::Online));
    // A create has no workspace yet.
    assert_eq!(row(Entry::Create, Scope::Workspace), Promised::This(RowEnd::Failed));
}

#[test]
fn a_blank_key_of_the_workspace_hides_the_tenant_s() {
    let keys = [
        key(Scope::Global, "ANTHROPIC_API_KEY"),
        GivenKey { name: "ANTHROPIC_API_KEY", scope: Scope::Workspace, is_blank: true },
    ];
    let as_designed = sample("as-designed");
    let restarted = as_designed.predict(Entry::Restart, "claude-code", Some("claude-sonnet-4-6"), &keys);
    assert_eq!(restarted.row, Promised::This(RowEnd::Failed));
}

#[test]
fn without_a_proxy_platform_ids_fail_and_vendors_ids_do_not_care() {
    for contract in ["as-designed", "incident", "create-gate"] {
        let sample = sample(contract);
        let ask = |entry, model, keys: &[GivenKey<'_>]| {
            let runtime = "claude-code";
            let question = Question {
                runtime,
                model: Some(model),
                keys,
                entry,
                proxy_wired: false,
                default_model: None,
            };
            sample.oracle.predict(&sample.contract, &question)
        };
        let platform = ask(Entry::Create, "moonshot/kimi-k2.6", &[]);
        assert!(platform.row_code.is(&Some(Code::MissingPlatformProxy)), "{contract}");
        assert!(platform.is_refused() && !platform.refused_early(), "{contract}");
        let own = [key(Scope::Payload, "ANTHROPIC_API_KEY")];
        let vendors = ask(Entry::Create, "claude-sonnet-4-6", &own);
        // A box of the night is told nothing but its secrets, so nobody knows whom it calls.
        let expected = (contract != "incident").then_some(Payer::Vendor);
        assert_eq!(vendors.payer(), expected, "{contract}");
        assert!(ask(Entry::PutModel, "claude-sonnet-4-6", &[]).promises_nothing(), "{contract}");
    }
}

#[test]
fn a_name_is_never_looked_at() {
    let mut renamed = sample("create-gate");
    let asked = |sample: &crate::sample::Sample| {
        sample.predict(Entry::Create, "claude-code", Some("claude-sonnet-4-6"), &[])
    };
    let before = asked(&renamed);
    renamed.contract.name = "as-designed".to_owned();
    assert_eq!(asked(&renamed), before);
}

#[test]
fn a_runtime_of_agents_elsewhere_gets_neither_box_nor_model() {
    let incident = sample("incident");
    let awaiting = incident.predict(Entry::Create, "kimi-cli", Some("no-such-model"), &[]);
    assert_eq!(line(&awaiting), "201 - AwaitingAgent - - - - no");
    let mock = incident.predict(Entry::Create, "mock", Some("anything"), &[]);
    assert_eq!(line(&mock), "201 - Online - Platform platform - ?");
    assert!(incident.predict(Entry::Import, "mock", Some("anything"), &[]).promises_nothing());
    let unknown = sample("as-designed").predict(Entry::Create, "mock", Some("anything"), &[]);
    assert!(unknown.code.is(&Some(Code::RuntimeUnsupported)));
}
