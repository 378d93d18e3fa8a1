//! The resolver against answers recorded from real servers: registry §11 on the data of 2026-06-11, and every provider
//! that the recorded creates name.

use std::collections::BTreeSet;
use std::sync::Arc;

use contract::{BUILTIN_REGISTRIES, load_registry};
use document::Source;
use serde_json::Value;
use wire::env;

use super::{Resolver, Unresolved};
use crate::sample;

const UNREGISTERED: &str = "unregistered";
const UNKNOWN_RUNTIME: &str = "unknown runtime";

/// Runtime, the ids, and the provider that each of them belongs to; no keys.
const WITHOUT_KEYS: &[(&str, &[&str], &str)] = &[
    (
        "claude-code",
        &[
            "moonshot/kimi-k2.6",
            "  moonshot/kimi-k2.6\t",
            "\u{3000}moonshot/kimi-k2.6\u{a0}",
            "moonshot/kimi-k2.5",
            "anthropic/claude-opus-4-7",
            "anthropic/claude-sonnet-4-6",
            "anthropic/claude-fable-5",
            "minimax/MiniMax-M2.7",
            "minimax/MiniMax-M2.7-highspeed",
            "minimax/MiniMax-M3",
            "platform/kimi-k2.6",
            "platform/minimax/MiniMax-M2.7",
        ],
        "platform",
    ),
    (
        "claude-code",
        &[
            "claude-opus-4-8",
            "claude-fable-5",
            "anthropic:claude-fable-5",
            "claude-sonnet-4-6",
            "anthropic:claude-sonnet-4-6",
            "claude-opus-5",
            "claude-3-haiku",
            "claude-sonnet-4-6-20260101",
            "claude-sonnet-4-6 ",
        ],
        "anthropic-api",
    ),
    ("claude-code", &["sonnet", "anthropic:sonnet"], "anthropic-oauth"),
    ("claude-code", &["kimi-for-coding", "kimi-k2.5", "kimi-k2", "kimi-k2.6"], "kimi-coding"),
    ("claude-code", &["MiniMax-M2.7", "MiniMax-M3", "minimax-m2.7", "MINIMAX-M2.7", "MiniMax-M9"], "minimax"),
    ("claude-code", &["GLM-4.6", "zai:glm-4.6", "ZAI/GLM-4.6"], "zai"),
    ("claude-code", &["deepseek-v4-pro", "deepseek:x"], "deepseek"),
    ("claude-code", &["mimo-v2-pro", "xiaomi/mimo"], "xiaomi-mimo"),
    (
        "claude-code",
        &[
            "anthropic/claude-opus-4-8",
            "anthropic:claude-opus-4-8",
            "moonshot:kimi-k2.6",
            "moonshot/kimi-k3",
            "MOONSHOT/kimi-k2.6",
            "moonshot//kimi-k2.6",
            "minimax:MiniMax-M2.7",
            "minimax/minimax-m2.7",
            "minimax/MiniMax-M2",
            "anthropic/claude-haiku-4-5",
            "anthropic:claude-sonnet-4-6-20260101",
            "Claude-sonnet-4-6",
            "Sonnet",
            "sonnet-4-6",
            "Deepseek-v4-pro",
            "Platform/x",
            "platform:x",
            "gpt-5.5",
            "openai/gpt-5.4",
            "openrouter/auto",
            "gemini-2.5-pro",
            "models/claude-sonnet-4-6",
        ],
        UNREGISTERED,
    ),
    ("hermes", &["moonshot/kimi-k2.6", "moonshot/kimi-k2.5", "platform/anything"], "platform"),
    (
        "hermes",
        &[
            "minimax/MiniMax-M2.7",
            "minimax/MiniMax-M2.7-highspeed",
            "minimax/MiniMax-M3",
            "minimax:MiniMax-M2.7",
            "minimax/minimax-m2.7",
            "minimax/MiniMax-M1",
            "MINIMAX/minimax-m2.7",
        ],
        "byok-minimax",
    ),
    ("hermes", &["kimi-coding/kimi-k2", "kimi-k2", "kimi-k2.6"], "kimi-coding"),
    ("hermes", &["anthropic/claude-haiku-4-5"], "byok-anthropic"),
    ("hermes", &["openai/gpt-4o", "openai:gpt-4o"], "byok-openai"),
    ("hermes", &["gemini/gemini-2.5-pro"], "byok-gemini"),
    ("hermes", &["nousresearch/hermes-4-70b"], "nousresearch"),
    ("hermes", &["zai/glm-4.6"], "zai"),
    ("hermes", &["deepseek-chat"], "deepseek"),
    ("hermes", &["openrouter/x/y"], "openrouter"),
    ("hermes", &["qwen3-max"], "alibaba"),
    ("hermes", &["custom/x"], "custom"),
    (
        "hermes",
        &[
            "MiniMax-M2.7",
            "sonnet",
            "claude-opus-4-7",
            "anthropic:claude-opus-4-7",
            "moonshot:kimi-k2.6",
            "gpt-5.5",
            "groq:x",
            "ollama/x",
            "gemini-2.5-pro",
        ],
        UNREGISTERED,
    ),
    ("codex", &["gpt-5.5", "gpt-6"], "openai-subscription"),
    ("codex", &["openai-api:gpt-5.5", "openai-api/gpt-5.5"], "openai-api"),
    ("codex", &["openai/gpt-5.4", "openai/gpt-5.4-mini"], "platform"),
    (
        "codex",
        &[
            "minimax/MiniMax-M2.7",
            "minimax/MiniMax-M3",
            "minimax/minimax-m2.7",
            "codex-minimax-m2.7",
            "minimax:MiniMax-M2.7",
        ],
        "byok-minimax",
    ),
    (
        "codex",
        &[
            "openai/gpt-5.5",
            "openai:gpt-5.4",
            "GPT-5.5",
            "MiniMax-M2.7",
            "moonshot/kimi-k2.6",
            "anthropic:claude-opus-4-7",
            "claude-sonnet-4-6",
            "o3",
        ],
        UNREGISTERED,
    ),
    ("openclaw", &["moonshot:kimi-k2.6", "kimi-k2.6"], "kimi-coding"),
    ("openclaw", &["moonshot/kimi-k2.6"], "platform"),
    (
        "openclaw",
        &["minimax/MiniMax-M2.7", "minimax/MiniMax-M3", "minimax:MiniMax-M2.7", "minimax:MiniMax-M3"],
        "byok-minimax",
    ),
    ("openclaw", &["openai:gpt-4o", "openai/gpt-5"], "byok-openai"),
    ("openclaw", &["groq:llama-3.3-70b-versatile"], "groq"),
    ("openclaw", &["openrouter:openai/gpt-4.1-mini"], "openrouter"),
    ("openclaw", &["custom:x"], "custom"),
    (
        "openclaw",
        &[
            "MiniMax-M2.7",
            "gpt-5.5",
            "groq/llama",
            "anthropic:claude-opus-4-7",
            "anthropic/claude-opus-4-7",
            "claude-sonnet-4-6",
        ],
        UNREGISTERED,
    ),
    ("google-adk", &["platform:gemini-2.5-pro"], "platform"),
    ("google-adk", &["gemini-2.5-pro", "google_genai:gemini-2.5-pro", "gemini-2.5-ultra"], "google"),
    (
        "google-adk",
        &["google_genai:gemini-3", "gemini/gemini-2.5-pro", "vertex:gemini-2.5-pro"],
        UNREGISTERED,
    ),
    ("langgraph", &["moonshot/kimi-k2.6"], UNKNOWN_RUNTIME),
];

