use document::{Place, Source};

use crate::{BUILTIN_CONTRACTS, BUILTIN_REGISTRIES, load_contract, load_registry, registry_fits};

fn text_of(texts: &[(&'static str, &'static str)], name: &str) -> &'static str {
    texts.iter().find(|(known, _)| *known == name).unwrap().1
}

/// The messages about a text in which one piece was replaced, with the lines that they point at.
fn about_damaged(sound: &str, from: &str, to: &str, load: impl Fn(&Source) -> Vec<String>) -> Vec<String> {
    assert!(sound.contains(from), "{from}");
    load(&Source::new("damaged.yaml", sound.replacen(from, to, 1)))
}

fn shown(problems: &[document::Problem]) -> Vec<String> {
    problems.iter().map(|problem| problem.render()).collect()
}

#[test]
fn what_is_compiled_in_is_sound_named_as_its_file_and_fits_its_registry() {
    for (name, text) in BUILTIN_CONTRACTS {
        let source = Source::new(name, text);
        let contract = load_contract(&source).unwrap();
        assert_eq!(contract.name, name);
        let registry = Source::new("registry", text_of(&BUILTIN_REGISTRIES, &contract.registry));
        let problems = registry_fits(&source, &contract, &load_registry(&registry).unwrap());
        assert!(problems.is_empty(), "{}", document::render_all(&problems));
    }
    for (name, text) in BUILTIN_REGISTRIES {
        assert_eq!(load_registry(&Source::new(name, text)).unwrap().name, name);
    }
}

/// What is replaced in the registry of the incident, and what the message then says.
const REGISTRY: &[(&str, &str, &str)] = &[
    ("provider: zai", "provider: zay", "unknown provider `zay`"),
    ("'^kimi-'", "'^kimi-('", "the pattern of provider `kimi-coding` does not compile"),
    ("provider: zai", "provider: deepseek", "arm `deepseek` stands here twice"),
    ("as_of:", "as_off:", "unknown key `as_off`"),
    ("- opus\n", "- sonnet\n", "id `sonnet` stands here twice"),
    ("  - name: hermes\n", "  - name: claude-code\n", "runtime `claude-code` stands here twice"),
    ("  - name: groq\n", "  - name: zai\n", "provider `zai` stands here twice"),
    ("[GROQ_API_KEY]", "[]", "provider `groq` accepts no key at all"),
    ("'https://api.openai.com/v1'", "api.openai.com", "an address of provider `openai-api` is no URL"),
    ("{ assumed: ", "{ asumed: ", "unknown key `asumed`"),
    (
        "        exact:\n          - openai/gpt-5.4\n          - openai/gpt-5.4-mini\n",
        "",
        "runtime `codex` lists no id that the platform pays for",
    ),
];

#[test]
fn a_damaged_registry_is_refused_with_the_place() {
    let sound = text_of(&BUILTIN_REGISTRIES, "incident");
    for (from, to, says) in REGISTRY {
        let load = |source: &Source| vec![load_registry(source).unwrap_err().to_string()];
        let [text] = about_damaged(sound, from, to, load).try_into().unwrap();
        assert!(text.contains(says), "{says}: {text}");
        assert!(text.contains("damaged.yaml:"), "{text}");
    }
}

/// Contract, what is replaced in it, and what the message then says.
const CONTRACT: &[(&str, &str, &str, &str)] = &[
    ("head", "stored_id:", "stored_idd:", "unknown key `stored_idd`"),
    ("head", "payer: arm_else_proxy", "payer: nobody", "nobody"),
    (
        "head",
        "default_runtime: hermes",
        "default_runtime: hermes2",
        "default_runtime `hermes2` is none of the known",
    ),
    ("head", "{ runtime: hermes", "{ runtime: hermez", "did you mean `hermes`?"),
    ("head", "usable_on: [claude-code", "usable_on: [claudecode", "alternative_is_usable_on `claudecode`"),
    (
        "head",
        "with_manifest: [claude-code, hermes",
        "with_manifest: [hermes, hermes",
        "runtime `hermes` stands here twice",
    ),
    (
        "head",
        "payer: arm_else_proxy",
        "payer: arm",
        "what `import` promises here is not what the rule of the payer does",
    ),
    ("incident", "payer: override_then_arm", "payer: arm_else_proxy", "promise proxied, or refused"),
    (
        "head",
        "  default_model: minimax/MiniMax-M2.7\n",
        "",
        "omitted_model promises tool_default where no tool fills",
    ),
    ("head", "create: fails_at", "create: tool_default # fails_at", "blank_model promises tool_default"),
    ("head", "GROQ_BASE_URL", "GROQ_URL", "`GROQ_URL` is no variable of a vendor's address"),
];

#[test]
fn a_damaged_contract_is_refused_with_the_place() {
    for (name, from, to, says) in CONTRACT {
        let load = |source: &Source| vec![load_contract(source).unwrap_err().to_string()];
        let [text] = about_damaged(text_of(&BUILTIN_CONTRACTS, name), from, to, load).try_into().unwrap();
        assert!(text.contains(says), "{says}: {text}");
        assert!(text.contains("damaged.yaml:") && !text.contains("damaged.yaml:1:1"), "{text}");
    }
}

/// Contract, what is replaced in it, and what no longer fits its registry.
const UNFIT: &[(&str, &str, &str, &str)] = &[
    (
        "head",
        "codex]\n  without",
        "codex, google-adk]\n  without",
        "known_runtimes.with_manifest names `google-adk`",
    ),
    (
        "head",
        "without_manifest: [claude-code",
        "without_manifest: [claud-code",
        "did you mean `claude-code`?",
    ),
    ("head", "unlisted: [mock]", "unlisted: [codex]", "runtime `codex` stands in registry `head`"),
    (
        "head",
        "server_default_or: minimax/MiniMax-M2.7",
        "server_default_or: moonshot/kimi-k2.6",
        "concierge.model `moonshot/kimi-k2.6` is no id that the platform pays for on `hermes`",
    ),
    (
        "head",
        "default_model: minimax/MiniMax-M2.7",
        "default_model: MiniMax-M2.7",
        "provision_tool.default_model `MiniMax-M2.7`",
    ),
    ("create-gate", "seeded: moonshot/kimi-k2.6", "seeded: sonnet", "concierge.model `sonnet`"),
];

#[test]
fn a_contract_that_its_registry_can_not_serve_is_told_with_the_place() {
    for (name, from, to, says) in UNFIT {
        let fit = |source: &Source| {
            let contract = load_contract(source).unwrap();
            let registry = Source::new("registry", text_of(&BUILTIN_REGISTRIES, &contract.registry));
            let problems = registry_fits(source, &contract, &load_registry(&registry).unwrap());
            assert!(problems.iter().all(|problem| problem.place != Place::default()), "{name}");
            shown(&problems)
        };
        let texts = about_damaged(text_of(&BUILTIN_CONTRACTS, name), from, to, fit);
        assert!(texts.iter().any(|text| text.contains(says)), "{says}: {texts:?}");
    }
}
