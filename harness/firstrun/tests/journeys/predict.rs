//! `firstrun predict` as it is typed, and what lies behind it against everything that was recorded.

use contract::Entry;
use firstrun::{Asked, Choice, KeyAsked, Loaded, prediction_as_json};
use oracle::{Manifest, Scope};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::Named;
use crate::command::{ends_with, firstrun, place};
use crate::recorded::{CONTRACTS, assert_counted, keys, lines, manifest, text, uncounted};

pub(crate) const TESTS: &[Named] = &[
    ("every_outcome_has_the_same_fields_and_what_the_contract_says", outcomes_are_what_the_contract_says),
    ("a_model_that_is_left_out_is_not_an_empty_one_to_the_reader", a_model_that_is_left_out),
    ("people_get_the_outcome_first_and_nothing_that_a_terminal_obeys", people_get_the_outcome_first),
    ("what_makes_no_sense_ends_with_2_and_the_word_that_was_meant", what_makes_no_sense_ends_with_2),
    ("a_contract_or_registry_that_is_not_there_ends_with_3", a_contract_that_is_not_there_ends_with_3),
    ("what_looks_like_a_slip_is_noted_and_predicted_all_the_same", what_looks_like_a_slip_is_noted),
    ("a_platform_without_proxy_or_manifest_is_another_platform", another_platform),
    ("every_recorded_create_is_what_the_command_predicts", every_recorded_create_is_predicted),
];

/// The fields of an outcome, in their order.
const FIELDS: [&str; 10] =
    ["status", "code", "row_status", "row_code", "payer", "provider", "key", "answers", "why", "or"];

/// The command's words, with the note that goes to standard error, if one is expected.
fn told(words: &[&str]) -> (Value, String) {
    let place = place();
    let words = [&["predict", "--format", "json"], words].concat();
    let (out, err) = ends_with(&firstrun(&place, &words), 0);
    assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 0, "a prediction leaves nothing behind");
    (serde_json::from_str(&out).unwrap(), err)
}

