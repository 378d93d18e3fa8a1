//! From runtime, model id and key names to an arm (registry §2), and the default that stands in for a missing id.
//!
//! One resolver serves all tenants of a process that share a registry: its patterns are compiled once.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use contract::{Arm, Billing, Provider, Registry, Runtime};
use regex::Regex;

/// Resolvers in use, so that the next tenant with the same registry finds its patterns compiled.
static SHARED: Mutex<Vec<Weak<Resolver>>> = Mutex::new(Vec::new());

/// A registry with its patterns compiled.
#[derive(Debug)]
pub(crate) struct Resolver {
    registry: Arc<Registry>,
    /// The pattern of `registry.providers[n]` stands at `n`.
    patterns: Vec<Regex>,
}

/// A pattern of the registry is not a regular expression.
#[derive(Debug, thiserror::Error)]
#[error("read the pattern of provider `{provider}`")]
pub(crate) struct BadPattern {
    provider: String,
    #[source]
    source: Box<regex::Error>,
}

/// An id's arm.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Resolved<'a> {
    /// The arm's provider.
    pub(crate) provider: &'a Provider,
    /// Who pays.
    pub(crate) billing: Billing,
}

/// Why an id has no arm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unresolved {
    /// Nothing but white space.
    NoModel,
    /// The runtime is not in the registry.
    UnknownRuntime,
    /// No arm of the runtime lists or matches the id.
    Unregistered,
    /// Several arms match and the keys do not single one out.
    Ambiguous,
    /// The arm's provider is not in the catalogue.
    NoProvider,
}

impl Resolver {
    /// The resolver of this registry, shared with every other tenant that holds the same one.
    ///
    /// # Errors
    /// Where a pattern does not compile; a registry that was loaded with its checks has none such.
    pub(crate) fn of(registry: &Arc<Registry>) -> Result<Arc<Self>, BadPattern> {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        shared.retain(|known| known.strong_count() > 0);
        let known = shared.iter().filter_map(Weak::upgrade).find(|it| Arc::ptr_eq(&it.registry, registry));
        if let Some(known) = known {
            return Ok(known);
        }
        let patterns = registry.providers.iter().map(compile).collect::<Result<_, _>>()?;
        let fresh = Arc::new(Self { registry: Arc::clone(registry), patterns });
        shared.push(Arc::downgrade(&fresh));
        Ok(fresh)
    }

