//! Resolution: which arm of a runtime owns an id (registry §2).

use std::collections::HashMap;
use std::sync::Arc;

use contract::{Arm, Billing, Provider, Registry, Runtime};
use regex::Regex;

/// How an arm came to own an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    /// It lists the id.
    Exact,
    /// Several arms list the id; this one was declared first, or is the only one with a key.
    ExactTie,
    /// Its provider's pattern matches the id.
    Prefix,
}

/// The arm that owns an id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved<'a> {
    /// The provider behind the arm.
    pub provider: &'a str,
    /// Who pays.
    pub billing: Billing,
    /// How it came to own the id.
    pub via: Via,
    /// The key names that the provider accepts.
    pub auth_env: &'a [String],
}

/// Why no arm owns an id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unresolved {
    /// The id is empty after trimming.
    #[error("a model id is required")]
    NoModel,
    /// The registry has no such runtime.
    #[error("the registry has no runtime of this name")]
    UnknownRuntime,
    /// No arm lists the id and no pattern matches it.
    #[error("no arm of this runtime owns the id")]
    Unregistered,
    /// Several patterns match and the keys do not decide.
    #[error("several arms own the id: {}", .0.join(", "))]
    Ambiguous(Vec<String>),
}

/// Why a registry can't be resolved against.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OracleError {
    /// A provider's pattern does not compile.
    #[error("the pattern of provider `{0}` does not compile")]
    Pattern(String),
    /// An arm names a provider that is not there.
    #[error("runtime `{runtime}` names the unknown provider `{provider}`")]
    Provider {
        /// The runtime.
        runtime: String,
        /// The provider that it names.
        provider: String,
    },
}

/// The oracle over one registry. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Oracle {
    registry: Arc<Registry>,
    patterns: Arc<HashMap<String, Regex>>,
}

/// An arm together with its provider.
#[derive(Clone, Copy)]
struct Candidate<'a> {
    arm: &'a Arm,
    provider: &'a Provider,
}

impl Oracle {
    /// Compiles a registry's patterns.
    ///
    /// # Errors
    /// Where a pattern does not compile or an arm dangles; neither occurs in a registry that was loaded and checked.
    pub fn new(registry: Arc<Registry>) -> Result<Self, OracleError> {
        let mut patterns = HashMap::new();
        for provider in &registry.providers {
            let name = provider.name.value.clone();
            let pattern =
                Regex::new(&provider.prefix.value).map_err(|_| OracleError::Pattern(name.clone()))?;
            patterns.insert(name, pattern);
        }
        for runtime in &registry.runtimes {
            if let Some(arm) =
                runtime.arms.iter().find(|arm| registry.provider(&arm.provider.value).is_none())
            {
                let (runtime, provider) = (runtime.name.value.clone(), arm.provider.value.clone());
                return Err(OracleError::Provider { runtime, provider });
            }
        }
        Ok(Self { registry, patterns: Arc::new(patterns) })
    }

