//! What holds for any id, whatever was recorded.

use std::sync::LazyLock;

use contract::{Billing, BillingModeRoute, Entry, RefusalPromise, Word, load_contract, load_registry};
use document::Source;
use oracle::{Answers, GivenKey, Manifest, Payer, Promised, Question, RowEnd, Scope};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::RngSeed;
use wire::env::VENDOR_KEYS;

use crate::sample::{Sample, all, sample};

/// Pieces that ids are put together from: what agents type, and what nobody should.
const PIECES: &[&str] = &[
    "",
    " ",
    "\t",
    "\n",
    "\r",
    "\0",
    "\u{200b}",
    "\u{3000}",
    "\u{a0}",
    "/",
    ":",
    "//",
    "@latest",
    "-20260101",
    "é",
    "м",
    "platform",
    "anthropic",
    "moonshot",
    "minimax",
    "MiniMax-M2.7",
    "kimi-k2.6",
    "claude-",
    "sonnet",
    "gpt-5.5",
    "openai",
    "gemini-",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "\u{1f600}",
    "{}",
    "\\",
    "`",
];

const SCOPES: [Scope; 3] = [Scope::Payload, Scope::Workspace, Scope::Global];

static CONTRACTS: LazyLock<Vec<Sample>> = LazyLock::new(all);

/// The same draws on every machine, and no file beside the sources when one fails: the message names the shortest.
fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        rng_seed: RngSeed::Fixed(1),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// What may be typed: mostly pieces of ids, some text, anything at all.
fn typed() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => vec(select(PIECES), 0..5).prop_map(|pieces| pieces.concat()),
        1 => any::<String>(),
        1 => vec(any::<char>(), 0..120).prop_map(String::from_iter),
    ]
}

/// Mostly a runtime of some contract or registry.
fn runtime() -> impl Strategy<Value = String> {
    let of_registries = CONTRACTS.iter().flat_map(|sample| &sample.oracle.registry().runtimes);
    let elsewhere = CONTRACTS.iter().flat_map(|sample| {
        let known = &sample.contract.known_runtimes;
        [&known.external, &known.unlisted, &known.unlisted_with_manifest]
            .into_iter()
            .flat_map(|names| names.iter().map(str::to_owned))
    });
    let known: Vec<String> =
        of_registries.map(|runtime| runtime.name.value.clone()).chain(elsewhere).collect();
    prop_oneof![7 => select(known), 1 => typed()]
}

/// A key's name, its place, and whether it has no value.
fn keys() -> impl Strategy<Value = Vec<(String, Scope, bool)>> {
    let name = prop_oneof![6 => select(&VENDOR_KEYS[..]).prop_map(str::to_owned), 1 => typed()];
    vec((name, select(&SCOPES[..]), any::<bool>()), 0..4)
}

fn default_model() -> impl Strategy<Value = Option<String>> {
    proptest::option::of(prop_oneof![Just("minimax/MiniMax-M2.7".to_owned()), typed()])
}

proptest! {
    #![proptest_config(config(12_000))]

    #[test]
    fn any_question_is_answered_and_the_answer_is_whole(
        at in 0..CONTRACTS.len(),
        runtime in runtime(),
        model in proptest::option::weighted(0.9, typed()),
        keys in keys(),
        entry in select(&Entry::ALL[..]),
        proxy_wired in any::<bool>(),
        manifest in select(&[Manifest::Readable, Manifest::Unreadable][..]),
        default_model in default_model(),
    ) {
        let Sample { contract, oracle } = &CONTRACTS[at];
        let keys: Vec<GivenKey<'_>> = keys
            .iter()
            .map(|(name, scope, is_blank)| GivenKey { name, scope: *scope, is_blank: *is_blank })
            .collect();
        let question = Question {
            runtime: &runtime,
            model: model.as_deref(),
            keys: &keys,
            entry,
            proxy_wired,
            default_model: default_model.as_deref(),
        };
        let names: Vec<&str> = keys.iter().map(|key| key.name).collect();
        let _ = oracle.resolve(&runtime, model.as_deref().unwrap_or_default(), &names);
        let prediction = oracle.predict_with(manifest, contract, &question);
        prop_assert_eq!(&oracle.predict_with(manifest, contract, &question), &prediction);
        for outcome in [&prediction].into_iter().chain(&prediction.or) {
            assert_whole(outcome, &question);
        }
    }
}

/// What every outcome must be, whatever it says.
fn assert_whole(outcome: &oracle::Prediction, question: &Question<'_>) {
    let context = format!("{question:?} {outcome:?}");
    let is_shown = |letter| matches!(letter, ' '..='~' | '…');
    assert!(outcome.why.ends_with('.') && outcome.why.chars().all(is_shown), "{context}");
    if outcome.row.is(&RowEnd::Failed) {
        assert!(outcome.is_refused() && outcome.row_code != Promised::This(None), "{context}");
        assert_eq!((outcome.payer(), outcome.answers()), (None, Answers::No), "{context}");
    }
    if outcome.refused_early() {
        assert!(outcome.status.get().is_some_and(|status| *status >= 207), "{context}");
        assert!(outcome.row_code.is(&None), "{context}");
    }
    if outcome.payer() == Some(Payer::Vendor) {
        assert!(outcome.row.is(&RowEnd::Online), "{context}");
        assert!(outcome.provider.get().is_some_and(|provider| provider.as_deref() != Some("platform")));
    }
    if outcome.answers() == Answers::Yes {
        assert!(outcome.payer().is_some(), "{context}");
    }
}