/// The only tie of the data: codex ids that two arms list.
const TIES: &[(&str, &[&str], &str)] = &[
    ("gpt-5.5", &["OPENAI_API_KEY"], "openai-api"),
    ("gpt-5.5", &["OPENAI_API_KEY", "CODEX_AUTH_JSON"], "openai-subscription"),
    ("gpt-5.5", &["CODEX_CHATGPT_AUTH_JSON"], "openai-subscription"),
    ("gpt-6", &["OPENAI_API_KEY"], "openai-subscription"),
];

#[test]
fn ids_resolve_as_recorded_without_keys() {
    let resolver = Resolver::of(&sample::registry()).unwrap();
    for (runtime, ids, expected) in WITHOUT_KEYS {
        for id in *ids {
            assert_eq!(resolved(&resolver, runtime, id, &[]), *expected, "{runtime} {id:?}");
        }
    }
}

#[test]
fn a_tie_goes_to_the_arm_that_alone_has_a_key() {
    let resolver = Resolver::of(&sample::registry()).unwrap();
    for (id, keys, expected) in TIES {
        assert_eq!(resolved(&resolver, "codex", id, keys), *expected, "{id} {keys:?}");
    }
}

#[test]
fn a_blank_id_is_no_model() {
    let resolver = Resolver::of(&sample::registry()).unwrap();
    for id in ["", " ", "\t\n", "\u{a0}"] {
        let error = resolver.resolve("claude-code", id, &BTreeSet::new()).unwrap_err();
        assert_eq!(error, Unresolved::NoModel, "{id:?}");
    }
}