    /// The arm of an id. `keys` are names of credentials; their values do not matter.
    ///
    /// # Errors
    /// Why the id has none.
    pub(crate) fn resolve(
        &self,
        runtime: &str,
        model: &str,
        keys: &BTreeSet<&str>,
    ) -> Result<Resolved<'_>, Unresolved> {
        let model = model.trim();
        if model.is_empty() {
            return Err(Unresolved::NoModel);
        }
        let runtime = self.registry.runtime(runtime).ok_or(Unresolved::UnknownRuntime)?;
        let exact: Vec<&Arm> = runtime.arms.iter().filter(|arm| lists(arm, model)).collect();
        if let Some(first) = exact.first() {
            return self.resolved(self.singled_out(&exact, keys).unwrap_or(first));
        }
        let matching: Vec<&Arm> = runtime.arms.iter().filter(|arm| self.matches(arm, model)).collect();
        match matching.as_slice() {
            [] => Err(Unresolved::Unregistered),
            [only] => self.resolved(only),
            several => self.resolved(self.singled_out(several, keys).ok_or(Unresolved::Ambiguous)?),
        }
    }

    /// The wire on which a runtime's boxes call models.
    pub(crate) fn wire_of(&self, runtime: &str) -> Option<wire::ModelWire> {
        self.registry.runtime(runtime).map(|runtime| runtime.wire)
    }

    /// The id that stands in for a missing one: the template's default where the platform pays for it, else the
    /// first id of the platform's arm (DESIGN §5). `None` where the runtime has no such arm.
    pub(crate) fn platform_default(&self, runtime: &str) -> Option<&str> {
        let runtime: &Runtime = self.registry.runtime(runtime)?;
        let default = runtime.template_default.as_str();
        let paid = self
            .resolve(&runtime.name.value, default, &BTreeSet::new())
            .is_ok_and(|arm| arm.billing == Billing::Platform);
        if paid { Some(default) } else { runtime.platform_ids().next() }
    }

    /// The id that a box is told instead of the stored one where that goes wrong in silence (D-11).
    pub(crate) fn other_platform_id(&self, runtime: &str, stored: &str) -> Option<&str> {
        self.registry.runtime(runtime)?.platform_ids().find(|id| *id != stored)
    }

    /// An id that the platform pays for on another runtime and that this runtime refuses (D-72).
    pub(crate) fn foreign_platform_id(&self, runtime: &str) -> String {
        let ids = self.registry.runtimes.iter().flat_map(Runtime::platform_ids);
        let refused = ids.into_iter().find(|id| self.resolve(runtime, id, &BTreeSet::new()).is_err());
        refused.unwrap_or("platform:withdrawn").to_owned()
    }

    /// The ids that a runtime's arms list, sorted, each once, with the arm that owns it without any key.
    pub(crate) fn listed(&self, runtime: &str) -> Option<Vec<(&str, Resolved<'_>)>> {
        let runtime = self.registry.runtime(runtime)?;
        let ids: BTreeSet<&str> =
            runtime.arms.iter().flat_map(|arm| &arm.exact).map(|id| id.value.as_str()).collect();
        let owned = |id| Some((id, self.resolve(&runtime.name.value, id, &BTreeSet::new()).ok()?));
        Some(ids.into_iter().filter_map(owned).collect())
    }

    /// The model that a runtime's template names.
    pub(crate) fn template_default(&self, runtime: &str) -> Option<&str> {
        self.registry.runtime(runtime).map(|runtime| runtime.template_default.as_str())
    }

    /// The arm among these that alone accepts one of the keys.
    fn singled_out<'a>(&self, arms: &[&'a Arm], keys: &BTreeSet<&str>) -> Option<&'a Arm> {
        let mut fitting = arms.iter().filter(|arm| {
            let accepted = self.registry.provider(&arm.provider.value).map(|it| it.auth_env.as_slice());
            accepted.unwrap_or_default().iter().any(|name| keys.contains(name.as_str()))
        });
        let only = fitting.next()?;
        if fitting.next().is_none() { Some(only) } else { None }
    }

    fn matches(&self, arm: &Arm, model: &str) -> bool {
        let named = |provider: &Provider| provider.name.value == arm.provider.value;
        let place = self.registry.providers.iter().position(named);
        place.and_then(|at| self.patterns.get(at)).is_some_and(|pattern| pattern.is_match(model))
    }

    fn resolved(&self, arm: &Arm) -> Result<Resolved<'_>, Unresolved> {
        let provider = self.registry.provider(&arm.provider.value).ok_or(Unresolved::NoProvider)?;
        Ok(Resolved { provider, billing: arm.billing() })
    }
}

fn compile(provider: &Provider) -> Result<Regex, BadPattern> {
    Regex::new(&provider.prefix.value)
        .map_err(|source| BadPattern { provider: provider.name.value.clone(), source: Box::new(source) })
}

fn lists(arm: &Arm, model: &str) -> bool {
    arm.exact.iter().any(|id| id.value == model)
}

#[cfg(test)]
mod golden;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn tenants_of_one_registry_share_their_patterns() {
        let registry = sample::registry();
        let (one, other) = (Resolver::of(&registry).unwrap(), Resolver::of(&registry).unwrap());
        assert!(Arc::ptr_eq(&one, &other));
        assert!(!Arc::ptr_eq(&one, &Resolver::of(&sample::registry()).unwrap()));
    }

    #[test]
    fn a_missing_model_becomes_what_the_platform_pays_for() {
        let resolver = Resolver::of(&sample::registry()).unwrap();
        for (runtime, id) in [
            ("claude-code", "moonshot/kimi-k2.6"),
            ("hermes", "moonshot/kimi-k2.6"),
            ("openclaw", "moonshot/kimi-k2.6"),
            ("codex", "openai/gpt-5.4"),
            ("google-adk", "platform:gemini-2.5-pro"),
        ] {
            assert_eq!(resolver.platform_default(runtime), Some(id), "{runtime}");
        }
        assert_eq!(resolver.platform_default("langgraph"), None);
    }
}