    /// The registry that is resolved against.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// The arm that owns an id, given the names of the keys that are there. Values never matter.
    ///
    /// # Errors
    /// Where no arm owns it; see [`Unresolved`].
    pub fn resolve(&self, runtime: &str, model: &str, keys: &[&str]) -> Result<Resolved<'_>, Unresolved> {
        let model = model.trim();
        if model.is_empty() {
            return Err(Unresolved::NoModel);
        }
        let runtime = self.registry.runtime(runtime).ok_or(Unresolved::UnknownRuntime)?;
        let listed: Vec<Candidate<'_>> = self
            .candidates(runtime)
            .filter(|candidate| candidate.arm.exact.iter().any(|id| id.value == model))
            .collect();
        match listed.as_slice() {
            [] => self.by_pattern(runtime, model, keys),
            [only] => Ok(only.resolved(Via::Exact)),
            [first, ..] => Ok(sole_with_key(&listed, keys).unwrap_or(*first).resolved(Via::ExactTie)),
        }
    }

    fn by_pattern(&self, runtime: &Runtime, model: &str, keys: &[&str]) -> Result<Resolved<'_>, Unresolved> {
        let name = runtime.name.value.as_str();
        let runtime = self.registry.runtime(name).ok_or(Unresolved::UnknownRuntime)?;
        let owners: Vec<Candidate<'_>> = self
            .candidates(runtime)
            .filter(|candidate| {
                let pattern = self.patterns.get(candidate.provider.name.value.as_str());
                pattern.is_some_and(|pattern| pattern.is_match(model))
            })
            .collect();
        match owners.as_slice() {
            [] => Err(Unresolved::Unregistered),
            [only] => Ok(only.resolved(Via::Prefix)),
            several => {
                sole_with_key(several, keys).map(|owner| owner.resolved(Via::Prefix)).ok_or_else(|| {
                    let mut names: Vec<String> =
                        several.iter().map(|candidate| candidate.provider.name.value.clone()).collect();
                    names.sort();
                    Unresolved::Ambiguous(names)
                })
            }
        }
    }

    /// Every arm that can own the id, in declared order: several where keys break a tie. None where no arm owns it.
    pub fn owners(&self, runtime: &str, model: &str) -> Vec<Resolved<'_>> {
        let model = model.trim();
        let Some(runtime) = self.registry.runtime(runtime) else { return Vec::new() };
        let lists = |candidate: &Candidate<'_>| candidate.arm.exact.iter().any(|id| id.value == model);
        let listed: Vec<Candidate<'_>> = self.candidates(runtime).filter(lists).collect();
        if !listed.is_empty() {
            let via = if listed.len() > 1 { Via::ExactTie } else { Via::Exact };
            return listed.iter().map(|candidate| candidate.resolved(via)).collect();
        }
        let matches = |candidate: &Candidate<'_>| {
            let pattern = self.patterns.get(candidate.provider.name.value.as_str());
            pattern.is_some_and(|pattern| pattern.is_match(model))
        };
        self.candidates(runtime).filter(matches).map(|candidate| candidate.resolved(Via::Prefix)).collect()
    }

    /// The id that stands in for a missing one: the template's default where the platform pays for it, else the first
    /// id of the platform's arm (DESIGN §5). `None` where the registry has no such runtime.
    pub fn platform_default(&self, runtime: &str) -> Option<&str> {
        let known = self.registry.runtime(runtime)?;
        let default = known.template_default.as_str();
        let is_paid = self.resolve(runtime, default, &[]).is_ok_and(|arm| arm.billing == Billing::Platform);
        if is_paid { Some(default) } else { known.platform_ids().next() }
    }

    /// The arms of a runtime with their providers, in declared order.
    fn candidates<'a>(&'a self, runtime: &'a Runtime) -> impl Iterator<Item = Candidate<'a>> {
        runtime.arms.iter().filter_map(|arm| {
            let provider = self.registry.provider(&arm.provider.value)?;
            Some(Candidate { arm, provider })
        })
    }
}

impl<'a> Candidate<'a> {
    fn resolved(&self, via: Via) -> Resolved<'a> {
        Resolved {
            provider: &self.provider.name.value,
            billing: self.arm.billing(),
            via,
            auth_env: &self.provider.auth_env,
        }
    }
}