fn resolved(resolver: &Resolver, runtime: &str, id: &str, keys: &[&str]) -> String {
    match resolver.resolve(runtime, id, &keys.iter().copied().collect()) {
        Ok(arm) => arm.provider.name.value.clone(),
        Err(Unresolved::Unregistered) => UNREGISTERED.to_owned(),
        Err(Unresolved::UnknownRuntime) => UNKNOWN_RUNTIME.to_owned(),
        Err(other) => format!("{other:?}"),
    }
}

/// Contract, the runtime of a create that names none, and at least how many recorded providers are compared.
const RECORDED: [(&str, &str, usize); 3] =
    [("incident", "claude-code", 200), ("create-gate", "claude-code", 140), ("head", "hermes", 125)];
const LINES: usize = 357;

/// The provider that the platform itself derived: in the billing mode of a row, or, where that route is gone, in what
/// the row's box was told.
fn recorded_provider(line: &Value) -> Option<&str> {
    let text = |pointer: &str| line.pointer(pointer).and_then(Value::as_str);
    let is_derived = text("/billing_mode/body/source") == Some("derived_provider");
    let of_route = text("/billing_mode/body/provider_selection").filter(|_| is_derived);
    of_route.or_else(|| text("/cp/env/MOLECULE_RESOLVED_PROVIDER"))
}

/// The names of a line's keys that have a value.
fn keys(line: &Value) -> BTreeSet<&str> {
    let case = line["case"].as_str().unwrap();
    if case.contains("empty") || case.contains("blank") {
        return BTreeSet::new();
    }
    line["keys"]["names"].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

#[test]
fn every_recorded_provider_is_the_one_that_the_resolver_finds() {
    for (contract, default, at_least) in RECORDED {
        let (name, text) = BUILTIN_REGISTRIES.iter().find(|(name, _)| *name == contract).unwrap();
        let resolver = Resolver::of(&Arc::new(load_registry(&Source::new(*name, *text)).unwrap())).unwrap();
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/golden/vectors");
        let text = std::fs::read_to_string(format!("{folder}/{contract}.jsonl")).unwrap();
        assert_eq!(text.lines().count(), LINES, "{contract}");
        let (mut alike, mut rerouted, mut unlisted) = (0, 0, 0);
        for line in text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()) {
            let (Some(recorded), Some(model)) = (recorded_provider(&line), line["model"].as_str()) else {
                continue;
            };
            let runtime = line["runtime"].as_str().filter(|name| !name.is_empty()).unwrap_or(default);
            let keys = keys(&line);
            let Ok(resolved) = resolver.resolve(runtime, model, &keys) else {
                assert_eq!((recorded, resolver.wire_of(runtime)), ("platform", None), "{line}");
                unlisted += 1;
                continue;
            };
            let provider = resolved.provider;
            let is_usable =
                |name: &&String| keys.contains(name.as_str()) && env::VENDOR_KEYS.contains(&name.as_str());
            if recorded == "platform" && provider.name.value != recorded {
                assert!(!provider.auth_env.iter().any(|name| is_usable(&name)), "{line}");
                rerouted += 1;
            } else {
                assert_eq!(provider.name.value, recorded, "{line}");
                alike += 1;
            }
        }
        println!(
            "{contract}: {alike} providers alike, {rerouted} on the proxy for want of a key, {unlisted} unlisted"
        );
        assert!(alike >= at_least, "{contract}: only {alike}");
    }
}