/// An outcome without its sentence and without others: `status code row_status row_code payer provider key answers`.
fn line(outcome: &Value) -> String {
    let fields: Vec<&str> = outcome.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(fields, FIELDS);
    let why = outcome["why"].as_str().unwrap();
    assert!(why.ends_with('.') && why.len() > 20, "{why}");
    let word = |field: &&str| match &outcome[*field] {
        Value::Null => "-".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    FIELDS.iter().take(8).map(word).collect::<Vec<_>>().join(" ")
}

/// What is typed, the outcome, and the others that are allowed.
type Outcome = (&'static [&'static str], &'static str, &'static [&'static str]);

const NOTHING: &str =
    "unpromised unpromised unpromised unpromised unpromised unpromised unpromised unpromised";

const OUTCOMES: &[Outcome] = &[
    (
        &["--runtime", "claude-code", "--model", "claude-sonnet-4-6"],
        "201 - failed MISSING_BYOK_CREDENTIAL - - - no",
        &["422 MISSING_BYOK_CREDENTIAL - - - - - no"],
    ),
    (
        &["--contract", "incident", "--runtime", "claude-code", "--model", "claude-sonnet-4-6"],
        "201 - failed MISSING_BYOK_CREDENTIAL - - - no",
        &[],
    ),
    (
        &["--contract", "create-gate", "--runtime", "claude-code", "--model", "claude-sonnet-4-6"],
        "422 MISSING_BYOK_CREDENTIAL - - - - - no",
        &[],
    ),
    (&["--contract", "incident", "--runtime", "claude-code"], "422 MODEL_REQUIRED - - - - - no", &[]),
    (&["--runtime", "codex"], "201 - online - platform platform - yes", &[]),
    (&[], "201 - online - platform platform - yes", &[]),
    // White space is a model to the platform of the night, and nobody recorded what its box made of that.
    (
        &["--contract", "incident", "--runtime", "claude-code", "--model", " "],
        "201 - online - platform platform - unpromised",
        &[],
    ),
    // The server's own default answers, as on every platform that a run boots.
    (
        &["--contract", "incident", "--runtime", "claude-code", "--model", "", "--entry", "put_model"],
        "200 - online - platform platform - yes",
        &[],
    ),
    (
        &["--runtime", "hermes", "--model", "kimi-coding/kimi-k2", "--key", "KIMI_API_KEY"],
        "201 - online - vendor kimi-coding KIMI_API_KEY yes",
        &[],
    ),
    (
        &["--runtime", "hermes", "--model", "kimi-coding/kimi-k2", "--key", "KIMI_API_KEY=a@b=c@global"],
        "201 - online - vendor kimi-coding KIMI_API_KEY yes",
        &[],
    ),
    (
        &["--runtime", "hermes", "--model", "kimi-coding/kimi-k2", "--key", "KIMI_API_KEY="],
        "201 - failed MISSING_BYOK_CREDENTIAL - - - no",
        &["422 MISSING_BYOK_CREDENTIAL - - - - - no"],
    ),
    (
        &["--model", "claude-sonnet-4-6", "--key", "ANTHROPIC_API_KEY", "--entry", "restart"],
        "200 - online - vendor anthropic-api ANTHROPIC_API_KEY yes",
        &["422 MISSING_BYOK_CREDENTIAL unchanged - platform platform - yes"],
    ),
    (&["--model", "minimax/MiniMax-M2.7", "--key", "MINIMAX_API_KEY"], "400 - - - - - - no", &[]),
    (
        &["--model", "no-such-model", "--entry", "put_model"],
        "422 UNREGISTERED_MODEL_FOR_RUNTIME unchanged - platform platform - yes",
        &[],
    ),
    (
        &["--model", "no-such-model", "--entry", "tool"],
        "422 UNREGISTERED_MODEL_FOR_RUNTIME - - - - - no",
        &[],
    ),
    (&["--contract", "incident", "--entry", "import", "--runtime", "hermes"], "207 - - - - - - no", &[]),
    (&["--contract", "incident", "--runtime", "kimi-cli"], "201 - awaiting_agent - - - - no", &[]),
    (&["--contract", "incident", "--entry", "import", "--runtime", "codex", "--model", "a\nb"], NOTHING, &[]),
];

fn outcomes_are_what_the_contract_says() {
    for (words, outcome, others) in OUTCOMES {
        let (said, err) = told(words);
        assert_eq!(line(&said), *outcome, "{words:?}: {said:#}");
        assert_eq!(said["or"].as_array().unwrap().iter().map(line).collect::<Vec<_>>(), *others, "{words:?}");
        assert_eq!(err, "", "{words:?}");
    }
}

fn a_model_that_is_left_out() {
    let asked = |words: &[&str]| {
        let words = [&["predict", "--contract", "incident", "--runtime", "codex"], words].concat();
        ends_with(&firstrun(&place(), &words), 0).0
    };
    let (left_out, empty) = (asked(&[]), asked(&["--model", ""]));
    assert!(left_out.contains("runtime `codex`, no model, no key"), "{left_out}");
    assert!(empty.contains("runtime `codex`, an empty model, no key"), "{empty}");
    // The real platforms ask for emptiness before they trim.
    for text in [&left_out, &empty] {
        assert!(text.starts_with("outcome  HTTP 422, refused with MODEL_REQUIRED"), "{text}");
    }
    assert!(asked(&["--model", " "]).starts_with("outcome  HTTP 201"));
}

fn people_get_the_outcome_first() {
    let odd = "moonshot/kimi-k2.6\u{200b}\u{1b}[2J\u{43a}\u{202e}";
    for entry in Entry::ALL {
        let words = ["predict", "--runtime", "\u{7}hermes", "--model", odd, "--entry", entry.as_str()];
        let (out, err) = ends_with(&firstrun(&place(), &words), 0);
        assert!(out.starts_with("outcome  "), "{out}");
        assert!(out.contains("model `moonshot/kimi-k2.6\\u{200b}\\u{1b}[2J\\u{43a}\\u{202e}`"), "{out}");
        let is_plain = |text: &str| text.chars().all(|letter| letter == '\n' || matches!(letter, ' '..='~'));
        assert!(is_plain(&out) && is_plain(&err), "{out:?} {err:?}");
    }
}

fn what_makes_no_sense_ends_with_2() {
    for (words, said) in [
        (&["--entry", "creat"][..], "there is no entry `creat`\nhint: did you mean `create`?\n"),
        (&["--entry", "fly"], "hint: write one of tool, create, import, put_model, restart\n"),
        (&["--key", "OPENAI_API_KEY@paylod"], "hint: did you mean `@payload`?\n"),
        (&["--key", "OPENAI-API-KEY"], "hint: did you mean `OPENAI_API_KEY`?\n"),
        (&["--key", "9LIVES"], "a key's name begins with a digit\nhint: "),
        (&["--key", ""], "a key's name is empty\nhint: "),
        (&["--key", "A", "--key", "A="], "the key `A` is given twice @payload\nhint: "),
        (&["--modle", "x"], "--model"),
        (&["--format", "yaml"], "json"),
        (&["--model"], "--model"),
    ] {
        let (out, err) = ends_with(&firstrun(&place(), &[&["predict"], words].concat()), 2);
        assert!(out.is_empty() && err.contains(said), "{words:?}: {out}{err}");
    }
    let pasted = ["predict", "--key", "OPENAI_API_KEY=sk-a-secret@of-mine"];
    let (_, err) = ends_with(&firstrun(&place(), &pasted), 2);
    assert!(!err.contains("secret") && !err.contains("mine"), "{err}");
}

fn a_contract_that_is_not_there_ends_with_3() {
    for (words, said) in [
        (["--contract", "create-gat"], "did you mean `create-gate`?"),
        (["--registry", "incidnt"], "did you mean `incident`?"),
    ] {
        let (out, err) = ends_with(&firstrun(&place(), &[&["predict"], &words[..]].concat()), 3);
        assert!(out.is_empty() && err.contains(said), "{out}{err}");
    }
}

fn what_looks_like_a_slip_is_noted() {
    for (words, outcome, note) in [
        (
            &["--runtime", "claude-cod", "--model", "sonnet"][..],
            "422 RUNTIME_UNSUPPORTED - - - - - no",
            "note: no runtime is called `claude-cod`, did you mean claude-code?\n",
        ),
        (
            &["--model", "claude-sonnet-4-6", "--key", "ANTHROPIC_API_KEI"],
            "201 - failed MISSING_BYOK_CREDENTIAL - - - no",
            "note: no provider accepts ANTHROPIC_API_KEI, did you mean ANTHROPIC_API_KEY?\n",
        ),
        (
            &["--model", "claude-sonnet-4-6", "--key", "ANTHROPIC_API_KEY@workspace"],
            "201 - failed MISSING_BYOK_CREDENTIAL - - - no",
            "note: create has no place for a key @workspace, so `ANTHROPIC_API_KEY` does not count\n",
        ),
        (
            &["--model", "claude-sonnet-4-6", "--entry", "tool", "--key", "ANTHROPIC_API_KEY@payload"],
            "201 - failed MISSING_BYOK_CREDENTIAL - - - no",
            "note: tool has no place for a key @payload, so `ANTHROPIC_API_KEY` does not count\n",
        ),
    ] {
        let (said, err) = told(words);
        assert_eq!((line(&said), err), (outcome.to_owned(), note.to_owned()), "{words:?}");
    }
}

fn another_platform() {
    let line_of = |words: &[&str]| line(&told(words).0);
    let adk = ["--contract", "incident", "--runtime", "google-adk", "--model", "platform:gemini-2.5-pro"];
    assert_eq!(line_of(&adk), "201 - online - platform platform - yes");
    let without = line_of(&[&adk[..], &["--no-manifest"]].concat());
    assert_eq!(without, "422 RUNTIME_UNSUPPORTED - - - - - no");
    let unpaid = line_of(&["--model", "moonshot/kimi-k2.6", "--no-proxy"]);
    assert_eq!(unpaid, "201 - failed MISSING_PLATFORM_PROXY - - - no");
}

/// So many lines apart are those that a process is asked about, too.
const EVERY: usize = 80;

fn every_recorded_create_is_predicted() {
    let place = place();
    for contract in CONTRACTS {
        let name = as_recorded(&place, contract);
        let choice = Choice { contract: Some(name.clone()), ..Choice::default() };
        let loaded = Loaded::of(&choice).unwrap();
        let lines: Vec<Value> =
            lines(contract).into_iter().filter(|line| uncounted(line).is_none()).collect();
        let mut wrong = Vec::new();
        for (at, recorded) in lines.iter().enumerate() {
            let asked = asked(recorded);
            let said = prediction_as_json(&asked.predict(&loaded));
            let differing = differing(recorded, &said);
            if !differing.is_empty() {
                wrong.push(format!("{} {}: {differing:?}", recorded["phase"], recorded["case"]));
            }
            if at % EVERY == 0 {
                assert_eq!(
                    told(&typed(&name, &asked).iter().map(String::as_str).collect::<Vec<_>>()).0,
                    said
                );
            }
        }
        assert!(wrong.is_empty(), "{contract}:\n{}", wrong.join("\n"));
        assert_counted(contract, lines.len());
    }
}

/// The contract as its recording had it: a manifest of the recording's own lists two runtimes, one of which `head` has
/// dropped and the other never had.
fn as_recorded(place: &TempDir, contract: &str) -> String {
    const UNLISTED: &str = "unlisted_with_manifest: [";
    if contract != "head" {
        return contract.to_owned();
    }
    let (_, text) = contract::BUILTIN_CONTRACTS.iter().find(|(name, _)| *name == contract).unwrap();
    assert!(text.contains(UNLISTED) && !text.contains("google-adk"), "{text}");
    let path = place.path().join("head.yaml");
    std::fs::write(&path, text.replace(UNLISTED, &format!("{UNLISTED}google-adk, seo-agent, "))).unwrap();
    path.display().to_string()
}

/// What a recorded line asked.
fn asked(recorded: &Value) -> Asked {
    let keys = keys(recorded).into_iter().map(|key| KeyAsked {
        name: key.name.to_owned(),
        scope: key.scope,
        is_blank: key.is_blank,
    });
    Asked {
        runtime: text(recorded, "/runtime").map(str::to_owned),
        model: text(recorded, "/model").map(str::to_owned),
        keys: keys.collect(),
        entry: Entry::Create,
        proxy_wired: true,
        manifest: manifest(recorded),
    }
}

/// The same as it is typed.
fn typed(contract: &str, asked: &Asked) -> Vec<String> {
    let mut words = vec!["--contract".to_owned(), contract.to_owned()];
    for (name, value) in [("--runtime", &asked.runtime), ("--model", &asked.model)] {
        words.extend(value.iter().flat_map(|value| [name.to_owned(), value.clone()]));
    }
    for key in &asked.keys {
        let value = if key.is_blank { "=" } else { "" };
        let scope = if key.scope == Scope::Global { "global" } else { "payload" };
        words.extend(["--key".to_owned(), format!("{}{value}@{scope}", key.name)]);
    }
    words.extend((asked.manifest == Manifest::Unreadable).then(|| "--no-manifest".to_owned()));
    words
}

/// The fields that are not as they were recorded. What nobody recorded would be `unpromised`, so that differs too.
fn differing(recorded: &Value, said: &Value) -> Vec<String> {
    let fields = [
        ("status", "/create/status"),
        ("code", "/create/code"),
        ("row_status", "/row/status"),
        ("row_code", "/row/fail_payload/code"),
    ];
    let mut differing = Vec::new();
    for (field, place) in fields {
        let seen = recorded.pointer(place).cloned().unwrap_or_default();
        if said[field] != seen {
            differing.push(format!("{field} {}, recorded {seen}", said[field]));
        }
    }
    let paid = match text(recorded, "/cp/env/MOLECULE_LLM_BILLING_MODE") {
        None => return differing,
        Some("byok") => json!("vendor"),
        Some(_) => json!("platform"),
    };
    if said["payer"] != paid && said["payer"] != "unpromised" {
        differing.push(format!("payer {}, recorded {paid}", said["payer"]));
    }
    differing
}
