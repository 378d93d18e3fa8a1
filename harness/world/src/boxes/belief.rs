//! What a box believes: its environment, and nothing else.

use std::collections::BTreeMap;

use contract::{PLATFORM_PROVIDER, Provider, Registry};
use wire::{ModelWire, env};

/// Where claude-code looks for its credential, in this order; only the first is sent as an API key.
const ANTHROPIC_KEYS: [&str; 3] = [env::ANTHROPIC_API_KEY, "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"];

/// What a box knows of the model it is to call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Belief {
    /// The wire of its runtime; absent where the registry does not know the runtime.
    pub(crate) wire: Option<ModelWire>,
    /// Where the model is called.
    pub(crate) base: Option<String>,
    /// The credential.
    pub(crate) key: Option<Credential>,
    /// The id, byte for byte.
    pub(crate) model: Option<String>,
    /// Headers for each call.
    pub(crate) headers: Vec<(String, String)>,
}

/// A credential, and how it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Credential {
    /// In `x-api-key`.
    ApiKey(String),
    /// As a bearer.
    Bearer(String),
}

/// The variables of a box; an empty one counts as absent.
#[derive(Clone, Copy)]
struct Variables<'a>(&'a BTreeMap<String, String>);

impl Variables<'_> {
    fn get(self, name: &str) -> Option<String> {
        self.0.get(name).filter(|value| !value.is_empty()).cloned()
    }
}

impl Belief {
    /// Reads the environment as the runtime would.
    pub(crate) fn of(registry: &Registry, runtime: &str, environment: &BTreeMap<String, String>) -> Self {
        let variables = Variables(environment);
        let wire = registry.runtime(runtime).map(|runtime| runtime.wire);
        let is_anthropic = wire == Some(ModelWire::AnthropicMessages);
        // Without a word of the platform's the box does not know whose id it has.
        let named = variables.get(env::RESOLVED_PROVIDER).filter(|name| name != PLATFORM_PROVIDER);
        let provider = named.and_then(|name| registry.provider(&name));
        let (base, key) = if is_anthropic {
            (variables.get(env::ANTHROPIC_BASE_URL), anthropic_key(variables))
        } else {
            (variables.get(env::OPENAI_BASE_URL), openai_key(variables, provider))
        };
        let headers = variables.get(env::ANTHROPIC_CUSTOM_HEADERS).filter(|_| is_anthropic);
        Self {
            wire,
            base: base.or_else(|| catalogue_base(provider?, wire?)),
            key,
            model: variables.get(env::MODEL).or_else(|| variables.get(env::MOLECULE_MODEL)),
            headers: headers.as_deref().map(custom_headers).unwrap_or_default(),
        }
    }

    /// What the runtime says to its user where it has no credential.
    pub(crate) fn not_logged_in(&self) -> &'static str {
        match self.wire {
            Some(ModelWire::AnthropicMessages) => "Not logged in · Please run /login",
            _ => "No API key is configured",
        }
    }
}

/// The provider's base, as the runtime's client takes it: an Anthropic client appends `/v1` by itself.
fn catalogue_base(provider: &Provider, wire: ModelWire) -> Option<String> {
    let base = provider.base_for(wire)?.url.trim_end_matches('/');
    match wire {
        ModelWire::AnthropicMessages => Some(base.strip_suffix("/v1").unwrap_or(base).to_owned()),
        ModelWire::OpenaiChat | ModelWire::OpenaiResponses => Some(base.to_owned()),
    }
}

fn anthropic_key(variables: Variables<'_>) -> Option<Credential> {
    let (name, value) = ANTHROPIC_KEYS.iter().find_map(|name| Some((*name, variables.get(name)?)))?;
    let is_api_key = name == env::ANTHROPIC_API_KEY;
    Some(if is_api_key { Credential::ApiKey(value) } else { Credential::Bearer(value) })
}

/// OpenAI's own variable, else the provider's.
fn openai_key(variables: Variables<'_>, provider: Option<&Provider>) -> Option<Credential> {
    let of_provider = |provider: &Provider| {
        let names = provider.auth_env.iter().chain([&provider.token_variable]);
        names.into_iter().find_map(|name| variables.get(name))
    };
    variables.get(env::OPENAI_API_KEY).or_else(|| provider.and_then(of_provider)).map(Credential::Bearer)
}

