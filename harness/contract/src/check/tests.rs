use document::{Place, Source};

use crate::{BUILTIN_CONTRACTS, BUILTIN_REGISTRIES, LoadError, load_contract, load_registry, registry_fits};

fn text_of(texts: &[(&'static str, &'static str)], name: &str) -> &'static str {
    texts.iter().find(|(known, _)| *known == name).unwrap().1
}

/// The messages about a text in which one piece was replaced, with the lines that they point at.
fn about_damaged(sound: &str, from: &str, to: &str, load: impl Fn(&Source) -> Vec<String>) -> Vec<String> {
    assert!(sound.contains(from), "{from}");
    load(&Source::new("damaged.yaml", sound.replacen(from, to, 1)))
}

/// All problems in one text, and that none leaves its reader alone.
fn told(error: &LoadError) -> Vec<String> {
    for problem in &error.0 {
        assert!(problem.hint.as_ref().is_some_and(|hint| !hint.is_empty()), "no hint: {problem}");
    }
    vec![error.to_string()]
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
    ("[GROQ_API_KEY]", "['']", "`` in auth_env of `groq` is no name of a variable"),
    ("[GROQ_API_KEY]", "[GROQ-API-KEY]", "`GROQ-API-KEY` in auth_env of `groq` is no name of a variable"),
    ("[GROQ_API_KEY]", "[GROQ_API_KEY, A, GROQ_API_KEY]", "both number 1 and number 3"),
    ("provider: zai", "provider: nobodys", "the known ones are anthropic-api, "),
    ("- opus\n", "- sonnet\n", "it stands first at 17:"),
    (
        "template_default: gpt-5.5",
        "template_default: gtp-5.5",
        "no arm of `codex` owns its template_default `gtp-5.5`",
    ),
    ("template_default: gpt-5.5", "template_default: gtp-5.5", "did you mean `gpt-5.5`?"),
    ("template_default: gpt-5.5", "template_default: ''", "no arm of `codex` owns its template_default ``"),
    ("'https://api.openai.com/v1'", "'https://:443/v1'", "an address of provider `openai-api` is no URL"),
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
        let load = |source: &Source| told(&load_registry(source).unwrap_err());
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
        "omitted_model promises tool_default for `tool`, where no tool fills",
    ),
    ("head", "create: fails_at", "create: tool_default # fails_at", "blank_model promises tool_default"),
    ("head", "GROQ_BASE_URL", "GROQ_URL", "`GROQ_URL` is no variable of a vendor's address"),
    ("head", "GROQ_BASE_URL", "_BASE_URL", "`_BASE_URL` is no variable of a vendor's address"),
    ("head", "https://api.groq.com", "api.groq.com", "the address of `GROQ_BASE_URL` is no URL"),
    ("head", "https://api.groq.com", "https://", "the address of `GROQ_BASE_URL` is no URL"),
    (
        "incident",
        "unregistered_id: { tool: refused",
        "unregistered_id: { tool: proxied",
        "for `tool` than for `create`",
    ),
    (
        "head",
        "keyless_vendor_id:\n  tool: refused",
        "keyless_vendor_id:\n  tool: proxied",
        "for `tool` than for `create`",
    ),
    (
        "incident",
        "root_parent: { tool: concierge",
        "root_parent: { tool: nowhere",
        "for `tool` than for `create`",
    ),
    (
        "incident",
        "omitted_model: { tool: refused",
        "omitted_model: { tool: server_default",
        "for `tool` than for `create`",
    ),
    (
        "incident",
        "{ tool: server_default",
        "{ tool: refused",
        "blank_model promises something else for `tool`",
    ),
    (
        "incident",
        "{ tool: not_offered",
        "{ tool: refused_where_proxied",
        "payload_key promises something for `tool`",
    ),
    (
        "incident",
        "put_model: unchanged",
        "put_model: concierge",
        "root_parent promises a place for `put_model`, which makes no row",
    ),
    (
        "incident",
        "import: nowhere",
        "import: unchanged",
        "root_parent promises unchanged for `import`, which makes a row",
    ),
    (
        "incident",
        "put_model: server_default, restart: server_default }\nblank",
        "put_model: server_default, restart: fails_at_provisioning }\nblank",
        "omitted_model promises an end for `put_model` that omitted_model.restart rules out",
    ),
    (
        "incident",
        "put_model: server_default, restart: server_default }\nblank",
        "put_model: server_default, restart: platform_default }\nblank",
        "omitted_model promises an end for `put_model` that omitted_model.restart rules out",
    ),
    (
        "incident",
        "put_model: server_default, restart: server_default }\nblank",
        "put_model: platform_default, restart: server_default }\nblank",
        "omitted_model promises `restart` a row without a model, and put_model gives it one",
    ),
    (
        "head",
        "unlisted: [mock]",
        "unlisted: [mock, kimi]",
        "runtime `kimi` stands under external and under unlisted",
    ),
    (
        "head",
        "unlisted: [mock]",
        "unlisted: [codex]",
        "runtime `codex` stands under with_manifest and under unlisted",
    ),
    ("head", "external: [external", "external: [codex", "under with_manifest and under external"),
    ("head", "[platform-agent]", "[mock]", "under unlisted and under unlisted_with_manifest"),
    (
        "head",
        "usable_on: [claude-code",
        "usable_on: [claude-code, claude-code",
        "runtime `claude-code` stands here twice",
    ),
    ("head", "[create_answer,", "[create_answer, user,", "surfaces names `user` twice"),
    ("head", "names: [model,", "names: [model, alternative,", "names names `alternative` twice"),
    (
        "head",
        "[omit_means_default]",
        "[omit_means_default, omit_means_default]",
        "states names `omit_means_default` twice",
    ),
    ("head", "sweep: 30s", "sweep: 0s", "the clock `sweep` is zero"),
    ("as-designed", "$platform_ids.", "$platfrom_ids.", "did you mean `$platform_ids`?"),
    (
        "as-designed",
        "Provision a workspace in this",
        "Provision a $thing in this",
        "only $platform_ids stands for something",
    ),
];