proptest! {
    #![proptest_config(config(4000))]

    #[test]
    fn trimming_an_id_changes_nothing(text in typed(), runtime in select(vec!["claude-code", "hermes", "codex"])) {
        let sample = as_designed();
        let resolve = |id: &str| sample.oracle.resolve(runtime, id, &[]).map(|arm| arm.provider.to_owned());
        prop_assert_eq!(resolve(&text), resolve(text.trim()));
        let is_sound = text.len() <= 100 && !text.contains(['\r', '\n']) && !text.is_empty();
        if is_sound {
            let predict = |id: &str| sample.predict(Entry::Create, runtime, Some(id), &[]);
            prop_assert_eq!(predict(&text), predict(text.trim()));
        }
    }

    #[test]
    fn any_text_but_theirs_is_no_entry_and_no_contract_and_no_registry(text in typed()) {
        prop_assert_eq!(Entry::from_word(&text), None);
        let source = Source::new("typed", text);
        prop_assert!(load_contract(&source).is_err());
        prop_assert!(load_registry(&source).is_err());
    }
}

fn as_designed() -> &'static Sample {
    CONTRACTS.iter().find(|sample| sample.contract.name == "as-designed").unwrap()
}

/// What `GET /admin/llm/offered-models` lists as paid by the platform: every listed id that is so without any key.
fn offered(sample: &Sample, runtime: &str) -> Vec<String> {
    let arms = &sample.oracle.registry().runtime(runtime).unwrap().arms;
    let listed = arms.iter().flat_map(|arm| &arm.exact).map(|id| id.value.clone());
    let is_paid = |id: &String| {
        sample.oracle.resolve(runtime, id, &[]).is_ok_and(|arm| arm.billing == Billing::Platform)
    };
    listed.filter(is_paid).collect()
}

#[test]
fn every_id_that_the_platform_offers_comes_online_paid_by_it_and_answers() {
    for sample in CONTRACTS.iter() {
        for runtime in sample.contract.known_runtimes.iter() {
            let offered = offered(sample, runtime);
            assert!(!offered.is_empty(), "{} {runtime}", sample.contract.name);
            for (id, entry) in offered.iter().flat_map(|id| Entry::ALL.map(|entry| (id, entry))) {
                let prediction = sample.predict(entry, runtime, Some(id), &[]);
                let context = format!("{} {entry:?} {runtime} {id}", sample.contract.name);
                assert!(prediction.row.is(&RowEnd::Online), "{context}: {}", prediction.why);
                assert_eq!(prediction.payer(), Some(Payer::Platform), "{context}");
                assert_eq!(prediction.answers(), Answers::Yes, "{context}");
            }
        }
    }
}

/// The one id that the refusals of the create gate name, whatever the runtime (registry §6).
const NAMED_BY_GATE: &str = "moonshot/kimi-k2.6";

#[test]
fn every_alternative_that_a_contract_calls_usable_is_accepted() {
    let mut checked = 0;
    for sample in CONTRACTS.iter() {
        let refusals = &sample.contract.refusals;
        for place in [&refusals.early, &refusals.at_provisioning] {
            checked += usable(sample, place);
        }
    }
    assert!(checked > 10, "{checked}");
}

fn usable(sample: &Sample, place: &RefusalPromise) -> usize {
    if !place.names.contains(&Word::Alternative) {
        return 0;
    }
    let mut checked = 0;
    for runtime in place.alternative_is_usable_on.iter() {
        let described = sample.oracle.registry().runtime(runtime).unwrap();
        for id in described.platform_ids() {
            for entry in Entry::ALL {
                let prediction = sample.predict(entry, runtime, Some(id), &[]);
                assert!(!prediction.is_refused(), "{} {entry:?} {runtime} {id}", sample.contract.name);
                checked += 1;
            }
        }
    }
    checked
}

#[test]
fn the_gate_names_an_id_that_is_usable_exactly_where_its_contract_says() {
    let gate = sample("create-gate");
    assert_ne!(gate.contract.routes.billing_mode, BillingModeRoute::Absent);
    for runtime in gate.contract.known_runtimes.iter() {
        let is_usable = gate.contract.refusals.early.alternative_is_usable_on.contains(runtime);
        let prediction = gate.predict(Entry::Create, runtime, Some(NAMED_BY_GATE), &[]);
        assert_eq!(!prediction.is_refused(), is_usable, "{runtime}");
    }
}
