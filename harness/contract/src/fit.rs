//! Whether a contract fits a registry: every runtime and id that it names must be one that the registry serves.

use document::{Placed, Problem, Source};

use crate::{ConciergeModel, Contract, Registry};

impl Contract {
    /// The contract beside a registry of another name: it then promises nothing of runtimes that are not there, so that
    /// a team on today's ids can ask for the promises of another day (DESIGN §5).
    #[must_use]
    pub fn beside(mut self, registry: &Registry) -> Self {
        if self.registry.value == registry.name {
            return self;
        }
        let refusals = &mut self.refusals;
        for names in [
            &mut self.known_runtimes.with_manifest,
            &mut self.known_runtimes.without_manifest,
            &mut refusals.early.alternative_is_usable_on,
            &mut refusals.at_provisioning.alternative_is_usable_on,
        ] {
            names.0.retain(|name| registry.runtime(&name.value).is_some());
        }
        self
    }
}

/// What of a contract the registry can't serve, at its place in the contract's text. The registry need not be the one
/// that the contract names: a run may choose another, and is then told of its own.
pub fn registry_fits(source: &Source, contract: &Contract, registry: &Registry) -> Vec<Problem> {
    let known = &contract.known_runtimes;
    let boxed = [
        ("known_runtimes.with_manifest", &known.with_manifest),
        ("known_runtimes.without_manifest", &known.without_manifest),
    ];
    let usable = [&contract.refusals.early, &contract.refusals.at_provisioning]
        .into_iter()
        .flat_map(|refusal| &refusal.alternative_is_usable_on.0)
        .map(|name| ("alternative_is_usable_on", name));
    let named =
        [("default_runtime", &contract.default_runtime), ("concierge.runtime", &contract.concierge.runtime)];
    let boxed = boxed.into_iter().flat_map(|(key, names)| names.0.iter().map(move |name| (key, name)));
    let named = named.into_iter().chain(boxed).chain(usable);
    let mut problems: Vec<Problem> =
        named.filter_map(|(key, name)| unserved(source, registry, key, name)).collect();
    let unlisted = known.unlisted.0.iter().chain(&known.unlisted_with_manifest.0).chain(&known.external.0);
    problems.extend(unlisted.filter(|name| registry.runtime(name).is_some()).map(|name| {
        let text = format!(
            "runtime `{}` stands in registry `{}`, so its ids are looked at",
            name.value, registry.name
        );
        Problem::at(source, name.place, text).with_hint("name it under with_manifest instead")
    }));
    problems.extend(defaults(source, contract, registry));
    if contract.registry.value == registry.name {
        return problems;
    }
    problems.into_iter().map(|problem| or_with_its_own(problem, contract)).collect()
}

/// The way out that a foreign registry leaves beside a change of the contract.
fn or_with_its_own(problem: Problem, contract: &Contract) -> Problem {
    let own = format!("run with --registry {}", contract.registry.value);
    let hint = match &problem.hint {
        Some(hint) => format!("{hint}, or {own}"),
        None => own,
    };
    problem.with_hint(hint)
}

/// A runtime that the registry does not have; one without an id that the platform pays for it refuses by itself.
fn unserved(source: &Source, registry: &Registry, key: &str, name: &Placed<String>) -> Option<Problem> {
    if registry.runtime(name).is_some() {
        return None;
    }
    let text = format!("{key} names `{}`, which registry `{}` does not serve", name.value, registry.name);
    let names = registry.runtimes.iter().map(|runtime| runtime.name.value.as_str());
    let hint = match document::near(name, names.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("it serves {}", names.collect::<Vec<_>>().join(", ")),
    };
    Some(Problem::at(source, name.place, text).with_hint(hint))
}

/// Ids that stand in for a missing one: the platform must pay for them, or whoever leaves the model out fails.
fn defaults(source: &Source, contract: &Contract, registry: &Registry) -> Vec<Problem> {
    let of_concierge = match &contract.concierge.model {
        ConciergeModel::Seeded(id) | ConciergeModel::ServerDefaultOr(id) => Some(id),
        ConciergeModel::PlatformDefault | ConciergeModel::ServerDefault => None,
    };
    let of_tool = contract.provision_tool.default_model.as_ref();
    let of_concierge = of_concierge.map(|id| ("concierge.model", &contract.concierge.runtime, id));
    let of_tool = of_tool.map(|id| ("provision_tool.default_model", &contract.default_runtime, id));
    let is_unpaid = |runtime: &str, id: &str| {
        registry.runtime(runtime).is_some_and(|runtime| runtime.platform_ids().all(|listed| listed != id))
    };
    let ids = of_concierge.into_iter().chain(of_tool);
    ids.filter(|(_, runtime, id)| is_unpaid(runtime, id))
        .map(|(key, runtime, id)| {
            let text = format!(
                "{key} `{}` is no id that the platform pays for on `{}` in registry `{}`",
                id.value, runtime.value, registry.name
            );
            let paid = registry.runtime(runtime).into_iter().flat_map(|runtime| runtime.platform_ids());
            let hint = format!("there it pays for {}", paid.collect::<Vec<_>>().join(", "));
            Problem::at(source, id.place, text).with_hint(hint)
        })
        .collect()
}