/// The one candidate that accepts a key which is there, if it is only one.
fn sole_with_key<'a>(candidates: &[Candidate<'a>], keys: &[&str]) -> Option<Candidate<'a>> {
    let mut with_key = candidates
        .iter()
        .filter(|candidate| candidate.provider.auth_env.iter().any(|name| keys.contains(&name.as_str())));
    match (with_key.next(), with_key.next()) {
        (Some(only), None) => Some(*only),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::{BUILTIN_REGISTRIES, load_registry};
    use document::Source;

    fn oracle() -> Oracle {
        let (name, text) = BUILTIN_REGISTRIES[0];
        Oracle::new(Arc::new(load_registry(&Source::new(name, text)).unwrap())).unwrap()
    }

    /// `provider via`, or the error, for a runtime, an id and keys.
    fn said(oracle: &Oracle, runtime: &str, model: &str, keys: &[&str]) -> String {
        match oracle.resolve(runtime, model, keys) {
            Ok(resolved) => format!("{} {:?}", resolved.provider, resolved.via),
            Err(Unresolved::Ambiguous(names)) => format!("ambiguous {names:?}"),
            Err(error) => format!("{error:?}"),
        }
    }

    /// Runtime, ids, what each of them is: golden vectors of registry §11 on the data of 2026-06-11.
    const VECTORS: &[(&str, &[&str], &str)] = &[
        (
            "claude-code",
            &[
                "moonshot/kimi-k2.6",
                "  moonshot/kimi-k2.6\t",
                "anthropic/claude-opus-4-7",
                "anthropic/claude-fable-5",
                "minimax/MiniMax-M3",
            ],
            "platform Exact",
        ),
        ("claude-code", &["platform/kimi-k2.6", "platform/minimax/MiniMax-M2.7"], "platform Prefix"),
        ("claude-code", &["claude-sonnet-4-6", "anthropic:claude-fable-5"], "anthropic-api Exact"),
        (
            "claude-code",
            &["claude-opus-4-8", "claude-3-haiku", "claude-sonnet-4-6-20260101"],
            "anthropic-api Prefix",
        ),
        ("claude-code", &["sonnet", "anthropic:sonnet"], "anthropic-oauth Exact"),
        ("claude-code", &["kimi-for-coding", "kimi-k2"], "kimi-coding Exact"),
        ("claude-code", &["kimi-k2.6"], "kimi-coding Prefix"),
        ("claude-code", &["MiniMax-M2.7"], "minimax Exact"),
        ("claude-code", &["minimax-m2.7", "MINIMAX-M2.7", "MiniMax-M9"], "minimax Prefix"),
        ("claude-code", &["GLM-4.6", "zai:glm-4.6", "ZAI/GLM-4.6"], "zai Prefix"),
        (
            "claude-code",
            &[
                "moonshot:kimi-k2.6",
                "moonshot/kimi-k3",
                "MOONSHOT/kimi-k2.6",
                "moonshot//kimi-k2.6",
                "minimax:MiniMax-M2.7",
                "anthropic/claude-haiku-4-5",
                "anthropic/claude-opus-4-8",
                "Claude-sonnet-4-6",
                "Sonnet",
                "Platform/x",
                "platform:x",
                "gpt-5.5",
                "openrouter/auto",
            ],
            "Unregistered",
        ),
        ("hermes", &["moonshot/kimi-k2.6"], "platform Exact"),
        (
            "hermes",
            &["minimax/MiniMax-M2.7", "minimax:MiniMax-M3", "MINIMAX/minimax-m2.7"],
            "byok-minimax Prefix",
        ),
        ("hermes", &["kimi-coding/kimi-k2"], "kimi-coding Exact"),
        ("hermes", &["anthropic/claude-haiku-4-5"], "byok-anthropic Prefix"),
        ("hermes", &["openai/gpt-4o", "openai:gpt-4o"], "byok-openai Prefix"),
        ("hermes", &["MiniMax-M2.7", "sonnet", "groq:x", "gemini-2.5-pro"], "Unregistered"),
        ("codex", &["gpt-6"], "openai-subscription Prefix"),
        ("codex", &["openai-api:gpt-5.5"], "openai-api Prefix"),
        ("codex", &["openai/gpt-5.4"], "platform Exact"),
        ("codex", &["openai/gpt-5.5", "GPT-5.5", "o3"], "Unregistered"),
        ("openclaw", &["moonshot:kimi-k2.6"], "kimi-coding Exact"),
        ("openclaw", &["groq:llama-3.3-70b-versatile"], "groq Prefix"),
        ("openclaw", &["groq/llama", "claude-sonnet-4-6"], "Unregistered"),
        ("google-adk", &["platform:gemini-2.5-pro"], "platform Exact"),
        ("google-adk", &["gemini-2.5-ultra"], "google Prefix"),
        ("langgraph", &["anything"], "UnknownRuntime"),
        ("claude-code", &["", "  \n"], "NoModel"),
    ];

    #[test]
    fn ids_resolve_as_the_recorded_resolver_did() {
        let oracle = oracle();
        for (runtime, models, expected) in VECTORS {
            for model in *models {
                assert_eq!(&said(&oracle, runtime, model, &[]), expected, "{runtime} {model}");
            }
        }
    }

    #[test]
    fn only_the_codex_tie_asks_for_keys() {
        let oracle = oracle();
        let by_keys = |keys: &[&str]| said(&oracle, "codex", "gpt-5.5", keys);
        assert_eq!(by_keys(&[]), "openai-subscription ExactTie");
        assert_eq!(by_keys(&["OPENAI_API_KEY"]), "openai-api ExactTie");
        assert_eq!(by_keys(&["OPENAI_API_KEY", "CODEX_AUTH_JSON"]), "openai-subscription ExactTie");
        assert_eq!(by_keys(&["CODEX_CHATGPT_AUTH_JSON"]), "openai-subscription ExactTie");
        assert_eq!(said(&oracle, "codex", "gpt-6", &["OPENAI_API_KEY"]), "openai-subscription Prefix");
    }
}