/// One header a line, `Name: value`.
fn custom_headers(text: &str) -> Vec<(String, String)> {
    let pairs = text.lines().filter_map(|line| line.split_once(':'));
    pairs.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn incident() -> Registry {
        let (name, text) = contract::BUILTIN_REGISTRIES[0];
        contract::load_registry(&document::Source::new(name, text)).unwrap()
    }

    fn environment(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_runtime_reads_its_own_variables_and_keeps_the_id_as_it_is() {
        let variables = environment(&[
            ("ANTHROPIC_BASE_URL", "http://a"),
            ("ANTHROPIC_API_KEY", "ka"),
            ("ANTHROPIC_CUSTOM_HEADERS", "X-Molecule-Workspace-Id: w"),
            ("OPENAI_BASE_URL", "http://o"),
            ("OPENAI_API_KEY", "ko"),
            ("MODEL", " padded "),
        ]);
        let claude = Belief::of(&incident(), "claude-code", &variables);
        assert_eq!(claude.base.as_deref(), Some("http://a"));
        assert_eq!(claude.key, Some(Credential::ApiKey("ka".into())));
        assert_eq!(claude.model.as_deref(), Some(" padded "));
        assert_eq!(claude.headers, [("X-Molecule-Workspace-Id".to_owned(), "w".to_owned())]);
        let hermes = Belief::of(&incident(), "hermes", &variables);
        assert_eq!(hermes.base.as_deref(), Some("http://o"));
        assert_eq!(hermes.key, Some(Credential::Bearer("ko".into())));
        assert!(hermes.headers.is_empty());
    }

    #[test]
    fn an_empty_variable_counts_as_absent() {
        let belief = Belief::of(&incident(), "claude-code", &environment(&[("ANTHROPIC_API_KEY", "")]));
        assert_eq!(belief.key, None);
        assert_eq!(Belief::of(&incident(), "langgraph", &BTreeMap::new()).wire, None);
    }

    /// Runtime, provider that the platform names, the key's variable, then the base.
    const VENDORS: &[(&str, &str, &str, Option<&str>)] = &[
        ("claude-code", "minimax", "ANTHROPIC_AUTH_TOKEN", Some("https://api.minimax.io/anthropic")),
        ("claude-code", "anthropic-api", "ANTHROPIC_API_KEY", Some("https://api.anthropic.com")),
        (
            "claude-code",
            "anthropic-oauth",
            "CLAUDE_CODE_OAUTH_TOKEN",
            Some("https://anthropic-oauth.invalid"),
        ),
        ("hermes", "nousresearch", "NOUSRESEARCH_API_KEY", Some("https://nousresearch.invalid/v1")),
        (
            "hermes",
            "byok-gemini",
            "GOOGLE_API_KEY",
            Some("https://generativelanguage.googleapis.com/v1beta/openai"),
        ),
        ("codex", "openai-subscription", "CODEX_AUTH_JSON", Some("https://openai-subscription.invalid/v1")),
        ("openclaw", "groq", "ANTHROPIC_AUTH_TOKEN", Some("https://api.groq.com/openai/v1")),
        ("claude-code", "platform", "ANTHROPIC_API_KEY", None),
        ("claude-code", "nobody", "ANTHROPIC_API_KEY", None),
        ("claude-code", "", "ANTHROPIC_API_KEY", None),
    ];

    #[test]
    fn a_named_provider_stands_in_for_what_the_environment_leaves_out() {
        for (runtime, provider, key, base) in VENDORS {
            let variables = environment(&[("MOLECULE_RESOLVED_PROVIDER", provider), (key, "own")]);
            let belief = Belief::of(&incident(), runtime, &variables);
            assert_eq!(belief.base.as_deref(), *base, "{runtime} {provider}");
            let is_api_key = *key == "ANTHROPIC_API_KEY";
            let own = String::from("own");
            let shown = if is_api_key { Credential::ApiKey(own) } else { Credential::Bearer(own) };
            assert_eq!(belief.key, Some(shown), "{runtime} {provider}");
        }
    }
}