#[test]
fn a_damaged_contract_is_refused_with_the_place() {
    for (name, from, to, says) in CONTRACT {
        let load = |source: &Source| told(&load_contract(source).unwrap_err());
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
    (
        "create-gate",
        "codex, google-adk]\n  without_manifest: [claude-code, hermes, openclaw, codex]\n  \
         external: [external, kimi, kimi-cli]\n  unlisted: [mock]",
        "codex]\n  without_manifest: [claude-code, hermes, openclaw, codex]\n  \
         external: [external, kimi, kimi-cli]\n  unlisted: [google-adk]",
        "runtime `google-adk` stands in registry `create-gate`",
    ),
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

#[test]
fn every_contradiction_is_told_at_the_entry_that_it_is_about() {
    let sound = text_of(&BUILTIN_CONTRACTS, "incident");
    let damaged = sound.replacen("payer: override_then_arm", "payer: arm_else_proxy", 1);
    let damaged = damaged.replacen(
        "import: not_offered, put_model: not_offered",
        "import: refused_where_proxied, put_model: refused_where_proxied",
        1,
    );
    let source = Source::new("damaged.yaml", damaged.clone());
    let problems = load_contract(&source).unwrap_err().0;
    let at = |problem: &document::Problem| {
        let line = damaged.lines().nth(problem.place.line as usize - 1).unwrap();
        line[..problem.place.column as usize - 1]
            .split([' ', '{', ','])
            .rfind(|word| !word.is_empty())
            .unwrap()
            .to_owned()
    };
    let named: Vec<String> = problems.iter().map(at).collect();
    assert_eq!(named, ["tool:", "create:", "import:", "put_model:", "restart:", "import:", "put_model:"]);
}

#[test]
fn a_blank_id_that_is_stored_trimmed_is_a_missing_one_to_every_box() {
    let sound = text_of(&BUILTIN_CONTRACTS, "create-gate");
    let from = "  put_model: fails_at_provisioning\n  restart: fails_at_provisioning\n\nkeyless";
    let to = "  put_model: server_default\n  restart: server_default\n\nkeyless";
    let blank = sound.replacen(from, to, 1).replace(
        "fails_at_provisioning\n  create: fails_at_provisioning\n  import: unp",
        "server_default\n  create: server_default\n  import: unp",
    );
    assert_ne!(blank, sound);
    assert!(load_contract(&Source::new("as typed", blank.clone())).is_ok());
    let trimmed = blank.replacen("stored_id: as_typed", "stored_id: trimmed", 1);
    let text = load_contract(&Source::new("trimmed", trimmed)).unwrap_err().to_string();
    assert!(
        text.contains("blank_model promises an end for `create` that omitted_model.restart rules out"),
        "{text}"
    );
}

#[test]
fn a_contract_beside_a_foreign_registry_is_told_of_its_own() {
    let registry = load_registry(&Source::new("head", text_of(&BUILTIN_REGISTRIES, "head"))).unwrap();
    let source = Source::new("create-gate", text_of(&BUILTIN_CONTRACTS, "create-gate"));
    let contract = load_contract(&source).unwrap().beside(&registry);
    let problems = registry_fits(&source, &contract, &registry);
    assert!(!problems.is_empty());
    for problem in problems {
        let hint = problem.hint.unwrap();
        assert!(hint.ends_with(", or run with --registry create-gate"), "{hint}");
    }
    let damaged = source.text.replacen("seeded: moonshot/kimi-k2.6", "seeded: sonnet", 1);
    let source = Source::new("damaged.yaml", damaged);
    let own = load_registry(&Source::new("own", text_of(&BUILTIN_REGISTRIES, "create-gate"))).unwrap();
    let problems = registry_fits(&source, &load_contract(&source).unwrap(), &own);
    assert!(problems.iter().all(|problem| !problem.hint.as_ref().unwrap().contains("--registry")));
    assert_eq!(problems.len(), 1);
}
