//! What a box believes: its environment, and nothing else.

use std::collections::BTreeMap;

use contract::Registry;
use wire::{ModelWire, env};

/// What a box knows of the model it is to call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Belief {
    /// The wire of its runtime; absent where the registry does not know the runtime.
    pub(crate) wire: Option<ModelWire>,
    /// Where the model is called.
    pub(crate) base: Option<String>,
    /// The credential.
    pub(crate) key: Option<String>,
    /// The id, byte for byte.
    pub(crate) model: Option<String>,
    /// Headers for each call.
    pub(crate) headers: Vec<(String, String)>,
}

impl Belief {
    /// Reads the environment as the runtime would.
    pub(crate) fn of(registry: &Registry, runtime: &str, environment: &BTreeMap<String, String>) -> Self {
        let variable = |name: &str| environment.get(name).filter(|value| !value.is_empty()).cloned();
        let wire = registry.runtime(runtime).map(|runtime| runtime.wire);
        let is_anthropic = wire == Some(ModelWire::AnthropicMessages);
        let (base, key) = if is_anthropic {
            (env::ANTHROPIC_BASE_URL, env::ANTHROPIC_API_KEY)
        } else {
            (env::OPENAI_BASE_URL, env::OPENAI_API_KEY)
        };
        let headers = variable(env::ANTHROPIC_CUSTOM_HEADERS).filter(|_| is_anthropic);
        Self {
            wire,
            base: variable(base),
            key: variable(key),
            model: variable(env::MODEL).or_else(|| variable(env::MOLECULE_MODEL)),
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
        assert_eq!(claude.key.as_deref(), Some("ka"));
        assert_eq!(claude.model.as_deref(), Some(" padded "));
        assert_eq!(claude.headers, [("X-Molecule-Workspace-Id".to_owned(), "w".to_owned())]);
        let hermes = Belief::of(&incident(), "hermes", &variables);
        assert_eq!(hermes.base.as_deref(), Some("http://o"));
        assert_eq!(hermes.key.as_deref(), Some("ko"));
        assert!(hermes.headers.is_empty());
    }

    #[test]
    fn an_empty_variable_counts_as_absent() {
        let belief = Belief::of(&incident(), "claude-code", &environment(&[("ANTHROPIC_API_KEY", "")]));
        assert_eq!(belief.key, None);
        assert_eq!(Belief::of(&incident(), "langgraph", &BTreeMap::new()).wire, None);
    }
}
